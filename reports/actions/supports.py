"""Levels of support: each side's word on a recommendation, and whether print says it.

The keys settle the words; support is what each side says of them. So one key changes it, its own side's, over
exactly the words that were read, and only together do the keys decide that print says it.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.actions.keys import NotAKeyHolder, TextHasChanged, lapse_on
from groups.models import Motion
from groups.motions import MayNotBeMoved
from groups.standing import standing_now
from parley.accounts.models import User
from parley.notifications import page_changed
from parley.programmes.models import Side
from reports.explained import explain_printing_support
from reports.locks import locked_draft, locked_passage
from reports.models import Document, Passage, Support, SupportLevel, TextReservation
from reports.notices_reservations import support_stated
from reports.revising import recorded
from reports.supporting import is_recommendation

from .agreement import document_kind, facts_digest, must_be_drafted
from .reservations import HasLeftTheText, enter_reservation


class NeedsReservation(Exception):
    """Support with reservations says which: the side enters one, or has one on the recommendation."""


class HasReservation(Exception):
    """The side has a reservation here: support in full would say the opposite."""


@transaction.atomic
def state_support(passage: Passage, *, level: str, sha256: str, words: str = "", by: User) -> Support | None:
    """One side's word by its key holder, over the words with this hash; "" takes back what it said.

    `words` enter the side's reservation with it. Raises NotDrafted, HasLeftTheText, NotAKeyHolder, TextHasChanged,
    NeedsReservation, HasReservation.
    """
    document = locked_draft(passage.section.document)
    passage = locked_passage(passage)
    if passage.dropped_at or passage.section.dropped_at or not is_recommendation(passage):
        raise HasLeftTheText
    here = standing_now(by, document.group)
    if here.side is None or not here.holds_key:
        raise NotAKeyHolder
    if passage.tabled is None or passage.tabled.sha256 != sha256:
        raise TextHasChanged
    if words and level == SupportLevel.RESERVED:
        enter_reservation(document=document, passage=passage, words=words, for_side=True, by=by)
    _must_fit(level, reserved=_reservations_of(here.side, passage))
    stated = _state(document, passage, here.side, level, by)
    support_stated.announce(passage, by=by, key=f"{here.side.public_id}:{timezone.now().isoformat()}")
    return stated


def _must_fit(level: str, *, reserved: bool) -> None:
    if level == SupportLevel.RESERVED and not reserved:
        raise NeedsReservation
    if level == SupportLevel.FULL and reserved:
        raise HasReservation


def _reservations_of(side: Side, passage: Passage) -> bool:
    return TextReservation.objects.standing().of_sides().filter(side=side, passage=passage).exists()


def _state(document: Document, passage: Passage, side: Side, level: str, by: User) -> Support | None:
    now = timezone.now()
    passage.supports.current().filter(side=side).update(replaced_at=now)
    sha256 = passage.tabled.sha256 if passage.tabled else ""
    stated = None
    if level:
        stated = Support.objects.create(
            passage=passage, side=side, level=level, sha256=sha256, stated_by=by, stated_at=now
        )
    Document.objects.filter(pk=document.pk).update(has_support=True, changed_at=now)
    if document.prints_support:
        lapse_on(document, by=by)
    facts: dict[str, Any] = {"passage": passage.public_id, "side": side.public_id, "level": level, "sha256": sha256}
    recorded(document, "support.stated", by, **facts)
    page_changed(document.topic())
    return stated


# ---- whether print says it ------------------------------------------------------------------------------------------


def may_change_printing(document: Document, facts: dict[str, Any]) -> None:
    must_be_drafted(document, facts)
    if not isinstance(facts.get("prints_support"), bool) or facts["prints_support"] == document.prints_support:
        raise MayNotBeMoved(_("This is decided so already."))


def change_printing(document: Document, *, motion: Motion, by: User) -> None:
    document.prints_support = motion.facts["prints_support"]
    document.has_support = True
    document.save(update_fields=["prints_support", "has_support"])
    lapse_on(document, by=by)
    page_changed(document.topic())


PRINT_SUPPORT = document_kind(
    "document.support",
    gettext_lazy("Print how far each side supports the recommendations"),
    sha256=lambda document, facts: facts_digest(document.public_id, facts),
    carry=change_printing,
    check=may_change_printing,
    explain=explain_printing_support,
)
