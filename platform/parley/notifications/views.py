"""Updates: what waits for me, what happened while I was away, all of it; and the outbox, for installers."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from parley.access import needs, signed_in

from . import actions
from .lines import lines
from .models import Delivery, Notice, NoticeQuerySet

PER_PAGE = 50


@dataclass(frozen=True)
class Shelf:
    """One list of notices: its address, its name, and what it says when empty."""

    show: str
    words: Any
    nothing: Any

    @property
    def address(self) -> str:
        return reverse("updates") if self.show == "unread" else reverse("updates_shown", kwargs={"show": self.show})

    def notices(self, reader: Any) -> NoticeQuerySet:
        mine = Notice.objects.visible_to(reader).newest_first()
        return {"waiting": mine.waiting(), "unread": mine.unread(), "all": mine}[self.show]


SHELVES = {
    "waiting": Shelf("waiting", _("Waiting for you"), _("Nothing waits for you.")),
    "unread": Shelf("unread", _("Since you were away"), _("Nothing new since you were here.")),
    "all": Shelf("all", _("All"), _("Nobody has told you anything yet.")),
}


@require_safe
@signed_in("a person's own notices")
def updates(request: HttpRequest, show: str = "unread") -> HttpResponse:
    shelf = SHELVES[show]
    page = Paginator(shelf.notices(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "nav": "updates",
        "shelves": SHELVES.values(),
        "shelf": shelf,
        "page": page,
        "lines": lines(request.user, page.object_list),
    }
    return render(request, "notifications/updates.html", context)


@require_POST
@needs("notifications.mark_notice", Notice)
def mark_read(request: HttpRequest, notice: Notice) -> HttpResponse:
    actions.mark_read(notice, by=request.user)
    return back(request)


@require_POST
@needs("notifications.mark_notice", Notice)
def mark_done(request: HttpRequest, notice: Notice) -> HttpResponse:
    actions.mark_done(notice, by=request.user)
    return back(request)


@require_POST
@signed_in("a person's own notices")
def mark_all_read(request: HttpRequest) -> HttpResponse:
    actions.mark_all_read(by=request.user)
    return back(request)


def back(request: HttpRequest) -> HttpResponse:
    """To the list that the button stood on; the form names the list, never an address."""
    shelf = SHELVES.get(request.POST.get("show", ""), SHELVES["unread"])
    return redirect(shelf.address)


@require_safe
@signed_in("the outbox: refused below to all but installers")
def outbox(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("notifications.see_outbox"):
        raise PermissionDenied
    unsent = Delivery.objects.visible_to(request.user).unsent().select_related("reader")
    page = Paginator(unsent, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/outbox.html", {"page": page})


@require_POST
@needs("notifications.requeue_delivery", Delivery)
def requeue(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    actions.requeue(delivery, by=request.user)
    return redirect("outbox")
