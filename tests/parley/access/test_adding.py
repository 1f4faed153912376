"""Rows of several tables added at once, on both databases; what is there already stays as it is."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from parley.access import new_id
from parley.access.adding import Alike, add_in_turn, add_unless_there
from parley.accounts.models import User
from parley.notifications.models import Delivery, Notice
from reports.models import Comment, Thread
from tests.factories import PersonFactory, World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def notices(*keyed: tuple[User, str], **more: object) -> Alike:
    like = Notice(kind="tests.told", subject="abc", facts={"say": 'a "b" %s'}, **more)
    return Alike(like, differing(keyed))


def deliveries(*keyed: tuple[User, str]) -> Alike:
    return Alike(Delivery(kind="tests.told", subject="abc", facts={"n": [1, None]}), differing(keyed))


def differing(keyed: Sequence[tuple[User, str]]) -> dict[str, list[Any]]:
    return {
        "public_id": [new_id() for _ in keyed],
        "reader_id": [reader.pk for reader, _key in keyed],
        "key": [key for _reader, key in keyed],
    }


@pytest.mark.parametrize("count", [1, 2, 30])
def test_rows_are_stored_as_they_were_made(count: int) -> None:
    readers = [PersonFactory() for _ in range(count)]
    bells = notices(*((reader, f"bell {n}") for n, reader in enumerate(readers)))

    add_unless_there(bells, deliveries(*((reader, f"mail {n}") for n, reader in enumerate(readers))))

    def told(rows: object) -> list[dict]:
        return [{key: row[key] for key in row if key != "id"} for row in rows]  # type: ignore[attr-defined]

    fields = [field.attname for field in Notice._meta.concrete_fields]
    made = [{name: getattr(row, name) for name in fields} for row in bells.rows()]
    assert told(Notice.objects.order_by("pk").values()) == told(made)
    assert list(Delivery.objects.order_by("pk").values_list("reader", "key", "facts")) == [
        (reader.pk, f"mail {n}", {"n": [1, None]}) for n, reader in enumerate(readers)
    ]


def test_a_row_whose_key_is_there_already_is_left_out() -> None:
    reader = PersonFactory()
    add_unless_there(notices((reader, "one")), deliveries((reader, "one")))

    add_unless_there(notices((reader, "one"), (reader, "two"), asks=True), deliveries((reader, "one")))

    assert list(Notice.objects.order_by("pk").values_list("key", "asks")) == [("one", False), ("two", True)]
    assert Delivery.objects.count() == 1


def test_postgresql_is_told_once_and_sqlite_for_each_table() -> None:
    reader = PersonFactory()

    with CaptureQueriesContext(connection) as queries:
        add_unless_there(notices((reader, "one")), notices(), deliveries((reader, "one")))

    assert (
        len([query for query in queries if "INSERT" in query["sql"]])
        == {"postgresql": 1, "sqlite": 2}[connection.vendor]
    )


def a_thread(made: World, **more: Any) -> tuple[Thread, Comment]:
    thread = Thread(passage=made.joint, kind="fact", started_by=made.member_a)
    return thread, Comment(thread=thread, source="Is it?", html="<p>Is it?</p>", written_by=made.member_a, **more)


def test_rows_may_refer_to_those_before_them_and_learn_their_keys(made: World) -> None:
    thread, comment = a_thread(made)

    add_in_turn(thread, comment)

    stored = Comment.objects.select_related("thread__passage").get()
    assert (stored, stored.thread, stored.thread.passage) == (comment, thread, made.joint)
    assert (comment.thread_id, comment._state.adding) == (thread.pk, False)
    assert [getattr(stored, name) for name in ("source", "html", "written_at", "public_id")] == [
        *("Is it?", "<p>Is it?</p>", comment.written_at, comment.public_id)
    ]


def test_of_rows_in_turn_all_are_added_or_none(made: World) -> None:
    add_in_turn(*a_thread(made, submission="once-and-no-more"))

    with pytest.raises(IntegrityError), transaction.atomic():
        add_in_turn(*a_thread(made, submission="once-and-no-more"))

    assert (Thread.objects.count(), Comment.objects.count()) == (1, 1)


def test_rows_in_turn_are_one_statement_on_postgresql(made: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        add_in_turn(*a_thread(made))

    added = [query for query in queries if "INSERT" in query["sql"]]
    assert len(added) == {"postgresql": 1, "sqlite": 2}[connection.vendor]
