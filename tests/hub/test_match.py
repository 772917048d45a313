"""What `q` means of an entity, condition by condition (clause 4.9), and against a plain reading."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.hub.match import compile_match
from hapgang.hub.ngsild.fragment import entity_in
from hapgang.hub.qlang import parse
from hapgang.hub.query import All, Between, Compare, Exists, OneOf, Path
from hapgang.hub.record import Record, record_of

MADE = datetime(2026, 11, 20, tzinfo=UTC)
CHANGED = datetime(2026, 11, 22, tzinfo=UTC)
TOWER = {
    "id": "urn:ngsi-ld:Building:tower",
    "type": "Building",
    "name": {"type": "Property", "value": "Eiffel Tower"},
    "level": {
        "type": "Property",
        "value": 4,
        "unitCode": "C62",
        "observedAt": "2026-11-21T08:00:00Z",
        "accuracy": {"type": "Property", "value": 0.5},
    },
    "open": {"type": "Property", "value": True},
    "lines": {"type": "Property", "value": ["550", "551"]},
    "since": {
        "type": "Property",
        "value": {"@type": "DateTime", "@value": "2020-05-01T00:00:00Z"},
    },
    "address": {"type": "Property", "value": {"city": "Berlin", "zip": {"code": 10115}}},
    "color": {"type": "LanguageProperty", "languageMap": {"en": "red", "fr": ["rouge", "vermeil"]}},
    "category": {"type": "VocabProperty", "vocab": "commercial"},
    "shape": {"type": "JsonProperty", "json": {"a": [1, 2]}},
    "managedBy": {"type": "Relationship", "object": "urn:ngsi-ld:Building:office"},
    "near": {
        "type": "ListRelationship",
        "objectList": [{"object": "urn:ngsi-ld:Building:office"}, {"object": "urn:x:gone"}],
    },
}
OFFICE = {
    "id": "urn:ngsi-ld:Building:office",
    "type": "Building",
    "name": "Pisa Tower",
    "owner": {"type": "Relationship", "object": "urn:ngsi-ld:Building:tower"},
}


def record(document: dict[str, Any]) -> Record:
    full = {**entity_in(document).attributes, "id": document["id"], "type": document["type"]}
    return record_of(full, created=MADE, modified=CHANGED, seq=1)


def holds(q: str, document: dict[str, Any] | None = None) -> bool:
    known = {one["id"]: record(one) for one in (TOWER, OFFICE)}
    return compile_match(parse(q), known.get)(record(document or TOWER))


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        # a value, several, an interval
        ("level==4", True), ("level==4.0", True), ("level==5", False), ("level!=5", True),
        ("level==4..5", True), ("level!=4..5", False), ("level==5..9", False),
        ("level==1.5..4.5", True), ('name=="Eiffel Tower","Big Ben"', True),
        ('name!="Eiffel Tower","Big Ben"', False), ('name!="Pisa Tower","Big Ben"', True),
        ('lines=="550"', True), ('lines=="7","551"', True), ('lines!="550"', False),
        ('lines!="7"', True), ("open==true", True), ("open!=true", False), ("open==1", False),
        # order
        ("level>3", True), ("level>=4", True), ("level<4", False), ("level<=4", True),
        ('name>"D"', True), ('name<"D"', False), ("name>3", False), ('level>"3"', False),
        # other kinds of values are unequal, and in no order
        ('level=="4"', False), ('level!="4"', True), ("open>false", False),
        # times
        ("since==2020-05-01", True), ("since>2020-04-30T00:00:00Z", True),
        ("since<2020-05-01", False), ("level.observedAt>2026-11-21T07:00:00Z", True),
        ('modifiedAt>"2026-11-21T00:00:00Z"', True), ("createdAt>=2026-11-21", False),
        ("createdAt", True),
        # patterns
        ('name~="^Eiffel"', True), ('name!~="^Eiffel"', False), ("name~=.*Tower", True),
        ("name~=(Pisa|Eiffel) T", True), ("level~=4", False), ('lines~="^55"', True),
        ('managedBy~="office"', False),
        # what is there, and what is not
        ("name", True), ("missing", False), ("!missing", True), ("!name", False),
        ("missing==1", False), ("missing!=1", False), ("!missing;level>3", True),
        # inside
        ("level.accuracy==0.5", True), ("level.accuracy", True), ("level.missing", False),
        ('level.unitCode=="C62"', True), ("name.value", False),
        ('address[city]=="Berlin"', True), ("address[zip.code]==10115", True),
        ('address[postcode]=="Berlin"', False), ("address[city]", True), ("address[no]", False),
        ("shape[a]==2", True),
        # languages
        ('color[en]=="red"', True), ('color[en]=="rouge"', False), ('color[*]=="rouge"', True),
        ('color[*]!="red"', False), ('color[*]!="blue"', True), ('color[fr]=="vermeil"', True),
        ('color[de]=="rot"', False), ('color=="rouge"', True),
        ('category=="commercial"', True),
        # relationships: equal or not, and what they lead to
        ('managedBy=="urn:ngsi-ld:Building:office"', True),
        ("managedBy==urn:ngsi-ld:Building:office", True), ('managedBy>"urn:a"', False),
        ('near=="urn:x:gone"', True), ('managedBy{name}=="Pisa Tower"', True),
        ('managedBy{Building:name}=="Pisa Tower"', True),
        ('managedBy{Vehicle:name}=="Pisa Tower"', False),
        ('managedBy{Vehicle,Building:name}=="Pisa Tower"', True),
        ('near{name}=="Pisa Tower"', True), ("managedBy{missing}", False),
        ('managedBy{owner{name}}=="Eiffel Tower"', True), ('managedBy{name}~="^P"', True),
        ('name{name}=="x"', False),
        # together
        ("level==4;open==true", True), ("level==4;open==false", False),
        ("level==5|open==true", True), ("level==5|level==4;open==false", False),
        ("(level==5|level==4);open==true", True), ('level==5|name~="^E"', True),
    ],
)  # fmt: skip
def test_a_condition_holds_or_not(q: str, *, expected: bool) -> None:
    assert holds(q) is expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("a.b", Exists(Path("a", ("b",)))),
        ("!a", Exists("a", absent=True)),
        ("a[b.c]==1", Compare(Path("a", (), ("b", "c")), "==", 1)),
        ("a{b}", Exists(Path("a", (), (), (), Path("b")))),
        ("a{T:b.c}>1", Compare(Path("a", (), (), ("T",), Path("b", ("c",))), ">", 1)),
        ("a==1..2", Compare("a", "==", Between(1, 2))),
        ('a=="x".."y"', Compare("a", "==", Between("x", "y"))),
        ("a==1,true", Compare("a", "==", OneOf((1, True)))),
        ('a~="x;y|(z"', Compare("a", "~=", "x;y|(z")),
        ("a~=[;|)]+;b", All((Compare("a", "~=", "[;|)]+"), Exists("b")))),
    ],
)
def test_what_is_written_is_read(q: str, expected: Any) -> None:
    assert parse(q) == expected


@pytest.mark.parametrize(
    "q",
    ["a>1..2", "a<1,2", "a==..2", "a~=", "a{b", "a[b", "a{}", "a[]", "a.", "!", "!a==1",
     "a==1..", "a{b{c{d{e{f{g}}}}}}"],
)  # fmt: skip
def test_what_the_grammar_does_not_know_is_refused(q: str) -> None:
    with pytest.raises(Invalid, match="q"):
        parse(q)


def test_names_are_those_of_the_hub() -> None:
    found = parse("a.b[c]==1;d{T:e}", name=str.upper)
    assert found == All(
        (
            Compare(Path("A", ("B",), ("c",)), "==", 1),
            Exists(Path("D", (), (), ("T",), Path("E"))),
        )
    )


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "(?<=a)b", r"(a)\1"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid, match="regular expression"):
        compile_match(Compare("name", "~=", pattern))


def test_a_pattern_takes_time_that_grows_with_the_text_only() -> None:
    """Backtracking would take longer than the age of the universe."""
    document = {**TOWER, "name": "a" * 5_000 + "!"}
    assert not holds('name~="^(a+)+$"', document)
    assert not holds(f'name~="{"(a?)" * 40}{"b" * 40}"', document)
    with pytest.raises(Invalid, match="at most"):
        holds(f'name~="{"a" * 201}"', document)


def test_a_relationship_to_what_nobody_may_see_leads_nowhere() -> None:
    tower = record(TOWER)
    assert not compile_match(parse("managedBy{name}"), lambda _: None)(tower)
    assert compile_match(parse("managedBy"), lambda _: None)(tower)


plain = st.integers(-3, 3) | st.sampled_from(["a", "b", "c"]) | st.booleans()


@given(plain | st.lists(plain, max_size=3), st.sampled_from(["==", "!="]), plain, st.booleans())
def test_equality_is_that_of_plain_values(
    value: Any, sign: str, wanted: Any, several: bool
) -> None:
    one = record({**OFFICE, "x": {"type": "Property", "value": value}})
    found = compile_match(Compare("x", sign, OneOf((wanted, "zz")) if several else wanted))(one)
    held = value if isinstance(value, list) else [value]
    has = any(part == wanted and type(part) is type(wanted) for part in held)
    assert found is (has if sign == "==" else not has)
