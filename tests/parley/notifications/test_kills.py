"""Workers killed while they send: nothing lost, nothing sent that was rolled back, at most one doubled per kill.

On PostgreSQL several workers drain side by side; on SQLite it is the embedded way, worker and beat inside one process.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, PIPE

import pytest

from tests import own_services, services
from tests.parley.house.instances import ROOT, an_instance

from . import faults
from .sink import Sink

WORKER = [sys.executable, "-m", "tests.parley.notifications.worker"]
PATIENCE = 240


@dataclass
class Site:
    """A site of its own, and the processes of it that send."""

    process: subprocess.Popen[str]
    workers: list[int] = field(default_factory=list)

    def ask(self, command: str) -> str:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"{command} failed"
        return answer

    def start_worker(self) -> None:
        self.workers.append(int(self.ask("drain" if services.running_on_postgresql() else "motor")))

    def kill_one(self) -> None:
        """With SIGKILL, wherever it is; another takes its place."""
        os.kill(self.workers.pop(0), signal.SIGKILL)
        self.start_worker()

    def all_sent(self) -> dict[str, str]:
        """The rows, once none of them waits any more."""
        until = time.monotonic() + PATIENCE
        while set((rows := json.loads(self.ask("report"))).values()) != {"sent"}:
            assert time.monotonic() < until, Counter(rows.values())
            time.sleep(0.2)
        return rows

    def end(self) -> None:
        for worker in self.workers:
            os.kill(worker, signal.SIGKILL)
        self.process.kill()
        self.process.communicate()


@contextmanager
def a_site(folder: Path, sink: Sink) -> Iterator[Site]:
    named = {"DJANGO_SETTINGS_MODULE": "tests.parley.notifications.kill_settings", "SINK_PORT": str(sink.port)}
    with an_instance(folder, with_tables=True, **named) as instance:
        site = Site(
            subprocess.Popen(
                WORKER, cwd=ROOT, env=instance.environment, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, text=True
            )
        )
        try:
            yield site
        finally:
            site.end()


def received(sink: Sink) -> Counter[str]:
    return Counter(str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in sink.taken)


def wait_until_taken(sink: Sink, mails: int) -> None:
    until = time.monotonic() + PATIENCE
    while len(received(sink)) < mails:
        assert time.monotonic() < until, f"{len(sink.taken)} of {mails} mails after {PATIENCE} seconds"
        time.sleep(0.05)


def kill_while_sending(folder: Path, *, events: int, kills: int) -> None:
    committed = sum(1 for number in range(events) if number % 3 != 2) * 10
    with Sink.running(slowness=0.02) as sink, a_site(folder, sink) as site:
        site.ask(f"announce {events}")
        for _ in range(2 if services.running_on_postgresql() else 1):
            site.start_worker()
        for number in range(1, kills + 1):
            # Spread over the whole run, each in the middle of a batch.
            wait_until_taken(sink, number * committed // (kills + 2))
            time.sleep(random.uniform(0, 0.05))
            site.kill_one()
        wait_until_taken(sink, committed)
        rows = site.all_sent()

    mails = received(sink)
    assert len(rows) == committed
    assert set(rows) - set(mails) == set(), "lost"
    assert set(mails) - set(rows) == set(), "phantom"
    assert sum(mails.values()) - len(mails) <= kills, "doubled"


@pytest.mark.both_databases
def test_no_mail_is_lost_when_workers_are_killed(tmp_path: Path) -> None:
    kill_while_sending(tmp_path, events=15, kills=3)


@pytest.mark.deep
@pytest.mark.skipif(not own_services.THERE, reason="kills a PostgreSQL and a Redis of its own: install both")
def test_whatever_is_killed_by_turns_every_mail_leaves_and_none_that_should_not(tmp_path: Path) -> None:
    """`make faults` kills two hundred times over ten thousand notices."""
    told = faults.run(tmp_path, notices=1200, kills=20)

    assert told.rows >= 1200
    assert (told.lost, told.phantoms) == (0, 0)
    assert told.doubled <= told.kills.total()
