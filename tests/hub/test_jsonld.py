"""Contexts: what clients send, what the core decides, what is bundled and remembered."""

from typing import Any

import msgspec
import pytest

from hapgang.hub.jsonld import (
    CORE,
    CORE_URL,
    DEFAULT_VOCAB,
    NULL,
    BadContext,
    Context,
    LdContextNotAvailable,
    addresses,
    core_file,
    is_core,
    kept_as,
    meant_by,
)
from tests.hub.jsonld_peer import read

FIWARE = "https://uri.fiware.org/ns/data-models#"
SDM = "https://smartdatamodels.org/dataModel.Environment/"
AIR = {  # the form of a Smart Data Models context
    "fiware": FIWARE,
    "AirQualityObserved": "fiware:AirQualityObserved",
    "id": "@id",
    "type": "@type",
    "ngsi-ld": "https://uri.etsi.org/ngsi-ld/",
    "location": "ngsi-ld:location",
    "dateObserved": {"@id": f"{SDM}dateObserved", "@type": "https://uri.etsi.org/ngsi-ld/DateTime"},
    "pm25": f"{SDM}pm25",
    "refDevice": {"@id": f"{SDM}refDevice", "@type": "@id"},
    "category": {"@id": "https://schema.org/category", "@type": "@vocab"},
    "@version": 1.1,
}


def served(**documents: Any) -> Any:
    """Return a `load` that serves https://NAME.test/c, and counts."""

    def load(url: str) -> Any:
        load.asked.append(url)  # type: ignore[attr-defined]
        name = url.removeprefix("https://").partition(".test/")[0]
        if name not in documents:
            raise OSError("no route to host")
        return documents[name]

    load.asked = []  # type: ignore[attr-defined]
    return load


def at(name: str) -> str:
    return f"https://{name}.test/c"


class TestNames:
    def test_terms_prefixes_and_the_default_vocabulary(self) -> None:
        context = read([AIR, CORE_URL])
        assert context.expand("pm25") == f"{SDM}pm25"
        assert context.expand("AirQualityObserved") == f"{FIWARE}AirQualityObserved"
        assert context.expand("fiware:other") == f"{FIWARE}other"
        assert context.expand("unheardOf") == f"{DEFAULT_VOCAB}unheardOf"
        assert context.expand("https://x.org/y") == "https://x.org/y"
        assert context.expand("fiware://host/y") == "fiware://host/y"
        assert context.expand("type") == "@type"

    def test_compacted_by_term_then_vocabulary_then_prefix(self) -> None:
        context = read([AIR, CORE_URL])
        assert context.compact(f"{SDM}pm25") == "pm25"
        assert context.compact(f"{DEFAULT_VOCAB}unheardOf") == "unheardOf"
        assert context.compact(f"{FIWARE}other") == "fiware:other"
        assert context.compact("https://x.org/y") == "https://x.org/y"
        assert context.compact("https://uri.etsi.org/ngsi-ld/location") == "location"

    def test_the_hub_keeps_what_the_core_would_write(self) -> None:
        context = read(AIR)
        kept = {
            "pm25": f"{SDM}pm25",
            "location": "location",
            "unheardOf": "unheardOf",
            f"{DEFAULT_VOCAB}unheardOf": "unheardOf",
            "ngsi-ld:default-context/unheardOf": "unheardOf",
            "ngsi-ld:name": "https://uri.etsi.org/ngsi-ld/name",
            "https://uri.etsi.org/ngsi-ld/hasValue": "value",
            "http://purl.org/dc/terms/title": "title",
            "@type": "type",
            "@id": "id",
        }
        assert {name: context.inward(name) for name in kept} == kept
        for name in set(kept.values()):
            assert kept_as(meant_by(name)) == name
            assert context.inward(context.outward(name)) == name

    def test_a_name_of_the_default_vocabulary_hidden_by_a_term_is_told_by_a_prefix(self) -> None:
        context = read({"speed": "https://x.org/speed"})
        assert context.inward("speed") == "https://x.org/speed"
        assert context.outward("speed") == "ngsi-ld:default-context/speed"
        assert context.inward(context.outward("speed")) == "speed"

    def test_two_clients_meet_in_one_iri(self) -> None:
        korean = read({"미세먼지": f"{SDM}pm25"})
        assert korean.inward("미세먼지") == read(AIR).inward("pm25") == f"{SDM}pm25"
        assert korean.outward(read(AIR).inward("pm25")) == "미세먼지"

    def test_in_a_definition_any_term_may_be_a_prefix(self) -> None:
        context = read({"ex": "https://x.org/a", "ex:b": {"@type": "@id"}})
        assert context.expand("ex:b") == "https://x.org/ab"
        assert context.expand("ex:c") == "ex:c"

    def test_the_shortest_name_then_the_first_of_the_alphabet(self) -> None:
        context = read({"longer": "https://x.org/a", "bb": "https://x.org/a", "aa": f"{SDM}a"})
        assert context.compact("https://x.org/a") == "bb"
        context = read({"b": "https://x.org/", "a": "https://x.org/", "ab": "https://x.org/y/"})
        assert context.compact("https://x.org/y/z") == "ab:z"
        assert context.compact("https://x.org/q") == "a:q"

    def test_an_iri_that_would_be_read_as_another_is_told_as_it_is(self) -> None:
        context = read({"x": "https://x.org/"})
        with pytest.raises(BadContext, match="confused with prefix"):
            context.compact("x:y")
        assert context.outward("x:y") == "x:y"

    @pytest.mark.parametrize("name", ["", "@strange", "nothing"])
    def test_a_name_that_means_nothing_is_refused(self, name: str) -> None:
        with pytest.raises(BadContext, match="means nothing"):
            read({"nothing": None}).inward(name)

    def test_values_by_the_type_of_their_term(self) -> None:
        context = read(AIR)
        assert context.inward_value("category", "pm25") == f"{SDM}pm25"
        assert context.inward_value("category", ["pm25", "x", 3]) == [f"{SDM}pm25", "x", 3]
        assert context.outward_value("category", [f"{SDM}pm25", NULL]) == ["pm25", NULL]
        assert context.inward_value("refDevice", "fiware:1") == f"{FIWARE}1"
        assert context.inward_value("dateObserved", "2026-11-22") == "2026-11-22"
        assert context.coercion("dateObserved") == "https://uri.etsi.org/ngsi-ld/DateTime"
        assert context.inward_value("unheardOf", "pm25") == "pm25"


class TestTheCore:
    def test_it_is_applied_last(self) -> None:
        stolen = {"location": "https://x.org/l", "type": "https://x.org/t", "value": None}
        for local in (stolen, [CORE_URL, stolen], [stolen, CORE_URL], [stolen, None]):
            context = read(local)
            assert context.expand("location") == "https://uri.etsi.org/ngsi-ld/location"
            assert context.expand("type") == "@type"
            assert context.inward("value") == "value"

    def test_null_goes_back_to_it(self) -> None:
        context = read([{"x": "urn:x", "y": "urn:y"}, None, {"y": "ngsi-ld:y", "z": {}}])
        assert context.inward("x") == "x"
        assert context.inward("y") == "https://uri.etsi.org/ngsi-ld/y"
        assert context.inward("z") == "z"

    def test_a_vocabulary_of_the_client_is_for_its_own_terms(self) -> None:
        context = read({"@vocab": "https://x.org/", "speed": {"@type": "@id"}, "fast": "quick"})
        assert context.expand("speed") == "https://x.org/speed"
        assert context.expand("fast") == "https://x.org/quick"
        assert context.expand("unheardOf") == f"{DEFAULT_VOCAB}unheardOf"

    @pytest.mark.parametrize(
        "local",
        [[], {}, None, CORE_URL, [CORE_URL, CORE_URL], [None], {"type": "@type"}, {"@base": "x"}],
    )
    def test_what_adds_nothing_is_the_core(self, local: Any) -> None:
        assert read(local) is CORE

    @pytest.mark.parametrize(
        ("version", "file", "is_exact"),
        [
            ("", "1.9", True),
            ("-v1.9", "1.9", True),
            ("-v1.8", "1.8", True),
            ("-v1.7", "1.7", True),
            ("-v1.6", "1.7", False),
            ("-v1.5", "1.7", False),
            ("-v1.4", "1.3", False),
            ("-v1.3", "1.3", True),
            ("-v1.0", "1.3", False),
            ("-v1.12", "1.9", False),
        ],
    )
    def test_every_version_is_bundled_or_answered_by_the_nearest(
        self, version: str, file: str, is_exact: bool
    ) -> None:
        url = f"https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context{version}.jsonld"
        bundled = core_file(url)
        assert (bundled.version, bundled.is_exact) == (file, is_exact)
        assert msgspec.json.decode(bundled.text)["@context"]["@vocab"] == DEFAULT_VOCAB
        assert is_core(url)
        assert read(url) is CORE

    def test_other_addresses_are_not_the_core(self) -> None:
        assert not is_core("https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld?x")
        with pytest.raises(KeyError):
            core_file("https://x.org/")

    def test_later_versions_only_added_terms_that_matter(self) -> None:
        for minor in (3, 7, 8):
            url = CORE_URL.replace("1.9", f"1.{minor}")
            terms = msgspec.json.decode(core_file(url).text)["@context"]
            renamed = {
                name
                for name in terms.keys() & CORE.terms.keys()
                if Context.of(terms | {"@protected": False}, load=None).expand(name)  # type: ignore[arg-type]
                != CORE.expand(name)
            }
            assert renamed == set()
            assert terms.keys() - CORE.terms.keys() <= {
                "@version",
                "@vocab",
                "@protected",
                "VocabularyProperty",  # 1.7's slip for VocabProperty
                "objectsLists",  # 1.8's slip for objectLists
            }


class TestRemote:
    def test_documents_bytes_and_arrays_of_addresses(self) -> None:
        load = served(a={"@context": [at("b"), {"y": "x:y"}]}, b=b'{"@context": {"x": "urn:x:"}}')
        context = Context.of([at("a"), CORE_URL], load=load)
        assert context.expand("y") == "urn:x:y"
        assert context.sources == (at("a"), at("b"))

    def test_relative_addresses_are_relative_to_the_document(self) -> None:
        load = served(a={"@context": "../b.test/c"}, b={"@context": {"x": "urn:x:y"}})
        context = Context.of("https://a.test/../a.test/c", load=lambda url: load(_flat(url)))
        assert context.expand("x") == "urn:x:y"

    def test_an_import_is_merged_and_overlaid(self) -> None:
        load = served(a={"@context": {"x": "urn:x:a", "y": "urn:y:a", "@vocab": "urn:v:"}})
        context = Context.of({"@import": at("a"), "x": "urn:x:b", "z": {"@type": "@id"}}, load=load)
        assert context.expand("x") == "urn:x:b"
        assert context.expand("y") == "urn:y:a"
        assert context.expand("z") == "urn:v:z"

    def test_what_cannot_be_had_is_not_what_is_wrong(self) -> None:
        load = served(
            text=b"this is { not json", latin=b'{"@context": "\xff"}', none={"note": 1}, list=[{}]
        )
        with pytest.raises(LdContextNotAvailable) as failure:
            Context.of(at("gone"), load=load)
        assert failure.value.status == 504
        assert failure.value.detail == {"context": at("gone")}
        for name in ("text", "latin", "none", "list"):
            with pytest.raises(BadContext):
                Context.of(at(name), load=load)

    def test_what_must_be_fetched_ahead(self) -> None:
        local = [at("a"), CORE_URL, {"@import": at("b")}, {"x": "urn:x"}, None]
        assert list(addresses(local)) == [at("a"), at("b")]
        assert list(addresses(at("a"))) == [at("a")]
        assert list(addresses({"x": at("a")})) == []


def _flat(url: str) -> str:
    return at("b") if "b.test" in url else at("a")
