"""What this layer tells those below: who has part in a programme, who needs a second factor, what is watched."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse

from parley.accounts import requires_second_factor
from parley.accounts.models import User
from parley.accounts.requests import PersonsRequest
from parley.notifications import full_words_allowed, topic_kind
from parley.notifications.places import Place, group_finder, groups_of_a_person, heading_finder
from parley.programmes import panels as programme_panels
from parley.programmes.models import Facilitator, Programme, expected, parts

from .models import Invitation, Membership, Role, ThematicGroup
from .standing import read_standings, standings


def sits_in_it(user: User) -> Q:
    seats = Membership.objects.acting().filter(person=user)
    return Q(pk__in=seats.values("group__programme"))


def waits_for_a_seat(user: User) -> Q:
    proposed = Membership.objects.proposed().filter(person=user)
    return Q(pk__in=proposed.values("group__programme"))


def chairs_or_facilitates(user: User) -> bool:
    """Co-chairs, designated key holders and facilitators: a mailed code alone is not enough for them."""
    seats = Membership.objects.acting().filter(person=user)
    if seats.filter(Q(role=Role.CO_CHAIR) | Q(designated=True)).exists():
        return True
    return user.may_start_programmes or Facilitator.objects.acting().filter(person=user).exists()


def group_topics(user: User, public_id: str) -> list[str] | None:
    group = ThematicGroup.objects.visible_to(user).select_related("programme").filter(public_id=public_id).first()
    if group is None:
        return None
    here = read_standings(user).within(group)
    return [group.topic(), *([group.topic(here.side)] if here.side else [])]


WAYS_TO_A_PROGRAMME = ("programme", "group", "document", "final_text", "passage", "section", "membership", "draft")


def programme_of(subject: Any) -> Programme | None:
    """The programme that something belongs to, by whatever leads there; None when nothing does."""
    return next((thing for thing in way_to_the_programme(subject) if isinstance(thing, Programme)), None)


def way_to_the_programme(subject: Any) -> Iterator[Any]:
    """Something, and what it belongs to, as far as the programme."""
    for _step in range(len(WAYS_TO_A_PROGRAMME)):
        if subject is None:
            return
        yield subject
        if isinstance(subject, Programme):
            return
        ways = (getattr(subject, way, None) for way in WAYS_TO_A_PROGRAMME)
        subject = next((found for found in ways if found is not None), None)


@group_finder
@heading_finder
def place_of_the_group(subject: Any) -> Place | None:
    group = next((thing for thing in way_to_the_programme(subject) if isinstance(thing, ThematicGroup)), None)
    return _place(group) if group else None


@groups_of_a_person
def groups_with_levels(user: User) -> list[Place]:
    return [_place(group) for group in ThematicGroup.objects.visible_to(user).order_by("programme", "name", "pk")]


def _place(group: ThematicGroup) -> Place:
    return Place(group.public_id, group.name, reverse("group", kwargs={"group": group.public_id}))


@full_words_allowed
def safe_mail_is_off(subject: Any, reader: User) -> bool:
    """A mail says what it is about only where the programme has turned safe mail off."""
    programme = programme_of(subject)
    return programme is not None and not programme.safe_mail


def groups_of_the_programme(request: PersonsRequest, programme: Programme) -> tuple[str, dict[str, Any]]:
    """Its groups as the reader may see them; for facilitators the people too, by side, and who has not answered."""
    user = request.user
    groups = ThematicGroup.objects.visible_to(user).filter(programme=programme).with_counts()
    context: dict[str, Any] = {"groups": list(groups), "manages": programme.pk in standings(user).programmes}
    if context["manages"]:
        context["sides"] = Membership.objects.acting().filter(group__programme=programme).people_by_side()
        context["waiting"] = Invitation.objects.waiting().filter(programme=programme).count()
    return "groups/panel_programme.html", context


parts.append(sits_in_it)
expected.append(waits_for_a_seat)
programme_panels.register(10, groups_of_the_programme)
requires_second_factor.register(chairs_or_facilitates)
topic_kind("group", channels=group_topics)
