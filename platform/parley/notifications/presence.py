"""Who sits behind a socket: read from the session at every question, never kept on trust."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from django.contrib.auth import get_user, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Count
from django.utils import timezone

from .models import Notice
from .topics import channels_for, group_of, group_of_person


@dataclass(frozen=True)
class Standing:
    """A person, their session and their access epoch: when one of them changes, everything is asked again."""

    session: str
    user: int
    public_id: str
    epoch: int


@dataclass(frozen=True)
class Hearing:
    """What a page may hear: the watched topic by each group of the channel layer; `refused` when one is not theirs."""

    standing: Standing | None
    topics: dict[str, str]
    refused: bool = False

    @property
    def groups(self) -> set[str]:
        own = {group_of_person(self.standing.public_id)} if self.standing else set()
        return own | set(self.topics)


def person_of(session: str) -> tuple[Any, Standing] | None:
    """The signed-in, active person of a session as the database knows them now; None when it has ended."""
    if not session:
        return None
    user = get_user(SimpleNamespace(session=SessionStore(session)))  # type: ignore[arg-type]  # reads the session only
    if not user.is_authenticated or not user.is_active:
        return None
    return user, Standing(session, user.pk, user.public_id, user.access_epoch)


def hearing(session: str, topics: Iterable[str]) -> Hearing:
    """What this session's person may hear of these pages, asked of the rules now."""
    person = person_of(session)
    if person is None:
        return Hearing(None, {})
    user, standing = person
    heard: dict[str, str] = {}
    for topic in topics:
        channels = channels_for(user, topic)
        if channels is None:
            return Hearing(standing, {}, refused=True)
        heard |= {group_of(channel): topic for channel in channels}
    return Hearing(standing, heard)


def unread_of(standing: Standing) -> int:
    return Notice.objects.filter(reader=standing.user).unread().count()


@dataclass(frozen=True)
class Sight:
    """What the sweep sees of one socket's person."""

    standing: Standing
    unread: int


def seen(held: Iterable[Standing]) -> dict[str, Sight]:
    """By session, what stands now; without those that have ended. Three queries for all sockets of a process."""
    held = list(held)
    alive = sessions_alive({one.session for one in held})
    people = get_user_model()._default_manager.filter(pk__in={one.user for one in held}, is_active=True)
    epochs = dict(people.values_list("pk", "access_epoch"))
    unread = unread_by_person(epochs)
    return {
        one.session: Sight(replace(one, epoch=epochs[one.user]), unread.get(one.user, 0))
        for one in held
        if one.session in alive and one.user in epochs
    }


def sessions_alive(keys: Iterable[str]) -> set[str]:
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(sessions.values_list("session_key", flat=True))


def unread_by_person(people: Iterable[int]) -> dict[int, int]:
    """Those with none are left out."""
    notices = Notice.objects.unread().filter(reader__in=people).order_by()
    return dict(notices.values("reader").annotate(count=Count("pk")).values_list("reader", "count"))
