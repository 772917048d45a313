"""Fares by age, and the city pass: bought once a month, and what it takes off a ticket."""

from datetime import timedelta

import pytest

from hapgang.contract import Caller, Role
from hapgang.core.errors import Invalid
from hapgang.core.vocabulary.people import concession_of
from hapgang.ledger.book import NotEnoughMoney
from hapgang.ledger.till import account_id
from hapgang.runtime.perform import PLATFORM
from hapgang.services.mobility.maas.actions import (
    board,
    book,
    buy_pass,
    cancel,
    end_passes,
    see_pass,
    settle,
)
from hapgang.services.mobility.maas.model import SERVICE, Option
from hapgang.services.mobility.maas.model.fares import CITY_PASSES, CityPass
from tests.services.mobility.maas.world import World, modes, outside

ADULT_WON, YOUTH_WON, CHILD_WON = 1_400, 1_100, 600
PRICE_WON, COVERS_WON = 20_000, 50_000
MONTH = "2026-09"
OPERATOR = Caller("urn:ngsi-ld:Staff:operator", Role.OPERATOR)


@pytest.fixture
def world():
    return World()


@pytest.fixture
def mina(world):
    return world.person("mina")


def by_bus(world, who, **words) -> Option:
    options = world.plan(who, "A01", outside(), ways="walk,bus", **words)
    return next(o for o in options if "bus" in modes(o))


def balance_won(world, owner):
    return world.runtime.book.account(account_id(owner)).balance_won


def held_pass(world, who) -> CityPass:
    held = world.do(see_pass, who).held
    assert held is not None
    return held


@pytest.mark.parametrize(
    ("age", "disabled", "expected"),
    [
        (5, False, "infant"),
        (6, False, "child"),
        (12, False, "child"),
        (13, False, "youth"),
        (18, False, "youth"),
        (19, False, "none"),
        (69, False, "none"),
        (70, False, "senior"),
        (30, True, "disabled"),
    ],
)
def test_a_concession_follows_from_age(age, disabled, expected):
    assert concession_of(age, disabled=disabled) == expected


@pytest.mark.parametrize(
    ("concession", "fare_won"),
    [("none", ADULT_WON), ("youth", YOUTH_WON), ("child", CHILD_WON), ("senior", ADULT_WON)],
)
def test_a_plan_shows_and_a_ticket_costs_the_fare_of_ones_age(world, concession, fare_won):
    who = world.person(concession, concession=concession)
    option = by_bus(world, who)
    assert option.fare_won == fare_won
    journey = world.do(book, who, option=option)
    assert world.free_won(who) == 50_000 - fare_won
    world.do(board, who, journey=journey.id)
    assert balance_won(world, SERVICE) == fare_won


def test_an_infant_rides_without_a_ticket(world):
    infant = world.person("infant", concession="infant")
    journey = world.do(book, infant, option=by_bus(world, infant))
    assert (journey.ticket_won, journey.ticket) == (0, None)


def test_a_pass_is_paid_once_a_month(world, mina):
    assert world.do(see_pass, mina).held is None
    bought = world.do(buy_pass, mina, month=MONTH)
    assert world.do(buy_pass, mina, month=MONTH) == bought
    assert world.free_won(mina) == 50_000 - PRICE_WON
    assert balance_won(world, CITY_PASSES) == PRICE_WON
    offer = world.do(see_pass, mina)
    assert (offer.month, offer.price_won, offer.held) == (MONTH, PRICE_WON, bought)


def test_a_pass_of_another_month_is_not_sold(world, mina):
    world.refused(Invalid, buy_pass, mina, month="2026-10")


def test_who_cannot_pay_a_pass_has_none(world):
    poor = world.person("poor", balance_won=PRICE_WON - 1)
    world.refused(NotEnoughMoney, buy_pass, poor, month=MONTH)


@pytest.mark.parametrize("concession", ["child", "youth", "senior", "disabled"])
def test_a_pass_is_free_for_the_young_the_old_and_the_disabled(world, concession):
    who = world.person(concession, concession=concession, balance_won=0)
    assert world.do(buy_pass, who, month=MONTH).price_won == 0
    option = by_bus(world, who)
    assert option.fare_won == 0
    journey = world.do(book, who, option=option)
    boarded = world.do(board, who, journey=journey.id)
    assert boarded.ticket_used
    assert boarded.covered_won == boarded.ticket_won > 0


def test_the_operators_get_the_whole_fare_and_the_city_adds_what_is_missing(world, mina):
    world.do(buy_pass, mina, month=MONTH)
    option = by_bus(world, mina)
    assert option.fare_won == 0
    journey = world.do(book, mina, option=option)
    world.do(board, mina, journey=journey.id)
    assert world.free_won(mina) == 50_000 - PRICE_WON
    assert balance_won(world, SERVICE) == ADULT_WON
    assert balance_won(world, CITY_PASSES) == PRICE_WON - ADULT_WON
    statements = world.do(settle, OPERATOR, month=MONTH)
    assert sum(one.gross_won for one in statements) == ADULT_WON
    assert sum(account.balance_won for account in world.runtime.book.accounts()) == 0


def test_what_a_pass_no_longer_covers_is_paid_by_the_traveller(world, mina):
    world.do(buy_pass, mina, month=MONTH)
    left_won = COVERS_WON
    while left_won >= ADULT_WON:  # until less than a fare is left
        journey = world.do(book, mina, option=by_bus(world, mina))
        world.do(board, mina, journey=journey.id)
        left_won -= ADULT_WON
    assert held_pass(world, mina).left_won == left_won
    option = by_bus(world, mina)
    assert option.fare_won == ADULT_WON - left_won
    before_won = world.free_won(mina)
    journey = world.do(book, mina, option=option)
    assert (journey.covered_won, world.free_won(mina)) == (
        left_won,
        before_won - ADULT_WON + left_won,
    )
    world.do(board, mina, journey=journey.id)
    assert by_bus(world, mina).fare_won == ADULT_WON
    earned_won: dict[str, int] = {}
    for record in world.runtime.state.of_type("MobilityEarning"):
        earning = record.view
        earned_won[earning.transfer] = earned_won.get(earning.transfer, 0) + earning.amount_won
    for name, won in earned_won.items():
        paid = world.runtime.book.find(name)
        assert paid is not None
        assert paid.amount_won == won
    assert sum(earned_won.values()) == balance_won(world, SERVICE)


def test_an_unused_ticket_goes_back_to_the_pass(world, mina):
    world.do(buy_pass, mina, month=MONTH)
    journey = world.do(book, mina, option=by_bus(world, mina))
    assert held_pass(world, mina).left_won == COVERS_WON - ADULT_WON
    world.do(cancel, mina, journey=journey.id)
    world.do(cancel, mina, journey=journey.id)
    assert held_pass(world, mina).left_won == COVERS_WON
    assert balance_won(world, CITY_PASSES) == PRICE_WON


def test_a_journey_that_nobody_began_goes_back_to_the_pass(world, mina):
    world.do(buy_pass, mina, month=MONTH)
    world.do(book, mina, option=by_bus(world, mina))
    world.wait(hours=8)
    assert held_pass(world, mina).left_won == COVERS_WON


def test_a_pass_ends_with_its_month(world, mina):
    world.do(buy_pass, mina, month=MONTH)
    world.clock.advance_to(world.clock.now() + timedelta(days=16))
    world.do(end_passes, PLATFORM)
    assert world.do(see_pass, mina).held is None
    assert by_bus(world, mina).fare_won == ADULT_WON
    assert list(world.runtime.state.of_type("CityPass")) == []
