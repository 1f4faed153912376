"""What the proposal of a silence procedure says beside the text's hash, in words."""

from typing import Any

from django.utils.translation import gettext as _

from groups.models import Membership
from parley.ui.templatetags.ui import moment
from parley.ui.times import city, moment_words

from .explained import Explained
from .models import Adoption, FinalText
from .silence_hours import NoSuchHour, stated


def explain_silence(text: FinalText, facts: dict[str, Any]) -> Explained:
    try:
        ends = stated(facts)
    except NoSuchHour:
        ends = None
    hours = [(_("Ends"), moment_words(ends, facts["zone"])), (_("On your clock"), moment(ends))] if ends else []
    return [
        (
            _("What happens"),
            _("The final text is adopted at that hour, by itself, unless one of those who may object does so before."),
        ),
        *hours,
        (_("Zone"), city(str(facts["zone"])) if ends else ""),
        (_("Who may object"), _named(facts) or _("every member with a side, as they are with the last key")),
        (_("Once it is adopted"), _then(facts)),
    ]


def _named(facts: dict[str, Any]) -> str:
    seats = Membership.objects.filter(public_id__in=facts.get("entitled") or []).select_related("person")
    return ", ".join(seat.printed_name for seat in seats)


def _then(facts: dict[str, Any]) -> str:
    known = facts.get("then") in Adoption.values
    return str(Adoption(facts["then"]).label) if known else ""
