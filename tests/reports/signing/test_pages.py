"""The pages of freezing, signing and publishing, as people open, fill in and send them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from groups.models import Motion
from parley.accounts.models import Proof
from reports.actions.agreement import FREEZE, RELEASE
from reports.models import Act, Document, DocumentState, Draft, Publication
from reports.views import signing as pages
from tests.factories import passage_of
from tests.factories.world import CANARY_A, CANARY_B

from .hands import (
    at,
    authorise,
    both_keys,
    browser,
    decline,
    freeze,
    open_for_signature,
    published,
    settle_all,
    sign,
    sign_all,
    signed_text,
    standing_text,
    state_of,
    with_proof,
    words_of,
)

pytestmark = pytest.mark.django_db


def signing_page(made):
    return at("sign", made.document)


def confirmed(text, person, **answer):
    return with_proof(person, sha256=text.sha256, confirm="yes", **answer)


def answers():
    return Act.objects.filter(kind__in=Act.ANSWERS)


# ---- signing ---------------------------------------------------------------------------------------------------


def test_a_member_reads_chooses_checks_proves_and_gets_a_receipt(made):
    text = open_for_signature(made)
    member = browser(made.member_a)

    read = words_of(member.get(signing_page(made)))
    check = words_of(member.post(signing_page(made), {"sha256": text.sha256, "choice": "sign"}))
    done = member.post(signing_page(made), confirmed(text, made.member_a, choice="sign"))
    receipt = words_of(member.get(done.url))

    assert "Both sides drink from one river." in read and "Go to your answer" in read
    assert "I sign this text" in check and "Prove that it is you" in check
    assert "Both sides drink from one river." in check
    assert done.url == at("receipt", made.document)
    assert "Proved by an authenticator code" in receipt and answers().get().public_id in receipt


def test_the_receipt_carries_the_reservation_and_its_hash(made):
    text = open_for_signature(made)
    member = browser(made.member_a)

    member.post(
        signing_page(made), confirmed(text, made.member_a, choice="reserve", reservation="I read it\notherwise.")
    )

    receipt = words_of(member.get(at("receipt", made.document)))
    assert "Your reservation R1" in receipt and "otherwise." in receipt
    assert "Your reservation (SHA-256)" in receipt


def test_declining_needs_no_proof_and_its_reason_is_shown_to_nobody_else(made):
    text = open_for_signature(made)
    member = browser(made.member_b)

    member.post(
        signing_page(made),
        {"sha256": text.sha256, "choice": "decline", "reason": "A private reason.", "confirm": "yes"},
    )
    sign_all(text, but=(made.member_b,))

    assert answers().get(kind="decline").reason == "A private reason."
    assert "A private reason." in words_of(member.get(at("receipt", made.document)))
    for person in (made.co_chair_a, made.co_chair_b, made.facilitator, made.member_c):
        others = browser(person)
        for page in ("sign", "publish", "receipt", "document"):
            assert "A private reason." not in words_of(others.get(at(page, made.document), follow=True))


def test_without_a_factor_nothing_is_signed(made, client):
    text = open_for_signature(made)
    client.force_login(made.member_a, "allauth.account.auth_backends.AuthenticationBackend")

    answer = client.post(
        signing_page(made),
        {"sha256": text.sha256, "choice": "sign", "confirm": "yes", "proof-code": "123456"},
    )

    assert "you have none yet" in words_of(answer)
    assert not answers().exists()


def test_a_wrong_code_signs_nothing_and_the_answer_is_kept(made):
    text = open_for_signature(made)
    fields = confirmed(text, made.member_a, choice="reserve", reservation="I read it otherwise.")
    member = browser(made.member_a)

    answer = member.post(signing_page(made), fields | {"proof-code": "000000"})

    assert "This code is not right" in words_of(answer)
    assert "I read it otherwise." in words_of(answer)
    assert not answers().exists()


def test_a_code_is_good_for_one_act(made):
    text = freeze(made)
    fields = with_proof(made.co_chair_a, sha256=text.sha256)
    chair = browser(made.co_chair_a)
    chair.post(at("initial", made.document), fields)
    open_other = text.signatories.get(person=made.co_chair_b)
    pages.signing.initial(
        text,
        sha256=text.sha256,
        proof=Proof.objects.create(
            user=open_other.person, purpose="initial", sha256=text.sha256, method="totp", evidence="b"
        ),
        by=open_other.person,
    )

    answer = chair.post(signing_page(made), fields | {"choice": "sign", "confirm": "yes"})

    assert state_of(made) == DocumentState.SIGNING
    assert "This code is not right, or it was used already." in words_of(answer)
    assert not answers().exists()


@pytest.mark.parametrize("sha256", ["", "0" * 64, "\0", "x" * 5000])
def test_a_hash_that_is_not_the_one_read_signs_nothing(made, sha256):
    text = open_for_signature(made)
    member = browser(made.member_a)

    answer = member.post(
        signing_page(made), confirmed(text, made.member_a, choice="sign") | {"sha256": sha256}, follow=True
    )

    assert "This is not the text that is frozen now" in words_of(answer)
    assert not answers().exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose what you want to do."),
        ({"choice": "obey"}, "Select a valid choice"),
        ({"choice": "reserve"}, "Write your reservation"),
        ({"choice": "reserve", "reservation": "​​"}, "Write your reservation"),
        ({"choice": "reserve", "reservation": "x" * 4001}, "at most 4000 characters"),
        ({"choice": "reserve", "reservation": "a\0b"}, "Null characters are not allowed."),
        ({"choice": "sign", "reservation": "But not this."}, "You wrote a reservation."),
        ({"choice": "decline"}, "Say why you decline."),
    ],
)
def test_a_form_that_says_nothing_clear_is_asked_again(made, fields, said):
    text = open_for_signature(made)

    answer = browser(made.member_a).post(signing_page(made), {"sha256": text.sha256, **fields})

    assert answer.status_code == 422
    assert said in words_of(answer)


def test_who_has_answered_is_led_to_the_receipt(made):
    text = open_for_signature(made)
    sign(text, made.member_a)

    answer = browser(made.member_a).post(signing_page(made), confirmed(text, made.member_a, choice="decline"))

    assert answer.url == at("receipt", made.document)
    assert answers().count() == 1


def test_somebody_before_you_is_named(made):
    text = open_for_signature(made, sign_in_order=True)
    second = text.signatories.all()[1].person

    page = words_of(browser(second).get(signing_page(made)))

    assert "Co Chair A is before you." in page
    assert "Check my answer" not in page


def test_a_member_is_not_shown_how_others_answered(made):
    text = open_for_signature(made)
    sign(text, made.member_b)
    decline(text, made.member_c)

    page = words_of(browser(made.member_a).get(signing_page(made)))

    assert page.count("Has answered") == 2
    assert ">Signed<" not in page and "No signature" not in page
    assert "2 of 6 have answered" in page


def test_after_closing_all_read_who_signed(made):
    text = open_for_signature(made)
    decline(text, made.member_c)
    sign_all(text, but=(made.member_c,))

    page = words_of(browser(made.member_a).get(signing_page(made)))

    assert page.count(">Signed<") == 5 and page.count("No signature") == 1
    assert "declined" not in page


def test_observers_and_strangers_see_neither_the_final_text_nor_who_acted(made):
    open_for_signature(made)

    for person in (made.observer, made.outsider, made.other_group_member, made.ex_member_a, made.installer):
        for page in ("sign", "receipt", "publish", "print_document", "preview_publication"):
            assert browser(person).get(at(page, made.document)).status_code in (403, 404)


def test_initials_by_the_page(made):
    text = freeze(made)
    chair = browser(made.co_chair_a)

    page = words_of(chair.get(at("initial", made.document)))
    done = chair.post(at("initial", made.document), with_proof(made.co_chair_a, sha256=text.sha256))

    assert "Both sides drink from one river." in page
    assert done.url == at("receipt", made.document)
    assert Act.objects.get().kind == "initial"


def test_a_reservation_is_added_by_the_page(made):
    text = open_for_signature(made)
    sign(text, made.member_a)
    member = browser(made.member_a)
    fields = with_proof(made.member_a, sha256=text.sha256)

    empty = member.post(at("reserve", made.document), fields | {"reservation": ""})
    done = member.post(at("reserve", made.document), fields | {"reservation": "I read it otherwise."})

    assert "Write your reservation." in words_of(empty)
    assert done.url == at("receipt", made.document)


@pytest.mark.parametrize("page", ["initial", "reserve"])
def test_where_there_is_nothing_to_do_the_page_says_so(made, page):
    open_for_signature(made)

    answer = browser(made.member_a).get(at(page, made.document), follow=True)

    assert "There is nothing for you to do with this text now." in words_of(answer)


def test_a_button_reminds_who_has_not_answered(made):
    open_for_signature(made)

    reminded = browser(made.facilitator).post(at("remind_signatories", made.document), follow=True)
    refused = browser(made.member_a).post(at("remind_signatories", made.document))

    assert "once a day at the most" in words_of(reminded)
    assert refused.status_code == 403


# ---- releasing, freezing, unfreezing ---------------------------------------------------------------------------


def test_a_release_is_proposed_with_its_window_and_says_what_changed(made):
    both_keys(made, RELEASE, made.document)
    passage_of(made.section, made.member_a, "A new sentence for draft two.")
    chair = browser(made.co_chair_a)
    page = chair.get(at("release", made.document))
    later = timezone.localtime() + timedelta(days=9)

    sent = chair.post(
        at("release", made.document),
        {"sha256": page.context["sha256"], "day": later.strftime("%Y-%m-%d"), "hour": "18:30"},
    )

    motion = Motion.objects.get(kind="document.release", state="open")
    told = words_of(browser(made.co_chair_b).get(sent.url))
    assert "What changed since draft 1" in words_of(page) and "A new sentence for draft two." in words_of(page)
    assert sent.url == at("motion", motion)
    assert "Comments until" in told and "18:30" in told
    assert "What changed since draft 1" in told and "A new sentence for draft two." in told


def test_no_page_of_a_release_or_freeze_holds_a_word_of_a_caucus(made):
    both_keys(made, RELEASE, made.document)
    settle_all(made)
    chair = browser(made.co_chair_b)

    said = [words_of(chair.get(at(page, made.document))) for page in ("release", "freeze", "print_document")]
    said.append(words_of(chair.get(at("draft", Draft.objects.get()))))

    for page in said:
        assert CANARY_A not in page and CANARY_B not in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"day": "2001-01-01", "hour": "10:00"}, "This moment has passed."),
        ({"day": "9999-12-31", "hour": "23:59"}, "Give a day of this century."),
        ({"day": "0001-01-01", "hour": "00:00"}, "Give a day of this century."),
        ({"day": "tomorrow", "hour": "10:00"}, "Give the day as year"),
        ({"day": "2090-01-01"}, "Give the hour."),
        ({"hour": "10:00"}, "Give the day."),
        ({"day": "2090-01-01", "hour": "25:00"}, "Give the hour as 24 hours"),
        ({"day": "\0", "hour": "\0"}, "Give the day as year"),
    ],
)
def test_a_window_that_is_none_is_refused_at_its_field(made, fields, said):
    page = browser(made.co_chair_a).post(at("release", made.document), {"sha256": "0" * 64, **fields})

    assert said in words_of(page)
    assert not Motion.objects.filter(kind="document.release").exists()


def test_a_text_that_changed_while_it_was_read_is_not_proposed(made):
    settle_all(made)

    for page in ("release", "freeze"):
        answer = browser(made.co_chair_a).post(at(page, made.document), {"sha256": "0" * 64}, follow=True)
        assert "The text changed while you were reading." in words_of(answer)
    assert not Motion.objects.filter(kind__in=[RELEASE.name, FREEZE.name]).exists()


def test_the_motion_to_freeze_shows_the_very_words(made):
    Document.objects.filter(pk=made.document.pk).update(sign_in_order=True)
    settle_all(made)
    chair = browser(made.co_chair_a)
    page = chair.get(at("freeze", made.document))

    sent = chair.post(at("freeze", made.document), {"sha256": page.context["sha256"]})

    told = words_of(browser(made.co_chair_b).get(sent.url))
    assert "One after the other" in told
    assert "Read exactly the text that is proposed" in told and "Both sides drink from one river." in told


def test_what_keeps_a_freeze_back_is_said(made):
    page = words_of(browser(made.co_chair_a).get(at("freeze", made.document)))

    assert "2 passages are not settled yet." in page
    assert "Propose to freeze exactly this text" not in page


def test_undoing_the_freeze_is_proposed_with_a_reason(made):
    text = freeze(made)
    chair = browser(made.co_chair_a)

    silent = chair.post(at("unfreeze", made.document), {"sha256": text.sha256, "reason": " "})
    sent = chair.post(at("unfreeze", made.document), {"sha256": text.sha256, "reason": "A word is missing."})

    assert "Say why" in words_of(silent)
    assert "A word is missing." in words_of(browser(made.co_chair_b).get(sent.url))


def test_observers_read_released_drafts_and_their_differences_only(made):
    both_keys(made, RELEASE, made.document)
    passage_of(made.section, made.member_a, "A new sentence for draft two.")
    both_keys(made, RELEASE, Document.objects.get(pk=made.document.pk))
    second, first = Draft.objects.all()
    observer = browser(made.observer)

    listed = words_of(observer.get(at("drafts", made.document)))
    changed = words_of(observer.get(at("draft", second), {"since": "1"}))

    assert "Draft 1" in listed and "Draft 2" in listed
    assert "A new sentence for draft two." in changed and "Both sides drink" not in changed
    assert "A new sentence" not in words_of(observer.get(at("draft", first)))
    assert observer.get(at("draft", second), {"since": "nine"}).status_code == 200


# ---- publishing ------------------------------------------------------------------------------------------------


def test_publication_is_authorised_by_the_page_and_its_hour_is_told_in_words(made):
    text = signed_text(made)
    chair = browser(made.co_chair_a)

    sent = chair.post(
        at("authorise", made.document),
        {"sha256": text.sha256, "authorise-day": "2090-05-06", "authorise-hour": "07:08"},
    )

    told = words_of(browser(made.co_chair_b).get(sent.url))
    assert "Not published before" in told and "6 May 2090, 07:08" in told


def test_the_title_is_typed_to_publish(made):
    text = signed_text(made)
    authorise(made, text)
    facilitator = browser(made.facilitator)

    wrong = facilitator.post(at("publish_document", made.document), {"publish-title": "Another"})
    right = facilitator.post(
        at("publish_document", made.document), {"publish-title": f"  {made.document.title.upper()} "}, follow=True
    )

    assert wrong.status_code == 422 and "This is not the title of the document." in words_of(wrong)
    assert "The document is published." in words_of(right)
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("fields", [{"authorise-day": ""}, {"authorise-day": "9999-12-31", "authorise-hour": "23:00"}])
def test_an_hour_that_is_none_authorises_nothing(made, fields):
    text = signed_text(made)

    answer = browser(made.co_chair_a).post(at("authorise", made.document), {"sha256": text.sha256, **fields})

    assert answer.status_code == 422
    assert not Motion.objects.filter(kind="text.publish").exists()


def test_what_is_sent_after_publication_gets_an_answer(made):
    published(made)
    chair, facilitator = browser(made.co_chair_a), browser(made.facilitator)

    again = facilitator.post(at("publish_document", made.document), {"publish-title": made.document.title}, follow=True)

    assert "The document is published already." in words_of(again)
    assert chair.post(at("authorise", made.document), {"sha256": "x"}).status_code == 403
    assert chair.post(at("unfreeze", made.document), {"sha256": "x"}).status_code == 403


def test_the_preview_is_the_public_page_before_anybody_sees_it(made):
    signed_text(made)

    page = words_of(browser(made.facilitator).get(at("preview_publication", made.document)))

    assert "Nobody outside the group sees it yet." in page
    assert "Both sides drink from one river." in page


def test_hiding_asks_for_a_reason_and_withdrawing_for_one_too(made):
    publication = published(made)

    hidden = browser(made.facilitator).post(at("hide_publication", publication), {"hide-reason": ""})
    withdrawn = browser(made.co_chair_a).post(at("withdraw", made.document), {"withdraw-reason": ""})

    assert "Say why: all members see the reason." in words_of(hidden)
    assert "Say why: the public page shows the reason." in words_of(withdrawn)
    publication.refresh_from_db()
    assert publication.hidden_at is None


def test_withdrawing_is_proposed_with_the_reason_that_the_world_will_read(made):
    published(made)

    sent = browser(made.co_chair_a).post(at("withdraw", made.document), {"withdraw-reason": "A map was wrong."})

    assert "A map was wrong." in words_of(browser(made.co_chair_b).get(sent.url))


def test_only_a_facilitator_of_the_programme_hides(made):
    publication = published(made)

    for person, status in ((made.co_chair_a, 403), (made.other_facilitator, 404), (made.observer, 404)):
        answer = browser(person).post(at("hide_publication", publication), {"hide-reason": "x"})
        assert answer.status_code == status


def test_the_frozen_text_keeps_the_words_when_people_change_their_names(made):
    freeze(made)
    type(made.member_a).objects.filter(pk=made.member_a.pk).update(name="Somebody Else")

    page = words_of(browser(made.member_b).get(signing_page(made)))

    assert "Member A" in page and "Somebody Else" not in page
    assert standing_text(made).signatories.filter(name="Member A").exists()


@pytest.mark.parametrize("address", ["/documents/%00/sign/", "/drafts/a%00b/", "/renditions/%00/", "/motions/%00/"])
def test_an_address_with_an_impossible_character_is_not_found(made, address):
    """PostgreSQL refuses a NUL even in a question."""
    assert browser(made.member_a).get(address).status_code == 404
