"""Entity maps (clause 5.14): made by a query, told, kept longer or given up by who made them."""

from weakref import WeakKeyDictionary

from hapgang.core.clock import Instant
from hapgang.core.errors import Invalid, NotFound
from hapgang.core.ids import new_urn
from hapgang.hub.ngsild.maps import LIFE, MOST_LIFE, EntityMap, EntityMaps
from hapgang.runtime.city import CityOf
from hapgang.runtime.perform import Runtime

_MAPS: WeakKeyDictionary[Runtime, EntityMaps] = WeakKeyDictionary()


def make_entity_map(city: CityOf, *, entities: dict[str, list[str]]) -> EntityMap:
    """Remember which entities a query found."""
    name = new_urn("EntityMap", city.rng)
    made = EntityMap(name, city.caller.id, entities, city.now + LIFE)
    _maps(city).add(made)
    return made


def map_evolutions(city: CityOf, *, entities: dict[str, list[str]]) -> EntityMap:
    """Remember whose past a query found."""
    return make_entity_map(city, entities=entities)


def get_entity_map(city: CityOf, *, entity_map: str) -> EntityMap:
    """Return one of the caller's maps."""
    found = _maps(city).get(entity_map, city.caller.id, city.now)
    if found is None:
        raise NotFound(
            f"there is no entity map {entity_map[:100]}", f"{entity_map[:100]} 맵이 없습니다"
        )
    return found


def keep_entity_map(city: CityOf, *, entity_map: str, expires: Instant) -> None:
    """Keep one of the caller's maps until another time."""
    found = get_entity_map(city, entity_map=entity_map)
    if not city.now < expires <= city.now + MOST_LIFE:
        raise Invalid("expiresAt is within the next 24 hours", "expiresAt은 24시간 이내여야 합니다")
    _maps(city).add(EntityMap(found.id, found.owner, found.entities, expires))


def delete_entity_map(city: CityOf, *, entity_map: str) -> None:
    """Give up one of the caller's maps."""
    _maps(city).remove(get_entity_map(city, entity_map=entity_map).id)


def _maps(city: CityOf) -> EntityMaps:
    return _MAPS.setdefault(city.runtime, EntityMaps())
