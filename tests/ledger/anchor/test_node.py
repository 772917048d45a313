"""What a node may answer, and the key's file."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.core.errors import CityError, Invalid, Refused, Unavailable
from hapgang.ledger.anchor.abi import Tail, arguments, word
from hapgang.ledger.anchor.artefact import artefact
from hapgang.ledger.anchor.chain import Anchored, asking, last, witnesses
from hapgang.ledger.anchor.keys import load_key, made_key
from hapgang.ledger.anchor.node import Complaint, Node, octets, quantity
from hapgang.ledger.anchor.rpc import OnChain, deployment
from hapgang.ledger.anchor.sender import Bounds, Sender, created
from tests.ledger.anchor.bench import ADDRESSES, KEYS

BOUNDS = Bounds(chain=5, most_fee_wei=1_000, most_tip_wei=10)
DATA = asking("count")
Answers = dict[str, Any]


def scripted(answers: Answers) -> Callable[[bytes], bytes]:
    """A node that answers by method; what is an exception is raised, a dict with code an error."""

    def send(body: bytes) -> bytes:
        asked = json.loads(body)
        found = answers[asked["method"]]
        if isinstance(found, Exception):
            raise found
        key = "error" if isinstance(found, dict) and "code" in found else "result"
        return json.dumps({"jsonrpc": "2.0", "id": asked["id"], key: found}).encode()

    return send


GOOD: Answers = {
    "eth_chainId": "0x5", "eth_getCode": artefact().runtime, "eth_estimateGas": "0x100",
    "eth_getTransactionCount": "0x7", "eth_getBlockByNumber": {"baseFeePerGas": "0x64"},
    "eth_maxPriorityFeePerGas": "0x5", "eth_sendRawTransaction": "0x1",
    "eth_call": "0x" + word(3).hex(),
}  # fmt: skip


def at(**changed: object) -> OnChain:
    answers = {**GOOD, **{name.replace("eth", "eth_", 1): what for name, what in changed.items()}}
    return OnChain(Sender(Node(scripted(answers)), KEYS[0], BOUNDS), "0x" + "cc" * 20)


def test_a_transaction_is_what_other_libraries_make() -> None:
    """The same fields signed by eth-account 0.14; the name is the hash of all bytes."""
    made = at().prepared(DATA)
    assert (made.nonce, made.gas, made.max_fee_wei, made.tip_wei) == (7, 320, 205, 5)
    assert made.transaction == "0xaeb0b5825b057a680970a66b7fb0a7950970d0dc52e8ed44bf6f0f2fd7b59679"


def test_chains_without_fees_cost_nothing() -> None:
    no_method = {"code": -32601, "message": "Method not found"}
    chain = at(ethgetBlockByNumber={}, ethmaxPriorityFeePerGas=no_method)
    made = chain.prepared(DATA)
    assert (made.max_fee_wei, made.tip_wei) == (0, 0)
    assert chain.raised(made) == made


def test_fees_stay_within_bounds() -> None:
    made = at(ethmaxPriorityFeePerGas="0xffff").prepared(DATA)
    assert (made.max_fee_wei, made.tip_wei) == (210, 10)
    made = at(ethgetBlockByNumber={"baseFeePerGas": hex(998)}).prepared(DATA)
    assert (made.max_fee_wei, made.tip_wei) == (1_000, 2)
    with pytest.raises(Unavailable, match="1001 wei for a gas; 1000 are allowed"):
        at(ethgetBlockByNumber={"baseFeePerGas": hex(1001)}).prepared(DATA)


@pytest.mark.parametrize(
    "words", ["already known", "Known transaction", "nonce too low: next nonce 8", "Nonce too low"]
)
def test_what_the_node_has_already_is_no_error(words: str) -> None:
    chain = at(ethsendRawTransaction={"code": -32000, "message": words})
    chain.send(chain.prepared(DATA))


def test_what_the_node_will_not_take_is_told() -> None:
    chain = at(ethsendRawTransaction={"code": -32000, "message": "insufficient funds for gas"})
    with pytest.raises(Complaint, match="insufficient funds"):
        chain.send(chain.prepared(DATA))


@pytest.mark.parametrize("code", [3, -32000, -32603])
def test_a_contracts_reason_is_found_in_all_nodes_errors(code: int) -> None:
    told = "0x08c379a0" + arguments(Tail(word(4) + b"late".ljust(32, b"\0"))).hex()
    refusing = {"code": code, "message": "execution reverted", "data": told}
    with pytest.raises(Refused, match="late"):
        at(ethestimateGas=refusing).prepared(DATA)
    bare = {"code": code, "message": "execution reverted"}
    with pytest.raises(Refused, match="execution reverted"):
        at(ethestimateGas=bare).prepared(DATA)
    with pytest.raises(Complaint, match="pruned"):
        at(ethcall={"code": code, "message": "state is pruned"}).call(DATA)


def test_silence_makes_the_node_prove_itself_again() -> None:
    answers = dict(GOOD)
    chain = OnChain(Sender(Node(scripted(answers)), KEYS[0], BOUNDS), "0x" + "cc" * 20)
    assert chain.call(DATA) == word(3)
    answers["eth_chainId"] = "0x6"
    assert chain.call(DATA) == word(3)
    answers["eth_call"] = ConnectionRefusedError("refused")
    with pytest.raises(Unavailable, match="refused"):
        chain.call(DATA)
    answers["eth_call"] = "0x" + word(3).hex()
    with pytest.raises(Unavailable, match="of chain 6, and 5 was asked for"):
        chain.call(DATA)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8)
    | st.sampled_from(["0x", "0xzz", "0x1", "0x" + "f" * 80, "0x0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["code", "message", "blockNumber", "status", "baseFeePerGas", "hash",
                         "transactionHash", "data"]), inner, max_size=4),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=150)
@given(st.data())
def test_no_answer_is_fatal(data: st.DataObject) -> None:
    names = [*GOOD, "eth_getTransactionReceipt", "eth_blockNumber", "eth_getLogs"]
    answers = {**GOOD, "eth_getTransactionReceipt": None, "eth_blockNumber": "0x9",
               "eth_getLogs": []}  # fmt: skip
    chain = OnChain(Sender(Node(scripted(answers)), KEYS[0], BOUNDS), "0x" + "cc" * 20)
    made = chain.prepared(DATA)
    answers[data.draw(st.sampled_from(names))] = data.draw(junk)
    for act in (
        lambda: last(chain), lambda: witnesses(chain), lambda: chain.prepared(DATA),
        lambda: chain.raised(made), lambda: chain.send(made), lambda: chain.outcome(made),
        lambda: chain.is_final(3), lambda: chain.block_hash(3),
        lambda: chain.transaction_of(Anchored(0, 1, b"", 1, 1)),
    ):  # fmt: skip
        with contextlib.suppress(CityError):
            act()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"id": 2}', b'"0x"', b"\xff", b"0" * (1 << 20) + b"0"]
)
def test_no_body_is_fatal(body: bytes) -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        Node(lambda _: body).ask("eth_chainId")


@settings(max_examples=50)
@given(st.integers(0, 2**256 - 1), st.binary(max_size=40))
def test_quantities_and_octets(number: int, data: bytes) -> None:
    assert quantity(hex(number)) == number
    assert octets("0x" + data.hex()) == data


def test_where_a_contract_will_be() -> None:
    """The first contract of anvil's first account, as everybody who used it has seen."""
    sender = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"
    assert created(sender, 0) == "0x5fbdb2315678afecb367f032d93f642f64180aa3"
    made, contract = deployment(Sender(Node(scripted(GOOD)), KEYS[0], BOUNDS), ADDRESSES[:3], 2)
    assert (made.to, len(contract)) == ("", 42)


def test_a_key_is_there_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "witness.key"

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            made_key(path)
    assert not path.exists()
    made = made_key(path)
    assert load_key(path).to_hex() == made.to_hex()
    assert [each.name for each in tmp_path.iterdir()] == ["witness.key"]


def test_a_key_is_its_owners(tmp_path: Path) -> None:
    path = tmp_path / "witness.key"
    key = made_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_key(path).to_hex() == key.to_hex()
    with pytest.raises(FileExistsError):
        made_key(path)
    path.write_text("0x" + key.to_hex())
    assert load_key(path).to_hex() == key.to_hex()
    path.chmod(0o640)
    with pytest.raises(Refused, match="0600"):
        load_key(path)
    path.chmod(0o600)
    for wrong in ("", "00" * 32, "ff" * 32, "xyz", key.to_hex()[2:], key.to_hex() + "00"):
        path.write_text(wrong)
        with pytest.raises(Invalid, match="64 hexadecimal"):
            load_key(path)
