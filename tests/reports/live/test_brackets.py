"""Brackets in a text that is being typed: they come and go at once for all, and nobody types over their words."""

from functools import partial

import pytest

from groups.actions import propose, turn_key
from reports.actions.brackets import (
    CLOSE,
    closing_facts,
    closing_hash,
    mend_brackets,
    open_bracket,
    withdraw_bracket,
)
from reports.live import quiet
from reports.models import Bracket, Outcome, Passage
from reports.text import markup
from reports.text.places import Quote
from tests.factories import World, text

from .editor import section_page
from .hands import a_minute_passes, done, fresh, live_text_of, live_words_of

pytestmark = pytest.mark.django_db(transaction=True)


async def opened(made: World, words: str) -> Bracket:
    act = partial(open_bracket, passage=made.joint, quote=Quote(words), reason="We see two.", by=made.member_b)
    return await done(act)


async def said(passage: Passage) -> str:
    return markup.from_doc((await fresh(passage)).tabled.text)


def close_with(made: World, bracket: Bracket, words: str) -> None:
    facts = closing_facts(Outcome.MERGED, text(words))
    sha256 = closing_hash(bracket, facts)
    motion = propose(CLOSE.name, bracket.public_id, sha256=sha256, facts=facts, by=made.co_chair_a)
    turn_key(motion, sha256=sha256, by=made.co_chair_b)


async def test_a_bracket_takes_in_what_is_typed_and_comes_to_whoever_types(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        await editor.type(" It rises.")
        await editor.saved()

        bracket = await opened(made, "one river")
        await page.until(lambda: bracket.public_id in str(editor.root))
        await editor.type(" Each spring.")
        await editor.saved()
        await a_minute_passes(made.joint)

    assert await said(made.joint) == "Both sides drink from [[1: one river]]. It rises. Each spring."


async def test_letters_that_were_on_their_way_when_a_bracket_came_are_kept(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        letters = editor.typed(" It rises.")
        await opened(made, "one river")
        await editor.send(letters)
        await editor.saved()
        await a_minute_passes(made.joint)

    assert await said(made.joint) == "Both sides drink from [[1: one river]]. It rises."


async def test_whoever_types_reads_the_agreed_words_at_once(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        bracket = await opened(made, "one river")

        await done(close_with, made, bracket, "two rivers")
        await page.until(lambda: "two rivers" in editor.words)

    assert await live_words_of(made.joint) == "Both sides drink from two rivers."


async def test_a_withdrawn_bracket_leaves_the_live_text_too(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        bracket = await opened(made, "one river")
        await done(withdraw_bracket, bracket, by=made.co_chair_b)
        await editor.type(" It rises.")
        await editor.saved()
        await a_minute_passes(made.joint)

    assert await said(made.joint) == "Both sides drink from one river. It rises."


async def test_an_editor_that_cheats_is_caught_at_the_cut_and_mended(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        bracket = await opened(made, "one river")
        await page.until(lambda: bracket.public_id in str(editor.root))
        before = editor.doc.get_state()
        run = editor.paragraph(0).children[0]
        run.insert(len(b"Both sides drink from one"), " mighty")
        run.insert(0, "Today. ")
        await editor.send(editor.doc.get_update(before))
        await editor.saved()

        await a_minute_passes(made.joint)
        await page.until(lambda: page.last("problem"))
        assert "“one river”" in page.last("problem")["words"]
        assert await said(made.joint) == "Both sides drink from [[1: one river]]."

        await done(mend_brackets, made.joint, by=made.member_b)
        await page.until(lambda: ">one river<" in editor.words)

    assert await said(made.joint) == "Today. Both sides drink from [[1: one river]] mighty."
    assert (await done(quiet.problem_with, (await live_text_of(made.joint)).pk, "en")) == ""
