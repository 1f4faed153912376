"""What people type about themselves, and how they prove who they are."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, LoginForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as passkeys
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

from . import invitations, languages, zones
from .models import User, normal_address
from .names import clean_latin_name, clean_name
from .new_address import NewAddress

ONE_TIME = {"autocomplete": "one-time-code", "spellcheck": "false", "class": "code"}


class NameField(forms.CharField):
    """A name as printed; its refusals name the field and the remedy."""

    def __init__(self, *, latin: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=120, strip=False, **kwargs)
        self.clean_name = clean_latin_name if latin else clean_name

    def to_python(self, value: Any) -> str:
        return self.clean_name(super().to_python(value) or "", field=str(self.label))


class ZoneField(forms.ChoiceField):
    """Offers places; takes any zone of the IANA database, for browsers also name zones by older names."""

    default_error_messages = {"invalid_choice": _("Choose your time zone from the list.")}

    def valid_value(self, value: Any) -> bool:
        return zones.is_zone(str(value))


class NameForm(forms.Form):
    name = NameField(
        latin=True,
        label=_("Name as printed"),
        help_text=_("In Latin letters, as it shall stand in reports and under signatures."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    name_own_script = NameField(
        required=False,
        label=_("Name in its own script"),
        help_text=_("If your language has another script: printed beside the Latin form."),
    )


class ZoneForm(forms.Form):
    time_zone = ZoneField(
        label=_("Time zone"),
        help_text=_("Deadlines and meetings are shown in this zone, always with its name."),
        widget=forms.Select(attrs={"data-guess-zone": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.initial.get("time_zone", zones.UTC)
        offered = zones.choices(get_language() or settings.LANGUAGE_CODE, current)
        self.fields["time_zone"].choices = offered  # type: ignore[attr-defined]  # a ZoneField


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=lazy(languages.choices, list))


class ProfileForm(ZoneForm, LanguageForm, NameForm):
    field_order = ["name", "name_own_script", "language", "time_zone"]


class NewAddressForm(forms.Form):
    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("This is no e-mail address. Type it as name@example.org.")},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        email = normal_address(self.cleaned_data["email"])
        if email == self.person.email:
            raise forms.ValidationError(_("You sign in with this address already. Type another one."))
        return email


class NewAddressCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=20,
        widget=forms.TextInput(attrs=ONE_TIME | {"inputmode": "numeric", "size": 8}),
    )

    def __init__(self, *args: Any, wanted: NewAddress, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not self.wanted.is_right(code):
            raise forms.ValidationError(_("This code is not right. Compare it with the mail, or ask for a new one."))
        return code


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["login"]
        field.label = _("E-mail address")
        field.widget.attrs = {"type": "email", "autocomplete": "username", "autofocus": True}


class InvitedForm(forms.Form):
    """The address that the invitation in this browser was sent to, and no other."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_email(self) -> str:
        email = normal_address(self.cleaned_data["email"])
        if not invitations.is_open(self.request, email):
            raise forms.ValidationError(
                _("No invitation is open for this address here. Use the address it was sent to, or ask for a new one.")
            )
        return email


class CodeForm(ConfirmLoginCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the mail")
        self.fields["code"].widget.attrs = ONE_TIME | {"autocapitalize": "characters", "autofocus": True, "size": 10}


class SecondStepForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code of your authenticator app, or a recovery code")
        self.fields["code"].widget.attrs = ONE_TIME | {"inputmode": "numeric", "autofocus": True, "size": 10}


class SetUpAppForm(ActivateTOTPForm):
    """The code typed at set-up is used up like any other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code that the app shows")
        self.fields["code"].widget.attrs = ONE_TIME | {"inputmode": "numeric", "size": 8}

    def clean_code(self) -> str:
        code = super().clean_code()
        if not TOTP(Authenticator(user=self.user))._mark_code_used(code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AddPasskeyForm(AddWebAuthnForm):
    name = NameField(label=_("Name of this passkey"), help_text=_("So that you can tell your passkeys apart."))
    passwordless = None  # always: a passkey here also signs in

    def clean(self) -> dict[str, Any]:
        try:
            cleaned = super().clean()
        except (KeyError, AttributeError, TypeError, ValueError) as malformed:
            raise get_adapter().validation_error("incorrect_code") from malformed
        if cleaned.get("credential"):
            cleaned["credential"] = _bare(cleaned["credential"])
        return cleaned


def _bare(credential: dict[str, Any]) -> dict[str, Any]:
    """What is needed later, nothing else that a browser may send along."""
    answer = credential["response"]
    return {
        "id": credential["id"],
        "rawId": credential["rawId"],
        "type": credential["type"],
        "response": {key: answer[key] for key in ("clientDataJSON", "attestationObject")},
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


class PasskeySignInForm(LoginWebAuthnForm):
    """People are found by their public identifier: keys of the database leave it for nobody, passkeys included."""

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        try:
            passkeys.parse_authentication_response(credential)
            public_id = websafe_decode(credential["response"]["userHandle"]).decode()
            person = User.objects.get(public_id=public_id)
            return passkeys.complete_authentication(person, credential)
        except (KeyError, TypeError, AttributeError, ValueError, User.DoesNotExist) as unknown:
            raise get_adapter().validation_error("incorrect_code") from unknown
