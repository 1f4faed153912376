"""The one shape of every check: what it keeps of a passage, what it finds in the whole, and how it says so."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from parley.audit.canonical import sha256

from .texts import Ground, Piece, Whole, reads_as

# Raised with every change of a rule: what was found under another version is found anew.
VERSION = 1
Sentence = str | Promise


@dataclass(frozen=True)
class Place:
    """Words of a passage; `passage` is its public id."""

    passage: str
    words: str


@dataclass(frozen=True)
class Finding:
    """What a rule has found: its case, the words that it is about, and what its sentence is filled in with."""

    rule: str
    case: str
    places: tuple[Place, ...]
    values: dict[str, Any] = field(default_factory=dict, hash=False)

    def fingerprint(self, hashes: Mapping[str, str]) -> str:
        """Of exactly this finding in exactly these words: it is another one as soon as a word of them changes."""
        places = [[place.passage, hashes.get(place.passage, ""), place.words] for place in self.places]
        return sha256({"rule": self.rule, "case": self.case, "places": places, "values": self.values})


Gather = Callable[[Piece, Ground], Any]
Judge = Callable[[Whole, Mapping[str, Any]], Iterable[Finding]]
Compare = Callable[[Piece, Piece], Any]


@dataclass(frozen=True)
class Rule:
    """`gather` gives what is kept of one passage (JSON), `judge` what follows from all of it.

    `compare`, of a rule over pairs, gives what is kept of two passages, or None. `languages`: those whose words it
    knows; none where it needs no words. `says`: by case, the sentence and the remedy. Nobody waives what `holds`.
    """

    name: str
    title: Sentence
    says: Mapping[str, tuple[Sentence, Sentence]]
    judge: Judge
    gather: Gather | None = None
    compare: Compare | None = None
    languages: frozenset[str] = frozenset()

    def reads(self, piece: Piece, ground: Ground) -> bool:
        if not self.languages:
            return True
        return ground.language in self.languages and reads_as(ground.language, piece.text)


RULES: dict[str, Rule] = {}


def register(rule: Rule) -> Rule:
    RULES[rule.name] = rule
    return rule


def in_passages(
    name: str,
    title: Sentence,
    says: Mapping[str, tuple[Sentence, Sentence]],
    *,
    languages: Iterable[str] = (),
) -> Callable[[Callable[[Piece, Ground], Iterable[Finding]]], Rule]:
    """Decorates a rule that looks at one passage alone: `found(piece, ground)` yields findings."""

    def of(found: Callable[[Piece, Ground], Iterable[Finding]]) -> Rule:
        def gather(piece: Piece, ground: Ground) -> Any:
            return [
                [one.case, [[place.passage, place.words] for place in one.places], one.values]
                for one in found(piece, ground)
            ]

        def judge(whole: Whole, gathered: Mapping[str, Any]) -> Iterable[Finding]:
            for piece in whole.pieces:
                for case, places, values in gathered.get(piece.id) or ():
                    yield Finding(name, case, tuple(Place(*place) for place in places), values)

        return register(Rule(name, title, says, judge, gather, languages=frozenset(languages)))

    return of


def over_document(
    name: str,
    title: Sentence,
    says: Mapping[str, tuple[Sentence, Sentence]],
    *,
    gather: Gather | None = None,
    compare: Compare | None = None,
    languages: Iterable[str] = (),
) -> Callable[[Judge], Rule]:
    """Decorates a rule that looks at all passages: `judge(whole, gathered)`, of what `gather` has kept of each."""

    def of(judge: Judge) -> Rule:
        return register(Rule(name, title, says, judge, gather, compare, frozenset(languages)))

    return of


def rules() -> dict[str, Rule]:
    """Every rule, in the order in which their findings are told."""
    from . import families  # noqa: F401 (each registers its rules)

    return RULES
