"""Other words written live by those who propose them: who may, how they become a draft, and that nobody else learns."""

import json
from functools import partial
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction

from groups.actions import end_membership, propose, turn_key
from groups.actions.keys import TextHasChanged
from parley.audit.models import Entry
from reports.actions.agreement import FREEZE, text_hash
from reports.actions.passages import EditConflict, drop_passage, save_passage
from reports.actions.proposals import decline_proposal, offer_proposal, save_proposal, withdraw_proposal
from reports.live import branching, hub
from reports.live.rights import Named
from reports.models import LiveClient, LiveText, Passage, Proposal, Revision
from reports.text.limits import TextRefused
from tests.factories import World, passage_of, text
from tests.factories.browsers import signed_in
from tests.factories.world import CANARY_A
from tests.reports.checking import let_stand
from tests.reports.drafting import branches
from tests.reports.drafting.hands import settle

from .editor import SectionPage, cookies_of, section_page
from .hands import a_minute_passes, done, live_text_of, live_words_of, payloads_of
from .test_cutting import IMPOSSIBLE, RIVER, typed
from .test_rights import REFUSED, visible

pytestmark = pytest.mark.django_db(transaction=True)
ORLA = "Both sides drink from the Orla."


async def of_side(made: World, words: str = ORLA) -> Proposal:
    return await done(branches.drafted, made.joint, made.member_a, words, side=made.a)


async def own(made: World, role: str = "member_a", words: str = ORLA) -> Proposal:
    return await done(branches.drafted, made.joint, made.people[role], words)


async def offer(made: World, proposal: Proposal) -> Proposal:
    """What it says now, by the side's key holder or the one person."""

    def act() -> Proposal:
        branching.take_in(now := branches.fresh(proposal))
        by = made.co_chair_a if now.side_id else now.begun_by
        offer_proposal(now, sha256=now.newest.sha256, reason=branches.WHY, by=by)
        return branches.fresh(proposal)

    return await done(act)


async def fresh(proposal: Proposal) -> Proposal:
    return await done(branches.fresh, proposal)


@sync_to_async
def states_of(proposal: Proposal) -> list[str]:
    return list(proposal.revisions.order_by("pk").values_list("plain", flat=True))


# ---- who may --------------------------------------------------------------------------------------------------------


async def answer(made: World, role: str, proposal: Proposal) -> tuple[Any, ...]:
    async with section_page(made.people[role], made.section) as page:
        told = await page.ask_for(proposal)
        return (told["mayWrite"],) if told["type"] == "opened" else (told["code"], told["why"])


IN_THE_GROUP = ("co_chair_a", "deputy_a", "member_a", "co_chair_b", "member_b", "member_c", "facilitator")
WRITERS = {"side": {"co_chair_a", "deputy_a", "member_a"}, "own": {"member_a"}, "facilitator's": {"facilitator"}}


@pytest.mark.parametrize("role", IN_THE_GROUP)
@pytest.mark.parametrize("whose", WRITERS)
@pytest.mark.parametrize("is_offered", [False, True], ids=["drafted", "offered"])
async def test_a_branch_opens_for_those_who_write_it_and_for_nobody_else(
    made: World, whose: str, role: str, is_offered: bool
) -> None:
    proposal = await (of_side(made) if whose == "side" else own(made, "member_a" if whose == "own" else "facilitator"))
    if is_offered:
        proposal = await offer(made, proposal)

    assert await answer(made, role, proposal) == ((True,) if role in WRITERS[whose] else REFUSED)


@pytest.mark.parametrize("role", ["outsider", "observer", "other_group_member", "ex_member_a", "other_facilitator"])
async def test_who_may_not_read_the_section_never_comes_to_its_branches(made: World, role: str) -> None:
    await of_side(made)
    page = SectionPage(await cookies_of(made.people[role]), made.section)

    assert await page.connect()
    assert await page.closed_with() == 4403


async def test_a_branch_is_refused_alike_whether_it_is_written_is_quiet_or_does_not_exist(made: World) -> None:
    proposal = await of_side(made)
    async with section_page(made.member_b, made.section) as theirs, section_page(made.member_a, made.section) as ours:
        quiet = await theirs.ask_for(proposal)
        await typed(ours, proposal, " Upstream.")
        written = await theirs.ask_for(proposal)
        unknown = await theirs.ask_for(Named("proposal", "nothing"))

    assert quiet == written == {**unknown, "proposal": proposal.public_id}
    assert (unknown["code"], unknown["why"]) == REFUSED


async def test_a_branch_does_not_open_from_another_section(made: World) -> None:
    proposal = await of_side(made)
    elsewhere = await done(lambda: made.document.sections.last())
    async with section_page(made.member_a, elsewhere) as page:
        assert (await page.ask_for(proposal))["why"] == "access"


async def test_no_passage_opens_by_the_id_of_a_proposal_and_none_the_other_way(made: World) -> None:
    proposal = await of_side(made)
    async with section_page(made.member_a, made.section) as page:
        crossed = [Named("passage", proposal.public_id), Named("proposal", made.joint.public_id)]

        assert [(await page.ask_for(named))["why"] for named in crossed] == ["access", "access"]


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "open", "proposal": "x", "passage": "x", "schema": 2},
        {"type": "open", "proposal": ["x"], "schema": 2},
        {"type": "open", "proposal": "../x", "schema": 2},
        {"type": "close", "proposal": None},
    ],
)
async def test_what_names_no_one_text_closes_the_socket(made: World, frame: dict[str, Any]) -> None:
    async with section_page(made.member_a, made.section) as page:
        await page.send(json.dumps(frame))
        assert await page.closed_with() == 4400


# ---- written together -----------------------------------------------------------------------------------------------


async def test_two_of_a_side_write_one_branch_and_the_passage_says_what_it_said(made: World) -> None:
    proposal = await of_side(made)
    async with section_page(made.member_a, made.section) as page, section_page(made.co_chair_a, made.section) as other:
        mine, theirs = await page.edit(proposal), await other.edit(proposal)
        await mine.point(cursor={"anchor": 1})
        await mine.type(" It rises.")
        await mine.saved()
        await other.until(lambda: "rises" in theirs.words and theirs.carets)
        await theirs.type(" It falls.")
        await theirs.saved()
        await page.until(lambda: mine.words == theirs.words)

        assert mine.words == f"{ORLA} It rises. It falls."
        assert theirs.carets[mine.doc.client_id].state["user"]["name"] == "Member A"
        assert await done(lambda: Passage.objects.get(pk=made.joint.pk).tabled.plain) == RIVER


async def test_one_person_writes_their_own_branch_from_two_devices(made: World) -> None:
    proposal = await own(made)
    async with section_page(made.member_a, made.section) as desk, section_page(made.member_a, made.section) as phone:
        first, second = await desk.edit(proposal), await phone.edit(proposal)
        await first.type(" At the desk.")
        await phone.until(lambda: "desk" in second.words)
        await second.type(" On the way.")
        await second.saved()

    assert await live_words_of(proposal) == f"{ORLA} At the desk. On the way."


async def test_a_quiet_minute_makes_the_newest_draft_by_whoever_wrote_last(made: World) -> None:
    proposal = await of_side(made)
    async with section_page(made.co_chair_a, made.section) as page:
        await typed(page, proposal, " It rises.")
        assert await a_minute_passes(proposal) == 1

        now = await fresh(proposal)
        await page.until(lambda: page.last("cut"))
        assert (now.newest.plain, now.newest.made_by_id, now.version) == (f"{ORLA} It rises.", made.co_chair_a.pk, 2)
        assert page.last("cut") == {"type": "cut", "proposal": proposal.public_id, "version": 2, "laid": False}
        recorded = await done(branches.events, chain__name=made.group.caucus_chain(made.a))
        assert recorded[-2:] == ["proposal.begun", "proposal.written"]
        assert await a_minute_passes(proposal) == 0


async def test_when_its_last_writer_leaves_the_words_are_the_draft(made: World) -> None:
    proposal = await own(made)
    async with section_page(made.member_b, made.section) as reader:
        async with section_page(made.member_a, made.section) as page:
            await typed(page, proposal, " Gone.")
        await reader.quiet(0.8)

    assert await states_of(proposal) == [ORLA, f"{ORLA} Gone."]


async def test_words_that_are_no_text_stay_live_and_are_offered_by_nobody(made: World) -> None:
    proposal = await of_side(made)
    async with section_page(made.member_a, made.section) as page:
        await typed(page, proposal, IMPOSSIBLE)
        await a_minute_passes(proposal)
        await page.until(lambda: page.last("problem"))
        with pytest.raises(TextRefused):
            await offer(made, proposal)

        assert (page.last("problem") or {})["proposal"] == proposal.public_id
        assert await states_of(proposal) == [ORLA]
        assert not (await fresh(proposal)).was_offered


# ---- beside the plain form ------------------------------------------------------------------------------------------


async def test_a_plain_save_that_did_not_know_of_typed_words_is_a_conflict_with_both(made: World) -> None:
    proposal = await of_side(made)
    save = partial(save_proposal, text=text("Mine alone."), base=made.joint.tabled, version=1, by=made.co_chair_a)
    async with section_page(made.member_a, made.section) as page:
        await typed(page, proposal, " It rises.")

        with pytest.raises(EditConflict) as conflict:
            await done(save, proposal)

    assert (conflict.value.theirs.plain, conflict.value.version) == (f"{ORLA} It rises.", 2)
    assert await states_of(proposal) == [ORLA, f"{ORLA} It rises."]


async def test_a_plain_save_comes_to_whoever_types_and_leaves_what_is_on_its_way(made: World) -> None:
    proposal = await of_side(made)
    save = partial(save_proposal, base=made.joint.tabled, version=1, by=made.co_chair_a)
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(proposal)
        on_its_way = editor.typed(" On its way.")
        await done(save, proposal, text=text(ORLA.replace("Both", "All")))
        await editor.send(on_its_way)
        await page.until(lambda: editor.words.startswith("All"))
        await editor.saved()

    assert await live_words_of(proposal) == "All sides drink from the Orla. On its way."


async def test_the_plain_form_and_the_page_show_what_is_typed_to_its_writers(made: World) -> None:
    proposal = await of_side(made)
    async with section_page(made.member_a, made.section) as page:
        await typed(page, proposal, " Typed a moment ago.")
        browser = await done(signed_in, made.co_chair_a)
        form = await done(browser.get, f"/proposals/{proposal.public_id}/write/")
        shown = await done(browser.get, f"/proposals/{proposal.public_id}/")

    assert "Typed a moment ago." in form.content.decode()
    assert "Typed a moment ago." in shown.content.decode()


async def test_the_page_of_an_offer_takes_in_nothing_for_those_who_only_read_it(made: World) -> None:
    proposal = await offer(made, await of_side(made))
    async with section_page(made.member_a, made.section) as page:
        await typed(page, proposal, f" {CANARY_A}")
        shown = await done((await done(signed_in, made.member_b)).get, f"/proposals/{proposal.public_id}/")

        assert CANARY_A not in shown.content.decode()
        assert "/ws/section/" not in shown.content.decode()
        assert await states_of(proposal) == [ORLA]


# ---- while the passage moves ----------------------------------------------------------------------------------------


def changed(made: World, words: str) -> None:
    passage = Passage.objects.get(pk=made.joint.pk)
    save_passage(passage, text=text(words), version=passage.version, by=made.member_b)


@pytest.fixture
def swept_often(monkeypatch: Any) -> None:
    monkeypatch.setattr(hub, "SWEEP_SECONDS", 0.2)


async def watching(page: SectionPage, made: World) -> None:
    """Hear what every page of the document hears."""
    await page.send(json.dumps({"type": "watch", "topics": [f"document:{made.document.public_id}"]}))


@pytest.mark.usefixtures("swept_often")
async def test_what_others_change_in_the_passage_comes_into_the_open_branch_as_the_servers_own(made: World) -> None:
    proposal = await of_side(made)
    async with section_page(made.member_a, made.section) as page:
        editor = await typed(page, proposal, " It rises.")
        await done(changed, made, RIVER.replace("Both", "All"))
        await page.until(lambda: editor.words.startswith("All"))

        assert editor.words == "All sides drink from the Orla. It rises."
        live = await live_text_of(proposal)
        assert live.last_writer_id == made.member_a.pk
        assert await done(lambda: live.updates.latest("sequence").person_id) is None
        assert await done(lambda: live.base.plain) == "All sides drink from one river."
        await editor.type(" It falls.")
        await editor.saved()

    now = await fresh(await offer(made, proposal))
    assert now.offered.plain == "All sides drink from the Orla. It rises. It falls."
    assert now.offered.base.plain == "All sides drink from one river."


async def test_a_branch_opens_over_the_words_of_today(made: World) -> None:
    proposal = await of_side(made)
    async with section_page(made.member_a, made.section) as page:
        await page.edit(proposal)
        await done(changed, made, RIVER.replace("Both", "All"))
        await page.send(json.dumps({"type": "close", **Named("proposal", proposal.public_id).said}))
        again = await page.edit(proposal)

        assert again.words == "All sides drink from the Orla."
        assert await states_of(proposal) == [ORLA]


@pytest.mark.usefixtures("swept_often")
async def test_where_both_changed_the_same_words_the_branch_keeps_its_own_until_the_form_lays_them_over(
    made: World,
) -> None:
    proposal = await of_side(made)
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(proposal)
        await done(changed, made, "Both sides drink from one lake.")
        await page.until(lambda: hub.live_hub().laid_over)
        kept = editor.words
        today = await done(lambda: Passage.objects.get(pk=made.joint.pk).tabled)
        await done(save_proposal, proposal, text=text("Both drink."), base=today, version=1, by=made.member_a)
        await page.until(lambda: editor.words == "Both drink.")

        assert kept == ORLA
        assert (await live_text_of(proposal)).base_id == today.pk


@pytest.mark.usefixtures("swept_often")
async def test_once_its_writers_say_what_the_passage_says_the_branch_stands_over_the_words_of_today(
    made: World,
) -> None:
    proposal = await of_side(made)
    async with section_page(made.member_a, made.section) as page:
        editor = await page.edit(proposal)
        await done(changed, made, "Both sides drink from one lake.")
        await page.until(lambda: hub.live_hub().laid_over)
        tried = dict(hub.live_hub().laid_over)
        await editor.send(editor.erased())
        await editor.type("Both of our sides drink from one lake.")
        await editor.saved()
        await a_minute_passes(proposal)
        today = await done(lambda: Passage.objects.get(pk=made.joint.pk).tabled_id)
        await page.until(lambda: hub.live_hub().laid_over != tried)

        assert (await live_text_of(proposal)).base_id == today
        assert await live_words_of(proposal) == "Both of our sides drink from one lake."


async def test_words_that_both_changed_are_revised_in_the_form_that_shows_both(made: World) -> None:
    """Typed over the older ones they could never meet."""
    proposal = await of_side(made)
    browser = await done(signed_in, made.member_a)
    address = f"/proposals/{proposal.public_id}/"
    before = (await done(browser.get, address)).content.decode()
    await done(changed, made, "Both sides drink from one lake.")
    after = (await done(browser.get, address)).content.decode()

    live = f'data-edit="{proposal.public_id}"'
    assert (live in before, "Revise it first" in before) == (True, False)
    assert (live in after, "Revise it first" in after) == (False, True)


# ---- what ends it ---------------------------------------------------------------------------------------------------


async def test_offering_other_words_than_the_typed_ones_is_refused_and_the_typed_ones_stand(made: World) -> None:
    proposal = await of_side(made)
    stale = partial(offer_proposal, sha256=proposal.newest.sha256, reason=branches.WHY, by=made.co_chair_a)
    async with section_page(made.member_a, made.section) as page:
        await typed(page, proposal, " It rises.")
        with pytest.raises(TextHasChanged):
            await done(stale, proposal)

    assert await states_of(proposal) == [ORLA, f"{ORLA} It rises."]


def _declined(made: World, proposal: Proposal) -> None:
    decline_proposal(proposal, reason="Not so.", by=made.co_chair_b)


def _withdrawn(made: World, proposal: Proposal) -> None:
    withdraw_proposal(proposal, reason="Not so.", by=made.co_chair_a)


def _taken(made: World, proposal: Proposal) -> None:
    branches.taken(proposal, made.member_b)


def _frozen(made: World, proposal: Proposal) -> None:
    settle(made, made.joint)
    settle(made, made.view_a)
    let_stand(made.document, made.co_chair_a, made.co_chair_b)
    motion = propose(
        FREEZE.name, made.document.public_id, sha256=text_hash(made.document, {}), facts={}, by=made.co_chair_a
    )
    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)


@pytest.mark.parametrize(
    ("act", "why"), [(_declined, "declined"), (_withdrawn, "withdrawn"), (_taken, "taken"), (_frozen, "frozen")]
)
async def test_what_ends_an_offer_ends_its_newer_draft_and_keeps_its_last_words(
    made: World, act: Any, why: str
) -> None:
    proposal = await offer(made, await of_side(made))
    async with section_page(made.member_a, made.section) as page:
        editor = await typed(page, proposal, " It rises.")
        await done(act, made, await fresh(proposal))
        await page.until(lambda: page.last("closed"))
        await editor.type(" Too late.")
        again = await page.ask_for(proposal)

        assert page.last("closed") == {"type": "closed", "proposal": proposal.public_id, "why": why}
        assert (again["code"], again["why"]) == (4403, why)
        assert (await states_of(proposal))[-1] == f"{ORLA} It rises."
        assert b"Too late." not in b"".join(await payloads_of(proposal))


async def test_dropping_the_passage_ends_its_branches(made: World) -> None:
    empty = await done(passage_of, made.section, made.member_a, "")
    proposal = await done(branches.drafted, empty, made.member_a, ORLA, side=made.a)
    async with section_page(made.member_a, made.section) as page:
        await typed(page, proposal, " It rises.")
        await done(drop_passage, await done(Passage.objects.get, pk=empty.pk), by=made.member_b)
        await page.until(lambda: page.last("closed"))

        assert (page.last("closed") or {})["why"] == "dropped"
        assert await states_of(proposal) == [ORLA, f"{ORLA} It rises."]


async def test_a_membership_that_ends_in_mid_word_ends_the_writing(made: World, monkeypatch: Any) -> None:
    proposal = await of_side(made)
    async with section_page(made.member_a, made.section) as page, section_page(made.co_chair_a, made.section) as other:
        mine, theirs = await page.edit(proposal), await other.edit(proposal)
        await mine.type(" Before.")
        await mine.saved()
        monkeypatch.setattr(hub.LiveHub, "_heard", lambda self, message: None)
        await done(end_membership, await done(made.membership, "member_a"), by=made.co_chair_a)
        await mine.type(" After.")
        await page.until(lambda: page.closed_by is not None)
        await other.quiet()

    assert page.closed_by == 4403
    assert theirs.words == f"{ORLA} Before."
    assert b"After." not in b"".join(await payloads_of(proposal))


# ---- what nobody else learns ----------------------------------------------------------------------------------------


async def test_no_frame_of_others_holds_a_word_that_was_typed_and_deleted_before_an_offer(made: World) -> None:
    proposal = await of_side(made)
    async with (
        section_page(made.member_a, made.section) as ours,
        section_page(made.member_b, made.section) as theirs,
        section_page(made.facilitator, made.section) as host,
    ):
        for page in (ours, theirs, host):
            await watching(page, made)
        editor = await typed(ours, proposal, f" {CANARY_A}")
        await a_minute_passes(proposal)
        for page in (theirs, host):
            await page.quiet(0.5)
        before = [list(page.told) for page in (theirs, host)]
        await editor.send(editor.erased())
        await editor.type("For all.")
        await editor.saved()
        await offer(made, proposal)
        again = await ours.edit(proposal)
        await again.type(f" Later {CANARY_A}.")
        await again.saved()
        for page in (theirs, host):
            await page.quiet(0.8)

        assert CANARY_A.encode() in b"".join(await payloads_of(proposal))
        for page, told in zip((theirs, host), before, strict=True):
            assert CANARY_A.encode() not in b"".join(page.frames)
            assert {one["type"] for one in told} == {"bell"}
            assert {one["type"] for one in page.told} == {"bell", "changed"}
        offered = (await fresh(proposal)).offered
        assert CANARY_A not in json.dumps(offered.text) + offered.plain
        for role in ("member_b", "facilitator"):
            shown = await done((await done(signed_in, made.people[role])).get, f"/proposals/{proposal.public_id}/")
            assert CANARY_A not in shown.content.decode()


async def test_who_writes_on_after_an_offer_begins_a_text_without_a_row_or_client_of_before(made: World) -> None:
    proposal = await of_side(made)
    async with section_page(made.member_a, made.section) as page:
        await typed(page, proposal, " It rises.")
        await offer(made, proposal)
        await page.until(lambda: page.last("closed"))
        again = await page.edit(proposal)

    assert (page.last("closed") or {})["why"] == "offered"
    assert again.words == f"{ORLA} It rises."
    first, second = await done(lambda: [set(_clients(one)) for one in proposal.live_texts.order_by("pk")])
    assert first & second == set()


def _clients(live: LiveText) -> list[int]:
    return list(LiveClient.objects.filter(text=live).values_list("client_id", flat=True))


@pytest.mark.parametrize("acts", [0, 40])
@pytest.mark.parametrize("whose", ["side", "own"])
async def test_every_number_that_others_are_told_is_the_same_after_forty_acts_in_a_branch(
    made: World, whose: str, acts: int
) -> None:
    proposal = await (of_side(made) if whose == "side" else own(made))
    async with section_page(made.member_a, made.section) as ours, section_page(made.member_b, made.section) as theirs:
        await watching(theirs, made)
        editor = await ours.edit(proposal)
        for n in range(acts):
            await editor.point(cursor={"anchor": n})
            await editor.type(f" {n}")
            await editor.saved()
        await done(branching.take_in, await fresh(proposal))
        mine = await theirs.edit(made.joint)
        await mine.type(" Ours.")
        await mine.saved()
        await theirs.quiet()

        assert visible(theirs) == [
            {"type": "bell", "unread": theirs.told[0]["unread"]},
            {"type": "opened", "passage": made.joint.public_id, "n": 1, "mayWrite": True, "name": "Member B"},
        ]
        assert mine.acked == mine.sent
        assert (await live_text_of(made.joint)).sequence == 2


async def test_no_list_of_what_all_sides_type_has_a_branch_in_it(made: World) -> None:
    """Before all, uncut, shown to a page that opens later: nothing of a proposal, a person's own least of all."""
    proposal = await own(made)
    async with section_page(made.member_a, made.section) as page:
        await typed(page, proposal, f" {CANARY_A}")
        before = await done(text_hash, made.document, {})
        async with section_page(made.member_b, made.section) as later:
            await later.quiet()

        assert [told["type"] for told in later.told] == ["bell"]
        assert await done(lambda: list(LiveText.objects.before_all())) == []
        assert await done(text_hash, made.document, {}) == before
        assert (
            await done(lambda: Entry.objects.filter(chain__name=made.group.chain, kind="proposal.written").count()) == 0
        )


# ---- the rows -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["two homes", "no home", "no base", "a base for a passage", "in a caucus", "two open"])
def test_a_live_text_is_one_passages_or_one_proposals(made: World, case: str) -> None:
    proposal = branches.drafted(made.joint, made.member_a, ORLA, side=made.a)
    base: Revision = proposal.newest.base
    fields: dict[str, Any] = {
        "two homes": {"passage": made.joint, "proposal": proposal, "base": base},
        "no home": {},
        "no base": {"proposal": proposal},
        "a base for a passage": {"passage": made.joint, "base": base},
        "in a caucus": {"proposal": proposal, "base": base, "caucus": made.a},
        "two open": {"proposal": proposal, "base": base},
    }[case]
    if case == "two open":
        LiveText.objects.create(**fields, schema=2)

    with pytest.raises(IntegrityError, match=r"live_?text"), transaction.atomic():
        LiveText.objects.create(**fields, schema=2)
