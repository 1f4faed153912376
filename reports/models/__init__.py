"""A group's texts: documents, passages, brackets, comments, drafts, final texts, signatures, publications."""

from .agreement import Act, Draft, FinalText, Reservation, Signatory, Withdrawal
from .brackets import Alternative, Bracket, Outcome
from .checks import CheckedText, WaivedFinding, Waiving
from .comment_tables import CommentTable
from .comments import Comment, Disposition, Thread, ThreadKind
from .coverage import NoReply, Point, PointAnswer
from .documents import Document, DocumentKind, DocumentState, Section
from .live import Ending, LiveClient, LiveText, LiveUpdate
from .passages import Passage, PassageState, Revision, Voice
from .pens import Pen
from .proposals import Proposal, ProposalRevision, ProposalState
from .publications import Publication, Rendition
from .reading import SectionReading
from .referrals import Referral
from .register import FollowUp, Label, Progress, Recommendation
from .reservations import ReservationWithdrawal, ReservationWording, TextReservation
from .seals import Seal
from .silences import Adoption, Entitled, Silence, SilenceState
from .supports import Support, SupportLevel
from .words import Anchor, Review, UnsentComment

__all__ = [
    "Act",
    "Adoption",
    "Alternative",
    "Anchor",
    "Bracket",
    "CheckedText",
    "Comment",
    "CommentTable",
    "Disposition",
    "Document",
    "DocumentKind",
    "DocumentState",
    "Draft",
    "Ending",
    "Entitled",
    "FinalText",
    "FollowUp",
    "Label",
    "LiveClient",
    "LiveText",
    "LiveUpdate",
    "NoReply",
    "Outcome",
    "Passage",
    "PassageState",
    "Pen",
    "Point",
    "PointAnswer",
    "Progress",
    "Proposal",
    "ProposalRevision",
    "ProposalState",
    "Publication",
    "Recommendation",
    "Referral",
    "Rendition",
    "Reservation",
    "ReservationWithdrawal",
    "ReservationWording",
    "Review",
    "Revision",
    "Seal",
    "Section",
    "SectionReading",
    "Signatory",
    "Silence",
    "SilenceState",
    "Support",
    "SupportLevel",
    "TextReservation",
    "Thread",
    "ThreadKind",
    "UnsentComment",
    "Voice",
    "WaivedFinding",
    "Waiving",
    "Withdrawal",
]
