"""Settings of the test suite: the same parts, quick hashing, mail in memory, throw-away files."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import STORAGES

SECRET_KEY = "tests"  # noqa: S105
MFA_KEY = "tests"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="parley-tests-"))
# WhiteNoise asks for the folder, and for nothing in it: tests serve static files from their apps.
STATIC_ROOT = Path(tempfile.mkdtemp(prefix="parley-tests-static-"))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
DEMO_ALLOWED = True
# Tests of the seal set it; all others print as quickly as they can.
SEAL = ""
TRIAL_SEAL = MEDIA_ROOT.with_name(f"{MEDIA_ROOT.name}-seal") / "trial.p12"
PARLEY_GALLERY = True
