"""How words become a revision: checked, cut, numbered, recorded and announced. Its callers hold the locks."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.actions.keys import lapse_on
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed
from parley.programmes.models import Side
from reports.anchoring import carry
from reports.models import (
    Bracket,
    Document,
    DocumentState,
    Passage,
    PassageState,
    Referral,
    Revision,
    Section,
    Voice,
)
from reports.models.passages import SETTLED
from reports.notices import package_agreed, package_waits
from reports.text import brackets, plain, schema
from reports.text.limits import TextRefused


def checked_for(voice: str, text: dict[str, Any], *, bracketed: dict[str, Any] = schema.EMPTY) -> dict[str, Any]:
    """The checked text; only a recommendation has a heading with its addressee and horizon.

    It has the brackets of `bracketed`, each whole and in its words, and no other: those are opened and closed by verbs
    of their own.
    """
    checked = brackets.kept(bracketed, schema.check(text))
    if voice != Voice.RECOMMENDATION and schema.heading_of(checked)[0] is not None:
        raise TextRefused("content[0]", _("Only a recommendation has a heading."))
    return checked


def fitting(passage: Passage, text: dict[str, Any]) -> dict[str, Any]:
    """The text as a revision of this passage would say it: what its open brackets hold is changed by no edit."""
    bracketed = passage.tabled.text if passage.is_shared and passage.tabled else schema.EMPTY
    return checked_for(passage.voice, text, bracketed=bracketed)


def cut_revision(passage: Passage, text: dict[str, Any], *, caucus: Side | None, by: User) -> Revision:
    """An immutable state; numbered when it lies before all sides."""
    number = None
    if caucus is None:
        number = (passage.revisions.aggregate(last=Max("number"))["last"] or 0) + 1
    return Revision.objects.create(
        passage=passage,
        caucus=caucus,
        number=number,
        text=text,
        sha256=schema.digest(text),
        plain=plain.text_of(text),
        words=plain.word_count(text),
        made_by=by,
    )


def put_before_all(passage: Passage, text: dict[str, Any], *, by: User) -> Revision:
    """Cut a numbered revision and show it to all sides; the caller saves the passage."""
    revision = cut_revision(passage, text, caucus=None, by=by)
    carry(passage, passage.tabled, revision)
    passage.tabled = revision
    passage.version += 1
    passage.footnotes = plain.footnote_count(text) + passage.reserved
    passage.changed_at = timezone.now()
    if passage.state == PassageState.CAUCUS:
        passage.move_to(PassageState.OPEN)
        passage.tabled_at = passage.changed_at
    return revision


def revise(document: Document, passage: Passage, text: dict[str, Any], *, by: User) -> Revision:
    """The words of an edit as the passage's next revision, or the one that says the same already.

    Both rows are locked. A view or reply is written in its caucus copy: the others keep seeing the tabled revision.
    """
    checked = fitting(passage, text)
    current = passage.tabled if passage.is_shared else passage.caucus_copy or passage.tabled
    if current is not None and current.sha256 == schema.digest(checked):
        return current
    if passage.is_shared:
        return _revise_before_all(document, passage, checked, by)
    return _revise_in_caucus(document, passage, checked, by)


def _revise_before_all(document: Document, passage: Passage, text: dict[str, Any], by: User) -> Revision:
    revision = put_before_all(passage, text, by=by)
    passage.save()
    lapse_on(passage, document, by=by)
    told(document, passage, "passage.written", by)
    return revision


def _revise_in_caucus(document: Document, passage: Passage, text: dict[str, Any], by: User) -> Revision:
    revision = cut_revision(passage, text, caucus=passage.side, by=by)
    carry(passage, passage.text_for(passage.side), revision)
    passage.caucus_copy = revision
    passage.caucus_version += 1
    passage.save(update_fields=["caucus_copy", "caucus_version"])
    told(document, passage, "passage.written", by, in_caucus=True)
    return revision


def count_passages(document: Document, section: Section) -> None:
    """The section's figures, and with them whether a package holds together still; after every change of a state.

    `document` is the locked one: a section that was read before the lock may not know the rule yet.
    """
    _count(section)
    if document.package:
        weigh_package(document)


def weigh_package(document: Document) -> None:
    """Nothing is agreed until everything is agreed: with the last key all of it is, and none once a part is open.

    What waits for a side's principals is not agreed. Without the rule each passage is agreed by itself. The caller
    holds the document's lock.
    """
    if document.state != DocumentState.DRAFTING:
        return
    tabled = Passage.objects.tabled_ones().filter(section__document=document, section__dropped_at=None)
    waiting = Referral.objects.pending().filter(passage__in=tabled)
    if not document.package:
        _agree(tabled.filter(state=PassageState.AD_REFERENDUM).exclude(pk__in=waiting.values("passage")))
    elif tabled.unheld().exists() or waiting.exists():
        _open_package(document, tabled.filter(state=PassageState.AGREED))
    elif tabled.exists():
        _close_package(document, tabled.filter(state=PassageState.AD_REFERENDUM))


def _open_package(document: Document, agreed: QuerySet[Passage]) -> None:
    """What was agreed waits for the rest again: told once, however many passages it is."""
    count = _move_all(agreed, PassageState.AD_REFERENDUM, None)
    if count:
        facts = {"document": document.public_id, "count": count}
        record("document.package_waits", chain=document.group.chain, by=None, facts=facts)
        package_waits.announce(document, by=None, facts={"count": count})


def _close_package(document: Document, waiting: QuerySet[Passage]) -> None:
    if not waiting.exists():
        return
    _agree(waiting)
    record("document.package_agreed", chain=document.group.chain, by=None, facts={"document": document.public_id})
    package_agreed.announce(document, by=None, key=timezone.now().isoformat())


def _agree(passages: QuerySet[Passage]) -> None:
    _move_all(passages, PassageState.AGREED, timezone.now())


def _move_all(passages: QuerySet[Passage], state: PassageState, settled_at: datetime | None) -> int:
    """How many were moved."""
    moved = list(passages.values_list("pk", "section"))
    Passage.objects.filter(pk__in=[pk for pk, _section in moved]).update(state=state, settled_at=settled_at)
    for section in Section.objects.filter(pk__in={section for _pk, section in moved}):
        _count(section)
    return len(moved)


def _count(section: Section) -> None:
    """Of what all sides see; bounded by its passages, not by their history."""
    figures = section.passages.tabled_ones().aggregate(
        tabled_passages=Count("pk"),
        settled_passages=Count("pk", filter=Q(state__in=SETTLED)),
        footnotes=Coalesce(Sum("footnotes"), 0),
    )
    still_open = Bracket.objects.in_the_text().filter(passage__section=OuterRef("pk")).order_by()
    count = still_open.values("passage__section").annotate(count=Count("pk")).values("count")
    Section.objects.filter(pk=section.pk).update(
        **figures, open_brackets=Coalesce(Subquery(count), 0), changed_at=timezone.now()
    )


def told(document: Document, passage: Passage, kind: str, by: User, *, in_caucus: bool | None = None) -> None:
    """Record and announce: what happens in a caucus goes to its side's own record and pages only."""
    caucus = not passage.is_tabled if in_caucus is None else in_caucus
    if not caucus:
        count_passages(document, passage.section)
        Document.objects.filter(pk=document.pk).update(changed_at=timezone.now())
        recorded(document, kind, by, passage=passage.public_id, sha256=passage.tabled.sha256)  # type: ignore[union-attr]
        page_changed(document.topic())
        return
    side: Side = passage.side  # type: ignore[assignment]  # only views and replies have a caucus
    sha256 = passage.caucus_copy.sha256 if passage.caucus_copy else ""
    facts = {"document": document.public_id, "passage": passage.public_id, "sha256": sha256}
    record(kind, chain=document.group.caucus_chain(side), by=by, facts=facts)
    page_changed(document.topic(side))


def recorded(document: Document, kind: str, by: User, **facts: Any) -> None:
    record(kind, chain=document.group.chain, by=by, facts={"document": document.public_id, **facts})
