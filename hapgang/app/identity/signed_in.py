"""What whoever signed in is told: a token, whose it is, and what they may."""

import re

import msgspec

from hapgang.app.context import Context
from hapgang.app.tokens import Tokens
from hapgang.contract import Role
from hapgang.core.text import Text
from hapgang.core.vocabulary.identity import Registration
from hapgang.core.vocabulary.sessions import Session, StaffMember
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform.identity.sessions import look
from hapgang.runtime.platform.money.spending import name_for

_BROWSERS = (("Edg/", "Edge"), ("SamsungBrowser", "Samsung Internet"), ("Whale/", "Whale"),
             ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS X", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


class SignedIn(msgspec.Struct):
    """A token and whom it speaks for."""

    token: str
    id: str
    role: Role
    name: Text
    expires_in_s: int
    session: str
    holds: tuple[str, ...]  # attributes, as of now
    actor: str | None = None  # who acts, where that is somebody else
    only: tuple[str, ...] | None = None  # what they may do then


def signed_in(runtime: Runtime, tokens: Tokens, session: Session, name: Text) -> SignedIn:
    """Return what is told of a session that has begun."""
    caller = look(runtime.state, session.id, session.began_at).caller
    lifetime = session.until - session.began_at
    return SignedIn(
        token=tokens.issue(caller, session.began_at, lifetime),
        id=caller.id,
        role=caller.role,
        name=name,
        expires_in_s=int(lifetime.total_seconds()),
        session=session.id,
        holds=tuple(sorted(caller.holds | runtime.held(caller))),
        actor=caller.actor,
        only=caller.only,
    )


def registered_name(runtime: Runtime, person: str) -> Text | None:
    """Return what the register or an operator calls somebody, to tell them or their actors."""
    for name in (name_for("Registration", person), person):
        record = runtime.state.get(name)
        known = None if record is None else record.view
        if isinstance(known, Registration | StaffMember):
            return Text(known.name, known.name)
    return None


def device_of(context: Context) -> str:
    """Return what to call the device of a request, by what its browser says it is."""
    agent = context.header(b"user-agent") or ""
    words = [
        next((word for part, word in known if part in agent), "") for known in (_BROWSERS, _SYSTEMS)
    ]
    said = " · ".join(word for word in words if word)
    return said or re.sub(r"[^\w./ -]", "", agent)[:40].strip() or "?"
