"""What the desk shows on a programme's page."""

from parley.accounts.requests import PersonsRequest
from parley.programmes.models import Programme
from parley.programmes.panels import Shown, register


def board_panel(request: PersonsRequest, programme: Programme) -> Shown:
    """The way to the board, for those who may open it."""
    if not request.user.has_perm("programmes.manage", programme):
        return None
    return "desk/board_panel.html", {"programme": programme}


register(5, board_panel)
