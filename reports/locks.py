"""The locks of every verb that changes a text, in their order.

Document, passage, its live text, proposal, its live text, motion, record.
"""

from .models import Document, DocumentState, Passage, Proposal


class NotDrafted(Exception):
    """The document is frozen or published: its text does not change any more."""


def locked(document: Document) -> Document:
    """The document under its row lock: first in the order of locks of every verb that changes a text."""
    return Document.objects.select_for_update(of=("self",)).select_related("group__programme").get(pk=document.pk)


def locked_draft(document: Document) -> Document:
    document = locked(document)
    if document.state != DocumentState.DRAFTING:
        raise NotDrafted
    return document


def locked_passage(passage: Passage) -> Passage:
    """The passage under its row lock, after its document's."""
    return (
        Passage.objects.select_for_update(of=("self",))
        .select_related("section__document__group__programme", "side", "tabled", "caucus_copy")
        .get(pk=passage.pk)
    )


def locked_proposal(proposal: Proposal) -> Proposal:
    """The proposal under its row lock, after its passage's."""
    return Proposal.objects.select_for_update(of=("self",)).with_words().select_related("passage").get(pk=proposal.pk)
