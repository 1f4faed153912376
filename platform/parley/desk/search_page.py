"""The page of the search: what is asked stands in its address, in no log and in no record."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from groups.models import ThematicGroup
from parley.access import signed_in
from parley.accounts.models import User
from parley.programmes.models import Side
from parley.search.asking import LONGEST, asked
from parley.search.models import Filters
from parley.search.sources import sources
from reports.models import Document, PassageState, Voice

from .searching import Results, search

PER_PAGE = 20
ALL = ("", _("All"))


def words_of(choices: type[models.TextChoices]) -> list[tuple[str, Any]]:
    return [ALL, *((value, capfirst(label)) for value, label in choices.choices)]


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Words to look for"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    what = forms.ChoiceField(label=_("What"), required=False)
    document = forms.ModelChoiceField(
        Document.objects.none(), label=_("Document"), required=False, to_field_name="public_id", empty_label=ALL[1]
    )
    side = forms.ModelChoiceField(
        Side.objects.none(), label=_("Side"), required=False, to_field_name="public_id", empty_label=ALL[1]
    )
    voice = forms.ChoiceField(label=_("Voice"), required=False, choices=lambda: words_of(Voice))
    state = forms.ChoiceField(label=_("State"), required=False, choices=lambda: words_of(PassageState))

    def __init__(self, typed: Mapping[str, Any], *, reader: User) -> None:
        # PostgreSQL refuses the question itself where one stands in it.
        super().__init__({name: str(value).replace("\0", " ") for name, value in typed.items()})
        groups = ThematicGroup.objects.visible_to(reader).values("programme")
        self.fields["what"].choices = [ALL, *((source.kind, source.label) for source in sources())]  # type: ignore[attr-defined]
        self.fields["document"].queryset = Document.objects.visible_to(reader).order_by("title", "pk")  # type: ignore[attr-defined]
        self.fields["side"].queryset = Side.objects.filter(programme__in=groups).order_by("name", "pk")  # type: ignore[attr-defined]

    @property
    def narrows(self) -> bool:
        return any(self[name].value() for name in ("what", "document", "side", "voice", "state"))

    @property
    def filters(self) -> Filters:
        chosen = self.cleaned_data
        document, side = chosen["document"], chosen["side"]
        return Filters(
            kind=chosen["what"],
            document=document.pk if document else None,
            side=side.pk if side else None,
            voice=chosen["voice"],
            state=chosen["state"],
        )


@require_safe
@signed_in("Each finds what they may read")
def search_page(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET.dict(), reader=request.user)  # type: ignore[arg-type]  # signed in
    question = asked(form.cleaned_data["q"]) if form.is_valid() else asked("")
    found = search(request.user, question, form.filters) if question else None  # type: ignore[arg-type]
    context = {"form": form, "nav": "search", "typed": form["q"].value(), "has_words": bool(question)}
    return render(request, "desk/search.html", context | _page_of(found, request.GET.get("page")))


def _page_of(found: Results | None, number: str | None) -> dict[str, Any]:
    if found is None:
        return {}
    page = Paginator(found.results, PER_PAGE).get_page(number)
    return {"found": found, "page": page}
