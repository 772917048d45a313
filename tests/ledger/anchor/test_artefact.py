"""What is committed is what the source compiles to, and hashes are Ethereum's."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hapgang.ledger.anchor import build, rlp
from hapgang.ledger.anchor.artefact import artefact
from hapgang.ledger.anchor.keccak import keccak256
from hapgang.ledger.anchor.message import checkpoint_digest, signer, witnesses_digest
from tests.ledger.anchor.bench import ADDRESSES, KEYS, Bench
from tests.ledger.anchor.log_model import leaf


def test_the_committed_artefact_is_what_the_source_compiles_to() -> None:
    pytest.importorskip("vyper", reason="vyper is a development tool")
    assert build.compiled() == build.ARTEFACT.read_text("utf-8")


def test_the_artefact_tells_its_source() -> None:
    assert artefact().source_sha256 == sha256(build.SOURCE.read_bytes()).hexdigest()


def test_the_machine_runs_the_committed_code() -> None:
    bench = Bench()
    code = bench.evm.get_code(bench.contract)
    assert code is not None
    assert code.rstrip(b"\0") == bytes.fromhex(artefact().runtime[2:]).rstrip(b"\0")


def test_nothing_but_precompiled_contracts_is_called() -> None:
    """No CALL, CREATE, DELEGATECALL, SELFDESTRUCT: nobody can be called, so nobody calls back."""
    forbidden = {0xF0, 0xF1, 0xF2, 0xF4, 0xF5, 0xFF}
    code, at, found = bytes.fromhex(artefact().runtime[2:]), 0, set()
    end = code.rindex(b"\xa1\x65vyper") if b"\xa1\x65vyper" in code else len(code)
    while at < end:
        found.add(code[at])
        at += 1 + max(0, code[at] - 0x5F) * (0x60 <= code[at] <= 0x7F)
    assert not found & forbidden


def test_keccak_of_the_reference() -> None:
    """The empty string and "abc", as the Keccak team publishes them."""
    for data, digest in (
        (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
        (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    ):
        assert keccak256(data).hex() == digest


@settings(max_examples=50)
@given(st.binary(max_size=600))
def test_keccak_is_vypers(data: bytes) -> None:
    vyper_utils = pytest.importorskip("vyper.utils", reason="vyper is a development tool")
    assert keccak256(data) == vyper_utils.keccak256(data)


def test_rlp_of_the_yellow_papers_examples() -> None:
    long = b"Lorem ipsum dolor sit amet, consectetur adipisicing elit"
    for item, digits in (
        (b"dog", "83646f67"), ([b"cat", b"dog"], "c88363617483646f67"), (b"", "80"), ([], "c0"),
        (0, "80"), (15, "0f"), (1024, "820400"), ([[], [[]], [[], [[]]]], "c7c0c1c0c3c0c1c0"),
        (long, "b838" + long.hex()),
    ):  # fmt: skip
        assert rlp.encoded(item).hex() == digits


def test_messages_are_those_of_eip_712() -> None:
    """Made by eth-account 0.14's encode_typed_data of the same words."""
    contract = "0x" + "ab" * 20
    told = checkpoint_digest(1337, contract, 7, leaf(b"x"))
    assert told.hex() == "fb408b6c49d9175a4fe64163e25091aede371a01244ea4b126813eb7a9903cf6"
    told = witnesses_digest(1337, contract, ADDRESSES[:2], 2, 5)
    assert told.hex() == "554200abc07203f46f1ad6bd1b26884714b79b6d4e1883c57545d792a0a18bfd"


def test_who_signed() -> None:
    bench = Bench()
    digest = checkpoint_digest(bench.chain, bench.contract, 7, leaf(b"x"))
    (signature,) = bench.signatures(7, leaf(b"x"), [4])
    assert signer(signature, digest) == ADDRESSES[4]
    assert signer(signature[:64], digest) is None
    assert signer(bytes(32) + signature[32:], digest) is None
    assert signer(signature, bytes(32)) != ADDRESSES[4]
    assert ADDRESSES[0] == "0x1a642f0e3c3af545e7acbd38b07251b3990914f1"
    assert len({key.to_hex() for key in KEYS}) == len(KEYS)
