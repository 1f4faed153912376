"""Groups, who sits in them, and the two keys."""

from .glossary import Term, TermKind
from .groups import GroupKind, Milestone, ThematicGroup
from .invitations import Invitation
from .keys import Key, Motion
from .seats import Confirmation, Deputy, Membership, Role, Seat, SeatConfirmation, Succession, SuccessionKind
from .style import Consent, Style, StyleChange

__all__ = [
    "Confirmation",
    "Consent",
    "Deputy",
    "GroupKind",
    "Invitation",
    "Key",
    "Membership",
    "Milestone",
    "Motion",
    "Role",
    "Seat",
    "SeatConfirmation",
    "Style",
    "StyleChange",
    "Succession",
    "SuccessionKind",
    "Term",
    "TermKind",
    "ThematicGroup",
]
