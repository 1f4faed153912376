"""Starting a silence procedure: a motion over the hash of a final text, an hour and its zone, and who may object."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.models import Key, Membership, Motion, ThematicGroup
from groups.motions import MayNotBeMoved, MotionKind, all_sides, register
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed
from reports import links
from reports.explained import final_text_preview
from reports.explained_silence import explain_silence
from reports.models import Adoption, DocumentState, Entitled, FinalText, Silence
from reports.models.silences import LONGEST, SHORTEST
from reports.silence_hours import NoSuchHour, stated

from .publishing import find_final_text, lock_final_text, text_hash
from .silences import FIRST_LOOK, announce

# From the last key until the latest end of the shortest: the mails go out, and have an hour to come back.
SOONEST = SHORTEST + 2 * FIRST_LOOK


def entitled_seats(group: ThematicGroup, facts: dict[str, Any]) -> list[Membership]:
    """Every member with a side, or those of them whom the motion names."""
    seats = group.memberships.acting().with_a_side().select_related("person", "side")
    named = facts.get("entitled")
    return [seat for seat in seats if not named or seat.public_id in named]


def may_start(text: FinalText, facts: dict[str, Any]) -> None:
    if text.voided_at is not None or text.document.state != DocumentState.FROZEN:
        raise MayNotBeMoved(
            _("A silence procedure is held over a final text that is frozen and not open for signature.")
        )
    if text.silences.open().exists():
        raise MayNotBeMoved(_("A silence procedure is held over this text already."))
    if text.adopted_by is not None:
        raise MayNotBeMoved(_("This text is adopted."))
    _refuse_the_hour(text, facts)
    if facts.get("then") not in adoptions_of(text):
        raise MayNotBeMoved(_("Say what the text is ready for when it is adopted."))
    _refuse_a_side_without_a_voice(text.document.group, facts)


def adoptions_of(text: FinalText) -> Sequence[Adoption]:
    """A report is signed by those who wrote it; a statement is the group's, and needs no signatures once adopted."""
    return [Adoption.PUBLISH, Adoption.SIGN] if text.document.is_statement else [Adoption.SIGN]


def _refuse_the_hour(text: FinalText, facts: dict[str, Any]) -> None:
    try:
        ends = stated(facts)
    except NoSuchHour as why:
        raise MayNotBeMoved(str(why)) from why
    if ends is None:
        raise MayNotBeMoved(_("Give the day and the hour at which it ends, with the zone."))
    if ends - timezone.now() < SOONEST:
        raise MayNotBeMoved(
            _("It runs for at least 24 hours, and its mails need two hours before. Propose it with a later end.")
        )
    if ends - timezone.now() > LONGEST:
        raise MayNotBeMoved(_("It runs for at most 240 hours (ten days). Propose it with an earlier end."))
    closes = text.document.signing_ends_at
    if facts.get("then") == Adoption.SIGN and closes is not None and closes <= ends:
        raise MayNotBeMoved(_("Signing closes before that hour. Propose an earlier end."))


def _refuse_a_side_without_a_voice(group: ThematicGroup, facts: dict[str, Any]) -> None:
    named = facts.get("entitled", [])
    if not isinstance(named, list):
        raise MayNotBeMoved(_("Say who may object."))
    heard = {seat.side_id for seat in entitled_seats(group, facts)}
    silent = [side.name for side in all_sides(group) if side.pk not in heard]
    if silent:
        raise MayNotBeMoved(
            _("Somebody of each side may object. Nobody could for: %(sides)s.") % {"sides": ", ".join(silent)}
        )


def start(text: FinalText, *, motion: Motion, by: User) -> None:
    """With the last key: who may object is fixed, and told; it runs when each of them is reached."""
    ends = stated(motion.facts)
    silence = Silence.objects.create(
        final_text=text,
        motion=motion,
        sha256=text.sha256,
        zone=motion.facts["zone"],
        planned_end=ends,  # type: ignore[misc]  # checked just before
        ends_at=ends,
        then=motion.facts["then"],
    )
    turned = set(Key.objects.filter(motion=motion).values_list("turned_by", flat=True))
    places = [_place(silence, seat, turned) for seat in entitled_seats(text.document.group, motion.facts)]
    Entitled.objects.bulk_create(places)
    facts = {
        "document": text.document.public_id,
        "silence": silence.public_id,
        "sha256": text.sha256,
        "ends": silence.ends_at.isoformat(),
        "zone": silence.zone,
        "entitled": sorted(place.membership.public_id for place in places),
    }
    record("document.silence_announced", chain=text.document.group.chain, by=by, facts=facts)
    announce(silence)
    page_changed(text.document.topic())


def _place(silence: Silence, seat: Membership, turned: set[int]) -> Entitled:
    """Who turned a key over the hour knows of it."""
    place = Entitled(silence=silence, membership=seat, side=seat.side)
    if seat.person_id in turned:
        place.reached_by, place.reached_at = Entitled.Reached.KEY, timezone.now()
    return place


SILENCE = register(
    MotionKind(
        name="text.silence",
        words=gettext_lazy("Start the silence procedure"),
        lock=lock_final_text,
        find=find_final_text,
        group=lambda text: text.document.group,
        sha256=text_hash,
        sides=lambda text: all_sides(text.document.group),
        carry=start,
        check=may_start,
        may_propose=lambda standing, text: standing.holds_key,
        url=lambda text: links.sign(text.document),
        title=lambda text: text.document.title,
        explain=explain_silence,
        preview=final_text_preview,
    )
)
