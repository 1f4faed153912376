"""A text that cannot be printed ends in a reason and, where it can be found, its passage; the press goes on."""

import os
import signal
from pathlib import Path

import pytest

from reports.publishing import Limits, MissingCharacters, RenderFailed, input_digest, render_bounded, worker
from reports.publishing.bounded import press
from reports.publishing.guard import missing_characters

from . import samples
from .samples import item, paragraph, section


def order_of(*nodes: dict) -> dict:
    """A small document with a good passage and, as passage2, the one that is tried."""
    return samples.order(samples.final_text([section(1, "", item(1, paragraph("Good.")), item(2, *nodes))], members=1))


def nested(levels: int) -> dict:
    node = paragraph("At the bottom.")
    for _ in range(levels):
        node = {"type": "bulletList", "content": [{"type": "listItem", "content": [node]}]}
    return node


BAD = {
    "lists as deep as a well": (nested(5_000), "not_text"),
    "a hundred thousand accents": (paragraph("a" + "\u0301 \u0301" * 20 + "\u0301" * 100_000), "long_word"),
    "accents on every letter": (paragraph("a" + "\u0301" * 60), "marks"),
    "a word of a hundred thousand letters": (paragraph("x" * 100_000), "long_word"),
    "a long word in many pieces": (paragraph(*["x" * 1_000] * 40), "long_word"),
    "a table": ({"type": "table", "content": []}, "not_text"),
    "an image in a paragraph": (paragraph({"type": "image", "attrs": {"src": "http://a.example"}}), "not_text"),
    "a mark that nobody knows": (paragraph(samples.marked("x", "blink")), "not_text"),
    "a script for a link": (paragraph(samples.marked("x", href="javascript:alert(1)")), "link"),
    "a link to a file": (paragraph(samples.marked("x", href="file:///etc/passwd")), "link"),
    "Chinese": (paragraph("漢字"), "characters"),
    "an emoji": (paragraph("🙂"), "characters"),
    "a turned order": (paragraph("a\u202eb"), "characters"),
    "more than a passage may hold": (paragraph(*["word "] * 50_000), "not_text"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_passage_is_refused_by_its_name(name):
    node, reason = BAD[name]

    with pytest.raises(RenderFailed) as failure:
        render_bounded(order_of(node))

    assert (failure.value.reason, failure.value.passage) == (reason, "passage2")


def test_missing_characters_are_named(settings):
    settings.LANGUAGE_CODE = "en"

    with pytest.raises(MissingCharacters) as failure:
        render_bounded(order_of(paragraph("Good 漢字, and 漢 again.")))

    assert failure.value.characters == "字漢"
    assert failure.value.words == "The text has characters that none of the fonts can print. (U+5B57 U+6F22)"


def test_a_name_that_cannot_be_printed_is_refused_with_the_part_it_stands_in():
    order = order_of(paragraph("Good."))
    order["text"]["roster"][0]["people"][0]["own_script"] = "山田"

    with pytest.raises(MissingCharacters) as failure:
        render_bounded(order)

    assert (failure.value.passage, failure.value.part) == (None, "roster")


def test_a_draft_can_be_asked_for_its_missing_characters_without_printing():
    order = order_of(paragraph("漢"))
    order["draft"] = "Draft ☃"

    found = [(each.passage, each.part, each.characters) for each in missing_characters(order)]

    assert found == [("passage2", "sections", "漢"), (None, "draft", "☃")]


def test_the_digest_of_a_text_without_a_bottom_is_refused_too():
    with pytest.raises(RenderFailed):
        input_digest(order_of(nested(5_000)))


@pytest.mark.parametrize(("limits", "reason"), [({"processor": 1}, "processor"), ({"clock": 1}, "clock")])
def test_a_document_that_takes_too_long_is_given_up(limits, reason):
    words = samples.SENTENCE * 60
    order = samples.order(samples.final_text([section(1, "", *[item(1, paragraph(words))] * 60)]))

    with pytest.raises(RenderFailed) as failure:
        render_bounded(order, limits=Limits(**limits, search=0))

    assert (failure.value.reason, failure.value.passage) == (reason, None)


def test_a_document_that_needs_too_much_memory_is_given_up():
    with pytest.raises(RenderFailed) as failure:
        render_bounded(order_of(paragraph("Good.")), limits=Limits(memory=60))

    assert (failure.value.reason, failure.value.passage) == ("memory", None)


def test_the_passage_that_stops_the_press_by_itself_is_searched_for(monkeypatch):
    tried = []

    def print_in_child(render_input, limits, on_progress):
        items = render_input["text"]["sections"][0]["items"]
        tried.append([each["id"] for each in items])
        return (worker.FAILURE if "passage2" in tried[-1] else worker.DOCUMENT), b""

    monkeypatch.setattr(worker, "print_in_child", print_in_child)

    assert worker.culprit(order_of(paragraph("Good.")), {"search": 30}) == "passage2"
    assert tried == [[], ["passage1"], ["passage2"]]


def test_the_press_prints_on_after_a_failure():
    with pytest.raises(RenderFailed):
        render_bounded(order_of(paragraph("漢")))

    assert render_bounded(order_of(paragraph("Good."))).startswith(b"%PDF-1.7")


def test_a_press_that_was_killed_is_replaced():
    render_bounded(order_of(paragraph("Good.")))
    os.kill(press.process.pid, signal.SIGKILL)

    assert render_bounded(order_of(paragraph("Good."))).startswith(b"%PDF-1.7")


def test_the_press_knows_nothing_of_the_sites_environment(monkeypatch):
    monkeypatch.setenv("PARLEY_SECRET_KEY", "canary-in-the-environment")
    press.stop()
    render_bounded(order_of(paragraph("Good.")))

    environment = Path(f"/proc/{press.process.pid}/environ").read_bytes()

    assert b"canary" not in environment
    assert b"DATABASE_URL" not in environment


def test_a_caller_that_gives_up_in_the_middle_does_not_spoil_the_next_answer():
    class Interrupted(Exception):
        pass

    def interrupt(progress):
        raise Interrupted

    with pytest.raises(Interrupted):
        render_bounded(order_of(paragraph("Given up.")), interrupt)

    first, second = render_bounded(order_of(paragraph("One."))), render_bounded(order_of(paragraph("One.")))
    assert first == second


def test_progress_tells_pages_writing_and_what_it_cost():
    heard: list[dict] = []

    render_bounded(samples.order(samples.report()), heard.append)

    assert [each["phase"] for each in heard][-2:] == ["writing", "ended"]
    assert heard[0] == {"phase": "layout", "pages": 1}
    assert max(each.get("pages", 0) for each in heard) >= 4
    assert heard[-1].keys() == {"phase", "cpu_ms", "peak_kb"}
