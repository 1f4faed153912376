"""What a reader, or a program, gets out of a PDF: by poppler, which knows nothing of how the file was made."""

import re
import subprocess
import unicodedata
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

NOWHERE = (10**6, 0)


def pages(path: Path) -> list[str]:
    """The words of each page in the order in which they lie in the file, runs of white space as one space.

    A ligature may come out as the two letters or as the sign for both (U+FB00 to U+FB04): a reader finds either.
    """
    command = ["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"]
    words = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    apart = re.sub("[\ufb00-\ufb04]", lambda sign: unicodedata.normalize("NFKC", sign.group()), words)
    return [re.sub(r"\s+", " ", page).strip() for page in apart.split("\f")[:-1]]


def fonts(path: Path) -> list[dict[str, str]]:
    """name, emb(edded), sub(set) and uni(code) of each font in the file."""
    lines = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True, timeout=60).stdout
    rows = [line.split() for line in lines.splitlines()[2:]]
    return [dict(zip(("name", "emb", "sub", "uni"), [row[0], *row[-5:-2]], strict=True)) for row in rows]


def passages(text: dict) -> Iterator[tuple[str, list[str]]]:
    """(id, runs of words) of every passage, without the words of footnotes, in the order of the text."""
    for section in text["sections"]:
        for item in section["items"]:
            yield item["id"], list(paragraphs(item["text"]))


def paragraphs(node: dict) -> Iterator[str]:
    if node["type"] == "paragraph":
        pieces = ["".join(run) for run in runs(node["content"])]
        yield from (re.sub(r"\s+", " ", piece).strip() for piece in pieces if piece.strip())
    else:
        for child in node.get("content", []):
            yield from paragraphs(child)


def runs(nodes: list[dict]) -> Iterator[list[str]]:
    """The words between two footnotes: the call stands where the note was."""
    run: list[str] = []
    for node in nodes:
        if node["type"] == "text":
            run.append(node["text"])
        else:
            yield run
            run = []
    yield run


def out_of_place(text: dict, found: list[str]) -> list[str]:
    """The ids of passages whose words do not stand in the file, or which do not begin after the passage before.

    Side by side on two pages, the first column ends after the second has begun. White space does not count: a line
    may end behind the hyphen of a word.
    """
    wrong, begun, tight = [], (0, 0), ["".join(page.split()) for page in found]
    for passage, words in passages(text):
        places = list(accumulate(words, lambda place, run: find(run.split(), tight, place) or NOWHERE, initial=begun))[
            1:
        ]
        if NOWHERE in places:
            wrong.append(passage)
        else:
            begun = places[0]
    return wrong


def find(words: list[str], found: list[str], since: tuple[int, int]) -> tuple[int, int] | None:
    """(page, offset) where the words begin. They may go on on the next page, after its head."""
    for page in range(since[0], len(found)):
        offset = since[1] if page == since[0] else 0
        if (whole := found[page].find("".join(words), offset)) >= 0:
            return page, whole
        if (cut := cut_by_the_page(words, found, page, offset)) >= 0:
            return page, cut
    return None


def cut_by_the_page(words: list[str], found: list[str], page: int, offset: int) -> int:
    following = "".join(found[page + 1 : page + 2])
    for length in range(1, len(words)):
        beginning = found[page].find("".join(words[:length]), offset)
        if beginning < 0:
            return -1
        if "".join(words[length:]) in following:
            return beginning
    return -1
