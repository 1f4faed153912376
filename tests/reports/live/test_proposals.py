"""Proposed words taken while people type in the passage: what was typed stays, and the typists see the words come."""

import pytest

from groups.actions.keys import TextHasChanged
from reports.actions.proposals import take_proposal
from tests.factories import World
from tests.reports.drafting.branches import drafted, offered, sha_to_take, taken

from .editor import section_page
from .hands import done, fresh, live_words_of, revisions_of
from .test_cutting import RIVER, typed

pytestmark = pytest.mark.django_db(transaction=True)


async def test_taken_while_somebody_types_it_stands_beside_what_was_typed(made: World) -> None:
    proposal = await done(offered, made.joint, made.member_b, RIVER.replace("Both", "All"))
    async with section_page(made.member_a, made.section) as page:
        editor = await typed(page, made.joint, " It rises.")
        stale = await done(sha_to_take, proposal)
        with pytest.raises(TextHasChanged):
            await done(take_proposal, proposal, sha256=stale, by=made.member_a)
        await done(taken, proposal, made.member_a)
        await page.until(lambda: editor.words == "All sides drink from one river. It rises.")

    assert (await fresh(made.joint)).tabled.plain == await live_words_of(made.joint)
    assert await revisions_of(made.joint) == [RIVER, f"{RIVER} It rises.", "All sides drink from one river. It rises."]


async def test_no_frame_of_a_section_speaks_of_a_draft_or_of_what_a_view_took_in_caucus(made: World) -> None:
    offer = await done(offered, made.view_a, made.member_c, "The Orla rises with us.")
    async with section_page(made.member_b, made.section) as page:
        heard = len(page.frames)
        await done(drafted, made.joint, made.member_a, "Hidden words.", side=made.a)
        await done(drafted, made.joint, made.facilitator, "Hidden words.")
        await done(take_proposal, offer, sha256=await done(sha_to_take, offer), by=made.member_a)
        await page.quiet()

        assert page.frames[heard:] == []
