"""Forms of the pen: to whom it is given, and what is new in a draft."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groups.models import ThematicGroup
from parley.accounts.models import User
from parley.programmes.models import Facilitator

from .forms import ReasonField


def who_may_hold_it(group: ThematicGroup) -> list[tuple[str, str]]:
    """Members with a side, by side, then the facilitators: each by their public identifier."""
    seats = group.memberships.acting().with_a_side().select_related("person", "side").order_by("side__name", "pk")
    facilitators = Facilitator.objects.acting().filter(programme=group.programme).select_related("person")
    members = [(seat.person.public_id, f"{seat.person} ({seat.side})") for seat in seats]
    return [*members, *((one.person.public_id, f"{one.person} ({_('facilitator')})") for one in facilitators)]


class GivePenForm(forms.Form):
    holder = forms.ChoiceField(
        label=_("Who is to draft?"),
        error_messages={
            "required": _("Choose who is to draft."),
            "invalid_choice": _("This person has no part in the group. Choose one of the list."),
        },
    )

    def __init__(self, *args: Any, group: ThematicGroup, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["holder"].choices = [("", _("Choose…")), *who_may_hold_it(group)]  # type: ignore[attr-defined]  # a field of choices

    @property
    def person(self) -> User:
        return User.objects.get(public_id=self.cleaned_data["holder"])


class ReleaseDraftsForm(forms.Form):
    reason = ReasonField(label=_("What is new in this draft?"), help_text=_("All members read this with the draft."))
