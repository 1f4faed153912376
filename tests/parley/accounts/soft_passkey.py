"""A passkey in software: answers challenges as a browser with an authenticator would (WebAuthn level 2)."""

import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

FLAG = AuthenticatorData.FLAG


class SoftPasskey:
    def __init__(
        self, origin: str = "http://localhost:8000", rp_id: str = "localhost", *, verifies: bool = True
    ) -> None:
        self.origin, self.rp_id = origin, rp_id
        self.flags = FLAG.UP | FLAG.UV if verifies else FLAG.UP
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(32)
        self.user_handle = b""

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        self.user_handle = websafe_decode(options["publicKey"]["user"]["id"])
        public_key = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(b"\0" * 16, self.credential_id, public_key)
        shown = AuthenticatorData.create(sha256(self.rp_id.encode()), self.flags | FLAG.AT, 0, made)
        said = self._said(CollectedClientData.TYPE.CREATE, options)
        return self._packed(clientDataJSON=said, attestationObject=AttestationObject.create("none", shown, {}))

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`."""
        shown = AuthenticatorData.create(sha256(self.rp_id.encode()), self.flags, 0)
        said = self._said(CollectedClientData.TYPE.GET, options)
        signature = self.key.sign(shown + said.hash, ec.ECDSA(SHA256()))
        return self._packed(
            clientDataJSON=said, authenticatorData=shown, signature=signature, userHandle=self.user_handle
        )

    def _said(self, kind: str, options: dict[str, Any]) -> CollectedClientData:
        return CollectedClientData.create(kind, options["publicKey"]["challenge"], self.origin)

    def _packed(self, **response: bytes) -> dict[str, Any]:
        name = websafe_encode(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": {part: websafe_encode(value) for part, value in response.items()},
            "clientExtensionResults": {},
        }
