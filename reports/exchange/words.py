"""The words of a passage in a file: plain where that says everything, light markup where it does not."""

import re
from collections.abc import Sequence
from typing import Any, Final

from reports.text import markup, schema

Node = dict[str, Any]
MARKUP: Final = "markup"


def from_plain(text: str, options: Sequence[str] = ()) -> Node:
    """The checked text of plain words: a blank line begins a paragraph, a new line a line; options close the text."""
    blocks = [_paragraph(block) for block in re.split(r"\n[ \t]*\n", _with_new_lines(text))]
    entries = [{"type": "option", "content": [_paragraph(_with_new_lines(words))]} for words in options]
    return schema.check(
        {"type": "doc", "content": [*blocks, *([{"type": "options", "content": entries}] if entries else [])]}
    )


def as_json(doc: Node) -> dict[str, Any]:
    """The keys of a passage that give this very text when they are read again."""
    text, options = _plain(doc)
    keys: dict[str, Any] = {"text": text, **({"options": options} if options else {})}
    if from_plain(text, options) == doc:
        return keys
    return {"text": markup.from_doc(doc), "format": MARKUP}


def _with_new_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _paragraph(text: str) -> Node:
    content: list[Node] = []
    for i, line in enumerate(text.split("\n")):
        content += [{"type": "hardBreak"}] if i else []
        content += [{"type": "text", "text": line}] if line else []
    return {"type": "paragraph", "content": content}


def _plain(doc: Node) -> tuple[str, list[str]]:
    """Paragraphs and options as plain words; whether they say everything is seen by reading them again."""
    blocks = [_line(node) for node in doc["content"] if node["type"] == "paragraph"]
    entries = [item for node in doc["content"] if node["type"] == "options" for item in node["content"]]
    return "\n\n".join(blocks), [_line(item["content"][0]) for item in entries]


def _line(paragraph: Node) -> str:
    return "".join(
        "\n" if node["type"] == "hardBreak" else node.get("text", "") for node in paragraph.get("content", [])
    )
