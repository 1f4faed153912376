"""The page of the checks, with its form, and the page that a side has for its own words."""

import pytest

from groups.models import Motion
from reports.models import Waiving
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
