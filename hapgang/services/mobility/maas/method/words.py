"""Why a plan is as it is, in words."""

from msgspec.structs import replace

from hapgang.core.text import Text
from hapgang.services.mobility.maas.model import Best, Option

_MERITS: dict[Best, Text] = {
    "fastest": Text("arrives first", "가장 먼저 도착"),
    "cheapest": Text("costs least", "요금이 가장 적음"),
    "fewest_changes": Text("fewest changes", "갈아타기가 가장 적음"),
    "least_walking": Text("least walking", "가장 적게 걸음"),
    "greenest": Text("least CO₂", "탄소 배출이 가장 적음"),
    "driest": Text("least time in the rain", "비를 가장 적게 맞음"),
}


def explained(options: list[Option]) -> list[Option]:
    """Return the options, each with what speaks for it and what against."""
    return [replace(option, why=_why(option, options)) for option in options]


def _why(option: Option, options: list[Option]) -> Text:
    merits = [_MERITS[name] for name in option.best]
    if not merits:
        merits = [Text("a balance of everything", "두루 무난함")]
    en, ko = ", ".join(text.en for text in merits), ", ".join(text.ko for text in merits)
    against = _against(option, options)
    if against is not None:
        en, ko = f"{en}; {against.en}", f"{ko}. 다만 {against.ko}"
    return Text(en[:1].upper() + en[1:], ko)


def _against(option: Option, options: list[Option]) -> Text | None:
    """Return what somebody gives up who takes it, or None."""
    first = min(options, key=lambda one: one.arrive_at)
    later_min = round((option.arrive_at - first.arrive_at).total_seconds() / 60)
    if later_min >= 1:
        return Text(
            f"{later_min} min later than the fastest", f"가장 빠른 길보다 {later_min}분 늦음"
        )
    cheapest = min(options, key=lambda one: one.fare_won)
    dearer_won = option.fare_won - cheapest.fare_won
    if dearer_won > 0:
        return Text(
            f"{dearer_won:,} won more than the cheapest",
            f"가장 싼 길보다 {dearer_won:,}원 더 듦",
        )
    return None
