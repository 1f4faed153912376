"""Passages kept ready-made: after whatever act each reader gets what would be written for them anew."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from groups.actions import propose, turn_key
from groups.models import Motion
from parley.accounts.models import User
from reports import articles, reading, threads
from reports.actions.agreement import DROP, SETTLE, withdraw_agreement
from reports.actions.brackets import make_alternative, open_bracket
from reports.actions.comments import answer_thread, dispose_of_thread, reopen_thread, start_thread
from reports.actions.passages import save_passage, table_passage
from reports.actions.proposals import decline_proposal, offer_proposal
from reports.anchoring import Wording
from reports.fragments import Kept
from reports.models import Passage
from reports.text import markup
from reports.text.places import Quote
from tests.factories import World, passage_of, text
from tests.factories.world import CANARY_A

from .branches import drafted
from .conftest import browser_of
from .hands import at, words_of

pytestmark = pytest.mark.django_db

READERS = ("co_chair_a", "member_b", "facilitator")
OF_THE_SESSION = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def page_of(browser: Client, made: World) -> str:
    return OF_THE_SESSION.sub("", words_of(browser.get(at("section", section=made.section))))


def page_anew(browser: Client, made: World) -> str:
    with pytest.MonkeyPatch.context() as patched:
        for module in (articles, threads, reading):
            patched.setattr(module, "kept", Kept())
        return page_of(browser, made)


def now(passage: Passage) -> Passage:
    return Passage.objects.with_texts().select_related("section__document__group").get(pk=passage.pk)


def acts(made: World) -> Iterator[Callable[[], Any]]:
    """What can happen to the passages of a section, one after another."""
    joint, view = made.joint, made.view_a

    def comment(by: User, *, own: bool = False, wording: Wording | None = None, on: Passage = joint) -> Any:
        said = "" if wording and wording.replacement else "Is it?"
        return start_thread(passage=on, kind="fact", source=said, own_side_only=own, wording=wording, by=by)

    def save(passage: Passage, words: str, by: User) -> None:
        passage = now(passage)
        version = passage.version if passage.is_shared else passage.caucus_version
        save_passage(passage, text=text(words), version=version, by=by)

    def settling(passage: Passage) -> Any:
        return propose(SETTLE.name, passage.public_id, sha256=now(passage).tabled.sha256, by=made.co_chair_a)

    yield lambda: comment(made.member_b)
    yield lambda: comment(made.member_a, own=True)
    yield lambda: comment(made.member_b, wording=Wording(Quote("one river"), "two rivers"))
    thread = joint.threads.filter(caucus=None).first()
    yield lambda: [answer_thread(thread, source=f"Answer {n}.", by=made.member_c) for n in range(5)]
    yield lambda: dispose_of_thread(thread, disposition="taken", by=made.co_chair_a)
    yield lambda: reopen_thread(thread, by=made.co_chair_a)
    yield lambda: save(joint, "Both sides drink from the Orla.", made.member_b)
    yield lambda: save(view, f"The river rises with all. {CANARY_A}", made.member_a)
    yield lambda: table_passage(now(view), sha256=now(view).caucus_copy.sha256, by=made.co_chair_a)
    yield lambda: open_bracket(passage=now(joint), quote=Quote("the Orla"), reason="Wells, too.", by=made.member_a)
    bracket = joint.brackets.get()
    yield lambda: make_alternative(bracket, words=markup.to_doc("many wells"), by=made.member_b)
    yield lambda: drafted(view, made.member_b, "It rises.")
    proposal = view.proposals.get()
    yield lambda: offer_proposal(proposal, sha256=proposal.newest.sha256, reason="Shorter.", by=made.member_b)
    yield lambda: decline_proposal(proposal, reason="Too short.", by=made.co_chair_a)
    yield lambda: settling(view)
    yield lambda: withdraw_agreement(now(view), reason="Too early.", by=made.co_chair_a)
    other = passage_of(made.section, made.member_b, "Both fish in it.")
    yield lambda: settling(other)
    yield lambda: turn_key(other_motion(other), sha256=now(other).tabled.sha256, by=made.co_chair_b)
    yield lambda: propose(DROP.name, joint.public_id, sha256=DROP.sha256(now(joint), {}), by=made.co_chair_a)


def other_motion(passage: Passage) -> Motion:
    return Motion.objects.get(target_id=passage.public_id)


def test_after_every_act_each_reader_gets_what_would_be_written_anew(made: World) -> None:
    browsers = {role: browser_of(made.people[role]) for role in READERS}
    before = {role: page_of(browser, made) for role, browser in browsers.items()}

    for number, act in enumerate(acts(made)):
        act()
        after = {role: page_of(browser, made) for role, browser in browsers.items()}
        anew = {role: page_anew(browser, made) for role, browser in browsers.items()}
        assert after == anew, number
        assert after != before, number
        before = after


def test_an_article_is_written_once_for_all_who_may_see_and_do_the_same(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    template = articles.get_template("reports/parts/passage.html")
    render = template.render
    monkeypatch.setattr(articles, "get_template", lambda name: template)
    monkeypatch.setattr(template, "render", lambda context: written.append(context["entry"]) or render(context))

    pages = [page_of(browser_of(made.people[role]), made) for role in ("member_b", "member_c", "member_b")]

    assert len(written) == len(pages[0].split('<article\n  class="passage')) - 1


def test_an_article_of_ones_own_caucus_is_given_to_nobody_else(made: World) -> None:
    own = page_of(browser_of(made.member_a), made)
    theirs = page_of(browser_of(made.member_b), made)

    assert CANARY_A in own
    assert CANARY_A not in theirs
