"""Words typed live become a revision: in a quiet minute, and before every act that reads or fixes the text."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async

from groups.actions import propose, turn_key
from groups.actions.keys import MotionIsClosed, TextHasChanged
from groups.models import Motion
from groups.motions import MayNotBeMoved
from parley.audit.models import Entry
from parley.notifications.models import Due
from reports.actions.agreement import FREEZE, RELEASE, SETTLE, text_hash
from reports.actions.passages import (
    EditConflict,
    NothingToTable,
    drop_passage,
    restore_passage,
    save_passage,
    table_passage,
)
from reports.live import cutting, quiet
from reports.models import Document, LiveText, Passage, PassageState
from reports.text import plain, schema
from reports.text.limits import TextRefused
from tests.factories import World, passage_of, text
from tests.reports.checking import let_stand
from tests.reports.drafting.hands import settle

from .editor import SectionPage, section_page
from .hands import a_minute_passes, done, fresh, live_text_of, live_words_of, payloads_of, revisions_of

pytestmark = pytest.mark.django_db(transaction=True)
RIVER = "Both sides drink from one river."


async def typed(page: SectionPage, passage: Passage, words: str) -> Any:
    """An editor that has written this and had it stored."""
    editor = await page.edit(passage)
    await editor.type(words)
    await editor.saved()
    return editor


async def test_a_quiet_minute_makes_a_revision_by_whoever_wrote_last(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await typed(page, made.joint, " It rises.")
        assert await a_minute_passes(made.joint) == 1

        passage = await fresh(made.joint)
        assert passage.tabled.plain == f"{RIVER} It rises."
        assert passage.tabled.made_by_id == made.member_a.pk
        assert passage.tabled.sha256 == schema.digest(passage.tabled.text)
        await page.until(lambda: page.last("cut"))
        assert page.last("cut") == {"type": "cut", "passage": made.joint.public_id, "version": 2, "laid": False}
        assert await done(lambda: Entry.objects.filter(kind="passage.written").latest("pk").facts["sha256"]) == (
            passage.tabled.sha256
        )


async def test_a_minute_in_which_somebody_types_is_not_quiet(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await typed(page, made.joint, " It rises.")
        key = f"{(await live_text_of(made.joint)).public_id}:1"

        await done(quiet.look_for_quiet, key)

        assert await revisions_of(made.joint) == [RIVER]
        assert await done(
            lambda: set(Due.objects.filter(kind="reports.quiet_minute").values_list("key", flat=True))
        ) == {
            key,
            key.replace(":1", ":2"),
        }


async def test_words_that_were_cut_are_not_cut_again(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await typed(page, made.joint, " One.")
        await a_minute_passes(made.joint)
        assert await a_minute_passes(made.joint) == 0
        await editor.type(" Two.")
        await editor.saved()
        await a_minute_passes(made.joint)

        assert await revisions_of(made.joint) == [RIVER, f"{RIVER} One.", f"{RIVER} One. Two."]


async def test_when_the_last_editor_leaves_the_words_stand_in_a_revision(made: World) -> None:
    async with section_page(made.member_b, made.section) as reader:
        async with section_page(made.member_a, made.section) as page:
            await typed(page, made.joint, " Gone.")

        await reader.quiet(0.8)
        assert await revisions_of(made.joint) == [RIVER, f"{RIVER} Gone."]


async def test_a_caucus_types_into_its_own_copy_and_the_others_keep_the_tabled_words(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await typed(page, made.view_a, " Newer still.")
        await a_minute_passes(made.view_a)

        view = await fresh(made.view_a)
        assert view.caucus_copy.plain.endswith("Newer still.")
        assert view.tabled.plain == "The river rises with us."
        assert (view.version, view.caucus_version) == (1, 3)


async def test_proposing_over_words_that_changed_is_refused_and_the_new_ones_stand(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await typed(page, made.joint, " Changed.")
        seen = (await fresh(made.joint)).tabled.sha256

        with pytest.raises(TextHasChanged):
            await done(propose, SETTLE.name, made.joint.public_id, sha256=seen, by=made.co_chair_a)

        assert (await fresh(made.joint)).tabled.plain == f"{RIVER} Changed."


async def test_words_typed_after_a_key_was_turned_lapse_the_motion(made: World) -> None:
    motion = await done(propose, SETTLE.name, made.joint.public_id, sha256=made.joint.tabled.sha256, by=made.co_chair_a)
    async with section_page(made.member_b, made.section) as page:
        await typed(page, made.joint, " Not so fast.")
        with pytest.raises(MotionIsClosed):
            await done(turn_key, motion, sha256=motion.sha256, by=made.co_chair_b)

    assert (await done(Motion.objects.get, pk=motion.pk)).state == Motion.State.LAPSED
    assert (await fresh(made.joint)).state == PassageState.OPEN


async def test_settling_closes_the_text_over_exactly_the_words_that_all_see(made: World) -> None:
    async with section_page(made.member_a, made.section) as page, section_page(made.member_b, made.section) as other:
        mine, theirs = await typed(page, made.joint, " Agreed."), await other.edit(made.joint)
        await a_minute_passes(made.joint)
        await done(settle, made, made.joint)
        await page.until(lambda: page.last("closed"))
        await other.until(lambda: other.last("closed"))

        passage = await fresh(made.joint)
        assert page.last("closed") == {"type": "closed", "passage": made.joint.public_id, "why": "settled"}
        assert passage.tabled.plain == mine.words == theirs.words == f"{RIVER} Agreed."
        assert (await page.ask_for(made.joint))["why"] == "settled"


async def test_tabling_puts_forward_what_is_typed_or_asks_to_read_it_again(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await typed(page, made.caucus_a, " And more.")
        seen = (await fresh(made.caucus_a)).caucus_copy.sha256
        with pytest.raises(NothingToTable):
            await done(table_passage, made.caucus_a, sha256=seen, by=made.co_chair_a)
        copy = (await fresh(made.caucus_a)).caucus_copy
        await done(table_passage, made.caucus_a, sha256=copy.sha256, by=made.co_chair_a)
        await page.until(lambda: page.last("closed"))

    tabled = (await fresh(made.caucus_a)).tabled
    assert tabled.plain.endswith("And more.")
    assert page.last("closed")["why"] == "tabled"


async def test_after_tabling_a_new_text_begins_from_the_tabled_words_with_nothing_of_the_old(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await typed(page, made.caucus_a, " secretofcaucus")
        await editor.send(editor.erased())
        await editor.type("Fit for all.")
        await editor.saved()
        await a_minute_passes(made.caucus_a)
        copy = (await fresh(made.caucus_a)).caucus_copy
        await done(table_passage, made.caucus_a, sha256=copy.sha256, by=made.co_chair_a)
        before = len(await payloads_of(made.caucus_a))
        await page.until(lambda: page.last("closed"))

        again = await page.edit(made.caucus_a)

        new = (await payloads_of(made.caucus_a))[before:]
        assert again.words == "Fit for all."
        assert len(new) == 1
        assert b"secretofcaucus" not in new[0]


async def test_the_plain_form_writes_into_the_live_text_as_one_edit(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await typed(page, made.joint, " Live.")
        await a_minute_passes(made.joint)
        await done(save_passage, made.joint, text=text(f"{RIVER} Live.\n\nForm."), version=2, by=made.member_b)
        await page.until(lambda: len(editor.root.children) == 2)

        assert editor.words == f"{RIVER} Live. Form."
        assert await live_words_of(made.joint) == (await fresh(made.joint)).tabled.plain
        assert (await live_text_of(made.joint)).is_cut


async def test_the_plain_form_over_words_typed_meanwhile_is_a_conflict_with_both_texts(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await typed(page, made.joint, " Live.")

        with pytest.raises(EditConflict) as conflict:
            await done(save_passage, made.joint, text=text("Form alone."), version=1, by=made.member_b)

    assert conflict.value.theirs.plain == f"{RIVER} Live."
    assert (await fresh(made.joint)).tabled.public_id == conflict.value.theirs.public_id


async def test_a_release_holds_what_is_typed(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await typed(page, made.joint, " In the draft.")
        await done(cutting.take_in_all, made.document)
        sha256 = await done(text_hash, made.document, {})
        motion = await done(propose, RELEASE.name, made.document.public_id, sha256=sha256, by=made.co_chair_a)
        await done(turn_key, motion, sha256=sha256, by=made.co_chair_b)

    draft = await done(lambda: made.document.drafts.get())
    assert "In the draft." in draft.canonical


@pytest.fixture
def settled(made: World) -> World:
    """All that is tabled is settled."""
    for passage in Passage.objects.tabled_ones().filter(section__document=made.document):
        settle(made, passage)
    let_stand(made.document, made.co_chair_a, made.co_chair_b)
    return made


async def test_freezing_in_mid_word_ends_what_a_caucus_types_and_keeps_its_words_for_it(settled: World) -> None:
    made = settled
    async with section_page(made.member_a, made.section) as page:
        editor = await typed(page, made.caucus_a, " unfinished")
        sha256 = await done(text_hash, made.document, {})
        motion = await done(propose, FREEZE.name, made.document.public_id, sha256=sha256, by=made.co_chair_a)
        await done(turn_key, motion, sha256=sha256, by=made.co_chair_b)
        await page.until(lambda: page.last("closed"))
        await editor.type(" too late")
        await page.quiet()

    document = await done(Document.objects.get, pk=made.document.pk)
    assert page.last("closed")["why"] == "frozen"
    assert (await done(lambda: document.final_text.sha256)) == sha256
    assert (await revisions_of(made.caucus_a))[-1].endswith(" unfinished")
    assert b"too late" not in b"".join(await payloads_of(made.caucus_a))


async def test_dropping_ends_the_text_and_bringing_back_begins_from_its_words(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await typed(page, made.caucus_a, " dropped words")
        await done(drop_passage, made.caucus_a, by=made.member_a)
        await page.until(lambda: page.last("closed"))
        await done(restore_passage, made.caucus_a, by=made.member_a)

        assert page.last("closed")["why"] == "dropped"
        assert (await page.edit(made.caucus_a)).words.endswith(" dropped words")


# ---- words that are no text of ours ---------------------------------------------------------------------------------

IMPOSSIBLE = "\ue000"


async def test_words_that_do_not_fit_stay_live_and_the_page_says_what_to_mend(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await typed(page, made.joint, IMPOSSIBLE)
        await a_minute_passes(made.joint)
        await page.until(lambda: page.last("problem"))

        assert page.last("problem")["passage"] == made.joint.public_id
        assert "U+E000" in page.last("problem")["words"]
        assert await revisions_of(made.joint) == [RIVER]


async def test_once_mended_they_are_cut_in_the_next_quiet_minute(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await typed(page, made.joint, IMPOSSIBLE)
        await a_minute_passes(made.joint)
        await a_minute_passes(made.joint)
        await editor.send(editor.erased())
        await editor.type("Mended.")
        await editor.saved()
        await a_minute_passes(made.joint)

    assert (await revisions_of(made.joint))[-1] == "Mended."


async def test_no_act_goes_over_words_that_do_not_fit(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await typed(page, made.joint, IMPOSSIBLE)
        await typed(page, made.caucus_a, IMPOSSIBLE)
        joint, caucus = await fresh(made.joint), await fresh(made.caucus_a)
        sha256 = await done(text_hash, made.document, {})

        with pytest.raises(MayNotBeMoved, match="U\\+E000"):
            await done(propose, SETTLE.name, joint.public_id, sha256=joint.tabled.sha256, by=made.co_chair_a)
        with pytest.raises(MayNotBeMoved, match="U\\+E000"):
            await done(propose, RELEASE.name, made.document.public_id, sha256=sha256, by=made.co_chair_a)
        with pytest.raises(TextRefused):
            await done(table_passage, caucus, sha256=caucus.caucus_copy.sha256, by=made.co_chair_a)
        with pytest.raises(TextRefused):
            await done(save_passage, joint, text=text("Form."), version=1, by=made.member_b)


async def test_what_did_not_fit_before_a_drop_is_there_again_when_it_is_brought_back(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await typed(page, made.caucus_a, f" still here {IMPOSSIBLE}")
        await done(drop_passage, made.caucus_a, by=made.member_a)
        await done(restore_passage, made.caucus_a, by=made.member_a)
        await page.until(lambda: page.last("closed"))

        assert (await page.edit(made.caucus_a)).words.endswith(f" still here {IMPOSSIBLE}")
        assert not (await live_text_of(made.caucus_a)).is_cut


async def test_a_heading_in_a_joint_passage_is_said_to_be_out_of_place(made: World) -> None:
    """The schema of all texts knows headings, a joint passage does not."""
    from pycrdt import XmlElement

    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        before = editor.doc.get_state()
        editor.root.children.insert(0, XmlElement("heading", contents=["Title"]))
        await editor.send(editor.doc.get_update(before))
        await editor.saved()

        assert await done(quiet.problem_with, (await live_text_of(made.joint)).pk, "en") == (
            "Only a recommendation has a heading."
        )


# ---- the rows -------------------------------------------------------------------------------------------------------


@sync_to_async
def opened_twice(passage: Passage, made: World) -> int:
    from reports.live.opening import open_text

    open_text(passage, by=made.member_a)
    open_text(passage, by=made.member_b)
    return LiveText.objects.filter(passage=passage).count()


async def test_a_text_is_seeded_once(made: World) -> None:
    assert await opened_twice(made.joint, made) == 1


async def test_a_new_passage_of_no_words_can_be_written(made: World) -> None:
    empty = await done(passage_of, made.section, made.member_a, "")
    async with section_page(made.member_b, made.section) as page:
        await typed(page, empty, "First words.")
        await a_minute_passes(empty)

    assert plain.text_of((await fresh(empty)).tabled.text) == "First words."
