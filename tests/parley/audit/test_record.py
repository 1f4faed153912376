"""The record: written once, in order, and found out when anybody touches it."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from parley.audit import Head, entries, erase_personal, head, record, verify_chain
from parley.audit.actions import NotInATransaction
from parley.audit.canonical import FactRefused
from parley.audit.models import GENESIS, Chain, Entry, PersonalData
from parley.audit.triggers import down

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CHAIN = "group:2345abcd6789"


@pytest.fixture
def ani() -> Any:
    return get_user_model().objects.create_user("ani@example.org", name="Ani Petrosyan")


@pytest.fixture
def three_entries(ani: Any) -> list[Entry]:
    facts = [{"passage": "abc", "revision": number} for number in (1, 2, 3)]
    return [record("reports.tabled", chain=CHAIN, by=ani, facts=each) for each in facts]


def test_each_entry_follows_from_the_one_before(three_entries: list[Entry], ani: Any) -> None:
    first, second, third = entries(CHAIN)

    assert [entry.seq for entry in (first, second, third)] == [1, 2, 3]
    assert [first.previous, second.previous, third.previous] == [GENESIS, first.hash, second.hash]
    assert head(CHAIN) == Head(3, third.hash)
    assert third.actor == ani.public_id
    assert verify_chain(CHAIN) == []


def test_entries_are_read_from_where_one_left_off(three_entries: list[Entry]) -> None:
    assert [entry.seq for entry in entries(CHAIN, since=1)] == [2, 3]


def test_chains_know_nothing_of_each_other(three_entries: list[Entry]) -> None:
    caucus = record("reports.drafted", chain=f"{CHAIN}:side:xyz", by=None)

    assert (caucus.seq, caucus.previous, caucus.actor) == (1, GENESIS, "")
    assert head(CHAIN).seq == 3


def test_an_empty_chain_has_a_head_and_no_fault() -> None:
    assert head("group:nothing") == Head(0, GENESIS)
    assert verify_chain("group:nothing") == []


@pytest.mark.parametrize("facts", [{"share": 0.5}, {"deep": [{"er": 1.0}]}, {"number": 2**60}, {"half": "\ud800"}])
def test_what_cannot_be_written_canonically_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(FactRefused):
        record("reports.tabled", chain=CHAIN, by=None, facts=facts)

    assert head(CHAIN).seq == 0


@pytest.mark.django_db(transaction=True)
def test_the_record_belongs_into_the_transaction_of_the_act() -> None:
    with pytest.raises(NotInATransaction):
        record("reports.tabled", chain=CHAIN, by=None)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_entry() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        record("reports.tabled", chain=CHAIN, by=None)
        raise RuntimeError

    assert (Chain.objects.count(), Entry.objects.count()) == (0, 0)


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET kind = 'other'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_delete_an_entry(three_entries: list[Entry], change: str) -> None:
    refused = pytest.raises(DatabaseError, match="never changed or deleted")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)

    assert Entry.objects.filter(kind="reports.tabled").count() == 3


def tamper(statement: str, *values: Any) -> None:
    """As somebody would who owns the database and takes its triggers down first."""
    with down(connection), connection.cursor() as cursor:
        cursor.execute(statement, values)


def faults() -> list[tuple[int, str]]:
    return [(fault.seq, fault.what) for fault in verify_chain(CHAIN)]


CHANGED = "This entry was changed after it was written."
UNLINKED = "This entry does not follow from the one before it."
GAP = "One or more entries before this one are missing."
CUT = "The chain's end is not its last entry: entries were cut off or added."
PERSONAL = "The personal data beside this entry was changed or removed."
NO_ANCHOR = "The entry named by the anchor is missing or another."


@pytest.mark.parametrize(
    ("column", "value"),
    [("kind", "other"), ("actor", "mallory"), ("facts", '{"revision": 9}'), ("at", "2001-01-01 00:00:00")],
)
def test_a_changed_row_is_found(three_entries: list[Entry], column: str, value: str) -> None:
    tamper(f"UPDATE audit_entry SET {column} = %s WHERE seq = 2", value)  # noqa: S608 (a column of the list above)

    assert faults() == [(2, CHANGED)]


def test_a_row_changed_together_with_its_hash_is_found(three_entries: list[Entry]) -> None:
    second = three_entries[1]
    second.kind = "other"
    tamper("UPDATE audit_entry SET kind = 'other', hash = %s WHERE seq = 2", second.computed_hash())

    assert faults() == [(3, UNLINKED)]


def test_a_removed_row_is_found(three_entries: list[Entry]) -> None:
    tamper("DELETE FROM audit_entry WHERE seq = 2")

    assert faults() == [(3, GAP), (3, UNLINKED)]


def test_a_cut_tail_is_found_by_the_head(three_entries: list[Entry]) -> None:
    tamper("DELETE FROM audit_entry WHERE seq = 3")

    assert faults() == [(2, CUT)]


def test_a_tail_cut_together_with_the_head_is_found_against_an_anchor(three_entries: list[Entry]) -> None:
    anchor = head(CHAIN)
    tamper("DELETE FROM audit_entry WHERE seq = 3")
    Chain.objects.filter(name=CHAIN).update(seq=2, hash=three_entries[1].hash)

    assert faults() == []
    assert [fault.what for fault in verify_chain(CHAIN, anchor=anchor)] == [NO_ANCHOR]


def test_a_chain_computed_anew_is_found_against_an_anchor(three_entries: list[Entry]) -> None:
    anchor = head(CHAIN)
    third = three_entries[2]
    third.facts = {"revision": 9}
    forged = third.computed_hash()
    tamper("UPDATE audit_entry SET facts = %s, hash = %s WHERE seq = 3", '{"revision": 9}', forged)
    Chain.objects.filter(name=CHAIN).update(hash=forged)

    assert faults() == []
    assert [fault.what for fault in verify_chain(CHAIN, anchor=anchor)] == [NO_ANCHOR]


def test_a_sound_chain_agrees_with_an_older_anchor(three_entries: list[Entry]) -> None:
    anchor = Head(2, three_entries[1].hash)

    assert verify_chain(CHAIN, anchor=anchor) == []


def test_names_lie_beside_the_chain_and_not_in_it(ani: Any) -> None:
    entry = record("groups.seated", chain=CHAIN, by=ani, facts={"seat": "abc"}, personal={"name": "Leyla Məmmədova"})

    assert "Leyla" not in str(entry.statement())
    assert entry.personal.data == {"name": "Leyla Məmmədova"}
    assert verify_chain(CHAIN) == []


def test_the_same_name_has_another_commitment_each_time(ani: Any) -> None:
    first, second = (record("groups.seated", chain=CHAIN, by=ani, personal={"name": "Leyla"}) for _ in range(2))

    assert first.commitment != second.commitment


def test_erasing_personal_data_keeps_the_chain_valid(ani: Any) -> None:
    entry = record("groups.seated", chain=CHAIN, by=ani, personal={"name": "Leyla Məmmədova"})

    erased = erase_personal([entry])

    kept = PersonalData.objects.get()
    assert (erased, kept.data, kept.salt) == (1, None, "")
    assert verify_chain(CHAIN) == []


@pytest.mark.parametrize("change", ["UPDATE audit_personaldata SET data = '{}'", "DELETE FROM audit_personaldata"])
def test_changed_or_removed_personal_data_is_found(ani: Any, change: str) -> None:
    record("groups.seated", chain=CHAIN, by=ani, personal={"name": "Leyla Məmmədova"})

    tamper(change)

    assert faults() == [(1, PERSONAL)]


def test_the_command_prints_each_chain_with_its_head(three_entries: list[Entry], capsys: Any) -> None:
    call_command("verify_chain")

    assert capsys.readouterr().out == f"{CHAIN} 3 {three_entries[2].hash}\n1 chains verified.\n"


def test_the_command_fails_on_a_fault_and_names_it(three_entries: list[Entry], capsys: Any) -> None:
    tamper("UPDATE audit_entry SET kind = 'other' WHERE seq = 2")

    with pytest.raises(CommandError, match="1 of 1 chains are at fault"):
        call_command("verify_chain", CHAIN)

    assert capsys.readouterr().err == f"{CHAIN} 2: {CHANGED}\n"


def test_the_command_takes_an_anchor(three_entries: list[Entry], capsys: Any) -> None:
    with pytest.raises(CommandError, match="at fault"):
        call_command("verify_chain", CHAIN, anchor=f"3:{'0' * 64}")

    assert capsys.readouterr().err == f"{CHAIN} 3: {NO_ANCHOR}\n"


@pytest.mark.parametrize("anchor", ["3", "three:" + "0" * 64, "3:00"])
def test_the_command_explains_a_malformed_anchor(anchor: str) -> None:
    with pytest.raises(CommandError, match="SEQ:HASH"):
        call_command("verify_chain", CHAIN, anchor=anchor)


def test_the_database_hashes_an_entry_as_its_verification_does(ani: Any) -> None:
    facts = {"words": 'ա"\\\n\u2028 \x01 é', "list": [1, {"deep": None}], "yes": True}

    entry = record("tests.written", chain=CHAIN, by=ani, facts=facts, personal={"name": "Leyla"})

    stored = Entry.objects.select_related("chain").get()
    assert entry.hash == stored.hash == stored.computed_hash()
    assert entry.statement() == stored.statement()


@pytest.mark.parametrize("forged", ["seq + 1", "seq + 2", "seq"])
def test_the_database_refuses_an_entry_that_does_not_follow_from_the_head(
    three_entries: list[Entry], forged: str
) -> None:
    columns = "chain_id, at, kind, actor, facts, commitment, previous, hash"
    copied = f"INSERT INTO audit_entry (seq, {columns}) SELECT {forged}, {columns} FROM audit_entry WHERE seq = 3"  # noqa: S608 (of the list above)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(copied)

    assert verify_chain(CHAIN) == []
