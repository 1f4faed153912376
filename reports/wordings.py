"""Suggested words as they are shown: as a difference from those that stand in the text."""

from typing import Any

from django.utils.safestring import SafeString

from .models.words import OnWords
from .text import difference


def suggested(on: OnWords | None) -> SafeString:
    """The quoted words struck and the suggested ones underlined; "" where nothing is suggested."""
    if on is None or on.replacement is None:
        return SafeString("")
    return difference.html(as_text(on.words), as_text(on.replacement))


def as_text(words: str) -> dict[str, Any]:
    """Plain words as a text of one paragraph a line."""
    return {"type": "doc", "content": [_paragraph(line) for line in words.split("\n")]}


def _paragraph(line: str) -> dict[str, Any]:
    content = [{"type": "text", "text": line}] if line else []
    return {"type": "paragraph", "content": content}
