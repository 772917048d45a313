"""What a city certifies: kinds, ages, badges, and who may act for whom."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.ledger.identity.badges import Achievement, badge, check_badge, opened_badge, sign_badge
from hapgang.ledger.identity.credentials import (
    AGE,
    AGES,
    DELEGATION,
    KINDS,
    RESIDENCY,
    age_claims,
    issue_credential,
)
from hapgang.ledger.identity.delegation import Power, pass_on, power
from hapgang.ledger.identity.did import key_did, key_of
from hapgang.ledger.identity.jose import Json, NotProven, new_key, peek, public
from hapgang.ledger.identity.sdjwt import Shown, split, verify

ISSUER, LIST, NOW = "did:web:city.example", "https://city.example/status/1", 1_790_000_000
CITY, PERSON = new_key(), new_key()
SAID: dict[str, Json] = {
    "residency": {"resident": True, "city": "sejong", "zone": "5-1", "since": "2026-03-02"},
    "age": {"age_equal_or_over": {"14": True, "18": True, "19": False}},
    "disability": {"disabled": True, "degree": "severe", "needs": ["lift"]},
    "driving_licence": {"categories": ["2-ordinary"], "valid_until": "2031-12-31"},
    "membership": {"organisation": "library", "role": "member"},
    "nanodegree": {
        "achievement": "https://city.example/achievements/1",
        "title": "Data for a city",
        "skills": ["SQL", "statistics"],
        "completed": "2026-06-30",
    },
    "delegation": {"for": "did:key:zX", "relation": "parent", "actions": ["a/b"], "further": 0},
}


def city_key(issuer: str, kid: str | None) -> Json:
    return CITY if issuer == ISSUER else key_of(issuer)


def made(name: str, said: Json | None = None, holder: Json = PERSON, **more: int) -> str:
    return issue_credential(
        KINDS[name],
        SAID[name] if said is None else said,
        CITY,
        issuer=ISSUER,
        kid="k",
        holder=holder,
        now_s=NOW,
        place=(3, LIST),
        until_s=more.get("until_s"),
    )


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_issued_and_hides_all_it_says(name: str) -> None:
    whole = made(name)
    claims = verify(whole, city_key, NOW).claims
    assert {each: claims[each] for each in SAID[name]} == SAID[name]
    signed = peek(split(whole).signed).claims
    leaves = {"iss", "vct", "iat", "exp", "status", "cnf", "_sd", "_sd_alg"}
    for each, value in signed.items():
        if each not in leaves:  # a frame, with digests in it only
            assert each in SAID[name]
            assert all("..." in part for part in value) or "_sd" in value
    assert signed["iat"] % 86_400 == 0
    assert len(KINDS[name].schema()) == len(KINDS[name].claims)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("residency", {"birth": "2000-01-01"}),
        ("residency", {"resident": False}),
        ("residency", {"resident": 1}),
        ("residency", {"city": ""}),
        ("residency", {"since": "2026-02-30"}),
        ("residency", {"since": "20260302"}),
        ("residency", {"city": "x" * 600}),
        ("age", {"age_equal_or_over": {}}),
        ("age", {"age_equal_or_over": {"018": True}}),
        ("age", {"age_equal_or_over": {"18": 1}}),
        ("disability", {"degree": "much"}),
        ("driving_licence", {"categories": []}),
        ("driving_licence", {"categories": "2"}),
        ("delegation", {"further": -1}),
        ("delegation", {"further": True}),
    ],
)
def test_what_does_not_fit_a_kind(name: str, changes: Json) -> None:
    with pytest.raises(Invalid):
        made(name, SAID[name] | changes)


def test_what_a_kind_needs() -> None:
    with pytest.raises(Invalid, match="needs city"):
        made("residency", {"resident": True})
    with pytest.raises(Invalid, match="over already"):
        made("residency", until_s=NOW)


@given(st.dates(date(1920, 1, 1), date(2026, 1, 1)), st.dates(date(2026, 1, 2), date(2040, 1, 1)))
def test_ages_are_right_and_say_nothing_else(birth: date, today: date) -> None:
    said = age_claims(birth, today)
    AGE.check(said)
    for age in AGES:
        try:
            then = birth.replace(year=birth.year + age)
        except ValueError:  # 29 February: a year older on 1 March
            then = date(birth.year + age, 3, 1)
        assert said["age_equal_or_over"][str(age)] == (today >= then)
    with pytest.raises(Invalid):
        age_claims(today, birth)


ACHIEVEMENT = Achievement(
    "https://city.example/achievements/1", "Data", "Reads data of a city", "Ten tasks", ("SQL",)
)
BADGE = badge(
    ACHIEVEMENT,
    name="urn:uuid:3d2f0c4e-0001-4000-8000-000000000001",
    issuer=ISSUER,
    issuer_name="City",
    holder=key_did(PERSON),
    at_s=NOW - 5,
    until_s=NOW + 500,
)


def test_a_badge_is_signed_and_read() -> None:
    assert opened_badge(sign_badge(CITY, BADGE, "k"), city_key, NOW) == BADGE
    subject = BADGE["credentialSubject"]
    assert subject["achievement"]["type"] == ["Achievement"]
    with pytest.raises(NotProven, match="expired"):
        opened_badge(sign_badge(CITY, BADGE, "k"), city_key, NOW + 5_000)
    with pytest.raises(NotProven, match="not valid yet"):
        opened_badge(sign_badge(CITY, BADGE, "k"), city_key, NOW - 5_000)
    with pytest.raises(NotProven, match="signature"):
        opened_badge(sign_badge(new_key(), BADGE, "k"), city_key, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"@context": ["https://www.w3.org/2018/credentials/v1"]},
        {"type": ["VerifiableCredential"]},
        {"id": None},
        {"issuer": ISSUER},
        {"validFrom": "yesterday"},
        {"validFrom": "2026-01-01T00:00:00"},
        {"credentialSubject": {"type": ["AchievementSubject"]}},
        {"credentialSubject": {"type": ["AchievementSubject"], "achievement": {"id": "x"}}},
    ],
)
def test_what_is_no_badge(changes: Json) -> None:
    with pytest.raises(Invalid):
        check_badge(BADGE | changes)


def delegation(said: Json, holder: Json, until_s: int = NOW + 9_000) -> Shown:
    whole = made("delegation", SAID["delegation"] | said, holder, until_s=until_s)
    return verify(whole, city_key, NOW)


def passed(held: Power, key: Json, to: Json, actions: list[str]) -> Shown:
    return verify(pass_on(key, held, to, actions, NOW), city_key, NOW)


def test_a_parent_acts_for_a_child() -> None:
    held = power([delegation({"actions": ["mobility.sharing/*", "pay"]}, PERSON)], NOW)
    assert held.delegate == key_did(public(PERSON))
    assert held.covers("mobility.sharing/rent")
    assert held.covers("pay")
    assert not held.covers("vote")
    assert not held.covers("mobility.maas/book")
    with pytest.raises(NotProven, match="over"):
        power([delegation({}, PERSON, NOW + 5)], NOW + 5)


def test_passing_on_ends_where_it_was_said_to() -> None:
    one, two, three = new_key(), new_key(), new_key()
    first = delegation({"further": 1, "actions": ["a/*"]}, one)
    held = power([first], NOW)
    second = passed(held, one, two, ["a/b"])
    again = power([first, second], NOW)
    assert (again.actions, again.further, again.principal) == (("a/b",), 0, held.principal)
    with pytest.raises(NotProven, match="passed on"):
        pass_on(two, again, three, ["a/b"], NOW)
    with pytest.raises(NotProven, match="passed on"):
        pass_on(two, held, three, ["a/b"], NOW)  # it is not theirs


def test_a_chain_that_gives_more_than_it_was_given() -> None:
    one, two = new_key(), new_key()
    first = delegation({"further": 2, "actions": ["a/b"]}, one)
    held = power([first], NOW)
    longer = Power(held.principal, held.delegate, held.relation, held.actions, NOW + 99_999, 2)
    other = Power("did:key:zY", held.delegate, held.relation, held.actions, held.until_s, 2)
    endless = Power(held.principal, held.delegate, held.relation, held.actions, held.until_s, 3)
    for wrong, actions, why in (
        (held, ["a/c"], "more"),
        (held, ["*"], "more"),
        (longer, ["a/b"], "more"),
        (other, ["a/b"], "changed"),
        (endless, ["a/b"], "passed on"),
    ):
        with pytest.raises(NotProven, match=why):
            power([first, passed(wrong, one, two, actions)], NOW)
    with pytest.raises(NotProven, match="somebody else"):
        power([first, delegation({}, two)], NOW)
    for chain in ([], [first] * 5):
        with pytest.raises(NotProven, match="links"):
            power(chain, NOW)


def test_a_delegation_is_shown_whole_and_is_one() -> None:
    hidden = made("delegation").split("~")[0] + "~"
    with pytest.raises(NotProven, match="whole"):
        power([verify(hidden, city_key, NOW)], NOW)
    with pytest.raises(NotProven, match="not a delegation"):
        power([verify(made("residency"), city_key, NOW)], NOW)
    assert DELEGATION.vct != RESIDENCY.vct
