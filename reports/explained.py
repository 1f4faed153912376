"""What a motion over a whole text says beside its hash, in words, and where its very words can be read."""

import datetime as dt
import json
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from groups.models import Motion
from parley.programmes.models import Side
from parley.ui.templatetags.ui import moment

from . import final_text
from .checks.waived import waived_in_words
from .final_reading import reading_of
from .models import Document, Draft, FinalText, Pen, Publication, Waiving
from .redline import changes

Explained = list[tuple[str, Any]]
Preview = tuple[str, dict[str, Any]]


def _moment(value: Any) -> Any:
    """In the reader's own zone, whatever the motion says it in."""
    at = parse_datetime(str(value or ""))
    return moment(at) if at and timezone.is_aware(at) else ""


def explain_release(document: Document, facts: dict[str, Any]) -> Explained:
    until = _moment(facts.get("comments_until"))
    return [
        (_("What happens"), _("The tabled text is given to all sides at the same instant, and stays open.")),
        (_("Comments until"), until or _("no date")),
    ]


def explain_freeze(document: Document, facts: dict[str, Any]) -> Explained:
    ends, in_copies = document.signing_ends_at, document.group.programme.is_alternat
    copies = [(_("Prints"), _("one copy for each side, in which that side is named first"))] if in_copies else []
    return [
        (
            _("What happens"),
            _("Every printed word is copied into the final text, to be initialled and signed."),
        ),
        (_("How it is signed"), _("One after the other") if document.sign_in_order else _("In any order")),
        (_("Signing closes"), moment(ends) if ends else _("when each signatory has answered")),
        (_("Who does not sign"), _("is printed by name") if document.prints_declined else _("is not printed")),
        *copies,
    ]


def explain_package(document: Document, facts: dict[str, Any]) -> Explained:
    if facts.get("package"):
        what = _("Every passage stays agreed ad referendum until the last of them is, and then all are agreed at once.")
    else:
        what = _("The rule is lifted: each passage is agreed by itself, and those that wait for the others are agreed.")
    return [(_("What happens"), what)]


def explain_printing_support(document: Document, facts: dict[str, Any]) -> Explained:
    if facts.get("prints_support"):
        what = _(
            "Under each recommendation print says which sides support it. Before the freeze each side says so itself."
        )
    else:
        what = _("Print does not say any more how far each side supports the recommendations; the pages still do.")
    return [(_("What happens"), what)]


def explain_pen(pen: Pen, facts: dict[str, Any]) -> Explained:
    if facts.get("pen") == "given":
        what = _(
            "One person drafts there and nobody else writes; all others comment and propose. Each new draft reaches "
            "all sides at the same instant. No key goes with it."
        )
    else:
        what = _("The members write there again. What was not released stays a draft of the one who held the pen.")
    return [(_("Who drafts"), str(pen.holder)), (_("Over what"), pen.place), (_("What happens"), what)]


def explain_reason(target: Any, facts: dict[str, Any]) -> Explained:
    return [(_("Why"), facts.get("reason", ""))]


def explain_waiving(waiving: Waiving, facts: dict[str, Any]) -> Explained:
    return [
        (
            _("What happens"),
            _("These findings hold no freeze any more, as long as the words of their passages stay as they are."),
        ),
        (_("Why"), waiving.reason),
    ]


def waiving_preview(waiving: Waiving, motion: Motion, viewer_side: Side | None) -> Preview | SafeString:
    """The findings as they were proposed, each with its words."""
    return "reports/checks/waiving.html", {"found": waived_in_words([waiving])}


def explain_authorising(text: FinalText, facts: dict[str, Any]) -> Explained:
    return [
        (
            _("What happens"),
            _("A facilitator publishes exactly this text, then or later, and changes no word of it."),
        ),
        (_("Not published before"), _moment(facts.get("earliest"))),
    ]


def explain_withdrawal(text: FinalText, facts: dict[str, Any]) -> Explained:
    """Why, and which published document stands in its place."""
    successor = Publication.objects.filter(final_text__public_id=str(facts.get("successor", ""))).first()
    named = [(_("Replaced by"), successor.document.title)] if successor else []
    return [*explain_reason(text, facts), *named]


def release_preview(document: Document, motion: Motion, viewer_side: Side | None) -> Preview | SafeString:
    """What changed since the last draft, and the whole text; of a release that was carried, the draft itself."""
    if motion.state == Motion.State.CARRIED and motion.closed_at:
        return _released(document, motion.closed_at)
    return "reports/signing/proposed_text.html", proposal(document, document.drafts.first())


def freeze_preview(document: Document, motion: Motion, viewer_side: Side | None) -> Preview | SafeString:
    """The words that would be frozen; afterwards the way to the final text."""
    if motion.state == Motion.State.CARRIED:
        return _link(reverse("sign", args=[document.public_id]), _("The final text"))
    return "reports/signing/proposed_text.html", proposal(document, document.drafts.first())


def final_text_preview(text: FinalText, motion: Motion, viewer_side: Side | None) -> SafeString:
    return _link(reverse("sign", args=[text.document.public_id]), _("The final text and who has signed it"))


def proposal(document: Document, since: Draft | None) -> dict[str, Any]:
    """The text as it would be printed now, and what changed since an earlier draft."""
    model = final_text.build(document)
    return {
        "reading": reading_of(model, document.group.programme.sides_in_order()),
        "sha256": final_text.digest(model),
        "since": since,
        "changes": changes(json.loads(since.canonical), model) if since else [],
    }


def _released(document: Document, at: dt.datetime) -> SafeString:
    draft = document.drafts.filter(released_at__lte=at + dt.timedelta(minutes=1)).first()
    if draft is None:
        return SafeString("")
    return _link(reverse("draft", args=[draft.public_id]), _("Draft %(number)d") % {"number": draft.number})


def _link(url: str, words: str) -> SafeString:
    return format_html('<p><a href="{}">{}</a></p>', url, words)
