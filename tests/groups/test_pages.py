"""The pages of a group: what they show to whom, what they ask the database, what they refuse."""

import datetime as dt

import pytest
from django.urls import reverse

from groups.actions import add_milestone, change_milestone, end_membership, invite, propose, seat, turn_key
from groups.models import Membership, Milestone, Motion, Role, ThematicGroup
from parley.notifications import topics
from parley.notifications.models import Notice
from parley.notifications.safe_mail import allows_full_words
from parley.programmes.models import Programme
from tests.factories import PersonFactory, World

from .hands import words_of
from .kinds import NAME, sha256_of

pytestmark = pytest.mark.django_db

# Each page's queries, whatever stands on it (upper layers' panels left out).
GROUP, PEOPLE, INVITED, LEDGER = 6, 9, 10, 9


@pytest.fixture(autouse=True)
def _own_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents and meetings are upper layers' to test."""
    from groups import panels

    monkeypatch.setattr(panels, "_panels", [])


def at(name: str, made: World) -> str:
    return reverse(name, kwargs={"group": made.group.public_id})


def add_people(made: World, count: int) -> None:
    for _person in range(count):
        seat(group=made.group, person=PersonFactory(), role=Role.MEMBER, side=made.b, by=made.co_chair_b)


def add_motions(made: World, count: int) -> None:
    for number in range(count):
        purpose = f"Purpose {number}"
        sha256 = sha256_of(made.group, purpose)
        motion = propose(NAME, made.group.public_id, sha256=sha256, facts={"purpose": purpose}, by=made.co_chair_a)
        turn_key(motion, sha256=sha256, by=made.co_chair_b)


def add_invitations(made: World, count: int) -> None:
    for number in range(count):
        invite(
            programme=made.programme,
            group=made.group,
            role=Role.OBSERVER,
            email=f"guest{number}@example.org",
            by=made.facilitator,
        )


def add_lines(made: World, count: int) -> None:
    for number in range(count):
        add_milestone(group=made.group, title=f"Line {number}", due=dt.date(2027, 1, 1), by=made.facilitator)


@pytest.mark.parametrize("rows", [1, 3, 30])
@pytest.mark.parametrize(
    ("name", "role", "add", "queries"),
    [
        ("group", "member_a", add_people, GROUP),
        ("group", "member_a", add_lines, GROUP),
        ("group_people", "member_a", add_people, PEOPLE),
        ("group_people", "facilitator", add_invitations, INVITED),
        ("motions", "member_a", add_motions, LEDGER),
    ],
)
def test_a_list_asks_the_same_of_the_database_for_one_row_and_for_thirty(
    seated: World, as_, django_assert_num_queries, rows: int, name: str, role: str, add, queries: int
):
    add(seated, rows)
    client = as_(role)
    client.get(at(name, seated))

    with django_assert_num_queries(queries):
        client.get(at(name, seated))


def test_an_observer_sees_how_many_people_there_are_not_who(seated: World, as_):
    words = words_of(as_("observer").get(at("group", seated)))

    assert "Work plan" in words
    assert not [name for name in ("Co Chair A", "Member A", "Member B") if name in words]
    assert as_("observer").get(at("group_people", seated)).status_code == 403


def test_a_member_sees_every_seating_and_ending(seated: World, as_):
    end_membership(seated.membership("member_c"), by=seated.co_chair_b)

    words = words_of(as_("member_a").get(at("group_people", seated)))

    assert "Member C, member, Southland: the seat ended" in words
    assert "Confirmed by nobody: no co-chair acted here then." in words


def test_a_vacant_seat_says_since_when(seated: World, as_):
    end_membership(seated.membership("co_chair_b"), by=seated.co_chair_b)

    words = words_of(as_("member_a").get(at("group", seated)))

    assert "Waiting for Southland" in words
    assert "Vacant" in words


def test_no_page_of_the_group_shows_an_address(seated: World, as_):
    seat(group=seated.group, person=PersonFactory(name=""), role=Role.MEMBER, side=seated.a, by=seated.co_chair_a)

    pages = [as_("member_b").get(at(name, seated)).content.decode() for name in ("group", "group_people")]

    assert not [words for words in pages if "@example.org" in words]


def test_what_waits_for_a_co_chair_is_said_first(seated: World, as_):
    seat(group=seated.group, person=PersonFactory(name="Gohar"), role=Role.MEMBER, side=seated.a, by=seated.facilitator)

    mine, others = (as_(role).get(at("group", seated)).content.decode() for role in ("co_chair_a", "co_chair_b"))

    assert "Gohar is proposed as member for Northland" in mine
    assert "Gohar" not in others


def test_whoever_leaves_loses_the_group_at_once(seated: World, as_):
    client = as_("member_a")
    before = client.get(at("group", seated)).status_code

    client.post(reverse("seat_end", kwargs={"membership": seated.membership("member_a").public_id}))

    assert [before, client.get(at("group", seated)).status_code] == [200, 404]


def test_the_check_page_ends_nothing(seated: World, as_):
    address = reverse("seat_end", kwargs={"membership": seated.membership("member_a").public_id})

    words = words_of(as_("co_chair_a").get(address))

    assert "What happens at once" in words
    assert seated.membership("member_a").is_open


def test_the_work_plan_is_kept_by_co_chairs_and_facilitators(seated: World, as_):
    client = as_("co_chair_a")
    client.post(at("milestone_add", seated), {"title": "First draft", "due": "2027-03-01", "responsible": "Ani"})
    line = Milestone.objects.get()

    client.post(
        reverse("milestone_change", kwargs={"milestone": line.public_id}), {"title": "Draft", "due": "2027-04-01"}
    )
    client.post(reverse("milestone_complete", kwargs={"milestone": line.public_id}), {"done": "yes"})
    line.refresh_from_db()
    refused = as_("member_a").post(reverse("milestone_remove", kwargs={"milestone": line.public_id})).status_code
    client.post(reverse("milestone_remove", kwargs={"milestone": line.public_id}))

    assert (line.title, line.due, line.responsible, bool(line.done_at)) == ("Draft", dt.date(2027, 4, 1), "", True)
    assert refused == 403
    assert not Milestone.objects.exists()


def test_a_form_sent_twice_adds_one_line(seated: World, as_):
    sent = {"title": "First draft", "due": "2027-03-01", "idempotency_key": "k" * 22}

    for _press in range(2):
        as_("co_chair_a").post(at("milestone_add", seated), sent)

    assert Milestone.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"title": "\u200b\u200d", "due": "2027-03-01"},
        {"title": "A\vB", "due": "2027-03-01"},
        {"title": "A\x00B", "due": "2027-03-01"},
        {"title": "A\u202eB", "due": "2027-03-01"},
        {"title": "x" * 201, "due": "2027-03-01"},
        {"title": "Year one", "due": "0001-01-01"},
        {"title": "Year 9999", "due": "9999-12-31"},
        {"title": "No day", "due": "soon"},
        {"title": "", "due": ""},
    ],
)
def test_a_line_that_cannot_stand_gets_a_sentence(seated: World, as_, sent: dict):
    answered = as_("co_chair_a").post(at("milestone_add", seated), sent)

    assert answered.status_code == 200
    assert b"There is a problem" in answered.content
    assert not Milestone.objects.exists()


def test_a_group_is_founded_once_by_that_name_and_a_conference_once(seated: World, as_):
    address = reverse("group_found", kwargs={"programme": seated.programme.public_id})
    client = as_("facilitator")

    answers = [
        client.post(address, {"name": name, "kind": kind}).status_code
        for name, kind in [("Trust", "thematic"), ("Trust", "platform"), ("All", "conference"), ("More", "conference")]
    ]

    assert answers == [302, 200, 302, 200]
    assert set(ThematicGroup.objects.values_list("name", flat=True)) == {"Water", "Roads", "Trust", "All"}


def test_a_deputy_is_appointed_for_whole_days_of_the_co_chairs_zone(seated: World, as_):
    seated.co_chair_a.time_zone = "Asia/Yerevan"
    seated.co_chair_a.save()
    address = reverse("deputy_appoint", kwargs={"membership": seated.membership("member_a").public_id})

    as_("co_chair_a").post(address, {"starts": "2098-03-01", "ends": "2098-03-02"})

    deputy = seated.membership("member_a").deputyships.get()
    assert (deputy.starts.isoformat(), deputy.ends.isoformat()) == (
        "2098-02-28T20:00:00+00:00",
        "2098-03-02T19:59:59+00:00",
    )


@pytest.mark.parametrize(
    "sent",
    [
        {"starts": "2098-03-02", "ends": "2098-03-01"},
        {"starts": "2020-03-01", "ends": "2020-03-02"},
        {"starts": "2098-01-01", "ends": "2099-12-31"},
        {"starts": "0001-01-01", "ends": "9999-12-31"},
        {},
    ],
)
def test_a_deputyship_that_cannot_be_gets_a_sentence(seated: World, as_, sent: dict):
    address = reverse("deputy_appoint", kwargs={"membership": seated.membership("member_a").public_id})

    answered = as_("co_chair_a").post(address, sent)

    assert answered.status_code == 200
    assert not seated.membership("member_a").deputyships.exists()


def test_a_seat_is_confirmed_by_a_button_with_a_second_factor(seated: World, as_):
    proposed = seat(group=seated.group, person=PersonFactory(), role=Role.MEMBER, side=seated.a, by=seated.facilitator)
    address = reverse("seat_confirm", kwargs={"membership": proposed.public_id})

    unproved = as_("co_chair_a", proved=False).post(address).status_code
    before = Membership.objects.get(pk=proposed.pk).is_open
    as_("co_chair_a").post(address)

    assert (unproved, before, Membership.objects.get(pk=proposed.pk).is_open) == (302, False, True)


def test_a_side_decides_on_its_own_page(seated: World, as_):
    kwargs = {"membership": seated.membership("member_a").public_id, "kind": "successor"}
    answered = as_("member_a").post(reverse("succession_ask", kwargs=kwargs))
    page = answered["Location"]

    seen = {role: as_(role).get(page).status_code for role in ("co_chair_a", "deputy_a", "co_chair_b", "facilitator")}
    as_("deputy_a").post(f"{page}confirm/")

    assert seen == {"co_chair_a": 200, "deputy_a": 200, "co_chair_b": 404, "facilitator": 404}
    assert seated.membership("member_a").role == Role.CO_CHAIR


def test_an_open_page_watches_its_group_and_the_own_side_of_it(seated: World):
    topic = f"group:{seated.group.public_id}"

    heard = {role: topics.channels_for(seated.people[role], topic) for role in ("member_a", "facilitator", "outsider")}

    assert heard == {
        "member_a": [topic, f"{topic}:side:{seated.a.public_id}"],
        "facilitator": [topic],
        "outsider": None,
    }


def test_mail_says_what_it_is_about_only_where_safe_mail_is_off(made: World):
    subjects = [made.group, made.membership("member_a"), made.document, made.view_a]
    safe = [allows_full_words(subject, made.member_a) for subject in subjects]

    Programme.objects.update(safe_mail=False)

    fresh = [type(subject).objects.get(pk=subject.pk) for subject in subjects]
    assert safe == [False, False, False, False]
    assert [allows_full_words(subject, made.member_a) for subject in fresh] == [True, True, True, True]
    assert not allows_full_words(Motion, made.member_a)


def test_a_day_of_the_work_plan_that_moves_is_told_to_all_others(seated):
    line = add_milestone(group=seated.group, title="First draft", due=dt.date(2027, 3, 1), by=seated.facilitator)

    change_milestone(line, title="Draft one", due=dt.date(2027, 3, 1), responsible="", by=seated.co_chair_a)
    before = Notice.objects.filter(kind="groups.plan_moved").count()
    change_milestone(line, title="Draft one", due=dt.date(2027, 4, 1), responsible="", by=seated.co_chair_a)

    told = set(Notice.objects.filter(kind="groups.plan_moved").values_list("reader", flat=True))
    seats = seated.group.memberships.acting().values_list("person", flat=True)
    assert before == 0
    assert told == ({*seats, seated.facilitator.pk} - {seated.co_chair_a.pk})


def test_the_form_of_a_line_says_how_many_are_told_before_its_day_is_moved(seated, as_):
    line = add_milestone(group=seated.group, title="First draft", due=dt.date(2027, 3, 1), by=seated.facilitator)
    others = seated.group.memberships.acting().count()

    page = as_("facilitator").get(reverse("milestone_change", kwargs={"milestone": line.public_id})).content.decode()

    assert f"If you move the day, {others} people are told" in page


def test_a_group_without_key_holders_leads_its_facilitator_to_inviting_them(seated, as_):
    address = reverse("group", kwargs={"group": seated.other_group.public_id})
    invite_there = reverse("invite", kwargs={"group": seated.other_group.public_id})
    for chair in seated.other_group.memberships.acting():
        end_membership(chair, by=seated.facilitator)

    page = as_("facilitator").get(address).content.decode()

    assert f'<a class="button" href="{invite_there}">Invite somebody</a>' in page
