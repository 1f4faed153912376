"""Updates are read byte by byte before any library sees them: what no editor of ours makes is refused."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText, merge_updates

from reports.live import protocol
from reports.live.conversion import doc_of, seed, to_json
from reports.live.protocol import Malformed, array, number
from reports.live.rewriting import rewrite
from reports.live.structure import Update, check_update, check_vector
from reports.text import markup, schema

LINE = "Hello **bold *both*** [link](https://example.org/x) ə🎉"
WORDS = f"{LINE}\n\n- one\n- two\n\n3. three\n4. four\n\nLast ^[a note] end."


def update_of(*structs: bytes, client: int = 5, clock: int = 0) -> bytes:
    """An update with these structs of one client and no deletions."""
    return number(1) + number(len(structs)) + number(client) + number(clock) + b"".join(structs) + number(0)


def in_root(kind: int, content: bytes, root: bytes = b"default") -> bytes:
    return bytes((kind,)) + number(1) + array(root) + content


def attribute(content: bytes, name: bytes = b"start") -> bytes:
    """A value of an attribute of the item (5, 0)."""
    return bytes((0x20 | 8,)) + number(0) + number(5) + number(0) + array(name) + content


PARAGRAPH = in_root(7, number(3) + array(b"paragraph"))


def test_what_our_own_words_make_is_let_through() -> None:
    update, client = seed(schema.check(markup.to_doc(WORDS)))

    assert check_update(update).clients == {client}


def test_an_empty_update_writes_under_no_id() -> None:
    assert check_update(protocol.EMPTY_UPDATE) == Update()


@pytest.mark.parametrize(
    "update",
    [
        pytest.param(update_of(in_root(7, number(3) + array(b"script"))), id="a node that we have not"),
        pytest.param(update_of(in_root(7, number(3) + array(b"doc"))), id="the root as a node"),
        pytest.param(update_of(in_root(7, number(3) + array(b"paragraph"), b"other")), id="another root"),
        pytest.param(update_of(in_root(7, number(0))), id="an array"),
        pytest.param(update_of(in_root(7, number(1))), id="a map"),
        pytest.param(update_of(in_root(7, number(5) + array(b"x"))), id="a hook"),
        pytest.param(update_of(in_root(2, number(1) + array(b"1"))), id="JSON"),
        pytest.param(update_of(in_root(3, array(b"1"))), id="bytes"),
        pytest.param(update_of(in_root(5, array(b"{}"))), id="an embed"),
        pytest.param(update_of(in_root(9, array(b"guid") + b"\x7e")), id="a document in the document"),
        pytest.param(update_of(in_root(6, array(b"underline") + array(b"{}"))), id="a mark that we have not"),
        pytest.param(update_of(in_root(6, array(b"link") + array(b'{"href": {"a": []}}'))), id="a nested mark"),
        pytest.param(update_of(in_root(6, array(b"link") + array(b"[" * 3999))), id="a deep mark"),
        pytest.param(update_of(in_root(6, array(b"link") + array(b'"' + b"x" * 4000 + b'"'))), id="a long mark"),
        pytest.param(update_of(PARAGRAPH, attribute(number(1) + b"\x7e", b"onclick")), id="a foreign attribute"),
        pytest.param(update_of(PARAGRAPH, attribute(number(1) + b"\x75\x00")), id="a list as a value"),
        pytest.param(update_of(PARAGRAPH, attribute(number(1) + b"\x76\x00")), id="an object as a value"),
        pytest.param(update_of(PARAGRAPH, attribute(number(1) + b"\x74\x00")), id="bytes as a value"),
        pytest.param(update_of(in_root(4, array(b"\xff\xfe"))), id="words that are no UTF-8"),
        pytest.param(update_of(PARAGRAPH, clock=1 << 31), id="a clock beyond measure"),
        pytest.param(update_of(b"\x00" + number(1 << 40)), id="a gap beyond measure"),
        pytest.param(number(1 << 40), id="more clients than there are"),
        pytest.param(b"\xff" * 30, id="a number without an end"),
        pytest.param(update_of(PARAGRAPH) + b"\x00", id="something behind the end"),
        pytest.param(update_of(PARAGRAPH)[:-1], id="an end too early"),
        pytest.param(b"\x00" * 1_000_001, id="a megabyte"),
        pytest.param(
            update_of(PARAGRAPH, attribute(number(1) + b"\x75\x01" * 200_000)), id="values nested 200,000 deep"
        ),
    ],
)
def test_what_no_editor_of_ours_makes_is_refused(update: bytes) -> None:
    with pytest.raises(Malformed):
        check_update(update)


@pytest.mark.parametrize("shape", [Array, Map, Text])
def test_other_shared_types_under_our_root_are_refused(shape: type) -> None:
    doc: Doc = Doc()
    held = doc.get("default", type=shape)
    if shape is Map:
        held["a"] = "b"
    elif shape is Array:
        held.append({"a": [1]})
    else:
        held.insert(0, "plain", {"underline": True})

    with pytest.raises(Malformed):
        check_update(doc.get_update())


@pytest.mark.parametrize("vector", [b"\xff\xff\xff\xff\x0f", number(2) + b"\x01\x01\x01", b"\x00\x00", b""])
def test_a_state_vector_that_claims_more_than_it_holds_is_refused(vector: bytes) -> None:
    with pytest.raises(Malformed):
        check_vector(vector)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_refused_or_read_to_the_end(data: bytes) -> None:
    for read in (check_update, check_vector, protocol.read_frame, protocol.read_awareness):
        try:
            read(data)
        except Malformed:
            continue


def damaged(update: bytes, chance: random.Random) -> bytes:
    """With some bytes changed, taken out, doubled or put in."""
    data = bytearray(update)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at]
            case 2:
                data[at:at] = bytes([chance.randrange(256)])
            case _:
                data[at:at] = data[at : at + chance.randint(1, 20)]
    return bytes(data)


def survivors(seed_of_chance: int, count: int) -> list[bytes]:
    """Damaged updates that are let through all the same."""
    chance, kept = random.Random(seed_of_chance), []
    update, _client = seed(schema.check(markup.to_doc(WORDS)))
    for _ in range(count):
        data = damaged(update, chance)
        try:
            check_update(data)
        except Malformed:
            continue
        kept.append(data)
    return kept


def survives(update: bytes) -> None:
    """Whatever it holds: the library reads it or says that it can't, and this process goes on."""
    from reports.live.conversion import Unreadable
    from reports.live.store import merged

    base, _client = seed(schema.check(markup.to_doc("Before.")))
    try:
        to_json(merged([base, update]))
    except (Unreadable, RecursionError):
        return


def test_what_is_let_through_damaged_ends_no_process() -> None:
    kept = survivors(1, 1_500)

    assert len(kept) > 20
    for update in kept:
        survives(update)


@pytest.mark.deep
@pytest.mark.parametrize("part", range(20))
def test_much_of_what_is_let_through_damaged_ends_no_process(part: int) -> None:
    for update in survivors(100 + part, 20_000):
        survives(update)


# ---- to and from our texts -------------------------------------------------------------------------------------------

INLINE = st.sampled_from(["plain ", "**bold** ", "*leaning* ", "[l**in**k](https://example.org/ə) ", "🎉 ", "^[note] "])
LINES = st.lists(INLINE, min_size=1, max_size=6).map("".join)
BLOCKS = st.one_of(LINES, LINES.map(lambda line: f"- {line}\n- more"), LINES.map(lambda line: f"3. {line}\n4. more"))
TEXTS = (
    st.lists(BLOCKS, min_size=1, max_size=6).map("\n\n".join).map(lambda source: schema.check(markup.to_doc(source)))
)


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_text_comes_back_from_the_document_as_it_went_in(text: dict) -> None:
    update, client = seed(text)

    assert check_update(update).clients == {client}
    assert schema.check(to_json(update)) == text
    assert schema.digest(to_json(update)) == schema.digest(text)


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_rewritten_document_says_the_new_text(before: dict, after: dict) -> None:
    state, _client = seed(before)
    update, client = rewrite(state, after)

    assert check_update(update).clients <= {client}
    assert schema.check(to_json(merge_updates(state, update))) == after


def test_what_stays_of_a_rewritten_text_is_not_written_anew() -> None:
    state, _first = seed(schema.check(markup.to_doc("One.\n\nTwo.\n\nThree.")))
    update, _client = rewrite(state, schema.check(markup.to_doc("One.\n\nTwo!\n\nThree.")))

    assert b"!" in update
    assert b"Two" not in update
    assert b"One." not in update
    assert b"Three." not in update
    assert b"paragraph" not in update


def test_a_rewritten_text_keeps_what_another_types_beside_it() -> None:
    state, _client = seed(schema.check(markup.to_doc("One.\n\nTwo.")))
    theirs = doc_of(state)
    before = theirs.get_state()
    paragraph = theirs.get("default", type=XmlFragment).children[0]
    paragraph.children[0].insert(4, " And more.")
    meanwhile = theirs.get_update(before)
    form, _client = rewrite(state, schema.check(markup.to_doc("One.\n\nTwo, rewritten.")))

    together = merge_updates(state, form, meanwhile)
    assert schema.check(to_json(together)) == schema.check(markup.to_doc("One. And more.\n\nTwo, rewritten."))


def test_overlapping_marks_and_whole_numbers_are_read_as_the_schema_has_them() -> None:
    doc: Doc = Doc()
    fragment = doc.get("default", type=XmlFragment)
    fragment.children.append(XmlElement("orderedList", {"start": 3.0}))
    fragment.children[0].children.append(
        XmlElement("listItem", contents=[XmlElement("paragraph", contents=[XmlText()])])
    )
    words = fragment.children[0].children[0].children[0].children[0]
    words.insert(0, "Anchored", {"comment--abcd1234": {"id": "x"}, "bold": {}})

    read = to_json(doc.get_update())
    assert read["content"][0]["attrs"] == {"start": 3}
    marks = read["content"][0]["content"][0]["content"][0]["content"][0]["marks"]
    assert marks == [{"type": "bold"}, {"type": "comment", "attrs": {"id": "x"}}]


def test_numbers_of_every_width_are_read_as_they_were_written() -> None:
    for value in (0, 127, 128, 16_384, 1 << 31, (1 << 53) - 1):
        assert protocol.Reader(number(value)).number() == value
