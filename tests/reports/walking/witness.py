"""An independent witness of a walk: what each person did with a key, and so what may have come of it.

It keeps its own account, of people's acts alone: which hash was confirmed for which side by whom, who could speak for a
side at that moment, when the server slept. What the site then shows is compared with it. It asks none of the site's own
rules, and believes no row that no act explains.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any

import rfc8785
from django.db.models import Q
from django.utils import timezone

from groups.models import Key, Membership, Motion
from reports.models import Act, Document, FinalText, Passage, Publication, Silence
from tests.factories import World

HELD = ("ad-referendum", "agreed", "frozen")
RESTS = dt.timedelta(hours=48)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(hours=24)
OUTAGE = dt.timedelta(minutes=5)


@dataclass
class Agreement:
    """Words that every side whose word it is has confirmed; `until` by side, of those that ask their principals."""

    sha256: str
    until: dict[int, dt.datetime]
    confirmed: set[int] = field(default_factory=set)

    @property
    def waits(self) -> dict[int, dt.datetime]:
        return {side: until for side, until in self.until.items() if side not in self.confirmed}


@dataclass
class Procedure:
    """A silence procedure as the keys started it."""

    sha256: str
    ends: dt.datetime
    then: str
    entitled: dict[int, int]
    reached_from: dict[int, dt.datetime]
    started: dt.datetime
    broken: bool = False


@dataclass
class Deputy:
    person: int
    side: int
    starts: dt.datetime
    ends: dt.datetime


class Witness:
    def __init__(self, made: World) -> None:
        self.made = made
        self.sides = (made.a.pk, made.b.pk)
        self.members: dict[int, int] = {}
        self.holder: dict[int, int | None] = {}
        self.rests: dict[int, dt.datetime] = {}
        self.deputies: list[Deputy] = []
        self.votes: dict[tuple[int, str], tuple[int, set[int]]] = {}
        self.outages: list[tuple[dt.datetime, dt.datetime]] = []
        # What the step under way has a person do with a key: person and hash.
        self.turning: list[tuple[int, str]] = []
        self.keys: dict[int, dict[int, tuple[str, dt.datetime | None]]] = {}
        self.agreed: dict[str, Agreement] = {}
        self.package = False
        self.frozen: str | None = None
        self.at_freeze: set[int] = set()
        self.initialled: set[int] = set()
        self.signed: set[int] = set()
        self.adopted = False
        self.silence: Procedure | None = None
        self.authorised: tuple[str, dt.datetime] | None = None
        self.released: list[str] = []
        self.acting: set[tuple[int, str]] = set()
        self.last_key = self.last_motion = self.last_act = 0
        self.open_motions: set[int] = set()
        self._begin()

    def _begin(self) -> None:
        seats = Membership.objects.filter(group=self.made.group, seat="open", side__isnull=False)
        for person, side, role in seats.values_list("person", "side", "role"):
            self.members[person] = side
            if role == "co-chair":
                self.holder[side] = person
        deputy = self.made.people["deputy_a"]
        now = timezone.now()
        self.deputies = [Deputy(deputy.pk, self.made.a.pk, now - dt.timedelta(days=1), now + dt.timedelta(days=30))]
        self.last_key = _last(Key)
        self.last_motion = _last(Motion)
        self.last_act = _last(Act)

    # ---- who may speak for a side -----------------------------------------------------------------------------------

    def may_turn(self, person: int, side: int) -> bool:
        now = timezone.now()
        if self.members.get(person) != side:
            return False
        if self.holder.get(side) == person:
            return now >= self.rests.get(person, now)
        return any(d.person == person and d.side == side and d.starts <= now <= d.ends for d in self.deputies)

    def asked(self, person: int, candidate: int, kind: str) -> None:
        side = self.members[candidate]
        self.votes[side, kind] = (candidate, set())
        self.voted(person, side, kind)

    def voted(self, person: int, side: int, kind: str) -> None:
        candidate, voters = self.votes[side, kind]
        if self.members.get(person) == side and (kind == "successor" or person != candidate):
            voters.add(person)

    def left(self, person: int) -> None:
        side = self.members.pop(person)
        if self.silence is not None:
            self.silence.entitled.pop(person, None)
        self.deputies = [d for d in self.deputies if d.person != person]
        self.votes = {key: vote for key, vote in self.votes.items() if vote[0] != person}
        if self.holder.get(side) == person:
            self.holder[side] = None
            self.deputies = [d for d in self.deputies if d.side != side]

    def appointed(self, person: int, by: int, starts: dt.datetime, ends: dt.datetime) -> None:
        side = self.members[by]
        assert self.holder.get(side) == by, "a deputy was named by somebody who is no co-chair"
        assert self.may_turn(by, side)
        assert self.members.get(person) == side, "a deputy of another side"
        self.deputies.append(Deputy(person, side, starts, ends))

    def deputy_ended(self, person: int, starts: dt.datetime, ends: dt.datetime) -> None:
        self.deputies = [d for d in self.deputies if (d.person, d.starts, d.ends) != (person, starts, ends)]

    def _look_at_holders(self) -> None:
        seats = Membership.objects.filter(group=self.made.group, seat="open", role="co-chair")
        found = {
            side: (person, rests) for side, person, rests in seats.values_list("side", "person", "key_rests_until")
        }
        for side in self.sides:
            person, rests = found.get(side, (None, None))
            if person != self.holder.get(side):
                assert person is not None, "a key became vacant and nobody had left"
                self._handed_over(side, person, rests)
            elif person is not None and rests != self.rests.get(person):
                self._reset(side, person, rests)

    def _handed_over(self, side: int, person: int, rests: dt.datetime | None) -> None:
        before = self.holder.get(side)
        candidate, voters = self.votes.pop((side, "successor"))
        assert candidate == person
        others = {one for one, of in self.members.items() if of == side and one != before}
        assert before in voters or _majority(voters & others, others, candidate, vacant=before is None)
        assert rests == timezone.now() + RESTS
        self.holder[side], self.rests[person] = person, rests
        self.deputies = [d for d in self.deputies if d.side != side]

    def _reset(self, side: int, person: int, rests: dt.datetime | None) -> None:
        candidate, voters = self.votes.pop((side, "second-factor"))
        assert candidate == person
        others = {one for one, of in self.members.items() if of == side and one != person}
        assert len(voters & others) * 2 > len(others)
        assert rests == timezone.now() + RESTS
        self.rests[person] = rests

    # ---- keys, and what they carry ----------------------------------------------------------------------------------

    def look(self) -> None:
        """After a step: everything that is there is explained by what people did."""
        self._look_at_keys()
        self._look_at_motions()
        self._look_at_holders()
        self._look_at_silence()
        self._look_at_acts()
        self._look_at_text()
        self.turning.clear()
        self.acting.clear()

    def _look_at_keys(self) -> None:
        rows = Key.objects.filter(pk__gt=self.last_key).order_by("pk")
        for pk, motion, side, person, sha256, until in rows.values_list(
            "pk", "motion", "side", "turned_by", "sha256", "until"
        ):
            assert (person, sha256) in self.turning, "a key was turned that nobody turned over this hash"
            assert self.may_turn(person, side), "a key was turned by somebody who does not hold it"
            held = self.keys.setdefault(motion, {})
            assert side not in held
            held[side] = (sha256, until)
            self.last_key = pk

    def _look_at_motions(self) -> None:
        """Newly proposed, newly closed."""
        known = Q(pk__in=self.open_motions) | Q(pk__gt=self.last_motion)
        motions = list(Motion.objects.filter(known).order_by("closed_at", "pk"))
        for motion in motions:
            self.last_motion = max(self.last_motion, motion.pk)
            self.open_motions.add(motion.pk)
        for motion in motions:
            if motion.state != "open":
                self.open_motions.discard(motion.pk)
            if motion.state == "carried":
                self._carried(motion)

    def _carried(self, motion: Motion) -> None:
        keys = self.keys.get(motion.pk, {})
        wanted = self._wanted(motion)
        assert set(keys) == wanted, f"{motion.kind} took effect with the keys of {set(keys)}, not of {wanted}"
        assert {sha256 for sha256, _until in keys.values()} == {motion.sha256}
        name = motion.kind.replace(".", "_")
        getattr(self, f"_{name}", lambda motion, keys: None)(motion, keys)

    def _wanted(self, motion: Motion) -> set[int]:
        if motion.kind == "passage.settle":
            side = Passage.objects.values_list("side", flat=True).get(public_id=motion.target_id)
            return {side} if side else set(self.sides)
        if motion.kind == "passage.amend":
            side = Passage.objects.values_list("side", flat=True).get(proposals__public_id=motion.target_id)
            return {side} if side else set(self.sides)
        return set(self.sides)

    def _passage_settle(self, motion: Motion, keys: dict[int, tuple[str, Any]]) -> None:
        until = {side: day for side, (_sha, day) in keys.items() if day is not None}
        assert all(day > timezone.now() for day in until.values())
        self.agreed[motion.target_id] = Agreement(motion.sha256, until)

    def _passage_amend(self, motion: Motion, keys: dict[int, tuple[str, Any]]) -> None:
        """Its hash is over the new words and those that they replace, which were agreed."""
        passage = Passage.objects.select_related("tabled").get(proposals__public_id=motion.target_id)
        assert passage.tabled is not None
        facts = {"replaces": self.agreed[passage.public_id].sha256, "proposal": motion.target_id}
        over = rfc8785.dumps({"text": passage.tabled.sha256, "facts": facts})
        assert motion.sha256 == hashlib.sha256(over).hexdigest()
        until = {side: day for side, (_sha, day) in keys.items() if day is not None}
        self.agreed[passage.public_id] = Agreement(passage.tabled.sha256, until)

    def _passage_drop(self, motion: Motion, keys: object) -> None:
        self.agreed.pop(motion.target_id, None)

    def _document_package(self, motion: Motion, keys: object) -> None:
        self.package = motion.facts["package"]

    def _document_release(self, motion: Motion, keys: object) -> None:
        self.released.append(motion.sha256)

    def _document_freeze(self, motion: Motion, keys: object) -> None:
        assert self.frozen is None
        self.frozen = motion.sha256
        self.at_freeze = {person for person in self.holder.values() if person is not None}

    def _document_unfreeze(self, motion: Motion, keys: object) -> None:
        self.frozen = self.silence = self.authorised = None
        self.initialled, self.signed, self.adopted = set(), set(), False

    def _text_silence(self, motion: Motion, keys: object) -> None:
        assert self.silence is None
        now = timezone.now()
        silence = Silence.objects.get(motion=motion)
        ends = silence.planned_end
        assert DAY <= ends - now <= 10 * DAY
        turned = set(Key.objects.filter(motion=motion).values_list("turned_by", flat=True))
        named = motion.facts["entitled"]
        ids = dict(Membership.objects.filter(public_id__in=named).values_list("person", "side"))
        entitled = ids if named else dict(self.members)
        self.silence = Procedure(
            str(self.frozen),
            ends,
            motion.facts["then"],
            entitled,
            {person: now for person in turned if person in entitled},
            now,
        )

    def _text_publish(self, motion: Motion, keys: object) -> None:
        self.authorised = (str(self.frozen), dt.datetime.fromisoformat(motion.facts["earliest"]))

    # ---- the text ---------------------------------------------------------------------------------------------------

    def withdrew(self, passage: str, person: int, side: int | None) -> None:
        assert self.may_turn(person, self.members[person])
        assert side is None or side == self.members[person]
        self.agreed.pop(passage)

    def confirmed(self, passage: str, person: int, sha256: str) -> None:
        side = self.members[person]
        assert self.may_turn(person, side)
        assert self.agreed[passage].sha256 == sha256
        assert side in self.agreed[passage].waits
        self.agreed[passage].confirmed.add(side)

    def prolonged(self, passage: str, person: int, until: dt.datetime) -> None:
        side = self.members[person]
        assert self.may_turn(person, side)
        assert side in self.agreed[passage].waits
        self.agreed[passage].until[side] = until

    def _look_at_text(self) -> None:
        document = self.made.document.pk
        state = Document.objects.filter(pk=document).values_list("state", "package").get()
        rows = Passage.objects.filter(section__document=document, dropped_at=None, tabled__isnull=False)
        found = list(rows.values_list("public_id", "state", "tabled__sha256"))
        assert state[1] == self.package
        for passage, passage_state, sha256 in found:
            self._look_at_passage(passage, passage_state, sha256)
        if self.package and state[0] == "drafting" and any(s == "agreed" for _p, s, _sha in found):
            assert {s for _p, s, _sha in found} == {"agreed"}, "a part of a package is agreed"
        self._look_at_final_text(state[0], found)

    def _look_at_passage(self, passage: str, state: str, sha256: str) -> None:
        agreement = self.agreed.get(passage)
        if state in HELD:
            assert agreement is not None, f"{state} without keys"
            assert agreement.sha256 == sha256, f"{state} over words that nobody confirmed"
            if state != "ad-referendum":
                assert not agreement.waits, f"{state} while principals have not answered"
            else:
                assert agreement.waits or self.package, "it waits for nobody"
        elif agreement is not None:
            passed = [until for until in agreement.waits.values() if until <= timezone.now()]
            assert passed, "an agreement ended without a key and before its day"
            del self.agreed[passage]

    def _look_at_final_text(self, state: str, found: list[tuple[str, str, str]]) -> None:
        texts = list(
            FinalText.objects.filter(document=self.made.document, voided_at=None).values_list("sha256", flat=True)
        )
        assert texts == ([self.frozen] if self.frozen else []), "a text is frozen that not every side froze"
        assert (state == "drafting") == (self.frozen is None)
        if self.frozen:
            assert {s for _p, s, _sha in found} == {"frozen"}
        if state in ("signing", "signed"):
            assert self.initialled == set(self.sides), "open for signature without the initials of each side"
        if state == "adopted":
            assert self.adopted
        if state == "published":
            self._published()

    def _published(self) -> None:
        opens = Publication.objects.get(final_text__sha256=self.frozen, final_text__voided_at=None).opens_at
        assert self.authorised is not None
        assert self.authorised[0] == self.frozen
        assert opens >= self.authorised[1]
        assert self.adopted or self.signed == set(self.sides)

    # ---- initials and signatures ------------------------------------------------------------------------------------

    def _look_at_acts(self) -> None:
        rows = Act.objects.filter(pk__gt=self.last_act).order_by("pk")
        for pk, kind, sha256, person, side in rows.values_list(
            "pk", "kind", "sha256", "signatory__person", "signatory__side"
        ):
            self.last_act = pk
            assert (person, kind) in self.acting, "signed by nobody"
            assert sha256 == self.frozen, "over another text than the one under all keys"
            assert self.members.get(person) == side
            speaks = person in self.at_freeze or self.may_turn(person, side)
            if kind == "initial":
                assert speaks
                assert self.silence is None, "initialled while silence may adopt it"
                self.initialled.add(side)
            elif kind in ("sign", "reserve") and (person in self.at_freeze or self._initialled_by(person)):
                self.signed.add(side)

    def _initialled_by(self, person: int) -> bool:
        return Act.objects.filter(signatory__person=person, kind="initial", sha256=self.frozen).exists()

    # ---- silence ----------------------------------------------------------------------------------------------------

    def slept(self, began: dt.datetime, ended: dt.datetime) -> None:
        if ended - began > OUTAGE:
            self.outages.append((began, ended))

    def mailed(self, people: set[int]) -> None:
        for person in people & set(self.silence.entitled if self.silence else ()):
            self.silence.reached_from.setdefault(person, timezone.now() + HOUR)  # type: ignore[union-attr]

    def bounced(self, person: int) -> None:
        at = self.silence.reached_from.get(person) if self.silence else None
        if at is not None and at > timezone.now():
            del self.silence.reached_from[person]  # type: ignore[union-attr]

    def opened(self, person: int) -> None:
        assert self.silence is not None
        assert person in self.silence.entitled
        now = timezone.now()
        self.silence.reached_from[person] = min(now, self.silence.reached_from.get(person, now))

    def broke(self, person: int) -> None:
        assert self.silence is not None, "there was nothing to break"
        assert self.silence.entitled.get(person) == self.members.get(person)
        self.silence.broken = True

    def _look_at_silence(self) -> None:
        """One that is over was adopted as it may be, or is over for a reason that people or time gave."""
        if self.silence is None:
            return
        row = Silence.objects.order_by("-pk").values_list("state", "ends_at", "began_at", "closed_at").first()
        state, ends, began, closed = row
        assert ends >= self.silence.ends
        if state in ("running", "adopted"):
            self._began_rightly(began)
        if state == "adopted":
            self._adopted_rightly(began, closed)
        if state == "broken":
            assert self.silence.broken
        if state not in ("announced", "running"):
            self.silence = None

    def _began_rightly(self, began: dt.datetime) -> None:
        silence = self.silence
        assert silence is not None
        assert began <= silence.ends - DAY, "shorter than a day"
        there = [person for person in silence.entitled if person in self.members]
        late = [person for person in there if silence.reached_from.get(person, DISTANT) > began]
        assert not late, "it began before everybody was reached"

    def _adopted_rightly(self, began: dt.datetime, closed: dt.datetime) -> None:
        silence = self.silence
        assert silence is not None
        assert not silence.broken, "adopted although somebody objected"
        assert silence.sha256 == self.frozen
        end = silence.ends
        for out, back in self.outages:
            if began < back and out < end:
                end = max(end + (back - max(out, began)), back + 12 * HOUR)
        assert closed >= end, "adopted too early after an outage"
        assert {side for person, side in silence.entitled.items() if self.members.get(person) == side} == set(
            self.sides
        )
        self.adopted = silence.then == "publish"


DISTANT = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


def _majority(voters: set[int], others: set[int], candidate: int, *, vacant: bool) -> bool:
    """Of a side's others; never one's own word alone, unless there is nobody else to ask."""
    alone = voters == {candidate} and not (vacant and others == voters)
    return len(voters) * 2 > len(others) and not alone


def _last(model: Any) -> int:
    return model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
