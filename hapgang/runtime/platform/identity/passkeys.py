"""Passkeys that the city keeps: made, used to sign in, listed, taken off.

The doors draw attempts and check nothing; here an answer is checked and what comes of it is kept,
in one unit. Whoever gets a new device is told of it.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from hapgang.core.errors import Conflict, NotFound, Refused
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.sessions import (
    Label,
    RecoveryCode,
    Session,
    SignedInBy,
    SignInKey,
)
from hapgang.ledger.identity import passkeys
from hapgang.ledger.identity.jose import b64, unb64
from hapgang.ledger.identity.passkeys import Passkey, Site
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.attempts import challenge_of, remove
from hapgang.runtime.platform.identity.found import registration_of
from hapgang.runtime.platform.identity.members import last_day_of, role_of
from hapgang.runtime.platform.identity.sessions import begin_session, end_all, sessions_of
from hapgang.runtime.platform.money.spending import peek

MOST_KEYS = 20
Answer = Mapping[str, Any]  # of the browser, as WebAuthn Level 3 writes it in JSON (5.1.8)


class SignInKeyView(msgspec.Struct, frozen=True):
    """A device that the caller signs in with."""

    id: str
    label: str
    added_at: datetime
    used_at: datetime
    backed_up: bool  # whether its maker keeps a copy for the person's other devices


def handle_of(person: str) -> bytes:
    """Return by what a device knows somebody: no name, and the same for all of their keys."""
    return hashlib.sha256(f"hapgang handle {person}".encode()).digest()


def name_of(city: CityOf, person: str) -> str:
    """Return the name that somebody's own device shows; never shown to others."""
    known = registration_of(city, person)
    return person.rsplit(":", 1)[-1] if known is None else known.name


def keys_of(city: CityOf, person: str) -> list[SignInKey]:
    """Return somebody's keys."""
    records = city.runtime.state.with_value("SignInKey", "person", person) or ()
    return [record.view for record in records if isinstance(record.view, SignInKey)]


def credentials_of(city: CityOf, *, person: str) -> list[bytes]:
    """Return the ids of somebody's keys, as their devices know them."""
    return [unb64(key.credential, 2_048) for key in keys_of(city, person)]


def add_key(
    city: CityOf, *, person: str, site: Site, attempt: str, answer: Answer, label: Label
) -> SignInKey:
    """Keep the key that an answer makes, and tell its person."""
    role_of(city, person=person)
    if len(keys_of(city, person)) >= MOST_KEYS:
        raise Conflict(
            f"You have {MOST_KEYS} devices; remove one.", f"기기는 {MOST_KEYS}개까지입니다."
        )
    now_s = int(city.now.timestamp())
    made = passkeys.register(site, answer, challenge_of(attempt), now_s)
    credential = b64(made.credential_id)
    name = urn("SignInKey", hashlib.sha256(made.credential_id).hexdigest())
    if peek(city, SignInKey, name) is not None:
        raise Conflict("This device is known already.", "이미 등록된 기기입니다.")
    key = SignInKey(
        id=name, person=person, credential=credential, label=label, added_at=city.now,
        used_at=city.now, **_kept(made),
    )  # fmt: skip
    city.hub.save(key)
    city.tell(
        person,
        Text("A device was added", "로그인 기기가 추가되었습니다"),
        Text(
            f"“{label}” can sign in for you now. Not you? Take it off under “Devices”.",
            f"“{label}” 기기로 로그인할 수 있습니다. 본인이 아니면 기기 목록에서 지우세요.",
        ),
    )
    return key


def key_of_answer(city: CityOf, *, answer: Answer) -> SignInKey:
    """Return the key that an answer says it is by; whose it is, is not told to anybody."""
    digest = hashlib.sha256(passkeys.credential_id(answer)).hexdigest()
    found = peek(city, SignInKey, urn("SignInKey", digest))
    if found is None:
        raise Refused(
            "This device is not known here. Add it with a code of the city office's counter.",
            "등록되지 않은 기기입니다. 민원 창구에서 받은 코드로 등록하세요.",
        )
    return found


def sign_in_with_key(city: CityOf, *, site: Site, attempt: str, answer: Answer) -> Session:
    """Begin the session of whose key answers; the key's counter goes on."""
    found = key_of_answer(city, answer=answer)
    role_of(city, person=found.person)
    kept = Passkey(
        unb64(found.credential, 2_048), unb64(found.key), found.sign_count, found.verified,
        found.may_be_backed_up, found.backed_up, unb64(found.aaguid), found.attested,
    )  # fmt: skip
    user = handle_of(found.person)
    used = passkeys.sign_in(site, kept, answer, challenge_of(attempt), user=user)
    city.hub.save(msgspec.structs.replace(found, used_at=city.now, **_kept(used)))
    return begin_with(city, found, "passkey")


def begin_with(city: CityOf, key: SignInKey, by: SignedInBy) -> Session:
    """Begin the session of whose key was used or made, in the role that they have now."""
    return begin_session(
        city, person=key.person, role=role_of(city, person=key.person), by=by, label=key.label,
        until=last_day_of(city, key.person), key=key.id,
    )  # fmt: skip


def my_keys(city: CityOf) -> list[SignInKeyView]:
    """Return the devices that the caller signs in with, the newest first."""
    found = sorted(keys_of(city, city.caller.id), key=lambda key: key.added_at, reverse=True)
    return [shown(key) for key in found]


def shown(key: SignInKey) -> SignInKeyView:
    """Return a key as its owner sees it."""
    return SignInKeyView(key.id, key.label, key.added_at, key.used_at, key.backed_up)


def remove_key(city: CityOf, *, key: str) -> None:
    """Take off a device of the caller's, and end its other sessions; not the last way in."""
    found, me = peek(city, SignInKey, key), city.caller.id
    if found is None or found.person != me:
        raise NotFound("you have no such device", "그런 기기가 없습니다")
    codes = city.runtime.state.with_value(RecoveryCode.__name__, "person", me) or ()
    if len(keys_of(city, me)) == 1 and not list(codes):
        raise Conflict(
            "This is your only device. Make recovery codes or add another device first.",
            "마지막 기기입니다. 먼저 복구 코드를 만들거나 다른 기기를 추가하세요.",
        )
    drop_key(city, found)


def drop_key(city: CityOf, key: SignInKey) -> None:
    """Take off a device, and end the sessions that it began, but not the one that says so."""
    remove(city, key.id)
    begun = [one for one in sessions_of(city, key.person) if one.key == key.id]
    end_all(city, [one for one in begun if one.id != city.caller.session])


def _kept(key: Passkey) -> dict[str, Any]:
    return {
        "key": b64(key.key),
        "sign_count": key.sign_count,
        "verified": key.verified,
        "may_be_backed_up": key.may_be_backed_up,
        "backed_up": key.backed_up,
        "aaguid": b64(key.aaguid),
        "attested": key.attested,
    }
