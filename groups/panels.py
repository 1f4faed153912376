"""What upper layers show on a group's page: their documents, their meetings. Each registers a panel."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from parley.accounts.requests import PersonsRequest

from .models import ThematicGroup

# What a panel shows: a template (starting with an <h2>) and its context; None when there is nothing for this person.
Shown = tuple[str, dict[str, Any]] | None
Panel = Callable[[PersonsRequest, ThematicGroup], Shown]


@dataclass(frozen=True)
class Drawn:
    """A panel as the page includes it: `{% include panel.template with panel=panel.context %}`."""

    template: str
    context: dict[str, Any]


_panels: list[tuple[int, Panel]] = []


def register(order: int, panel: Panel) -> Panel:
    """Panels stand below the people, lowest `order` first. Registered in an app's `ready()`."""
    _panels.append((order, panel))
    _panels.sort(key=lambda pair: pair[0])
    return panel


def drawn(request: PersonsRequest, group: ThematicGroup) -> list[Drawn]:
    shown = (panel(request, group) for _order, panel in _panels)
    return [Drawn(*each) for each in shown if each is not None]
