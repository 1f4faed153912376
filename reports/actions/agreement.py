"""Settling passages, releasing drafts, freezing and unfreezing: each a kind of motion under the sides' keys."""

import hashlib
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groups.actions.keys import NotAKeyHolder, lapse_on
from groups.models import Membership, Motion, Role, ThematicGroup
from groups.motions import MayNotBeMoved, MotionKind, all_sides, register
from groups.standing import Standing, key_holders, standing_now
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed
from parley.programmes.models import Side
from reports import final_text, links
from reports.dispositions import keep_table
from reports.explained import explain_freeze, explain_reason, explain_release, freeze_preview, release_preview
from reports.live import branching, cutting
from reports.locks import NotDrafted, locked, locked_passage
from reports.models import (
    Bracket,
    Document,
    DocumentState,
    Draft,
    Ending,
    FinalText,
    Passage,
    PassageState,
    Referral,
    Section,
    Signatory,
    Withdrawal,
)
from reports.models.documents import FROZEN_STATES
from reports.models.passages import DROPPING, SETTLING
from reports.notices import agreement_withdrawn, draft_released, text_frozen, text_unfrozen, to_initial, to_sign
from reports.previews import passage_order_preview, passage_preview, section_order_preview
from reports.printable import refused_by_the_press
from reports.revising import count_passages

from .before_freezing import refuse_unconfirmed, refuse_unsaid_support
from .checks import refuse_findings
from .documents import place_sections
from .passages import drop, place_passages
from .pens_ending import end_pens_in
from .referrals import hold, reopen
from .silences import void_silence_of

# Brackets that the refusal of a freeze names.
MOST_NAMED = 5


class NotSettled(Exception):
    """There is no agreement to withdraw."""


def facts_digest(sha256: str, facts: dict[str, Any]) -> str:
    """SHA-256 over a text's hash and what the motion says beside it (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps({"text": sha256, "facts": facts})).hexdigest()


# ---- one passage -----------------------------------------------------------------------------------------------


def lock_passage(public_id: str) -> Passage:
    """With the words that all sides have typed until now. A caucus's own play no part in a motion."""
    passage = Passage.objects.select_related("section__document").get(public_id=public_id)
    locked(passage.section.document)
    passage = locked_passage(passage)
    if passage.is_shared:
        passage.unfit = cutting.catch_up_if_fit(passage)
    return passage


def take_in_passage(public_id: str) -> None:
    passage = Passage.objects.select_related("section__document").get(public_id=public_id)
    if passage.is_shared:
        cutting.take_in(passage)


def must_fit(target: Passage | Document) -> None:
    if target.unfit:
        words = _("Words are being typed in this passage that cannot be stored yet: %(why)s")
        raise MayNotBeMoved(words % {"why": target.unfit})


def find_passage(public_id: str) -> Passage | None:
    return (
        Passage.objects.select_related("section__document__group__programme", "side", "tabled")
        .filter(public_id=public_id)
        .first()
    )


def settling_sides(passage: Passage) -> list[Side]:
    """A view or reply is its own side's word; joint text takes every side's key."""
    return all_sides(passage.group) if passage.side is None else [passage.side]


def passage_hash(passage: Passage, facts: dict[str, Any]) -> str:
    return passage.tabled.sha256 if passage.tabled else ""


def may_settle(passage: Passage, facts: dict[str, Any]) -> None:
    if passage.dropped_at:
        raise MayNotBeMoved(_("This passage was dropped meanwhile."))
    if passage.document.state != DocumentState.DRAFTING:
        raise MayNotBeMoved(_("The document is frozen: its text does not change any more."))
    if passage.tabled is None or passage.is_held:
        raise MayNotBeMoved(_("Only a tabled, open passage can be settled."))
    if passage.state == PassageState.BRACKETED:
        raise MayNotBeMoved(_("Words of this passage are in brackets: close its brackets first."))
    if not passage.tabled.plain.strip():
        raise MayNotBeMoved(_("The passage has no words yet."))
    must_fit(passage)


def settle(passage: Passage, *, motion: Motion, by: User) -> None:
    hold(passage, motion, by=by)
    passage.proposed_for_side = False
    passage.save(update_fields=["state", "settled_at", "proposed_for_side"])
    if passage.is_shared:
        cutting.end(passage, Ending.SETTLED)
    count_passages(passage.document, passage.section)
    page_changed(passage.document.topic())


def holds_one_of(standing: Standing, sides: list[Side]) -> bool:
    return standing.holds_key and standing.side in sides


def passage_title(passage: Passage) -> str:
    return f"{passage.document.title} · {passage.section.title}"


SETTLE = register(
    MotionKind(
        name=SETTLING,
        words=gettext_lazy("Settle a passage"),
        lock=lock_passage,
        prepare=take_in_passage,
        find=find_passage,
        group=lambda passage: passage.group,
        sha256=passage_hash,
        sides=settling_sides,
        carry=settle,
        check=may_settle,
        may_propose=lambda standing, passage: holds_one_of(standing, settling_sides(passage)),
        takes_ad_referendum=True,
        url=links.passage,
        title=passage_title,
        preview=passage_preview,
    )
)


def may_drop(passage: Passage, facts: dict[str, Any]) -> None:
    if passage.dropped_at or not passage.is_tabled:
        raise MayNotBeMoved(_("This passage was dropped meanwhile."))
    if passage.document.state != DocumentState.DRAFTING or passage.is_held:
        raise MayNotBeMoved(_("Agreed text is not dropped: withdraw the agreement first."))


DROP = register(
    MotionKind(
        name=DROPPING,
        words=gettext_lazy("Drop a passage"),
        lock=lock_passage,
        prepare=take_in_passage,
        find=find_passage,
        group=lambda passage: passage.group,
        sha256=lambda passage, facts: facts_digest(passage_hash(passage, facts), {"drop": True, **facts}),
        sides=lambda passage: all_sides(passage.group),
        carry=lambda passage, motion, by: drop(passage.document, passage, by=by),
        check=may_drop,
        may_propose=lambda standing, passage: standing.holds_key,
        url=links.passage,
        title=passage_title,
        preview=passage_preview,
    )
)


@transaction.atomic
def withdraw_agreement(passage: Passage, *, reason: str, by: User) -> Withdrawal:
    """One key undoes what all keys made: seen by all, before the freeze, with a reason."""
    document = locked(passage.section.document)
    passage = locked_passage(passage)
    here = standing_now(by, document.group)
    if here.membership is None or not holds_one_of(here, settling_sides(passage)):
        raise NotAKeyHolder
    if document.state != DocumentState.DRAFTING:
        raise NotDrafted
    if passage.state not in (PassageState.AGREED, PassageState.AD_REFERENDUM) or passage.tabled is None:
        raise NotSettled
    reopen(passage, Referral.Outcome.WITHDRAWN, by=by)
    withdrawal = Withdrawal.objects.create(
        passage=passage,
        side=here.membership.side,  # type: ignore[misc]  # a key holder's seat has a side
        sha256=passage.tabled.sha256,
        reason=reason,
        withdrawn_by=by,
    )
    count_passages(document, passage.section)
    facts = {"passage": passage.public_id, "side": here.side.public_id, "sha256": passage.tabled.sha256}  # type: ignore[union-attr]
    record("passage.agreement_withdrawn", chain=document.group.chain, by=by, facts=facts)
    agreement_withdrawn.announce(passage, by=by, key=f"withdrawal:{withdrawal.pk}")
    page_changed(document.topic())
    return withdrawal


# ---- the order of passages and sections, once something is agreed --------------------------------------------------


def lock_section(public_id: str) -> Section:
    section = Section.objects.select_related("document__group__programme").get(public_id=public_id)
    section.document = locked(section.document)
    return section


def carry_passage_order(section: Section, *, motion: Motion, by: User) -> None:
    every = list(section.passages.present().order_by("position", "pk"))
    present = {p.public_id for p in every if p.is_tabled}
    order = [public_id for public_id in motion.facts["order"] if public_id in present]
    place_passages(section, every, order)
    page_changed(section.document.topic())


def may_order_passages(section: Section, facts: dict[str, Any]) -> None:
    present = {p.public_id for p in section.passages.tabled_ones()}
    if section.document.state != DocumentState.DRAFTING or set(facts.get("order", [])) != present:
        raise MayNotBeMoved(_("Passages were added or dropped meanwhile: propose the order again."))


ORDER_PASSAGES = register(
    MotionKind(
        name="section.order",
        words=gettext_lazy("Order the passages of a section"),
        lock=lock_section,
        find=lambda public_id: Section.objects.select_related("document").filter(public_id=public_id).first(),
        group=lambda section: section.document.group,
        sha256=lambda section, facts: facts_digest(section.public_id, facts),
        sides=lambda section: all_sides(section.document.group),
        carry=carry_passage_order,
        check=may_order_passages,
        may_propose=lambda standing, section: standing.holds_key,
        url=links.section,
        title=lambda section: section.title,
        preview=passage_order_preview,
    )
)


# ---- the document: order of sections, release, freeze, unfreeze ----------------------------------------------------


def lock_document(public_id: str) -> Document:
    return locked(Document.objects.get(public_id=public_id))


def lock_text(public_id: str) -> Document:
    """The document with the words that all sides have typed until now."""
    document = lock_document(public_id)
    document.unfit = cutting.catch_up_all(document)
    return document


def take_in_document(public_id: str) -> None:
    cutting.take_in_all(Document.objects.get(public_id=public_id))


def find_document(public_id: str) -> Document | None:
    return Document.objects.select_related("group__programme").filter(public_id=public_id).first()


def must_be_drafted(document: Document, facts: dict[str, Any]) -> None:
    if document.state != DocumentState.DRAFTING:
        raise MayNotBeMoved(_("The document is frozen: its text does not change any more."))


def text_hash(document: Document, facts: dict[str, Any]) -> str:
    """Of every word that would be printed now."""
    return final_text.digest(final_text.build(document))


def carry_section_order(document: Document, *, motion: Motion, by: User) -> None:
    present = {s.public_id for s in document.sections.present()}
    place_sections(document, [s for s in motion.facts["order"] if s in present], by=by)


def may_order_sections(document: Document, facts: dict[str, Any]) -> None:
    must_be_drafted(document, facts)
    if set(facts.get("order", [])) != {s.public_id for s in document.sections.present()}:
        raise MayNotBeMoved(_("Sections were added or dropped meanwhile: propose the order again."))


def document_kind(name: str, words: Any, **parts: Any) -> MotionKind:
    """A motion over a whole document, under the key of every side."""
    common = {
        "lock": lock_document,
        "find": find_document,
        "group": lambda document: document.group,
        "sides": lambda document: all_sides(document.group),
        "may_propose": lambda standing, document: standing.holds_key,
        "url": links.document,
        "title": str,
    }
    return register(MotionKind(name=name, words=words, **{**common, **parts}))


ORDER_SECTIONS = document_kind(
    "document.order",
    gettext_lazy("Order the sections"),
    sha256=lambda document, facts: facts_digest(document.public_id, facts),
    carry=carry_section_order,
    check=may_order_sections,
    preview=section_order_preview,
)


def release(document: Document, *, motion: Motion, by: User) -> Draft:
    """Draft n, given to all sides at the same instant; the text stays open."""
    model = final_text.build(document)
    last = document.drafts.first()
    number = last.number + 1 if last else 1
    draft = Draft.objects.create(
        document=document,
        number=number,
        canonical=final_text.canonical(model).decode(),
        sha256=final_text.digest(model),
        comments_until=parse_datetime(motion.facts.get("comments_until") or ""),
    )
    table = keep_table(draft, last)
    facts = {"document": document.public_id, "draft": number, "sha256": draft.sha256, "comments_sha256": table.sha256}
    record("document.released", chain=document.group.chain, by=by, facts=facts)
    draft_released.announce(draft, by=by)
    page_changed(document.topic())
    return draft


def may_release(document: Document, facts: dict[str, Any]) -> None:
    must_be_drafted(document, facts)
    must_fit(document)
    if not Passage.objects.tabled_ones().filter(section__document=document).exists():
        raise MayNotBeMoved(_("There is no tabled text to release yet."))
    until = parse_datetime(str(facts.get("comments_until") or ""))
    if until is not None and until <= timezone.now():
        raise MayNotBeMoved(_("The time for comments has passed meanwhile. Propose it again with a later one."))


# A facilitator may propose a release: proposing is not a key.
RELEASE = document_kind(
    "document.release",
    gettext_lazy("Release a draft"),
    sha256=lambda document, facts: (
        facts_digest(text_hash(document, facts), facts) if facts else text_hash(document, facts)
    ),
    lock=lock_text,
    prepare=take_in_document,
    carry=release,
    check=may_release,
    may_propose=lambda standing, document: standing.holds_key or standing.facilitates,
    explain=explain_release,
    preview=release_preview,
)


def may_freeze(document: Document, facts: dict[str, Any]) -> None:
    """Every passage settled, no bracket open, every finding mended or waived, every word printable.

    The message names what is missing.
    """
    must_be_drafted(document, facts)
    tabled = Passage.objects.tabled_ones().filter(section__document=document, section__dropped_at=None)
    refuse_open_brackets(document)
    refuse_what_waits_for_principals(tabled)
    refuse_unconfirmed(document)
    refuse_unsaid_support(document)
    unsettled = tabled.unsettled().count()
    if unsettled:
        raise MayNotBeMoved(
            _("%(count)d passages are not settled yet. Each side settles its own, and all sides the joint ones.")
            % {"count": unsettled}
        )
    if not tabled.exists():
        raise MayNotBeMoved(_("There is no text to freeze yet."))
    named = document.group.memberships.named().count()
    if named:
        raise MayNotBeMoved(
            _("%(count)d people are named from an imported text but have no seat: invite them, or remove the names.")
            % {"count": named}
        )
    if document.signing_ends_at and document.signing_ends_at <= timezone.now():
        raise MayNotBeMoved(
            _("The day on which signing closes has passed. Set a later one under “Title, date, signing”.")
        )
    vacant = {side.name for side in all_sides(document.group) if side.pk not in key_holders(document.group)}
    if vacant:
        raise MayNotBeMoved(_("No one holds the key of: %(sides)s.") % {"sides": ", ".join(sorted(vacant))})
    if refusal := refused_by_the_press(final_text.build(document)):
        raise MayNotBeMoved(refusal)
    refuse_findings(document)


def refuse_what_waits_for_principals(tabled: QuerySet[Passage]) -> None:
    """Names whose principals have not answered."""
    waiting = list(Referral.objects.pending().filter(passage__in=tabled).select_related("side"))
    if waiting:
        sides = ", ".join(sorted({referral.side.name for referral in waiting}))
        words = ngettext(
            "%(count)d passage is agreed ad referendum only. Its agreement waits for: %(sides)s.",
            "%(count)d passages are agreed ad referendum only. Their agreement waits for: %(sides)s.",
            len({referral.passage_id for referral in waiting}),
        )
        raise MayNotBeMoved(words % {"count": len({r.passage_id for r in waiting}), "sides": sides})


def refuse_open_brackets(document: Document) -> None:
    """Names the first of them."""
    found = Bracket.objects.in_the_text().filter(passage__section__document=document)
    count = found.count()
    if not count:
        return
    named = found.select_related("side", "passage__section")[:MOST_NAMED]
    listed = "; ".join(f"[{bracket.in_brief}] ({bracket.passage.section.title}, {bracket.side})" for bracket in named)
    words = ngettext(
        "%(count)d bracket is open: %(listed)s. Close it first; a draft can be released with it.",
        "%(count)d brackets are open: %(listed)s. Close them first; a draft can be released with them.",
        count,
    )
    raise MayNotBeMoved(words % {"count": count, "listed": listed if count <= MOST_NAMED else f"{listed}; …"})


def freeze(document: Document, *, motion: Motion, by: User) -> FinalText:
    """Every printed word is copied into the final text; who signs is fixed with it. From here on nobody types."""
    branching.end_all(document, Ending.FROZEN)
    model = final_text.build(document)
    text = FinalText.objects.create(
        document=document, canonical=final_text.canonical(model).decode(), sha256=final_text.digest(model)
    )
    _name_signatories(text, model, document.group)
    Passage.objects.tabled_ones().filter(section__document=document, section__dropped_at=None).update(
        state=PassageState.FROZEN
    )
    end_pens_in(document, by=by)
    document.move_to(DocumentState.FROZEN)
    facts = {"document": document.public_id, "final_text": text.public_id, "sha256": text.sha256}
    record("document.frozen", chain=document.group.chain, by=by, facts=facts)
    text_frozen.announce(text, by=by)
    to_initial.announce(text, by=by)
    page_changed(document.topic())
    return text


def _name_signatories(text: FinalText, model: dict[str, Any], group: ThematicGroup) -> None:
    """Exactly those whom the canonical text names, in its order; the key holders initial."""
    seats = {seat.public_id: seat for seat in group.memberships.acting().select_related("person", "side")}
    holders = {seat.pk for seat in key_holders(group).values()}
    Signatory.objects.bulk_create(
        _signatory(text, seats[named["id"]], named, position, holders)
        for position, named in enumerate(model["signatories"])
    )


def _signatory(text: FinalText, seat: Membership, named: dict[str, str], position: int, holders: set[int]) -> Signatory:
    return Signatory(
        final_text=text,
        person=seat.person,
        membership=seat,
        side=seat.side,
        name=named["name"],
        role_printed=named["role_printed"],
        initials=seat.pk in holders or seat.role == Role.CO_CHAIR,
        position=position,
    )


FREEZE = document_kind(
    "document.freeze",
    gettext_lazy("Freeze the final text"),
    lock=lock_text,
    prepare=take_in_document,
    sha256=text_hash,
    carry=freeze,
    check=may_freeze,
    explain=explain_freeze,
    preview=freeze_preview,
)


def frozen_hash(document: Document, facts: dict[str, Any]) -> str:
    text = document.final_text
    return facts_digest(text.sha256 if text else "", facts)


def may_unfreeze(document: Document, facts: dict[str, Any]) -> None:
    if document.state not in FROZEN_STATES:
        raise MayNotBeMoved(_("The document is not frozen, or it is published."))
    if not str(facts.get("reason", "")).strip():
        raise MayNotBeMoved(_("Say why the freeze is undone."))


def unfreeze(document: Document, *, motion: Motion, by: User) -> None:
    """Voids initials and signatures, which stay recorded; the passages are agreed, and open to withdrawal, again."""
    text = document.final_text
    text.voided_at, text.void_reason = timezone.now(), motion.facts["reason"]
    text.save(update_fields=["voided_at", "void_reason"])
    Passage.objects.filter(section__document=document, state=PassageState.FROZEN).update(state=PassageState.AGREED)
    document.move_to(DocumentState.DRAFTING)
    lapse_on(text, by=by)
    void_silence_of(text, by=by)
    facts = {"document": document.public_id, "final_text": text.public_id, "sha256": text.sha256}
    record("document.unfrozen", chain=document.group.chain, by=by, facts=facts)
    to_initial.settle(text)
    to_sign.settle(text)
    text_unfrozen.announce(text, by=by)
    page_changed(document.topic())


UNFREEZE = document_kind(
    "document.unfreeze",
    gettext_lazy("Undo the freeze"),
    sha256=frozen_hash,
    carry=unfreeze,
    check=may_unfreeze,
    explain=explain_reason,
)
