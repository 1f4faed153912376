"""The register of published recommendations: inside the programme, and for everybody where its keys opened it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.actions.keys import AlreadyProposed
from parley.access import needs, open_to_anyone
from parley.access.submissions import AlreadySubmitted, submission_of
from parley.programmes.models import Programme
from reports import links
from reports.actions import register as actions
from reports.forms_register import CorrectionForm, FollowUpForm, LabelsForm
from reports.models import FollowUp, Recommendation
from reports.register import csv_of, register_of, trail_of
from reports.text.html import render as words_html

from .frame import page

PER_PAGE = 30


@require_safe
@needs("reports.see_register", Programme)
def register(request: HttpRequest, programme: Programme) -> HttpResponse:
    return _listed(request, programme, "reports/register/register.html")


@require_safe
@open_to_anyone("Published recommendations, where the keys of the programme opened their register to everybody")
def public_register(request: HttpRequest, programme: str) -> HttpResponse:
    return _listed(request, _opened(programme), "public/register.html")


def _listed(request: HttpRequest, programme: Programme, template: str) -> HttpResponse:
    asked = register_of(programme, request.GET)
    shown = Paginator(asked.found.with_entries(), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {"programme": programme, "register": asked, "page": shown, "query": query.urlencode()}
    return render(request, template, context)


@require_safe
@needs("reports.see_register", Programme)
def register_csv(request: HttpRequest, programme: Programme) -> StreamingHttpResponse:
    return _table(request, programme)


@require_safe
@open_to_anyone("The same as the public page, as a table")
def public_register_csv(request: HttpRequest, programme: str) -> StreamingHttpResponse:
    return _table(request, _opened(programme))


def _table(request: HttpRequest, programme: Programme) -> StreamingHttpResponse:
    found = register_of(programme, request.GET).found.with_entries()
    answer = StreamingHttpResponse(csv_of(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="recommendations-{programme.public_id}.csv"'
    return answer


def _opened(public_id: str) -> Programme:
    """A programme whose register is not open looks like one that does not exist."""
    named = Programme.objects.filter(public_register=True).select_related("host")
    programme = named.filter(public_id=public_id).first() if public_id.isalnum() else None
    if programme is None:
        raise Http404
    return programme


# ---- one recommendation -------------------------------------------------------------------------------------------


@require_safe
@needs("reports.see_recommendation", Recommendation, through="opened_by")
def recommendation(request: HttpRequest, recommendation: Recommendation) -> HttpResponse:
    """Its words as they were signed, and what became of it."""
    return _page(request, recommendation)


def _page(
    request: HttpRequest,
    recommendation: Recommendation,
    *,
    form: FollowUpForm | None = None,
    labels_form: LabelsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_write = request.user.has_perm("reports.follow_up", recommendation)
    labels = [label.words for label in recommendation.labels.all()]
    return page(
        request,
        "register/recommendation",
        recommendation.group,
        status=status,
        recommendation=recommendation,
        words=words_html(recommendation.text, footnotes=recommendation.public_id, heading=0),
        trail=trail_of(recommendation, request.user),  # type: ignore[arg-type]  # signed in
        labels=labels,
        may_write=may_write,
        form=form or (_empty_form(recommendation) if may_write else None),
        labels_form=labels_form or LabelsForm(initial={"labels": ", ".join(labels)}),
        refused=form or labels_form,
    )


def _empty_form(recommendation: Recommendation) -> FollowUpForm:
    return FollowUpForm(since=_since(recommendation), initial={"on": timezone.localdate()})


def _since(recommendation: Recommendation):
    return timezone.localdate(recommendation.publication.opens_at)


@require_http_methods(["POST"])
@needs("reports.follow_up", Recommendation, through="opened_by")
def follow_up(request: HttpRequest, recommendation: Recommendation) -> HttpResponse:
    form = FollowUpForm(request.POST, since=_since(recommendation))
    if not form.is_valid():
        return _page(request, recommendation, form=form)
    refusal = _refused(
        lambda: actions.add_follow_up(
            recommendation,
            submission=submission_of(request),
            by=request.user,  # type: ignore[arg-type]
            **form.cleaned_data,
        )
    )
    if refusal:
        messages.error(request, refusal)
        return _page(request, recommendation, form=form, status=409)
    messages.success(request, _said(for_sides=form.cleaned_data["for_sides"]))
    return redirect(links.recommendation(recommendation))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.follow_up", FollowUp, through="opened_by")
def correct(request: HttpRequest, entry: FollowUp) -> HttpResponse:
    """What was written stays in the trail."""
    form = CorrectionForm(
        request.POST or None,
        since=_since(entry.recommendation),
        initial={"on": entry.on, "status": entry.status, "words": entry.words},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        refusal = _refused(
            lambda: actions.correct_follow_up(
                entry,
                submission=submission_of(request),
                by=request.user,  # type: ignore[arg-type]
                **form.cleaned_data,
            )
        )
        if not refusal:
            messages.success(request, _said(for_sides=entry.for_sides))
            return redirect(links.recommendation(entry.recommendation))
        messages.error(request, refusal)
        status = 409
    return page(
        request,
        "register/correct",
        entry.group,
        status=status,
        entry=entry,
        recommendation=entry.recommendation,
        form=form,
    )


@require_POST
@needs("reports.follow_up", FollowUp, through="opened_by")
def ask(request: HttpRequest, entry: FollowUp) -> HttpResponse:
    refusal = _refused(lambda: actions.ask_for_keys(entry, by=request.user))  # type: ignore[arg-type]
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("Put to the sides’ keys again."))
    return redirect(links.recommendation(entry.recommendation))


@require_POST
@needs("reports.follow_up", Recommendation, through="opened_by")
def labels(request: HttpRequest, recommendation: Recommendation) -> HttpResponse:
    form = LabelsForm(request.POST)
    if not form.is_valid():
        return _page(request, recommendation, labels_form=form)
    chosen = form.cleaned_data["labels"]
    refusal = _refused(lambda: actions.give_labels(recommendation, labels=chosen, by=request.user))  # type: ignore[arg-type]
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, _("The themes are saved."))
    return redirect(links.recommendation(recommendation))


def _said(*, for_sides: bool) -> str:
    if for_sides:
        return _("Saved and put to the sides’ keys. It is shown as theirs when every key is turned.")
    return _("Saved. It is shown as the facilitators’ own word.")


def _refused(act: Callable[[], object]) -> str:
    """Why nothing was done, in words; "" when it was, now or when the same form was sent before."""
    try:
        act()
    except AlreadySubmitted:
        return ""
    except actions.NotAFacilitator:
        return _("You do not facilitate this programme any more, so nothing was saved.")
    except actions.AlreadyCorrected:
        return _("Somebody corrected this entry meanwhile. Yours was not saved: look at theirs and copy your words.")
    except actions.NotWaiting:
        return _("The entry was confirmed or corrected meanwhile.")
    except AlreadyProposed:
        return _("It is proposed already. Its keys can be turned.")
    return ""
