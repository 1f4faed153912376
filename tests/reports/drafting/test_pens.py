"""The pen: given and taken by all keys; its holder drafts apart and releases to all at one instant."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from groups.actions import end_membership, propose, turn_key
from groups.actions.keys import NotAKeyHolder, TextHasChanged
from groups.models import Motion
from groups.motions import MayNotBeMoved
from parley.audit import entries
from parley.notifications.due import run_due
from parley.notifications.models import Notice
from parley.programmes.actions import appoint_facilitator, end_facilitator
from reports.actions.agreement import FREEZE, text_hash
from reports.actions.brackets import open_bracket
from reports.actions.documents import HasSettledText
from reports.actions.passages import PenIsGiven, add_passage, drop_passage, save_passage
from reports.actions.pens import TAKE, NothingToRelease, pen_hash, propose_pen, release_drafts
from reports.actions.pens_ending import PenIsBack, return_pen
from reports.actions.proposals import begin_proposal, take_proposal
from reports.live import opening
from reports.models import Document, Passage, PassageState, Pen, Proposal, ProposalState, Revision, Voice
from reports.other_words import rebased
from reports.text.places import Quote
from tests.factories import PersonFactory, passage_of, text
from tests.reports.checking import let_stand

from .branches import offered, sha_to_take
from .conftest import browser_of
from .hands import at, hand_pen, settle, words_of

pytestmark = pytest.mark.django_db
WORKING = "zworkingdraft"


def give(made, holder, *, over="joint") -> Pen:
    return hand_pen(made, fresh(getattr(made, over)) if over else None, holder)


def fresh(passage) -> Passage:
    return Passage.objects.select_related("section__document__group__programme", "tabled").get(pk=passage.pk)


def draft(made, holder, words, passage=None) -> Proposal:
    found = fresh(passage or made.joint)
    return begin_proposal(passage=found, side=None, text=text(words), base=found.tabled, by=holder)


def sha_of(written) -> str:
    """Of a draft over the words of today, as the pen's page gives it."""
    written.refresh_from_db()
    return rebased(written.newest, fresh(written.passage).tabled).sha256


def release(pen, *drafts, by=None) -> int:
    hashes = {one.public_id: sha_of(one) for one in drafts}
    return release_drafts(pen, hashes=hashes, reason="As we said.", by=by or pen.holder)


# ---- given -----------------------------------------------------------------------------------------------------------


def test_a_pen_is_given_with_the_last_key_and_not_before(made):
    motion = propose_pen(document=made.document, passage=made.joint, holder=made.facilitator, by=made.co_chair_a)
    before = fresh(made.joint).pen_id

    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)

    assert before is None
    assert fresh(made.joint).pen.holder == made.facilitator
    told = set(Notice.objects.filter(kind="reports.pen_given").values_list("reader__name", flat=True))
    assert {made.facilitator.name, made.member_a.name, made.member_b.name} <= told
    assert "pen.given" in [entry.kind for entry in entries(made.group.chain)]


def test_what_is_written_meanwhile_does_not_stop_the_pen_from_being_given(made):
    motion = propose_pen(document=made.document, passage=made.joint, holder=made.member_a, by=made.co_chair_a)
    save_passage(made.joint, text=text("Other words."), version=made.joint.version, by=made.member_b)

    motion = turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)

    assert motion.state == Motion.State.CARRIED


@pytest.mark.parametrize("role", ["member_a", "facilitator"])
def test_only_a_key_holder_proposes_it(made, role):
    with pytest.raises(NotAKeyHolder):
        propose_pen(document=made.document, passage=made.joint, holder=made.member_a, by=made.people[role])


def test_one_pen_over_the_same_words_and_to_nobody_without_a_part(made):
    give(made, made.member_a)

    for holder, passage in ((made.member_b, made.joint), (made.member_b, None)):
        with pytest.raises(MayNotBeMoved, match="Member A holds a pen there already"):
            propose_pen(document=made.document, passage=passage, holder=holder, by=made.co_chair_a)
    other = passage_of(made.section, made.member_a, "Another.")
    with pytest.raises(MayNotBeMoved, match="has no part"):
        propose_pen(document=made.document, passage=other, holder=made.outsider, by=made.co_chair_a)
    with pytest.raises(IntegrityError), transaction.atomic():
        again = {"document": made.document, "passage": made.joint, "holder": made.member_b, "given_at": timezone.now()}
        Pen.objects.create(**again, proposed_by=made.co_chair_a)


def test_agreed_words_and_a_sides_own_are_under_no_pen(made):
    settle(made, made.joint)

    for passage in (made.joint, made.view_a):
        with pytest.raises(MayNotBeMoved):
            propose_pen(document=made.document, passage=fresh(passage), holder=made.member_a, by=made.co_chair_a)


# ---- while it is out -------------------------------------------------------------------------------------------------


def test_nobody_writes_in_the_passage_the_holder_neither(made):
    give(made, made.member_a)
    offer = offered(fresh(made.joint), made.member_b, "Two rivers.")

    for role in ("member_a", "member_b", "co_chair_a"):
        with pytest.raises(PenIsGiven):
            save_passage(fresh(made.joint), text=text("Mine."), version=fresh(made.joint).version, by=made.people[role])
        assert not made.people[role].has_perm("reports.write_passage", fresh(made.joint))
    with pytest.raises(PenIsGiven):
        take_proposal(offer, sha256=sha_to_take(offer), by=made.co_chair_a)
    with pytest.raises(HasSettledText):
        drop_passage(fresh(made.joint), by=made.member_a)
    assert fresh(made.joint).tabled.plain == "Both sides drink from one river."


def test_what_is_typed_live_ends_as_a_revision_and_none_is_opened(made):
    live = opening.open_text(fresh(made.joint), by=made.member_b)

    give(made, made.member_a)

    live.refresh_from_db()
    assert live.ended_by == "penned"
    assert opening.open_text(fresh(made.joint), by=made.member_b) is None


def test_a_side_may_still_say_that_it_does_not_agree(made):
    give(made, made.member_a)

    open_bracket(passage=fresh(made.joint), quote=Quote("one river"), reason="We see two.", by=made.member_b)

    assert fresh(made.joint).state == PassageState.BRACKETED


def test_the_keys_settle_words_under_a_pen_as_ever(made):
    give(made, made.facilitator)

    settle(made, made.joint)

    assert fresh(made.joint).state == PassageState.AGREED


def test_a_pen_over_the_document_is_over_its_joint_words_and_who_adds_to_them(made):
    give(made, made.facilitator, over=None)

    assert fresh(made.joint).pen_id and not fresh(made.view_a).pen_id
    with pytest.raises(PenIsGiven):
        add_passage(section=made.section, voice=Voice.JOINT, text=text("More."), by=made.member_a)
    added = add_passage(section=made.section, voice=Voice.JOINT, text=text("More."), by=made.facilitator)
    assert added.pen_id == fresh(made.joint).pen_id
    add_passage(section=made.section, voice=Voice.VIEW, text=text("Ours."), side=made.a, by=made.member_a)


# ---- released --------------------------------------------------------------------------------------------------------


def test_nobody_else_sees_a_draft_before_it_is_released(made):
    pen = give(made, made.facilitator)
    written = draft(made, made.facilitator, f"One river {WORKING}.")

    for role in ("co_chair_a", "member_b", "observer", "co_chair_b"):
        browser = browser_of(made.people[role])
        pages = [
            browser.get(at("pen", pen=pen)),
            browser.get(at("section", section=made.section)),
            browser.get(at("document", document=made.document)),
            browser.get(at("proposals", document=made.document)),
            browser.get(at("ledger", document=made.document)),
            browser.get(at("proposal", proposal=written)),
        ]
        assert not any(WORKING in words_of(answer) for answer in pages)
        assert pages[-1].status_code == 404
    assert WORKING in words_of(browser_of(made.facilitator).get(at("pen", pen=pen)))


def test_drafts_become_the_words_of_all_at_one_instant_and_no_key_is_turned(made):
    other = passage_of(made.section, made.member_a, "A second paragraph.")
    pen = give(made, made.facilitator, over=None)
    drafts = [draft(made, made.facilitator, "One."), draft(made, made.facilitator, "Two.", other)]

    assert release(pen, *drafts) == 2

    assert [fresh(one).tabled.plain for one in (made.joint, other)] == ["One.", "Two."]
    assert [fresh(one).state for one in (made.joint, other)] == [PassageState.OPEN, PassageState.OPEN]
    assert {one.state for one in Proposal.objects.all()} == {ProposalState.TAKEN}
    told = Notice.objects.filter(kind="reports.pen_draft_released").values_list("reader__name", flat=True)
    assert made.member_a.name in told and made.facilitator.name not in told


def test_one_draft_that_does_not_fit_holds_back_all(made):
    other = passage_of(made.section, made.member_a, "A second paragraph.")
    pen = give(made, made.facilitator, over=None)
    first, second = draft(made, made.facilitator, "One."), draft(made, made.facilitator, "Two.", other)

    with pytest.raises(TextHasChanged):
        hashes = {first.public_id: sha_of(first), second.public_id: "0" * 64}
        release_drafts(pen, hashes=hashes, reason="So.", by=made.facilitator)

    assert fresh(made.joint).tabled.plain == "Both sides drink from one river."
    assert Revision.objects.filter(passage__in=[made.joint, other]).count() == 2


def test_only_the_holder_releases_and_only_their_own_drafts(made):
    pen = give(made, made.member_a)
    theirs = draft(made, made.member_b, "Not mine.")
    mine = draft(made, made.member_a, "Mine.")

    with pytest.raises(PenIsBack):
        release(pen, mine, by=made.co_chair_a)
    with pytest.raises(NothingToRelease):
        release(pen, theirs)


# ---- ended -----------------------------------------------------------------------------------------------------------


def test_its_holder_gives_it_back_and_keeps_what_was_not_released(made):
    pen = give(made, made.member_a)
    kept = draft(made, made.member_a, "Mine.")

    return_pen(pen, by=made.member_a)

    kept.refresh_from_db()
    assert (fresh(made.joint).pen_id, kept.state) == (None, ProposalState.DRAFTED)
    save_passage(fresh(made.joint), text=text("Ours."), version=fresh(made.joint).version, by=made.member_b)
    with pytest.raises(PenIsBack):
        release(pen, kept)


def test_every_sides_key_takes_it_back_and_one_does_not(made):
    pen = give(made, made.facilitator)
    facts = {"pen": "taken"}
    motion = propose(TAKE.name, pen.public_id, sha256=pen_hash(pen, facts), facts=facts, by=made.co_chair_b)
    half = fresh(made.joint).pen_id

    turn_key(motion, sha256=motion.sha256, by=made.co_chair_a)

    pen.refresh_from_db()
    assert half and (fresh(made.joint).pen_id, pen.ended_because) == (None, Pen.Because.TAKEN)


def test_it_ends_with_the_seat_of_who_holds_it(made):
    pen = give(made, made.member_b, over=None)

    end_membership(made.membership("member_b"), by=made.co_chair_b)
    run_due()

    pen.refresh_from_db()
    made.document.refresh_from_db()
    assert (pen.ended_because, made.document.pen_id, fresh(made.joint).pen_id) == (Pen.Because.LEFT, None, None)


def test_it_ends_with_a_facilitators_appointment(made):
    second = PersonFactory(name="Second", email="second@example.org")
    appointed = appoint_facilitator(programme=made.programme, person=second, by=made.facilitator)
    pen = give(made, second)

    end_facilitator(appointed, by=made.facilitator)
    run_due()

    pen.refresh_from_db()
    assert pen.ended_because == Pen.Because.LEFT


def test_it_ends_with_the_freeze(made):
    pen = give(made, made.facilitator, over=None)
    for passage in Passage.objects.tabled_ones().filter(section__document=made.document):
        settle(made, passage)
    let_stand(made.document, made.co_chair_a, made.co_chair_b)
    document = Document.objects.select_related("group__programme").get(pk=made.document.pk)

    motion = propose(FREEZE.name, document.public_id, sha256=text_hash(document, {}), by=made.co_chair_a)
    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)

    pen.refresh_from_db()
    assert pen.ended_because == Pen.Because.FROZEN


# ---- on the pages ----------------------------------------------------------------------------------------------------


def test_a_key_holder_proposes_it_by_the_page_and_the_section_says_who_drafts(made):
    browser, address = browser_of(made.co_chair_a), at("give_pen_on_passage", passage=made.joint)

    blank = words_of(browser.post(address, {"holder": ""}))
    strange = words_of(browser.post(address, {"holder": made.outsider.public_id}))
    led = browser.post(address, {"holder": made.facilitator.public_id})
    motion = Motion.objects.get(kind="pen.give")
    turn_key(motion, sha256=motion.sha256, by=made.co_chair_b)
    section = words_of(browser.get(at("section", section=made.section)))

    assert "Choose who is to draft." in blank and "no part in the group" in strange
    assert led.url == f"/motions/{motion.public_id}/"
    assert "Faye Facilitator holds the pen" in section
    assert at("write", passage=made.joint) not in section


def test_a_facilitator_drafts_and_releases_by_the_pages_and_sees_no_caucus(made):
    pen = give(made, made.facilitator)
    browser = browser_of(made.facilitator)
    began = browser.get(at("draft_under_pen", passage=made.joint))
    written = draft(made, made.facilitator, "One river, two banks.")

    page = words_of(browser.get(at("pen", pen=pen)))
    fields = {"draft": written.public_id, f"sha-{written.public_id}": sha_of(written)}
    unsaid = browser.post(at("release_pen", pen=pen), fields)
    done = browser.post(at("release_pen", pen=pen), fields | {"reason": "As we said."})

    assert began.url == at("propose_words", passage=made.joint)
    assert "two banks" in page and "canary" not in page
    assert (unsaid.status_code, done.status_code) == (422, 302)
    assert fresh(made.joint).tabled.plain == "One river, two banks."


def test_who_wrote_when_the_pen_was_given_gets_their_words_back(made):
    give(made, made.member_a)

    answer = browser_of(made.member_b).post(
        at("write", passage=made.joint), {"source": "My long work.", "version": made.joint.version}
    )

    assert answer.status_code == 409
    assert "My long work." in words_of(answer) and "holds the pen" in words_of(answer)


def test_the_holder_is_told_on_the_documents_page_that_they_draft(made):
    pen = give(made, made.facilitator)

    page = words_of(browser_of(made.facilitator).get(at("document", document=made.document)))

    assert "You hold the pen" in page and at("pen", pen=pen) in page


def test_the_ledger_lists_pens_and_asks_as_much_for_three(made, django_assert_num_queries):
    browser, address = browser_of(made.member_a), at("ledger", document=made.document)
    return_pen(give(made, made.member_a), by=made.member_a)
    browser.get(address)
    with django_assert_num_queries(18):
        browser.get(address)

    for _n in range(2):
        return_pen(give(made, made.member_a), by=made.member_a)

    with django_assert_num_queries(18):
        assert "Given back by its holder".lower() in words_of(browser.get(address)).lower()
