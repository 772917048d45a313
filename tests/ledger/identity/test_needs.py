"""Attributes as questions, and what answers them."""

import pytest

from hapgang.core.errors import Invalid, NotFound
from hapgang.ledger.identity.dcql import choose, parse_query, query_document
from hapgang.ledger.identity.jose import NotProven, new_key
from hapgang.ledger.identity.needs import ids_of, query_of
from hapgang.ledger.identity.presenting import answer, prove
from hapgang.ledger.identity.sdjwt import Asked, present, split
from tests.ledger.identity.wallet import City

NEEDS = ("resident", "age.14", "age.19", "licence.B", "licence.A", "member.taxi.driver")
ASKED = Asked("decentralized_identifier:did:web:city.example", "nonce-1")


def test_what_is_needed_is_asked_for_and_proven() -> None:
    query = parse_query(query_of(NEEDS))
    assert parse_query(query_document(query)) == query
    assert len(query.credentials) == 5  # both ages in one
    city, key = City(), new_key()
    licence = {"categories": ["A", "B"], "valid_until": "2030-01-01"}
    held = {
        "home": city.issue("residency", {"resident": True, "city": "x", "zone": "5-1"}, key),
        "age": city.issue("age", {"age_equal_or_over": {"14": True, "19": True}}, key),
        "car": city.issue("driving_licence", licence, key),
        "work": city.issue("membership", {"organisation": "taxi", "role": "driver"}, key),
        "club": city.issue("membership", {"organisation": "chess", "role": "driver"}, key),
    }
    choices = choose(query, city.kept(held))
    shown = answer(choices, held, key, ASKED, city.now_s)
    proven = prove(query, shown, city.trust(), ASKED, city.now_s)
    assert proven.attributes == {
        "n0.resident": True, "n1.age_equal_or_over.14": True, "n1.age_equal_or_over.19": True,
        "n2.categories.0": "B", "n3.categories.0": "A", "n4.organisation": "taxi",
        "n4.role": "driver",
    }  # fmt: skip


def test_who_is_too_young_proves_nothing() -> None:
    city, key = City(), new_key()
    held = {"age": city.issue("age", {"age_equal_or_over": {"19": False}}, key)}
    with pytest.raises(NotFound):
        choose(parse_query(query_of(["age.19"])), city.kept(held))
    told = split(held["age"]).told
    shown = {"n0": [present(held["age"], told, key, ASKED, city.now_s)]}
    with pytest.raises(NotProven):
        prove(parse_query(query_of(["age.19"])), shown, city.trust(), ASKED, city.now_s)


def test_each_attribute_is_proven_by_the_credential_that_it_is_asked_of() -> None:
    needs = ["member.taxi.driver", "age.19", "age.14", "member.bus.driver", "member.taxi.driver"]
    ids = [each["id"] for each in query_of(needs)["credentials"]]
    assert ids == ["n0", "n1", "n2"]
    assert ids_of(needs) == {
        "member.taxi.driver": "n0", "age.19": "n1", "age.14": "n1", "member.bus.driver": "n2",
    }  # fmt: skip


@pytest.mark.parametrize(
    "need", ["", "age.20", "age.", "licence.", "member.x", "member..x", "king"]
)
def test_what_is_no_attribute_is_not_asked_for(need: str) -> None:
    with pytest.raises(Invalid):
        query_of([need])


def test_nothing_and_too_much_are_not_asked_for() -> None:
    for needs in ([], [f"licence.{n}" for n in range(17)]):
        with pytest.raises(Invalid):
            query_of(needs)
