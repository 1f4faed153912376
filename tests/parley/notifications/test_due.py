"""Reminders: done when their time has come, once, and tried again when they fail."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from parley.notifications import due, due_kind, forget, remind
from parley.notifications.due import run_due
from parley.notifications.models import Due, Notice

from .told import told

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a handler of the tests was called with."""
    monkeypatch.setattr(due, "_handlers", {})
    called: list[str] = []
    due_kind("tests.remind")(called.append)
    return called


def test_a_reminder_is_done_when_its_time_has_come(done: list[str]) -> None:
    remind("tests.remind", "meeting 1", at=timezone.now() + timedelta(hours=1))

    assert (run_due(), done) == (0, [])
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert (run_due(), done) == (1, ["meeting 1"])
        assert (run_due(), done) == (0, ["meeting 1"])


def test_what_falls_due_first_is_done_first(done: list[str]) -> None:
    now = timezone.now()
    remind("tests.remind", "second", at=now - timedelta(hours=1))
    remind("tests.remind", "first", at=now - timedelta(hours=2))

    run_due()

    assert done == ["first", "second"]


def test_a_reminder_moves_with_what_it_reminds_of(done: list[str]) -> None:
    remind("tests.remind", "meeting 1", at=timezone.now() - timedelta(hours=1))
    remind("tests.remind", "meeting 1", at=timezone.now() + timedelta(hours=1))

    assert (run_due(), Due.objects.count()) == (0, 1)


def test_a_reminder_can_be_forgotten(done: list[str]) -> None:
    remind("tests.remind", "meeting 1", at=timezone.now())
    remind("tests.remind", "meeting 2", at=timezone.now())

    forget("tests.remind", "meeting 1")

    assert (run_due(), done) == (1, ["meeting 2"])


def test_a_failure_is_tried_again_and_stops_no_other(done: list[str]) -> None:
    @due_kind("tests.fails")
    def fail(key: str) -> None:
        raise ValueError("canary")

    remind("tests.fails", "a", at=timezone.now() - timedelta(hours=1))
    remind("tests.remind", "b", at=timezone.now())

    assert (run_due(), done) == (1, ["b"])

    failing = Due.objects.failing().get()
    assert (failing.key, failing.attempts, failing.reason) == ("a", 1, "ValueError")
    assert failing.at > timezone.now() + timedelta(seconds=15)


def test_a_kind_that_nobody_knows_waits_for_the_release_that_does(done: list[str]) -> None:
    remind("tests.of_tomorrow", "a", at=timezone.now())

    assert run_due() == 0
    assert Due.objects.failing().get().reason == "KeyError"


def test_what_a_failing_handler_wrote_is_undone(done: list[str], subject: Any, reader: Any) -> None:
    @due_kind("tests.halfway")
    def halfway(key: str) -> None:
        told.announce(subject)
        raise RuntimeError

    remind("tests.halfway", "a", at=timezone.now())

    run_due()

    assert Notice.objects.count() == 0
