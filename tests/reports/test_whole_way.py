"""From two voices to a published text, by the verbs alone."""

import json

import pytest
from django.utils import timezone

from groups.actions import propose, turn_key
from groups.models import Motion
from groups.motions import MayNotBeMoved
from parley.accounts.models import Proof
from reports import final_text
from reports.actions import signing
from reports.actions.agreement import FREEZE, RELEASE, SETTLE, passage_hash, text_hash
from reports.actions.brackets import CLOSE, closing_facts, closing_hash, make_alternative, open_bracket
from reports.actions.publishing import AUTHORISE, NotAuthorised, publish
from reports.actions.publishing import text_hash as authorised_hash
from reports.models import Document, DocumentState, Outcome, Passage, PassageState
from reports.text import markup
from reports.text.places import Quote
from tests.reports.checking import let_stand

pytestmark = pytest.mark.django_db


def proof(person, purpose, sha256):
    return Proof.objects.create(
        user=person, purpose=purpose, sha256=sha256, method="totp", evidence=f"{person.pk}{purpose}"
    )


def settle_all(made):
    for passage in Passage.objects.tabled_ones().filter(section__document=made.document):
        sides = [made.co_chair_a] if passage.side_id == made.a.pk else [made.co_chair_a, made.co_chair_b]
        motion = propose(SETTLE.name, passage.public_id, sha256=passage_hash(passage, {}), by=sides[0])
        for chair in sides[1:]:
            turn_key(motion, sha256=motion.sha256, by=chair)


def both_keys(made, kind, target_id, sha256, facts=None):
    motion = propose(kind.name, target_id, sha256=sha256, facts=facts, by=made.co_chair_a)
    return turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)


def dispute(made):
    """Words in a bracket, what each side would say, and other words agreed by both."""
    quote, person = Quote("one river"), made.member_a
    bracket = open_bracket(passage=made.joint, quote=quote, reason="We drink from wells as well.", by=person)
    make_alternative(bracket, words=markup.to_doc("one river and many wells"), by=made.member_a)
    make_alternative(bracket, words=None, by=made.member_b)
    with pytest.raises(MayNotBeMoved, match="1 bracket is open"):
        both_keys(made, FREEZE, made.document.public_id, text_hash(made.document, {}))
    facts = closing_facts(Outcome.MERGED, markup.to_doc("one river and its wells"))
    both_keys(made, CLOSE, bracket.public_id, closing_hash(bracket, facts), facts)


def test_a_text_goes_from_caucus_to_publication_only_by_the_keys_of_both_sides(made):
    dispute(made)
    settle_all(made)
    document = Document.objects.get(pk=made.document.pk)
    both_keys(made, RELEASE, document.public_id, text_hash(document, {}))
    with pytest.raises(MayNotBeMoved, match="1 finding of the checks is neither mended nor waived"):
        both_keys(made, FREEZE, document.public_id, text_hash(document, {}))
    let_stand(document, made.co_chair_a, made.co_chair_b, reason="Southland wishes no reply.")
    both_keys(made, FREEZE, document.public_id, text_hash(document, {}))
    document.refresh_from_db()
    text = document.final_text

    assert document.drafts.count() == 1
    assert "one river and its wells." in text.canonical
    assert "bracket" not in text.canonical
    assert document.state == DocumentState.FROZEN
    assert {p.state for p in Passage.objects.tabled_ones().filter(section__document=document)} == {PassageState.FROZEN}
    assert final_text.digest(json.loads(text.canonical)) == text.sha256

    for chair in (made.co_chair_a, made.co_chair_b):
        signing.initial(text, sha256=text.sha256, proof=proof(chair, "initial", text.sha256), by=chair)
    for signatory in text.signatories.all():
        if signatory.person == made.member_b:
            signing.decline(text, sha256=text.sha256, reason="Not my words.", by=signatory.person)
        else:
            words = "I read it otherwise." if signatory.person == made.member_a else ""
            signing.sign(
                text,
                sha256=text.sha256,
                proof=proof(signatory.person, "sign", text.sha256),
                reservation=words,
                by=signatory.person,
            )
    document.refresh_from_db()
    assert document.state == DocumentState.SIGNED

    text.refresh_from_db()
    with pytest.raises(NotAuthorised):
        publish(text, by=made.facilitator)
    facts = {"earliest": timezone.now().isoformat()}
    motion = both_keys(made, AUTHORISE, text.public_id, authorised_hash(text, facts), facts)
    publication = publish(text, by=made.facilitator)

    assert motion.state == Motion.State.CARRIED
    assert publication.final_text == text
    assert Document.objects.get(pk=document.pk).state == DocumentState.PUBLISHED
