"""Orders as forms send them."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from django.http import QueryDict


class Placed(Protocol):
    public_id: str


T = TypeVar("T", bound=Placed)
STEPS = {"up": -1, "down": 1}


def moved(sent: QueryDict, things: Sequence[Placed]) -> list[str]:
    """The order that was sent whole (`order`), or the present one; with `item` one step `up` or `down` in it."""
    order = sent.getlist("order") or [thing.public_id for thing in things]
    item, step = sent.get("item", ""), STEPS.get(sent.get("move", ""), 0)
    if item in order:
        place = order.index(item)
        order.insert(max(place + step, 0), order.pop(place))
    return order


def order_in(asked: QueryDict, things: list[T]) -> list[T]:
    """The things in an order that an address carries, where it names each of them once; else as they are."""
    by_id = {thing.public_id: thing for thing in things}
    order = moved(asked, things)
    return [by_id[public_id] for public_id in order] if sorted(order) == sorted(by_id) else things
