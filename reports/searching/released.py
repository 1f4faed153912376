"""Released drafts and published texts: copies, which say again what members read as it stands."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.accounts.models import User
from parley.search.models import Found, Readers
from parley.search.sources import Hit, Source, Watched, add_source
from reports.models import Draft, Publication
from reports.text import plain

from .texts import OF_DOCUMENT, under


def items(canonical: str) -> Iterator[tuple[tuple[int, int], dict[str, Any], dict[str, Any]]]:
    """Place, section and item of each passage of a canonical text."""
    for n, section in enumerate(json.loads(canonical)["sections"]):
        for m, item in enumerate(section["items"]):
            yield (n, m), section, item


def words_of(item: dict[str, Any]) -> str:
    heading = item["heading"]["text"] if item["heading"] else ""
    return " ".join(part for part in (heading, plain.text_of(item["text"])) if part)


def _hits(
    copies: Iterable[Any], found: list[Found], canonical: Callable[[Any], str], about: Callable[[Any], dict[str, Any]]
) -> dict[Found, Hit]:
    wanted = {(one.object_id, one.place): one for one in found}
    hits = {}
    for copy in copies:
        told = about(copy)
        url, where, late = told.pop("url"), told.pop("where"), told.pop("late")
        for place, section, item in items(canonical(copy)):
            if one := wanted.get((copy.pk, item["id"])):
                hits[one] = Hit(
                    url=f"{url}#p-{item['id']}",
                    text=words_of(item),
                    where=f"{where} · {section['title']}",
                    order=(2, late, *place),
                    **told,
                )
    return hits


def drafts_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    keys = {one.object_id for one in found}
    seen = Draft.objects.visible_to(reader).filter(pk__in=keys).select_related("document").distinct()
    return _hits(seen, found, lambda draft: draft.canonical, _of_draft)


def _of_draft(draft: Draft) -> dict[str, Any]:
    where = _("Draft %d") % draft.number
    url = reverse("draft", kwargs={"draft": draft.public_id})
    return {**under(draft.document), "url": url, "where": where, "late": -draft.number}


def published_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    """What the world may read now."""
    keys = {one.object_id for one in found}
    seen = Publication.objects.public().filter(pk__in=keys).select_related("final_text__document")
    return _hits(seen, found, lambda publication: publication.final_text.canonical, _of_publication)


def _of_publication(publication: Publication) -> dict[str, Any]:
    url = reverse("published", kwargs={"code": publication.code})
    return {"heading": publication.document.title, "heading_url": url, "url": url, "where": _("Published"), "late": 0}


# Each passage of a canonical text, and every `text` in it that is words, at any depth.
ITEMS = {
    "postgresql": (
        "jsonb_array_elements({0}::jsonb -> 'sections') s(value), jsonb_array_elements(s.value -> 'items') i(value)"
    ),
    "sqlite": "json_each({0}, '$.sections') s, json_each(s.value, '$.items') i",
}
WORDS = {
    "postgresql": (
        "(SELECT coalesce(string_agg(t #>> '{}', ' '), '') FROM jsonb_path_query(i.value, 'strict $.**.text') t "
        "WHERE jsonb_typeof(t) = 'string')"
    ),
    "sqlite": (
        "(SELECT coalesce(group_concat(t.value, ' '), '') FROM json_tree(i.value) t "
        "WHERE t.key = 'text' AND t.type = 'text')"
    ),
}


def _of_item(key: str) -> dict[str, str]:
    return {"postgresql": f"i.value ->> '{key}'", "sqlite": f"json_extract(i.value, '$.{key}')"}


def _speaker(code: str) -> str:
    """The side that a text names by its code."""
    return f"(SELECT w.id FROM programmes_side w WHERE w.programme_id = g.programme_id AND lower(w.code) = {code})"  # noqa: S608


def _copies(kind: str, label: Any, rows: str, canonical: str, **more: Any) -> Source:
    return Source(
        kind=kind,
        label=label,
        rows={vendor: f"{rows}, {found.format(canonical)}" for vendor, found in ITEMS.items()},
        words=WORDS,
        repeats=True,
        columns={
            **OF_DOCUMENT,
            "place": _of_item("id"),
            "voice": _of_item("voice"),
            "side_id": {vendor: _speaker(code) for vendor, code in _of_item("side").items()},
            **more.pop("columns", {}),
        },
        **more,
    )


GROUP = "JOIN groups_thematicgroup g ON g.id = d.group_id"
add_source(
    _copies(
        "draft",
        gettext_lazy("Released drafts"),
        f"reports_draft r JOIN reports_document d ON d.id = r.document_id {GROUP}",
        "r.canonical",
        table="reports_draft",
        key="r.id",
        readers=f"'{Readers.GROUP.value}'",
        shown=drafts_found,
        watched=(Watched("reports_draft", "NEW.id"),),
    )
)
add_source(
    _copies(
        "published",
        gettext_lazy("Published texts"),
        f"reports_publication p JOIN reports_finaltext f ON f.id = p.final_text_id "
        f"JOIN reports_document d ON d.id = f.document_id {GROUP}",
        "f.canonical",
        table="reports_publication",
        key="p.id",
        where="p.withdrawn_at IS NULL AND p.hidden_at IS NULL",
        readers=f"'{Readers.WORLD.value}'",
        columns={"opens_at": "p.opens_at"},
        shown=published_found,
        watched=(Watched("reports_publication", "NEW.id", columns=("withdrawn_at", "hidden_at", "opens_at")),),
    )
)
