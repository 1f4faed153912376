"""What a page says after an act, carried to the next page in a signed cookie."""

from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.core import signing


class _OneAsItIs(signing.Signer):
    """Compresses several messages, as Django does, and signs a single one as it is."""

    def sign_object(self, obj: Any, serializer: Any = signing.JSONSerializer, compress: bool = False) -> str:
        return super().sign_object(obj, serializer=serializer, compress=compress and len(obj) > 1)


class InTheCookie(CookieStorage):
    """One sentence gets no shorter by zlib, which takes a quarter of a megabyte and a twentieth of an act's time."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        signer: signing.Signer = self.signer  # type: ignore[has-type]  # untyped in the class above
        self.signer = _OneAsItIs(key=signer.key, fallback_keys=signer.fallback_keys, salt=signer.salt)


class Messages(FallbackStorage):
    """`settings.MESSAGE_STORAGE`; what is too long for a cookie goes into the session, as Django has it."""

    storage_classes = (InTheCookie, SessionStorage)
