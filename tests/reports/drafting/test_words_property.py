"""Whatever people do to a passage, a comment stays on its words as long as they are there; and nobody else sees it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.actions.comments import start_thread
from reports.anchoring import Wording
from reports.text.places import Quote
from tests.factories import passage_of
from tests.test_canary import NEW_EACH_TIME

from .conftest import browser_of
from .hands import at, words_of
from .test_words import hangs_on, save

pytestmark = pytest.mark.django_db

HELD = "held by both sides"
SAYINGS = ("The river rises.", "Both sides *drink* from it.", "It is one^[A source.].", "We fish, and **they** fish.")
SAID = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

around = st.lists(st.sampled_from(SAYINGS), max_size=4)
states = st.lists(
    st.tuples(around, st.sampled_from([f"It is {HELD} now.", f"- {HELD}", f"**{HELD}** for ever"]), around), max_size=2
)


def written(state):
    before, held, after = state
    return "\n\n".join([*before, held, *after])


@SAID
@given(states)
def test_a_comment_stays_on_its_words_through_every_row_of_edits_that_leaves_them(made, edits):
    passage = passage_of(made.section, made.member_a, f"It is {HELD} today.")
    thread = start_thread(
        passage=passage, kind="fact", source="So?", own_side_only=False, wording=Wording(Quote(HELD)), by=made.member_b
    )

    for state in edits:
        save(passage, written(state), made.member_a)

        assert hangs_on(thread) == HELD


@SAID
@given(states)
def test_what_hangs_in_a_caucus_changes_no_byte_that_the_other_side_reads(made, edits):
    passage = passage_of(made.section, made.member_a, f"It is {HELD} today.")
    browser, address = browser_of(made.member_b), at("section", section=made.section)

    for state in [None, *edits]:
        if state:
            save(passage, written(state), made.member_a)
        before = browser.get(address)
        wording = Wording(Quote(HELD), "kept to us")
        start_thread(passage=passage, kind="fact", source="", own_side_only=True, wording=wording, by=made.member_a)
        unchanged = browser.get(address, headers={"If-None-Match": before.headers["ETag"]})
        after = browser.get(address)

        assert unchanged.status_code == 304
        assert NEW_EACH_TIME.sub("", words_of(after)) == NEW_EACH_TIME.sub("", words_of(before))
