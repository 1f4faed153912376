"""A text with a long past: its snapshot, and which rows are kept beside it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from reports.live import store
from reports.models import LiveUpdate, Passage
from tests.factories import World

from .editor import Editor, section_page
from .hands import done, live_text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


async def typed(editor: Editor, times: int) -> None:
    for n in range(times):
        await editor.type(f" {n}")
        await editor.saved()


async def at_rest(passage: Passage) -> None:
    """The snapshot has all."""
    async with asyncio.timeout(5):
        while (text := await live_text_of(passage)).state_sequence < text.sequence:
            await asyncio.sleep(0.05)


async def test_a_text_that_its_last_editor_leaves_is_compacted_and_opens_as_it_was(
    made: World, monkeypatch: Any
) -> None:
    monkeypatch.setattr(store, "FEW", 3)
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        await typed(editor, 4)

    await at_rest(made.joint)

    async with section_page(made.member_b, made.section) as other:
        theirs = await other.edit(made.joint)
        assert theirs.words == editor.words


async def test_a_text_that_is_left_after_few_letters_waits(made: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(store, "FEW", 6)
    async with section_page(made.member_a, made.section) as page:
        await typed(await page.edit(made.joint), 3)
        text = await live_text_of(made.joint)

        await done(store.compact_at_rest, text.pk)

        assert (await live_text_of(made.joint)).state_sequence == 0


async def test_compacting_drops_rows_after_thirty_days_and_keeps_the_others(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await typed(await page.edit(made.joint), 4)
        text = await live_text_of(made.joint)
        await done(a_month_passes, text.pk, 2)

        await done(store.compact, text.pk)

        assert await done(sequences, text.pk) == [3, 4, 5]


async def test_compacting_drops_all_rows_when_all_are_old(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        await typed(editor, 4)
        text = await live_text_of(made.joint)
        await done(a_month_passes, text.pk, 5)

        await done(store.compact, text.pk)

        assert await done(sequences, text.pk) == []
        async with section_page(made.member_b, made.section) as other:
            assert (await other.edit(made.joint)).words == editor.words


def a_month_passes(text: int, sequence: int) -> None:
    """Since the rows up to this one were written."""
    LiveUpdate.objects.filter(text=text, sequence__lte=sequence).update(at=timezone.now() - timedelta(days=31))


def sequences(text: int) -> list[int]:
    return list(LiveUpdate.objects.filter(text=text).order_by("sequence").values_list("sequence", flat=True))
