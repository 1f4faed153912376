"""Random texts, untidy on purpose: blanks, doubled spaces, comments, neighbours that belong together.

Each is grown from one number: a hundred times as fast as composing strategies, and a failure is told by its number.
"""

from random import Random

from hypothesis import strategies as st

SIGNS = "ab \\*[]()^#-•.1)\n:!»é\u00a0\u0301\u200b\u000bԱա"
WORDS = ("word", " word ", "[words](x)", "1. x", "a) y", "- ", "\\", "^[", "](", "**")
BRACKETS = ("k3m9x2abcdef", "7hq4w8ghjkmn")
LINKS = ("https://example.org/a_(b)", "http://example.org/?q=[1]&r=*", "mailto:office@example.org")


def docs():
    return st.integers(0, 2**32 - 1).map(lambda seed: Rough(seed).doc())


class Rough:
    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)

    def many(self, make, most, least=0):
        return [make() for _ in range(self.chance.randint(least, most))]

    def doc(self):
        heads = self.many(self.heading, 1)
        return {"type": "doc", "content": heads + self.many(self.top, 4)}

    def heading(self):
        words = [{"type": "text", "text": self.words()}] if self.chance.random() < 0.8 else []
        attrs = {name: self.words() for name in ("addressee", "horizon") if self.chance.random() < 0.5}
        return {"type": "heading", "attrs": attrs, "content": words}

    def top(self):
        return self.entries("options", 0) if self.chance.random() < 0.2 else self.block(0)

    def block(self, depth):
        if depth < 4 and self.chance.random() < 0.4:
            return self.entries(self.chance.choice(["bulletList", "orderedList"]), depth)
        return {"type": "paragraph", "content": self.many(self.inline, 6)}

    def entries(self, kind, depth):
        attrs = {"attrs": {"start": self.chance.randint(1, 120)}} if kind == "orderedList" else {}
        item = "option" if kind == "options" else "listItem"
        items = self.many(lambda: {"type": item, "content": self.many(lambda: self.block(depth + 1), 3)}, 3)
        return {"type": kind, **attrs, "content": items}

    def inline(self):
        kind = self.chance.random()
        if kind < 0.1:
            return {"type": "hardBreak"}
        if kind < 0.25:
            return {"type": "footnote", "content": self.many(self.text, 3)}
        return self.text()

    def text(self):
        return {"type": "text", "text": self.words(), "marks": self.marks()}

    def words(self):
        if self.chance.random() < 0.3:
            return self.chance.choice(WORDS)
        return "".join(self.chance.choices(SIGNS, k=self.chance.randint(1, 8)))

    def marks(self):
        plain = [{"type": name} for name in ("italic", "bold") if self.chance.random() < 0.3]
        kind = self.chance.random()
        if kind < 0.15:
            plain.append({"type": "link", "attrs": {"href": self.chance.choice(LINKS)}})
        elif kind < 0.3:
            plain.append({"type": "comment", "attrs": {"id": "c1"}})
        if self.chance.random() < 0.15:
            plain.append({"type": "bracket", "attrs": {"id": self.chance.choice(BRACKETS)}})
        return plain
