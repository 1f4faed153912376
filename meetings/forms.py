"""Forms of meetings. Times are typed on the clock of the place that the meeting keeps."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parley.accounts import zones
from parley.programmes.forms import DayField
from reports.forms_signing import SafeText

from .actions import Point
from .models import Answer, Meeting, Mode

LONGEST = dt.timedelta(days=14)
FURTHEST = dt.timedelta(days=5 * 365)
AGENDA_LINES = 40


class HourField(forms.TimeField):
    """Typed: a browser's own field of times says am and pm where its owner's language does."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"class": "short", "inputmode": "numeric"})
        wrong = _("Give the hour as 24 hours and minutes, for example 14:30.")
        hint = _("24 hours, for example 14:30")
        super().__init__(widget=widget, help_text=hint, error_messages={"invalid": wrong}, **options)


class MeetingForm(forms.Form):
    title = SafeText(label=_("Title"), max_length=200)
    mode = forms.ChoiceField(label=_("How you meet"), choices=Mode.choices, widget=forms.RadioSelect)
    venue = SafeText(label=_("Venue"), max_length=300, required=False, help_text=_("Name and address."))
    link = forms.URLField(
        label=_("Link to join"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Seen by members and facilitators on the meeting’s page, never in a mail."),
        error_messages={"invalid": _("Give the whole address of the link, for example https://meet.example.org/room.")},
    )
    day = DayField(label=_("Day"))
    begins = HourField(label=_("Begins"))
    last_day = DayField(label=_("Last day"), required=False, help_text=_("Only if it lasts longer than a day."))
    finishes = HourField(label=_("Ends"))
    zone = forms.ChoiceField(label=_("Time zone"), help_text=_("The clock of the venue, or the one you agreed on."))
    agenda = forms.CharField(
        label=_("Agenda"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One point a line. You may add who opens it and the minutes: “The river | A. Petrosyan | 45”."),
    )
    notes = SafeText(
        label=_("Notes"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Travel, papers to read, what to bring."),
    )  # fmt: skip

    def __init__(self, *args: Any, zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["zone"].choices = zones.choices(get_language() or "en", zone)  # type: ignore[attr-defined]
        self.fields["zone"].initial = zone

    def clean_agenda(self) -> list[Point]:
        lines = [line for line in self.cleaned_data["agenda"].splitlines() if line.strip()]
        if len(lines) > AGENDA_LINES:
            raise forms.ValidationError(_("An agenda holds at most 40 points. Join some of them."))
        return [_point(number, line) for number, line in enumerate(lines, 1)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._place(cleaned)
        if not self.errors:
            self._times(cleaned)
        return cleaned

    def _place(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("mode") in (Mode.IN_PERSON, Mode.HYBRID) and not cleaned.get("venue"):
            self.add_error("venue", _("Say where you meet."))
        if cleaned.get("mode") in (Mode.ONLINE, Mode.HYBRID) and not cleaned.get("link") and "link" not in self.errors:
            self.add_error("link", _("Give the link by which people join."))
        if cleaned.get("mode") == Mode.IN_PERSON:
            cleaned["link"] = ""
        if cleaned.get("mode") == Mode.ONLINE:
            cleaned["venue"] = ""

    def _times(self, cleaned: dict[str, Any]) -> None:
        starts = _moment(cleaned["day"], cleaned["begins"], cleaned["zone"])
        ends = _moment(cleaned["last_day"] or cleaned["day"], cleaned["finishes"], cleaned["zone"])
        if starts is None or ends is None:
            self.add_error("begins", _("This hour does not exist there: the clocks are changed that day."))
        elif ends <= starts:
            self.add_error("finishes", _("The meeting ends before it begins. Change the end, or give its last day."))
        elif ends - starts > LONGEST:
            self.add_error("last_day", _("A meeting lasts two weeks at the most."))
        elif starts <= timezone.now():
            self.add_error("day", _("This moment has passed. Give a later one."))
        elif starts > timezone.now() + FURTHEST:
            self.add_error("day", _("This day is more than five years away. Look at its year."))
        cleaned["starts"], cleaned["ends"] = starts, ends

    @property
    def details(self) -> dict[str, Any]:
        names = ("title", "mode", "venue", "link", "notes", "starts", "ends", "zone", "agenda")
        return {name: self.cleaned_data[name] for name in names}


def _moment(day: dt.date, hour: dt.time, zone: str) -> dt.datetime | None:
    """The instant at which that clock shows that hour; None for an hour that it skips, or a year out of range."""
    try:
        local = dt.datetime.combine(day, hour, tzinfo=ZoneInfo(zone))
        back = local.astimezone(dt.UTC).astimezone(ZoneInfo(zone))
    except (OverflowError, ValueError):
        return None
    return local if back.replace(tzinfo=None) == local.replace(tzinfo=None) else None


def _point(number: int, line: str) -> Point:
    parts = [part.strip() for part in line.split("|")]
    minutes = parts[2] if len(parts) > 2 else ""
    if len(parts) > 3 or (minutes and not minutes.isdecimal()) or len(minutes) > 3:
        raise forms.ValidationError(
            _("Line %(number)d: write “point | who opens it | minutes”, the minutes as a number."),
            params={"number": number},
        )
    if not parts[0] or len(parts[0]) > 200 or len(parts[1] if len(parts) > 1 else "") > 120:
        raise forms.ValidationError(
            _("Line %(number)d: the point is empty or longer than 200 letters."), params={"number": number}
        )
    return Point(parts[0], parts[1] if len(parts) > 1 else "", int(minutes) if minutes else None)


def initial_of(meeting: Meeting) -> dict[str, Any]:
    """The form as it was filled in, on the meeting's own clock."""
    zone = ZoneInfo(meeting.zone)
    starts, ends = meeting.starts.astimezone(zone), meeting.ends.astimezone(zone)
    return {
        "title": meeting.title,
        "mode": meeting.mode,
        "venue": meeting.venue,
        "link": meeting.link,
        "notes": meeting.notes,
        "day": starts.date(),
        "begins": starts.time(),
        "last_day": ends.date() if ends.date() != starts.date() else None,
        "finishes": ends.time(),
        "zone": meeting.zone,
        "agenda": "\n".join(_line(point) for point in meeting.agenda.all()),
    }


def _line(point: Any) -> str:
    parts = [point.title, point.speaker, str(point.minutes) if point.minutes else ""]
    while not parts[-1]:
        parts.pop()
    return " | ".join(parts)


class AnswerForm(forms.ModelForm):
    class Meta:
        model = Answer
        fields = ("coming", "needs")
        widgets = {"coming": forms.RadioSelect}
        help_texts = {"needs": _("Interpretation, diet, access. Seen by the facilitators alone.")}

    def __init__(self, *args: Any, meeting: Meeting, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [c for c in Answer.Coming.choices if c[0] != Answer.Coming.ONLINE or meeting.mode == Mode.HYBRID]
        self.fields["coming"].choices = offered  # type: ignore[attr-defined]  # a choice field


class CancelForm(forms.Form):
    because = SafeText(
        label=_("Why"), max_length=500, error_messages={"required": _("Say why: all who were invited are told.")}
    )
