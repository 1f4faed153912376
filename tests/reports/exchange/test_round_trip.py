import json
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings

from reports import exchange
from reports.exchange import JOINT, Alternative, Bracket, Passage, words
from reports.text import brackets, markup, plain, schema
from tests.reports.text.strategies import docs

from .examples import report, statement


def parsed(values):
    return exchange.parse(json.dumps(values))


@pytest.mark.parametrize("values", [report(), statement(), report(kind="minutes"), statement(kind="summary")])
def test_what_was_read_is_written_as_it_was(values):
    if values["kind"] == "summary":
        values["facilitator"] = "Another host"

    contents = parsed(values)

    assert exchange.to_json(contents) == values
    assert exchange.parse(exchange.to_bytes(contents)) == contents


def test_a_report_is_read_in_its_order_with_voices_and_replies():
    perspectives = parsed(report()).sections[1]

    assert perspectives.title == "Perspectives"
    assert [(p.voice, p.responds_to, p.attributed_in_text) for p in perspectives.passages] == [
        ("Northland", None, True),
        ("Southland", 0, True),
        ("Southland", None, True),
        ("Northland", 2, False),
        (JOINT, None, False),
    ]
    assert plain.text_of(perspectives.passages[0].text) == (
        "From Northland's perspective, the river is shared.\n\nIt always was."
    )
    assert perspectives.passages[4].text == markup.to_doc("A *fact*^[Read [here](https://dam.example/).].")


def test_recommendations_keep_heading_addressee_horizon_and_lettered_options():
    water, land = parsed(report()).sections[2].recommendations

    assert (water.heading, water.addressee, water.horizon) == ("Water", "both governments", "2033")
    assert plain.text_of(water.passages[0].text) == "Options include:\n\na) to measure;\nb) to share."
    assert plain.text_of(water.passages[1].text) == "First line\nsecond line"
    assert (land.heading, land.addressee, land.horizon) == ("Land", "", "")


def test_a_statement_is_its_paragraphs():
    contents = parsed(statement())

    assert [plain.text_of(paragraph.text) for paragraph in contents.paragraphs] == [
        "We met.",
        "We agree.",
        "We may:\n\na) a\nb) b",
    ]
    assert (contents.place, contents.meeting, contents.facilitator) == ("Harbour", "Third meeting", "The Host")
    assert contents.sections == ()


def test_a_member_may_be_a_plain_name():
    values = report()
    values["sides"][1]["members"].append("Dan South")

    member = parsed(values).sides[1].members[1]

    assert (member.name, member.role) == ("Dan South", exchange.Role.MEMBER)


def test_a_section_may_have_passages_before_its_recommendations():
    values = report()
    values["sections"][2]["passages"] = [{"voice": "joint", "text": "We recommend:"}]

    assert exchange.to_json(parsed(values)) == values


def test_lines_may_end_as_on_any_computer():
    values = report()
    values["sections"][0]["passages"][0]["text"] = "One.\r\n\r\nTwo."

    assert plain.text_of(parsed(values).sections[0].passages[0].text) == "One.\n\nTwo."


def test_a_byte_order_mark_is_no_part_of_the_file():
    assert exchange.parse(b"\xef\xbb\xbf" + json.dumps(report()).encode()) == parsed(report())


def test_the_file_is_for_people_too():
    data = exchange.to_bytes(parsed(statement(title="Հայտարարություն"))).decode()

    assert '\n "title": "Հայտարարություն",\n' in data
    assert data.endswith("}\n")


@settings(max_examples=300, deadline=None)
@given(docs())
def test_every_text_survives_a_file(rough):
    text = brackets.without(schema.heading_of(schema.check(rough))[1])
    contents = parsed(report())
    end = {"type": "paragraph", "content": [{"type": "text", "text": "Some words."}]}
    passage = Passage(JOINT, schema.check({"type": "doc", "content": [*text["content"], end]}))
    contents = replace(contents, sections=(replace(contents.sections[0], passages=(passage,)),))

    assert exchange.parse(exchange.to_bytes(contents)) == contents


def disputed(**keys):
    """The example with a joint passage of which two stretches are not agreed."""
    noted = [
        {
            "side": "Southland",
            "reason": "It leaks.",
            "alternatives": [
                {"side": "Northland", "text": "**whole**", "format": "markup"},
                {"side": "Southland", "text": "not whole"},
            ],
        },
        {"side": "Northland", "reason": "Nobody knows.", "alternatives": [{"side": "Southland", "text": None}]},
    ]
    passage = {"voice": "joint", "text": "The dam is [[1: sound]], [[2: they say]].", "format": "markup"}
    values = report()
    values["sections"][0]["passages"].append({**passage, "brackets": noted, **keys})
    return values


def test_words_that_are_not_agreed_keep_their_brackets():
    passage = parsed(disputed()).sections[0].passages[-1]

    first, second = passage.brackets
    assert plain.text_of(passage.text) == "The dam is sound, they say."
    assert {number: plain.text_of(held) for number, held in brackets.words_of(passage.text).items()} == {
        "1": "sound",
        "2": "they say",
    }
    assert (first.side, first.reason) == ("Southland", "It leaks.")
    assert first.alternatives[0] == Alternative("Northland", markup.to_doc("**whole**"))
    assert second.alternatives == (Alternative("Southland", None),)


def test_brackets_are_written_as_they_were_read():
    assert exchange.to_json(parsed(disputed())) == disputed()


def test_a_paragraph_of_a_statement_has_brackets_too():
    words_of_it = {"text": "We [[1: met]].", "format": "markup", "brackets": [{"side": "Northland", "reason": "No."}]}
    values = statement(paragraphs=["We came.", words_of_it])

    assert exchange.to_json(parsed(values)) == values


@settings(max_examples=300, deadline=None)
@given(docs())
def test_every_bracketed_text_survives_a_file(rough):
    text = schema.heading_of(schema.check(rough))[1]
    assume(brackets.stand_whole(text) and not schema.is_blank(text))
    ids = {id_: str(number) for number, id_ in enumerate(brackets.ids_of(text), 1)}
    noted = tuple(Bracket("Northland", "Not so.", (Alternative("Southland", None),)) for _id in ids)
    contents = parsed(report())
    end = {"type": "paragraph", "content": [{"type": "text", "text": "Some words."}]}
    whole = schema.check({"type": "doc", "content": [*brackets.renamed(text, ids)["content"], end]})
    passage = Passage(JOINT, whole, brackets=noted)
    contents = replace(contents, sections=(replace(contents.sections[0], passages=(passage,)),))

    assert exchange.parse(exchange.to_bytes(contents)) == contents


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("One.\n\nTwo\\\nthree.", {"text": "One.\n\nTwo\nthree."}),
        ("x:\n\na) one\nb) two", {"text": "x:", "options": ["one", "two"]}),
        ("a) one", {"text": "", "options": ["one"]}),
        ("a **b**", {"text": "a **b**", "format": "markup"}),
        ("- a", {"text": "- a", "format": "markup"}),
        ("a) one\n\nafter", {"text": "a) one\n\nafter", "format": "markup"}),
        ("a\\\n\\\nb", {"text": "a\\\n\\\nb", "format": "markup"}),
        (r"1\. \*stars\* \[b\]", {"text": "1. *stars* [b]"}),
    ],
)
def test_words_are_plain_where_plain_says_everything(source, keys):
    assert words.as_json(markup.to_doc(source)) == keys
