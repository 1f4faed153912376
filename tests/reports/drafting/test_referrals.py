"""Agreed ad referendum, and nothing agreed until everything is: held by every key, agreed by no silence."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from groups.actions import appoint_deputy, ask_for_succession, propose, turn_key
from groups.actions.keys import NotAKeyHolder, TextHasChanged
from groups.models import Key, Motion
from groups.motions import MayNotBeMoved
from parley.accounts.models import User
from parley.desk.turns import turns_of
from parley.notifications.due import run_due
from parley.notifications.models import Due, Notice
from reports.actions.agreement import DROP, FREEZE, RELEASE, SETTLE, facts_digest, text_hash, withdraw_agreement
from reports.actions.packages import PACKAGE
from reports.actions.passages import PassageIsSettled, save_passage
from reports.actions.referrals import (
    REFERRAL_ENDS,
    REFERRAL_ENDS_SOON,
    ReferralIsClosed,
    confirm_referral,
    end_referral,
    prolong_referral,
)
from reports.models import Passage, PassageState, Referral
from reports.text import schema
from tests.factories import passage_of, text

from .conftest import browser_of
from .hands import at, settle, words_of

pytestmark = pytest.mark.django_db


def in_days(days: int) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=days)


def agree(made, passage, *, until_a=None, until_b=None) -> Referral | None:
    """Both co-chairs' keys, each ad referendum where a moment is given; what then waits, the first of them."""
    passage.refresh_from_db()
    motion = propose(SETTLE.name, passage.public_id, sha256=passage.tabled.sha256, until=until_a, by=made.co_chair_a)
    turn_key(motion, sha256=motion.sha256, until=until_b, by=made.co_chair_b)
    passage.refresh_from_db()
    return passage.referrals.pending().first()


def confirm(referral, by):
    confirm_referral(referral, sha256=referral.sha256, by=by)
    return Passage.objects.get(pk=referral.passage_id)


# ---- ad referendum --------------------------------------------------------------------------------------------------


def test_words_that_wait_for_a_sides_principals_are_held_and_not_agreed(made):
    referral = agree(made, made.joint, until_b=in_days(10))

    assert (made.joint.state, made.joint.settled_at) == (PassageState.AD_REFERENDUM, None)
    assert (referral.side, referral.sha256) == (made.b, made.joint.tabled.sha256)
    with pytest.raises(PassageIsSettled):
        save_passage(made.joint, text=text("Other words."), version=made.joint.version, by=made.member_a)
    with pytest.raises(MayNotBeMoved, match=r"ad referendum only\. Its agreement waits for: Southland"):
        FREEZE.check(made.document, {})


def test_the_key_holder_confirms_what_the_principals_decided_and_with_the_last_of_them_it_is_agreed(made):
    agree(made, made.joint, until_a=in_days(3), until_b=in_days(10))
    of_a, of_b = made.joint.referrals.order_by("side__name")

    half = confirm(of_a, made.co_chair_a).state
    whole = confirm(of_b, made.co_chair_b).state

    assert (half, whole) == (PassageState.AD_REFERENDUM, PassageState.AGREED)
    assert not Due.objects.filter(kind=REFERRAL_ENDS).exists()
    with pytest.raises(ReferralIsClosed):
        confirm(of_b, made.co_chair_b)


@pytest.mark.parametrize("person", ["co_chair_a", "member_b", "facilitator", "observer"])
def test_nobody_else_confirms_for_a_side(made, person):
    referral = agree(made, made.joint, until_b=in_days(10))

    with pytest.raises(NotAKeyHolder):
        confirm(referral, made.people[person])

    made.joint.refresh_from_db()
    assert made.joint.state == PassageState.AD_REFERENDUM


def test_only_the_words_that_were_read_are_confirmed(made):
    referral = agree(made, made.joint, until_b=in_days(10))

    with pytest.raises(TextHasChanged):
        confirm_referral(referral, sha256=schema.digest(text("Others.")), by=made.co_chair_b)


def test_silence_confirms_nothing_when_the_day_has_passed(made):
    referral = agree(made, made.joint, until_b=in_days(10))

    with time_machine.travel(in_days(11), tick=False):
        run_due()

    made.joint.refresh_from_db()
    referral.refresh_from_db()
    assert (made.joint.state, referral.outcome) == (PassageState.OPEN, Referral.Outcome.PASSED)
    told = Notice.objects.filter(kind="reports.referral_passed").values_list("reader__name", flat=True)
    assert {made.member_a.name, made.co_chair_b.name} <= set(told)


def test_a_server_that_slept_ends_it_once_when_it_wakes(made):
    referral = agree(made, made.joint, until_b=in_days(10))
    confirm(referral, made.co_chair_b)

    with time_machine.travel(in_days(400), tick=False):
        run_due()
        end_referral(referral.public_id)

    made.joint.refresh_from_db()
    assert made.joint.state == PassageState.AGREED


def test_another_day_is_named_before_the_first_has_passed(made):
    referral = agree(made, made.joint, until_b=in_days(10))
    later = in_days(30)

    prolong_referral(referral, until=later, by=made.co_chair_b)

    with time_machine.travel(in_days(11), tick=False):
        run_due()
    made.joint.refresh_from_db()
    referral.refresh_from_db()
    assert (made.joint.state, referral.until) == (PassageState.AD_REFERENDUM, later)
    assert Notice.objects.filter(kind="reports.referral_prolonged", reader=made.member_a).exists()


def test_the_key_holder_is_reminded_three_days_and_one_day_before(made):
    agree(made, made.joint, until_b=in_days(10))
    reminded = Notice.objects.filter(kind="reports.confirmation_due", reader=made.co_chair_b)

    counts = []
    for days in (6, 7.1, 8, 9.1):
        with time_machine.travel(in_days(days), tick=False):
            run_due()
        counts.append(reminded.count())

    assert counts == [0, 1, 1, 2]
    assert not Notice.objects.filter(kind="reports.confirmation_due").exclude(reader=made.co_chair_b).exists()


def test_what_waits_is_the_key_holders_turn_until_it_is_answered(made):
    referral = agree(made, made.joint, until_b=in_days(10))
    asked = Notice.objects.filter(kind="reports.confirmation_wanted")

    before = [(notice.reader, notice.done_at is None) for notice in asked]
    confirm(referral, made.co_chair_b)

    assert before == [(made.co_chair_b, True)]
    assert not asked.filter(done_at=None).exists()


def test_withdrawing_an_agreement_ends_what_waits_on_its_words(made):
    referral = agree(made, made.joint, until_b=in_days(10))

    withdraw_agreement(made.joint, reason="Our ministry reads it otherwise.", by=made.co_chair_a)

    made.joint.refresh_from_db()
    referral.refresh_from_db()
    assert (made.joint.state, referral.outcome) == (PassageState.OPEN, Referral.Outcome.WITHDRAWN)
    assert not Due.objects.filter(kind=REFERRAL_ENDS).exists()


def test_a_view_waits_for_its_own_sides_principals_alone(made):
    made.view_a.refresh_from_db()
    propose(SETTLE.name, made.view_a.public_id, sha256=made.view_a.tabled.sha256, until=in_days(5), by=made.co_chair_a)

    made.view_a.refresh_from_db()
    assert made.view_a.state == PassageState.AD_REFERENDUM
    assert confirm(made.view_a.referrals.get(), made.co_chair_a).state == PassageState.AGREED


def test_no_key_is_turned_until_a_day_that_has_come(made):
    with pytest.raises(MayNotBeMoved, match="has passed"):
        agree(made, made.joint, until_a=in_days(-1))


def test_a_key_whose_day_came_before_the_others_turned_theirs_carries_nothing(made):
    made.joint.refresh_from_db()
    motion = propose(
        SETTLE.name, made.joint.public_id, sha256=made.joint.tabled.sha256, until=in_days(2), by=made.co_chair_a
    )

    with time_machine.travel(in_days(3), tick=False), pytest.raises(MayNotBeMoved, match="Northland agreed subject"):
        turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)

    made.joint.refresh_from_db()
    assert made.joint.state == PassageState.OPEN
    assert Key.objects.filter(motion=motion).count() == 1


def test_other_acts_are_not_agreed_ad_referendum(made):
    with pytest.raises(MayNotBeMoved, match="without a date"):
        propose(
            RELEASE.name,
            made.document.public_id,
            sha256=text_hash(made.document, {}),
            until=in_days(5),
            by=made.co_chair_a,
        )

    assert not Motion.objects.exists()


def test_of_a_side_only_one_referral_waits_on_a_passage(made):
    referral = agree(made, made.joint, until_b=in_days(10))
    other = settle(made, made.view_a).keys.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.create(
            passage=made.joint, side=made.b, key=other, sha256=referral.sha256, until=referral.until
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(outcome=Referral.Outcome.CONFIRMED)


# ---- the pages ------------------------------------------------------------------------------------------------------


def test_a_key_is_turned_ad_referendum_on_the_page_and_confirmed_there(made):
    seen = {"p": made.joint.public_id, f"sha-{made.joint.public_id}": made.joint.tabled.sha256}
    day = (timezone.localdate() + dt.timedelta(days=9)).isoformat()
    a, b = browser_of(made.co_chair_a), browser_of(made.co_chair_b)

    a.post(at("settle", document=made.document), seen)
    b.post(at("settle", document=made.document), seen | {"how": "ad-referendum", "until": day})

    referral = Referral.objects.get()
    ledger = b.get(at("ledger", document=made.document), {"waiting": "us"})
    page = b.get(at("referral", referral=referral))
    assert [line.entry.passage for line in ledger.context["lines"]] == [made.joint]
    assert "Your side’s confirmation is wanted" in words_of(ledger)
    assert "Confirm for Southland" in words_of(page)
    assert "Confirm for" not in words_of(a.get(at("referral", referral=referral)))
    b.post(at("confirm_referral", referral=referral), {"sha256": referral.sha256})
    made.joint.refresh_from_db()
    assert made.joint.state == PassageState.AGREED


@pytest.mark.parametrize("until", ["", "yesterday", "2020-01-01", "2098-01-01"])
def test_a_day_that_is_missing_or_wrong_is_asked_for_again_and_no_key_is_turned(made, until):
    seen = {"p": made.joint.public_id, f"sha-{made.joint.public_id}": made.joint.tabled.sha256}

    answer = browser_of(made.co_chair_a).post(
        at("settle", document=made.document), seen | {"how": "ad-referendum", "until": until}
    )

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["until"]
    assert [entry.passage for entry in answer.context["entries"]] == [made.joint]
    assert not Key.objects.exists()


@pytest.mark.parametrize(
    ("zone", "day", "ends"),
    [
        ("Asia/Tbilisi", "2027-03-28", "2027-03-28T19:59+00:00"),
        # Days of 23, of 25 and of 24 and a half hours.
        ("Europe/Amsterdam", "2027-03-28", "2027-03-28T21:59+00:00"),
        ("America/New_York", "2027-03-14", "2027-03-15T03:59+00:00"),
        ("Europe/Amsterdam", "2026-10-25", "2026-10-25T22:59+00:00"),
        ("Australia/Lord_Howe", "2027-04-04", "2027-04-04T13:29+00:00"),
    ],
)
def test_the_day_is_the_persons_own_and_its_end_also_when_the_clocks_change(made, zone, day, ends):
    made.co_chair_b.time_zone = zone
    made.co_chair_b.save()
    end = dt.datetime.fromisoformat(ends)
    with time_machine.travel(end - dt.timedelta(days=20)):
        agree(made, made.joint, until_b=in_days(10))
        referral = Referral.objects.get()
        browser_of(made.co_chair_b).post(at("prolong_referral", referral=referral), {"until": day})

    referral.refresh_from_db()
    assert referral.until == end
    # Reminders are so many hours before, and not so many days of a calendar.
    reminded = Due.objects.filter(kind=REFERRAL_ENDS_SOON).order_by("at").values_list("at", flat=True)
    assert [end - at for at in reminded] == [dt.timedelta(hours=72), dt.timedelta(hours=24)]


def test_who_comes_too_late_is_told_and_nothing_changes(made):
    referral = agree(made, made.joint, until_b=in_days(10))
    withdraw_agreement(made.joint, reason="Not yet.", by=made.co_chair_a)

    answer = browser_of(made.co_chair_b).post(at("confirm_referral", referral=referral), {"sha256": referral.sha256})

    assert answer.status_code == 409
    assert "ended meanwhile" in words_of(answer)


# ---- nothing is agreed until everything is agreed ------------------------------------------------------------------


@pytest.fixture
def package(made):
    return lambda on=True: _rule(made, on)


def _rule(made, on: bool) -> None:
    facts = {"package": on}
    sha256 = facts_digest(made.document.public_id, facts)
    motion = propose(PACKAGE.name, made.document.public_id, sha256=sha256, facts=facts, by=made.co_chair_a)
    turn_key(motion, sha256=sha256, by=made.co_chair_b)
    made.document.refresh_from_db()


def states(made) -> set[str]:
    tabled = Passage.objects.tabled_ones().filter(section__document=made.document)
    return set(tabled.values_list("state", flat=True))


def settle_all(made, *, but=()) -> None:
    for passage in Passage.objects.tabled_ones().filter(section__document=made.document).exclude(pk__in=but):
        if not passage.is_held:
            settle(made, passage)


def test_under_the_rule_no_passage_is_agreed_before_the_last_and_then_all_are(made, package):
    package()
    settle_all(made, but=[made.joint.pk])
    before = states(made)

    settle(made, made.joint)

    made.section.refresh_from_db()
    assert before == {PassageState.AD_REFERENDUM, PassageState.OPEN}
    assert states(made) == {PassageState.AGREED}
    assert made.section.settled_passages == made.section.tabled_passages
    assert Notice.objects.filter(kind="reports.package_agreed", reader=made.member_b).exists()


def test_the_rule_reaches_what_was_agreed_before_it(made, package):
    settle(made, made.joint)

    package()
    under = Passage.objects.get(pk=made.joint.pk).state
    package(on=False)

    assert (under, Passage.objects.get(pk=made.joint.pk).state) == (PassageState.AD_REFERENDUM, PassageState.AGREED)


def test_who_withdraws_from_one_passage_has_undone_the_whole(made, package):
    package()
    settle_all(made)

    withdraw_agreement(made.joint, reason="Not like this.", by=made.co_chair_b)

    assert states(made) == {PassageState.OPEN, PassageState.AD_REFERENDUM}
    made.section.refresh_from_db()
    assert made.section.settled_passages == 0


def test_new_text_opens_the_package_and_dropping_it_closes_it_again(made, package):
    package()
    settle_all(made)

    added = passage_of(made.section, made.member_a, "One thing more.")
    opened = states(made)
    motion = propose(DROP.name, added.public_id, sha256=DROP.sha256(added, {}), by=made.co_chair_a)
    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)

    assert opened == {PassageState.OPEN, PassageState.AD_REFERENDUM}
    assert states(made) == {PassageState.AGREED}


def test_what_waits_for_principals_keeps_the_package_open_until_they_confirm(made, package):
    package()
    settle_all(made, but=[made.joint.pk])
    referral = agree(made, made.joint, until_b=in_days(10))
    before = states(made)

    confirm(referral, made.co_chair_b)

    assert (before, states(made)) == ({PassageState.AD_REFERENDUM}, {PassageState.AGREED})


def test_a_package_of_nothing_is_not_agreed(made, package):
    package()

    assert PassageState.AGREED not in states(made)
    assert not Notice.objects.filter(kind="reports.package_agreed").exists()


def test_the_rule_is_proposed_on_its_page_and_changes_with_the_last_key(made):
    browser = browser_of(made.co_chair_a)
    browser.post(at("package", document=made.document), {"package": "on"})
    motion = Motion.objects.get(kind=PACKAGE.name)
    with_one = made.document.__class__.objects.get(pk=made.document.pk).package

    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)

    made.document.refresh_from_db()
    assert (with_one, made.document.package) == (False, True)
    assert "stays agreed ad referendum" in words_of(browser.get(at("ledger", document=made.document)))
    with pytest.raises(MayNotBeMoved):
        propose(
            PACKAGE.name, made.document.public_id, sha256=motion.sha256, facts={"package": True}, by=made.co_chair_a
        )


# ---- keys that change hands, and packages that open -----------------------------------------------------------------


def asked_of(referral) -> set[str]:
    waiting = Notice.objects.waiting().filter(kind="reports.confirmation_wanted", subject=referral.public_id)
    return set(waiting.values_list("reader__name", flat=True))


def cards_of(person, referral) -> list:
    fresh = User.objects.get(pk=person.pk)
    return [card for card in turns_of(fresh) if card.url == at("referral", referral=referral)]


def test_who_becomes_key_holder_is_asked_what_waited_for_the_one_before(made):
    referral = agree(made, made.joint, until_b=in_days(10))
    before = asked_of(referral), len(cards_of(made.co_chair_b, referral))

    ask_for_succession(kind="successor", membership=made.membership("member_b"), by=made.co_chair_b)
    run_due()

    assert before == ({"Co Chair B"}, 1)
    assert asked_of(referral) == {"Member B"}
    assert cards_of(made.co_chair_b, referral) == []
    with time_machine.travel(in_days(3), tick=False):
        assert [card.due for card in cards_of(made.member_b, referral)] == [referral.until]


def test_a_deputy_is_asked_from_the_moment_on_from_which_they_act(made):
    referral = agree(made, made.joint, until_b=in_days(10))
    appoint_deputy(membership=made.membership("member_c"), starts=in_days(2), ends=in_days(4), by=made.co_chair_b)
    run_due()
    early = asked_of(referral)

    with time_machine.travel(in_days(2.1), tick=False):
        run_due()

    assert (early, asked_of(referral)) == ({"Co Chair B"}, {"Co Chair B", "Member C"})


def test_agreements_that_the_package_rule_makes_wait_again_are_told_once(made, package):
    package()
    settle_all(made)
    told = Notice.objects.filter(kind="reports.package_waits", reader=made.member_b)
    before = told.count()

    withdraw_agreement(made.joint, reason="We think again.", by=made.co_chair_a)

    others = len([s for s in Passage.objects.tabled_ones() if s.is_ad_referendum])
    assert before == 0
    assert [notice.facts for notice in told] == [{"count": others}]
