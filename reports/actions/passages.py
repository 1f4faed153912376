"""Writing passages: in caucus and jointly, tabling, replying, ordering, dropping."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.actions.keys import NotAKeyHolder, lapse_on
from groups.standing import Standing, standing_now
from parley.access.submissions import once
from parley.accounts.models import User
from parley.notifications import page_changed
from parley.programmes.models import Side
from reports.live import branching, cutting
from reports.locks import locked_draft, locked_passage
from reports.models import (
    Document,
    Ending,
    LiveText,
    Outcome,
    Passage,
    PassageState,
    ProposalRevision,
    Revision,
    Section,
    Voice,
)
from reports.models.passages import ONE_SIDED_VOICES
from reports.notices import bracket_opened, passage_tabled
from reports.proposing import answer_those_tabled, offered_on
from reports.revising import checked_for, cut_revision, put_before_all, recorded, revise, told

from .coverage import answered_by
from .documents import HasSettledText, StaleOrder
from .pens_ending import end_pen_over


class EditConflict(Exception):
    """Somebody saved meanwhile; `theirs` is what the passage says now. Nothing is stored, nothing is lost."""

    def __init__(self, theirs: Revision | ProposalRevision | None, version: int) -> None:
        super().__init__("version")
        self.theirs, self.version = theirs, version


class PassageIsSettled(Exception):
    """Agreed text is read-only until a key holder withdraws that side's agreement."""


class PenIsGiven(PassageIsSettled):
    """Somebody drafts it under a pen: others comment and propose."""


class NotYourVoice(Exception):
    """A view or reply is written by its own side; joint text by the members of all sides."""


class PassageIsGone(Exception):
    """The passage was dropped meanwhile."""


class NothingToTable(Exception):
    """The caucus copy is the tabled text already, or there is none, or it is not what the person saw."""


@once(Passage)
@transaction.atomic
def add_passage(
    *,
    section: Section,
    voice: str,
    text: dict[str, Any],
    side: Side | None = None,
    answers: Passage | None = None,
    after: Passage | None = None,
    attributed_in_text: bool = False,
    submission: str | None = None,
    by: User,
) -> Passage:
    """A new passage with its first revision: views and replies begin in caucus, shared voices before all.

    `text` is ProseMirror JSON; TextRefused (reports.text) says what is wrong with it.
    """
    document = locked_draft(section.document)
    _may_add(document, standing_now(by, document.group), voice, side, by)
    if answers is not None and not _can_be_answered(answers, side):
        raise PassageIsGone
    checked = checked_for(voice, text)
    in_caucus = voice in ONE_SIDED_VOICES
    section.document = document
    passage = _create(section, voice, side, answers, after, checked, attributed_in_text, submission, by, in_caucus)
    told(document, passage, "passage.added", by)
    return passage


def _may_add(document: Document, here: Standing, voice: str, side: Side | None, by: User) -> None:
    """While somebody drafts the whole document, they alone add to its joint words: seen by all at once as they do."""
    if voice in ONE_SIDED_VOICES or document.pen is None:
        _may_write(here, voice, side)
    elif document.pen.holder_id != by.pk or not here.sees_texts:
        raise PenIsGiven


def _create(
    section: Section,
    voice: str,
    side: Side | None,
    answers: Passage | None,
    after: Passage | None,
    text: dict[str, Any],
    attributed_in_text: bool,
    submission: str | None,
    by: User,
    in_caucus: bool,
) -> Passage:
    """The row and its first revision. A tabled state needs its revision and the revision its row: caucus first."""
    passage = Passage(
        section=section,
        voice=voice,
        side=side,
        answers=answers,
        position=_make_room(section, after or answers),
        state=PassageState.CAUCUS,
        attributed_in_text=attributed_in_text,
        submission=submission,
        started_by=by,
        pen=None if side else section.document.pen,
    )
    passage.save()
    if in_caucus:
        passage.caucus_copy = cut_revision(passage, text, caucus=side, by=by)
        passage.caucus_version = 1
    else:
        put_before_all(passage, text, by=by)
    passage.save()
    return passage


def _can_be_answered(view: Passage, side: Side | None) -> bool:
    """A tabled view of another side that is still there."""
    fresh = Passage.objects.filter(pk=view.pk).tabled_ones().first()
    return fresh is not None and fresh.voice == Voice.VIEW and side is not None and fresh.side_id != side.pk


def _may_write(here: Standing, voice: str, side: Side | None) -> None:
    if not here.has_a_side or (voice in ONE_SIDED_VOICES and not here.is_of(side)):
        raise NotYourVoice


def _make_room(section: Section, after: Passage | None) -> int:
    """A position after `after` (its replies too), or at the end of the section."""
    if after is None or after.section_id != section.pk:
        last = section.passages.aggregate(last=Max("position"))["last"]
        return 0 if last is None else last + 1
    following = after.replies.filter(section=section).aggregate(last=Max("position"))["last"]
    place = max(after.position, following if following is not None else after.position) + 1
    for moved in section.passages.filter(position__gte=place).order_by("-position"):
        Passage.objects.filter(pk=moved.pk).update(position=moved.position + 1)
    return place


@cutting.with_live_words
@transaction.atomic
def save_passage(passage: Passage, *, text: dict[str, Any], version: int, by: User) -> Revision:
    """Store an edit that began from `version`; raises EditConflict with the newer text when somebody saved meanwhile.

    What others have typed live counts as saved; raises TextRefused when that is no text of ours yet. A view or reply is
    written in its caucus copy: the others keep seeing the tabled revision.
    """
    document, passage, live = opened_to_write(passage, by=by)
    _must_be_newest(passage, version)
    revision = revise(document, passage, text, by=by)
    cutting.follow(live, passage, by=by)
    return revision


def opened_to_write(passage: Passage, *, by: User) -> tuple[Document, Passage, LiveText | None]:
    """For those who own its voice: locked, with the words that were typed live."""
    document = locked_draft(passage.section.document)
    passage = locked_passage(passage)
    _may_write(standing_now(by, document.group), passage.voice, passage.side)
    if passage.is_shared and passage.is_held:
        raise PassageIsSettled
    if passage.pen_id:
        raise PenIsGiven
    return document, passage, cutting.catch_up(passage)


def _must_be_newest(passage: Passage, version: int) -> None:
    newest = passage.version if passage.is_shared else passage.caucus_version
    if newest != version:
        raise EditConflict(passage.tabled if passage.is_shared else passage.caucus_copy or passage.tabled, newest)


@cutting.with_live_words
@transaction.atomic
def table_passage(passage: Passage, *, sha256: str, by: User) -> Revision:
    """Put the side's caucus copy before all sides: by its key holder, exactly the text with this hash.

    It can't be taken back, only revised. A tabled view that was settled is open again with its new words. What the side
    typed live ends with it: its rows are never shown outside, and who writes on begins from the tabled words. Raises
    TextRefused when the live words are no text of ours yet.
    """
    document = locked_draft(passage.section.document)
    passage = locked_passage(passage)
    here = standing_now(by, document.group)
    if not (here.holds_key and here.is_of(passage.side)):
        raise NotAKeyHolder
    branching.hold(passage, offered_on(passage))
    cutting.catch_up(passage)
    copy = passage.caucus_copy
    if copy is None or copy.sha256 != sha256:
        raise NothingToTable
    if passage.is_held:
        raise PassageIsSettled
    cutting.end(passage, Ending.TABLED)
    revision = put_before_all(passage, copy.text, by=by)
    passage.caucus_copy = None
    passage.proposed_for_side = False
    passage.save()
    lapse_on(passage, document, by=by)
    told(document, passage, "passage.tabled", by)
    if passage.voice == Voice.REPLY:
        answered_by(document, passage, by=by)
    answer_those_tabled(document, passage, by=by)
    passage_tabled.announce(passage, by=by, key=revision.public_id)
    return revision


@transaction.atomic
def order_passages(section: Section, *, order: Sequence[str], by: User) -> None:
    """`order`: the public ids of the passages that the person sees; agreed ones keep their order among themselves.

    What they don't see (the other side's caucus) keeps its place behind the passage it stood behind.
    """
    document = locked_draft(section.document)
    here = standing_now(by, document.group)
    every = list(section.passages.present().order_by("position", "pk"))
    seen = [p for p in every if p.is_tabled or here.is_of(p.side)]
    if sorted(order) != sorted(p.public_id for p in seen):
        raise StaleOrder
    agreed = [p.public_id for p in seen if p.is_held]
    if [public_id for public_id in order if public_id in agreed] != agreed:
        raise HasSettledText(_("Agreed text would move: propose the new order, and every side turns its key."))
    place_passages(section, every, order)
    shared = [p.public_id for p in sorted(seen, key=lambda p: order.index(p.public_id)) if p.is_tabled]
    recorded(document, "passage.ordered", by, section=section.public_id, order=shared)
    lapse_on(document, by=by)
    page_changed(document.topic())


def place_passages(section: Section, every: Sequence[Passage], order: Sequence[str]) -> None:
    by_id = {p.public_id: p for p in every}
    hidden_behind: dict[str | None, list[Passage]] = {}
    last: str | None = None
    for passage in every:
        if passage.public_id in order:
            last = passage.public_id
        else:
            hidden_behind.setdefault(last, []).append(passage)
    result = list(hidden_behind.get(None, []))
    for public_id in order:
        result += [by_id[public_id], *hidden_behind.get(public_id, [])]
    for position, passage in enumerate(result):
        passage.position = position
    Passage.objects.bulk_update(result, ["position"])


@cutting.with_live_words
@transaction.atomic
def drop_passage(passage: Passage, *, by: User) -> None:
    """What nobody else has read, or what never said anything; all else is dropped with the key of every side."""
    document = locked_draft(passage.section.document)
    passage = locked_passage(passage)
    _may_write(standing_now(by, document.group), passage.voice, passage.side)
    if passage.pen_id:
        raise HasSettledText(_("Somebody holds the pen over this passage: propose to drop it, under every side’s key."))
    cutting.catch_up_if_fit(passage)
    if passage.is_tabled and passage.revisions.exclude(plain="").exists():
        raise HasSettledText(_("All sides have read this passage: propose to drop it, and every side turns its key."))
    drop(document, passage, by=by)


def drop(document: Document, passage: Passage, *, by: User) -> None:
    """It leaves the text; its revisions and comments stay in the record, and so do words that fitted into none."""
    cutting.catch_up_if_fit(passage)
    cutting.end(passage, Ending.DROPPED)
    branching.end_those_on(passage, Ending.DROPPED)
    _close_brackets(passage, by)
    end_pen_over(document, passage, by=by)
    passage.dropped_at = timezone.now()
    passage.save(update_fields=["dropped_at"])
    lapse_on(passage, document, by=by)
    told(document, passage, "passage.dropped", by, in_caucus=not passage.is_tabled)


def _close_brackets(passage: Passage, by: User) -> None:
    for bracket in passage.brackets.open():
        bracket.close(Outcome.DROPPED, by=by)
        bracket_opened.settle(bracket)
        lapse_on(bracket, by=by)


@transaction.atomic
def restore_passage(passage: Passage, *, by: User) -> None:
    """As it stood when it was dropped, its brackets open again: what was not agreed then is not agreed now."""
    document = locked_draft(passage.section.document)
    passage = locked_passage(passage)
    _may_write(standing_now(by, document.group), passage.voice, passage.side)
    passage.dropped_at = None
    passage.pen = document.pen if passage.is_shared else None
    passage.save(update_fields=["dropped_at", "pen"])
    passage.brackets.dropped().update(outcome="", closed_at=None, closed_by=None)
    lapse_on(document, by=by)
    told(document, passage, "passage.restored", by, in_caucus=not passage.is_tabled)
