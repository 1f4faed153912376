"""What hangs on words goes with them: hung when a comment is made, carried by whoever cuts a revision."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .models import Anchor, Passage, Revision, Thread
from .text import places
from .text.places import Carrying, Node, Place, Quote


class WordsHaveChanged(Exception):
    """The text that the comment's readers see does not say these words (any more)."""


class WordsAreUnclear(Exception):
    """Words that can't be hung on as they are; its text says what to do."""


@dataclass(frozen=True)
class Wording:
    """The words that a comment is about, and those it would have in their place; None: it suggests nothing."""

    quote: Quote
    replacement: str | None = None


def place_of(text: Node, wording: Wording) -> Place:
    """Raises WordsHaveChanged and WordsAreUnclear."""
    place = places.find(text, wording.quote)
    if place is None:
        raise WordsHaveChanged
    if places.stand_twice(text, wording.quote):
        raise WordsAreUnclear(_("These words stand here more than once. Copy some more of what stands around them."))
    if wording.replacement is not None and not places.is_in_one_line(text, place):
        raise WordsAreUnclear(_("Other words can be suggested for one paragraph at a time. Choose fewer words."))
    return place


def as_it_stands(revision: Revision | None, wording: Wording) -> tuple[Place, Wording]:
    """Where the text says the words, and the wording as the text spells it and surrounds it."""
    if revision is None:
        raise WordsHaveChanged
    place = place_of(revision.text, wording)
    return place, Wording(places.quote_at(revision.text, place), wording.replacement)


def hung(thread: Thread, wording: Wording) -> Anchor:
    """On the words of the thread's revision, to be added with the thread; its passage is locked.

    Of a review that was begun earlier the words may have gone: its comment is kept without a place then.
    """
    place: Place | None
    try:
        place, wording = as_it_stands(thread.revision, wording)
    except (WordsHaveChanged, WordsAreUnclear):
        if thread.review_id is None:
            raise
        place = None
    anchor = Anchor(thread=thread)
    anchor.about(wording.quote, wording.replacement)
    anchor.place = place
    return anchor


def carry(passage: Passage, old: Revision | None, new: Revision) -> None:
    """What hung in the old text hangs in the new one: one question and one answer for however many threads."""
    if old is None:
        return
    carrying = Carrying(old.text, new.text)
    moved = [anchor for anchor in Anchor.objects.hanging_in(passage, new.caucus) if _has_moved(anchor, carrying)]
    if moved:
        Anchor.objects.bulk_update(moved, ["start", "end"])


def _has_moved(anchor: Anchor, carrying: Carrying) -> bool:
    before = anchor.place
    anchor.place = carrying.to(before) if before else carrying.back_to(anchor.quote)
    return anchor.place != before
