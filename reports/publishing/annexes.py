"""Prints beside a text: a redline, a table of comments and dispositions, a ledger. One head, each its own pages."""

from collections.abc import Callable
from typing import Any

from . import redlining, tables

CONTEXTS: dict[str, Callable[[dict], dict[str, Any]]] = {
    "redline": redlining.context_of,
    "dispositions": tables.dispositions,
    "ledger": tables.ledger,
}


def is_annex(render_input: dict) -> bool:
    return render_input["template"] in CONTEXTS


def context_of(render_input: dict) -> dict[str, Any]:
    """The document and its group as the text names them, the words of the annex, and its own part."""
    text, words = render_input["text"], render_input["words"]
    return {
        "document": text["document"],
        "programme": text["programme"],
        "group": text["group"],
        "language": text["language"],
        "kind": words["kind"],
        "words": words,
        "title": render_input["title"],
        "made": render_input["made"],
        "marks": [mark for mark in (render_input["draft"], render_input["specimen"]) if mark],
        **CONTEXTS[render_input["template"]](render_input),
    }


def attached(render_input: dict) -> list[tuple[str, str, str, Any]]:
    """What is attached to an annex: (name, relationship, description, value to be written as canonical JSON)."""
    if render_input["template"] == "redline":
        return [
            ("text", "Source", "The newer text: canonical JSON (RFC 8785)", render_input["text"]),
            ("earlier", "Source", "The older text: canonical JSON (RFC 8785)", render_input["since"]),
        ]
    kind = render_input["template"]
    return [(kind, "Source", "What this table says: canonical JSON (RFC 8785)", render_input["record"])]
