"""Golden vectors of canonical form 1. They never change: texts signed in the past are verified by them.

A new vector may be added; a vector that fails means that the code is wrong.
"""

import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from reports.text import schema

VECTORS = sorted(Path(__file__).with_name("vectors").glob("*.json"))
VERIFIER = Path(__file__).parents[3] / "docs" / "verify.py"


@pytest.fixture(scope="module")
def verifier():
    spec = importlib.util.spec_from_file_location("verify", VERIFIER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_ten_vectors():
    assert len(VECTORS) == 10


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_text_has_the_bytes_and_the_hash_that_it_always_had(path):
    vector = json.loads(path.read_text(encoding="utf-8"))

    assert schema.canonical(vector["given"]).decode() == vector["canonical"]
    assert schema.digest(vector["given"]) == vector["sha256"]
    assert hashlib.sha256(vector["canonical"].encode()).hexdigest() == vector["sha256"]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_independent_verifier_comes_to_the_same_hash(path, verifier):
    vector = json.loads(path.read_text(encoding="utf-8"))
    checked = json.loads(vector["canonical"])

    assert verifier.digest(checked) == vector["sha256"]


def final_text(verifier):
    """The least text of a document: one recommendation and one view."""
    heading = {"number": "R1", "text": "Trade", "addressee": "", "horizon": "2033"}
    words = {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Open the road."}]}]}
    items = [
        {"id": f"id{n}", "number": str(n), "heading": head, "text": words} for n, head in ((1, heading), (2, None))
    ]
    for item, agreed in zip(items, (schema.with_heading(words, "Trade", horizon="2033"), words), strict=True):
        item["sha256"] = schema.digest(agreed)
    return {"form": 1, "sections": [{"items": items}]}


def test_the_independent_verifier_accepts_the_text_that_was_signed(verifier):
    text = verifier.canonical(final_text(verifier))

    assert verifier.faults(text, hashlib.sha256(text).hexdigest()) == []


def test_the_independent_verifier_names_the_passage_that_was_changed(verifier):
    text = final_text(verifier)
    text["sections"][0]["items"][0]["heading"]["text"] = "Trade and roads"
    printed = hashlib.sha256(verifier.canonical(final_text(verifier))).hexdigest()

    assert verifier.faults(verifier.canonical(text), printed) == [
        "the hash of the file is not the printed one",
        "passage 1 is not the agreed one",
    ]


def test_the_independent_verifier_refuses_another_form_and_another_spelling(verifier):
    text = {**final_text(verifier), "form": 2}

    assert verifier.faults(json.dumps(text).encode()) == [
        "the file is not in canonical form",
        "form 2 is not known here",
    ]


def test_the_independent_verifier_runs_by_itself(verifier, tmp_path):
    text = tmp_path / "text.json"
    text.write_bytes(verifier.canonical(final_text(verifier)))
    digest = hashlib.sha256(text.read_bytes()).hexdigest()

    good = subprocess.run([sys.executable, "-I", VERIFIER, text, digest], capture_output=True, text=True, check=False)
    bad = subprocess.run([sys.executable, "-I", VERIFIER, text, "0" * 64], capture_output=True, text=True, check=False)

    assert (good.returncode, good.stdout) == (0, f"SHA-256 {digest}\n")
    assert (bad.returncode, bad.stderr) == (1, "NOT VERIFIED: the hash of the file is not the printed one\n")
