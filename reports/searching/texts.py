"""Titles and passages: tabled words as they stand, and a caucus's own words for its side alone."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.accounts.models import User
from parley.search.models import Found, Readers
from parley.search.sources import Hit, Shown, Source, Watched, add_source
from reports.models import Document, Passage, PassageState, Section, Voice

STANDS = "p.dropped_at IS NULL AND s.dropped_at IS NULL"
PLACE = "JOIN reports_section s ON s.id = p.section_id JOIN reports_document d ON d.id = s.document_id"
OF_DOCUMENT = {"group_id": "d.group_id", "document_id": "d.id"}
TONES = {
    PassageState.BRACKETED: "doing",
    PassageState.AD_REFERENDUM: "doing",
    PassageState.AGREED: "done",
    PassageState.FROZEN: "done",
}


def state_of(state: str) -> tuple[str, str]:
    """Tone and word."""
    return TONES.get(PassageState(state), "plain"), str(PassageState(state).label)


def under(document: Document) -> dict[str, Any]:
    return {"heading": document.title, "heading_url": reverse("document", kwargs={"document": document.public_id})}


def place_of(passage: Passage) -> str:
    """The address of a passage on its section's page."""
    return f"{reverse('section', kwargs={'section': passage.section.public_id})}#p-{passage.public_id}"


def order_of(passage: Passage, *more: Any) -> tuple[Any, ...]:
    """Reading order; after the titles."""
    return (1, passage.section.position, passage.section_id, passage.position, passage.pk, *more)


def _passage(passage: Passage, words: str, *, caucus: Any = None) -> Hit:
    voice = "" if passage.voice == Voice.JOINT else f" · {passage.get_voice_display()}"
    state = PassageState.CAUCUS if caucus else passage.state
    return Hit(
        url=place_of(passage),
        text=words,
        where=f"{passage.section.title}{voice}",
        side=passage.side,
        caucus=caucus,
        state=state_of(state),
        order=order_of(passage, bool(caucus)),
        **under(passage.document),
    )


def _with_place(passages: QuerySet[Passage]) -> QuerySet[Passage]:
    """Without the texts themselves, which an excerpt does not need."""
    fields = ("public_id", "voice", "state", "position", "section__public_id", "section__title", "section__position")
    return passages.select_related("side", "tabled", "caucus_copy", "section__document").only(
        *fields,
        "side",
        "tabled__plain",
        "caucus_copy__plain",
        "section__document__title",
        "section__document__public_id",
    )


def passages_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    keys = {one.object_id: one for one in found}
    seen = Passage.objects.visible_to(reader).filter(pk__in=keys, tabled__isnull=False)
    return {keys[p.pk]: _passage(p, p.tabled.plain) for p in _with_place(seen)}  # type: ignore[union-attr]  # filtered


def caucus_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    keys = {one.object_id: one for one in found}
    seen = Passage.objects.visible_to(reader).of_own_side(reader).filter(pk__in=keys, caucus_copy__isnull=False)
    return {keys[p.pk]: _passage(p, p.caucus_copy.plain, caucus=p.side) for p in _with_place(seen)}  # type: ignore[union-attr]


def sections_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    keys = {one.object_id: one for one in found}
    seen = Section.objects.visible_to(reader).filter(pk__in=keys).select_related("document")
    return {
        keys[section.pk]: Hit(
            url=reverse("section", kwargs={"section": section.public_id}),
            text=section.title,
            where=_("Section"),
            order=(0, section.position, section.pk),
            **under(section.document),
        )
        for section in seen
    }


def documents_found(reader: User, found: list[Found]) -> Mapping[Found, Hit]:
    keys = {one.object_id: one for one in found}
    seen = Document.objects.visible_to(reader).filter(pk__in=keys).select_related("group")
    return {
        keys[document.pk]: Hit(
            url=reverse("document", kwargs={"document": document.public_id}),
            text=document.title,
            where=f"{document.get_kind_display()}, {document.group.name}",
            **under(document),
        )
        for document in seen
    }


OF_SECTION = "SELECT id FROM reports_passage WHERE section_id = NEW.id"


def _passages(
    kind: str, label: Any, revision: str, shown: Shown, columns: Mapping[str, str], *watched: str, where: str = STANDS
) -> Source:
    return Source(
        kind=kind,
        label=label,
        table="reports_passage",
        key="p.id",
        rows=f"reports_passage p JOIN reports_revision r ON r.id = p.{revision} {PLACE}",
        words="r.plain",
        where=where,
        columns={**OF_DOCUMENT, "side_id": "p.side_id", "voice": "p.voice", **columns},
        shown=shown,
        watched=(
            Watched("reports_passage", "NEW.id", columns=(revision, "dropped_at", "section_id", *watched)),
            Watched("reports_section", OF_SECTION, columns=("dropped_at",), when_added=False),
        ),
    )


add_source(
    _passages("passage", gettext_lazy("Words of texts"), "tabled_id", passages_found, {"state": "p.state"}, "state")
)
add_source(
    _passages(
        "caucus",
        gettext_lazy("Words in your side’s caucus"),
        "caucus_copy_id",
        caucus_found,
        {"caucus_id": "p.side_id", "state": f"'{PassageState.CAUCUS.value}'"},
        where=f"{STANDS} AND p.side_id IS NOT NULL",
    )
)
add_source(
    Source(
        kind="section",
        label=gettext_lazy("Titles of sections"),
        table="reports_section",
        key="s.id",
        rows="reports_section s JOIN reports_document d ON d.id = s.document_id",
        words="s.title",
        where="s.dropped_at IS NULL",
        columns=OF_DOCUMENT,
        shown=sections_found,
        watched=(Watched("reports_section", "NEW.id", columns=("title", "dropped_at")),),
    )
)
add_source(
    Source(
        kind="document",
        label=gettext_lazy("Titles of documents"),
        table="reports_document",
        key="d.id",
        rows="reports_document d",
        words="d.title",
        # Observers learn of a document when its first draft is released.
        readers=(
            "CASE WHEN EXISTS (SELECT 1 FROM reports_draft WHERE document_id = d.id) "  # noqa: S608 (our own words)
            f"THEN '{Readers.GROUP.value}' ELSE '{Readers.TEXTS.value}' END"
        ),
        columns=OF_DOCUMENT,
        shown=documents_found,
        watched=(
            Watched("reports_document", "NEW.id", columns=("title",)),
            Watched("reports_draft", "NEW.document_id"),
        ),
    )
)
