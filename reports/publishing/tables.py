"""Tables for print: comments with their dispositions, and the ledger. What they say comes with the order, in words."""

from typing import Any

from .labels import fill


def dispositions(render_input: dict) -> dict[str, Any]:
    words = render_input["words"]
    rows = [{**row, "where": _where(row, words), "marks": _said_of(row, words)} for row in render_input["rows"]]
    return {"rows": rows, "versions": render_input["versions"]}


def _where(row: dict, words: dict[str, str]) -> list[str]:
    """Paragraph and section, on lines of their own."""
    number = fill(words["paragraph"], number=row["paragraph"]) if row["paragraph"] else words["gone"]
    return [number, row["section"]]


def _said_of(row: dict, words: dict[str, str]) -> list[tuple[str, str]]:
    """The words that a comment is about, and those that it would have in their place."""
    told = [(words["on"], f"“{row['on']}”")] if row["on"] else []
    if row["instead"] is not None:
        told.append((words["instead"], f"“{row['instead']}”" if row["instead"] else words["leave_out"]))
    return told


def ledger(render_input: dict) -> dict[str, Any]:
    return {"rows": render_input["rows"], "happened": render_input["happened"], "versions": render_input["versions"]}
