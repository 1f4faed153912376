"""Texts as people would write them: through the real verbs."""

from typing import Any

from parley.accounts.models import User
from parley.programmes.models import Side
from reports.actions.documents import start_document
from reports.actions.passages import add_passage, table_passage
from reports.models import Document, DocumentKind, Passage, Section, Voice
from reports.text import markup


def text(source: str) -> dict[str, Any]:
    """ProseMirror JSON of the plain form's markup."""
    return markup.to_doc(source)


def document_of(group, by: User, title: str = "Report of the group", kind: str = DocumentKind.REPORT) -> Document:
    return start_document(group=group, kind=kind, title=title, by=by)


def passage_of(
    section: Section,
    by: User,
    source: str = "Both sides agree.",
    *,
    voice: str = Voice.JOINT,
    side: Side | None = None,
    answers: Passage | None = None,
    tabled_by: User | None = None,
) -> Passage:
    """A passage with its first words; a view or reply stays in caucus unless a key holder tables it."""
    passage = add_passage(section=section, voice=voice, text=text(source), side=side, answers=answers, by=by)
    if tabled_by is not None:
        table_passage(passage, sha256=passage.caucus_copy.sha256, by=tabled_by)
        passage.refresh_from_db()
    return passage
