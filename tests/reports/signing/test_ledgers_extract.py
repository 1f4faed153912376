"""The entry of the ledger that closes signing travels with the file: from it anybody computes the printed hash."""

import importlib.util
import json
from pathlib import Path

import pytest

from parley.audit import head
from reports.publishing.canonical import canonical
from reports.publishing.records import public_records
from reports.renditions import render_input_of

from .hands import signed_text

pytestmark = pytest.mark.django_db
VERIFIER = Path(__file__).parents[3] / "docs" / "verify.py"


@pytest.fixture(scope="module")
def verifier():
    spec = importlib.util.spec_from_file_location("verify", VERIFIER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def attached(text) -> tuple[bytes, dict]:
    """The canonical text and the records as the press attaches them."""
    order = render_input_of(text)
    return canonical(order["text"]), json.loads(canonical(public_records(order["records"], order["text"])))


def test_the_attached_entry_has_the_hash_that_is_printed_and_names_every_signature(made, verifier):
    text = signed_text(made)

    canonical_text, records = attached(text)

    assert verifier.records_faults(canonical(records), canonical_text) == []
    assert records["entry"]["hash"] == records["chain_head"]["hash"] == text.chain_hash
    assert text.chain_seq <= head(made.group.chain).seq
    assert len(records["entry"]["facts"]["signatures"]) == len(records["signatures"]) == text.signatories.count()


def test_without_parley_a_signature_too_many_is_found(made, verifier):
    canonical_text, records = attached(signed_text(made))
    records["signatures"].append({**records["signatures"][0], "reference": "forged"})

    faults = verifier.records_faults(canonical(records), canonical_text)

    assert faults == ["the signatures are not those in the ledger"]


def test_without_parley_an_entry_written_anew_is_found(made, verifier):
    canonical_text, records = attached(signed_text(made))
    records["entry"]["facts"]["signatures"].pop()

    faults = verifier.records_faults(canonical(records), canonical_text)

    assert faults == [
        "the entry of the ledger was changed",
        "the entry of the ledger is not the printed one",
        "the signatures are not those in the ledger",
    ]


def test_the_records_of_another_text_are_found(made, verifier):
    _canonical_text, records = attached(signed_text(made))

    assert verifier.records_faults(canonical(records), b"{}") == ["the records are of another text"]


def test_nothing_beyond_the_closing_travels_with_a_file(made):
    _canonical_text, records = attached(signed_text(made))

    assert set(records["entry"]) == {"chain", "seq", "at", "kind", "by", "facts", "commitment", "previous", "hash"}
    assert set(records["entry"]["facts"]) == {"document", "final_text", "sha256", "signatures"}
    assert records["entry"]["kind"] == "document.signing_closed"
