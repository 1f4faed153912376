"""Two drafts of one invented text, and ways of changing the second."""

import copy
from typing import Any

from reports.text.schema import check
from tests.reports.publishing import samples
from tests.reports.publishing.samples import item, paragraph, section, view


def draft() -> dict[str, Any]:
    """Two sections of joint words, a view with its reply, a recommendation with options, a footnote."""
    return checked(samples.report())


def small(*sections: dict) -> dict[str, Any]:
    found = sections or (
        section(1, "First", *(item(n, paragraph(f"Sentence number {n} of the river.")) for n in (1, 2, 3))),
        section(2, "Second", *(item(n, paragraph(f"Sentence number {n} of the bridge.")) for n in (4, 5))),
    )
    return checked(samples.final_text(list(found)))


def checked(model: dict[str, Any]) -> dict[str, Any]:
    """Its texts as they are kept, with defaults filled in."""
    for part in model["sections"]:
        for one in part["items"]:
            one["text"] = check(one["text"])
    return model


def changed(model: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(model)


def items(model: dict[str, Any], number: int = 0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = model["sections"][number]["items"]
    return found


def say(one: dict[str, Any], words: str) -> None:
    one["text"] = check(samples.text_of(paragraph(words)))


__all__ = ["changed", "checked", "draft", "item", "items", "paragraph", "say", "section", "small", "view"]
