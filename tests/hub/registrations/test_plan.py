"""Which parts of a request go where."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hapgang.hub.ngsild.types import any_of, read_types
from hapgang.hub.registrations.matching import Wanted, parts_for
from hapgang.hub.registrations.model import Registration, read_registration
from hapgang.hub.registrations.plan import MOST_PARTS, READS_ENTITIES, read_parts, write_plan

CREATE = ("createEntity",)
LAMP, POST = any_of(["Lamp"]), any_of(["Post"])
NAMES = ["power", "colour", "height"]


def source(number: int, mode: str, *information: Any, operations: Any = None) -> Registration:
    return read_registration(
        {
            "id": f"urn:r:{number}", "type": "ContextSourceRegistration", "mode": mode,
            "information": list(information), "endpoint": f"http://127.0.0.1:{4000 + number}",
            "operations": operations or ["redirectionOps", "federationOps"],
        }
    )  # fmt: skip


def lamp(*names: str, **entity: str) -> dict[str, Any]:
    own = {"propertyNames": list(names)} if names else {}
    return {"entities": [{"type": "Lamp", **entity}], **own}


def test_what_is_registered_is_found_by_entity_and_attribute() -> None:
    one = source(1, "inclusive", lamp("power", id="urn:lamp:1"))
    for wanted, fits in (
        (Wanted(LAMP), True),
        (Wanted(POST), False),
        (Wanted(read_types("Lamp;Post")), True),
        (Wanted(None, ("urn:lamp:1",)), True),
        (Wanted(None, ("urn:lamp:2",)), False),
        (Wanted(None, (), "lamp"), True),
        (Wanted(None, (), "post"), False),
        (Wanted(LAMP, attributes=frozenset(["power", "colour"])), True),
        (Wanted(LAMP, attributes=frozenset(["colour"])), False),
    ):
        assert any(True for _ in parts_for(one, wanted)) is fits, wanted
    by_pattern = source(2, "inclusive", lamp(idPattern="^urn:lamp:.*"))
    assert any(True for _ in parts_for(by_pattern, Wanted(None, ("urn:lamp:7",))))
    assert not any(True for _ in parts_for(by_pattern, Wanted(None, ("urn:post:7",))))
    of_all = source(3, "inclusive", {"propertyNames": ["power"]})
    assert any(True for _ in parts_for(of_all, Wanted(POST, ("urn:post:7",))))


def test_a_source_is_asked_for_what_it_registered_and_no_more() -> None:
    entities = [{"type": "Lamp", "id": f"urn:lamp:{n}"} for n in range(50)]
    many = source(1, "inclusive", {"entities": entities, "propertyNames": ["power", "colour"]})
    wanted = Wanted(LAMP, (), "", frozenset(["colour", "height"]))
    (part,) = read_parts([many], wanted, READS_ENTITIES)
    assert part.wanted.ids == tuple(one["id"] for one in entities)
    assert part.wanted.attributes == {"colour"}
    assert not read_parts([many], wanted, ("purgeBatch",))
    typeless = [{"type": f"T{n}", "idPattern": str(n)} for n in range(100)]
    wide = source(2, "inclusive", {"entities": typeless})
    assert len(read_parts([wide], Wanted(), READS_ENTITIES)) == MOST_PARTS


def test_exclusive_and_redirecting_sources_take_the_citys_place() -> None:
    exclusive = source(1, "exclusive", lamp("power", id="urn:lamp:1"))
    redirects = [source(n, "redirect", lamp("colour")) for n in (2, 3)]
    beside = source(4, "inclusive", lamp())
    filling = source(5, "auxiliary", lamp())
    plan = write_plan(
        [beside, filling, *redirects, exclusive], "urn:lamp:1", LAMP, frozenset(NAMES), CREATE
    )
    told = {piece.source.id: set(piece.attributes or ()) for piece in plan.pieces}
    assert told == {
        "urn:r:1": {"power"}, "urn:r:2": {"colour"}, "urn:r:3": {"colour"}, "urn:r:4": {"height"},
    }  # fmt: skip
    assert set(plan.taken) == {"power", "colour"}
    assert plan.is_local
    assert not plan.refused
    alone = write_plan([exclusive], "urn:lamp:1", LAMP, frozenset(["power"]), CREATE)
    assert not alone.is_local
    other = write_plan([exclusive], "urn:lamp:2", LAMP, frozenset(["power"]), CREATE)
    assert other.is_local
    assert not other.pieces


def test_who_stands_in_the_citys_place_and_cannot_refuses() -> None:
    reads = source(1, "redirect", lamp(), operations=["retrieveOps"])
    plan = write_plan([reads], "urn:lamp:1", LAMP, frozenset(["power"]), CREATE)
    assert [piece.source.id for piece in plan.refused] == ["urn:r:1"]
    assert not plan.is_local
    beside = source(2, "inclusive", lamp(), operations=["retrieveOps"])
    plan = write_plan([beside], "urn:lamp:1", LAMP, frozenset(["power"]), CREATE)
    assert (plan.pieces, plan.refused, plan.is_local) == ((), (), True)


def test_an_entity_as_a_whole_stays_where_only_attributes_are_registered() -> None:
    exclusive = source(1, "exclusive", lamp("power"))
    redirect = source(2, "redirect", lamp())
    nothing: frozenset[str] = frozenset()
    assert write_plan([exclusive], "urn:lamp:1", LAMP, nothing, ("deleteEntity",)).is_local
    gone = write_plan([redirect], "urn:lamp:1", LAMP, nothing, ("deleteEntity",))
    assert not gone.is_local
    assert [piece.attributes for piece in gone.pieces] == [None]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["inclusive", "exclusive", "redirect", "auxiliary"]),
            st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
        ),
        max_size=5,
    ),
    st.frozensets(st.sampled_from(NAMES), min_size=1),
)
def test_every_attribute_is_written_by_somebody_once_or_together(
    registered: list[tuple[str, list[str]]], names: frozenset[str]
) -> None:
    sources = [
        source(number, mode, lamp(*known)) for number, (mode, known) in enumerate(registered)
    ]
    plan = write_plan(sources, "urn:lamp:1", LAMP, names, CREATE)
    by_mode: dict[str, set[str]] = {}
    for piece in plan.pieces:
        by_mode.setdefault(piece.source.mode, set()).update(piece.attributes or names)
    proxied = by_mode.get("exclusive", set()) | by_mode.get("redirect", set())
    assert proxied == plan.taken
    assert not by_mode.get("exclusive", set()) & by_mode.get("redirect", set())
    assert not proxied & by_mode.get("inclusive", set())
    assert plan.is_local is bool(names - plan.taken)
    assert "auxiliary" not in by_mode
