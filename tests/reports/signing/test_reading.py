"""A canonical text as a page reads it: numbers, voices side by side, replies beneath, footnotes at the end."""

from types import SimpleNamespace

from reports.final_reading import reading_of
from reports.redline import changes
from reports.text.schema import check
from tests.reports.publishing import samples


def report():
    """The sample with its texts as they are kept: checked, defaults filled in."""
    model = samples.report()
    for section in model["sections"]:
        for item in section["items"]:
            item["text"] = check(item["text"])
    return model


def test_views_stand_side_by_side_with_their_replies_beneath():
    reading = reading_of(report())

    block = next(block for part in reading.parts for block in part.blocks if block.columns)
    sides = [column.side.id for column in block.columns]
    replied = {item.side.id: [reply.side.id for reply in item.replies] for c in block.columns for item in c.items}

    assert sides == [side["id"] for side in report()["sides"]][: len(sides)]
    assert all(side not in replies for side, replies in replied.items())


def test_every_passage_of_the_text_is_read_once_and_in_its_number():
    model = report()
    reading = reading_of(model)

    def items(block):
        own = [block.item] if block.item else [item for column in block.columns for item in column.items]
        return own + [reply for item in own for reply in item.replies]

    read = {item.id: item.number for part in reading.parts for block in part.blocks for item in items(block)}

    assert read == {item["id"]: item["number"] for section in model["sections"] for item in section["items"]}


def test_footnotes_are_numbered_through_and_collected():
    reading = reading_of(report())
    words = "".join(
        str(item.words)
        for part in reading.parts
        for block in part.blocks
        for item in ([block.item] if block.item else [i for c in block.columns for i in (*c.items,)])
    )

    assert len(reading.notes) > 1
    for number, note in enumerate(reading.notes, 1):
        assert f'id="note-{number}"' in note
    assert 'id="note-call-1"' in words


def test_a_side_has_the_hue_that_it_has_on_every_page():
    model = report()
    code = model["sides"][0]["id"]

    reading = reading_of(model, [SimpleNamespace(code=code.upper(), colour=5)])

    assert reading.parties[0].side.colour == 5


def test_a_withheld_name_is_its_phrase():
    model = report()
    model["roster"][0]["people"].append({"withheld": "a member from Aldara", "commitment": "0" * 64})

    reading = reading_of(model)

    assert reading.parties[0].people[-1].name == "a member from Aldara"


def test_a_redline_names_what_was_added_left_out_and_changed_and_nothing_else():
    old, new = report(), report()
    first, second = new["sections"][0]["items"][0], new["sections"][1]["items"][0]
    first["text"] = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "New."}]}]}
    gone = new["sections"][1]["items"].pop(0)
    added = {**second, "id": "newpassage22", "number": "99"}
    new["sections"][0]["items"].append(added)

    found = changes(old, new)

    assert [(change.kind, change.number) for change in found] == [
        ("changed", first["number"]),
        ("added", "99"),
        ("removed", gone["number"]),
    ]
    assert "<ins>" in found[0].words and "<del>" in found[0].words


def test_two_equal_texts_have_no_redline():
    assert changes(report(), report()) == []
