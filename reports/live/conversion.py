"""Between the document of Yjs, in which people type, and the JSON of ProseMirror, which is checked, shown and hashed.

The editor's binding keeps a node as an element, a run of words as a text whose formats are the marks; a mark that may
overlap its like is kept under its name with a hash behind (`comment--x1Yz…`). pycrdt gives whole numbers as floats and
counts positions of a text in bytes of UTF-8.
"""

import json
import re
from typing import Any, Final

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from reports.text.schema import SPEC

from .protocol import EMPTY_UPDATE
from .structure import ROOT

Node = dict[str, Any]

_HASHED: Final = re.compile(r"(.*)--[A-Za-z0-9+/=]{8}", re.DOTALL)
_RANK: Final = {name: rank for rank, name in enumerate(SPEC["marks"])}


class Unreadable(Exception):
    """The library could not read what is stored; nothing is lost, but no words can be cut from it."""


def doc_of(state: bytes) -> Doc:
    """The document that an update describes. pycrdt panics on some bytes; that must end no process of ours."""
    doc: Doc = Doc()
    try:
        doc.apply_update(state or EMPTY_UPDATE)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as panic:
        raise Unreadable(type(panic).__name__) from panic
    return doc


def to_json(state: bytes) -> Node:
    """The words of a live text, unchecked."""
    fragment = doc_of(state).get(ROOT, type=XmlFragment)
    return {"type": "doc", "content": _nodes(fragment)}


def _nodes(parent: XmlFragment | XmlElement) -> list[Node]:
    return [node for child in parent.children for node in read(child)]


def read(child: XmlElement | XmlText | XmlFragment) -> list[Node]:
    if isinstance(child, XmlText):
        return [_words(text, formats) for text, formats in child.diff() if isinstance(text, str) and text]
    if not isinstance(child, XmlElement):
        return _nodes(child)
    attrs = {name: whole(value) for name, value in list(child.attributes)}  # type: ignore[call-overload]  # mistyped there
    content = _nodes(child)
    return [{"type": child.tag, **({"attrs": attrs} if attrs else {}), **({"content": content} if content else {})}]


def _words(text: str, formats: dict[str, Any] | None) -> Node:
    marks = [_mark(name, value) for name, value in (formats or {}).items() if value is not None]
    marks.sort(key=lambda mark: (_RANK.get(mark["type"], len(_RANK)), json.dumps(mark, sort_keys=True)))
    return {"type": "text", "text": text, **({"marks": marks} if marks else {})}


def _mark(name: str, value: Any) -> Node:
    hashed = _HASHED.fullmatch(name)
    attrs = whole(value)
    return {"type": hashed[1] if hashed else name, **({"attrs": attrs} if isinstance(attrs, dict) and attrs else {})}


def whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return {name: whole(one) for name, one in value.items()} if isinstance(value, dict) else value


def seed(text: Node) -> tuple[bytes, int]:
    """A new document with these words, as one update; and the client id under which the server wrote it."""
    doc: Doc = Doc()
    fill(doc.get(ROOT, type=XmlFragment), text.get("content", []))
    return doc.get_update(), doc.client_id


def plainly(nodes: list[Node]) -> str:
    """What two pieces are compared by: a default that one of them leaves out makes no difference."""
    return json.dumps([_defaulted(node) for node in joined(nodes)], sort_keys=True)


def _defaulted(node: Node) -> Node:
    defaults = {name: spec.get("default") for name, spec in SPEC["nodes"][node["type"]].get("attrs", {}).items()}
    content = [_defaulted(child) for child in joined(node.get("content", []))]
    return {**node, "attrs": {**defaults, **node.get("attrs", {})}, "content": content}


def joined(nodes: list[Node]) -> list[Node]:
    """Neighbouring words with the same marks as one."""
    found: list[Node] = []
    for node in nodes:
        if found and "text" in node and "text" in found[-1] and node.get("marks") == found[-1].get("marks"):
            found[-1] = {**found[-1], "text": found[-1]["text"] + node["text"]}
        else:
            found.append(node)
    return found


def fill(parent: XmlFragment | XmlElement, nodes: list[Node]) -> None:
    run, length = None, 0
    for node in nodes:
        if node["type"] != "text":
            run = None
            element = parent.children.append(element_of(node))
            fill(element, node.get("content", []))
            continue
        if run is None:
            run, length = parent.children.append(XmlText()), 0
        run.insert(length, node["text"], formats_of(node) or None)
        length += len(node["text"].encode())


def formats_of(node: Node) -> dict[str, Any]:
    """The marks of words as a text of Yjs holds them."""
    return {mark["type"]: mark.get("attrs", {}) for mark in node.get("marks", [])}


def element_of(node: Node) -> XmlElement:
    attrs = {name: value for name, value in (node.get("attrs") or {}).items() if value is not None}
    return XmlElement(node["type"], attrs)
