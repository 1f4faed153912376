"""Everything that carries mail killed by turns: `make faults` (bench/faults.py), and a short form in `make deep`.

Web process, three workers, beat, Redis and PostgreSQL get SIGKILL wherever they are; the mail server refuses for a
while. Each comes back at once. In the end every row that was committed must have left as a mail, and none else.
"""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import psycopg

from tests.own_services import Service, kill_with_children, own_postgresql, own_redis
from tests.parley.house.instances import ROOT, Instance, an_instance

from .sink import Sink

READERS = 20
WORKERS = 3
PATIENCE = 600
SETTINGS = "tests.parley.notifications.fault_settings"
CELERY = [sys.executable, "-m", "celery", "-A", "tests.parley.notifications.faulty"]
WORKER = [*CELERY, "worker", "--queues", "celery", "--concurrency", "1", "--without-gossip", "--without-mingle"]
PEOPLE = f"""
from parley.accounts.models import User
User.objects.create_user("subject@example.org")
for number in range({READERS}):
    User.objects.create_user(f"reader{{number}}@example.org")
"""


@dataclass
class Told:
    """How it went; `rows` are those that were committed, `acknowledged` those whose act was said to have succeeded."""

    kills: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    lost: int = 0
    phantoms: int = 0
    doubled: int = 0
    seconds: float = 0


class Part:
    """A process of the site that is started again whenever it is killed."""

    def __init__(self, site: Instance, command: Callable[[], list[str]]) -> None:
        self.site, self.command = site, command
        self.start()

    def start(self) -> None:
        surroundings: dict[str, Any] = {"cwd": ROOT, "env": self.site.environment, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(self.command(), stdout=subprocess.PIPE, text=True, **surroundings)
        self.listener = threading.Thread(target=self.listen, args=[self.process.stdout], daemon=True)
        self.listener.start()

    def listen(self, output: TextIO) -> None:
        with output:
            for line in output:
                self.hear(line)

    def hear(self, line: str) -> None:
        """What it says on its output."""

    def kill(self) -> None:
        kill_with_children(self.process)
        self.listener.join(10)


class Web(Part):
    """Acts and remembers which of them were said to have succeeded."""

    def __init__(self, site: Instance) -> None:
        self.said: list[int] = []
        super().__init__(site, self._next)

    def _next(self) -> list[str]:
        # Some numbers further on: the act during which it was killed may have succeeded.
        first = self.said[-1] + 3 if self.said else 0
        return [sys.executable, "-m", "tests.parley.notifications.announcer", str(first)]

    def hear(self, line: str) -> None:
        self.said.append(int(line))

    @property
    def notices(self) -> int:
        return READERS * sum(number % 3 != 2 for number in self.said)


@dataclass
class Faults:
    """One run: the parts by name, and what is done to them."""

    site: Instance
    sink: Sink
    database: Service
    redis: Service
    told: Told = field(default_factory=Told)

    def go(self, *, notices: int, kills: int, report: Callable[[str], None] = lambda what: None) -> Told:
        began = time.monotonic()
        self.web = Web(self.site)
        self.parts = {f"worker {number + 1}": Part(self.site, lambda: WORKER) for number in range(WORKERS)}
        self.parts["beat"] = Part(self.site, self._beat)
        try:
            for number in range(1, kills + 1):
                # Spread over the whole run, while mails leave.
                self._until(partial(self._have_left, number * notices // (kills + 2)), notices)
                time.sleep(random.uniform(0, 0.3))
                self._one_fault()
                report(f"{number} of {kills}: {len(self.sink.taken)} mails")
            self._until(lambda: self.web.notices >= notices, notices)
            self._until(self._all_sent, notices)
        finally:
            for part in [self.web, *self.parts.values()]:
                part.kill()
        self._count()
        self.told.seconds = time.monotonic() - began
        return self.told

    def _one_fault(self) -> None:
        name = random.choice(["web", "worker", "worker", "worker", "beat", "Redis", "PostgreSQL", "mail server"])
        self.told.kills[name] += 1
        if name == "mail server":
            self._refuse_for_a_while()
        elif name in (self.database.name, self.redis.name):
            service = self.database if name == self.database.name else self.redis
            service.kill()
            service.start()
        else:
            part = {"web": self.web, "beat": self.parts["beat"]}.get(name) or self._some_worker()
            went_on = part.process.poll() is None
            part.kill()
            if went_on:  # all that was to be told has been
                part.start()

    def _some_worker(self) -> Part:
        return self.parts[f"worker {random.randint(1, WORKERS)}"]

    def _refuse_for_a_while(self) -> None:
        self.sink.refusing |= {f"reader{number}@example.org": "451 later" for number in range(READERS)}
        time.sleep(0.5)
        self.sink.refusing.clear()

    def _beat(self) -> list[str]:
        return [*CELERY, "beat", "--schedule", str(Path(self.site.environment["PARLEY_DATA"]) / "beat")]

    def _have_left(self, mails: int) -> bool:
        return len(self.sink.taken) >= mails

    def _until(self, happened: Callable[[], bool], notices: int) -> None:
        until = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < until, self.told
            time.sleep(0.05)
            if self.web.notices >= notices:
                self.web.kill()

    def _rows(self) -> dict[str, str]:
        """The beginning of each row's key, which its Message-ID has, and its state."""
        with psycopg.connect(self.database.url) as connection:
            return dict(connection.execute("SELECT left(key, 40), state FROM notifications_delivery").fetchall())

    def _all_sent(self) -> bool:
        time.sleep(1)
        return set(self._rows().values()) == {"sent"}

    def _count(self) -> None:
        rows = self._rows()
        mails = Counter(str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in self.sink.taken)
        self.told.rows = len(rows)
        self.told.lost = len(set(rows) - set(mails)) + max(0, self.web.notices - len(rows))
        self.told.phantoms = len(set(mails) - set(rows))
        self.told.doubled = sum(mails.values()) - len(mails)


def run(folder: Path, *, notices: int, kills: int, report: Callable[[str], None] = lambda what: None) -> Told:
    with ExitStack() as stack:
        database, redis = stack.enter_context(own_postgresql()), stack.enter_context(own_redis())
        sink = stack.enter_context(Sink.running())
        named = {"DATABASE_URL": database.url, "REDIS_URL": redis.url, "SINK_PORT": str(sink.port)}
        site = stack.enter_context(an_instance(folder, with_tables=True, DJANGO_SETTINGS_MODULE=SETTINGS, **named))
        site.manage("shell", "-v0", "-c", PEOPLE)
        return Faults(site, sink, database, redis).go(notices=notices, kills=kills, report=report)
