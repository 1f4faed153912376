"""Whom a comment names: an @ and the name as printed, of somebody who may read the thread. Nobody else is looked up."""

import re

from django.db.models import Q

from parley.accounts.models import User

from .models import Thread

AT = "@"


def named_in(source: str, thread: Thread) -> list[User]:
    """No query where no @ stands; one otherwise. Who may not read the thread is never found by naming them."""
    if AT not in source:
        return []
    readers = [person for person in _readers(thread) if person.name]
    if not readers:
        return []
    # The longest first: “@Anna Maria” is not Anna.
    names = sorted({person.name for person in readers}, key=len, reverse=True)
    pattern = re.compile(AT + "(" + "|".join(map(re.escape, names)) + r")(?!\w)", re.IGNORECASE)
    said = {found.casefold() for found in pattern.findall(source)}
    return [person for person in readers if person.name.casefold() in said]


def _readers(thread: Thread) -> list[User]:
    """Of a caucus thread its side; of another all who sit for a side, and the facilitators."""
    seats = thread.group.memberships.acting().with_a_side()
    if thread.caucus_id:
        seats = seats.filter(side=thread.caucus_id)
    reads = Q(pk__in=seats.values("person"))
    if not thread.caucus_id:
        reads |= Q(pk__in=thread.group.programme.facilitators.acting().values("person"))
    return list(User.objects.filter(reads, is_active=True))
