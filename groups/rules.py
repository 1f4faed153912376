"""Who may do what in a group: sentences over standing and state."""

import rules

from parley.accounts.models import User
from parley.programmes.models import Facilitator, GroundRules, Phase, Programme

from .models import Deputy, Invitation, Membership, Motion, Seat, StyleChange, Succession, Term, ThematicGroup
from .motions import kind_of
from .seating import holds_a_key_anywhere, who_confirms, with_a_say
from .standing import Standing, standing, standings
from .style import holds_a_key_in


def here(user: User, thing: ThematicGroup | Membership | Motion | Succession) -> Standing:
    return standing(user, getattr(thing, "group", thing))  # type: ignore[arg-type]  # a group or something of one


@rules.predicate
def facilitates(user: User, thing: ThematicGroup) -> bool:
    return here(user, thing).facilitates


@rules.predicate
def facilitates_programme(user: User, programme: Programme) -> bool:
    return Facilitator.objects.acting().filter(person=user, programme=programme).exists()


@rules.predicate
def has_part(user: User, thing: ThematicGroup) -> bool:
    found = here(user, thing)
    return found.facilitates or found.membership is not None


@rules.predicate
def was_fetched_as_visible(user: User, group: ThematicGroup) -> bool:
    """`visible_to` asked the same already: an open seat, or facilitating."""
    return user.pk is not None and getattr(group, "seen_by", None) == user.pk


@rules.predicate
def sees_texts(user: User, thing: ThematicGroup) -> bool:
    return here(user, thing).sees_texts


@rules.predicate
def is_member(user: User, thing: ThematicGroup) -> bool:
    return here(user, thing).has_a_side


@rules.predicate
def is_co_chair(user: User, thing: ThematicGroup) -> bool:
    return here(user, thing).is_co_chair


@rules.predicate
def chairs_that_side(user: User, membership: Membership) -> bool:
    found = here(user, membership)
    return found.is_co_chair and found.is_of(membership.side)


@rules.predicate
def is_own_seat(user: User, membership: Membership) -> bool:
    return membership.person_id == user.pk


@rules.predicate
def is_open_seat(user: User, membership: Membership) -> bool:
    return membership.seat == Seat.OPEN


@rules.predicate
def confirms_that_seat(user: User, membership: Membership) -> bool:
    return membership.seat == Seat.PROPOSED and user in who_confirms(membership.group, membership.side, membership.role)


@rules.predicate
def is_proposed_seat(user: User, membership: Membership) -> bool:
    return membership.seat == Seat.PROPOSED


@rules.predicate
def has_no_side(user: User, membership: Membership) -> bool:
    return membership.side_id is None


@rules.predicate
def is_of_that_side(user: User, thing: Membership) -> bool:
    return here(user, thing).is_of(thing.side)


@rules.predicate
def deputises_for_own_side(user: User, deputy: Deputy) -> bool:
    found = standing(user, deputy.membership.group)
    return found.is_co_chair and found.is_of(deputy.membership.side)


@rules.predicate
def may_turn(user: User, motion: Motion) -> bool:
    kind = kind_of(motion.kind)
    found = here(user, motion)
    return found.holds_key and found.side in kind.sides_for(motion)


@rules.predicate
def keeps_that_key(user: User, motion: Motion) -> bool:
    found = here(user, motion)
    return found.keeps_key_as is not None and found.side in kind_of(motion.kind).sides_for(motion)


@rules.predicate
def proposed_it(user: User, motion: Motion) -> bool:
    return motion.proposed_by_id == user.pk


@rules.predicate
def is_open_motion(user: User, motion: Motion) -> bool:
    return motion.state == Motion.State.OPEN


@rules.predicate
def holds_a_key(user: User, thing: ThematicGroup) -> bool:
    return here(user, thing).holds_key


@rules.predicate
def invited_them(user: User, invitation: Invitation) -> bool:
    return invitation.invited_by_id == user.pk


@rules.predicate
def facilitates_its_programme(user: User, invitation: Invitation) -> bool:
    return facilitates_programme(user, invitation.programme)


@rules.predicate
def facilitates_that_programme(user: User, thing: Phase | Facilitator) -> bool:
    return facilitates_programme(user, thing.programme)


@rules.predicate
def has_or_awaits_part(user: User, thing: GroundRules) -> bool:
    return GroundRules.objects.visible_to(user).filter(pk=thing.pk).exists()


@rules.predicate
def is_somebody_else(user: User, thing: Facilitator | Membership) -> bool:
    return thing.person_id != user.pk


@rules.predicate
def holds_no_key(user: User, thing: Facilitator | Membership) -> bool:
    return not holds_a_key_anywhere(thing.person)


@rules.predicate
def acts_still(user: User, facilitator: Facilitator) -> bool:
    return facilitator.until is None


@rules.predicate
def is_open_succession(user: User, succession: Succession) -> bool:
    return succession.carried_at is None and succession.withdrawn_at is None


@rules.predicate
def has_a_say(user: User, succession: Succession) -> bool:
    return user.pk in {seat.person_id for seat in with_a_say(succession)}


@rules.predicate
def asked_for_it(user: User, succession: Succession) -> bool:
    return succession.asked_by_id == user.pk


@rules.predicate
def sits_for_a_side(user: User, programme: Programme) -> bool:
    return any(
        found.has_a_side and found.membership is not None and found.membership.group.programme_id == programme.pk
        for found in standings(user).by_group.values()
    )


@rules.predicate
def holds_a_key_there(user: User, programme: Programme) -> bool:
    return holds_a_key_in(user, programme)


@rules.predicate
def decides_in_its_programme(user: User, change: StyleChange | Term) -> bool:
    programme = change.programme
    return facilitates_programme(user, programme) or holds_a_key_in(user, programme)


@rules.predicate
def is_open_change(user: User, change: StyleChange) -> bool:
    return change.state == StyleChange.State.OPEN


@rules.predicate
def sits_in_programme(user: User, programme: Programme) -> bool:
    return Membership.objects.acting().filter(person=user, group__programme=programme).exists()


rules.add_perm("programmes.see", facilitates_programme | sits_in_programme)
rules.add_perm("programmes.manage", facilitates_programme)
rules.add_perm("programmes.change_phase", facilitates_that_programme)
rules.add_perm("programmes.see_ground_rules", has_or_awaits_part)
rules.add_perm("programmes.change_facilitator", facilitates_that_programme & acts_still)
rules.add_perm(
    "groups.reset_facilitators_factor", facilitates_that_programme & acts_still & is_somebody_else & holds_no_key
)
rules.add_perm("groups.see_style", sits_for_a_side | facilitates_programme)
rules.add_perm("groups.propose_style", facilitates_programme | holds_a_key_there)
rules.add_perm("groups.change_style", decides_in_its_programme & is_open_change)
rules.add_perm("groups.change_term", decides_in_its_programme)
rules.add_perm("groups.see", was_fetched_as_visible | has_part)
rules.add_perm("groups.see_people", has_part & (is_member | facilitates))
rules.add_perm("groups.manage", facilitates)
rules.add_perm("groups.plan", facilitates | is_co_chair)
rules.add_perm("groups.invite", facilitates | is_co_chair)
rules.add_perm("groups.manage_invitation", facilitates_its_programme | invited_them)
rules.add_perm("groups.see_seat", sees_texts)
rules.add_perm("groups.confirm_seat", confirms_that_seat)
rules.add_perm("groups.take_back_seat", is_proposed_seat & facilitates)
rules.add_perm("groups.decline_seat", confirms_that_seat | (is_proposed_seat & facilitates))
rules.add_perm("groups.end_membership", is_open_seat & (is_own_seat | chairs_that_side | (facilitates & ~is_own_seat)))
rules.add_perm("groups.appoint_deputy", is_open_seat & chairs_that_side & ~is_own_seat)
rules.add_perm("groups.end_deputy", deputises_for_own_side)
rules.add_perm("groups.ask_for_succession", is_open_seat & is_of_that_side)
rules.add_perm("groups.reset_members_factor", is_open_seat & facilitates & is_somebody_else & holds_no_key)
rules.add_perm("groups.see_succession", is_of_that_side)
rules.add_perm("groups.confirm_succession", is_open_succession & is_of_that_side & has_a_say)
rules.add_perm("groups.withdraw_succession", is_open_succession & is_of_that_side & asked_for_it)
rules.add_perm("groups.see_motion", sees_texts)
rules.add_perm("groups.see_ledger", sees_texts)
# To the page that turns a key: it says in words why a motion is closed or a key rests.
rules.add_perm("groups.try_key", keeps_that_key)
rules.add_perm("groups.turn_key", is_open_motion & may_turn)
rules.add_perm("groups.withdraw_motion", is_open_motion & (proposed_it | holds_a_key))
