"""Verifies the text of a published document without Parley: python3 verify.py TEXT.json [SHA256]

TEXT.json is the canonical text attached to the PDF (`pdfdetach -saveall REPORT.pdf`); SHA256 is the number printed on
the page of signatures. Needs nothing but Python's standard library. The form is described in canonical-form-1.md.
"""

import hashlib
import json
import sys
from pathlib import Path


def canonical(value):  # RFC 8785: all keys are ASCII and all numbers integers, so sorting is all there is to it
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(value):
    return hashlib.sha256(canonical(value)).hexdigest()


def passage(item):
    """The passage as it was agreed: a recommendation's heading goes back before its text."""
    head, text = item["heading"], item["text"]
    if head:
        words = [{"type": "text", "text": head["text"]}] if head["text"] else []
        attrs = {"addressee": head["addressee"], "horizon": head["horizon"]}
        node = {"type": "heading", "attrs": attrs, **({"content": words} if words else {})}
        text = {**text, "content": [node, *text["content"]]}
    return {"form": 1, "text": text}


def faults(data, printed=None):
    """What does not hold, in words; nothing when the text is the one that was agreed."""
    text = json.loads(data)
    found = [] if canonical(text) == data else ["the file is not in canonical form"]
    if text["form"] != 1:
        found.append(f"form {text['form']} is not known here")
    if printed and printed.lower() != hashlib.sha256(data).hexdigest():
        found.append("the hash of the file is not the printed one")
    items = [item for section in text["sections"] for item in section["items"]]
    changed = [item for item in items if digest(passage(item)) != item["sha256"]]
    return found + [f"passage {item['number'] or item['id']} is not the agreed one" for item in changed]


if __name__ == "__main__":
    content = Path(sys.argv[1]).read_bytes()
    found = faults(content, *sys.argv[2:3])
    sys.stdout.write(f"SHA-256 {hashlib.sha256(content).hexdigest()}\n")
    sys.exit("\n".join(f"NOT VERIFIED: {fault}" for fault in found) if found else None)
