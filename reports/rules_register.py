"""Who reads the register inside a programme, and who writes what became of a recommendation."""

import rules

from groups.rules import facilitates_programme, sits_in_programme
from parley.accounts.models import User

from .models import FollowUp, Recommendation
from .rules import facilitates


@rules.predicate
def has_part_in_its_programme(user: User, thing: Recommendation | FollowUp) -> bool:
    programme = thing.group.programme
    return facilitates_programme(user, programme) or sits_in_programme(user, programme)


rules.add_perm("reports.see_register", facilitates_programme | sits_in_programme)
rules.add_perm("reports.see_recommendation", has_part_in_its_programme)
rules.add_perm("reports.follow_up", facilitates)
