"""What people do beside typing, from a test that waits for sockets; and what lies in the rows afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils import timezone

from parley.notifications.due import run_due
from parley.notifications.models import Due
from reports.live import store
from reports.live.conversion import to_json
from reports.models import LiveText, LiveUpdate, Passage, Revision
from reports.text import plain, schema

from .editor import Home


@sync_to_async
def done(act: Callable[..., Any], *args: Any, **named: Any) -> Any:
    return act(*args, **named)


@sync_to_async
def together(*acts: Callable[[], Any]) -> None:
    """In one transaction, so that on commit everything is told at once."""
    with transaction.atomic():
        for act in acts:
            act()


@sync_to_async
def fresh(passage: Passage) -> Passage:
    return Passage.objects.with_texts().select_related("section__document").get(pk=passage.pk)


@sync_to_async
def live_text_of(home: Home) -> LiveText:
    return home.live_texts.latest("pk")


@sync_to_async
def live_words_of(home: Home) -> str:
    """As a cut would find them now."""
    text = home.live_texts.latest("pk")
    return plain.text_of(schema.check(to_json(store.load(text.pk).update)))


@sync_to_async
def revisions_of(passage: Passage) -> list[str]:
    return list(Revision.objects.filter(passage=passage).order_by("pk").values_list("plain", flat=True))


@sync_to_async
def payloads_of(home: Home) -> list[bytes]:
    rows = LiveUpdate.objects.filter(text__in=home.live_texts.all()).order_by("text", "sequence")
    return [bytes(payload) for payload in rows.values_list("payload", flat=True)]


@sync_to_async
def a_minute_passes(home: Home) -> int:
    """Without a letter in this passage or proposal; what fell due then is done. How many texts were looked at."""
    before = timezone.now() - timedelta(seconds=61)
    home.live_texts.update(changed_at=before)
    looked_at = Due.objects.filter(kind=store.QUIET_MINUTE).update(at=before)
    run_due()
    return looked_at
