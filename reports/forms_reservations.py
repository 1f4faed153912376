"""Forms of reservations before the freeze."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import ReasonField
from .models.reservations import LONGEST_RESERVATION


class TextReservationForm(forms.Form):
    """Its words: one paragraph, since it is printed as a footnote."""

    words = ReasonField(
        label=_("Your reservation"),
        help_text=_("One paragraph. All members read it at once; in print it is a footnote."),
        max_length=LONGEST_RESERVATION,
        widget=forms.Textarea(attrs={"rows": 5, "class": "text"}),
        error_messages={"required": _("Write your reservation.")},
    )

    def __init__(self, *args: Any, for_side: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if for_side:
            self.fields["words"].label = _("Reservation of %(side)s") % {"side": for_side}


class RewordingForm(TextReservationForm):
    """With the number of the words that the person saw."""

    number = forms.IntegerField(widget=forms.HiddenInput)
