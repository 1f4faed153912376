"""Opening a passage's live text: seeded once, on the server, from the words that its own side or all sides read."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from parley.accounts.models import User
from reports.locks import NotDrafted, locked_draft, locked_passage
from reports.models import LiveText, LiveUpdate, Passage
from reports.text import schema

from . import store
from .conversion import Node, seed, to_json
from .rights import may_write, passage_for, user_of

NO_ACCESS, FOREIGN, TOO_LONG, OLD_SCHEMA, BUSY = 4403, 4409, 4413, 4426, 4503


class Refused(Exception):
    """This passage's channel ends with a code and a word; the page stays."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(code, why)
        self.code, self.why = code, why


@dataclass(frozen=True)
class Entrance:
    """A live text that somebody may read, and whether they may write; `shown` as `events.shown_in` gives it."""

    text: int
    public_id: str
    passage: str
    shown: tuple[str, ...]
    may_write: bool
    saved_at: datetime | None


def enter(session: str, section: str, passage: str, version: int) -> Entrance:
    """Raises Refused. Whoever may not read learns nothing, not even whether somebody types."""
    if version < schema.VERSION:
        raise Refused(OLD_SCHEMA, "schema")
    user = user_of(session)
    found = passage_for(user, section, passage) if user else None
    if user is None or found is None:
        raise Refused(NO_ACCESS, "access")
    writes = may_write(user, found)
    text = _open_one(found) or (open_text(found, by=user) if writes else None)
    if text is None:
        raise Refused(NO_ACCESS, _why_closed(found))
    shown = (section, passage) if found.is_shared else ()
    return Entrance(text.pk, text.public_id, passage, shown, writes, text.changed_at)


def _open_one(passage: Passage) -> LiveText | None:
    return LiveText.objects.open().defer("state").filter(passage=passage).first()


def _why_closed(passage: Passage) -> str:
    if not passage.document.is_drafted:
        return "frozen"
    return "settled" if passage.is_held else "access"


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
    """Its first row is the server's: no id of an earlier text's client, and no row of it, is in the new one."""
    earlier = _left_uncut(passage)
    update, client = seed(to_json(store.load(earlier.pk).update) if earlier else _words_that_stand(passage))
    text = LiveText.objects.create(
        passage=passage,
        caucus=passage.side,
        schema=schema.VERSION,
        sequence=1,
        cut_sequence=0 if earlier else 1,
        last_writer=earlier.last_writer if earlier else None,
    )
    LiveUpdate.objects.create(text=text, sequence=1, payload=update)
    store.claim(text.pk, [client], None)
    if earlier:
        store.wait_for_quiet(text, 0)
    return text


def _left_uncut(passage: Passage) -> LiveText | None:
    """An earlier text that ended with words which fitted into no revision."""
    last = passage.live_texts.defer("state").order_by("-pk").first()
    return None if last is None or last.is_cut else last


def _words_that_stand(passage: Passage) -> Node:
    """What its side reads, or all sides."""
    revision = passage.text_for(passage.side)
    return revision.text if revision else schema.EMPTY
