"""Who may come in by MQTT: a device with the city's token, under its own name, on its own topics.

The NATS server asks for each connection (its "auth callout"); whatever is not a device's token is
refused. A device says its key as user name and as client id, and the token as password.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from hapgang.app.collect.mqtt.nkeys import Issuer, claims_of_server
from hapgang.app.tokens import Tokens
from hapgang.contract import Role
from hapgang.core.errors import CityError, Refused
from hapgang.hub.collect.topics import ROOT, device_key

ACCOUNT = "DEVICES"
SUBJECT = "$SYS.REQ.USER.AUTH"
_log = logging.getLogger(__name__)


class Doorman:
    """Answers the server's question whether somebody may come in."""

    def __init__(self, issuer: Issuer, tokens: Tokens, now: Callable[[], datetime]) -> None:
        """Let in whose token is the city's, at the city's time."""
        self._issuer = issuer
        self._tokens = tokens
        self._now = now

    def answer(self, question: bytes) -> bytes:
        """Return the signed answer to a server's signed question."""
        claims = claims_of_server(question)
        asked = claims["nats"]
        answer: dict[str, Any] = {"type": "authorization_response", "version": 2}
        try:
            answer["jwt"] = self._pass_for(asked)
        except CityError as error:
            _log.info("a device was refused: %s", error)
            answer["error"] = error.message.en
        envelope = {"sub": asked["user_nkey"], "aud": asked["server_id"]["id"], "nats": answer}
        return self._issuer.token(envelope, self._now_s()).encode()

    def _pass_for(self, asked: dict[str, Any]) -> str:
        words, client = asked["connect_opts"], asked["client_info"]
        caller, until_s = self._tokens.read_until(str(words.get("pass", "")), self._now())
        key = device_key(caller.id)
        if caller.role is not Role.DEVICE or key is None:
            raise Refused(f"{caller.id} is no device with a topic", "기기 토큰이 아닙니다")
        if words.get("user") != key or client.get("mqtt_id", client.get("mqtt_client")) != key:
            raise Refused(
                f"user name and client id have to be {key}",
                f"사용자 이름과 클라이언트 ID는 {key}이어야 합니다",
            )
        own = [f"{ROOT}.{key}", f"{ROOT}.{key}.>"]
        rights = {
            "pub": {"allow": own}, "sub": {"deny": [">"]}, "subs": -1, "data": -1, "payload": -1,
            "type": "user", "version": 2,
        }  # fmt: skip
        claims = {
            "sub": asked["user_nkey"], "aud": ACCOUNT, "name": key, "exp": int(until_s),
            "nats": rights,
        }  # fmt: skip
        return self._issuer.token(claims, self._now_s())

    def _now_s(self) -> int:
        return int(self._now().timestamp())
