"""A motion's keys as a page shows them: who turned which when, whose is missing, and since when a key is vacant."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from parley.programmes.models import Side

from .models import Key, Membership, Motion, ThematicGroup
from .motions import kind_of
from .roster import Roster
from .standing import Standing


@dataclass(frozen=True)
class KeyRow:
    """One side's key in a motion."""

    side: Side
    key: Key | None
    holder: Membership | None
    vacant_since: dt.datetime | None

    @property
    def rests_until(self) -> dt.datetime | None:
        return self.holder.key_rests_until if self.holder and self.holder.key_rests else None


@dataclass(frozen=True)
class Wanted:
    """An open motion to which the reader's side has not turned its key."""

    public_id: str
    words: str | Promise
    title: str


@dataclass(frozen=True)
class LedgerLine:
    motion: Motion
    words: str | Promise
    rows: list[KeyRow]


def key_rows(motion: Motion, roster: Roster) -> list[KeyRow]:
    """Of the sides whose keys the motion takes, in the programme's order."""
    wanted = [side for side in roster.sides if side.public_id in motion.wanted]
    turned = {key.side_id: key for key in motion.keys.all()}
    return [
        KeyRow(side, turned.get(side.pk), roster.holders.get(side.pk), roster.vacant_since(side)) for side in wanted
    ]


def ledger_lines(motions: Iterable[Motion], roster: Roster) -> list[LedgerLine]:
    return [LedgerLine(motion, kind_of(motion.kind).words, key_rows(motion, roster)) for motion in motions]


def keys_wanted(group: ThematicGroup, here: Standing) -> list[Wanted]:
    """What waits for the key of the reader's side; one query."""
    side = here.side.public_id if here.side else ""
    waiting = group.motions.open().without_key_of(here.side)
    mine = (motion for motion in waiting if side in motion.wanted)
    return [Wanted(motion.public_id, kind_of(motion.kind).words, motion.title) for motion in mine]
