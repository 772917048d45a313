"""Payment codes in EMVCo's form: the specification's own example, and every way to spoil one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.ledger.currency.codes import (
    PayerCode,
    ShopCode,
    payer_payload,
    read_code,
    shop_payload,
)
from hapgang.ledger.currency.emvco import (
    UnreadableCode,
    crc16,
    objects_in,
    payload_of,
    read_payload,
    written,
)
from validation.vectors.emvco import EXAMPLE

SHOP = ShopCode("00ff", "합강 빵집", "5812", "sejong")
BILL = SHOP._replace(amount_won=12_500, bill="0123456789abcdef", reference="T-7")
text = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=25)


def test_the_checksum_is_the_catalogues() -> None:
    assert crc16(b"123456789") == 0x29B1  # of CRC-16/CCITT-FALSE


def test_the_specifications_example_is_read_and_written_again() -> None:
    objects = read_payload(EXAMPLE)
    assert objects["59"] == "BEST TRANSPORT"
    assert objects["54"] == "23.72"
    assert objects_in(objects["64"]) == {"00": "ZH", "01": "最佳运输", "02": "北京"}
    assert objects_in(objects["62"])["07"] == "A6008667"
    again = [(name, value) for name, value in objects.items() if name not in ("00", "63")]
    assert payload_of(again) == EXAMPLE


def test_the_example_is_not_of_this_system() -> None:
    with pytest.raises(UnreadableCode, match="another system"):
        read_code(EXAMPLE)


@pytest.mark.parametrize("code", [SHOP, BILL, SHOP._replace(name="Bread", amount_won=1)])
def test_what_a_shop_shows_says_what_was_put_in(code: ShopCode) -> None:
    payload = shop_payload(code)
    assert read_code(payload) == code
    objects = read_payload(payload)
    assert (objects["53"], objects["58"]) == ("410", "KR")
    assert objects["01"] == ("12" if code.bill else "11")


def test_a_payers_code_says_its_token_only() -> None:
    assert read_code(payer_payload(PayerCode("ab12"))) == PayerCode("ab12")


@given(st.integers(0, 200), st.characters(min_codepoint=32, max_codepoint=126))
def test_one_wrong_character_is_found(place: int, other: str) -> None:
    payload = shop_payload(BILL)
    place %= len(payload)
    spoilt = payload[:place] + other + payload[place + 1 :]
    if spoilt != payload:
        with pytest.raises(UnreadableCode):
            read_code(spoilt)


@given(st.text(max_size=600))
def test_no_text_does_anything_but_fail(rubbish: str) -> None:
    with pytest.raises(UnreadableCode):
        read_code(rubbish)


@given(st.lists(st.tuples(st.integers(2, 51).map("{:02d}".format), text), unique_by=lambda o: o[0]))
def test_objects_come_back(objects: list[tuple[str, str]]) -> None:
    assert list(objects_in(written(objects)).items()) == objects
    for wrong in ("12.50", "-1", "１２", "9" * 14):
        spoilt = payload_of([("01", "11"), ("26", "0012city.hapgang0102aa"), ("53", "410"),
                             ("54", wrong), ("58", "KR")])  # fmt: skip
        with pytest.raises(UnreadableCode, match="whole won"):
            read_code(spoilt)
