"""Logs: structured, with the request's id through Celery, and never a text or a token."""

import json
import logging
import queue
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from django.test import Client

from parley.celery import app
from parley.notifications.embedded import Motor
from parley.notifications.logs import current_request_id, readable, redacted, structured

log = structlog.get_logger("parley.tests")


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What production would write."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(structured())
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def only_line(written: StringIO) -> dict[str, Any]:
    [line] = written.getvalue().splitlines()
    return json.loads(line)


def test_an_event_is_one_line_of_json_with_its_identifiers(lines: StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="request-1"):
        log.info("passage_tabled", passage="2345abcd6789")

    line = only_line(lines)
    del line["timestamp"]
    assert line == {
        "event": "passage_tabled",
        "passage": "2345abcd6789",
        "request_id": "request-1",
        "level": "info",
        "logger": "parley.tests",
    }


def test_a_field_that_may_hold_a_text_is_left_out(lines: StringIO) -> None:
    log.info("passage_tabled", passage="2345abcd6789", text="canary", name="canary", title="canary")

    assert "canary" not in lines.getvalue()


def test_the_words_of_an_exception_are_left_out_but_not_its_place(lines: StringIO) -> None:
    try:
        raise ValueError("canary")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/updates/")

    line = only_line(lines)
    assert line["event"] == "Internal Server Error: /updates/"
    assert line["exception"][0] == "ValueError"
    assert "test_the_words_of_an_exception" in line["exception"][1]
    assert "canary" not in lines.getvalue()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Not Found: /invitation/kT9wZ0x_pLq3-RtYv7b2mN4c/", "Not Found: /invitation/[token]/"),
        ("GET /search/?q=canary HTTP/1.1", "GET /search/?… HTTP/1.1"),
        ("Bad address leyla@example.org", "Bad address [address]"),
        ("Not Found: /documents/2345abcd6789/", "Not Found: /documents/2345abcd6789/"),
        ("signed kT9wZ0x_pLq3-RtYv7b2:1sdfgh:abcdef", "signed [token]"),
    ],
)
def test_other_peoples_messages_pass_without_tokens_addresses_and_queries(said: str, written: str) -> None:
    assert redacted(said) == written


def test_in_development_lines_are_for_reading() -> None:
    record = logging.LogRecord("parley", logging.INFO, "", 0, "Something happened", (), None)

    assert "Something happened" in readable().format(record)


def test_an_answer_carries_the_id_of_its_request(client: Client, db: None) -> None:
    first, second = (client.get("/health/live/").headers["X-Request-ID"] for _ in range(2))

    assert (len(first), first != second) == (12, True)


@pytest.mark.parametrize(
    ("sent", "kept"), [("from-the-proxy-1", True), ("short", False), ("bad id\n{}", False), ("x" * 65, False)]
)
def test_a_callers_id_is_kept_if_it_is_well_formed(client: Client, db: None, sent: str, kept: bool) -> None:
    answer = client.get("/health/live/", headers={"X-Request-ID": sent})

    assert (answer.headers["X-Request-ID"] == sent) is kept


@app.task(name="tests.note_request_id")
def note_request_id() -> None:
    noted.put(current_request_id())


noted: queue.Queue[str] = queue.Queue()


def test_a_task_asked_for_by_a_request_carries_its_id(motor: Motor) -> None:
    """Through the broker and a real worker's thread."""
    with structlog.contextvars.bound_contextvars(request_id="request-1"):
        note_request_id.delay()

    assert noted.get(timeout=10) == "request-1"


@pytest.fixture
def motor() -> Iterator[Motor]:
    schedule, app.conf.beat_schedule = app.conf.beat_schedule, {}
    motor = Motor(app)
    motor.start()
    yield motor
    motor.stop()
    app.conf.beat_schedule = schedule
