"""What people fill in when they propose other words, offer, decline or withdraw them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parley.programmes.models import Side

from .forms import PassageForm, ReasonField, form_of
from .models import Passage, Revision
from .text import schema


class OtherWordsForm(forms.Form):
    """Beside the words themselves: the tabled revision that their writer had before them."""

    base = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any], passage: Passage, **kwargs: Any) -> None:
        """What stands in a bracket in those words stays as it is."""
        named = (initial if data is None else data).get("base", "")
        self.read = passage.revisions.for_all_sides().filter(public_id=named).first()
        bracketed = self.read.text if self.read else schema.EMPTY
        super().__init__(data, initial=initial, bracketed=bracketed, **kwargs)  # type: ignore[call-arg]  # a PassageForm

    def clean_base(self) -> Revision:
        if self.read is None:
            raise ValidationError(_("The page does not say which words you read. Load it again; your words stay here."))
        return self.read

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        base = data.get("base")
        if base is not None and not self.errors and self.text == base.text:  # type: ignore[attr-defined]  # of PassageForm
            self.add_error("source", _("These are the words that stand there already. Change them, or leave the page."))
        return data


class NewOtherWordsForm(OtherWordsForm):
    """The first draft: in whose name it is written is fixed with it."""

    SIDE, SELF = "side", "self"

    proposer = forms.ChoiceField(label=_("Who proposes these words?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, side: Side | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_side = (self.SIDE, _("My side, %(side)s: we write them together") % {"side": side})
        choices = [*([own_side] if side else []), (self.SELF, _("I myself: nobody else sees them until I offer them"))]
        self.fields["proposer"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["proposer"].initial = choices[0][0]


def other_words_form(passage: Passage, kind: type[OtherWordsForm] = OtherWordsForm) -> Callable[..., PassageForm]:
    """The form in which this passage is written, for a branch of it."""
    made: type[PassageForm] = type(kind.__name__, (kind, form_of(passage)), {})
    return made


class OfferForm(forms.Form):
    reason = ReasonField(label=_("Why do you propose these words?"), help_text=_("All who read the text read this."))


class DeclineForm(forms.Form):
    reason = ReasonField(
        label=_("Why are these words declined?"), help_text=_("All who read the text read this, under your name.")
    )


class TakeBackForm(forms.Form):
    reason = ReasonField(label=_("Why are they withdrawn?"), required=False, help_text=_("You may leave this empty."))
