"""Rewriting the ETSI suite for loopback, reading what Robot wrote, and the page made of it."""

import os
import urllib.error
import urllib.request
from pathlib import Path

import msgspec
import pytest

from validation.etsi import page as page_module
from validation.etsi.page import Difference, Run, differences, page, plain, table
from validation.etsi.places import contexts, free_ports
from validation.etsi.results import Outcome, by_cause, plain_path, read_results
from validation.etsi.robot import Wanted, run, shared
from validation.etsi.suite import (
    CONTEXTS,
    Places,
    check_suite,
    chosen,
    copy_suite,
    rewritten,
    version_of,
    with_limit,
    with_values,
)

PLACES = Places("http://127.0.0.1:1", "http://127.0.0.1:2", "http://core", 3, 4, 5, 6)
VARIABLES = (
    "url = 'http://broker:9090/ngsi-ld/v1'\nnotification_server_port = 8085\ncore_context = 'x'\n"
)
URL = "http://127.0.0.1:1/ngsi-ld/v1"
OUTPUT = """<?xml version="1.0" encoding="UTF-8"?>
<robot generator="Robot 7.4.1">
<suite id="s1" name="NGSI-LD" source="{copy}/TP/NGSI-LD">
<suite id="s1-s1" name="001" source="{copy}/TP/NGSI-LD/Provision/001.robot">
<test id="s1-s1-t1" name="001_01 Created">
<kw name="POST" owner="RequestsLibrary"><msg time="t" level="INFO">POST Request : url={url}/entities/
 path_url=/ngsi-ld/v1/entities/</msg><msg time="t" level="INFO">POST Response : url={url}/entities/
 status=201, reason=Created
 headers={{}}</msg><status status="PASS" elapsed="0.1"/></kw>
<tag>e-create</tag><tag>5_6_1</tag>
<status status="PASS" elapsed="0.25"/>
</test>
<test id="s1-s1-t2" name="001_02 Refused">
<kw name="Ask"><kw name="PATCH"><msg level="INFO">PATCH Response : url={url}/entities/urn:x:1/attrs/a
 status=405, reason=No
 body=x</msg><status status="PASS"/></kw><status status="FAIL"/></kw>
<kw name="After" type="TEARDOWN"><kw name="DELETE"><msg level="INFO">DELETE Response : url={url}/entities/urn:x:1
 status=404, reason=No</msg><status status="PASS"/></kw><status status="PASS"/></kw>
<tag>e-update</tag>
<status status="FAIL" elapsed="1.5">Codes differ: 204 != 405

Also teardown failed: nothing was there</status>
</test>
<status status="FAIL"/>
</suite>
<suite id="s1-s2" name="002" source="{copy}/TP/NGSI-LD/Consumption/002.robot">
<kw name="Before" type="SETUP"><kw name="POST"><msg level="INFO">POST Response : url={url}/entityOperations/create
 status=404, reason=No</msg><status status="FAIL"/></kw><status status="FAIL"/></kw>
<test id="s1-s2-t1" name="002_01 Queried">
<status status="FAIL" elapsed="0">Parent suite setup failed:

201 != 404</status>
</test>
<kw name="After" type="TEARDOWN"><status status="PASS"/></kw>
<status status="FAIL"/>
</suite>
<status status="FAIL"/>
</suite>
<suite id="s2" name="IOP" source="{copy}/IOP_TP/Together/003.robot">
<test id="s2-t1" name="003_01 Federated"><status status="FAIL" elapsed="0.5">No keyword with name 'X' found.</status></test>
<status status="FAIL"/>
</suite>
</robot>
"""  # noqa: E501


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Write a suite in small."""
    folder = tmp_path / "suite"
    texts = {
        "TP/NGSI-LD/Provision/001.robot": "Ask    http://localhost:9090${uri}\n",
        "TP/NGSI-LD/Provision/002.robot": "x\n",
        "TP/NGSI-LD/Consumption/003.robot": "y\n",
        "TP/NGSI-LD/Consumption/Nested/005.robot": "y\n",
        "IOP_TP/Together/004.robot": "z\n",
        "resources/variables.py": VARIABLES,
        "data/entity.jsonld": '{"@context": "https://x.org/a/b/jsonld-contexts/compound.jsonld"}',
        f"{CONTEXTS}/compound.jsonld": '{"@context": ["https://x.org/jsonld-contexts/one.jsonld"]}',
        f"{CONTEXTS}/ngsi-ld-test-suite.jsonld": '{"@context": {}}',
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def tests(tmp_path: Path) -> list[Outcome]:
    """Read a run of four tests."""
    output = tmp_path / "output.xml"
    output.write_text(OUTPUT.format(copy=tmp_path, url=URL))
    return read_results(output, tmp_path)


def test_what_is_asked_of_the_web_is_asked_here() -> None:
    text = (
        '"https://forge.example/raw/develop/resources/jsonld-contexts/a-b.jsonld" '
        '"https://smartdatamodels.org/context.jsonld" '
        '"https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld" http://localhost:90901'
    )
    assert rewritten(text, PLACES) == (
        '"http://127.0.0.1:2/a-b.jsonld" '
        '"http://127.0.0.1:2/elsewhere/smartdatamodels.org/context.jsonld" '
        '"https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld" http://localhost:90901'
    )


def test_variables_get_their_values() -> None:
    told = with_values(VARIABLES, PLACES.variables())
    expected = (
        VARIABLES.replace("http://broker:9090", "http://127.0.0.1:1")
        .replace("8085", "3")
        .replace("'x'", "'http://core'")
    )
    assert told == expected


def test_a_copy_is_rewritten_and_the_suite_is_not(suite: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in suite.rglob("*") if path.is_file()}
    copy = tmp_path / "copy"
    copy_suite(suite, copy, PLACES, limit_s=7)
    assert {path: path.read_bytes() for path in suite.rglob("*") if path.is_file()} == before
    assert "http://127.0.0.1:2/compound.jsonld" in (copy / "data/entity.jsonld").read_text()
    assert "http://127.0.0.1:1${uri}" in (copy / "TP/NGSI-LD/Provision/001.robot").read_text()
    assert "http://127.0.0.1:1/ngsi-ld/v1" in (copy / "resources/variables.py").read_text()
    assert "7 seconds" in (copy / "TP/NGSI-LD/Provision/001.robot").read_text()


def test_every_test_has_a_limit() -> None:
    limit = "*** Settings ***\nTest Timeout    9 seconds\n"
    assert with_limit("*** Settings ***\nLibrary    X\n", 9) == f"{limit}Library    X\n"
    assert with_limit("*** Test Cases ***\n", 9) == f"{limit}\n*** Test Cases ***\n"
    assert with_limit(f"{limit}x", 5) == f"{limit}x"


def test_what_is_no_suite_is_refused(suite: Path, tmp_path: Path) -> None:
    check_suite(suite)
    with pytest.raises(FileNotFoundError, match="is not the suite"):
        check_suite(tmp_path)
    assert version_of(suite) == "unknown"


def test_paths_and_tags_are_told_apart(suite: Path) -> None:
    assert chosen(suite, [], several=False) == (["TP/NGSI-LD"], [])
    assert chosen(suite, [], several=True) == (["TP/NGSI-LD", "IOP_TP"], [])
    assert chosen(suite, ["e-create"], several=False) == (["TP/NGSI-LD"], ["e-create"])
    found = chosen(suite, ["Provision", "TP/NGSI-LD/Consumption/003.robot"], several=False)
    assert found == (["TP/NGSI-LD/Provision", "TP/NGSI-LD/Consumption/003.robot"], [])


def test_processes_share_the_folders(suite: Path) -> None:
    parts = shared(Wanted(suite, Path("python"), ["e-create"]), 2)
    assert [part.only for part in parts] == [
        ["TP/NGSI-LD/Provision", "e-create"],
        ["TP/NGSI-LD/Consumption", "e-create"],
    ]
    assert len(shared(Wanted(suite, Path("python"), []), 5)) == 2


def test_results_are_read_with_what_failed_last(tests: list[Outcome]) -> None:
    assert [(test.folder, test.name, test.passed) for test in tests] == [
        ("TP/NGSI-LD/Provision", "001_01 Created", True),
        ("TP/NGSI-LD/Provision", "001_02 Refused", False),
        ("TP/NGSI-LD/Consumption", "002_01 Queried", False),
        ("IOP_TP/Together", "003_01 Federated", False),
    ]
    created, refused, queried, federated = tests
    assert (created.tags, created.seconds, created.asked) == (["e-create", "5_6_1"], 0.25, "")
    assert refused.message == "Codes differ: 204 != 405"
    assert refused.cause == "PATCH /entities/{}/attrs/{} answered 405, wanted 204"
    assert queried.message == "201 != 404"
    assert queried.cause == "POST /entityOperations/create answered 404, wanted 201"
    assert federated.cause == "the suite lacks a keyword of its own"


def test_causes_are_counted(tests: list[Outcome]) -> None:
    causes = by_cause([*tests, tests[1]])
    assert causes[0] == ("PATCH /entities/{}/attrs/{} answered 405, wanted 204", 2)
    assert sum(count for _, count in causes) == 4


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/ngsi-ld/v1/entities/", "/entities/"),
        ("/ngsi-ld/v1/entities/urn:a:b?q=1", "/entities/{}"),
        ("/ngsi-ld/v1/temporal/entities/urn:a/attrs/s/urn:i", "/temporal/entities/{}/attrs/{}/{}"),
        ("/ngsi-ld/v1/entityOperations/upsert/", "/entityOperations/upsert/"),
    ],
)  # fmt: skip
def test_paths_lose_their_names(path: str, shown: str) -> None:
    assert plain_path(f"http://127.0.0.1:1{path}") == shown


def test_the_page_says_what_was_run(tests: list[Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    known = [
        Difference("001_02", "broken", "this", "that"),
        Difference("001_01", "other", "but", "passed"),
    ]
    monkeypatch.setattr(page_module, "differences", lambda: list(known))
    told = page(Run("abc1234", tests, 9))
    assert "commit abc1234" in told
    assert "Passed: 1 of 3, 33.3 %." in told
    assert "| Provision | 2 | 1 | 1 | 50.0 |" in told
    assert "| IOP_TP/Together | 1 | 0 | 1 | 0.0 |" in told
    assert "- Tests that fail whatever a city answers: 1." in told
    assert "| 001_02 | this | that |" in told
    assert "| 001_01 |" not in told  # it passes
    assert "PATCH" not in told  # it is explained
    assert "| 002_01 Queried | POST /entityOperations/create answered 404, wanted 201 |" in told
    assert "Codes differ" not in told  # the suite's words are not ours to publish


def test_a_long_page_tells_causes_only(
    tests: list[Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "differences", list)
    distributed = msgspec.structs.replace(tests[1], folder="TP/NGSI-LD/DistributedOperations/Loop")
    told = page(Run("abc1234", [*tests[:1], *[distributed] * 101], 9))
    assert "| PATCH /entities/{}/attrs/{} answered 405, wanted 204 | 101 |" in told
    assert "| **DistributedOperations** | 101 | 0 | 101 | 0.0 |" in told
    assert "| **all others** | 1 | 1 | 0 | 100.0 |" in told
    assert "001_02" not in told


def test_terminal_and_json_say_it_too(tests: list[Outcome]) -> None:
    done = Run("abc1234", tests, 9)
    assert "TP/NGSI-LD/Provision/001_02 Refused: Codes differ: 204 != 405" in table(done)
    told = plain(done)
    assert told["folders"][-1] == {"folder": "TP/NGSI-LD/Provision", "tests": 2, "passed": 1}
    assert {"suite", "hapgang", "seconds", "causes", "tests"} <= set(told)


def test_differences_are_complete() -> None:
    assert all(each.test and each.standard and each.why for each in differences())


def test_contexts_are_served(suite: Path) -> None:
    with contexts(suite) as url:
        for name in ("compound.jsonld", "elsewhere/example.org/any.jsonld"):
            with urllib.request.urlopen(f"{url}/{name}", timeout=5) as answer:
                assert b"@context" in answer.read()
        with pytest.raises(urllib.error.HTTPError, match="404") as told:
            urllib.request.urlopen(f"{url}/../variables.py", timeout=5)
        told.value.close()


def test_ports_are_different() -> None:
    assert len(set(free_ports(4))) == 4


@pytest.mark.slow
def test_a_file_of_the_suite_runs(tmp_path: Path) -> None:
    suite, robot = os.environ.get("HAPGANG_ETSI"), os.environ.get("HAPGANG_ROBOT")
    if not suite or not robot:
        pytest.skip("HAPGANG_ETSI names no copy of the suite, or HAPGANG_ROBOT no Python with it")
    only = ["ContextInformation/Provision/Entities/CreateEntity/001_01.robot"]
    tests = run(Wanted(Path(suite), Path(robot), only), tmp_path / "work", 1)
    assert len(tests) == 5
    assert all(test.asked or test.passed for test in tests)
