"""A site of its own: an empty database, real server processes, its mailbox; everything ends with it."""

import email
import email.policy
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.services import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


class Site:
    """`folder`: where its data lies. `production`: pages, sockets, worker and beat as processes of their own."""

    def __init__(self, folder: Path, *, database: str = "", redis: str = "") -> None:
        self.folder, self.production = folder, bool(redis)
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "parley.settings.dev",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
            "PARLEY_DATA": str(folder),
            "PARLEY_URL": self.address,
            "DATABASE_URL": database or f"sqlite:///{folder / 'parley.sqlite3'}",
            "REDIS_URL": redis,
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def manage(self, *arguments: str) -> str:
        """What the command prints; its failure is ours."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def start(self) -> None:
        port, log = str(self.port), (self.folder / "server.log").open("ab")
        bin_ = Path(sys.executable).parent
        commands = [[str(bin_ / "uvicorn"), "parley.asgi:application", "--host", "127.0.0.1", "--port", port]]
        if self.production:
            celery = [str(bin_ / "celery"), "-A", "parley.celery"]
            commands = [
                [
                    str(bin_ / "gunicorn"),
                    "parley.wsgi:application",
                    "-k",
                    "gthread",
                    "--threads",
                    "4",
                    "-b",
                    f"127.0.0.1:{port}",
                ],
                [
                    *celery,
                    "worker",
                    "--queues",
                    "celery,render",
                    "--concurrency",
                    "2",
                    "--without-gossip",
                    "--without-mingle",
                ],
                [*celery, "beat", "--schedule", str(self.folder / "beat")],
            ]
        for command in commands:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
            self.processes.append(process)
        self._wait_for_an_answer()

    def _wait_for_an_answer(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.address}/health/live/", timeout=2):
                    return
            except OSError:
                time.sleep(0.3)
        raise AssertionError(f"No answer from {self.address}; see {self.folder / 'server.log'}")

    def stop(self) -> None:
        for process in self.processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            process.wait(timeout=30)

    # ---- mail ---------------------------------------------------------------------------------------------------

    def mails_to(self, address: str) -> list[str]:
        """The texts of the mails to this address, newest first."""
        found = []
        for path in sorted((self.folder / "mailbox").glob("*.eml"), reverse=True):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if address in str(mail["To"]):
                found.append(mail.get_body(("plain",)).get_content())
        return found

    def mailed(self, address: str, pattern: str, *, after: int = 0) -> str:
        """The first group of the pattern in the newest mail that has it; waits for mail number `after` + 1."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            mails = self.mails_to(address)
            for text in mails[: len(mails) - after]:
                if match := re.search(pattern, text):
                    return match[1]
            time.sleep(0.3)
        raise AssertionError(f"No mail with {pattern} reached {address}: {self.mails_to(address)[:1]}")
