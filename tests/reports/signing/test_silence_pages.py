"""The pages of the silence procedure: proposed, turned, watched, broken; and where people find it."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from groups.models import Motion
from parley.desk.turns import turns_of
from reports.models import DocumentKind, Silence
from reports.verification import by_code

from .hands import at, authorise, browser, freeze, published, standing_text, words_of
from .silences import again, announced, hours, in_hours, live_until, mail_goes_out, running, sleep_until

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 30, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def text(clock, made):
    return freeze(made)


def form_of(text, **changed):
    sent = {"day": "2026-12-03", "hour": "18:00", "zone": "Asia/Yerevan", "who": "all", "then": "sign"}
    return {"sha256": text.sha256, **sent, **changed}


def send(client: Client, name: str, thing, **fields):
    return client.post(at(name, thing), fields)


def test_two_co_chairs_start_it_from_its_page_and_a_member_breaks_it(made, text, clock):
    a, b = browser(made.co_chair_a), browser(made.co_chair_b)
    a.post(at("propose_silence", made.document), form_of(text))
    motion = Motion.objects.open().get()
    proposal = words_of(b.get(at("motion", motion)))
    b.post(at("motion_turn", motion), {"sha256": motion.sha256})
    silence = Silence.objects.get()
    mail_goes_out(silence)
    live_until(clock, MONDAY + hours(1.1))
    member = browser(made.member_b)
    page = words_of(member.get(at("silence", silence)))

    answer = send(member, "break_silence", silence, reason="Our ministry was not asked.")

    assert "Thursday 3 December, 18:00 Yerevan" in proposal
    assert "every member with a side" in proposal
    assert "Thursday 3 December, 18:00 Yerevan" in page
    assert "Break the silence" in page
    assert answer.url == at("silence", silence)
    ended = words_of(browser(made.member_a).get(at("silence", silence)))
    assert "Our ministry was not asked." in ended
    assert "Member B (Southland)" in ended
    assert "Break the silence" not in ended


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"day": ""}, "Give the day."),
        ({"hour": "25:00"}, "Give the hour as 24 hours"),
        ({"zone": "Moon/Tranquility"}, "Select a valid choice"),
        ({"who": "some"}, "Choose who may object"),
        ({"then": ""}, "This field is required"),
        ({"day": "2027-03-28", "hour": "02:30", "zone": "Europe/Berlin"}, "does not exist on that day"),
        ({"day": "2026-12-01", "hour": "08:00"}, "at least 24 hours"),
        ({"day": "2027-01-01"}, "at most 240 hours"),
        ({"sha256": "0" * 64}, "The text changed while you were reading"),
    ],
)
def test_what_is_filled_in_wrongly_is_said_beside_it_and_nothing_is_proposed(made, text, changed, said):
    answer = browser(made.co_chair_a).post(at("propose_silence", made.document), form_of(text, **changed))

    assert answer.status_code in (409, 422)
    assert said in words_of(answer)
    assert 'value="18:00"' in words_of(answer) or "hour" in changed
    assert not Motion.objects.open().exists()


def test_breaking_it_takes_a_reason(made, text, clock):
    silence = running(made, text, clock)

    answer = send(browser(made.member_b), "break_silence", silence, reason="  ")

    assert answer.status_code == 422
    assert "Say why you object" in words_of(answer)
    assert again(silence).state == "running"


def test_an_objection_that_comes_too_late_is_told_so(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(72))
    live_until(clock, MONDAY + hours(72))

    answer = browser(made.member_b).post(at("break_silence", silence), {"reason": "No."}, follow=True)

    assert "The silence procedure has ended. Nothing was changed." in words_of(answer)


def test_the_page_says_who_was_reached_how_and_the_facilitator_notes_what_came_back(made, text, clock):
    silence = announced(made, text)
    mail_goes_out(silence, but=(made.member_c,))
    facilitator, place = browser(made.facilitator), silence.entitled.get(membership=made.membership("member_b"))

    send(facilitator, "silence_bounced", place)
    page = words_of(facilitator.get(at("silence", silence)))
    send(browser(made.member_b), "open_silence", silence)
    later = words_of(browser(made.co_chair_a).get(at("silence", silence)))

    assert "turned a key for it" in page
    assert "the mail came back" in page
    assert "the mail waits to be sent" in page
    assert "opened the announcement" in later
    assert "The mail came back</" not in later


def test_an_outage_and_the_end_that_it_moved_stand_on_the_page(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(72))
    sleep_until(clock, MONDAY + hours(4))

    page = words_of(browser(made.member_a).get(at("silence", silence)))

    assert "The site did not work" in page
    assert "Was to end" in page


def test_it_stands_on_home_by_its_hour_on_the_document_and_in_the_ledger(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(72))
    address = at("silence", silence)

    cards = [card for card in turns_of(made.member_b) if card.url == address]
    pages = [words_of(browser(made.member_b).get(at(name, made.document))) for name in ("document", "sign", "ledger")]

    assert [card.due for card in cards] == [MONDAY + hours(72)]
    assert all(address in page for page in pages)
    assert not [card for card in turns_of(made.facilitator) if card.url == address]


def test_an_adopted_statement_says_in_public_how_it_was_adopted(made, clock):
    text = freeze(made, kind=DocumentKind.STATEMENT)
    running(made, text, clock, ends=in_hours(72), then="publish")
    live_until(clock, MONDAY + hours(72))
    text = standing_text(made)
    card = [card.url for card in turns_of(made.co_chair_a)]
    authorise(made, text)

    from reports.actions.publishing import publish

    publication = publish(text, by=made.facilitator)
    page = words_of(Client().get(at("published", code=publication.code)))
    verified = words_of(Client().get(at("verify"), {"code": publication.code}))

    said = "Adopted under the silence procedure that ended on Thursday 3 December 2026, 12:00 Yerevan."
    assert said in page
    assert said in verified
    assert "Signed by" not in page
    assert at("publish", made.document) in card
    assert by_code(publication.code).signatures == []


def test_a_text_that_was_signed_says_nothing_of_silence(made):
    publication = published(made)

    page = words_of(Client().get(at("published", code=publication.code)))

    assert "silence procedure" not in page
    assert timezone.now() >= publication.opens_at


def test_its_page_asks_as_much_for_one_who_may_object_as_for_many(made, text, clock, django_assert_num_queries):
    silence = running(made, text, clock)
    client = browser(made.member_b)
    client.get(at("silence", silence))
    with django_assert_num_queries(10):
        client.get(at("silence", silence))
    silence.entitled.exclude(membership__in=[made.membership("member_b")]).delete()

    with django_assert_num_queries(10):
        client.get(at("silence", silence))
