"""Two people at once: no edit is lost without a word, no text agreed that nobody saw, nothing made twice.

PostgreSQL loses what SQLite hides. Short forms here; the long ones run with `make deep`.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from groups.models import Key, Motion
from reports.actions.agreement import SETTLE
from reports.actions.passages import EditConflict, save_passage
from reports.models import Comment, Passage, PassageState, UnsentComment
from reports.text import schema
from tests.factories import passage_of, text

from .conftest import browser_of
from .hands import KEY, at

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gave, all begun at the same moment on connections of their own."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=20)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(run, acts))


def edits(passage: Passage, person: Any, writer: int, count: int) -> Iterable[str]:
    """Writes its own mark again and again, each time beside what it reads; gives the marks that were acknowledged."""
    for number in range(count):
        mark = f"w{writer}n{number}"
        while True:
            fresh = Passage.objects.select_related("tabled").get(pk=passage.pk)
            words = text(f"{fresh.tabled.plain} {mark}")
            try:
                save_passage(fresh, text=words, version=fresh.version, by=person)
            except EditConflict:
                continue
            yield mark
            break


@pytest.mark.parametrize(("writers", "each"), [(4, 5), pytest.param(8, 25, marks=pytest.mark.deep)])
def test_of_edits_against_edits_none_is_lost(made, writers, each):
    people = (made.member_a, made.member_b)

    written = at_once(*(lambda n=n: list(edits(made.joint, people[n % 2], n, each)) for n in range(writers)))

    made.joint.refresh_from_db()
    acknowledged = {mark for marks in written for mark in marks}
    assert len(acknowledged) == writers * each
    assert acknowledged <= set(made.joint.tabled.plain.split())
    assert [r.number for r in made.joint.revisions.order_by("number")] == list(range(1, writers * each + 2))


def test_of_two_edits_from_one_version_one_is_told_of_the_other(made):
    browsers = [browser_of(made.member_a), browser_of(made.member_b)]

    answers = at_once(
        *(
            lambda b=b, n=n: b.post(at("write", passage=made.joint), {"source": f"Words {n}.", "version": 1})
            for n, b in enumerate(browsers)
        )
    )

    made.joint.refresh_from_db()
    refused = next(a for a in answers if a.status_code == 409)
    assert Counter(a.status_code for a in answers) == {302: 1, 409: 1}
    assert made.joint.tabled.plain in ("Words 0.", "Words 1.")
    assert all(f"Words {n}." in refused.content.decode() for n in range(2))


@pytest.mark.parametrize("rounds", [4, pytest.param(60, marks=pytest.mark.deep)])
def test_no_text_is_agreed_that_its_key_holders_did_not_see(made, rounds):
    chairs = [browser_of(made.co_chair_a), browser_of(made.co_chair_b)]
    writer = browser_of(made.member_b)

    for n in range(rounds):
        passage = passage_of(made.section, made.member_a, f"Read by both, {n}.")
        seen = {"p": passage.public_id, f"sha-{passage.public_id}": passage.tabled.sha256}
        at_once(
            *(lambda b=b, seen=seen: b.post(at("settle", document=made.document), seen) for b in chairs),
            lambda p=passage, n=n: writer.post(at("write", passage=p), {"source": f"Unseen, {n}.", "version": 1}),
        )
        passage.refresh_from_db()
        over = set(Key.objects.filter(motion__target_id=passage.public_id).values_list("sha256", flat=True))
        assert over <= {schema.digest(text(f"Read by both, {n}."))}
        if passage.state == PassageState.AGREED:
            assert passage.tabled.plain == f"Read by both, {n}."


@pytest.mark.parametrize("rounds", [4, pytest.param(60, marks=pytest.mark.deep)])
def test_two_keys_turned_at_once_settle_the_passage_once(made, rounds):
    chairs = [browser_of(made.co_chair_a), browser_of(made.co_chair_b)]

    for n in range(rounds):
        passage = passage_of(made.section, made.member_a, f"Both at once, {n}.")
        seen = {"p": passage.public_id, f"sha-{passage.public_id}": passage.tabled.sha256}
        answers = at_once(*(lambda b=b, seen=seen: b.post(at("settle", document=made.document), seen) for b in chairs))

        passage.refresh_from_db()
        motions = Motion.objects.filter(target_id=passage.public_id, kind=SETTLE.name)
        assert [a.status_code for a in answers] == [302, 302]
        assert passage.state == PassageState.AGREED
        assert [(m.state, m.keys.count()) for m in motions] == [(Motion.State.CARRIED, 2)]


@pytest.mark.parametrize("rounds", [3, pytest.param(40, marks=pytest.mark.deep)])
def test_a_form_sent_twice_at_once_makes_one_thing(made, rounds):
    browser, again = browser_of(made.member_a), browser_of(made.member_a)

    for n in range(rounds):
        words = {"voice": "joint", "source": f"Sent twice, {n}.", "idempotency_key": f"{KEY}-{n}"}
        said = {"kind": "fact", "readers": "all", "source": f"Said twice, {n}.", "idempotency_key": f"{KEY}-c{n}"}
        at_once(*(lambda b=b, w=words: b.post(at("add_passage", section=made.section), w) for b in (browser, again)))
        at_once(*(lambda b=b, s=said: b.post(at("comment", passage=made.joint), s) for b in (browser, again)))

    assert Passage.objects.filter(tabled__plain__startswith="Sent twice").count() == rounds
    assert made.joint.threads.count() == rounds


@pytest.mark.parametrize("rounds", [3, pytest.param(40, marks=pytest.mark.deep)])
def test_reviews_of_both_sides_sent_at_once_and_one_of_them_twice_arrive_once_and_whole(made, rounds):
    """Each on the same passages in another order: none waits for the other for ever."""
    other = passage_of(made.section, made.member_a, "Of fish.")
    ani, again, samir = browser_of(made.member_a), browser_of(made.member_a), browser_of(made.member_b)

    for n in range(rounds):
        for writer, passages in ((ani, (made.joint, other)), (samir, (other, made.joint))):
            for passage in passages:
                said = {"kind": "fact", "source": f"Round {n}.", "readers": "all", "later": "1"}
                assert writer.post(at("comment", passage=passage), said).status_code == 302
        sent = [{"idempotency_key": f"{KEY}-r{n}"}, {"idempotency_key": f"{KEY}-r{n}"}, {}]
        answers = at_once(
            *(
                lambda b=b, s=s: b.post(at("review", document=made.document), s)
                for b, s in zip((ani, again, samir), sent, strict=True)
            )
        )
        assert {answer.status_code for answer in answers} == {302}

    written = Comment.objects.values_list("written_by", "thread__passage")
    people, passages = (made.member_a, made.member_b), (made.joint, other)
    assert Counter(written) == {(person.pk, on.pk): rounds for person in people for on in passages}
    assert UnsentComment.objects.count() == 0


def test_what_is_tabled_while_it_is_rewritten_is_exactly_what_was_checked(made):
    chair, writer = browser_of(made.co_chair_a), browser_of(made.member_a)
    checked = made.view_a.caucus_copy.sha256

    tabled, written = at_once(
        lambda: chair.post(at("table", passage=made.view_a), {"sha256": checked}),
        lambda: writer.post(at("write", passage=made.view_a), {"source": "Rewritten.", "version": 2}),
    )

    made.view_a.refresh_from_db()
    assert written.status_code == 302
    assert made.view_a.tabled.plain != "Rewritten."
    assert (tabled.status_code, made.view_a.tabled.number) in ((302, 2), (409, 1))
    assert made.view_a.caucus_copy.plain == "Rewritten."
