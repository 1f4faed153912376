"""Addresses of texts, for mails, notices and motions."""

from django.urls import reverse

from .models import (
    Bracket,
    Document,
    Draft,
    Passage,
    Pen,
    Proposal,
    Recommendation,
    Referral,
    Section,
    Silence,
    TextReservation,
    Thread,
)


def document(document: Document) -> str:
    return reverse("document", kwargs={"document": document.public_id})


def ledger(document: Document) -> str:
    return reverse("ledger", kwargs={"document": document.public_id})


def comments(document: Document) -> str:
    return reverse("comment_queue", kwargs={"document": document.public_id})


def section(section: Section) -> str:
    return reverse("section", kwargs={"section": section.public_id})


def passage(passage: Passage) -> str:
    return f"{section(passage.section)}#p-{passage.public_id}"


def draft(draft: Draft) -> str:
    return reverse("draft", kwargs={"draft": draft.public_id})


def sign(document: Document) -> str:
    return reverse("sign", kwargs={"document": document.public_id})


def publish(document: Document) -> str:
    return reverse("publish", kwargs={"document": document.public_id})


def referral(referral: Referral) -> str:
    return reverse("referral", kwargs={"referral": referral.public_id})


def reservation(reservation: TextReservation) -> str:
    return reverse("reservation", kwargs={"reservation": reservation.public_id})


def pen(pen: Pen) -> str:
    return reverse("pen", kwargs={"pen": pen.public_id})


def silence(silence: Silence) -> str:
    return reverse("silence", kwargs={"silence": silence.public_id})


def bracket(bracket: Bracket) -> str:
    return reverse("bracket", kwargs={"bracket": bracket.public_id})


def thread(thread: Thread) -> str:
    return f"{section(thread.passage.section)}#t-{thread.public_id}"


def proposal(proposal: Proposal) -> str:
    return reverse("proposal", kwargs={"proposal": proposal.public_id})


def recommendation(recommendation: Recommendation) -> str:
    return reverse("recommendation", kwargs={"recommendation": recommendation.public_id})


def checks(document: Document) -> str:
    return reverse("checks", kwargs={"document": document.public_id})
