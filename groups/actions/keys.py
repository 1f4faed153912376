"""Proposing motions and turning keys: the one mechanism behind every change of state under two keys."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.models import Key, Motion, ThematicGroup
from groups.models.keys import MotionQuerySet
from groups.motions import MayNotBeMoved, MotionKind, kind_of, resting_on
from groups.notices import holders_of, key_wanted, motion_carried, motion_lapsed
from groups.standing import Standing, standing_now
from parley.accounts.models import User
from parley.audit import record
from parley.notifications import page_changed


class NotAKeyHolder(Exception):
    """Only the acting co-chair of a side, its deputy or its designated member turns that side's key."""


class KeyIsResting(Exception):
    """A successor's or reset key rests 48 hours while all members are told."""


class TextHasChanged(Exception):
    """What the person saw is not what the motion is about any more; they must look again."""


class MotionIsClosed(Exception):
    """The motion was carried, lapsed or withdrawn meanwhile."""


class AlreadyProposed(Exception):
    """A motion of this kind is open on this target; its keys can be turned."""


def propose(
    kind_name: str,
    target_id: str,
    *,
    sha256: str,
    facts: dict[str, Any] | None = None,
    until: datetime | None = None,
    by: User,
) -> Motion:
    """Move exactly the text with this hash; the proposer's own key turns with it when they hold one.

    With `until` that key is turned ad referendum: subject to the side's principals until then.

    Raises TextHasChanged when the target is not what the person saw, AlreadyProposed, NotAKeyHolder, MayNotBeMoved.
    """
    kind = kind_of(kind_name)
    kind.prepare(target_id)
    return _propose(kind, target_id, sha256, facts or {}, until, by)


@transaction.atomic
def _propose(
    kind: MotionKind, target_id: str, sha256: str, facts: dict[str, Any], until: datetime | None, by: User
) -> Motion:
    target = kind.lock(target_id)
    group = ThematicGroup.objects.locked(kind.group(target).pk)
    here = standing_now(by, group)
    if not kind.may_propose(here, target):
        raise NotAKeyHolder
    kind.check(target, facts)
    if kind.sha256(target, facts) != sha256:
        raise TextHasChanged
    motion = _open(kind, group, target, sha256, facts, by)
    record("motion.proposed", chain=group.chain, by=by, facts=_facts(motion))
    if here.holds_key and here.side in kind.sides(target):
        _turn(motion, kind, target, here, until, by)
    if motion.state == Motion.State.OPEN:
        key_wanted.announce(motion, by=by)
    page_changed(group.topic())
    return motion


def _open(kind: MotionKind, group: ThematicGroup, target: Any, sha256: str, facts: dict[str, Any], by: User) -> Motion:
    motion = Motion(
        group=group,
        kind=kind.name,
        target_id=target.public_id,
        sha256=sha256,
        title=str(kind.title(target))[:400],
        wanted=[side.public_id for side in kind.sides(target)],
        facts=facts,
        proposed_by=by,
    )
    try:
        with transaction.atomic():
            motion.save()
    except IntegrityError as error:
        raise AlreadyProposed from error
    return motion


def turn_key(motion: Motion, *, sha256: str, until: datetime | None = None, by: User) -> Motion:
    """Turn one's side's key over the text with this hash; with the last key the motion takes effect.

    `until` as in propose.

    Raises NotAKeyHolder, KeyIsResting, MotionIsClosed, TextHasChanged (the motion has then lapsed), MayNotBeMoved.
    """
    kind_of(motion.kind).prepare(motion.target_id)
    return _turn_key(motion, sha256, until, by)


@transaction.atomic
def _turn_key(motion: Motion, sha256: str, until: datetime | None, by: User) -> Motion:
    kind = kind_of(motion.kind)
    target = kind.lock(motion.target_id)
    group = ThematicGroup.objects.locked(motion.group_id)
    motion = Motion.objects.select_for_update().get(pk=motion.pk)
    motion.group = group
    if motion.state != Motion.State.OPEN:
        raise MotionIsClosed
    here = standing_now(by, motion.group)
    if here.membership is not None and here.membership.key_rests:
        raise KeyIsResting
    if not here.holds_key or here.side not in kind.sides(target):
        raise NotAKeyHolder
    if sha256 != motion.sha256:
        raise TextHasChanged
    _turn(motion, kind, target, here, until, by)
    page_changed(motion.group.topic())
    return motion


def _turn(motion: Motion, kind: MotionKind, target: Any, here: Standing, until: datetime | None, by: User) -> None:
    """Once for a side: a second press of the button changes nothing."""
    _refuse_referendum(kind, until)
    if kind.sha256(target, motion.facts) != motion.sha256:
        raise TextHasChanged
    _key, turned = Key.objects.get_or_create(
        motion=motion,
        side=here.side,
        defaults={"turned_by": by, "capacity": here.capacity or "", "sha256": motion.sha256, "until": until},
    )
    if not turned:
        return
    for person in holders_of(motion.group, here.side):  # type: ignore[arg-type]  # who holds a key has a side
        key_wanted.settle(motion, reader=person)
    facts = {**_facts(motion), "side": here.side.public_id, "capacity": str(here.capacity)}  # type: ignore[union-attr]
    if until is not None:
        facts["until"] = until.isoformat()
    record("motion.key_turned", chain=motion.group.chain, by=by, facts=facts)
    wanted = {side.pk for side in kind.sides(target)}
    if wanted <= set(motion.keys.values_list("side", flat=True)):
        _carry(motion, kind, target, by)


def _refuse_referendum(kind: MotionKind, until: datetime | None) -> None:
    if until is None:
        return
    if not kind.takes_ad_referendum:
        raise MayNotBeMoved(_("This is not agreed subject to somebody else: turn the key without a date."))
    if until <= timezone.now():
        raise MayNotBeMoved(_("The day by which your principals answer has passed. Choose a later one."))


def _carry(motion: Motion, kind: MotionKind, target: Any, by: User) -> None:
    kind.check(target, motion.facts)
    if kind.takes_ad_referendum:
        _refuse_what_has_passed(motion)
    _close(motion, Motion.State.CARRIED)
    kind.carry(target, motion=motion, by=by)
    record("motion.carried", chain=motion.group.chain, by=by, facts=_facts(motion))
    motion_carried.announce(motion, by=by)


def _refuse_what_has_passed(motion: Motion) -> None:
    """A key that was turned until a day which has come is no word of its side any more."""
    passed = motion.keys.filter(until__lte=timezone.now()).select_related("side").first()
    if passed is not None:
        words = _(
            "%(side)s agreed subject to its principals until a day that has passed. Withdraw this, and propose it anew."
        )
        raise MayNotBeMoved(words % {"side": passed.side})


@transaction.atomic
def withdraw_motion(motion: Motion, *, reason: str = "", by: User) -> None:
    """The proposer, or any key holder: a proposal that nobody has carried yet can be taken back."""
    kind = kind_of(motion.kind)
    kind.lock(motion.target_id)
    group = ThematicGroup.objects.locked(motion.group_id)
    motion = Motion.objects.select_for_update().get(pk=motion.pk)
    motion.group = group
    if motion.state != Motion.State.OPEN:
        raise MotionIsClosed
    _close(motion, Motion.State.WITHDRAWN, reason=reason)
    record("motion.withdrawn", chain=motion.group.chain, by=by, facts=_facts(motion))
    page_changed(motion.group.topic())


def lapse_on(*targets: Any, by: User | None) -> int:
    """Close the open motions on texts that changed, and on what rests on them; returns how many.

    Called in the transaction that changes them.
    """
    changed = [target.public_id for target in targets]
    on_them = Q(target_id__in=changed)
    for resting in resting_on:
        on_them |= Q(target_id__in=resting(changed))
    motions = Motion.objects.open().filter(on_them)
    return _lapse(motions, Motion.Because.TARGET_CHANGED, by)


def lapse_of(group: ThematicGroup, *, by: User | None) -> int:
    """Close the open motions of a group whose key holder changed; keys whose motions took effect stand."""
    return _lapse(Motion.objects.open().filter(group=group), Motion.Because.KEY_HOLDER_CHANGED, by)


def _lapse(motions: MotionQuerySet, because: str, by: User | None) -> int:
    closed = list(motions.select_for_update().order_by("pk"))
    for motion in closed:
        _close(motion, Motion.State.LAPSED, because=because)
        record("motion.lapsed", chain=motion.group.chain, by=by, facts=_facts(motion))
        motion_lapsed.announce(motion, by=by)
    return len(closed)


def _close(motion: Motion, state: str, *, because: str = "", reason: str = "") -> None:
    motion.state, motion.closed_at = state, timezone.now()
    motion.lapsed_because, motion.reason = because, reason[:300]
    motion.save(update_fields=["state", "closed_at", "lapsed_because", "reason"])
    key_wanted.settle(motion)


def _facts(motion: Motion) -> dict[str, Any]:
    return {"motion": motion.public_id, "kind": motion.kind, "target": motion.target_id, "sha256": motion.sha256}
