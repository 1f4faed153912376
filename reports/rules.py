"""Who may do what with a text: sentences over standing and state."""

from typing import Any

import rules

from groups.models import ThematicGroup
from groups.standing import Standing, standing
from parley.accounts.models import User

from .models import (
    Bracket,
    Document,
    DocumentState,
    Draft,
    FinalText,
    Passage,
    PassageState,
    Proposal,
    Publication,
    Referral,
    Silence,
    Thread,
    UnsentComment,
)
from .models.documents import FROZEN_STATES
from .models.passages import ONE_SIDED_VOICES


def here(user: User, thing: Any) -> Standing:
    """What the person is in the group that the thing belongs to, or that it is."""
    if isinstance(thing, ThematicGroup):
        return standing(user, thing)
    return standing(user, thing.group if hasattr(thing, "group") else _document(thing).group)


def _document(thing: Any) -> Document:
    if isinstance(thing, Publication):
        return thing.final_text.document
    document: Document = thing.document
    return document


def _state(thing: Any) -> str:
    return (thing if isinstance(thing, Document) else _document(thing)).state


@rules.predicate
def sees_texts(user: User, thing: Any) -> bool:
    return here(user, thing).sees_texts


@rules.predicate
def is_member(user: User, thing: Any) -> bool:
    return here(user, thing).has_a_side


@rules.predicate
def is_co_chair(user: User, thing: Any) -> bool:
    return here(user, thing).is_co_chair


@rules.predicate
def facilitates(user: User, thing: Any) -> bool:
    return here(user, thing).facilitates


@rules.predicate
def holds_key(user: User, thing: Any) -> bool:
    return here(user, thing).holds_key


@rules.predicate
def is_drafted(user: User, thing: Any) -> bool:
    return _state(thing) == DocumentState.DRAFTING


@rules.predicate
def owns_voice(user: User, passage: Passage) -> bool:
    """Views and replies: their own side's members. Shared voices: the members of all sides."""
    found = here(user, passage)
    return found.is_of(passage.side) if passage.voice in ONE_SIDED_VOICES else found.has_a_side


@rules.predicate
def is_open(user: User, passage: Passage) -> bool:
    return passage.state in (PassageState.CAUCUS, PassageState.OPEN, PassageState.BRACKETED)


@rules.predicate
def is_own_sides(user: User, passage: Passage) -> bool:
    return here(user, passage).is_of(passage.side)


@rules.predicate
def has_caucus_copy(user: User, passage: Passage) -> bool:
    return passage.caucus_copy_id is not None


@rules.predicate
def is_agreed(user: User, passage: Passage) -> bool:
    """Ad referendum too: every key is turned, and one undoes it."""
    return passage.state in (PassageState.AGREED, PassageState.AD_REFERENDUM)


@rules.predicate
def settles_it(user: User, passage: Passage) -> bool:
    found = here(user, passage)
    return found.holds_key and (passage.side_id is None or found.is_of(passage.side))


@rules.predicate
def answers_for_its_side(user: User, referral: Referral) -> bool:
    """What a side's principals say is said by its key holder."""
    found = here(user, referral)
    return found.holds_key and found.is_of(referral.side)


@rules.predicate
def is_tabled(user: User, passage: Passage) -> bool:
    return passage.is_tabled


@rules.predicate
def is_shared(user: User, passage: Passage) -> bool:
    return passage.is_shared


@rules.predicate
def is_bracketed(user: User, passage: Passage) -> bool:
    return passage.state == PassageState.BRACKETED


@rules.predicate
def is_penned(user: User, passage: Passage) -> bool:
    """Its words are in one person's hands: nobody writes in them, and their new draft comes to all at once."""
    return passage.pen_id is not None


@rules.predicate
def drafts_the_document(user: User, thing: Any) -> bool:
    """Under the pen over all its joint passages; a facilitator too."""
    document = thing if isinstance(thing, Document) else _document(thing)
    return document.pen is not None and document.pen.holder_id == user.pk


@rules.predicate
def is_open_bracket(user: User, bracket: Bracket) -> bool:
    return bracket.is_open


@rules.predicate
def opened_it(user: User, bracket: Bracket) -> bool:
    """For their side: it is the side's bracket."""
    return here(user, bracket).is_of(bracket.side)


@rules.predicate
def may_read_thread(user: User, thread: Thread) -> bool:
    found = here(user, thread)
    return found.sees_texts and (thread.caucus_id is None or found.is_of(thread.caucus))


@rules.predicate
def is_caucus_thread(user: User, thread: Thread) -> bool:
    return thread.caucus_id is not None


@rules.predicate
def disposes(user: User, thread: Thread) -> bool:
    """Who owns the passage's voice, and whoever started the thread (their own question is answered)."""
    return owns_voice(user, thread.passage) or thread.started_by_id == user.pk


@rules.predicate
def writes_proposal(user: User, proposal: Proposal) -> bool:
    """A side's own words: its members. A person's: they alone, while they read the text."""
    return is_writer(user, here(user, proposal), proposal)


def is_writer(user: User, found: Standing, proposal: Proposal) -> bool:
    if proposal.side_id is not None:
        return found.is_of(proposal.side)
    return found.sees_texts and proposal.begun_by_id == user.pk


@rules.predicate
def speaks_in_proposal(user: User, proposal: Proposal) -> bool:
    """What a side says to all it says by its key holder."""
    found = here(user, proposal)
    return is_writer(user, found, proposal) and (proposal.side_id is None or found.holds_key)


@rules.predicate
def may_see_proposal(user: User, proposal: Proposal) -> bool:
    return here(user, proposal).sees_texts and (proposal.was_offered or is_writer(user, here(user, proposal), proposal))


@rules.predicate
def is_offered(user: User, proposal: Proposal) -> bool:
    return proposal.is_offered


@rules.predicate
def is_pending(user: User, proposal: Proposal) -> bool:
    return proposal.is_pending


@rules.predicate
def is_only_drafted(user: User, proposal: Proposal) -> bool:
    return proposal.is_pending and not proposal.was_offered


@rules.predicate
def answers_for_voice(user: User, proposal: Proposal) -> bool:
    """A key holder of the passage's own side, of shared voices a key holder of any: who offered it is heard by them."""
    return settles_it(user, proposal.passage)


@rules.predicate
def takes_into_text(user: User, proposal: Proposal) -> bool:
    """Who writes the open passage; agreed words are changed by the keys that agreed on them."""
    passage = proposal.passage
    return owns_voice(user, passage) and is_open(user, passage) and not passage.pen_id


@rules.predicate
def changes_agreed_words(user: User, proposal: Proposal) -> bool:
    return is_agreed(user, proposal.passage) and settles_it(user, proposal.passage)


@rules.predicate
def takes_its_words(user: User, thread: Thread) -> bool:
    """A suggestion is taken by those who own the passage's voice."""
    return thread.is_suggestion and owns_voice(user, thread.passage) and not thread.passage.pen_id


@rules.predicate
def wrote_it(user: User, unsent: UnsentComment) -> bool:
    return unsent.writer_id == user.pk


@rules.predicate
def has_part(user: User, thing: Any) -> bool:
    found = here(user, thing)
    return found.facilitates or found.membership is not None


@rules.predicate
def is_signatory(user: User, thing: FinalText | Document) -> bool:
    text: FinalText | None = thing if isinstance(thing, FinalText) else thing.final_text
    return text is not None and text.signatories.filter(person=user, membership__seat="open").exists()


@rules.predicate
def is_frozen(user: User, thing: Any) -> bool:
    return _state(thing) in FROZEN_STATES


@rules.predicate
def is_published(user: User, thing: Any) -> bool:
    return _state(thing) == DocumentState.PUBLISHED


@rules.predicate
def draft_is_for(user: User, draft: Draft) -> bool:
    return has_part(user, draft.document)


@rules.predicate
def is_to_be_initialled(user: User, thing: Any) -> bool:
    return _state(thing) == DocumentState.FROZEN


@rules.predicate
def may_object(user: User, silence: Silence) -> bool:
    return silence.entitled.still_there().filter(membership__person=user).exists()


rules.add_perm("reports.see_document", has_part)
rules.add_perm("reports.read", sees_texts)
rules.add_perm("reports.read_draft", draft_is_for)
rules.add_perm("reports.start_document", is_co_chair)
rules.add_perm("reports.change_document", is_drafted & is_co_chair)
rules.add_perm("reports.order", is_drafted & is_co_chair)
rules.add_perm("reports.add_passage", is_drafted & (is_member | sees_texts & drafts_the_document))
# Whose words they are, whatever the text's state: who wrote while it was frozen or agreed gets their words back.
rules.add_perm("reports.have_words_in", is_member | sees_texts & drafts_the_document)
rules.add_perm("reports.have_words_of", owns_voice)
rules.add_perm("reports.have_words_on", is_member & is_tabled)
rules.add_perm("reports.write_passage", is_drafted & owns_voice & (is_open | is_own_sides) & ~is_penned)
rules.add_perm("reports.table_passage", is_drafted & is_own_sides & holds_key & has_caucus_copy)
rules.add_perm("reports.reply_to", is_drafted & is_member & is_tabled)
rules.add_perm("reports.drop_passage", is_drafted & owns_voice & is_open & ~is_penned)
rules.add_perm("reports.comment", sees_texts)
rules.add_perm("reports.open_bracket", is_drafted & is_member & is_shared & is_open & is_tabled)
rules.add_perm("reports.answer_bracket", is_drafted & is_member & is_open_bracket)
rules.add_perm("reports.close_bracket", is_drafted & holds_key & is_open_bracket)
rules.add_perm("reports.withdraw_bracket", is_drafted & holds_key & opened_it & is_open_bracket)
rules.add_perm("reports.read_thread", may_read_thread)
rules.add_perm("reports.dispose", may_read_thread & disposes)
rules.add_perm("reports.take_suggestion", may_read_thread & takes_its_words)
rules.add_perm("reports.send_comment", sees_texts & wrote_it)
rules.add_perm("reports.table_thread", may_read_thread & is_caucus_thread & holds_key)
rules.add_perm("reports.have_other_words_on", sees_texts & is_tabled)
rules.add_perm("reports.propose_words", is_drafted & sees_texts & is_tabled)
rules.add_perm("reports.see_proposal", may_see_proposal)
rules.add_perm("reports.have_words_of_proposal", writes_proposal)
rules.add_perm("reports.write_proposal", is_drafted & writes_proposal & is_pending)
rules.add_perm("reports.offer_proposal", is_drafted & speaks_in_proposal & is_pending)
rules.add_perm("reports.withdraw_proposal", is_pending & (speaks_in_proposal | is_only_drafted & writes_proposal))
rules.add_perm("reports.take_proposal", is_drafted & is_offered & takes_into_text)
rules.add_perm("reports.amend", is_drafted & is_offered & changes_agreed_words)
rules.add_perm("reports.decline_proposal", is_drafted & is_offered & answers_for_voice)
rules.add_perm("reports.propose", is_drafted & holds_key)
rules.add_perm("reports.propose_release", is_drafted & (holds_key | facilitates))
rules.add_perm("reports.settle", is_drafted & settles_it & is_tabled & ~is_bracketed)
rules.add_perm("reports.withdraw_agreement", is_drafted & settles_it & is_agreed)
rules.add_perm("reports.see_referral", sees_texts)
rules.add_perm("reports.answer_referral", is_drafted & answers_for_its_side)
rules.add_perm("reports.check_own_words", is_member)
rules.add_perm("reports.waive", is_drafted & holds_key)
rules.add_perm("reports.freeze", is_drafted & holds_key)
rules.add_perm("reports.unfreeze", is_frozen & holds_key)
rules.add_perm("reports.propose_silence", is_to_be_initialled & holds_key)
rules.add_perm("reports.see_silence", sees_texts)
rules.add_perm("reports.break_silence", sees_texts & may_object)
rules.add_perm("reports.record_bounce", facilitates)
rules.add_perm("reports.see_signing", sees_texts)
rules.add_perm("reports.sign", is_signatory)
rules.add_perm("reports.remind", is_frozen & (holds_key | facilitates))
rules.add_perm("reports.authorise", is_frozen & holds_key)
rules.add_perm("reports.publish", facilitates)
rules.add_perm("reports.hide", facilitates)
rules.add_perm("reports.withdraw", is_published & holds_key)
rules.add_perm("reports.print", sees_texts)
rules.add_perm("reports.see_rendition", has_part)
