"""Kinds of business, so that vouchers and statistics can speak of them.

Divisions of the Korean Standard Industrial Classification (KSIC, Statistics Korea) that meet
customers, and the merchant category codes (ISO 18245) that come nearest, which a payment code has
to name.
"""

from typing import NamedTuple

from hapgang.core.errors import Invalid
from hapgang.core.text import Text


class Business(NamedTuple):
    """A division of the KSIC."""

    title: Text
    category: str  # ISO 18245


BUSINESSES = {
    "01": Business(Text("Agriculture", "농업"), "0763"),
    "10": Business(Text("Manufacture of food", "식료품 제조업"), "5499"),
    "45": Business(Text("Sale of motor vehicles and parts", "자동차 및 부품 판매업"), "5533"),
    "47": Business(Text("Retail trade", "소매업; 자동차 제외"), "5399"),
    "49": Business(Text("Land transport", "육상 운송 및 파이프라인 운송업"), "4111"),
    "55": Business(Text("Accommodation", "숙박업"), "7011"),
    "56": Business(Text("Food and beverage service", "음식점 및 주점업"), "5812"),
    "76": Business(Text("Rental and leasing", "임대업; 부동산 제외"), "7394"),
    "85": Business(Text("Education", "교육 서비스업"), "8299"),
    "86": Business(Text("Human health", "보건업"), "8099"),
    "87": Business(Text("Social welfare", "사회복지 서비스업"), "8398"),
    "90": Business(Text("Arts and leisure", "창작, 예술 및 여가관련 서비스업"), "7929"),
    "91": Business(Text("Sports and recreation", "스포츠 및 오락관련 서비스업"), "7999"),
    "95": Business(Text("Repair of goods", "개인 및 소비용품 수리업"), "7699"),
    "96": Business(Text("Other personal services", "기타 개인 서비스업"), "7299"),
}


def business_of(code: str) -> Business:
    """Return a kind of business by its KSIC division; `Invalid` lists those there are."""
    found = BUSINESSES.get(code)
    if found is None:
        known = ", ".join(f"{key} {one.title.en}" for key, one in BUSINESSES.items())
        known_ko = ", ".join(f"{key} {one.title.ko}" for key, one in BUSINESSES.items())
        raise Invalid(
            f"“{code[:20]}” is no kind of business here; choose one of: {known}",
            f"“{code[:20]}” 업종은 없습니다. 다음에서 고르세요: {known_ko}",
        )
    return found
