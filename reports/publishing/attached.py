"""The text attached to a PDF, and its seal, read where a hostile file can do no harm: a script of its own, bounded.

Reads a PDF on standard input; writes one line, {"sha256": …} of the attached canonical text or {"sha256": null}. Where
there is such a text, a second line says what became of the seal: {"state": …, "fingerprint": …}.
"""

import hashlib
import io
import json
import resource
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """Bytes of memory and of an attachment, seconds of processor."""

    memory: int = 512 << 20
    attachment: int = 20 << 20
    processor: int = 15
    script: Path = Path(__file__)


LIMITS = Limits()


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (LIMITS.memory, LIMITS.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMITS.processor, LIMITS.processor))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def text_sha256(pdf: bytes) -> str | None:
    """Of the first attachment that is a canonical text (form 1)."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf))
    for contents in reader.attachments.values():
        for content in contents:
            if len(content) <= LIMITS.attachment and _is_text(content):
                return hashlib.sha256(content).hexdigest()
    return None


def _is_text(content: bytes) -> bool:
    try:
        held = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(held, dict) and held.get("form") == 1 and "sections" in held


def main() -> None:
    bounded()
    pdf = sys.stdin.buffer.read()
    try:
        found = text_sha256(pdf)
    except Exception:  # noqa: BLE001 (whatever a broken file makes the reader raise: it carries no text of ours)
        found = None
    say({"sha256": found})
    if found:
        say(seal(pdf))


def say(told: dict) -> None:
    """At once: the next step may be ended by a limit."""
    sys.stdout.write(f"{json.dumps(told)}\n")
    sys.stdout.flush()


def seal(pdf: bytes) -> dict[str, str]:
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    from reports.sealing.examined import seal_of

    found = seal_of(pdf)
    return {"state": found.state, "fingerprint": found.fingerprint}


if __name__ == "__main__":
    main()
