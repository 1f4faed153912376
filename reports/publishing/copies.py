"""The alternat: a text printed in one copy for each side, in which that side is named first.

The text is one: every copy carries the same canonical bytes, and so the same hash. Which copy it is says the render
input alone, by the id that the text gives the side (`copy_of`).
"""

from typing import Any

ALTERNAT = "alternat"


def has_copies(text: dict[str, Any]) -> bool:
    """By the rule that was copied into the text with its words: what is frozen keeps it."""
    return text["rules"].get("precedence") == ALTERNAT


def copies(render_input: dict[str, Any]) -> list[dict[str, Any]]:
    """What is printed of a text: one input for each side, in the order of the text; or this one alone."""
    text = render_input["text"]
    if not has_copies(text):
        return [render_input]
    return [{**render_input, "copy_of": side["id"]} for side in text["sides"]]


def copy_of(render_input: dict[str, Any]) -> str:
    """The id of the side whose copy it is; empty where one print is for all."""
    return render_input.get("copy_of", "")
