"""Who may do what with a meeting."""

import rules

from groups.rules import facilitates, is_co_chair, sees_texts
from parley.accounts.models import User

from .models import Meeting


@rules.predicate
def is_to_come(user: User, meeting: Meeting) -> bool:
    return not meeting.is_cancelled and not meeting.is_over


rules.add_perm("meetings.see", sees_texts)
rules.add_perm("meetings.announce", facilitates | is_co_chair)
rules.add_perm("meetings.change", is_to_come & (facilitates | is_co_chair))
rules.add_perm("meetings.answer", is_to_come & sees_texts)
rules.add_perm("meetings.see_answers", facilitates | is_co_chair)
