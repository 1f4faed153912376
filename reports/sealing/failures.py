"""Why a file could not be sealed, in words that a page may show. Never a path, a passphrase or a key."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "seal-missing": _("The certificate of the seal is not where this site looks for it."),
    "seal-unreadable": _("The file of the seal is no PKCS#12 file with a key and a certificate."),
    "seal-locked": _("The passphrase of the seal does not open it."),
    "seal-token": _("The token that holds the key of the seal does not answer."),
    "seal-expired": _("The certificate of the seal has expired."),
    "seal-early": _("The certificate of the seal is not valid yet."),
    "seal-self-made": _("The certificate of the seal was made by itself: nobody vouches for it."),
    "seal-time": _("The time-stamping authority did not answer."),
    "seal-proof": _("What shows for later years that the certificate was valid could not be had."),
    "seal-broken": _("The sealed file did not stand its own check."),
}
# What may pass by itself: the network of others.
PASSING = frozenset({"seal-token", "seal-time", "seal-proof"})


class SealFailed(Exception):
    """No file was sealed. `reason` is a key of REASONS; `detail` the kind of the error, for the installer."""

    def __init__(self, reason: str, *, detail: str = ""):
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail
