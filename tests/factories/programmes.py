"""A programme of two invented sides, begun by its facilitator through the real verb."""

from parley.accounts.models import User
from parley.programmes.actions import SideToBe, start_programme
from parley.programmes.models import HostOrganisation, Programme

SIDES = (SideToBe("Northland", "Northern", "NOR"), SideToBe("Southland", "Southern", "SOU"))


def host() -> HostOrganisation:
    return HostOrganisation.objects.create(
        name="The Hosting Foundation", email="office@example.org", about="We host dialogues."
    )


def programme_of(facilitator: User, name: str = "A dialogue", sides=SIDES) -> Programme:
    return start_programme(host=host(), name=name, sides=sides, by=facilitator)
