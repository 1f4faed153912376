"""The silence procedure: begun when all are reached, adopted at its hour, moved by outages, broken by one word."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from groups.actions import end_membership, propose, seat
from groups.actions.keys import NotAKeyHolder, TextHasChanged
from groups.models import Key, Motion, Role
from groups.motions import MayNotBeMoved
from parley.audit.models import Entry
from parley.notifications import pulse
from parley.notifications.models import Delivery, DeliveryState, Due, Heartbeat, Notice, Outage
from reports.actions import silences
from reports.actions.publishing import AUTHORISE, publish
from reports.actions.signing import NotOpenForThis
from reports.actions.silence_start import SILENCE
from reports.models import Document, DocumentKind, DocumentState, Silence, SilenceState
from tests.factories import PersonFactory

from .hands import authorise, both_keys, freeze, initial, sign_all, standing_text, state_of, unfreeze
from .silences import (
    ANNOUNCED,
    again,
    announced,
    facts_of,
    hours,
    in_hours,
    live_until,
    mail_goes_out,
    running,
    sleep_until,
    tick,
)

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 30, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def text(clock, made):
    return freeze(made)


@pytest.fixture
def statement(clock, made):
    return freeze(made, kind=DocumentKind.STATEMENT)


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=f"reports.{kind}").values_list("reader__name", flat=True))


def break_it(silence: Silence, by) -> None:
    silences.break_silence(silence, reason="Not in our name.", by=by)


# ---- starting it ----------------------------------------------------------------------------------------------------


def test_both_keys_start_it_over_hash_hour_and_zone_and_all_members_with_a_side_may_object(made, text):
    silence = announced(made, text, ends=in_hours(72))

    keys = Key.objects.filter(motion=silence.motion)
    assert {key.side for key in keys} == {made.a, made.b}
    assert {key.sha256 for key in keys} == {SILENCE.sha256(text, silence.motion.facts)}
    assert (silence.state, silence.ends_at, silence.zone) == (SilenceState.ANNOUNCED, in_hours(72), "Asia/Yerevan")
    names = {"Co Chair A", "Deputy A", "Member A", "Co Chair B", "Member B", "Member C"}
    assert {str(place) for place in silence.entitled.all()} == names
    assert told("silence_announced") == names


def test_one_key_starts_nothing(made, text):
    facts = facts_of(in_hours(72))

    propose(SILENCE.name, text.public_id, sha256=SILENCE.sha256(text, facts), facts=facts, by=made.co_chair_a)

    assert not Silence.objects.exists()


@pytest.mark.parametrize("person", ["member_a", "facilitator", "observer"])
def test_only_key_holders_propose_it(made, text, person):
    facts = facts_of(in_hours(72))

    with pytest.raises(NotAKeyHolder):
        propose(SILENCE.name, text.public_id, sha256=SILENCE.sha256(text, facts), facts=facts, by=made.people[person])


def test_another_hour_than_the_one_that_was_read_is_another_motion(made, text):
    read = SILENCE.sha256(text, facts_of(in_hours(72)))

    with pytest.raises(TextHasChanged):
        propose(SILENCE.name, text.public_id, sha256=read, facts=facts_of(in_hours(73)), by=made.co_chair_a)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"ends": "2026-12-01T09:00", "zone": "Asia/Yerevan"}, "at least 24 hours"),
        ({"ends": "2026-12-20T09:00", "zone": "Asia/Yerevan"}, "at most 240 hours"),
        ({"ends": "2026-12-03T09:00", "zone": "Nowhere/Here"}, "with the zone"),
        ({"ends": "2026-12-03T09:00Z", "zone": "Asia/Yerevan"}, "with the zone"),
        ({"ends": "soon", "zone": "Asia/Yerevan"}, "with the zone"),
        ({"ends": "2026-12-03T09:00", "zone": "Asia/Yerevan", "then": "publish"}, "Say what the text is ready for"),
        ({"ends": "2026-12-03T09:00", "zone": "Asia/Yerevan", "entitled": ["nobody"]}, "Somebody of each side"),
        ({"ends": "2026-12-03T09:00", "zone": "Asia/Yerevan", "entitled": "all"}, "Say who may object"),
    ],
)
def test_what_may_not_be_started_says_why(made, text, facts, why):
    with pytest.raises(MayNotBeMoved, match=why):
        both_keys(made, SILENCE, text, {"then": "sign", "entitled": [], **facts})


def test_both_keys_may_name_fewer_but_somebody_of_each_side(made, text):
    named = [made.membership(role).public_id for role in ("member_a", "member_b")]

    silence = announced(made, text, entitled=named)

    assert {str(place) for place in silence.entitled.all()} == {"Member A", "Member B"}
    assert told("silence_announced") == {"Member A", "Member B"}
    with pytest.raises(MayNotBeMoved, match="already"):
        announced(made, text)
    with pytest.raises(silences.NotEntitled):
        break_it(silence, made.co_chair_a)


def test_a_proposal_that_waits_too_long_for_the_last_key_starts_nothing(made, text, clock):
    facts = facts_of(in_hours(30))
    motion = propose(SILENCE.name, text.public_id, sha256=SILENCE.sha256(text, facts), facts=facts, by=made.co_chair_a)
    clock.shift(hours(5))

    with pytest.raises(MayNotBeMoved, match="later end"):
        both_keys_later(motion, made)

    assert not Silence.objects.exists()


def both_keys_later(motion: Motion, made) -> None:
    from groups.actions import turn_key

    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)


def test_a_text_under_silence_is_not_initialled_until_it_has_ended(made, text):
    silence = announced(made, text)

    with pytest.raises(NotOpenForThis, match="silence procedure"):
        initial(text, made.co_chair_a)
    break_it(silence, made.member_a)

    assert initial(text, made.co_chair_a)


# ---- reached, and begun ---------------------------------------------------------------------------------------------


def test_it_begins_an_hour_after_the_mail_server_took_the_last_mail(made, text, clock):
    silence = announced(made, text)
    mail_goes_out(silence)
    live_until(clock, MONDAY + hours(0.9))
    early = again(silence).state

    live_until(clock, MONDAY + hours(1.1))

    silence = again(silence)
    assert (early, silence.state, silence.began_at) == ("announced", "running", MONDAY + hours(1.1))
    by = dict(silence.entitled.values_list("membership__person__name", "reached_by"))
    assert (by["Co Chair A"], by["Member B"]) == ("key", "mail")
    assert told("silence_begun") == {"Co Chair A", "Co Chair B", "Faye Facilitator"}


def test_who_opens_the_announcement_is_reached_without_mail(made, text, clock):
    silence = announced(made, text)

    for role in ("deputy_a", "member_a", "member_b"):
        silences.open_announcement(silence, by=made.people[role])
    waiting = again(silence).state
    silences.open_announcement(silence, by=made.member_c)

    assert (waiting, again(silence).state) == ("announced", "running")
    assert again(silence).began_at == MONDAY


def test_a_mail_that_comes_back_within_the_hour_reaches_nobody_and_the_co_chairs_are_told(made, text, clock):
    silence = announced(made, text)
    mail_goes_out(silence)
    place = silence.entitled.get(membership=made.membership("member_b"))
    clock.shift(hours(0.5))

    silences.mail_came_back(place, by=made.facilitator)
    live_until(clock, MONDAY + hours(1.1))
    live_until(clock, MONDAY + hours(10))

    assert again(silence).state == "announced"
    assert told("silence_bounced") == {"Co Chair A", "Co Chair B"}
    unreached = Notice.objects.filter(kind="reports.silence_unreached", reader=made.co_chair_a)
    assert [notice.facts for notice in unreached] == [{"missing": 1}]
    silences.open_announcement(silence, by=made.member_b)
    assert again(silence).state == "running"


@pytest.mark.parametrize("state", [DeliveryState.DEAD, DeliveryState.QUEUED, DeliveryState.DROPPED])
def test_a_mail_that_nobody_took_keeps_it_from_running_and_at_last_it_ends(made, text, clock, state):
    silence = announced(made, text, ends=in_hours(72))
    mail_goes_out(silence)
    Delivery.objects.filter(kind=ANNOUNCED, reader=made.member_b).update(state=state, sent_at=None)

    live_until(clock, MONDAY + hours(2))
    live_until(clock, MONDAY + hours(47.9))
    waiting = again(silence).state
    live_until(clock, MONDAY + hours(48.1))

    assert (waiting, again(silence).state) == ("announced", "not-begun")
    assert made.member_a.name in told("silence_over")
    with pytest.raises(silences.SilenceIsOver):
        break_it(silence, made.member_a)


def test_a_mail_that_comes_back_later_changes_nothing_and_is_told(made, text, clock):
    silence = running(made, text, clock)
    place = silence.entitled.get(membership=made.membership("member_b"))

    silences.mail_came_back(place, by=made.facilitator)

    assert again(silence).state == "running"
    assert told("silence_bounced") == {"Co Chair A", "Co Chair B"}
    with pytest.raises(silences.MailIsNotOut):
        silences.mail_came_back(place, by=made.facilitator)


# ---- adopted by itself ----------------------------------------------------------------------------------------------


def test_a_report_is_adopted_at_the_hour_and_then_initialled_and_signed(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(72))
    live_until(clock, MONDAY + hours(72) - dt.timedelta(seconds=1))
    before = again(silence).state

    live_until(clock, MONDAY + hours(72))

    assert (before, again(silence).state, state_of(made)) == ("running", "adopted", "frozen")
    assert made.member_c.name in told("silence_adopted")
    assert Entry.objects.filter(kind="document.adopted").count() == 1
    for chair in (made.co_chair_a, made.co_chair_b):
        initial(text, chair)
    assert sign_all(standing_text(made)).signing_closed_at
    with pytest.raises(MayNotBeMoved, match="not open for signature"):
        announced(made, standing_text(made))


def test_a_statement_is_adopted_and_published_under_both_keys_without_signatures(made, statement, clock):
    running(made, statement, clock, ends=in_hours(72), then="publish")
    with pytest.raises(MayNotBeMoved):
        AUTHORISE.check(standing_text(made), {"earliest": MONDAY.isoformat()})
    live_until(clock, MONDAY + hours(72))

    text = standing_text(made)
    authorise(made, text)
    publication = publish(text, by=made.facilitator)

    assert (publication.is_open, state_of(made)) == (True, DocumentState.PUBLISHED)
    assert (text.signing_closed_at, text.chain_hash != "") == (MONDAY + hours(72), True)


def test_a_statement_is_signed_as_well_where_the_keys_said_so(made, statement, clock):
    running(made, statement, clock, ends=in_hours(72), then="sign")

    live_until(clock, MONDAY + hours(72))

    assert state_of(made) == DocumentState.FROZEN
    with pytest.raises(MayNotBeMoved, match="signing has closed"):
        AUTHORISE.check(standing_text(made), {"earliest": MONDAY.isoformat()})


def test_it_is_adopted_once_however_often_it_is_looked_at(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(72))
    live_until(clock, MONDAY + hours(72))

    silences.end_silence(silence.public_id)
    live_until(clock, MONDAY + hours(300))

    assert Notice.objects.filter(kind="reports.silence_adopted", reader=made.member_a).count() == 1
    assert not Due.objects.filter(kind__startswith="reports.silence").exists()


def test_reminders_come_at_half_time_and_a_day_before_the_end(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(73.1))
    reminded = Notice.objects.filter(kind="reports.silence_due", reader=made.member_b)

    counts = []
    for at in (37, 37.2, 49, 49.2, 73):
        live_until(clock, MONDAY + hours(at))
        counts.append(reminded.count())

    assert counts == [0, 1, 1, 2, 2]
    assert told("silence_due") == told("silence_announced")
    assert again(silence).state == "running"


def test_its_mails_are_of_the_class_that_no_pause_holds_up(made, text, clock):
    silence = running(made, text, clock)
    break_it(silence, made.member_a)

    urgencies = Delivery.objects.filter(kind__startswith="reports.silence").values_list("urgency", flat=True)

    assert set(urgencies) == {1}


# ---- broken ---------------------------------------------------------------------------------------------------------


def test_one_member_breaks_it_with_a_reason_and_all_are_told(made, text, clock):
    silence = running(made, text, clock)

    break_it(silence, made.member_b)

    silence = again(silence)
    assert (silence.state, silence.broken_by, silence.broken_for) == ("broken", made.member_b, made.b)
    assert told("silence_broken") >= {"Member A", "Co Chair A", "Co Chair B", "Member C"}
    live_until(clock, MONDAY + hours(100))
    assert (again(silence).state, state_of(made)) == ("broken", "frozen")


@pytest.mark.parametrize("person", ["facilitator", "observer", "outsider", "ex_member_a"])
def test_nobody_else_breaks_it(made, text, clock, person):
    silence = running(made, text, clock)

    with pytest.raises(silences.NotEntitled):
        break_it(silence, made.people[person])

    assert again(silence).state == "running"


def test_an_objection_after_the_hour_comes_too_late_even_when_the_worker_has_not_looked_yet(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(72))
    live_until(clock, MONDAY + hours(72) - dt.timedelta(seconds=5))
    clock.move_to(MONDAY + hours(72))

    with pytest.raises(silences.SilenceIsOver, match="The hour has passed"):
        break_it(silence, made.member_b)


def test_an_objection_after_the_hour_counts_while_an_outage_lasts(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(72))
    live_until(clock, MONDAY + hours(71))
    clock.move_to(MONDAY + hours(73))

    break_it(silence, made.member_b)

    assert again(silence).state == "broken"


# ---- people who come and go -----------------------------------------------------------------------------------------


def test_who_joins_later_may_not_object_and_is_not_waited_for(made, text, clock):
    silence = announced(made, text)
    late = PersonFactory(name="Late")
    seat(group=made.group, person=late, role=Role.MEMBER, side=made.a, by=made.co_chair_a)
    mail_goes_out(silence)

    live_until(clock, MONDAY + hours(1.1))

    assert again(silence).state == "running"
    with pytest.raises(silences.NotEntitled):
        break_it(silence, late)


def test_nobody_waits_for_one_who_has_left_and_who_left_objects_no_more(made, text, clock):
    silence = announced(made, text)
    mail_goes_out(silence, but=(made.member_b,))
    live_until(clock, MONDAY + hours(1.1))
    waiting = again(silence).state

    end_membership(made.membership("member_b"), by=made.co_chair_b)
    tick()

    assert (waiting, again(silence).state) == ("announced", "running")
    with pytest.raises(silences.NotEntitled):
        break_it(silence, made.member_b)


def test_who_left_and_came_back_has_a_new_seat_and_no_old_word(made, text, clock):
    silence = running(made, text, clock)
    end_membership(made.membership("member_b"), by=made.co_chair_b)
    seat(group=made.group, person=made.member_b, role=Role.MEMBER, side=made.b, by=made.co_chair_b)

    with pytest.raises(silences.NotEntitled):
        break_it(silence, made.member_b)


@pytest.mark.parametrize("begun", [False, True])
def test_a_side_that_has_nobody_left_is_adopted_over_by_no_silence(made, text, clock, begun):
    named = [made.membership(role).public_id for role in ("member_a", "member_b")]
    start = running if begun else lambda made, text, clock, **facts: announced(made, text, **facts)
    silence = start(made, text, clock, entitled=named)

    end_membership(made.membership("member_b"), by=made.co_chair_b)
    tick()

    assert again(silence).state == "unheard"
    assert state_of(made) == "frozen"


def test_keys_that_started_it_stand_when_a_key_holder_changes(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(72))

    end_membership(made.membership("co_chair_b"), by=made.facilitator)
    live_until(clock, MONDAY + hours(72))

    assert again(silence).state == "adopted"


def test_undoing_the_freeze_ends_it(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(72))

    unfreeze(made)
    live_until(clock, MONDAY + hours(72))

    assert (again(silence).state, state_of(made)) == ("voided", "drafting")
    assert not Notice.objects.filter(kind="reports.silence_adopted").exists()


# ---- outages --------------------------------------------------------------------------------------------------------


def test_an_outage_moves_the_end_by_its_length_and_all_are_told(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(72))
    live_until(clock, MONDAY + hours(10))

    sleep_until(clock, MONDAY + hours(13))

    assert again(silence).ends_at == MONDAY + hours(75)
    assert made.member_b.name in told("silence_moved")
    live_until(clock, MONDAY + hours(72))
    assert again(silence).state == "running"
    live_until(clock, MONDAY + hours(75))
    assert again(silence).state == "adopted"


@pytest.mark.parametrize(("minutes", "moved"), [(4.9, 0), (5.1, 5.1)])
def test_five_minutes_are_no_outage_yet(made, text, clock, minutes, moved):
    silence = running(made, text, clock, ends=in_hours(72))
    live_until(clock, MONDAY + hours(10))

    sleep_until(clock, timezone.now() + dt.timedelta(minutes=minutes))

    assert again(silence).ends_at == MONDAY + hours(72) + dt.timedelta(minutes=moved)


def test_a_server_that_slept_over_the_hour_adopts_nothing_when_it_wakes(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(72))
    live_until(clock, MONDAY + hours(71.5))

    sleep_until(clock, MONDAY + hours(75))

    woken = again(silence)
    assert (woken.state, woken.ends_at) == ("running", MONDAY + hours(87))
    break_it(silence, made.member_b)
    assert again(silence).state == "broken"


def test_none_ends_within_twelve_hours_of_an_outage(made, text, clock):
    silence = running(made, text, clock, ends=in_hours(72))
    live_until(clock, MONDAY + hours(71))

    sleep_until(clock, MONDAY + hours(71.2))

    assert again(silence).ends_at == MONDAY + hours(83.2)


def test_pages_that_are_down_hold_up_the_end_until_they_are_back(made, text, clock, settings):
    settings.EMBEDDED = False
    silence = running(made, text, clock, ends=in_hours(72))
    Heartbeat.objects.create(name=pulse.PAGES, at=MONDAY + hours(71))

    live_until(clock, MONDAY + hours(72))
    live_until(clock, MONDAY + hours(72.5))
    held = again(silence).state
    pulse.beat(pulse.PAGES)
    tick()

    assert (held, again(silence).state) == ("running", "running")
    assert again(silence).ends_at == MONDAY + hours(72.5) + hours(12)


def test_an_outage_before_it_begins_moves_nothing(made, text, clock):
    silence = announced(made, text, ends=in_hours(72))
    mail_goes_out(silence)

    sleep_until(clock, MONDAY + hours(9))

    assert (again(silence).state, again(silence).ends_at) == ("running", MONDAY + hours(72))


def test_the_trail_of_outages_lasts_and_is_written_once(clock):
    pulse.beat(pulse.WORKER)
    clock.shift(hours(2))

    pulse.beat(pulse.WORKER)
    clock.shift(dt.timedelta(seconds=10))
    pulse.beat(pulse.WORKER)

    assert list(Outage.objects.values_list("began", "ended")) == [(MONDAY, MONDAY + hours(2))]
    assert pulse.out_since() is None


def test_a_clock_that_is_put_back_is_no_outage(clock):
    pulse.beat(pulse.WORKER)
    clock.move_to(MONDAY - hours(1))

    pulse.beat(pulse.WORKER)

    assert not Outage.objects.exists()


# ---- what the database holds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "adopted"},
        {"state": "running"},
        {"state": "broken", "closed_at": MONDAY},
        {"ends_at": MONDAY},
    ],
)
def test_no_silence_is_half_ended(made, text, wrong):
    silence = announced(made, text)

    with pytest.raises(IntegrityError), transaction.atomic():
        Silence.objects.filter(pk=silence.pk).update(**wrong)


def test_a_document_has_one_open_silence_at_most(made, text):
    silence = announced(made, text)
    other = Motion.objects.exclude(pk=silence.motion_id).first()

    with pytest.raises(IntegrityError), transaction.atomic():
        Silence.objects.create(
            final_text=text,
            motion=other,
            sha256=text.sha256,
            zone="UTC",
            planned_end=silence.ends_at,
            ends_at=silence.ends_at,
            then="sign",
        )
    assert Document.objects.get(pk=made.document.pk).state == "frozen"
