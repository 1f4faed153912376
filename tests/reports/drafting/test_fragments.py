"""What is kept in the process: bounded in size and age, under keys that tell readers apart."""

import time_machine

from reports.fragments import Kept


def test_a_piece_is_made_once():
    kept, made = Kept(), []

    for _time in range(2):
        kept.made("key", lambda: made.append(1) or "piece")

    assert kept.get("key") == "piece"
    assert made == [1]


def test_the_pieces_used_longest_ago_make_room():
    kept = Kept(most=10)
    kept.put("old", "12345")
    kept.put("used", "12345")
    kept.get("old")

    kept.put("new", "1234")

    assert (kept.get("old"), kept.get("used"), kept.get("new")) == ("12345", None, "1234")


def test_a_piece_put_again_takes_its_old_ones_room():
    kept = Kept(most=10)

    for _time in range(5):
        kept.put("key", "123456")

    assert kept.get("key") == "123456"


def test_a_piece_larger_than_all_room_is_not_kept():
    kept = Kept(most=3)

    assert kept.put("key", "1234") == "1234"
    assert kept.get("key") is None


def test_a_piece_is_made_anew_after_its_time():
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        kept = Kept(seconds=300)
        kept.put("key", "piece")
        clock.shift(301)

        assert kept.get("key") is None
