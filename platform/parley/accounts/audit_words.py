"""How acts on accounts read in the record."""

from django.utils.translation import gettext_lazy as _

from parley.audit import words

words("accounts.renamed", _("A name as printed was changed"))
words("accounts.others_signed_out", _("Signed out on all other devices"))
words("accounts.address_changed", _("A person changed their address."))
words("accounts.deactivated", _("An account was closed for signing in"))
words("accounts.reactivated", _("An account was opened for signing in again"))
words("accounts.second_factor_removed", _("A second factor was removed"))
words("accounts.second_factor_reset", _("A lost second factor was reset"))
