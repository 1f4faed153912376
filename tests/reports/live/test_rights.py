"""Who may read and write a live text, and that nothing is written after the commit that ended it."""

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from groups.actions import end_membership
from parley.accounts.models import User
from parley.notifications import hub as pages
from reports.live import batches, hub, protocol, store
from reports.models import LiveClient, LiveText, Passage
from tests.factories import World
from tests.factories.world import CANARY_A
from tests.reports.drafting.hands import hand_pen, settle

from .editor import SectionPage, cookies_of, section_page
from .hands import done, fresh, live_text_of, live_words_of, payloads_of

pytestmark = pytest.mark.django_db(transaction=True)
RIVER = "Both sides drink from one river."


@sync_to_async
def texts_open() -> int:
    return LiveText.objects.count()


async def opened(made: World, role: str, passage: Passage) -> tuple[Any, ...]:
    """What this role is answered: whether it may write, or why it is refused."""
    async with section_page(made.people[role], made.section) as page:
        answer = await page.ask_for(passage)
        return (answer["mayWrite"],) if answer["type"] == "opened" else (answer["code"], answer["why"])


REFUSED = (4403, "access")


@pytest.mark.parametrize(
    ("passage", "role", "answer"),
    [
        *(("joint", role, (True,)) for role in ("co_chair_a", "member_a", "deputy_a", "member_b", "co_chair_b")),
        ("joint", "facilitator", REFUSED),
        *(("view_a", role, (True,)) for role in ("co_chair_a", "member_a", "deputy_a")),
        *(("view_a", role, REFUSED) for role in ("member_b", "co_chair_b", "facilitator")),
        *(("caucus_a", role, REFUSED) for role in ("member_b", "facilitator")),
        ("caucus_b", "member_b", (True,)),
        ("caucus_b", "co_chair_a", REFUSED),
    ],
)
async def test_a_text_opens_for_who_owns_its_voice(made: World, passage: str, role: str, answer: tuple) -> None:
    assert await opened(made, role, getattr(made, passage)) == answer


async def test_a_facilitator_reads_a_joint_text_in_which_others_write(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await page.edit(made.joint)

        assert await opened(made, "facilitator", made.joint) == (False,)


@pytest.mark.parametrize("role", ["outsider", "observer", "other_group_member", "ex_member_a", "other_facilitator"])
async def test_who_may_not_read_the_section_is_let_in_told_so_and_closed(made: World, role: str) -> None:
    page = SectionPage(await cookies_of(made.people[role]), made.section)

    assert await page.connect()
    assert await page.closed_with() == 4403


async def test_an_unknown_section_is_a_closed_one(made: World) -> None:
    section = made.section
    section.public_id = "nothing"
    page = SectionPage(await cookies_of(made.member_a), section)

    assert await page.connect()
    assert await page.closed_with() == 4403


async def test_who_must_show_a_second_factor_and_has_none_opens_no_section(made: World, monkeypatch: Any) -> None:
    monkeypatch.setattr("parley.accounts.second_factor.is_missing", lambda user: user == made.member_a)
    page = SectionPage(await cookies_of(made.member_a), made.section)

    assert await page.connect()
    assert await page.closed_with() == 4403


async def test_a_passage_of_another_section_does_not_open_here(made: World) -> None:
    elsewhere = await done(lambda: made.document.sections.last())
    async with section_page(made.member_a, elsewhere) as page:
        assert (await page.ask_for(made.joint))["why"] == "access"


@pytest.mark.parametrize("version", [0, -1])
async def test_an_older_editor_is_told_to_reload_and_opens_nothing(made: World, version: int) -> None:
    async with section_page(made.member_a, made.section) as page:
        answer = await page.ask_for(made.joint, version)

    assert (answer["code"], answer["why"]) == (4426, "schema")
    assert await texts_open() == 0


async def test_a_settled_passage_opens_for_nobody(made: World) -> None:
    await done(settle, made, made.joint)

    assert await opened(made, "member_a", made.joint) == (4403, "settled")


# ---- cheats ---------------------------------------------------------------------------------------------------------


async def test_a_reader_who_writes_all_the_same_is_refused_and_nothing_is_stored(made: World) -> None:
    async with (
        section_page(made.member_a, made.section) as page,
        section_page(made.facilitator, made.section) as reader,
    ):
        await page.edit(made.joint)
        cheat = await reader.edit(made.joint)
        await cheat.type(" Facilitated.")
        await reader.until(lambda: reader.last("refused"))
        await page.quiet()

        assert reader.last("refused") == {
            "type": "refused",
            "passage": made.joint.public_id,
            "code": 4403,
            "why": "access",
        }
        assert len(await payloads_of(made.joint)) == 1


async def test_a_client_id_of_somebody_else_is_refused(made: World) -> None:
    async with section_page(made.member_a, made.section) as page, section_page(made.member_b, made.section) as other:
        mine = await page.edit(made.joint)
        await mine.type(" Mine.")
        await mine.saved()
        forged = await other.edit(made.joint, Doc(client_id=mine.doc.client_id))
        await forged.type(" Not mine.")
        await other.until(lambda: other.last("refused"))

        assert (other.last("refused") or {})["code"] == 4409
        assert await live_words_of(made.joint) == f"{RIVER} Mine."


async def test_the_servers_own_client_id_is_nobodys(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        await page.edit(made.joint)
        seeded = await done(lambda: LiveClient.objects.get(person=None).client_id)
        forged = await page.edit(made.joint, Doc(client_id=seeded))
        await forged.type(" As the server.")
        await page.until(lambda: page.last("refused"))

        assert (page.last("refused") or {})["why"] == "elsewhere"


async def test_one_person_writes_with_the_ids_of_their_earlier_tabs(made: World) -> None:
    """Words that waited on the page are sent again after a reload, under the id of before."""
    async with section_page(made.member_a, made.section) as page:
        before = await page.edit(made.joint)
        waiting = before.typed(" Waited.")
    async with section_page(made.member_a, made.section) as page:
        after = await page.edit(made.joint)
        await after.send(waiting)
        await after.saved()

    assert await live_words_of(made.joint) == f"{RIVER} Waited."


async def test_the_same_words_sent_twice_stand_once(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        update = editor.typed(" Once.")
        await editor.send(update)
        await editor.send(update)
        await editor.saved()

    assert await live_words_of(made.joint) == f"{RIVER} Once."


def with_words(client: int, words: str) -> bytes:
    doc: Doc = Doc(client_id=client)
    fragment = doc.get("default", type=XmlFragment)
    fragment.children.append(XmlElement("paragraph", contents=[XmlText(words)]))
    return doc.get_update()


async def test_other_words_under_a_clock_that_was_used_change_nothing_for_anybody(made: World) -> None:
    """Else two readers could be shown two texts: what came first stands, here and in every browser."""
    async with section_page(made.member_a, made.section) as page, section_page(made.member_b, made.section) as other:
        editor, theirs = await page.edit(made.joint), await other.edit(made.joint)
        for words in ("agreed words", "secret words"):
            await editor.send(with_words(777, words))
        await editor.saved()
        await other.until(lambda: "words" in theirs.words)
        await other.quiet()

        assert theirs.words == f"agreed words {RIVER}"
        assert await live_words_of(made.joint) == f"agreed words\n\n{RIVER}"


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x01",
        b"\x01\x05\x00",
        b"\x01\x00\x03\x00",
        b"\x01\x00\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\x01\x00\x02\x02\x01",
        protocol.sync(1, protocol.UPDATE, b"\x00\x00\x00"),
        protocol.sync(1, protocol.UPDATE, b"\x01\x01\x05\x00\x09\x01"),
        protocol.sync(1, protocol.STEP1, b"\xff\xff\xff\xff\x0f"),
        protocol.sync(1, protocol.UPDATE, with_words(5, "x")) + b"\x00",
        b"\x01\x01\x03\x01\x01\x01",
    ],
)
async def test_what_no_editor_sends_closes_the_socket(made: World, frame: bytes) -> None:
    async with section_page(made.member_a, made.section) as page:
        await page.edit(made.joint)
        await page.send_bytes(frame)
        await page.until(lambda: page.closed_by is not None)

    assert page.closed_by == 4400
    assert len(await payloads_of(made.joint)) == 1


async def test_words_that_hang_on_a_run_of_letters_are_never_stored(made: World) -> None:
    """The library could not read the text again: nobody could settle it, and other browsers would fail over it."""
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        await editor.type(" Letters.")
        await editor.saved()
        letters = protocol.number(editor.doc.client_id) + protocol.number(0)
        hanging = b"\x01\x01" + protocol.number(4242) + b"\x00\x04\x00" + letters + protocol.array(b"x") + b"\x00"
        await editor.send(hanging)
        await page.until(lambda: page.closed_by is not None)

    assert page.closed_by == 4400
    assert await live_words_of(made.joint) == f"{RIVER} Letters."


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "open"},
        {"type": "open", "passage": "x", "schema": "1"},
        {"type": "open", "passage": "x", "schema": True},
        {"type": "open", "passage": "../x", "schema": 1},
        {"type": "close", "passage": 5},
        {"type": "seize", "passage": "x"},
    ],
)
async def test_a_request_that_makes_no_sense_closes_the_socket(made: World, frame: dict[str, Any]) -> None:
    async with section_page(made.member_a, made.section) as page:
        await page.send(json.dumps(frame))
        assert await page.closed_with() == 4400


async def test_an_update_beyond_a_megabyte_ends_its_channel_and_not_the_page(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        await editor.send(b"\x00" * 1_000_001)
        await page.until(lambda: page.last("refused"))

        assert (page.last("refused") or {})["code"] == 4413
        assert (await page.ask_for(made.view_a))["type"] == "opened"


async def test_a_flood_ends_the_channel_for_a_while(made: World, monkeypatch: Any) -> None:
    monkeypatch.setattr("reports.live.consumer.MOST_FRAMES", 20)
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        for _ in range(25):
            await editor.ask()
        await page.until(lambda: page.last("refused"))

        assert ((page.last("refused") or {})["code"], (page.last("refused") or {})["why"]) == (4503, "busy")


# ---- carets ---------------------------------------------------------------------------------------------------------


async def test_a_caret_carries_the_sessions_name_whatever_the_browser_says(made: World) -> None:
    async with section_page(made.member_a, made.section) as page, section_page(made.member_b, made.section) as other:
        mine, theirs = await page.edit(made.joint), await other.edit(made.joint)
        await mine.point(user={"name": "Co Chair B"}, cursor={"anchor": 1})
        await other.until(lambda: theirs.carets)

        state = theirs.carets[mine.doc.client_id].state
        assert state == {"user": {"name": "Member A", "hue": state["user"]["hue"]}, "cursor": {"anchor": 1}}


async def test_a_caret_leaves_with_its_page_and_a_later_one_hears_of_those_who_are_there(made: World) -> None:
    async with section_page(made.member_b, made.section) as other:
        async with section_page(made.member_a, made.section) as page:
            mine = await page.edit(made.joint)
            await mine.point(cursor={"anchor": 1})
            theirs = await other.edit(made.joint)
            await other.until(lambda: theirs.carets)
        await other.until(lambda: theirs.carets[mine.doc.client_id].state is None)


async def test_nobody_moves_or_removes_the_caret_of_another(made: World) -> None:
    async with section_page(made.member_a, made.section) as page, section_page(made.member_b, made.section) as other:
        mine, theirs = await page.edit(made.joint), await other.edit(made.joint)
        await mine.point(cursor={"anchor": 1})
        await other.until(lambda: theirs.carets)
        await theirs.point(client=mine.doc.client_id, cursor={"anchor": 9})
        await other.until(lambda: other.last("refused"))
        await page.quiet()

        assert mine.carets == {}


# ---- rights that end ------------------------------------------------------------------------------------------------


@sync_to_async
def ended_quietly(person: User) -> None:
    """As another process does it whose message is lost: the epoch is raised, nobody is told."""
    User.objects.filter(pk=person.pk).update(access_epoch=5)


async def test_a_membership_that_ends_in_mid_word_ends_the_writing(made: World) -> None:
    async with section_page(made.member_a, made.section) as page, section_page(made.member_b, made.section) as other:
        mine, theirs = await page.edit(made.joint), await other.edit(made.joint)
        await mine.type(" Before.")
        await mine.saved()
        await done(end_membership, await done(made.membership, "member_a"), by=made.co_chair_a)
        await mine.type(" After.")
        await page.until(lambda: page.closed_by is not None)
        await other.quiet()

    assert page.closed_by == 4403
    assert theirs.words == f"{RIVER} Before."
    assert b"After." not in b"".join(await payloads_of(made.joint))


@pytest.mark.both_databases
async def test_nothing_is_stored_after_the_commit_that_ended_a_membership_with_no_word_of_it(
    made: World, monkeypatch: Any
) -> None:
    """Neither message nor sweep: the write itself asks."""
    monkeypatch.setattr(pages, "SWEEP_SECONDS", 60)
    monkeypatch.setattr("groups.actions.seats.raise_epoch", lambda person: None)
    async with section_page(made.member_a, made.section) as page:
        mine = await page.edit(made.joint)
        await done(end_membership, await done(made.membership, "member_a"), by=made.co_chair_a)
        await ended_quietly(made.member_a)
        await mine.type(" After.")
        await page.until(lambda: page.closed_by is not None)

    assert page.closed_by == 4403
    assert len(await payloads_of(made.joint)) == 1


@pytest.mark.both_databases
async def test_a_changed_access_that_leaves_the_right_to_write_loses_no_word(made: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(pages, "SWEEP_SECONDS", 60)
    async with section_page(made.member_a, made.section) as page:
        mine = await page.edit(made.joint)
        await ended_quietly(made.member_a)
        await mine.type(" One.")
        await mine.type(" Two.")
        await mine.saved()

    assert await live_words_of(made.joint) == f"{RIVER} One. Two."


@pytest.mark.both_databases
async def test_a_session_that_has_ended_writes_nothing(made: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(pages, "SWEEP_SECONDS", 60)
    async with section_page(made.member_a, made.section) as page:
        mine = await page.edit(made.joint)
        await done(lambda: Session.objects.all().delete())
        await mine.type(" After.")
        await page.until(lambda: page.closed_by is not None)

    assert page.closed_by == 4401
    assert len(await payloads_of(made.joint)) == 1


@pytest.mark.both_databases
async def test_a_text_that_was_closed_with_no_word_of_it_takes_nothing_more(made: World, monkeypatch: Any) -> None:
    async with section_page(made.member_a, made.section) as page:
        mine = await page.edit(made.joint)
        monkeypatch.setattr(hub.LiveHub, "_heard", lambda self, message: None)
        await done(settle, made, made.joint)
        await mine.type(" After.")
        await page.until(lambda: page.last("closed"))

    assert (page.last("closed") or {})["why"] == "settled"
    assert (await fresh(made.joint)).tabled.plain == RIVER
    assert len(await payloads_of(made.joint)) == 1


async def test_a_text_that_was_closed_unheard_is_found_by_the_sweep(made: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(hub, "SWEEP_SECONDS", 0.2)
    async with section_page(made.member_a, made.section) as page:
        await page.edit(made.joint)
        monkeypatch.setattr(hub.LiveHub, "_heard", lambda self, message: None)
        await done(settle, made, made.joint)
        await page.until(lambda: page.last("closed"))

    assert (page.last("closed") or {})["why"] == "settled"


async def test_without_a_database_nothing_is_acknowledged_and_the_page_tries_again(
    made: World, monkeypatch: Any
) -> None:
    def gone(writes: Any) -> None:
        raise OSError

    async with section_page(made.member_a, made.section) as page:
        mine = await page.edit(made.joint)
        await mine.saved()
        monkeypatch.setattr(batches.store, "append", gone)
        await mine.type(" Lost?")
        await page.until(lambda: page.closed_by is not None)

    assert page.closed_by == 4503
    assert (mine.sent, mine.acked) == (2, 1)


async def test_what_the_layer_loses_is_read_from_the_rows(made: World, monkeypatch: Any) -> None:
    """Two rows written elsewhere, of which only the second is heard of."""
    async with section_page(made.member_a, made.section) as page, section_page(made.member_b, made.section) as other:
        mine, theirs = await page.edit(made.joint), await other.edit(made.joint)
        deliver = hub.LiveHub._deliver
        monkeypatch.setattr(hub.LiveHub, "_deliver", lambda self, message: None)
        await mine.type(" First.")
        await mine.saved()
        monkeypatch.setattr(hub.LiveHub, "_deliver", deliver)
        await mine.type(" Second.")
        await other.until(lambda: "Second" in theirs.words)

        assert theirs.words == f"{RIVER} First. Second."


async def test_a_lost_tail_is_made_good_by_the_sweep(made: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(hub, "SWEEP_SECONDS", 0.2)
    async with section_page(made.member_a, made.section) as page, section_page(made.member_b, made.section) as other:
        mine, theirs = await page.edit(made.joint), await other.edit(made.joint)
        monkeypatch.setattr(hub.LiveHub, "_deliver", lambda self, message: None)
        await mine.type(" Tail.")
        await other.until(lambda: "Tail" in theirs.words)


# ---- what a caucus types --------------------------------------------------------------------------------------------


async def test_no_frame_of_the_other_side_holds_a_word_that_a_caucus_typed_and_deleted(made: World) -> None:
    async with (
        section_page(made.member_a, made.section) as ours,
        section_page(made.member_b, made.section) as theirs,
        section_page(made.facilitator, made.section) as host,
    ):
        editor = await ours.edit(made.caucus_a)
        await editor.type(" heronsecret")
        await editor.saved()
        await editor.send(editor.erased())
        await editor.type("Now for all.")
        await editor.saved()
        await done(_tabled, made)
        for page in (ours, theirs, host):
            await page.quiet(0.8)
        again = await ours.edit(made.caucus_a)
        await again.type(" Later heronsecret.")
        await again.saved()
        for page in (theirs, host):
            await page.quiet(0.8)

        assert b"heronsecret" in b"".join(ours.frames) or b"heronsecret" in b"".join(await payloads_of(made.caucus_a))
        for page in (theirs, host):
            said = b"".join(page.frames)
            assert [word for word in (b"heronsecret", CANARY_A.encode()) if word in said] == []
            assert {told["type"] for told in page.told} <= {"bell", "changed"}


def _tabled(made: World) -> None:
    from reports.actions.passages import table_passage
    from reports.live.cutting import take_in

    passage = Passage.objects.select_related("section__document").get(pk=made.caucus_a.pk)
    take_in(passage)
    table_passage(passage, sha256=passage.caucus_copy.sha256, by=made.co_chair_a)


async def test_the_client_ids_of_a_caucus_are_not_those_of_what_it_tabled(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.caucus_a)
        await editor.type(" More.")
        await editor.saved()
        await done(_tabled, made)
        await page.until(lambda: page.last("closed"))
        await page.edit(made.caucus_a)

    by_text: dict[int, set[int]] = {}
    for text, client in await done(lambda: list(LiveClient.objects.values_list("text", "client_id"))):
        by_text.setdefault(text, set()).add(client)
    first, second = by_text.values()
    assert first & second == set()


def visible(page: SectionPage) -> list[Any]:
    """All that a page was told, without what is new for every person and connection."""
    return [{k: v for k, v in told.items() if k not in ("text", "savedAt", "hue")} for told in page.told]


@pytest.mark.parametrize("acts", [0, 40])
async def test_every_number_that_the_other_side_is_told_is_the_same_after_forty_acts_of_a_caucus(
    made: World, acts: int
) -> None:
    async with section_page(made.member_a, made.section) as ours, section_page(made.member_b, made.section) as theirs:
        editor = await ours.edit(made.caucus_a)
        for n in range(acts):
            await editor.type(f" {n}")
            await editor.saved()
        await ours.quiet(0.1)
        mine = await theirs.edit(made.joint)
        await mine.type(" Ours.")
        await mine.saved()
        await theirs.quiet()

        assert visible(theirs) == [
            {"type": "bell", "unread": (theirs.told[0])["unread"]},
            {"type": "opened", "passage": made.joint.public_id, "n": 1, "mayWrite": True, "name": "Member B"},
        ]
        assert mine.acked == mine.sent
        assert (await live_text_of(made.joint)).sequence == 2


async def test_a_refusal_says_the_same_whether_a_caucus_types_or_not(made: World) -> None:
    async with section_page(made.member_b, made.section) as theirs:
        before = await theirs.ask_for(made.caucus_a)
        async with section_page(made.member_a, made.section) as ours:
            await ours.edit(made.caucus_a)
            during = await theirs.ask_for(made.caucus_a)

    assert before == during == {"type": "refused", "passage": made.caucus_a.public_id, "code": 4403, "why": "access"}


# ---- words for those who only read ----------------------------------------------------------------------------------


async def test_who_reads_a_joint_passage_sees_its_words_as_they_are_typed(made: World) -> None:
    async with section_page(made.member_a, made.section) as page, section_page(made.facilitator, made.section) as host:
        editor = await page.edit(made.joint)
        await editor.type(" <b>Now</b>.")
        await host.until(lambda: host.last("words"))

        assert host.last("words") == {
            "type": "words",
            "passage": made.joint.public_id,
            "html": f"<p>{RIVER} &lt;b&gt;Now&lt;/b&gt;.</p>\n",
        }
        assert page.last("words") is None


async def test_a_long_passage_is_shown_less_often(made: World, monkeypatch: Any) -> None:
    """What comes to a page that only reads is bounded by its bytes, not by how often somebody types."""
    monkeypatch.setattr(hub, "SHOW_SECONDS", 0.05)
    monkeypatch.setattr(hub, "SHOWN_BYTES_A_SECOND", 40)
    async with section_page(made.member_a, made.section) as page, section_page(made.facilitator, made.section) as host:
        editor = await page.edit(made.joint)
        await editor.type(" One.")
        await host.until(lambda: host.last("words"))
        began = asyncio.get_running_loop().time()
        await editor.type(" Two.")
        await host.until(lambda: "Two." in host.last("words")["html"])  # type: ignore[index]  # it came before

        assert asyncio.get_running_loop().time() - began > 0.5


async def test_a_page_opened_later_is_told_what_no_revision_says_yet(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        await editor.type(" Newest.")
        await editor.saved()
        async with section_page(made.facilitator, made.section) as host:
            await host.until(lambda: host.last("words"))

    assert "Newest." in (host.last("words") or {})["html"]


# ---- the layer and the rows -----------------------------------------------------------------------------------------


async def test_a_long_text_is_compacted_and_says_the_same(made: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(store, "COMPACT_EVERY", 5)
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(made.joint)
        for n in range(12):
            await editor.type(f" {n}")
            await editor.saved()
        await asyncio.sleep(0.2)
        async with section_page(made.member_b, made.section) as other:
            theirs = await other.edit(made.joint)

            assert theirs.words == editor.words
            assert (await live_text_of(made.joint)).state_sequence == 10


async def test_who_writes_when_the_pen_is_given_stops_at_once_and_keeps_every_word(made: World) -> None:
    async with section_page(made.member_a, made.section) as page:
        mine = await page.edit(made.joint)
        await mine.type(" Typed before.")
        await mine.saved()
        await done(hand_pen, made, made.joint, made.facilitator)
        await page.until(lambda: page.last("closed"))

    assert (page.last("closed") or {})["why"] == "penned"
    assert (await fresh(made.joint)).tabled.plain == f"{RIVER} Typed before."
    assert await opened(made, "member_a", made.joint) == (4403, "penned")
