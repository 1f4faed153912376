"""The facilitator's board: by group whose turn it is and since when, its texts and brackets, and its work plan."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from groups.models import Milestone, ThematicGroup
from parley.programmes.models import Programme, Side
from reports.models import Document, DocumentState

from .waits import Wait, waits_in

# Of a group's card; its page has the rest.
DOCUMENTS = MILESTONES = 5
OVER = (DocumentState.PUBLISHED, DocumentState.WITHDRAWN)


@dataclass
class Turn:
    """What a side (or, without one, the facilitators) is waited for, the longest first."""

    side: Side | None
    waits: list[Wait]

    @property
    def since(self) -> dt.datetime | None:
        return min((wait.since for wait in self.waits if wait.since), default=None)

    @property
    def days(self) -> int:
        """Whole days since the oldest of them."""
        return _days_since(self.since)


@dataclass
class Card:
    """One group as its facilitators see it."""

    group: ThematicGroup
    turns: list[Turn] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    finished: int = 0
    milestones: list[Milestone] = field(default_factory=list)
    today: dt.date = field(default_factory=timezone.localdate)

    @property
    def days(self) -> int:
        return max((turn.days for turn in self.turns), default=0)

    @property
    def late(self) -> list[Milestone]:
        return [line for line in self.milestones if line.due < self.today]

    @property
    def open_brackets(self) -> int:
        return sum(document.open_brackets for document in self.documents)  # type: ignore[attr-defined]  # annotated

    @property
    def shown(self) -> list[Document]:
        return self.documents[:DOCUMENTS]

    @property
    def not_shown(self) -> int:
        return len(self.documents) - len(self.shown)

    @property
    def plan(self) -> list[Milestone]:
        """Late lines first, for they are due first."""
        return self.milestones[:MILESTONES]

    @property
    def further_plan(self) -> int:
        return len(self.milestones) - len(self.plan)

    @property
    def last_change(self) -> dt.datetime | None:
        """Of what lies before all sides."""
        return max((document.changed_at for document in self.documents), default=None)

    @property
    def order(self) -> tuple[bool, int, bool, str]:
        """Late first, then who waits longest; where nothing is under way last."""
        return not self.late, -self.days, not (self.turns or self.documents), self.group.name


def _days_since(moment: dt.datetime | None) -> int:
    return (timezone.now() - moment).days if moment else 0


def board_of(programme: Programme) -> list[Card]:
    """The same number of questions for any number of groups and documents."""
    groups = ThematicGroup.objects.filter(programme=programme).order_by("name")
    cards = {group.pk: Card(group) for group in groups}
    for document in Document.objects.filter(group__programme=programme).with_figures().order_by("-changed_at", "-pk"):
        card = cards[document.group_id]
        if document.state in OVER:
            card.finished += 1
        else:
            document.group = card.group
            card.documents.append(document)
    for line in Milestone.objects.filter(group__programme=programme, done_at=None).order_by("due", "pk"):
        cards[line.group_id].milestones.append(line)
    _add_turns(cards, programme.sides_in_order(), programme)
    return sorted(cards.values(), key=lambda card: card.order)


def _add_turns(cards: dict[int, Card], sides: Sequence[Side], programme: Programme) -> None:
    waits: dict[tuple[int, int | None], list[Wait]] = defaultdict(list)
    for wait in waits_in(programme, sides):
        waits[wait.group, wait.side].append(wait)
    for group, card in cards.items():
        places: Iterable[Side | None] = (*sides, None)
        for side in places:
            mine = waits.get((group, side.pk if side else None))
            if mine:
                card.turns.append(Turn(side, sorted(mine, key=lambda wait: wait.kind)))
        card.turns.sort(key=lambda turn: -turn.days)
