"""Changing one's own e-mail address: typed, proved from its mailbox and by a second factor."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from parley.access import signed_in
from parley.accounts import actions, new_address, second_factor
from parley.accounts.forms import NewAddressCodeForm, NewAddressForm
from parley.accounts.models import ProofRefused
from parley.accounts.requests import PersonsRequest
from parley.accounts.stepup import StepUpForm


@signed_in("one's own address")
def new(request: PersonsRequest) -> HttpResponse:
    """The new address; a code is mailed to it."""
    form = NewAddressForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="request_login_code", key=f"new-address-{request.user.pk}"):
            return render(request, "429.html", status=429)
        new_address.ask(request.session, request.user, form.cleaned_data["email"])
        return redirect("account_address_confirm")
    has_factor = second_factor.has_one(request.user)
    return render(request, "accounts/new_address.html", {"form": form, "has_factor": has_factor})


@signed_in("one's own address")
def confirm(request: PersonsRequest) -> HttpResponse:
    """The code from the new mailbox and the second factor, on one page; the code is looked at first."""
    wanted = new_address.asked(request.session)
    if wanted is None:
        messages.info(request, _("The code has expired, or it was tried too often. Type the address again."))
        return redirect("account_address")
    form = NewAddressCodeForm(request.POST or None, wanted=wanted)
    step_up = StepUpForm(request, new_address.PURPOSE, new_address.sha256_of(request.user, wanted.email))
    if request.method == "POST" and not form.is_valid():
        new_address.count_try(request.session, wanted)
    step_up.is_bound = step_up.is_bound and form.is_valid()
    if step_up.is_bound and step_up.is_valid():
        return _changed(request, wanted, step_up)
    return render(request, "accounts/confirm_address.html", {"form": form, "step_up": step_up, "address": wanted.email})


def _changed(request: PersonsRequest, wanted: new_address.NewAddress, step_up: StepUpForm) -> HttpResponse:
    try:
        actions.change_address(request.user, email=wanted.email, proof=step_up.prove(), by=request.user)
    except (actions.AddressTaken, ProofRefused):
        messages.error(request, _("The address was not changed. Type it again."))
        return redirect("account_address")
    new_address.forget(request.session)
    actions.end_other_devices(request, by=request.user)
    messages.success(request, _("You sign in with the new address from now on. Your other devices are signed out."))
    return redirect("settings")
