"""Suggested words: taken into the text by those who own its voice."""

from django.db import transaction
from django.utils.translation import gettext as _

from parley.accounts.models import User
from reports.live import cutting
from reports.models import Anchor, Disposition, Passage, Revision, Thread
from reports.revising import revise
from reports.text import places, replacing, schema
from reports.text.limits import TextRefused
from reports.text.places import Place

from .comments import dispose_of_thread
from .passages import opened_to_write


class SuggestionIsStale(Exception):
    """The text no longer says the words that the suggestion would replace; `stands` is the paragraph there now."""

    def __init__(self, stands: str) -> None:
        super().__init__(stands)
        self.stands = stands


@cutting.with_live_words
@transaction.atomic
def take_suggestion(passage: Passage, *, thread: Thread, by: User) -> Revision:
    """The suggested words stand in the passage, and the comment is answered as taken.

    In a view or reply they stand in its own side's copy. Raises what save_passage does, SuggestionIsStale,
    AlreadyDisposed.
    """
    document, passage, live = opened_to_write(passage, by=by)
    anchor = Anchor.objects.get(thread=thread)
    stands: Revision = passage.text_for(passage.side)  # type: ignore[assignment]  # it has been commented on
    text = schema.check(
        replacing.replaced(stands.text, _still_there(anchor, passage, stands), anchor.replacement or "")
    )
    if schema.is_blank(text):
        raise TextRefused("", _("Nothing would be left of the passage. Drop it instead."))
    revision = revise(document, passage, text, by=by)
    cutting.follow(live, passage, by=by)
    dispose_of_thread(thread, disposition=Disposition.TAKEN, by=by)
    return revision


def _still_there(anchor: Anchor, passage: Passage, stands: Revision) -> Place:
    """Where its owners' text says exactly the words that were quoted."""
    place, hung_in = anchor.place, passage.text_for(anchor.thread.caucus)
    if place is None or hung_in is None:
        raise SuggestionIsStale("")
    place = places.carried(hung_in.text, stands.text, place)
    if place is None:
        raise SuggestionIsStale("")
    if places.quote_at(stands.text, place).words.split() != anchor.words.split():
        raise SuggestionIsStale(places.lines_around(stands.text, place))
    return place
