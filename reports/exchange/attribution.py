"""Whether a passage's own words say who speaks, so that no phrase is generated before them.

Known by the phrases of joint reports in English; for other languages a file says it by "attribution".
"""

import re
from functools import lru_cache
from typing import Final

from reports.exchange.contents import JOINT

_VIEW: Final = "(?:perspective|point of view|viewpoint|standpoint|view|opinion|position|understanding|assessment)s?"
_BODY: Final = "(?:side|party|delegation|participants|members|experts|co-chair|group)"
_HOLDS: Final = (
    "(?:agree|argue|believe|consider|emphasi[sz]e|expect|hold|insist|maintain|note|perceive|recall|reaffirm|regard|see"
    "|stress|suggest|think|underline|view)s?"
)
_JOINTLY: Final = re.compile(
    rf"(?:from (?:both|all|the two) (?:sides|parties)['’]? {_VIEW}"
    rf"|in the (?:shared|common|joint) {_VIEW}"
    rf"|(?:both|all|the two|the) (?:sides|parties|groups|co-chairs) (?:\w+ly )?{_HOLDS})\b",
    re.IGNORECASE,
)
_FIRST_SENTENCE: Final = re.compile(r".{0,400}?(?:[.!?](?=\s|$)|$)", re.DOTALL)


def is_in_text(words: str, voice: str, demonym: str = "") -> bool:
    """Whether the first sentence names its speaker: a side by name or demonym, or for JOINT all sides together."""
    found = _FIRST_SENTENCE.match(words)
    sentence = " ".join((found[0] if found else words[:400]).split())
    pattern = _JOINTLY if voice == JOINT else _of_side(voice, demonym or voice)
    return bool(pattern.search(sentence))


@lru_cache(maxsize=64)
def _of_side(name: str, demonym: str) -> re.Pattern[str]:
    name, demonym = re.escape(name), re.escape(demonym)
    whose = rf"(?:(?:the )?{name}(?:['’]s|['’])?|(?:the )?{demonym}(?: {_BODY}(?:['’]s|['’])?)?)"
    return re.compile(
        rf"\b(?:(?:from|in|according to) {whose} {_VIEW}"
        rf"|(?:according to|for|as seen by|in the (?:view|opinion) of) (?:the )?(?:{name}|{demonym} {_BODY})\b"
        rf"|the {demonym} {_BODY}\b"
        rf"|the {demonym} {_VIEW} is\b"
        rf"|(?:^|, ){name} (?:\w+ly )?{_HOLDS}\b)",
        re.IGNORECASE,
    )
