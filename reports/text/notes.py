"""Footnotes that stand beside a text and are printed in it: reservations, which no edit of the words touches."""

from collections.abc import Iterable
from typing import Any

Node = dict[str, Any]


def with_notes(text: Node, notes: Iterable[str]) -> Node:
    """The text with a footnote of plain words for each, where its last paragraph ends.

    A list at its end is passed over: a call behind its last entry would speak of that entry alone.
    """
    added = [{"type": "footnote", "content": [{"type": "text", "text": note}]} for note in notes]
    if not added:
        return text
    blocks = list(text.get("content", []))
    paragraphs = [place for place, node in enumerate(blocks) if node["type"] == "paragraph"]
    if not paragraphs:
        return {**text, "content": [*blocks, {"type": "paragraph", "content": added}]}
    last = paragraphs[-1]
    blocks[last] = {**blocks[last], "content": [*blocks[last].get("content", []), *added]}
    return {**text, "content": blocks}


def notes_of(item: dict[str, Any]) -> list[str]:
    """The reservations to a passage of a canonical text, or to the whole of one, as footnotes say them."""
    return [f"{reservation['attribution']} {reservation['text']}" for reservation in item.get("reservations", [])]
