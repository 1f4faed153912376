"""The checks of a document: what they found, what every side lets stand, and a side's own words for its own eyes."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from groups.actions.keys import NotAKeyHolder
from groups.standing import standing
from parley.access import needs
from parley.access.submissions import AlreadySubmitted, submission_of
from parley.accounts.requests import PersonsRequest
from parley.accounts.second_factor import second_factor_needed
from reports.actions.checks import NothingToWaive, propose_waiving
from reports.checks.balance import balance
from reports.checks.findings import report_for_side, report_of
from reports.checks.glossing import terms_to_underline
from reports.forms_checks import WaivingForm
from reports.locks import NotDrafted
from reports.models import Document, Passage, Waiving

from .documents import drafting_is_over
from .frame import page


@require_safe
@needs("reports.read", Document, through="opened_by")
def findings(request: PersonsRequest, document: Document) -> HttpResponse:
    """Grouped by section, each with its words and a remedy; below, how the sides share the text."""
    return _page(request, document)


def _page(request: PersonsRequest, document: Document, form: WaivingForm | None = None) -> HttpResponse:
    report = report_of(document)
    here = standing(request.user, document.group)
    may_waive = request.user.has_perm("reports.waive", document)
    return page(
        request,
        "checks/findings",
        document,
        report=report,
        waiting=report.waiting_for(here.side) if here.holds_key else None,
        balance=balance(report.whole),
        sides=document.group.programme.sides_in_order(),
        form=(form or WaivingForm()) if may_waive and any(one.may_be_waived for one in report.found) else None,
    )


@require_POST
@needs("reports.waive", Document, through="opened_by")
@second_factor_needed
def waive(request: PersonsRequest, document: Document) -> HttpResponse:
    """Proposes that the chosen findings stand, for one reason, under every side's key."""
    sent = Waiving.objects.filter(document=document, submission=submission_of(request) or "").first()
    if sent is not None:
        return _already_proposed(request, document)
    open_ones = [one.fingerprint for one in report_of(document).found if one.may_be_waived]
    form = WaivingForm(request.POST, findings=open_ones)
    if not form.is_valid():
        return _page(request, document, form)
    try:
        motion = propose_waiving(
            document,
            fingerprints=form.cleaned_data["f"],
            reason=form.cleaned_data["reason"],
            submission=submission_of(request),
            by=request.user,
        )
    except NotDrafted:
        return drafting_is_over(request, document)
    except NothingToWaive:
        messages.error(request, _("What you chose was mended, waived or proposed meanwhile. Nothing was proposed."))
    except NotAKeyHolder:
        messages.error(request, _("Only a key holder can propose this."))
    except AlreadySubmitted:
        return _already_proposed(request, document)
    else:
        return redirect("motion", motion=motion.public_id)
    return redirect("checks", document=document.public_id)


def _already_proposed(request: PersonsRequest, document: Document) -> HttpResponse:
    """The form was sent twice."""
    messages.info(request, _("This is proposed already."))
    return redirect("checks", document=document.public_id)


@require_safe
@needs("reports.comment", Passage, through="opened_by")
def glossary_words(request: PersonsRequest, passage: Passage) -> JsonResponse:
    """What the live editor of this passage underlines, and why."""
    return JsonResponse({"terms": terms_to_underline(passage)})


@require_safe
@needs("reports.check_own_words", Document, through="opened_by")
def own_words(request: PersonsRequest, document: Document) -> HttpResponse:
    """A side's own words before it tables them: worked out for this page, kept nowhere, seen by nobody else."""
    side = standing(request.user, document.group).side
    report = report_for_side(document, side)  # type: ignore[arg-type]  # asked at the door
    return page(request, "checks/own_words", document, report=report, side=side)
