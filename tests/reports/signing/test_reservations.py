"""Reservations made at signing: to a place of the text, called there in print, withdrawn by a record of its own."""

import pytest

from groups.actions import end_membership
from parley.audit import entries
from parley.notifications.models import Notice
from reports.actions import signing
from reports.models import Reservation
from reports.publishing.composition import compose
from reports.renditions import render_input_of

from .hands import at, browser, open_for_signature, proof, published, sign, sign_all, with_proof, words_of

pytestmark = pytest.mark.django_db


def sign_reserving(text, person, place, words="Not of the whole river."):
    shown = proof(person, "sign", text)
    signing.sign(text, sha256=text.sha256, proof=shown, reservation=words, place=place, by=person)
    return Reservation.objects.get(signatory__person=person, final_text=text)


def take_back(text, person):
    return signing.withdraw_reservation(text, sha256=text.sha256, proof=proof(person, "unreserve", text), by=person)


def closed(text, but):
    sign_all(text, but=(but,))
    return text


def annex_of(text):
    html = compose(render_input_of(text)).html
    return html, html[html.index('id="reservations"') :]


def test_it_names_a_passage_in_its_record_and_one_to_the_whole_text_reads_as_it_always_did(made):
    text = open_for_signature(made)
    placed = sign_reserving(text, made.member_a, made.joint.public_id)

    sign(text, made.member_b, "Too short.")

    assert placed.record["passage"] == made.joint.public_id
    whole = Reservation.objects.get(signatory__person=made.member_b)
    assert whole.record.keys() == {"form", "reserves", "signatory", "name", "text"}


def test_a_place_that_the_text_has_not_is_refused_and_nothing_is_signed(made):
    text = open_for_signature(made)

    with pytest.raises(signing.UnknownPlace):
        sign_reserving(text, made.member_a, "nowhere")

    assert not Reservation.objects.exists()


def test_print_calls_it_at_its_passage_and_the_annex_names_that(made):
    text = open_for_signature(made)
    sign_reserving(text, made.member_a, made.joint.public_id)

    html, annex = annex_of(closed(text, made.member_a))

    assert '<span class="call"><a href="#reservation-R1">R1</a></span>' in html
    assert "Paragraph 1" in annex.split("Not of the whole river.")[0]


def test_withdrawn_it_stays_with_a_record_that_says_when(made):
    text = open_for_signature(made)
    sign_reserving(text, made.member_a, made.joint.public_id)
    closed(text, made.member_a)
    before, _annex = annex_of(text)

    withdrawal = take_back(text, made.member_a)

    _html, annex = annex_of(text)
    assert "Not of the whole river." in annex and "Withdrawn on" in annex and withdrawal.sha256 in annex
    assert "Withdrawn on" not in before
    assert list(entries(made.group.chain))[-1].kind == "document.reservation_withdrawn"
    assert Notice.objects.filter(kind="reports.signed_reservation_withdrawn", reader=made.member_b).exists()


def test_it_is_withdrawn_once_by_who_made_it_and_while_they_are_in_the_group(made):
    text = open_for_signature(made)
    sign_reserving(text, made.member_a, "")

    with pytest.raises(signing.NotOpenForThis):
        take_back(text, made.member_b)
    take_back(text, made.member_a)
    with pytest.raises(signing.AlreadyDone):
        take_back(text, made.member_a)

    end_membership(made.membership("member_a"), by=made.co_chair_a)
    with pytest.raises(signing.NotASignatory):
        take_back(text, made.member_a)


def test_the_page_of_the_final_text_says_what_it_is_made_to_and_that_it_is_withdrawn(made):
    text = open_for_signature(made)
    sign_reserving(text, made.member_a, made.joint.public_id)
    closed(text, made.member_a)

    take_back(text, made.member_a)

    page = words_of(browser(made.member_b).get(at("sign", made.document)))
    assert "Withdrawn," in page and "Paragraph 1" in page


def test_the_pages_ask_what_it_is_made_to_and_take_it_back_with_a_proof(made):
    text = open_for_signature(made)
    member = browser(made.member_a)
    chosen = {"sha256": text.sha256, "choice": "reserve", "reservation": "No.", "place": made.joint.public_id}

    check = words_of(member.post(at("sign", made.document), chosen))
    strange = words_of(member.post(at("sign", made.document), chosen | {"place": "nowhere"}))
    member.post(at("sign", made.document), with_proof(made.member_a, **chosen, confirm="yes"))
    receipt = words_of(member.get(at("receipt", made.document)))

    assert f'name="place" value="{made.joint.public_id}"' in check and "Paragraph 1:" in check
    assert "This text has no such passage." in strange
    assert "Withdraw your reservation" in receipt and "Paragraph 1" in receipt
    assert "Your signature stays" in words_of(member.get(at("unreserve", made.document)))
    assert Reservation.objects.get().place == made.joint.public_id


def test_a_publication_without_reservations_offers_nothing_to_withdraw(made):
    published(made)

    answer = browser(made.member_a).get(at("unreserve", made.document))

    assert answer.url == at("receipt", made.document)
