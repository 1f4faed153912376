"""Invitations: single use, bound to their address, expiring, revocable; a mail scanner's GET uses nothing up."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups.actions import accept_invitation, end_membership, invite, renew_invitation, revoke_invitation
from groups.actions.invitations import AlreadyInvited, InvitationNotUsable, NotYoursToInvite
from groups.actions.seats import SeatTaken
from groups.models import Invitation, Membership, Role, Seat, ThematicGroup
from parley.accounts.models import User
from parley.notifications.models import Delivery
from parley.programmes.actions import end_facilitator, publish_ground_rules
from parley.programmes.models import Facilitator, Programme
from tests.factories import PersonFactory, World
from tests.parley.accounts.hands import mailed_code, type_code

from .hands import signed_in, words_of

pytestmark = pytest.mark.django_db

NEW = "newcomer@example.org"


def mailed_token(email: str = NEW) -> str:
    return Delivery.objects.filter(to=email, kind="account:invitation").latest("pk").facts["token"]


def page(token: str) -> str:
    return reverse("invitation", kwargs={"token": token})


def to_a_seat(seated: World, email: str, *, by: User, group: ThematicGroup | None = None) -> Invitation:
    place = {"group": group or seated.group, "side": seated.a, "role": Role.MEMBER}
    return invite(programme=seated.programme, email=email, by=by, **place)


@pytest.fixture
def invited(seated: World) -> str:
    """The token of an invitation to a member's seat on side A, by the facilitator."""
    to_a_seat(seated, NEW, by=seated.facilitator)
    return mailed_token()


def test_the_invited_come_in_by_the_mailed_code_and_take_their_seat(seated: World, invited: str):
    client = Client()

    client.post(page(invited))
    answered = type_code(client, mailed_code(NEW))

    seat = Membership.objects.get(person__email=NEW)
    assert answered["Location"] == reverse("account_welcome")
    assert (seat.group, seat.side, seat.seat) == (seated.group, seated.a, Seat.PROPOSED)
    assert Invitation.objects.get(email=NEW).accepted_by == seat.person


def test_opening_the_link_uses_nothing_up_and_makes_nobody(seated: World, invited: str):
    client = Client()

    seen = [client.get(page(invited)).status_code, client.head(page(invited)).status_code]

    assert seen == [200, 200]
    assert Invitation.objects.get(email=NEW).is_usable
    assert not User.objects.filter(email=NEW).exists()
    assert not Delivery.objects.filter(to=NEW, kind="account:account_code").exists()


def test_the_page_says_who_invites_to_what_and_names_no_member(seated: World, invited: str):
    words = words_of(Client().get(page(invited)))

    assert all(word in words for word in ("Faye Facilitator", "Water", "A dialogue", "Northland", NEW))
    assert [name for name in (person.name for person in seated.people.values()) if name and name in words] == [
        "Faye Facilitator"
    ]


def test_somebody_elses_sign_in_accepts_nothing(seated: World, invited: str):
    client = Client()
    client.post(page(invited))
    other = signed_in(seated.outsider)

    answered = other.post(page(invited))

    assert answered.status_code == 200
    assert b"another address" in answered.content
    assert Invitation.objects.get(email=NEW).is_usable


def test_the_address_decides_in_the_verb_too(seated: World, invited: str):
    with pytest.raises(InvitationNotUsable):
        accept_invitation(Invitation.objects.get(email=NEW), by=seated.outsider)


def test_an_invitation_opens_once(seated: World, invited: str):
    person = PersonFactory(email=NEW)
    accept_invitation(Invitation.objects.get(email=NEW), by=person)

    with pytest.raises(InvitationNotUsable):
        accept_invitation(Invitation.objects.get(email=NEW), by=person)

    assert Membership.objects.filter(person=person).count() == 1
    assert Client().get(page(invited)).status_code == 410


def test_an_invitation_expires_after_fourteen_days(seated: World, invited: str):
    with time_machine.travel(timezone.now() + timedelta(days=14, seconds=1)):
        answered = Client().get(page(invited))
        with pytest.raises(InvitationNotUsable):
            accept_invitation(Invitation.objects.get(email=NEW), by=PersonFactory(email=NEW))

    assert answered.status_code == 410
    assert b"has expired" in answered.content


def test_a_withdrawn_invitation_opens_nothing(seated: World, invited: str):
    revoke_invitation(Invitation.objects.get(email=NEW), by=seated.facilitator)

    answered = Client().post(page(invited))

    assert answered.status_code == 410
    assert b"was withdrawn" in answered.content


def test_a_renewed_invitation_opens_by_its_new_link_alone(seated: World, invited: str):
    renew_invitation(Invitation.objects.get(email=NEW), by=seated.facilitator)

    assert [Client().get(page(token)).status_code for token in (invited, mailed_token())] == [410, 200]


def test_the_token_is_kept_as_a_hash(seated: World, invited: str):
    invitation = Invitation.objects.get(email=NEW)

    assert invited not in str({field.name: getattr(invitation, field.attname) for field in invitation._meta.fields})


def test_whoever_waits_for_a_seat_reads_the_ground_rules_first(seated: World, invited: str):
    rules = publish_ground_rules(programme=seated.programme, text="Be kind.", by=seated.facilitator)
    person = PersonFactory(email=NEW, name="New Comer")
    page_of_rules = reverse("ground_rules_accept", kwargs={"groundrules": rules.public_id})

    before = signed_in(person).get(page_of_rules).status_code
    signed_in(person).post(page(invited))
    welcomed = signed_in(person).get(reverse("account_welcome"))

    assert (before, welcomed["Location"]) == (404, page_of_rules)
    assert signed_in(person).get(page_of_rules).status_code == 200


def test_a_link_of_garbage_opens_nothing(seated: World):
    assert [Client().get(page(token)).status_code for token in ("x", "a" * 500, "%00")] == [410, 410, 410]


def test_a_safe_mail_names_neither_the_programme_nor_who_invites(seated: World, invited: str):
    kept = Delivery.objects.filter(to=NEW).latest("pk").facts

    Programme.objects.update(safe_mail=False)
    renew_invitation(Invitation.objects.get(email=NEW), by=seated.facilitator)
    named = Delivery.objects.filter(to=NEW).latest("pk").facts

    assert (kept["programme"], kept["by"]) == ("", "")
    assert (named["programme"], named["by"]) == ("A dialogue", "Faye Facilitator")


def test_a_facilitator_is_appointed_by_an_invitation(seated: World):
    invite(programme=seated.programme, email=NEW, by=seated.facilitator)

    accept_invitation(Invitation.objects.get(email=NEW), by=PersonFactory(email=NEW))

    assert Facilitator.objects.acting().filter(programme=seated.programme, person__email=NEW).exists()


@pytest.mark.parametrize(
    ("who", "role", "side"),
    [
        ("co_chair_a", Role.MEMBER, "b"),
        ("co_chair_a", Role.CO_CHAIR, "a"),
        ("co_chair_a", Role.OBSERVER, None),
        ("member_a", Role.MEMBER, "a"),
        ("observer", Role.MEMBER, "a"),
        ("other_facilitator", Role.MEMBER, "a"),
        ("outsider", Role.MEMBER, "a"),
    ],
)
def test_who_may_not_invite_whom(seated: World, who: str, role: str, side: str | None):
    with pytest.raises(NotYoursToInvite):
        invite(
            programme=seated.programme,
            group=seated.group,
            side=getattr(seated, side) if side else None,
            role=role,
            email=NEW,
            by=seated.people[who],
        )


def test_an_invitation_dies_with_its_inviters_part_in_the_programme(seated: World, invited: str):
    from parley.programmes.actions import appoint_facilitator

    appoint_facilitator(programme=seated.programme, person=PersonFactory(), by=seated.facilitator)
    end_facilitator(Facilitator.objects.get(person=seated.facilitator), by=seated.facilitator)

    with pytest.raises(InvitationNotUsable):
        accept_invitation(Invitation.objects.get(email=NEW), by=PersonFactory(email=NEW))


def test_an_address_is_invited_to_a_group_once(seated: World, invited: str):
    with pytest.raises(AlreadyInvited):
        to_a_seat(seated, " NEWCOMER@Example.org", by=seated.facilitator)
    with pytest.raises(SeatTaken):
        to_a_seat(seated, "member-a@example.org", by=seated.facilitator)


def test_a_person_of_another_side_gets_a_sentence_and_the_invitation_stays_unused(seated: World):
    to_a_seat(seated, seated.member_b.email, group=seated.other_group, by=seated.facilitator)
    client = signed_in(seated.member_b)

    answered = client.post(page(mailed_token(seated.member_b.email)), follow=True)

    assert b"another place in this programme" in answered.content
    assert Invitation.objects.get(email=seated.member_b.email).is_usable
    assert not seated.other_group.memberships.filter(person=seated.member_b).exists()


def test_whoever_is_signed_in_with_the_address_accepts_at_once(seated: World, invited: str):
    client = signed_in(PersonFactory(email=NEW, name="New Comer"))

    client.post(page(invited))

    assert Membership.objects.get(person__email=NEW).seat == Seat.PROPOSED


def test_a_member_who_left_comes_back_by_a_new_invitation(seated: World):
    end_membership(seated.membership("member_a"), by=seated.member_a)
    to_a_seat(seated, seated.member_a.email, by=seated.co_chair_a)

    accept_invitation(Invitation.objects.get(email=seated.member_a.email), by=seated.member_a)

    assert [seat.seat for seat in Membership.objects.filter(person=seated.member_a).order_by("pk")] == ["ended", "open"]


def test_a_co_chairs_form_invites_members_of_the_own_side_only(seated: World, as_):
    address = reverse("invite", kwargs={"group": seated.group.public_id})
    sent = {"email": NEW, "role": "co-chair", "side": seated.b.public_id}

    as_("co_chair_a").post(address, sent)

    made = Invitation.objects.get(email=NEW)
    assert (made.role, made.side) == (Role.MEMBER, seated.a)


def test_addresses_are_seen_by_facilitators_and_by_the_co_chair_of_that_side(seated: World, as_, invited: str):
    people = reverse("group_people", kwargs={"group": seated.group.public_id})

    roles = ("facilitator", "co_chair_a", "co_chair_b", "member_a")
    seen = {role: NEW in as_(role).get(people).content.decode() for role in roles}

    assert seen == {"facilitator": True, "co_chair_a": True, "co_chair_b": False, "member_a": False}


def test_reading_the_list_of_addresses_is_recorded_once_an_hour(seated: World, as_):
    from parley.audit import entries

    client = as_("facilitator")
    for _time in range(3):
        client.get(reverse("invitations", kwargs={"programme": seated.programme.public_id}))

    assert [entry.kind for entry in entries(seated.programme.chain)].count("programme.contacts_read") == 1


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "x" * 300 + "@example.org", "a\x00@example.org", "a b@c.org"])
def test_a_bad_address_gets_a_sentence(seated: World, as_, email: str):
    before = Invitation.objects.count()

    answered = as_("facilitator").post(
        reverse("invite", kwargs={"group": seated.group.public_id}), {"email": email, "role": "observer"}
    )

    assert (answered.status_code, Invitation.objects.count()) == (200, before)
    assert b"There is a problem" in answered.content
