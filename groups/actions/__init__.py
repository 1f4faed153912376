"""The verbs of groups: seats, invitations, keys."""

from .groups import add_milestone, change_group, change_milestone, complete_milestone, found_group, remove_milestone
from .invitations import accept_invitation, invite, invite_all, renew_invitation, revoke_invitation
from .keys import (
    KeyIsResting,
    MotionIsClosed,
    NotAKeyHolder,
    TextHasChanged,
    lapse_of,
    lapse_on,
    propose,
    turn_key,
    withdraw_motion,
)
from .named import is_placeholder, name_in_roster
from .seats import (
    appoint_deputy,
    confirm_seat,
    decline_seat,
    end_deputy,
    end_membership,
    reset_second_factor,
    seat,
)
from .style import ask_again, close_register, propose_style, propose_term, turn_safe_mail_on, withdraw_style
from .successions import ask_for_succession, confirm_succession, designate, withdraw_succession

__all__ = [
    "KeyIsResting",
    "MotionIsClosed",
    "NotAKeyHolder",
    "TextHasChanged",
    "accept_invitation",
    "add_milestone",
    "appoint_deputy",
    "ask_again",
    "ask_for_succession",
    "change_group",
    "change_milestone",
    "close_register",
    "complete_milestone",
    "confirm_seat",
    "confirm_succession",
    "decline_seat",
    "designate",
    "end_deputy",
    "end_membership",
    "found_group",
    "invite",
    "invite_all",
    "is_placeholder",
    "lapse_of",
    "lapse_on",
    "name_in_roster",
    "propose",
    "propose_style",
    "propose_term",
    "remove_milestone",
    "renew_invitation",
    "reset_second_factor",
    "revoke_invitation",
    "seat",
    "turn_key",
    "turn_safe_mail_on",
    "withdraw_motion",
    "withdraw_style",
    "withdraw_succession",
]
