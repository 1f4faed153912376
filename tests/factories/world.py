"""One small programme with somebody in every role of the access tables, and a text with both sides' words."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from groups.actions import appoint_deputy, end_membership, found_group, invite, seat
from groups.models import Invitation, Membership, Role, ThematicGroup
from parley.accounts.models import User
from parley.programmes.models import Programme, Side
from reports.models import Document, Passage, Section, Voice

from .people import PersonFactory
from .programmes import programme_of
from .texts import document_of, passage_of

# What only side A may ever read; every output of the site is searched for it.
CANARY_A = "canaryquailnorth"
CANARY_B = "canaryfinchsouth"


@dataclass
class World:
    """`people` by role: the rows of the access tables."""

    programme: Programme
    a: Side
    b: Side
    group: ThematicGroup
    other_group: ThematicGroup
    people: dict[str, User] = field(default_factory=dict)
    document: Document = None  # type: ignore[assignment]  # set when the text is written
    section: Section = None  # type: ignore[assignment]
    joint: Passage = None  # type: ignore[assignment]
    view_a: Passage = None  # type: ignore[assignment]
    caucus_a: Passage = None  # type: ignore[assignment]
    caucus_b: Passage = None  # type: ignore[assignment]
    invitation: Invitation = None  # type: ignore[assignment]

    def __getattr__(self, role: str) -> User:
        """`world.co_chair_a`: the person in that role."""
        if role in self.__dict__.get("people", {}):
            return self.__dict__["people"][role]
        raise AttributeError(role)

    def membership(self, role: str) -> Membership:
        return Membership.objects.get(group=self.group, person=self.people[role])


def world(*, texts: bool = True) -> World:
    """Made through the real verbs, so that seats, records and notices are as they would be."""
    facilitator = PersonFactory(name="Faye Facilitator", email="facilitator@example.org")
    programme = programme_of(facilitator)
    a, b = programme.sides.order_by("position")
    made = World(
        programme=programme,
        a=a,
        b=b,
        group=found_group(programme=programme, name="Water", purpose="The shared river.", by=facilitator),
        other_group=found_group(programme=programme, name="Roads", by=facilitator),
    )
    made.people["facilitator"] = facilitator
    _seat_people(made)
    _others(made)
    if texts:
        _write_texts(made)
    return made


def _person(made: World, role: str, **details: str) -> User:
    person = PersonFactory(
        name=role.replace("_", " ").title(), email=f"{role.replace('_', '-')}@example.org", **details
    )
    made.people[role] = person
    return person


def _seat_people(made: World) -> None:
    by = made.people["facilitator"]
    for role, side in (("co_chair_a", made.a), ("co_chair_b", made.b)):
        membership = seat(group=made.group, person=_person(made, role), role=Role.CO_CHAIR, side=side, by=by)
        _confirm(membership)
    for role, side, chair in (
        ("member_a", made.a, "co_chair_a"),
        ("deputy_a", made.a, "co_chair_a"),
        ("ex_member_a", made.a, "co_chair_a"),
        ("member_b", made.b, "co_chair_b"),
        ("member_c", made.b, "co_chair_b"),
    ):
        seat(group=made.group, person=_person(made, role), role=Role.MEMBER, side=side, by=made.people[chair])
    seat(group=made.group, person=_person(made, "observer"), role=Role.OBSERVER, side=None, by=by)
    now = timezone.now()
    appoint_deputy(
        membership=made.membership("deputy_a"),
        starts=now - timedelta(days=1),
        ends=now + timedelta(days=30),
        by=made.people["co_chair_a"],
    )


def _confirm(membership: Membership) -> None:
    """A second side's first co-chair waits for the word of the co-chairs who act already."""
    from groups.actions import confirm_seat
    from groups.actions.seats import who_confirms

    for person in who_confirms(membership.group, membership.side, membership.role):
        confirm_seat(membership, by=person)


def _others(made: World) -> None:
    by = made.people["facilitator"]
    other = _person(made, "other_group_member")
    seat(group=made.other_group, person=other, role=Role.CO_CHAIR, side=made.a, by=by)
    _person(made, "outsider")
    _person(made, "installer").__class__.objects.filter(pk=made.people["installer"].pk).update(is_staff=True)
    made.people["installer"].refresh_from_db()
    stranger = _person(made, "other_facilitator")
    programme_of(stranger, name="Another dialogue")
    made.people["invitee"] = PersonFactory(name="", email="invitee@example.org")
    made.invitation = invite(
        programme=made.programme, group=made.group, side=made.a, role=Role.MEMBER, email="invitee@example.org", by=by
    )


def _write_texts(made: World) -> None:
    """One joint passage, a tabled view of A with a newer caucus copy, and a text of each side still in caucus."""
    from reports.actions.passages import save_passage

    from .texts import text

    p = made.people
    made.document = document_of(made.group, p["co_chair_a"])
    made.section = made.document.sections.first()
    made.joint = passage_of(made.section, p["member_a"], "Both sides drink from one river.")
    made.view_a = passage_of(
        made.section,
        p["member_a"],
        "The river rises with us.",
        voice=Voice.VIEW,
        side=made.a,
        tabled_by=p["co_chair_a"],
    )
    save_passage(made.view_a, text=text(f"The river rises with us. {CANARY_A}"), version=1, by=p["member_a"])
    made.view_a.refresh_from_db()
    made.caucus_a = passage_of(made.section, p["member_a"], f"Only ours {CANARY_A}.", voice=Voice.VIEW, side=made.a)
    made.caucus_b = passage_of(made.section, p["member_b"], f"Only theirs {CANARY_B}.", voice=Voice.VIEW, side=made.b)
    end_membership(made.membership("ex_member_a"), by=p["co_chair_a"])
