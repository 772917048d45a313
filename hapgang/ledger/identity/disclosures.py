"""Claims that are told one by one: salted digests in the credential, the rest beside it.

RFC 9901, 4 and 7.1. A path names a claim as in DCQL: names of members and positions in lists.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hapgang.core.errors import Invalid
from hapgang.ledger.identity.jose import Draw, Json, NotProven, b64, parse, unb64

Path = tuple[str | int, ...]

HASHES = {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}
SALT_BYTES = 16  # RFC 9901, 9.3: 128 bits
MOST_DISCLOSURES = 256
MOST_CHARACTERS = 65_536
MOST_DEPTH = 24
_RESERVED = ("_sd", "...", "_sd_alg")


class Revealed(msgspec.Struct, frozen=True):
    """Claims as they were before they were hidden, and which disclosures each needs."""

    claims: Json
    needs: dict[Path, tuple[str, ...]]


def disclosure(salt: str, value: object, name: str | None = None) -> str:
    """Return what tells a member, or an element of a list where it has no name."""
    parts = [salt, value] if name is None else [salt, name, value]
    return b64(json.dumps(parts, ensure_ascii=False, allow_nan=False).encode())


def digest(told: str, algorithm: str = "sha-256") -> str:
    """Return what stands in the credential for a disclosure."""
    return b64(HASHES[algorithm](told.encode()).digest())


def conceal(
    claims: Mapping[str, Any],
    hide: Sequence[Path],
    *,
    decoys: int = 0,
    draw: Draw = secrets.token_bytes,
) -> tuple[Json, tuple[str, ...]]:
    """Return claims with the named ones hidden, and the disclosures that tell them.

    What is hidden can have hidden parts. Each object with hidden members gets so many decoys, by
    which nobody can count them.
    """
    hiding = _Hiding(dict.fromkeys(hide, False), decoys, draw)
    payload = hiding.of_object(claims, ())
    for path, done in hiding.paths.items():
        if not done:
            raise Invalid(f"there is no claim {path!r}", f"{path!r} 항목이 없습니다")
    if hiding.told:
        payload["_sd_alg"] = "sha-256"
    return payload, tuple(hiding.told)


def reveal(payload: Mapping[str, Any], told: Sequence[str]) -> Revealed:
    """Return the claims that a credential and these disclosures tell, by RFC 9901, 7.1.

    Every disclosure must be one that the credential names, once. What is not told is left out.
    """
    algorithm = payload.get("_sd_alg", "sha-256")
    if not isinstance(algorithm, str) or algorithm not in HASHES:
        raise NotProven("its hash algorithm is not known", "알지 못하는 해시 방식입니다")
    if len(told) > MOST_DISCLOSURES:
        raise NotProven("it discloses too much at once", "한 번에 보여 주는 것이 너무 많습니다")
    by_digest = {digest(each, algorithm): each for each in told}
    if len(by_digest) != len(told):
        raise NotProven("a disclosure is shown twice", "같은 항목을 두 번 보여 줍니다")
    opening = _Opening(by_digest)
    body = {name: value for name, value in payload.items() if name != "_sd_alg"}
    claims = opening.of_object(body, (), ())
    if len(opening.used) != len(by_digest):
        raise NotProven("a disclosure does not belong to it", "속하지 않는 항목이 있습니다")
    return Revealed(claims, opening.needs)


class _Hiding:
    """One walk through claims, inner ones first."""

    def __init__(self, paths: dict[Path, bool], decoys: int, draw: Draw) -> None:
        self.paths = paths
        self.told: list[str] = []
        self._decoys = decoys
        self._draw = draw

    def of(self, value: object, path: Path) -> Any:
        if isinstance(value, Mapping):
            return self.of_object(value, path)
        return self.of_list(value, path) if isinstance(value, list | tuple) else value

    def of_object(self, value: Mapping[str, Any], path: Path) -> Json:
        shown: Json = {}
        hashes: list[str] = []
        for name, part in value.items():
            if name in _RESERVED:
                raise Invalid(f"{name} is a reserved name", f"{name}은 쓸 수 없는 이름입니다")
            inner = self.of(part, (*path, name))
            if (*path, name) in self.paths:
                hashes.append(self._hide((*path, name), inner, name))
            else:
                shown[name] = inner
        if hashes:  # in the order of digests, which says nothing
            decoys = [b64(self._draw(32)) for _ in range(self._decoys)]
            shown["_sd"] = sorted(hashes + decoys)
        return shown

    def of_list(self, value: Sequence[Any], path: Path) -> list[Any]:
        shown: list[Any] = []
        for at, part in enumerate(value):
            inner, here = self.of(part, (*path, at)), (*path, at)
            shown.append({"...": self._hide(here, inner)} if here in self.paths else inner)
        return shown

    def _hide(self, path: Path, value: object, name: str | None = None) -> str:
        self.paths[path] = True
        self.told.append(disclosure(b64(self._draw(SALT_BYTES)), value, name))
        return digest(self.told[-1])


class _Opening:
    """One walk through a credential: each digest may be met once, wherever it stands."""

    def __init__(self, by_digest: Mapping[str, str]) -> None:
        self.by_digest = by_digest
        self.met: set[str] = set()  # asked for membership only
        self.used: set[str] = set()
        self.needs: dict[Path, tuple[str, ...]] = {}

    def of(self, value: object, path: Path, needed: tuple[str, ...]) -> Any:
        if len(path) > MOST_DEPTH:
            raise NotProven("it is nested too deep", "너무 깊이 들어 있습니다")
        self.needs[path] = needed
        if isinstance(value, dict):
            return self.of_object(value, path, needed)
        return self.of_list(value, path, needed) if isinstance(value, list) else value

    def of_object(self, value: Json, path: Path, needed: tuple[str, ...]) -> Json:
        if "..." in value or "_sd_alg" in value:
            raise NotProven("a reserved name stands in it", "쓸 수 없는 이름이 있습니다")
        shown = {
            name: self.of(part, (*path, name), needed)
            for name, part in value.items()
            if name != "_sd"
        }
        hashes = value.get("_sd", [])
        if not isinstance(hashes, list):
            raise NotProven("its digests are no list", "다이제스트 목록이 아닙니다")
        for each in hashes:
            told = self._told(each)
            if told is None:
                continue
            name, part = _member(told)
            if name in shown:
                raise NotProven("a claim is told twice", "같은 항목이 두 번 나옵니다")
            shown[name] = self.of(part, (*path, name), (*needed, told))
        return shown

    def of_list(self, value: list[Any], path: Path, needed: tuple[str, ...]) -> list[Any]:
        shown: list[Any] = []
        for part in value:
            inside, chain = part, needed
            if isinstance(part, dict) and "..." in part:
                if len(part) != 1:
                    raise NotProven("a digest has company", "다이제스트 형식이 아닙니다")
                told = self._told(part["..."])
                if told is None:
                    continue
                inside, chain = _element(told), (*needed, told)
            shown.append(self.of(inside, (*path, len(shown)), chain))
        return shown

    def _told(self, hashed: object) -> str | None:
        if not isinstance(hashed, str) or hashed in self.met:
            raise NotProven("a digest stands in it twice", "같은 다이제스트가 두 번 나옵니다")
        self.met.add(hashed)
        told = self.by_digest.get(hashed)
        if told is not None:
            self.used.add(hashed)
        return told


def contents(told: str) -> list[Any]:
    """Return what a disclosure says: salt, name (of a member) and value."""
    parts = parse(unb64(told, MOST_CHARACTERS))
    if not isinstance(parts, list) or len(parts) not in (2, 3) or not isinstance(parts[0], str):
        raise NotProven("a disclosure is not in order", "공개 항목의 형식이 아닙니다")
    return parts


def _member(told: str) -> tuple[str, Any]:
    parts = contents(told)
    if len(parts) != 3 or not isinstance(parts[1], str) or parts[1] in ("_sd", "..."):
        raise NotProven("a disclosure names no claim", "공개 항목에 이름이 없습니다")
    return parts[1], parts[2]


def _element(told: str) -> Any:
    parts = contents(told)
    if len(parts) != 2:
        raise NotProven("a list's disclosure has a name", "목록의 공개 항목에 이름이 있습니다")
    return parts[1]
