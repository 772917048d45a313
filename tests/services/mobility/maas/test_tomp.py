"""TOMP-API documents: what we ask fits the standard, and nothing that comes back can surprise."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.core.geometry import Point
from hapgang.core.text import Text
from hapgang.core.vocabulary.mobility import Mode, Pricing, Traveller
from hapgang.core.vocabulary.people import AgeBand
from hapgang.services.mobility.maas.method.outside import hold_won, price_won
from hapgang.services.mobility.maas.model import Leg
from hapgang.services.mobility.maas.model.outside import Operator, Order, OutsideRide
from hapgang.services.mobility.maas.speaks.asking import Reply, call_of, wish_of, word_of
from hapgang.services.mobility.maas.speaks.fares import fare_of, paid, pricing_of
from hapgang.services.mobility.maas.speaks.free import stations_of, vehicles_of
from hapgang.services.mobility.maas.speaks.serving import read
from hapgang.services.mobility.maas.speaks.words import Fare
from tests.services.mobility.maas.fake_operator import FakeOperator
from tests.tomp_schema import Schema

NOW = datetime(2026, 9, 16, tzinfo=UTC)
ORDER = Order(
    id="urn:ngsi-ld:MobilityOrder:1", operator="urn:ngsi-ld:MobilityOperator:a",
    ride="urn:ngsi-ld:MobilityOutsideRide:1", state="offered", next_at=NOW, until=NOW,
    theirs="a/b c", leg="l?1",
)  # fmt: skip
RIDE = OutsideRide(
    id=ORDER.ride, traveller="urn:ngsi-ld:Person:secret", operator=ORDER.operator, order=ORDER.id,
    leg=Leg(
        mode=Mode.BICYCLE, start_at=NOW, end_at=NOW + timedelta(minutes=9),
        origin=Point((127.3, 36.5)), destination=Point((127.31, 36.51)),
    ),
    asset="b1", kind="bike", pricing=Pricing(fixed_won=500),
)  # fmt: skip
MINA = Traveller("urn:ngsi-ld:Person:secret", AgeBand.THIRTIES, "well", licence=True)
OPERATOR = Operator(
    id=ORDER.operator, title=Text("A", "A"), base_url="https://a.example", modes=(Mode.BICYCLE,)
)


def test_what_is_asked_is_addressed_and_names_nobody():
    wish = wish_of(RIDE, MINA)
    assert "secret" not in wish.body.decode()
    assert json.loads(wish.body)["useAssets"] == ["b1"]
    assert json.loads(wish.body)["travelers"][0]["age"] == 30
    assert call_of("look", ORDER, NOW).path == "/bookings/a%2Fb%20c"
    assert call_of("begin", ORDER, NOW).path == "/legs/l%3F1/events"
    end = json.loads(call_of("end", ORDER, NOW, Point((127.3, 36.5))).body)
    assert end["userLocation"]["coordinates"] == {"lng": 127.3, "lat": 36.5}


def test_what_is_asked_fits_the_standards_own_schema():
    schema = Schema()
    calls = [wish_of(RIDE, MINA)]
    calls += [call_of(ask, ORDER, NOW) for ask in ("book", "commit", "cancel", "begin", "end")]
    for call in calls:
        template = schema.path_of(call.path)
        assert schema.request(call.method, template, json.loads(call.body)) == [], call
    assert schema.request("POST", "/planning/offers", {}) != []


def test_the_fake_operator_keeps_to_the_standard_too():
    schema, fake = Schema(), FakeOperator(bikes={"b1": (127.3, 36.5)})

    def ask(method: str, path: str, body: bytes = b"") -> None:
        status, said = fake.answer(method, path, body) or (0, b"")
        value = json.loads(said) if said else None
        assert schema.answer(method, schema.path_of(path), status, value) == [], said

    ask("GET", "/operator/available-assets")
    ask("GET", "/operator/stations")
    ask("POST", "/planning/offers", wish_of(RIDE, MINA).body)
    ask("POST", "/bookings", b'{"id": "bk-1"}')
    ask("POST", "/bookings/bk-1/events", b'{"operation": "COMMIT"}')
    ask("POST", "/legs/bk-1-leg/events", b'{"time": "2026-09-16T00:00:00Z", "event": "SET_IN_USE"}')
    ask("POST", "/legs/bk-1-leg/events", b'{"time": "2026-09-16T00:00:00Z", "event": "FINISH"}')
    ask("GET", "/bookings/bk-1")


ASKS = st.sampled_from(["offer", "book", "look", "commit", "cancel", "begin", "end"])
JSONS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(
        ["PENDING", "CONFIRMED", "FINISHED", "a", "KRW"]
    ),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "state", "legs", "pricing", "parts", "options", "validUntil"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip
BODIES = st.binary(max_size=40) | JSONS.map(lambda value: json.dumps(value).encode())


@given(ASKS, st.integers(100, 599) | st.none(), BODIES)
def test_no_answer_can_surprise(ask, status, body):
    word = word_of(ask, Reply(status=status, body=body), "a", ride_s=60.0, way_m=100.0)
    assert len(word.reason) <= 200
    assert "\x00" not in word.reason
    if status is None or status >= 500:
        assert word.told == "silent"
    if word.told in ("pending", "confirmed", "started", "finished", "offered"):
        assert status is not None
        assert 200 <= status < 300


@given(BODIES, BODIES)
def test_no_list_of_vehicles_can_surprise(assets, stations):
    try:
        places, _ = stations_of(stations)
        vehicles, bad = vehicles_of(OPERATOR, assets, places)
    except Invalid:
        return
    assert len(vehicles) + len(bad) <= 20


PLANS = st.builds(
    Pricing, fixed_won=st.integers(0, 10_000), included_min=st.integers(0, 60).map(float),
    per_min_won=st.integers(0, 1_000).map(float), per_km_won=st.integers(0, 1_000).map(float),
    most_won=st.none() | st.integers(1, 50_000),
)  # fmt: skip


@given(PLANS, st.floats(0, 10_000), st.floats(0, 50_000))
def test_a_plan_survives_the_standard(plan, ride_s, way_m):
    there = pricing_of(read(fare_of(plan), Fare))
    assert price_won(there, ride_s, way_m) == price_won(plan, ride_s, way_m)
    assert hold_won(plan, price_won(plan, ride_s, way_m)) >= price_won(plan, ride_s, way_m)
    assert price_won(plan, ride_s + 600, way_m + 1000) >= price_won(plan, ride_s, way_m)


@pytest.mark.parametrize(
    "part",
    [
        {"amount": 1, "currencyCode": "EUR"},
        {"amount": -1},
        {"amount": 1, "type": "FLEX", "unitType": "MILE", "units": 1},
        {"amount": 1, "type": "FLEX", "unitType": "KM", "units": 1, "scaleFrom": 3},
        {"amount": 1, "type": "FLEX", "unitType": "MINUTE", "units": 1, "scaleTo": 3},
    ],
)
def test_fares_that_we_do_not_know_are_refused(part):
    with pytest.raises(Invalid):
        pricing_of(read({"estimated": True, "parts": [part]}, Fare))


def test_fares_that_we_know():
    per_15_min = {
        "amount": 500, "type": "FLEX", "unitType": "MINUTE", "units": 15, "scaleFrom": 0.5,
        "scaleType": "HOUR",
    }  # fmt: skip
    plan = pricing_of(read({"estimated": True, "parts": [per_15_min, {"amount": 100}]}, Fare))
    assert price_won(plan, 30 * 60, 0) == 100
    assert price_won(plan, 45 * 60, 0) == 600
    assert pricing_of(read(paid(70), Fare)) == Pricing(fixed_won=70)
