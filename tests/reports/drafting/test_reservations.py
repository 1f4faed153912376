"""Reservations before the freeze: tabled at once, stopping nothing, footnotes of the text, withdrawn with a trail."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from groups.actions import end_membership, propose
from groups.actions.keys import NotAKeyHolder
from groups.models import Motion
from groups.motions import MayNotBeMoved
from parley.audit import entries
from parley.notifications.models import Notice
from reports import final_text
from reports.actions.agreement import FREEZE, RELEASE, release, text_hash
from reports.actions.imports import import_document
from reports.actions.passages import NotYourVoice, save_passage
from reports.actions.reservations import (
    HasLeftTheText,
    OwnWords,
    ReservationHasChanged,
    ReservationIsWithdrawn,
    enter_reservation,
    reword_reservation,
    withdraw_reservation,
)
from reports.exchange import ExchangeRefused, parse, to_bytes
from reports.exchanging import contents_of
from reports.locks import NotDrafted
from reports.models import Document, Passage, PassageState, TextReservation
from reports.publishing.composition import compose
from reports.redline import changes
from reports.renditions import render_input_now
from tests.factories import text

from .conftest import browser_of
from .hands import KEY, at, settle, words_of

pytestmark = pytest.mark.django_db


def fresh(made) -> Document:
    return Document.objects.select_related("group__programme").get(pk=made.document.pk)


def dated(made) -> Document:
    """A file needs the date of its document."""
    Document.objects.filter(pk=made.document.pk).update(date="2030-11")
    return fresh(made)


def reserve(made, role="co_chair_b", words="We count two rivers.", *, on="joint", for_side=True) -> TextReservation:
    passage = Passage.objects.get(pk=getattr(made, on).pk) if on else None
    by = made.people[role]
    return enter_reservation(document=made.document, passage=passage, words=words, for_side=for_side, by=by)


def item_of(made, passage=None):
    items = [item for section in final_text.build(fresh(made))["sections"] for item in section["items"]]
    return next(item for item in items if item["id"] == (passage or made.joint).public_id)


# ---- what it is -----------------------------------------------------------------------------------------------------


def test_a_reservation_stops_no_agreement_and_opens_none_again(made):
    settle(made, made.joint)

    reserve(made)

    made.joint.refresh_from_db()
    assert made.joint.state == PassageState.AGREED


def test_keys_on_a_passage_stand_and_what_is_proposed_over_the_whole_text_lapses(made):
    on_passage = propose("passage.settle", made.joint.public_id, sha256=made.joint.tabled.sha256, by=made.co_chair_a)
    on_text = propose(RELEASE.name, made.document.public_id, sha256=text_hash(fresh(made), {}), by=made.co_chair_a)

    reserve(made)

    states = {motion.pk: motion.state for motion in Motion.objects.filter(pk__in=[on_passage.pk, on_text.pk])}
    assert states == {on_passage.pk: Motion.State.OPEN, on_text.pk: Motion.State.LAPSED}


def test_the_canonical_text_has_it_with_its_passage_and_a_text_without_one_is_as_it_always_was(made):
    before = final_text.canonical(final_text.build(fresh(made)))
    reservation = reserve(made)
    reserved = item_of(made)["reservations"]

    withdraw_reservation(reservation, by=made.co_chair_b)

    assert reserved == [
        {
            "id": reservation.public_id,
            "side": made.b.code.lower(),
            "name": "",
            "attribution": "Reservation of Southland:",
            "text": "We count two rivers.",
        }
    ]
    assert b'"reservations":[' not in before
    assert final_text.canonical(final_text.build(fresh(made))) == before


def test_a_persons_own_carries_their_name_and_one_to_the_whole_text_stands_apart(made):
    reserve(made, "member_a", "I would not have said so.", for_side=False, on=None)

    model = final_text.build(fresh(made))

    assert [(one["attribution"], one["text"]) for one in model["reservations"]] == [
        ("Reservation of Member A (Northland):", "I would not have said so.")
    ]
    assert model["labels"]["reservations_to_the_whole"] == "Reservations to the whole text"


def test_print_sets_it_as_a_footnote_of_its_passage_and_those_to_the_whole_behind_the_text(made):
    reserve(made)
    reserve(made, "member_a", "All of it is too short.", for_side=False, on=None)

    html = compose(render_input_now(fresh(made))).html

    assert '<span class="footnote">Reservation of Southland: We count two rivers.</span>' in html
    assert "All of it is too short." in html[html.index('id="to-the-whole"') :]


def test_footnotes_are_numbered_through_with_reservations_among_them(made):
    reserve(made)
    reserve(made, "member_b", "Nor I.", for_side=False)

    made.joint.refresh_from_db()
    made.section.refresh_from_db()

    assert (made.joint.footnotes, made.section.footnotes) == (2, 2)
    save_passage(made.joint, text=text("One river^[The Orla.]."), version=made.joint.version, by=made.member_a)
    assert Passage.objects.get(pk=made.joint.pk).footnotes == 3


# ---- who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "for_side", "refusal"),
    [
        ("member_b", True, NotAKeyHolder),
        ("facilitator", False, NotYourVoice),
        ("observer", False, NotYourVoice),
        ("ex_member_a", False, NotYourVoice),
        ("other_group_member", True, NotYourVoice),
    ],
)
def test_a_side_speaks_by_its_key_holder_and_nobody_without_a_side_speaks(made, role, for_side, refusal):
    with pytest.raises(refusal):
        reserve(made, role, for_side=for_side)

    assert not TextReservation.objects.exists()


def test_what_is_not_tabled_or_left_the_text_takes_no_reservation(made):
    Passage.objects.filter(pk=made.joint.pk).update(dropped_at=timezone.now())

    for on in ("joint", "caucus_b"):
        with pytest.raises(HasLeftTheText):
            reserve(made, on=on)


def test_a_side_reserves_nothing_against_its_own_words_though_a_person_of_it_may(made):
    with pytest.raises(OwnWords):
        reserve(made, "co_chair_a", on="view_a")

    assert reserve(made, "member_a", on="view_a", for_side=False).name == "Member A"


@pytest.mark.parametrize("role", ["co_chair_a", "member_b", "facilitator"])
def test_only_the_key_holder_of_a_side_withdraws_what_the_side_entered(made, role):
    reservation = reserve(made)

    with pytest.raises(NotYourVoice):
        withdraw_reservation(reservation, by=made.people[role])


def test_a_deputy_withdraws_what_the_co_chair_entered_for_the_side(made):
    reservation = reserve(made, "co_chair_a")

    withdraw_reservation(reservation, by=made.deputy_a)

    reservation.refresh_from_db()
    assert reservation.withdrawn_by == made.deputy_a


def test_a_persons_own_stays_when_they_leave_and_nobody_withdraws_it_for_them(made):
    reservation = reserve(made, "member_b", for_side=False)

    end_membership(made.membership("member_b"), by=made.co_chair_b)

    for person in (made.member_b, made.co_chair_b):
        with pytest.raises(NotYourVoice):
            withdraw_reservation(reservation, by=person)
    assert item_of(made)["reservations"][0]["name"] == "Member B"


# ---- its trail ------------------------------------------------------------------------------------------------------


def test_withdrawn_it_leaves_the_text_and_its_trail_and_the_draft_that_printed_it_stay(made):
    reservation = reserve(made)
    draft = release(fresh(made), motion=Motion(facts={}), by=made.co_chair_a)

    withdraw_reservation(reservation, by=made.co_chair_b)

    assert "reservations" not in item_of(made)
    assert "We count two rivers." in draft.canonical
    page = words_of(browser_of(made.member_a).get(at("reservation", reservation=reservation)))
    assert "Withdrawn by" in page and "We count two rivers." in page
    kinds = [entry.kind for entry in entries(made.group.chain)]
    assert kinds[-1] == "reservation.withdrawn" and "reservation.entered" in kinds
    with pytest.raises(ReservationIsWithdrawn):
        withdraw_reservation(reservation, by=made.co_chair_b)


def test_other_words_are_new_ones_and_the_old_are_kept(made):
    reservation = reserve(made)

    reword_reservation(reservation, words="We count three.", number=1, by=made.co_chair_b)

    assert [wording.words for wording in reservation.wordings.all()] == ["We count three.", "We count two rivers."]
    assert item_of(made)["reservations"][0]["text"] == "We count three."
    with pytest.raises(ReservationHasChanged):
        reword_reservation(reservation, words="Four.", number=1, by=made.co_chair_b)


def test_a_frozen_text_takes_no_reservation_and_gives_none_back(made):
    reservation = reserve(made)
    Document.objects.filter(pk=made.document.pk).update(state="frozen")

    with pytest.raises(NotDrafted):
        reserve(made)
    with pytest.raises(NotDrafted):
        withdraw_reservation(reservation, by=made.co_chair_b)


def test_all_members_are_told_but_who_did_it(made):
    reserve(made)

    told = set(Notice.objects.filter(kind="reports.reservation_entered").values_list("reader__name", flat=True))

    assert made.member_a.name in told and made.member_b.name in told and made.co_chair_b.name not in told


def test_a_redline_shows_what_was_reserved_since(made):
    before = final_text.build(fresh(made))
    reserve(made)
    reserve(made, "member_a", "Too short.", for_side=False, on=None)

    found = changes(before, final_text.build(fresh(made)))

    assert [change.kind for change in found] == ["around", "changed"]
    assert "Too short." in found[0].words


def test_the_database_refuses_a_withdrawal_by_nobody_and_words_that_say_nothing(made):
    reservation = reserve(made)

    for break_it in (
        lambda: TextReservation.objects.filter(pk=reservation.pk).update(withdrawn_at="2030-01-01T00:00:00Z"),
        lambda: reservation.wordings.update(words=""),
        lambda: TextReservation.objects.filter(pk=reservation.pk).update(person=made.member_b, named="Somebody"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            break_it()


# ---- in and out of files --------------------------------------------------------------------------------------------


def test_a_file_carries_them_out_and_in_again_in_the_same_names(made):
    reserve(made)
    reserve(made, "member_a", "Too short.", for_side=False, on=None)
    contents = contents_of(dated(made))

    again = import_document(parse(to_bytes(contents)), group=made.group, by=made.facilitator)

    assert parse(to_bytes(contents)) == contents
    assert contents_of(again).reservations == contents.reservations
    found = TextReservation.objects.filter(document=again)
    assert {(one.person, one.from_file) for one in found} == {(None, True), (made.member_a, True)}
    assert again.sections.get(title=made.section.title).footnotes == 1


def test_what_a_file_brought_is_confirmed_or_withdrawn_by_those_for_whom_it_speaks_before_a_freeze(made):
    contents = json.loads(to_bytes(contents_of(dated(made))))
    contents["reservations"] = [{"side": "Southland", "person": "Nobody Here", "text": "No."}]
    again = import_document(parse(json.dumps(contents)), group=made.group, by=made.facilitator)
    reservation = TextReservation.objects.get(document=again)

    Passage.objects.filter(section__document=again).update(state=PassageState.AGREED)
    with pytest.raises(MayNotBeMoved, match=r"not confirmed.*Nobody Here \(Southland\)"):
        FREEZE.check(Document.objects.get(pk=again.pk), {})
    reword_reservation(reservation, words="No.", number=1, by=made.co_chair_b)

    reservation.refresh_from_db()
    assert (reservation.from_file, reservation.name) == (False, "Nobody Here")


@pytest.mark.parametrize(
    ("reservation", "at_fault"),
    [
        ({"side": "Nowhere", "text": "No."}, "reservations[0].side"),
        ({"side": "Southland"}, "reservations[0].text"),
        ({"side": "Southland", "text": "x" * 2001}, "reservations[0].text"),
        ({"side": "Southland", "text": "No.", "why": "So."}, "reservations[0].why"),
    ],
)
def test_a_file_whose_reservation_does_not_fit_is_refused_by_its_path(made, reservation, at_fault):
    contents = json.loads(to_bytes(contents_of(dated(made)))) | {"reservations": [reservation]}

    with pytest.raises(ExchangeRefused) as refused:
        parse(json.dumps(contents))

    assert at_fault in [problem.path for problem in refused.value.problems]


# ---- on the pages ---------------------------------------------------------------------------------------------------


def test_a_member_enters_one_by_the_page_and_twice_sent_it_is_one(made):
    browser, address = browser_of(made.member_b), at("reserve_on_passage", passage=made.joint)
    sent = {"words": "I count\ntwo.", "idempotency_key": KEY}

    blank = words_of(browser.post(address, {"words": " "}))
    first = browser.post(address, sent)
    second = browser.post(address, sent)

    assert "Write your reservation." in blank
    assert first.url == second.url
    assert [one.words for one in TextReservation.objects.all()] == ["I count two."]


def test_the_section_and_the_whole_text_show_what_is_reserved(made):
    reservation = reserve(made)
    whole = reserve(made, "member_a", "Too short.", for_side=False, on=None)
    browser = browser_of(made.member_a)

    section = words_of(browser.get(at("section", section=made.section)))
    text_page = words_of(browser.get(at("whole_text", document=made.document)))

    assert "Reservation of Southland: We count two rivers." in section
    assert at("reservation", reservation=reservation) in section
    assert at("reservation", reservation=whole) in text_page and "Too short." in text_page


def test_changed_meanwhile_keeps_what_was_typed_on_the_page(made):
    reservation = reserve(made)
    reword_reservation(reservation, words="Three.", number=1, by=made.co_chair_b)

    answer = browser_of(made.co_chair_b).post(
        at("reword_reservation", reservation=reservation), {"words": "Four of them.", "number": 1}
    )

    assert answer.status_code == 409
    assert "Four of them." in words_of(answer)


def test_a_list_asks_as_much_for_three_as_for_one(made, django_assert_num_queries):
    browser = browser_of(made.member_a)
    address = at("reservations", document=made.document)
    reserve(made)
    browser.get(address)
    with django_assert_num_queries(6):
        browser.get(address)

    reserve(made, "member_b", "Nor I.", for_side=False)
    reserve(made, "member_a", "Too short.", for_side=False, on=None)

    with django_assert_num_queries(6):
        assert "Nor I." in words_of(browser.get(address))


def test_the_ledger_tells_who_entered_and_withdrew_them(made):
    withdraw_reservation(reserve(made), by=made.co_chair_b)

    page = words_of(browser_of(made.member_a).get(at("ledger", document=made.document)))

    assert "Reservation of Southland" in " ".join(page.split()) and "(Co Chair B)" in page
