"""The words that a redline, a table of comments and a ledger add: in the document's language, said with the order.

They are no part of a text, and so not frozen with one: whoever asks for a print hands them to the press.
`{…}` stands for a value: see `labels.fill`.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REDLINE = {
    "kind": _("Redline"),
    "no_differences": _("No differences. Both drafts say the same, word for word."),
    "legend": _("How to read it"),
    "inserted": _("inserted words: underlined, between plus signs"),
    "deleted": _("deleted words: struck out, between minus signs"),
    "bar": _("a bar in the margin: something changed here"),
    "moves": _("moved passages stand at their new place; the place that they left is named"),
    "plain_numbers": _("numbers of paragraphs are generated: a new number alone is no change"),
    "around": _("Around the text"),
    "title": _("Title"),
    "date": _("Date"),
    "place": _("Place and meeting"),
    "programme": _("Programme and group"),
    "sides": _("Sides"),
    "authors": _("Authors"),
    "host": _("Host organisation"),
    "funder": _("Funder"),
    "reservations": _("Reservations to the whole text"),
    "paragraph": _("Paragraph {number}"),
    "was": _("was {number}"),
    "voice": _("Voice"),
    "added": _("New"),
    "removed": _("Left out"),
    "changed": _("Changed"),
    "moved": _("Moved here from: {place}"),
    "left": _("Moved from here to: {place}"),
    "section_added": _("New section"),
    "section_removed": _("Section left out"),
    "section_moved": _("This section was moved here"),
    "section_left": _("The section “{title}” was moved from here"),
    "section_renamed": _("Section renamed"),
    "brackets": _("On the brackets"),
    "joint": pgettext_lazy("voice", "All sides"),
    "recommendation": pgettext_lazy("voice", "Recommendation"),
    "boilerplate": pgettext_lazy("voice", "Host organisation"),
    "view": pgettext_lazy("voice", "View of a side"),
    "reply": pgettext_lazy("voice", "Reply of a side"),
}


DISPOSITIONS = {
    "kind": _("Comments and dispositions"),
    "lead": _(
        "Comments that lay before all sides, by their numbers, and what became of each. People are not named: "
        "a comment is its side’s."
    ),
    "none": _("No comment."),
    "number": _("No."),
    "place": _("Place"),
    "side": _("Side"),
    "comment": _("Comment"),
    "disposition": _("Disposition and reason"),
    "paragraph": _("Paragraph {number}"),
    "gone": _("no longer in the text"),
    "on": _("On:"),
    "instead": _("Suggested:"),
    "leave_out": _("leave the words out"),
    "open": pgettext_lazy("comment", "Open"),
    "by": _("said for {side}, {at}"),
    "this_table": _("This table"),
}

LEDGER = {
    "kind": _("Ledger of agreement"),
    "lead": _(
        "Passage by passage: who turned which key, when and over which words, and what undid it. A passage is told by "
        "its number, its words by the beginning of their SHA-256."
    ),
    "document": _("The whole document"),
    "none": _("Nothing lies before all sides yet."),
    "side": _("Side"),
    "key": _("Key"),
    "by": _("By"),
    "at": _("When"),
    "words": _("Words"),
    "reopened": _("Reopened"),
    "text": _("Text"),
}


def said(words: Mapping[str, object]) -> dict[str, str]:
    """These words in the language that is active now."""
    return {key: str(one) for key, one in words.items()}


def voice_of(item: dict, words: dict[str, str]) -> str:
    """Who speaks, as it is printed over the words; of what all sides say, that they do."""
    return str(item["label"] or words.get(item["voice"], item["voice"]))


def place_of(section: dict, item: dict | None, words: dict[str, str]) -> str:
    """ "2 Perspectives, paragraph 7": where a passage stands."""
    named = " ".join(filter(None, [section["number"], section["title"]]))
    number = words["paragraph"].replace("{number}", item["number"]) if item else ""
    return ", ".join(filter(None, [named, number]))
