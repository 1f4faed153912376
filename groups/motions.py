"""The registry of what can be moved: upper layers declare a kind of motion, its target and its effect."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parley.programmes.models import Side

from .models import Motion, ThematicGroup
from .standing import Standing

Preview = SafeString | tuple[str, dict[str, Any]] | None


class Target(Protocol):
    """What a motion is about: anything with a public identifier."""

    public_id: str


class MayNotBeMoved(Exception):
    """The target is not in a state in which this may be moved; the message says why and what to do."""


@dataclass(frozen=True)
class MotionKind:
    """One change of state under two keys.

    `lock` fetches the target under its row locks (document → section → passage), `sha256` gives the hash of exactly
    what is proposed now, `sides` whose keys it takes, `carry` is the effect, run with the last key in its transaction.
    """

    name: str
    words: str | Promise
    lock: Callable[[str], Any]
    group: Callable[[Any], ThematicGroup]
    sha256: Callable[[Any, dict[str, Any]], str]
    sides: Callable[[Any], Sequence[Side]]
    carry: Callable[..., None]
    may_propose: Callable[[Standing, Any], bool]
    # Whether a side may turn its key subject to its principals, until a date.
    takes_ad_referendum: bool = False
    # Run before the transaction of proposing or turning a key: what a refusal then shows is not rolled back with it.
    prepare: Callable[[str], None] = lambda target_id: None
    # Raises MayNotBeMoved; asked when proposed and again before the effect.
    check: Callable[[Any, dict[str, Any]], None] = lambda target, facts: None
    url: Callable[[Any], str] = lambda target: ""
    title: Callable[[Any], str] = str
    # The target as a person reads it, without locks; None when it is gone.
    find: Callable[[str], Any] = lambda target_id: None
    # What the motion says beside its target, in words: pairs of a label and a value ("Comments until", "3 May").
    explain: Callable[[Any, dict[str, Any]], Sequence[tuple[str, Any]]] = lambda target, facts: ()
    # The very words that are proposed, as this reader's side may see them: markup, or a template and its context.
    preview: Callable[[Any, Motion, Side | None], Preview] = lambda target, motion, viewer_side: None

    # What became of it with the last key, of a target that is only a part of what changes.
    outcome: Callable[[Any], str] | None = None

    def sides_for(self, motion: Motion) -> Sequence[Side]:
        """Whose keys this motion takes; every side's when the target is gone."""
        target = self.find(motion.target_id)
        return all_sides(motion.group) if target is None else self.sides(target)

    def outcome_of(self, target: Any) -> str:
        """Of a carried motion."""
        return self.outcome(target) if self.outcome and target is not None else _("It has taken effect")


_kinds: dict[str, MotionKind] = {}


def register(kind: MotionKind) -> MotionKind:
    _kinds[kind.name] = kind
    return kind


def kind_of(name: str) -> MotionKind:
    return _kinds[name]


# Upper layers tell which further targets rest on some: a subquery of target ids, of the public ids that changed.
resting_on: list[Callable[[Sequence[str]], Any]] = []


def all_sides(group: ThematicGroup) -> list[Side]:
    """“Two keys” always means the key of every side of the programme."""
    return group.programme.sides_in_order()
