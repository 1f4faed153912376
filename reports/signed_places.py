"""The places of a final text that a reservation made at signing can name."""

from typing import Any

from django.utils.translation import gettext as _

from .text import plain

# Characters of a passage's first words in a list of choices.
EXCERPT = 60


def places_of(model: dict[str, Any]) -> list[tuple[str, str]]:
    """Each passage with its number and first words: by the id that the text gives it, in reading order."""
    items = [item for section in model["sections"] for item in section["items"]]
    return [(item["id"], f"{named(item)}: {_first_words(item)}") for item in items]


def named(item: dict[str, Any]) -> str:
    """“Recommendation R2”, “Paragraph 7”."""
    if item["heading"]:
        return _("Recommendation %(number)s") % {"number": item["heading"]["number"]}
    return _("Paragraph %(number)s") % {"number": item["number"]}


def _first_words(item: dict[str, Any]) -> str:
    heading: dict[str, str] | None = item["heading"]
    return heading["text"] if heading and heading["text"] else plain.excerpt(item["text"], EXCERPT)


def name_of_place(model: dict[str, Any], place: str) -> str:
    """As an annex prints it; "" for the whole text."""
    items = (item for section in model["sections"] for item in section["items"])
    return next((named(item) for item in items if item["id"] == place), "")
