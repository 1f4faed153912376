"""Runs the suite as `make test` and `make deep` do, each kind of test on what it needs, and says what was left out.

Three runs, since three kinds of test cannot share one process: everything quick on SQLite, what only a server shows
(races, triggers, locks, sockets through Redis) on PostgreSQL and Redis, and a person in a browser, whose event loop
breaks asynchronous tests.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests import migrated, services

ROOT = Path(__file__).resolve().parents[1]
# A site's own surroundings never reach the tests.
OF_A_SITE = (
    "DATABASE_URL",
    "REDIS_URL",
    "PARLEY_URL",
    "PARLEY_DATA",
    "PARLEY_SECRET_KEY",
    "PARLEY_MFA_KEY",
    "EMAIL_URL",
)
NO_TESTS = 5
SUMMARIES = ROOT / "build" / "summaries.txt"


@dataclass(frozen=True)
class Run:
    """One pytest run: which tests, over how many processes, on which services."""

    title: str
    tests: str
    folders: tuple[str, ...] = ("tests",)
    processes: int = 0
    services: bool = False
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


QUICK = Run(
    "everything quick, on SQLite",
    "not (browser or deep or postgresql or redis)",
    processes=2,
    options=("--ignore=tests/browser",),
)
SERVED = Run(
    "races, triggers and sockets, on PostgreSQL and Redis",
    "(postgresql or redis or both_databases) and not (browser or deep)",
    processes=2,
    services=True,
    options=("--ignore=tests/browser",),
)
SPREAD = ("--dist", "worksteal")
BROWSER = Run("a person in the browser", "not deep", folders=("tests/browser",), processes=2, options=SPREAD)
WALKING = ("tests/reports/walking",)
DEEP = Run(
    "long runs, on PostgreSQL and Redis", "deep", services=True, options=tuple(f"--ignore={path}" for path in WALKING)
)
WALKS = Run("long walks, on SQLite", "deep", folders=WALKING, processes=2, options=SPREAD)
WALKS_ON_POSTGRESQL = Run(
    "long walks, on PostgreSQL", "deep", folders=WALKING, processes=2, services=True, options=SPREAD
)
# What asks no database says the same beside any.
ASKS_NONE = ("text", "importing", "publishing")
ON_POSTGRESQL = Run(
    "everything quick once more, on PostgreSQL and Redis",
    "not (browser or deep or postgresql or redis or both_databases)",
    processes=2,
    services=True,
    options=("--ignore=tests/browser", *(f"--ignore=tests/reports/{folder}" for folder in ASKS_NONE)),
)


def missing_services() -> list[str]:
    found = {"PostgreSQL": services.postgresql_url(), "Redis": services.redis_url()}
    return [name for name, url in found.items() if url is None]


def surroundings(run: Run, data: str) -> dict[str, str]:
    """The environment of a run: nothing of a site, and the services only where the run is about them."""
    clean = {name: value for name, value in os.environ.items() if name not in OF_A_SITE}
    clean["PARLEY_DATA"] = data
    if run.services:
        clean["DATABASE_URL"] = services.postgresql_url() or ""
        clean["REDIS_URL"] = services.redis_url() or ""
    return clean | run.environment


def command(run: Run) -> list[str]:
    spread = ["-n", str(run.processes), "--dist", "loadfile", "--no-loadscope-reorder"]  # tests/conftest.py orders them
    processes = spread if run.processes else []
    folders = [folder for folder in run.folders if (ROOT / folder).exists()]
    return [sys.executable, "-m", "pytest", "-q", *folders, "-m", run.tests, *processes, *run.options]


def carry_out(run: Run, kept: dict[str, str]) -> tuple[int, str]:
    """Run it, passing its output on; its exit code (0 where no test was meant) and pytest's closing line."""
    print(f"\n── {run.title}", flush=True)
    last = ""
    with tempfile.TemporaryDirectory(prefix="parley-data-") as data:
        process = subprocess.Popen(
            command(run), cwd=ROOT, env=surroundings(run, data) | kept, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
    code = process.wait()
    return (0 if code == NO_TESTS else code), re.sub(r"\x1b\[[0-9;]*m|=", "", last).strip()


def chosen(*, deep: bool, missing: list[str]) -> list[Run]:
    runs = [DEEP, WALKS, WALKS_ON_POSTGRESQL, ON_POSTGRESQL] if deep else [QUICK, SERVED, BROWSER]
    return [run for run in runs if not (run.services and missing)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deep", action="store_true", help="the long runs, and the quick ones on PostgreSQL")
    deep = parser.parse_args().deep
    began = time.monotonic()
    missing = missing_services()
    if missing and services.required():
        print(f"PARLEY_REQUIRE_SERVICES is set, and nothing answers as {' and '.join(missing)}.")
        return 1

    lines, failed = [], False
    with migrated.databases() as kept:
        for run in chosen(deep=deep, missing=missing):
            code, summary = carry_out(run, kept)
            failed = failed or code != 0
            lines.append(f"{run.title}: {summary}")

    if missing:
        left_out = [run.title for run in ([DEEP, ON_POSTGRESQL] if deep else [SERVED])]
        lines.append(f"LEFT OUT, since {' and '.join(missing)} did not answer: {'; '.join(left_out)}")
    lines.append(f"{'FAILED' if failed else 'Passed'} in {time.monotonic() - began:.0f} s")
    print("\n" + "\n".join(lines))
    SUMMARIES.parent.mkdir(exist_ok=True)
    with SUMMARIES.open("a") as kept:
        kept.write("\n".join(lines) + "\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
