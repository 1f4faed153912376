"""What a run needs around it: databases, environments, processes; all of it ends with the run."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

ROOT = Path(__file__).resolve().parents[1]
POSTGRES = "postgres://postgres@127.0.0.1:5432/parley_bench"
REDIS = "redis://127.0.0.1:6379/11"
START_SECONDS = 60
BUILD = "import django; django.setup(); from bench.data import main; main()"


class Missing(Exception):
    """A service that the bench needs does not answer; the message says which."""


class Sites:
    """The two sites: Parley as in production, and the floor, each with a PostgreSQL database of its own."""

    def __init__(self, *, keep: bool, quick: bool) -> None:
        self.postgres = os.environ.get("BENCH_POSTGRES_URL", POSTGRES)
        self.redis = os.environ.get("BENCH_REDIS_URL", REDIS)
        self.folder = Path(tempfile.mkdtemp(prefix="parley-bench-"))
        self.keep, self.quick = keep, quick
        self.processes: list[subprocess.Popen[Any]] = []

    def environment(self, name: str) -> dict[str, str]:
        """`ours` or `floor`; of the caller's own only what finds programs."""
        common = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": os.environ.get("HOME", "/"),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
        }
        if name == "floor":
            return common | {"DJANGO_SETTINGS_MODULE": "bench.floor.settings", "DATABASE_URL": f"{self.postgres}_floor"}
        return common | {
            "DJANGO_SETTINGS_MODULE": "parley.settings.prod",
            "DATABASE_URL": self.postgres,
            "REDIS_URL": self.redis,
            "PARLEY_URL": "https://bench.example",
            "PARLEY_DATA": str(self.folder),
            "PARLEY_SECRET_KEY": "only for the bench, and for nothing else; " * 2,
            "PARLEY_MFA_KEY": "only for the bench, and for nothing else",
            "PARLEY_TRUSTED_PROXIES": "1",
        }

    def prepare(self) -> None:
        """Both databases with their rows, the styles laid out, Redis empty."""
        self._empty_redis()
        fresh = self._make_database(self.postgres)
        if self._make_database(f"{self.postgres}_floor"):
            # The floor's own tables have no migrations, and need those of the users before them.
            self.call("floor", "-m", "django", "migrate", "auth", "--verbosity", "0")
            self.call("floor", "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0")
            self.call("floor", "-m", "bench.floor.data")
        self.call("ours", "manage.py", "migrate", "--verbosity", "0")
        self.call("ours", "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        if fresh:
            self.call("ours", "-c", BUILD, *(["--quick"] if self.quick else []))
        for url in (self.postgres, f"{self.postgres}_floor"):
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")

    def _empty_redis(self) -> None:
        try:
            with redis.Redis.from_url(self.redis, socket_connect_timeout=2) as client:
                client.flushdb()
        except redis.RedisError:
            raise Missing(f"Redis does not answer at {self.redis} (BENCH_REDIS_URL names another).") from None

    def _make_database(self, url: str) -> bool:
        """True when it is new and empty; `keep` leaves one that exists as it is."""
        address = urlsplit(url)
        name = address.path.lstrip("/")
        if not re.fullmatch(r"\w*bench\w*", name):
            raise Missing(f"The bench empties its database: its name must hold “bench”, and {name} does not.")
        server = urlunsplit(address._replace(path="/postgres"))
        try:
            with psycopg.connect(server, autocommit=True, connect_timeout=2) as connection:
                exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
                if exists and self.keep:
                    return False
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                connection.execute(f'CREATE DATABASE "{name}"')
        except psycopg.OperationalError:
            raise Missing(f"PostgreSQL does not answer at {server} (BENCH_POSTGRES_URL names another).") from None
        return True

    def call(self, site: str, *arguments: str) -> str:
        """Run Python with these arguments in the surroundings of a site; what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment(site), capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def process(self, site: str, *arguments: str) -> "Process":
        process = Process([sys.executable, *arguments], self.environment(site))
        self.processes.append(process.popen)
        return process

    def end(self) -> None:
        for popen in self.processes:
            popen.terminate()
        for popen in self.processes:
            popen.wait(START_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)


class Process:
    """A process that is asked by a line of JSON and answers by one."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.popen = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, **order: Any) -> dict[str, Any]:
        assert self.popen.stdin is not None
        self.popen.stdin.write(json.dumps(order) + "\n")
        self.popen.stdin.flush()
        return self.hear()

    def hear(self) -> dict[str, Any]:
        assert self.popen.stdout is not None
        line = self.popen.stdout.readline()
        if not line:
            raise RuntimeError("The measured process has ended.")
        answer: dict[str, Any] = json.loads(line)
        return answer


class WebServer:
    """gunicorn as in production: deploy/gunicorn.conf.py with its two workers."""

    def __init__(self, sites: Sites, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        environment = sites.environment("ours") | {"PARLEY_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "2"}
        command = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "parley.wsgi:application"]
        self.popen = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment)
        sites.processes.append(self.popen)

    def await_answer(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                self.get("/health/live/")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
            else:
                return
        raise RuntimeError("gunicorn does not answer.")

    def get(self, path: str, cookies: dict[str, str] | None = None) -> tuple[bytes, Any]:
        """The body as it travels (gzip where the server has it so) and the headers."""
        given = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        headers = {"Host": "bench.example", "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip", "Cookie": given}
        with urllib.request.urlopen(urllib.request.Request(self.address + path, headers=headers)) as answer:  # noqa: S310
            return answer.read(), answer.headers

    def workers(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.popen.pid}/task/{self.popen.pid}/children").read_text().split()]


def resident_mb(pid: int) -> float:
    """VmRSS (proc(5)): what of a process lies in memory, shared pages counted whole."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024
