"""Coming in and going: the invited, the welcome, the language, leaving quickly."""

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parley.access import open_to_anyone, signed_in
from parley.accounts import actions, people, welcome
from parley.accounts.adapters import AccountAdapter
from parley.accounts.forms import InvitedForm, LanguageForm, NameForm, ZoneForm
from parley.accounts.models import User
from parley.accounts.requests import PersonsRequest
from parley.accounts.second_factor import is_own_address

HALF_A_YEAR = 26 * 7 * 24 * 3600


@open_to_anyone("the invited have no account yet; the form opens one for the invited address alone")
def sign_up(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("account_welcome")
    form = InvitedForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return send_code(request, form.cleaned_data["email"])
    return render(request, "accounts/sign_up.html", {"form": form})


def send_code(request: HttpRequest, email: str) -> HttpResponse:
    """Mail a sign-in code to an address whose invitation is open in this browser, and lead to where it is typed."""
    person = people.person_for(email)
    people.let_in(person)
    LoginCodeVerificationProcess.initiate(request=request, user=person, email=person.email)
    return redirect("account_confirm_login_code")


@signed_in("one's own first steps")
def first_steps(request: PersonsRequest) -> HttpResponse:
    step = welcome.next_step(request.user)
    if step:
        return redirect(step.url(request.user))
    return redirect(request.session.pop("after_welcome", settings.LOGIN_REDIRECT_URL))


@signed_in("one's own name")
def first_name(request: PersonsRequest) -> HttpResponse:
    person = request.user
    initial = {"name": person.name, "name_own_script": person.name_own_script}
    form = NameForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.give_name(person, **form.cleaned_data, by=person)
        return redirect("account_welcome")
    return render(request, "accounts/first_name.html", {"form": form})


@signed_in("one's own time zone")
def first_zone(request: PersonsRequest) -> HttpResponse:
    form = ZoneForm(request.POST or None, initial={"time_zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        actions.confirm_zone(request.user, **form.cleaned_data, by=request.user)
        return redirect("account_welcome")
    return render(request, "accounts/first_zone.html", {"form": form})


@open_to_anyone("the language of the sign-in page is chosen before signing in")
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    form = LanguageForm(request.POST)
    back = request.POST.get("next", "")
    answer = redirect(back if is_own_address(request, back) else settings.LOGIN_REDIRECT_URL)
    if form.is_valid():
        _keep_language(request, answer, form.cleaned_data["language"])
    return answer


def _keep_language(request: HttpRequest, answer: HttpResponse, language: str) -> None:
    if isinstance(request.user, User):
        actions.choose_language(request.user, language=language, by=request.user)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=HALF_A_YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


@open_to_anyone("a page that says what leaving quickly does; and the way out is never locked")
def leave(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/leave.html")
    if request.user.is_authenticated:
        AccountAdapter(request).logout(request)
    return redirect("account_left")


@require_safe
@open_to_anyone("a page that names nothing, for whoever looks at the screen next")
def left(request: HttpRequest) -> HttpResponse:
    answer = render(request, "accounts/left.html", {"leave_to": settings.LEAVE_TO})
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
