"""Silence procedures in tests: started by both keys, and a clock under which a server lives, or sleeps."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from groups.models import Motion
from parley.notifications import pulse
from parley.notifications.due import run_due
from parley.notifications.models import Delivery, DeliveryState, Heartbeat
from reports.actions.silence_start import SILENCE
from reports.models import FinalText, Silence
from tests.factories import World

from .hands import both_keys

ANNOUNCED = "reports.silence_announced"


def hours(count: float) -> dt.timedelta:
    return dt.timedelta(hours=count)


def facts_of(ends: dt.datetime, *, zone: str = "Asia/Yerevan", then: str = "sign", **more: Any) -> dict[str, Any]:
    there = ends.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return {"ends": there.isoformat(timespec="minutes"), "zone": zone, "entitled": [], "then": then, **more}


def in_hours(count: float) -> dt.datetime:
    """On the minute, as people say it."""
    return (timezone.now() + hours(count)).replace(second=0, microsecond=0)


def announced(made: World, text: FinalText, *, ends: dt.datetime | None = None, **facts: Any) -> Silence:
    both_keys(made, SILENCE, text, facts_of(ends or in_hours(72), **facts))
    return text.silences.first()


def mail_goes_out(silence: Silence, *, but: tuple[Any, ...] = ()) -> None:
    """The mail server takes them now."""
    out = Delivery.objects.filter(kind=ANNOUNCED, subject=silence.public_id).exclude(reader__in=but)
    out.update(state=DeliveryState.SENT, sent_at=timezone.now())


def tick() -> None:
    """What the worker does every ten seconds, but for the mail."""
    pulse.beat(pulse.WORKER)
    run_due()


def live_until(clock: Any, at: dt.datetime) -> None:
    """The worker ticks all the time until then."""
    Heartbeat.objects.update_or_create(name=pulse.WORKER, defaults={"at": at - dt.timedelta(seconds=10)})
    clock.move_to(at)
    tick()


def sleep_until(clock: Any, at: dt.datetime) -> None:
    """The server sleeps from now on, and wakes then."""
    Heartbeat.objects.update_or_create(name=pulse.WORKER, defaults={"at": timezone.now()})
    clock.move_to(at)
    tick()


def running(made: World, text: FinalText, clock: Any, **facts: Any) -> Silence:
    silence = announced(made, text, **facts)
    mail_goes_out(silence)
    live_until(clock, timezone.now() + hours(1.1))
    return again(silence)


def again(silence: Silence) -> Silence:
    return Silence.objects.select_related("final_text__document__group__programme").get(pk=silence.pk)


def motion_of(made: World, text: FinalText, facts: dict[str, Any]) -> Motion:
    return both_keys(made, SILENCE, text, facts)
