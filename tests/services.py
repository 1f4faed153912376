"""Which services this machine offers to the tests, and what to say where one is missing.

`make test` and conftest.py ask here. `TEST_POSTGRES_URL` and `TEST_REDIS_URL` name other ones than the usual;
`PARLEY_REQUIRE_SERVICES=1` turns a missing service from a skip into a failure.
"""

import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from psycopg import sql

USUAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/parley"
USUAL_REDIS = "redis://127.0.0.1:6379"
# Tests empty the database that they use: never the one that a site's REDIS_URL names.
REDIS_NUMBER_OF_TESTS = 15
PATIENCE = 2


def required() -> bool:
    return os.environ.get("PARLEY_REQUIRE_SERVICES", "") not in {"", "0"}


@cache
def postgresql_url() -> str | None:
    """The first PostgreSQL that answers, as a database URL; None where there is none."""
    named = [os.environ.get("TEST_POSTGRES_URL", ""), os.environ.get("DATABASE_URL", ""), USUAL_POSTGRES]
    return next((url for url in named if url.startswith("postgres") and _postgresql_answers(url)), None)


def _postgresql_answers(url: str) -> bool:
    try:
        psycopg.connect(_maintenance(url), connect_timeout=PATIENCE).close()
    except psycopg.OperationalError:
        return False
    return True


@cache
def redis_url() -> str | None:
    """The first Redis that answers, with a database number kept for tests; None where there is none."""
    named = [os.environ.get("TEST_REDIS_URL", ""), _set_apart(os.environ.get("REDIS_URL", "")), _set_apart(USUAL_REDIS)]
    return next((url for url in named if url and _redis_answers(url)), None)


def _set_apart(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{REDIS_NUMBER_OF_TESTS}")) if url else ""


def _redis_answers(url: str) -> bool:
    client = redis.Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def empty_database(url: str) -> Iterator[str]:
    """The URL of a database made for this process on the same server, and dropped at the end."""
    parts = urlsplit(url)
    name = sql.Identifier(own := f"parley_once_{os.getpid()}")
    with psycopg.connect(_maintenance(url), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
    try:
        yield urlunsplit(parts._replace(path=f"/{own}"))
    finally:
        with psycopg.connect(_maintenance(url), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _maintenance(url: str) -> str:
    """Databases are made and dropped from the database `postgres`; the named one need not exist."""
    return urlunsplit(urlsplit(url)._replace(scheme="postgresql", path="/postgres", query=""))


def running_on_postgresql() -> bool:
    """Whether this pytest run uses PostgreSQL: only then may tests marked `postgresql` run."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def why_not(marks: Iterable[str]) -> str | None:
    """Why a test with these marks cannot run in this pytest run, or None where it can."""
    marks = set(marks)
    if "postgresql" in marks and not running_on_postgresql():
        return "needs PostgreSQL: `make test` runs it, or set DATABASE_URL"
    if "redis" in marks and redis_url() is None:
        return "needs Redis: start one, or set TEST_REDIS_URL"
    return None
