"""Waived findings in words, from what was kept of each: they can be read when the text says something else by now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from reports.models import Passage, WaivedFinding, Waiving

from .findings import Quoted, sentence
from .registry import rules


@dataclass(frozen=True)
class Told:
    waiving: Waiving
    title: str
    says: str
    quoted: Sequence[Quoted]


def waived_in_words(waivings: Iterable[Waiving]) -> list[Told]:
    """Of all of them in two queries."""
    rows = list(WaivedFinding.objects.filter(waiving__in=list(waivings)).select_related("waiving__proposed_by"))
    named = {passage for row in rows for passage, _words in row.places}
    sections = dict(
        Passage.objects.filter(public_id__in=named, dropped_at=None, section__dropped_at=None).values_list(
            "public_id", "section__public_id"
        )
    )
    return [_told(row, sections) for row in rows]


def _told(row: WaivedFinding, sections: dict[str, str]) -> Told:
    rule = rules().get(row.rule)
    quoted = [_quoted(passage, words, sections.get(passage, "")) for passage, words in row.places]
    title = str(rule.title) if rule else row.rule
    return Told(row.waiving, title, sentence(row.rule, row.case, row.values, 0), quoted)


def _quoted(passage: str, words: str, section: str) -> Quoted:
    url = f"{reverse('section', kwargs={'section': section})}#p-{passage}" if section else ""
    return Quoted(passage, 0, words, url)
