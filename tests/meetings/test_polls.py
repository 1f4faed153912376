"""Polls of dates: asked, answered, reminded, ended, and the date that becomes a meeting."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups.actions import end_membership
from groups.models import Membership, Role, Seat
from meetings.actions import (
    POLL_ENDS,
    POLL_REMINDER,
    PollIsClosed,
    cancel_poll,
    change_poll,
    choose_date,
    enter_answer,
    set_customs,
)
from meetings.actions.polls import end_poll, remind_of_poll
from meetings.links import address_for
from meetings.models import Meeting, Mode, Poll, PollAnswer, Quorum, Seen, Slot, SlotChoice
from parley.accounts.models import User
from parley.audit.models import Entry
from parley.desk.late import late_in
from parley.desk.turns import turns_of
from parley.notifications.letters import write
from parley.notifications.models import Delivery, Due, Notice
from parley.programmes.models import Participant
from tests.factories.browsers import signed_in

from .polls import MAYBE, NO, YES, poll_of, says, seat_of, typed

pytestmark = pytest.mark.django_db

PLACE = {"title": "Fourth round", "mode": Mode.IN_PERSON, "venue": "A pier", "zone": "Asia/Tbilisi"}
MEMBERS = {
    "co-chair-a@example.org",
    "co-chair-b@example.org",
    "member-a@example.org",
    "deputy-a@example.org",
    "member-b@example.org",
    "member-c@example.org",
}


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=f"meetings.poll_{kind}").values_list("reader__email", flat=True))


def words_of(person, poll: Poll) -> list[str]:
    answer = PollAnswer.objects.get(poll=poll, person=person)
    return list(answer.choices.order_by("slot__starts").values_list("word", flat=True))


def page_of(poll: Poll, person) -> str:
    return signed_in(person).get(reverse("poll", args=[poll.public_id])).content.decode()


def test_those_who_sit_for_a_side_are_asked_and_find_it_under_their_turn(made):
    poll = poll_of(made)

    assert set(told("opened")) == MEMBERS
    assert f"Say when you could come: “{poll}”" in [card.what for card in turns_of(made.member_b)]
    assert [line.what for line in late_in([made.programme.pk]) if line.what == poll.title] == [poll.title]


def test_an_answer_is_changed_until_the_deadline_and_not_after_it(made):
    poll = poll_of(made)
    says(made.member_a, poll, YES, YES, NO)
    says(made.member_a, poll, NO, MAYBE, YES)

    with time_machine.travel(poll.deadline + timedelta(seconds=1)), pytest.raises(PollIsClosed):
        says(made.member_a, poll, YES, YES, YES)

    assert words_of(made.member_a, poll) == [NO, MAYBE, YES]


def test_who_answers_too_late_is_told_what_to_do(made):
    poll = poll_of(made)
    browser = signed_in(made.member_a)
    Poll.objects.update(deadline=timezone.now() - timedelta(seconds=1), opened_at=timezone.now() - timedelta(days=1))

    answer = browser.post(reverse("answer_poll", args=[poll.public_id]), typed(poll, YES, YES, YES), follow=True)

    assert "Tell a facilitator what you would have said." in answer.content.decode()
    assert not PollAnswer.objects.exists()


def test_one_word_for_a_day_holds_for_all_its_dates(made):
    day = timezone.now().replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=30)
    hours = [(day + timedelta(hours=n), day + timedelta(hours=n + 1)) for n in (0, 2, 4)]
    poll = poll_of(made, slots=[*hours[:2], (day + timedelta(days=1), day + timedelta(days=1, hours=1))])

    sent = typed(poll, NO, "", MAYBE, **{f"day-{day.date().isoformat()}": YES})
    signed_in(made.member_a).post(reverse("answer_poll", args=[poll.public_id]), sent)

    assert words_of(made.member_a, poll) == [YES, YES, MAYBE]


def test_a_date_that_was_left_out_is_named_and_what_was_typed_stays(made):
    poll = poll_of(made)

    answer = signed_in(made.member_a).post(
        reverse("answer_poll", args=[poll.public_id]), typed(poll, YES, "", NO, note="By the night train")
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("Say whether you could come on this date.") == 2  # in the summary and at the field
    assert "By the night train" in page
    assert not PollAnswer.objects.exists()


def test_reminders_come_at_half_and_nine_tenths_and_to_those_alone_who_have_not_answered(made):
    poll = poll_of(made)
    says(made.member_b, poll, YES, YES, YES)

    due = {row.key.partition(":")[2]: row.at for row in Due.objects.filter(kind=POLL_REMINDER)}
    for key in (f"{poll.public_id}:half", f"{poll.public_id}:most", f"{poll.public_id}:half"):
        remind_of_poll(key)

    whole = poll.deadline - poll.opened_at
    assert due == {"half": poll.opened_at + whole / 2, "most": poll.opened_at + whole * 0.9}
    assert told("reminder") == sorted([*(MEMBERS - {"member-b@example.org"})] * 2)


def test_nobody_is_reminded_more_than_twice_however_often_the_deadline_moves(made):
    poll = poll_of(made)
    for days in (20, 25, 28):
        remind_of_poll(f"{poll.public_id}:half")
        remind_of_poll(f"{poll.public_id}:most")
        later = timezone.now() + timedelta(days=days)
        change_poll(poll, title=poll.title, note="", deadline=later, by=made.facilitator)

    assert told("reminder").count("member-a@example.org") == 2


def test_a_poll_that_is_over_waits_for_those_who_choose(made):
    poll = poll_of(made)
    says(made.member_a, poll, YES, YES, YES)

    with time_machine.travel(poll.deadline + timedelta(minutes=1)):
        end_poll(Due.objects.get(kind=POLL_ENDS).key)
        end_poll(poll.public_id)

        assert told("ended") == ["co-chair-a@example.org", "co-chair-b@example.org", "facilitator@example.org"]
        assert f"Choose the date of “{poll}”" in [card.what for card in turns_of(made.co_chair_a)]
        assert [card.what for card in turns_of(made.member_a) if str(poll) in card.what] == []
    assert not Notice.objects.filter(kind="meetings.poll_opened", done_at=None).exists()


def test_an_end_that_was_put_off_does_not_end_the_poll(made):
    poll = poll_of(made)

    end_poll(poll.public_id)

    assert told("ended") == []


def test_the_date_that_is_chosen_becomes_an_announced_meeting_at_exactly_that_time(made):
    poll = poll_of(made)
    slot = poll.slots.all()[1]

    meeting = choose_date(slot, by=made.co_chair_a, **PLACE)

    poll.refresh_from_db()
    assert (meeting.starts, meeting.ends, poll.meeting, poll.chosen) == (slot.starts, slot.ends, meeting, slot)
    assert set(Notice.objects.filter(kind="meetings.announced").values_list("reader__email", flat=True)) == (
        MEMBERS | {"facilitator@example.org"}
    ) - {"co-chair-a@example.org"}
    assert not Due.objects.filter(kind__in=[POLL_ENDS, POLL_REMINDER]).exists()
    assert not Notice.objects.filter(kind="meetings.poll_opened", done_at=None).exists()


def test_of_two_who_choose_at_once_the_second_makes_no_second_meeting(made):
    poll = poll_of(made)
    first, second = poll.slots.all()[:2]
    choose_date(first, by=made.co_chair_a, **PLACE)

    answer = signed_in(made.co_chair_b).post(
        reverse("choose_date", args=[second.public_id]), PLACE | {"mode": "in-person"}, follow=True
    )

    assert "A date was chosen meanwhile" in answer.content.decode()
    assert Meeting.objects.count() == 1


def test_the_page_of_a_choice_names_whom_the_mails_go_to_and_why_the_date_is_good(made):
    poll = poll_of(made)
    says(made.co_chair_a, poll, YES, NO, NO)
    slot = poll.slots.first()

    page = signed_in(made.facilitator).get(reverse("choose_date", args=[slot.public_id])).content.decode()

    assert "7 people get a mail with a calendar file" in page
    assert "1 of 2 co-chairs can come. Northland 1 of 3, Southland 0 of 3." in page
    assert "5 answers are missing" in page
    assert not Meeting.objects.exists()


def test_a_cancelled_poll_takes_no_answers_and_waits_for_nobody(made):
    poll = poll_of(made)
    cancel_poll(poll, by=made.co_chair_b)

    with pytest.raises(PollIsClosed):
        says(made.member_a, poll, YES, YES, YES)

    assert set(told("cancelled")) == MEMBERS - {"co-chair-b@example.org"}
    assert [card.what for card in turns_of(made.member_a) if str(poll) in card.what] == []
    assert not Due.objects.filter(kind__in=[POLL_ENDS, POLL_REMINDER]).exists()


# Who sees what.


@pytest.mark.parametrize(
    ("seen_by", "readers"),
    [
        (Seen.FACILITATORS, ["facilitator"]),
        (Seen.CO_CHAIRS, ["facilitator", "co_chair_a", "co_chair_b"]),
        (Seen.MEMBERS, ["facilitator", "co_chair_a", "co_chair_b", "member_a"]),
    ],
)
def test_who_answered_what_is_seen_by_facilitators_and_by_others_as_the_poll_says(made, seen_by, readers):
    poll = poll_of(made, seen_by=seen_by)
    says(made.member_b, poll, YES, NO, MAYBE, note="By the night train")

    roles = ("facilitator", "co_chair_a", "co_chair_b", "member_a")
    seen = [role for role in roles if "By the night train" in page_of(poll, made.people[role])]
    told_why = [role for role in roles if "What suits both sides best" in page_of(poll, made.people[role])]

    assert seen == told_why == readers


def test_everybody_reads_their_own_answer(made):
    poll = poll_of(made, seen_by=Seen.FACILITATORS)
    says(made.member_b, poll, YES, NO, MAYBE, note="By the night train")

    assert "By the night train" in page_of(poll, made.member_b)


def test_who_has_left_is_neither_asked_nor_counted(made):
    poll = poll_of(made)
    says(made.member_b, poll, YES, YES, YES, note="By the night train")
    end_membership(seat_of(made, "member_b"), by=made.co_chair_b)

    page = page_of(poll, made.facilitator)

    assert "0 of 5 have answered" in page
    assert "By the night train" not in page
    assert signed_in(made.member_b).get(reverse("poll", args=[poll.public_id])).status_code == 404


def test_an_answer_given_by_telephone_is_recorded_and_told_to_the_person(made):
    poll = poll_of(made)
    sent = typed(poll, YES, NO, MAYBE, person=seat_of(made, "member_a").public_id)

    signed_in(made.facilitator).post(reverse("enter_answer", args=[poll.public_id]), sent)

    answer = PollAnswer.objects.get()
    assert (answer.person, answer.entered_by) == (made.member_a, made.facilitator)
    assert Entry.objects.filter(kind="poll.answer_entered", facts__person=made.member_a.public_id).count() == 1
    assert told("answer_entered") == ["member-a@example.org"]
    assert "as you said it by" in page_of(poll, made.member_a)


def test_ones_own_answer_takes_the_place_of_one_that_was_entered(made):
    poll = poll_of(made)
    choices = dict.fromkeys(poll.slots.all(), NO)
    enter_answer(poll, person=made.member_a, choices=choices, by=made.facilitator)

    says(made.member_a, poll, YES, YES, YES)

    assert PollAnswer.objects.get().entered_by is None
    assert words_of(made.member_a, poll) == [YES, YES, YES]


# By a link, without sign-in.


def allowed(made, is_allowed: bool = True) -> None:
    set_customs(made.programme, answers_by_link=is_allowed, countries={}, by=made.facilitator)


def by_link(made, poll: Poll) -> str:
    allowed(made)
    return address_for(poll, made.member_a)


def test_no_link_is_sent_unless_the_programme_allows_it(made):
    poll = poll_of(made)
    mail = Delivery.objects.get(kind="meetings.poll_opened", reader=made.member_a)

    before = write(mail).text
    allowed(made)
    after = write(mail).text

    assert ("/answer/" in before, "/answer/" in after) == (False, True)
    assert poll.title not in after  # safe mail


def test_a_link_shows_the_dates_and_writes_only_by_its_button(made):
    poll = poll_of(made)
    where = by_link(made, poll)

    shown = Client().get(where)
    assert not PollAnswer.objects.exists()
    kept = Client().post(where, typed(poll, YES, NO, MAYBE))

    assert (shown.status_code, kept.status_code) == (200, 200)
    assert [word in shown.content.decode() for word in (poll.title, "Water", "Member A")] == [False] * 3
    assert "Your answer is kept" in kept.content.decode()
    assert words_of(made.member_a, poll) == [YES, NO, MAYBE]


def test_a_link_opens_nothing_once_it_is_not_allowed_or_the_person_has_left_or_it_was_changed(made):
    poll = poll_of(made)
    where = by_link(made, poll)

    opened = [Client().get(where).status_code, Client().get(where[:-3] + "xx/").status_code]
    allowed(made, False)
    opened.append(Client().get(where).status_code)
    allowed(made)
    end_membership(seat_of(made, "member_a"), by=made.co_chair_a)
    opened.append(Client().get(where).status_code)

    assert opened == [200, 404, 404, 404]


def test_a_link_to_a_poll_that_is_over_says_so(made):
    poll = poll_of(made)
    where = by_link(made, poll)
    cancel_poll(poll, by=made.facilitator)

    answer = Client().post(where, typed(poll, YES, YES, YES))

    assert "This poll takes no answers any more" in answer.content.decode()
    assert not PollAnswer.objects.exists()


# Opening one.


def sheet(**typed_in: str) -> dict[str, str]:
    first = timezone.localdate() + timedelta(days=30)
    kept = {
        "poll-title": "Fourth round",
        "poll-zone": "Asia/Tbilisi",
        "poll-deadline_day": (timezone.localdate() + timedelta(days=9)).isoformat(),
        "poll-deadline_hour": "18:00",
        "poll-seen_by": "members",
        "slots-TOTAL_FORMS": "4",
        "slots-INITIAL_FORMS": "0",
    }
    for n in range(3):
        day = (first + timedelta(days=n)).isoformat()
        kept |= {f"slots-{n}-day": day, f"slots-{n}-begins": "10:00", f"slots-{n}-finishes": "12:30"}
    return kept | typed_in


def opens(made, **typed_in: str):
    return signed_in(made.co_chair_a).post(reverse("open_poll", args=[made.group.public_id]), sheet(**typed_in))


def test_a_co_chair_opens_a_poll_with_a_quorum_and_required_people(made):
    chair = seat_of(made, "co_chair_b")

    answer = opens(
        made, **{f"poll-quorum_{made.b.public_id}": "2", "poll-required": chair.public_id, "idempotency_key": "k" * 22}
    )

    poll = Poll.objects.get()
    assert answer.status_code == 302
    assert list(poll.quorums.values_list("side", "needed")) == [(made.b.pk, 2)]
    assert list(poll.required.all()) == [chair]
    assert [slot.ends - slot.starts for slot in poll.slots.all()] == [timedelta(hours=2, minutes=30)] * 3


def test_a_form_sent_twice_opens_one_poll(made):
    for _press in range(2):
        opens(made, idempotency_key="k" * 22)

    assert Poll.objects.count() == 1


@pytest.mark.parametrize(
    ("typed_in", "sentence"),
    [
        ({"slots-2-day": "", "slots-2-begins": "", "slots-2-finishes": ""}, "Date 3, Day: This field is required."),
        ({"slots-1-finishes": "09:00"}, "Date 2, Ends: The meeting ends before it begins."),
        ({"slots-1-day": "2001-01-01"}, "Date 2, Day: This moment has passed."),
        ({"poll-deadline_day": "2099-01-01"}, "Answers until: Answers come too late then"),
        ({"poll-deadline_day": "2001-01-01"}, "Answers until: This moment has passed."),
        ({"poll-deadline_hour": "6 pm"}, "Hour: Give the hour as 24 hours and minutes"),
        ({"poll-title": ""}, "What the meeting is about: This field is required."),
    ],
)
def test_what_does_not_fit_is_said_with_its_field_and_nothing_is_lost(made, typed_in, sentence):
    page = opens(made, **typed_in).content.decode()

    assert sentence in page
    assert 'value="12:30"' in page
    assert not Poll.objects.exists()


def test_a_date_given_twice_and_too_large_a_quorum_are_refused(made):
    same = {f"slots-1-{name}": sheet()[f"slots-0-{name}"] for name in ("day", "begins", "finishes")}

    page = opens(made, **same, **{f"poll-quorum_{made.a.public_id}": "9"}).content.decode()

    assert "This date stands here twice." in page
    assert "Only 3 sit for this side. Give a smaller number." in page


def test_one_more_line_for_a_date_comes_without_scripts_and_keeps_what_was_typed(made):
    page = opens(made, more_slots="1").content.decode()

    assert 'name="slots-4-day"' in page
    assert "Fourth round" in page
    assert not Poll.objects.exists()


# What the database itself refuses.


def test_the_database_refuses_what_no_poll_may_be(made):
    poll = poll_of(made)
    slot, now = poll.slots.first(), timezone.now()
    quorum = {"poll": poll, "side": made.a, "needed": 1}
    Quorum.objects.create(**quorum)
    answer = says(made.member_a, poll, YES, YES, YES)
    kept = {"poll": poll, "person": made.member_a}
    wrong = {
        "poll_ends_after_it_opens": lambda: Poll.objects.filter(pk=poll.pk).update(deadline=poll.opened_at),
        "poll_is_closed_with_its_choice": lambda: Poll.objects.filter(pk=poll.pk).update(chosen=slot),
        "slot_ends_after_it_starts": lambda: Slot.objects.create(poll=poll, starts=now, ends=now),
        "slot_once_in_a_poll": lambda: Slot.objects.create(poll=poll, starts=slot.starts, ends=slot.ends),
        "one_quorum_of_a_side_in_a_poll": lambda: Quorum.objects.create(**quorum),
        "one_answer_of_a_person_to_a_poll": lambda: PollAnswer.objects.create(**kept),
        "one_choice_of_an_answer_for_a_slot": lambda: answer.choices.create(slot=slot, word=NO),
    }

    refused = {}
    for name, act in wrong.items():
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            act()
        refused[name] = str(error.value)

    # SQLite names the columns of a constraint that wants something to be there once.
    columns = ["slot.poll_id", "quorum.poll_id", "pollanswer.poll_id", "slotchoice.answer_id"]
    named = [name for name, said in refused.items() if name in said or any(column in said for column in columns)]
    assert named == list(wrong)


# What a page costs.


@pytest.mark.parametrize(("count", "answers"), [(3, 1), (3, 3), (15, 6)])
def test_a_poll_asks_as_often_for_many_dates_and_answers_as_for_few(made, count, answers, django_assert_num_queries):
    poll = poll_of(made, count=count)
    for role in ("member_a", "member_b", "co_chair_a", "co_chair_b", "deputy_a", "member_c")[:answers]:
        says(made.people[role], poll, *[YES] * count)
    browser = signed_in(made.facilitator)
    where = reverse("poll", args=[poll.public_id])
    browser.get(where)

    with django_assert_num_queries(POLL_QUERIES):
        browser.get(where)


def test_a_poll_of_fifty_people_and_fifteen_dates_asks_no_more_often(made, django_assert_num_queries):
    poll, slots = poll_of(made, count=15), 15
    people = User.objects.bulk_create(User(email=f"p{n}@example.org", name=f"Person {n:02}") for n in range(44))
    Participant.objects.bulk_create(
        Participant(programme=made.programme, person=person, side=(made.a, made.b)[n % 2])
        for n, person in enumerate(people)
    )
    Membership.objects.bulk_create(
        Membership(group=made.group, person=person, side=(made.a, made.b)[n % 2], role=Role.MEMBER, seat=Seat.OPEN)
        for n, person in enumerate(people)
    )
    answers = PollAnswer.objects.bulk_create(PollAnswer(poll=poll, person=person) for person in people)
    SlotChoice.objects.bulk_create(
        SlotChoice(answer=answer, slot=slot, word=YES) for answer in answers for slot in poll.slots.all()
    )
    browser, where = signed_in(made.facilitator), reverse("poll", args=[poll.public_id])
    browser.get(where)

    with django_assert_num_queries(POLL_QUERIES):
        page = browser.get(where).content.decode()

    assert page.count("Yes") == 44 * slots


POLL_QUERIES = 13
