"""A proposal's words typed live: seeded from its draft, made its next state, ended when it is offered or closed.

The same machine as a passage's text, in a text of its own: `rights` lets its writers in and nobody else, and nothing of
it is shown beside them, so that before an offer no other page hears even that somebody types.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F, Q

from parley.accounts.models import User
from reports.locks import NotDrafted, locked_draft, locked_passage, locked_proposal
from reports.models import Document, Ending, LiveText, Passage, Proposal, Revision
from reports.other_words import fit, newest_words, rebased, told_to_writers, written
from reports.text import schema
from reports.text.limits import TextRefused

from . import cutting, store
from .conversion import Node
from .rights import may_write
from .seeding import left_uncut, seeded, seeded_from


def words_of(text: LiveText, passage: Passage) -> Node:
    """The live words, checked as the proposal's next state would be; raises TextRefused."""
    return fit(passage, cutting.typed_in(text), _base_of(text))


def _base_of(text: LiveText) -> Revision:
    base: Revision = text.base  # type: ignore[assignment]  # a constraint: a proposal's text has one
    return base


# ---- inside a verb that holds the locks of document, passage and proposal --------------------------------------------


def catch_up(proposal: Proposal) -> LiveText | None:
    """The words typed since the last cut become its newest ones, by whoever wrote last; changes `proposal` in place.

    Returns the open live text, locked. Raises TextRefused when its words are no text of ours: they stay where they are.
    """
    text = _locked(proposal)
    if text is not None and not text.is_cut:
        _cut(text, proposal)
    return text


def _locked(proposal: Proposal) -> LiveText | None:
    text = LiveText.objects.open().defer("state").select_for_update().filter(proposal=proposal).first()
    if text is not None:
        text.proposal = proposal
    return text


def _cut(text: LiveText, proposal: Proposal) -> None:
    words, base, newest = words_of(text, proposal.passage), _base_of(text), newest_words(proposal)
    changed = (newest.sha256, newest.base_id) != (schema.digest(words), base.pk)
    if changed:
        writer: User = text.last_writer  # type: ignore[assignment]  # whoever wrote what is uncut
        written(proposal, words, base, writer)
        told_to_writers(proposal.document, proposal, "proposal.written", writer)
    cutting.mark_cut(text, proposal.version if changed else None)


def catch_up_if_fit(proposal: Proposal) -> None:
    """What is no text of ours stays in the live text."""
    try:
        catch_up(proposal)
    except TextRefused:
        return


def follow(text: LiveText | None, proposal: Proposal, *, by: User | None = None) -> None:
    """Whoever types live sees at once what was written elsewhere: by a person, or (None) in the passage by its owners.

    The text was cut. It says then what the proposal changes over the words of today; where both changed the same words,
    what its writers wrote, for them to revise.
    """
    if text is None:
        return
    words, text.base = _to_go_on_with(proposal)
    text.save(update_fields=["base"])
    if cutting.made_to_say(text, words, by):
        cutting.mark_cut(text, proposal.version, laid=True)


def _to_go_on_with(proposal: Proposal) -> tuple[Node, Revision]:
    """The words in which its writers go on, and over which revision these stand."""
    newest, today = newest_words(proposal), proposal.passage.tabled
    if today is not None and (found := rebased(newest, today)).text is not None:
        return found.text, today
    return newest.text, newest.base


def hold(passage: Passage, proposals: Iterable[Proposal]) -> None:
    """For a verb that writes into the passage and closes these: all their open texts, before any one of them."""
    store.hold(LiveText.objects.open().filter(Q(passage=passage) | Q(proposal__in=proposals)))


def end(proposal: Proposal, why: Ending) -> None:
    """No more is typed, in the transaction that offers or closes it: no row of it is part of what others read."""
    text = _locked(proposal)
    if text is not None:
        cutting.close(text, why)


def end_all(document: Document, why: Ending) -> None:
    """Of passages and of proposals, in a locked document."""
    here = Q(passage__section__document=document) | Q(proposal__passage__section__document=document)
    store.hold(LiveText.objects.open().filter(here))
    cutting.end_all(document, why)
    open_ones = LiveText.objects.open().filter(proposal__passage__section__document=document)
    for passage in Passage.objects.filter(pk__in=open_ones.values("proposal__passage")).order_by("pk"):
        end_those_on(locked_passage(passage), why)


def end_those_on(passage: Passage, why: Ending) -> None:
    """Of all proposals on a locked passage. What does not fit stays with its text."""
    open_ones = LiveText.objects.open().filter(proposal__passage=passage)
    for found in Proposal.objects.filter(pk__in=open_ones.values("proposal")).order_by("pk"):
        proposal = locked_proposal(found)
        proposal.passage = passage
        catch_up_if_fit(proposal)
        end(proposal, why)


# ---- in a transaction of its own -------------------------------------------------------------------------------------


def take_in(proposal: Proposal) -> bool:
    """Whether there were words to take in; `proposal` says them then."""
    if LiveText.objects.open().uncut().filter(proposal=proposal).exists() and take_in_typed(proposal):
        proposal.refresh_from_db(fields=["newest", "version"])
        return True
    return False


def take_in_typed(proposal: Proposal) -> bool:
    """Whether its words are the proposal's now."""
    try:
        with transaction.atomic():
            catch_up(_under_locks(proposal))
    except (TextRefused, NotDrafted):
        return False
    return True


with_live_words = cutting.asked_again(take_in)


def _under_locks(proposal: Proposal) -> Proposal:
    locked_draft(proposal.passage.section.document)
    passage = locked_passage(proposal.passage)
    found = locked_proposal(proposal)
    found.passage = passage
    return found


def moved_on(texts: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Of these texts those whose passage says other words now than the ones they stand over.

    With the revision that says them and the text's last cut: while both are the same there is nothing new to try.
    """
    moved = LiveText.objects.open().of_proposals().exclude(base=F("proposal__passage__tabled"))
    found = moved.filter(pk__in=list(texts)).values_list("pk", "proposal__passage__tabled", "cut_sequence")
    return {text: (today, cut) for text, today, cut in found}


def lay_over_today(text_id: int) -> None:
    """An open text, over the words that its passage says now: the server writes what others changed there.

    Asked where somebody has it open, never by the verb that changed the passage: how long that takes tells of nobody.
    """
    texts = LiveText.objects.open().of_proposals().defer("state")
    text = texts.select_related("proposal__passage__section__document").filter(pk=text_id).first()
    if text is None or text.proposal is None:
        return
    try:
        with transaction.atomic():
            proposal = _under_locks(text.proposal)
            follow(catch_up(proposal), proposal)
    except (TextRefused, NotDrafted):
        return


def entered(proposal: Proposal, *, by: User) -> LiveText | None:
    """The open text as one of its writers finds it, over the words of today; None when it was closed meanwhile."""
    text = LiveText.objects.open().defer("state").filter(proposal=proposal).first()
    if text is None:
        return open_text(proposal, by=by)
    if moved_on([text.pk]):
        lay_over_today(text.pk)
    return text


def open_text(proposal: Proposal, *, by: User) -> LiveText | None:
    """Made when there is none; None when the proposal was closed or its document frozen meanwhile."""
    try:
        with transaction.atomic():
            proposal = _under_locks(proposal)
            if not may_write(by, proposal):
                return None
            return _locked(proposal) or _made(proposal)
    except NotDrafted:
        return None


def _made(proposal: Proposal) -> LiveText:
    if earlier := left_uncut(proposal.live_texts.all()):
        return seeded_from(earlier, LiveText(proposal=proposal, base=_base_of(earlier)))
    words, base = _to_go_on_with(proposal)
    return seeded(LiveText(proposal=proposal, base=base), words)
