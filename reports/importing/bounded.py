"""Reading a file as the rest of the site sees it: bytes in, checked blocks or a named refusal out, within limits."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reports.text import plain, schema
from reports.text.limits import TextRefused

from .imported import Findings, Imported, Node, Remark
from .kinds import LARGEST, TEXT
from .refusals import REASONS, ImportRefused

ROOT = Path(__file__).resolve().parents[2]
# Isolated (-I): neither the environment nor the folder that the site happens to run in decides what is loaded.
START = "import sys; sys.path.append(sys.argv[1]); from reports.importing import child; child.main()"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent"}


@dataclass(frozen=True)
class Limits:
    """Of one reading: megabytes of memory and of any one file, seconds of processor and of clock.

    Thirty pages take 0.4 s and 90 MB, most of both for starting.
    """

    memory: int = 768
    file: int = 1
    processor: int = 15
    clock: int = 30


def read_file(data: bytes, limits: Limits = Limits()) -> Imported:
    """A Word file, Markdown or plain text, by its content. Raises ImportRefused."""
    if len(data) > LARGEST:
        raise ImportRefused("too_large")
    return _checked(_read(data, "", limits))


def read_words(words: str, limits: Limits = Limits()) -> Imported:
    """Markdown as somebody typed or pasted it. Raises ImportRefused."""
    return _checked(_read(words.encode(errors="replace"), TEXT, limits))


def _read(data: bytes, kind: str, limits: Limits) -> dict[str, Any]:
    order = json.dumps({"kind": kind, "limits": asdict(limits)}).encode()
    try:
        done = subprocess.run(  # noqa: S603 (our own interpreter and code)
            [sys.executable, "-I", "-c", START, str(ROOT)],
            input=order + b"\n" + data,
            capture_output=True,
            env=ENVIRONMENT,
            timeout=limits.clock + 5,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise ImportRefused("heavy") from None
    if done.returncode < 0:
        raise ImportRefused("heavy")  # a limit ended it
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise ImportRefused("reader") from None
    if "refused" in answer:
        raise ImportRefused(answer["refused"] if answer["refused"] in REASONS else "reader")
    return answer


def _checked(answer: dict[str, Any]) -> Imported:
    blocks = [text for block in answer["blocks"] if not schema.is_blank(text := _text(block))]
    if not blocks:
        raise ImportRefused("empty")
    remarks = [Remark(**remark) for remark in answer["remarks"]]
    return Imported(blocks, Findings(answer["counts"], answer["changes"], remarks))


def _text(block: Node) -> Node:
    try:
        return schema.check({"type": "doc", "content": [block]})
    except TextRefused as refusal:
        raise ImportRefused(
            "text", f"“{plain.excerpt({'type': 'doc', 'content': [block]}, 60)}”: {refusal.reason}"
        ) from refusal
