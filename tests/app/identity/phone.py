"""A phone with passkeys in software, which signs in to a town as a browser's page does."""

import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from hapgang.ledger.identity.jose import unb64
from tests.app.identity.town import Answer, Town, bearer
from tests.ledger.identity.authenticator import Device

UP, UV, BE, BS = 0x01, 0x04, 0x08, 0x10


class Phone(Device):
    """A device that a person holds; it keeps one key for a site."""

    def __init__(self, name: str) -> None:
        super().__init__("none.ES256")
        secret = hashlib.sha256(name.encode()).digest()
        self.key = ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
        self.id, self.aaguid = hashlib.sha256(secret).digest(), bytes(16)
        self.label = name
        self.user = ""

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """Make a key as the page's options say."""
        self.user = options["user"]["id"]
        client = self.client_data("webauthn.create", unb64(options["challenge"]))
        return self.created(client, UP | UV)

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer a challenge."""
        self.count += 1
        client = self.client_data("webauthn.get", unb64(options["challenge"]))
        said = self.asserted(client, UP | UV)
        said["response"]["userHandle"] = self.user
        return said

    async def enrol(self, town: Town, code: str, door: str = "enrol") -> Answer:
        """Make a key with a code of a counter, or a printed one (`recovery`)."""
        asked = await town.call("POST", f"/api/sign-in/{door}/options", {"code": code})
        if asked.status != 200:
            return asked
        said = asked.json()
        body = {
            "attempt": said["attempt"], "code": code, "label": self.label,
            "answer": self.make(said["options"]),
        }  # fmt: skip
        return await town.call("POST", f"/api/sign-in/{door}", body)

    async def sign_in(self, town: Town) -> Answer:
        """Sign in."""
        return await town.call("POST", "/api/sign-in/passkey", await self.knock(town))

    async def knock(self, town: Town) -> dict[str, Any]:
        """Return what the page sends to sign in."""
        said = (await town.call("POST", "/api/sign-in/passkey/options")).json()
        return {"attempt": said["attempt"], "answer": self.sign(said["options"])}

    async def add(self, town: Town, token: str) -> Answer:
        """Become a further device of whoever is signed in."""
        by = bearer(token)
        said = (await town.call("POST", "/api/me/passkeys/options", headers=by)).json()
        body = {
            "attempt": said["attempt"], "answer": self.make(said["options"]), "label": self.label,
        }  # fmt: skip
        return await town.call("POST", "/api/me/passkeys", body, headers=by)
