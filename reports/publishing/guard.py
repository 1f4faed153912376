"""What is looked at before a page is laid out: a text that would stop the press is refused with its passage named."""

import re
from collections.abc import Iterator
from typing import Any

from reports.text import limits

from .canonical import canonical, sha256
from .failures import MissingCharacters, RenderFailed
from .house import printable
from .passage import running_text

# Some eight hundred pages; a passage by itself is held to the limits that it was saved under.
LONGEST_TEXT = 2_500_000
# Breaking one word into lines costs the square of its length: 100,000 letters take minutes. Addresses fit in.
LONGEST_WORD = 2_000
UNBROKEN = re.compile(rf"[^ \n]{{{LONGEST_WORD + 1},}}")

# Nothing is printed for these: the ends of lines, a soft hyphen, joiners and spaces without width.
INVISIBLE = frozenset(map(ord, "\n\t\u00ad\u200b\u200c\u200d\u2060"))
# They turn the order of the printed words around, which nobody sees in the text that they sign.
TURNING = frozenset([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def check(render_input: dict) -> None:
    """Refuses (RenderFailed, MissingCharacters) what cannot be printed; the passage is named where one is at fault."""
    text, records = render_input["text"], render_input.get("records")
    check_shapes(text)
    if "since" in render_input:
        check_shapes(render_input["since"])
    if records and records["text_sha256"] != sha256(canonical(text)):
        raise RenderFailed("hash")
    found = list(strings(render_input))
    if sum(len(words) for _, _, words in found) > LONGEST_TEXT:
        raise RenderFailed("too_large")
    for passage, part, words in found:
        check_words(words, passage, part)
    for item in passages(text):
        if UNBROKEN.search(running_text(item["text"])):
            raise RenderFailed("long_word", item["id"])


def check_shapes(text: dict) -> None:
    """Comes before anything that walks the text by recursion, JSON included."""
    for item in passages(text):
        try:
            limits.refuse_shape(item["text"])
        except limits.TextRefused as refused:
            raise RenderFailed("not_text", item["id"], detail=refused.reason) from None


def missing_characters(render_input: dict) -> list[MissingCharacters]:
    """Every place whose characters no house font has: for the check of a draft, long before it is printed."""
    found = []
    for passage, part, words in strings(render_input):
        if missing := unprintable(words):
            found.append(MissingCharacters(missing, passage, part))
    return found


def passages(text: dict) -> Iterator[dict]:
    for section in text["sections"]:
        yield from section["items"]


def strings(render_input: dict) -> Iterator[tuple[str | None, str, str]]:
    """(passage, part, words) of every string that may be printed or attached."""
    text = render_input["text"]
    for item in passages(text):
        for words in _strings(item):
            yield item["id"], "sections", words
    for section in text["sections"]:
        yield None, "sections", section["title"]
    for part in (name for name in text if name != "sections"):
        for words in _strings(text[part]):
            yield None, part, words
    for part in ("records", "specimen", "draft", "since", "rows", "happened", "versions"):
        for words in _strings(render_input.get(part)):
            yield None, part, words


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def check_words(words: str, passage: str | None, part: str) -> None:
    if missing := unprintable(words):
        raise MissingCharacters(missing, passage, part)
    if UNBROKEN.search(words):
        raise RenderFailed("long_word", passage)
    try:
        limits.refuse_heaped_marks(words)
    except limits.TextRefused:
        raise RenderFailed("marks", passage) from None


def unprintable(words: str) -> str:
    """The characters that no house font has, and those that would print the words in another order."""
    characters = set(map(ord, words))
    return "".join(map(chr, sorted(characters - printable() - INVISIBLE | characters & TURNING)))
