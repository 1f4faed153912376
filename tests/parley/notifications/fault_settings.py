"""Settings of the site whose parts are killed by turns: real mail to the sink, all else as in production."""

from parley.settings.environment import env
from parley.settings.test import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = env.int("SINK_PORT")
EMAIL_TIMEOUT = 10
# A minute in production: two hundred kills would be two hundred minutes of waiting.
LEASE_SECONDS = 10
