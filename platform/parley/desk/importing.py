"""A file of the exchange format as a whole programme: host, sides, group, the names of its people, the document."""

from django.db import transaction

from groups.actions import found_group, name_in_roster
from groups.models import Role, ThematicGroup
from parley.access import new_id
from parley.accounts.models import User
from parley.programmes.actions import SideToBe, start_programme
from parley.programmes.models import HostOrganisation, PostalAddress, Programme
from reports import exchange
from reports.actions.imports import import_document
from reports.models import Document


@transaction.atomic
def import_programme(contents: exchange.Contents, *, specimen: str = "", by: User | None) -> Document:
    """The document, in the programme and the group of its names: found when they exist, else made.

    People of the file are named in the group's list without an account; inviting them is the facilitators' act.
    """
    starter = by or _nobody()
    programme = Programme.objects.filter(name=contents.programme).first() or _programme(contents, starter)
    group = programme.groups.filter(name=contents.group).first() or found_group(
        programme=programme, name=contents.group, by=starter
    )
    _name_people(contents, group, starter)
    return import_document(contents, group=group, specimen=specimen, by=starter)


def _nobody() -> User:
    """Imported where there is no facilitator yet: an account that nobody can sign in to."""
    return User.objects.create_user(f"{new_id()}@named.invalid", name="Import", is_active=False)


def _programme(contents: exchange.Contents, by: User) -> Programme:
    sides = [
        SideToBe(side.name, side.demonym, code) for side, code in zip(contents.sides, _codes(contents), strict=True)
    ]
    return start_programme(host=_host(contents.host), name=contents.programme, sides=sides, by=by)


def _codes(contents: exchange.Contents) -> list[str]:
    """Three capitals of each name, told apart by the first letters in which they differ."""
    codes: list[str] = []
    for side in contents.sides:
        letters = [c for c in side.name.upper() if c.isalpha()] or ["X"]
        found = ["".join((letters * 3)[:2]) + last for last in [*letters[2:], *"123456789"]]
        codes.append(next(code for code in found if code not in codes))
    return codes


def _host(host: exchange.Host) -> HostOrganisation:
    made = HostOrganisation.objects.create(
        name=host.name, website=host.website, email=host.email, about="\n\n".join(host.about)
    )
    PostalAddress.objects.bulk_create(
        PostalAddress(host=made, label=address.label, lines="\n".join(address.lines), position=place)
        for place, address in enumerate(host.addresses)
    )
    return made


def _name_people(contents: exchange.Contents, group: ThematicGroup, by: User) -> None:
    sides = {side.name: side for side in group.programme.sides.all()}
    held = {str(seat.person) for seat in group.memberships.on_the_roster().select_related("person")}
    for side in contents.sides:
        for member in side.members:
            if member.name not in held:
                role = Role.CO_CHAIR if member.role == exchange.Role.CO_CHAIR else Role.MEMBER
                name_in_roster(group=group, name=member.name, role=role, side=sides[side.name], by=by)
