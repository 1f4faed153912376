"""What a programme decides about its meetings."""

from collections.abc import Mapping

from django.db import transaction

from meetings.models import MeetingCustoms, SideCountry
from parley.accounts.models import User
from parley.audit import record
from parley.programmes.models import Programme, Side


@transaction.atomic
def set_customs(programme: Programme, *, answers_by_link: bool, countries: Mapping[Side, str], by: User) -> None:
    """Links that were sent stop opening at once when they are no longer allowed. An empty country marks nothing."""
    MeetingCustoms.objects.update_or_create(programme=programme, defaults={"answers_by_link": answers_by_link})
    for side, country in countries.items():
        if country:
            SideCountry.objects.update_or_create(side=side, defaults={"country": country})
        else:
            SideCountry.objects.filter(side=side).delete()
    facts = {"answers_by_link": answers_by_link, "countries": {s.code: code for s, code in countries.items()}}
    record("programme.meeting_customs", chain=programme.chain, by=by, facts=facts)
