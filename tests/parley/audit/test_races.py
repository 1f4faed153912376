"""Many write at once: the chain has no gap, no fork, no lost entry. PostgreSQL shows what SQLite hides."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from parley.audit import entries, head, record, verify_chain

CHAIN = "group:2345abcd6789"


def write_some(writer: int, times: int) -> None:
    try:
        for number in range(times):
            with transaction.atomic():
                record("tests.written", chain=CHAIN, by=None, facts={"writer": writer, "number": number})
    finally:
        connection.close()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_concurrent_records_keep_a_gapless_chain() -> None:
    with ThreadPoolExecutor(6) as writers:
        list(writers.map(write_some, range(6), [25] * 6))

    written = {(entry.facts["writer"], entry.facts["number"]) for entry in entries(CHAIN)}
    assert [entry.seq for entry in entries(CHAIN)] == list(range(1, 151))
    assert written == {(writer, number) for writer in range(6) for number in range(25)}
    assert head(CHAIN).seq == 150
    assert verify_chain(CHAIN) == []
