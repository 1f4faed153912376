"""Rows of several tables added at once, on both databases; what is there already stays as it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parley.access.adding import add_unless_there
from parley.accounts.models import User
from parley.notifications.models import Delivery, Notice
from tests.factories import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def notice(reader: User, key: str, **more: object) -> Notice:
    return Notice(reader=reader, key=key, kind="tests.told", subject="abc", facts={"say": 'a "b" %s'}, **more)


def delivery(reader: User, key: str) -> Delivery:
    return Delivery(reader=reader, key=key, kind="tests.told", subject="abc", facts={"n": [1, None]})


@pytest.mark.parametrize("count", [1, 2, 30])
def test_rows_are_stored_as_they_were_made(count: int) -> None:
    readers = [PersonFactory() for _ in range(count)]
    notices = [notice(reader, f"bell {n}") for n, reader in enumerate(readers)]
    mails = [delivery(reader, f"mail {n}") for n, reader in enumerate(readers)]

    add_unless_there(notices, mails)

    def told(rows: object) -> list[dict]:
        return [{key: row[key] for key in row if key != "id"} for row in rows]  # type: ignore[attr-defined]

    fields = [field.attname for field in Notice._meta.concrete_fields]
    made = [{name: getattr(row, name) for name in fields} for row in notices]
    assert told(Notice.objects.order_by("pk").values()) == told(made)
    assert list(Delivery.objects.order_by("pk").values_list("reader", "facts")) == [
        (reader.pk, {"n": [1, None]}) for reader in readers
    ]


def test_a_row_whose_key_is_there_already_is_left_out() -> None:
    reader = PersonFactory()
    add_unless_there([notice(reader, "one")], [delivery(reader, "one")])

    add_unless_there([notice(reader, "one", asks=True), notice(reader, "two")], [delivery(reader, "one")])

    assert list(Notice.objects.order_by("pk").values_list("key", "asks")) == [("one", False), ("two", False)]
    assert Delivery.objects.count() == 1


def test_postgresql_is_told_once_and_sqlite_for_each_table() -> None:
    reader = PersonFactory()

    with CaptureQueriesContext(connection) as queries:
        add_unless_there([notice(reader, "one")], [], [delivery(reader, "one")])

    assert (
        len([query for query in queries if "INSERT" in query["sql"]])
        == {"postgresql": 1, "sqlite": 2}[connection.vendor]
    )
