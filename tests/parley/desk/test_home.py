"""Home says whose turn it is."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from groups.actions import add_milestone, ask_for_succession, complete_milestone, invite, propose, turn_key
from groups.models import Invitation, Motion, Role, Seat, SuccessionKind
from meetings.actions import answer_meeting
from meetings.models import Answer, Mode
from parley.accounts.second_factor import has_one
from parley.desk.late import late_in
from parley.desk.news import news_of
from parley.desk.turns import turns_of
from parley.notifications.models import Delivery, DeliveryState, Notice
from reports.actions.agreement import FREEZE, SETTLE, passage_hash, text_hash
from reports.actions.brackets import CLOSE, closing_facts, closing_hash, make_alternative, open_bracket
from reports.actions.comments import start_thread
from reports.models import Document, DocumentState, FinalText, Outcome, Passage, Voice
from reports.text import markup
from reports.text.places import Quote
from tests.factories import passage_of
from tests.meetings.test_meetings import meeting_of
from tests.parley.accounts.hands import give_app
from tests.reports.checking import let_stand
from tests.reports.drafting.hands import hand_pen

pytestmark = pytest.mark.django_db


def verbs(person) -> list[str]:
    return [card.what for card in turns_of(person)]


def settled(passage: Passage, made) -> None:
    chair = made.co_chair_b if passage.side == made.b else made.co_chair_a
    sha256 = passage_hash(passage, {})
    motion = propose(SETTLE.name, passage.public_id, sha256=sha256, by=chair)
    if motion.state == Motion.State.OPEN:
        turn_key(motion, sha256=sha256, by=made.co_chair_b)


def lateness(made) -> list[tuple[str, str, str]]:
    return [(one.what, one.word, one.who) for one in late_in([made.programme.pk])]


def browser_of(person) -> Client:
    client = Client()
    if not has_one(person):
        give_app(person)
    client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_a_key_that_is_wanted_waits_for_the_side_that_has_not_turned_it(made):
    propose(SETTLE.name, made.joint.public_id, sha256=passage_hash(made.joint, {}), by=made.co_chair_a)

    assert "Settle a passage" in verbs(made.co_chair_b)
    assert "Settle a passage" not in verbs(made.co_chair_a)
    assert "Settle a passage" not in verbs(made.member_b)


def test_a_tabled_view_waits_for_the_other_sides_reply_until_it_is_begun_in_caucus(made):
    from reports.models import Voice

    before = verbs(made.member_b)
    passage_of(made.section, made.member_b, "We answer.", voice=Voice.REPLY, side=made.b, answers=made.view_a)

    assert "Reply to the view of Northland" in before
    assert "Reply to the view of Northland" not in verbs(made.member_b)
    assert "Reply to the view of Northland" not in verbs(made.member_a)


def test_caucus_texts_wait_for_their_own_co_chair_only(made):
    assert any(what.startswith("Table what your side") for what in verbs(made.co_chair_a))
    assert not any(what.startswith("Table what your side") for what in verbs(made.facilitator))


def bracket_of(made, words: str = "one river", by: str = "member_a", passage: Passage | None = None):
    passage = passage or made.joint
    return open_bracket(passage=passage, quote=Quote(words), reason="Not ours.", by=made.people[by])


def test_a_bracket_waits_for_the_words_of_every_side_that_has_said_nothing(made):
    bracket = bracket_of(made)
    say = "Say what your side would say in the bracket of Northland"
    before = {who: say in verbs(made.people[who]) for who in ("member_a", "member_b", "co_chair_b")}

    make_alternative(bracket, words=markup.to_doc("two rivers"), by=made.member_b)

    after = {who: say in verbs(made.people[who]) for who in ("member_a", "member_b", "co_chair_b")}
    assert before == {"member_a": True, "member_b": True, "co_chair_b": True}
    assert after == {"member_a": True, "member_b": False, "co_chair_b": False}


def test_a_bracket_waits_for_nobody_who_speaks_for_no_side(made):
    bracket_of(made)

    waiting = [
        who
        for who in ("facilitator", "observer", "outsider", "ex_member_a", "other_group_member")
        if any("bracket" in what for what in verbs(made.people[who]))
    ]

    assert waiting == []


def test_how_a_bracket_is_closed_waits_for_the_missing_key_and_for_no_more_words(made):
    bracket = bracket_of(made)
    facts = closing_facts(Outcome.KEPT, bracket.words)

    propose(CLOSE.name, bracket.public_id, sha256=closing_hash(bracket, facts), facts=facts, by=made.co_chair_a)

    (card,) = [card for card in turns_of(made.co_chair_b) if "bracket" in card.what]
    assert (card.what, card.button) == ("Close a bracket", "Look and turn the key")
    assert "[one river]" in card.where
    assert not any("bracket" in what for what in [*verbs(made.member_b), *verbs(made.co_chair_a)])


def test_of_many_brackets_home_shows_some_of_each_group(made):
    for n in range(5):
        passage = passage_of(made.section, made.co_chair_b, f"Number {n} is one river.")
        bracket_of(made, passage=passage)

    assert len([what for what in verbs(made.member_b) if "bracket" in what]) == 3


def test_a_proposed_seat_waits_for_that_sides_co_chair(made):
    from groups.actions import seat

    membership = seat(group=made.group, person=made.outsider, role=Role.MEMBER, side=made.b, by=made.facilitator)

    assert membership.seat == Seat.PROPOSED
    assert "Confirm the seat of Outsider" in verbs(made.co_chair_b)
    assert "Confirm the seat of Outsider" not in verbs(made.co_chair_a)


def test_a_meeting_without_an_answer_waits_and_leads_the_cards_by_its_hour(made):
    meeting_of(made, mode=Mode.ONLINE, venue="")

    assert verbs(made.member_a)[0] == "Say whether you come to “Third meeting”"
    assert not any("come to" in what for what in verbs(made.observer))


def test_a_document_of_which_all_is_settled_waits_to_be_frozen_until_that_is_proposed(made):
    passages = Passage.objects.tabled_ones().filter(section__document=made.document)
    for passage in passages:
        settled(passage, made)
    let_stand(made.document, made.co_chair_a, made.co_chair_b)
    freeze = f"Freeze “{made.document}”: every passage is settled"

    before = verbs(made.co_chair_b)
    propose(FREEZE.name, made.document.public_id, sha256=text_hash(made.document, {}), by=made.co_chair_a)

    assert freeze in before
    assert freeze not in verbs(made.member_b)
    assert freeze not in verbs(made.co_chair_b)


def test_a_signed_text_waits_for_a_key_holder_to_authorise_it(made):
    text = FinalText.objects.create(document=made.document, canonical="{}", sha256="a" * 64)
    Document.objects.filter(pk=made.document.pk).update(state=DocumentState.SIGNED)
    authorise = f"Authorise the publication of “{text.document}”"

    assert authorise in verbs(made.co_chair_a)
    assert authorise in verbs(made.deputy_a)
    assert authorise not in verbs(made.member_a)
    assert authorise not in verbs(made.facilitator)


def test_a_side_that_decides_about_its_key_waits_for_those_who_have_not_said_their_word(made):
    ask_for_succession(
        kind=SuccessionKind.SUCCESSOR, membership=made.membership("member_b"), by=made.people["member_c"]
    )
    say = "Say who holds your side’s key: Member B"

    assert say in verbs(made.member_b)
    assert say in verbs(made.co_chair_b)
    assert say not in verbs(made.member_c)
    assert say not in verbs(made.member_a)


def test_what_happened_six_times_to_the_same_thing_is_one_line(made):
    for word in ("one", "two", "three"):
        start_thread(passage=made.joint, kind="question", source=word, own_side_only=False, by=made.member_b)

    news = news_of(made.co_chair_a)

    (comments,) = [one for one in news if one.line.notice.kind == "reports.commented"]
    assert comments.times == 3


def test_who_is_not_signed_in_reads_what_parley_is_and_nothing_else(made):
    page = Client().get(reverse("home")).content.decode()

    assert "Where two sides write one text" in page
    assert "Water" not in page


@pytest.mark.parametrize("count", [1, 3, 30])
def test_home_asks_as_often_for_thirty_of_everything_as_for_one(made, count):
    """Its news costs one question for each kind of notice among the seven lines: here there is one."""
    for n in range(count):
        meeting_of(made, title=f"Meeting {n}")
        bracket_of(made, f"Joint {n}", passage=passage_of(made.section, made.co_chair_b, f"Joint {n}."))
        start_thread(passage=made.joint, kind="question", source=f"Why {n}?", own_side_only=False, by=made.member_b)
    Notice.objects.exclude(kind="reports.commented").update(read_at=timezone.now())
    browser = browser_of(made.co_chair_a)
    browser.get(reverse("home"))

    with CaptureQueriesContext(connection) as queries:
        page = browser.get(reverse("home"))

    assert "Meeting 0" in page.content.decode()
    assert len(queries) == HOME


HOME = 26


# What facilitators see beside their own turn.


def test_a_line_of_the_work_plan_is_late_from_the_day_after_until_it_is_reached(made):
    yesterday = timezone.localdate() - timedelta(days=1)
    line = add_milestone(
        group=made.group, title="First draft", due=yesterday, responsible="Co-chairs", by=made.facilitator
    )
    add_milestone(group=made.group, title="Final text", due=timezone.localdate(), by=made.facilitator)

    before = lateness(made)
    complete_milestone(line, done=True, by=made.facilitator)

    assert before == [("First draft", "Late", "Co-chairs")]
    assert lateness(made) == []


def test_who_has_not_answered_a_meeting_is_named(made):
    meeting = meeting_of(made)
    for role in ("co_chair_a", "member_a", "deputy_a", "co_chair_b"):
        answer_meeting(meeting, coming=Answer.Coming.YES, by=made.people[role])

    assert lateness(made) == [("Third meeting", "2 answers missing", "Member B, Member C")]


def test_an_invitation_that_ran_out_is_counted_and_never_named(made):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    assert lateness(made) == [("1 invitation has run out", "No answer", "")]


def test_a_dead_address_shows_by_mails_that_go_to_all_and_by_no_other(made):
    meeting_of(made)
    dead = Delivery.objects.filter(reader__in=[made.member_a, made.member_b])
    dead.update(state=DeliveryState.DEAD)
    Delivery.objects.filter(reader=made.member_b).update(kind="reports.commented")

    failed = [one.what for one in late_in([made.programme.pk]) if one.word == "Mail failed"]

    assert failed == ["No mail reaches Member A"]


def test_nothing_of_one_programme_shows_to_the_facilitator_of_another(made):
    meeting_of(made)
    page = browser_of(made.other_facilitator).get(reverse("home")).content.decode()

    assert "Who is late" not in page
    assert "Third meeting" not in page


@pytest.mark.parametrize("count", [1, 30])
def test_the_home_of_a_facilitator_asks_as_often_for_thirty_late_things_as_for_one(made, count):
    for n in range(count):
        meeting_of(made, title=f"Meeting {n}")
        add_milestone(group=made.group, title=f"Line {n}", due=date(2020, 1, 1), by=made.facilitator)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        invite(programme=made.programme, group=made.group, role=Role.OBSERVER, email=f"o{n}@x.org", by=made.facilitator)
    Notice.objects.update(read_at=timezone.now())

    with CaptureQueriesContext(connection) as queries:
        late_in([made.programme.pk])

    assert len(queries) == LATE


LATE = 9


def test_who_holds_the_pen_and_whose_support_is_printed_find_it_on_the_first_page(made):
    pen = hand_pen(made, made.joint, made.facilitator)
    passage_of(made.section, made.member_a, "# A commission\n\nWe recommend one.", voice=Voice.RECOMMENDATION)
    Document.objects.filter(pk=made.document.pk).update(prints_support=True, has_support=True)

    drafts = browser_of(made.facilitator).get(reverse("home")).content.decode()
    says = browser_of(made.co_chair_a).get(reverse("home")).content.decode()

    assert reverse("pen", kwargs={"pen": pen.public_id}) in drafts
    assert reverse("supports", kwargs={"document": made.document.public_id}) in says
    assert "Say your side’s support" not in browser_of(made.member_b).get(reverse("home")).content.decode()
