"""Forms of date polls: opening one, answering it, entering what was said by telephone."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from groups.models import Membership
from parley.accounts import zones
from parley.programmes.forms import LINES, DayField, Sheet
from parley.programmes.models import Side
from parley.ui.times import day_words
from reports.forms_signing import SafeText

from .forms import HourField, moment_at, span
from .models import FEWEST_SLOTS, MOST_SLOTS, Poll, Seen, Slot, Word
from .tallies import Date, by_day

LINES["slots"] = gettext_lazy("Date")
QUORUM = "quorum_"


class SlotForm(forms.Form):
    day = DayField(label=gettext_lazy("Day"))
    begins = HourField(label=gettext_lazy("Begins"))
    finishes = HourField(label=gettext_lazy("Ends"))
    last_day = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Only if it lasts longer than a day.")
    )


class SlotsFormSet(BaseFormSet):
    def clean(self) -> None:
        typed = [_key(form.cleaned_data) for form in self.forms if form.is_valid() and form.cleaned_data]
        for form in self.forms:
            if form.is_valid() and form.cleaned_data and typed.count(_key(form.cleaned_data)) > 1:
                form.add_error("begins", _("This date stands here twice. Change one of them."))


def _key(typed: dict[str, Any]) -> tuple[Any, ...]:
    return typed["day"], typed["begins"], typed["finishes"], typed["last_day"]


SlotFormSet = formset_factory(
    SlotForm,
    formset=SlotsFormSet,
    extra=2,
    min_num=FEWEST_SLOTS,
    validate_min=True,
    max_num=MOST_SLOTS,
    absolute_max=MOST_SLOTS,
)


class PollWordsForm(forms.Form):
    title = SafeText(label=gettext_lazy("What the meeting is about"), max_length=200)
    note = SafeText(
        label=gettext_lazy("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Where it might be, how long the journey takes, what hangs on it."),
    )  # fmt: skip
    deadline_day = DayField(label=gettext_lazy("Answers until"))
    deadline_hour = HourField(label=gettext_lazy("Hour"))

    def deadline_in(self, zone: str) -> dt.datetime | None:
        """None, with the error at its field, when it is no moment to come."""
        deadline = moment_at(self.cleaned_data["deadline_day"], self.cleaned_data["deadline_hour"], zone)
        if deadline is None:
            self.add_error("deadline_hour", _("This hour does not exist there: the clocks are changed that day."))
        elif deadline <= timezone.now():
            self.add_error("deadline_day", _("This moment has passed. Give a later one."))
            return None
        return deadline


class PollForm(PollWordsForm):
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Of all hours typed here. Everybody reads them in their own zone, too."),
    )
    seen_by = forms.ChoiceField(
        label=gettext_lazy("Who sees what each person answered"),
        choices=Seen.choices,
        initial=Seen.CO_CHAIRS,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("This can’t be changed once people have answered."),
    )
    required = forms.MultipleChoiceField(
        label=gettext_lazy("Without whom the meeting can’t be"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("title", "note", "zone", "deadline_day", "deadline_hour", "seen_by", "required")

    def __init__(self, *args: Any, zone: str, seats: Sequence[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.seats = {seat.public_id: seat for seat in seats}
        self.sides: dict[str, Side] = {seat.side.public_id: seat.side for seat in seats if seat.side}
        self.fields["zone"].choices = zones.choices(get_language() or "en", zone)  # type: ignore[attr-defined]
        self.fields["zone"].initial = zone
        named = [(key, f"{seat.printed_name} · {seat.side}") for key, seat in self.seats.items()]
        self.fields["required"].choices = named  # type: ignore[attr-defined]
        for key, side in self.sides.items():
            seated = sum(seat.side_id == side.pk for seat in seats)
            self.fields[QUORUM + key] = forms.IntegerField(
                label=_("At least from %(side)s") % {"side": side.name},
                required=False,
                min_value=0,
                max_value=seated,
                widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
                help_text=_("Of %(count)d who sit for it.") % {"count": seated},
                error_messages={
                    "invalid": _("Give a number."),
                    "max_value": _("Only %(count)d sit for this side. Give a smaller number.") % {"count": seated},
                },
            )

    @property
    def quorums(self) -> dict[Side, int]:
        return {side: self.cleaned_data[QUORUM + key] or 0 for key, side in self.sides.items()}

    @property
    def quorum_fields(self) -> list[Any]:
        return [self[QUORUM + key] for key in self.sides]


class PollSheet(Sheet):
    """The poll and its dates on one page."""

    def __init__(self, data: Any, *, make: Any) -> None:
        super().__init__(data, forms={"poll": make}, lists={"slots": SlotFormSet})
        self.details: dict[str, Any] = {}

    def is_valid(self) -> bool:
        return super().is_valid() and self._moments()

    def _moments(self) -> bool:
        form: PollForm = self["poll"]
        zone = form.cleaned_data["zone"]
        deadline, slots = form.deadline_in(zone), self._slots(zone)
        if deadline and slots and deadline >= min(starts for starts, _ends in slots):
            form.add_error(
                "deadline_day", _("Answers come too late then: the first date is before. Give an earlier day.")
            )
        if form.errors or any(line.errors for line in self["slots"].forms):
            return False
        typed = form.cleaned_data
        self.details = {
            **{name: typed[name] for name in ("title", "note", "zone", "seen_by")},
            "deadline": deadline,
            "slots": slots,
            "quorums": form.quorums,
            "required": [form.seats[key] for key in typed["required"]],
        }
        return True

    def _slots(self, zone: str) -> list[tuple[dt.datetime, dt.datetime]]:
        found = []
        for line in self["slots"].forms:
            if not line.cleaned_data:
                continue
            starts, ends, wrong = span(line.cleaned_data, zone)
            if wrong:
                line.add_error(*wrong)
            elif starts and ends:
                found.append((starts, ends))
        return found


class DatesForm(forms.Form):
    """One person's answer: a word for each date, or one for a whole day, which then holds for all its dates."""

    def __init__(self, *args: Any, dates: Iterable[Date], said: dict[str, str] | None = None, **options: Any) -> None:
        """`said` is what the person answered before, by the slots' public ids."""
        super().__init__(*args, **options)
        self.slots: dict[str, Slot] = {}
        self.of_day: dict[str, list[str]] = {}
        self.days: list[tuple[str, Any, list[tuple[Date, Any]]]] = []
        for day, held in by_day(dates):
            self._add_day(day, held, said or {})
        note = SafeText(label=_("Note"), required=False, max_length=300, help_text=_("Read with your answer."))
        self.fields["note"] = note

    def _add_day(self, day: dt.date, held: list[Date], said: dict[str, str]) -> None:
        whole = f"day-{day.isoformat()}"
        if len(held) > 1:
            choices = [("", _("each date by itself")), *Word.choices]
            self.fields[whole] = forms.ChoiceField(
                label=_("Same for this day"), choices=choices, required=False, widget=forms.RadioSelect
            )
        names = []
        for date in held:
            name = f"slot-{date.slot.public_id}"
            self.slots[name] = date.slot
            self.fields[name] = forms.ChoiceField(
                label=f"{date.lines[0].hours} {date.lines[0].cities}",
                choices=Word.choices,
                error_messages={"required": _("Say whether you could come on this date.")},
                initial=said.get(date.slot.public_id),
                widget=forms.RadioSelect,
            )
            names.append(name)
        self.of_day[whole] = names
        shown = [(date, self[name]) for date, name in zip(held, names, strict=True)]
        self.days.append((day_words(day), self[whole] if len(held) > 1 else None, shown))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for whole, names in self.of_day.items():
            if cleaned.get(whole):
                cleaned |= dict.fromkeys(names, cleaned[whole])
                for name in names:
                    self.errors.pop(name, None)
        return cleaned

    @property
    def choices(self) -> dict[Slot, str]:
        return {slot: self.cleaned_data[name] for name, slot in self.slots.items()}


class TelephoneForm(DatesForm):
    """What somebody said by telephone, and who it was."""

    def __init__(self, *args: Any, seats: Sequence[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.seats = {seat.public_id: seat for seat in seats}
        people = [
            ("", _("Choose the person")),
            *((key, f"{s.printed_name} · {s.side}") for key, s in self.seats.items()),
        ]
        self.fields["person"] = forms.ChoiceField(
            label=_("Whose answer"), choices=people, error_messages={"required": _("Choose whose answer this is.")}
        )


def words_as_they_are(poll: Poll) -> dict[str, Any]:
    deadline = poll.deadline.astimezone(zones.zone(poll.zone))
    return {
        "title": poll.title,
        "note": poll.note,
        "deadline_day": deadline.date(),
        "deadline_hour": deadline.time(),
    }
