"""verify.py asks a node for the anchor: the real contract in an EVM, behind a node that may lie."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.ledger.anchor.keccak import keccak256
from hapgang.ledger.log import facts
from hapgang.ledger.log.log import Log
from hapgang.ledger.log.receipts import Anchor, receipt
from tests.ledger.anchor.bench import Bench
from tests.verifier.receipts import KEY, LOG, SALTS, fact
from tests.verifier.test_verify import VERIFIER, run

_SENT = "0x" + "5a" * 32


class _Node:
    """A node of JSON-RPC over one contract."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.told: dict[str, Any] = {
            "eth_chainId": hex(bench.chain),
            "eth_getTransactionReceipt": {
                "to": bench.contract.lower(), "blockNumber": "0x7", "status": "0x1",
            },
        }  # fmt: skip
        self.body: bytes | None = None

    def answer(self, asked: dict[str, Any]) -> bytes:
        if self.body is not None:
            return self.body
        method, params = asked["method"], asked["params"]
        if method == "eth_call":
            call, at = params
            assert at == "latest"
            if call["to"] != self.bench.contract.lower():
                return _json({"result": "0x"})
            try:
                kept = self.bench.ask(bytes.fromhex(call["data"][2:]))
            except RuntimeError:
                return _json({"error": {"code": 3, "message": "execution reverted"}})
            return _json({"result": "0x" + kept.hex()})
        if method == "eth_getTransactionReceipt" and params != [_SENT]:
            return _json({"result": None})
        return _json({"result": self.told[method]})


def _json(members: dict[str, Any]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, **members}).encode()


@contextmanager
def _served(node: _Node) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            said = node.answer(json.loads(asked))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def anchored(tmp_path: Path) -> tuple[_Node, dict[str, Any]]:
    """A log of which two checkpoints are on a chain, and a receipt for the second."""
    bench, log = Bench(), Log(tmp_path / "log", LOG)
    for old, new in ((0, 5), (5, 300)):
        log.append([facts.committed(SALTS, fact(number)) for number in range(old, new)])
        log.publish()
        proof = log.signed.consistency(old) if old else []
        assert bench.submit(new, log.signed.root, proof) is None
    anchor = Anchor(bench.chain, bench.contract.lower(), 1, 7, _SENT)
    made = receipt(log.signed, log.note, SALTS, fact(77), 77, anchor)
    log.close()
    return _Node(bench), json.loads(msgspec.json.encode(made))


def _checked(
    capsys: pytest.CaptureFixture[str], folder: Path, node: _Node, made: dict[str, Any], *more: str
) -> tuple[bool, str]:
    path = folder / "receipt.json"
    path.write_text(json.dumps(made), "utf-8")
    with _served(node) as url:
        return run(capsys, str(path), "--key", KEY, "--rpc", url, *more)


def test_the_selector_is_that_of_the_contract() -> None:
    selector = keccak256(b"checkpoint(uint256)")[:4].hex()
    assert f'"0x{selector}{{' in (VERIFIER / "verify.py").read_text("utf-8")


def test_an_anchored_receipt_is_proved(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, anchored: tuple[_Node, dict[str, Any]]
) -> None:
    node, made = anchored
    contract = made["anchor"]["contract"]
    is_proved, said = _checked(capsys, tmp_path, node, made, "--contract", contract.upper())
    assert is_proved, said
    assert f"chain {node.bench.chain}, contract {contract} ·" in said
    is_proved, said = _checked(capsys, tmp_path, node, made)
    assert is_proved, said
    assert "(is it the city's?)" in said
    made.pop("anchor")
    assert not _checked(capsys, tmp_path, node, made)[0]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("chain", 1), ("chain", "x"), ("contract", "0x" + "11" * 20), ("contract", 5),
        ("number", 0), ("number", 2), ("number", -1), ("number", 2**256), ("number", "1"),
        ("block", 8), ("block", None), ("transaction", "0x" + "5b" * 32), ("transaction", None),
    ],
)  # fmt: skip
def test_an_anchor_with_another_member_is_not(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, anchored: tuple[_Node, dict[str, Any]],
    member: str, value: object,
) -> None:  # fmt: skip
    node, made = anchored
    made["anchor"][member] = value
    is_proved, said = _checked(capsys, tmp_path, node, made)
    assert not is_proved, said
    assert said.startswith("NOT PROVED · 증명되지 않음: ")
    made["anchor"].pop(member)
    assert not _checked(capsys, tmp_path, node, made)[0]


def test_a_contract_that_the_city_does_not_name_is_not_believed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, anchored: tuple[_Node, dict[str, Any]]
) -> None:
    node, made = anchored
    other = "0x" + "ab" * 20
    assert not _checked(capsys, tmp_path, node, made, "--contract", other)[0]


@pytest.mark.parametrize("body", [b"", b"rubbish", b"[]", b"{}", b'{"result": "0x"}', b"\xff" * 99,
                                  b'{"result": {}}', b'{"result": []}'])  # fmt: skip
def test_a_node_that_says_rubbish_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, anchored: tuple[_Node, dict[str, Any]],
    body: bytes,
) -> None:  # fmt: skip
    node, made = anchored
    node.body = body
    is_proved, said = _checked(capsys, tmp_path, node, made)
    assert (is_proved, said.startswith("NOT PROVED")) == (False, True)


def test_a_transaction_that_failed_or_went_elsewhere_is_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, anchored: tuple[_Node, dict[str, Any]]
) -> None:
    node, made = anchored
    whole = node.told["eth_getTransactionReceipt"]
    for name, value in (("status", "0x0"), ("to", None), ("blockNumber", None)):
        node.told["eth_getTransactionReceipt"] = {**whole, name: value}
        assert not _checked(capsys, tmp_path, node, made)[0]


def test_a_node_that_is_away_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, anchored: tuple[_Node, dict[str, Any]]
) -> None:
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(anchored[1]), "utf-8")
    for url in ("http://127.0.0.1:1", "rubbish", "file:///etc/passwd"):
        is_proved, said = run(capsys, str(path), "--key", KEY, "--rpc", url)
        assert (is_proved, said.startswith("NOT PROVED")) == (False, True)
