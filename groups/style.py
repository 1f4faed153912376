"""What a change of the house style is about, and how far it has come, as pages and motions tell it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from parley.accounts.models import User
from parley.programmes.models import Precedence, Programme, Side

from .models import Consent, GroupKind, Motion, StyleChange, ThematicGroup
from .models.style import OFF, Style
from .standing import standings


def bodies_of(programme: Programme) -> list[ThematicGroup]:
    """Whose key holders decide for the whole programme: its co-chairs' conference, or else all its groups."""
    groups = list(ThematicGroup.objects.filter(programme=programme))
    return [group for group in groups if group.kind == GroupKind.CONFERENCE] or groups


def holds_a_key_in(user: User, programme: Programme) -> bool:
    here = (found for found in standings(user).by_group.values() if found.holds_key and found.membership)
    return any(found.membership.group.programme_id == programme.pk for found in here)  # type: ignore[union-attr]


def page_of(consent: Consent) -> str:
    return page_of_change(consent.change)


def page_of_change(change: StyleChange) -> str:
    name = "glossary" if change.is_of_a_term else "house_style"
    return reverse(name, kwargs={"programme": change.programme.public_id})


def title_of(consent: Consent) -> str:
    """ "The Orla River Dialogue: safe mail"."""
    return f"{consent.change.programme}: {consent.change}"


def effect_words(change: StyleChange) -> str:
    if change.is_of_a_term:
        return _("The checks of all texts and the editors go by the new words. No text changes by itself.")
    if change.after == Precedence.ALTERNAT:
        return _(
            "Each PDF is then made in one copy for each side, in which that side is named first. Pages, lists and "
            "mails name the sides by the alphabet. What is frozen keeps the order it has."
        )
    if change.what == Style.PRECEDENCE:
        return _("Texts, lists and covers name the sides in the new order. What is frozen keeps the order it has.")
    if change.what == Style.REGISTER:
        return _(
            "Everybody can then read the published recommendations of all groups in one list, with what became of "
            "them: the facilitators’ entries, and those that every side’s key has confirmed."
        )
    if change.after == OFF:
        return _(
            "Mails then say what they are about, from whom and from which side. "
            "Whoever sees a mailbox or the screen of a locked telephone reads it, too."
        )
    return _("Mails then say that something waits, not what, from whom or from which side.")


def outcome_words(consent: Consent) -> str:
    """What became of it when this group's last key was turned."""
    if consent.change.state == StyleChange.State.CARRIED:
        return _("It has taken effect")
    return _("This group has consented; it takes effect with the last group’s keys")


def explain_change(consent: Consent, facts: dict[str, Any]) -> Sequence[tuple[str, Any]]:
    change = consent.change
    return (
        (_("Now"), change.before_words),
        (_("Then"), change.after_words),
        (_("What happens"), effect_words(change)),
        (_("Takes effect"), _("for the whole programme, when every group concerned has turned its keys")),
    )


def other_orders(programme: Programme) -> list[tuple[str, str]]:
    """The rules of precedence that are not in force; a fixed order says in which order the sides were given."""
    given = ", ".join(side.name for side in programme.sides.order_by("position", "pk"))
    return [
        (value, f"{words}: {given}" if value == Precedence.FIXED else str(words))
        for value, words in Precedence.choices
        if value != programme.precedence
    ]


@dataclass(frozen=True)
class Body:
    """A group concerned that the reader sees: its open or carried motion, and each side's key in it."""

    group: ThematicGroup
    motion: Motion | None
    keys: Sequence[tuple[Side, bool]]


@dataclass(frozen=True)
class Progress:
    change: StyleChange
    bodies: Sequence[Body]
    consented: int
    concerned: int
    # Groups that were not asked, or whose proposal lapsed or was withdrawn.
    to_ask: int

    @property
    def effect(self) -> str:
        return effect_words(self.change)


def progress_of_all(changes: Sequence[StyleChange], reader: User) -> list[Progress]:
    """Of changes of one programme: the same queries for every number of them and of groups.

    Groups that the reader does not see are counted, not named.
    """
    if not changes:
        return []
    programme = changes[0].programme
    concerned, sides = bodies_of(programme), programme.sides_in_order()
    consents = Consent.objects.filter(change__in=changes, group__in=concerned)
    by_change: dict[int, list[Consent]] = {}
    for consent in consents:
        by_change.setdefault(consent.change_id, []).append(consent)
    motions = _latest_motions(consents)
    seen = set(ThematicGroup.objects.visible_to(reader).values_list("pk", flat=True))
    return [_progress(change, by_change.get(change.pk, []), motions, concerned, seen, sides) for change in changes]


def _progress(
    change: StyleChange,
    consents: Sequence[Consent],
    motions: dict[str, Motion],
    concerned: Sequence[ThematicGroup],
    seen: set[int],
    sides: Sequence[Side],
) -> Progress:
    by_group = {consent.group_id: motions.get(consent.public_id) for consent in consents}
    bodies = [_body(group, by_group.get(group.pk), sides) for group in concerned]
    consented = [consent for consent in consents if consent.given_at]
    waiting = sum(1 for body in bodies if body.motion and body.motion.state == Motion.State.OPEN)
    return Progress(
        change,
        [body for body in bodies if body.group.pk in seen],
        consented=len(consented),
        concerned=len(concerned),
        to_ask=len(concerned) - len(consented) - waiting,
    )


def _latest_motions(consents: Any) -> dict[str, Motion]:
    """By consent; of several on one the last proposed."""
    targets = [consent.public_id for consent in consents]
    motions = Motion.objects.filter(target_id__in=targets).with_keys().order_by("proposed_at", "pk")
    return {motion.target_id: motion for motion in motions}


def _body(group: ThematicGroup, motion: Motion | None, sides: Sequence[Side]) -> Body:
    turned = {key.side_id for key in motion.keys.all()} if motion else set()
    return Body(group, motion, [(side, side.pk in turned) for side in sides])
