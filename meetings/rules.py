"""Who may do what with a meeting and with a date poll."""

import rules

from groups.rules import facilitates, is_co_chair, is_member, sees_texts
from parley.accounts.models import User

from .models import Meeting


@rules.predicate
def is_to_come(user: User, meeting: Meeting) -> bool:
    """A draft too: it is to be announced."""
    return not meeting.is_cancelled and not meeting.is_over


@rules.predicate
def is_announced(user: User, meeting: Meeting) -> bool:
    return not meeting.is_draft


@rules.predicate
def meets_in_person(user: User, meeting: Meeting) -> bool:
    return meeting.meets_in_person


prepares = facilitates | is_co_chair

rules.add_perm("meetings.see", sees_texts)
rules.add_perm("meetings.announce", prepares)
rules.add_perm("meetings.change", is_to_come & prepares)
rules.add_perm("meetings.remind", is_announced & is_to_come & prepares)
rules.add_perm("meetings.answer", is_announced & is_to_come & sees_texts)
rules.add_perm("meetings.see_answers", prepares)
rules.add_perm("meetings.travel", is_announced & is_to_come & meets_in_person & sees_texts)
rules.add_perm("meetings.see_particulars", facilitates)
rules.add_perm("meetings.see_poll", sees_texts)
# Whether a poll is closed is said in words: who answers a minute late is not turned away without one.
rules.add_perm("meetings.answer_poll", is_member)
rules.add_perm("meetings.enter_answer", facilitates)
rules.add_perm("meetings.change_poll", prepares)
rules.add_perm("meetings.choose_date", prepares)
