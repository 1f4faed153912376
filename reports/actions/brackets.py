"""Brackets: opened by any member for their side, answered with alternatives, closed by the key of every side.

Raising a bracket says that a side does not agree yet, which each of its members may say. Withdrawing it gives up what
the side said: its key holder does that, alone. All else that changes the words takes every side's key.
"""

import hashlib
from typing import Any

import rfc8785
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.actions.keys import NotAKeyHolder, lapse_on
from groups.models import Motion
from groups.motions import MayNotBeMoved, MotionKind, all_sides, register
from groups.standing import standing_now
from parley.access import new_id
from parley.access.submissions import once
from parley.accounts.models import User
from parley.notifications import page_changed
from parley.programmes.models import Side
from reports import links
from reports.live import cutting
from reports.locks import locked, locked_draft, locked_passage
from reports.models import Alternative, Bracket, Document, DocumentState, Outcome, Passage, PassageState, Section
from reports.models.brackets import CLOSING
from reports.notices import alternative_made, bracket_opened, bracket_withdrawn, members_of
from reports.previews import closing_preview
from reports.revising import count_passages, put_before_all, recorded
from reports.text import brackets, places, schema
from reports.text.limits import TextRefused
from reports.text.places import Place, Quote

from .agreement import must_fit
from .passages import NotYourVoice, PassageIsSettled


class WordsNotFound(Exception):
    """The passage does not say these words now."""


class WordsAmbiguous(Exception):
    """The passage says these words in several places, and nothing tells which are meant."""


class AlreadyBracketed(Exception):
    """Some of the words stand in an open bracket: an alternative is added there."""

    def __init__(self, bracket: Bracket) -> None:
        super().__init__(bracket.public_id)
        self.bracket = bracket


class BracketIsClosed(Exception):
    """It was closed or withdrawn meanwhile."""


# ---- opened, answered, withdrawn ---------------------------------------------------------------------------------


@once(Bracket)
@transaction.atomic
def open_bracket(*, passage: Passage, quote: Quote, reason: str, submission: str | None = None, by: User) -> Bracket:
    """Put these words of an open joint passage into a bracket of one's own side; all sides are told.

    The words typed live until now are taken in first. Raises WordsNotFound, WordsAmbiguous, AlreadyBracketed,
    PassageIsSettled, NotYourVoice, NotDrafted, and TextRefused where no bracket can stand.
    """
    document, passage = _locked_joint(passage)
    side = _side_of(by, document)
    live = cutting.catch_up(passage)
    public_id = new_id()
    text = _with_bracket(passage, quote, public_id)
    bracket = Bracket.objects.create(
        public_id=public_id,
        passage=passage,
        side=side,
        reason=reason,
        words=brackets.words_of(text)[public_id],
        person=by,
        submission=submission,
    )
    _say(document, passage, text, by)
    cutting.follow(live, passage, by=by)
    _recorded(document, "bracket.opened", bracket, by)
    bracket_opened.announce(bracket, by=by, key=bracket.public_id)
    return bracket


def _side_of(by: User, document: Document) -> Side:
    """For which a member speaks; nobody else opens, answers or mends."""
    here = standing_now(by, document.group)
    if here.side is None or not here.has_a_side:
        raise NotYourVoice
    return here.side


def said(passage: Passage) -> dict[str, Any]:
    """What a joint passage says to all sides."""
    return passage.tabled.text  # type: ignore[union-attr]  # joint passages lie before all sides


def _locked_joint(passage: Passage) -> tuple[Document, Passage]:
    document = locked_draft(passage.section.document)
    passage = locked_passage(passage)
    if not passage.is_shared or passage.dropped_at:
        raise NotYourVoice
    if passage.is_held:
        raise PassageIsSettled
    return document, passage


def _with_bracket(passage: Passage, quote: Quote, public_id: str) -> dict[str, Any]:
    text = said(passage)
    try:
        return brackets.opened(text, place_of(text, quote), public_id)
    except brackets.Overlaps as overlap:
        raise AlreadyBracketed(Bracket.objects.select_related("side").get(public_id=overlap.bracket)) from overlap


def place_of(text: dict[str, Any], quote: Quote) -> Place:
    """The one place that is meant: among several that say the words, the one with the surroundings of the quote."""
    found = places.find(text, quote)
    if found is None:
        raise WordsNotFound
    if not places.stands_out(text, quote, found):
        raise WordsAmbiguous
    return found


@once(Alternative)
@transaction.atomic
def make_alternative(
    bracket: Bracket, *, words: dict[str, Any] | None, submission: str | None = None, by: User
) -> Alternative:
    """What one's own side would say there; None: to leave the words out. It replaces the side's earlier one.

    A motion to close the bracket with the earlier one lapses. Raises BracketIsClosed, NotYourVoice, NotDrafted.
    """
    document, bracket = _locked_open(bracket)
    side = _side_of(by, document)
    now = timezone.now()
    bracket.alternatives.current().filter(side=side).update(replaced_at=now)
    made = Alternative.objects.create(
        bracket=bracket, side=side, words=words, person=by, made_at=now, submission=submission
    )
    _lapse_choice_of(bracket, side, by)
    _touch(document, bracket)
    _recorded(document, "bracket.alternative", bracket, by, side=side.public_id)
    for person in members_of(document, side):
        bracket_opened.settle(bracket, reader=person)
    alternative_made.announce(bracket, by=by, key=f"alternative:{made.pk}")
    return made


def _lapse_choice_of(bracket: Bracket, side: Side, by: User) -> None:
    motion = Motion.objects.open().on(bracket.public_id).first()
    if motion is not None and motion.facts.get("side") == side.public_id:
        lapse_on(bracket, by=by)


def _locked_open(bracket: Bracket) -> tuple[Document, Bracket]:
    """Under the lock of its passage, which every change of a bracket takes."""
    document = locked_draft(bracket.passage.section.document)
    passage = locked_passage(bracket.passage)
    bracket = Bracket.objects.select_related("side").get(pk=bracket.pk)
    bracket.passage = passage
    if not bracket.is_open or passage.dropped_at:
        raise BracketIsClosed
    return document, bracket


@transaction.atomic
def withdraw_bracket(bracket: Bracket, *, by: User) -> None:
    """By the key holder of the side that opened it: the words stay as they are, without the bracket.

    Raises NotAKeyHolder, BracketIsClosed, NotDrafted; TextRefused when the live words are no text of ours yet.
    """
    document, bracket = _locked_open(bracket)
    here = standing_now(by, document.group)
    if not (here.holds_key and here.is_of(bracket.side)):
        raise NotAKeyHolder
    live = cutting.catch_up(bracket.passage)
    text = brackets.without(said(bracket.passage), lambda found: found == bracket.public_id)
    _close(document, bracket, Outcome.WITHDRAWN, text, by)
    cutting.follow(live, bracket.passage, by=by)
    lapse_on(bracket, by=by)
    _recorded(document, "bracket.withdrawn", bracket, by)
    bracket_withdrawn.announce(bracket, by=by, key=bracket.public_id)


@transaction.atomic
def mend_brackets(passage: Passage, *, by: User) -> None:
    """Words of brackets that an editor changed against the rules are put back; all else that is typed stays.

    Nobody needs a key for it: it restores what stands in the revision that all sides read.
    """
    document, passage = _locked_joint(passage)
    _side_of(by, document)
    cutting.mend(passage, by=by)


# ---- what changes with each of them ------------------------------------------------------------------------------


def _close(document: Document, bracket: Bracket, outcome: Outcome, text: dict[str, Any], by: User) -> None:
    """What the passage says from now on is `text`."""
    bracket.close(outcome, by=by)
    _say(document, bracket.passage, text, by)
    bracket_opened.settle(bracket)


def _say(document: Document, passage: Passage, text: dict[str, Any], by: User) -> None:
    """A new revision with other brackets, before all sides; what was proposed over the old one lapses."""
    put_before_all(passage, text, by=by)
    state = PassageState.BRACKETED if brackets.ids_of(text) else PassageState.OPEN
    if state != passage.state:
        passage.move_to(state)
    passage.save()
    lapse_on(passage, document, by=by)
    count_passages(document, passage.section)
    Document.objects.filter(pk=document.pk).update(changed_at=passage.changed_at)


def _touch(document: Document, bracket: Bracket) -> None:
    """What pages keep of the section and the bracket is old."""
    now = timezone.now()
    Bracket.objects.filter(pk=bracket.pk).update(changed_at=now)
    Section.objects.filter(pk=bracket.passage.section_id).update(changed_at=now)
    Document.objects.filter(pk=document.pk).update(changed_at=now)


def _recorded(document: Document, kind: str, bracket: Bracket, by: User, **facts: str) -> None:
    passage = bracket.passage
    common = {"bracket": bracket.public_id, "passage": passage.public_id, "side": bracket.side.public_id}
    sha256 = schema.digest(said(passage))
    recorded(document, kind, by, **{**common, "sha256": sha256, **facts})
    page_changed(document.topic())


# ---- closed by the key of every side -----------------------------------------------------------------------------


def lock_bracket(public_id: str) -> Bracket:
    """Under document and passage, with the words that all sides have typed until now."""
    bracket = Bracket.objects.select_related("side", "passage__section__document").get(public_id=public_id)
    locked(bracket.passage.section.document)
    passage = locked_passage(bracket.passage)
    passage.unfit = cutting.catch_up_if_fit(passage)
    bracket.refresh_from_db()
    bracket.passage = passage
    return bracket


def take_in_bracket(public_id: str) -> None:
    cutting.take_in(Bracket.objects.select_related("passage__section__document").get(public_id=public_id).passage)


def find_bracket(public_id: str) -> Bracket | None:
    related = ("side", "passage__tabled", "passage__section__document__group__programme")
    return Bracket.objects.select_related(*related).filter(public_id=public_id).first()


def closing_hash(bracket: Bracket, facts: dict[str, Any]) -> str:
    """Of which bracket, its words as they stand, and exactly what will stand in their place."""
    whole = {"bracket": bracket.public_id, "words": bracket.words, **facts}
    return hashlib.sha256(rfc8785.dumps(whole)).hexdigest()


def closing_facts(outcome: str, words: dict[str, Any] | None, side: Side | None = None) -> dict[str, Any]:
    """What a motion says: how the bracket is closed, with which words (None: with none), and whose alternative."""
    return {"outcome": str(outcome), "words": words, **({"side": side.public_id} if side else {})}


def may_close(bracket: Bracket, facts: dict[str, Any]) -> None:
    if bracket.passage.dropped_at:
        raise MayNotBeMoved(_("This passage was dropped meanwhile."))
    if bracket.document.state != DocumentState.DRAFTING:
        raise MayNotBeMoved(_("The document is frozen: its text does not change any more."))
    if not bracket.is_open:
        raise MayNotBeMoved(_("This bracket is closed already."))
    must_fit(bracket.passage)
    if facts:
        _must_be_a_way_to_close(bracket, facts)


def _must_be_a_way_to_close(bracket: Bracket, facts: dict[str, Any]) -> None:
    outcome, words = facts.get("outcome"), facts.get("words")
    if outcome == Outcome.KEPT and words == bracket.words:
        return None
    if outcome == Outcome.MERGED and words:
        return _must_be_words(words)
    if outcome == Outcome.LEFT_OUT and words is None:
        return _must_leave_words(bracket)
    if outcome == Outcome.ALTERNATIVE:
        standing = bracket.alternatives.current().filter(side__public_id=facts.get("side", "")).first()
        if standing is not None and standing.words == words:
            return None if words else _must_leave_words(bracket)
    raise MayNotBeMoved(_("The alternatives changed meanwhile. Read them again, then propose how to close it."))


def _must_be_words(words: dict[str, Any]) -> None:
    try:
        fits = schema.check(words) == words and len(words["content"]) == 1 and not brackets.ids_of(words)
    except TextRefused:
        fits = False
    if not fits:
        raise MayNotBeMoved(_("The words in a bracket’s place are one paragraph of plain text."))


def _must_leave_words(bracket: Bracket) -> None:
    if schema.is_blank(brackets.replaced(said(bracket.passage), bracket.public_id, None)):
        raise MayNotBeMoved(_("The passage would have no words left: propose to drop the whole passage instead."))


def close_bracket(bracket: Bracket, *, motion: Motion, by: User) -> None:
    """With the last key: the agreed words stand in its place, and who types live reads them at once."""
    document, outcome, words = bracket.document, Outcome(motion.facts["outcome"]), motion.facts["words"]
    live = cutting.catch_up(bracket.passage)
    text = brackets.replaced(said(bracket.passage), bracket.public_id, words)
    bracket.settled_words = words
    _close(document, bracket, outcome, text, by)
    cutting.follow(live, bracket.passage, by=by)
    _recorded(document, "bracket.closed", bracket, by, outcome=str(outcome))


CLOSE = register(
    MotionKind(
        name=CLOSING,
        words=gettext_lazy("Close a bracket"),
        lock=lock_bracket,
        prepare=take_in_bracket,
        find=find_bracket,
        group=lambda bracket: bracket.group,
        sha256=closing_hash,
        sides=lambda bracket: all_sides(bracket.group),
        carry=close_bracket,
        check=may_close,
        may_propose=lambda standing, bracket: standing.holds_key,
        url=links.bracket,
        title=lambda bracket: f"{bracket.document.title} · [{bracket.in_brief}]",
        preview=closing_preview,
    )
)
