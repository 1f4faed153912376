"""Where a notice belongs: the group whose level decides, and the heading under which a digest has it.

Upper layers say so; this one knows neither groups nor documents.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """A group, by its public identifier, or a heading such as a document's title."""

    key: str
    name: str
    url: str = ""


Finder = Callable[[Any], Place | None]
_groups: list[Finder] = []
_headings: list[Finder] = []
_of_a_person: list[Callable[[Any], Iterable[Place]]] = []


def group_finder(finder: Finder) -> Finder:
    """Register `finder(subject)`: the group that a notice's subject belongs to, or None. It asks the database nothing
    that the kind has not fetched with its subject.
    """
    _groups.append(finder)
    return finder


def heading_finder(finder: Finder) -> Finder:
    """Register `finder(subject)`: what stands above such lines in a digest. The last registered is asked first."""
    _headings.insert(0, finder)
    return finder


def groups_of_a_person(find: Callable[[Any], Iterable[Place]]) -> Callable[[Any], Iterable[Place]]:
    """Register `find(user)`: the groups for which a person may choose a level."""
    _of_a_person.append(find)
    return find


def group_of(subject: Any) -> str:
    """The public identifier of the group, or nothing."""
    found = _first(_groups, subject)
    return found.key if found else ""


def heading_of(subject: Any) -> Place:
    return _first(_headings, subject) or Place("", "")


def groups_of(user: Any) -> list[Place]:
    return [place for find in _of_a_person for place in find(user)]


def _first(finders: list[Finder], subject: Any) -> Place | None:
    return next((place for finder in finders if (place := finder(subject)) is not None), None)
