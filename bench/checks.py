"""The checks of a long document: all rules over all of it, and once more after one edit. No database.

`python -m bench.checks` prints both; `make bench` puts them into its table.
"""

import random
import time
from dataclasses import replace

from reports.checks.registry import rules
from reports.checks.running import check, whole_key
from reports.checks.texts import Ground, Piece, SideName, TermUse, Whole

PASSAGES, WORDS = 200, 150
# The small words of English make up about half of any text; the rest is drawn as Zipf's law has it.
SMALL = [
    "the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "as", "was", "with", "be", "by", "on", "not",
    "he", "his", "but", "at", "are", "this", "have", "from", "or", "had",
]  # fmt: skip
SYLLABLES = [
    "ba", "cor", "del", "fin", "gar", "hol", "jun", "kel", "lor", "men", "nar", "pol", "ras", "sil", "tor", "vam",
    "wen", "zur",
]  # fmt: skip
TIMES = 3


def vocabulary(chance: random.Random) -> list[str]:
    return ["".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3, 4)))) for _word in range(4000)]


def passage(chance: random.Random, words: list[str], weights: list[float]) -> str:
    drawn = [
        chance.choice(SMALL) if chance.random() < 0.45 else chance.choices(words, weights)[0] for _place in range(WORDS)
    ]
    sentences = [drawn[place : place + 15] for place in range(0, WORDS, 15)]
    return " ".join(f"So {' '.join(_named(chance, word) for word in sentence)}." for sentence in sentences)


def _named(chance: random.Random, word: str) -> str:
    """One word in twenty is a name."""
    return word.title() if chance.random() < 0.05 else word


def document() -> Whole:
    chance = random.Random(8)
    words = vocabulary(chance)
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    ground = Ground(
        sides=(SideName("n", "Northland", "Northern"), SideName("s", "Southland", "Southern")),
        roster=tuple(f"{chance.choice(words).title()} {chance.choice(words).title()}" for _person in range(10)),
        terms=tuple(TermUse(word, "avoid", word, reason="No.") for word in words[3000:3030]),
    )
    pieces = tuple(
        Piece(f"p{number}", f"s{number // 20}", "joint", f"{number}", lines=(passage(chance, words, weights),))
        for number in range(PASSAGES)
    )
    return Whole(ground, pieces, {f"s{number}": f"Section {number}" for number in range(PASSAGES // 20)})


def measured() -> dict[str, float]:
    """Milliseconds of processor, the least of a few: `all`, and `edit` of one passage with what was kept."""
    rules()
    whole, spent = document(), {"all": [], "edit": []}
    for number in range(TIMES):
        fresh = replace(
            whole, pieces=tuple(replace(piece, lines=(f"{piece.lines[0]} {number}.",)) for piece in whole.pieces)
        )
        began = time.process_time()
        _found, kept = check(fresh)
        spent["all"].append(time.process_time() - began)
        words = fresh.pieces[90].lines[0].replace(" the ", f" the first{number} ", 1)
        edited = replace(fresh.pieces[90], sha256=f"edited {number}", lines=(words,))
        after = replace(fresh, pieces=(*fresh.pieces[:90], edited, *fresh.pieces[91:]))
        began = time.process_time()
        whole_key(after)
        check(after, kept)
        spent["edit"].append(time.process_time() - began)
    return {name: min(times) * 1000 for name, times in spent.items()}


if __name__ == "__main__":
    for name, milliseconds in measured().items():
        print(f"{name}: {milliseconds:.0f} ms")
