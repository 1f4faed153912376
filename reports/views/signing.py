"""Initialling and signing: the frozen text, the choice, the check of answers with its proof, the receipt."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groups.actions.keys import TextHasChanged
from parley.access import needs
from parley.accounts.models import Proof, ProofRefused, User
from parley.accounts.requests import PersonsRequest
from parley.accounts.stepup import StepUpForm
from reports.actions import signing
from reports.final_reading import reading_from
from reports.forms_signing import AnswerForm, ReservationForm
from reports.models import Act, Document, FinalText
from reports.reading import sides_of
from reports.signatures import Place, matrix_of, place_of, reservations_of
from reports.signed_places import name_of_place, places_of

from .frame import page

Doing = Callable[[Proof, User], object]


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.see_signing", Document, through="opened_by")
def sign(request: PersonsRequest, document: Document) -> HttpResponse:
    """The frozen text to its end, and what this person may do with it now."""
    text = _standing_text(document)
    if text is None:
        return page(request, "signing/not_frozen", document)
    place = place_of(text, request.user)
    if request.method == "POST":
        return _answering(request, text, place)
    return _text_page(request, text, place, AnswerForm(places=_places(text)))


def _standing_text(document: Document) -> FinalText | None:
    text: FinalText | None = document.final_text
    if text is not None:
        text.document = document
    return text


def _places(text: FinalText) -> list[tuple[str, str]]:
    return places_of(json.loads(text.canonical))


def _text_page(
    request: HttpRequest, text: FinalText, place: Place, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    reading = _reading(text)
    return page(
        request,
        "signing/sign",
        text.document,
        status=status,
        text=text,
        reading=reading,
        place=place,
        form=form,
        matrix=matrix_of(text),
        reservations=reservations_of(text, reading.text),
        silence=text.silences.first(),
    )


def _reading(text: FinalText) -> Any:
    return reading_from(text.canonical, sides_of(text.document.group.programme))


def _answering(request: PersonsRequest, text: FinalText, place: Place) -> HttpResponse:
    """The choice, then its check with the proof; both name the hash of the text that the person has read."""
    form = AnswerForm(request.POST, places=_places(text))
    if request.POST.get("sha256") != text.sha256:
        return _changed(request, text.document)
    if not place.to_sign:
        return _not_now(request, text.document, place)
    if not form.is_valid():
        return _text_page(request, text, place, form, status=422)
    return _checking(request, text, place, form)


def _checking(request: PersonsRequest, text: FinalText, place: Place, form: AnswerForm) -> HttpResponse:
    """Check answers: the whole text again, the choice, and the proof for exactly this hash. To decline takes none."""
    step_up = StepUpForm(request, "sign", text.sha256)
    step_up.is_bound = confirmed = "confirm" in request.POST
    if confirmed and form.declines:
        reason = form.cleaned_data["reason"]
        return _acted(request, text, lambda: signing.decline(text, sha256=text.sha256, reason=reason, by=request.user))
    if confirmed and step_up.is_valid():
        proof, said = step_up.prove, {"reservation": form.reserved, "place": form.cleaned_data["place"]}
        return _acted(
            request, text, lambda: signing.sign(text, sha256=text.sha256, proof=proof(), **said, by=request.user)
        )
    return page(
        request,
        "signing/check",
        text.document,
        text=text,
        place=place,
        form=form,
        answer=form.cleaned_data,
        place_chosen=dict(form.fields["place"].choices)[form.cleaned_data["place"]],  # type: ignore[attr-defined]  # a PlaceField
        step_up=step_up,
        reading=_reading(text),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.sign", Document, through="opened_by")
def initial(request: PersonsRequest, document: Document) -> HttpResponse:
    """A key holder's initials: the text is authentic."""
    text = _standing_text(document)
    place = place_of(text, request.user) if text else Place()
    if text is None or not place.to_initial:
        return _not_now(request, document, place)

    def act(proof: Proof, by: User) -> object:
        return signing.initial(text, sha256=text.sha256, proof=proof, by=by)

    return _one_act(request, text, place, "initial", act)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.sign", Document, through="opened_by")
def reserve(request: PersonsRequest, document: Document) -> HttpResponse:
    """A reservation added by somebody who signed without one."""
    text = _standing_text(document)
    place = place_of(text, request.user) if text else Place()
    if text is None or not place.may_reserve:
        return _not_now(request, document, place)
    form = ReservationForm(request.POST if request.method == "POST" else None, places=_places(text))

    def act(proof: Proof, by: User) -> object:
        return signing.add_reservation(text, sha256=text.sha256, proof=proof, **form.cleaned_data, by=by)

    return _one_act(request, text, place, "reserve", act, form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("reports.sign", Document, through="opened_by")
def unreserve(request: PersonsRequest, document: Document) -> HttpResponse:
    """Take back the reservation that one made at signing: both stay on record."""
    text = _standing_text(document)
    place = place_of(text, request.user) if text else Place()
    if text is None or not place.may_withdraw_reservation:
        return _not_now(request, document, place)

    def act(proof: Proof, by: User) -> object:
        return signing.withdraw_reservation(text, sha256=text.sha256, proof=proof, by=by)

    return _one_act(request, text, place, "unreserve", act)


def _one_act(
    request: PersonsRequest,
    text: FinalText,
    place: Place,
    purpose: str,
    act: Doing,
    form: ReservationForm | None = None,
) -> HttpResponse:
    """One page with the text, the proof and the button. The code is used up only when the rest is in order."""
    step_up = StepUpForm(request, purpose, text.sha256)
    if request.method == "POST" and request.POST.get("sha256") != text.sha256:
        return _changed(request, text.document)
    ready = form is None or form.is_valid()
    step_up.is_bound = step_up.is_bound and ready
    if step_up.is_bound and step_up.is_valid():
        return _acted(request, text, lambda: act(step_up.prove(), request.user))
    return page(
        request,
        f"signing/{purpose}",
        text.document,
        text=text,
        place=place,
        form=form,
        step_up=step_up,
        reading=_reading(text),
    )


def _not_now(request: HttpRequest, document: Document, place: Place) -> HttpResponse:
    """Why there is nothing to do on this page; who has acted is led to their receipt."""
    if place.kinds & set(Act.ANSWERS):
        messages.info(request, _("This is done already: here is your receipt."))
        return redirect("receipt", document=document.public_id)
    if place.is_asked and place.waits_for:
        messages.info(request, _("This text is signed one after the other, and it is not your turn yet."))
    else:
        messages.info(request, _("There is nothing for you to do with this text now."))
    return redirect("sign", document=document.public_id)


def _changed(request: HttpRequest, document: Document) -> HttpResponse:
    messages.error(request, _("This is not the text that is frozen now. Read it again; nothing was signed."))
    return redirect("sign", document=document.public_id)


def _acted(request: HttpRequest, text: FinalText, act: Callable[[], object]) -> HttpResponse:
    """Do it, and show the receipt; or say why nothing was done."""
    document = text.document
    try:
        act()
    except signing.NotOpenForThis as why:
        messages.error(request, str(why))
    except signing.AlreadyDone:
        messages.info(request, _("This is done already: here is your receipt."))
        return redirect("receipt", document=document.public_id)
    except (TextHasChanged, signing.NotASignatory):
        return _changed(request, document)
    except ProofRefused:
        messages.error(request, _("The proof was used or has expired. Nothing was signed: try again with a new code."))
    else:
        return redirect("receipt", document=document.public_id)
    return redirect("sign", document=document.public_id)


@require_safe
@needs("reports.see_signing", Document, through="opened_by")
def receipt(request: PersonsRequest, document: Document) -> HttpResponse:
    """What this person did with the final text, when and over which hash."""
    text = _standing_text(document)
    place = place_of(text, request.user) if text else Place()
    if text is None or not place.acts:
        return redirect("sign", document=document.public_id)
    with override(document.language):
        reserved_to = name_of_place(json.loads(text.canonical), place.reservation.place) if place.reservation else ""
    return page(request, "signing/receipt", document, text=text, place=place, reserved_to=reserved_to)


@require_POST
@needs("reports.remind", Document, through="opened_by")
def remind(request: PersonsRequest, document: Document) -> HttpResponse:
    """Ask again whoever has not answered; nobody is asked twice on a day."""
    text = _standing_text(document)
    try:
        if text is None:
            raise signing.NotOpenForThis(_("The text is not open for signature."))
        signing.remind_signatories(text, by=request.user)
        messages.success(request, _("Whoever has not answered is reminded, once a day at the most."))
    except signing.NotOpenForThis as why:
        messages.error(request, str(why))
    return redirect("sign", document=document.public_id)
