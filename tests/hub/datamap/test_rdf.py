"""Both forms say the same, whatever the texts and addresses hold."""

from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from hapgang.hub.datamap.rdf import Iri, Lit, Thing, flattened, json_ld, turtle
from tests.hub.datamap.peer import read

PREFIXES = {"dct": "http://purl.org/dc/terms/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
# An address has a scheme: what follows may be anything.
_IRIS = _TEXT.map(lambda text: Iri("https://city.example/" + text))
_LITERALS = st.one_of(
    _TEXT.map(Lit),
    _TEXT.map(lambda text: Lit(text, language="ko")),
    st.datetimes().map(lambda at: Lit(at.isoformat(), "xsd:dateTime")),
)
_NAMES = st.sampled_from(["dct:title", "dct:source"])
_BLANK = st.builds(
    lambda said: Thing(("dct:Standard",), said), st.lists(st.tuples(_NAMES, _LITERALS), max_size=3)
)
_THINGS = st.builds(
    lambda said, name: Thing(("dct:Location",), said, name),
    st.lists(st.tuples(_NAMES, st.one_of(_IRIS, _LITERALS, _BLANK)), max_size=4),
    _IRIS,
)


@given(st.lists(_THINGS, max_size=3))
def test_turtle_and_json_ld_hold_the_same_statements(things: list[Thing]) -> None:
    as_turtle = read(turtle(things, PREFIXES), "turtle")
    as_json = read(json_ld(things, PREFIXES), "json-ld")
    assert isomorphic(as_turtle, as_json)


def test_what_has_an_address_is_written_once() -> None:
    shared = Thing(("dct:Standard",), [("dct:title", Lit("one"))], Iri("https://a.example/s"))
    things = [Thing((), [("dct:source", shared)], Iri(f"https://a.example/{n}")) for n in range(3)]
    assert [thing.id for thing in flattened(things)] == [
        "https://a.example/0", "https://a.example/s", "https://a.example/1", "https://a.example/2",
    ]  # fmt: skip
    assert turtle(things, PREFIXES).count(b'"one"') == 1


def test_an_address_cannot_leave_its_brackets() -> None:
    evil = Thing((), [("dct:source", Iri('https://a.example/> . <x> <y> "'))], Iri("https://b/"))
    graph = read(turtle([evil], PREFIXES), "turtle")
    assert len(graph) == 1
