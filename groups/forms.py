"""What people type about groups, seats, invitations and motions."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.accounts.models import normal_address
from parley.programmes.forms import DayField, LineField, TextField
from parley.programmes.models import Precedence, Programme, Side

from .models import GroupKind, Role, Style
from .models.style import UNDER_KEYS

LONGEST_DEPUTYSHIP = dt.timedelta(days=366)
LONGEST_REFERRAL = dt.timedelta(days=366)


class GroupForm(forms.Form):
    name = LineField(max_length=160, label=gettext_lazy("Name of the group"))
    purpose = TextField(required=False, max_length=5000, label=gettext_lazy("Purpose"))


class FoundGroupForm(GroupForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=GroupKind.choices,
        initial=GroupKind.THEMATIC,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A platform issues statements and may do without co-chairs."),
    )
    field_order = ["kind", "name", "purpose"]


class MilestoneForm(forms.Form):
    title = LineField(max_length=200, label=gettext_lazy("What is to be reached"))
    due = DayField(label=gettext_lazy("By when"))
    responsible = LineField(required=False, max_length=160, label=gettext_lazy("Who is responsible"))


class AddresseeForm(forms.Form):
    """To whom an invitation goes."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    name = LineField(
        required=False,
        max_length=120,
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("So that you recognise them in the list. They spell their printed name themselves."),
    )

    def clean_email(self) -> str:
        return normal_address(self.cleaned_data["email"])


class InviteForm(AddresseeForm):
    """A facilitator's: to any role, for any side."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices, widget=forms.RadioSelect)
    side = forms.ModelChoiceField(
        Side.objects.none(),
        to_field_name="public_id",
        required=False,
        label=gettext_lazy("Side"),
        help_text=gettext_lazy("Observers have none."),
        empty_label=gettext_lazy("No side"),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["side"].queryset = programme.sides.all()  # type: ignore[attr-defined]  # a field of models

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role, side = cleaned.get("role"), cleaned.get("side")
        if role == Role.OBSERVER and side:
            self.add_error("side", _("An observer has no side. Choose “No side”, or another role."))
        if role in (Role.CO_CHAIR, Role.MEMBER) and not side and "side" not in self.errors:
            self.add_error("side", _("Choose the side for which this person is to sit."))
        return cleaned


class ListForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("With the columns email, name, group, role and side. At most 1 MB and 500 people."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


class DeputyForm(forms.Form):
    """Whole days in the co-chair's own time zone."""

    starts = DayField(label=gettext_lazy("First day"))
    ends = DayField(label=gettext_lazy("Last day"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if not starts or not ends:
            return cleaned
        if ends < starts:
            raise ValidationError({"ends": _("The last day lies before the first. Choose a later one.")})
        if ends < timezone.localdate():
            raise ValidationError({"ends": _("That day is over. Choose one that is still to come.")})
        if ends - starts > LONGEST_DEPUTYSHIP:
            raise ValidationError({"ends": _("Choose at most a year. For longer, name a successor.")})
        return cleaned

    def between(self) -> dict[str, dt.datetime]:
        zone = timezone.get_current_timezone()
        first, last = self.cleaned_data["starts"], self.cleaned_data["ends"]
        return {
            "starts": dt.datetime.combine(first, dt.time.min, zone),
            "ends": dt.datetime.combine(last, dt.time(23, 59, 59), zone),
        }


class WithdrawForm(forms.Form):
    reason = LineField(required=False, max_length=300, label=gettext_lazy("Why"))


class PrincipalsForm(forms.Form):
    """By when a side's principals answer: at the end of that day in the person's own zone."""

    until = DayField(label=gettext_lazy("Our principals answer by"))

    def clean_until(self) -> dt.datetime | None:
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if not timezone.localdate() < day <= timezone.localdate() + LONGEST_REFERRAL:
            raise ValidationError(_("Choose a day from tomorrow on, within a year."))
        return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59)))


class AgreeingForm(PrincipalsForm):
    """How a side agrees: wholly, or subject to its principals."""

    FULLY, AD_REFERENDUM = "fully", "ad-referendum"

    how = forms.ChoiceField(
        label=gettext_lazy("How your side agrees"),
        choices=[
            (FULLY, gettext_lazy("Fully")),
            (AD_REFERENDUM, gettext_lazy("Ad referendum: subject to our principals, who answer by a day")),
        ],
        initial=FULLY,
        widget=forms.RadioSelect,
    )
    until = DayField(
        label=gettext_lazy("Our principals answer by"),
        required=False,
        help_text=gettext_lazy("If nobody confirms or names another day by then, the passage is open again."),
    )
    field_order = ["how", "until"]

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data if data is None else {"how": self.FULLY} | data.dict())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("how") != self.AD_REFERENDUM:
            self.errors.pop("until", None)
            cleaned["until"] = None
        elif not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Say by which day your principals answer."))
        return cleaned


class StyleForm(forms.Form):
    """What is to change, and to what: one value of one setting."""

    what = forms.ChoiceField(choices=Style.choices)
    after = forms.CharField(max_length=16)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        what = cleaned.get("what", "")
        known = Precedence.values if what == Style.PRECEDENCE else [UNDER_KEYS.get(what, "")]
        if "after" in cleaned and cleaned["after"] not in known:
            self.add_error("after", _("Choose what it is to be."))
        return cleaned
