"""Proving oneself for a session: as for an act, and for the pages of second factors with a recovery code too."""

from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import Proof
from .requests import PersonsRequest
from .second_factor import PASSKEY, TOTP
from .stepup import StepUpForm


class SessionProofForm(StepUpForm):
    """`shown` tells which authenticator was shown."""

    def __init__(self, request: PersonsRequest, *, recovery: bool) -> None:
        of_this_session = sha256((request.session.session_key or "").encode()).hexdigest()
        super().__init__(request, "accounts.session", of_this_session)
        self.takes_recovery_code, self.recovery_code_used = recovery, False
        if recovery:
            self.fields["code"].label = _("Code of your authenticator app, or a recovery code")

    @property
    def takes_code(self) -> bool:
        return super().takes_code or self.takes_recovery_code

    @property
    def shown(self) -> str:
        if self.recovery_code_used:
            return Authenticator.Type.RECOVERY_CODES
        return PASSKEY if self.method == Proof.Method.PASSKEY else TOTP

    def _look_at_code(self, code: str) -> None:
        try:
            super()._look_at_code(code)
        except ValidationError:
            if not self.takes_recovery_code:
                raise
            self._look_at_recovery_code(code)

    def _look_at_recovery_code(self, code: str) -> None:
        codes = Authenticator.objects.filter(user=self.person, type=Authenticator.Type.RECOVERY_CODES).first()
        if codes is None or not codes.wrap().validate_code(code):
            raise ValidationError(self.wrong_code, code="wrong")
        self.recovery_code_used = True

    def prove(self) -> Any:
        raise NotImplementedError("A session's proof is no proof for an act.")
