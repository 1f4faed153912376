"""What people fill in on the pages of texts. Words are checked here, so that every refusal stands at its field."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parley.programmes.models import Side

from .anchoring import Wording
from .dates import printed_date
from .models import (
    Disposition,
    Document,
    DocumentKind,
    Passage,
    Revision,
    Thread,
    ThreadKind,
    UnsentComment,
    Voice,
)
from .text import brackets, limits, markup, schema
from .text.limits import TextRefused
from .text.places import CONTEXT, Quote
from .text.plain import line

F = TypeVar("F", bound=forms.Field)
REASON = 1000
MOST_QUOTED = 4000  # letters of words that one comment is made on
MOST_SUGGESTED = 2000


def one_line(value: str) -> str:
    """A title as it is kept and printed; refuses what cannot be seen or printed."""
    try:
        return limits.one_line(value)
    except TextRefused as refusal:
        raise ValidationError(refusal.reason) from refusal


def _with(options: dict[str, Any], **defaults: Any) -> dict[str, Any]:
    return {**defaults, **options}


class LineField(forms.CharField):
    """One line of visible words."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        return one_line(typed) if typed else ""


class WordsField(forms.CharField):
    """Light markup; its clean value is the checked text. A refusal names the line and the remedy."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"class": "text", "rows": 16, "data-count": ""})
        kept: dict[str, Any] = {"widget": widget, "strip": False}
        super().__init__(**(kept | options))

    # The ids behind the numbers of the brackets that it may hold, in their order.
    brackets: Sequence[str] = ()

    def clean(self, value: Any) -> dict[str, Any]:
        typed = super().clean(value)
        try:
            text = markup.to_doc(typed, self.brackets)
        except TextRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        if self.required and schema.is_blank(text):
            raise ValidationError(_("No visible letter stands here. Write some words."))
        return text


def one_of_two(field: F) -> F:
    """Empty where the other is filled in: nobody is told that it is optional (elements/optional.html)."""
    field.one_of_two = True  # type: ignore[attr-defined]  # ours
    return field


class ReasonField(forms.CharField):
    """A reason that is kept and read by others: visible words, a paragraph at most."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4})
        kept: dict[str, Any] = {"widget": widget, "max_length": REASON}
        super().__init__(**(kept | options))

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return limits.one_line(typed, longest=self.max_length or REASON) if typed else ""
        except TextRefused as refusal:
            raise ValidationError(refusal.reason) from refusal


# ---- documents and sections ------------------------------------------------------------------------------------


class StartForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind of document"),
        choices=[
            (DocumentKind.REPORT, _("Joint report: chapters, both sides’ views, recommendations")),
            (DocumentKind.STATEMENT, _("Joint statement: one text, sentence by sentence")),
            (
                DocumentKind.SUMMARY,
                _("Co-chairs’ summary: issued by the co-chairs alone, printed as a text that is not agreed"),
            ),
        ],
        widget=forms.RadioSelect,
        initial=DocumentKind.REPORT,
    )
    title = LineField(label=_("Title"), max_length=300, help_text=_("As it will be printed. You can change it later."))


class PrintedDateField(forms.CharField):
    """A month or a day as documents print it."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        try:
            printed_date(typed if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", typed) else "no date")
        except ValueError as error:
            raise ValidationError(_("Write a month as 2026-11 or a day as 2026-11-28.")) from error
        if not "1900" <= typed[:4] <= "2200":
            raise ValidationError(_("The year lies outside of what can be printed."))
        return typed


class DetailsForm(forms.ModelForm):
    title = LineField(label=_("Title"), max_length=300)
    date = PrintedDateField(
        label=_("Date"),
        required=False,
        help_text=_("As printed: a month (2026-11) or a day (2026-11-28)."),
        widget=forms.TextInput(attrs={"class": "short"}),
    )
    place = LineField(label=_("Place"), max_length=160, required=False)
    meeting = LineField(label=_("Meeting"), max_length=300, required=False, help_text=_("Where the text was adopted."))
    facilitated_by = LineField(label=_("Facilitated by"), max_length=300, required=False)
    closes_on = forms.DateField(
        label=_("Signing closes on"),
        required=False,
        help_text=_("Left empty, signing stays open until everybody has answered."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give the day as year, month and day, for example 2026-11-28.")},
    )
    closes_at = forms.TimeField(
        label=_("Hour"),
        required=False,
        help_text=_("24 hours, for example 18:00, in your own time zone."),
        widget=forms.TimeInput(format="%H:%M", attrs={"class": "short", "inputmode": "numeric"}),
    )

    class Meta:
        model = Document
        fields = (
            "title",
            "date",
            "place",
            "meeting",
            "facilitated_by",
            "sign_in_order",
            "prints_declined",
        )
        labels = {
            "sign_in_order": _("People sign one after the other, in the printed order"),
            "prints_declined": _("Print who declined or did not answer"),
        }
        help_texts = {"prints_declined": _("Fixed at the freeze. The reason somebody gave is never printed.")}

    field_order = ("title", "date", "place", "meeting", "facilitated_by", "closes_on", "closes_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.signing_ends_at:
            ends = timezone.localtime(self.instance.signing_ends_at)
            self.initial.update(closes_on=ends.date(), closes_at=ends.time())
        if not self.instance.is_statement:
            for name in ("place", "meeting", "facilitated_by"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """`signing_ends_at` out of its day and hour; what is left are the details as they are stored."""
        data = super().clean() or {}
        on, at = data.pop("closes_on", None), data.pop("closes_at", None)
        data["signing_ends_at"] = self._ends(on, at) if on else None
        if at and not on and "closes_on" not in self.errors:
            self.add_error("closes_on", _("An hour needs its day."))
        return data

    def _ends(self, on: dt.date, at: dt.time | None) -> dt.datetime | None:
        """The end of signing in the person's zone, by default at the end of that day."""
        if not timezone.localdate() <= on <= timezone.localdate() + dt.timedelta(days=3 * 366):
            self.add_error("closes_on", _("Signing closes on a day to come, within three years."))
            return None
        return timezone.make_aware(dt.datetime.combine(on, at or dt.time(23, 59)))


class SectionForm(forms.Form):
    title = LineField(label=_("Title of the section"), max_length=200)


class NewSectionForm(SectionForm):
    holds_recommendations = forms.BooleanField(label=_("It will hold recommendations"), required=False)


class OrderField(forms.Field):
    """Public ids in their new order, sent as one value or as many of the same name."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        return [part for one in value or [] for part in re.split(r"[\s,]+", one) if part]


# ---- passages --------------------------------------------------------------------------------------------------


class PassageForm(forms.Form):
    """The words of a passage, and what it was when the person began to write."""

    source = WordsField(label=_("Words"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, bracketed: dict[str, Any] = schema.EMPTY, **kwargs: Any) -> None:
        """`bracketed`: the text that is written anew; what its brackets hold is changed on their pages alone."""
        super().__init__(*args, **kwargs)
        self.bracketed = bracketed
        ids = brackets.ids_of(bracketed)
        self.fields["source"].brackets = ids  # type: ignore[attr-defined]  # a WordsField
        if ids:
            self.fields["source"].help_text = _(
                "Words in [[1: …]] stand in a bracket: leave them as they are, and write around them."
            )

    @property
    def text(self) -> dict[str, Any]:
        """The checked text; asked only of a valid form."""
        text: dict[str, Any] = self.cleaned_data["source"]
        return text

    def clean_source(self) -> dict[str, Any]:
        text: dict[str, Any] = self.cleaned_data["source"]
        if schema.heading_of(text)[0] is not None:
            raise ValidationError(self.heading_in_words())
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            self._must_keep_brackets()
        return data

    def _must_keep_brackets(self) -> None:
        try:
            brackets.kept(self.bracketed, self.text)
        except TextRefused as refusal:
            self.add_error("source", refusal.reason)

    def heading_in_words(self) -> Any:
        return _("Only a recommendation has a heading. Write \\# for the sign itself.")

    def clean_version(self) -> int:
        return self.cleaned_data["version"] or 0


class ViewForm(PassageForm):
    attributed_in_text = forms.BooleanField(
        label=_("The words themselves say who speaks"),
        required=False,
        help_text=_("Otherwise Parley prints the attribution, for example “From our side’s perspective:”."),
    )


class RecommendationForm(PassageForm):
    """Heading, addressee and horizon have fields of their own; number and letters are given by Parley."""

    field_order = ("heading", "source", "addressee", "horizon")

    heading = LineField(label=_("Heading"), max_length=300, help_text=_("Without its number: Parley numbers R1, R2, …"))
    addressee = LineField(label=_("Addressee"), max_length=300, required=False, help_text=_("Who is asked to act."))
    horizon = LineField(label=_("Horizon"), max_length=300, required=False, help_text=_("By when, or within what."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].label = _("Chapeau and options")
        self.fields["source"].help_text = self.fields["source"].help_text or _(
            "The opening words, then each option on its own line, beginning with a)"
        )

    def heading_in_words(self) -> Any:
        return _("Write the heading into its own field, not into the words.")

    @property
    def text(self) -> dict[str, Any]:
        data = self.cleaned_data
        return schema.with_heading(
            data["source"], data["heading"], addressee=data["addressee"], horizon=data["horizon"]
        )


class FurtherRecommendationForm(PassageForm):
    """A further passage under a recommendation's heading, as imported texts have them."""


def form_of(passage: Passage) -> type[PassageForm]:
    if passage.voice != Voice.RECOMMENDATION:
        return PassageForm
    shown = passage.tabled
    return FurtherRecommendationForm if shown and schema.heading_of(shown.text)[0] is None else RecommendationForm


def new_form_of(voice: str) -> type[PassageForm]:
    forms_of: dict[str, type[PassageForm]] = {
        Voice.RECOMMENDATION: RecommendationForm,
        Voice.VIEW: ViewForm,
        Voice.REPLY: ViewForm,
    }
    return forms_of.get(voice, PassageForm)


def as_typed(text: dict[str, Any]) -> dict[str, str]:
    """A text in the fields of its form."""
    heading, rest = schema.heading_of(text)
    fields = {"source": "" if schema.is_blank(rest) else markup.from_doc(rest)}
    if heading is not None:
        fields |= {"heading": line(heading), **heading["attrs"]}
    return fields


class WithdrawalForm(forms.Form):
    reason = ReasonField(label=_("Why does your side withdraw its agreement?"), help_text=_("All members read this."))


class RestoreForm(forms.Form):
    """One of the dropped passages that the person sees."""

    passage = forms.ModelChoiceField(Passage.objects.none(), to_field_name="public_id", widget=forms.HiddenInput)

    def __init__(self, *args: Any, among: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passage"].queryset = among  # type: ignore[attr-defined]  # a ModelChoiceField


class CompareForm(forms.Form):
    """Two of the revisions that the page lists, older and newer."""

    older = forms.TypedChoiceField(label=_("From"))
    newer = forms.TypedChoiceField(label=pgettext_lazy("span", "To"))

    def __init__(self, *args: Any, among: Sequence[Revision], words: Callable[[Revision], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = {revision.public_id: revision for revision in among}
        for name in ("older", "newer"):
            field = self.fields[name]
            field.choices = [(key, words(revision)) for key, revision in listed.items()]  # type: ignore[attr-defined]
            field.coerce = listed.__getitem__  # type: ignore[attr-defined]


# ---- comments --------------------------------------------------------------------------------------------------


class CommentForm(forms.Form):
    source = WordsField(
        label=_("Comment"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Write @ and somebody’s name as printed, and that person is told, if they may read it."),
    )

    def clean_source(self) -> str:
        """Checked as a text, stored as it was typed."""
        text = self.cleaned_data["source"]
        if schema.heading_of(text)[0] is not None:
            raise ValidationError(_("A comment has no heading. Write \\# for the sign itself."))
        return markup.Typed(str(self.data.get(self.add_prefix("source"), "")), text)


class SuggestedField(forms.CharField):
    """Plain words that would stand in the text: a paragraph at most."""

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return limits.one_line(typed, longest=MOST_SUGGESTED) if typed else ""
        except TextRefused as refusal:
            raise ValidationError(refusal.reason) from refusal


class ThreadForm(CommentForm):
    """Who reads it is always seen; for members the safe answer is chosen.

    `before` and `after` are filled in by the page where the words were chosen; without it the words are copied.
    """

    OWN, ALL = "own", "all"
    field_order = ("words", "kind", "source", "replacement", "leave_out", "readers")

    words = forms.CharField(
        label=_("On which words?"),
        required=False,
        max_length=MOST_QUOTED,
        widget=forms.Textarea(attrs={"rows": 2, "data-quote": "words"}),
        help_text=_("Copy them from the text above. Left empty, the comment is on the passage as a whole."),
    )
    before = forms.CharField(required=False, strip=False, widget=forms.HiddenInput(attrs={"data-quote": "before"}))
    after = forms.CharField(required=False, strip=False, widget=forms.HiddenInput(attrs={"data-quote": "after"}))
    kind = forms.ChoiceField(
        label=_("What kind of comment?"),
        choices=[
            (ThreadKind.QUESTION, _("Question")),
            (ThreadKind.FACT, _("Fact: something here is not so")),
            (ThreadKind.WORDING, _("Wording: it should be said otherwise")),
            (ThreadKind.RED_LINE, _("Red line: my side cannot agree to this")),
        ],
        widget=forms.RadioSelect,
        initial=ThreadKind.QUESTION,
    )
    replacement = SuggestedField(
        label=_("What should stand there instead?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Those who own the text take these words with one press, or decline them."),
    )
    leave_out = forms.BooleanField(label=_("These words should be left out"), required=False)
    readers = forms.ChoiceField(label=_("Who reads it?"), widget=forms.RadioSelect, initial=OWN)

    def __init__(self, *args: Any, side: Side | None, shared: bool, **kwargs: Any) -> None:
        """`shared`: the passage lies before all sides, so that all may read what is said of it."""
        super().__init__(*args, **kwargs)
        # Suggested words speak for themselves.
        self.fields["source"].required = not (self.data.get("replacement", "").strip() or self.data.get("leave_out"))
        own = [(self.OWN, _("Only my side: %(side)s") % {"side": side})] if side else []
        everybody = [(self.ALL, _("All members, and the facilitators"))] if shared else []
        choices = [*own, *everybody]
        self.fields["readers"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.initial.setdefault("readers", choices[0][0])

    def clean_source(self) -> str:
        is_blank = schema.is_blank(self.cleaned_data["source"])
        typed = super().clean_source()
        return "" if is_blank else typed

    def clean(self) -> dict[str, Any]:
        """A suggestion is a comment on wording, whatever was chosen."""
        data = super().clean() or {}
        if data.get("replacement") and data.get("leave_out"):
            self.add_error("leave_out", _("Either other words, or none."))
        if self.suggests:
            data["kind"] = ThreadKind.WORDING
            self._check_suggestion(data)
        return data

    @property
    def suggests(self) -> bool:
        return bool(self.cleaned_data.get("replacement") or self.cleaned_data.get("leave_out"))

    def _check_suggestion(self, data: dict[str, Any]) -> None:
        if not data.get("words") and "words" not in self.errors:
            self.add_error("words", _("Say which words of the text yours would replace."))
        elif data.get("replacement") == " ".join(data.get("words", "").split()):
            self.add_error("replacement", _("These are the words that stand there."))

    @property
    def wording(self) -> Wording | None:
        """Asked only of a valid form."""
        data = self.cleaned_data
        if not data["words"]:
            return None
        quote = Quote(data["words"], data["before"][-CONTEXT:], data["after"][:CONTEXT])
        return Wording(quote, data["replacement"] if self.suggests else None)

    @property
    def own_side_only(self) -> bool:
        return bool(self.cleaned_data["readers"] == self.OWN)


class DispositionForm(forms.Form):
    disposition = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[
            (Disposition.TAKEN, _("Taken: the text says so now")),
            (Disposition.IN_PART, _("Taken in part")),
            (Disposition.NOT_TAKEN, _("Not taken")),
        ],
        widget=forms.RadioSelect,
    )
    note = ReasonField(label=_("Why, in one sentence"), required=False, help_text=_("Needed when it is not taken."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("disposition") == Disposition.NOT_TAKEN and not data.get("note"):
            self.add_error("note", _("Say why it is not taken: whoever asked will read it."))
        return data


def as_written(unsent: UnsentComment) -> dict[str, Any]:
    """A comment that waits in a review, in the fields of its form."""
    return {
        **{name: getattr(unsent, name) for name in ("words", "before", "after", "kind", "source")},
        "replacement": unsent.replacement or "",
        "leave_out": unsent.replacement == "",
        "readers": ThreadForm.OWN if unsent.caucus_id else ThreadForm.ALL,
    }


def thread_words(thread: Thread) -> str:
    return str(thread.get_kind_display()).capitalize()
