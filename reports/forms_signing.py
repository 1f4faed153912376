"""Forms of releasing, freezing, signing and publishing."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .forms import one_of_two
from .models import Publication
from .text import limits
from .text.limits import TextRefused

# Years for which a person may give a moment: what lies outside is a slip of the finger.
FIRST_YEAR, LAST_YEAR = 2000, 2099


class SafeText(forms.CharField):
    """Typed words without what no text may hold; the message says what to change."""

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        try:
            words = limits.seen(typed).strip()
            limits.refuse_heaped_marks(words)
        except TextRefused as refusal:
            raise forms.ValidationError(refusal.reason) from refusal
        if self.required and not words:
            raise forms.ValidationError(_("No visible letter stands here. Write some words."))
        return words


class MomentForm(forms.Form):
    """A day and an hour in the person's own zone; `moment` is an aware datetime, or None where none was given."""

    needs_moment = True
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give the day as year, month and day, for example 2026-11-28.")},
    )
    hour = forms.TimeField(
        label=_("Hour"),
        required=False,
        help_text=_("24 hours, for example 14:30"),
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "short", "inputmode": "numeric"}),
        error_messages={"invalid": _("Give the hour as 24 hours and minutes, for example 14:30.")},
    )
    moment: dt.datetime | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, missing in (("day", _("Give the day.")), ("hour", _("Give the hour."))):
            self.fields[name].required = self.needs_moment
            self.fields[name].error_messages["required"] = missing

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors.keys() & {"day", "hour"}:
            self._join(cleaned.get("day"), cleaned.get("hour"))
        return cleaned

    def _join(self, day: dt.date | None, hour: dt.time | None) -> None:
        if day is None and hour is not None:
            self.add_error("day", _("Give the day."))
        elif day is not None and hour is None:
            self.add_error("hour", _("Give the hour."))
        elif day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.add_error("day", _("This day is out of range. Give a day of this century."))
        elif day is not None and hour is not None:
            self.moment = timezone.make_aware(dt.datetime.combine(day, hour))

    def _refuse_the_past(self) -> None:
        if self.moment is not None and self.moment <= timezone.now():
            self.add_error("day", _("This moment has passed. Give a later one."))

    def _facts(self, name: str) -> dict[str, str]:
        return {name: self.moment.astimezone(ZoneInfo("UTC")).isoformat()} if self.moment else {}


class ReleaseForm(MomentForm):
    needs_moment = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._refuse_the_past()
        return cleaned

    @property
    def facts(self) -> dict[str, str]:
        return self._facts("comments_until")


class ReasonForm(forms.Form):
    reason = SafeText(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("All members see the reason."),
        error_messages={"required": _("Say why: all members see the reason.")},
    )


class HideForm(ReasonForm):
    prefix = "hide"


class WithdrawForm(forms.Form):
    prefix = "withdraw"
    reason = SafeText(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The public page shows this reason in the place of the document. Name nobody."),
        error_messages={"required": _("Say why: the public page shows the reason.")},
    )
    successor = forms.ChoiceField(
        label=_("Replaced by"),
        required=False,
        help_text=_("A document that this group has published: the public page leads there."),
    )

    def __init__(self, *args: Any, successors: Iterable[Publication] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(publication.code, publication.document.title) for publication in successors]
        self.fields["successor"].choices = [("", _("nothing")), *choices]  # type: ignore[attr-defined]  # a field of choices
        if not choices:
            del self.fields["successor"]

    @property
    def facts(self) -> dict[str, str]:
        named = self.cleaned_data.get("successor")
        return {"reason": self.cleaned_data["reason"], **({"successor": named} if named else {})}


class PlaceField(forms.ChoiceField):
    """What a reservation is made to: the whole text, or one passage of it."""

    def __init__(self) -> None:
        super().__init__(
            label=_("What your reservation is made to"),
            required=False,
            help_text=_("The annex calls it where it belongs."),
            error_messages={"invalid_choice": _("This text has no such passage. Choose one of the list.")},
        )

    def offer(self, places: Iterable[tuple[str, str]]) -> None:
        self.choices = [("", _("The whole text")), *places]


class AnswerForm(forms.Form):
    """What a signatory chooses; the proof is asked on the page after this one."""

    SIGN, RESERVE, DECLINE = "sign", "reserve", "decline"
    choice = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (SIGN, _("I sign this text")),
            (RESERVE, _("I sign with a reservation")),
            (DECLINE, _("I decline to sign")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you want to do.")},
    )
    reservation = SafeText(
        label=_("Your reservation"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "class": "text"}),
        help_text=_("Only if you sign with one. All members read it; it is printed in an annex, under your name."),
    )
    place = PlaceField()
    reason = SafeText(
        label=_("Why you decline"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only if you decline. It is recorded and shown to you alone; it is never printed."),
    )

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].offer(places)  # type: ignore[attr-defined]  # a PlaceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        choice = cleaned.get("choice")
        if choice == self.RESERVE and not cleaned.get("reservation") and "reservation" not in self.errors:
            self.add_error("reservation", _("Write your reservation, or choose to sign without one."))
        if choice == self.SIGN and cleaned.get("reservation"):
            self.add_error("choice", _("You wrote a reservation. Choose to sign with it, or empty its field."))
        if choice == self.DECLINE and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why you decline."))
        return cleaned

    @property
    def declines(self) -> bool:
        return self.cleaned_data["choice"] == self.DECLINE

    @property
    def reserved(self) -> str:
        """The words of the reservation that is made, if one is."""
        chosen = self.cleaned_data["choice"] == self.RESERVE
        return self.cleaned_data["reservation"] if chosen else ""


class ReservationForm(forms.Form):
    reservation = SafeText(
        label=_("Your reservation"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "class": "text"}),
        help_text=_("All members read it. It is printed in an annex, under your name."),
        error_messages={"required": _("Write your reservation.")},
    )
    place = PlaceField()

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].offer(places)  # type: ignore[attr-defined]  # a PlaceField


class AuthoriseForm(MomentForm):
    """From when on the text may be published; an hour that has passed means: at once."""

    prefix = "authorise"

    @property
    def facts(self) -> dict[str, str]:
        return self._facts("earliest")


class PublishForm(MomentForm):
    """The title typed once more: nobody publishes by a slip of the thumb."""

    prefix = "publish"
    needs_moment = False
    field_order = ("title", "day", "hour")
    title = forms.CharField(label=_("Type the title of the document"), strip=True, max_length=400)

    def __init__(self, *args: Any, title: str, earliest: dt.datetime | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.wanted, self.earliest = title, earliest

    def clean_title(self) -> str:
        typed: str = self.cleaned_data["title"]
        if " ".join(typed.split()).casefold() != " ".join(self.wanted.split()).casefold():
            raise forms.ValidationError(_("This is not the title of the document. Copy it exactly."))
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._refuse_the_past()
        if self.moment is not None and self.earliest is not None and self.moment < self.earliest:
            self.add_error("day", _("The keys authorised publication only from a later hour on."))
        return cleaned


class VerifyForm(forms.Form):
    LARGEST = 20_000_000
    # Of a code, or of a hash read out in groups.
    LONGEST = 100
    TOO_LARGE = _("This file is larger than 20 MB, larger than any document made here.")

    file = one_of_two(
        forms.FileField(
            label=_("PDF file"),
            required=False,
            help_text=_("Choose it, or drop it here. At most 20 MB; it is looked at and not kept."),
            widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
            error_messages={"empty": _("This file is empty. Choose the PDF of the document.")},
        )
    )
    code = one_of_two(
        forms.CharField(
            label=_("Or its code"),
            required=False,
            max_length=LONGEST,
            help_text=_(
                "Twelve letters, printed beside the signatures. Members may also give the SHA-256 of a draft of theirs."
            ),
        )
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > self.LARGEST:
            raise forms.ValidationError(self.TOO_LARGE)
        if file.read(5) != b"%PDF-":
            raise forms.ValidationError(_("This file is no PDF. Choose the PDF of the document."))
        file.seek(0)
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("code") and not cleaned.get("file"):
            raise forms.ValidationError(_("Type a code, or choose a file."))
        return cleaned
