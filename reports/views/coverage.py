"""Views and their answers: the matrix, “no reply wished”, the points of a view and what a reply answers."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.actions.keys import NotAKeyHolder, TextHasChanged
from groups.standing import standing
from parley.access import needs
from parley.accounts.second_factor import second_factor_needed
from reports.actions import coverage as actions
from reports.coverage import coverage_of
from reports.locks import NotDrafted
from reports.models import Document, NoReply, Passage, Point
from reports.points import Line, Marked, lines_of, marked_in

from .frame import page


@require_safe
@needs("reports.read", Document, through="opened_by")
def coverage(request: HttpRequest, document: Document) -> HttpResponse:
    """Each side's views against the other sides' answers, with the figures of order and balance."""
    here = standing(request.user, document.group)  # type: ignore[arg-type]  # signed in
    found = coverage_of(document, here)
    may_speak = document.is_drafted and here.has_a_side
    return page(request, "coverage/coverage", document, coverage=found, may_speak=may_speak)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.state_no_reply", Passage, through="opened_by")
@second_factor_needed
def no_reply(request: HttpRequest, passage: Passage) -> HttpResponse:
    """What it means, over the words in question; then the statement."""
    point = passage.points.present().filter(public_id=request.GET.get("point", "")).select_related("revision").first()
    if request.method == "POST":
        sha256 = request.POST.get("sha256", "")
        refusal = _refused(
            lambda: actions.state_no_reply(passage, point=point, sha256=sha256, by=request.user)  # type: ignore[arg-type]
        )
        if not refusal:
            messages.success(request, _("Stated, and all members are told. A reply that you table ends it."))
            return redirect(_address_of(passage.document))
        messages.error(request, refusal)
        passage = Passage.objects.opened_by(request.user).get(pk=passage.pk)  # type: ignore[arg-type]
    here = standing(request.user, passage.group)  # type: ignore[arg-type]
    return page(
        request,
        "coverage/no_reply",
        passage.section,
        status=409 if request.method == "POST" else 200,
        passage=passage,
        point=marked_in(passage, [point])[0] if point else None,
        drafting=passage.replies.present().filter(side=here.side, tabled=None).exists(),
    )


@require_POST
@needs("reports.take_back_no_reply", NoReply, through="opened_by")
@second_factor_needed
def take_back(request: HttpRequest, no_reply: NoReply) -> HttpResponse:
    refusal = _refused(lambda: actions.take_back_no_reply(no_reply, by=request.user))  # type: ignore[arg-type]
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("Taken back. The view waits for your side’s reply again."))
    return redirect(_address_of(no_reply.document))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.mark_points", Passage, through="opened_by")
def points(request: HttpRequest, passage: Passage) -> HttpResponse:
    """The paragraphs and entries of a tabled view, each of which can be marked as a point."""
    marked = _marked(passage)
    lines = lines_of(passage, marked)
    if request.method == "POST":
        refusal = _refused(lambda: _mark(request, passage, lines))
        if not refusal:
            messages.success(request, _("The points are marked. All sides see them."))
            return redirect(_address_of(passage.document))
        messages.error(request, refusal)
        passage = Passage.objects.opened_by(request.user).get(pk=passage.pk)  # type: ignore[arg-type]
        marked = _marked(passage)
        lines = lines_of(passage, marked)
    return page(
        request,
        "coverage/points",
        passage.section,
        status=409 if request.method == "POST" else 200,
        passage=passage,
        lines=lines,
        gone=[one for one in marked if one.place is None],
    )


def _mark(request: HttpRequest, view: Passage, lines: list[Line]) -> None:
    """Ticked lines become points. Of the points that the page showed those that are not ticked any more go."""
    ticked = set(request.POST.getlist("line"))
    places = [line.place for line in lines if line.marked is None and line.value in ticked]
    drop = _unticked(request)
    sha256 = request.POST.get("sha256", "")
    actions.mark_points(view, drop=drop, places=places, sha256=sha256, by=request.user)  # type: ignore[arg-type]


def _unticked(request: HttpRequest) -> list[str]:
    """What somebody else ticked meanwhile was not on this page, and stays."""
    return sorted(set(request.POST.getlist("shown")) - set(request.POST.getlist("point")))


def _marked(view: Passage) -> list[Marked]:
    return marked_in(view, Point.objects.present().filter(view=view).select_related("revision"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.name_points", Passage, through="opened_by")
def answers(request: HttpRequest, passage: Passage) -> HttpResponse:
    """Which points of the view this reply answers."""
    if request.method == "POST":
        chosen = request.POST.getlist("point")
        refusal = _refused(
            lambda: actions.name_points(passage, add=chosen, drop=_unticked(request), by=request.user)  # type: ignore[arg-type]
        )
        if not refusal:
            messages.success(request, _said_of_naming(passage))
            return redirect(_address_of(passage.document))
        messages.error(request, refusal)
    view = Passage.objects.select_related("tabled", "side").get(replies=passage)
    return page(
        request,
        "coverage/answers",
        passage.section,
        status=409 if request.method == "POST" else 200,
        passage=passage,
        view=view,
        points=_marked(view),
        named=set(passage.answered_points.values_list("point", flat=True)),
    )


def _said_of_naming(reply: Passage) -> str:
    if reply.is_tabled:
        return _("Saved. All sides see which points the reply answers.")
    return _("Saved. Only your side sees it until the reply is tabled.")


def _address_of(document: Document) -> str:
    return reverse("coverage", kwargs={"document": document.public_id})


def _refused(act: Callable[[], object]) -> str:
    """Why nothing was done, in words; "" when it was."""
    try:
        act()
    except TextHasChanged:
        return _("The view is not the one that you saw: it was revised meanwhile. Nothing was changed. Read it again.")
    except actions.AlreadyAnswered:
        return _("Your side has answered this already. Nothing was changed.")
    except actions.NotAView:
        return _("The view or the point is not in the text any more. Nothing was changed.")
    except NotAKeyHolder:
        return _("Your side’s key is not yours any more, so nothing was changed.")
    except NotDrafted:
        return _("The final text was frozen meanwhile, so nothing was changed.")
    return ""
