"""What is done in processes of its own: signing tokens, checking proofs, counting.

Each function takes and returns plain bytes and texts. What is wrong with what somebody sent comes
back as its two sentences.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from msgspec import structs

from hapgang.core.errors import Invalid
from hapgang.core.text import Text
from hapgang.ledger.ballots.ballot import Answers, Ballot, Cell, Entry, Strike, check_ballot
from hapgang.ledger.ballots.board import Close, Paper, Roll, check_paper, counted, latest_of
from hapgang.ledger.ballots.canonical import canonical, fingerprint
from hapgang.ledger.ballots.poll import EXPONENT, Poll
from hapgang.ledger.ballots.tally import Share, check_share, combine, result, tally
from hapgang.ledger.ballots.tokens import blind_sign, modulus

KEY_BITS = 3072
_poll = msgspec.json.Decoder(Poll)
_entry = msgspec.json.Decoder(Ballot | Strike)
_share = msgspec.json.Decoder(Share)


def key_path(folder: str, issuer: str) -> Path:
    """Return the file of an issuer's key, by its modulus."""
    return Path(folder, f"{hashlib.sha256(issuer.encode()).hexdigest()[:32]}.pem")


def make_key(folder: str) -> str:
    """Make an issuer's key in a file that only the city's user can read; return its modulus."""
    key = rsa.generate_private_key(EXPONENT, KEY_BITS)
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    issuer = modulus(key.public_key())
    path = key_path(folder, issuer)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return issuer


def sign_blinded(path: str, blinded: bytes) -> str | Text:
    """Sign what a voter hid, with the key in a file."""
    key = _key(path)
    try:
        mask = 2 + secrets.randbelow(key.public_key().public_numbers().n - 2)
        return blind_sign(key, blinded, mask=mask).hex()
    except Invalid as error:
        return error.message


@lru_cache(16)
def _key(path: str) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(Path(path).read_bytes(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@lru_cache(64)
def _asked(poll: bytes) -> Poll:
    return _poll.decode(poll)


def fault_of(poll: bytes, entry: bytes) -> Text | None:
    """Check an entry with all its proofs; return what is wrong."""
    try:
        check_ballot(_asked(poll), _entry.decode(entry))
    except Invalid as error:
        return error.message
    return None


def fault_of_share(poll: bytes, board: str, path: str, share: bytes) -> Text | None:
    """Check a trustee's share for the board in a file; return what is wrong."""
    asked = _asked(poll)
    try:
        check_share(asked, board, tally(asked, _counting(path)), _share.decode(share))
    except Invalid as error:
        return error.message
    return None


def close_of(poll: bytes, path: str) -> bytes:
    """Return the close of a board in a file, whose entries were checked when they came."""
    asked, prints, heads = _asked(poll), [], []
    for entry in _entries(path):
        prints.append(fingerprint(entry))
        heads.append(_head(entry))
    ballots = len(counted(latest_of(heads)))
    board = fingerprint(prints)
    made = Close(f"{asked.id}/close", fingerprint(asked), len(heads), board, ballots)
    return msgspec.json.encode(made)


def is_board(poll: bytes, path: str, board: str) -> bool:
    """Say whether a file holds the board that was closed, whole and unchanged."""
    try:
        return msgspec.json.decode(close_of(poll, path), type=Close).board == board
    except (msgspec.MsgspecError, Invalid):
        return False


def count(poll: bytes, roll: bytes, paper: bytes, shares: bytes, folder: str) -> bytes | Text:
    """Count, write the export into the board's folder, and return the result."""
    asked, board = _asked(poll), str(Path(folder, BOARD))
    known = msgspec.json.decode(roll, type=Roll)
    on_paper = msgspec.json.decode(paper, type=Paper | None)
    close = msgspec.json.decode(close_of(poll, board), type=Close)
    try:
        ballots = _counting(board)
        found = combine(asked, close.board, ballots, msgspec.json.decode(shares, type=list[Share]))
        added = check_paper(asked, known, on_paper)
        made = result(asked, close.board, found.counts, len(ballots), added, known.paper)
    except Invalid as error:
        return error.message
    _write_export(
        Path(folder), poll=asked, roll=known, close=close, paper=on_paper, shares=found.used,
        result=made,
    )  # fmt: skip
    return msgspec.json.encode(made)


BOARD, EXPORT = "board.jsonl", "export.json"


def _write_export(folder: Path, **parts: object) -> None:
    unfinished = folder / f"{EXPORT}.part"
    with unfinished.open("wb") as out, (folder / BOARD).open("rb") as board:
        out.write(b"{")
        for name, value in parts.items():
            out.write(f'"{name}":'.encode() + canonical(value) + b",")
        out.write(b'"board":[')
        for number, line in enumerate(board):
            out.write((b"," if number else b"") + line.strip())
        out.write(b"]}\n")
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(folder / EXPORT)


def _entries(path: str) -> Iterator[Entry]:
    with Path(path).open("rb") as board:
        for line in board:
            yield _entry.decode(line)


def _head(entry: Entry) -> Entry:
    return entry if isinstance(entry, Strike) else structs.replace(entry, contests=())


def _counting(path: str) -> list[Ballot]:
    """Return the ballots that count, without their proofs, which were checked."""
    heads = latest_of(_head(entry) for entry in _entries(path))
    standing = {entry.pseudonym: entry.revision for entry in counted(heads)}
    return [
        _bare(entry)
        for entry in _entries(path)
        if isinstance(entry, Ballot) and standing.get(entry.pseudonym) == entry.revision
    ]


def _bare(ballot: Ballot) -> Ballot:
    contests = tuple(
        Answers(tuple(Cell(cell.alpha, cell.beta, ()) for cell in answers.cells), ())
        for answers in ballot.contests
    )
    return structs.replace(ballot, contests=contests)
