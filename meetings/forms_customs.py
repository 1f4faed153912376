"""Forms of a programme's customs and of a person's feed."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from parley.programmes.models import Programme, Side

from . import days_off
from .models import MeetingCustoms, SideCountry

COUNTRY = "country_"


class CustomsForm(forms.Form):
    answers_by_link = forms.BooleanField(
        label=gettext_lazy("Mails about date polls carry a link by which one answers without signing in"),
        required=False,
        help_text=gettext_lazy(
            "Whoever reads somebody’s mail can then answer for them, and sees the dates. Off unless you need it."
        ),
    )

    def __init__(self, *args: Any, programme: Programme, **options: Any) -> None:
        super().__init__(*args, **options)
        kept = MeetingCustoms.objects.filter(programme=programme).first()
        self.fields["answers_by_link"].initial = bool(kept and kept.answers_by_link)
        self.sides: list[Side] = programme.sides_in_order()
        countries = dict(SideCountry.objects.filter(side__in=self.sides).values_list("side", "country"))
        for side in self.sides:
            self.fields[COUNTRY + side.public_id] = forms.ChoiceField(
                label=_("Public holidays of %(side)s") % {"side": side.name},
                choices=[("", _("marked nowhere")), *days_off.choices(get_language() or "en")],
                required=False,
                initial=countries.get(side.pk, ""),
                help_text=_("Of which country. Date polls mark the days, without the holidays’ names."),
            )

    @property
    def customs(self) -> dict[str, Any]:
        countries = {side: self.cleaned_data[COUNTRY + side.public_id] for side in self.sides}
        return {"answers_by_link": self.cleaned_data["answers_by_link"], "countries": countries}


class FeedForm(forms.Form):
    discreet = forms.BooleanField(
        label=gettext_lazy("Discreet titles"),
        required=False,
        help_text=gettext_lazy(
            "The calendar then says “Meeting (Parley)” and when: neither what it is about nor where."
        ),
    )
