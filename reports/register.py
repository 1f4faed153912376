"""The register of published recommendations: what a canonical text brings into it, filters, entries and CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.models import Motion
from parley.accounts.models import User
from parley.programmes.models import Programme
from parley.ui.times import day_words

from .models import FollowUp, Label, Progress, Publication, Recommendation
from .models.register import RecommendationQuerySet
from .text.plain import excerpt, text_of

# Signs with which a spreadsheet begins a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
EXCERPT = 140


def recommendations_of(publication: Publication) -> list[Recommendation]:
    """Those of its canonical text, as they were signed; not saved."""
    text = json.loads(publication.final_text.canonical)
    items = [item for section in text["sections"] for item in section["items"] if item["voice"] == "recommendation"]
    return [
        Recommendation(
            publication=publication,
            passage=item["id"],
            position=position,
            paragraph=item["number"],
            text=item["text"],
            language=text["language"],
            **_heading(item),
        )
        for position, item in enumerate(items, 1)
    ]


def _heading(item: dict[str, Any]) -> dict[str, str]:
    heading = item["heading"]
    if heading is None:
        return {"heading": excerpt(item["text"], EXCERPT)}
    return {
        "number": heading["number"],
        "heading": heading["text"],
        "addressee": heading["addressee"],
        "horizon": heading["horizon"],
    }


# ---- filters ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filter:
    """One select above the list: its name in the address, its label, what can be chosen, what is."""

    name: str
    label: str | Promise
    options: list[tuple[str, str]]
    chosen: str


NARROWED: dict[str, Callable[[RecommendationQuerySet, str], RecommendationQuerySet]] = {
    "addressee": lambda found, value: found.filter(addressee=value),
    "horizon": lambda found, value: found.filter(horizon=value),
    "group": lambda found, value: found.filter(publication__final_text__document__group__public_id=value),
    "theme": lambda found, value: found.filter(labels__words=value),
    "status": lambda found, value: found.standing_at(None if value == "unknown" else value),
}
LABELS: dict[str, str | Promise] = {
    "addressee": gettext_lazy("Addressee"),
    "horizon": gettext_lazy("Horizon"),
    "group": gettext_lazy("Group"),
    "theme": gettext_lazy("Theme"),
    "status": gettext_lazy("Where it stands"),
}


@dataclass(frozen=True)
class Register:
    """What a reader asked for."""

    found: RecommendationQuerySet
    filters: list[Filter]
    with_withdrawn: bool

    @property
    def is_narrowed(self) -> bool:
        return self.with_withdrawn or any(one.chosen for one in self.filters)


def register_of(programme: Programme, asked: Any) -> Register:
    """`asked`: the address's query. A value that is none of the options narrows nothing."""
    everything = Recommendation.objects.of(programme)
    options = _options(programme, everything)
    with_withdrawn = asked.get("edition") == "all"
    found = everything.listed() if with_withdrawn else everything.in_force().listed()
    filters = []
    for name, choices in options.items():
        wanted = asked.get(name, "")
        chosen = wanted if wanted in dict(choices) else ""
        if chosen:
            found = NARROWED[name](found, chosen)
        filters.append(Filter(name, LABELS[name], choices, chosen))
    return Register(found, filters, with_withdrawn)


def _options(programme: Programme, everything: RecommendationQuerySet) -> dict[str, list[tuple[str, str]]]:
    """Four questions; only what occurs can be chosen."""
    plain = everything.order_by()
    named = plain.values_list(
        "publication__final_text__document__group__public_id", "publication__final_text__document__group__name"
    )
    labels = Label.objects.filter(recommendation__in=plain.values("pk")).order_by()
    return {
        "addressee": _pairs(plain.exclude(addressee="").values_list("addressee", flat=True)),
        "horizon": _pairs(plain.exclude(horizon="").values_list("horizon", flat=True)),
        "group": sorted(named.distinct(), key=lambda pair: pair[1]),
        "theme": _pairs(labels.values_list("words", flat=True)),
        "status": [*((value, str(words)) for value, words in Progress.choices), ("unknown", _("no entry yet"))],
    }


def _pairs(values: QuerySet[Any, str]) -> list[tuple[str, str]]:
    return [(value, value) for value in sorted(values.distinct(), key=str.casefold)]


# ---- entries ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """An entry of the trail, and its proposal to the sides while that is open."""

    entry: FollowUp
    motion: Motion | None

    @property
    def to_ask(self) -> bool:
        """It waits for keys, and nothing asks for them any more."""
        return self.entry.waits and self.motion is None


def trail_of(recommendation: Recommendation, reader: User) -> list[Step]:
    """All entries that the reader may see, corrected ones too, the newest first: two queries."""
    seen = FollowUp.objects.visible_to(reader).filter(recommendation=recommendation).select_related("written_by")
    entries = list(seen.order_by("-on", "-pk"))
    motions = {motion.target_id: motion for motion in Motion.objects.open().on(*(e.public_id for e in entries))}
    return [Step(entry, motions.get(entry.public_id)) for entry in entries]


def explain_follow_up(entry: FollowUp, facts: dict[str, Any]) -> list[tuple[str, Any]]:
    """What the sides' keys confirm, in words."""
    corrected = [(_("In the place of"), entry.corrects.words)] if entry.corrects else []
    return [
        (_("Recommendation"), str(entry.recommendation)),
        (_("Day"), day_words(entry.on)),
        (_("Where it stands"), entry.get_status_display()),
        (_("What was done"), entry.words),
        *corrected,
    ]


def whose(entry: FollowUp) -> str:
    """Whose word it is."""
    return _("confirmed by every side") if entry.for_sides else _("the facilitators’ own")


# ---- CSV --------------------------------------------------------------------------------------------------------


def csv_of(found: Iterable[Recommendation]) -> Iterator[str]:
    """Lines of a table that spreadsheets read: UTF-8 with its mark, no cell a formula."""
    yield "\ufeff"
    yield _row(
        _("Group"), _("Document"), _("Number"), _("Recommendation"), _("Words"), _("Addressee"), _("Horizon"),
        _("Themes"), _("Where it stands"), _("Since"), _("What became of it"), _("Published"), _("Withdrawn"),
        _("Address"),
    )  # fmt: skip
    for one in found:
        yield _row(*_cells(one))


def _cells(one: Recommendation) -> list[str]:
    publication, withdrawn = one.publication, one.publication.withdrawn_at
    status: str | None = one.status  # type: ignore[attr-defined]  # annotated
    since = one.status_on  # type: ignore[attr-defined]
    entries: list[FollowUp] = one.entries  # type: ignore[attr-defined]  # prefetched
    return [
        one.group.name,
        one.document.title,
        one.number,
        "" if withdrawn else one.heading,
        "" if withdrawn else text_of(one.text),
        "" if withdrawn else one.addressee,
        "" if withdrawn else one.horizon,
        "; ".join(label.words for label in one.labels.all()),
        str(Progress(status).label) if status else "",
        since.isoformat() if since else "",
        "\n".join(f"{e.on.isoformat()} {e.get_status_display()} ({whose(e)}): {e.words}" for e in entries),
        publication.opens_at.date().isoformat(),
        withdrawn.date().isoformat() if withdrawn else "",
        f"{settings.PARLEY_URL}{reverse('published', kwargs={'code': publication.code})}",
    ]


def _row(*cells: str) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return line.getvalue()
