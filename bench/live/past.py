"""Writes a long past into a passage, in a process of its site: row by row and compacted, as the hub does.

It is people's work: runs of letters at one place, steps back, another place, another person.
"""

import random

from django.contrib.sessions.models import Session
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from parley.notifications.presence import person_of
from reports.live import opening, store
from reports.live.conversion import doc_of, to_json
from reports.live.structure import ROOT
from reports.models import Passage
from reports.text import plain, schema
from tests.factories import passage_of

# Of the past: a page that is loaded again is another client of Yjs.
WRITERS = 40
LENGTH, PARAGRAPHS = 4_000, 8
# What a hub stores at once when several people type.
BATCH = 10
SEED = 4


class Writer:
    """One browser: types where its caret stands, and moves on after some words."""

    def __init__(self, state: bytes, chance: random.Random) -> None:
        self.doc: Doc = doc_of(state)
        self.chance = chance
        self.root = self.doc.get(ROOT, type=XmlFragment)
        while len(self.root.children) < PARAGRAPHS:
            self.root.children.append(XmlElement("paragraph", contents=[XmlText("Agreed.")]))
        self.move()

    def move(self) -> None:
        paragraph: XmlElement = self.root.children[self.chance.randrange(PARAGRAPHS)]  # type: ignore[assignment]
        self.text: XmlText = paragraph.children[0]  # type: ignore[assignment]
        self.caret = self.chance.randint(1, len(self.text))

    def edit(self) -> bytes:
        before = self.doc.get_state()
        if self.chance.random() < 0.03:
            self.move()
        room = LENGTH - sum(len(one.children[0]) for one in self.root.children)  # type: ignore[union-attr,arg-type]
        with self.doc.transaction():
            if self.caret > 1 and self.chance.random() < (0.2 if room > 0 else 0.6):
                self.caret -= 1
                del self.text[self.caret : self.caret + 1]
            else:
                self.text.insert(self.caret, self.chance.choice("aeioulnrstdm"))
                self.caret += 1
        return self.doc.get_update(before)


def write(passage_id: str, edits: int) -> tuple[str, str]:
    """The passage with its past, and another that says the same and has none."""
    passage = Passage.objects.select_related("section__document").get(public_id=passage_id)
    found = next(filter(None, map(person_of, Session.objects.values_list("pk", flat=True))))
    person, standing = found
    text = opening.open_text(passage, by=person)
    assert text is not None
    chance = random.Random(SEED)
    for _ in range(WRITERS):
        loaded = store.load(text.pk).update
        writer = Writer(loaded, chance)
        updates = [writer.doc.get_update(doc_of(loaded).get_state())]
        updates += [writer.edit() for _ in range(edits // WRITERS)]
        for first in range(0, len(updates), BATCH):
            _append([store.Write(text.pk, update, standing) for update in updates[first : first + BATCH]])
    words = plain.text_of(schema.check(to_json(store.load(text.pk).update)))
    fresh = passage_of(passage.section, person, words)
    opening.open_text(fresh, by=person)
    return passage.public_id, fresh.public_id


def _append(writes: list[store.Write]) -> None:
    sequences = store.append(writes).sequences
    assert None not in sequences
    if any(sequence % store.COMPACT_EVERY == 0 for sequence in sequences if sequence):
        store.compact(writes[0].text)
