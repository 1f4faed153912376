"""Forms of brackets: which words and why, what a side would say instead, how all sides close it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .forms import ReasonField, WordsField, one_of_two
from .models import Alternative, Bracket, Outcome
from .text.places import Quote

LONGEST = 2000


class LineOfWordsField(WordsField):
    """Light markup of one paragraph: what can stand in the place of a bracket's words."""

    def __init__(self, **options: Any) -> None:
        kept: dict[str, Any] = {"widget": forms.Textarea(attrs={"rows": 3})}
        super().__init__(**(kept | options))

    def clean(self, value: Any) -> dict[str, Any]:
        text = super().clean(value)
        if [block["type"] for block in text["content"]] != ["paragraph"]:
            raise ValidationError(_("Write one paragraph here: no heading, no list, no empty line between words."))
        return text


class BesideField(forms.CharField):
    """What stands beside the words, filled in where they were chosen with a pointer."""

    def __init__(self, name: str) -> None:
        widget = forms.HiddenInput(attrs={"data-quote": name})
        super().__init__(widget=widget, required=False, strip=False, max_length=LONGEST)


class BracketForm(forms.Form):
    """The words as they stand in the passage; what stood beside them tells two such places apart."""

    words = forms.CharField(
        label=_("Words that your side does not agree to"),
        help_text=_("Copied from the text above. They stay as they are until the keys of all sides change them."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "data-quote": "words"}),
    )
    reason = ReasonField(label=_("Why does your side not agree?"), help_text=_("All members read this."))
    before = BesideField("before")
    after = BesideField("after")

    @property
    def quote(self) -> Quote:
        data = self.cleaned_data
        return Quote(data["words"], data["before"], data["after"])


class AlternativeForm(forms.Form):
    """What one's side would say in the place of the words, or that they be left out."""

    words = one_of_two(LineOfWordsField(label=_("What your side would say there"), required=False))
    leave_out = forms.BooleanField(label=_("Nothing: leave the words out"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        blank = not str(self.data.get(self.add_prefix("words"), "")).strip()
        if "words" not in self.errors and blank != bool(data.get("leave_out")):
            self.add_error("words", _("Write the words, or tick that these be left out: one of the two."))
        return data

    @property
    def text(self) -> dict[str, Any] | None:
        text: dict[str, Any] | None = None if self.cleaned_data["leave_out"] else self.cleaned_data["words"]
        return text


class ClosingForm(forms.Form):
    """How the bracket is to be closed: each way with the words that would stand."""

    how = forms.ChoiceField(label=_("What is to stand in the text?"), widget=forms.RadioSelect)
    words = LineOfWordsField(label=_("Other words"), required=False, help_text=_("Only where other words are chosen."))

    def __init__(self, *args: Any, bracket: Bracket, standing: list[Alternative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bracket = bracket
        self.standing = {f"{Outcome.ALTERNATIVE}:{one.side.public_id}": one for one in standing}
        self.fields["how"].choices = list(self._choices())  # type: ignore[attr-defined]  # a ChoiceField

    def _choices(self) -> Iterator[tuple[str, Any]]:
        yield str(Outcome.KEPT), _("The words as they stand: “%(words)s”") % {"words": self.bracket.in_brief}
        for value, one in self.standing.items():
            said = f"“{one}”" if one.words else _("leave the words out")
            yield value, _("What %(side)s would say: %(said)s") % {"side": one.side, "said": said}
        yield str(Outcome.MERGED), _("Other words, written below")
        yield str(Outcome.LEFT_OUT), _("Nothing: the words are left out")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = str(self.data.get(self.add_prefix("words"), "")).strip()
        if data.get("how") == Outcome.MERGED and not typed and "words" not in self.errors:
            self.add_error("words", _("Write the words that are to stand in the text."))
        return data

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.cleaned_data["how"].partition(":")[0])

    @property
    def choice(self) -> Alternative | None:
        return self.standing.get(self.cleaned_data["how"])

    @property
    def text(self) -> dict[str, Any] | None:
        """What would stand in the place of the bracket's words."""
        ways = {Outcome.KEPT: self.bracket.words, Outcome.MERGED: self.cleaned_data["words"]}
        return self.choice.words if self.choice else ways.get(self.outcome)
