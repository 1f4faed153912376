"""Around a meeting: drafts, overlaps, the agenda from open matters, the link, needs, passports, letters."""

import subprocess
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from groups.actions import seat
from groups.models import Role
from meetings.actions import (
    DOORS_OPEN,
    FORGET_PARTICULARS,
    IsOver,
    Point,
    announce_draft,
    answer_meeting,
    cancel_meeting,
    change_meeting,
    give_particulars,
)
from meetings.actions.particulars import forget_particulars
from meetings.letters import Lacking, letter_input, letter_pdf
from meetings.models import Answer, Meeting, MeetingCustoms, Mode, Particulars, SideCountry
from meetings.overlaps import overlaps_of
from meetings.suggestions import chosen, suggestions_for
from parley.audit.models import Entry
from parley.desk.late import late_in
from parley.desk.turns import turns_of
from parley.notifications.models import Due, Notice
from parley.notifications.topics import channels_for
from reports.actions.brackets import open_bracket
from reports.actions.comments import start_thread
from reports.models import Voice
from reports.text.places import Quote
from tests.factories import passage_of
from tests.factories.browsers import signed_in

from .test_meetings import meeting_of

pytestmark = pytest.mark.django_db

PASSPORT = {"passport_name": "MEMBER ALPHA", "nationality": "Northern", "passport_number": "QX771940"}


def page_of(meeting: Meeting, person) -> str:
    return signed_in(person).get(reverse("meeting", args=[meeting.public_id])).content.decode()


# Drafts.


def test_a_draft_is_seen_by_those_who_prepare_it_and_told_to_nobody(made):
    draft = meeting_of(made, draft=True)
    where = reverse("meeting", args=[draft.public_id])

    roles = ("facilitator", "co_chair_a", "co_chair_b", "deputy_a", "member_a", "member_b", "observer")
    answers = {role: signed_in(made.people[role]).get(where).status_code for role in roles}
    topics = {role: channels_for(made.people[role], draft.topic()) for role in ("co_chair_b", "member_b")}

    assert [role for role, status in answers.items() if status == 200] == ["facilitator", "co_chair_a", "co_chair_b"]
    assert set(answers.values()) == {200, 404}
    assert topics == {"co_chair_b": [draft.topic()], "member_b": None}
    assert not Notice.objects.filter(kind__startswith="meetings.").exists()
    assert [card.what for card in turns_of(made.co_chair_a) if str(draft) in card.what] == []
    assert [line.what for line in late_in([made.programme.pk]) if line.what == str(draft)] == []


def test_a_draft_may_lack_its_place_and_is_announced_only_with_it(made):
    draft = meeting_of(made, draft=True, mode=Mode.IN_PERSON, venue="", link="")
    browser, where = signed_in(made.co_chair_a), reverse("announce_draft", args=[draft.public_id])

    refused = browser.post(where)
    change_meeting(draft, venue="A pier", by=made.co_chair_a)
    announced = browser.post(where)

    draft.refresh_from_db()
    assert "Say where you meet." in refused.content.decode()
    assert (announced.status_code, draft.is_draft) == (302, False)
    assert Notice.objects.filter(kind="meetings.announced").count() == 6


def test_a_draft_is_kept_by_its_button_and_given_up_without_a_word(made):
    sent = {"title": "Perhaps", "mode": "online", "day": "2031-05-06", "begins": "09:00", "finishes": "12:00"}
    browser = signed_in(made.co_chair_a)

    browser.post(reverse("announce_meeting", args=[made.group.public_id]), {**sent, "zone": "UTC", "draft": "1"})
    draft = Meeting.objects.get()
    cancel_meeting(draft, because="It was nothing.", by=made.co_chair_a)

    draft.refresh_from_db()
    assert (draft.is_draft, draft.is_cancelled) == (True, True)
    assert not Notice.objects.filter(kind__startswith="meetings.").exists()


def test_a_draft_whose_moment_has_passed_is_not_announced(made):
    draft = meeting_of(made, draft=True)

    with time_machine.travel(draft.starts + timedelta(minutes=1)), pytest.raises(IsOver):
        announce_draft(draft, by=made.facilitator)


def test_the_database_lets_a_draft_alone_be_without_a_place(made):
    draft = meeting_of(made, draft=True, mode=Mode.IN_PERSON, venue="", link="")

    with pytest.raises(IntegrityError, match="meeting_in_person_has_a_venue"), transaction.atomic():
        Meeting.objects.filter(pk=draft.pk).update(announced_at=timezone.now())


# Online: the link a quarter of an hour before.


def test_the_link_and_the_number_are_shown_from_a_quarter_of_an_hour_before(made):
    meeting = meeting_of(made, mode=Mode.ONLINE, venue="", dial_in="+995 555 0100, code 77")

    shown = []
    for before in (timedelta(minutes=16), timedelta(minutes=14)):
        with time_machine.travel(meeting.starts - before):
            page = page_of(meeting, made.member_a)
            shown.append(("meet.example/three" in page, "+995 555 0100" in page))

    assert shown == [(False, False), (True, True)]
    assert Due.objects.get(kind=DOORS_OPEN).at == meeting.starts - timedelta(minutes=15)


# The same people elsewhere at the same time.


def test_another_meeting_of_the_same_people_is_shown_to_whoever_sees_that_meeting(made):
    here = meeting_of(made)
    seat(group=made.other_group, person=made.member_a, role=Role.MEMBER, side=made.a, by=made.other_group_member)
    there = meeting_of(made, title="Roads at once", starts=here.starts + timedelta(hours=1))
    Meeting.objects.filter(pk=there.pk).update(group=made.other_group)

    found = overlaps_of(made.group, here.starts, here.ends, made.facilitator, but=here)

    assert [(o.meeting.title, [s.person for s in o.people]) for o in found] == [("Roads at once", [made.member_a])]
    assert overlaps_of(made.group, here.starts, here.ends, made.co_chair_b, but=here) == []
    assert "Roads at once" in page_of(here, made.facilitator)
    assert "Roads at once" not in page_of(here, made.co_chair_b)


def test_meetings_that_only_touch_do_not_overlap(made):
    first = meeting_of(made)
    meeting_of(made, title="Next", starts=first.ends, ends=first.ends + timedelta(hours=1))

    assert overlaps_of(made.group, first.starts, first.ends, made.facilitator, but=first) == []


# The agenda.


def test_an_agenda_is_built_from_what_is_open_in_tabled_texts(made):
    open_bracket(passage=made.joint, quote=Quote("one river"), reason="We see two.", by=made.member_b)
    start_thread(passage=made.joint, kind="question", source="Why?", own_side_only=False, by=made.member_b)
    meeting = meeting_of(made)
    keys = [each.key for sort in suggestions_for(made.group) for each in sort.suggestions]

    signed_in(made.co_chair_b).post(reverse("build_agenda", args=[meeting.public_id]), {"point": keys})

    titles = [line.title for line in meeting.agenda.all()]
    where = f"{made.document} · {made.section.title}"
    assert titles == [
        f"Bracket of Southland: [one river], {where}",
        f"View of Northland without a reply, {where}",
        f"Comment (question), {where}",
    ]
    assert all(line.paper.startswith("/") for line in meeting.agenda.all())


def test_a_caucus_neither_adds_a_point_nor_takes_one_away(made):
    before = chosen(suggestions_for(made.group), [made.view_a.public_id])
    start_thread(passage=made.joint, kind="fact", source="No.", own_side_only=True, by=made.member_a)
    passage_of(made.section, made.member_b, "We reply.", voice=Voice.REPLY, side=made.b, answers=made.view_a)

    after = suggestions_for(made.group)

    assert len(before) == 1
    assert [each.key for sort in after for each in sort.suggestions] == [made.view_a.public_id]


def test_an_agenda_says_when_each_point_begins_as_far_as_it_is_known(made):
    meeting = meeting_of(
        made, agenda=[Point("River", "Ani", 45, "https://example.org/map.pdf"), Point("Weir"), Point("End")]
    )
    begins = timezone.localtime(meeting.starts, timezone.get_fixed_timezone(240))

    page = page_of(meeting, made.member_a)

    hours = [f"<b>{begins + timedelta(minutes=minutes):%H:%M}</b>" for minutes in (0, 45)]
    assert [page.count(hour) for hour in hours] == [1, 1]
    assert 'href="https://example.org/map.pdf"' in page


# Needs and passports.


def test_needs_and_passports_are_read_by_the_person_and_the_facilitators_alone(made):
    meeting = meeting_of(made)
    give_particulars(meeting, said=PASSPORT, by=made.member_a)
    where = reverse("travel", args=[meeting.public_id])

    roles = ("facilitator", "co_chair_a", "co_chair_b", "member_a", "member_b")
    readers = [role for role in roles if "QX771940" in signed_in(made.people[role]).get(where).content.decode()]

    assert readers == ["facilitator", "member_a"]


def test_what_is_said_with_the_answer_stands_beside_what_is_said_of_the_journey(made):
    meeting = meeting_of(made)
    give_particulars(meeting, said=PASSPORT, by=made.member_a)
    answer_meeting(meeting, coming=Answer.Coming.YES, needs="No stairs", by=made.member_a)
    give_particulars(meeting, said={"nationality": ""}, by=made.member_a)

    held = Particulars.objects.get().held

    assert held == {"passport_name": "MEMBER ALPHA", "passport_number": "QX771940", "needs": "No stairs"}
    assert "QX771940" not in Particulars.objects.get().sealed


def test_thirty_days_after_the_meeting_all_of_it_is_deleted(made):
    meeting = meeting_of(made)
    give_particulars(meeting, said=PASSPORT, by=made.member_a)
    due = Due.objects.get(kind=FORGET_PARTICULARS)

    forget_particulars(due.key)
    forget_particulars(due.key)

    assert due.at == meeting.ends + timedelta(days=30)
    assert not Particulars.objects.exists()
    assert Entry.objects.filter(kind="meeting.particulars_deleted").count() == 1


def test_of_a_cancelled_meeting_it_is_deleted_thirty_days_after_the_cancellation(made):
    meeting = meeting_of(made)
    cancel_meeting(meeting, because="Snow.", by=made.facilitator)

    due = Due.objects.get(kind=FORGET_PARTICULARS)

    meeting.refresh_from_db()
    assert due.at == meeting.cancelled_at + timedelta(days=30)


@pytest.mark.parametrize(("born", "sentence"), [("2099-01-01", "This is no date of birth."), ("x", "1971-11-28")])
def test_a_day_of_birth_that_is_none_is_said_at_its_field(made, born, sentence):
    meeting = meeting_of(made)

    page = signed_in(made.member_a).post(reverse("travel", args=[meeting.public_id]), {"born": born}).content.decode()

    assert sentence in page
    assert not Particulars.objects.exists()


# Letters.


def test_a_letter_for_a_visa_names_what_it_needs_and_lacks(made):
    meeting = meeting_of(made)
    give_particulars(meeting, said=PASSPORT | {"nationality": ""}, by=made.member_a)

    with pytest.raises(Lacking, match="“Nationality”"):
        letter_pdf(meeting, kind="visa", person=made.member_a)


def test_a_letter_of_invitation_says_nothing_of_the_passport(made):
    meeting = meeting_of(made, per_diem="The host pays.")
    give_particulars(meeting, said=PASSPORT, by=made.member_a)

    said = repr(letter_input(meeting, kind="invitation", person=made.member_a))

    assert "The Hosting Foundation invites Member A to the meeting “Third meeting”" in said
    assert "The host pays." in said
    assert "QX771940" not in said


def test_letters_are_made_as_pdf_for_oneself_and_by_facilitators_for_anybody(made):
    meeting = meeting_of(made)
    give_particulars(meeting, said=PASSPORT, by=made.member_a)
    where = reverse("letter", args=[meeting.public_id])
    sent = {"kind": "visa", "person": made.membership("member_a").public_id}

    by_facilitator = signed_in(made.facilitator).post(where, sent)
    by_another = signed_in(made.member_b).post(where, sent)

    text = subprocess.run(["pdftotext", "-", "-"], input=by_facilitator.content, capture_output=True, check=True).stdout
    assert (by_facilitator["Content-Type"], b"QX771940" in text) == ("application/pdf", True)
    assert by_another.status_code == 302  # their own, which lacks a passport
    made_letters = Entry.objects.filter(kind="meeting.letter_made").values_list("facts__person", "facts__letter")
    assert list(made_letters) == [(made.member_a.public_id, "visa")]


# Customs of a programme.


def test_customs_are_set_by_facilitators_and_recorded(made):
    sent = {"answers_by_link": "on", f"country_{made.a.public_id}": "AM", f"country_{made.b.public_id}": ""}

    signed_in(made.facilitator).post(reverse("meeting_customs", args=[made.programme.public_id]), sent)

    assert MeetingCustoms.objects.get().answers_by_link is True
    assert list(SideCountry.objects.values_list("side", "country")) == [(made.a.pk, "AM")]
    assert Entry.objects.filter(kind="programme.meeting_customs").count() == 1
