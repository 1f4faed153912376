"""Who may start a programme. Who may see and manage one is said where its people sit (groups)."""

import rules

from parley.accounts.models import User


@rules.predicate
def may_start(user: User, thing: object = None) -> bool:
    return user.is_active and user.may_start_programmes


rules.add_perm("programmes.start", may_start)
