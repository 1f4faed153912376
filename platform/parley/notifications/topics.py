"""Topics: which pages may be watched by whom. A page's name alone opens nothing: each kind of page asks the rules."""

import re
from collections.abc import Callable
from typing import Any

Channels = Callable[[Any, str], list[str] | None]
_kinds: dict[str, Channels] = {}

# A page is watched by its own name; "document:<id>:side:<id>" is what it may hear, never what it may ask for.
IDENTIFIER = re.compile(r"[a-z0-9]{1,16}")
# The channel layer's group of every process that serves sockets.
ALL_HUBS = "hubs"
# Of one page at once; more is a mistake or an attack.
MAX_TOPICS = 20


def topic_kind(name: str, *, channels: Channels) -> None:
    """Register a kind of page: `channels(user, public_id)` gives what that person may hear of it, None for no access.

    What they hear are topics such as "document:<id>" and "document:<id>:side:<id>", one of a side's own for its caucus.
    """
    _kinds[name] = channels


def channels_for(user: Any, topic: str) -> list[str] | None:
    """What a person may hear of the page named by `topic` ("document:<id>"); None for unknown and forbidden alike."""
    kind, _, public_id = topic.partition(":")
    if kind not in _kinds or not IDENTIFIER.fullmatch(public_id):
        return None
    return _kinds[kind](user, public_id)


def group_of(topic: str) -> str:
    """The channel layer's name of a topic; it allows no colon."""
    return f"topic.{topic.replace(':', '.')}"


def group_of_person(public_id: str) -> str:
    return f"user.{public_id}"
