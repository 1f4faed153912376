"""Each side's views against the other sides' answers, point by point where their writers marked points.

Counted is what lies before all sides. What a side has in its caucus shows in its own cells alone and moves no figure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from groups.standing import Standing
from parley.programmes.models import Side

from .models import Document, NoReply, Passage, Point, PointAnswer, Section, Voice
from .points import Marked, marked_in
from .reading import sides_of
from .text.plain import excerpt

EXCERPT = 140  # letters of a view


@dataclass(frozen=True)
class Reply:
    """A side's words in answer; `is_earlier`: the view was revised since they were tabled."""

    passage: Passage
    number: int | None
    is_earlier: bool = False

    @property
    def in_caucus(self) -> bool:
        """Only its own side gets to see it."""
        return not self.passage.is_tabled


@dataclass
class Cell:
    """One side's answer to a view or to a point of it; `own`: it is the side whose view it is."""

    side: Side
    own: bool
    ours: bool
    replies: list[Reply] = field(default_factory=list)
    stated: NoReply | None = None
    is_optional: bool = False

    @property
    def tabled(self) -> list[Reply]:
        return [reply for reply in self.replies if not reply.in_caucus]

    @property
    def is_answered(self) -> bool:
        return bool(self.tabled) or self.stated is not None

    @property
    def waits(self) -> bool:
        """The side has not said anything before all sides; of a view with points its points wait."""
        return not (self.own or self.is_optional or self.is_answered)

    @property
    def stated_of_earlier(self) -> bool:
        """“No reply wished” was said of words that have been revised since."""
        return self.stated is not None and self.stated.revision_id != self.stated.view.tabled_id


@dataclass
class Row:
    """A view, or one of its points."""

    view: Passage
    number: int
    cells: list[Cell]
    point: Marked | None = None

    @property
    def has_points(self) -> bool:
        """Whether there is something that a reply can name."""
        return self.point is not None or any(cell.is_optional for cell in self.cells)

    @property
    def words(self) -> str:
        return self.point.words if self.point else excerpt(self.view.tabled.text, EXCERPT)  # type: ignore[union-attr]


@dataclass
class Part:
    """A section with its views."""

    section: Section
    rows: list[Row] = field(default_factory=list)


@dataclass
class Share:
    """How much one side says somewhere: a figure, no verdict."""

    side: Side
    views: int = 0
    replies: int = 0
    words: int = 0

    def add(self, passage: Passage) -> None:
        self.views += passage.voice == Voice.VIEW
        self.replies += passage.voice == Voice.REPLY
        self.words += passage.tabled.words  # type: ignore[union-attr]  # only tabled ones are counted


@dataclass
class Balance:
    """The sides' shares of a section, and whose view stands first in it; without a section, of the whole text."""

    section: Section | None
    shares: list[Share]
    first: Side | None = None


@dataclass
class Coverage:
    document: Document
    sides: Sequence[Side]
    parts: list[Part]
    balance: list[Balance]
    before_their_views: list[Reply]

    @property
    def cells(self) -> list[Cell]:
        """Those in which an answer is looked for."""
        rows = (row for part in self.parts for row in part.rows)
        return [cell for row in rows for cell in row.cells if not (cell.own or cell.is_optional)]

    @property
    def replied(self) -> int:
        return sum(bool(cell.tabled) for cell in self.cells)

    @property
    def none_wished(self) -> int:
        return sum(not cell.tabled and cell.stated is not None for cell in self.cells)

    @property
    def waiting(self) -> list[tuple[Side, int]]:
        """Whose answers are looked for still, and how many."""
        counted = Counter(cell.side for cell in self.cells if cell.waits)
        return [(side, counted[side]) for side in self.sides if counted[side]]

    @property
    def total(self) -> Balance:
        shares = {side: Share(side) for side in self.sides}
        for balance in self.balance:
            for share in balance.shares:
                whole = shares[share.side]
                whole.views += share.views
                whole.replies += share.replies
                whole.words += share.words
        return Balance(None, list(shares.values()))

    @property
    def firsts(self) -> list[tuple[Side, int]]:
        """In how many sections each side's view stands first."""
        counted = Counter(balance.first for balance in self.balance if balance.first)
        return [(side, counted[side]) for side in self.sides]


def coverage_of(document: Document, here: Standing) -> Coverage:
    """Five queries, however long the document is."""
    sides = sides_of(document.group.programme)
    sections = {section.pk: section for section in document.sections.present()}
    passages = _passages(sections, here)
    tabled = [passage for passage in passages if passage.is_tabled]
    numbers = {passage.pk: number for number, passage in enumerate(tabled, 1)}
    answers = _Answers(document, here, passages, numbers)
    parts = {pk: Part(section) for pk, section in sections.items()}
    for view in (passage for passage in tabled if passage.voice == Voice.VIEW):
        parts[view.section_id].rows += _rows(view, numbers[view.pk], sides, here, answers)
    return Coverage(
        document,
        sides,
        [part for part in parts.values() if part.rows],
        list(_balance(sections.values(), tabled, sides)),
        [Reply(passage, numbers[passage.pk]) for passage in _before_their_views(tabled)],
    )


def _passages(sections: dict[int, Section], here: Standing) -> list[Passage]:
    found = Passage.objects.filter(section__in=sections).as_seen_by(here.side).with_texts().in_reading_order()
    passages = list(found)
    for passage in passages:
        passage.section = sections[passage.section_id]
    return passages


class _Answers:
    """What was said to which view and point."""

    def __init__(self, document: Document, here: Standing, passages: list[Passage], numbers: dict[int, int]) -> None:
        self.points: dict[int, list[Point]] = defaultdict(list)
        for point in Point.objects.of(document):
            self.points[point.view_id].append(point)
        self.named: dict[int, set[int]] = defaultdict(set)
        seen = PointAnswer.objects.seen_by(here.side).filter(reply__section__document=document)
        for point_id, reply_id in seen.values_list("point", "reply"):
            self.named[reply_id].add(point_id)
        self.stated: dict[tuple[int, int | None, int], NoReply] = {}
        by_pk = {passage.pk: passage for passage in passages}
        for one in NoReply.objects.standing().filter(view__in=list(by_pk)).select_related("stated_by"):
            one.view = by_pk[one.view_id]
            self.stated[one.view_id, one.point_id, one.side_id] = one
        self.replies: dict[int, list[Reply]] = defaultdict(list)
        for passage in passages:
            if passage.voice == Voice.REPLY and passage.answers_id in by_pk:
                view = by_pk[passage.answers_id]
                self.replies[view.pk].append(Reply(passage, numbers.get(passage.pk), _is_earlier(passage, view)))

    def to(self, view: Passage, side: Side, point: Point | None) -> list[Reply]:
        """Replies that name the point; without one, those that name no point of the view that stands."""
        standing = {one.pk for one in self.points[view.pk]}
        mine = [reply for reply in self.replies[view.pk] if reply.passage.side_id == side.pk]
        if point is not None:
            return [reply for reply in mine if point.pk in self.named[reply.passage.pk]]
        return [reply for reply in mine if not self.named[reply.passage.pk] & standing]

    def no_reply(self, view: Passage, side: Side, point: Point | None) -> NoReply | None:
        """What was said of the whole view holds for each of its points."""
        of_the_view = self.stated.get((view.pk, None, side.pk))
        return of_the_view or (self.stated.get((view.pk, point.pk, side.pk)) if point else None)


def _is_earlier(reply: Passage, view: Passage) -> bool:
    return bool(reply.tabled and view.tabled and reply.tabled.made_at < view.tabled.made_at)


def _rows(view: Passage, number: int, sides: Sequence[Side], here: Standing, answers: _Answers) -> list[Row]:
    """The view, and beneath it its points: then these are what wants an answer."""
    points = marked_in(view, answers.points[view.pk])
    whole = Row(view, number, [_cell(view, side, here, answers, None) for side in sides])
    for cell in whole.cells:
        cell.is_optional = bool(points)
    return [
        whole,
        *(
            Row(view, number, [_cell(view, side, here, answers, marked.point) for side in sides], marked)
            for marked in points
        ),
    ]


def _cell(view: Passage, side: Side, here: Standing, answers: _Answers, point: Point | None) -> Cell:
    own = side.pk == view.side_id
    if own:
        return Cell(side, own=True, ours=here.is_of(side))
    return Cell(
        side,
        own=False,
        ours=here.is_of(side),
        replies=answers.to(view, side, point),
        stated=answers.no_reply(view, side, point),
    )


def _balance(sections: Iterable[Section], tabled: list[Passage], sides: Sequence[Side]) -> Iterable[Balance]:
    """Of the sections in which a side speaks for itself."""
    for section in sections:
        said = [passage for passage in tabled if passage.section_id == section.pk and passage.side_id]
        if not said:
            continue
        shares = {side.pk: Share(side) for side in sides}
        for passage in said:
            shares[passage.side_id].add(passage)  # type: ignore[index]  # each has a side
        first = next((shares[p.side_id].side for p in said if p.voice == Voice.VIEW), None)  # type: ignore[index]
        yield Balance(section, list(shares.values()), first)


def _before_their_views(tabled: list[Passage]) -> list[Passage]:
    """Replies that stand in the text before what they answer."""
    place = {passage.pk: index for index, passage in enumerate(tabled)}
    replies = (passage for passage in tabled if passage.voice == Voice.REPLY)
    return [reply for reply in replies if place[reply.pk] < place.get(reply.answers_id or 0, -1)]


def no_reply_wished(document: Document) -> set[str]:
    """Public ids of the tabled views to which every other side that has tabled no reply wishes to write none.

    Of a view with points, this counts the statements about the view as a whole. Three queries.
    """
    tabled = Passage.objects.tabled_ones().filter(section__document=document, section__dropped_at=None)
    views = list(tabled.filter(voice=Voice.VIEW).values_list("pk", "public_id", "side"))
    replied = set(tabled.filter(voice=Voice.REPLY).values_list("answers", "side"))
    stated = set(
        NoReply.objects.standing().filter(view__section__document=document, point=None).values_list("view", "side")
    )
    sides = {side.pk for side in sides_of(document.group.programme)}
    found = set()
    for pk, public_id, own in views:
        silent = {side for side in sides - {own} if (pk, side) not in replied}
        if silent and all((pk, side) in stated for side in silent):
            found.add(public_id)
    return found
