"""A line divided where a bracket begins or ends: for all that reads, writes and prints one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Node = dict[str, Any]
MARK: Final = "bracket"


@dataclass(frozen=True)
class Owner:
    """What a text says of a bracket beside its words: the side that opened it, its number, its page."""

    side: str
    number: int = 0
    url: str = ""
    colour: int = 0


Owners = Mapping[str, Owner]


def of(node: Node) -> str:
    """The id of the bracket that a piece of a line carries; "" without one."""
    return next((mark["attrs"]["id"] for mark in node.get("marks", []) if mark["type"] == MARK), "")


def runs(pieces: Sequence[Node]) -> list[tuple[str, list[Node]]]:
    """The pieces of a line divided where a bracket begins or ends, each stretch with its bracket's id or ""."""
    found: list[tuple[str, list[Node]]] = []
    for piece, bracket in zip(pieces, _between(pieces), strict=True):
        if not found or found[-1][0] != bracket:
            found.append((bracket, []))
        found[-1][1].append(piece)
    return found


def _between(pieces: Sequence[Node]) -> list[str]:
    """Breaks and footnotes are in the bracket that the words on both of their sides share."""
    before, after = _carried(pieces), _carried(pieces[::-1])[::-1]
    return [left if left == right else "" for left, right in zip(before, after, strict=True)]


def _carried(pieces: Sequence[Node]) -> list[str]:
    carried, bracket = [], ""
    for piece in pieces:
        bracket = of(piece) if "text" in piece else bracket
        carried.append(bracket)
    return carried
