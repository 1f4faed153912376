"""Agreement ad referendum, and the package rule: what waits for a side's principals or for the rest of the text."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.actions.keys import KeyIsResting, NotAKeyHolder, TextHasChanged
from groups.forms import PrincipalsForm
from groups.motions import MayNotBeMoved
from parley.access import needs
from parley.accounts.second_factor import second_factor_needed
from reports import links
from reports.actions.agreement import facts_digest
from reports.actions.packages import PACKAGE
from reports.actions.referrals import ReferralIsClosed, confirm_referral, prolong_referral
from reports.models import Document, Referral
from reports.reading import words_of

from .frame import page
from .proposals import open_motion, proposed


@require_safe
@needs("reports.see_referral", Referral, through="opened_by")
def referral(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The words that a side holds to until its principals have answered."""
    return _page(request, referral, PrincipalsForm())


def _page(request: HttpRequest, referral: Referral, form: PrincipalsForm, status: int = 200) -> HttpResponse:
    return page(
        request,
        "referral",
        referral.passage.section,
        status=status,
        referral=referral,
        passage=referral.passage,
        words=_words_of(referral),
        form=form,
        may_answer=referral.is_pending and request.user.has_perm("reports.answer_referral", referral),
    )


def _words_of(referral: Referral) -> SafeString:
    """Those that the side agreed to, whatever the passage says by now."""
    revision = referral.passage.revisions.for_all_sides().filter(sha256=referral.sha256).first()
    return words_of(revision, referral.public_id) if revision else SafeString("")


@require_POST
@needs("reports.answer_referral", Referral, through="opened_by")
@second_factor_needed
def confirm(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Over the hash that the page displayed."""
    sha256 = request.POST.get("sha256", "")
    refusal = _refused(lambda: confirm_referral(referral, sha256=sha256, by=request.user))  # type: ignore[arg-type]
    if refusal:
        return _again(request, referral, refusal)
    messages.success(request, _("Your side’s agreement is confirmed, and all members are told."))
    return redirect(links.passage(referral.passage))


@require_POST
@needs("reports.answer_referral", Referral, through="opened_by")
@second_factor_needed
def prolong(request: HttpRequest, referral: Referral) -> HttpResponse:
    form = PrincipalsForm(request.POST)
    if not form.is_valid():
        return _page(request, referral, form)
    until = form.cleaned_data["until"]
    refusal = _refused(lambda: prolong_referral(referral, until=until, by=request.user))  # type: ignore[arg-type]
    if refusal:
        return _again(request, referral, refusal)
    messages.success(request, _("The new day is set, and all members are told."))
    return redirect("referral", referral=referral.public_id)


def _refused(act: Callable[[], None]) -> str:
    """Why nothing was done, in words; "" when it was."""
    try:
        act()
    except ReferralIsClosed:
        return _("This was confirmed, withdrawn or ended meanwhile. Nothing was changed.")
    except TextHasChanged:
        return _("The text is not the one that you saw. Nothing was confirmed. Read it again.")
    except KeyIsResting:
        return _("Your key rests for 48 hours while all members are told. Nothing was changed.")
    except NotAKeyHolder:
        return _("Your side’s key is not yours any more, so nothing was changed.")
    except MayNotBeMoved as because:
        return str(because)
    return ""


def _again(request: HttpRequest, referral: Referral, refusal: str) -> HttpResponse:
    messages.error(request, refusal)
    fresh = Referral.objects.opened_by(request.user).filter(pk=referral.pk).first()  # type: ignore[arg-type]
    return _page(request, fresh or referral, PrincipalsForm(), status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.propose", Document, through="opened_by")
@second_factor_needed
def package(request: HttpRequest, document: Document) -> HttpResponse:
    """The rule under which a document is agreed, and the proposal to change it."""
    facts = {"package": not document.package}
    if request.method == "POST":
        sha256 = facts_digest(document.public_id, {"package": request.POST.get("package") == "on"})
        return proposed(
            request,
            PACKAGE,
            document.public_id,
            sha256=sha256,
            facts=facts,
            back=lambda: redirect("package", document=document.public_id),
        )
    return page(request, "package", document, motion=open_motion(PACKAGE, document.public_id))
