"""Who marks points, names them and says that no reply is wished."""

import rules

from parley.accounts.models import User

from .models import NoReply, Passage, Voice
from .rules import here, holds_key, is_drafted, is_member, is_own_sides, is_tabled


@rules.predicate
def is_view(user: User, passage: Passage) -> bool:
    return passage.voice == Voice.VIEW


@rules.predicate
def is_reply(user: User, passage: Passage) -> bool:
    return passage.voice == Voice.REPLY


@rules.predicate
def stated_by_its_side(user: User, stated: NoReply) -> bool:
    found = here(user, stated)
    return found.holds_key and found.is_of(stated.side)


rules.add_perm("reports.state_no_reply", is_drafted & is_view & is_tabled & is_member & holds_key & ~is_own_sides)
rules.add_perm("reports.take_back_no_reply", is_drafted & stated_by_its_side)
rules.add_perm("reports.mark_points", is_drafted & is_view & is_tabled & is_own_sides)
rules.add_perm("reports.name_points", is_drafted & is_reply & is_own_sides)
