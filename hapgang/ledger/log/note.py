"""Signed notes and checkpoints in C2SP's forms: signed-note, tlog-checkpoint, tlog-cosignature.

A note is a text with lines of signatures. Who reads one gives the keys that it trusts: signatures
of others are passed over, one of a known key that does not hold makes the whole note worthless.
"""

import base64
import hashlib
import re
from binascii import Error as NotBase64
from collections.abc import Iterable
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hapgang.core.errors import Invalid
from hapgang.core.keyfile import key_at
from hapgang.ledger.log.merkle import HASH_BYTES

MOST_BYTES = 131_072  # sixteen signatures of 5 kB fit, as signed-note asks for
MOST_SIGNATURES = 64
MOST_SIZE = 2**63 - 1
_MOST_NAME_CHARACTERS = 255
_NOTE, _COSIGNATURE = 1, 4  # signed-note, "Signature types"
_SIGNATURE_BYTES = 64
_ID_BYTES = 4
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_DASH = "\u2014 "


class VerifierKey(msgspec.Struct, frozen=True):
    """Whose signature it is and how to check it; its text is what people hand on."""

    name: str
    public: bytes
    kind: int = _NOTE

    def id(self) -> bytes:
        """Return the four bytes by which signatures name the key."""
        head = self.name.encode() + b"\n" + bytes([self.kind])
        return hashlib.sha256(head + self.public).digest()[:_ID_BYTES]

    def text(self) -> str:
        """Return the key as C2SP writes it: name, id and key."""
        return f"{self.name}+{self.id().hex()}+{_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Return the key that a text stands for."""
        name, _, rest = text.partition("+")
        given, _, coded = rest.partition("+")
        blob = _bytes_of(coded, "verifier key")
        if not _is_name(name) or len(blob) != 1 + HASH_BYTES or blob[0] not in (1, 4):
            raise _invalid(
                "a verifier key is “name+id+key”, for Ed25519", "검증 키 형식이 아닙니다"
            )
        key = cls(name, blob[1:], blob[0])
        if given != key.id().hex():
            raise _invalid("a verifier key's id does not belong to it", "검증 키 번호가 틀립니다")
        return key


class Signature(msgspec.Struct, frozen=True):
    """One line under a note."""

    name: str
    id: bytes
    value: bytes

    def line(self) -> str:
        """Return it as it stands in the note."""
        return f"{_DASH}{self.name} {_base64(self.id + self.value)}\n"


class Note(msgspec.Struct, frozen=True):
    """A text, which ends with a line's end, and who signed it."""

    text: str
    signatures: tuple[Signature, ...]

    def whole(self) -> str:
        """Return the note as it is kept and sent."""
        return self.text + "\n" + "".join(signature.line() for signature in self.signatures)

    def plus(self, *more: Signature) -> "Note":
        """Return the note with more signatures, each once."""
        fresh = [each for each in more if each not in self.signatures]
        return Note(self.text, (*self.signatures, *fresh))


class Checkpoint(msgspec.Struct, frozen=True):
    """What a log says of itself: its name, how many leaves it has, and their root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


class Signer:
    """Who signs: a log its checkpoints, a witness those of others."""

    def __init__(self, name: str, seed: bytes) -> None:
        """Take the name and the 32 bytes of an Ed25519 private key."""
        if not _is_name(name):
            raise _invalid(
                "a key's name has no spaces and no “+”", "키 이름에 빈칸과 +는 안 됩니다"
            )
        self.name = name
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @classmethod
    def at(cls, name: str, path: Path) -> "Signer":
        """Return the signer whose key is in a file; it is made when absent."""
        return cls(name, key_at(path))

    def key(self) -> VerifierKey:
        """Return what checks this log's signatures."""
        return VerifierKey(self.name, self._public)

    def witness_key(self) -> VerifierKey:
        """Return what checks this witness's cosignatures."""
        return VerifierKey(self.name, self._public, _COSIGNATURE)

    def sign(self, text: str) -> Signature:
        """Sign a note's text."""
        return Signature(self.name, self.key().id(), self._private.sign(text.encode()))

    def cosign(self, text: str, at_s: int) -> Signature:
        """Say as a witness that this checkpoint, at this time, continues all before it."""
        value = self._private.sign(_cosigned(text, at_s))
        return Signature(self.name, self.witness_key().id(), at_s.to_bytes(8, "big") + value)

    def checkpoint(self, size: int, root: bytes) -> Note:
        """Return the signed checkpoint of a log of the signer's name."""
        text = Checkpoint(self.name, size, root).text()
        return Note(text, (self.sign(text),))


def parse_note(whole: str | bytes) -> Note:
    """Return a note; nothing of it may be believed before `signed_by` has been asked."""
    try:
        text = whole.decode() if isinstance(whole, bytes) else whole.encode().decode()
    except UnicodeError as wrong:
        raise _invalid("it is not UTF-8", "UTF-8이 아닙니다") from wrong
    if len(text.encode()) > MOST_BYTES or _CONTROL.search(text):
        raise _invalid("it is too long or holds control characters", "너무 길거나 깨졌습니다")
    head, gap, lines = text.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise _invalid("there is no empty line before its signatures", "서명 앞에 빈 줄이 없습니다")
    signatures = tuple(_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise _invalid("it has too many signatures", "서명이 너무 많습니다")
    return Note(head + "\n", signatures)


def signed_by(note: Note, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Return which keys signed a note; `Invalid` where one did not, or none of them signed."""
    known = {(key.name, key.id()): key for key in keys}
    found: dict[VerifierKey, None] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.id))
        if key is None:
            continue
        if not _holds(key, note.text, signature.value):
            raise _invalid(f"{key.name} did not sign this", f"{key.name}의 서명이 맞지 않습니다")
        found[key] = None
    if not found:
        raise _invalid("nobody who is trusted signed it", "믿을 수 있는 서명이 없습니다")
    return tuple(found)


def parse_checkpoint(text: str) -> Checkpoint:
    """Return what a note's text says of a log."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not _SIZE.fullmatch(lines[1]):
        raise _invalid("a checkpoint is origin, size and root", "체크포인트 형식이 아닙니다")
    checkpoint = Checkpoint(lines[0], int(lines[1]), _bytes_of(lines[2], "root"))
    if len(checkpoint.root) != HASH_BYTES or checkpoint.size > MOST_SIZE:
        raise _invalid("a checkpoint's root has 32 bytes", "체크포인트의 루트는 32바이트입니다")
    return checkpoint


def checkpoint_of(note: Note, key: VerifierKey) -> Checkpoint:
    """Return the checkpoint of the log whose key this is; `Invalid` if it did not sign it."""
    signed_by(note, [key])
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != key.name:
        raise _invalid(
            f"it is of the log {checkpoint.origin}, not {key.name}",
            f"{key.name}의 것이 아니라 {checkpoint.origin}의 것입니다",
        )
    return checkpoint


def cosigned_at(signature: Signature) -> int:
    """Return the time, in seconds of POSIX, that a witness's signature names."""
    return int.from_bytes(signature.value[:8], "big")


def _holds(key: VerifierKey, text: str, value: bytes) -> bool:
    message = text.encode()
    if key.kind == _COSIGNATURE:
        at_s, value = int.from_bytes(value[:8], "big"), value[8:]
        if at_s > MOST_SIZE:
            return False
        message = _cosigned(text, at_s)
    if len(value) != _SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(value, message)
    except InvalidSignature:
        return False
    return True


def _cosigned(text: str, at_s: int) -> bytes:
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()


def _signature(line: str) -> Signature:
    name, _, coded = line.removeprefix(_DASH).partition(" ")
    blob = _bytes_of(coded, "signature")
    if not line.startswith(_DASH) or not _is_name(name) or len(blob) <= _ID_BYTES:
        raise _invalid("a line under it is not a signature", "서명이 아닌 줄이 있습니다")
    return Signature(name, blob[:_ID_BYTES], blob[_ID_BYTES:])


def _is_name(name: str) -> bool:
    odd = any(letter.isspace() or letter == "+" for letter in name)
    return 0 < len(name) <= _MOST_NAME_CHARACTERS and not odd and not _CONTROL.search(name)


def _bytes_of(coded: str, what: str) -> bytes:
    try:
        blob = base64.b64decode(coded, validate=True)
    except (NotBase64, ValueError) as wrong:
        raise _invalid(f"its {what} is not base64", "base64가 아닙니다") from wrong
    if _base64(blob) != coded:  # the same bytes could be written in several ways
        raise _invalid(f"its {what} is not base64 as it should be", "base64가 바르지 않습니다")
    return blob


def _base64(blob: bytes) -> str:
    return base64.b64encode(blob).decode()


def _invalid(en: str, ko: str) -> Invalid:
    return Invalid(f"the signed note is not in order: {en}", f"서명된 글이 바르지 않습니다: {ko}")
