"""Live drafting under load: `python -m bench.live [typing] [kills] [readers] [history] [bundle] [soak]`.

Python clients speak the protocol over real connections. Servers, PostgreSQL, Redis and Hocuspocus are started for the
run on free ports of the loopback and end with it; where one of them is not installed, its part is left out, and said.
"""

import argparse
import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings.test")
django.setup()  # the clients know our schema and its words

from bench.table import Figure, line  # noqa: E402
from tests import own_services  # noqa: E402

from . import beside, history, kills, places, readers, soak  # noqa: E402
from .clients import Load, Typed, type_together  # noqa: E402
from .processes import processor_seconds  # noqa: E402

MOST_CPU_MS, MOST_P95_MS = 2.0, 100
MOST_BYTES_A_SECOND, MOST_BYTES_OF_MEMORY = 1000, 100_000
MOST_OF_A_FRESH_ONE = 1.2
MOST_OF_THE_BUNDLE = 150


def tell(
    name: str, ours: str, floor: str = "", value: float | None = None, most: float | None = None, unit: str = ""
) -> None:
    print(line(Figure(name, ours, floor, value, most, unit)), flush=True)


# ---- typing ---------------------------------------------------------------------------------------------------------


def typing(asked: argparse.Namespace) -> None:
    load = Load(asked.clients, asked.rate, asked.seconds)
    theirs = hocuspocus(load, asked.passages)
    with places.embedded(passages=asked.passages) as place:
        tell_typed("One process, SQLite", asyncio.run(type_together(place.desk, place.pids, load)), theirs)
    if own_services.THERE:
        two_servers(load, asked.passages, theirs)
    else:
        print("Two servers: left out, since PostgreSQL or Redis is not installed.")


def two_servers(load: Load, passages: int, theirs: Typed | None) -> None:
    with places.served(passages=passages) as place:
        before = of_services(place)
        typed = asyncio.run(type_together(place.desk, place.pids, load))
        spent = of_services(place) - before
        tell_typed("Two processes, PostgreSQL, Redis", typed, theirs)
        tell("… beside them, PostgreSQL and Redis", f"{spent / typed.edits * 1000:.2f} ms for each edit")


def of_services(place: places.Place) -> float:
    """Processor seconds of all their processes, those that have ended included."""
    first = sum(processor_seconds(service.process.pid, with_ended_children=True) for service in place.services)
    return first + sum(processor_seconds(pid) for service in place.services for pid in service.processes()[1:])


def tell_typed(name: str, ours: Typed, theirs: Typed | None) -> None:
    floor = theirs or ours
    cpu, p95 = f"{floor.cpu_ms:.2f} ms" if theirs else "", f"{floor.p95_ms:.0f} ms" if theirs else ""
    tell(
        f"{name}: lost or unequal",
        f"{ours.edits} edits, {ours.arrivals} arrivals",
        "",
        ours.lost + ours.unequal,
        0,
    )
    tell("… processor for each edit", f"{ours.cpu_ms:.2f} ms", cpu, ours.cpu_ms, MOST_CPU_MS, " ms")
    tell(
        "… from edit to arrival, p95",
        f"median {ours.median_ms:.0f} ms, p99 {ours.p99_ms:.0f} ms",
        p95,
        ours.p95_ms,
        MOST_P95_MS,
        " ms",
    )
    tell(
        "… memory of the servers",
        " + ".join(f"{mb:.0f}" for mb in ours.held_mb) + " MB",
        f"{floor.held_mb[0]:.0f} MB" if theirs else "",
    )


def hocuspocus(load: Load, passages: int) -> Typed | None:
    try:
        with beside.a_desk(passages=passages) as (desk, pid):
            typed = asyncio.run(type_together(desk, [pid], load))
        acknowledged, lost = beside.killed(seconds=min(20.0, load.seconds))
    except beside.LeftOut as reason:
        print(f"Hocuspocus: left out, since {reason}.")
        return None
    tell(
        "Hocuspocus with SQLite: lost or unequal",
        f"{typed.edits} edits, {typed.arrivals} arrivals",
        f"{typed.lost + typed.unequal}",
    )
    tell("… acknowledged edits lost at kill -9", "", f"{lost} of {acknowledged}")
    return typed


# ---- the other parts ------------------------------------------------------------------------------------------------


def kill_in_mid_word(asked: argparse.Namespace) -> None:
    if not own_services.THERE:
        print("Kills: left out, since PostgreSQL or Redis is not installed.")
        return
    found = kills.kill(asked.kills)
    services = {name: count for name, count in found.kills.items() if not name.startswith("http")}
    counted = Counter(services) + Counter(servers=found.kills.total() - sum(services.values()))
    killed = ", ".join(f"{count} {name}" for name, count in counted.most_common())
    tell(f"{found.kills.total()} kills: acknowledged edits lost", killed, "", len(found.lost), 0)
    tell("… standing there twice", f"of {found.edits} edits", "", len(found.doubled), 0)


def read(asked: argparse.Namespace) -> None:
    with places.embedded() as place:
        found = asyncio.run(readers.read(place, readers=asked.readers, seconds=min(30.0, asked.seconds)))
    tell(
        f"{asked.readers} readers: memory of each in the server",
        f"{found.memory / 1000:.0f} kB",
        "",
        found.memory,
        MOST_BYTES_OF_MEMORY,
        " B",
    )
    for name, rate in (("nobody types", found.in_silence), ("somebody types", found.beside_a_typist)):
        tell(f"… bytes a second to each while {name}", f"{rate:.0f}", "", rate, MOST_BYTES_A_SECOND, " B/s")


def open_both(asked: argparse.Namespace) -> None:
    ways: dict[str, Callable[..., AbstractContextManager[places.Place]]] = {"SQLite": places.embedded}
    if own_services.THERE:
        ways["PostgreSQL"] = lambda **named: places.served(servers=1, **named)
    for name, way in ways.items():
        with way(passages=1) as place:
            found = history.compare(place, asked.edits)
        past, fresh = found.past, found.fresh
        sizes = f"{past.size / 1000:.0f} kB beside {fresh.size / 1000:.0f}"
        tell(
            f"Open a passage of {asked.edits} edits, {name}: time",
            f"{past.ms:.1f} ms",
            f"{fresh.ms:.1f} ms",
            found.time,
            MOST_OF_A_FRESH_ONE,
            " ×",
        )
        tell(
            f"… processor ({sizes})",
            f"{past.cpu_ms:.1f} ms",
            f"{fresh.cpu_ms:.1f} ms",
            found.cpu,
            MOST_OF_A_FRESH_ONE,
            " ×",
        )


MEASURE_BUNDLE = (
    "const { readFileSync } = require('fs'), { brotliCompressSync } = require('zlib');"
    "console.log(brotliCompressSync(readFileSync('platform/parley/ui/static/editor/editor.js')).length)"
)


def bundle(asked: argparse.Namespace) -> None:
    """That no page without Edit names it is a test (tests/parley/ui/test_editor.py)."""
    node = shutil.which("node")
    if node is None:
        print("The editor's bundle: left out, since node is missing.")
        return
    told = subprocess.run([node, "-e", MEASURE_BUNDLE], capture_output=True, text=True, check=True).stdout
    tell("The editor's bundle, brotli", f"{int(told):,} bytes", "", int(told) / 1000, MOST_OF_THE_BUNDLE, " kB")


def soak_long(asked: argparse.Namespace) -> None:
    with places.embedded(passages=asked.passages) as place:
        found = asyncio.run(soak.soak(place, Load(asked.clients, asked.rate, max(asked.seconds, 600))))
    tell("Soak: edits, lost", f"{found.typed.edits}", "", found.typed.lost + found.typed.unequal, 0)
    tell("… memory, every half minute", " ".join(f"{mb:.0f}" for mb in found.held) + " MB")
    tell("… grown in the second half", f"{found.grown:.1f} MB")


PARTS = {
    "typing": typing,
    "kills": kill_in_mid_word,
    "readers": read,
    "history": open_both,
    "bundle": bundle,
    "soak": soak_long,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts; all but the soak by default")
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument("--passages", type=int, default=10)
    parser.add_argument("--rate", type=float, default=5, help="edits of each client in a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--edits", type=int, default=20_000, help="of the passage with a long past")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started ends with the run, however it ends
    print(f"Live drafting, on {os.cpu_count()} cores with a load of {os.getloadavg()[0]:.1f} at the start.")
    for name in asked.parts or [part for part in PARTS if part != "soak"]:
        try:
            PARTS[name](asked)
        except Exception as failure:  # noqa: BLE001 (a bench tells and goes on)
            print(f"Not measured, {name}: {type(failure).__name__}: {failure}", file=sys.stderr)


if __name__ == "__main__":
    main()
