"""Second factors: the page of them, setting one up, and proving oneself with one."""

import json
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parley.access import signed_in
from parley.accounts import actions, requires_second_factor, second_factor
from parley.accounts.requests import PersonsRequest
from parley.accounts.session_proof import SessionProofForm
from parley.accounts.stepup import begin_passkey


@require_safe
@signed_in("one's own second factors")
def second_factors(request: PersonsRequest) -> HttpResponse:
    kept = {found.type: found for found in Authenticator.objects.filter(user=request.user).exclude(type="webauthn")}
    codes = kept.get(Authenticator.Type.RECOVERY_CODES)
    about = {
        "app": kept.get(Authenticator.Type.TOTP),
        "passkeys": second_factor.passkeys_of(request.user),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "required": requires_second_factor.of(request.user),
        "go_on": request.session.get(second_factor.AFTER),
    }
    return render(request, "mfa/index.html", about | {"has_one": bool(about["app"] or about["passkeys"])})


@signed_in("goes on to the page that asked for a second factor")
@require_POST
def go_on(request: PersonsRequest) -> HttpResponse:
    return redirect(request.session.pop(second_factor.AFTER, "account_welcome"))


class SetUpApp(ActivateTOTPView):
    """Typing the app's first code proves it: this session need not show it again."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        second_factor.session_showed(self.request, second_factor.TOTP)
        return answer


class AddPasskey(AddWebAuthnView):
    """Always one that verifies the person and signs in by itself."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        about = super().get_context_data(**kwargs)
        about["options"] = json.dumps(passkeys.begin_registration(self.request.user, passwordless=True))
        return about

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        second_factor.session_showed(self.request, second_factor.PASSKEY)
        return answer


@signed_in("one's own passkey")
@reauthentication_required(app="allauth.mfa")
def remove_passkey(request: PersonsRequest, handle: str) -> HttpResponse:
    passkey = _own_passkey(request, handle)
    if not second_factor.may_remove(passkey.authenticator):
        return render(request, "mfa/webauthn/kept.html", {"passkey": passkey}, status=409)
    if request.method == "POST":
        actions.remove_passkey(passkey.authenticator, by=request.user)
        return redirect("mfa_index")
    return render(request, "mfa/webauthn/remove.html", {"passkey": passkey})


def _own_passkey(request: PersonsRequest, handle: str) -> second_factor.Passkey:
    found = [passkey for passkey in second_factor.passkeys_of(request.user) if passkey.handle == handle]
    if not found:
        raise Http404(_("There is no such passkey."))
    return found[0]


@signed_in("proves who is at the keyboard, then goes back to the page that asked")
def prove(request: PersonsRequest) -> HttpResponse:
    if not second_factor.has_one(request.user):
        return redirect("mfa_index")
    recovery = "recovery" in (request.POST or request.GET)
    form = SessionProofForm(request, recovery=recovery)
    if request.method == "POST" and form.is_valid():
        second_factor.session_showed(request, form.shown)
        return redirect(_back(request))
    return render(request, "accounts/prove.html", {"form": form, "next": _back(request), "recovery": recovery})


def _back(request: PersonsRequest) -> str:
    back = request.POST.get("next") or request.GET.get("next", "")
    return back if second_factor.is_own_address(request, back) else "/"


@signed_in("a passkey's challenge for one's own act")
@require_POST
def step_up(request: PersonsRequest) -> HttpResponse:
    try:
        options = begin_passkey(request, request.POST.get("purpose", ""), request.POST.get("sha256", ""))
    except ValidationError:
        return JsonResponse({}, status=400)
    return JsonResponse(options)
