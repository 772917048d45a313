"""The ledger's mathematics against what standards publish: each value is how many vectors hold."""

import csv
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from coincurve import PublicKeyXOnly

from hapgang.core.errors import Invalid
from hapgang.ledger.anchor import rlp
from hapgang.ledger.anchor.keccak import keccak256
from hapgang.ledger.ballots.group import ORDER, base, shown
from hapgang.ledger.currency import emvco
from hapgang.ledger.currency.fees import compared
from hapgang.ledger.currency.pain import BankParty, BankPayment, bank_document, faults_in
from hapgang.ledger.log import merkle
from hapgang.ledger.log.note import Signer, VerifierKey, parse_note, signed_by
from validation import ledger_identity
from validation.case import Case
from validation.vectors.emvco import EXAMPLE
from validation.vectors.log import (
    CONSISTENCIES,
    ED25519,
    ENTRIES,
    INCLUSIONS,
    LEAVES,
    NOTE,
    NOTE_KEY,
    ROOTS,
)

Checks = Iterator[bool]
_BIP340 = Path(__file__).parent / "vectors/bip340.csv"
_FEES = "the white paper, 'Sejong National Pilot Smart City Token Service Example': of 10,000 won"
_PAYMENTS = range(1, 201)
_MULTIPLES = {
    1: "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
    2: "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5",
    3: "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9",
    20: "024ce119c96e2fa357200b559b2f7dd5a5f02d5290aff74b03f3e471b273211c97",
    ORDER - 1: "0379be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
}
_KECCAK = {
    b"": "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
    b"abc": "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
    b"The quick brown fox jumps over the lazy dog": (
        "4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15"
    ),
}
_RLP: dict[str, rlp.Item] = {
    "83646f67": b"dog", "c88363617483646f67": [b"cat", b"dog"], "80": b"", "c0": [], "0f": 15,
    "820400": 1024, "c7c0c1c0c3c0c1c0": [[], [[]], [[], [[]]]],
}  # fmt: skip


def cases() -> list[Case]:
    """Return a case for each standard."""
    return [
        *(counted(name, checks, source) for name, (checks, source) in _VECTORS.items()),
        *ledger_identity.cases(counted),
        *_fees(),
        Case(
            name="checksum of “123456789”", value=emvco.crc16(b"123456789"), expected=0x29B1,
            tolerance=0, source="CRC-16/CCITT-FALSE, as in EMVCo's QR codes: 29B1",
        ),
        _bank_file(),
    ]  # fmt: skip


def counted(name: str, checks: Callable[[], Checks], source: str) -> Case:
    """Return how many of a standard's vectors hold, beside how many there are."""
    found = list(checks())
    return Case(name=name, value=sum(found), expected=len(found), tolerance=0, source=source)


def _tree() -> Checks:
    yield from (got == leaf for got, leaf in zip(merkle.leaf_hashes(ENTRIES), LEAVES, strict=True))
    yield from (merkle.root(LEAVES[:size]) == root for size, root in enumerate(ROOTS))


def _paths() -> Checks:
    for (index, size), path in INCLUSIONS.items():
        yield merkle.inclusion_path(LEAVES[:size], index) == path
        yield merkle.is_included(LEAVES[index], index, size, path, ROOTS[size])
    for (first, size), path in CONSISTENCIES.items():
        yield merkle.consistency_path(LEAVES[:size], first) == path
        yield merkle.is_consistent(first, ROOTS[first], size, ROOTS[size], path)


def _ed25519() -> Checks:
    for secret, public, message, signature in ED25519:
        signer = Signer("rfc8032", secret)
        yield signer.key().public == public
        if message.isascii():  # the others are no text, which notes are
            yield signer.sign(message.decode()).value == signature


def _notes() -> Checks:
    key = VerifierKey.parse(NOTE_KEY)
    yield signed_by(parse_note(NOTE.encode()), [key]) == (key,)


def _schnorr() -> Checks:
    with _BIP340.open(encoding="utf-8") as file:
        for vector in csv.DictReader(file):
            yield _verifies(vector) == (vector["verifies"] == "TRUE")


def _verifies(vector: dict[str, str]) -> bool:
    try:
        key = PublicKeyXOnly(bytes.fromhex(vector["public key"]))
        message, signature = bytes.fromhex(vector["message"]), bytes.fromhex(vector["signature"])
        return bool(key.verify(signature, message))
    except ValueError:
        return False


def _curve() -> Checks:
    yield from (shown(base(factor)) == point for factor, point in _MULTIPLES.items())
    yield base(ORDER) is None


def _keccak() -> Checks:
    yield from (keccak256(data).hex() == digest for data, digest in _KECCAK.items())


def _rlp() -> Checks:
    yield from (rlp.encoded(item).hex() == digits for digits, item in _RLP.items())


def _qr() -> Checks:
    objects = emvco.read_payload(EXAMPLE)
    yield (objects["59"], objects["54"]) == ("BEST TRANSPORT", "23.72")
    again = [(name, value) for name, value in objects.items() if name not in ("00", "63")]
    yield emvco.payload_of(again) == EXAMPLE
    for at in range(len(EXAMPLE)):
        other = "0" if EXAMPLE[at] != "0" else "1"
        yield _is_refused(EXAMPLE[:at] + other + EXAMPLE[at + 1 :])


def _is_refused(payload: str) -> bool:
    try:
        emvco.read_payload(payload)
    except Invalid:
        return True
    return False


def _fees() -> list[Case]:
    fees = compared(10_000)
    return [
        Case(
            name="card fees of 10,000 won, won", value=fees.card_fees_won, expected=250,
            tolerance=0, source=f"{_FEES} 220 go to the card company and 30 to the network",
        ),
        Case(
            name="points for 10,000 won, won", value=fees.points_won, expected=100,
            tolerance=0, source=f"{_FEES} 100 come back as points",
        ),
    ]  # fmt: skip


def _bank_file() -> Case:
    """Write a bank file, and read the amounts with nothing but an XML parser."""
    payer = BankParty("세종시", "NACFKRSE", "301-0000-1111")
    payments = [
        BankPayment(sha256(b"%d" % won).hexdigest()[:16], BankParty("가게", "KOEXKRSE", "12-3"),
                    won, "cash")
        for won in _PAYMENTS
    ]  # fmt: skip
    now = datetime(2026, 11, 23, 7, tzinfo=UTC)
    made = bank_document("f" * 16, payer, payments, now, date(2026, 11, 24))
    space = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
    read = ET.fromstring(made).iter(f"{space}InstdAmt")  # noqa: S314 (our own)
    total = sum(int(each.text or 0) for each in read if each.get("Ccy") == "KRW")
    return Case(
        name=f"won in a bank file of {len(payments)} payments that keeps the message's structure",
        value=total if not faults_in(made) else -1, expected=sum(_PAYMENTS), tolerance=0,
        source="ISO 20022, pain.001.001.09: order, number and form of elements; not its XSD",
    )  # fmt: skip


_VECTORS: dict[str, tuple[Callable[[], Checks], str]] = {
    "Merkle tree: hashes of leaves and roots": (
        _tree, "RFC 9162, 2.1; transparency-dev/merkle, testonly/constants.go"
    ),
    "Merkle tree: inclusion and consistency": (
        _paths, "RFC 9162, 2.1.3 and 2.1.4, over the same hashes"
    ),
    "Ed25519: keys and signatures": (_ed25519, "RFC 8032, 7.1"),
    "signed notes": (_notes, "C2SP, signed-note, 'Example'"),
    "Schnorr signatures that hold and that do not": (_schnorr, "BIP 340, test vectors"),
    "secp256k1: multiples of the generator": (_curve, "SEC 2, 2.4.1, and published multiples"),
    "Keccak-256": (_keccak, "the Keccak team's reference; the last one is widely published"),
    "RLP": (_rlp, "Ethereum's yellow paper, appendix B, and its wiki's examples"),
    "EMVCo QR: the sample, and each of its characters changed": (
        _qr, "EMV QR Code Specification, Merchant-Presented Mode, annex"
    ),
}  # fmt: skip
