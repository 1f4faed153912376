"""Addresses of signing in and of one's own account. allauth's own list is not included: it has pages for passwords."""

from allauth.account import views as sign_in
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.urls import path
from django.views.generic import RedirectView

from parley.access import open_to_anyone, signed_in

from .views import address, entrance, proof, settings

# The frame need not offer sign-in on the pages that are it.
entrance_words = {"extra_context": {"hide_sign_in": True}}
anyone = open_to_anyone("signing in comes before being signed in")
own = signed_in("one's own second factor")

urlpatterns = [
    path("login/", anyone(sign_in.LoginView.as_view(**entrance_words)), name="account_login"),
    path(
        "login/code/",
        anyone(RedirectView.as_view(pattern_name="account_login", query_string=True)),
        name="account_request_login_code",
    ),
    path(
        "login/code/confirm/",
        anyone(sign_in.ConfirmLoginCodeView.as_view(**entrance_words)),
        name="account_confirm_login_code",
    ),
    path("login/second-step/", anyone(second_step.AuthenticateView.as_view(**entrance_words)), name="mfa_authenticate"),
    path("login/passkey/", anyone(passkey.login_webauthn), name="mfa_login_webauthn"),
    path("signup/", entrance.sign_up, name="account_signup"),
    path("logout/", anyone(sign_in.logout), name="account_logout"),
    path("inactive/", anyone(sign_in.account_inactive), name="account_inactive"),
    path("leave/", entrance.leave, name="leave_quickly"),
    path("left/", entrance.left, name="account_left"),
    path("language/", entrance.set_language, name="set_language"),
    path("welcome/", entrance.first_steps, name="account_welcome"),
    path("welcome/name/", entrance.first_name, name="account_welcome_name"),
    path("welcome/zone/", entrance.first_zone, name="account_welcome_zone"),
    path("settings/", settings.settings_page, name="settings"),
    path("settings/devices/<str:device>/end/", settings.end_device, name="account_end_device"),
    path("settings/devices/end-others/", settings.end_other_devices, name="account_end_other_devices"),
    path("settings/address/", address.new, name="account_address"),
    path("settings/address/confirm/", address.confirm, name="account_address_confirm"),
    path("settings/my-data/", settings.my_data, name="account_my_data"),
    path("prove/", proof.prove, name="account_prove"),
    path("step-up/", proof.step_up, name="account_step_up"),
    path("second-factor/", proof.second_factors, name="mfa_index"),
    path("second-factor/go-on/", proof.go_on, name="account_second_factor_done"),
    path("second-factor/app/add/", own(proof.SetUpApp.as_view()), name="mfa_activate_totp"),
    path("second-factor/app/remove/", own(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("second-factor/passkeys/add/", own(proof.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("second-factor/passkeys/<str:handle>/remove/", proof.remove_passkey, name="account_remove_passkey"),
    path("second-factor/codes/", own(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("second-factor/codes/renew/", own(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
]
