"""Letters of the host: one page of words under its name, for somebody who travels. No text of the parties."""

from typing import Any

LETTER = "letter"


def letter_context(render_input: dict) -> dict[str, Any]:
    """What the template letter.html shows; all words come with the input, in one language."""
    text = render_input["text"]
    return {
        "language": text["language"],
        "letter": text["letter"],
        "made": render_input["made"],
        "group": {"name": text["letter"]["host"]},
    }
