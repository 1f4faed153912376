"""Reservations before the freeze: the list of them, entered on a passage or the whole, put otherwise, withdrawn."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from groups.actions.keys import NotAKeyHolder
from groups.standing import standing
from parley.access import needs
from parley.access.submissions import AlreadySubmitted, submission_of
from parley.accounts.requests import PersonsRequest
from parley.accounts.second_factor import second_factor_needed
from reports.actions.passages import NotYourVoice
from reports.actions.reservations import (
    HasLeftTheText,
    OwnWords,
    ReservationHasChanged,
    ReservationIsWithdrawn,
    SupportRests,
    enter_reservation,
    reword_reservation,
    withdraw_reservation,
)
from reports.forms_reservations import RewordingForm, TextReservationForm
from reports.live.cutting import take_in
from reports.locks import NotDrafted
from reports.models import Document, Passage, TextReservation
from reports.reading import words_of
from reports.reserving import in_reading_order

from .documents import drafting_is_over
from .frame import page


@require_safe
@needs("reports.read", Document, through="opened_by")
def reservations(request: HttpRequest, document: Document) -> HttpResponse:
    """All of a document, those to the whole text first; what was withdrawn or left with its passage stands below."""
    found = TextReservation.objects.filter(document=document).with_words().select_related("passage__section")
    for reservation in found:
        reservation.document = document
    in_order = in_reading_order(found)
    return page(
        request,
        "reservations/list",
        document,
        standing=[one for one in in_order if not one.is_withdrawn and not one.has_left],
        withdrawn=[one for one in in_order if one.is_withdrawn or one.has_left],
    )


# ---- entered --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.reserve_on", Passage, through="opened_by")
def on_passage(request: PersonsRequest, passage: Passage) -> HttpResponse:
    """In one's own name."""
    return _entering(request, passage.document, passage, for_side=False)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.reserve_on_for_side", Passage, through="opened_by")
@second_factor_needed
def on_passage_for_side(request: PersonsRequest, passage: Passage) -> HttpResponse:
    """What a side says to all it says by its key holder."""
    return _entering(request, passage.document, passage, for_side=True)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.enter_reservation", Document, through="opened_by")
def on_document(request: PersonsRequest, document: Document) -> HttpResponse:
    return _entering(request, document, None, for_side=False)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.propose", Document, through="opened_by")
@second_factor_needed
def on_document_for_side(request: PersonsRequest, document: Document) -> HttpResponse:
    return _entering(request, document, None, for_side=True)


def _entering(request: PersonsRequest, document: Document, passage: Passage | None, *, for_side: bool) -> HttpResponse:
    if passage is not None and passage.is_shared:
        take_in(passage)
    side = standing(request.user, document.group).side
    form = TextReservationForm(request.POST or None, for_side=side.name if for_side and side else "")
    if request.method == "POST" and form.is_valid():
        return _entered(request, document, passage, form, for_side)
    words = words_of(passage.tabled, passage.public_id) if passage and passage.tabled else ""
    within = passage.section if passage else document
    return page(request, "reservations/enter", within, passage=passage, form=form, words=words, for_side=for_side)


def _entered(
    request: PersonsRequest, document: Document, passage: Passage | None, form: TextReservationForm, for_side: bool
) -> HttpResponse:
    submission = submission_of(request)
    words = form.cleaned_data["words"]
    try:
        made = enter_reservation(
            document=document, passage=passage, words=words, for_side=for_side, submission=submission, by=request.user
        )
    except AlreadySubmitted:
        made = TextReservation.objects.get(submission=submission)
    except NotDrafted:
        return drafting_is_over(request, document)
    except (HasLeftTheText, OwnWords, NotYourVoice, NotAKeyHolder) as refusal:
        return page(request, "changed", document, status=409, what=_why_not(refusal), kept=words, next="document")
    messages.success(request, _("The reservation is entered. All members are told."))
    return redirect("reservation", reservation=made.public_id)


def _why_not(refusal: Exception) -> str:
    if isinstance(refusal, OwnWords):
        return _("These are your own side’s words: change them, or enter the reservation in your own name.")
    if isinstance(refusal, HasLeftTheText):
        return _("The passage was dropped meanwhile, so nothing was entered. What you wrote stands below.")
    if isinstance(refusal, NotAKeyHolder):
        return _("Your side’s key is not yours any more, so nothing was changed.")
    return _("You have no seat on a side of this group any more, so nothing was changed.")


# ---- read, put otherwise, withdrawn ---------------------------------------------------------------------------------


@require_safe
@needs("reports.see_reservation", TextReservation, through="opened_by")
def reservation(request: HttpRequest, reservation: TextReservation) -> HttpResponse:
    """Its words, whose it is, what it is made to, and all that happened to it."""
    return _page(request, "reservation", reservation)


def _page(request: HttpRequest, template: str, reservation: TextReservation, **context: object) -> HttpResponse:
    passage = reservation.passage
    if passage is not None and passage.tabled is not None:
        context["text"] = words_of(passage.tabled, passage.public_id)
    return page(
        request,
        f"reservations/{template}",
        passage.section if passage else reservation.document,
        reservation=reservation,
        passage=passage,
        wordings=reservation.wordings.select_related("made_by", "revision"),
        may_reword=request.user.has_perm("reports.reword_reservation", reservation),
        may_withdraw=request.user.has_perm("reports.withdraw_reservation", reservation),
        **context,  # type: ignore[arg-type]  # what templates take
    )


def _is_own(request: PersonsRequest, reservation: TextReservation) -> bool:
    """Else it is its side's key that acts, which a mailed code does not open."""
    return reservation.person_id == request.user.pk


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.reword_reservation", TextReservation, through="opened_by")
def reword(request: PersonsRequest, reservation: TextReservation) -> HttpResponse:
    act = _reword if _is_own(request, reservation) else second_factor_needed(_reword)
    return act(request, reservation)


def _reword(request: PersonsRequest, reservation: TextReservation) -> HttpResponse:
    number = reservation.wording.number if reservation.wording else 0
    form = RewordingForm(request.POST or None, initial={"words": reservation.words, "number": number})
    if request.method == "POST" and form.is_valid():
        return _reworded(request, reservation, form)
    return _page(request, "reword", reservation, form=form)


def _reworded(request: PersonsRequest, reservation: TextReservation, form: RewordingForm) -> HttpResponse:
    data = form.cleaned_data
    try:
        reword_reservation(reservation, words=data["words"], number=data["number"], by=request.user)
    except NotDrafted:
        return drafting_is_over(request, reservation.document)
    except (ReservationIsWithdrawn, ReservationHasChanged, NotYourVoice):
        what = _("The reservation was changed or withdrawn meanwhile. What you wrote stands below.")
        return page(request, "changed", reservation.document, status=409, what=what, kept=data["words"])
    messages.success(
        request, _("The reservation says these words now, and all members are told. The old ones are kept.")
    )
    return redirect("reservation", reservation=reservation.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.withdraw_reservation", TextReservation, through="opened_by")
def withdraw(request: PersonsRequest, reservation: TextReservation) -> HttpResponse:
    act = _withdraw if _is_own(request, reservation) else second_factor_needed(_withdraw)
    return act(request, reservation)


def _withdraw(request: PersonsRequest, reservation: TextReservation) -> HttpResponse:
    if request.method != "POST":
        return _page(request, "withdraw", reservation)
    try:
        withdraw_reservation(reservation, by=request.user)
    except NotDrafted:
        return drafting_is_over(request, reservation.document)
    except (ReservationIsWithdrawn, NotYourVoice):
        what = _("The reservation was withdrawn meanwhile, or is not yours to withdraw. Nothing was changed.")
        return page(request, "changed", reservation.document, status=409, what=what)
    except SupportRests:
        messages.error(
            request,
            _("Your side supports the recommendation with this reservation. Say first how far it does without."),
        )
        return redirect("state_support", passage=reservation.passage.public_id)  # type: ignore[union-attr]  # it has one
    messages.success(request, _("The reservation is withdrawn, and all members are told."))
    return redirect("reservation", reservation=reservation.public_id)
