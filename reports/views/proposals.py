"""Proposing a motion from a page, and what the page says when it can't be proposed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from groups.actions.keys import AlreadyProposed, NotAKeyHolder, TextHasChanged, propose
from groups.models import Motion
from groups.motions import MayNotBeMoved, MotionKind


def open_motion(kind: MotionKind, target_id: str) -> Motion | None:
    """The motion of this kind that waits for keys on this target."""
    return Motion.objects.open().on(target_id).filter(kind=kind.name).first()


def hindrance(kind: MotionKind, target: Any, facts: dict[str, Any] | None = None) -> str:
    """Why this can't be moved now, in words; "" when it can."""
    try:
        kind.check(target, facts or {})
    except MayNotBeMoved as why:
        return str(why)
    return ""


def proposed(
    request: HttpRequest,
    kind: MotionKind,
    target_id: str,
    *,
    sha256: str,
    facts: dict[str, Any],
    back: Callable[[], Any],
) -> HttpResponse:
    """Propose exactly the text with this hash, then show the motion; or say why not, on the page it came from."""
    try:
        motion = propose(kind.name, target_id, sha256=sha256, facts=facts, by=request.user)  # type: ignore[arg-type]  # signed in
    except MayNotBeMoved as why:
        messages.error(request, str(why))
    except TextHasChanged:
        messages.error(request, _("The text changed while you were reading. Read it again, then propose it."))
    except AlreadyProposed:
        messages.info(request, _("This is proposed already: turn your key there."))
        standing = open_motion(kind, target_id)
        if standing is not None:
            return redirect("motion", motion=standing.public_id)
    except NotAKeyHolder:
        messages.error(request, _("Only a key holder can propose this."))
    else:
        return redirect("motion", motion=motion.public_id)
    return back()
