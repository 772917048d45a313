"""What the description of the API says of wallets' doors: OAuth's forms, and its errors."""

from collections.abc import Mapping
from typing import Any

from hapgang.app.context import JSON
from hapgang.app.problems import PROBLEM

FORM = "application/x-www-form-urlencoded"
_TEXT: dict[str, Any] = {"type": "string"}
_REFUSED = {
    "type": "object",
    "properties": {"error": _TEXT, "error_description": _TEXT},
    "required": ["error"],
}
_PROBLEM = {"$ref": "#/components/schemas/Problem"}  # of who never came as far as the door
_WRONG = {
    "description": "What went wrong (RFC 6749, 5.2)",
    "content": {JSON: {"schema": _REFUSED}, PROBLEM: {"schema": _PROBLEM}},
}
PREFLIGHT: dict[str, Any] = {
    "responses": {"204": {"description": "Come in"}, "default": _WRONG},
}
_CREDENTIAL: dict[str, Any] = {"type": "object"}  # OpenID4VCI 1.0, 8.2
_BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "token": (FORM, {"grant_type": _TEXT, "pre-authorized_code": _TEXT, "tx_code": _TEXT}),
    "requests": (FORM, {"wallet_nonce": _TEXT, "wallet_metadata": _TEXT}),
    "answers": (FORM, {"state": _TEXT, "vp_token": _TEXT, "error": _TEXT}),
}
_NEEDED = {"token": ["grant_type"], "answers": ["state"]}


def answers_in(media_type: str) -> dict[str, Any]:
    """Return what a door answers in: an object of JSON, or a signed token."""
    schema = {"type": "object"} if media_type == JSON else _TEXT
    done = {"description": "Done", "content": {media_type: {"schema": schema}}}
    return {"responses": {"200": done, "default": _WRONG}}


def takes(method: str, path: str) -> Mapping[str, Any]:
    """Return what is sent to a door, where something is."""
    door = path.split("/")[2]
    if method != "POST" or door == "nonce":
        return {}
    if door == "credential":
        return {"requestBody": {"required": True, "content": {JSON: {"schema": _CREDENTIAL}}}}
    media_type, fields = _BODIES[door]
    needed = _NEEDED.get(door, [])
    schema = {"type": "object", "properties": fields, "required": needed}
    return {
        "requestBody": {"required": bool(needed), "content": {media_type: {"schema": schema}}}
    }  # fmt: skip
