"""Who wrote which words: by typist, after compaction too; of a view to its own side alone."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from groups.actions import end_membership
from reports.actions.passages import add_passage, save_passage, table_passage
from reports.authorship import authored
from reports.live import cutting, store
from reports.live.hub import live_hub
from reports.models import LiveText, LiveUpdate, Passage, Voice
from tests.factories import World, passage_of, text
from tests.factories.counting import statements
from tests.reports.drafting.conftest import browser_of
from tests.reports.drafting.hands import at, words_of

from .editor import section_page
from .hands import a_minute_passes, done, fresh

pytestmark = pytest.mark.django_db(transaction=True)
RIVER = "Both sides drink from one river."


def said(passage: Passage, side: Any = None) -> dict[str, str]:
    """Person → their words in reading order."""
    found = authored(Passage.objects.select_related("side").get(pk=passage.pk), side=side)
    return {str(writer.person or "?"): _words_of(found.text, writer.number) for writer in found.writers}


def _words_of(node: dict[str, Any], number: int) -> str:
    own = node.get("text", "") if getattr(node.get("author"), "number", 0) == number else ""
    return own + "".join(_words_of(child, number) for child in node.get("content", []))


async def typed(person: Any, passage: Passage, words: str) -> None:
    async with section_page(person, passage.section) as page:
        editor = await page.edit(passage)
        await editor.type(words)
        await editor.saved()
    while live_hub().tasks:  # whoever leaves last has the words cut
        await asyncio.sleep(0.02)


async def test_two_typists_have_their_own_words_though_one_of_them_made_the_revision(made: World) -> None:
    await typed(made.member_a, made.joint, " It rises.")
    await typed(made.member_b, made.joint, " It falls.")
    await a_minute_passes(made.joint)

    found = await done(said, made.joint)

    starter = str((await done(lambda: Passage.objects.select_related("started_by").get(pk=made.joint.pk))).started_by)
    assert found[str(made.member_b)] == " It falls."
    assert found[str(made.member_a)].endswith(" It rises.")
    assert "".join(found.values()).count("rises") == 1
    assert RIVER in found[starter]


async def test_words_that_stand_in_no_revision_yet_are_told_too(made: World) -> None:
    async with section_page(made.member_b, made.section) as page:
        editor = await page.edit(made.joint)
        await editor.type(" Just now.")
        await editor.saved()

        assert (await done(said, made.joint))[str(made.member_b)] == " Just now."


async def test_compaction_takes_the_times_but_not_the_names(made: World) -> None:
    await typed(made.member_b, made.joint, " It falls.")
    await done(_compacted)

    found = await done(lambda: authored(made.joint, side=None))

    (writer,) = [writer for writer in found.writers if writer.person == made.member_b]
    assert (writer.words, writer.first) == (2, None)


def _compacted() -> None:
    LiveUpdate.objects.update(at=timezone.now() - timedelta(days=40))
    for live in LiveText.objects.all():
        store.compact(live.pk)
    assert not LiveUpdate.objects.exists()


async def test_words_of_the_plain_form_are_their_savers(made: World) -> None:
    await typed(made.member_a, made.joint, " It rises.")
    await done(save, made.joint, f"{RIVER} It rises.\n\nAnd we measure.", made.member_b)

    found = await done(said, made.joint)

    assert found[str(made.member_b)] == "And we measure."
    assert found[str(made.member_a)].endswith(" It rises.")


def save(passage: Passage, source: str, by: Any) -> None:
    cutting.take_in(passage)
    passage.refresh_from_db()
    version = passage.version if passage.is_shared else passage.caucus_version
    save_passage(passage, text=text(source), version=version, by=by)


async def test_a_view_keeps_its_writers_through_tabling_for_its_own_side(made: World) -> None:
    await typed(made.member_a, made.caucus_a, " Ours alone.")
    await typed(made.deputy_a, made.caucus_a, " And the deputy’s.")
    await done(table, made.caucus_a, made.co_chair_a)
    await typed(made.member_a, made.caucus_a, " Newer.")

    found = await done(said, made.caucus_a, made.a)

    assert found[str(made.deputy_a)] == " And the deputy’s."
    assert " Ours alone." in found[str(made.member_a)]
    assert found[str(made.member_a)].endswith(" Newer.")


def table(passage: Passage, chair: Any) -> None:
    cutting.take_in(passage)
    passage.refresh_from_db()
    table_passage(passage, sha256=passage.caucus_copy.sha256, by=chair)  # type: ignore[union-attr]  # it has one


async def test_nobody_outside_the_side_gets_the_page_and_no_client_of_the_caucus(made: World) -> None:
    await typed(made.deputy_a, made.caucus_a, " And the deputy’s.")
    await done(table, made.caucus_a, made.co_chair_a)
    page = at("writers", passage=made.caucus_a)

    answers = {
        person: (await done(lambda person=person: browser_of(person).get(page))).status_code
        for person in (made.member_a, made.member_b, made.co_chair_b, made.facilitator, made.observer)
    }

    assert list(answers.values()) == [200, 404, 404, 404, 404]


def test_an_ex_member_gets_nothing(made: World) -> None:
    end_membership(made.membership("member_b"), by=made.co_chair_b)

    assert browser_of(made.member_b).get(at("writers", passage=made.joint)).status_code == 404


def test_the_page_names_the_writers_and_history_leads_to_it(made: World) -> None:
    save(made.joint, f"{RIVER} We measure^[A **source**.] it.", made.member_b)
    browser = browser_of(made.member_a)

    page = words_of(browser.get(at("writers", passage=made.joint)))

    assert f"<b>{made.member_b}</b>" in page
    assert "<strong>" in page
    assert at("writers", passage=made.joint) in words_of(browser.get(at("revisions", passage=made.joint)))
    assert at("writers", passage=made.view_a) not in words_of(
        browser_of(made.member_b).get(at("revisions", passage=made.view_a))
    )


def test_the_page_costs_the_same_however_long_the_history_is(made: World) -> None:
    browser = browser_of(made.member_a)
    browser.get(at("writers", passage=made.joint))
    costs = []
    for words in ("One.", "Two."):
        save(made.joint, f"{RIVER} {words}", made.member_b)
        with CaptureQueriesContext(connection) as captured:
            browser.get(at("writers", passage=made.joint))
        costs.append(len(statements(captured)))

    assert costs == [10, 10]


def test_words_that_were_brought_in_are_theirs_who_stored_them(made: World) -> None:
    view = add_passage(section=made.section, voice=Voice.VIEW, text=text("From a file."), side=made.a, by=made.deputy_a)

    assert said(view, made.a) == {str(made.deputy_a): "From a file."}


def test_old_words_that_moved_stay_their_writers(made: World) -> None:
    passage = passage_of(made.section, made.member_a, "One two three.\n\nFour five six.")
    save(passage, "Four five six.\n\nOne two three four.", made.member_b)

    assert "four" in said(passage)[str(made.member_b)]


async def test_the_facilitator_reads_it_of_joint_words(made: World) -> None:
    passage = await fresh(made.joint)

    assert (await done(lambda: browser_of(made.facilitator).get(at("writers", passage=passage)))).status_code == 200


def test_words_that_go_on_by_one_hand_are_signed_once_in_each_paragraph(made: World) -> None:
    passage = passage_of(made.section, made.member_a, "One **river** flows.\n\nTwo banks hold it.")

    found = authored(Passage.objects.select_related("side").get(pk=passage.pk), side=None)

    first, second = [[piece["goes_on"] for piece in line["content"]] for line in found.text["content"]]
    assert (first, second) == ([False, True, True], [False])
