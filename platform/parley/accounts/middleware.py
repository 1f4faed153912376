"""What happens around every page for the person who opens it."""

from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from . import actions, second_factor, zones
from .models import User
from .requests import PersonsRequest
from .sessions import SessionStore

Answer = Callable[[HttpRequest], HttpResponse]
CHECKED = "second_factor_checked"
CHECK_EVERY = 300  # seconds for which "needs none" is believed; acts that count ask for themselves
SEEN = "seen_hour"

# Setting one up, and getting away. Nothing else opens for those who must have a second factor and have none.
SET_UP_PAGES = frozenset(
    {
        "account_left",
        "account_logout",
        "account_prove",
        "account_second_factor_done",
        "account_step_up",
        "account_welcome",
        "account_welcome_name",
        "account_welcome_zone",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_index",
        "mfa_view_recovery_codes",
        "leave_quickly",
        "set_language",
    }
)


class PersonOfTheSession(AuthenticationMiddleware):
    """The person is read together with the session; where that does not settle it, as Django does."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(partial(_person_of, request))  # type: ignore[assignment]  # as Django does


def _person_of(request: HttpRequest) -> User | AnonymousUser:
    if not hasattr(request, "_cached_user"):  # Django's own name: signing in and out look there
        session: SessionStore = request.session  # type: ignore[assignment]  # of settings.SESSION_ENGINE
        request._cached_user = session.person() or get_user(request)  # type: ignore[attr-defined]
    return request._cached_user  # type: ignore[attr-defined]


class OwnLanguageAndZone:
    """Pages speak the person's language and tell their time; people not signed in choose by a form or their browser."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language, zone = self.of(request)
        request.LANGUAGE_CODE = language  # as Django's own middleware sets it
        with translation.override(language), timezone.override(zone):
            answer = self.get_response(request)
        answer.headers.setdefault("Content-Language", language)
        patch_vary_headers(answer, ["Accept-Language"])
        return answer

    def of(self, request: HttpRequest) -> tuple[str, ZoneInfo]:
        if request.user.is_authenticated:
            return _offered(request.user.language), zones.zone(request.user.time_zone)
        return translation.get_language_from_request(request), zones.zone(zones.UTC)


def _offered(language: str) -> str:
    return language if translation.check_for_language(language) else settings.LANGUAGE_CODE


class SecondFactorRequired:
    """Leads people who must have a second factor, and have none, to the pages where they set one up."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: PersonsRequest, view: Answer, args: tuple, kwargs: dict) -> HttpResponse | None:
        page = request.resolver_match.url_name if request.resolver_match else None
        if page in SET_UP_PAGES or not request.user.is_authenticated or not self.is_missing(request):
            return None
        messages.info(request, _("Your role needs a second factor. Set one up, then go on where you were."))
        if request.method == "GET":
            request.session[second_factor.AFTER] = request.get_full_path()
        if request.htmx:  # type: ignore[attr-defined]  # django-htmx sets it
            return HttpResponseClientRedirect(reverse("mfa_index"))
        return redirect("mfa_index")

    def is_missing(self, request: PersonsRequest) -> bool:
        """Asked of the database at most every few minutes and after each change of access."""
        if second_factor.session_is_proved(request):
            return False
        epoch, until = request.session.get(CHECKED, (None, 0))
        now = int(timezone.now().timestamp())
        if epoch == request.user.access_epoch and now < until:
            return False
        if second_factor.is_missing(request.user):
            return True
        request.session[CHECKED] = (request.user.access_epoch, now + CHECK_EVERY)
        return False

    def process_exception(self, request: PersonsRequest, exception: Exception) -> HttpResponse | None:
        """Before allauth, which would keep a POST and replay it later, without middleware and unseen."""
        if isinstance(exception, ReauthenticationRequired):
            return second_factor.lead_to_proof(request, recovery=True)
        return None


class OnlyByForm:
    """Says so where an address that takes a form alone is opened as a page: mostly after signing in anew."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and request.method == "GET":
            page = render(request, "405.html", status=405)
            page.headers["Allow"] = answer.headers["Allow"]
            return page
        return answer


class PrivateAnswers:
    """Signed-in pages stay in no cache and in no other site's page; signing out empties what the browser kept."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = request.user.is_authenticated
        self.note_use(request)
        answer = self.get_response(request)
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if was_signed_in or request.user.is_authenticated:
            answer.headers["Cache-Control"] = "no-store, private"
        if was_signed_in and not request.user.is_authenticated:
            answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    def note_use(self, request: HttpRequest) -> None:
        """When a device was last used, to the hour: people recognise their own by it."""
        hour = int(timezone.now().timestamp()) // 3600
        if request.session.get(SEEN, hour) != hour:
            request.session[SEEN] = hour
            actions.device_seen(request.session.session_key)
