"""Where allauth asks us: who may come in, how its mail leaves, how its secrets are kept, what its sentences are."""

from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import actions, invitations, mails, second_factor, secrets_at_rest, welcome
from .models import User

WRONG_CODE = gettext_lazy("This code is not right. Compare it with the code you were given, or ask for a new one.")
TOO_MANY = gettext_lazy("Too many attempts. Wait five minutes, then try again.")
WRONG_SECOND_FACTOR = gettext_lazy(
    "This was not accepted, or was used already. Wait for your app’s next code and type it, or try the passkey again."
)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never by allauth's own form: an account opens by an invitation, at our door (`views.sign_up`)."""
        return False

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """The second lock: were a form opened by mistake, an address without an invitation still gets no account."""
        if not invitations.is_open(request, form.cleaned_data["email"]):
            raise PermissionDenied("sign-up without an invitation")
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if "code" in context:
            mails.sign_in_code(email, context["code"])
        else:
            mails.unknown_address(email)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Without the network address and browser that allauth would mail."""
        mails.security_changed(user, template_prefix.rpartition("/")[2])

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        actions.remember_device(request, by=user)

    def post_login(self, request: HttpRequest, user: User, **login: Any) -> HttpResponse:
        answer = super().post_login(request, user, **login)
        invitations.accept(request, user)
        if welcome.next_step(user):
            request.session["after_welcome"] = answer["Location"]
            return redirect("account_welcome")
        return answer

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            actions.sign_out(request.session.session_key, by=request.user)
        super().logout(request)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """One page for all methods."""
        return [{"id": "prove", "description": _("Prove that it is you"), "url": reverse("account_prove")}]


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_SECOND_FACTOR}

    def encrypt(self, text: str) -> str:
        return secrets_at_rest.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets_at_rest.decrypt(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """On white: a telephone reads no black squares on a dark page."""
        picture = BytesIO()
        segno.make(url, error="m", micro=False).save(
            picture, kind="svg", scale=5, border=4, light="white", xmldecl=False
        )
        return picture.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever must have a second factor sets up another before the last one goes."""
        return second_factor.may_remove(authenticator)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 (allauth's name)
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey {number}").format(number=count + 1)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the site's own address, whatever Host header a request carries."""
        return {"id": settings.ADDRESS.hostname or "localhost", "name": "Parley"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {"id": user.public_id.encode(), "display_name": str(user), "name": user.email}
