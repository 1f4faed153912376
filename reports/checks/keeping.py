"""Findings are worked out once for a state of the text, and kept with the key of all that they rest on."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from parley.programmes.models import Side
from reports.models import CheckedText, Document, Passage

from .opening import open_items
from .registry import Finding, Place
from .running import Kept, check, whole_key
from .tabled import text_of_side, whole_text
from .texts import Whole


def checked(document: Document) -> tuple[Whole, list[Finding]]:
    """The tabled text with its findings and what stands open around it."""
    whole = whole_text(document)
    return whole, [*open_items(document), *_found_in(document, whole)]


def _found_in(document: Document, whole: Whole) -> list[Finding]:
    key = whole_key(whole)
    held = CheckedText.objects.filter(document=document).first()
    if held is not None and held.key == key:
        return [_finding(one) for one in held.findings]
    found, kept = check(whole, Kept(**held.kept) if held else None)
    _keep(document, key, found, kept)
    return found


def _keep(document: Document, key: str, found: Iterable[Finding], kept: Kept) -> None:
    """In one statement, whoever else does the same just now: both have worked out the same."""
    row = CheckedText(
        document=document, key=key, findings=[asdict(one) for one in found], kept=asdict(kept), made_at=timezone.now()
    )
    CheckedText.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["document"],
        update_fields=["key", "findings", "kept", "made_at"],
    )


def _finding(held: dict[str, Any]) -> Finding:
    places = tuple(Place(**place) for place in held["places"])
    return Finding(held["rule"], held["case"], places, held["values"])


def checked_in_caucus(document: Document, side: Side) -> tuple[Whole, list[Finding]]:
    """What a side's own words would be asked about. Worked out for who asks, and stored nowhere.

    Of passages that lie before all sides nothing is worked out anew.
    """
    whole = text_of_side(document, side)
    held = CheckedText.objects.filter(document=document).first()
    found, _kept = check(whole, Kept(**held.kept) if held else None)
    own = own_words(document, side)
    about_own = (one for one in found if any(place.passage in own for place in one.places))
    # Nobody can have answered what nobody else has read.
    return whole, [one for one in about_own if one.rule != "unanswered"]


def own_words(document: Document, side: Side) -> frozenset[str]:
    """Public ids of the passages in whose place this side reads words of its caucus."""
    own = Passage.objects.present().filter(section__document=document, section__dropped_at=None, side=side)
    return frozenset(own.exclude(caucus_copy=None).values_list("public_id", flat=True))
