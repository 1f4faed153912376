"""What the press would refuse, asked before a text is frozen: nobody signs what cannot be printed."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .publishing import MissingCharacters, RenderFailed
from .publishing.guard import check, missing_characters

# Where words stand that belong to no passage.
PARTS = {
    "document": gettext_lazy("title of the document"),
    "host": gettext_lazy("record of the host organisation"),
    "programme": gettext_lazy("name of the programme"),
    "group": gettext_lazy("name of the group"),
    "sides": gettext_lazy("names of the sides"),
    "roster": gettext_lazy("names of the members"),
    "signatories": gettext_lazy("names of the members"),
    "statement": gettext_lazy("place, meeting and facilitator"),
    "sections": gettext_lazy("titles of the sections"),
}
MOST = 5


def refused_by_the_press(model: dict[str, Any]) -> str:
    """A sentence that names each place and its characters, or the passage at fault; empty when all can be printed."""
    render_input = {"text": model}
    if missing := missing_characters(render_input):
        places = _places(missing, model)
        return _("No font here prints these characters. Replace them: %(places)s.") % {"places": places}
    try:
        check(render_input)
    except RenderFailed as failure:
        return _in_words(failure, model)
    return ""


def _in_words(failure: RenderFailed, model: dict[str, Any]) -> str:
    place = _place(failure.passage, "", model)
    return _("%(problem)s Mend %(place)s.") % {"problem": failure.words, "place": place} if place else failure.words


def _places(missing: list[MissingCharacters], model: dict[str, Any]) -> str:
    """ "paragraph 7 (U+1F600); title of the document (U+2603)", each once."""
    found = [f"{_place(each.passage, each.part, model)} ({each.detail})" for each in missing]
    return "; ".join(list(dict.fromkeys(found))[:MOST])


def _place(passage: str | None, part: str, model: dict[str, Any]) -> str:
    if passage is None:
        return str(PARTS.get(part, ""))
    numbers = {item["id"]: item["number"] for section in model["sections"] for item in section["items"]}
    return _("paragraph %(number)s") % {"number": numbers[passage]}
