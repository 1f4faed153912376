"""A caucus stays in its side: no page here shows its words, and no number moves with it."""

import re

import pytest
from django.urls import reverse

from reports.actions.comments import start_thread
from reports.actions.passages import order_passages, save_passage
from reports.models import Voice
from tests.factories import passage_of, text
from tests.factories.world import CANARY_A

from .conftest import browser_of
from .hands import words_of

pytestmark = pytest.mark.django_db

OUTSIDE = ("member_b", "co_chair_b", "facilitator", "observer", "ex_member_a")
OF_THE_DOCUMENT = ("document", "whole_text", "document_details", "arrange", "comment_queue", "settle", "ledger")
OF_A_SECTION = ("section", "rename_section", "drop_section", "arrange_passages", "add_passage")
OF_A_PASSAGE = ("write", "reply", "table", "drop_passage", "revisions", "comment", "withdraw_agreement")
OF_A_THREAD = ("thread", "table_thread")


def addresses(made, threads=()):
    """Every page of drafting, of every text there is."""
    yield reverse("documents")
    yield reverse("start_document", kwargs={"group": made.group.public_id})
    yield from (reverse(name, kwargs={"document": made.document.public_id}) for name in OF_THE_DOCUMENT)
    yield from (reverse(name, kwargs={"section": made.section.public_id}) for name in OF_A_SECTION)
    for passage in (made.joint, made.view_a, made.caucus_a, made.caucus_b):
        yield from (reverse(name, kwargs={"passage": passage.public_id}) for name in OF_A_PASSAGE)
    for thread in threads:
        yield from (reverse(name, kwargs={"thread": thread.public_id}) for name in OF_A_THREAD)


def a_caucus_at_work(made, acts):
    """So many things that side A does among its own."""
    for n in range(acts):
        save_passage(made.caucus_a, text=text(f"{CANARY_A} {n}"), version=n + 1, by=made.member_a)
        start_thread(passage=made.joint, kind="fact", source=f"{CANARY_A} {n}", own_side_only=True, by=made.member_a)
        passage_of(made.section, made.member_a, f"{CANARY_A} {n}", voice=Voice.VIEW, side=made.a)
        order = [p.public_id for p in made.section.passages.as_seen_by(made.a).order_by("-pk") if not p.is_tabled]
        shared = [made.joint.public_id, made.view_a.public_id]
        order_passages(made.section, order=[*shared, *order], by=made.co_chair_a)


@pytest.mark.parametrize("role", OUTSIDE)
def test_no_page_shows_what_another_sides_caucus_wrote(made, role):
    on_joint = start_thread(
        passage=made.joint, kind="fact", source=f"Ours {CANARY_A}.", own_side_only=True, by=made.member_a
    )
    on_view = start_thread(
        passage=made.caucus_a, kind="fact", source=f"Ours {CANARY_A}.", own_side_only=True, by=made.member_a
    )
    browser, own = browser_of(made.people[role]), browser_of(made.co_chair_a)

    shown = {url: browser.get(url) for url in addresses(made, (on_joint, on_view))}

    assert sum(CANARY_A in words_of(own.get(url)) for url in shown) >= 10
    assert [
        url for url, answer in shown.items() if CANARY_A in words_of(answer) or CANARY_A in str(answer.headers)
    ] == []


@pytest.mark.parametrize("role", ["member_b", "co_chair_b", "facilitator"])
def test_every_page_is_the_same_whether_the_other_sides_caucus_holds_nothing_more_or_forty_acts(made, role):
    browser = browser_of(made.people[role])
    seen = list(addresses(made))
    before = {url: comparable(browser.get(url)) for url in seen}

    a_caucus_at_work(made, 10)

    assert [url for url in seen if comparable(browser.get(url)) != before[url]] == []


def comparable(answer):
    """A page without what differs from one request to the next."""
    keys = r'(name="(?:csrfmiddlewaretoken|idempotency_key)" value=)"[^"]*"'
    return answer.status_code, re.sub(keys, r"\1", words_of(answer)), answer.headers.get("ETag")


@pytest.mark.parametrize("voice", ["caucus_a", "caucus_b"])
def test_a_caucus_text_looks_to_others_as_if_it_were_not_there(made, voice):
    passage = getattr(made, voice)
    browser = browser_of(made.member_b if voice == "caucus_a" else made.member_a)

    for name in OF_A_PASSAGE:
        hidden = browser.get(reverse(name, kwargs={"passage": passage.public_id}))
        unknown = browser.get(reverse(name, kwargs={"passage": "222222222222"}))
        assert (hidden.status_code, unknown.status_code) == (404, 404)
