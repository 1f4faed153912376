"""Forms of reservations before the freeze and of support of recommendations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import ReasonField
from .models import SupportLevel
from .models.reservations import LONGEST_RESERVATION


class TextReservationForm(forms.Form):
    """Its words: one paragraph, since it is printed as a footnote."""

    words = ReasonField(
        label=_("Your reservation"),
        help_text=_("One paragraph. All members read it at once; in print it is a footnote."),
        max_length=LONGEST_RESERVATION,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write your reservation.")},
    )

    def __init__(self, *args: Any, for_side: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if for_side:
            self.fields["words"].label = _("Reservation of %(side)s") % {"side": for_side}


class RewordingForm(TextReservationForm):
    """With the number of the words that the person saw."""

    number = forms.IntegerField(widget=forms.HiddenInput)


class SupportForm(forms.Form):
    """How far one's side supports a recommendation; with reservations: which."""

    level = forms.ChoiceField(
        label=_("What does your side say?"),
        choices=[
            (SupportLevel.FULL, _("We support it in full")),
            (SupportLevel.RESERVED, _("We support it with reservations")),
            (SupportLevel.NONE, _("We do not support it")),
            ("unsaid", _("Nothing (yet)")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what your side says.")},
    )
    words = ReasonField(
        label=_("Your side’s reservation"),
        required=False,
        help_text=_("Only if you support it with reservations and your side has entered none here. It is a footnote."),
        max_length=LONGEST_RESERVATION,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    @property
    def level_said(self) -> str:
        """ "" where the side takes back what it said."""
        level: str = self.cleaned_data["level"]
        return level if level in SupportLevel else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("words") and data.get("level") not in (SupportLevel.RESERVED, None):
            self.add_error("level", _("You wrote a reservation. Choose to support with it, or empty its field."))
        return data
