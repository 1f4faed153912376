"""Which findings are to stand, and why."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms_signing import SafeText


class WaivingForm(forms.Form):
    f = forms.MultipleChoiceField(
        label=_("Findings"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one finding."),
            "invalid_choice": _("A finding that you chose is mended, waived or proposed by now. Choose again."),
        },
    )
    reason = SafeText(
        label=_("Why they stand as they are"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("All members see the reason. It holds for all findings that you have chosen."),
        error_messages={"required": _("Say why: all members see the reason.")},
    )

    def __init__(self, data: Any = None, *, findings: Iterable[str] = ()) -> None:
        super().__init__(data)
        self.fields["f"].choices = [(one, one) for one in findings]  # type: ignore[attr-defined]  # a choice field

    @property
    def chosen(self) -> list[str]:
        """As they were sent, right or wrong: so that nobody chooses twice."""
        return self.data.getlist("f") if self.is_bound else []  # type: ignore[attr-defined]  # a QueryDict
