"""The register: recommendations as they were signed, what became of them, and whose word that is."""

import datetime as dt
import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from groups.actions import close_register, propose_style, turn_key, withdraw_motion
from groups.actions.keys import AlreadyProposed, NotAKeyHolder
from groups.models import GroupKind, Motion
from parley.audit.models import Entry
from parley.notifications.models import Notice
from reports.actions.passages import add_passage
from reports.actions.publishing import WITHDRAW, hide_publication, publish
from reports.actions.register import (
    AlreadyCorrected,
    NotAFacilitator,
    NotWaiting,
    add_follow_up,
    ask_for_keys,
    correct_follow_up,
    enter,
    give_labels,
)
from reports.final_text import build, canonical, digest
from reports.models import DocumentState, FinalText, FollowUp, Label, Publication, Recommendation, Voice
from reports.register import register_of
from reports.text.schema import with_heading
from tests.factories import text
from tests.factories.browsers import signed_in
from tests.factories.counting import statements
from tests.reports.signing.hands import authorise, both_keys, signed_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered():
    cache.clear()


@pytest.fixture
def one(made) -> Recommendation:
    """A published text with one recommendation."""
    recommend(made, "One ferry")
    return opened_to_the_world(made).recommendations.get()


def opened_to_the_world(made) -> Publication:
    """Published without the walk through keys and signatures, which is no matter of the register."""
    model = build(made.document)
    text_ = FinalText.objects.create(
        document=made.document, canonical=canonical(model).decode(), sha256=digest(model), frozen_at=timezone.now()
    )
    type(made.document).objects.filter(pk=made.document.pk).update(state=DocumentState.PUBLISHED)
    publication = Publication.objects.create(final_text=text_, published_by=made.facilitator, opens_at=timezone.now())
    enter(publication)
    return publication


def recommend(made, heading, addressee="The ministries"):
    words = with_heading(text("We recommend to begin."), heading, addressee=addressee, horizon="Within a year")
    return add_passage(section=made.section, voice=Voice.RECOMMENDATION, text=words, by=made.member_a)


def follow_up(made, one, words="The ferry is ordered.", *, for_sides=False, status="begun", by=None) -> FollowUp:
    return add_follow_up(
        one, on=timezone.localdate(), status=status, words=words, for_sides=for_sides, by=by or made.facilitator
    )


def turn(entry, *chairs) -> None:
    motion = Motion.objects.open().get(target_id=entry.public_id)
    for chair in chairs:
        turn_key(motion, sha256=motion.sha256, by=chair)


def confirmed(made, one, words="We have begun.") -> FollowUp:
    entry = follow_up(made, one, words, for_sides=True)
    turn(entry, made.co_chair_a, made.co_chair_b)
    entry.refresh_from_db()
    return entry


def opened(made) -> None:
    """The register, by the keys of the groups concerned: Roads has no key holder of B, so it is set here."""
    type(made.programme).objects.filter(pk=made.programme.pk).update(public_register=True)


def inside(made, name="register", **ids):
    return signed_in(made.member_a).get(reverse(name, kwargs=ids or {"programme": made.programme.public_id}))


def outside(made, name="public_register", query=""):
    return Client().get(reverse(name, kwargs={"programme": made.programme.public_id}) + query)


def said(answer) -> str:
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()


def shown_words(one) -> list[str]:
    return [entry.words for entry in FollowUp.objects.shown().filter(recommendation=one).order_by("pk")]


# ---- what stands in it ---------------------------------------------------------------------------------------------


def test_a_recommendation_is_entered_as_it_was_signed(made, one):
    assert (one.number, one.heading, one.addressee, one.horizon) == (
        "R1", "One ferry", "The ministries", "Within a year",
    )  # fmt: skip
    page = said(inside(made))
    assert "R1 One ferry" in page and "No entry yet" in page and made.document.title in page


def test_before_an_embargo_opens_and_while_a_page_is_hidden_it_is_in_no_list(made):
    recommend(made, "One ferry")
    text_ = signed_text(made)
    tomorrow = timezone.now() + dt.timedelta(days=1)
    authorise(made, text_, earliest=tomorrow)
    publication = publish(text_, by=made.facilitator)
    opened(made)
    embargoed = said(inside(made)) + said(outside(made))
    Publication.objects.filter(pk=publication.pk).update(opens_at=timezone.now())
    found = said(inside(made))
    hide_publication(publication, reason="Somebody is in danger.", by=made.facilitator)

    hidden = said(inside(made)) + said(outside(made, query="?edition=all"))

    assert ["One ferry" in page for page in (embargoed, found, hidden)] == [False, True, False]


def test_of_a_withdrawn_text_the_public_page_says_so_without_its_words(made, one):
    opened(made)
    both_keys(made, WITHDRAW, one.publication.final_text, {"reason": "It was wrong."})

    usual, all_inside, all_outside = outside(made), inside(made), outside(made, query="?edition=all")
    withdrawn_inside = signed_in(made.member_a).get(
        reverse("register", kwargs={"programme": made.programme.public_id}) + "?edition=all"
    )

    assert "One ferry" not in said(usual) + said(all_inside) + said(all_outside)
    assert "Recommendation R1" in said(all_outside) and "Withdrawn" in said(all_outside)
    assert "One ferry" in said(withdrawn_inside)
    table = said(outside(made, "public_register_csv", "?edition=all"))
    assert "One ferry" not in table and "We recommend" not in table and "R1" in table


def test_texts_published_before_there_was_a_register_are_entered_too(made, one):
    names = ("passage", "position", "number", "paragraph", "heading", "addressee", "horizon", "text", "language")
    before = Recommendation.objects.values(*names).get()
    one.delete()

    (migration,) = Path("reports/migrations").glob("*_coverage_and_register.py")
    importlib.import_module(f"reports.migrations.{migration.stem}").enter_what_is_published(apps, None)

    assert Recommendation.objects.values(*names).get() == before


# ---- entries -------------------------------------------------------------------------------------------------------


def test_the_facilitators_own_word_is_shown_at_once_and_told_to_the_members(made, one):
    follow_up(made, one)

    assert shown_words(one) == ["The ferry is ordered."]
    page = said(inside(made))
    assert "The ferry is ordered." in page and "the facilitators’ own word" in page
    assert Notice.objects.filter(kind="reports.follow_up_added", reader=made.member_b).count() == 1


def test_words_that_speak_for_the_sides_are_shown_as_theirs_with_the_last_key_and_not_before(made, one):
    entry = follow_up(made, one, "We have begun.", for_sides=True)
    before = shown_words(one)
    turn(entry, made.co_chair_a)
    half = shown_words(one)

    turn(entry, made.co_chair_b)

    assert (before, half, shown_words(one)) == ([], [], ["We have begun."])
    assert "confirmed by every side" in said(inside(made))
    assert Entry.objects.filter(kind="recommendation.follow_up_confirmed").count() == 1


def test_a_facilitator_turns_no_key_on_it(made, one):
    entry = follow_up(made, one, for_sides=True)

    with pytest.raises(NotAKeyHolder):
        turn(entry, made.facilitator)

    assert shown_words(one) == []


def test_what_waits_for_keys_is_read_in_the_group_alone(made, one):
    opened(made)
    follow_up(made, one, "quelbarnov", for_sides=True)
    address = reverse("recommendation", kwargs={"recommendation": one.public_id})

    here, elsewhere = (said(signed_in(made.people[role]).get(address)) for role in ("member_b", "other_group_member"))

    assert "quelbarnov" in here and "See the proposal" in here
    assert "quelbarnov" not in elsewhere + said(outside(made)) + said(outside(made, "public_register_csv"))


def test_an_entry_whose_proposal_was_withdrawn_is_put_to_the_keys_again(made, one):
    entry = follow_up(made, one, for_sides=True)
    with pytest.raises(AlreadyProposed):
        ask_for_keys(entry, by=made.facilitator)
    withdraw_motion(Motion.objects.open().get(target_id=entry.public_id), by=made.co_chair_b)

    ask_for_keys(entry, by=made.facilitator)
    turn(entry, made.co_chair_a, made.co_chair_b)

    assert shown_words(one) == [entry.words]
    with pytest.raises(NotWaiting):
        ask_for_keys(entry, by=made.facilitator)


def test_a_correction_takes_its_place_and_what_was_written_stays_in_the_trail(made, one):
    entry = follow_up(made, one)

    correct_follow_up(entry, on=entry.on, status="done", words="The ferry sails.", by=made.facilitator)

    assert shown_words(one) == ["The ferry sails."]
    page = said(inside(made, "recommendation", recommendation=one.public_id))
    assert "The ferry is ordered." in page and "Corrected since" in page
    with pytest.raises(AlreadyCorrected):
        correct_follow_up(entry, on=entry.on, status="done", words="No.", by=made.facilitator)


def test_confirmed_words_of_the_sides_are_corrected_under_their_keys(made, one):
    entry = confirmed(made, one)
    first = correct_follow_up(entry, on=entry.on, status="done", words="We have ended.", by=made.facilitator)
    before = shown_words(one)
    with pytest.raises(AlreadyCorrected):
        correct_follow_up(entry, on=entry.on, status="done", words="No.", by=made.facilitator)
    better = correct_follow_up(first, on=entry.on, status="done", words="We have done it.", by=made.facilitator)
    lapsed = Motion.objects.get(target_id=first.public_id).state

    turn(better, made.co_chair_a, made.co_chair_b)

    assert (before, lapsed) == (["We have begun."], Motion.State.LAPSED)
    assert shown_words(one) == ["We have done it."]
    assert FollowUp.objects.count() == 3


@pytest.mark.parametrize("person", ["co_chair_a", "member_b", "other_facilitator", "observer"])
def test_only_facilitators_of_the_programme_write(made, one, person):
    entry = follow_up(made, one)

    with pytest.raises(NotAFacilitator):
        follow_up(made, one, by=made.people[person])
    with pytest.raises(NotAFacilitator):
        correct_follow_up(entry, on=entry.on, status="done", words="No.", by=made.people[person])
    with pytest.raises(NotAFacilitator):
        give_labels(one, labels=["trade"], by=made.people[person])


def test_the_form_refuses_a_day_to_come_and_one_before_the_publication_and_keeps_the_words(made, one):
    browser, address = signed_in(made.facilitator), reverse("follow_up", kwargs={"recommendation": one.public_id})
    tomorrow = timezone.localdate() + dt.timedelta(days=2)

    late = said(browser.post(address, {"on": tomorrow.isoformat(), "status": "done", "words": "Kept words."}))
    early = said(browser.post(address, {"on": "2001-01-01", "status": "", "words": "Kept words."}))

    assert "This day is still to come." in late and "Kept words." in late
    assert "was published later" in early and "Choose where it stands." in early
    assert not FollowUp.objects.exists()


def test_a_form_that_is_sent_twice_makes_one_entry(made, one):
    browser, address = signed_in(made.facilitator), reverse("follow_up", kwargs={"recommendation": one.public_id})
    sent = {"on": timezone.localdate().isoformat(), "status": "done", "words": "Once.", "idempotency_key": "k" * 20}

    for _again in range(2):
        assert browser.post(address, sent).status_code == 302

    assert shown_words(one) == ["Once."]


# ---- the public page -----------------------------------------------------------------------------------------------


def test_the_public_page_is_unknown_until_the_keys_of_the_programme_opened_it(made, one):
    closed = outside(made).status_code, outside(made, "public_register_csv").status_code
    type(made.group).objects.filter(pk=made.group.pk).update(kind=GroupKind.CONFERENCE)
    change = propose_style(programme=made.programme, what="register", after="on", by=made.co_chair_a)
    half = outside(made).status_code
    motion = Motion.objects.open().get(target_id=change.consents.get().public_id)
    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)

    assert (closed, half, outside(made).status_code) == ((404, 404), 404, 200)
    assert "R1 One ferry" in said(outside(made))
    assert made.programme.name in said(Client().get(reverse("published_list")))


def test_one_person_closes_it_at_once(made, one):
    opened(made)
    with pytest.raises(NotAKeyHolder):
        close_register(made.programme, by=made.member_a)

    close_register(made.programme, by=made.co_chair_b)

    assert outside(made).status_code == 404


def test_no_name_of_a_person_stands_on_the_public_page(made, one):
    opened(made)
    follow_up(made, one)
    confirmed(made, one)

    page = said(outside(made))

    assert "The ferry is ordered." in page and "We have begun." in page
    assert [person.name for person in made.people.values() if person.name and person.name in page] == []


# ---- filters, table, cost ------------------------------------------------------------------------------------------


def numbers(made, **asked) -> list[str]:
    return [found.number for found in register_of(made.programme, asked).found]


def test_it_is_narrowed_by_addressee_horizon_theme_and_status(made):
    recommend(made, "One ferry")
    recommend(made, "One bridge", addressee="The cities")
    first, second = opened_to_the_world(made).recommendations.all()
    give_labels(second, labels=["trade", "ferries", "trade"], by=made.facilitator)
    follow_up(made, first, status="done")

    assert numbers(made, addressee="The cities") == ["R2"]
    assert numbers(made, horizon="Within a year", theme="ferries") == ["R2"]
    assert numbers(made, status="done") == ["R1"]
    assert numbers(made, status="unknown") == ["R2"]
    assert numbers(made, group=made.group.public_id) == ["R1", "R2"]
    assert numbers(made, addressee="nobody", theme="nothing") == ["R1", "R2"]


def test_the_table_holds_what_was_done_and_no_formula(made, one):
    follow_up(made, one, "=HYPERLINK(“x”)")
    FollowUp.objects.update(words="done")
    Recommendation.objects.update(addressee="=1+1")

    table = said(inside(made, "register_csv"))

    assert "'=1+1" in table and ",=1+1" not in table
    assert "begun (the facilitators’ own): done" in table


def cost(browser, address) -> int:
    with CaptureQueriesContext(connection) as captured:
        browser.get(address)
    return len(statements(captured))


def test_the_list_asks_the_same_for_one_recommendation_and_for_three(made):
    for heading in ("One ferry", "One bridge", "One road"):
        recommend(made, heading)
    first, *others = opened_to_the_world(made).recommendations.all()
    opened(made)
    follow_up(made, first)
    give_labels(first, labels=["trade"], by=made.facilitator)
    browser, ways = signed_in(made.member_a), [
        reverse(name, kwargs={"programme": made.programme.public_id}) for name in ("register", "public_register")
    ]  # fmt: skip
    kept = [(other.pk, other.publication_id) for other in others]
    three = [cost(browser, way) for way in ways]
    Recommendation.objects.filter(pk__in=[pk for pk, _publication in kept]).delete()

    one = [cost(browser, way) for way in ways]

    assert (one, three) == ([14, 12], [14, 12])


# ---- constraints ---------------------------------------------------------------------------------------------------


def test_the_database_confirms_the_sides_words_alone_and_holds_no_empty_entry(made, one):
    entry = follow_up(made, one)
    label = {"recommendation": one, "words": "trade"}
    Label.objects.create(**label)

    for wrong in (
        lambda: FollowUp.objects.filter(pk=entry.pk).update(confirmed_at=timezone.now()),
        lambda: FollowUp.objects.filter(pk=entry.pk).update(words=""),
        lambda: Label.objects.create(**label),
        lambda: Recommendation.objects.create(
            publication=one.publication, passage=one.passage, position=9, paragraph="9", text={}, language="en"
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
