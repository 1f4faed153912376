"""Several people in one passage: what is typed arrives with the others, and is stored before it is acknowledged."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from reports.models import LiveText, LiveUpdate, Passage
from tests.factories import World

from .editor import section_page

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def fetched(thing: Any) -> Any:
    return type(thing)._default_manager.get(pk=thing.pk)


@sync_to_async
def payloads_of(passage: Passage) -> list[bytes]:
    rows = LiveUpdate.objects.filter(text__passage=passage).order_by("sequence")
    return [bytes(payload) for payload in rows.values_list("payload", flat=True)]


async def test_the_letters_of_one_arrive_with_the_other(made: World) -> None:
    async with section_page(made.member_a, made.section) as one, section_page(made.member_b, made.section) as other:
        mine, theirs = await one.edit(made.joint), await other.edit(made.joint)

        await mine.type(" And so it goes.")
        await other.until(lambda: "so it goes" in theirs.words)

        assert theirs.words == "Both sides drink from one river. And so it goes."


async def test_what_was_acknowledged_lies_in_the_database(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        await editor.type(" One.")
        await editor.saved()

        assert b" One." in (await payloads_of(made.joint))[-1]
        text = await sync_to_async(LiveText.objects.get)(passage=made.joint)
        assert (text.sequence, text.cut_sequence, text.last_writer_id) == (2, 1, made.member_a.pk)
