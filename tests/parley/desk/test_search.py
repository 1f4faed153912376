"""The page of the search."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups.actions import end_membership
from parley.desk.search_page import PER_PAGE
from parley.search import keeping
from reports.models import Voice
from tests.factories import World, document_of, passage_of
from tests.factories.browsers import signed_in
from tests.factories.counting import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(made: World) -> World:
    keeping.rebuild()
    return made


def places(answer: object) -> list[str]:
    return [result.hit.text for result in answer.context.get("page") or []]  # type: ignore[attr-defined]


def test_a_result_shows_the_words_marked_in_their_place(made: World) -> None:
    passage_of(made.section, made.member_a, "A <b>bold</b> marmot & its hill.")

    page = signed_in(made.member_b).get("/search/", {"q": "marmots"}).content.decode()

    assert "A &lt;b&gt;bold&lt;/b&gt; <mark>marmot</mark> &amp; its hill." in page
    assert f'href="/documents/{made.document.public_id}/"' in page
    assert f"/sections/{made.section.public_id}/#p-" in page


def test_own_caucus_words_stand_behind_the_fence(made: World) -> None:
    page = signed_in(made.member_a).get("/search/", {"q": "canaryquailnorth"}).content.decode()

    assert page.count("Only your side sees this.") == 2 * 2
    assert page.count("<mark>canaryquailnorth</mark>") == 2


def test_without_a_question_the_page_says_how_to_ask(made: World) -> None:
    answer = signed_in(made.member_a).get("/search/")

    assert answer.status_code == 200
    assert "Words in quotation marks" in answer.content.decode()
    assert places(answer) == []


@pytest.mark.parametrize(
    "typed",
    ["'", '"', "((", "a:*", "NEAR(", "* OR *", "\\", "%_", "--;", "a\0b", "¡!", "\u202e", "“", "x" * 201, "y " * 5000],
)
def test_whatever_is_typed_gets_an_answer(made: World, typed: str) -> None:
    answer = signed_in(made.member_a).get("/search/", {"q": typed})

    assert answer.status_code == 200


@pytest.mark.parametrize("field", ["what", "document", "side", "voice", "state", "page"])
def test_a_filter_that_does_not_exist_finds_nothing_and_says_so(made: World, field: str) -> None:
    for value in ("nothing", "\0", "9" * 40):
        answer = signed_in(made.member_a).get("/search/", {"q": "river", field: value})

        assert answer.status_code == 200
        assert bool(answer.context["form"].errors) == (field != "page")


def test_a_question_that_is_too_long_is_told_how_long_it_may_be(made: World) -> None:
    answer = signed_in(made.member_a).get("/search/", {"q": "x" * 201})

    assert "at most 200 characters" in answer.content.decode()


def test_filters_narrow_by_document_side_voice_state_and_kind(made: World) -> None:
    statement = document_of(made.group, made.co_chair_a, "Another text", kind="joint_statement")
    passage_of(statement.sections.first(), made.member_a, "The river is one.")
    browser = signed_in(made.member_a)
    everything = places(browser.get("/search/", {"q": "river"}))

    def narrowed(**filters: str) -> list[str]:
        return places(browser.get("/search/", {"q": "river", **filters}))

    view, copy = "The river rises with us.", "The river rises with us. canaryquailnorth"
    joint, other = "Both sides drink from one river.", "The river is one."
    assert everything == ["Water · The shared river.", other, joint, view, copy]
    assert narrowed(document=statement.public_id) == [other]
    assert narrowed(side=made.a.public_id) == [view, copy]
    assert narrowed(voice=Voice.JOINT) == [other, joint]
    assert narrowed(state="caucus") == [copy]
    assert narrowed(what="group") == ["Water · The shared river."]


def test_nobody_is_offered_a_document_or_side_of_others(made: World) -> None:
    form = signed_in(made.outsider).get("/search/").context["form"]

    assert list(form.fields["document"].queryset) == list(form.fields["side"].queryset) == []


def test_an_ex_member_finds_nothing_of_the_group_from_that_moment_on(made: World) -> None:
    browser = signed_in(made.member_b)
    before = places(browser.get("/search/", {"q": "river"}))

    end_membership(made.membership("member_b"), by=made.co_chair_b)

    assert len(before) == 3
    assert places(browser.get("/search/", {"q": "river"})) == []


def test_many_places_are_shown_in_pages(made: World) -> None:
    for n in range(PER_PAGE + 1):
        passage_of(made.section, made.member_a, f"A marmot, number {n}.")
    browser = signed_in(made.member_b)

    first, last = (browser.get("/search/", {"q": "marmot", "page": page}) for page in ("1", "99"))

    assert (len(places(first)), len(places(last))) == (PER_PAGE, 1)
    assert "21 places" in first.content.decode()


def test_whoever_finds_too_much_is_asked_to_say_more(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.desk.searching.MOST", 1)

    answer = signed_in(made.member_b).get("/search/", {"q": "river", "document": made.document.public_id})

    assert "There are more places than the 1 shown" in answer.content.decode()


def test_a_search_asks_the_same_for_one_place_and_for_many(made: World) -> None:
    browser, asked = signed_in(made.member_b), {}
    browser.get("/search/", {"q": "river"})

    for count in (1, 3):
        for _ in range(count - len(asked)):  # one, then two more
            passage_of(made.section, made.member_a, "A marmot.")
        with CaptureQueriesContext(connection) as captured:
            browser.get("/search/", {"q": "marmot"})
        asked[count] = len(statements(captured))

    vocabulary = 1 if connection.vendor == "sqlite" else 0
    assert asked == dict.fromkeys((1, 3), 10 + vocabulary)


def test_the_frame_leads_to_the_search_and_the_search_page_has_one_box(made: World) -> None:
    browser = signed_in(made.member_a)

    home, page = (browser.get(address).content.decode() for address in ("/help/", "/search/"))

    assert home.count('role="search"') == page.count('role="search"') == 1
    assert home.count('href="/search/"') == 1


def test_no_address_of_a_search_is_told_to_other_sites(made: World) -> None:
    answer = signed_in(made.member_a).get("/search/", {"q": "river"})

    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
