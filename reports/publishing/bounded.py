"""Printing as the rest of the site sees it: a final text in, a PDF or a named failure out, within firm limits."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import IO

from . import guard
from .canonical import canonical, sha256
from .failures import MissingCharacters, RenderFailed
from .house import FONTS, ROOT, edition
from .worker import FAILURE, ORDER, PROGRESS, frames, send

# Isolated (-I): neither the environment nor the folder that the site happens to run in decides what the press loads.
START = "import sys; sys.path.append(sys.argv[1]); from reports.publishing import worker; worker.main()"
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "HOME": "/nonexistent",
    "FONTCONFIG_FILE": str(FONTS / "fonts.conf"),
}


@dataclass(frozen=True)
class Limits:
    """Of one printing: megabytes of memory and of any one file, seconds of processor and of clock.

    `search` is how many seconds may go into finding the passage that brought a printing down.
    A page takes 0.15 s and 2 MB; 1,024 MB and 120 s stand for a document of some five hundred pages.
    """

    memory: int = 1024
    file: int = 64
    processor: int = 120
    clock: int = 240
    search: int = 30


def render_bounded(
    render_input: dict, on_progress: Callable[[dict], None] | None = None, limits: Limits = Limits()
) -> bytes:
    """The PDF, made in a child process. Raises RenderFailed (MissingCharacters among them), never anything worse.

    `on_progress` hears {"phase": "layout", "pages": n}, {"phase": "writing"} and at last
    {"phase": "ended", "cpu_ms": n, "peak_kb": n}. One document at a time: more callers wait their turn.
    """
    guard.check_shapes(render_input["text"])
    order = json.dumps({"input": render_input, "limits": asdict(limits)}).encode()
    return press.print(order, on_progress or (lambda progress: None))


def input_digest(render_input: dict) -> str:
    """SHA-256 of all that decides the bytes: the input, our templates, fonts and code, the libraries. Hexadecimal."""
    guard.check_shapes(render_input["text"])
    return sha256(canonical({"input": render_input, "edition": edition()}))


class Press:
    """The one press of this process, started when first needed and again when it has ended."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0

    def print(self, order: bytes, on_progress: Callable[[dict], None]) -> bytes:
        with self.lock:
            # A press that idled too long ends just when an order comes: then a fresh one takes it.
            answer = self.ask(order, on_progress) or self.ask(order, on_progress)
        if answer is None:
            raise RenderFailed("press")
        kind, content = answer
        if kind == FAILURE:
            raise told(json.loads(content))
        return content

    def ask(self, order: bytes, on_progress: Callable[[dict], None]) -> tuple[bytes, bytes] | None:
        orders, answers = self.running()
        try:
            send(orders, ORDER, order)
            for kind, content in frames(answers):
                if kind != PROGRESS:
                    return kind, content
                on_progress(json.loads(content))
        except BrokenPipeError:
            pass
        except BaseException:
            self.stop()  # its answer would be taken for that to the next order
            raise
        self.stop()
        return None

    def running(self) -> tuple[IO[bytes], IO[bytes]]:
        """Where orders go and answers come from.

        A worker that was forked from this process starts a press of its own: two must not share one pair of pipes.
        """
        if self.process is None or self.process.poll() is not None or self.owner != os.getpid():
            self.process = subprocess.Popen(  # noqa: S603 (our own interpreter and code)
                [sys.executable, "-I", "-c", START, str(ROOT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=ENVIRONMENT,
                start_new_session=True,
            )
            self.owner = os.getpid()
        assert self.process.stdin and self.process.stdout  # noqa: S101 (for the type checker: both are pipes)
        return self.process.stdin, self.process.stdout

    def stop(self) -> None:
        if self.process is None or self.owner != os.getpid():
            return
        self.process.kill()
        self.process.communicate()
        self.process = None


def told(failure: dict) -> RenderFailed:
    if failure["reason"] == "characters":
        return MissingCharacters(failure["characters"], failure["passage"], failure["part"])
    return RenderFailed(failure["reason"], failure["passage"], detail=failure["detail"])


press = Press()
