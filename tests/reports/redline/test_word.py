"""The Word redline: accepting gives the newer draft, rejecting the older, and moved words are tracked as moved."""

import io
import zipfile
from contextlib import suppress

import pytest

from reports.importing.bounded import read_file
from reports.publishing.word import redline
from reports.text import plain
from reports.text.limits import TextRefused
from reports.text.schema import check
from tests.reports.publishing import samples
from tests.reports.text.strategies import Rough

from .orders import order
from .texts import changed, draft, item, items, paragraph, say, section, small
from .word import accepted, authors, rejected, tracked


def file_of(old, new) -> bytes:
    return redline(order(old, new))


def lines(model) -> list[str]:
    """What stands in a text, paragraph by paragraph, as the file has it."""
    found = []
    for part in model["sections"]:
        found.append(" ".join(filter(None, [part["number"], part["title"]])))
        for one in part["items"]:
            if heading := one["heading"]:
                found.append(heading["text"])
                found += [
                    f"{heading[f'{name}_label']}: {heading[name]}" for name in ("addressee", "horizon") if heading[name]
                ]
            said = [words for words in said_in(one["text"]) if words]
            opening = f"{one['attribution']} " if one["attribution"] else ""
            found += [opening + said[0], *said[1:]] if said else []
    return [line for line in found if line]


def said_in(node) -> list[str]:
    if node["type"] == "paragraph":
        pieces = {"footnote": "*", "hardBreak": "\n"}
        return ["".join(pieces.get(child["type"], child.get("text", "")) for child in node.get("content", []))]
    return [words for child in node.get("content", []) for words in said_in(child)]


def body(read: list[str]) -> list[str]:
    """Without the title and what is said of the file."""
    return [line for line in read[2:] if line]


def amended():
    """Two drafts between which nearly everything happened that can."""
    old, new = draft(), draft()
    say(items(new)[0], "Two joint sentences, with bold and both.")
    items(new).append(item(77, paragraph("An entirely new passage.", samples.footnote("a note")), paragraph("In two.")))
    items(new, 1).append(items(new, 1).pop(0))
    items(new, 2)[0]["heading"] = {**items(new, 2)[0]["heading"], "text": "Reopen the old ferry"}
    items(new, 2)[0]["text"]["content"][1]["content"].pop()
    items(new, 3)[:] = [item(78, paragraph("One voice."))]
    new["sections"][3]["title"] = "Other voices"
    for one in items(new):
        one["text"] = check(one["text"])
    return old, new


def test_accepting_every_change_gives_the_newer_draft_and_rejecting_the_older():
    old, new = amended()

    file = file_of(old, new)

    assert body(accepted(file)) == lines(new)
    assert body(rejected(file)) == lines(old)


def test_a_section_that_moved_is_accepted_and_rejected_whole():
    old, new = small(), small()
    new["sections"].reverse()
    items(new, 0).pop(0)
    say(items(new, 0)[0], "Sentence number 5 of another bridge.")

    file = file_of(old, new)

    assert body(accepted(file)) == lines(new)
    assert body(rejected(file)) == lines(old)


def test_a_moved_passage_is_tracked_as_moved():
    old, new = small(), small()
    items(new).append(items(new).pop(0))

    file = file_of(old, new)

    assert tracked(file, "moveFrom") == tracked(file, "moveTo") == ["Sentence number 1 of the river."]


def test_the_changes_are_the_drafts_and_nobodys():
    old, new = amended()

    assert authors(file_of(old, new)) == {"Draft 2"}


def test_equal_drafts_have_no_tracked_change():
    file = file_of(small(), small())

    assert authors(file) == set()
    assert "No differences" in accepted(file)[-1]


def test_a_paragraph_that_is_divided_or_joined_keeps_its_words():
    one = small(section(1, "First", item(1, paragraph("The road is closed. The bridge is open."))))
    two = small(section(1, "First", item(1, paragraph("The road is closed."), paragraph("The bridge is open."))))

    for old, new in ((one, two), (two, one)):
        file = file_of(old, new)
        assert (body(accepted(file)), body(rejected(file))) == (lines(new), lines(old))


def test_our_own_reader_takes_the_file_as_accepted_and_counts_its_changes():
    old, new = amended()

    read = read_file(file_of(old, new))

    words = " ".join(plain.text_of(block) for block in read.blocks)
    assert "Two joint sentences, with bold and both." in words
    assert "One joint sentence" not in words
    assert "Both banks agree that the bridge matters." in words
    assert set(read.findings.changes) == {"Draft 2"}


def test_the_same_drafts_make_the_same_bytes():
    old, new = amended()

    assert file_of(old, new) == file_of(changed(old), changed(new))


@pytest.mark.parametrize("part", ["word/document.xml", "word/footnotes.xml", "word/numbering.xml", "word/styles.xml"])
def test_no_change_shares_its_number(part):
    from .word import W, document

    old, new = amended()
    changes = [e.get(f"{W}id") for e in document(file_of(old, new), part).iter() if e.get(f"{W}author")]

    assert len(changes) == len(set(changes))


@pytest.mark.parametrize("seed", range(20))
def test_whatever_is_said_accepting_and_rejecting_give_both_texts(seed):
    """Of random texts: lists in lists, breaks, marks; footnotes and brackets are tested by themselves."""
    old, new = (without_notes(one) for one in (random_text(seed), random_text(seed + 1)))
    models = [small(section(1, "First", item(1, *blocks))) for blocks in (old, new)]

    file = redline(order(*models))

    assert tight(body(accepted(file))) == tight(lines(models[1]))
    assert tight(body(rejected(file))) == tight(lines(models[0]))


def random_text(seed: int) -> dict:
    while True:
        seed += 1_000
        with suppress(TextRefused):
            return check(Rough(seed).doc())


def without_notes(node: dict) -> list[dict]:
    kept = [child for child in node["content"] if child["type"] not in ("footnote", "heading")]
    return [_bare(child) for child in kept]


def _bare(node: dict) -> dict:
    marks = [mark for mark in node.get("marks", []) if mark["type"] != "bracket"]
    return {**node, "marks": marks} | ({"content": without_notes(node)} if "content" in node else {})


def tight(found: list[str]) -> list[str]:
    return [line for line in (" ".join(one.split()) for one in found) if line]


def test_the_file_holds_every_part_that_it_names():
    with zipfile.ZipFile(io.BytesIO(file_of(*amended()))) as packed:
        names = set(packed.namelist())
        types = packed.read("[Content_Types].xml").decode()

    assert all(f'PartName="/{name}"' in types for name in names if name.startswith("word/") and "_rels" not in name)
