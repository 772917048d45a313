"""The city's payment codes as EMVCo payloads: a shop's, with or without an amount, and a payer's.

A shop's code is one that any reader of EMVCo's merchant-presented mode takes apart; the account is
in template 26, under the name of this system. EMVCo's consumer-presented mode speaks of cards,
which nobody has here: a payer's code has the merchant's form, with a token in the free template 80.
"""

from typing import NamedTuple

from hapgang.ledger.currency.emvco import (
    UnreadableCode,
    objects_in,
    payload_of,
    read_payload,
    written,
)

SYSTEM = "city.hapgang"  # the globally unique identifier: a reversed domain, as the standard allows
_STATIC, _ONCE = "11", "12"
_WON = "410"  # ISO 4217; it has no smaller unit


class ShopCode(NamedTuple):
    """What a shop shows: whom to pay; with an amount and a number, once."""

    shop: str  # the last part of its id
    name: str
    category: str  # ISO 18245
    place: str
    amount_won: int | None = None
    bill: str = ""  # of one that is good once
    reference: str = ""  # the shop's own


class PayerCode(NamedTuple):
    """What a payer's phone shows."""

    token: str


def shop_payload(code: ShopCode) -> str:
    """Return the payload of a shop's code."""
    objects = [
        ("01", _ONCE if code.bill else _STATIC),
        ("26", written([("00", SYSTEM), ("01", code.shop)])),
        ("52", code.category),
        ("53", _WON),
    ]
    if code.amount_won is not None:
        objects.append(("54", str(code.amount_won)))
    objects += [("58", "KR"), ("59", plain(code.name, 25)), ("60", plain(code.place, 15))]
    more = [(name, text) for name, text in (("01", code.reference), ("05", code.bill)) if text]
    if more:
        objects.append(("62", written(more)))
    if not code.name.isascii():
        objects.append(("64", written([("00", "KO"), ("01", code.name[:25])])))
    return payload_of(objects)


def payer_payload(code: PayerCode) -> str:
    """Return the payload of what a payer's phone shows."""
    return payload_of([("01", _ONCE), ("80", written([("00", SYSTEM), ("01", code.token)]))])


def read_code(payload: str) -> ShopCode | PayerCode:
    """Return what a payload says; `UnreadableCode` where it is damaged or not this system's."""
    objects = read_payload(payload)
    if "80" in objects:
        return PayerCode(_of_system(objects["80"]))
    shop = _of_system(objects.get("26", ""))
    more = objects_in(objects.get("62", ""))
    language = objects_in(objects.get("64", ""))
    is_once = objects.get("01") == _ONCE
    amount = objects.get("54")
    if objects.get("53") != _WON or objects.get("58") != "KR" or is_once != ("05" in more):
        raise _not_ours()
    if amount is not None and not (amount.isascii() and amount.isdigit() and len(amount) <= 13):
        raise UnreadableCode(
            "The code's amount is not in whole won.", "코드의 금액이 원 단위의 정수가 아닙니다."
        )
    return ShopCode(
        shop,
        language.get("01") or objects.get("59", ""),
        objects.get("52", ""),
        objects.get("60", ""),
        None if amount is None else int(amount),
        more.get("05", ""),
        more.get("01", ""),
    )


def shown_name(name: str) -> str:
    """Return a shop's name as its code shows it."""
    return plain(name, 25) if name.isascii() else name[:25]


def _of_system(template: str) -> str:
    """Return the account that a template names, in this system."""
    found = objects_in(template)
    if found.get("00") != SYSTEM or "01" not in found:
        raise _not_ours()
    return found["01"]


def plain(text: str, most: int) -> str:
    """Return the first characters of a text that the standard's common set has."""
    return "".join(c for c in text if " " <= c <= "~")[:most].strip() or "Shop"


def _not_ours() -> UnreadableCode:
    return UnreadableCode(
        "This code is of another system, not of the city's local currency.",
        "지역화폐 코드가 아닙니다. 다른 결제 수단의 코드입니다.",
    )
