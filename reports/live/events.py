"""What verbs tell the sockets on commit. It may be lost: the sockets' own sweep finds it in the database."""

from typing import Any

from parley.notifications.wake import publish
from reports.models import LiveText

# One group of the channel layer: every process that serves sockets hears it and knows whom each text concerns.
GROUP = "live"


def wrote(text: LiveText, payload: bytes) -> None:
    """The server's own edit, as the row at the text's sequence."""
    _tell("live.batch", {"from": "", "texts": {str(text.pk): news_of(text, [payload])}})


def news_of(text: LiveText, payloads: list[bytes]) -> dict[str, Any]:
    """Rows that end at the text's sequence; whose page shows them to those who do not write."""
    return {
        "first": text.sequence - len(payloads) + 1,
        "last": text.sequence,
        "items": [["", payload] for payload in payloads],
        "shown": shown_in(text),
    }


def shown_in(text: LiveText) -> list[str]:
    """The section and the passage on whose page all sides read the words as they are typed; nothing of a caucus, nor
    of a proposal.
    """
    passage = text.passage
    if passage is None or text.caucus_id is not None:
        return []
    return [passage.section.public_id, passage.public_id]


def ended(text: LiveText) -> None:
    _tell("live.ended", {"text": text.pk, "why": text.ended_by})


def was_cut(text: LiveText, version: int, *, laid: bool = False) -> None:
    """`laid`: with words that came from elsewhere, so that the page around them shows an older state."""
    _tell("live.cut", {"text": text.pk, "version": version, "laid": laid})


def does_not_fit(text: LiveText) -> None:
    """Each socket says in its person's language what is wrong."""
    _tell("live.problem", {"text": text.pk})


def _tell(kind: str, facts: dict[str, Any]) -> None:
    publish([GROUP], {"type": kind, **facts})
