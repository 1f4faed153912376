"""Forms of the silence procedure: when it ends, who may object, what an adopted text is ready for; why it breaks."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from groups.models import Membership
from parley.accounts import zones

from .forms_signing import MomentForm, SafeText
from .models import Adoption
from .silence_hours import NoSuchHour, instant_of


class SilenceForm(MomentForm):
    ALL, SOME = "all", "some"

    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Of the clock by which the hour is meant. All members read it so.")
    )
    who = forms.ChoiceField(
        label=_("Who may object"),
        choices=[(ALL, _("Every member with a side")), (SOME, _("Only these, of each side at least one"))],
        initial=ALL,
        widget=forms.RadioSelect,
    )
    entitled = forms.MultipleChoiceField(
        label=_("These members"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only if not every member may object."),
    )
    then = forms.ChoiceField(label=_("Once it is adopted"), widget=forms.RadioSelect)
    field_order = ("day", "hour", "zone", "who", "entitled", "then")

    def __init__(
        self, *args: Any, seats: Sequence[Membership], adoptions: Sequence[Adoption], zone: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        fields: dict[str, Any] = self.fields
        fields["zone"].choices = zones.choices(get_language() or "en", zone)
        fields["zone"].initial = zone
        fields["entitled"].choices = [(seat.public_id, f"{seat.printed_name} ({seat.side})") for seat in seats]
        fields["then"].choices = [(one.value, one.label) for one in adoptions]
        fields["then"].initial = adoptions[0].value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("who") == self.SOME and not cleaned.get("entitled") and "entitled" not in self.errors:
            self.add_error("entitled", _("Choose who may object, or let every member with a side do so."))
        return cleaned

    def _join(self, day: dt.date | None, hour: dt.time | None) -> None:
        """On the clock of the chosen zone, not on the reader's own."""
        super()._join(day, hour)
        if self.moment is None or day is None or hour is None or "zone" in self.errors:
            return
        self.local = dt.datetime.combine(day, hour)
        try:
            self.moment = instant_of(self.local, self.cleaned_data["zone"])
        except NoSuchHour as why:
            self.add_error("hour", str(why))

    @property
    def facts(self) -> dict[str, Any]:
        some = self.cleaned_data["who"] == self.SOME
        return {
            "ends": self.local.isoformat(timespec="minutes"),
            "zone": self.cleaned_data["zone"],
            "entitled": sorted(self.cleaned_data["entitled"]) if some else [],
            "then": self.cleaned_data["then"],
        }


class BreakForm(forms.Form):
    reason = SafeText(
        label=_("Why you object"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("All members read the reason, with your name."),
        error_messages={"required": _("Say why you object: all members read the reason.")},
    )
