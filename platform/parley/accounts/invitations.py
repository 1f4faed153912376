"""The only way to an account: an invitation, which an upper layer holds and answers for here."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from .models import User, normal_address


@dataclass(frozen=True)
class Invitations:
    """`open_for(request, email)`: this browser holds an invitation that is open for exactly this address.
    `accepted(request, user)`: called after each sign-in; turns what the browser holds into what was offered."""

    open_for: Callable[[HttpRequest, str], bool]
    accepted: Callable[[HttpRequest, User], None]


_kinds: list[Invitations] = []


def register(
    *, open_for: Callable[[HttpRequest, str], bool], accepted: Callable[[HttpRequest, User], None]
) -> Invitations:
    kind = Invitations(open_for, accepted)
    _kinds.append(kind)
    return kind


def is_open(request: HttpRequest, email: str) -> bool:
    return any(kind.open_for(request, normal_address(email)) for kind in _kinds)


def accept(request: HttpRequest, user: User) -> None:
    for kind in _kinds:
        kind.accepted(request, user)
