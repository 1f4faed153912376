"""The process that reads one file and ends: an empty environment, limits by the kernel, no sockets, no children.

The file comes on its standard input; one JSON object leaves by its standard output.
"""

import json
import sys
import warnings
from typing import Any

from reports.publishing.worker import bind

from .kinds import TEXT, Unfit, decoded, kind_of

# Of what is handed back; the form that carries it on has its own, smaller limits.
MOST_BLOCKS = 200
MOST_CHARACTERS = 600_000
MOST_REMARKS = 200


def main() -> None:
    order, _, data = sys.stdin.buffer.read().partition(b"\n")
    told = json.loads(order)
    warnings.simplefilter("ignore")
    _load()
    bind(told["limits"])
    json.dump(answer(data, told["kind"]), sys.stdout)


def _load() -> None:
    """What the readers need, before the limits close the ways to load it."""
    from django.conf import settings

    settings.configure(USE_I18N=False)  # the words of a refusal are found where the person's language is known
    from . import markdown, reading, word  # noqa: F401


def answer(data: bytes, kind: str) -> dict[str, Any]:
    """{"blocks", "counts", "changes", "remarks"}, or {"refused": reason}."""
    try:
        return found(data, kind or kind_of(data))
    except Unfit as unfit:
        return {"refused": str(unfit)}
    except RecursionError:
        return {"refused": "deep"}
    except MemoryError:
        return {"refused": "heavy"}
    except Exception as fault:  # noqa: BLE001 (whatever a reader stumbles over becomes an answer)
        return {"refused": "reader" if kind == TEXT else "broken", "detail": type(fault).__name__}


def found(data: bytes, kind: str) -> dict[str, Any]:
    from . import markdown, reading, word

    read = word.Word(markdown.to_html(decoded(data))) if kind == TEXT else word.read(data)
    blocks, counts = reading.blocks_of(read.html)
    if len(blocks) > MOST_BLOCKS or len(json.dumps(blocks, ensure_ascii=False)) > MOST_CHARACTERS:
        raise Unfit("too_long")
    if not blocks:
        raise Unfit("empty")
    return {
        "blocks": blocks,
        "counts": dict(+(counts + read.counts)),
        "changes": dict(read.changes),
        "remarks": read.remarks[:MOST_REMARKS],
    }
