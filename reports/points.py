"""The points of a view as they stand in its words of today."""

from collections.abc import Iterable
from dataclasses import dataclass

from .models import Passage, Point
from .text.places import Node, Place, carried, run_on, starts_of_lines


@dataclass(frozen=True)
class Marked:
    """A point with its number among those of the view, and its place in the tabled words; none when they are gone."""

    point: Point
    number: int
    place: Place | None
    words: str


@dataclass(frozen=True)
class Line:
    """A paragraph or entry of a text, with the point that is marked on it."""

    place: Place
    words: str
    marked: Marked | None = None

    @property
    def value(self) -> str:
        """As a form names it."""
        return f"{self.place.start}-{self.place.end}"


def marked_in(view: Passage, points: Iterable[Point]) -> list[Marked]:
    """In the order of the tabled text; those whose words are gone last, under the words that they were marked with.

    Nothing is compared for a view that was not revised since its points were marked.
    """
    found = [(point, _place_now(view, point)) for point in points]
    found.sort(key=lambda pair: (pair[1] is None, pair[1].start if pair[1] else 0, pair[0].pk))
    whole = run_on(view.tabled.text)  # type: ignore[union-attr]  # points are marked on tabled words
    return [
        Marked(point, number, place, whole[place.start : place.end] if place else point.words)
        for number, (point, place) in enumerate(found, 1)
    ]


def _place_now(view: Passage, point: Point) -> Place | None:
    if point.revision_id == view.tabled_id:
        return point.place
    new: Node = view.tabled.text  # type: ignore[union-attr]
    place = carried(point.revision.text, new, point.place)
    if place is None:
        return None
    # The whole line in which they stand: a point is a paragraph or an entry.
    return next((line for line in _lines(new) if line.start <= place.start < line.end), None)


def lines_of(view: Passage, marked: Iterable[Marked]) -> list[Line]:
    """What can be a point of the view: each of its paragraphs and entries."""
    by_start = {one.place.start: one for one in marked if one.place}
    text: Node = view.tabled.text  # type: ignore[union-attr]
    whole = run_on(text)
    return [Line(place, whole[place.start : place.end], by_start.get(place.start)) for place in _lines(text)]


def _lines(text: Node) -> list[Place]:
    starts, length = starts_of_lines(text), len(run_on(text))
    ends = [*(start - 1 for start in starts[1:]), length]
    return [Place(start, end) for start, end in zip(starts, ends, strict=True) if end > start]
