"""What is asked of both brokers: the entities, the requests, and the queries among them."""

from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import quote

import msgspec

BATCH = 50
TYPES = ("PeerPlot", "PeerLight")  # what is there from the start, and what is created
_ENTITIES = "/ngsi-ld/v1/entities"
_UPSERT = "/ngsi-ld/v1/entityOperations/upsert"
_CORNER, _SIDE_DEG = (127.2, 36.4), 0.2  # the square over which they lie
_BLOCKS = 100

Call = tuple[str, str, Any]
"""Method, path, and body or None."""


class Work(msgspec.Struct, frozen=True):
    """One kind of request; `call(chance, client, entities)` makes one."""

    name: str
    title: str
    clients: int
    call: Callable[[Random, int, int], Call]
    is_write: bool = False
    entities: int = 1
    """In each request."""
    grows: bool = False
    """Whether it makes the hubs larger."""
    longer: float = 1.0
    """How much longer it is measured, where one request takes its time."""


def plots(chance: Random, entities: int) -> list[dict[str, Any]]:
    """Return the entities that both hold."""
    return [_plot(chance, number) for number in range(entities)]


def same_for_both(chance: Random) -> list[str]:
    """Return queries whose answers have to be the same before times are compared."""
    return [make(chance) for make in (_by_attribute, _by_attribute, _near, _near, _near)]


def _plot(chance: Random, number: int) -> dict[str, Any]:
    return {
        "id": _plot_id(number),
        "type": TYPES[0],
        "location": {
            "type": "GeoProperty",
            "value": {"type": "Point", "coordinates": _spot(chance)},
        },
        "block": {"type": "Property", "value": number % _BLOCKS},
        "height": {"type": "Property", "value": chance.randrange(100), "unitCode": "MTR"},
        "state": {"type": "Property", "value": "free"},
        "inArea": {"type": "Relationship", "object": f"urn:ngsi-ld:Area:{number % 10}"},
    }


def _plot_id(number: int) -> str:
    return f"urn:ngsi-ld:{TYPES[0]}:{number}"


def _spot(chance: Random) -> list[float]:
    return [round(base + chance.random() * _SIDE_DEG, 6) for base in _CORNER]


def _get(chance: Random, _: int, entities: int) -> Call:
    return "GET", f"{_ENTITIES}/{_plot_id(chance.randrange(entities))}", None


def _query(by: Callable[[Random], str]) -> Callable[[Random, int, int], Call]:
    return lambda chance, _, __: ("GET", f"{_ENTITIES}?{by(chance)}&limit=20", None)


def _by_type(_: Random) -> str:
    return f"type={TYPES[0]}"


def _by_attribute(chance: Random) -> str:
    return f"type={TYPES[0]}&q={quote(f'block=={chance.randrange(_BLOCKS)}')}"


def _near(chance: Random) -> str:
    lon, lat = _spot(chance)
    at = quote(f"[{lon},{lat}]")
    within = quote("near;maxDistance==500")
    return f"type={TYPES[0]}&georel={within}&geometry=Point&coordinates={at}"


def _update(chance: Random, _: int, entities: int) -> Call:
    height = {"type": "Property", "value": chance.randrange(1_000), "unitCode": "MTR"}
    path = f"{_ENTITIES}/{_plot_id(chance.randrange(entities))}/attrs"
    return "PATCH", path, {"height": height}


def _upsert(chance: Random, client: int, entities: int) -> Call:
    """Make a batch of the client's own entities, as of a gateway with its own devices."""
    own = range(client, entities, _GATEWAYS)
    chosen = sorted(chance.sample(own, min(BATCH, len(own))))
    return "POST", _UPSERT, [_plot(chance, number) for number in chosen]


def _create(chance: Random, _: int, __: int) -> Call:
    """Make a new entity; the load generator puts a running number in the place of `#`."""
    light = {
        "id": f"urn:ngsi-ld:{TYPES[1]}:#-{chance.randrange(10**9)}",
        "type": TYPES[1],
        "power": {"type": "Property", "value": 5, "unitCode": "KWT"},
        "state": {"type": "Property", "value": "on"},
        "inArea": {"type": "Relationship", "object": "urn:ngsi-ld:Area:1"},
    }
    return "POST", _ENTITIES, light


_GATEWAYS = 4
WORKS = (  # those that make the hubs larger come last
    Work("gets", "entities by id", 64, _get),
    Work("query_type", "20 entities of a type", 16, _query(_by_type)),
    Work("query_attribute", "20 of the 1 % with a value", 16, _query(_by_attribute)),
    Work("query_near", "those within 500 m", 16, _query(_near)),
    Work("updates", "one attribute of an entity, PATCH", 64, _update, is_write=True),
    Work(
        "upserts", f"entities in batches of {BATCH}, replaced", _GATEWAYS, _upsert,
        is_write=True, entities=BATCH, longer=1.5,
    ),
    Work("creates", "new entities, three attributes", 64, _create, is_write=True, grows=True),
)  # fmt: skip
