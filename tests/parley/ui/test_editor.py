"""The editor's schema is the server's: random texts pass from one to the other, both ways, and stay what they are.

The bundle is committed, so that nobody needs Node to run Parley; these tests need it, and the packages of
`npm ci --prefix platform/parley/ui/editor`.
"""

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from reports.live.conversion import seed, to_json
from reports.text import schema
from reports.text.limits import TextRefused
from tests.reports.text.strategies import Rough

EDITOR = Path(settings.ROOT) / "platform" / "parley" / "ui" / "editor"
TEXTS = 300

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (EDITOR / "node_modules").exists(),
    reason="needs Node and the editor's packages: make bundle",
)


def through_the_editor(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the editor's own schema and binding make of each line (test/through.js)."""
    done = subprocess.run(
        ["node", "--no-warnings", "test/through.js"],
        cwd=EDITOR,
        input="\n".join(json.dumps(line) for line in lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def texts_of_the_server() -> list[dict[str, Any]]:
    """Checked texts, as revisions hold them."""
    found = []
    for number in range(TEXTS):
        try:
            found.append(schema.check(Rough(number).doc()))
        except TextRefused:
            continue
    return found


def test_the_editor_reads_every_text_of_the_server_and_gives_it_back() -> None:
    texts = texts_of_the_server()

    answers = through_the_editor([{"text": text} for text in texts])

    assert len(texts) > TEXTS / 2
    for text, answer in zip(texts, answers, strict=True):
        assert schema.check(answer["text"]) == text
        assert schema.digest(to_json(base64.b64decode(answer["update"]))) == schema.digest(text)


def test_what_the_server_seeds_is_the_same_text_in_the_editor() -> None:
    texts = texts_of_the_server()

    seeded = [base64.b64encode(seed(text)[0]).decode() for text in texts]
    answers = through_the_editor([{"update": update} for update in seeded])

    assert [schema.check(answer["text"]) for answer in answers] == texts


def test_what_people_can_write_the_server_takes() -> None:
    made = through_the_editor([{"seed": number} for number in range(1, TEXTS)])

    answers = through_the_editor([{"text": one["text"]} for one in made])

    for one, answer in zip(made, answers, strict=True):
        assert schema.digest(to_json(base64.b64decode(answer["update"]))) == schema.digest(one["text"])
