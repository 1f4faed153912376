"""What stands open around the words: brackets, comments before all sides, people who are only named."""

from collections.abc import Iterable
from html import unescape

from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from reports.models import Bracket, Document, Thread
from reports.text import plain

from .registry import Finding, Place, Rule, register
from .texts import in_brief

OPEN = {
    "bracket": (
        _("These words stand in a bracket of %(side)s."),
        _("Close the bracket: all keys together agree on words for it, and its side can withdraw it."),
    ),
    "comment": (
        _("A comment is open: %(comment)s"),
        _("Say what became of it."),
    ),
    "unplaced": (
        _("A comment is open, and the words it was about have gone: %(comment)s"),
        _("Say what became of it."),
    ),
    "named": (
        _("%(name)s is named from an imported text and has no seat."),
        _("Invite them, or remove the name."),
    ),
}
# These hold a freeze by rules of their own, and no key waives them.
NEVER_WAIVED = frozenset({"bracket", "named"})

RULE = register(Rule("open", _("Open items"), OPEN, judge=lambda whole, gathered: ()))


def open_items(document: Document) -> list[Finding]:
    """As they stand now; of comments those before all sides alone."""
    return [*_named(document), *_brackets(document), *_comments(document)]


def _named(document: Document) -> Iterable[Finding]:
    for seat in document.group.memberships.named().select_related("person"):
        yield Finding("open", "named", (), {"name": str(seat.person)})


def _brackets(document: Document) -> Iterable[Finding]:
    found = Bracket.objects.in_the_text().filter(passage__section__document=document)
    for bracket in found.select_related("side", "passage"):
        place = Place(bracket.passage.public_id, plain.excerpt(bracket.words))
        yield Finding("open", "bracket", (place,), {"side": bracket.side.name, "bracket": bracket.public_id})


def _comments(document: Document) -> Iterable[Finding]:
    threads = Thread.objects.queue_for(None).filter(passage__section__document=document, passage__tabled__isnull=False)
    for thread in threads.select_related("anchor", "passage").prefetch_related("comments"):
        hangs = thread.on_words
        case = "unplaced" if hangs is not None and hangs.place is None else "comment"
        first = next(iter(thread.comments.all()), None)
        said = in_brief(unescape(strip_tags(first.html)) if first else "", 200)
        values = {"comment": said, "thread": thread.public_id}
        yield Finding("open", case, (Place(thread.passage.public_id, hangs.words if hangs else ""),), values)
