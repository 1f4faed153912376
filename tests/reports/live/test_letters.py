"""Letters stand in the order that the library gives them, each under the id of who typed it."""

import random

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText, merge_updates

from reports.live import store
from reports.live.conversion import doc_of, seed, to_json
from reports.live.letters import letters_of, spans_of
from reports.live.rewriting import rewrite
from reports.text import markup, schema


def words_in(node):
    return node.get("text", "") + "".join(words_in(child) for child in node.get("content", []))


def read(update):
    return "".join(letters.text for letters in letters_of(update))


def typed_by(update):
    """{client: words} in reading order."""
    found = {}
    for letters in letters_of(update):
        found[letters.client] = found.get(letters.client, "") + letters.text
    return found


def test_each_stretch_is_its_typists():
    update, server = seed(schema.check(markup.to_doc("The river falls.")))
    ani, rashad = Doc(client_id=11), Doc(client_id=22)
    for doc in (ani, rashad):
        doc.apply_update(update)
    run_of(ani).insert(4, "wide ")
    run_of(rashad).insert(16, " Always.")

    together = merge_updates(update, ani.get_update(), rashad.get_update())

    assert typed_by(together) == {server: "The river falls.", 11: "wide ", 22: " Always."}


def run_of(doc):
    return doc.get("default", type=XmlFragment).children[0].children[0]


def test_an_update_tells_whose_structs_it_brings():
    doc = Doc(client_id=7)
    doc.get("default", type=XmlFragment).children.append(XmlElement("paragraph"))
    before = doc.get_state()
    doc.get("default", type=XmlFragment).children[0].children.append(XmlText()).insert(0, "əb🎉")

    (span,) = spans_of(doc.get_update(before))

    assert (span.client, span.after - span.first) == (7, 5)


@pytest.mark.parametrize("number", range(60))
def test_whatever_people_do_at_once_the_order_is_the_librarys(number):
    dice = random.Random(number)
    base, _client = seed(
        schema.check(markup.to_doc("One **two** three.\n\n- four ^[note] five\n- six\n\nseven əğ🎉 ı."))
    )
    docs = [Doc(client_id=dice.randrange(1, 1 << 30)) for _ in range(3)]
    for doc in docs:
        doc.apply_update(base)
    for _round in range(6):
        for doc in docs:
            for _act in range(dice.randrange(1, 8)):
                act(doc, dice)
        exchanged(docs, dice)

    updates = [doc.get_update() for doc in docs]
    for update in [*updates, merge_updates(*updates), store._shortened(merge_updates(*updates))]:
        assert read(update) == words_in(to_json(update))


def runs(node):
    for child in node.children:
        if isinstance(child, XmlText):
            yield child
        else:
            yield from runs(child)


def act(doc, dice):
    """Type, delete, embolden, add a paragraph or take one away, somewhere."""
    fragment = doc.get("default", type=XmlFragment)
    found = list(runs(fragment))
    doing = dice.random()
    if doing < 0.12 or not found:
        element = XmlElement("paragraph")
        fragment.children.insert(dice.randrange(len(fragment.children) + 1), element)
        element.children.append(XmlText()).insert(0, dice.choice(["new ", "նոր ", "🎉"]))
    elif doing < 0.2 and len(fragment.children) > 1:
        del fragment.children[dice.randrange(len(fragment.children))]
    else:
        change(dice.choice(found), dice)


def change(run, dice):
    words = "".join(text for text, _formats in run.diff() if isinstance(text, str))
    places = [len(words[:at].encode()) for at in range(len(words) + 1)]
    start, end = sorted((dice.choice(places), dice.choice(places)))
    doing = dice.random()
    if doing < 0.6 or start == end:
        run.insert(start, dice.choice(["a", "bc ", "ə", "🎉x"]))
    elif doing < 0.85:
        del run[start:end]
    else:
        run.format(start, end, {"bold": {}})


def exchanged(docs, dice):
    for doc in docs:
        other = dice.choice(docs)
        if other is not doc:
            doc.apply_update(other.get_update(doc.get_state()))


def test_a_rewriting_by_the_plain_form_is_the_servers():
    update, server = seed(schema.check(markup.to_doc("Kept.\n\nAlpha")))
    payload, client = rewrite(update, schema.check(markup.to_doc("Kept.\n\nTwo")))

    assert typed_by(merge_updates(update, payload)) == {server: "Kept.", client: "Two"}
    assert doc_of(merge_updates(update, payload)) is not None
