"""First steps after sign-in, one question a page. Upper layers add theirs; each page ends at `account_welcome`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from . import second_factor
from .models import User


@dataclass(frozen=True)
class Step:
    """`due(user)`: still to be answered; `url(user)`: the page that asks; steps come by `order`."""

    key: str
    due: Callable[[User], bool]
    url: Callable[[User], str]
    order: int = 30


_steps: dict[str, Step] = {}


def register(step: Step) -> Step:
    _steps[step.key] = step
    return step


def next_step(user: User) -> Step | None:
    return next((step for step in sorted(_steps.values(), key=lambda step: step.order) if step.due(user)), None)


register(Step("name", due=lambda user: not user.name, url=lambda user: reverse("account_welcome_name"), order=10))
register(
    Step("zone", due=lambda user: not user.zone_confirmed, url=lambda user: reverse("account_welcome_zone"), order=20)
)
register(Step("second_factor", due=second_factor.is_missing, url=lambda user: reverse("mfa_index"), order=40))
