"""A file becomes passages of a section: shown first, chosen piece by piece, stored whole or not at all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.actions.importing import import_passages
from reports.models import Document, DocumentState, Passage, Voice
from tests.factories import text
from tests.factories.counting import statements
from tests.reports.drafting.conftest import browser_of
from tests.reports.drafting.hands import KEY, at, hand_pen, words_of

from .files import commented, deleted, docx, entry, inserted, note, paragraph

pytestmark = pytest.mark.django_db

THREE = "The river is *ours*.^[Source: the ministry.]\n\nIt falls:\n\n- in spring;\n- in summer.\n\nWe ask."


def look(browser, section, *, voice="view", words="", file=None):
    sent = {"voice": voice, "words": words}
    if file is not None:
        sent["file"] = SimpleUploadedFile("draft.docx", file)
    return browser.post(at("import_passages", section=section), sent)


def carried(answer, **changed):
    """What the form of the preview would send."""
    form = answer.context["form"]
    return {field.html_name: field.value() for field in form} | changed


def stored(browser, section, sent):
    return browser.post(at("import_passages", section=section), {**sent, "store": "1", "idempotency_key": KEY})


def test_a_preview_stores_nothing(made):
    before = Passage.objects.count()

    answer = look(browser_of(made.member_a), made.section, words=THREE)

    assert answer.status_code == 200
    assert Passage.objects.count() == before
    assert "It falls" in words_of(answer)


def test_views_land_in_the_writers_own_caucus(made):
    browser = browser_of(made.member_b)

    answer = stored(browser, made.section, carried(look(browser, made.section, words=THREE)))

    assert answer.headers["Location"] == at("section", section=made.section)
    *_others, one, two, three = Passage.objects.order_by("pk")
    assert {(p.voice, p.side, p.tabled) for p in (one, two, three)} == {("view", made.b, None)}
    assert one.caucus_copy.plain == "The river is ours.\n\n[1] Source: the ministry."
    assert two.caucus_copy.plain == "It falls:\n\n• in spring;\n• in summer."
    assert [p.position for p in (one, two, three)] == sorted(p.position for p in (one, two, three))


def test_each_piece_gets_the_voice_that_is_chosen_for_it(made):
    browser = browser_of(made.member_a)
    sent = carried(look(browser, made.section, words="One.\n\nTwo.\n\nThree.\n\nFour."))

    stored(browser, made.section, sent | {"how_0": "joint", "how_1": "joined", "how_2": "out", "how_3": "view"})

    joint, view = Passage.objects.order_by("pk").reverse()[:2][::-1]
    assert (joint.voice, joint.tabled.plain) == ("joint", "One.\n\nTwo.")
    assert (view.voice, view.side, view.caucus_copy.plain) == ("view", made.a, "Four.")
    assert not Passage.objects.filter(tabled__plain__contains="Three").exists()


def test_a_recommendation_begins_with_its_heading_and_takes_what_follows(made):
    browser = browser_of(made.member_a)
    words = "# A gauge\n\nWe ask to:\n\na) measure;\nb) publish.\n\n# A fund\n\nWe ask to pay."

    stored(browser, made.section, carried(look(browser, made.section, voice="recommendation", words=words)))

    one, two = Passage.objects.filter(voice="recommendation").order_by("pk")
    assert [block["type"] for block in one.tabled.text["content"]] == ["heading", "paragraph", "options"]
    assert two.tabled.plain == "A fund\n\nWe ask to pay."


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"how_0": "joined"}, "how_0"),
        ({"how_0": "recommendation"}, "how_0"),
        ({"source_0": "**never closed"}, "source_0"),
        ({"source_0": " "}, "source_0"),
        ({"how_0": "another side"}, "how_0"),
    ],
)
def test_what_cannot_be_stored_is_named_beside_its_piece_and_nothing_is_stored(made, changed, field):
    browser = browser_of(made.member_a)
    sent = carried(look(browser, made.section, words="One.\n\nTwo."))
    before = Passage.objects.count()

    answer = stored(browser, made.section, sent | changed)

    assert list(answer.context["form"].errors) == [field]
    assert Passage.objects.count() == before


def test_nothing_to_store_is_said(made):
    browser = browser_of(made.member_a)

    answer = stored(browser, made.section, carried(look(browser, made.section, words="One.")) | {"how_0": "out"})

    assert "there is nothing to store" in words_of(answer)


def test_the_same_form_sent_twice_stores_once(made):
    browser = browser_of(made.member_a)
    sent = carried(look(browser, made.section, words="One.\n\nTwo."))
    stored(browser, made.section, sent)
    before = Passage.objects.count()

    answer = stored(browser, made.section, sent)

    assert answer.status_code == 302
    assert Passage.objects.count() == before


def test_all_of_it_or_nothing(made):
    """The second text does not fit: the first is not stored either."""
    heading = {"type": "doc", "content": [{"type": "heading", "content": [{"type": "text", "text": "No"}]}]}
    before = Passage.objects.count()

    with pytest.raises(ValueError, match="heading"):
        import_passages(
            section=made.section,
            passages=[(Voice.VIEW, text("One.")), (Voice.VIEW, heading)],
            side=made.a,
            by=made.member_a,
        )

    assert Passage.objects.count() == before


def test_a_freeze_meanwhile_gives_all_words_back(made):
    browser = browser_of(made.member_a)
    sent = carried(look(browser, made.section, words="One.\n\nTwo."))
    Document.objects.update(state=DocumentState.FROZEN)

    answer = stored(browser, made.section, sent)

    assert answer.status_code == 409
    assert "One.\n\nTwo." in words_of(answer)


def test_tracked_changes_and_comments_are_told_before_anything_is_stored(made):
    browser = browser_of(made.member_a)
    file = docx(
        paragraph("We ", inserted("shall "), deleted("may "), "agree", note(2), commented(" on the water")),
        entry("First", 1),
        notes={2: "Source."},
        comments={5: "Is that so?"},
    )

    answer = look(browser, made.section, file=file)
    again = browser.post(at("import_passages", section=made.section), {**carried(answer), "look": "1"})

    for page in map(words_of, (answer, again)):
        assert "Changes were tracked by Ani (1), Rashad (1)" in page
        assert "Is that so?" in page
        assert "Store, with the changes accepted" in page
    stored(browser, made.section, carried(again))
    assert Passage.objects.latest("pk").caucus_copy.plain.startswith("We shall agree on the water")
    assert "Is that so" not in Passage.objects.latest("pk").caucus_copy.plain


def test_findings_that_were_tampered_with_are_left_out(made):
    browser = browser_of(made.member_a)
    sent = carried(look(browser, made.section, words="One."))

    answer = browser.post(at("import_passages", section=made.section), sent | {"findings": "forged", "look": "1"})

    assert answer.status_code == 200


def test_the_new_passages_follow_the_one_that_they_were_brought_in_below(made):
    browser = browser_of(made.member_a)
    sent = carried(look(browser, made.section, voice="joint", words="One.\n\nTwo."))

    browser.post(f"{at('import_passages', section=made.section)}?after={made.joint.public_id}", {**sent, "store": "1"})

    seen = list(
        made.section.passages.filter(voice="joint").order_by("position").values_list("tabled__plain", flat=True)
    )
    first = seen.index(made.joint.tabled.plain)
    assert seen[first + 1 : first + 3] == ["One.", "Two."]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose a file, or write the words below."),
        ({"words": " "}, "Choose a file, or write the words below."),
        ({"words": "x", "voice": "reply"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_named(made, sent, words):
    answer = browser_of(made.member_a).post(at("import_passages", section=made.section), {"voice": "view", **sent})

    assert words in words_of(answer)


def test_each_further_passage_costs_the_same(made):
    counts = [asked_for(made, many) for many in (1, 2, 12)]

    assert counts[1] - counts[0] == (counts[2] - counts[1]) / 10 == 7


def asked_for(made, many):
    """How many statements this many views take."""
    views = [(Voice.VIEW, text(f"View {number} of {many}.")) for number in range(many)]
    with CaptureQueriesContext(connection) as captured:
        import_passages(section=made.section, passages=views, side=made.a, by=made.member_a)
    return len(statements(captured))


def test_joint_words_from_a_file_are_kept_for_their_writer_while_somebody_else_drafts_the_document(made):
    browser = browser_of(made.member_a)
    sent = carried(look(browser, made.section, voice="joint", words="From a file."))
    hand_pen(made, None, made.facilitator)

    answer = stored(browser, made.section, sent)

    assert answer.status_code == 409
    assert "From a file." in words_of(answer)


def test_a_facilitator_who_drafts_the_document_brings_in_joint_words(made):
    hand_pen(made, None, made.facilitator)
    browser = browser_of(made.facilitator)
    asked = browser.get(at("import_passages", section=made.section))

    answer = stored(browser, made.section, carried(look(browser, made.section, voice="joint", words="From a file.")))

    assert asked.status_code == 200
    assert answer.headers["Location"] == at("section", section=made.section)
    assert Passage.objects.latest("pk").tabled.plain == "From a file."
