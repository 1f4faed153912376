"""What this layer tells those below: the ground rules among the first steps, the programme's name on every page."""

from django.db.models import Count, Min, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import reverse

from parley.access.composed import Slot
from parley.accounts import welcome
from parley.accounts.models import User
from parley.notifications.context import beside_the_bell

from .models import GroundRules, Programme


def _waiting(user: User) -> GroundRules | None:
    return GroundRules.objects.visible_to(user).in_force().not_accepted_by(user).order_by("pk").first()


def _page(user: User) -> str:
    rules = _waiting(user)
    return reverse("ground_rules_accept", kwargs={"groundrules": rules.public_id}) if rules else reverse("home")


def own_programme(person: Slot) -> Combinable:
    """The name of the programme that the person has a part in; empty where there is none, or more than one."""
    seen = Programme.objects.visible_to(person).order_by()  # type: ignore[arg-type]  # in the person's place
    counted = seen.values(every=Value(1)).annotate(count=Count("pk"), only=Min("name"))
    return Coalesce(Subquery(counted.filter(count=1).values("only")), Value(""))


beside_the_bell["own_programme"] = own_programme
welcome.register(welcome.Step("ground_rules", due=lambda user: _waiting(user) is not None, url=_page, order=30))
