"""The page of the checks, with its form, and the page that a side has for its own words."""

import pytest

from groups.actions import propose_term
from groups.models import Motion, Term
from reports.models import Passage, Waiving
from tests.factories import passage_of
from tests.factories.world import CANARY_A
from tests.reports.checking import let_stand
from tests.reports.drafting.conftest import browser_of
from tests.reports.drafting.hands import at, settle

pytestmark = pytest.mark.django_db


def words_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def checks(made, role="co_chair_a"):
    return browser_of(made.people[role]).get(at("checks", document=made.document))


def send(made, role="co_chair_a", **fields):
    return browser_of(made.people[role]).post(at("waive_findings", document=made.document), fields)


def fingerprints(made) -> list[str]:
    return [one.fingerprint for one in checks(made).context["report"].found]


def test_each_finding_says_what_where_and_what_to_do(made):
    said = words_of(checks(made, "member_b"))

    assert "1 finding open" in said
    assert "Nobody has replied to this view." in said and "The river rises with us." in said
    assert "Reply to it, or agree that no reply is wished." in said
    assert f"#p-{made.view_a.public_id}" in said
    assert "Propose to let the chosen findings stand" not in said


def test_a_text_without_findings_says_so(made):
    made.view_a.section.passages.filter(pk=made.view_a.pk).update(tabled=None, state="caucus")

    assert "The checks found nothing." in words_of(checks(made))


def test_findings_are_proposed_to_stand_with_a_reason_and_say_so_with_the_last_key(made):
    sent = send(made, f=fingerprints(made), reason="No reply is wished.")
    proposed = words_of(checks(made, "facilitator"))
    motion = browser_of(made.co_chair_b).get(sent.url)
    browser_of(made.co_chair_b).post(f"{sent.url}turn/", {"sha256": Motion.objects.get().sha256})
    said = words_of(checks(made, "facilitator"))

    assert "Waiver proposed" in proposed and "No reply is wished." in words_of(motion)
    assert "Nobody has replied to this view." in words_of(motion)
    assert "1 waived" in said
    assert "Every side lets it stand, as Co Chair A proposed: No reply is wished." in said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": "So."}, "Choose at least one finding."),
        ({"f": ["0" * 64], "reason": "So."}, "A finding that you chose is mended, waived or proposed by now."),
        ({"f": "all", "reason": " "}, "Say why: all members see the reason."),
        ({"f": "all", "reason": "\u200b"}, "No visible letter stands here."),
    ],
)
def test_what_is_filled_in_wrongly_is_named_and_nothing_is_lost(made, fields, said):
    chosen = fingerprints(made) if fields.get("f") == "all" else fields.get("f", [])

    answer = send(made, **{**fields, "f": chosen})

    assert said in words_of(answer)
    assert fields["reason"].strip("\u200b ") in words_of(answer)
    assert not Waiving.objects.exists()


def test_the_same_form_sent_twice_proposes_once(made):
    form = {"f": fingerprints(made), "reason": "So.", "idempotency_key": "idempotency-key-0001"}

    for _time in range(2):
        assert send(made, **form).status_code == 302

    assert Waiving.objects.count() == Motion.objects.count() == 1


def test_a_sides_own_words_are_checked_on_a_page_of_its_own(made):
    passage_of(made.section, made.member_a, f"and {CANARY_A} torn", voice="view", side=made.a)
    url = at("check_own_words", document=made.document)

    own, theirs = (browser_of(made.people[role]).get(url) for role in ("member_a", "member_b"))

    assert "The passage begins in lower case." in words_of(own) and CANARY_A in words_of(own)
    assert CANARY_A not in words_of(theirs)
    for role in ("member_a", "member_b", "facilitator"):
        assert CANARY_A not in words_of(checks(made, role))


def test_the_document_says_what_holds_its_freeze_and_leads_there(made):
    settle(made, made.joint)
    settle(made, made.view_a)
    chair = browser_of(made.co_chair_a)
    facilitator = browser_of(made.facilitator)
    document = words_of(facilitator.get(at("document", document=made.document)))
    freeze = words_of(chair.get(at("freeze", document=made.document)))
    let_stand(made.document, made.co_chair_a, made.co_chair_b)
    ready = words_of(facilitator.get(at("document", document=made.document)))

    assert "1 finding of the checks is neither mended nor waived." in document and "Look at the findings" in document
    assert "1 finding of the checks is neither mended nor waived. Look at it under “Checks”." in freeze
    assert at("checks", document=made.document) in freeze
    assert "The co-chairs can freeze the final text." in ready


def test_the_figures_are_told_by_side(made):
    assert "1 passage, 5 words, named 0 times" in words_of(checks(made))


# ---- the glossary while one writes ----------------------------------------------------------------------------------


@pytest.fixture
def glossary(made):
    """One term to avoid, and one name that each side has a word for."""
    names = {made.a.public_id: "Weir of Tash", made.b.public_id: "Tashan"}
    about = {"programme": made.programme, "reason": "It wounds."}
    Term.objects.create(kind="avoid", name="the war party", instead="the army", **about)
    Term.objects.create(kind="contested", name="Upper Weir", names=names, **about)
    return made


def words_to_underline(made, passage, role="member_a") -> dict[str, list[str]]:
    answer = browser_of(made.people[role]).get(at("glossary_words", passage=passage))
    return {term["kind"]: term["words"] for term in answer.json()["terms"]}


def test_the_editor_underlines_agreed_terms_and_no_side_its_own_name(glossary):
    assert words_to_underline(glossary, glossary.joint) == {
        "avoid": ["the war party"],
        "contested": ["Weir of Tash", "Upper Weir", "Tashan"],
    }
    assert words_to_underline(glossary, glossary.view_a)["contested"] == ["Upper Weir", "Tashan"]


def test_what_is_only_proposed_is_underlined_nowhere(made):
    contents = {"kind": "avoid", "name": "a", "names": {}, "others": [], "instead": "", "reason": "No."}
    propose_term(programme=made.programme, term=None, contents=contents, by=made.facilitator)

    assert words_to_underline(made, made.joint) == {}


def test_the_preview_of_the_plain_form_underlines_terms_and_says_why(glossary):
    made = glossary
    source = "**The war party** & we met in Tashan; [the war party](https://example.org) left."
    form = {"source": source, "version": "1", "preview": "1"}

    said = words_of(browser_of(made.member_a).post(at("write", passage=made.joint), form))

    assert '<a class="term term-avoid" href="#term-2">The war party</a>' in said
    assert '<a class="term term-contested" href="#term-1">Tashan</a>' in said
    assert "“The war party” is a term to avoid, as the programme has agreed. It wounds. Say “the army” instead." in said
    assert "“Tashan” is contested: Northland: “Weir of Tash”; Southland: “Tashan”. It wounds." in said
    assert said.count("term-avoid") == 1
    assert Passage.objects.get(pk=made.joint.pk).version == 1


def test_a_finding_names_the_term_that_a_tabled_text_uses(glossary):
    passage_of(glossary.section, glossary.member_a, "The war party left.")

    assert "is a term to avoid, as the programme has agreed." in words_of(checks(glossary))
