"""Levels of support: each side's own word on a recommendation, printed only when all keys decide so."""

import pytest
from django.db import IntegrityError, transaction

from groups.actions import propose, turn_key
from groups.actions.keys import NotAKeyHolder, TextHasChanged
from groups.models import Motion
from groups.motions import MayNotBeMoved
from parley.notifications.models import Notice
from parley.programmes.models import Side
from reports import final_text
from reports.actions.agreement import FREEZE, RELEASE, facts_digest, text_hash
from reports.actions.passages import save_passage
from reports.actions.reservations import HasLeftTheText, SupportRests, enter_reservation, withdraw_reservation
from reports.actions.supports import PRINT_SUPPORT, HasReservation, NeedsReservation, state_support
from reports.final_reading import reading_of
from reports.models import Document, Passage, PassageState, Support, Voice
from reports.publishing.composition import compose
from reports.renditions import render_input_now
from reports.supporting import Supported, phrase_of
from tests.factories import passage_of, text

from .conftest import browser_of
from .hands import at, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def recommended(made) -> Passage:
    return passage_of(
        made.section, made.member_a, "# Border commission\n\nWe recommend one.", voice=Voice.RECOMMENDATION
    )


def fresh(made) -> Document:
    return Document.objects.select_related("group__programme").get(pk=made.document.pk)


def state(passage, level, by, words=""):
    passage.refresh_from_db()
    return state_support(passage, level=level, sha256=passage.tabled.sha256, words=words, by=by)


def decide_to_print(made, prints=True) -> Motion:
    facts = {"prints_support": prints}
    sha256 = facts_digest(made.document.public_id, facts)
    motion = propose(PRINT_SUPPORT.name, made.document.public_id, sha256=sha256, facts=facts, by=made.co_chair_a)
    return turn_key(motion, sha256=sha256, by=made.co_chair_b)


def item_of(made, passage):
    items = [item for section in final_text.build(fresh(made))["sections"] for item in section["items"]]
    return next(item for item in items if item["id"] == passage.public_id)


def test_what_sides_say_is_in_no_print_and_no_hash_until_all_keys_decide_so(made, recommended):
    before = final_text.canonical(final_text.build(fresh(made)))

    state(recommended, "full", made.co_chair_a)
    state(recommended, "none", made.co_chair_b)
    unprinted = final_text.canonical(final_text.build(fresh(made)))
    decide_to_print(made)

    assert unprinted == before
    assert item_of(made, recommended)["support"] == {
        "label": "Support",
        "text": "Supported by Northland only",
        "sides": [{"side": made.a.code.lower(), "level": "full"}, {"side": made.b.code.lower(), "level": "none"}],
    }


def test_print_and_the_pages_of_the_text_say_it_under_the_heading(made, recommended):
    state(recommended, "full", made.co_chair_a)
    state(recommended, "full", made.co_chair_b)
    decide_to_print(made)

    html = compose(render_input_now(fresh(made))).html
    reading = reading_of(final_text.build(fresh(made)))

    assert "Supported by both sides" in html
    said = [block.item.support for part in reading.parts for block in part.blocks if block.item and block.item.support]
    assert [one["text"] for one in said] == ["Supported by both sides"]


@pytest.mark.parametrize(
    ("levels", "phrase"),
    [
        (["full", "full"], "Supported by both sides"),
        (["full", "reserved"], "Supported by both sides, with reservations of B"),
        (["reserved", "reserved"], "Supported by both sides, with reservations"),
        (["full", "none"], "Supported by A only"),
        (["none", "reserved"], "Supported by B only, with reservations"),
        (["none", "none"], "Supported by no side"),
        (["", ""], "Not said by any side yet"),
        (["none", ""], "Supported by no side; not said yet by B"),
        (["full", ""], "Supported by A; not said yet by B"),
        (["full", "full", "full"], "Supported by all sides"),
        (["full", "reserved", "none"], "Supported by A and B, with reservations of B"),
    ],
)
def test_one_phrase_says_who_supports_it(levels, phrase):
    supported = [
        Supported(Side(name=name), Support(level=level) if level else None)
        for name, level in zip("ABC", levels, strict=False)
    ]

    assert phrase_of(supported) == phrase


@pytest.mark.parametrize("role", ["member_a", "facilitator", "observer", "other_group_member"])
def test_a_side_says_it_by_its_key_holder(made, recommended, role):
    with pytest.raises(NotAKeyHolder):
        state(recommended, "full", made.people[role])


def test_support_is_of_the_words_that_were_read_and_asked_anew_of_others(made, recommended):
    state(recommended, "full", made.co_chair_a)
    old = Passage.objects.get(pk=recommended.pk).tabled.sha256

    save_passage(recommended, text=text("# Border commission\n\nWe demand one."), version=1, by=made.member_b)

    with pytest.raises(TextHasChanged):
        state_support(recommended, level="full", sha256=old, by=made.co_chair_a)
    decide_to_print(made)
    assert item_of(made, recommended)["support"]["sides"][0]["level"] == ""


def test_only_a_numbered_recommendation_is_supported(made):
    with pytest.raises(HasLeftTheText):
        state(made.joint, "full", made.co_chair_a)


def test_with_reservations_says_which(made, recommended):
    with pytest.raises(NeedsReservation):
        state(recommended, "reserved", made.co_chair_a)

    state(recommended, "reserved", made.co_chair_a, words="Not on our land.")

    reservation = recommended.reservations.get()
    assert (reservation.side, reservation.words) == (made.a, "Not on our land.")
    with pytest.raises(HasReservation):
        state(recommended, "full", made.co_chair_a)
    with pytest.raises(SupportRests):
        withdraw_reservation(reservation, by=made.co_chair_a)


def test_a_side_that_enters_a_reservation_supports_with_it_from_then_on(made, recommended):
    state(recommended, "full", made.co_chair_a)
    recommended.refresh_from_db()

    enter_reservation(
        document=made.document, passage=recommended, words="Not on our land.", for_side=True, by=made.deputy_a
    )

    assert [(one.level, one.stated_by) for one in recommended.supports.current()] == [("reserved", made.deputy_a)]
    assert recommended.supports.count() == 2


def test_a_freeze_waits_for_every_sides_word_where_print_says_it(made, recommended):
    state(recommended, "full", made.co_chair_a)
    decide_to_print(made)
    Passage.objects.tabled_ones().filter(section__document=made.document).update(state=PassageState.AGREED)

    with pytest.raises(MayNotBeMoved, match="Not said for all of them yet by: Southland"):
        FREEZE.check(fresh(made), {})


def test_what_is_proposed_over_the_text_lapses_with_a_word_that_is_printed_and_no_other(made, recommended):
    def proposed():
        return propose(RELEASE.name, made.document.public_id, sha256=text_hash(fresh(made), {}), by=made.co_chair_a)

    unprinted = proposed()
    state(recommended, "full", made.co_chair_a)
    unprinted.refresh_from_db()
    still_open = unprinted.state
    decide_to_print(made)
    printed = proposed()
    state(recommended, "none", made.co_chair_a)
    printed.refresh_from_db()

    assert (still_open, printed.state) == (Motion.State.OPEN, Motion.State.LAPSED)


def test_taken_back_it_is_unsaid_and_kept(made, recommended):
    state(recommended, "full", made.co_chair_a)

    assert state(recommended, "", made.co_chair_a) is None

    assert not recommended.supports.current().exists() and recommended.supports.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        twice = {"passage": recommended, "side": made.a, "level": "full", "stated_by": made.co_chair_a}
        Support.objects.bulk_create([Support(**twice), Support(**twice)])


def test_the_pages_say_it_side_by_side_and_take_a_key_holders_word(made, recommended):
    browser, address = browser_of(made.co_chair_b), at("state_support", passage=recommended)
    sha256 = Passage.objects.get(pk=recommended.pk).tabled.sha256

    wrong = words_of(browser.post(address, {"level": "reserved", "words": "", "sha256": sha256}))
    done = browser.post(address, {"level": "reserved", "words": "Not on our land.", "sha256": sha256})
    listed = words_of(browser_of(made.member_a).get(at("supports", document=made.document)))
    section = words_of(browser_of(made.member_a).get(at("section", section=made.section)))

    assert "Write your side’s reservation" in wrong
    assert done.url == at("supports", document=made.document)
    assert "Supports it with reservations" in listed and "Has not said" in listed
    assert "Supported by Southland, with reservations; not said yet by Northland" in section
    assert Notice.objects.filter(kind="reports.support_stated", reader=made.member_a).exists()


def test_a_key_holder_is_asked_when_print_says_it(made, recommended):
    decide_to_print(made)
    Passage.objects.filter(pk__in=[made.view_a.pk, made.caucus_a.pk, made.caucus_b.pk]).update(
        caucus_copy=None, dropped_at="2030-01-01T00:00:00Z"
    )

    page = words_of(browser_of(made.co_chair_a).get(at("document", document=made.document)))

    assert "your side has not said it of all" in page


def test_the_list_asks_as_much_for_three_as_for_one(made, recommended, django_assert_num_queries):
    browser, address = browser_of(made.member_a), at("supports", document=made.document)
    state(recommended, "full", made.co_chair_a)
    browser.get(address)
    with django_assert_num_queries(10):
        browser.get(address)

    for n in range(2):
        more = passage_of(made.section, made.member_a, f"# Number {n}\n\nMore.", voice=Voice.RECOMMENDATION)
        state(more, "full", made.co_chair_b)

    with django_assert_num_queries(10):
        browser.get(address)
