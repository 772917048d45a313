"""DCQL (OpenID4VP 1.0, section 6): what is asked to be shown, and the least that answers it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import msgspec

from hapgang.core.errors import Invalid, NotFound
from hapgang.ledger.identity.disclosures import Path
from hapgang.ledger.identity.jose import Json
from hapgang.ledger.identity.sdjwt import TYP, Shown

Step = str | int | None
MOST_CREDENTIALS = 16
MOST_CLAIMS = 32
_MOST_OPTIONS = 64
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class AskedClaim(msgspec.Struct, frozen=True):
    """A claim that is asked for; with `values`, only one of these will do."""

    id: str | None
    path: tuple[Step, ...]
    values: tuple[Any, ...] = ()


class AskedCredential(msgspec.Struct, frozen=True):
    """A credential that is asked for: of which types, with which of these sets of claims."""

    id: str
    vcts: tuple[str, ...]
    options: tuple[tuple[AskedClaim, ...], ...]


class Query(msgspec.Struct, frozen=True):
    """All that is asked for: credentials by id, and which combinations of them are enough."""

    credentials: tuple[AskedCredential, ...]
    sets: tuple[tuple[tuple[tuple[str, ...], ...], bool], ...] = ()

    def combinations(self) -> Iterator[tuple[str, ...]]:
        """Return which credentials together are enough, those that are required only."""
        required = [options for options, needed in self.sets if needed]
        if not self.sets:
            yield tuple(each.id for each in self.credentials)
            return
        for chosen in product(*required):
            yield tuple(dict.fromkeys(name for option in chosen for name in option))


class Choice(msgspec.Struct, frozen=True):
    """What answers one asked credential: which of those held, and what to tell of it."""

    held: str
    told: tuple[str, ...]


def parse_query(document: object) -> Query:
    """Return a query that is in order; formats other than SD-JWT VC are not asked for here."""
    listed = _list(document, "credentials", MOST_CREDENTIALS)
    credentials = tuple(_credential(each) for each in listed)
    names = [each.id for each in credentials]
    if len(dict.fromkeys(names)) != len(names):
        raise _invalid("an id stands twice", "같은 번호가 두 번 나옵니다")
    assert isinstance(document, dict)
    if "credential_sets" not in document:
        return Query(credentials)
    sets = tuple(_set(each, names) for each in _list(document, "credential_sets", 8))
    many = 1
    for options, _ in sets:
        many *= len(options)
    if many > _MOST_OPTIONS:
        raise _invalid("it has too many combinations", "조합이 너무 많습니다")
    return Query(credentials, sets)


def found(claims: Mapping[str, Any], path: Sequence[Step]) -> list[tuple[Path, Any]]:
    """Return what a path leads to (section 7.1): null is every element of a list."""
    at: list[tuple[Path, Any]] = [((), claims)]
    for step in path:
        further: list[tuple[Path, Any]] = []
        for here, value in at:
            if isinstance(step, str) and isinstance(value, Mapping) and step in value:
                further.append(((*here, step), value[step]))
            elif step is None and isinstance(value, list):
                further += [((*here, place), part) for place, part in enumerate(value)]
            elif type(step) is int and isinstance(value, list) and step < len(value):
                further.append(((*here, step), value[step]))
        at = further
    return at


def answers(claim: AskedClaim, claims: Mapping[str, Any]) -> list[tuple[Path, Any]]:
    """Return the values that answer an asked claim; none where it is not answered."""
    values = found(claims, claim.path)
    if claim.values:
        values = [each for each in values if any(_equal(each[1], one) for one in claim.values)]
    return values


def least(asked: AskedCredential, shown: Shown) -> tuple[str, ...] | None:
    """Return the fewest disclosures of a credential that answer; None if it does not answer.

    Of several values that would do, the one that takes fewest is shown, not all.
    """
    if shown.vct not in asked.vcts:
        return None
    enough = [told for option in asked.options if (told := _told(option, shown)) is not None]
    return min(enough, key=len, default=None)


def choose(query: Query, held: Mapping[str, Shown]) -> dict[str, Choice]:
    """Return what answers a query with the fewest disclosures; `NotFound` where nothing does.

    The standard leaves preferences between options to who asks; here they break ties only.
    """
    best: dict[str, Choice] = {}
    for asked in query.credentials:
        choices = [
            Choice(name, told)
            for name, shown in held.items()
            if (told := least(asked, shown)) is not None
        ]
        if choices:
            best[asked.id] = min(choices, key=lambda each: len(each.told))
    enough = [names for names in query.combinations() if all(name in best for name in names)]
    if not enough:
        raise NotFound(
            "nothing that you keep answers this: have it issued first",
            "가진 증명서로는 답할 수 없습니다. 먼저 발급받으세요.",
        )
    names = min(enough, key=lambda each: (sum(len(best[name].told) for name in each), len(each)))
    return {name: best[name] for name in names}


def _told(option: Sequence[AskedClaim], shown: Shown) -> tuple[str, ...] | None:
    told: dict[str, None] = {}
    for claim in option:
        values = answers(claim, shown.claims)
        if not values:
            return None
        needs = [_within(shown, path, claim.path) for path, _ in values]
        if claim.values or None not in claim.path:
            needs = [min(needs, key=len)]
        told.update(dict.fromkeys(each for need in needs for each in need))
    return tuple(told)


def _within(shown: Shown, path: Path, asked: Sequence[Step]) -> tuple[str, ...]:
    """Return what it takes to show a value with all that is in it.

    What is asked for by its place in a list has to stand at that place when it is shown, and what
    is not told is left out of lists: so all before it is told, too.
    """
    needs = shown.revealed.needs
    inside = [each for at, need in needs.items() if at[: len(path)] == path for each in need]
    for depth, (step, wanted) in enumerate(zip(path, asked, strict=True)):
        if isinstance(step, int) and wanted is not None:
            for place in range(step):
                inside += needs[(*path[:depth], place)]
    return tuple(dict.fromkeys(inside))


def _credential(document: object) -> AskedCredential:
    if not isinstance(document, dict) or document.get("format") != TYP:
        raise _invalid(f"only {TYP} is asked for", f"{TYP} 형식만 됩니다")
    if document.get("multiple") or not document.get("require_cryptographic_holder_binding", True):
        raise _invalid("each is asked for once, and bound", "하나씩, 본인 것만 됩니다")
    vcts = _texts(document.get("meta"), "vct_values")
    claims = tuple(_claim(each) for each in _list(document, "claims", MOST_CLAIMS, empty=True))
    options: tuple[tuple[AskedClaim, ...], ...] = (claims,)
    if "claim_sets" in document:
        by_id = {each.id: each for each in claims if each.id is not None}
        if len(by_id) != sum(each.id is not None for each in claims):
            raise _invalid("a claim's id stands twice", "같은 항목 번호가 두 번 나옵니다")
        sets = _list(document, "claim_sets", MOST_CLAIMS)
        if not all(isinstance(one, list) and all(each in [*by_id] for each in one) for one in sets):
            raise _invalid("a set names claims that are not there", "없는 항목을 가리킵니다")
        options = tuple(tuple(by_id[each] for each in one) for one in sets)
    return AskedCredential(_id(document.get("id")), vcts, options)


def _claim(document: object) -> AskedClaim:
    path = _list(document, "path", 16)
    assert isinstance(document, dict)
    if not all(part is None or isinstance(part, str) or _is_place(part) for part in path):
        raise _invalid("a path is of names, places and null", "경로가 바르지 않습니다")
    values = _list(document, "values", MOST_CLAIMS) if "values" in document else []
    if not all(isinstance(value, str | int | bool) for value in values):
        raise _invalid("values are texts, whole numbers, yes or no", "값의 종류가 맞지 않습니다")
    name = _id(document["id"]) if "id" in document else None
    return AskedClaim(name, tuple(path), tuple(values))


def _set(document: object, names: Sequence[str]) -> tuple[tuple[tuple[str, ...], ...], bool]:
    options = _list(document, "options", _MOST_OPTIONS)
    assert isinstance(document, dict)
    if not all(isinstance(one, list) and one and all(x in names for x in one) for one in options):
        raise _invalid("an option names what is not asked for", "없는 증명서를 가리킵니다")
    required = document.get("required", True)
    if not isinstance(required, bool):
        raise _invalid("`required` is yes or no", "required는 참이나 거짓입니다")
    return tuple(tuple(one) for one in options), required


def _list(document: object, name: str, most: int, *, empty: bool = False) -> list[Any]:
    value = document.get(name, [] if empty else None) if isinstance(document, dict) else None
    if not isinstance(value, list) or len(value) > most or not (value or empty):
        raise _invalid(f"it needs a list `{name}`, of at most {most}", f"{name} 목록이 필요합니다")
    return value


def _texts(document: object, name: str) -> tuple[str, ...]:
    values = _list(document, name, MOST_CREDENTIALS)
    if not all(isinstance(value, str) for value in values):
        raise _invalid(f"`{name}` are texts", f"{name}은 글입니다")
    return tuple(values)


def _id(value: object) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise _invalid("an id has letters, digits, - and _", "번호가 바르지 않습니다")
    return value


def _is_place(value: object) -> bool:
    return type(value) is int and value >= 0


def _equal(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other  # 1 is not true


def _invalid(en: str, ko: str) -> Invalid:
    return Invalid(f"this query is not in order: {en}", f"요청이 바르지 않습니다: {ko}")


def query_document(query: Query) -> Json:
    """Return a query as it is sent."""
    return {"credentials": [_document(each) for each in query.credentials], **_sets(query)}


def _document(asked: AskedCredential) -> Json:
    claims = list(dict.fromkeys(claim for option in asked.options for claim in option))
    several = len(asked.options) > 1
    shown = [
        {
            **({"id": claim.id} if claim.id is not None else {}),
            "path": list(claim.path),
            **({"values": list(claim.values)} if claim.values else {}),
        }
        for claim in claims
    ]
    return {
        "id": asked.id,
        "format": TYP,
        "meta": {"vct_values": list(asked.vcts)},
        **({"claims": shown} if shown else {}),
        **({"claim_sets": [[c.id for c in one] for one in asked.options]} if several else {}),
    }


def _sets(query: Query) -> Json:
    if not query.sets:
        return {}
    sets = [
        {"options": [list(one) for one in options], "required": required}
        for options, required in query.sets
    ]
    return {"credential_sets": sets}
