"""The search among 10,000 passages: `python -m bench.search`, in the surroundings that bench.sites gives.

Beside it the same words by a bare ranked query over the same rows, without any check of who asks. What is told is the
time on the clock of a page or query, database included, and the processor's of the page alone; a line of JSON for each
question.
"""

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 (these need the app registry)

from bench.ours import Site  # noqa: E402

TIMES, WARM_UPS = 40, 3
QUESTIONS = {"a word of all": "crossing", "three words": "agreed schedule telephone", "of a few": "paragraph 17"}
BARE = """
    SELECT id, words, ts_rank(vector, asked) AS rank
    FROM search_entry, plainto_tsquery('english', %s) AS asked
    WHERE vector @@ asked ORDER BY rank DESC, id LIMIT 20
"""


def spent(act: Callable[[], Any]) -> list[float]:
    """Milliseconds, in order; the first ones only warm up."""
    took = []
    for _ in range(TIMES + WARM_UPS):
        began = time.perf_counter()
        act()
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took[WARM_UPS:])


def bare(words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [words])
        cursor.fetchall()


def main() -> None:
    site = Site()
    readers = {"member": site.member, "facilitator": site.browser("facilitator-0@bench.example", proved=True)}
    for asked, words in QUESTIONS.items():
        floor = spent(lambda words=words: bare(words))  # type: ignore[misc]
        for reader, browser in readers.items():
            path = f"/search/?q={words.replace(' ', '+')}"
            processor = time.process_time()
            ours = spent(lambda path=path, browser=browser: browser.get(path))  # type: ignore[misc]
            found = {
                "name": f"Search, {asked}, {reader}",
                "processor": (time.process_time() - processor) * 1000 / (TIMES + WARM_UPS),
                "p50": statistics.median(ours),
                "p95": ours[int(TIMES * 0.95)],
                "floor": statistics.median(floor),
            }
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
