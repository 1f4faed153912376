"""One page of settings: name, language, zone, devices, second factor, own data."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parley.access import signed_in
from parley.accounts import actions, own_data, second_factor
from parley.accounts.forms import ProfileForm
from parley.accounts.models import User
from parley.accounts.requests import PersonsRequest


@signed_in("one's own settings")
def settings_page(request: PersonsRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, initial=_profile(request.user))
    if request.method == "POST" and form.is_valid():
        actions.change_profile(request.user, **form.cleaned_data, by=request.user)
        messages.success(request, _("Your settings are saved."))
        return redirect("settings")
    about = {"form": form, "devices": _devices(request), "methods": second_factor.methods_of(request.user)}
    return render(request, "accounts/settings.html", about)


def _profile(person: User) -> dict[str, str]:
    return {field: getattr(person, field) for field in ("name", "name_own_script", "language", "time_zone")}


def _devices(request: PersonsRequest) -> list[dict[str, Any]]:
    """This device first."""
    here = request.session.session_key
    devices = [{"device": device, "is_here": device.session_key == here} for device in request.user.devices.all()]
    return sorted(devices, key=lambda line: not line["is_here"])


@signed_in("one's own devices")
@require_POST
def end_device(request: PersonsRequest, device: str) -> HttpResponse:
    found = get_object_or_404(request.user.devices, public_id=device)
    actions.end_device(found, by=request.user)
    messages.success(request, _("That device is signed out."))
    return redirect("settings")


@signed_in("one's own devices")
@require_POST
def end_other_devices(request: PersonsRequest) -> HttpResponse:
    actions.end_other_devices(request, by=request.user)
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect("settings")


@require_safe
@signed_in("one's own data")
def my_data(request: PersonsRequest) -> HttpResponse:
    answer = JsonResponse(own_data.of(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer.headers["Content-Disposition"] = 'attachment; filename="parley-my-data.json"'
    return answer
