"""What people of a group are told: each notice says what happened, who hears of it and in which words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from parley.accounts.models import User
from parley.notifications import NoticeKind, Urgency, Words
from parley.programmes.models import Side
from parley.ui.times import day_words

from .models import Deputy, Membership, Milestone, Motion, Role, StyleChange, Succession, SuccessionKind, ThematicGroup
from .motions import kind_of
from .seating import who_confirms, with_a_say
from .standing import key_holders, standing
from .style import page_of_change


def everyone_of(group: ThematicGroup) -> list[User]:
    """All with an open seat, observers too."""
    return [seat.person for seat in group.memberships.acting().select_related("person")]


def has_part(user: User, group: ThematicGroup) -> bool:
    found = standing(user, group)
    return found.facilitates or found.membership is not None


def everyone_and_facilitators(line: Milestone, facts: dict[str, Any]) -> Iterable[User]:
    facilitators = line.group.programme.facilitators.acting().select_related("person")
    return [*everyone_of(line.group), *(facilitator.person for facilitator in facilitators)]


def _plan_words(line: Milestone, reader: User, facts: dict[str, Any]) -> Words:
    days = {"line": line.title, "day": day_words(line.due), "was": day_words(date.fromisoformat(facts["was"]))}
    return Words(
        title=_("The work plan of %(group)s has changed") % {"group": line.group},
        body=_("“%(line)s” is now due on %(day)s. It was due on %(was)s.") % days,
        url=reverse("group", kwargs={"group": line.group.public_id}) + "#plan",
    )


def members_of(group: ThematicGroup) -> list[User]:
    """All who sit for a side: observers see how many people there are, not who."""
    return [seat.person for seat in group.memberships.acting().with_a_side().select_related("person")]


def who_confirms_it(seat: Membership, facts: dict[str, Any]) -> Iterable[User]:
    """Those whose word opens the seat; later only the co-chair (`reader`) who has come since."""
    confirmers = who_confirms(seat.group, seat.side, seat.role)
    return [person for person in confirmers if facts.get("reader", person.public_id) == person.public_id]


def members_of_the_group(seat: Membership, facts: dict[str, Any]) -> Iterable[User]:
    """Every seating and ending is shown to all members; whoever proposed the person hears too."""
    return [*members_of(seat.group), *([seat.proposed_by] if seat.proposed_by else [])]


def that_new_chair(seat: Membership, facts: dict[str, Any]) -> Iterable[User]:
    return User.objects.filter(public_id=facts["reader"])


def sees_the_seat(user: User, seat: Membership) -> bool:
    return standing(user, seat.group).sees_texts


def holders_of(group: ThematicGroup, side: Side) -> list[User]:
    """Who turns that side's key now: its holder and acting deputies."""
    holder = key_holders(group).get(side.pk)
    deputies = Deputy.objects.acting().filter(membership__group=group, membership__side=side)
    return [
        *([holder.person] if holder else []),
        *(deputy.membership.person for deputy in deputies.select_related("membership__person")),
    ]


def holders_whose_key_is_missing(motion: Motion, facts: dict[str, Any]) -> Iterable[User]:
    """Co-chairs, designated members and acting deputies of the sides that have not turned their key."""
    turned = set(motion.keys.values_list("side", flat=True))
    wanted = [side for side in kind_of(motion.kind).sides_for(motion) if side.pk not in turned]
    return [person for side in wanted for person in holders_of(motion.group, side)]


def holders_and_proposer(motion: Motion, facts: dict[str, Any]) -> Iterable[User]:
    return [motion.proposed_by, *(seat.person for seat in key_holders(motion.group).values())]


def sees_motion(user: User, motion: Motion) -> bool:
    return standing(user, motion.group).sees_texts


def all_while_it_rests(succession: Succession, facts: dict[str, Any]) -> Iterable[User]:
    """All members are told while the key rests."""
    return members_of(succession.group)


def who_decides(succession: Succession, facts: dict[str, Any]) -> Iterable[User]:
    return [seat.person for seat in with_a_say(succession)]


def is_of_that_side(user: User, succession: Succession) -> bool:
    return standing(user, succession.group).is_of(succession.side)


def _succession_words(succession: Succession, reader: User, facts: dict[str, Any]) -> Words:
    names = {"side": succession.side, "person": succession.membership.printed_name}
    if succession.kind == SuccessionKind.SECOND_FACTOR:
        body = _("The second factor of %(person)s is made anew; the key of %(side)s rests for 48 hours.")
    elif facts.get("rests", True):
        body = _("The key of %(side)s is now held by %(person)s. It rests for 48 hours.")
    else:
        body = _("The key of %(side)s is now held by %(person)s.")
    title = _("A key changed hands in %(group)s") % {"group": succession.group}
    return Words(title=title, body=body % names, url=people_url(succession.group))


def people_url(group: ThematicGroup) -> str:
    return reverse("group_people", kwargs={"group": group.public_id})


def _motion_words(motion: Motion, sentence: str) -> Words:
    """As the motion was titled when it was proposed: its target may be gone."""
    words = kind_of(motion.kind).words
    url = reverse("motion", kwargs={"motion": motion.public_id})
    return Words(title=f"{words}: {motion.title}" if motion.title else str(words), body=sentence, url=url)


def _carried_words(motion: Motion) -> str:
    """Where the motion was only a part, that part's outcome; no query where it was the whole."""
    kind = kind_of(motion.kind)
    if kind.outcome is None:
        return _("Every key was turned: it has taken effect.")
    return f"{kind.outcome_of(kind.find(motion.target_id))}."


SEAT = ("group__programme", "person", "side")
MOTION = ("group__programme",)

seat_to_confirm = NoticeKind(
    "groups.seat_to_confirm",
    subject=Membership,
    readers=who_confirms_it,
    may_see=sees_the_seat,
    words=lambda seat, reader, facts: Words(
        title=_("A co-chair is proposed for %(side)s") % {"side": seat.side}
        if seat.role == Role.CO_CHAIR
        else _("A person is proposed for your side"),
        body=_("%(person)s is proposed as %(role)s in %(group)s. The seat opens when you confirm it.")
        % {"person": seat.printed_name, "role": seat.get_role_display(), "group": seat.group},
        url=reverse("seat", kwargs={"membership": seat.public_id}),
    ),
    asks=True,
    related=SEAT,
)

plan_moved = NoticeKind(
    "groups.plan_moved",
    subject=Milestone,
    readers=everyone_and_facilitators,
    may_see=lambda user, line: has_part(user, line.group),
    words=_plan_words,
    related=("group__programme",),
)

unconfirmed_chair = NoticeKind(
    "groups.unconfirmed_chair",
    subject=Membership,
    readers=that_new_chair,
    may_see=sees_the_seat,
    words=lambda seat, reader, facts: Words(
        title=_("Who chairs for %(side)s in %(group)s") % {"side": seat.side, "group": seat.group},
        body=_("%(person)s became co-chair before any other co-chair acted here. Nobody confirmed that seat.")
        % {"person": seat.printed_name},
        url=people_url(seat.group),
    ),
    related=SEAT,
)

seat_opened = NoticeKind(
    "groups.seat_opened",
    subject=Membership,
    readers=members_of_the_group,
    may_see=sees_the_seat,
    words=lambda seat, reader, facts: Words(
        title=_("A seat was opened in %(group)s") % {"group": seat.group},
        body=_("%(person)s now sits in the group as %(role)s.")
        % {"person": seat.printed_name, "role": seat.get_role_display()},
        url=people_url(seat.group),
    ),
    related=SEAT,
)

seating_ended = NoticeKind(
    "groups.seating_ended",
    subject=Membership,
    readers=members_of_the_group,
    may_see=sees_the_seat,
    words=lambda seat, reader, facts: Words(
        title=_("A seat ended in %(group)s") % {"group": seat.group},
        body=_("%(person)s has left the group. What they wrote stays.") % {"person": seat.printed_name},
        url=people_url(seat.group),
    ),
    related=SEAT,
)

key_wanted = NoticeKind(
    "groups.key_wanted",
    subject=Motion,
    readers=holders_whose_key_is_missing,
    may_see=sees_motion,
    related=MOTION,
    words=lambda motion, reader, facts: _motion_words(motion, _("Your side’s key is wanted.")),
    urgency=Urgency.DEADLINE,
    asks=True,
)

motion_carried = NoticeKind(
    "groups.motion_carried",
    subject=Motion,
    readers=holders_and_proposer,
    may_see=sees_motion,
    related=MOTION,
    words=lambda motion, reader, facts: _motion_words(motion, _carried_words(motion)),
)

motion_lapsed = NoticeKind(
    "groups.motion_lapsed",
    subject=Motion,
    readers=holders_and_proposer,
    may_see=sees_motion,
    related=MOTION,
    words=lambda motion, reader, facts: _motion_words(motion, motion.get_lapsed_because_display()),
)

SUCCESSION = ("group__programme", "side", "membership__person")

succession_asked = NoticeKind(
    "groups.succession_asked",
    subject=Succession,
    readers=who_decides,
    may_see=is_of_that_side,
    words=lambda succession, reader, facts: Words(
        title=_("Your side decides about its key in %(group)s") % {"group": succession.group},
        body=_("%(person)s: %(what)s. Say whether you confirm it.")
        % {"person": succession.membership.printed_name, "what": succession.get_kind_display()},
        url=reverse("succession", kwargs={"succession": succession.public_id}),
    ),
    asks=True,
    related=SUCCESSION,
)

succession_carried = NoticeKind(
    "groups.succession_carried",
    subject=Succession,
    readers=all_while_it_rests,
    may_see=lambda user, succession: standing(user, succession.group).sees_texts,
    words=_succession_words,
    urgency=Urgency.DEADLINE,
    related=SUCCESSION,
)


def all_whom_it_concerns(change: StyleChange, facts: dict[str, Any]) -> Iterable[User]:
    """Everybody who sits for a side anywhere in the programme, and its facilitators."""
    people = (taken.person for taken in change.programme.participants.select_related("person"))
    return [person for person in people if sees_the_change(person, change)]


def sees_the_change(user: User, change: StyleChange) -> bool:
    return StyleChange.objects.visible_to(user).filter(pk=change.pk).exists()


style_changed = NoticeKind(
    "groups.style_changed",
    subject=StyleChange,
    readers=all_whom_it_concerns,
    may_see=sees_the_change,
    words=lambda change, reader, facts: Words(
        title=f"{change.programme}: {change}",
        body=_("Every key was turned. It was: %(before)s. It is now: %(after)s.")
        % {"before": change.before_words, "after": change.after_words},
        url=page_of_change(change),
    ),
    related=("programme",),
)
