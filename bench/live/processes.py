"""What a process has used: its processor time, and what of it lies in memory (proc(5))."""

import resource
from pathlib import Path

TICKS = 100  # of /proc/<pid>/stat in a second


def processor_seconds(pid: int, *, with_ended_children: bool = False) -> float:
    """In steps of ten milliseconds; PostgreSQL gives each connection a process, which ends with it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11 : 15 if with_ended_children else 13])) / TICKS


def fine_processor_seconds(pid: int) -> float:
    """Of the threads that live now, to the microsecond (/proc/<pid>/task/<tid>/schedstat)."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def resident(pid: int) -> int:
    """Bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
