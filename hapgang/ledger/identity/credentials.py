"""The kinds of credentials that a city issues: what each says, and how little of it is shown.

Every claim is told by itself; who checks an age sees neither the others nor a date of birth.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from hapgang.core.errors import Invalid
from hapgang.core.text import Text
from hapgang.ledger.identity import status
from hapgang.ledger.identity.disclosures import Path
from hapgang.ledger.identity.jose import Draw, Json
from hapgang.ledger.identity.sdjwt import issue

DAY_S = 86_400
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_TEXT = 512
_MOST_LISTED = 32

Form = Literal["text", "yes", "whole", "date", "texts", "ages"]


class Claim(msgspec.Struct, frozen=True):
    """One thing that a credential says."""

    name: str
    form: Form
    title: Text
    among: tuple[str, ...] = ()
    needed: bool = True


class Kind(msgspec.Struct, frozen=True):
    """A kind of credential: its type on the wire (`vct`), its claims, how long it is good for."""

    name: str
    title: Text
    claims: tuple[Claim, ...]
    days: int  # assumption: how often a city has people come back

    @property
    def vct(self) -> str:
        """Return the type's name on the wire."""
        return f"urn:hapgang:credential:{self.name}:1"

    def check(self, said: Mapping[str, Any]) -> None:
        """Refuse what is not of this kind: nothing that is needed absent, nothing else there."""
        known = {claim.name: claim for claim in self.claims}
        for name, value in said.items():
            if name not in known or not _fits(known[name], value):
                raise Invalid(f"{name} does not fit {self.name}", f"{name} 항목이 맞지 않습니다")
        missing = [each.name for each in self.claims if each.needed and each.name not in said]
        if missing:
            raise Invalid(f"{self.name} needs {missing[0]}", f"{missing[0]} 항목이 필요합니다")

    def schema(self) -> list[Json]:
        """Return the claims as an issuer's metadata show them (OpenID4VCI 1.0, appendix B.2)."""
        return [
            {
                "path": [claim.name],
                "mandatory": claim.needed,
                "display": [
                    {"name": claim.title.en, "locale": "en"},
                    {"name": claim.title.ko, "locale": "ko"},
                ],
            }
            for claim in self.claims
        ]


RESIDENCY = Kind(
    "residency",
    Text("Resident", "거주"),
    (
        Claim("resident", "yes", Text("Lives in the city", "시민 여부")),
        Claim("city", "text", Text("City", "도시")),
        Claim("zone", "text", Text("Living zone", "생활권"), needed=False),
        Claim("since", "date", Text("Since", "전입일"), needed=False),
    ),
    365,
)
AGE = Kind(
    "age",
    Text("Age", "나이"),
    (Claim("age_equal_or_over", "ages", Text("Is so old or older", "만 나이 이상")),),
    365,
)
DISABILITY = Kind(
    "disability",
    Text("Disability", "장애"),
    (
        Claim("disabled", "yes", Text("Registered disability", "장애 등록")),
        # Act on Welfare of Persons with Disabilities, since July 2019: two degrees.
        Claim("degree", "text", Text("Degree", "정도"), ("severe", "not_severe")),
        Claim("needs", "texts", Text("Needs", "필요한 지원"), needed=False),
    ),
    730,
)
DRIVING_LICENCE = Kind(
    "driving_licence",
    Text("Driving licence", "운전면허"),
    (
        Claim("categories", "texts", Text("Categories", "종류")),
        Claim("valid_until", "date", Text("Licence valid until", "면허 만료일")),
        Claim("conditions", "texts", Text("Conditions", "조건"), needed=False),
    ),
    365,
)
MEMBERSHIP = Kind(
    "membership",
    Text("Membership", "회원"),
    (
        Claim("organisation", "text", Text("Organisation", "단체")),
        Claim("role", "text", Text("Role", "역할")),
    ),
    365,
)
NANODEGREE = Kind(
    "nanodegree",
    Text("Nanodegree", "나노디그리"),
    (
        Claim("achievement", "text", Text("Achievement (Open Badges id)", "성취 식별자")),
        Claim("title", "text", Text("Title", "과정 이름")),
        Claim("skills", "texts", Text("Skills", "기술")),
        Claim("completed", "date", Text("Completed", "수료일")),
    ),
    3650,
)
DELEGATION = Kind(
    "delegation",
    Text("Acts for somebody", "대리"),
    (
        Claim("for", "text", Text("For whom", "누구를")),
        Claim(
            "relation",
            "text",
            Text("As", "관계"),
            ("parent", "guardian", "carer", "company"),
        ),
        Claim("actions", "texts", Text("May do", "할 수 있는 일")),
        Claim("further", "whole", Text("May be passed on so many times", "재위임 횟수")),
    ),
    365,
)
KINDS = {
    kind.name: kind
    for kind in (
        RESIDENCY, AGE, DISABILITY, DRIVING_LICENCE, MEMBERSHIP, NANODEGREE, DELEGATION,
    )
}  # fmt: skip
KIND_OF = {kind.vct: kind for kind in KINDS.values()}

# Where an age is asked for: 6 and 13, fares of Sejong's buses; 14, consent to data (Personal
# Information Protection Act, 22-2); 16, small vehicles (Road Traffic Act, 82); 18, votes (Public
# Official Election Act, 15); 19, majority (Civil Act, 4); 65, seniors' fares (Welfare of Senior
# Citizens Act, 26); 70, Sejong's city pass.
AGES = (6, 13, 14, 16, 18, 19, 65, 70)


def age_claims(birth: date, today: date, ages: Sequence[int] = AGES) -> Json:
    """Return which ages somebody has reached, each to be told by itself; the date stays outside.

    Only yes proves anything: who was younger at issue may be old enough by now.
    """
    reached = age_on(birth, today)
    if reached < 0:
        raise Invalid("nobody is born tomorrow", "태어난 날이 앞으로의 날입니다")
    return {"age_equal_or_over": {str(age): reached >= age for age in ages}}


def age_on(birth: date, day: date) -> int:
    """Return somebody's age on a day, in whole years; below zero before they are born."""
    had_birthday = (day.month, day.day) >= (birth.month, birth.day)
    return day.year - birth.year - (0 if had_birthday else 1)


def hidden(said: Mapping[str, Any]) -> list[Path]:
    """Return what is told one by one: each claim, or each of its ages and elements."""
    paths: list[Path] = []
    for name, value in said.items():
        if isinstance(value, dict):
            paths += [(name, inner) for inner in value]
        elif isinstance(value, list | tuple):
            paths += [(name, at) for at in range(len(value))]
        else:
            paths.append((name,))
    return paths


def issue_credential(
    kind: Kind,
    said: Mapping[str, Any],
    key: Json,
    *,
    issuer: str,
    kid: str,
    holder: Mapping[str, Any],
    now_s: int,
    place: tuple[int, str],
    until_s: int | None = None,
    draw: Draw = secrets.token_bytes,
) -> str:
    """Return a credential of a kind for who has this key; `place` is its status (index, list).

    Its times are whole days, so that they tell no one person from the others of that day.
    """
    kind.check(said)
    today_s = now_s - now_s % DAY_S
    until = today_s + kind.days * DAY_S if until_s is None else until_s
    if until <= now_s:
        raise Invalid("it would be over already", "이미 기한이 지났습니다")
    claims = {
        "iss": issuer,
        "vct": kind.vct,
        "iat": today_s,
        "exp": until,
        "status": status.claim(*place),
        **said,
    }
    return issue(key, claims, hidden(said), holder=holder, kid=kid, decoys=2, draw=draw)


def _fits(claim: Claim, value: object) -> bool:
    match claim.form:
        case "yes":
            return value is True
        case "whole":
            return type(value) is int and 0 <= value < 100
        case "ages":
            return (
                isinstance(value, dict)
                and 0 < len(value) <= _MOST_LISTED
                and all(
                    age.isdecimal() and age == str(int(age)) and isinstance(yes, bool)
                    for age, yes in value.items()
                )
            )
        case "texts":
            listed = isinstance(value, list | tuple) and 0 < len(value) <= _MOST_LISTED
            return listed and all(_is_text(part) for part in value)  # type: ignore[attr-defined]
        case "date":
            return _is_text(value) and _is_date(str(value))
        case _:
            return _is_text(value) and (not claim.among or value in claim.among)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _MOST_TEXT and "\x00" not in value


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False
