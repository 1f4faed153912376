"""Running the rules over a document: what was kept of a passage that has not changed is not worked out again."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from parley.audit.canonical import sha256

from .registry import VERSION, Finding, Rule, rules
from .texts import Ground, Piece, Whole

# By name of the rule, then by passage.
Gathered = dict[str, dict[str, Any]]


@dataclass
class Kept:
    """What the last run worked out: by the key of a passage what each rule keeps of it, and what it keeps of pairs."""

    ground: str = ""
    pieces: dict[str, dict[str, Any]] = field(default_factory=dict)
    # By rule, pairs of keys and what the rule keeps of them.
    pairs: dict[str, list[list[Any]]] = field(default_factory=dict)


def ground_key(ground: Ground) -> str:
    """What all gathering rests on: with it everything is gathered anew."""
    held = asdict(ground) | {"no_reply_wished": sorted(ground.no_reply_wished), "version": VERSION}
    return sha256(held)


def piece_key(piece: Piece) -> str:
    return sha256([piece.id, piece.sha256, piece.voice, piece.side])[:32]


def whole_key(whole: Whole) -> str:
    """Of everything that a finding can rest on: the same key, the same findings."""
    order = [[piece_key(piece), piece.section, piece.answers] for piece in whole.pieces]
    return sha256({"ground": ground_key(whole.ground), "order": order, "sections": list(whole.sections.items())})


def check(whole: Whole, kept: Kept | None = None) -> tuple[list[Finding], Kept]:
    """The findings in reading order, and what to keep for the next run. `kept` stays as it was."""
    ground = ground_key(whole.ground)
    before = kept if kept is not None and kept.ground == ground else Kept(ground)
    keys = {piece.id: piece_key(piece) for piece in whole.pieces}
    now = Kept(ground, pairs={})
    for piece in whole.pieces:
        held = before.pieces.get(keys[piece.id])
        now.pieces[keys[piece.id]] = _gathered(piece, whole.ground) if held is None else held
    found: list[Finding] = []
    for rule in rules().values():
        gathered = _of_rule(rule, whole.pieces, keys, now)
        if rule.compare is not None:
            now.pairs[rule.name] = _compared(rule, whole, keys, before)
            gathered = _by_pair(now.pairs[rule.name], keys)
        found += rule.judge(whole, gathered)
    return _in_reading_order(found, whole.pieces), now


def _gathered(piece: Piece, ground: Ground) -> dict[str, Any]:
    return {
        rule.name: rule.gather(piece, ground)
        for rule in rules().values()
        if rule.gather is not None and rule.reads(piece, ground)
    }


def _of_rule(rule: Rule, pieces: Iterable[Piece], keys: Mapping[str, str], now: Kept) -> dict[str, Any]:
    held = ((piece.id, now.pieces[keys[piece.id]]) for piece in pieces)
    return {id_: kept[rule.name] for id_, kept in held if rule.name in kept}


def _compared(rule: Rule, whole: Whole, keys: Mapping[str, str], before: Kept) -> list[list[Any]]:
    """What was kept of pairs that still stand, and each pair with a passage that is new."""
    standing = set(keys.values())
    pairs = [pair for pair in before.pairs.get(rule.name, []) if pair[0] in standing and pair[1] in standing]
    compare = rule.compare
    assert compare is not None  # noqa: S101 (asked by the caller)
    for place, piece in enumerate(whole.pieces):
        is_new = keys[piece.id] not in before.pieces
        for other in whole.pieces[:place]:
            if not (is_new or keys[other.id] not in before.pieces):
                continue
            held = compare(other, piece)
            if held is not None:
                pairs.append([keys[other.id], keys[piece.id], held])
    return pairs


def _by_pair(pairs: Iterable[list[Any]], keys: Mapping[str, str]) -> dict[str, Any]:
    """By the ids of the passages, "one two"."""
    ids = {key: id_ for id_, key in keys.items()}
    return {f"{ids[one]} {ids[other]}": held for one, other, held in pairs}


def _in_reading_order(found: list[Finding], pieces: Iterable[Piece]) -> list[Finding]:
    order = {piece.id: place for place, piece in enumerate(pieces)}
    names = list(rules())
    return sorted(found, key=lambda one: (min(order[p.passage] for p in one.places), names.index(one.rule)))
