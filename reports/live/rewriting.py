"""A live text made to say other words, changing only what differs.

What others type at that instant lands where they type it, also in a paragraph of which some words are changed here: a
block, a run of words or a word that stays is left alone, and of one that changes only the letters that do.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, Final

from pycrdt import XmlElement, XmlFragment, XmlText

from reports.text import plain
from reports.text.difference import aligned
from reports.text.schema import SPEC

from .conversion import Node, doc_of, element_of, fill, formats_of, plainly, read, whole
from .structure import ROOT

Child = XmlElement | XmlText | XmlFragment
# What stands in a place of the text: the words of one run, or one other node.
Group = list[Node]
Pair = tuple[int | None, int | None]

_PARTS: Final = re.compile(r"\w+|\s|[^\w\s]")
# So many comparisons of blocks find the best pairs; a text rewritten in more places is paired as it comes.
_MOST_COMPARED: Final = 2500


def rewrite(state: bytes, text: Node) -> tuple[bytes, int]:
    """The update that makes the document say `text`, and the client id under which it is written."""
    doc = doc_of(state)
    before, fragment = doc.get_state(), doc.get(ROOT, type=XmlFragment)
    with doc.transaction():
        _fit(fragment, text.get("content", []))
    return doc.get_update(before), doc.client_id


# ---- blocks and pieces -----------------------------------------------------------------------------------------------


def _fit(parent: XmlFragment | XmlElement, nodes: list[Node]) -> None:
    """From the last child to the first, so that the places of those before stay what they are."""
    held = [(at, child, group) for at, child in enumerate(parent.children) if (group := read(child))]
    wanted = _groups(nodes)
    place = len(parent.children)
    for old, new in reversed(_paired([group for _at, _child, group in held], wanted)):
        if old is None:
            _insert(parent, place, wanted[new])  # type: ignore[index]  # one of the two is there
            continue
        place, child, group = held[old]
        if new is None:
            del parent.children[place]
        elif plainly(group) != plainly(wanted[new]):
            is_last = place == len(parent.children) - 1 and new == len(wanted) - 1
            _become(child, wanted[new], is_last=is_last)


def _groups(nodes: list[Node]) -> list[Group]:
    """Neighbouring words are one run."""
    groups: list[Group] = []
    for node in nodes:
        if groups and node["type"] == groups[-1][0]["type"] == "text":
            groups[-1].append(node)
        else:
            groups.append([node])
    return groups


def _insert(parent: XmlFragment | XmlElement, place: int, group: Group) -> None:
    if group[0]["type"] == "text":
        run = parent.children.insert(place, XmlText())
        _reword(run, group)
    else:
        element = parent.children.insert(place, element_of(group[0]))
        fill(element, group[0].get("content", []))


def _become(child: Child, group: Group, *, is_last: bool) -> None:
    if isinstance(child, XmlText):
        _reword(child, group, is_last=is_last)
    elif isinstance(child, XmlElement):
        _set_attributes(child, group[0])
        _fit(child, group[0].get("content", []))


def _set_attributes(element: XmlElement, node: Node) -> None:
    for name, spec in SPEC["nodes"][node["type"]].get("attrs", {}).items():
        held, wanted = element.attributes.get(name), (node.get("attrs") or {}).get(name, spec.get("default"))
        if wanted is not None and whole(spec.get("default") if held is None else held) != wanted:
            element.attributes[name] = wanted


# ---- which of them go on as which ------------------------------------------------------------------------------------


def _paired(held: Sequence[Group], wanted: Sequence[Group]) -> list[Pair]:
    """In order: what goes on as what, what goes (…, None), what comes (None, …); only like goes on as like."""
    first = _alike(held, wanted)
    last = _alike(held[first:][::-1], wanted[first:][::-1])
    ends = len(held) - last, len(wanted) - last
    return [
        *((i, i) for i in range(first)),
        *_moved(_best(held[first : ends[0]], wanted[first : ends[1]]), first),
        *((ends[0] + i, ends[1] + i) for i in range(last)),
    ]


def _alike(held: Sequence[Group], wanted: Sequence[Group]) -> int:
    """How many stand equal at the start of both."""
    count = 0
    for one, other in zip(held, wanted, strict=False):
        if plainly(one) != plainly(other):
            break
        count += 1
    return count


def _moved(pairs: list[Pair], by: int) -> Iterator[Pair]:
    return ((None if i is None else i + by, None if j is None else j + by) for i, j in pairs)


def _best(held: Sequence[Group], wanted: Sequence[Group]) -> list[Pair]:
    """The pairs that share most words (the longest common subsequence, weighed)."""
    if len(held) * len(wanted) > _MOST_COMPARED:
        return _as_they_come(held, wanted)
    bags = [Counter(_words(group)) for group in held], [Counter(_words(group)) for group in wanted]
    weight = [[0.0] * (len(wanted) + 1) for _ in range(len(held) + 1)]
    for i in range(len(held) - 1, -1, -1):
        for j in range(len(wanted) - 1, -1, -1):
            likeness = _likeness(held[i], wanted[j], bags[0][i], bags[1][j])
            weight[i][j] = max(weight[i + 1][j], weight[i][j + 1], likeness and likeness + weight[i + 1][j + 1])
    return list(_walked(weight))


def _as_they_come(held: Sequence[Group], wanted: Sequence[Group]) -> list[Pair]:
    pairs: list[Pair] = []
    for i, j in zip_longest(range(len(held)), range(len(wanted))):
        if i is not None and j is not None and held[i][0]["type"] != wanted[j][0]["type"]:
            pairs += [(i, None), (None, j)]
        else:
            pairs.append((i, j))
    return pairs


def _words(group: Group) -> list[str]:
    if group[0]["type"] == "text":
        return "".join(node["text"] for node in group).split()
    return [word for text in plain.texts_of(group[0]) for word in text.split()]


def _likeness(held: Group, wanted: Group, one: Counter[str], other: Counter[str]) -> float:
    """0 for two kinds, a little for one kind; up to 1 more for the words in common."""
    if held[0]["type"] != wanted[0]["type"]:
        return 0.0
    return 0.01 + 2 * (one & other).total() / ((one + other).total() or 1)


def _walked(weight: list[list[float]]) -> Iterator[Pair]:
    i = j = 0
    while i < len(weight) - 1 or j < len(weight[0]) - 1:
        here = weight[i][j]
        if i < len(weight) - 1 and here == weight[i + 1][j]:
            yield i, None
            i += 1
        elif j < len(weight[0]) - 1 and here == weight[i][j + 1]:
            yield None, j
            j += 1
        else:
            yield i, j
            i, j = i + 1, j + 1


# ---- the words of one run --------------------------------------------------------------------------------------------


def _reword(run: XmlText, words: Group, *, is_last: bool = False) -> None:
    """First the letters, then their formats: where both are right, nothing is written.

    A space at the end of a line is no difference: somebody is about to type the next word there.
    """
    old, new = str_of(run), "".join(node["text"] for node in words)
    edits = list(_edits(old, new + old[len(old.rstrip()) :] if is_last else new))
    for start, gone, come in reversed(edits):
        del run[start : start + gone]
        if come:
            run.insert(start, come)
    for start, end, formats in list(_reformats(run, words)):
        run.format(start, end, formats)


def str_of(run: XmlText) -> str:
    """Its letters, without the signs in which `str` writes formats."""
    return "".join(text for text, _formats in run.diff() if isinstance(text, str))


def _edits(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """Where, in bytes of UTF-8, how many bytes go, and what comes there."""
    parts = _PARTS.findall(old), _PARTS.findall(new)
    at = i = j = 0
    for sign, count in aligned(*parts):
        gone = len("".join(parts[0][i : i + count]).encode()) if sign <= 0 else 0
        if sign:
            yield at, gone, "".join(parts[1][j : j + count]) if sign > 0 else ""
        at, i, j = at + gone, i + (count if sign <= 0 else 0), j + (count if sign >= 0 else 0)


def _reformats(run: XmlText, words: Group) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """The stretches, in bytes, whose formats are not the wanted ones, with what to set and (None) to clear there."""
    held = [(len(text.encode()), whole(formats or {})) for text, formats in run.diff()]
    wanted = [(len(node["text"].encode()), formats_of(node)) for node in words]
    for start, end, have, want in _overlaid(held, wanted):
        change = {name: None for name in have if name not in want}
        change |= {name: value for name, value in want.items() if name not in have or have[name] != value}
        if change:
            yield start, end, change


def _overlaid(held: list[tuple[int, Any]], wanted: list[tuple[int, Any]]) -> Iterator[tuple[int, int, Any, Any]]:
    """Two rows of stretches of the same length in all, divided where either is."""
    rows = [[list(stretch) for stretch in row if stretch[0]] for row in (held, wanted)]
    at = 0
    while rows[0] and rows[1]:
        length = min(rows[0][0][0], rows[1][0][0])
        yield at, at + length, rows[0][0][1], rows[1][0][1]
        at += length
        for row in rows:
            row[0][0] -= length
            if not row[0][0]:
                row.pop(0)
