"""Where, when and for what a voucher may be spent, as a plain function."""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from hapgang.core.geometry import Point, distance_m
from hapgang.core.text import Text
from hapgang.core.vocabulary.business import BUSINESSES

_DAYS = (
    Text("Monday", "월요일"), Text("Tuesday", "화요일"), Text("Wednesday", "수요일"),
    Text("Thursday", "목요일"), Text("Friday", "금요일"), Text("Saturday", "토요일"),
    Text("Sunday", "일요일"),
)  # fmt: skip


class Rules(NamedTuple):
    """What a voucher allows; what is empty allows everything."""

    shops: tuple[str, ...] = ()
    businesses: tuple[str, ...] = ()  # divisions of the KSIC
    centre: Point | None = None
    within_m: int = 0
    weekdays: tuple[int, ...] = ()  # 1 is Monday
    from_hour: int = 0
    to_hour: int = 24
    goods: tuple[str, ...] = ()


class Use(NamedTuple):
    """What somebody wants to buy: where, when (in the city's zone), and what."""

    shop: str
    business: str
    place: Point | None
    at: datetime
    goods: str = ""


def refusal(rules: Rules, use: Use) -> Text | None:
    """Return why a voucher is not good for something; None where it is."""
    return next((text for is_broken, text in _checks(rules, use) if is_broken), None)


def _checks(rules: Rules, use: Use) -> Iterator[tuple[bool, Text]]:
    """Yield each rule: whether it is broken, and what to say then."""
    yield from _where(rules, use)
    days = _listed([_DAYS[day - 1] for day in sorted(rules.weekdays)])
    yield (
        bool(rules.weekdays) and use.at.isoweekday() not in rules.weekdays,
        Text(
            f"This voucher is for other days: {days.en}.",
            f"오늘은 쓸 수 없는 바우처입니다. 가능한 요일: {days.ko}",
        ),
    )
    yield (
        not rules.from_hour <= use.at.hour < rules.to_hour,
        Text(
            f"This voucher is good from {rules.from_hour}:00 to {rules.to_hour}:00.",
            f"{rules.from_hour}시부터 {rules.to_hour}시까지 쓸 수 있는 바우처입니다.",
        ),
    )
    goods = ", ".join(rules.goods)
    yield (
        bool(rules.goods) and _plain(use.goods) not in map(_plain, rules.goods),
        Text(f"This voucher is for: {goods}.", f"다음을 살 때만 쓸 수 있습니다: {goods}"),
    )


def _where(rules: Rules, use: Use) -> Iterator[tuple[bool, Text]]:
    yield (
        bool(rules.shops) and use.shop not in rules.shops,
        Text("This voucher is for other shops.", "이 가게에서는 쓸 수 없는 바우처입니다."),
    )
    kinds = _listed([BUSINESSES[kind].title for kind in rules.businesses])
    yield (
        bool(rules.businesses) and use.business not in rules.businesses,
        Text(
            f"This voucher is for shops of other kinds: {kinds.en}.",
            f"이 업종에서는 쓸 수 없는 바우처입니다. 가능한 업종: {kinds.ko}",
        ),
    )
    is_far = use.place is None or (
        rules.centre is not None and distance_m(rules.centre, use.place) > rules.within_m
    )
    yield (
        rules.centre is not None and is_far,
        Text(
            f"This voucher is for shops within {rules.within_m:,} m of its place.",
            f"정해진 곳에서 {rules.within_m:,} m 안의 가게에서만 쓸 수 있는 바우처입니다.",
        ),
    )


def _plain(goods: str) -> str:
    """Return a word as it is read: one keyboard composes Hangul, another does not."""
    return unicodedata.normalize("NFC", goods).strip().casefold()


def _listed(names: Sequence[Text]) -> Text:
    return Text(", ".join(name.en for name in names), ", ".join(name.ko for name in names))
