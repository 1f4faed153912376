"""How far a text has come, reached by the verbs alone: tabled, settled, frozen, signed, published."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from groups.actions import propose, turn_key
from groups.models import Motion, ThematicGroup
from groups.motions import MotionKind, kind_of
from groups.standing import key_holders
from parley.accounts.models import Proof, User
from parley.programmes.models import Side
from reports.actions import signing
from reports.actions.agreement import FREEZE, RELEASE, SETTLE, facts_digest, passage_hash, text_hash
from reports.actions.brackets import make_alternative, open_bracket
from reports.actions.checks import propose_waiving
from reports.actions.comments import answer_thread, dispose_of_thread, start_thread
from reports.actions.coverage import state_no_reply
from reports.actions.documents import start_document
from reports.actions.passages import add_passage, save_passage, table_passage
from reports.actions.pens import propose_pen
from reports.actions.proposals import begin_proposal, offer_proposal
from reports.actions.publishing import AUTHORISE, publish
from reports.actions.publishing import text_hash as authorised_hash
from reports.actions.register import add_follow_up
from reports.actions.reservations import enter_reservation
from reports.actions.silence_start import SILENCE
from reports.actions.supports import PRINT_SUPPORT, state_support
from reports.checks.findings import report_of
from reports.models import Document, FinalText, Passage, Revision, Section, SupportLevel, Thread, Voice
from reports.text import markup
from reports.text.places import Quote
from reports.text.schema import with_heading

from . import texts
from .texts import JOINT, Comment, Disputed, OtherWords, Part, Text, Words

# Of a side's principals, in the demo.
ANSWERED_WITHIN = timedelta(days=12)


class Stage:
    """A text of the demo on its way; the sides by the names that the texts use."""

    def __init__(self, group: ThematicGroup, sides: dict[str, Side], text: Text) -> None:
        self.group, self.sides, self.text = group, sides, text
        self.chairs: dict[int, User] = {pk: seat.person for pk, seat in key_holders(group).items()}
        self.made: dict[str, Passage] = {}

    def draft(self, *, kind: str, date: str, **details: Any) -> Document:
        """Sections and passages, each written by a member of its side, tabled by that side's co-chair."""
        chair = next(iter(self.chairs.values()))
        document = start_document(group=self.group, kind=kind, title=self.text.title, date=date, by=chair, **details)
        document.sections.all().delete()
        for place, part in enumerate(self.text.parts):
            self._write_part(document, part, place)
        for comment in self.text.comments:
            self._comment(document, comment)
        for words in self.text.other_words:
            self._propose(document, words)
        return document

    def _write_part(self, document: Document, part: Part, place: int) -> None:
        section = Section.objects.create(
            document=document, title=part.title, position=place, holds_recommendations=part.recommendations
        )
        for words in part.words:
            self._write(section, words)

    def _write(self, section: Section, words: Words) -> None:
        side = self.sides.get(words.voice)
        text = markup.to_doc(words.source)
        if words.heading:
            text = with_heading(text, words.heading, addressee=words.addressee, horizon=words.horizon)
        passage = add_passage(
            section=section,
            voice=self._voice(words),
            text=text,
            side=side,
            answers=self.made[words.answers] if words.answers else None,
            by=self._writer(side),
        )
        self.made[words.key] = passage
        if side is not None and not words.caucus and passage.caucus_copy is not None:
            table_passage(passage, sha256=passage.caucus_copy.sha256, by=self.chairs[side.pk])

    def _voice(self, words: Words) -> Voice:
        if words.voice == JOINT:
            return Voice.RECOMMENDATION if words.heading else Voice.JOINT
        return Voice.REPLY if words.answers else Voice.VIEW

    def _writer(self, side: Side | None) -> User:
        """A member who is no co-chair, of that side or of any."""
        seats = self.group.memberships.acting().with_a_side().filter(role="member").select_related("person")
        seat = (seats.of_side(side) if side else seats).order_by("pk").last()
        return seat.person if seat else next(iter(self.chairs.values()))

    def _comment(self, document: Document, comment: Comment) -> None:
        passages = Passage.objects.tabled_ones().filter(section__document=document).in_reading_order()
        thread = start_thread(
            passage=passages[comment.on],
            kind=comment.kind,
            source=comment.source,
            own_side_only=comment.own_side_only,
            by=User.objects.get(email=comment.by),
        )
        for email, source in comment.answers:
            answer_thread(thread, source=source, by=User.objects.get(email=email))

    def go_on(self, document: Document) -> None:
        """After the first draft: comments are answered, and joint passages say other words."""
        threads = list(Thread.objects.filter(passage__section__document=document).order_by("pk"))
        for answer in self.text.answered:
            dispose_of_thread(
                threads[answer.comment],
                disposition=answer.disposition,
                note=answer.why,
                by=User.objects.get(email=answer.by),
            )
        passages = list(Passage.objects.tabled_ones().filter(section__document=document).in_reading_order())
        for words in self.text.later:
            passage = passages[words.on]
            text = markup.to_doc(words.source)
            save_passage(passage, text=text, version=passage.version, by=self._writer(passage.side))

    def _propose(self, document: Document, words: OtherWords) -> None:
        passages = Passage.objects.tabled_ones().filter(section__document=document).in_reading_order()
        passage, side = passages[words.on], self.sides[words.side]
        base: Revision = passage.tabled  # type: ignore[assignment]  # a tabled one
        proposal = begin_proposal(
            passage=passage, side=side, text=markup.to_doc(words.source), base=base, by=self._writer(side)
        )
        sha256 = proposal.newest.sha256  # type: ignore[union-attr]  # just written
        offer_proposal(proposal, sha256=sha256, reason=words.why, by=self.chairs[side.pk])

    def dispute(self, document: Document) -> None:
        """The brackets of the text, each opened and answered by members of their sides."""
        for disputed in self.text.disputed:
            self._dispute(document, disputed)

    def _dispute(self, document: Document, disputed: Disputed) -> None:
        passages = Passage.objects.tabled_ones().filter(section__document=document, side=None)
        passage = passages.get(tabled__plain__contains=disputed.words)
        bracket = open_bracket(
            passage=passage,
            quote=Quote(disputed.words),
            reason=disputed.reason,
            by=self._writer(self.sides[disputed.side]),
        )
        for side, source in disputed.instead:
            make_alternative(bracket, words=markup.to_doc(source), by=self._writer(self.sides[side]))

    # ---- dissent, support, the pen --------------------------------------------------------------------------------

    def reserve(self, document: Document) -> None:
        """A side supports the first recommendation with a reservation, the other in full; print says so."""
        asked = Passage.objects.tabled_ones().filter(section__document=document, voice=Voice.RECOMMENDATION)
        first = asked.in_reading_order().select_related("tabled")[0]
        levels = (SupportLevel.FULL, SupportLevel.RESERVED)
        for side, level in zip(self.group.programme.sides_in_order(), levels, strict=False):
            words = self.text.reservation if level == SupportLevel.RESERVED else ""
            sha256 = first.tabled.sha256  # type: ignore[union-attr]  # a tabled one
            state_support(first, level=level, sha256=sha256, words=words, by=self.chairs[side.pk])
        member = self._writer(self.group.programme.sides_in_order()[0])
        enter_reservation(document=document, passage=None, words=self.text.own_reservation, for_side=False, by=member)
        facts = {"prints_support": True}
        self._carry(PRINT_SUPPORT, document.public_id, facts_digest(document.public_id, facts), facts=facts)
        document.refresh_from_db()

    def hand_pen(self, document: Document, holder: User) -> None:
        """Over the first joint passage."""
        passage = Passage.objects.tabled_ones().filter(section__document=document, side=None).in_reading_order()[0]
        first, *others = (self.chairs[side.pk] for side in self.group.programme.sides_in_order())
        motion = propose_pen(document=document, passage=passage, holder=holder, by=first)
        for chair in others:
            turn_key(motion, sha256=motion.sha256, by=chair)

    # ---- agreement ----------------------------------------------------------------------------------------------

    def settle(self, document: Document, *, how_many: int | None = None) -> None:
        """The first passages, the last of them ad referendum, or all, under the keys that they take."""
        passages = Passage.objects.tabled_ones().unsettled().filter(section__document=document).in_reading_order()
        chosen = list(passages)[:how_many]
        for passage in chosen:
            until = timezone.now() + ANSWERED_WITHIN if how_many and passage == chosen[-1] else None
            sides = self._settlers(passage)
            self._carry(SETTLE, passage.public_id, passage_hash(passage, {}), sides=sides, until=until)

    def _settlers(self, passage: Passage) -> list[Side]:
        return [passage.side] if passage.side else self.group.programme.sides_in_order()

    def release(self, document: Document) -> None:
        self._carry(RELEASE, document.public_id, text_hash(document, {}), facts={})

    def let_stand(self, document: Document) -> None:
        """What the checks find and both co-chairs leave as it is, with a reason."""
        found = {one.fingerprint for one in report_of(document).found if one.may_be_waived}
        if not found:
            return
        first, *others = [self.chairs[side.pk] for side in self.group.programme.sides_in_order()]
        motion = propose_waiving(document, fingerprints=found, reason="We have talked about each of them.", by=first)
        for chair in others:
            turn_key(motion, sha256=motion.sha256, by=chair)

    def freeze(self, document: Document) -> FinalText:
        self.let_stand(document)
        self._carry(FREEZE, document.public_id, text_hash(document, {}))
        return FinalText.objects.standing().get(document=document)

    def _carry(
        self,
        kind: MotionKind,
        target: str,
        sha256: str,
        *,
        facts: dict[str, Any] | None = None,
        sides: Iterable[Side] | None = None,
        until: datetime | None = None,
    ) -> None:
        """`until`: the side that turns the last key asks its principals first."""
        chairs = [self.chairs[side.pk] for side in sides or self.group.programme.sides_in_order()]
        alone = until if len(chairs) == 1 else None
        motion = propose(kind_of(kind.name).name, target, sha256=sha256, facts=facts, until=alone, by=chairs[0])
        for chair in chairs[1:]:
            turn_key(motion, sha256=sha256, until=until if chair == chairs[-1] else None, by=chair)

    def silence(self, text: FinalText, *, hours: int) -> None:
        """Announced; it begins when the mails are out and none has come back."""
        zone = ZoneInfo("Asia/Tbilisi")
        ends = (timezone.now().astimezone(zone) + timedelta(hours=hours)).replace(minute=0, tzinfo=None)
        facts = {"ends": ends.isoformat(timespec="minutes"), "zone": zone.key, "entitled": [], "then": "publish"}
        self._carry(SILENCE, text.public_id, SILENCE.sha256(text, facts), facts=facts)

    # ---- signing ------------------------------------------------------------------------------------------------

    def initial(self, text: FinalText) -> None:
        for signatory in text.signatories.filter(initials=True):
            signing.initial(
                text, sha256=text.sha256, proof=_proof(signatory.person, "initial", text), by=signatory.person
            )

    def sign(self, text: FinalText, *, how_many: int | None = None, reservation: str = "") -> None:
        """Co-chairs first; the second who signs makes the reservation, if there is one."""
        signatories = list(text.signatories.order_by("-initials", "position"))[:how_many]
        for place, signatory in enumerate(signatories):
            words = reservation if place == len(signatories) - 1 else ""
            person = signatory.person
            signing.sign(text, sha256=text.sha256, proof=_proof(person, "sign", text), reservation=words, by=person)

    def publish(self, text: FinalText, *, by: User) -> None:
        facts = {"earliest": (timezone.now() - timedelta(minutes=1)).isoformat()}
        self._carry(AUTHORISE, text.public_id, authorised_hash(text, facts), facts=facts)
        publish(text, by=by)

    def wish_no_reply(self, key: str, side: Side) -> None:
        """The side's key holder says so of the view of this key."""
        view = self.made[key]
        view.refresh_from_db()
        state_no_reply(view, sha256=view.tabled.sha256, by=self.chairs[side.pk])  # type: ignore[union-attr]  # tabled

    def follow_up(self, text: FinalText, *, by: User) -> None:
        """What became of the first recommendation: the facilitators' word, and one that the sides confirm."""
        first = text.publication.recommendations.all()[0]
        today = timezone.localdate()
        add_follow_up(first, on=today, status="begun", words=texts.FIRST_STEP, for_sides=False, by=by)
        entry = add_follow_up(first, on=today, status="part", words=texts.SECOND_STEP, for_sides=True, by=by)
        motion = Motion.objects.open().get(target_id=entry.public_id)
        for chair in self.chairs.values():
            turn_key(motion, sha256=motion.sha256, by=chair)


def _proof(person: User, purpose: str, text: FinalText) -> Proof:
    """In the demo nobody holds an authenticator in their hand."""
    return Proof.objects.create(
        user=person, purpose=purpose, sha256=text.sha256, method=Proof.Method.TOTP, evidence=secrets.token_hex(32)
    )
