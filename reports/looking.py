"""A look into a file of a stranger: by a child process, within firm limits, and nothing of it is kept."""

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass

from .publishing.attached import LIMITS
from .sealing.examined import SealState

SECONDS = 20
# Files of strangers that one process looks at together, and seconds that one more waits for its turn.
AT_ONCE, PATIENCE = 2, 5
_looking = threading.BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """As many files are being looked at as this process will look at together: ask again."""


@dataclass(frozen=True)
class Inside:
    """SHA-256 of the canonical text that a PDF carries, None when there is none; and what became of its seal."""

    text_sha256: str | None = None
    seal: SealState = SealState.UNREADABLE
    fingerprint: str = ""


def look_inside(pdf: bytes) -> Inside:
    """Raises Busy when AT_ONCE files are being looked at already: each may take half a gigabyte."""
    if not _looking.acquire(timeout=PATIENCE):
        raise Busy
    try:
        return _read(_told_by_the_child(pdf))
    finally:
        _looking.release()


def _told_by_the_child(pdf: bytes) -> bytes:
    """What it said before it ended, or was ended."""
    command = [sys.executable, "-I", str(LIMITS.script)]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and script)
            command, input=pdf, capture_output=True, timeout=SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired as ended:
        return ended.stdout or b""
    return done.stdout


def _read(said: bytes) -> Inside:
    try:
        told = [json.loads(line) for line in said.splitlines()]
        text_sha256 = told[0]["sha256"] if told else None
        if len(told) == 1:
            return Inside(text_sha256)
        return Inside(text_sha256, SealState(told[1]["state"]), told[1]["fingerprint"]) if told else Inside()
    except (ValueError, KeyError, TypeError):
        return Inside()
