"""Authorise, publish within it, an embargo that opens by itself, hide at once, withdraw: nothing earlier, no more."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from groups.actions import propose
from groups.models import Motion
from groups.motions import MayNotBeMoved
from parley.notifications.due import run_due
from parley.notifications.models import Notice
from reports.actions.publishing import (
    AUTHORISE,
    WITHDRAW,
    AlreadyPublished,
    NotAuthorised,
    hide_publication,
    publish,
    show_publication,
)
from reports.models import DocumentKind, DocumentState, Publication
from reports.verification import Verdict, by_code
from tests.factories import document_of, passage_of

from .hands import (
    at,
    authorise,
    both_keys,
    browser,
    decline,
    open_for_signature,
    published,
    sign,
    sign_all,
    signed_text,
    state_of,
    words_of,
)

pytestmark = pytest.mark.django_db

NOT_TOLD = {
    "": "",
    "earliest": "soon",
    "without a zone": "2026-11-22T10:00:00",
    "no such day": "2026-02-31T10:00:00+00:00",
}


def anonymous(name: str, **where: str):
    return Client().get(at(name, **where))


@pytest.mark.parametrize("earliest", NOT_TOLD.values(), ids=NOT_TOLD.keys())
def test_authorising_takes_an_hour_with_its_zone(made, earliest):
    text = signed_text(made)
    facts = {"earliest": earliest}

    with pytest.raises(MayNotBeMoved):
        propose(AUTHORISE.name, text.public_id, sha256=AUTHORISE.sha256(text, facts), facts=facts, by=made.co_chair_a)


def test_without_the_signature_of_every_sides_key_holder_nothing_is_authorised(made):
    text = open_for_signature(made)
    decline(text, made.co_chair_b)
    sign_all(text, but=(made.co_chair_b,))

    with pytest.raises(MayNotBeMoved, match="Co Chair B"):
        authorise(made, text)


def test_a_member_may_decline_and_the_text_is_published_all_the_same(made):
    text = open_for_signature(made)
    decline(text, made.member_b)
    sign_all(text, but=(made.member_b,))

    authorise(made, text)
    publish(text, by=made.facilitator)

    assert state_of(made) == DocumentState.PUBLISHED


def test_one_key_authorises_nothing(made):
    text = signed_text(made)
    facts = {"earliest": timezone.now().isoformat()}
    propose(AUTHORISE.name, text.public_id, sha256=AUTHORISE.sha256(text, facts), facts=facts, by=made.co_chair_a)

    with pytest.raises(NotAuthorised):
        publish(text, by=made.facilitator)


def test_a_facilitator_publishes_and_nobody_else(made):
    text = signed_text(made)
    authorise(made, text)

    for person in (made.co_chair_a, made.member_a, made.other_facilitator):
        with pytest.raises(NotAuthorised):
            publish(text, by=person)
    assert not Publication.objects.exists()


def test_a_facilitator_does_not_hurry_it(made):
    text = signed_text(made)
    authorise(made, text, timezone.now() + timedelta(hours=5))

    with pytest.raises(NotAuthorised):
        publish(text, opens_at=timezone.now() + timedelta(hours=1), by=made.facilitator)


def test_published_before_the_hour_it_opens_at_the_hour(made):
    text = signed_text(made)
    earliest = timezone.now() + timedelta(hours=5)
    authorise(made, text, earliest)

    publication = publish(text, by=made.facilitator)

    assert publication.opens_at == earliest


def test_nothing_is_published_in_the_past(made):
    text = signed_text(made)
    authorise(made, text, timezone.now() - timedelta(days=9))

    publication = publish(text, opens_at=timezone.now() - timedelta(days=3), by=made.facilitator)

    assert publication.opens_at >= publication.published_at - timedelta(seconds=5)


def test_a_text_is_published_once_and_a_withdrawn_one_never_again(made):
    publication = published(made)
    text = publication.final_text

    with pytest.raises(AlreadyPublished):
        publish(text, by=made.facilitator)
    both_keys(made, WITHDRAW, text, {"reason": "A map was wrong."})
    with pytest.raises(AlreadyPublished):
        publish(text, by=made.facilitator)


def test_under_embargo_the_world_learns_nothing_and_it_opens_by_itself(made, time_machine):
    text = signed_text(made)
    authorise(made, text)
    Notice.objects.all().delete()
    publish(text, opens_at=timezone.now() + timedelta(days=1), by=made.facilitator)
    code = text.public_id

    before = [anonymous("published", code=code), anonymous("published_pdf", code=code)]
    listed_before = words_of(anonymous("published_list"))
    known_before = by_code(code).verdict
    told_before = Notice.objects.filter(kind="reports.published").count()
    time_machine.move_to(timezone.now() + timedelta(days=1, minutes=1))
    run_due()

    assert [answer.status_code for answer in before] == [404, 404]
    assert made.document.title not in listed_before
    assert known_before == Verdict.UNKNOWN_CODE
    assert told_before == 0
    assert anonymous("published", code=code).status_code == 200
    assert made.document.title in words_of(anonymous("published_list"))
    assert by_code(code).verdict == Verdict.KNOWN_CODE
    assert Notice.objects.filter(kind="reports.published").count() == 6


def test_what_is_withdrawn_before_its_hour_is_not_announced(made, time_machine):
    text = signed_text(made)
    authorise(made, text)
    publish(text, opens_at=timezone.now() + timedelta(days=1), by=made.facilitator)
    both_keys(made, WITHDRAW, text, {"reason": "A map was wrong."})

    time_machine.move_to(timezone.now() + timedelta(days=1, minutes=1))
    run_due()

    assert not Notice.objects.filter(kind="reports.published").exists()


def test_hidden_at_once_it_says_nothing_but_that_it_is_not_available(made):
    publication = published(made)
    code = publication.code

    hide_publication(publication, reason="A person is in danger.", by=made.facilitator)

    page, file = anonymous("published", code=code), anonymous("published_pdf", code=code)
    checked = words_of(Client().get(at("verify"), {"code": code}))
    assert (page.status_code, file.status_code) == (410, 404)
    for said in (words_of(page), checked, words_of(anonymous("published_list"))):
        for secret in (made.document.title, "Member A", "in danger", made.group.name):
            assert secret not in said
    assert Notice.objects.filter(kind="reports.hidden").count() == 6


def test_shown_again_it_is_told_again(made):
    publication = published(made)
    hide_publication(publication, reason="A person is in danger.", by=made.facilitator)

    show_publication(publication, by=made.facilitator)

    assert anonymous("published", code=publication.code).status_code == 200
    assert Notice.objects.filter(kind="reports.shown_again").count() == 6


def test_withdrawn_by_both_keys_it_leaves_a_trail_without_names(made):
    publication = published(made)

    both_keys(made, WITHDRAW, publication.final_text, {"reason": "A map was wrong."})

    page = anonymous("published", code=publication.code)
    said, checked = words_of(page), words_of(Client().get(at("verify"), {"code": publication.code}))
    assert page.status_code == 410
    assert "A map was wrong." in said and "A map was wrong." in checked
    assert "Member A" not in said and "Member A" not in checked
    assert anonymous("published_pdf", code=publication.code).status_code == 404


def test_one_key_withdraws_nothing(made):
    publication = published(made)
    facts = {"reason": "A map was wrong."}
    text = publication.final_text
    propose(WITHDRAW.name, text.public_id, sha256=WITHDRAW.sha256(text, facts), facts=facts, by=made.co_chair_a)

    assert anonymous("published", code=publication.code).status_code == 200


def test_an_unsigned_side_stays_missing_though_its_deputy_initialled(made):
    text = open_for_signature(made)
    decline(text, made.co_chair_a)
    sign(text, made.deputy_a)
    sign_all(text, but=(made.co_chair_a, made.deputy_a))

    with pytest.raises(MayNotBeMoved):
        authorise(made, text)


def second_document(made) -> Publication:
    """The group publishes another text: the world's document stands for it, under its new final text."""
    other = document_of(made.group, made.co_chair_a, "The second edition", kind=DocumentKind.STATEMENT)
    passage_of(other.sections.first(), made.member_a, "We say it better.")
    made.document = other
    return published(made)


def test_a_withdrawn_document_leads_to_what_replaces_it(made):
    first = published(made)
    second = second_document(made)

    both_keys(made, WITHDRAW, first.final_text, {"reason": "A map was wrong.", "successor": second.code})

    page = anonymous("published", code=first.code)
    assert page.status_code == 410
    assert f'href="{at("published", code=second.code)}"' in page.content.decode()
    assert Publication.objects.get(pk=first.pk).replaced_by == second


@pytest.mark.parametrize("named", ["itself", "unknown", "hidden"])
def test_only_an_open_document_of_the_same_group_replaces_another(made, named):
    first = published(made)
    codes = {"itself": first.code, "unknown": "nowhere"}
    if named == "hidden":
        second = second_document(made)
        hide_publication(second, reason="Danger.", by=made.facilitator)
        codes["hidden"] = second.code
    facts = {"reason": "A map was wrong.", "successor": codes[named]}

    with pytest.raises(MayNotBeMoved):
        propose(
            WITHDRAW.name,
            first.final_text.public_id,
            sha256=WITHDRAW.sha256(first.final_text, facts),
            facts=facts,
            by=made.co_chair_a,
        )


def test_the_form_offers_what_could_replace_it(made):
    first_document, first = made.document, published(made)
    second = second_document(made)

    page = browser(made.co_chair_a).get(at("publish", first_document))
    sent = browser(made.co_chair_a).post(
        at("withdraw", first_document), {"withdraw-reason": "A map was wrong.", "withdraw-successor": second.code}
    )

    assert f'<option value="{second.code}">The second edition</option>' in words_of(page)
    assert sent.status_code == 302
    assert Motion.objects.get(kind=WITHDRAW.name).facts == {"reason": "A map was wrong.", "successor": second.code}
    assert first.code not in [value for value, _words in page.context["withdraw_form"].fields["successor"].choices]
