"""Second factors: who has one, whether this session showed it, and leading people to set one up or to show it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from . import requires_second_factor
from .actions import forget_second_factor
from .models import User
from .requests import PersonsRequest

__all__ = [
    "authenticator_was_shown",
    "forget_second_factor",
    "has_one",
    "lead_to_proof",
    "methods_of",
    "passkeys_of",
    "second_factor_needed",
    "session_is_proved",
]

TOTP, PASSKEY = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN
PROVING = (TOTP, PASSKEY)  # recovery codes open a session, they never stand alone
AFTER = "after_second_factor"


@dataclass(frozen=True)
class Passkey:
    handle: str
    name: str
    added_at: datetime
    used_at: datetime | None
    authenticator: Authenticator


def has_one(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type__in=PROVING).exists()


def methods_of(user: User) -> list[str]:
    """`totp` and `webauthn`, those that are set up."""
    found = Authenticator.objects.filter(user=user, type__in=PROVING).values_list("type", flat=True)
    return sorted(set(found))


def is_missing(user: User) -> bool:
    """Must have one, has none."""
    return requires_second_factor.of(user) and not has_one(user)


def may_remove(authenticator: Authenticator) -> bool:
    """Whoever must have a second factor keeps at least one."""
    others = Authenticator.objects.filter(user=authenticator.user, type__in=PROVING).exclude(pk=authenticator.pk)
    return others.exists() or not requires_second_factor.of(authenticator.user)


def passkeys_of(user: User) -> list[Passkey]:
    found = Authenticator.objects.filter(user=user, type=PASSKEY).order_by("created_at", "pk")
    return [_passkey(authenticator) for authenticator in found]


def _passkey(authenticator: Authenticator) -> Passkey:
    wrapped = authenticator.wrap()
    credential = wrapped.authenticator_data.credential_data.credential_id
    handle = sha256(credential).hexdigest()[:12]
    return Passkey(handle, wrapped.name, authenticator.created_at, authenticator.last_used_at, authenticator)


def session_is_proved(request: PersonsRequest) -> bool:
    """Whether this session showed an authenticator code, a passkey or a recovery code."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def authenticator_was_shown(request: PersonsRequest) -> bool:
    """As `session_is_proved`, without recovery codes: what tabling and turning a key ask for."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" and record["type"] in PROVING for record in records)


def session_showed(request: PersonsRequest, method: str) -> None:
    """Note that this session showed a second factor just now."""
    record_authentication(request, request.user, "mfa", type=method, reauthenticated=True)


def second_factor_needed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For acts that no mailed and no recovery code opens. Leads to set-up or proof, then to the page as a GET.

    An interrupted POST is never kept and replayed: the person sees the page, and its words, again.
    """

    @wraps(view)
    def guarded(request: PersonsRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if authenticator_was_shown(request) and has_one(request.user):
            return view(request, *args, **kwargs)
        return lead_to_proof(request)

    return guarded


def lead_to_proof(request: PersonsRequest, *, recovery: bool = False) -> HttpResponse:
    """To the proof page, or to set-up when there is nothing to prove with; afterwards back to the page.

    `recovery`: the page is about the second factors themselves, and a recovery code opens it.
    """
    page = _page_of(request)
    if not has_one(request.user):
        request.session[AFTER] = page
        return redirect("mfa_index")
    question = {"next": page} | ({"recovery": "yes"} if recovery else {})
    return redirect(f"{reverse('account_prove')}?{urlencode(question)}")


def _page_of(request: HttpRequest) -> str:
    """The page on which an act was begun: a form's own page when it was posted elsewhere."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referer = request.headers.get("referer", "")
    if is_own_address(request, referer):
        parts = urlsplit(referer)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return settings.LOGIN_REDIRECT_URL


def is_own_address(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
