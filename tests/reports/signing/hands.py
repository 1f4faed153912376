"""What people do with a final text: settle, freeze, initial, sign, authorise; by the verbs, and on the pages."""

import itertools
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups.actions import propose, turn_key
from groups.models import Motion
from groups.motions import MotionKind
from parley.accounts.models import Proof, User
from parley.accounts.stepup import StepUpForm
from reports.actions import signing
from reports.actions.agreement import FREEZE, SETTLE, UNFREEZE, passage_hash, text_hash
from reports.actions.publishing import AUTHORISE, publish
from reports.models import Act, Document, FinalText, Passage, Publication, Rendition, Reservation
from tests.factories import World
from tests.groups.hands import give_app, signed_in
from tests.parley.accounts.hands import app_code
from tests.reports.checking import let_stand

_shown = itertools.count()


def proof(person: User, purpose: str, text: FinalText) -> Proof:
    """As the step-up gives it when this person has just shown their authenticator over this text."""
    return Proof.objects.create(
        user=person, purpose=purpose, sha256=text.sha256, method="totp", evidence=f"shown {next(_shown)}"
    )


def both_keys(made: World, kind: MotionKind, target: Any, facts: dict[str, Any] | None = None) -> Motion:
    sha256 = kind.sha256(target, facts or {})
    motion = propose(kind.name, target.public_id, sha256=sha256, facts=facts, by=made.co_chair_a)
    return turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)


def settle_all(made: World) -> None:
    """Each passage is settled, and what the checks find is let stand: nothing holds a freeze any more."""
    for passage in Passage.objects.tabled_ones().filter(section__document=made.document).unsettled():
        chairs = [made.co_chair_a, made.co_chair_b]
        if passage.side_id:
            chairs = [made.co_chair_a if passage.side_id == made.a.pk else made.co_chair_b]
        motion = propose(SETTLE.name, passage.public_id, sha256=passage_hash(passage, {}), by=chairs[0])
        for chair in chairs[1:]:
            turn_key(motion, sha256=motion.sha256, by=chair)
    let_stand(made.document, made.co_chair_a, made.co_chair_b)


def freeze(made: World, **details: Any) -> FinalText:
    """`details` of the document (deadline, order, rule of printing) are set before they are fixed with the text."""
    Document.objects.filter(pk=made.document.pk).update(**details)
    settle_all(made)
    document = Document.objects.select_related("group__programme").get(pk=made.document.pk)
    propose_and_turn = propose(FREEZE.name, document.public_id, sha256=text_hash(document, {}), by=made.co_chair_a)
    turn_key(propose_and_turn, sha256=propose_and_turn.sha256, by=made.co_chair_b)
    return standing_text(made)


def standing_text(made: World) -> FinalText:
    text: FinalText = Document.objects.get(pk=made.document.pk).final_text
    return text


def initial(text: FinalText, person: User) -> Act:
    return signing.initial(text, sha256=text.sha256, proof=proof(person, "initial", text), by=person)


def open_for_signature(made: World, **details: Any) -> FinalText:
    text = freeze(made, **details)
    for chair in (made.co_chair_a, made.co_chair_b):
        initial(text, chair)
    return standing_text(made)


def sign(text: FinalText, person: User, reservation: str = "") -> Act:
    return signing.sign(text, sha256=text.sha256, proof=proof(person, "sign", text), reservation=reservation, by=person)


def decline(text: FinalText, person: User, reason: str = "Not my words.") -> Act:
    return signing.decline(text, sha256=text.sha256, reason=reason, by=person)


def reserve(text: FinalText, person: User, words: str = "I read it otherwise.") -> Reservation:
    return signing.add_reservation(
        text, sha256=text.sha256, proof=proof(person, "reserve", text), reservation=words, by=person
    )


def sign_all(text: FinalText, *, but: tuple[User, ...] = ()) -> FinalText:
    for signatory in text.signatories.all():
        if signatory.person not in but:
            sign(text, signatory.person)
    text.refresh_from_db()
    return text


def signed_text(made: World, **details: Any) -> FinalText:
    """Everybody has signed: signing has closed."""
    return sign_all(open_for_signature(made, **details))


def authorise(made: World, text: FinalText, earliest: Any = None) -> Motion:
    facts = {"earliest": (earliest or timezone.now()).isoformat()}
    return both_keys(made, AUTHORISE, text, facts)


def published(made: World, **details: Any) -> Publication:
    text = signed_text(made, **details)
    authorise(made, text)
    return publish(text, by=made.facilitator)


def unfreeze(made: World, reason: str = "A word is missing.") -> None:
    document = Document.objects.select_related("group__programme").get(pk=made.document.pk)
    both_keys(made, UNFREEZE, document, {"reason": reason})


def state_of(made: World) -> str:
    return Document.objects.get(pk=made.document.pk).state


def at(name: str, thing: Any = None, **more: str) -> str:
    """The address of a page of a document, draft, rendition or publication."""
    if thing is not None:
        more = {thing._meta.model_name: thing.public_id, **more}
    return reverse(name, kwargs=more)


def browser(person: User) -> Client:
    return signed_in(person)


def with_proof(person: User, **fields: str) -> dict[str, str]:
    """What a form sends when the person types the code that their app shows now."""
    give_app(person)
    return {f"{StepUpForm.prefix}-code": app_code(), **fields}


def words_of(answer: Any) -> str:
    """All that the page says, without its markup's line breaks."""
    return " ".join(answer.content.decode().split())


def bytes_of(rendition: Rendition) -> bytes:
    with rendition.file.open("rb") as file:
        content: bytes = file.read()
    return content
