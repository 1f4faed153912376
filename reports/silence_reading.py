"""What the page of a silence procedure shows: who was reached how, by person and side, and what moved its end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groups.models import Seat
from parley.notifications import pulse
from parley.notifications.models import Delivery, DeliveryState
from parley.programmes.models import Side

from .actions.silences import announcements_of, arrived_at, reminders_of
from .models import Entitled, Silence


@dataclass(frozen=True)
class Row:
    """One who may object. `state` and `at` say how the announcement fares."""

    entitled: Entitled
    state: str
    words: str | Promise
    at: datetime | None = None
    # Whether their mail is out and has not come back yet, as far as anybody knows.
    may_bounce: bool = False

    @property
    def reached(self) -> bool:
        return self.state == "done"


@dataclass
class SideRows:
    side: Side
    rows: list[Row] = field(default_factory=list)


def rows_of(silence: Silence) -> list[SideRows]:
    """By side, in the programme's order: three queries for any number of people."""
    sent = {delivery.reader_id: delivery for delivery in announcements_of(silence)}
    places = list(silence.entitled.select_related("membership__person", "side"))
    order = {side.pk: place for place, side in enumerate(silence.group.programme.sides_in_order())}
    places.sort(key=lambda place: order[place.side_id])
    rows = [_row(place, sent.get(place.membership.person_id), silence) for place in places]
    return [SideRows(found[0].entitled.side, found) for found in _by_side(rows)]


def _by_side(rows: Sequence[Row]) -> list[list[Row]]:
    return [list(found) for _side, found in groupby(rows, key=lambda row: row.entitled.side_id)]


def _row(place: Entitled, sent: Delivery | None, silence: Silence) -> Row:
    out = sent is not None and sent.state == DeliveryState.SENT and sent.bounced_at is None
    if place.membership.seat != Seat.OPEN:
        return Row(place, "closed", _("has left the group"), place.membership.until)
    if place.reached_by:
        by_mail = place.reached_by == Entitled.Reached.MAIL
        came_back = by_mail and sent is not None and sent.bounced_at is not None
        words = _("reached; the mail came back later") if came_back else Entitled.Reached(place.reached_by).label
        return Row(
            place, "done", words, place.opened_at or place.reached_at, may_bounce=by_mail and out and silence.is_open
        )
    return _row_of_mail(place, sent, may_bounce=out and silence.is_open)


def _row_of_mail(place: Entitled, sent: Delivery | None, *, may_bounce: bool) -> Row:
    if sent is None or sent.state == DeliveryState.DROPPED:
        return Row(place, "todo", _("no mail could be sent"))
    if sent.state == DeliveryState.DEAD:
        return Row(place, "todo", _("the mail server refused the mail"))
    if sent.state != DeliveryState.SENT or sent.sent_at is None:
        return Row(place, "doing", _("the mail waits to be sent"))
    if sent.bounced_at is not None and arrived_at(sent) is None:
        return Row(place, "todo", _("the mail came back"), sent.bounced_at)
    return Row(place, "doing", _("mailed"), sent.sent_at, may_bounce)


def outages_of(silence: Silence) -> list[pulse.Span]:
    """That moved its end."""
    if silence.began_at is None or not silence.is_moved:
        return []
    return [span for span in pulse.outages_since(silence.began_at) if span[0] < silence.ends_at]


def reminders_to_come(silence: Silence, now: datetime) -> list[datetime]:
    return [at for at in reminders_of(silence) if at > now] if silence.is_running else []
