"""Settings of the processes that are killed: real mail to the sink, short leases."""

from parley.settings.environment import env
from parley.settings.test import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = env.int("SINK_PORT")
EMAIL_TIMEOUT = 10
LEASE_SECONDS = 2
CELERY_BEAT_SCHEDULE = {"tick": {"task": "notifications.tick", "schedule": 0.5}}
