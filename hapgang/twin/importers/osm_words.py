"""What OpenStreetMap's words for buildings, facilities and surfaces are in a city's model.

Source of the meanings: OpenStreetMap wiki, Map features.
"""

from collections.abc import Mapping

Tags = Mapping[str, str]


def _inverted(words: Mapping[str, str]) -> dict[str, str]:
    return {value: kind for kind, values in words.items() for value in values.split()}


_BUILDINGS = _inverted({
    "apartments": "apartments residential dormitory block barracks",
    "house": "house detached semidetached_house semi terrace bungalow farm cabin houseboat villa",
    "school": "school kindergarten university college",
    "hospital": "hospital",
    "clinic": "clinic",
    "office": "office commercial government",
    "shop": "retail supermarket kiosk shop mall",
    "industry": "industrial warehouse manufacture factory works",
    "community": "public civic church cathedral chapel mosque temple synagogue shrine religious "
    "monastery fire_station",
    "culture": "museum theatre stadium sports_hall sports_centre pavilion grandstand",
    "hotel": "hotel",
    "parking": "garage garages parking carport",
    "utility": "roof shed service utility transportation train_station toilets transformer_tower "
    "storage_tank silo barn stable greenhouse glasshouse hut allotment_house tower water_tower",
})  # fmt: skip
_NO_BUILDINGS = frozenset({
    "no", "construction", "ruins", "collapsed", "entrance", "underpass_entrance", "ship",
    "proposed",
})  # fmt: skip

_SHOPS = "restaurant fast_food cafe bar pub food_court ice_cream marketplace pharmacy bank"
_PLACES: Mapping[str, dict[str, str]] = {
    "amenity": _inverted({
        "school_kindergarten": "kindergarten childcare",
        "school_elementary": "school",
        "university": "university college",
        "clinic": "clinic doctors dentist",
        "hospital": "hospital",
        "shop": _SHOPS,
        "culture": "theatre cinema library arts_centre museum nightclub concert_hall",
        "community": "community_centre townhall social_facility social_centre courthouse police "
        "fire_station post_office",
        "worship": "place_of_worship",
        "car_park": "parking",
        "pm_station": "bicycle_rental",
        "station": "bus_station ferry_terminal",
        "utility": "fuel charging_station recycling",
    }),
    "healthcare": _inverted({"clinic": "clinic doctor centre dentist", "hospital": "hospital"}),
    "leisure": _inverted({
        "park": "park",
        "sport": "sports_centre stadium swimming_pool fitness_centre sports_hall ice_rink",
    }),
    "tourism": _inverted({
        "culture": "museum gallery attraction theme_park zoo aquarium",
        "camping": "camp_site caravan_site",
        "hotel": "hotel hostel guest_house motel",
    }),
    "railway": _inverted({"station": "station halt"}),
    "power": _inverted({"utility": "substation"}),
}  # fmt: skip
# UNESCO's levels of schooling: 1 primary, 2 lower secondary, 3 upper secondary.
_ISCED = {"0": "school_kindergarten", "1": "school_elementary", "2": "school_middle",
          "3": "school_high"}  # fmt: skip
_AREAS: Mapping[str, dict[str, str]] = {
    "natural": {"water": "water", "wetland": "wetland", "wood": "wood"},
    "landuse": {"reservoir": "water", "basin": "water", "forest": "wood", "cemetery": "cemetery"},
    "leisure": {"park": "park", "nature_reserve": "nature_reserve"},
}
_KOREAN = {
    "school_kindergarten": "유치원", "school_elementary": "학교", "school_middle": "중학교",
    "school_high": "고등학교", "university": "대학교", "clinic": "의원", "hospital": "병원",
    "shop": "상점", "culture": "문화 시설", "community": "주민 시설", "worship": "종교 시설",
    "car_park": "주차장", "pm_station": "공유 이동 수단 정류소", "station": "역", "park": "공원",
    "utility": "기반 시설", "sport": "체육 시설", "camping": "야영장", "hotel": "숙박 시설",
    "water": "수면", "wetland": "습지", "wood": "숲", "cemetery": "묘지",
    "nature_reserve": "자연 보호 구역", "boundary": "경계",
}  # fmt: skip


def building_kind(tags: Tags) -> str | None:
    """Return a building's kind; what the tag leaves open is mixed; None if it is no building."""
    value = tags.get("building", "no")
    if value in _NO_BUILDINGS:
        return None
    if value in _BUILDINGS:
        return _BUILDINGS[value]
    place = place_kind(tags)
    inside = {"clinic": "clinic", "hospital": "hospital", "shop": "shop", "culture": "culture",
              "community": "community", "worship": "community", "car_park": "parking",
              "hotel": "hotel", "sport": "culture"}  # fmt: skip
    if place is not None and place.startswith(("school", "university")):
        return "school"
    if place in inside:
        return inside[place]
    return "office" if "office" in tags else "mixed"


def place_kind(tags: Tags) -> str | None:
    """Return the kind of a place worth going to; None for benches, bins and the like."""
    for key, words in _PLACES.items():
        kind = words.get(tags.get(key, ""))
        if kind == "school_elementary":
            return _ISCED.get(tags.get("isced:level", "1")[:1], kind)
        if kind is not None:
            return kind
    return "shop" if tags.get("shop", "no") not in {"no", "vacant"} else None


def area_kind(tags: Tags) -> str | None:
    """Return the kind of a surface; None if the model has no use for it."""
    for key, words in _AREAS.items():
        if tags.get(key) in words:
            return words[tags[key]]
    return None


def titles(tags: Tags, kind: str) -> tuple[str, str]:
    """Return a name in English and Korean; where the map has none, the kind's."""
    name = tags.get("name", "").strip()
    english = tags.get("name:en", "").strip() or name or kind.replace("_", " ").capitalize()
    return english, tags.get("name:ko", "").strip() or name or _KOREAN.get(kind, english)
