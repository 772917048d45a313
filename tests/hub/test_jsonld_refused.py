"""Contexts that are wrong, huge, deep or that chase their own tail."""

from time import perf_counter
from typing import Any

import pytest

from hapgang.core.errors import CityError
from hapgang.hub.jsonld import (
    BadContext,
    Context,
    Contexts,
    Limits,
    inward_document,
    outward_document,
)
from tests.hub.jsonld_peer import read


def deep(levels: int, *, key: str = "@context") -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for _ in range(levels):
        nested = {key: nested}
    return nested


@pytest.mark.parametrize(
    ("local", "code"),
    [
        (5, "invalid local context"),
        (True, "invalid local context"),
        ([{}, 5], "invalid local context"),
        ([[{}]], "invalid local context"),
        ("no address", "loading remote context failed"),
        ("../relative", "loading remote context failed"),
        ("http://[", "loading remote context failed"),
        ({"@version": 1.0}, "invalid @version value"),
        ({"@version": True}, "invalid @version value"),
        ({"@base": 5}, "invalid base IRI"),
        ({"@vocab": 5}, "invalid vocab mapping"),
        ([{"@vocab": None}, {"@vocab": "relative"}], "invalid vocab mapping"),
        ({"@language": 5}, "invalid default language"),
        ({"@direction": "up"}, "invalid base direction"),
        ({"@propagate": "yes"}, "invalid @propagate value"),
        ({"@protected": "yes"}, "invalid @protected value"),
        ({"@import": 5}, "invalid @import value"),
        ({"": "urn:x"}, "invalid term definition"),
        ({"x": 5}, "invalid term definition"),
        ({"x": {"@strange": 1}}, "invalid term definition"),
        ({"x": {"@id": 5}}, "invalid IRI mapping"),
        ({"x": {"@id": "urn:x", "@type": 5}}, "invalid type mapping"),
        ({"x": {"@id": "urn:x", "@type": "_:b"}}, "invalid type mapping"),
        ({"x": {"@id": "urn:x", "@container": "@bag"}}, "invalid container mapping"),
        ({"x": {"@id": "urn:x", "@context": 5}}, "invalid scoped context"),
        ({"x": {"@id": "urn:x", "@prefix": "yes"}}, "invalid @prefix value"),
        ({"x:y": {"@id": "x:y", "@prefix": True}}, "invalid term definition"),
        ({"x": {"@id": "urn:x", "@protected": 5}}, "invalid @protected value"),
        ({"x": {"@reverse": "urn:x"}}, "invalid reverse property"),
        ({"x": "@context"}, "invalid keyword alias"),
        ({"@id": "urn:x"}, "keyword redefinition"),
        ({"@type": {"@container": "@list"}}, "keyword redefinition"),
        ({"@context": {}}, "keyword redefinition"),
        ({"@vocab": None, "x": "y"}, "invalid IRI mapping"),
        ({"urn:x:y": "urn:x:z"}, "invalid IRI mapping"),
        ({"x": "x:y"}, "cyclic IRI mapping"),
        ({"x": "y:x", "y": "x:y"}, "cyclic IRI mapping"),
        ([{"@protected": True, "x": "urn:x"}, {"x": "urn:y"}], "protected term redefinition"),
        ([{"@protected": True, "x": "urn:x"}, None], "invalid context nullification"),
    ],
)
def test_refused_with_the_code_of_the_standard(local: Any, code: str) -> None:
    with pytest.raises(BadContext) as refused:
        read(local)
    assert refused.value.detail == {"code": code}


def test_what_looks_like_a_keyword_is_passed_over() -> None:
    context = read({"@strange": "urn:x", "x": "@strange", "@1": "urn:y", "y": {"@id": "@nothing"}})
    assert context.expand("x").endswith("default-context/x")
    assert context.expand("y").endswith("default-context/y")
    assert context.expand("@1") == "urn:y"
    with pytest.raises(BadContext):
        context.expand("@strange")


def test_protected_twice_the_same_is_fine() -> None:
    context = read([{"@protected": True, "x": "urn:x"}, {"x": "urn:x"}])
    assert context.expand("x") == "urn:x"
    read({"@type": {"@container": "@set"}, "x": {"@id": "urn:x", "@context": {"y": 5}}})


class TestTails:
    def test_a_context_that_names_itself(self) -> None:
        with pytest.raises(BadContext, match="names itself"):
            Context.of("https://a.test/", load=lambda url: {"@context": url})

    def test_two_that_name_one_another(self) -> None:
        other = {"https://a.test/": "https://b.test/", "https://b.test/": "https://a.test/"}
        with pytest.raises(BadContext, match="names itself"):
            Context.of("https://a.test/", load=lambda url: {"@context": [{}, other[url]]})

    def test_one_without_an_end(self) -> None:
        with pytest.raises(BadContext, match="levels deep"):
            Context.of("https://a.test/", load=lambda url: {"@context": f"{url}x"})

    def test_an_import_that_imports(self) -> None:
        with pytest.raises(BadContext, match="invalid context entry"):
            Context.of({"@import": "https://a.test/"}, load=lambda u: {"@context": {"@import": u}})

    def test_a_thousand_documents(self) -> None:
        asked: list[str] = []

        def load(url: str) -> Any:
            asked.append(url)
            return {"@context": {}}

        with pytest.raises(BadContext, match="more than 32 documents"):
            Context.of([f"https://a.test/{n}" for n in range(1_000)], load=load)
        assert len(asked) == 32

    def test_doubling_at_each_level(self) -> None:
        def load(url: str) -> Any:
            level = int(url.rpartition("/")[2])
            return {"@context": [f"https://a.test/{level + 1}"] * 50 if level < 10 else {}}

        with pytest.raises(BadContext, match="more than 1000 contexts"):
            Context.of("https://a.test/0", load=load)


class TestSizes:
    def test_nested_10_000_deep(self) -> None:
        scoped = deep(10_000)
        assert read({"x": {"@id": "urn:x", **scoped}}).expand("x") == "urn:x"
        with pytest.raises(BadContext):
            read(scoped)
        with pytest.raises(BadContext):
            read([deep(10_000, key="@id")])
        contexts = Contexts(lambda url: b'{"@context": ' + b"[" * 10_000 + b"]" * 10_000 + b"}")
        for local in (scoped, "https://a.test/", [["x"] * 100_000]):
            with pytest.raises(BadContext):
                contexts.of(local)
        assert len(contexts) == 0

    def test_huge_arrays_and_documents(self) -> None:
        with pytest.raises(BadContext, match="more than 1000 contexts"):
            read([{}] * 1_000_000)
        with pytest.raises(BadContext, match="over 8000000 bytes"):
            Context.of("https://a.test/", load=lambda url: b" " * 8_000_001)
        with pytest.raises(BadContext, match="more than 50000 terms"):
            read({f"x{n}": "urn:x" for n in range(60_000)})
        with pytest.raises(BadContext, match="more than 50000 terms"):
            read([{f"x{n}-{m}": "urn:x" for n in range(10_000)} for m in range(6)])

    def test_iris_that_grow_from_one_another(self) -> None:
        chain = {"x0": "https://a.test/"} | {f"x{n}": f"x{n - 1}:{'y' * 50}/" for n in range(1, 60)}
        assert len(read(chain).expand("x59")) == 15 + 59 * 51
        with pytest.raises(BadContext, match="4096 characters"):
            read({"x0": "https://a.test/", "x1": f"x0:{'y' * 5_000}"})
        long = {f"x{n}": f"x{n + 1}:y/" for n in range(10_000)} | {"x10000": "https://a.test/"}
        with pytest.raises(BadContext, match="lean on one another"):
            read(long)
        with pytest.raises(BadContext, match="too long together"):
            Context.of(
                [{f"x{n}": "urn:" + "x" * 4_000 for n in range(100)}],
                load=None,  # type: ignore[arg-type]
                limits=Limits(characters=300_000),
            )

    def test_many_prefixes_cost_little(self) -> None:
        context = read({f"x{n}": f"https://a.test/{'y' * (n % 50)}{n}/" for n in range(20_000)})
        started = perf_counter()
        for number in range(1_000):
            assert context.outward(f"https://nobody.test/{number}").startswith("https://nobody")
        assert perf_counter() - started < 5

    def test_documents_nested_without_end(self) -> None:
        context = read({"x": "https://a.test/x", "a": "https://a.test/"})
        sub: dict[str, Any] = {"value": 1}
        entity: dict[str, Any] = {"id": "urn:e", "type": "T"}
        for _ in range(10_000):
            sub = {"value": 1, "x": sub}
            entity = {"id": "urn:e", "type": "T", "r": {"object": "urn:e", "entity": entity}}
        for document in ({"x": sub}, {"x": [sub]}, entity):
            for walk in (inward_document, outward_document):
                with pytest.raises(CityError, match="nested deeper"):
                    walk(document, context)

    def test_values_nested_without_end_are_not_looked_into(self) -> None:
        context = read({"x": "https://a.test/x"})
        kept = inward_document({"x": {"type": "Property", "value": deep(10_000)}}, context)
        assert list(kept) == ["https://a.test/x"]
