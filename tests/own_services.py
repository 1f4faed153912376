"""Services that a run starts for itself, on free ports of the loopback and in folders of its own, and may kill.

The machine's own services are never touched: what is killed here was started here.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redis

from .services import free_port

PATIENCE = 120
REDIS_SERVER = shutil.which("redis-server")


def _postgresql_program(name: str) -> str | None:
    """Debian keeps the server's programs out of the path."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(kept[-1]) if kept else shutil.which(name)


INITDB, POSTGRES = _postgresql_program("initdb"), _postgresql_program("postgres")
THERE = all((REDIS_SERVER, INITDB, POSTGRES))
# PostgreSQL refuses to run as root; then it runs as the user whom its package made.
AS_POSTGRES: dict[str, Any] = {} if os.geteuid() else {"user": "postgres", "group": "postgres", "extra_groups": []}


class Service:
    """A server process that can be killed without warning, with all its children, and started again as it was."""

    def __init__(self, name: str, url: str, command: list[str], answers: Callable[[], bool], **popen: Any) -> None:
        self.name, self.url, self.command, self.answers, self.popen = name, url, command, answers, popen
        self.start()

    def start(self) -> None:
        """Again and again: what a killed PostgreSQL leaves behind ends a moment later than it."""
        until = time.monotonic() + PATIENCE
        self.process = self._begun()
        while not self.answers():
            assert time.monotonic() < until, f"{self.name} does not answer"
            time.sleep(0.1)
            if self.process.poll() is not None:
                self.process = self._begun()

    def _begun(self) -> subprocess.Popen[bytes]:
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(self.command, **quiet, **self.popen)

    def processes(self) -> list[int]:
        return with_children(self.process.pid)

    def kill(self) -> None:
        kill_with_children(self.process)


def with_children(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def kill_with_children(process: "subprocess.Popen[Any]") -> None:
    """At once and without warning."""
    for pid in with_children(process.pid) if process.poll() is None else []:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # a connection's process that ended by itself
    process.wait()


@contextmanager
def own_redis() -> Iterator[Service]:
    port = free_port()
    client = redis.Redis(port=port, socket_connect_timeout=1)

    def answers() -> bool:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False

    command = [str(REDIS_SERVER), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with tempfile.TemporaryDirectory(prefix="parley-redis-") as folder:
        service = Service("Redis", f"redis://127.0.0.1:{port}/0", command, answers, cwd=folder)
        try:
            yield service
        finally:
            client.close()
            service.kill()


@contextmanager
def own_postgresql() -> Iterator[Service]:
    """A cluster with its usual settings, so that a commit waits for the disk as it does in production."""
    port = free_port()
    url = f"postgres://postgres@127.0.0.1:{port}/postgres"

    def answers() -> bool:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    with tempfile.TemporaryDirectory(prefix="parley-postgresql-") as folder:
        if AS_POSTGRES:
            shutil.chown(folder, "postgres", "postgres")
        data = f"{folder}/data"
        making = [str(INITDB), "--pgdata", data, "--auth", "trust", "--username", "postgres", "--encoding", "UTF8"]
        subprocess.run(making, check=True, capture_output=True, cwd=folder, **AS_POSTGRES)
        command = [str(POSTGRES), "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", ""]
        service = Service("PostgreSQL", url, command, answers, cwd=folder, **AS_POSTGRES)
        try:
            yield service
        finally:
            service.kill()
