"""Everybody tries everything, at random: no text is ever agreed, frozen or opened by fewer keys than it takes.

Each walk is grown from one number. What the rules refuse, they refuse by an exception of the domain; any other ends
the walk. After each step the whole document is looked over, from the record of keys and not from what the act said.
"""

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from groups.actions import keys
from groups.models import Key, Motion
from groups.motions import MayNotBeMoved
from parley.notifications.due import run_due
from reports import final_text
from reports.actions import agreement, brackets, documents, packages, passages, referrals
from reports.locks import NotDrafted
from reports.models import Bracket, Document, Passage, PassageState, Referral, Voice, Withdrawal
from reports.models.passages import HELD, SETTLING
from reports.text.limits import TextRefused
from reports.text.places import Quote
from tests.factories import World, passage_of, text

pytestmark = pytest.mark.django_db

REFUSALS = (
    MayNotBeMoved,
    NotDrafted,
    TextRefused,
    brackets.AlreadyBracketed,
    brackets.BracketIsClosed,
    brackets.WordsAmbiguous,
    brackets.WordsNotFound,
    agreement.NotSettled,
    documents.HasSettledText,
    keys.AlreadyProposed,
    keys.KeyIsResting,
    keys.MotionIsClosed,
    keys.NotAKeyHolder,
    keys.TextHasChanged,
    passages.EditConflict,
    passages.NotYourVoice,
    passages.NothingToTable,
    passages.PassageIsSettled,
    referrals.ReferralIsClosed,
)
EVERYBODY = ("co_chair_a", "deputy_a", "member_a", "co_chair_b", "member_b", "facilitator", "observer", "outsider")
CHAIRS = ("co_chair_a", "co_chair_b")
WORDS = ("river", "bank", "fish", "mill", "bridge", "ford")


class Walk:
    """One walk through a small document; `taken` counts the acts that were not refused."""

    def __init__(self, made: World, seed: int, clock: Any) -> None:
        self.made, self.clock, self.chance = made, clock, Random(seed)
        self.taken = 0
        passage_of(made.section, made.member_a, "One river.", voice=Voice.JOINT)

    def step(self) -> None:
        act = self.chance.choice(ACTS)
        try:
            with transaction.atomic():
                act(self)
        except REFUSALS:
            return
        self.taken += 1

    # ---- chances

    def somebody(self):
        """Mostly those who may: a walk that is only refused goes nowhere."""
        return self.made.people[self.chance.choice(CHAIRS if self.chance.random() < 0.7 else EVERYBODY)]

    def passage(self) -> Passage:
        return self.chance.choice(list(_tabled(self.made.document)))

    def document(self) -> Document:
        return Document.objects.get(pk=self.made.document.pk)

    def until(self) -> dt.datetime | None:
        return timezone.now() + dt.timedelta(days=self.chance.randint(1, 9)) if self.chance.random() < 0.2 else None

    def words(self) -> dict:
        return text(" ".join(self.chance.choices(WORDS, k=3)))

    # ---- acts

    def write(self) -> None:
        passage = self.passage()
        version = passage.version if passage.is_shared else passage.caucus_version
        passages.save_passage(passage, text=self.words(), version=version, by=self.somebody())

    def add(self) -> None:
        if _tabled(self.made.document).count() < 6:
            passage_of(self.made.section, self.made.member_b, "Another river.")

    def table(self) -> None:
        passage = self.passage()
        sha256 = passage.caucus_copy.sha256 if passage.caucus_copy else "0" * 64
        passages.table_passage(passage, sha256=sha256, by=self.somebody())

    def propose(self) -> None:
        passage = self.passage()
        sha256 = passage.tabled.sha256 if self.chance.random() < 0.9 else "0" * 64
        keys.propose(SETTLING, passage.public_id, sha256=sha256, until=self.until(), by=self.somebody())

    def settle(self) -> None:
        self.settle_together(self.passage())

    def settle_all(self) -> None:
        """And freeze it, if they may."""
        if self.chance.random() < 0.5:
            for passage in _tabled(self.made.document):
                self.settle_together(passage)
            self.freeze()

    def settle_together(self, passage: Passage) -> None:
        """As co-chairs at one table do: both at once."""
        sha256 = passage.tabled.sha256
        for chair in CHAIRS:
            by = self.made.people[chair]
            motion = Motion.objects.open().on(passage.public_id).filter(kind=SETTLING).first()
            if motion is not None:
                keys.turn_key(motion, sha256=sha256, until=self.until(), by=by)
            elif not Passage.objects.get(pk=passage.pk).is_held and self.speaks_for(chair, passage):
                keys.propose(SETTLING, passage.public_id, sha256=sha256, until=self.until(), by=by)

    def speaks_for(self, chair: str, passage: Passage) -> bool:
        own = self.made.a if chair == "co_chair_a" else self.made.b
        return passage.side is None or passage.side == own

    def turn(self) -> None:
        motion = self.chance.choice(list(Motion.objects.open()) or [None])
        if motion is not None:
            until = self.until() if motion.kind == SETTLING else None
            keys.turn_key(motion, sha256=motion.sha256, until=until, by=self.somebody())

    def take_back(self) -> None:
        motion = self.chance.choice(list(Motion.objects.open()) or [None])
        if motion is not None and self.chance.random() < 0.3:
            keys.withdraw_motion(motion, by=self.made.people[self.chance.choice(CHAIRS)])

    def withdraw(self) -> None:
        if self.chance.random() < 0.5:
            agreement.withdraw_agreement(self.passage(), reason="No.", by=self.somebody())

    def confirm(self) -> None:
        found = Referral.objects.pending() if self.chance.random() < 0.8 else Referral.objects.all()
        referral = self.chance.choice(list(found) or [None])
        if referral is not None:
            sha256 = referral.sha256 if self.chance.random() < 0.9 else "0" * 64
            referrals.confirm_referral(referral, sha256=sha256, by=self.somebody())

    def prolong(self) -> None:
        referral = self.chance.choice(list(Referral.objects.all()) or [None])
        if referral is not None:
            until = timezone.now() + dt.timedelta(days=self.chance.randint(-1, 9))
            referrals.prolong_referral(referral, until=until, by=self.somebody())

    def bracket(self) -> None:
        passage = self.passage()
        word = self.chance.choice(passage.tabled.plain.split() or ["none"])
        brackets.open_bracket(passage=passage, quote=Quote(word), reason="Not ours.", by=self.somebody())

    def unbracket(self) -> None:
        bracket = self.chance.choice(list(Bracket.objects.open()) or [None])
        if bracket is not None:
            brackets.withdraw_bracket(bracket, by=self.somebody())

    def package(self) -> None:
        facts = {"package": not self.document().package}
        sha256 = agreement.facts_digest(self.made.document.public_id, facts)
        keys.propose(
            packages.PACKAGE.name, self.made.document.public_id, sha256=sha256, facts=facts, by=self.somebody()
        )

    def drop(self) -> None:
        passage = self.passage()
        if _tabled(self.made.document).count() > 2:
            sha256 = agreement.DROP.sha256(passage, {})
            keys.propose(agreement.DROP.name, passage.public_id, sha256=sha256, by=self.somebody())

    def freeze(self) -> None:
        document = self.document()
        sha256 = agreement.text_hash(document, {})
        motion = keys.propose(agreement.FREEZE.name, document.public_id, sha256=sha256, by=self.made.co_chair_a)
        keys.turn_key(motion, sha256=sha256, by=self.somebody())

    def unfreeze(self) -> None:
        document, facts = self.document(), {"reason": "A word is wrong."}
        sha256 = agreement.frozen_hash(document, facts)
        keys.propose(agreement.UNFREEZE.name, document.public_id, sha256=sha256, facts=facts, by=self.somebody())

    def wait(self) -> None:
        """Days pass, and a server that slept through some of them wakes."""
        self.clock.shift(dt.timedelta(days=self.chance.randint(0, 6), hours=self.chance.randint(0, 23)))
        run_due()


ACTS: list[Callable[[Walk], None]] = [
    *[Walk.settle] * 6,
    *[Walk.turn] * 6,
    *[Walk.propose] * 3,
    *[Walk.confirm] * 3,
    *[Walk.write] * 2,
    Walk.add,
    Walk.table,
    Walk.take_back,
    Walk.withdraw,
    Walk.prolong,
    Walk.bracket,
    *[Walk.unbracket] * 2,
    *[Walk.package] * 2,
    Walk.drop,
    *[Walk.settle_all] * 2,
    Walk.freeze,
    *[Walk.unfreeze] * 2,
    Walk.wait,
]


def _tabled(document: Document):
    return Passage.objects.tabled_ones().filter(section__document=document, section__dropped_at=None)


# ---- what holds after every step -----------------------------------------------------------------------------------


def look_over(made: World) -> None:
    document = Document.objects.get(pk=made.document.pk)
    found = list(_tabled(document).select_related("tabled", "side"))
    for passage in found:
        if passage.state in HELD:
            _held_by_every_key(made, passage)
        pending = {referral.side_id for referral in passage.referrals.pending()}
        assert not pending or passage.state == PassageState.AD_REFERENDUM
        assert passage.state != PassageState.AD_REFERENDUM or pending or document.package
    for referral in Referral.objects.filter(outcome=Referral.Outcome.CONFIRMED).select_related("side", "closed_by"):
        assert referral.closed_by in _holders(made, referral.side)
        assert referral.sha256 == referral.key.sha256
    _package_holds(document, found)
    _frozen_by_every_key(made, document, found)


def _held_by_every_key(made: World, passage: Passage) -> None:
    """Over the words as they stand, by people of each side whose word it is, and undone by nobody since."""
    motion = Motion.objects.filter(target_id=passage.public_id, kind=SETTLING, state=Motion.State.CARRIED).first()
    assert motion is not None
    assert motion.sha256 == passage.tabled.sha256
    wanted = {made.a, made.b} if passage.side is None else {passage.side}
    turned = {key.side: key for key in Key.objects.filter(motion=motion).select_related("side", "turned_by")}
    assert set(turned) == wanted
    for side, key in turned.items():
        assert key.sha256 == passage.tabled.sha256
        assert key.turned_by in _holders(made, side)
        if key.until is not None and passage.state != PassageState.AD_REFERENDUM:
            assert key.referral.outcome == Referral.Outcome.CONFIRMED
    assert not Withdrawal.objects.filter(passage=passage, withdrawn_at__gt=motion.closed_at).exists()


def _holders(made: World, side) -> list:
    return [made.co_chair_a, made.people["deputy_a"]] if side == made.a else [made.co_chair_b]


def _package_holds(document: Document, found: list[Passage]) -> None:
    if document.package and any(passage.is_settled for passage in found):
        assert all(passage.is_settled for passage in found)


def _frozen_by_every_key(made: World, document: Document, found: list[Passage]) -> None:
    frozen = document.final_text
    assert (frozen is None) == document.is_drafted
    if frozen is None:
        assert all(passage.state != PassageState.FROZEN for passage in found)
        return
    assert all(passage.state == PassageState.FROZEN for passage in found)
    motion = Motion.objects.filter(kind=agreement.FREEZE.name, state=Motion.State.CARRIED).first()
    assert (motion.sha256, motion.keys.count()) == (frozen.sha256, 2)
    assert final_text.digest(final_text.build(document)) == frozen.sha256


@pytest.mark.parametrize("seed", [0, 3, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(4, 24))])
def test_however_everybody_acts_nothing_is_agreed_with_fewer_keys_than_it_takes(made, seed):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        walk = Walk(made, seed, clock)

        for _number in range(150):
            walk.step()
            look_over(made)

    assert walk.taken > 30
