"""The worker's part of a rendition: claim, render in a bounded child process, store."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.utils import timezone

from parley.notifications import page_changed

from .models import Rendition
from .publishing import RenderFailed, render_bounded

LEASE = timedelta(minutes=5)


def print_rendition(pk: int) -> None:
    """Render once: a second worker, or a second run, finds nothing to claim."""
    lease = _claim(pk)
    if lease is None:
        return
    rendition = Rendition.objects.select_related("document").get(pk=pk)
    try:
        pdf = render_bounded(rendition.render_input, on_progress=lambda step: _progress(lease, step))
    except RenderFailed as failure:
        _failed(lease, rendition, failure)
    else:
        _done(lease, rendition, pdf)


def print_waiting() -> None:
    for pk in _claimable().values_list("pk", flat=True):
        print_rendition(pk)


@dataclass
class Lease:
    """This worker's hold on a rendition, longer with every sign of life; whoever has lost it writes nothing."""

    pk: int
    until: datetime

    def write(self, **fields: Any) -> bool:
        """Only while it is ours; true when it was."""
        held = Rendition.objects.filter(pk=self.pk, state=Rendition.State.RENDERING, lease_until=self.until)
        return bool(held.update(**fields))

    def renew(self, **fields: Any) -> None:
        until = timezone.now() + LEASE
        if self.write(lease_until=until, **fields):
            self.until = until


def _claimable() -> QuerySet[Rendition]:
    lapsed = Q(state=Rendition.State.RENDERING, lease_until__lt=timezone.now())
    return Rendition.objects.filter(Q(state=Rendition.State.QUEUED) | lapsed)


def _claim(pk: int) -> Lease | None:
    until = timezone.now() + LEASE
    claimed = _claimable().filter(pk=pk).update(state=Rendition.State.RENDERING, lease_until=until, progress="")
    return Lease(pk, until) if claimed else None


def _progress(lease: Lease, step: dict[str, Any]) -> None:
    """The phase and the pages so far; the page that shows them has the words."""
    if step["phase"] == "ended":
        lease.renew(cpu_ms=step.get("cpu_ms"), peak_kb=step.get("peak_kb"))
    elif step.get("pages") is not None:
        lease.renew(progress=step["phase"], pages=step["pages"])
    else:
        lease.renew(progress=step["phase"])


def _failed(lease: Lease, rendition: Rendition, failure: RenderFailed) -> None:
    written = lease.write(
        state=Rendition.State.FAILED,
        problem=failure.reason,
        problem_passage=failure.passage or "",
        problem_detail=failure.detail[:300],
        lease_until=None,
        done_at=timezone.now(),
    )
    if written:
        page_changed(rendition.document.topic())


def _done(lease: Lease, rendition: Rendition, pdf: bytes) -> None:
    name = default_storage.save(f"renditions/{rendition.public_id}.{rendition.extension}", ContentFile(pdf))
    written = lease.write(
        state=Rendition.State.DONE,
        file=name,
        sha256=hashlib.sha256(pdf).hexdigest(),
        done_at=timezone.now(),
        lease_until=None,
    )
    if written:
        page_changed(rendition.document.topic())
    else:
        default_storage.delete(name)
