"""How far each side supports the recommendations: read by all, said by key holders, printed when all keys say so."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from groups.actions.keys import NotAKeyHolder, TextHasChanged
from groups.standing import standing
from parley.access import needs
from parley.accounts.requests import PersonsRequest
from parley.accounts.second_factor import second_factor_needed
from reports.actions.agreement import facts_digest
from reports.actions.reservations import HasLeftTheText
from reports.actions.supports import (
    PRINT_SUPPORT,
    HasReservation,
    NeedsReservation,
    state_support,
)
from reports.forms_reservations import SupportForm
from reports.live.cutting import take_in
from reports.locks import NotDrafted
from reports.models import Document, Passage, Support
from reports.reading import document_entries, words_of

from .documents import drafting_is_over
from .frame import page
from .proposals import open_motion, proposed


@require_safe
@needs("reports.read", Document, through="opened_by")
def supports(request: PersonsRequest, document: Document) -> HttpResponse:
    """Recommendation by recommendation what each side says, with what it said before."""
    here = standing(request.user, document.group)
    entries = document_entries(document, reader=request.user, here=here)
    entries = [entry for entry in entries if entry.heading]
    said: dict[int, list[Support]] = {}
    if document.has_support:
        for support in Support.objects.on(entry.passage for entry in entries).order_by("-stated_at", "-pk"):
            said.setdefault(support.passage_id, []).append(support)
    rows = [(entry, said.get(entry.passage.pk, [])) for entry in entries]
    return page(request, "supports/list", document, rows=rows, motion=open_motion(PRINT_SUPPORT, document.public_id))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.state_support", Passage, through="opened_by")
@second_factor_needed
def state(request: PersonsRequest, passage: Passage) -> HttpResponse:
    """Over exactly the words that the page displays."""
    if passage.is_shared:
        take_in(passage)
    side = standing(request.user, passage.group).side
    tabled = passage.tabled
    said = passage.supports.current().filter(side=side, sha256=tabled.sha256 if tabled else "").first()
    form = SupportForm(request.POST or None, initial={"level": said.level} if said else {})
    if request.method == "POST" and form.is_valid() and (answer := _stated(request, passage, form)):
        return answer
    words = words_of(tabled, passage.public_id) if tabled else ""
    own = passage.reservations.standing().of_sides().filter(side=side).with_words()
    for one in own:
        one.document = passage.document
    return page(request, "supports/state", passage.section, passage=passage, form=form, words=words, own=own)


def _stated(request: PersonsRequest, passage: Passage, form: SupportForm) -> HttpResponse | None:
    """None when the form says what is wrong."""
    words, sha256 = form.cleaned_data["words"], request.POST.get("sha256", "")
    try:
        state_support(passage, level=form.level_said, sha256=sha256, words=words, by=request.user)
    except NotDrafted:
        return drafting_is_over(request, passage.document)
    except NeedsReservation:
        form.add_error("words", _("Write your side’s reservation: support with reservations says which."))
        return None
    except HasReservation:
        form.add_error("level", _("Your side has a reservation here. Withdraw it first, or support with reservations."))
        return None
    except (HasLeftTheText, NotAKeyHolder, TextHasChanged):
        what = _("The recommendation, or who holds your side’s key, changed meanwhile. Read it again.")
        return page(request, "changed", passage.section, status=409, what=what, kept=words, next="section")
    messages.success(request, _("Your side’s word stands, and all members are told."))
    return redirect("supports", document=passage.document.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.propose", Document, through="opened_by")
@second_factor_needed
def printing(request: HttpRequest, document: Document) -> HttpResponse:
    """Whether print says it, and the proposal to change that."""
    if request.method == "POST":
        return proposed(
            request,
            PRINT_SUPPORT,
            document.public_id,
            sha256=facts_digest(document.public_id, {"prints_support": request.POST.get("print") == "on"}),
            facts={"prints_support": not document.prints_support},
            back=lambda: redirect("print_support", document=document.public_id),
        )
    return page(request, "supports/print", document, motion=open_motion(PRINT_SUPPORT, document.public_id))
