"""The embedded default (`make run`): SQLite, everything in one process, mail on a page."""

from .base import *  # noqa: F403
from .base import ADDRESS, DATA, PARLEY_URL, SEAL

SECRET_KEY = "only-for-trying-parley-on-this-machine"  # noqa: S105 (production refuses this key)
MFA_KEY = "only-for-trying-parley-on-this-machine"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PARLEY_URL]
# Browsers keep cookies by host, not by port: a second instance must not sign people out of the first.
SESSION_COOKIE_NAME = f"session-{ADDRESS.port}"
CSRF_COOKIE_NAME = f"csrf-{ADDRESS.port}"
# Mail goes to the page /mailbox/, which exists in this way of running only.
EMAIL_BACKEND = "parley.notifications.mailbox.MailboxBackend"
MAILBOX = DATA / "mailbox"
DATA.mkdir(parents=True, exist_ok=True)
DEMO_ALLOWED = True
SEAL = SEAL or "trial"
PARLEY_GALLERY = True
