"""Passages as they stand on the page of their section, kept ready-made under all that is shown of them."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import get_language

from groups.standing import Standing

from .fragments import kept
from .models import Section
from .reading import Entry
from .threads import put_threads


def put_articles(entries: Sequence[Entry], *, section: Section, here: Standing, may_add: bool) -> None:
    """Give each entry its article, from memory or made anew with what stands beneath it; its proposals are put."""
    keys = {entry.passage.pk: _key(entry, here, may_add) for entry in entries}
    for entry in entries:
        entry.article = kept.get(keys[entry.passage.pk]) or ""
    missing = [entry for entry in entries if not entry.article]
    if not missing:
        return
    put_threads(missing, here=here)
    template = get_template("reports/parts/passage.html")
    around = {"section": section, "document": section.document, "may_add": may_add}
    for entry in missing:
        entry.article = kept.put(keys[entry.passage.pk], template.render({**around, "entry": entry}))


def _key(entry: Entry, here: Standing, may_add: bool) -> tuple[Any, ...]:
    """Who reads (their side, what they may, language, zone), and the last change of what they see."""
    return (
        "article",
        here.side.public_id if here.side else "",
        may_add,
        entry.stamp,
        entry.number,
        entry.first_footnote,
        entry.passage.section_id,
        tuple((proposal.public_id, proposal.state) for proposal in entry.proposals),
        get_language(),
        timezone.get_current_timezone_name(),
        timezone.localdate().year,
    )
