"""How a programme's record reads."""

from django.utils.translation import gettext_lazy as _

from parley.audit import words

words("programme.started", _("The programme was started."))
words("programme.starter_named", _("A person was allowed to start programmes."))
words("programme.changed", _("The programme’s name or language was changed."))
words("programme.host_changed", _("The host organisation’s record was changed."))
words("programme.phase_added", _("A phase was added."))
words("programme.phase_changed", _("A phase was changed."))
words("programme.phase_removed", _("A phase was removed."))
words("programme.facilitator_appointed", _("A facilitator was appointed."))
words("programme.facilitator_ended", _("A facilitator’s part ended."))
words("programme.ground_rules", _("Ground rules, version %(version)s, were published."))
words("programme.ground_rules_accepted", _("Ground rules, version %(version)s, were accepted."))
words("programme.contacts_read", _("Contact data were read."))
