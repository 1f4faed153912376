"""The press: a small process that has WeasyPrint loaded and prints each document in a child of its own.

It starts with an empty environment (no secret, no database, no fonts of the machine) and knows nobody but the process
that started it: orders come on its standard input, answers leave by its standard output, and it ends with them.
Loading WeasyPrint costs as much as a short report: the press pays that once, each child gets it by fork.
"""

import gc
import json
import os
import resource
import select
import shutil
import signal
import struct
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

from .failures import RenderFailed
from .guard import passages

# A frame is one letter, four bytes of length, and the content.
ORDER, PROGRESS, DOCUMENT, FAILURE = b"O", b"P", b"D", b"F"
HEAD = struct.Struct(">cI")
IDLE_SECONDS = 600
FOLDER = "parley-press-"
# By which signal a limit ends a process. GLib ends it (abort, trap) when it is refused memory.
ENDED_BY: dict[int, str] = {
    signal.SIGXCPU: "processor",
    signal.SIGALRM: "clock",
    signal.SIGXFSZ: "too_large",
    signal.SIGKILL: "memory",
    signal.SIGABRT: "memory",
    signal.SIGTRAP: "memory",
}
# After these the passage at fault is looked for: each alone, since alone it takes a fraction of a second.
UNLOCATED = frozenset({"memory", "processor", "clock", "layout"})
ALONE = {"processor": 5, "clock": 10}
# A second line behind the fetcher that serves house files only.
REFUSED_EVENTS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "urllib.", "ftplib.")


def main() -> None:
    """Runs until the orders end or none has come for ten minutes."""
    warnings.simplefilter("ignore")  # WeasyPrint misses the machine's fonts, which are kept away on purpose
    sweep()
    warm_up()
    orders = sys.stdin.buffer
    while select.select([orders], [], [], IDLE_SECONDS)[0]:
        frame = next(frames(orders), None)
        if frame is None:
            return
        order = json.loads(frame[1])
        send(sys.stdout.buffer, *answer(order["input"], order["limits"]))


def warm_up() -> None:
    """Everything that each child would load again; no font map yet, since Pango's starts a thread."""
    from django.conf import settings

    settings.configure(USE_I18N=False)  # the words come with the text; the site's settings stay outside
    from . import composition, house, press  # noqa: F401

    house.printable()
    for name in ("report", "statement", "letter", "redline", "dispositions", "ledger"):
        composition.engine().get_template(f"{name}.html")
    gc.freeze()


def sweep() -> None:
    """Takes away what presses left that were killed at work: each folder bears the number of its process."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        number = folder.name.removeprefix(FOLDER).partition("-")[0]
        if not Path("/proc", number).exists():
            shutil.rmtree(folder, ignore_errors=True)


def send(out: IO[bytes], kind: bytes, content: bytes) -> None:
    out.write(HEAD.pack(kind, len(content)) + content)
    out.flush()


def frames(source: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The whole frames of a stream; one that its sender's end cut off is dropped."""
    while len(head := source.read(HEAD.size)) == HEAD.size:
        kind, length = HEAD.unpack(head)
        content = source.read(length)
        if len(content) < length:
            return
        yield kind, content


def answer(render_input: dict, limits: dict) -> tuple[bytes, bytes]:
    """The document, or the failure with the passage at fault where it can be found."""
    kind, content = print_in_child(render_input, limits, report)
    if kind == DOCUMENT:
        return kind, content
    failure = json.loads(content)
    if failure["reason"] in UNLOCATED and not failure["passage"]:
        failure["passage"] = culprit(render_input, limits)
    return FAILURE, as_json(failure)


def report(progress: bytes) -> None:
    send(sys.stdout.buffer, PROGRESS, progress)


def print_in_child(render_input: dict, limits: dict, on_progress: Callable[[bytes], None]) -> tuple[bytes, bytes]:
    """(DOCUMENT, PDF) or (FAILURE, JSON); whatever ends the child, this process goes on."""
    with tempfile.TemporaryDirectory(prefix=f"{FOLDER}{os.getpid()}-") as folder:
        reading, writing = os.pipe()
        if not (child := os.fork()):
            os.close(reading)
            child_main(render_input, limits, folder, writing)
        os.close(writing)
        outcome = None
        with os.fdopen(reading, "rb") as source:
            for kind, content in frames(source):
                if kind == PROGRESS:
                    on_progress(content)
                else:
                    outcome = kind, content
        _, status, used = os.wait4(child, 0)
    on_progress(as_json(spent(used)))
    return outcome or (FAILURE, as_json(ending(status)))


def spent(used: resource.struct_rusage) -> dict[str, Any]:
    """Processor time in milliseconds, peak memory in kilobytes (getrusage(2))."""
    return {"phase": "ended", "cpu_ms": round((used.ru_utime + used.ru_stime) * 1000), "peak_kb": used.ru_maxrss}


def ending(status: int) -> dict[str, Any]:
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return failure(ENDED_BY.get(number, "layout"), detail=f"signal {number}" if number else "")


def failure(reason: str, passage: str | None = None, **more: str) -> dict[str, Any]:
    return {"reason": reason, "passage": passage, "detail": "", **more}


def culprit(render_input: dict, limits: dict) -> str | None:
    """The first passage that cannot be printed by itself either.

    None when each can, when not even the document without any can, or when the search takes too long.
    """
    until = time.monotonic() + limits["search"]
    if not limits["search"] or fails(render_input, [], limits):
        return None
    for item in passages(render_input["text"]):
        if time.monotonic() > until:
            return None
        if fails(render_input, [item], limits):
            return item["id"]
    return None


def fails(render_input: dict, items: list[dict], limits: dict) -> bool:
    section = {"id": "", "number": "", "title": "", "items": items}
    text = render_input["text"] | {"sections": [section], "roster": []}
    kind, _ = print_in_child(render_input | {"text": text, "records": None}, limits | ALONE, lambda progress: None)
    return kind == FAILURE


# In the child


def child_main(render_input: dict, limits: dict, folder: str, writing: int) -> NoReturn:
    """Never returns: a child that came back would serve orders beside its parent."""
    try:
        bind(limits)
        tempfile.tempdir = folder
        with os.fdopen(writing, "wb") as out:
            send(out, *attempt(render_input, lambda progress: send(out, PROGRESS, as_json(progress))))
    finally:
        os._exit(0)


def bind(limits: dict) -> None:
    """From here on the kernel ends this process when it passes a limit."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"] << 20,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file"] << 20,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["processor"], limits["processor"] + 1))
    signal.alarm(limits["clock"])
    sys.addaudithook(refuse)


def refuse(event: str, arguments: tuple) -> None:
    if event.startswith(REFUSED_EVENTS):
        raise PermissionError(event)


def attempt(render_input: dict, on_progress: Callable[[dict], None]) -> tuple[bytes, bytes]:
    from .press import render

    try:
        return DOCUMENT, render(render_input, on_progress)
    except RenderFailed as found:
        known = {name: getattr(found, name) for name in ("characters", "part") if hasattr(found, name)}
        return FAILURE, as_json(failure(found.reason, found.passage, detail=found.detail, **known))
    except MemoryError:
        return FAILURE, as_json(failure("memory"))
    except Exception as unforeseen:  # noqa: BLE001 (whatever WeasyPrint stumbles over becomes an answer)
        return FAILURE, as_json(failure("layout", detail=place_of(unforeseen)))


def place_of(unforeseen: Exception) -> str:
    """Kind and place of an error, never its message: that may quote the text."""
    last = traceback.extract_tb(unforeseen.__traceback__)[-1]
    return f"{type(unforeseen).__name__}, {last.name}:{last.lineno}"


def as_json(value: dict) -> bytes:
    return json.dumps(value).encode()
