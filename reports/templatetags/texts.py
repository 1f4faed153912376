"""Texts in templates."""

from django import template
from django.utils.safestring import SafeString

from groups.models import Motion
from groups.motions import kind_of
from parley.programmes.models import Side
from reports.actions.comments import comment_html
from reports.dates import printed_date
from reports.models import Passage, UnsentComment
from reports.reading import words_of
from reports.threads import article
from reports.wordings import suggested

register = template.Library()


@register.simple_tag
def passage_words(passage: Passage, side: Side | None = None) -> SafeString:
    """The tabled words; for a person of the passage's own side, named, their caucus copy where there is one."""
    revision = passage.text_for(side)
    return words_of(revision, f"{passage.public_id}-quoted") if revision else SafeString("")


register.filter(article)


register.simple_tag(suggested, name="suggestion")


@register.filter
def said(comment: UnsentComment) -> SafeString:
    """As it will stand in its thread."""
    return SafeString(comment_html(comment.source)) if comment.source else SafeString("")


@register.filter
def as_printed(date: str) -> str:
    """A document's date in words: "November 2026"."""
    return printed_date(date)


@register.filter
def motion_words(motion: Motion) -> str:
    """What the motion does, in words."""
    return str(kind_of(motion.kind).words)
