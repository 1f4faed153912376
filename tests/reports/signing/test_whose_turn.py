"""A document's page says first what waits for its reader: a key, initials, a signature, publication."""

import pytest

from groups.actions import propose
from reports.actions.agreement import RELEASE, text_hash
from reports.models import Document

from .hands import at, authorise, browser, freeze, open_for_signature, sign, signed_text

pytestmark = pytest.mark.django_db


def turn_of(made, role: str) -> tuple[bool, str, str]:
    """Whether it is the reader's own turn, whose it is else, and what is to be done."""
    turn = browser(made.people[role]).get(at("document", made.document)).context["overview"].turn
    return turn.yours, turn.whose, turn.what


def test_a_proposed_release_waits_for_the_key_that_is_missing(made):
    document = Document.objects.get(pk=made.document.pk)
    propose(RELEASE.name, document.public_id, sha256=text_hash(document, {}), by=made.co_chair_b)

    wanted = "Release a draft: this is proposed, and your side’s key is wanted."
    others = "Release a draft: this is proposed, and keys are missing."
    assert turn_of(made, "co_chair_a") == (True, "", wanted)
    assert turn_of(made, "facilitator") == (False, "Waiting for Northland", others)
    assert turn_of(made, "member_a") == (False, "Waiting for Northland", others)


def test_the_key_holders_are_asked_for_initials_and_nobody_else(made):
    freeze(made)

    assert turn_of(made, "co_chair_b") == (True, "", "The final text waits for your initials.")
    assert turn_of(made, "member_b") == (False, "Drafting is over", "Frozen: to be initialled.")


def test_a_signatory_is_asked_until_they_have_answered(made):
    text = open_for_signature(made)

    before = turn_of(made, "member_a")
    sign(text, made.member_a)

    assert before == (True, "", "The final text waits for your signature.")
    assert turn_of(made, "member_a")[0] is False


def test_after_signing_the_key_holders_authorise_and_a_facilitator_publishes(made):
    text = signed_text(made)

    asked = turn_of(made, "co_chair_a")
    authorise(made, text)

    assert asked == (True, "", "Signing has closed. Authorise publication of exactly this text.")
    assert turn_of(made, "facilitator")[2] == (
        "Every side’s key has authorised publication. Look at the page and the PDF, then publish."
    )
    assert turn_of(made, "facilitator")[0] is True
    assert turn_of(made, "co_chair_a")[0] is False
