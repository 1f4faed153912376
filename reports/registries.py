"""What this layer tells the layers below: topics of pages, and what happens when a moment comes."""

from contextlib import suppress

from groups.actions.seats import KEY_CHANGED, SEAT_ENDED
from groups.models import Membership, ThematicGroup
from groups.standing import read_standings
from parley.accounts.models import User
from parley.notifications import due_kind, topic_kind
from parley.notifications.places import Place, heading_finder
from parley.notifications.pulse import OUTAGE_ENDED
from parley.programmes.actions import FACILITATOR_ENDED
from parley.programmes.models import Facilitator, Side

from . import links
from .actions.pens_ending import end_pens_of
from .actions.publishing import EMBARGO_OPENS, announce_opening
from .actions.referrals import (
    REFERRAL_ENDS,
    REFERRAL_ENDS_SOON,
    ask_who_holds_the_key,
    end_referral,
    remind_of_referral,
)
from .actions.signing import (
    SIGNING_ENDS,
    SIGNING_ENDS_SOON,
    NotOpenForThis,
    close_if_all_answered,
    close_signing,
    remind_signatories,
)
from .actions.silences import (
    SILENCE_BEGINS,
    SILENCE_ENDS,
    SILENCE_REMINDS,
    begin_if_all_are_reached,
    end_silence,
    look_after_leaving,
    move_for_outages,
    remind_of_silence,
)
from .live.quiet import look_for_quiet
from .live.store import QUIET_MINUTE
from .models import Document, FinalText, Publication, Silence


def document_topics(user: User, public_id: str) -> list[str] | None:
    """The document's topic and, for members, that of their own side's caucus; nothing for observers."""
    document = Document.objects.select_related("group__programme").filter(public_id=public_id).first()
    if document is None:
        return None
    here = read_standings(user).within(document.group)
    if not here.sees_texts:
        return None
    return [document.topic(), *([document.topic(here.side)] if here.side else [])]


@heading_finder
def title_of_the_document(subject: object) -> Place | None:
    """Above the lines of a digest."""
    about = getattr(subject, "final_text", subject)
    document = about if isinstance(about, Document) else getattr(about, "document", None)
    return Place(document.public_id, document.title, links.document(document)) if document else None


@due_kind(SIGNING_ENDS)
def signing_ends(key: str) -> None:
    text = FinalText.objects.standing().filter(public_id=key).select_related("document").first()
    if text is not None:
        close_signing(text)


@due_kind(SIGNING_ENDS_SOON)
def signing_ends_soon(key: str) -> None:
    text = FinalText.objects.standing().filter(public_id=key).select_related("document").first()
    if text is not None:
        with suppress(NotOpenForThis):
            remind_signatories(text, by=None)


@due_kind(SEAT_ENDED)
def seat_ended(key: str) -> None:
    """Neither signing nor a silence procedure waits for somebody who has left, and no pen stays in their hands."""
    look_after_leaving(key)
    for text in FinalText.objects.standing().filter(signatories__membership__public_id=key).select_related("document"):
        close_if_all_answered(text)
    seat = Membership.objects.select_related("person").filter(public_id=key).first()
    if seat is not None:
        end_pens_of(seat.person)


@due_kind(FACILITATOR_ENDED)
def facilitator_ended(key: str) -> None:
    """Nobody drafts a text that they do not read any more."""
    found = Facilitator.objects.select_related("person").filter(public_id=key).first()
    if found is not None:
        end_pens_of(found.person)


@due_kind(EMBARGO_OPENS)
def embargo_opens(key: str) -> None:
    publication = Publication.objects.public().filter(public_id=key).first()
    if publication is not None:
        announce_opening(publication)


@due_kind(KEY_CHANGED)
def key_changed(key: str) -> None:
    group_id, side_id, _at = key.split(":", 2)
    group = ThematicGroup.objects.filter(public_id=group_id).first()
    side = Side.objects.filter(public_id=side_id).first()
    if group is not None and side is not None:
        ask_who_holds_the_key(group, side)


@due_kind(REFERRAL_ENDS_SOON)
def referral_ends_soon(key: str) -> None:
    remind_of_referral(key.partition(":")[0])


@due_kind(SILENCE_BEGINS)
def silence_begins(key: str) -> None:
    begin_if_all_are_reached(key.partition(":")[0])


@due_kind(SILENCE_ENDS)
def silence_ends(key: str) -> None:
    end_silence(key.partition(":")[0])


@due_kind(OUTAGE_ENDED)
def outage_ended(key: str) -> None:
    """Whatever runs to an hour ends later by the outage's length."""
    for public_id in Silence.objects.running().values_list("public_id", flat=True):
        move_for_outages(public_id)


due_kind(SILENCE_REMINDS)(remind_of_silence)
due_kind(REFERRAL_ENDS)(end_referral)
due_kind(QUIET_MINUTE)(look_for_quiet)
topic_kind("document", channels=document_topics)
