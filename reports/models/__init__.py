"""A group's texts: documents, passages, brackets, comments, drafts, final texts, signatures, publications."""

from .agreement import Act, Draft, FinalText, Reservation, Signatory, Withdrawal
from .brackets import Alternative, Bracket, Outcome
from .comment_tables import CommentTable
from .comments import Comment, Disposition, Thread, ThreadKind
from .documents import Document, DocumentKind, DocumentState, Section
from .live import Ending, LiveClient, LiveText, LiveUpdate
from .passages import Passage, PassageState, Revision, Voice
from .proposals import Proposal, ProposalRevision, ProposalState
from .publications import Publication, Rendition
from .reading import SectionReading
from .referrals import Referral
from .words import Anchor, Review, UnsentComment

__all__ = [
    "Act",
    "Alternative",
    "Anchor",
    "Bracket",
    "Comment",
    "CommentTable",
    "Disposition",
    "Document",
    "DocumentKind",
    "DocumentState",
    "Draft",
    "Ending",
    "FinalText",
    "LiveClient",
    "LiveText",
    "LiveUpdate",
    "Outcome",
    "Passage",
    "PassageState",
    "Proposal",
    "ProposalRevision",
    "ProposalState",
    "Publication",
    "Referral",
    "Rendition",
    "Reservation",
    "Review",
    "Revision",
    "Section",
    "SectionReading",
    "Signatory",
    "Thread",
    "ThreadKind",
    "UnsentComment",
    "Voice",
    "Withdrawal",
]
