"""Writing against what ends it, on PostgreSQL: after the commit nothing is written, and what was agreed holds all."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from pycrdt import XmlFragment

from groups.actions import propose, turn_key
from groups.actions.keys import MotionIsClosed, TextHasChanged
from parley.accounts.models import User
from parley.notifications.presence import Standing, person_of
from reports.actions.agreement import SETTLE
from reports.live import cutting, store
from reports.live.conversion import doc_of, to_json
from reports.live.opening import open_text
from reports.live.store import Write
from reports.locks import locked, locked_passage
from reports.models import Ending, LiveText, LiveUpdate, Passage
from reports.text import plain, schema
from tests.factories import World
from tests.factories.browsers import signed_in
from tests.reports.drafting.test_races import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def let_in(person: User) -> Standing:
    found = person_of(signed_in(person).session.session_key or "")
    assert found is not None
    return found[1]


def opened(made: World) -> LiveText:
    text = open_text(made.joint, by=made.member_a)
    assert text is not None
    return text


class Hand:
    """Types into its own copy of the text and stores each word at once."""

    def __init__(self, text: LiveText, by: Standing) -> None:
        self.text, self.by = text, by
        self.doc = doc_of(store.load(text.pk).update)

    def types(self, word: str) -> bool:
        """Whether it was stored."""
        before = self.doc.get_state()
        fragment = self.doc.get("default", type=XmlFragment)
        words = fragment.children[0].children[0]
        with self.doc.transaction():
            words.insert(len(str(words).encode()), f" {word}")
        write = Write(self.text.pk, self.doc.get_update(before), self.by)
        return store.append([write]).sequences[0] is not None


def meanwhile(act: Callable[[], Any]) -> Future:
    """In a thread with a connection of its own; begun before we go on."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    future = pool.submit(run)
    pool.shutdown(wait=False)
    time.sleep(0.3)
    return future


def test_a_write_waits_for_the_end_of_an_access_and_is_not_taken(made: World) -> None:
    hand = Hand(opened(made), let_in(made.member_a))

    with transaction.atomic():
        User.objects.filter(pk=made.member_a.pk).update(access_epoch=F("access_epoch") + 1)
        writing = meanwhile(lambda: hand.types("late"))
        assert not writing.done()

    assert writing.result(10) is False


def test_a_write_waits_for_the_end_of_its_text_and_is_not_taken(made: World) -> None:
    text = opened(made)
    hand = Hand(text, let_in(made.member_a))

    with transaction.atomic():
        locked(made.document)
        cutting.end(locked_passage(made.joint), Ending.SETTLED)
        writing = meanwhile(lambda: hand.types("late"))
        assert not writing.done()

    assert writing.result(10) is False
    assert LiveUpdate.objects.filter(text=text).count() == 1


def caught_up(made: World) -> str:
    """What the passage says when its live words were taken in under the locks."""
    with transaction.atomic():
        locked(made.document)
        passage = locked_passage(made.joint)
        cutting.catch_up(passage)
    return passage.tabled.plain


def test_a_cut_that_waited_for_another_writer_holds_the_words_of_both(made: World) -> None:
    text = opened(made)
    assert Hand(text, let_in(made.member_a)).types("first")
    second = Hand(text, let_in(made.member_b))

    with transaction.atomic():
        assert second.types("second")
        cutting_it = meanwhile(lambda: caught_up(made))
        assert not cutting_it.done()

    assert cutting_it.result(10).endswith(" first second")


def test_a_write_that_fails_the_one_leaves_the_other_of_its_batch(made: World) -> None:
    text = opened(made)
    mine, theirs = let_in(made.member_a), let_in(made.member_b)
    User.objects.filter(pk=made.member_a.pk).update(access_epoch=F("access_epoch") + 1)
    payload = store.load(text.pk).update

    written = store.append([Write(text.pk, payload, mine), Write(text.pk, payload, theirs)])

    assert written.sequences == [None, 2]


def settled_by(made: World, hash_of: Callable[[], str]) -> bool:
    """Both co-chairs' keys over the words of this moment; whether these were still the words."""
    try:
        motion = propose(SETTLE.name, made.joint.public_id, sha256=hash_of(), by=made.co_chair_a)
        turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)
    except (TextHasChanged, MotionIsClosed):
        return False
    return True


@pytest.mark.parametrize("words", [20, pytest.param(300, marks=pytest.mark.deep)])
def test_settling_in_mid_word_agrees_on_exactly_what_was_stored(made: World, words: int) -> None:
    """Every word that was stored is in the agreed text, none that was refused."""
    text = opened(made)
    hands = [Hand(text, let_in(person)) for person in (made.member_a, made.member_b)]

    def type_on(hand: Hand, name: str) -> list[str]:
        return [word for word in (f"{name}{n}" for n in range(words)) if hand.types(word)]

    def hash_now() -> str:
        cutting.take_in(made.joint)
        return Passage.objects.select_related("tabled").get(pk=made.joint.pk).tabled.sha256

    def settle_at_last() -> bool:
        return any(settled_by(made, hash_now) for _ in range(500))

    first, second, done = at_once(lambda: type_on(hands[0], "a"), lambda: type_on(hands[1], "b"), settle_at_last)

    agreed = Passage.objects.select_related("tabled").get(pk=made.joint.pk)
    said = agreed.tabled.plain.split()
    assert done
    assert agreed.is_settled
    assert sorted(said[6:]) == sorted(first + second)
    live = schema.check(to_json(store.load(text.pk).update))
    assert schema.digest(live) == agreed.tabled.sha256
    assert plain.text_of(live) == agreed.tabled.plain


@pytest.mark.parametrize(("writers", "each"), [(4, 25), pytest.param(8, 300, marks=pytest.mark.deep)])
def test_numbers_have_no_gaps_and_compacting_beside_writers_loses_nothing(made: World, writers: int, each: int) -> None:
    text = opened(made)
    hands = [Hand(text, let_in(made.member_a if n % 2 else made.member_b)) for n in range(writers)]

    def read_and_compact() -> list[int]:
        """What each reading found, beside a compactor: never less than before."""
        found = []
        for _ in range(each):
            store.compact(text.pk)
            found.append(len(plain.words_of(schema.check(to_json(store.load(text.pk).update)))))
        return found

    *stored, found = at_once(
        *(lambda n=n: [hands[n].types(f"w{n}n{k}") for k in range(each)] for n in range(writers)), read_and_compact
    )

    assert found == sorted(found)
    assert all(all(one) for one in stored)
    rows = list(LiveUpdate.objects.filter(text=text).order_by("sequence").values_list("sequence", flat=True))
    assert rows == list(range(1, writers * each + 2))
    words = set(plain.words_of(schema.check(to_json(store.load(text.pk).update))))
    assert {f"w{n}n{k}" for n in range(writers) for k in range(each)} <= words
