"""Health for the proxy and the container engine: alive, and ready to serve. They tell states, never data."""

from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from parley.access import open_to_anyone

from .models import Heartbeat

# Beat ticks every ten seconds; three missed ones and a slow batch are still no illness.
WORKER_IS_LATE = timedelta(seconds=90)


@require_safe
@never_cache
@open_to_anyone("says only that the process answers")
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


@require_safe
@never_cache
@open_to_anyone("says which parts work, for the proxy that has no account")
def ready(request: HttpRequest) -> JsonResponse:
    """200 when pages can be served; a late worker is told, but it delays mail only."""
    states = {"database": database_answers(), "broker": broker_answers(), "worker": worker_beats()}
    return JsonResponse(states, status=200 if states["database"] else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    """Redis, where there is one; the embedded way has its broker in memory."""
    if settings.EMBEDDED:
        return True
    try:
        with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def worker_beats() -> bool:
    """Whether a worker did its round lately: beat sent it, the broker carried it, the worker wrote it down."""
    try:
        age = Heartbeat.age("worker")
    except DatabaseError:
        return False
    return age is not None and age < WORKER_IS_LATE
