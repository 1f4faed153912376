"""What a person says about their mail."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any

from babel.dates import get_day_names
from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .leaving import AT_ONCE, DIGESTS
from .models import Habits, Level
from .places import Place

LONGEST_PAUSE = timedelta(days=366)


def _hours() -> list[tuple[str, str]]:
    return [(f"{hour:02}:00", f"{hour:02}:00") for hour in range(24)]


def _weekdays() -> list[tuple[str, str]]:
    """By number, Monday is 1, in the reader's language."""
    names = get_day_names("wide", "stand-alone", locale=(get_language() or "en").replace("-", "_"))
    return [(str(number + 1), name[:1].upper() + name[1:]) for number, name in sorted(names.items())]


class HourField(forms.TypedChoiceField):
    """A full hour of the day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_hours, coerce=time.fromisoformat, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:00}" if isinstance(value, time) else value


class HabitsForm(forms.Form):
    level = forms.ChoiceField(label=_("By mail I want"), choices=Level.choices, widget=forms.RadioSelect)
    at_once = forms.BooleanField(
        required=False,
        label=_("Write to me within minutes when something waits for me"),
        help_text=_("Five times a day at the most; else, and when this is off, it stands on top of the next digest."),
    )
    digest_at = HourField(label=_("The digest comes at"))
    quiet_from = HourField(label=_("Quiet from"))
    quiet_until = HourField(label=_("Quiet until"), help_text=_("The same hour twice: no hour is quiet."))
    quiet_days = forms.MultipleChoiceField(
        required=False, label=_("Quiet days"), choices=lazy(_weekdays, list), widget=forms.CheckboxSelectMultiple
    )
    paused_until = forms.DateField(
        required=False,
        label=_("No mail before"),
        help_text=_("A pause: leave it empty for none. What is due within two days comes all the same."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any, *, habits: Habits, groups: Iterable[Place], levels: dict[str, str]) -> None:
        initial = {name: getattr(habits, name) for name in self.base_fields} | {"quiet_days": list(habits.quiet_days)}
        initial |= {f"group-{group}": level for group, level in levels.items()}
        super().__init__(data, initial=initial)
        self.groups = list(groups)
        for group in self.groups:
            self.fields[f"group-{group.key}"] = forms.ChoiceField(
                label=group.name, required=False, choices=[("", _("As above")), *Level.choices]
            )

    @property
    def of_groups(self) -> list[forms.BoundField]:
        return [self[f"group-{group.key}"] for group in self.groups]

    def clean_quiet_days(self) -> str:
        days = "".join(sorted(self.cleaned_data["quiet_days"]))
        if len(days) == 7:
            raise forms.ValidationError(_("Leave one day that is not quiet, or make a pause."))
        return days

    def clean_paused_until(self) -> date | None:
        until: date | None = self.cleaned_data["paused_until"]
        today = timezone.localdate()
        if until is None or until <= today:
            return None
        if until > today + LONGEST_PAUSE:
            raise forms.ValidationError(_("A pause lasts a year at the most. Choose an earlier day."))
        return until

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        hours = [cleaned.get(name) for name in ("digest_at", "quiet_from", "quiet_until")]
        if None not in hours and _is_quiet(*hours):  # type: ignore[arg-type]
            self.add_error("digest_at", _("This hour is quiet. Choose another one, or other quiet hours."))
        return cleaned

    @property
    def habits(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.base_fields}

    @property
    def levels(self) -> dict[str, str]:
        return {group.key: self.cleaned_data[f"group-{group.key}"] for group in self.groups}


def _is_quiet(hour: time, begins: time, ends: time) -> bool:
    if begins < ends:
        return begins <= hour < ends
    return begins > ends and (hour >= begins or hour < ends)


class LeavingForm(forms.Form):
    """Chosen by a person: a scanner that follows the address of a mail and presses the button chooses nothing."""

    stop = forms.ChoiceField(label=_("These mails"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stop = {
            DIGESTS: _("Send me no news by mail any more"),
            AT_ONCE: _("Send me what waits for me in the digest only"),
        }[of]
        self.fields["stop"].choices = [("yes", stop), ("no", _("Leave everything as it is"))]  # type: ignore[attr-defined]
