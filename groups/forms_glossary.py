"""A term of the glossary, as it is to be: in the words of every side."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.programmes.forms import LineField, TextField
from parley.programmes.models import Side

from .models import Term, TermKind

LONGEST, MOST_OTHERS = 120, 20


class TermForm(forms.Form):
    """`names-<side>`: what this side says."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the programme makes of it"), choices=TermKind.choices, widget=forms.RadioSelect
    )
    name = LineField(
        max_length=LONGEST,
        label=gettext_lazy("Term"),
        help_text=gettext_lazy("As it stands in a text, in the language of the texts."),
    )
    others = TextField(
        required=False,
        max_length=2000,
        label=gettext_lazy("Other words for it"),
        help_text=gettext_lazy(
            "One on each line. Of a preferred term those that are not to be used; else those that are meant as well."
        ),
    )
    instead = LineField(required=False, max_length=LONGEST, label=gettext_lazy("Say instead"))
    reason = LineField(
        max_length=500,
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Whoever writes the term reads this sentence."),
    )

    def __init__(self, data: Any = None, *, sides: Sequence[Side], term: Term | None = None) -> None:
        initial = _initial(term) if term else {}
        super().__init__(data, initial=initial)
        self.sides = sides
        for side in sides:
            self.fields[f"names-{side.public_id}"] = LineField(
                required=False, max_length=LONGEST, label=_("What the side says: %(side)s") % {"side": side.name}
            )
        self.order_fields(["kind", "name", *(f"names-{side.public_id}" for side in sides), "others", "instead"])

    def clean_others(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["others"].splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if len(found) > MOST_OTHERS or any(len(line) > LONGEST for line in found):
            words = _("At most %(most)d lines, each of at most %(longest)d characters.")
            raise ValidationError(words % {"most": MOST_OTHERS, "longest": LONGEST})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == TermKind.PREFERRED and not cleaned.get("others") and "others" not in self.errors:
            self.add_error("others", _("Name at least one word that is not to be used for it."))
        if kind == TermKind.CONTESTED:
            for side in self.sides:
                name = f"names-{side.public_id}"
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Of a contested term, give the word of every side."))
        return cleaned

    @property
    def contents(self) -> dict[str, Any]:
        """Of a valid form, as a change holds it."""
        cleaned = self.cleaned_data
        names = {side.public_id: cleaned[f"names-{side.public_id}"] for side in self.sides}
        return {
            "kind": cleaned["kind"],
            "name": cleaned["name"],
            "names": {side: said for side, said in names.items() if said},
            "others": cleaned["others"],
            "instead": cleaned["instead"],
            "reason": cleaned["reason"],
        }


def _initial(term: Term) -> dict[str, Any]:
    names = {f"names-{side}": said for side, said in term.names.items()}
    return {**term.contents, **names, "others": "\n".join(term.others)}
