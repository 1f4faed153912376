"""What upper layers show on a programme's page: its groups, its people. Each registers a panel."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from parley.accounts.requests import PersonsRequest

from .models import Programme

# A template (starting with an <h2>) and its context; None when there is nothing for this person.
Shown = tuple[str, dict[str, Any]] | None
Panel = Callable[[PersonsRequest, Programme], Shown]


@dataclass(frozen=True)
class Drawn:
    """A panel as the page includes it: `{% include panel.template with panel=panel.context %}`."""

    template: str
    context: dict[str, Any]


_panels: list[tuple[int, Panel]] = []


def register(order: int, panel: Panel) -> Panel:
    """Lowest `order` first. Registered in an app's `ready()`."""
    _panels.append((order, panel))
    _panels.sort(key=lambda pair: pair[0])
    return panel


def drawn(request: PersonsRequest, programme: Programme) -> list[Drawn]:
    shown = (panel(request, programme) for _order, panel in _panels)
    return [Drawn(*each) for each in shown if each is not None]
