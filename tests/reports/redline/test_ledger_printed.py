"""The ledger in print: one file for all readers, with keys, hashes and what undid an agreement."""

import pytest

from reports.actions.agreement import RELEASE, withdraw_agreement
from reports.models import Rendition
from tests.reports.signing.hands import at, both_keys, browser, settle_all, words_of

pytestmark = pytest.mark.django_db


def print_by(made, *readers) -> Rendition:
    for reader in readers:
        browser(reader).post(at("print_ledger", made.document))
    rendition: Rendition = Rendition.objects.get()
    return rendition


def test_every_reader_prints_the_same_ledger(made):
    settle_all(made)

    rendition = print_by(made, made.co_chair_a, made.member_b, made.facilitator)

    assert rendition.annex == "ledger"


def test_the_ledger_in_print_says_who_turned_which_key_over_which_words(made):
    both_keys(made, RELEASE, made.document)
    settle_all(made)

    held = print_by(made, made.member_b).render_input
    row = next(row for row in held["rows"] if row["passage"] == made.joint.public_id)

    made.joint.refresh_from_db()
    assert row["state"] == "Agreed"
    assert row["sha256"] == made.joint.tabled.sha256
    assert [(key["side"], key["said"], key["by"]) for key in row["keys"]] == [
        (made.a.name, "key turned", "Co Chair A"),
        (made.b.name, "key turned", "Co Chair B"),
    ]
    assert [event["said"].partition(",")[0] for event in held["happened"]] == ["Release a draft"]


def test_the_ledger_in_print_says_why_a_passage_is_open_again(made):
    settle_all(made)
    made.joint.refresh_from_db()
    withdraw_agreement(made.joint, reason="Our ministry reads it otherwise.", by=made.co_chair_b)

    held = print_by(made, made.member_a).render_input
    row = next(row for row in held["rows"] if row["passage"] == made.joint.public_id)

    assert row["state"] == "Open"
    assert "Our ministry reads it otherwise." in row["reopened"]
    assert {key["said"] for key in row["keys"]} == {"not asked yet"}


def test_the_page_says_what_was_done_to_the_whole_document(made):
    both_keys(made, RELEASE, made.document)

    said = words_of(browser(made.member_b).get(at("ledger", made.document)))

    assert "What happened to the whole document" in said and "Release a draft" in said
