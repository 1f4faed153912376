"""Who may do what about a pen."""

import rules

from parley.accounts.models import User

from .models import Pen
from .rules import holds_key, is_drafted, is_shared, is_tabled, sees_texts


@rules.predicate
def is_out(user: User, pen: Pen) -> bool:
    return pen.is_out


@rules.predicate
def holds_it(user: User, pen: Pen) -> bool:
    return pen.holder_id == user.pk


rules.add_perm("reports.see_pen", sees_texts)
rules.add_perm("reports.give_pen_on", is_drafted & holds_key & is_shared & is_tabled)
rules.add_perm("reports.use_pen", is_drafted & sees_texts & holds_it & is_out)
rules.add_perm("reports.take_pen", is_drafted & holds_key & is_out)
