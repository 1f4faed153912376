"""Starting documents, and their sections."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from groups.models import ThematicGroup
from groups.standing import standing_now
from parley.access.submissions import once
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed
from reports.kinds import TEMPLATES
from reports.locks import locked_draft
from reports.models import Document, Section


class HasSettledText(Exception):
    """Something in it is agreed: withdraw the agreement first, or move it with the key of every side."""


class StaleOrder(Exception):
    """Somebody added or moved something meanwhile; the page must be read again."""


@once(Document)
@transaction.atomic
def start_document(
    *, group: ThematicGroup, kind: str, title: str, by: User, submission: str | None = None, **details: Any
) -> Document:
    """A document with the sections of its kind, titled in its own language."""
    details.setdefault("language", group.programme.language)
    document = Document.objects.create(
        group=group, kind=kind, title=title, started_by=by, submission=submission, **details
    )
    with override(document.language):
        Section.objects.bulk_create(
            Section(
                document=document,
                title=str(part.title),
                position=n,
                holds_recommendations=part.holds_recommendations,
            )
            for n, part in enumerate(TEMPLATES[kind])
        )
    record("document.started", chain=group.chain, by=by, facts={"document": document.public_id, "kind": str(kind)})
    page_changed(group.topic())
    return document


@transaction.atomic
def change_document(document: Document, *, by: User, **details: Any) -> None:
    """Title, date, place and the rules of signing, while it is drafted. They are part of what is frozen."""
    document = locked_draft(document)
    for name, value in details.items():
        setattr(document, name, value)
    document.changed_at = timezone.now()
    document.save(update_fields=[*details, "changed_at"])
    _recorded("document.changed", document, by, fields=sorted(details))


@transaction.atomic
def add_section(*, document: Document, title: str, holds_recommendations: bool = False, by: User) -> Section:
    document = locked_draft(document)
    last = document.sections.order_by("-position").first()
    section = Section.objects.create(
        document=document,
        title=title,
        holds_recommendations=holds_recommendations,
        position=last.position + 1 if last else 0,
    )
    _recorded("section.added", document, by, section=section.public_id)
    return section


@transaction.atomic
def rename_section(section: Section, *, title: str, by: User) -> None:
    document = locked_draft(section.document)
    if section.settled_passages:
        raise HasSettledText(_("Text under this title is agreed. Withdraw the agreement before changing the title."))
    section.title, section.changed_at = title, timezone.now()
    section.save(update_fields=["title", "changed_at"])
    _recorded("section.renamed", document, by, section=section.public_id)


@transaction.atomic
def order_sections(document: Document, *, order: Sequence[str], by: User) -> None:
    """`order`: the public ids of all present sections. Under two keys once anything is agreed."""
    document = locked_draft(document)
    sections = {s.public_id: s for s in document.sections.present()}
    if set(order) != set(sections) or len(order) != len(sections):
        raise StaleOrder
    if any(s.settled_passages for s in sections.values()):
        raise HasSettledText(_("Text in this document is agreed: propose the new order, and every side turns its key."))
    place_sections(document, order, by=by)


def place_sections(document: Document, order: Sequence[str], *, by: User) -> None:
    sections = {s.public_id: s for s in document.sections.present()}
    for position, public_id in enumerate(order):
        sections[public_id].position = position
    Section.objects.bulk_update(sections.values(), ["position"])
    _recorded("section.ordered", document, by, order=list(order))


@transaction.atomic
def drop_section(section: Section, *, by: User) -> None:
    """A section in which the person sees nothing.

    What another side keeps there in caucus moves to the neighbouring section: a refusal would betray that it exists.
    """
    document = locked_draft(section.document)
    here = standing_now(by, document.group)
    if section.passages.as_seen_by(here.side).exists():
        raise HasSettledText(_("This section is not empty. Move or drop its passages first."))
    neighbour = document.sections.present().exclude(pk=section.pk).first()
    if neighbour is None:
        raise HasSettledText(_("A document keeps at least one section."))
    section.passages.update(section=neighbour, position=_behind_the_last(neighbour))
    section.dropped_at = timezone.now()
    section.save(update_fields=["dropped_at"])
    _recorded("section.dropped", document, by, section=section.public_id)


def _behind_the_last(section: Section) -> int:
    last = section.passages.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _recorded(kind: str, document: Document, by: User, **facts: Any) -> None:
    record(kind, chain=document.group.chain, by=by, facts={"document": document.public_id, **facts})
    page_changed(document.topic())
