"""Verifies the text of a published document without Parley: python3 verify.py TEXT.json [SHA256] [RECORDS.json]

TEXT.json is the canonical text attached to the PDF (`pdfdetach -saveall REPORT.pdf`); SHA256 is the number printed on
the page of signatures; RECORDS.json, attached too, says who signed. Needs nothing but Python's standard library. The
form is described in canonical-form-1.md.
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


def records_faults(data, text):
    """The records name this text, and the entry of the ledger with all signatures has the hash that is printed."""
    records = json.loads(data)
    found = [] if records["text_sha256"] == hashlib.sha256(text).hexdigest() else ["the records are of another text"]
    entry = dict(records.get("entry") or {})
    if entry and entry.pop("hash") != digest(entry):
        found.append("the entry of the ledger was changed")
    if entry and digest(entry) != records["chain_head"]["hash"]:
        found.append("the entry of the ledger is not the printed one")
    told = [act["act"] for act in entry["facts"]["signatures"]] if entry else []
    signed = [act["reference"] for act in records["signatures"]]
    same = not entry or sorted(told) == sorted(signed)
    return found + ([] if same else ["the signatures are not those in the ledger"])


if __name__ == "__main__":
    content = Path(sys.argv[1]).read_bytes()
    found = faults(content, *sys.argv[2:3])
    if len(sys.argv) > 3:
        found += records_faults(Path(sys.argv[3]).read_bytes(), content)
    sys.stdout.write(f"SHA-256 {hashlib.sha256(content).hexdigest()}\n")
    sys.exit("\n".join(f"NOT VERIFIED: {fault}" for fault in found) if found else None)
