"""Everybody tries everything: one walk over all transitions of a text, driven by Hypothesis, watched by a witness.

What the rules refuse, they refuse by an exception of the domain; any other ends the walk, as does anything that the
witness cannot explain. Hypothesis then shrinks the walk to the shortest that shows it.
"""

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import time_machine
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from groups.actions import appoint_deputy, ask_for_succession, confirm_succession, end_membership, keys, seat
from groups.actions.seats import SeatTaken, end_deputy
from groups.actions.successions import AlreadyAsked, NothingToDecide
from groups.models import Deputy, Membership, Motion, Role, Succession
from groups.motions import MayNotBeMoved
from parley.accounts.models import Proof, User
from parley.notifications.models import Delivery, DeliveryState
from reports.actions import (
    agreement,
    amending,
    brackets,
    documents,
    packages,
    passages,
    proposals,
    publishing,
    referrals,
    reservations,
    signing,
    silences,
)
from reports.actions.silence_start import SILENCE
from reports.locks import NotDrafted
from reports.models import Bracket, Document, DocumentState, FinalText, Passage, Referral, Silence, TextReservation
from reports.models.passages import SETTLING
from reports.text.limits import TextRefused
from reports.text.places import Quote
from tests.factories import World, passage_of, text
from tests.reports.signing.silences import ANNOUNCED, facts_of, live_until, sleep_until

from .witness import Witness

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
    proposals.NothingProposed,
    proposals.ProposalIsClosed,
    proposals.WordsOverlap,
    publishing.AlreadyPublished,
    publishing.NotAuthorised,
    referrals.ReferralIsClosed,
    reservations.HasLeftTheText,
    reservations.OwnWords,
    reservations.ReservationIsWithdrawn,
    reservations.SupportRests,
    signing.AlreadyDone,
    signing.NotASignatory,
    signing.NotOpenForThis,
    silences.MailIsNotOut,
    silences.NotEntitled,
    silences.SilenceIsOver,
    AlreadyAsked,
    NothingToDecide,
    SeatTaken,
)
START = dt.datetime(2027, 3, 22, 9, 0, tzinfo=dt.UTC)
SIDE_A = ("co_chair_a", "deputy_a", "member_a", "ex_member_a")
SIDE_B = ("co_chair_b", "member_b", "member_c")
OTHERS = ("facilitator", "observer", "outsider")
WORDS = ("river", "bank", "fish", "mill", "bridge", "ford")
MOST_PASSAGES = 4
NOTHING = "0" * 64

# Mostly those who may: a walk that is only refused goes nowhere.
who = st.sampled_from([*["holder_a", "holder_b"] * 4, *SIDE_A[:3], *SIDE_B, *OTHERS])
chairs = st.sampled_from(["holder_a", "holder_b"])
members = st.sampled_from([*SIDE_A, *SIDE_B])
pick = st.integers(0, 5)
sometimes = st.sampled_from([False, False, True])
seldom = st.sampled_from([False] * 7 + [True])
days = st.integers(1, 9)
words = st.lists(st.sampled_from(WORDS), min_size=2, max_size=3)
_shown = itertools.count()


def drafting(method: Any) -> Any:
    return precondition(lambda self: self.witness.frozen is None)(method)


def frozen(method: Any) -> Any:
    return precondition(lambda self: self.witness.frozen is not None)(method)


class Agreement(RuleBasedStateMachine):
    """`made` is the world that each walk begins with; `steps` and `taken` count over all walks."""

    made: World
    steps = taken = 0

    def __init__(self) -> None:
        super().__init__()
        self.time = time_machine.travel(START, tick=False)
        self.clock = self.time.start()
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.witness = Witness(self.made)
        self.changed = True

    @initialize(statement=st.booleans(), in_order=seldom)
    def begin(self, statement: bool, in_order: bool) -> None:
        kind = "joint_statement" if statement else "joint_report"
        Document.objects.filter(pk=self.made.document.pk).update(kind=kind, sign_in_order=in_order)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)
        connection.run_on_commit.clear()
        self.time.stop()

    @invariant()
    def everything_is_explained(self) -> None:
        type(self).steps += 1
        connection.run_on_commit.clear()
        # What was refused has changed nothing; that this is so, every fifth look shows.
        if self.changed or self.steps % 5 == 0:
            self.witness.look()
            self.changed = False

    def attempt(self, act: Callable[..., Any], *args: Any, **said: Any) -> bool:
        """Whether it was not refused."""
        try:
            self.done = act(*args, **said)
        except REFUSALS:
            return False
        type(self).taken += 1
        self.changed = True
        return True

    # ---- who and what

    def person(self, name: str) -> User:
        if name.startswith("holder"):
            side = self.made.a if name == "holder_a" else self.made.b
            name_of = {person.pk: person for person in self.made.people.values()}
            holder = self.witness.holder.get(side.pk)
            return name_of[holder] if holder else self.made.people["co_chair_" + name[-1]]
        return self.made.people[name]

    def document(self) -> Document:
        return Document.objects.select_related("group__programme").get(pk=self.made.document.pk)

    def text(self) -> FinalText | None:
        return FinalText.objects.standing().filter(document=self.made.document.pk).select_related("document").first()

    def passages(self) -> list[Passage]:
        found = Passage.objects.tabled_ones().filter(section__document=self.made.document, section__dropped_at=None)
        return list(found.select_related("tabled", "caucus_copy", "side", "section__document__group"))

    def passage(self, number: int) -> Passage:
        found = self.passages()
        return found[number % len(found)]

    def seat_of(self, person: User) -> Membership | None:
        return Membership.objects.acting().filter(group=self.made.group, person=person).first()

    # ---- keys

    def propose(self, kind: Any, target: str, sha256: str, by: User, **said: Any) -> bool:
        self.witness.turning.append((by.pk, sha256))
        return self.attempt(
            keys.propose, kind if isinstance(kind, str) else kind.name, target, sha256=sha256, by=by, **said
        )

    def turn_key(self, motion: Motion, by: User, *, sha256: str = "", until: dt.datetime | None = None) -> bool:
        sha256 = sha256 or motion.sha256
        self.witness.turning.append((by.pk, sha256))
        return self.attempt(keys.turn_key, motion, sha256=sha256, until=until, by=by)

    def under_all_keys(self, kind: Any, target: Any, facts: dict[str, Any]) -> None:
        """As co-chairs at one table do: one proposes, all turn."""
        sha256 = kind.sha256(target, facts)
        if self.propose(kind, target.public_id, sha256, self.person("holder_a"), facts=facts):
            self.turn_key(self.done, self.person("holder_b"))

    def until(self, in_days: int | None) -> dt.datetime | None:
        return timezone.now() + dt.timedelta(days=in_days) if in_days else None

    # ---- writing

    @drafting
    @rule(number=pick, said=words, by=who)
    def write(self, number: int, said: list[str], by: str) -> None:
        passage = self.passage(number)
        version = passage.version if passage.is_shared else passage.caucus_version
        self.attempt(passages.save_passage, passage, text=text(" ".join(said)), version=version, by=self.person(by))

    @drafting
    @rule()
    def add(self) -> None:
        writer = self.made.people["member_b"]
        if len(self.passages()) < MOST_PASSAGES and self.document().is_drafted and self.seat_of(writer):
            passage_of(self.made.section, writer, "Another river.")

    @drafting
    @rule(number=pick, by=who)
    def table(self, number: int, by: str) -> None:
        passage = self.passage(number)
        sha256 = passage.caucus_copy.sha256 if passage.caucus_copy else NOTHING
        self.attempt(passages.table_passage, passage, sha256=sha256, by=self.person(by))

    @drafting
    @rule(number=pick, by=who, word=pick)
    def bracket(self, number: int, by: str, word: int) -> None:
        passage = self.passage(number)
        found = passage.tabled.plain.split() or ["none"]
        quote = Quote(found[word % len(found)])
        self.attempt(brackets.open_bracket, passage=passage, quote=quote, reason="Not ours.", by=self.person(by))

    @drafting
    @rule(by=who)
    def unbracket(self, by: str) -> None:
        for bracket in Bracket.objects.open().filter(passage__section__document=self.made.document)[:3]:
            self.attempt(brackets.withdraw_bracket, bracket, by=self.person(by))

    @drafting
    @rule(by=who, how=st.sampled_from(["kept", "left-out", "merged"]), said=words, now=sometimes)
    def close_bracket(self, by: str, how: str, said: list[str], now: bool) -> None:
        bracket = Bracket.objects.open().filter(passage__section__document=self.made.document).first()
        if bracket is None:
            return
        new = {"kept": bracket.words, "left-out": None, "merged": text(" ".join(said))}[how]
        facts = brackets.closing_facts(how, new)
        if now:
            self.under_all_keys(brackets.CLOSE, bracket, facts)
        else:
            sha256 = brackets.closing_hash(bracket, facts)
            self.propose(brackets.CLOSE, bracket.public_id, sha256, self.person(by), facts=facts)

    @drafting
    @rule(number=pick, said=words, by=who, now=sometimes)
    def amend(self, number: int, said: list[str], by: str, now: bool) -> None:
        """Other words for a passage that is agreed: with the keys that agreed on it, or with one of them."""
        passage, proposer = self.passage(number), self.person(by)
        held = passage.is_held and passage.tabled is not None
        how = {"passage": passage, "side": None, "text": text(" ".join(said)), "base": passage.tabled, "by": proposer}
        if not held or not self.attempt(proposals.begin_proposal, **how):
            return
        begun = self.done
        if self.attempt(proposals.offer_proposal, begun, sha256=begun.newest.sha256, reason="Better.", by=proposer):
            proposal = amending.find_proposal(begun.public_id)
            if now:
                self.under_all_keys(amending.AMEND, proposal, {})
            else:
                sha256 = amending.amendment_hash(proposal, {})
                self.propose(amending.AMEND, proposal.public_id, sha256, proposer)

    @drafting
    @rule(number=st.none() | pick, by=who, for_side=st.booleans())
    def reserve(self, number: int | None, by: str, for_side: bool) -> None:
        on = None if number is None else self.passage(number)
        said = {"words": "We see it otherwise.", "for_side": for_side, "by": self.person(by)}
        self.attempt(reservations.enter_reservation, document=self.document(), passage=on, **said)

    @drafting
    @rule(number=pick, by=who)
    def take_back_a_reservation(self, number: int, by: str) -> None:
        entered = list(TextReservation.objects.filter(document=self.made.document).order_by("pk"))
        if entered:
            chosen = entered[number % len(entered)]
            self.attempt(reservations.withdraw_reservation, chosen, by=self.person(by))

    # ---- agreeing

    @drafting
    @rule(number=pick, by=who, in_days=st.none() | days, wrong=seldom)
    def propose_to_settle(self, number: int, by: str, in_days: int | None, wrong: bool) -> None:
        passage = self.passage(number)
        sha256 = NOTHING if wrong else passage.tabled.sha256
        self.propose(SETTLING, passage.public_id, sha256, self.person(by), until=self.until(in_days))

    @drafting
    @rule(number=pick, in_days=st.none() | days)
    def settle(self, number: int, in_days: int | None) -> None:
        self.settle_together(self.passage(number), in_days)

    @drafting
    @rule()
    def settle_all_and_freeze(self) -> None:
        if not self.document().is_drafted:
            return
        for bracket in Bracket.objects.open().filter(passage__section__document=self.made.document):
            for chair in ("holder_a", "holder_b"):
                self.attempt(brackets.withdraw_bracket, bracket, by=self.person(chair))
        for referral in Referral.objects.pending():
            self.confirm_for_its_side(referral)
        for passage in self.passages():
            self.settle_together(passage, None)
        self.freeze_it()

    def settle_together(self, passage: Passage, in_days: int | None) -> None:
        sha256 = passage.tabled.sha256
        for chair, side in (("holder_a", self.made.a), ("holder_b", self.made.b)):
            by = self.person(chair)
            motion = Motion.objects.open().on(passage.public_id).filter(kind=SETTLING).first()
            if motion is not None:
                self.turn_key(motion, by, sha256=sha256, until=self.until(in_days))
            elif passage.side_id in (None, side.pk) and not Passage.objects.get(pk=passage.pk).is_held:
                self.propose(SETTLING, passage.public_id, sha256, by, until=self.until(in_days))

    @rule(number=pick, by=who, in_days=st.none() | days, wrong=seldom)
    def turn(self, number: int, by: str, in_days: int | None, wrong: bool) -> None:
        motions = list(Motion.objects.open().order_by("pk"))
        if motions:
            motion = motions[number % len(motions)]
            until = self.until(in_days) if motion.kind == SETTLING else None
            self.turn_key(motion, self.person(by), sha256=NOTHING if wrong else "", until=until)

    @rule(number=pick, by=chairs)
    def take_back(self, number: int, by: str) -> None:
        motions = list(Motion.objects.open().order_by("pk"))
        if motions:
            self.attempt(keys.withdraw_motion, motions[number % len(motions)], by=self.person(by))

    @drafting
    @rule(number=pick, by=who)
    def withdraw(self, number: int, by: str) -> None:
        passage, person = self.passage(number), self.person(by)
        if self.attempt(agreement.withdraw_agreement, passage, reason="No.", by=person):
            self.witness.withdrew(passage.public_id, person.pk, passage.side_id)

    @drafting
    @rule(number=pick, by=who, wrong=seldom)
    def confirm(self, number: int, by: str, wrong: bool) -> None:
        found = list(Referral.objects.order_by("pk").select_related("passage", "side"))
        if found:
            referral = found[number % len(found)]
            self.confirm_by(referral, self.person(by), NOTHING if wrong else referral.sha256)

    def confirm_for_its_side(self, referral: Referral) -> None:
        chair = "holder_a" if referral.side_id == self.made.a.pk else "holder_b"
        self.confirm_by(referral, self.person(chair), referral.sha256)

    def confirm_by(self, referral: Referral, by: User, sha256: str) -> None:
        if self.attempt(referrals.confirm_referral, referral, sha256=sha256, by=by):
            self.witness.confirmed(referral.passage.public_id, by.pk, sha256)

    @drafting
    @rule(number=pick, by=who, in_days=st.integers(-1, 9))
    def prolong(self, number: int, by: str, in_days: int) -> None:
        found = list(Referral.objects.order_by("pk").select_related("passage"))
        if found:
            referral, person = found[number % len(found)], self.person(by)
            until = timezone.now() + dt.timedelta(days=in_days)
            if self.attempt(referrals.prolong_referral, referral, until=until, by=person):
                self.witness.prolonged(referral.passage.public_id, person.pk, until)

    @drafting
    @rule(by=who)
    def package(self, by: str) -> None:
        document = self.document()
        facts = {"package": not document.package}
        sha256 = packages.PACKAGE.sha256(document, facts)
        self.propose(packages.PACKAGE, document.public_id, sha256, self.person(by), facts=facts)

    @drafting
    @rule()
    def package_under_all_keys(self) -> None:
        document = self.document()
        self.under_all_keys(packages.PACKAGE, document, {"package": not document.package})

    @drafting
    @rule(number=pick, by=who)
    def drop(self, number: int, by: str) -> None:
        passage = self.passage(number)
        if len(self.passages()) > 2:
            sha256 = agreement.DROP.sha256(passage, {})
            self.propose(agreement.DROP, passage.public_id, sha256, self.person(by), facts={})

    @drafting
    @rule(by=st.none() | chairs, now=sometimes)
    def release(self, by: str | None, now: bool) -> None:
        document = self.document()
        if now and by is None:
            self.under_all_keys(agreement.RELEASE, document, {})
        elif now:
            sha256 = agreement.RELEASE.sha256(document, {})
            self.propose(agreement.RELEASE, document.public_id, sha256, self.person(str(by)), facts={})

    # ---- the final text

    @drafting
    @rule(by=who, now=sometimes)
    def freeze(self, by: str, now: bool) -> None:
        document = self.document()
        if document.is_drafted and now:
            sha256 = agreement.text_hash(document, {})
            self.propose(agreement.FREEZE, document.public_id, sha256, self.person(by), facts={})

    def freeze_it(self) -> None:
        self.under_all_keys(agreement.FREEZE, self.document(), {})

    @frozen
    @rule(by=who)
    def unfreeze(self, by: str) -> None:
        document, facts = self.document(), {"reason": "A word is wrong."}
        if not document.is_drafted:
            sha256 = agreement.frozen_hash(document, facts)
            self.propose(agreement.UNFREEZE, document.public_id, sha256, self.person(by), facts=facts)

    @frozen
    @rule()
    def unfreeze_it(self) -> None:
        document = self.document()
        if document.state != DocumentState.PUBLISHED:
            self.under_all_keys(agreement.UNFREEZE, document, {"reason": "A word is wrong."})

    @frozen
    @rule(what=pick, number=pick, by=chairs)
    def try_what_is_over(self, what: int, number: int, by: str) -> None:
        """Words and agreements of a frozen text."""
        passage, person = self.passage(number), self.person(by)
        sha256 = passage.tabled.sha256
        if what == 0:
            self.attempt(passages.save_passage, passage, text=text("Other."), version=passage.version, by=person)
        elif what == 1:
            self.propose(SETTLING, passage.public_id, sha256, person)
        elif what == 2 and self.attempt(agreement.withdraw_agreement, passage, reason="No.", by=person):
            self.witness.withdrew(passage.public_id, person.pk, passage.side_id)
        elif what == 3:
            self.under_all_keys(packages.PACKAGE, self.document(), {"package": not self.document().package})
        elif what == 4:
            self.propose(agreement.DROP, passage.public_id, agreement.DROP.sha256(passage, {}), person, facts={})
        else:
            self.freeze_it()

    def proof(self, by: User, purpose: str, sha256: str) -> Proof:
        return Proof.objects.create(
            user=by, purpose=purpose, sha256=sha256, method="totp", evidence=f"walked {next(_shown)}"
        )

    @frozen
    @rule(by=st.sampled_from(["holder_a", "holder_b", "deputy_a", "member_b"]))
    def initial(self, by: str) -> None:
        self.act("initial", self.person(by))

    @frozen
    @rule(alike=st.booleans())
    def all_initial_and_sign(self, alike: bool) -> None:
        for chair in ("holder_a", "holder_b"):
            self.act("initial", self.person(chair))
        found = self.text()
        if alike and found is not None and found.document.state == DocumentState.SIGNING:
            for place in found.signatories.select_related("person"):
                self.act("sign", place.person)

    @frozen
    @rule(by=members, kind=st.sampled_from(["sign", "reserve", "decline"]))
    def answer(self, by: str, kind: str) -> None:
        self.act(kind, self.person(by))

    def act(self, kind: str, by: User) -> None:
        found = self.text()
        if found is None:
            return
        self.witness.acting.add((by.pk, kind))
        said: dict[str, Any] = {"sha256": found.sha256, "by": by}
        if kind == "decline":
            self.attempt(signing.decline, found, reason="Not mine.", **said)
        elif kind == "initial":
            self.attempt(signing.initial, found, proof=self.proof(by, "initial", found.sha256), **said)
        else:
            reservation = "I read it otherwise." if kind == "reserve" else ""
            proof = self.proof(by, "sign", found.sha256)
            self.attempt(signing.sign, found, proof=proof, reservation=reservation, **said)

    @frozen
    @rule(by=who, in_days=st.integers(0, 3))
    def authorise(self, by: str, in_days: int) -> None:
        found = self.text()
        if found is not None:
            facts = {"earliest": (timezone.now() + dt.timedelta(days=in_days)).isoformat()}
            sha256 = publishing.AUTHORISE.sha256(found, facts)
            self.propose(publishing.AUTHORISE, found.public_id, sha256, self.person(by), facts=facts)

    @frozen
    @rule(by=st.sampled_from(["facilitator", "holder_a"]), early=seldom, seldom=st.sampled_from([0] * 5 + [1]))
    def publish(self, by: str, early: bool, seldom: int) -> None:
        found = self.text()
        if found is not None and seldom:
            opens = timezone.now() - dt.timedelta(days=1) if early else None
            self.attempt(publishing.publish, found, opens_at=opens, by=self.person(by))

    # ---- silence

    @frozen
    @rule(
        hours=st.sampled_from([20, 27, 30, 72, 240, 300]),
        zone=st.sampled_from(["Europe/Berlin", "Asia/Yerevan"]),
        then=st.sampled_from(["publish", "sign"]),
        few=seldom,
        by=st.none() | who,
    )
    def start_silence(self, hours: int, zone: str, then: str, few: bool, by: str | None) -> None:
        found = self.text()
        if found is None:
            return
        named = [seat for role in ("member_a", "member_b") if (seat := self.seat_of(self.made.people[role]))]
        ends = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=hours)
        entitled = [seat.public_id for seat in named] if few else []
        facts = facts_of(ends, zone=zone, then=then, entitled=entitled)
        if by is None:
            self.under_all_keys(SILENCE, found, facts)
        else:
            self.propose(SILENCE, found.public_id, SILENCE.sha256(found, facts), self.person(by), facts=facts)

    @frozen
    @rule(hours=st.integers(27, 60), then=st.sampled_from(["publish", "sign"]))
    def let_silence_run(self, hours: int, then: str) -> None:
        """Started by both keys, mailed, and an hour later it begins."""
        self.start_silence_now(hours, then)
        if self.witness.silence is not None:
            self.send_mails(None)
            self.live_until(timezone.now() + dt.timedelta(minutes=62))

    def start_silence_now(self, hours: int, then: str) -> None:
        found = self.text()
        if found is not None and not self.open_motions_on(found):
            ends = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=hours)
            self.under_all_keys(SILENCE, found, facts_of(ends, then=then))
            self.witness.look()

    def open_motions_on(self, found: FinalText) -> bool:
        return Motion.objects.open().on(found.public_id).filter(kind=SILENCE.name).exists()

    @precondition(lambda self: self.witness.silence is not None)
    @rule(minutes=st.sampled_from([-1, 0, 1, 800]))
    def its_hour_comes(self, minutes: int) -> None:
        at = self.silence().ends_at + dt.timedelta(minutes=minutes)
        if at > timezone.now():
            self.live_until(at)

    @precondition(lambda self: self.witness.silence is not None)
    @rule(minutes=st.sampled_from([4, 6, 90, 800]))
    def server_sleeps_over_its_hour(self, minutes: int) -> None:
        began = self.silence().ends_at - dt.timedelta(minutes=2)
        if began > timezone.now():
            self.live_until(began)
            self.sleep(minutes)

    @precondition(lambda self: self.witness.silence is not None)
    @rule(all_of_them=st.sampled_from([True, True, False]))
    def mail_goes_out(self, all_of_them: bool) -> None:
        self.send_mails(None if all_of_them else 2)

    def send_mails(self, most: int | None) -> None:
        waiting = Delivery.objects.filter(kind=ANNOUNCED, state=DeliveryState.QUEUED).order_by("pk")
        chosen = dict(waiting.values_list("pk", "reader")[:most])
        Delivery.objects.filter(pk__in=chosen).update(state=DeliveryState.SENT, sent_at=timezone.now())
        self.witness.mailed(set(chosen.values()))

    @precondition(lambda self: self.witness.silence is not None)
    @rule(by=members)
    def mail_comes_back(self, by: str) -> None:
        place = self.silence().entitled.filter(membership__person=self.person(by)).first()
        if place is not None and self.attempt(silences.mail_came_back, place, by=self.made.people["facilitator"]):
            self.witness.bounced(self.person(by).pk)

    @precondition(lambda self: self.witness.silence is not None)
    @rule(by=members)
    def open_announcement(self, by: str) -> None:
        person = self.person(by)
        if self.attempt(silences.open_announcement, self.silence(), by=person):
            self.witness.opened(person.pk)

    @precondition(lambda self: self.witness.silence is not None)
    @rule()
    def everybody_opens_it(self) -> None:
        for role in (*SIDE_A, *SIDE_B):
            self.open_announcement_by(role)

    def open_announcement_by(self, role: str) -> None:
        silence = self.silence()
        if silence.is_open and self.attempt(silences.open_announcement, silence, by=self.person(role)):
            self.witness.opened(self.person(role).pk)

    @rule(by=who, seldom=st.sampled_from([0, 0, 1]))
    def break_silence(self, by: str, seldom: int) -> None:
        silence = Silence.objects.order_by("-pk").select_related("final_text__document").first()
        if silence is not None and seldom:
            person = self.person(by)
            if self.attempt(silences.break_silence, silence, reason="Not ours.", by=person):
                self.witness.broke(person.pk)

    def silence(self) -> Silence:
        return Silence.objects.order_by("-pk").select_related("final_text__document__group").first()  # type: ignore[return-value]

    # ---- people

    @rule(member=members, by=chairs, in_days=st.integers(-2, 2), lasts=days)
    def deputise(self, member: str, by: str, in_days: int, lasts: int) -> None:
        found, person = self.seat_of(self.person(member)), self.person(by)
        if found is None:
            return
        starts = timezone.now() + dt.timedelta(days=in_days)
        ends = starts + dt.timedelta(days=lasts)
        if self.attempt(appoint_deputy, membership=found, starts=starts, ends=ends, by=person):
            self.witness.appointed(found.person_id, person.pk, starts, ends)

    @rule(number=pick)
    def deputy_ends(self, number: int) -> None:
        found = list(Deputy.objects.filter(ended_at=None).select_related("membership").order_by("pk"))
        if found:
            deputy = found[number % len(found)]
            if self.attempt(end_deputy, deputy, by=self.made.people["facilitator"]):
                self.witness.deputy_ended(deputy.membership.person_id, deputy.starts, deputy.ends)

    @rule(member=members, by=st.one_of(chairs, members), kind=st.sampled_from(["successor"] * 2 + ["second-factor"]))
    def ask_who_holds_the_key(self, member: str, by: str, kind: str) -> None:
        found, person = self.seat_of(self.person(member)), self.person(by)
        if found is not None and self.attempt(ask_for_succession, kind=kind, membership=found, by=person):
            self.witness.asked(person.pk, found.person_id, kind)

    @rule(by=st.one_of(chairs, members), number=pick)
    def say_who_holds_the_key(self, by: str, number: int) -> None:
        found = list(Succession.objects.open().filter(group=self.made.group).order_by("pk"))
        if found:
            succession, person = found[number % len(found)], self.person(by)
            if self.attempt(confirm_succession, succession, by=person):
                self.witness.voted(person.pk, succession.side_id, succession.kind)

    @rule(member=members, seldom=st.sampled_from([0, 0, 1]))
    def leave(self, member: str, seldom: int) -> None:
        found = self.seat_of(self.person(member))
        if found is None or not seldom:
            return
        if self.attempt(end_membership, found, by=self.made.people["facilitator"]):
            self.witness.left(found.person_id)

    @rule(member=members)
    def join(self, member: str) -> None:
        person, of_a = self.person(member), member in SIDE_A
        side, chair = (self.made.a, "holder_a") if of_a else (self.made.b, "holder_b")
        if self.seat_of(person) is None and self.witness.holder[side.pk] is not None:
            self.attempt(seat, group=self.made.group, person=person, role=Role.MEMBER, side=side, by=self.person(chair))
            if self.seat_of(person) is not None:
                self.witness.members[person.pk] = side.pk

    # ---- time

    def live_until(self, at: dt.datetime) -> None:
        live_until(self.clock, at)
        self.changed = True

    @rule(minutes=st.sampled_from([1, 59, 61, 62, 300]))
    def minutes_pass(self, minutes: int) -> None:
        self.live_until(timezone.now() + dt.timedelta(minutes=minutes))

    @rule(hours=st.integers(1, 100))
    def hours_pass(self, hours: int) -> None:
        self.live_until(timezone.now() + dt.timedelta(hours=hours))

    @rule(minutes=st.sampled_from([4, 6, 90, 1_440, 6_000]))
    def server_sleeps(self, minutes: int) -> None:
        self.sleep(minutes)

    def sleep(self, minutes: int) -> None:
        began = timezone.now()
        ended = began + dt.timedelta(minutes=minutes)
        self.witness.slept(began, ended)
        sleep_until(self.clock, ended)
        self.changed = True
