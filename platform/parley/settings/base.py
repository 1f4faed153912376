"""Settings shared by every way of running. The environment is read here and nowhere else."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from .environment import ADDRESS, DATA, DATABASE_URL, PARLEY_URL, REDIS_URL, ROOT, SECURE_SITE, env
from .logs import LOGGING  # noqa: F401 (a setting)
from .sign_in import *  # noqa: F403 (allauth's settings, in a file of their own)

PLATFORM = ROOT / "platform"
# In a wheel the templates lie inside the package.
TEMPLATE_DIR = (
    ROOT / "templates" if (ROOT / "manage.py").exists() else Path(__file__).resolve().parents[1] / "templates"
)

ALLOWED_HOSTS = [ADDRESS.hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [PARLEY_URL]
SECRET_KEY = env("PARLEY_SECRET_KEY", default="")
# Encrypts second factors at rest; never stored in the database (docs/decisions/0004).
MFA_KEY = env("PARLEY_MFA_KEY", default="")
DEBUG = False

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "rules",
    "template_partials",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "parley.ui",
    "parley.access",
    "parley.audit",
    "parley.notifications",
    "parley.accounts",
    "parley.search",
    "parley.programmes",
    "groups",
    "reports",
    "meetings",
    "parley.desk",
]

MIDDLEWARE = [
    "parley.notifications.logs.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "parley.ui.middleware.OnePolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "parley.accounts.middleware.PersonOfTheSession",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "parley.accounts.middleware.OwnLanguageAndZone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "parley.accounts.middleware.OnlyByForm",
    "allauth.account.middleware.AccountMiddleware",
    "parley.accounts.middleware.SecondFactorRequired",
    "parley.accounts.middleware.PrivateAnswers",
]

ROOT_URLCONF = "parley.urls"
ASGI_APPLICATION = "parley.asgi.application"
WSGI_APPLICATION = "parley.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [TEMPLATE_DIR],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parley.notifications.context.bell",
            ],
            "builtins": ["parley.ui.templatetags.ui"],
        },
    },
]

SQLITE = {
    # What SQLite needs to keep every acknowledged row beside concurrent readers and writers.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
    ),
}


def database(url: str) -> dict:
    """Django's settings for one database URL (`sqlite:////path` or `postgres://user@host/name`)."""
    config = env.db_url_config(url)
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = SQLITE
    return config


DATABASES = {"default": database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without Redis everything lives in the server process; the cache, which holds rate limits, in the database.
EMBEDDED = not REDIS_URL
CACHES: dict[str, dict[str, Any]]
CHANNEL_LAYERS: dict[str, dict[str, Any]]
if EMBEDDED:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    CELERY_BROKER_URL = "memory://localhost/"
else:
    # The stock layer of channels_redis drops idle sockets after five seconds with redis-py 8.
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "parley"},
        }
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CELERY_BROKER_URL = REDIS_URL

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A web request never waits for a broker that is gone: the outbox keeps the work, beat finds it.
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 5}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
# Catalogues that no native reader has checked yet; the language menu says so.
UNREVIEWED_LANGUAGES = ["ru"]
LOCALE_PATHS = [PLATFORM / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_ROOT = DATA / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# The seal on signed files (docs/seal.md): empty for none, "trial", a PKCS#12 file, or a PKCS#11 URI (RFC 7512). The
# passphrase or PIN is in a file of its own, the certificates up to the root in another (PEM).
SEAL = env("PARLEY_SEAL", default="")
SEAL_PASSPHRASE_FILE = env("PARLEY_SEAL_PASSPHRASE_FILE", default="")
SEAL_CHAIN = env("PARLEY_SEAL_CHAIN", default="")
# Embeds what shows for later years that the certificate was valid; takes the network.
SEAL_LONG_TERM = env.bool("PARLEY_SEAL_LONG_TERM", default=False)
# A time-stamping authority (RFC 3161); empty for none.
TIMESTAMP_URL = env("PARLEY_TIMESTAMP_URL", default="")
TRIAL_SEAL = DATA / "seal" / "trial.p12"

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# A mail server that hangs must not outlive the lease of the outbox (60 s): mails would be doubled.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("PARLEY_MAIL_FROM", default=f"Parley <parley@{ADDRESS.hostname or 'localhost'}>")
# The line of help in the footer: who a person in trouble calls or writes to.
HELP_TELEPHONE = env("PARLEY_HELP_TELEPHONE", default="")
HELP_MAIL = env("PARLEY_HELP_MAIL", default="")

# The demo programme is made only where nobody works for real.
DEMO_ALLOWED = False
PARLEY_GALLERY = False

# No exceptions: proven with htmx 4 and allauth.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
_host_prefix = "__Host-" if SECURE_SITE else ""
MESSAGE_STORAGE = "parley.ui.messages.Messages"
SESSION_ENGINE = "parley.accounts.sessions"
SESSION_COOKIE_NAME = f"{_host_prefix}session"
SESSION_COOKIE_SECURE = SECURE_SITE
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = f"{_host_prefix}csrf"
CSRF_COOKIE_SECURE = SECURE_SITE
CSRF_COOKIE_HTTPONLY = False
