"""The one schema of texts, and canonical form 1: the bytes of a text that are hashed, agreed, signed and verified.

`schema.json` is read by this module and by the live editor. Its `version` is an integer that rises with every change;
changes only add, so that a text checked today stays valid, with the same hash. `docs/canonical-form-1.md` is the
specification.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, cast

import rfc8785
from django.utils.translation import gettext as _
from prosemirror.model import Node as Checked
from prosemirror.model import Schema

from reports.text import limits, links
from reports.text.limits import TextRefused

__all__ = ["EMPTY", "FORM", "VERSION", "TextRefused", "canonical", "check", "digest", "heading_of", "is_blank"]

Node = dict[str, Any]

FORM: Final = 1
SPEC: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("schema.json").read_text(encoding="utf-8"))
VERSION: Final[int] = SPEC["version"]
SCHEMA: Final[Schema[str, str]] = Schema(cast("Any", SPEC))
_MARKS: Final = [name for name in SPEC["marks"] if name != "comment"]  # in the order of the file, as editors sort them
_BRACKET_ID: Final = re.compile(r"[0-9a-z]{1,32}")
EMPTY: Final[Node] = {"type": "doc", "content": [{"type": "paragraph"}]}


def check(doc: Any) -> Node:
    """The text as it is stored: defaults filled, NFC, comment marks out, blanks gone. Raises TextRefused(path, reason).

    Checking a checked text changes nothing.
    """
    limits.refuse_shape(doc)
    if doc["type"] != "doc":
        raise TextRefused("", _("This is not a text of a passage."))
    tidy = _doc(doc)
    _refuse_unfit(tidy)
    if len(_bytes(tidy)) > limits.MAX_BYTES:
        raise limits.too_large()
    return tidy


def canonical(doc: Any) -> bytes:
    """Canonical form 1 of a text: RFC 8785 of {"form": 1, "text": checked text}, in UTF-8."""
    return _bytes(check(doc))


def digest(doc: Any) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(doc)).hexdigest()


def is_blank(doc: Node) -> bool:
    """Whether a checked text holds no words at all."""
    return doc == EMPTY


def heading_of(doc: Node) -> tuple[Node | None, Node]:
    """A recommendation's heading node, or None, and the text without it."""
    first, *rest = doc["content"]
    return (first, {**doc, "content": rest}) if first["type"] == "heading" else (None, doc)


def with_heading(doc: Node, text: str, *, addressee: str = "", horizon: str = "") -> Node:
    """The checked text with this heading in the place of the one it has."""
    words = [{"type": "text", "text": text}] if text else []
    heading = {"type": "heading", "attrs": {"addressee": addressee, "horizon": horizon}, "content": words}
    return check({"type": "doc", "content": [heading, *heading_of(check(doc))[1]["content"]]})


def _bytes(tidy: Node) -> bytes:
    return rfc8785.dumps({"form": FORM, "text": tidy})


def _refuse_unfit(tidy: Node) -> None:
    """The second opinion: ProseMirror's own check of the tree that we tidied."""
    try:
        Checked.from_json(SCHEMA, tidy).check()
    except (ValueError, KeyError, TypeError) as fault:
        raise TextRefused("", _("The text does not fit Parley’s schema: %(fault)s") % {"fault": str(fault)}) from fault


def _doc(node: Node) -> Node:
    _attributes(node, "")
    children = _children(node, "")
    heads = [_heading(child, path) for child, path in children[:1] if child["type"] == "heading"]
    body = _blocks(children[len(heads) :], allowed=_TOP)
    return {"type": "doc", "content": [head for head in heads if head] + (body or [{"type": "paragraph"}])}


def _children(node: Node, path: str) -> list[tuple[Node, str]]:
    prefix = f"{path}." if path else ""
    return [(child, f"{prefix}content[{i}]") for i, child in enumerate(node.get("content", []))]


def _attributes(node: Node, path: str) -> Node:
    """The node's attributes with defaults filled; those that the schema does not know are refused."""
    known = SPEC["nodes"][node["type"]].get("attrs", {})
    given = node.get("attrs") or {}
    if not isinstance(given, dict) or not given.keys() <= known.keys():
        raise TextRefused(path, _("“%(name)s” carries settings that Parley does not know.") % {"name": node["type"]})
    return {name: given.get(name, spec["default"]) for name, spec in known.items()}


def _heading(node: Node, path: str) -> Node | None:
    """The heading of a recommendation: plain words, an addressee and a horizon; None when all three are blank."""
    attrs = {
        name: limits.one_line(value, f"{path}.attrs.{name}", may_be_blank=True)
        for name, value in _attributes(node, path).items()
    }
    words = "".join(_words(child, child_path) for child, child_path in _children(node, path))
    words = limits.one_line(words, path, may_be_blank=True)
    content = {"content": [{"type": "text", "text": words}]} if words else {}
    return {"type": "heading", "attrs": attrs, **content} if words or any(attrs.values()) else None


def _words(node: Node, path: str) -> str:
    if node["type"] != "text" or _marks(node, path):
        raise TextRefused(path, _("A heading holds plain words only."))
    return _raw(node, path)


def _blocks(children: list[tuple[Node, str]], allowed: "dict[str, Tidy]") -> list[Node]:
    """Tidied blocks: blank ones dropped, neighbouring lists of one kind joined."""
    found: list[Node] = []
    for child, path in children:
        tidy = _tidied(child, path, allowed)
        if tidy and found and tidy["type"] == found[-1]["type"] != "paragraph":
            found[-1]["content"] += tidy["content"]
            _refuse_long_list(found[-1], path)
        elif tidy:
            found.append(tidy)
    return found


def _tidied(node: Node, path: str, allowed: "dict[str, Tidy]") -> Node | None:
    if tidy := allowed.get(node["type"]):
        return tidy(node, path)
    if node["type"] == "heading":
        raise TextRefused(path, _("A heading stands only at the very start of a recommendation."))
    if node["type"] == "options":
        raise TextRefused(path, _("Lettered options cannot stand inside a list. Put them after it."))
    raise TextRefused(path, _("Parley’s texts have no place for “%(name)s” here.") % {"name": node["type"][:40]})


def _paragraph(node: Node, path: str) -> Node | None:
    _attributes(node, path)
    content = _inline(node, path)
    return {"type": "paragraph", "content": content} if content else None


def _list(node: Node, path: str) -> Node | None:
    attrs = _attributes(node, path)
    if "start" in attrs:
        attrs["start"] = _start(attrs["start"], path)
    kind = "option" if node["type"] == "options" else "listItem"
    items = [item for child, child_path in _children(node, path) if (item := _item(child, child_path, kind))]
    tidy = {"type": node["type"], **({"attrs": attrs} if attrs else {}), "content": items}
    _refuse_long_list(tidy, path)
    return tidy if items else None


def _start(value: Any, path: str) -> int:
    """Live editors hand numbers back as floats; the canonical form knows integers only."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value in range(1, limits.MAX_START + 1):
        return int(value)
    reason = _("A numbered list begins with a whole number from 1 to %(last)d.")
    raise TextRefused(path, reason % {"last": limits.MAX_START})


def _refuse_long_list(node: Node, path: str) -> None:
    most = limits.MAX_OPTIONS if node["type"] == "options" else limits.MAX_ITEMS
    if len(node["content"]) > most:
        raise TextRefused(path, _("A list here has at most %(n)d entries. Divide it.") % {"n": most})


def _item(node: Node, path: str, kind: str) -> Node | None:
    if node["type"] != kind:
        raise TextRefused(path, _("Parley’s texts have no place for “%(name)s” here.") % {"name": node["type"][:40]})
    _attributes(node, path)
    blocks = _blocks(_children(node, path), allowed=_INNER)
    if blocks and blocks[0]["type"] != "paragraph":
        blocks.insert(0, {"type": "paragraph"})
    return {"type": kind, "content": blocks} if blocks else None


Tidy = Callable[[Node, str], Node | None]
_INNER: Final[dict[str, Tidy]] = {"paragraph": _paragraph, "bulletList": _list, "orderedList": _list}
_TOP: Final[dict[str, Tidy]] = {**_INNER, "options": _list}


def _inline(node: Node, path: str) -> list[Node]:
    """Texts, breaks and footnotes of one block: equal neighbours joined, NFC, white space as it is printed."""
    pieces = _joined(piece for child, at in _children(node, path) for piece in _pieces(child, at, node["type"]))
    for piece in pieces:
        if "text" in piece:
            piece["text"] = limits.spaced(unicodedata.normalize("NFC", piece["text"]))
    pieces = _joined(_trimmed(pieces))
    limits.refuse_heaped_marks("".join(piece.get("text", "\n") for piece in pieces), path)
    return pieces


def _pieces(node: Node, path: str, parent: str) -> Iterator[Node]:
    marks = _marks(node, path)
    if node["type"] == "text":
        marks = [mark for mark in marks if mark["type"] != "bracket" or parent == "paragraph"]
        yield from _texts(limits.seen(_raw(node, path), path), marks, parent)
    elif node["type"] == "hardBreak" and parent == "paragraph":
        _attributes(node, path)
        yield {"type": "hardBreak"}
    elif node["type"] == "footnote" and parent == "paragraph":
        _attributes(node, path)
        content = _inline(node, path)
        yield from [{"type": "footnote", "content": content}] if content else []
    elif parent == "footnote":
        raise TextRefused(path, _("A footnote holds one run of words: no line breaks, lists or further footnotes."))
    else:
        raise TextRefused(path, _("Parley’s texts have no place for “%(name)s” here.") % {"name": node["type"][:40]})


def _raw(node: Node, path: str) -> str:
    if not isinstance(node.get("text"), str):
        raise TextRefused(path, _("Words are expected here."))
    return str(node["text"])


def _texts(text: str, marks: list[Node], parent: str) -> Iterator[Node]:
    """A soft line break of a word processor becomes a line break, in a footnote a space."""
    lines = limits.LINE_BREAKS.split(text) if parent == "paragraph" else [limits.LINE_BREAKS.sub(" ", text)]
    for i, line in enumerate(lines):
        if i:
            yield {"type": "hardBreak"}
        if line:
            yield {"type": "text", "text": line, **({"marks": marks} if marks else {})}


def _marks(node: Node, path: str) -> list[Node]:
    """The node's marks in the schema's order; marks of comments belong to the editor, not to the text."""
    found: dict[str, Node] = {}
    given = node.get("marks") or []
    for mark in given if isinstance(given, list) else [given]:
        if not isinstance(mark, dict) or mark.get("type") not in SPEC["marks"]:
            raise TextRefused(path, _("Words here carry a format that Parley does not know."))
        if mark["type"] != "comment":
            found[mark["type"]] = _mark(mark["type"], mark.get("attrs") or {}, path)
    return [found[name] for name in _MARKS if name in found]


def _mark(name: str, attrs: Any, path: str) -> Node:
    known = SPEC["marks"][name].get("attrs", {})
    if not isinstance(attrs, dict) or not attrs.keys() <= known.keys():
        raise TextRefused(path, _("“%(name)s” carries settings that Parley does not know.") % {"name": name})
    if name == "bracket":
        return {"type": name, "attrs": {"id": _bracket(attrs.get("id"), path)}}
    return {"type": name, "attrs": {"href": links.target(attrs.get("href"), path)}} if known else {"type": name}


def _bracket(value: Any, path: str) -> str:
    if isinstance(value, str) and _BRACKET_ID.fullmatch(value):
        return value
    raise TextRefused(path, _("A bracket here has no name that Parley gave it."))


def _joined(pieces: Iterator[Node] | list[Node]) -> list[Node]:
    found: list[Node] = []
    texts: list[str] = []
    for piece in pieces:
        if found and "text" in piece and "text" in found[-1] and piece.get("marks") == found[-1].get("marks"):
            texts.append(piece["text"])
            continue
        _close(found, texts)
        found.append(dict(piece))
    _close(found, texts)
    return found


def _close(found: list[Node], texts: list[str]) -> None:
    """Joins gathered texts at once: adding them one by one is quadratic."""
    if texts:
        found[-1]["text"] = "".join([found[-1]["text"], *texts])
        texts.clear()


def _trimmed(pieces: list[Node]) -> list[Node]:
    """Lines without white space at their ends, words parted by one space, no line break at either end."""
    lines: list[list[Node]] = [[]]
    for piece in pieces:
        if piece["type"] == "hardBreak":
            lines.append([])
        else:
            lines[-1].append(piece)
    lines = [_single_spaced(_stripped(line)) for line in lines]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return [piece for i, line in enumerate(lines) for piece in ([{"type": "hardBreak"}] if i else []) + line]


def _stripped(line: list[Node]) -> list[Node]:
    line = _stripped_from(line, str.lstrip)
    return _stripped_from(line[::-1], str.rstrip)[::-1]


def _stripped_from(line: list[Node], strip: Callable[[str, str], str]) -> list[Node]:
    for i, piece in enumerate(line):
        if "text" not in piece:
            return line[i:]
        if words := strip(piece["text"], limits.NO_BREAK_SPACES):
            return [{**piece, "text": words}, *line[i + 1 :]]
    return []


def _single_spaced(line: list[Node]) -> list[Node]:
    found: list[Node] = []
    for piece in line:
        if "text" in piece and found and found[-1].get("text", "").endswith(" "):
            piece = {**piece, "text": piece["text"].removeprefix(" ")}
        if piece.get("text") != "":
            found.append(piece)
    return found
