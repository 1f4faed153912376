"""The environment, read once."""

from pathlib import Path
from urllib.parse import urlsplit

import environ

env = environ.Env()

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(env("PARLEY_DATA", default=str(ROOT / "data"))).resolve()
# One address gives hosts, CSRF origins, cookies and links.
PARLEY_URL = env("PARLEY_URL", default="http://localhost:8000").rstrip("/")
ADDRESS = urlsplit(PARLEY_URL)
SECURE_SITE = ADDRESS.scheme == "https"
DATABASE_URL = env("DATABASE_URL", default="") or f"sqlite:///{DATA / 'parley.sqlite3'}"  # set to nothing is not set
REDIS_URL = env("REDIS_URL", default="")
