"""What did not come with the words of a file, as sentences for the person who brought it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .imported import Findings


def sentences(findings: Findings) -> list[str]:
    counts = findings.counts
    told = {
        "images": ngettext(
            "%(n)d picture was left out: Parley’s texts are words.",
            "%(n)d pictures were left out: Parley’s texts are words.",
            counts.get("images", 0),
        ),
        "tables": ngettext(
            "%(n)d table came in as paragraphs, cell by cell.",
            "%(n)d tables came in as paragraphs, cell by cell.",
            counts.get("tables", 0),
        ),
        "formulas": ngettext(
            "%(n)d formula was left out. Write it in words.",
            "%(n)d formulas were left out. Write them in words.",
            counts.get("formulas", 0),
        ),
        "struck": ngettext(
            "Words are struck through in %(n)d place; they came in as plain words.",
            "Words are struck through in %(n)d places; they came in as plain words.",
            counts.get("struck", 0),
        ),
        "links": ngettext(
            "%(n)d link led to no page of the web or mailbox; its words came in without it.",
            "%(n)d links led to no page of the web or mailbox; their words came in without them.",
            counts.get("links", 0),
        ),
        "characters": ngettext(
            "%(n)d sign that no font can print was left out.",
            "%(n)d signs that no font can print were left out.",
            counts.get("characters", 0),
        ),
        "margins": _("What stands at the top and bottom of every page of the file was left out."),
    }
    return [words % {"n": counts[name]} for name, words in told.items() if counts.get(name)]


def changes(findings: Findings) -> str:
    """How many tracked changes by whom: “Ani (3), somebody (1)”."""
    return ", ".join(f"{name or _('somebody')} ({count})" for name, count in findings.changes.items())
