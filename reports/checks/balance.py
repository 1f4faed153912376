"""Words, passages and mentions by side and section: figures for the co-chairs to look at, never a verdict."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .texts import Piece, SideName, Whole


@dataclass(frozen=True)
class Share:
    """Of one side in one section: what it says there, and how often it is named by whoever speaks."""

    side: str
    name: str
    passages: int
    words: int
    mentions: int


@dataclass(frozen=True)
class SectionShares:
    section: str
    title: str
    shares: Sequence[Share]


def balance(whole: Whole) -> list[SectionShares]:
    """The sections in which a side speaks or is named."""
    found = [_shares(whole, section, title) for section, title in whole.sections.items()]
    return [one for one in found if any(share.passages or share.mentions for share in one.shares)]


def _shares(whole: Whole, section: str, title: str) -> SectionShares:
    pieces = whole.of_section(section)
    return SectionShares(section, title, [_share(side, pieces) for side in whole.ground.sides])


def _share(side: SideName, pieces: Sequence[Piece]) -> Share:
    own = [piece for piece in pieces if piece.side == side.id]
    named = re.compile(rf"\b(?:{re.escape(side.name)}|{re.escape(side.demonym)})\w{{0,2}}(?!\w)")
    return Share(
        side=side.id,
        name=side.name,
        passages=len(own),
        words=sum(len(piece.text.split()) for piece in own),
        mentions=sum(len(named.findall(piece.text)) for piece in pieces),
    )
