"""Opening a live text: seeded once, on the server, from the words that its own side, all sides or its writers read."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from parley.accounts.models import User
from reports.locks import NotDrafted, locked_draft, locked_passage
from reports.models import LiveText, Passage, Proposal
from reports.text import schema

from . import branching
from .conversion import Node
from .rights import Named, found_for, may_write, user_of
from .seeding import left_uncut, seeded, seeded_from

NO_ACCESS, FOREIGN, TOO_LONG, OLD_SCHEMA, BUSY = 4403, 4409, 4413, 4426, 4503


class Refused(Exception):
    """This text's channel ends with a code and a word; the page stays."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(code, why)
        self.code, self.why = code, why


@dataclass(frozen=True)
class Entrance:
    """A live text that somebody may read, and whether they may write; `shown` as `events.shown_in` gives it."""

    text: int
    public_id: str
    named: Named
    shown: tuple[str, ...]
    may_write: bool
    saved_at: datetime | None


def enter(session: str, section: str, named: Named, version: int) -> Entrance:
    """Raises Refused. Whoever may not read learns nothing, not even whether somebody types."""
    if version < schema.VERSION:
        raise Refused(OLD_SCHEMA, "schema")
    user = user_of(session)
    home = found_for(user, section, named) if user else None
    if user is None or home is None:
        raise Refused(NO_ACCESS, "access")
    writes = may_write(user, home)
    text = _entered(home, user, writes)
    if text is None:
        raise Refused(NO_ACCESS, _why_closed(home))
    shown = (section, named.public_id) if isinstance(home, Passage) and home.is_shared else ()
    return Entrance(text.pk, text.public_id, named, shown, writes, text.changed_at)


def _entered(home: Passage | Proposal, user: User, writes: bool) -> LiveText | None:
    if isinstance(home, Passage):
        return _open_one(home) or (open_text(home, by=user) if writes else None)
    return branching.entered(home, by=user) if writes else None


def _open_one(passage: Passage) -> LiveText | None:
    return LiveText.objects.open().defer("state").filter(passage=passage).first()


def _why_closed(home: Passage | Proposal) -> str:
    if not home.document.is_drafted:
        return "frozen"
    if isinstance(home, Proposal):
        return "access" if home.is_pending else home.state
    if home.pen_id:
        return "penned"
    return "settled" if home.is_held else "access"


def open_text(passage: Passage, *, by: User) -> LiveText | None:
    """The passage's open text, made when there is none; None when it was agreed or frozen meanwhile."""
    try:
        with transaction.atomic():
            locked_draft(passage.section.document)
            passage = locked_passage(passage)
            if not may_write(by, passage):
                return None
            return _open_one(passage) or _made(passage)
    except NotDrafted:
        return None


def _made(passage: Passage) -> LiveText:
    fresh = LiveText(passage=passage, caucus=passage.side)
    if earlier := left_uncut(passage.live_texts.all()):
        return seeded_from(earlier, fresh)
    return seeded(fresh, _words_that_stand(passage))


def _words_that_stand(passage: Passage) -> Node:
    """What its side reads, or all sides."""
    revision = passage.text_for(passage.side)
    return revision.text if revision else schema.EMPTY
