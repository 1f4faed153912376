"""The worker's part of a rendition: claim, render in a bounded child process, seal what is promised, store."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from parley.notifications import page_changed

from . import seals
from .models import Rendition
from .publishing import RenderFailed, render_bounded
from .sealing.failures import REASONS, SealFailed

if TYPE_CHECKING:
    from .sealing.act import Sealed

LEASE = timedelta(minutes=5)
# What could not be sealed is tried again when whatever stopped it is mended, and not oftener.
SEALED_AGAIN_AFTER = timedelta(minutes=10)


def print_rendition(pk: int) -> None:
    """Render once: a second worker, or a second run, finds nothing to claim."""
    lease = _claim(pk)
    if lease is None:
        return
    rendition = Rendition.objects.select_related("document").get(pk=pk)
    try:
        pdf = render_bounded(rendition.render_input, on_progress=lambda step: _progress(lease, step))
        made = _sealed(lease, rendition, pdf)
    except RenderFailed as failure:
        _failed(
            lease, rendition, failure.reason, problem_passage=failure.passage or "", problem_detail=failure.detail[:300]
        )
    except SealFailed as failure:
        _failed(lease, rendition, failure.reason, problem_detail=failure.detail[:300])
    else:
        _done(lease, rendition, pdf, made)


def print_waiting() -> None:
    _take_up_the_unsealed()
    for pk in _claimable().values_list("pk", flat=True):
        print_rendition(pk)


def _take_up_the_unsealed() -> None:
    """What could not be sealed waits in the queue again, as soon as the key is in order."""
    unsealed = Rendition.objects.filter(
        state=Rendition.State.FAILED, problem__in=REASONS, done_at__lt=timezone.now() - SEALED_AGAIN_AFTER
    )
    for problem in unsealed.order_by().values_list("problem", flat=True).distinct():
        if not seals.hinders(problem):
            unsealed.filter(problem=problem).update(state=Rendition.State.QUEUED, problem="", problem_detail="")


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


def _sealed(lease: Lease, rendition: Rendition, pdf: bytes) -> "Sealed | None":
    """None of a file that promises no seal; raises SealFailed."""
    if not seals.is_promised(rendition):
        return None
    lease.renew(progress="sealing")
    return seals.sealed(pdf)


def _failed(lease: Lease, rendition: Rendition, problem: str, **details: str) -> None:
    written = lease.write(
        state=Rendition.State.FAILED, problem=problem, lease_until=None, done_at=timezone.now(), **details
    )
    if written:
        page_changed(rendition.document.topic())


def _done(lease: Lease, rendition: Rendition, pdf: bytes, made: "Sealed | None") -> None:
    content = made.pdf if made else pdf
    name = default_storage.save(f"renditions/{rendition.public_id}.{rendition.extension}", ContentFile(content))
    if _kept(lease, rendition, name, pdf, made):
        page_changed(rendition.document.topic())
    else:
        default_storage.delete(name)


@transaction.atomic
def _kept(lease: Lease, rendition: Rendition, name: str, pdf: bytes, made: "Sealed | None") -> bool:
    """The file and its seal at once, or neither."""
    printed = hashlib.sha256(pdf).hexdigest()
    sha256 = hashlib.sha256(made.pdf).hexdigest() if made else printed
    ours = lease.write(
        state=Rendition.State.DONE, file=name, sha256=sha256, done_at=timezone.now(), lease_until=None, problem=""
    )
    if ours and made:
        seals.keep(rendition, made, sha256=sha256, printed_sha256=printed)
    return ours
