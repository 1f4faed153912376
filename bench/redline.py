"""A redline of two drafts of a hundred pages: `python -m bench.redline` (no database; the medians of three runs)."""

import statistics
import time
from collections.abc import Callable
from random import Random
from typing import Any

PASSAGES, WORDS = 600, 80  # some 48,000 words: a hundred pages as the house prints them


def drafts() -> tuple[dict[str, Any], dict[str, Any]]:
    """One word in twenty is another; some passages came, went and moved."""
    from reports.text.schema import check
    from tests.reports.publishing.samples import final_text, item, paragraph, section

    chance = Random(7)
    vocabulary = [f"word{number}" for number in range(4_000)]
    said = [chance.choices(vocabulary, k=WORDS) for _ in range(PASSAGES)]
    again = [[chance.choice(vocabulary) if chance.random() < 0.05 else word for word in words] for words in said]

    def text(rows: list[list[str]], order: list[int]) -> dict[str, Any]:
        items = [item(number, paragraph(" ".join(rows[number]) + ".")) for number in order]
        for place, one in enumerate(items, 1):
            one["text"], one["number"] = check(one["text"]), str(place)
        parts = [items[start : start + 60] for start in range(0, len(items), 60)]
        return final_text([section(number, f"Section {number}", *part) for number, part in enumerate(parts, 1)])

    order = list(range(PASSAGES))
    later = [number for number in order if number % 50]
    for _ in range(12):
        later.insert(chance.randrange(len(later)), later.pop(chance.randrange(len(later))))
    return text(said, order[:-6]), text(again, later)


def took(act: Callable[[], Any]) -> float:
    """Seconds."""
    runs = []
    for _ in range(3):
        began = time.perf_counter()
        act()
        runs.append(time.perf_counter() - began)
    return statistics.median(runs)


def main() -> None:
    import django

    django.setup()

    from reports.publishing import render_bounded
    from reports.publishing.word import redline
    from reports.redline import changes
    from tests.reports.redline.orders import order

    old, new = drafts()
    asked = order(old, new)
    print(f"redline of two drafts of 100 pages, the page’s list: {took(lambda: changes(old, new)):.2f} s")
    print(f"… of equal drafts: {took(lambda: changes(new, new)):.2f} s")
    print(f"… the Word file: {took(lambda: redline(asked)):.2f} s, {len(redline(asked)) / 1000:.0f} kB")
    told: list[dict[str, Any]] = []
    print(f"… the PDF, from the press: {took(lambda: render_bounded(asked, told.append)):.1f} s")
    pages = max(step.get("pages", 0) for step in told)
    print(f"… {pages} pages, {told[-1]['cpu_ms'] / 1000:.1f} s of processor, {told[-1]['peak_kb'] / 1024:.0f} MB")


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.settings.test")
    main()
