"""The demo programme from nothing, and one more text at any stage."""

import datetime as dt
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from groups.actions import (
    add_milestone,
    complete_milestone,
    confirm_seat,
    found_group,
    propose_term,
    seat,
    turn_key,
)
from groups.actions.seats import who_confirms
from groups.models import GroupKind, Membership, Motion, Role, Seat, ThematicGroup
from groups.standing import key_holders
from meetings.actions import Point, announce_meeting
from meetings.models import Mode
from parley.accounts.models import User
from parley.programmes.actions import SideToBe, accept_ground_rules, appoint_facilitator, start_programme
from parley.programmes.models import HostOrganisation, Phase, PostalAddress, Programme, Side
from reports.models import Document, DocumentKind

from . import PROGRAMME, people, texts
from .dates import look_for_a_date
from .people import Roster, Someone
from .stages import Stage

STAGES = ("drafting", "agreeing", "signing", "published")
GROUND_RULES = """Everybody speaks for themselves, or says for whom they speak.

What is said in the room may be used; who said it may not.

What one side keeps to itself stays with that side. Who runs the server could read it; the host promises not to.

Nobody publishes a text before every side has signed it."""


@transaction.atomic
def make_programme() -> Programme:
    """Two sides, five groups, fifty people; one text in drafting, one under silence, one in signing, one published."""
    facilitators = [_person(someone, may_start_programmes=True) for someone in people.FACILITATORS]
    lead = facilitators[0]
    programme = start_programme(
        host=_host(),
        name=PROGRAMME,
        sides=[SideToBe("Aldara", "Aldaran", "ALD"), SideToBe("Vesmar", "Vesmarian", "VES")],
        ground_rules=GROUND_RULES,
        by=lead,
    )
    for other in facilitators[1:]:
        appoint_facilitator(programme=programme, person=other, by=lead)
    _phases(programme)
    groups = {roster.name: _group(programme, roster, lead) for roster in people.ROSTERS}
    _accept_rules(programme)
    _agree_on_terms(programme, lead)
    _write(programme, groups, lead)
    _meet(groups, lead)
    look_for_a_date(groups[people.WATER.name], lead)
    return programme


@transaction.atomic
def make_stage(stage: str) -> Document:
    """The water report at that stage, in the demo programme, beside what is there already."""
    programme = Programme.objects.filter(name=PROGRAMME).first() or make_programme()
    group = programme.groups.get(name=people.WATER.name)
    made = Stage(group, _sides(programme), texts.WATER)
    document = made.draft(kind=DocumentKind.REPORT, date="2026-11")
    if stage == "drafting":
        made.dispute(document)
        return document
    made.settle(document, how_many=4 if stage == "agreeing" else None)
    if stage == "agreeing":
        made.release(document)
        return document
    text = made.freeze(document)
    made.initial(text)
    made.sign(text, how_many=3 if stage == "signing" else None)
    if stage == "published":
        made.publish(text, by=programme.facilitators.acting().first().person)  # type: ignore[union-attr]  # just made
    return document


def _host() -> HostOrganisation:
    host = HostOrganisation.objects.create(
        name="Bridge House Foundation",
        website="www.bridgehouse.example",
        email="office@bridgehouse.example",
        about="Bridge House Foundation has hosted talks between neighbours since 1996. It has no part in any dispute "
        "and takes no money from those who have.\n\n"
        "The foundation offers a room, a method and patience. The words belong to those who write them.",
        funder="With the support of the Fund for Quiet Diplomacy.",
    )
    PostalAddress.objects.create(host=host, label="Office", lines="Havenkade 12\n1011 AB Amsterdam\nThe Netherlands")
    PostalAddress.objects.create(
        host=host, label="Field office", lines="8 Embankment\n6000 Batumi\nGeorgia", position=1
    )
    return host


def _phases(programme: Programme) -> None:
    year = timezone.now().year
    Phase.objects.create(
        programme=programme,
        name="Listening",
        aims="Each side tells what it sees; nobody answers yet.",
        starts=dt.date(year, 1, 15),
        ends=dt.date(year, 5, 31),
    )
    Phase.objects.create(
        programme=programme,
        name="Drafting",
        aims="Joint reports, with each side’s view and the other’s comment on it.",
        starts=dt.date(year, 6, 1),
        ends=dt.date(year + 1, 2, 28),
    )


def _person(someone: Someone, **more: bool) -> User:
    return User.objects.create_user(
        someone.email,
        name=someone.name,
        name_own_script=someone.own_script if someone.own_script != someone.name else "",
        time_zone=someone.zone,
        zone_confirmed=True,
        **more,
    )


def _group(programme: Programme, roster: Roster, lead: User) -> ThematicGroup:
    kind = GroupKind.PLATFORM if roster is people.WOMEN else GroupKind.THEMATIC
    group = found_group(programme=programme, name=roster.name, kind=kind, purpose=roster.purpose, by=lead)
    aldara, vesmar = programme.sides.order_by("position")
    for side, members in ((aldara, roster.aldara), (vesmar, roster.vesmar)):
        for place, someone in enumerate(members):
            _seat(group, someone, Role.MEMBER if place else Role.CO_CHAIR, side, lead)
    for someone in roster.observers:
        _seat(group, someone, Role.OBSERVER, None, lead)
    _plan(group, lead)
    return group


# How many lines of its work plan each group has reached: one is late with its first.
REACHED = {people.WATER.name: 1, people.ROADS.name: 3, people.SCHOOLS.name: 1, people.WOMEN.name: 3}


def _plan(group: ThematicGroup, lead: User) -> None:
    today = timezone.localdate()
    for place, (days, title, who) in enumerate(
        ((-40, "First draft", "Co-chairs"), (21, "Replies to all views", "Both sides"), (60, "Final text", "Co-chairs"))
    ):
        line = add_milestone(group=group, title=title, due=today + timedelta(days=days), responsible=who, by=lead)
        if place < REACHED.get(group.name, 0):
            complete_milestone(line, done=True, by=lead)


def _seat(group: ThematicGroup, someone: Someone, role: Role, side: Side | None, lead: User) -> Membership:
    """Proposed by the facilitator, confirmed by whoever's word opens the seat."""
    membership = seat(group=group, person=_person(someone), role=role, side=side, by=lead)
    for confirmer in who_confirms(group, side, role) if membership.seat == Seat.PROPOSED else ():
        confirm_seat(membership, by=confirmer)
    return membership


def _accept_rules(programme: Programme) -> None:
    rules = programme.ground_rules.first()
    for participant in programme.participants.select_related("person"):
        accept_ground_rules(rules, by=participant.person)  # type: ignore[arg-type]  # just published


def _sides(programme: Programme) -> dict[str, Side]:
    aldara, vesmar = programme.sides.order_by("position")
    return {texts.ALDARA: aldara, texts.VESMAR: vesmar}


def _agree_on_terms(programme: Programme, lead: User) -> None:
    """One that every group has agreed on, one that waits for their keys."""
    agreed, proposed = texts.TERMS
    change = propose_term(programme=programme, term=None, contents=_contents(programme, agreed), by=lead)
    for motion in Motion.objects.filter(target_id__in=change.consents.values("public_id")).select_related("group"):
        for seat_of_key in key_holders(motion.group).values():
            turn_key(motion, sha256=motion.sha256, by=seat_of_key.person)
    propose_term(programme=programme, term=None, contents=_contents(programme, proposed), by=lead)


def _contents(programme: Programme, term: texts.Term) -> dict[str, Any]:
    sides = _sides(programme)
    names = {sides[side].public_id: words for side, words in term.names}
    about = {"kind": term.kind, "name": term.name, "instead": term.instead, "reason": term.why}
    return {**about, "names": names, "others": list(term.others)}


def _write(programme: Programme, groups: dict[str, ThematicGroup], lead: User) -> None:
    sides = _sides(programme)
    water = Stage(groups[people.WATER.name], sides, texts.WATER)
    report = water.draft(kind=DocumentKind.REPORT, date="2026-11")
    water.release(report)
    water.go_on(report)
    water.settle(report, how_many=2)
    water.dispute(report)
    water.reserve(report)
    water.release(report)

    roads = Stage(groups[people.ROADS.name], sides, texts.ROADS)
    document = roads.draft(kind=DocumentKind.REPORT, date="2026-10", signing_ends_at=timezone.now() + timedelta(days=9))
    roads.settle(document)
    text = roads.freeze(document)
    roads.initial(text)
    roads.sign(text, how_many=3, reservation="I sign, and I would have named a date for the second crossing.")

    market = Stage(groups[people.TRADE.name], sides, texts.MARKET)
    asked = market.draft(kind=DocumentKind.STATEMENT, date="2026-12", place="Batumi")
    market.settle(asked)
    market.silence(market.freeze(asked), hours=96)

    summary = Stage(groups[people.ROADS.name], sides, texts.SUMMARY)
    heard = summary.draft(kind=DocumentKind.SUMMARY, date="2026-06-12", place="Batumi")
    summary.settle(heard)
    issued = summary.freeze(heard)
    summary.initial(issued)
    summary.sign(issued)
    summary.publish(issued, by=lead)

    schools = Stage(groups[people.SCHOOLS.name], sides, texts.SCHOOLS)
    handed = schools.draft(kind=DocumentKind.REPORT, date="")
    schools.wish_no_reply("books", sides[texts.ALDARA])
    schools.hand_pen(handed, lead)

    women = Stage(groups[people.WOMEN.name], sides, texts.STATEMENT)
    statement = women.draft(
        kind=DocumentKind.STATEMENT,
        date="2026-09-18",
        place="Batumi",
        meeting="Third meeting of the platform Women of the Orla",
        facilitated_by="Bridge House Foundation",
    )
    women.settle(statement)
    final = women.freeze(statement)
    women.initial(final)
    women.sign(final)
    women.publish(final, by=lead)
    women.follow_up(final, by=lead)


def _meet(groups: dict[str, ThematicGroup], lead: User) -> None:
    tbilisi = ZoneInfo("Asia/Tbilisi")
    day = timezone.now().astimezone(tbilisi).replace(hour=10, minute=0, second=0, microsecond=0)
    announce_meeting(
        group=groups[people.WATER.name],
        title="Fourth meeting of the water group",
        mode=Mode.HYBRID,
        venue="Hotel Old Pier, 3 Embankment, Batumi",
        travel="A bus leaves Tbilisi at 8:00 on the day before. Rooms are booked for two nights.",
        per_diem="The host pays the journey, two nights and meals; there is no per diem.",
        link="https://meet.example/orla-water",
        starts=day + timedelta(days=18),
        ends=day + timedelta(days=18, hours=7),
        zone="Asia/Tbilisi",
        agenda=[
            Point("The weir: what the engineers found", "Nino Tsereli", 45),
            Point("Views that nobody has answered yet", "Arpine Sarkavan", 60),
            Point("Wording of the first recommendation", "", 40),
        ],
        by=lead,
    )
    announce_meeting(
        group=groups[people.TRADE.name],
        title="One market day: a first talk",
        mode=Mode.ONLINE,
        link="https://meet.example/orla-trade",
        starts=day + timedelta(days=6, hours=4),
        ends=day + timedelta(days=6, hours=5, minutes=30),
        zone="Asia/Tbilisi",
        by=lead,
    )
