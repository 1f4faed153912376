"""What facilitators type about what became of a recommendation."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parley.programmes.forms import DayField, LineField, TextField

from .models import Progress
from .models.register import Label

MOST_WORDS = 2000


class FollowUpForm(forms.Form):
    """`since`: the day of the publication; nothing became of a recommendation before it was published."""

    on = DayField(label=_("Day"), help_text=_("On which it happened or was known."))
    status = forms.ChoiceField(
        label=_("Where it stands"),
        choices=Progress.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where it stands.")},
    )
    words = TextField(
        label=_("What was done"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("In a few sentences; an address of a source may stand among them."),
        error_messages={"required": _("Say in a few words what was done or what is known.")},
    )
    for_sides = forms.BooleanField(
        label=_("It speaks for the sides"),
        required=False,
        help_text=_("Then it is shown as theirs when the key of every side has confirmed it, and not before."),
    )

    def __init__(self, *args: Any, since: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = since

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come. Choose today or an earlier one."))
        if day < self.since:
            raise ValidationError(_("The recommendation was published later. Choose that day or a later one."))
        return day


class CorrectionForm(FollowUpForm):
    """Whose word it is stays as it was."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["for_sides"]


class LabelsForm(forms.Form):
    labels = LineField(
        label=_("Themes"),
        required=False,
        max_length=400,
        help_text=_("Beside the group’s own, parted by commas, for example: trade, schools"),
    )

    def clean_labels(self) -> list[str]:
        longest = Label._meta.get_field("words").max_length or 0
        found = [label.strip() for label in self.cleaned_data["labels"].split(",") if label.strip()]
        if any(len(label) > longest for label in found):
            raise ValidationError(
                _("A theme has %(longest)d letters at the most. Shorten it, or part it by a comma."),
                params={"longest": longest},
            )
        return found
