"""“Since you were away”: what happened, newest first, the same of the same thing said once with how often."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from parley.notifications.lines import Line, lines
from parley.notifications.models import Notice

LINES = 7
# Among how many notices the same words are looked for: enough for a day on which everybody signs.
LOOKED_AT = 40


@dataclass
class NewsLine:
    """The newest notice of those that say the same, and how many there are."""

    line: Line
    times: int = 1


def news_of(reader: Any) -> list[NewsLine]:
    """Seven lines at the most. One question for each kind of notice among the newest forty."""
    return _told_once(lines(reader, Notice.objects.visible_to(reader).unread().newest_first()[:LOOKED_AT]))[:LINES]


def _told_once(told: Iterable[Line]) -> list[NewsLine]:
    found: dict[tuple[str, str], NewsLine] = {}
    for line in told:
        same = (line.words.title, line.words.body)
        if same in found:
            found[same].times += 1
        else:
            found[same] = NewsLine(line)
    return list(found.values())
