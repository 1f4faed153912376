"""The brackets of passages as one reads them: numbered as in the text, with alternatives and what is proposed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from groups.models import Motion

from .models import Bracket, Passage, PassageState
from .models.brackets import closing_motions, owner
from .text import brackets
from .text.stretches import Owner


@dataclass(frozen=True)
class Disputed:
    """An open bracket in a passage; `motion` proposes how to close it."""

    bracket: Bracket
    number: int
    motion: Motion | None

    @property
    def stamp(self) -> tuple[Any, ...]:
        """Moves with all that a page shows of it."""
        return self.bracket.pk, self.bracket.changed_at, self.motion and self.motion.pk


def disputed_in(passages: Iterable[Passage]) -> dict[int, list[Disputed]]:
    """By passage its open brackets in reading order; no question to the database where nothing is bracketed."""
    texts = {p.pk: p.tabled.text for p in passages if p.state == PassageState.BRACKETED and p.tabled}
    if not texts:
        return {}
    found = list(Bracket.objects.open().filter(passage__in=texts).with_alternatives())
    motions = {m.target_id: m for m in closing_motions([b.public_id for b in found]).open()}
    places = {id_: place for text in texts.values() for place, id_ in enumerate(brackets.ids_of(text), 1)}
    by_passage: dict[int, list[Disputed]] = {}
    for bracket in sorted(found, key=lambda bracket: places.get(bracket.public_id, 0)):
        disputed = Disputed(bracket, places.get(bracket.public_id, 0), motions.get(bracket.public_id))
        by_passage.setdefault(bracket.passage_id, []).append(disputed)
    return by_passage


def owners(disputed: Sequence[Disputed]) -> dict[str, Owner]:
    return {one.bracket.public_id: owner(one.bracket.side, one.number) for one in disputed}
