"""What changed between two canonical texts, for a page: change by change, in the order of the newer text."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .fragments import kept
from .models import Draft
from .publishing.comparison import Compared, Comparison, Fate, Part, as_text, compare, is_change
from .publishing.labels import fill
from .publishing.wordings import REDLINE, place_of, said, voice_of
from .text import difference

NO_WORDS = SafeString("")


@dataclass(frozen=True)
class Change:
    """`kind`: a Fate, or what became of a section or of what stands around the text.

    `words` mark what was added and removed, word by word; `beside` are further lines with their labels.
    """

    kind: str
    number: str = ""
    was: str = ""
    section: str = ""
    label: str = ""
    heading: str = ""
    words: SafeString = NO_WORDS
    beside: list[tuple[str, SafeString]] = field(default_factory=list)
    # Where a passage stood before, or where it stands now.
    elsewhere: str = ""


@dataclass(frozen=True)
class Redline:
    """As `fragments.kept` keeps it: its length is that of its words."""

    changes: list[Change]

    def __len__(self) -> int:
        return sum(len(change.words) + sum(len(words) for _label, words in change.beside) for change in self.changes)


def changes_between(old: Draft, new: Draft) -> list[Change]:
    """Of two drafts, which never change: made once in a while for each language."""
    key = ("redline", old.sha256, new.sha256, get_language())
    made: Redline = kept.made(key, lambda: Redline(changes(json.loads(old.canonical), json.loads(new.canonical))))
    return made.changes


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Nothing of equal texts; numbers alone are no change. In the reader's language, but for the texts' own words."""
    return list(_Reader(said(REDLINE)).changes(compare(old, new)))


class _Reader:
    def __init__(self, words: dict[str, str]) -> None:
        self.words = words

    def changes(self, comparison: Comparison) -> Iterator[Change]:
        for fact in comparison.facts:
            words = difference.html(as_text(fact.before), as_text(fact.after))
            yield Change("around", label=self.words[fact.label], words=words)
        for part in comparison.parts:
            if part.is_changed:
                yield self.section(part)
            if not part.left:
                yield from (self.passage(passage) for passage in part.passages if is_change(passage))

    def section(self, part: Part) -> Change:
        titles = [as_text(section["title"]) if section else as_text("") for section in (part.before, part.after)]
        words = difference.shown(titles[1], titles[1]) if part.moved or part.left else difference.html(*titles)
        return Change(_what_became_of(part), section=part.here["title"], words=words)

    def passage(self, passage: Compared) -> Change:
        stand = passage.here
        item, fate = stand.item, passage.fate
        was = passage.before.item["number"] if passage.before and fate in (Fate.CHANGED, Fate.MOVED) else ""
        return Change(
            kind=str(fate),
            number=item["number"],
            was=was if was != item["number"] else "",
            section=stand.section["title"],
            label=item["label"],
            heading=f"{item['heading']['number']} {item['heading']['text']}" if item["heading"] else "",
            words=self.wording(passage),
            beside=[] if fate == Fate.LEFT else list(self.beside(passage)),
            elsewhere=self.elsewhere(passage),
        )

    def wording(self, passage: Compared) -> SafeString:
        """Of a passage that was only moved its words as they are; of the place that it left none."""
        if passage.fate == Fate.LEFT:
            return SafeString("")
        return difference.shown(*passage.words)

    def beside(self, passage: Compared) -> Iterator[tuple[str, SafeString]]:
        if passage.speaks_otherwise:
            one, other = (
                as_text(voice_of(stand.item, self.words)) for stand in (passage.before, passage.after) if stand
            )
            yield self.words["voice"], difference.html(one, other)
        before, after = passage.notes
        if before != after:
            yield self.words["brackets"], difference.html(before, after)

    def elsewhere(self, passage: Compared) -> str:
        """The other place of what was moved, in words."""
        stand = {Fate.MOVED: passage.before, Fate.LEFT: passage.after}.get(passage.fate)
        if stand is None:
            return ""
        return fill(self.words[str(passage.fate)], place=place_of(stand.section, stand.item, self.words))


def _what_became_of(part: Part) -> str:
    if part.before is None:
        return "section-added"
    if part.after is None:
        return "section-removed"
    if part.left:
        return "section-left"
    return "section-moved" if part.moved else "section-renamed"
