"""Texts in templates."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from groups.models import Motion
from groups.motions import kind_of
from parley.programmes.models import Side
from parley.ui.times import moment_words
from reports import annexes, wordings
from reports.actions.comments import comment_html
from reports.dates import printed_date
from reports.models import Anchor, Passage, UnsentComment
from reports.models.words import OnWords
from reports.reading import words_of
from reports.threads import article

register = template.Library()


@register.simple_tag
def passage_words(passage: Passage, side: Side | None = None) -> SafeString:
    """The tabled words; for a person of the passage's own side, named, their caucus copy where there is one."""
    revision = passage.text_for(side)
    return words_of(revision, f"{passage.public_id}-quoted") if revision else SafeString("")


register.filter(article)


register.simple_tag(wordings.suggested, name="suggestion")


@register.simple_tag
def on_words(on: OnWords, language: str) -> SafeString:
    """The words of a text in this language that a comment is about; of a thread's it is told when they have gone."""
    lost = isinstance(on, Anchor) and on.place is None
    return wordings.on_words(on.words, on.replacement, language=language, lost=lost)


@register.simple_tag
def hour_there(at: datetime, zone: str) -> SafeString:
    """An instant on the clock of the zone in which it was stated, whatever the reader's own."""
    there = at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>', there, moment_words(at, zone))


@register.filter
def said(comment: UnsentComment) -> SafeString:
    """As it will stand in its thread."""
    return SafeString(comment_html(comment.source)) if comment.source else SafeString("")


@register.filter
def as_printed(date: str) -> str:
    """A document's date in words: "November 2026"."""
    return printed_date(date)


register.filter("comment_kind", annexes.kind_in_words)
register.filter("disposition_words", annexes.disposition_in_words)


@register.filter
def motion_words(motion: Motion) -> str:
    """What the motion does, in words."""
    return str(kind_of(motion.kind).words)
