"""Status lists: the draft's own vectors, and that what is revoked is revoked."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Conflict, Invalid
from hapgang.ledger.identity import status
from hapgang.ledger.identity.jose import Json, NotProven, b64, new_key, sign
from hapgang.ledger.identity.status import StatusList
from hapgang.ledger.log.facts import canonical

ISSUER, ADDRESS, NOW = "did:web:city.example", "https://city.example/status/1", 1_790_000_000
KEY = new_key()
# draft-ietf-oauth-status-list, 4.1 and 4.2: sixteen statuses of one bit, twelve of two bits.
ONE_BIT = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
TWO_BITS = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
# The same, appendix of test vectors: 2^20 statuses of one bit, and which of them are 1.
LONG = (
    "eNrt3AENwCAMAEGogklACtKQPg9LugC9k_ACvreiogEAAKkeCQAAAAAAAAAAAAAAAAAAAIBylgQAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAXG9IAAAAAAAAAPwsJAAAAAAAAAAAAAAAvhsSAAAA"
    "AAAAAAAA7KpLAAAAAAAAAAAAAAAAAAAAAJsLCQAAAAAAAAAAADjelAAAAAAAAAAAKjDMAQAAAACAZC8L2AEb"
)
LONG_SET = [0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345]


def key_of(issuer: str, kid: str | None) -> Json:
    assert issuer == ISSUER
    return KEY


def test_the_drafts_vectors() -> None:
    one = status.read({"bits": 1, "lst": "eNrbuRgAAhcBXQ"})
    assert one.packed == bytes([0xB9, 0xA3])
    assert [one.get(at) for at in range(16)] == ONE_BIT
    two = status.read({"bits": 2, "lst": "eNo76fITAAPfAgc"})
    assert two.packed == bytes([0xC9, 0x44, 0xF9])
    assert [two.get(at) for at in range(12)] == TWO_BITS
    long = status.read({"bits": 1, "lst": LONG})
    assert len(long) == 1 << 20
    assert [at for at in range(1 << 20) if long.get(at)] == LONG_SET


@given(st.sampled_from([1, 2, 4, 8]), st.lists(st.tuples(st.integers(0, 99), st.integers(0, 255))))
def test_what_is_set_is_found(bits: int, changes: list[tuple[int, int]]) -> None:
    statuses, expected = StatusList.empty(100, bits), [0] * 100
    for index, value in changes:
        expected[index] = value % (1 << bits)
        statuses = statuses.having(index, expected[index])
    read = status.read(statuses.document())
    assert [read.get(at) for at in range(100)] == expected


def test_revoked_a_second_ago() -> None:
    statuses = StatusList.empty()
    published = {ADDRESS: ""}

    def publish(now_s: int) -> None:
        published[ADDRESS] = status.token(
            KEY, ADDRESS, statuses, now_s, kid="k", issuer=ISSUER, ttl_s=60
        )

    claims = {"status": status.claim(5, ADDRESS)}
    publish(NOW)
    status.check(claims, ISSUER, published.__getitem__, key_of, NOW)
    statuses = statuses.having(5, status.INVALID)
    publish(NOW + 1)
    with pytest.raises(NotProven, match="revoked"):
        status.check(claims, ISSUER, published.__getitem__, key_of, NOW + 2)
    statuses = statuses.having(5, status.SUSPENDED)
    publish(NOW + 3)
    with pytest.raises(NotProven, match="suspended"):
        status.check(claims, ISSUER, published.__getitem__, key_of, NOW + 3)
    status.check({"status": status.claim(6, ADDRESS)}, ISSUER, published.get, key_of, NOW + 3)
    status.check({}, ISSUER, published.__getitem__, key_of, NOW + 3)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"sub": "https://city.example/status/2"}, "another status list"),
        ({"iss": "did:web:other.example"}, "somebody else"),
        ({"exp": NOW - 1}, "expired"),
        ({"exp": NOW}, "expired"),
        ({"iat": NOW + 99}, "not valid yet"),
        ({"iat": None}, "no time"),
        ({"status_list": {"bits": 1, "lst": b64(zlib.compress(b"\x20"))}}, "revoked"),
    ],
)
def test_a_list_that_is_not_the_right_one(changes: Json, why: str) -> None:
    claims = {"iss": ISSUER, "sub": ADDRESS, "iat": NOW, "exp": NOW + 60}
    claims |= {"status_list": StatusList.empty(8).document()} | changes
    text = sign(KEY, "statuslist+jwt", claims, kid="k")
    with pytest.raises(NotProven, match=why):
        status.check({"status": status.claim(5, ADDRESS)}, ISSUER, lambda _: text, key_of, NOW)


def test_the_issuers_clock_may_be_a_little_ahead_but_an_end_is_an_end() -> None:
    listed = StatusList.empty(8)
    text = status.token(KEY, ADDRESS, listed, NOW + 2, kid="k", issuer=ISSUER, ttl_s=60)
    assert status.opened_list(text, ADDRESS, ISSUER, key_of, NOW) == listed
    with pytest.raises(NotProven, match="expired"):
        status.opened_list(text, ADDRESS, ISSUER, key_of, NOW + 62)


def test_a_list_is_signed_as_a_list_by_its_issuer() -> None:
    claims = {"sub": ADDRESS, "iat": NOW, "status_list": StatusList.empty(8).document()}
    for text in (sign(KEY, "JWT", claims), sign(new_key(), "statuslist+jwt", claims)):
        with pytest.raises(NotProven):
            status.opened_list(text, ADDRESS, ISSUER, key_of, NOW)


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"bits": 3, "lst": ""},
        {"bits": True, "lst": ""},
        {"bits": 1},
        {"bits": 1, "lst": "eNrb"},
        {"bits": 1, "lst": "YWJj"},
        {"bits": 1, "lst": b64(zlib.compress(bytes(1 << 18)))},
        {"bits": 1, "lst": b64(zlib.compress(b"a") + b"more")},
    ],
)
def test_lists_that_are_none(document: object) -> None:
    with pytest.raises(Invalid):
        status.read(document)


def test_a_small_text_cannot_fill_the_memory() -> None:
    bomb = zlib.compress(bytes(1 << 24), 9)
    with pytest.raises(Invalid, match="too long"):
        status.read({"bits": 8, "lst": b64(bomb)})


@pytest.mark.parametrize(
    "claims",
    [
        {"status": None},
        {"status": {}},
        {"status": {"status_list": {"idx": -1, "uri": ADDRESS}}},
        {"status": {"status_list": {"idx": True, "uri": ADDRESS}}},
        {"status": {"status_list": {"idx": "1", "uri": ADDRESS}}},
        {"status": {"status_list": {"idx": 1}}},
        {"status": status.claim(8, ADDRESS)},
    ],
)
def test_a_status_that_cannot_be_found_is_no_good(claims: Json) -> None:
    text = status.token(KEY, ADDRESS, StatusList.empty(8), NOW, kid="k", issuer=ISSUER, ttl_s=60)
    with pytest.raises(NotProven):
        status.check(claims, ISSUER, lambda _: text, key_of, NOW)


def test_places_are_drawn_and_never_given_twice() -> None:
    statuses, taken = StatusList.empty(4), {0, 1, 3}
    assert statuses.free(taken.__contains__) == 2
    with pytest.raises(Conflict, match="full"):
        statuses.free(lambda _: True)
    with pytest.raises(Invalid):
        statuses.having(0, 4)
    with pytest.raises(Invalid):
        StatusList.empty(0)


def test_a_herd_is_small_on_the_wire() -> None:
    assert len(str(StatusList.empty().document()["lst"])) < 200
    assert len(StatusList.empty()) == 131_072


def test_a_change_is_a_fact_of_the_log_that_names_nobody() -> None:
    name, body = status.change_fact(ADDRESS, 5, status.INVALID, NOW, 1)
    written = canonical({"kind": "credential_status", "id": name, **body})
    assert b'"status":1' in written
    assert status.change_fact(ADDRESS, 5, status.VALID, NOW, 2)[0] != name
