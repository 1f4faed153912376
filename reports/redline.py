"""What changed between two canonical texts, passage by passage, in the order of the newer one."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from .text import difference
from .text.notes import notes_of, with_notes
from .text.schema import EMPTY

PLACES = ("addressee", "horizon")


@dataclass(frozen=True)
class Change:
    """`kind`: added, removed or changed; `words` mark what was added and removed, word by word."""

    kind: str
    number: str
    section: str
    label: str
    heading: str
    words: SafeString


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Passages that the newer text words differently, adds or leaves out, reservations to them among the words.

    Numbers alone are no change.
    """
    before, after = dict(_passages(old)), dict(_passages(new))
    found = [_change(before.get(key), *place) for key, place in after.items()]
    left_out = [_piece("removed", *place) for key, place in before.items() if key not in after]
    return [change for change in [*found, _to_the_whole(old, new)] if change is not None] + left_out


def _to_the_whole(old: dict[str, Any], new: dict[str, Any]) -> Change | None:
    """Reservations to the whole text stand behind its last section."""
    before, after = notes_of(old), notes_of(new)
    if before == after:
        return None
    kind = "changed" if before and after else "added" if after else "removed"
    label = (new["labels"] if after else old["labels"])["reservations_to_the_whole"]
    return Change(kind, "", label, "", "", difference.html(_lines(before), _lines(after)))


def _lines(lines: list[str]) -> dict[str, Any]:
    paragraphs = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines]
    return {"type": "doc", "content": paragraphs} if paragraphs else EMPTY


def _passages(model: dict[str, Any]) -> list[tuple[str, tuple[dict[str, Any], str]]]:
    return [(item["id"], (item, section["title"])) for section in model["sections"] for item in section["items"]]


def _change(before: tuple[dict[str, Any], str] | None, item: dict[str, Any], section: str) -> Change | None:
    if before is None:
        return _piece("added", item, section)
    if _said(before[0]) == _said(item):
        return None
    words = difference.html(_whole(before[0]), _whole(item))
    return Change("changed", item["number"], section, item["label"], _heading(item), words)


def _said(item: dict[str, Any]) -> tuple[Any, ...]:
    heading = item["heading"] or {}
    return item["text"], notes_of(item), item.get("support"), *(heading.get(name) for name in ("text", *PLACES))


def _whole(item: dict[str, Any]) -> dict[str, Any]:
    """The words with what stands over them and their reservations, so that a change of these shows as well."""
    heading, text = item["heading"], with_notes(item["text"], notes_of(item))
    if not heading:
        return text
    lines = [heading["text"], *(f"{heading[f'{name}_label']}: {heading[name]}" for name in PLACES if heading[name])]
    lines += [f"{item['support']['label']}: {item['support']['text']}"] if "support" in item else []
    over = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines]
    return {**text, "content": [*over, *text.get("content", [])]}


def _piece(kind: str, item: dict[str, Any], section: str) -> Change:
    sides = (EMPTY, _whole(item)) if kind == "added" else (_whole(item), EMPTY)
    return Change(kind, item["number"], section, item["label"], _heading(item), difference.html(*sides))


def _heading(item: dict[str, Any]) -> str:
    return f"{item['heading']['number']} {item['heading']['text']}" if item["heading"] else ""
