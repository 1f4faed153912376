import json
import re

import pytest

from reports import exchange
from reports.exchange import ExchangeRefused

from .examples import report, statement


def problems(data):
    with pytest.raises(ExchangeRefused) as caught:
        exchange.parse(data if isinstance(data, bytes | str) else json.dumps(data))
    for problem in caught.value.problems:
        assert problem.reason.endswith(".")
        assert problem.remedy.endswith((".", "?"))
    return [(problem.path, problem.reason) for problem in caught.value.problems]


def changed(path, value):
    """The example report with one value changed; `...` removes it."""
    values = report()
    *way, last = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", path)]
    target = values
    for step in way:
        target = target[step]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return values


VIEW, REPLY, OTHER_VIEW = "sections[1].passages[0]", "sections[1].passages[1]", "sections[1].passages[2]"
FORMATTED, CALL = "sections[1].passages[4]", "sections[2].recommendations[0]"
MISSING, BLANK = "This key is missing.", "No visible letter stands here. Write some words."


@pytest.mark.parametrize(
    ("path", "value", "where", "reason"),
    [
        ("kind", ..., ..., MISSING),
        ("kind", "treaty", ..., "“treaty” is not known here."),
        ("kind", "statement", "sections", "A statement has no “sections” here."),
        ("version", 2, ..., "This version of the format is not known here."),
        ("title", ..., ..., MISSING),
        ("title", "\u200b\u2060", ..., BLANK),
        ("title", "a\x00b", ..., None),
        ("title", "a\ud800b", ..., None),
        ("title", "x" * 501, ..., None),
        ("title", 5, ..., "Words are expected here."),
        ("date", "November", ..., "“November” is no date of this format."),
        ("date", "2031-13", ..., "“2031-13” is no date of this format."),
        ("date", "2031-02-30", ..., None),
        ("date", "0001-01", ..., None),
        ("date", "٢٠٣١-٠١", ..., None),
        ("place", "Harbour", ..., "A report has no “place” here."),
        ("colour", "red", ..., "This key is not known here."),
        ("host", ..., ..., "An object is expected here."),
        ("host.name", "", ..., BLANK),
        ("host.email", "office", ..., "This is no e-mail address."),
        ("host.addresses", [[]], "host.addresses[0].lines", "The list has 0 entries."),
        ("host.addresses", ["Quay 1"], "host.addresses[0].lines", "A list is expected here."),
        ("sides", ..., ..., MISSING),
        ("sides[1].name", "northland", ..., "Two sides are called northland."),
        ("sides[1].name", "Joint", ..., "“joint” is the voice of all sides."),
        ("sides[1].demonym", ..., ..., MISSING),
        (
            "sides[1].members[0].name",
            "ada north",
            "sides[1].members[0]",
            "ada north stands already at sides[0].members[0].",
        ),
        ("sides[0].members[1].role", "co-chair", "sides[0].members", "Northland has more than one co-chair."),
        ("sides[0].members[1].role", "boss", ..., "“boss” is not known here."),
        ("sides[0].members[1]", 7, ..., "An object is expected here."),
        ("sections", [], ..., "The list has 0 entries."),
        ("sections", ..., ..., MISSING),
        ("sections[0]", "words", ..., "An object is expected here."),
        ("sections[0]", {"title": "x"}, ..., "The section has neither passages nor recommendations."),
        ("sections[0].passages", {}, ..., "A list is expected here."),
        (f"{REPLY}.voice", "Eastland", ..., "“Eastland” is no side of this document."),
        (f"{REPLY}.voice", "Northland", f"{REPLY}.responds_to", "Passage 0 is not a view of another side."),
        (f"{REPLY}.voice", "joint", f"{REPLY}.responds_to", "A joint passage answers nobody."),
        (f"{REPLY}.responds_to", 4, ..., "Passage 4 is not a view of another side."),
        (f"{REPLY}.responds_to", 9, ..., "There is no other passage 9 in this section."),
        (f"{REPLY}.responds_to", 1, ..., "There is no other passage 1 in this section."),
        (f"{REPLY}.responds_to", -1, ..., "There is no other passage -1 in this section."),
        (f"{REPLY}.responds_to", "0", ..., "A whole number is expected here."),
        (f"{REPLY}.responds_to", True, ..., "A whole number is expected here."),
        (f"{OTHER_VIEW}.responds_to", 3, ..., "Passage 3 is itself a reply."),
        (f"{VIEW}.text", ..., ..., MISSING),
        (f"{VIEW}.text", " \u200b", ..., "No visible letter stands here."),
        (f"{VIEW}.text", "word " * 40_000, ..., None),
        (f"{VIEW}.text", "a\x00b", ..., None),
        (f"{FORMATTED}.text", "a **b", ..., None),
        (f"{FORMATTED}.text", "# Head\n\na", ..., "The words begin with a heading."),
        (f"{FORMATTED}.options", ["a"], ..., "In light markup options stand in the text."),
        (f"{FORMATTED}.format", "html", ..., "“html” is not known here."),
        (f"{OTHER_VIEW}.attribution", "yes", ..., "“yes” is not known here."),
        (f"{CALL}.heading", ..., ..., MISSING),
        (f"{CALL}.passages", [], ..., "The list has 0 entries."),
        (
            "sections[2].recommendations[1].passages[0].voice",
            "Northland",
            ...,
            "A recommendation is made by all sides.",
        ),
        (f"{CALL}.passages[0].options[1]", "\u200b", ..., None),
        (f"{CALL}.passages[0].options", ["x"] * 27, f"{CALL}.passages[0].text", None),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(path, value, where, reason):
    """`where` is `...` where it is the changed place itself; what only follows from the problem comes after it."""
    first = problems(changed(path, value))[0]

    assert first[0] == (path if where is ... else where)
    assert reason is None or first[1] == reason


@pytest.mark.parametrize("path", ["sides", "sections", "host", "kind", f"{REPLY}.voice"])
def test_one_mistake_is_told_once(path):
    assert len(problems(changed(path, 7))) == 1


def test_all_problems_are_told_at_once_in_the_order_of_the_file():
    values = report(kind="treaty", date="soon", colour="red")
    values["sections"][1]["passages"][1]["voice"] = "Eastland"
    values["sections"][2]["recommendations"][0]["passages"][0]["options"] = 3

    assert [path for path, _reason in problems(values)] == [
        "kind",
        "date",
        "sections[1].passages[1].voice",
        "sections[2].recommendations[0].passages[0].options",
        "colour",
    ]


def test_a_refusal_reads_as_lines_with_path_reason_and_remedy():
    with pytest.raises(ExchangeRefused) as caught:
        exchange.parse(json.dumps(report(date="soon")))

    assert str(caught.value) == (
        "date: “soon” is no date of this format. Write the year and month as 2030-11, or the day as 2030-11-05."
    )


def test_a_statement_needs_paragraphs_in_the_joint_voice():
    assert problems(statement(paragraphs=[])) == [("paragraphs", "The list has 0 entries.")]
    assert problems(statement(paragraphs=[3])) == [("paragraphs[0]", "Words are expected here.")]
    assert problems(statement(paragraphs=[{"text": "x", "voice": "Northland"}])) == [
        ("paragraphs[0].voice", "This key is not known here.")
    ]


def test_one_side_is_no_dialogue():
    assert ("sides", "The list has 1 entries.") in problems(statement(sides=report()["sides"][:1]))


def test_no_more_than_a_hundred_problems_are_told():
    found = problems(report(sections=[7] * 900))

    assert len(found) == 101
    assert found[-1] == ("", "There are more problems than these 100.")


WHOLE = json.dumps(report(), indent=1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (b" \n ", "The file is empty."),
        (WHOLE[: len(WHOLE) // 2], "The file ends too early: it was cut off after line"),
        (WHOLE[:-2], "The file ends too early"),
        (WHOLE[: WHOLE.index("Harbour") + 3], "The file ends too early"),
        (WHOLE.encode("utf-16"), "The file is in UTF-16."),
        ('{"title":\n"\u00e9"}'.encode("latin-1"), "The file is not in UTF-8: line 2 holds"),
        (b"%PDF-1.7 ...", "This is no JSON file."),
        (b"PK\x03\x04", "This is no JSON file."),
        ("kind: report", "The file is no valid JSON at line 1, column 1"),
        ('{"kind": "report",}', "The file is no valid JSON at line 1, column 19"),
        ('{"title": "a\x00b"}', "The file is no valid JSON at line 1"),
        ("[]", "The file holds no document."),
        ('"report"', "The file holds no document."),
        ('{"kind": "report", "kind": "statement"}', "The key “kind” stands twice in one object."),
        ('{"date": NaN}', "The file holds NaN, which is no number."),
        ('{"date": ' + "1" * 5000 + "}", "A number in the file is too long."),
        ("[" * 100_000, "The file is nested too deeply at line 1."),
        ('{"a":' * 100_000, "The file is nested too deeply at line 1."),
        ('"' + '\\"' * 1_000_000, "The file ends too early"),
        (b"x" * 5_000_001, "The file is larger than 5 MB."),
        ("x" * 5_000_001, "The file is larger than 5 MB."),
    ],
)
def test_a_broken_file_is_refused_in_one_clear_sentence(data, reason):
    ((path, told),) = problems(data)

    assert path == ""
    assert told.startswith(reason)


BRACKETED = "sections[0].passages[0]"
NOTED = {"side": "Northland", "reason": "Not so."}


def bracketed(text="We [[1: agree]].", *noted, **keys):
    return {"voice": "joint", "text": text, "format": "markup", "brackets": list(noted or [NOTED]), **keys}


@pytest.mark.parametrize(
    ("passage", "where", "reason"),
    [
        (bracketed("We agree."), "brackets", "The words do not show each of these 1 brackets once and in their order."),
        (bracketed("We [[1: agree]]. We [[1: do]]."), "brackets", None),
        (bracketed("[[2: We]] [[1: agree]].", NOTED, NOTED), "brackets", None),
        (bracketed("We [[1: agree]] [[2: now]]."), "text", None),
        (bracketed(format="plain"), "brackets", None),
        (bracketed(voice="Northland"), "brackets", "Only joint words stand in brackets."),
        (bracketed(brackets="x"), "brackets", "A list is expected here."),
        (bracketed(brackets=[7]), "brackets[0]", "An object is expected here."),
        (bracketed("We [[1: agree]].", {"side": "Eastland", "reason": "x"}), "brackets[0].side", None),
        (bracketed("We [[1: agree]].", {"side": "joint", "reason": "x"}), "brackets[0].side", None),
        (bracketed("We [[1: agree]].", {"side": "Northland"}), "brackets[0].reason", MISSING),
        (bracketed("We [[1: agree]].", {**NOTED, "reason": "x" * 1001}), "brackets[0].reason", None),
        (bracketed("We [[1: agree]].", {**NOTED, "colour": "red"}), "brackets[0].colour", None),
    ],
)
def test_brackets_that_do_not_fit_their_words_are_refused(passage, where, reason):
    found = problems(changed(BRACKETED, passage))

    assert f"{BRACKETED}.{where}" in [path for path, _reason in found]
    assert reason is None or (f"{BRACKETED}.{where}", reason) in found


@pytest.mark.parametrize(
    ("alternatives", "where", "reason"),
    [
        ([{"side": "Southland"}], "[0].text", MISSING),
        ([{"side": "Southland", "text": ""}], "[0].text", None),
        ([{"side": "Southland", "text": "One.\n\nTwo."}], "[0].text", None),
        ([{"side": "Southland", "text": "x [[1: y]]", "format": "markup"}], "[0].text", None),
        ([{"side": "Eastland", "text": "x"}], "[0].side", None),
        ([{"side": "Southland", "text": "x"}, {"side": "Southland", "text": None}], "", "A side stands here twice."),
    ],
)
def test_alternatives_that_nobody_could_give_are_refused(alternatives, where, reason):
    found = problems(changed(BRACKETED, bracketed(brackets=[{**NOTED, "alternatives": alternatives}])))

    at = f"{BRACKETED}.brackets[0].alternatives{where}"
    assert at in [path for path, _reason in found]
    assert reason is None or (at, reason) in found
