"""A site of its own, in processes of its own: the way an installer has one."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests import migrated, services

ROOT = Path(__file__).resolve().parents[3]
# Machines that build and test are slow to start five processes at once.
PATIENCE = 180


@dataclass(frozen=True)
class Instance:
    """A folder, a database, and the environment that names them."""

    environment: dict[str, str]

    def manage(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of `manage.py` and return what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        if check and done.returncode:
            raise AssertionError(
                f"manage.py {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done

    @contextmanager
    def running(
        self, words: list[str], *, quiet: bool = False, **environment: str
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A process of this site, ended with the block; `quiet` lets nobody read what it tells on its way."""
        output = subprocess.DEVNULL if quiet else None
        process = subprocess.Popen(words, cwd=ROOT, env=self.environment | environment, stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def surroundings(**named: str) -> dict[str, str]:
    """This process's environment without what belongs to a site, and with what is named."""
    of_a_site = ("PARLEY_", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(of_a_site)}
    path = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    return inherited | {"PYTHONPATH": path, "PYTHONWARNINGS": "default"} | named


@contextmanager
def a_database(folder: Path, *, copied: bool = False) -> Iterator[str]:
    """A new database of the kind that this pytest run is about, empty or a copy of the migrated one; its URL."""
    if not services.running_on_postgresql():
        file = folder / "parley.sqlite3"
        if copied:
            shutil.copyfile(os.environ[migrated.FILE], file)
        yield f"sqlite:///{file}"
        return
    address = urlsplit(services.postgresql_url() or "")
    name = f"test_parley_house_{secrets.token_hex(4)}"
    with psycopg.connect(
        urlunsplit(address._replace(scheme="postgresql", path="/postgres")), autocommit=True
    ) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {os.environ[migrated.DATABASE] if copied else 'template1'}")
        try:
            yield urlunsplit(address._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def an_instance(folder: Path, *, with_tables: bool = False, **named: str) -> Iterator[Instance]:
    """Of an unmade site, or with its tables."""
    folder.mkdir(parents=True, exist_ok=True)
    # A database of the caller's own may lie on a server of its own, where nothing is kept to be copied.
    copied = with_tables and migrated.is_kept() and "DATABASE_URL" not in named
    with a_database(folder, copied=copied) as database:
        settings = {
            "DJANGO_SETTINGS_MODULE": "parley.settings.dev",
            "PARLEY_DATA": str(folder),
            "DATABASE_URL": database,
        }
        site = Instance(surroundings(**settings | named))
        if with_tables and not copied:
            site.manage("migrate", "-v0")
        yield site


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def answer(url: str, **headers: str) -> tuple[int, str]:
    """Status and text of one answer, redirections not followed."""
    question = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.build_opener(_Stay).open(question, timeout=PATIENCE) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


def wait_for(url: str, process: subprocess.Popen[bytes], **headers: str) -> tuple[int, str]:
    """The first answer of a server that is starting."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            return answer(url, **headers)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer; the server's exit code is {process.poll()}")


def wait_until_the_worker_was_woken(site: str, server: subprocess.Popen[bytes], **headers: str) -> None:
    """Beat wakes it every ten seconds; the health page tells that it did its round."""
    wait_for(f"{site}/health/", server, **headers)
    until = time.monotonic() + PATIENCE
    while '"worker": true' not in answer(f"{site}/health/", **headers)[1]:
        if time.monotonic() > until:
            raise AssertionError(f"beat did not wake the worker of {site} within {PATIENCE} seconds")
        time.sleep(0.5)
