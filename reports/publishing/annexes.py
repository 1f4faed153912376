"""Prints beside a text: a redline, a table of comments and dispositions, a ledger. One head, each its own pages."""

from collections.abc import Callable
from typing import Any

from . import redlining

CONTEXTS: dict[str, Callable[[dict], dict[str, Any]]] = {"redline": redlining.context_of}


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
