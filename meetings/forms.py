"""Forms of meetings. Times are typed on the clock of the place that the meeting keeps."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parley.accounts import zones
from parley.programmes.forms import DayField
from reports.forms_signing import SafeText

from .actions import Point
from .models import Answer, Meeting, Mode, Slot

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
    map_link = forms.URLField(
        label=_("Link to a map"),
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Give the whole address of the map, for example https://www.openstreetmap.org/.")},
    )
    travel = SafeText(
        label=_("Travel notes"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How to come, who books, where people stay."),
    )  # fmt: skip
    per_diem = SafeText(
        label=_("Per diem and costs"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What is paid and what is not. Printed in the letters of invitation."),
    )  # fmt: skip
    link = forms.URLField(
        label=_("Link to join"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Shown on the meeting’s page from fifteen minutes before it begins, never in a mail."),
        error_messages={"invalid": _("Give the whole address of the link, for example https://meet.example.org/room.")},
    )
    dial_in = SafeText(label=_("Dial-in by telephone"), max_length=300, required=False, help_text=_("Number and code."))
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
        help_text=_(
            "One point a line. You may add who opens it, the minutes and the address of a paper: "
            "“The river | A. Petrosyan | 45 | https://example.org/map.pdf”."
        ),
    )
    notes = SafeText(
        label=_("Notes"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Papers to read, what to bring."),
    )  # fmt: skip

    # The moment stands already: it was chosen in a poll.
    WHEN = ("day", "begins", "last_day", "finishes")

    def __init__(self, *args: Any, zone: str, chosen: Slot | None = None, draft: bool = False, **options: Any) -> None:
        """A draft may still lack its place; `chosen` is the date that a poll found."""
        super().__init__(*args, **options)
        self.chosen, self.draft = chosen, draft
        if chosen is not None:
            for name in self.WHEN:
                del self.fields[name]
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
        if self.chosen is None and not self.errors:
            self._times(cleaned)
        return cleaned

    def _place(self, cleaned: dict[str, Any]) -> None:
        mode = cleaned.get("mode")
        if mode in (Mode.IN_PERSON, Mode.HYBRID) and not cleaned.get("venue") and not self.draft:
            self._wanted("venue", _("Say where you meet."))
        if mode in (Mode.ONLINE, Mode.HYBRID) and not cleaned.get("link") and not self.draft:
            self._wanted("link", _("Give the link by which people join."))
        for name in NOT_OF.get(mode or "", ()):
            cleaned[name] = ""

    def _wanted(self, name: str, sentence: Any) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)

    def _times(self, cleaned: dict[str, Any]) -> None:
        starts, ends, wrong = span(cleaned, cleaned["zone"])
        if wrong:
            self.add_error(*wrong)
        cleaned["starts"], cleaned["ends"] = starts, ends

    @property
    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DETAILS if name in self.cleaned_data}


# A field and what is wrong with it.
Wrong = tuple[str, Any]
PLACE = ("venue", "map_link", "travel")
DETAILS = ("title", "mode", *PLACE, "per_diem", "link", "dial_in", "notes", "starts", "ends", "zone", "agenda")
# What is emptied where people meet in another way.
NOT_OF: dict[str, tuple[str, ...]] = {Mode.IN_PERSON: ("link", "dial_in"), Mode.ONLINE: PLACE}


def span(typed: dict[str, Any], zone: str) -> tuple[dt.datetime | None, dt.datetime | None, Wrong | None]:
    """Begin and end of what was typed as day, begins, finishes and last_day; with the field that is wrong, and why."""
    starts = moment_at(typed["day"], typed["begins"], zone)
    ends = moment_at(typed["last_day"] or typed["day"], typed["finishes"], zone)
    if starts is None or ends is None:
        return None, None, ("begins", _("This hour does not exist there: the clocks are changed that day."))
    return starts, ends, _wrong(starts, ends)


def _wrong(starts: dt.datetime, ends: dt.datetime) -> Wrong | None:
    if ends <= starts:
        return "finishes", _("The meeting ends before it begins. Change the end, or give its last day.")
    if ends - starts > LONGEST:
        return "last_day", _("A meeting lasts two weeks at the most.")
    if starts <= timezone.now():
        return "day", _("This moment has passed. Give a later one.")
    if starts > timezone.now() + FURTHEST:
        return "day", _("This day is more than five years away. Look at its year.")
    return None


def moment_at(day: dt.date, hour: dt.time, zone: str) -> dt.datetime | None:
    """The instant at which that clock shows that hour; None for an hour that it skips, or a year out of range."""
    try:
        local = dt.datetime.combine(day, hour, tzinfo=ZoneInfo(zone))
        back = local.astimezone(dt.UTC).astimezone(ZoneInfo(zone))
    except (OverflowError, ValueError):
        return None
    return local if back.replace(tzinfo=None) == local.replace(tzinfo=None) else None


def _point(number: int, line: str) -> Point:
    parts = [part.strip() for part in line.split("|")]
    title, speaker, minutes, paper = [*parts, "", "", ""][:4]
    if len(parts) > 4 or (minutes and not minutes.isdecimal()) or len(minutes) > 3:
        raise _in_line(number, _("write “point | who opens it | minutes | paper”, the minutes as a number."))
    if not title or len(title) > 200 or len(speaker) > 120:
        raise _in_line(number, _("the point is empty or longer than 200 letters."))
    if paper and not is_address(paper):
        raise _in_line(number, _("give the whole address of the paper, for example https://example.org/map.pdf."))
    return Point(title, speaker, int(minutes) if minutes else None, paper)


def _in_line(number: int, what: Any) -> forms.ValidationError:
    return forms.ValidationError(_("Line %(number)d: %(what)s"), params={"number": number, "what": what})


def is_address(paper: str) -> bool:
    """A page of this site, or a whole https address."""
    if len(paper) > 500:
        return False
    if paper.startswith("/") and not paper.startswith("//"):
        return url_has_allowed_host_and_scheme(paper, allowed_hosts=None)
    try:
        URLValidator(schemes=["https", "http"])(paper)
    except forms.ValidationError:
        return False
    return True


def initial_of(meeting: Meeting) -> dict[str, Any]:
    """The form as it was filled in, on the meeting's own clock."""
    zone = ZoneInfo(meeting.zone)
    starts, ends = meeting.starts.astimezone(zone), meeting.ends.astimezone(zone)
    return {
        "title": meeting.title,
        "mode": meeting.mode,
        "venue": meeting.venue,
        "map_link": meeting.map_link,
        "travel": meeting.travel,
        "per_diem": meeting.per_diem,
        "link": meeting.link,
        "dial_in": meeting.dial_in,
        "notes": meeting.notes,
        "day": starts.date(),
        "begins": starts.time(),
        "last_day": ends.date() if ends.date() != starts.date() else None,
        "finishes": ends.time(),
        "zone": meeting.zone,
        "agenda": "\n".join(_line(point) for point in meeting.agenda.all()),
    }


def _line(point: Any) -> str:
    parts = [point.title, point.speaker, str(point.minutes) if point.minutes else "", point.paper]
    while not parts[-1]:
        parts.pop()
    return " | ".join(parts)


class AnswerForm(forms.ModelForm):
    needs = SafeText(
        label=_("What you need"),
        required=False,
        max_length=300,
        help_text=_(
            "Interpretation, diet, access. Seen by the facilitators alone, deleted thirty days after the meeting."
        ),
    )

    class Meta:
        model = Answer
        fields = ("coming",)
        widgets = {"coming": forms.RadioSelect}

    def __init__(self, *args: Any, meeting: Meeting, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [c for c in Answer.Coming.choices if c[0] != Answer.Coming.ONLINE or meeting.mode == Mode.HYBRID]
        self.fields["coming"].choices = offered  # type: ignore[attr-defined]  # a choice field


class ParticularsForm(forms.Form):
    """For tickets, visas and letters: everything may stay empty."""

    passport_name = SafeText(label=_("Name as in the passport"), required=False, max_length=120)
    nationality = SafeText(label=_("Nationality"), required=False, max_length=80)
    passport_number = SafeText(label=_("Passport number"), required=False, max_length=40)
    passport_expires = DayField(label=_("Passport valid until"), required=False)
    born = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give the day as year, month and day, for example 1971-11-28.")},
    )
    arrival = SafeText(label=_("Arrival"), required=False, max_length=200, help_text=_("Day, hour, flight or train."))
    departure = SafeText(label=_("Departure"), required=False, max_length=200)

    def clean_born(self) -> dt.date | None:
        born = self.cleaned_data["born"]
        if born and not dt.date(1900, 1, 1) <= born < timezone.localdate():
            raise forms.ValidationError(_("This is no date of birth. Look at its year."))
        return born

    @property
    def said(self) -> dict[str, str]:
        """As it is kept: words, days in ISO form."""
        return {name: str(value) if value else "" for name, value in self.cleaned_data.items()}


class CancelForm(forms.Form):
    because = SafeText(
        label=_("Why"), max_length=500, error_messages={"required": _("Say why: all who were invited are told.")}
    )
