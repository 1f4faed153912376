"""What facilitators type about a programme. A form never trusts a line: letters that cannot be printed are refused."""

import datetime as dt
import unicodedata
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from parley.accounts import languages
from parley.accounts.models import User
from parley.accounts.names import BIDI_CONTROLS, UNPRINTABLE, UNSEEN, clean_name

from .actions import HostToBe, PhaseToBe, SideToBe
from .models import HostOrganisation, Precedence

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
MOST_SIDES = 6
KEPT_SPACES = frozenset("\n\t")


class LineField(forms.CharField):
    """One line of words: NFC, single spaces, nothing unseen; its refusals name the field and the remedy."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_name(super().to_python(value) or "", field=str(self.label))


class TextField(forms.CharField):
    """Paragraphs of plain words: NFC, one kind of line break, nothing that turns letters around unseen."""

    widget = forms.Textarea(attrs={"rows": 6})

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
        if any(letter not in KEPT_SPACES and unicodedata.category(letter) in UNPRINTABLE for letter in text):
            raise self._refused(gettext_lazy("{field} contains a character that cannot be printed. Type it anew."))
        if any(letter in BIDI_CONTROLS for letter in text):
            raise self._refused(gettext_lazy("{field} contains a hidden sign that turns letters around. Type it anew."))
        if text and all(letter.isspace() or unicodedata.category(letter) in UNSEEN for letter in text):
            raise self._refused(gettext_lazy("{field} contains nothing that can be seen. Type it."))
        return unicodedata.normalize("NFC", text).strip()

    def _refused(self, sentence: Any) -> ValidationError:
        return ValidationError(format_lazy(sentence, field=self.label), code="text")


class DayField(forms.DateField):
    """A day of our century: years such as 1 or 9999 break clocks elsewhere."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": gettext_lazy("Give the day as year, month and day, for example 2026-11-28.")}

    def to_python(self, value: Any) -> dt.date | None:
        day = super().to_python(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(_("Choose a day between 2000 and 2099."), code="day")
        return day


class HostForm(forms.Form):
    name = LineField(max_length=160, label=gettext_lazy("Name of the host organisation"))
    about = TextField(
        required=False,
        max_length=5000,
        label=gettext_lazy("About the host"),
        help_text=gettext_lazy("Printed at the end of each report. An empty line parts paragraphs."),
    )
    website = LineField(required=False, max_length=160, label=gettext_lazy("Website"))
    email = forms.EmailField(required=False, label=gettext_lazy("E-mail for readers"))
    funder = LineField(
        required=False,
        max_length=300,
        label=gettext_lazy("Funder line"),
        help_text=gettext_lazy("Such as: With the support of …"),
    )


class AddressForm(forms.Form):
    label = LineField(
        required=False,
        max_length=80,
        label=gettext_lazy("Label"),
        help_text=gettext_lazy("Such as: Head office"),
    )
    lines = TextField(
        required=False, max_length=500, label=gettext_lazy("Address"), widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("label") and not cleaned.get("lines") and "lines" not in self.errors:
            self.add_error("lines", _("This label has no address. Type the address, or empty the label."))
        return cleaned


class SideForm(forms.Form):
    name = LineField(
        max_length=80, label=pgettext_lazy("of a thing", "Name"), help_text=gettext_lazy("Such as: Armenia")
    )
    demonym = LineField(
        max_length=80,
        label=gettext_lazy("As in “the … side”"),
        help_text=gettext_lazy("Such as: Armenian"),
    )
    code = LineField(
        max_length=3,
        label=gettext_lazy("Short code"),
        help_text=gettext_lazy("At most three letters"),
        widget=forms.TextInput(attrs={"class": "short"}),
    )


class SidesFormSet(BaseFormSet):
    """Two sides or more, each with a name and a code of its own."""

    default_error_messages = {
        **BaseFormSet.default_error_messages,
        "too_few_forms": gettext_lazy("A dialogue takes two sides at least."),
    }

    def clean(self) -> None:
        for field in ("name", "code"):
            seen: set[str] = set()
            for form in self.forms:
                value = form.cleaned_data.get(field, "").casefold() if hasattr(form, "cleaned_data") else ""
                if value and value in seen:
                    form.add_error(field, _("Another side has this already. Each side needs its own."))
                seen.add(value)

    def sides(self) -> list[SideToBe]:
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]
        return [SideToBe(name=side["name"], demonym=side["demonym"], code=side["code"]) for side in filled]


class PhaseForm(forms.Form):
    name = LineField(max_length=120, label=pgettext_lazy("of a thing", "Name"))
    starts = DayField(label=gettext_lazy("From"))
    ends = DayField(label=pgettext_lazy("of a phase", "Until"))
    aims = TextField(
        required=False, max_length=3000, label=gettext_lazy("Aims"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("starts") and cleaned.get("ends") and cleaned["ends"] < cleaned["starts"]:
            self.add_error("ends", _("The phase ends before it begins. Choose a later day."))
        return cleaned

    def phase(self) -> PhaseToBe:
        return PhaseToBe(**self.cleaned_data)


class ProgrammeForm(forms.Form):
    name = LineField(max_length=200, label=gettext_lazy("Name of the programme"))
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the texts"),
        help_text=gettext_lazy("Generated words of reports, and mails to the invited, are in this language."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = languages.choices()  # type: ignore[attr-defined]  # a field of choices
        self.fields["language"].initial = settings.LANGUAGE_CODE


class StartForm(ProgrammeForm):
    precedence = forms.ChoiceField(
        label=gettext_lazy("Which side is named first"),
        choices=Precedence.choices,
        initial=Precedence.ALPHABETICAL,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Once the programme has begun, changing this takes every side’s key."),
    )
    ground_rules = TextField(
        required=False,
        max_length=20_000,
        label=gettext_lazy("Ground rules"),
        help_text=gettext_lazy("Everybody accepts them before taking part. You can write them later, too."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class GroundRulesForm(forms.Form):
    text = TextField(
        max_length=20_000,
        label=gettext_lazy("Ground rules"),
        widget=forms.Textarea(attrs={"rows": 16}),
    )


class KnownHostForm(forms.Form):
    """Whoever facilitates another programme of a host need not type it again."""

    host = forms.ModelChoiceField(
        HostOrganisation.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=gettext_lazy("Another host, as typed below"),
        label=gettext_lazy("A host you know"),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = HostOrganisation.objects.of_programmes_facilitated_by(person)
        self.fields["host"].queryset = self.known  # type: ignore[attr-defined]  # a field of models

    @property
    def has_any(self) -> bool:
        return self.known.exists()


AddressFormSet = formset_factory(AddressForm, extra=0, min_num=1, max_num=6, absolute_max=6)
SideFormSet = formset_factory(
    SideForm, formset=SidesFormSet, extra=0, min_num=2, validate_min=True, max_num=MOST_SIDES, absolute_max=MOST_SIDES
)
# What one line of a list is called in the summary of errors.
LINES = {
    "addresses": gettext_lazy("Postal address"),
    "sides": gettext_lazy("Side"),
    "phases": gettext_lazy("Phase"),
}
PhaseFormSet = formset_factory(PhaseForm, extra=0, max_num=12, absolute_max=12)


def addresses_of(formset: Any) -> list[tuple[str, str]]:
    filled = [form.cleaned_data for form in formset.forms if form.cleaned_data.get("lines")]
    return [(address["label"], address["lines"]) for address in filled]


def host_of(form: HostForm, addresses: Any) -> HostToBe:
    return HostToBe(**form.cleaned_data, addresses=addresses_of(addresses))


def phases_of(formset: Any) -> list[PhaseToBe]:
    return [form.phase() for form in formset.forms if form.cleaned_data]


class Sheet:
    """Several forms on one page, and lists of forms that can grow.

    A button named `more_<list>` asks for one more empty line instead of sending: the page comes again with everything
    as typed. So a list grows without scripts.
    """

    def __init__(
        self,
        data: Any,
        *,
        forms: dict[str, Callable[..., Any]],
        lists: dict[str, type[BaseFormSet]],
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.grows = data is not None and any(f"more_{name}" in data for name in lists)
        if self.grows:
            initial = _as_typed(data, forms, lists)
        self.forms = {name: make(**_filled(data, name, initial, self.grows)) for name, make in forms.items()}
        self.lists = {name: make(**_filled(data, name, initial, self.grows)) for name, make in lists.items()}

    def __getitem__(self, name: str) -> Any:
        return self.forms[name] if name in self.forms else self.lists[name]

    def is_valid(self) -> bool:
        # Each is asked, so that all sentences come at once.
        answers = [each.is_valid() for each in (*self.forms.values(), *self.lists.values())]
        return not self.grows and all(answers)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Each sentence with the id of the field that it is about, for the summary; a line of a list by its number."""
        found = [error for form in self.forms.values() for error in _errors_of(form, "")]
        for name, formset in self.lists.items():
            for number, form in enumerate(formset.forms, 1):
                found += _errors_of(form, f"{LINES[name]} {number}, ")
        whole = [("", str(error)) for formset in self.lists.values() for error in formset.non_form_errors()]
        return found or whole


def _errors_of(form: forms.Form, before: str) -> list[tuple[str, str]]:
    return [
        (bound.id_for_label or bound.auto_id, f"{before}{bound.label}: {error}")
        for bound in form
        for error in bound.errors
    ]


def _filled(data: Any, name: str, initial: dict[str, Any] | None, grows: bool) -> dict[str, Any]:
    if data is None or grows:
        return {"prefix": name, "initial": (initial or {}).get(name)}
    bound = data.copy()
    # Lines are told apart by what is typed in them, not by whether they were there when the page was made.
    bound[f"{name}-INITIAL_FORMS"] = "0"
    return {"prefix": name, "data": bound}


def _as_typed(data: Any, forms: dict[str, Any], lists: dict[str, Any]) -> dict[str, Any]:
    singles = {name: _typed_under(data, f"{name}-") for name in forms}
    grown = {name: _typed_lines(data, name, make.absolute_max) for name, make in lists.items()}
    return {**singles, **grown}


def _typed_under(data: Any, prefix: str) -> dict[str, str]:
    return {key.removeprefix(prefix): data[key] for key in data if key.startswith(prefix)}


def _typed_lines(data: Any, name: str, most: int) -> list[dict[str, str]]:
    total = data.get(f"{name}-TOTAL_FORMS", "")
    known = min(int(total), most) if total.isdecimal() else 0
    lines = [_typed_under(data, f"{name}-{place}-") for place in range(known)]
    return [*lines, {}][:most] if f"more_{name}" in data else lines
