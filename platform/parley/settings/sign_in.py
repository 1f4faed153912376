"""How people sign in (django-allauth): a code by mail, typed in the same browser, then a second factor if there is one.

What allauth does otherwise by default, and why not here, is tested in tests/parley/accounts/test_allauth_defaults.py.
"""

from .environment import SECURE_SITE, env

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "parley.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_FORMS = {
    "login": "parley.accounts.forms.SignInForm",
    "confirm_login_code": "parley.accounts.forms.CodeForm",
}
# The typed code proves the address each time; a second proof of it would ask for a second code.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Fifty people in one hotel sign in within minutes behind one address: the limits that bite are per person.
ACCOUNT_RATE_LIMITS = {
    "login": "100/m/ip",
    "request_login_code": "100/m/ip,3/m/key,12/h/key",
    "login_failed": "100/m/ip,5/300s/key",
    "reauthenticate": "10/m/user",
    # Files that strangers send to be checked (reports.views.verify): each may cost seconds of a processor.
    "check_document": "60/10m/ip",
}
# One proxy too few here and all members share one bucket; one too many and anyone chooses their own.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PARLEY_TRUSTED_PROXIES", default=0)

MFA_ADAPTER = "parley.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "parley.accounts.forms.SecondStepForm",
    "activate_totp": "parley.accounts.forms.SetUpAppForm",
    "add_webauthn": "parley.accounts.forms.AddPasskeyForm",
    "login_webauthn": "parley.accounts.forms.PasskeySignInForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "100/m/ip"}
# One code is good for its own half minute and once (the mark lies in the shared cache).
MFA_TOTP_TOLERANCE = 0
MFA_TOTP_ISSUER = "Parley"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
# A passkey without PIN, finger or face proves a device, not a person.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE_SITE
MFA_TRUST_ENABLED = False

# A proof for an act (signing, turning a key) is good for one act and this many seconds.
PROOF_SECONDS = 120
# Where "Leave quickly" lands; without it, a page of ours that names nothing.
LEAVE_TO = env("PARLEY_LEAVE_TO", default="")
