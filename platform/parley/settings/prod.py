"""Production (`docker-compose.yml`): refuses to start half configured."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import DATABASES, MFA_KEY, PARLEY_URL, SECRET_KEY, env

_missing = {
    "PARLEY_SECRET_KEY": len(SECRET_KEY) < 50,
    "PARLEY_MFA_KEY": len(MFA_KEY) < 32,
    "PARLEY_URL": not PARLEY_URL.startswith("https://"),
    "DATABASE_URL": not env("DATABASE_URL", default=""),
}
if any(_missing.values()):
    names = ", ".join(name for name, wrong in _missing.items() if wrong)
    raise ImproperlyConfigured(f"Set {names} before starting Parley in production (docs/deploy.md says how).")

_email = env.email_url("EMAIL_URL", default="smtp://localhost:25")
vars().update(_email)

SECURE_SSL_REDIRECT = False  # the proxy does it; health checks come over plain HTTP from inside
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
# Persistent connections leak under ASGI (one a request): a pool instead, on both sides.
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 8}}
