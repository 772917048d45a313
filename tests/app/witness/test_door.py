"""A witness over HTTP, as C2SP's tlog-witness has it, and as the contract needs it."""

import asyncio
import base64
import socket
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hapgang.app import listening
from hapgang.app.witness.door import MOST_BODY_BYTES, Door
from hapgang.app.witness.pace import Pace
from hapgang.app.witness.serving import Keys, serve
from hapgang.core.errors import Conflict, Invalid, Refused, Unavailable
from hapgang.ledger.anchor.message import checkpoint_digest, signer
from hapgang.ledger.log.note import Note, Signer, cosigned_at, parse_note, signed_by
from tests.ledger.anchor.log_model import consistency, leaf, root
from tests.living import Answer, ask

CONTRACT = "0x" + "cc" * 20
LOG, STRANGER = Signer("hapgang/town", b"l" * 32), Signer("hapgang/town", b"s" * 32)
LEAVES = [leaf(bytes([i])) for i in range(60)]
FORK = [*LEAVES[:4], leaf(b"other"), *LEAVES[5:]]


class Bench:
    def __init__(self, folder: Path, pace: Pace | None = None) -> None:
        self.keys = Keys(folder / "witness", "witness.example.org")
        self.watch = self.keys.watch(f"{LOG.key().text()}@1337:{CONTRACT}")
        self.door: Any = Door(self.keys.key, [self.watch], pace=pace, now_s=lambda: 1_700_000_000.0)

    def post(self, path: str, body: bytes) -> Answer:
        return asyncio.run(ask(self.door, "POST", path, body, {}))

    def add(self, old: int, size: int, leaves: Any = LEAVES, by: Signer = LOG) -> Answer:
        proof = consistency(old, leaves[:size]) if 0 < old < size else []
        note = by.checkpoint(size, root(leaves[:size])).whole().encode()
        lines = [b"old %d" % old, *(base64.b64encode(each) for each in proof)]
        return self.post("/add-checkpoint", b"\n".join(lines) + b"\n\n" + note)

    def sign(self, old: int, size: int, leaves: Any = LEAVES, **other: Any) -> Answer:
        proof = consistency(old, leaves[:size]) if 0 < old < size else []
        wish = {
            "chain": 1337, "contract": CONTRACT, "size": size, "root": root(leaves[:size]).hex(),
            "old_size": old, "proof": [each.hex() for each in proof],
            "checkpoint": LOG.checkpoint(size, root(leaves[:size])).whole(), **other,
        }  # fmt: skip
        return self.post("/sign", msgspec.json.encode(wish))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_log_that_grows_is_cosigned(bench: Bench) -> None:
    for old, size in ((0, 3), (3, 3), (3, 5), (5, 40)):
        told = bench.add(old, size)
        assert told.status == 200
        note = LOG.checkpoint(size, root(LEAVES[:size]))
        line = parse_note(note.text + "\n" + told.body.decode()).signatures[0]
        whole = Note(note.text, (*note.signatures, line))
        assert signed_by(whole, [bench.keys.key]) == (bench.keys.key,)
        assert cosigned_at(line) == 1_700_000_000


def test_both_signatures_rest_on_one_memory(bench: Bench, tmp_path: Path) -> None:
    assert bench.add(0, 5).status == 200
    told = bench.sign(5, 9)
    signature = bytes.fromhex(told.json()["signature"][2:])
    digest = checkpoint_digest(1337, CONTRACT, 9, root(LEAVES[:9]))
    assert signer(signature, digest) == bench.keys.address
    assert bench.sign(9, 9).json() == told.json()
    again = Bench(tmp_path)  # killed
    assert again.watch.last is not None
    assert again.watch.last.size == 9
    assert again.add(9, 20, FORK).status == 422
    assert again.sign(9, 9, FORK).status == 409
    assert again.add(9, 20).status == 200


def test_it_answers_as_the_standard_says(bench: Bench) -> None:
    assert bench.add(0, 9).status == 200
    stale = bench.add(3, 20)
    assert (stale.status, stale.headers["content-type"]) == (409, "text/x.tlog.size")
    assert stale.body == b"9\n"
    assert bench.add(9, 9, FORK).status == 409  # of the same size, and another
    assert bench.add(9, 20, FORK).status == 422
    assert bench.add(9, 5).status == 400
    assert bench.add(9, 20, by=STRANGER).status == 403
    other = Signer("hapgang/elsewhere", b"l" * 32)
    assert bench.add(0, 20, by=other).status == 404
    for body in (b"", b"old 9\n", b"old 09\n\nx", b"old 9\nAAAA\n\nx", b"old 9\n\n\xff\n\n"):
        assert bench.post("/add-checkpoint", body).status == 400
    assert bench.post("/add-checkpoint", b"x" * (MOST_BODY_BYTES + 1)).status == 400
    assert bench.post("/elsewhere", b"").status == 404
    assert len(list(bench.keys.folder.glob("refused-*.note"))) == 2  # the one, and the one before


def test_a_fork_is_kept_as_two_notes_however_much_was_refused_before(
    bench: Bench, tmp_path: Path
) -> None:
    """Anybody can bring the log's own notes with wrong proofs; only the log can sign a fork."""
    assert bench.add(0, 9).status == 200
    assert bench.add(9, 12).status == 200
    for size in range(13, 60):
        for leaves in (LEAVES, FORK):
            head = b"old 12\n" + base64.b64encode(b"x" * 32) + b"\n\n"
            note = LOG.checkpoint(size, root(leaves[:size])).whole().encode()
            assert bench.post("/add-checkpoint", head + note).status == 422
        bench = Bench(tmp_path)  # whose pace begins anew
    assert len(list(bench.keys.folder.glob("refused-*.note"))) == 64
    assert bench.add(12, 12, FORK).status == 409
    kept = [parse_note(path.read_bytes()) for path in bench.keys.folder.glob("forked-*.note")]
    assert {note.text for note in kept} == {
        LOG.checkpoint(12, root(leaves[:12])).text for leaves in (LEAVES, FORK)
    }
    assert all(signed_by(note, [LOG.key()]) for note in kept)


def test_nothing_else_is_signed_for_a_contract(bench: Bench) -> None:
    assert bench.sign(0, 5, contract="0x" + "dd" * 20).status == 404
    assert bench.sign(0, 5, chain=1).status == 404
    assert bench.sign(0, 5, root=root(FORK[:5]).hex()).status == 400
    note = LOG.checkpoint(6, root(LEAVES[:6])).whole()
    assert bench.sign(0, 5, checkpoint=note).status == 400
    forged = STRANGER.checkpoint(5, root(LEAVES[:5])).whole()
    assert bench.sign(0, 5, checkpoint=forged).status == 403
    assert bench.sign(0, 5, proof=["00" * 32]).status == 422
    assert bench.post("/sign", b"{}").status == 400
    assert bench.watch.last is None
    assert bench.sign(0, 5).status == 200


def test_what_the_disk_does_not_take_is_not_signed(bench: Bench) -> None:
    for path in bench.keys.folder.iterdir():
        path.unlink()
    bench.keys.folder.rmdir()
    assert bench.sign(0, 5).status == 500
    assert bench.watch.last is None


def test_who_asks_too_often_waits(tmp_path: Path) -> None:
    bench = Bench(tmp_path, Pace(2, 1_000.0))
    said = [bench.add(0, 5).status, bench.add(5, 6).status, bench.add(6, 7).status]
    assert said == [200, 200, 429]
    pace = Pace(1, 10.0)
    assert pace.takes("a", 0.0)
    assert not pace.takes("a", 9.0)
    assert pace.takes("b", 9.0)
    assert pace.takes("a", 10.0)


def test_it_says_who_it_is(bench: Bench) -> None:
    bench.add(0, 5)
    said = asyncio.run(ask(bench.door, "GET", "/", b"", {})).json()
    assert said["address"] == bench.keys.address
    assert said["logs"][0]["size"] == 5


def test_keys_are_nobody_elses(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "w", "w.example.org")
    for name in ("witness.key", "cosigning.key"):
        assert (keys.folder / name).stat().st_mode & 0o077 == 0
    again = Keys(tmp_path / "w", "w.example.org")
    assert (again.address, again.key) == (keys.address, keys.key)
    with pytest.raises(Invalid, match="KEY@CHAIN"):
        keys.watch("")
    with pytest.raises(Invalid):
        keys.watch("x@1:0xabc")
    keys.folder.chmod(0o755)
    with pytest.raises(Refused, match="0700"):
        Keys(tmp_path / "w", "w.example.org")


def test_two_processes_do_not_share_a_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "_PATIENCE_S", 0.0)
    keys = Keys(tmp_path / "w", "w.example.org")

    async def both() -> None:
        first = asyncio.create_task(serve(keys, [LOG.key().text()], "127.0.0.1", 0))
        await asyncio.sleep(0)
        with pytest.raises(Conflict, match="another witness"):
            await serve(keys, [LOG.key().text()], "127.0.0.1", 0)
        other = Keys(tmp_path / "other", "o.example.org")
        with (
            socket.create_server(("127.0.0.1", 0)) as taken,
            pytest.raises(Unavailable, match="--port"),
        ):
            await serve(other, [LOG.key().text()], "127.0.0.1", taken.getsockname()[1])
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)

    asyncio.run(both())
