"""What is wrong with this site and how to mend it, for the one who installs it (`manage.py doctor`).

Each check looks at one thing, says what it saw, and where something is wrong names the remedy. It shows no content.
"""

import ctypes.util
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import redis
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from parley.access import new_id
from parley.accounts import secrets_at_rest
from parley.notifications.models import Delivery, Heartbeat
from parley.settings.environment import ADDRESS, DATA, PARLEY_URL, REDIS_URL, SECURE_SITE

LONG_SINCE = timedelta(minutes=2)
MAILS_MAY_WAIT = timedelta(minutes=10)
# An authenticator's code is good for thirty seconds, and no neighbouring one is taken.
CLOCKS_MAY_DIFFER = timedelta(seconds=5)
ROOM_TO_WORK = 1_000_000_000
PATIENCE = 5
AT_HOME = {"localhost", "127.0.0.1", "::1"}


class Level(StrEnum):
    WELL = "well"
    NOTE = "note"
    WRONG = "WRONG"


@dataclass(frozen=True)
class Finding:
    """One line: what was seen, and how to mend it where it is wrong."""

    level: Level
    what: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.level:<5}  {self.what}" + (f" To mend: {self.mend}" if self.mend else "")


Check = Callable[[], Iterable[Finding]]
CHECKS: list[Check] = []


def check(look: Check) -> Check:
    CHECKS.append(look)
    return look


def well(what: str) -> Finding:
    return Finding(Level.WELL, what)


def note(what: str, mend: str = "") -> Finding:
    return Finding(Level.NOTE, what, mend)


def wrong(what: str, mend: str) -> Finding:
    return Finding(Level.WRONG, what, mend)


def examine() -> list[Finding]:
    """The findings of every check; one that cannot be carried out is a finding itself."""
    return [finding for look in CHECKS for finding in _guarded(look)]


def _guarded(look: Check) -> Iterator[Finding]:
    try:
        yield from look()
    except Exception as failure:  # noqa: BLE001 (whatever stops a check is what the installer must hear of)
        subject = look.__name__.replace("_", " ")
        yield wrong(
            f"{subject}: {type(failure).__name__}: {failure}.", "see to the lines above first, then look again."
        )


@check
def address() -> Iterator[Finding]:
    if not ADDRESS.hostname or ADDRESS.path:
        yield wrong(f"PARLEY_URL is {PARLEY_URL}.", "write scheme and host only, such as https://parley.example.org.")
    elif ADDRESS.hostname in AT_HOME:
        yield note(f"The site answers at {PARLEY_URL}, on this machine only.")
    elif not SECURE_SITE:
        yield wrong(f"The site's address is {PARLEY_URL}, without TLS.", "set PARLEY_URL to an https:// address.")
    else:
        yield well(f"The site's address is {PARLEY_URL}.")


@check
def secrets() -> Iterator[Finding]:
    defaults = [name for name in ("SECRET_KEY", "MFA_KEY") if getattr(settings, name).startswith("only-for-trying")]
    if defaults and ADDRESS.hostname not in AT_HOME:
        names = " and ".join(f"PARLEY_{name}" for name in defaults)
        yield wrong("The keys are those that everybody knows.", f"set {names}, each to `openssl rand -hex 32`.")
    elif defaults:
        yield note("The keys are those for trying Parley on one's own machine.")
    else:
        yield well("The keys are the site's own.")
    if settings.DEBUG:
        yield wrong("DEBUG is on: error pages show what nobody should see.", "use parley.settings.prod.")


@check
def proxies() -> Iterator[Finding]:
    if SECURE_SITE and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield wrong(
            "No proxy is trusted, so all people share one limit of sign-in attempts.",
            "set PARLEY_TRUSTED_PROXIES to the number of proxies before the site, usually 1.",
        )


@check
def database() -> Iterator[Finding]:
    connection.ensure_connection()
    yield well(f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))} answers.")
    if connection.vendor == "sqlite" and (mode := _asked("PRAGMA journal_mode")) != "wal":
        yield wrong(f"SQLite's journal is {mode}.", "keep the database file on a local disk, not a network one.")
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        yield wrong(f"{waiting} changes of the tables are not made.", "run `manage.py migrate`.")
    else:
        yield well("The tables are up to date.")


def _asked(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


@check
def cached() -> Iterator[Finding]:
    key = f"doctor-{new_id()}"
    try:
        cache.set(key, "seen", PATIENCE)
        kept = cache.get(key) == "seen"
    except (DatabaseError, redis.RedisError):
        kept = False
    if kept:
        yield well("The cache, which holds the limits of sign-in attempts, keeps what it is given.")
    else:
        remedy = "run `manage.py createcachetable`." if settings.EMBEDDED else "see to Redis."
        yield wrong("The cache, which holds the limits of sign-in attempts, keeps nothing.", remedy)


@check
def wake_ups() -> Iterator[Finding]:
    if settings.EMBEDDED:
        yield well("No Redis is named: one process serves pages, sockets and mail.")
        return
    try:
        with redis.Redis.from_url(REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) as client:
            client.ping()
    except redis.RedisError as failure:
        yield wrong(f"Redis does not answer ({type(failure).__name__}).", "start it, or set REDIS_URL.")
    else:
        yield well("Redis answers.")


@check
def workers() -> Iterator[Finding]:
    age = Heartbeat.age("worker")
    if age is None or age > LONG_SINCE:
        seen = "was never seen" if age is None else f"was last seen {age.total_seconds() / 60:.0f} minutes ago"
        yield wrong(
            f"The worker {seen}: no mail goes out.", "start `worker` and `beat`, which wakes it (`make run` does)."
        )
    else:
        yield well(f"Beat woke the worker {age.total_seconds():.0f} seconds ago.")


@check
def mail() -> Iterator[Finding]:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield note(f"Mail leaves by {settings.EMAIL_BACKEND}.")
    else:
        server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        try:
            with get_connection(timeout=PATIENCE):
                yield well(f"The mail server {server} takes our sign-in.")
        except OSError as failure:
            yield wrong(f"The mail server {server}: {type(failure).__name__}: {failure}.", "set EMAIL_URL anew.")


@check
def outbox() -> Iterator[Finding]:
    late = Delivery.objects.due(timezone.now() - MAILS_MAY_WAIT).count()
    dead = Delivery.objects.dead().count()
    if late:
        yield wrong(f"{late} mails have waited for over ten minutes.", "see to the worker and the mail server.")
    if dead:
        yield wrong(f"{dead} mails were given up.", "see to the addresses, then send them again from the system page.")
    if not late and not dead:
        yield well("No mail is late.")


@check
def printing() -> Iterator[Finding]:
    packages = "run `apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0`."
    try:
        import weasyprint  # noqa: F401 (loads its libraries, or says which is missing)
    except OSError as failure:
        yield wrong(f"PDFs cannot be made: {str(failure).splitlines()[0]}.", packages)
        return
    if ctypes.util.find_library("harfbuzz-subset"):
        yield well("PDFs can be made.")
    else:
        yield wrong("PDFs take longer and differ from other machines': harfbuzz-subset is missing.", packages)


@check
def clock() -> Iterator[Finding]:
    others = list(_other_clocks())
    for name, there in others:
        apart = abs(datetime.now(UTC) - there)
        if apart > CLOCKS_MAY_DIFFER:
            seconds = f"{apart.total_seconds():.0f}"
            yield wrong(f"This machine's clock and {name}'s are {seconds} seconds apart.", "keep time: chrony or NTP.")
            return
    yield well(f"The clock says {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC" + (", as others do." if others else "."))


def _other_clocks() -> Iterator[tuple[str, datetime]]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            yield "PostgreSQL", cursor.fetchone()[0]
    if REDIS_URL:
        with redis.Redis.from_url(REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE) as client:
            seconds, microseconds = client.time()
            yield "Redis", datetime.fromtimestamp(seconds + microseconds / 1_000_000, UTC)


@check
def files() -> Iterator[Finding]:
    try:
        name = default_storage.save("doctor.txt", ContentFile(b"well"))
        default_storage.delete(name)
    except OSError as failure:
        yield wrong(f"Files cannot be stored: {failure}.", "give the server's account the folder PARLEY_DATA.")
    else:
        yield well("Files can be stored.")
    free = shutil.disk_usage(DATA).free
    if free < ROOM_TO_WORK:
        yield wrong(f"Only {free / 1e6:.0f} MB are free under {DATA}.", "make room: at least one gigabyte.")


@check
def styles() -> Iterator[Finding]:
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        yield well("Styles, scripts and fonts are laid out.")
    else:
        yield wrong("Styles, scripts and fonts are not laid out.", "run `manage.py collectstatic --noinput`.")


@check
def catalogues() -> Iterator[Finding]:
    sources = [path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po")]
    missing = [path.parent.parent.name for path in sources if not path.with_suffix(".mo").exists()]
    if missing:
        yield wrong(f"Languages without their compiled words: {', '.join(missing)}.", "run `make setup`.")


@check
def second_factors() -> Iterator[Finding]:
    kept = Authenticator.objects.filter(type=Authenticator.Type.TOTP).first()
    if kept is None:
        return
    try:
        secrets_at_rest.decrypt(kept.data["secret"])
    except ImproperlyConfigured:
        yield wrong(
            "Second factors cannot be read: PARLEY_MFA_KEY is not the one they were kept under.", "set it back."
        )
    else:
        yield well("Second factors can be read.")
