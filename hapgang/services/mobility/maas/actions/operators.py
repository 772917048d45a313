"""Operators outside: who they are, what they have free, and whether they answer."""

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from hapgang.contract import City, where
from hapgang.core.errors import Invalid
from hapgang.core.geometry import Polygon
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import Mode, Pricing
from hapgang.core.vocabulary.platform import QuarantinedRecord
from hapgang.core.wire import encoder, has_nul
from hapgang.services.mobility.maas.method.saga import is_due, is_over
from hapgang.services.mobility.maas.model import SERVICE
from hapgang.services.mobility.maas.model.outside import (
    Link,
    Operator,
    Order,
    OutsideVehicle,
    Statement,
)
from hapgang.services.mobility.maas.speaks.free import Bad, stations_of, vehicles_of

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{1,39}$(?!\n)")]
Url = Annotated[str, Meta(pattern=r"^https?://[^\s?#@]{1,280}$(?!\n)")]
Title = Annotated[str, Meta(min_length=1, max_length=80)]
POLL = timedelta(seconds=60)  # assumption: free vehicles stay for some minutes
_LONGEST_POLL = timedelta(minutes=15)
# Three failures in a row, and an operator is left alone: five seconds at first, five minutes at
# last (assumptions).
_PATIENT, _FIRST_QUIET_S, _LONGEST_QUIET_S = 3, 5, 300
_MOST_SET_ASIDE = 50  # records of one operator in quarantine
_OTHERS_OWN = (Mode.WALK, Mode.BUS)  # walked by oneself; run by a timetable


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """An operator, and how it goes with it now."""

    operator: Operator
    vehicles: int
    heard_at: datetime | None = None
    quiet_until: datetime | None = None
    failures: int = 0
    set_aside: int = 0
    reason: str = ""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be asked outside of the city now."""

    orders: list[tuple[str, str]]  # operator, order
    polls: list[str]  # who is to be asked what is free
    urls: dict[str, str]  # of the operators above
    accounts: list[tuple[str, int]]  # who needs one, with credit, won


def register_operator(
    city: City,
    *,
    name: Name,
    title_en: Title,
    title_ko: Title,
    base_url: Url,
    modes: Annotated[tuple[Mode, ...], Meta(max_length=5)] = (),
    area: Polygon | None = None,
    prices: Pricing | None = None,
    active: bool = True,
    fee_permille: Annotated[int, Meta(ge=0, le=500)] = 0,
    credit_won: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0,
) -> Operator:
    """Register an operator outside of the city, or change what is known of one.

    Nothing is sent to it before its address and secret stand in the city's `operators.toml`.
    """
    if any(mode in _OTHERS_OWN for mode in modes):
        raise Invalid(
            "An operator gives bicycles, PM, cars or shuttles.",
            "사업자의 수단은 자전거, PM, 자동차, 셔틀입니다.",
        )
    operator = Operator(
        id=urn("MobilityOperator", name), title=Text(title_en, title_ko),
        base_url=base_url.rstrip("/"), modes=tuple(dict.fromkeys(modes)), area=area, prices=prices,
        active=active, fee_permille=fee_permille, credit_won=credit_won,
    )  # fmt: skip
    city.hub.save(operator)
    if not active:  # nobody is to plan with it from now on
        for vehicle in gone_now(city, operator=operator.id, kept=frozenset()):
            city.hub.delete(OutsideVehicle, vehicle)
    return operator


def list_operators(city: City) -> list[Known]:
    """Return the operators outside, how old what is known of each is, and what went wrong last."""
    return [_known(city, operator) for operator in city.hub.find(Operator)]


def due_outside(city: City) -> Due:
    """Return what is to be asked of operators outside now."""
    active = {one.id: one for one in city.hub.find(Operator)}
    links = {link.operator: link for link in city.hub.find(Link)}
    quiet = {name for name, link in links.items() if _is_quiet(link, city.now)}
    orders = [o for o in city.hub.find(Order) if not is_over(o) and is_due(o, city.now)]
    asked = [(o.operator, o.id) for o in sorted(orders, key=lambda o: (o.next_at, o.id))]
    polls = [
        name
        for name, operator in active.items()
        if operator.active
        and operator.modes
        and name not in quiet
        and _is_old(links.get(name), city.now)
    ]
    return Due(
        orders=[(name, order) for name, order in asked if name in active and name not in quiet],
        polls=polls,
        urls={name: operator.base_url for name, operator in active.items()},
        accounts=[*((o.id, o.credit_won) for o in active.values()), *_creditors(city)],
    )


class Free(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator's documents say that it has free, and what of them does not fit."""

    vehicles: list[OutsideVehicle]
    bad: list[Bad]


def read_free(operator: Operator, assets: bytes, stations: bytes) -> Free:
    """Read two TOMP documents; pure, as it may take long. `Invalid` for what is no list at all."""
    places, bad_places = stations_of(stations)
    vehicles, bad = vehicles_of(operator, assets, places)
    return Free(vehicles=vehicles, bad=[*bad, *bad_places])


def gone_now(city: City, *, operator: str, kept: frozenset[str]) -> list[str]:
    """Return the vehicles that we know and that are not free any more."""
    known = city.hub.find(OutsideVehicle, where.operator == operator)
    return [one.id for one in known if one.id not in kept]


def take_vehicles(
    city: City, *, operator: str, vehicles: list[OutsideVehicle], gone: list[str]
) -> None:
    """Take in a part of what an operator has free: some vehicles, and names of some that left."""
    if city.hub.find_by_id(Operator, operator) is None:
        return
    for vehicle in vehicles:
        city.hub.save(vehicle)
    for name in gone:
        if city.hub.find_by_id(OutsideVehicle, name) is not None:
            city.hub.delete(OutsideVehicle, name)


def note_free(city: City, *, operator: str, bad: list[Bad]) -> None:
    """Note that all that an operator has free was taken in; keep what did not fit, with reasons."""
    for one in bad[:_MOST_SET_ASIDE]:
        _set_aside(city, operator, one)
    city.hub.save(
        replace(
            _link(city, operator), heard_at=city.now, asked_at=city.now, failures=0,
            quiet_until=None, set_aside=len(bad), reason=bad[0].reason if bad else "",
        )
    )  # fmt: skip


def note_answer(city: City, *, operator: str, reason: str = "") -> None:
    """Note that an operator answered, or why not; who fails again and again is left alone."""
    link = _link(city, operator)
    if not reason:
        if link.failures or link.quiet_until is not None:
            city.hub.save(replace(link, failures=0, quiet_until=None, reason=""))
        return
    failures = link.failures + 1
    quiet_until = None
    if failures >= _PATIENT:
        quiet_s = min(_LONGEST_QUIET_S, _FIRST_QUIET_S * 2 ** min(failures - _PATIENT, 10))
        quiet_until = city.now + timedelta(seconds=quiet_s)
    city.hub.save(
        replace(
            link, asked_at=city.now, failures=failures, quiet_until=quiet_until,
            reason=reason.replace("\x00", "")[:200],
        )
    )  # fmt: skip


def _creditors(city: City) -> list[tuple[str, int]]:
    """Return who is owed something and may have no account yet."""
    unpaid = city.hub.find(Statement, where.paid_by == None)  # noqa: E711 (builds a query)
    return [(party, 0) for party in sorted({one.party for one in unpaid})]


def _known(city: City, operator: Operator) -> Known:
    link = _link(city, operator.id)
    return Known(
        operator=operator,
        vehicles=len(city.hub.find(OutsideVehicle, where.operator == operator.id)),
        heard_at=link.heard_at,
        quiet_until=link.quiet_until,
        failures=link.failures,
        set_aside=link.set_aside,
        reason=link.reason,
    )


def _link(city: City, operator: str) -> Link:
    name = urn("MobilityOperatorLink", operator.rsplit(":", 1)[-1])
    return city.hub.find_by_id(Link, name) or Link(id=name, operator=operator)


def _is_quiet(link: Link, now: datetime) -> bool:
    return link.quiet_until is not None and link.quiet_until > now


def _is_old(link: Link | None, now: datetime) -> bool:
    """Whether an operator is to be asked again: each minute, less often while it fails."""
    if link is None or link.asked_at is None:
        return True
    pause: timedelta = POLL * (1 << min(link.failures, 10))
    return now - link.asked_at >= min(_LONGEST_POLL, pause)


def _set_aside(city: City, operator: str, bad: Bad) -> None:
    """Keep a record that does not fit, once, until somebody has looked at it."""
    text = encoder.encode(bad.record)
    body: Any = text.decode("utf-8", "replace")[:2000] if has_nul(text) else bad.record
    if has_nul(text) or len(text) > 20_000:
        body = text[:2000].decode("utf-8", "replace").replace("\\u0000", "")
    digest = hashlib.blake2b(operator.encode() + text, digest_size=9).hexdigest()
    name = urn("QuarantinedRecord", f"{SERVICE}-{digest}")
    origin = f"{SERVICE} {operator}"
    if city.hub.find_by_id(QuarantinedRecord, name) is not None:
        return
    if len(city.hub.find(QuarantinedRecord, where.origin == origin)) >= _MOST_SET_ASIDE:
        return
    city.hub.save(
        QuarantinedRecord(
            id=name, origin=origin, caller=operator, role="company",
            reason=bad.reason.replace("\x00", ""), body=body, at=city.now,
        )
    )  # fmt: skip
