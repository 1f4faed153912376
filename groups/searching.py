"""What of a group may be searched: its name and purpose, and the people in it by name. No addresses."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from groups.standing import groups_where_texts_are_seen
from parley.accounts.models import User
from parley.search.models import Found, Readers
from parley.search.sources import Hit, Source, Watched, add_source

from .models import Membership, ThematicGroup


def groups_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    keys = {one.object_id: one for one in found}
    seen = ThematicGroup.objects.visible_to(reader).filter(pk__in=keys)
    return {
        keys[group.pk]: Hit(
            url=reverse("group", kwargs={"group": group.public_id}),
            text=" · ".join(part for part in (group.name, group.purpose) if part),
            where=group.programme.name,
        )
        for group in seen
    }


def people_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    """Open seats of groups whose members' names one reads."""
    keys = {one.object_id: one for one in found}
    seats = Membership.objects.visible_to(reader).acting()
    seen = seats.filter(pk__in=keys, group__in=groups_where_texts_are_seen(reader)).order_by("person__name", "pk")
    return {
        keys[seat.pk]: Hit(
            url=reverse("seat", kwargs={"membership": seat.public_id}),
            text=" · ".join(part for part in (seat.person.name, seat.person.name_own_script) if part),
            where=f"{seat.group.name}, {seat.get_role_display()}",
            side=seat.side,
            order=(seat.person.name, seat.pk),
        )
        for seat in seen
    }


add_source(
    Source(
        kind="person",
        label=_("People"),
        table="groups_membership",
        key="m.id",
        rows="groups_membership m JOIN accounts_user u ON u.id = m.person_id",
        words="u.name || ' ' || u.name_own_script",
        where="m.seat = 'open'",
        columns={"group_id": "m.group_id", "side_id": "m.side_id"},
        shown=people_found,
        watched=(
            Watched("groups_membership", "NEW.id", columns=("seat",)),
            Watched(
                "accounts_user",
                "SELECT id FROM groups_membership WHERE person_id = NEW.id",
                columns=("name", "name_own_script"),
                when_added=False,
            ),
        ),
    )
)
add_source(
    Source(
        kind="group",
        label=_("Groups"),
        table="groups_thematicgroup",
        key="g.id",
        rows="groups_thematicgroup g",
        words="g.name || ' ' || g.purpose",
        readers=f"'{Readers.GROUP.value}'",
        columns={"group_id": "g.id"},
        shown=groups_found,
        watched=(Watched("groups_thematicgroup", "NEW.id", columns=("name", "purpose")),),
    )
)
