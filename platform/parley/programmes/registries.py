"""What this layer tells the layers below: the ground rules stand among the first steps after sign-in."""

from django.urls import reverse

from parley.accounts import welcome
from parley.accounts.models import User

from .models import GroundRules


def _waiting(user: User) -> GroundRules | None:
    return GroundRules.objects.visible_to(user).in_force().not_accepted_by(user).order_by("pk").first()


def _page(user: User) -> str:
    rules = _waiting(user)
    return reverse("ground_rules_accept", kwargs={"groundrules": rules.public_id}) if rules else reverse("home")


welcome.register(welcome.Step("ground_rules", due=lambda user: _waiting(user) is not None, url=_page, order=30))
