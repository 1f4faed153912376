"""The pages of other words: what each person reads there, what is kept of what they wrote, in how many queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parley.desk.turns import turns_of
from reports.actions.passages import save_passage
from reports.actions.proposals import decline_proposal, save_proposal
from reports.models import Document, DocumentState, PassageState, Proposal
from tests.factories import text

from .branches import WHY, drafted, fresh, offered, sha_to_take, taken
from .conftest import browser_of
from .hands import KEY, at, settle, words_of
from .test_proposals import ORLA, RIVER
from .test_section_page import browser_after_another_page

pytestmark = pytest.mark.django_db


def propose_in(browser, passage, source, **more):
    passage.refresh_from_db()
    sent = {"source": source, "base": passage.tabled.public_id, "version": 0, "proposer": "self", **more}
    return browser.post(at("propose_words", passage=passage), sent)


def write_in(browser, proposal, source, version, base):
    sent = {"source": source, "version": version, "base": base.public_id}
    return browser.post(at("write_proposal", proposal=proposal), sent)


# ---- writing ------------------------------------------------------------------------------------------------------


def test_a_side_writes_other_words_offers_them_and_all_read_what_they_change(made):
    writer, chair, other = (browser_of(made.people[role]) for role in ("member_a", "co_chair_a", "member_b"))

    begun = propose_in(writer, made.joint, ORLA, proposer="side")
    proposal = Proposal.objects.get()
    hidden = other.get(at("proposal", proposal=proposal)).status_code
    sent = {"sha256": proposal.newest.sha256, "reason": WHY}
    offer = chair.post(at("offer_proposal", proposal=proposal), sent)
    page = words_of(other.get(at("proposal", proposal=proposal)))

    assert (begun.status_code, begun["Location"]) == (302, at("proposal", proposal=proposal))
    assert (hidden, offer.status_code) == (404, 302)
    assert "proposed by" in page
    assert WHY in page
    assert "<del>" in page
    assert "Take exactly these words" in page


def test_a_form_sent_twice_begins_one_proposal(made):
    browser = browser_of(made.member_a)

    answers = [propose_in(browser, made.joint, ORLA, idempotency_key=KEY) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"source": RIVER}, "These are the words that stand there already."),
        ({"source": ""}, "This field is required."),
        ({"proposer": "other"}, "Select a valid choice."),
        ({"base": "nothing"}, "The page does not say which words you read."),
        ({"base": ""}, "The page does not say which words you read."),
    ],
)
def test_what_is_filled_in_wrongly_is_said_at_its_field_and_the_words_stay(made, sent, said):
    page = propose_in(browser_of(made.member_a), made.joint, **{"source": ORLA, **sent})

    assert page.status_code == 200
    assert said in words_of(page)
    assert sent.get("source", ORLA) in words_of(page)
    assert not Proposal.objects.exists()


def test_a_recommendation_is_proposed_in_its_own_fields(made):
    from reports.actions.passages import add_passage
    from reports.models import Voice
    from reports.text import schema

    words = schema.with_heading(text("We ask."), "A gauge", addressee="Both", horizon="2027")
    passage = add_passage(
        section=made.document.sections.last(), voice=Voice.RECOMMENDATION, text=words, by=made.member_b
    )

    begun = propose_in(
        browser_of(made.member_a), passage, "We ask again.", heading="Two gauges", addressee="Both", horizon="2028"
    )

    wanted = schema.with_heading(text("We ask again."), "Two gauges", addressee="Both", horizon="2028")
    assert begun.status_code == 302
    assert Proposal.objects.get().newest.text == wanted


def test_of_two_writers_of_a_sides_draft_the_second_sees_both_texts(made):
    proposal = drafted(made.joint, made.member_a, ORLA, side=made.a)
    save_proposal(proposal, text=text("Theirs."), base=made.joint.tabled, version=1, by=made.co_chair_a)

    page = write_in(browser_of(made.member_a), proposal, "Mine.", 1, made.joint.tabled)

    assert page.status_code == 409
    assert all(words in words_of(page) for words in ("Theirs.", "Mine.", at("write_proposal", proposal=proposal)))


def test_who_wrote_while_it_was_taken_or_frozen_gets_their_words_back(made):
    proposal = offered(made.joint, made.member_b, ORLA)
    taken(proposal, made.member_a)
    draft = drafted(made.joint, made.member_b, "Newer.")
    browser = browser_of(made.member_b)

    late = write_in(browser, proposal, "Too late for this.", 1, made.joint.tabled)
    Document.objects.filter(pk=made.document.pk).update(state=DocumentState.FROZEN)
    frozen = write_in(browser, draft, "Too late as well.", 1, made.joint.tabled)
    begun = propose_in(browser, made.joint, "Never begun.")

    assert [answer.status_code for answer in (late, frozen, begun)] == [409, 409, 409]
    assert "Too late for this." in words_of(late)
    assert "Too late as well." in words_of(frozen)
    assert "Never begun." in words_of(begun)
    assert browser.get(at("proposal", proposal=draft)).status_code == 200


def test_the_form_begins_from_the_words_of_today_and_says_where_both_changed_the_same(made):
    proposal, overlapping = drafted(made.joint, made.member_b, ORLA), drafted(made.joint, made.member_b, "All drink.")
    save_passage(made.joint, text=text(RIVER.replace("drink", "live")), version=1, by=made.member_a)
    browser = browser_of(made.member_b)

    clean = browser.get(at("write_proposal", proposal=proposal))
    page = browser.get(at("write_proposal", proposal=overlapping))

    made.joint.refresh_from_db()
    assert clean.context["form"].initial["source"] == "Both sides live from the Orla."
    assert clean.context["form"].initial["base"] == made.joint.tabled.public_id
    assert "has changed the same words meanwhile" not in words_of(clean)
    assert page.context["form"].initial["source"] == "All drink."
    assert "has changed the same words meanwhile" in words_of(page)


# ---- taking -------------------------------------------------------------------------------------------------------


def test_taken_on_its_page_the_passage_says_it(made):
    proposal = offered(made.joint, made.member_b, ORLA)

    answer = browser_of(made.member_a).post(at("take_proposal", proposal=proposal), {"sha256": sha_to_take(proposal)})

    made.joint.refresh_from_db()
    assert answer.status_code == 302
    assert made.joint.tabled.plain == ORLA


def test_over_words_that_changed_meanwhile_nothing_is_taken(made):
    proposal = offered(made.joint, made.member_b, ORLA)
    sent = {"sha256": sha_to_take(proposal)}
    save_passage(made.joint, text=text(RIVER.replace("drink", "live")), version=1, by=made.member_a)

    answer = browser_of(made.member_a).post(at("take_proposal", proposal=proposal), sent)

    assert answer.status_code == 409
    assert fresh(proposal).is_offered


def test_where_both_changed_the_same_words_the_page_names_them_and_offers_nothing_to_take(made):
    proposal = offered(made.joint, made.member_b, ORLA)
    save_passage(made.joint, text=text("Both sides drink from one lake."), version=1, by=made.member_a)

    page = words_of(browser_of(made.member_a).get(at("proposal", proposal=proposal)))

    assert "“one lake”" in page
    assert "“the Orla”" in page
    assert "Take exactly these words" not in page


def test_agreed_words_are_changed_on_the_pages_by_both_keys(made):
    proposal = offered(made.joint, made.member_b, ORLA)
    settle(made, made.joint)
    first, second = browser_of(made.co_chair_b), browser_of(made.co_chair_a)

    page = first.get(at("proposal", proposal=proposal))
    moved = first.post(at("amend_proposal", proposal=proposal), {"sha256": page.context["amendment"]})
    motion = second.get(moved["Location"])
    between = words_of(browser_of(made.member_a).get(at("section", section=made.section)))
    second.post(at("amend_proposal", proposal=proposal), {"sha256": page.context["amendment"]})

    made.joint.refresh_from_db()
    ledger = words_of(first.get(at("ledger", document=made.document)))
    assert "Change agreed words" in words_of(motion)
    assert "<ins>" in words_of(motion)
    assert RIVER in between
    assert (made.joint.state, made.joint.tabled.plain) == (PassageState.AGREED, ORLA)
    assert ledger.count("key turned</li>") + ledger.count("key turned") >= 2
    assert "Change agreed words" in ledger


def test_its_own_side_sees_what_a_proposal_changes_in_its_newer_words_and_the_others_do_not(made):
    proposal = offered(made.view_a, made.member_b, "The Orla rises with us.")

    own, theirs = (
        words_of(browser_of(made.people[role]).get(at("proposal", proposal=proposal)))
        for role in ("member_a", "member_b")
    )
    taken(proposal, made.member_a)
    later_own, later = (
        words_of(browser_of(made.people[role]).get(at("proposal", proposal=proposal)))
        for role in ("member_a", "member_b")
    )

    assert "What it changes in your side’s newer words" in own
    assert "newer words" not in theirs
    assert "has taken these words into its caucus copy" in later_own
    assert "caucus" not in later
    assert "Offered" in later


# ---- where it is shown ----------------------------------------------------------------------------------------------


def shown_in_section(made, role) -> str:
    return words_of(browser_of(made.people[role]).get(at("section", section=made.section)))


def test_under_the_passage_stands_what_is_proposed_for_it_and_ones_own_drafts(made):
    offered(made.joint, made.member_b, ORLA, side=made.b, offered_by=made.co_chair_b)
    drafted(made.joint, made.member_a, "Both drink.", side=made.a)

    assert "2 proposals of other words" in shown_in_section(made, "co_chair_a")
    assert "1 proposal of other words" in shown_in_section(made, "member_b")
    assert "Propose other words…" in shown_in_section(made, "facilitator")


def test_another_sides_drafts_leave_the_answer_of_the_page_as_it_was(made):
    browser = browser_of(made.member_b)
    address = at("section", section=made.section)
    before = browser.get(address)["ETag"]

    proposal = drafted(made.joint, made.member_a, ORLA, side=made.a)
    save_proposal(proposal, text=text("Newer."), base=made.joint.tabled, version=1, by=made.member_a)
    drafted(made.joint, made.member_c, ORLA)

    assert browser.get(address, headers={"If-None-Match": before}).status_code == 304


def test_an_offer_and_its_answer_change_the_page_for_all(made):
    browser = browser_of(made.member_b)
    address = at("section", section=made.section)
    tags = [browser.get(address)["ETag"]]
    proposal = offered(made.joint, made.member_a, ORLA)
    tags.append(browser.get(address)["ETag"])

    decline_proposal(proposal, reason="No.", by=made.co_chair_b)
    tags.append(browser.get(address)["ETag"])

    assert len(set(tags)) == 3


@pytest.mark.parametrize("count", [1, 30])
def test_the_section_needs_seven_queries_for_every_number_of_proposals(made, count):
    for n in range(count):
        offered(made.joint, made.member_a, f"Both drink, {n}.")
    browser = browser_after_another_page(made, made.member_b)

    with CaptureQueriesContext(connection) as queries:
        page = browser.get(at("section", section=made.section))

    assert "of other words" in words_of(page)
    assert len(queries) == 7


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_needs_as_many_queries_for_thirty_as_for_one(made, count):
    for n in range(count):
        offered(made.joint, made.member_a, f"Both drink, {n}.")
    browser = browser_after_another_page(made, made.member_b)

    with CaptureQueriesContext(connection) as queries:
        page = browser.get(at("proposals", document=made.document))

    assert words_of(page).count(WHY) == count
    assert len(queries) == 7


@pytest.mark.parametrize(
    ("role", "waits"),
    [("co_chair_a", True), ("deputy_a", True), ("member_a", False), ("co_chair_b", False), ("facilitator", False)],
)
def test_what_is_offered_waits_for_those_who_answer_it(made, role, waits):
    offered(made.joint, made.member_b, ORLA, side=made.b, offered_by=made.co_chair_b)

    cards = [card.what for card in turns_of(made.people[role])]
    page = words_of(browser_of(made.people[role]).get(at("document", document=made.document)))

    assert ("Answer the other words that Southland proposed" in cards) is waits
    assert ("waits for your answer" in page) is waits
    assert "1 proposal of other words" in page


def test_words_for_a_view_wait_for_all_of_its_side_until_they_are_in_its_caucus_copy(made):
    proposal = offered(made.view_a, made.member_b, "The Orla rises with us.")

    def waiting(role):
        return any(card.what.startswith("Answer the other words") for card in turns_of(made.people[role]))

    before = {role: waiting(role) for role in ("member_a", "co_chair_a", "co_chair_b", "member_c")}
    taken(proposal, made.member_a)

    assert before == {"member_a": True, "co_chair_a": True, "co_chair_b": False, "member_c": False}
    assert not waiting("member_a")
