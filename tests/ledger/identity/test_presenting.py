"""What is asked, the least that answers, and what is proven by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import CityError, Invalid, NotFound
from hapgang.ledger.identity.credentials import (
    AGE,
    DELEGATION,
    DISABILITY,
    MEMBERSHIP,
    RESIDENCY,
)
from hapgang.ledger.identity.dcql import Query, choose, found, parse_query, query_document
from hapgang.ledger.identity.did import key_did
from hapgang.ledger.identity.jose import Json, NotProven, new_key
from hapgang.ledger.identity.presenting import LONGEST_S, Proven, answer, prove
from hapgang.ledger.identity.sdjwt import Asked, issue, present, split
from tests.ledger.identity.wallet import ISSUER, LIST, NOW, City

ASKED = Asked("decentralized_identifier:did:web:city.example", "nonce-1")
AGES = {"age_equal_or_over": {"14": True, "18": True, "19": False, "65": False}}
ADULT = {
    "id": "age",
    "format": "dc+sd-jwt",
    "meta": {"vct_values": [AGE.vct]},
    "claims": [{"path": ["age_equal_or_over", "18"], "values": [True]}],
}
HERE = {
    "id": "here",
    "format": "dc+sd-jwt",
    "meta": {"vct_values": [RESIDENCY.vct]},
    "claims": [
        {"id": "r", "path": ["resident"]},
        {"id": "c", "path": ["city"]},
        {"id": "z", "path": ["zone"]},
    ],
    "claim_sets": [["c", "z"], ["r"]],
}


class Person:
    def __init__(self, city: City) -> None:
        self.city, self.key = city, new_key()
        self.held = {
            "my age": city.issue("age", AGES, self.key),
            "my home": city.issue(
                "residency", {"resident": True, "city": "sejong", "zone": "5-1"}, self.key
            ),
            "my help": city.issue(
                "disability",
                {"disabled": True, "degree": "severe", "needs": ["lift", "guide"]},
                self.key,
            ),
        }

    def answer(self, query: Query, asked: Asked = ASKED) -> dict[str, list[str]]:
        choices = choose(query, self.city.kept(self.held))
        return answer(choices, self.held, self.key, asked, self.city.now_s)

    def proves(self, query: Query) -> Proven:
        return prove(query, self.answer(query), self.city.trust(), ASKED, self.city.now_s)


SOMEBODY = Person(City())
SHOWN = SOMEBODY.answer(parse_query({"credentials": [ADULT]}))


@pytest.fixture
def person() -> Person:
    return Person(City())


def test_an_adult_shows_that_and_nothing_else(person: Person) -> None:
    query = parse_query({"credentials": [ADULT]})
    shown = person.answer(query)
    assert len(split(shown["age"][0]).told) == 1
    proven = prove(query, shown, person.city.trust(), ASKED, NOW)
    assert proven.attributes == {"age.age_equal_or_over.18": True}
    assert proven.subject == key_did(person.key)
    assert proven.until_s == NOW + LONGEST_S


def test_the_fewest_disclosures_are_chosen(person: Person) -> None:
    query = parse_query({"credentials": [HERE]})
    assert person.proves(query).attributes == {"here.resident": True}
    either = {"options": [["here", "age"], ["here"]]}
    query = parse_query({"credentials": [ADULT, HERE], "credential_sets": [either]})
    assert list(person.answer(query)) == ["here"]
    optional = [{"options": [["here"]]}, {"options": [["age"]], "required": False}]
    query = parse_query({"credentials": [ADULT, HERE], "credential_sets": optional})
    assert list(person.answer(query)) == ["here"]


def test_several_at_once_are_of_one_person(person: Person) -> None:
    query = parse_query({"credentials": [ADULT, HERE]})
    assert len(person.proves(query).attributes) == 2
    other = Person(person.city)
    mixed = person.answer(query) | {"here": other.answer(query)["here"]}
    with pytest.raises(NotProven, match="more people"):
        prove(query, mixed, person.city.trust(), ASKED, NOW)


def test_one_element_of_a_list(person: Person) -> None:
    asked = {
        "id": "help",
        "format": "dc+sd-jwt",
        "meta": {"vct_values": [DISABILITY.vct]},
        "claims": [{"path": ["needs", None], "values": ["guide"]}],
    }
    query = parse_query({"credentials": [asked]})
    shown = person.answer(query)
    assert len(split(shown["help"][0]).told) == 1
    proven = prove(query, shown, person.city.trust(), ASKED, NOW)
    assert list(proven.attributes.values()) == ["guide"]


def test_what_is_asked_for_by_its_place_stands_there(person: Person) -> None:
    asked = {
        "id": "help",
        "format": "dc+sd-jwt",
        "meta": {"vct_values": [DISABILITY.vct]},
        "claims": [{"path": ["needs", 1], "values": ["guide"]}],
    }
    query = parse_query({"credentials": [asked]})
    assert person.proves(query).attributes == {"help.needs.1": "guide"}


def test_two_of_one_kind_are_not_mixed(person: Person) -> None:
    for name, said in (("a", ("clinic", "cleaner")), ("b", ("choir", "director"))):
        claims = dict(zip(("organisation", "role"), said, strict=True))
        person.held[name] = person.city.issue("membership", claims, person.key)
    asked = {
        "id": "work",
        "format": "dc+sd-jwt",
        "meta": {"vct_values": [MEMBERSHIP.vct]},
        "claims": [{"path": ["organisation"], "values": ["clinic"]}, {"path": ["role"]}],
    }
    song = asked | {"id": "song", "claims": [{"path": ["role"], "values": ["director"]}]}
    proven = person.proves(parse_query({"credentials": [asked, song]}))
    assert proven.attributes["work.role"] == "cleaner"
    assert proven.attributes["song.role"] == "director"


def test_no_is_no_answer(person: Person) -> None:
    older = ADULT | {"claims": [{"path": ["age_equal_or_over", "19"], "values": [True]}]}
    query = parse_query({"credentials": [older]})
    with pytest.raises(NotFound):
        person.answer(query)
    every = parse_query({"credentials": [ADULT]})
    with pytest.raises(NotProven, match="not all"):
        prove(query, person.answer(every), person.city.trust(), ASKED, NOW)
    one = ADULT | {"claims": [{"path": ["age_equal_or_over", "18"], "values": [1]}]}
    with pytest.raises(NotFound):
        person.answer(parse_query({"credentials": [one]}))


def test_a_credential_revoked_a_second_ago(person: Person) -> None:
    query = parse_query({"credentials": [ADULT]})
    shown = person.answer(query)
    person.city.revoke(1)
    person.city.now_s += 1
    with pytest.raises(NotProven, match="revoked"):
        prove(query, shown, person.city.trust(), ASKED, person.city.now_s)


def test_a_presentation_is_good_once_here_and_now(person: Person) -> None:
    query, trust = parse_query({"credentials": [ADULT]}), person.city.trust()
    shown = person.answer(query)
    for asked in (Asked(ASKED.audience, "nonce-2"), Asked("x509_hash:other", ASKED.nonce)):
        with pytest.raises(NotProven):
            prove(query, shown, trust, asked, NOW)
    with pytest.raises(NotProven, match="too long ago"):
        prove(query, shown, trust, ASKED, NOW + 1_000)


def test_only_who_may_issue_is_believed(person: Person) -> None:
    query = parse_query({"credentials": [ADULT]})
    self_made = {"iss": key_did(person.key), "vct": AGE.vct, "iat": NOW, **AGES}
    shown = present(issue(person.key, self_made, holder=person.key), (), person.key, ASKED, NOW)
    with pytest.raises(NotProven, match="not trusted"):
        prove(query, {"age": [shown]}, person.city.trust(), ASKED, NOW)
    wrong = person.answer(parse_query({"credentials": [HERE]}))["here"]
    with pytest.raises(NotProven, match="not trusted"):
        prove(query, {"age": wrong}, person.city.trust(), ASKED, NOW)


def test_a_list_of_somebody_elses_is_not_fetched(person: Person) -> None:
    query = parse_query({"credentials": [ADULT]})
    person.held["my age"] = person.city.issue("age", AGES, person.key).replace("x", "x")
    elsewhere = {"iss": ISSUER, "vct": AGE.vct, "iat": NOW, **AGES}
    elsewhere["status"] = {"status_list": {"idx": 1, "uri": f"{LIST}0"}}
    made = issue(person.city.key, elsewhere, holder=person.key)
    shown = {"age": [present(made, (), person.key, ASKED, NOW)]}
    with pytest.raises(CityError, match="never allowed"):
        prove(query, shown, person.city.trust(), ASKED, NOW)


def test_who_acts_for_somebody(person: Person) -> None:
    said = {"for": "did:key:zChild", "relation": "parent", "actions": ["pay"], "further": 0}
    person.held = {"child": person.city.issue("delegation", said, person.key, until_s=NOW + 50)}
    asked = {
        "id": "d",
        "format": "dc+sd-jwt",
        "meta": {"vct_values": [DELEGATION.vct]},
        "claims": [{"path": [name]} for name in said],
    }
    proven = person.proves(parse_query({"credentials": [asked]}))
    assert proven.until_s == NOW + 50
    assert proven.powers[0].principal == "did:key:zChild"
    assert proven.powers[0].covers("pay")


@given(st.integers(0, 10_000), st.sampled_from("AQgw~.-_=! 가"))
def test_any_changed_letter_is_found(at: int, letter: str) -> None:
    query = parse_query({"credentials": [ADULT]})
    token = SHOWN["age"][0]
    at %= len(token)
    changed = token[:at] + letter + token[at + 1 :]
    if changed != token:
        with pytest.raises(CityError):
            prove(query, {"age": [changed]}, SOMEBODY.city.trust(), ASKED, NOW)


@pytest.mark.parametrize(
    "shown",
    [None, [], {}, {"other": ["x"]}, {"age": []}, {"age": "x"}, {"age": ["x", "y"]}, {"age": [1]}],
)
def test_a_vp_token_that_is_none(person: Person, shown: object) -> None:
    with pytest.raises(CityError):
        prove(parse_query({"credentials": [ADULT]}), shown, person.city.trust(), ASKED, NOW)


def test_a_query_comes_back() -> None:
    sets = [{"options": [["age"], ["here"]], "required": False}]
    for document in (
        {"credentials": [ADULT]},
        {"credentials": [ADULT, HERE], "credential_sets": sets},
    ):
        query = parse_query(document)
        assert parse_query(query_document(query)) == query


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "a b"},
        {"id": None},
        {"format": "mso_mdoc"},
        {"meta": {}},
        {"meta": {"vct_values": []}},
        {"meta": {"vct_values": [1]}},
        {"claims": [{"path": []}]},
        {"claims": [{"path": [-1]}]},
        {"claims": [{"path": [1.5]}]},
        {"claims": [{"path": ["a"], "values": [{}]}]},
        {"claims": [{"path": ["a"]}] * 40},
        {"claim_sets": [["nobody"]]},
        {"claim_sets": [[["nobody"]]]},
        {"claim_sets": []},
        {"claims": [{"id": "a", "path": ["x"]}] * 2, "claim_sets": [["a"]]},
        {"multiple": True},
        {"require_cryptographic_holder_binding": False},
    ],
)
def test_queries_that_are_none(changes: Json) -> None:
    with pytest.raises(Invalid):
        parse_query({"credentials": [ADULT | changes]})


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"credentials": [ADULT, ADULT]},
        {"credentials": [ADULT], "credential_sets": [{"options": [["here"]]}]},
        {"credentials": [ADULT], "credential_sets": [{"options": [[]]}]},
        {"credentials": [ADULT], "credential_sets": [{"options": [["age"]], "required": 1}]},
        {"credentials": [ADULT], "credential_sets": [{"options": [["age"]] * 9}] * 3},
    ],
)
def test_combinations_that_are_none(document: object) -> None:
    with pytest.raises(Invalid):
        parse_query(document)


def test_where_paths_lead() -> None:
    claims = {"a": [{"b": 1}, {"b": 2}, 3], "c": {"d": None}}
    assert found(claims, ["a", None, "b"]) == [(("a", 0, "b"), 1), (("a", 1, "b"), 2)]
    assert found(claims, ["a", 2]) == [(("a", 2), 3)]
    assert found(claims, ["c", "d"]) == [(("c", "d"), None)]
    assert found(claims, ["a", "b"]) == []
    assert found(claims, ["c", 0]) == []
