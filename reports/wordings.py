"""Suggested words as they are shown: as a difference from those that stand in the text."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .models.words import OnWords
from .text import difference


def suggested(on: OnWords | None) -> SafeString:
    """The quoted words struck and the suggested ones underlined; "" where nothing is suggested."""
    return _suggested(on.words, on.replacement) if on else SafeString("")


def _suggested(words: str, replacement: str | None) -> SafeString:
    return SafeString("") if replacement is None else difference.html(as_text(words), as_text(replacement))


def on_words(
    words: str, replacement: str | None, *, language: str, stands_at: str = "", lost: bool = False
) -> SafeString:
    """The words of a text (in its language) that a comment is about, or would have otherwise.

    `stands_at`: the address of where they stand; `lost`: they stand in it no longer.
    """
    if suggestion := _suggested(words, replacement):
        shown = format_html(
            '<p class="quiet">{}</p><div class="words" lang="{}">{}</div>', _("Suggested words"), language, suggestion
        )
    else:
        shown = format_html('<blockquote class="quoted" lang="{}">{}</blockquote>', language, words)
    return format_html('<div class="on-words">{}{}</div>', shown, _where(stands_at, lost))


def _where(stands_at: str, lost: bool) -> SafeString:
    if stands_at:
        return format_html('<p><a href="{}">{}</a></p>', stands_at, _("See these words in the text"))
    if lost:
        return format_html('<p class="quiet">{}</p>', _("These words are no longer in the text."))
    return SafeString("")


def as_text(words: str) -> dict[str, Any]:
    """Plain words as a text of one paragraph a line."""
    return {"type": "doc", "content": [_paragraph(line) for line in words.split("\n")]}


def _paragraph(line: str) -> dict[str, Any]:
    content = [{"type": "text", "text": line}] if line else []
    return {"type": "paragraph", "content": content}
