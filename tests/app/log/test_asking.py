"""Whatever those say who are asked over the network: it is an answer or an error of ours."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from coincurve import PrivateKey

from hapgang.app.log import city_log
from hapgang.app.log.asking import checked_url, exchanged
from hapgang.app.log.city_log import CityLog
from hapgang.app.log.witnesses import Standing, Witnesses
from hapgang.app.witness.door import Signed
from hapgang.core.errors import Invalid, Unavailable
from hapgang.ledger.anchor.chain import Checkpoint
from hapgang.ledger.anchor.message import address_of, checkpoint_digest, signed
from hapgang.ledger.anchor.node import Node
from hapgang.ledger.log.merkle import EMPTY_ROOT
from hapgang.ledger.log.tiles import Tiles
from tests.living import Town, run
from tests.village import move_in, person

ANNE = person("anne")
CONTRACT = "0x" + "ab" * 20
WANTED = Checkpoint(1, b"r" * 32)
DEEP = b'{"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
LIES = {
    "elsewhere": b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n",
    "cut": b"HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n",
    "no HTTP": b"hello",
    "deep": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(DEEP), DEEP),
}


@contextmanager
def saying(answer: bytes) -> Iterator[str]:
    """Answer every request with the same bytes; yield where."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def go_on() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    line.recv(65_536)
                    line.sendall(answer)
                    line.shutdown(socket.SHUT_WR)
                    while line.recv(65_536):  # the rest, or the answer might be lost with it
                        pass

        threading.Thread(target=go_on, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/a-key-of-the-operators"
        listening.shutdown(socket.SHUT_RDWR)


def asked(tmp_path: Path, url: str) -> Standing:
    """Ask one witness beside the city's own; return how it stands then."""
    own = PrivateKey()
    log = Tiles(tmp_path, 0, EMPTY_ROOT)
    found = Witnesses([url], lambda: log, lambda _: "")
    signature = signed(own, checkpoint_digest(1, CONTRACT, WANTED.size, WANTED.root))
    words: dict[str, Any] = {
        "chain": 1,
        "contract": CONTRACT,
        "known": [address_of(own.public_key)],
    }
    with pytest.raises(Unavailable, match="1 of 2"):  # and its answer is waited for
        found.signatures(WANTED, signature, threshold=2, **words)
    (standing,) = found.standing
    assert found.signatures(WANTED, signature, threshold=1, **words) == [signature]
    with pytest.raises(Unavailable, match="does not say who it is") as told:
        found.addresses()
    assert "a-key-of" not in told.value.message.en + told.value.message.ko
    found.close()
    return standing


@pytest.mark.parametrize(
    "url", ["", "x", "ftp://a", "http://", "http://u:p@a", "http://:p@a", "http://[", "http://a:x"]
)
def test_an_address_that_is_none_or_holds_a_password_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match="THE_SETTING") as told:
        checked_url(url, "THE_SETTING")
    assert ":p@" not in told.value.message.en


@pytest.mark.parametrize("lie", LIES)
def test_a_witness_that_answers_nonsense_is_one_less(tmp_path: Path, lie: str) -> None:
    with saying(LIES[lie]) as url:
        standing = asked(tmp_path, url)
    assert standing.state == ("refused" if lie == "elsewhere" else "away")
    assert standing.why


def test_a_witness_that_signs_with_another_key_has_not_signed(tmp_path: Path) -> None:
    other = PrivateKey()
    digest = checkpoint_digest(1, CONTRACT, WANTED.size, WANTED.root)
    said = msgspec.json.encode(Signed("0x" + signed(other, digest).hex(), "0x" + "00" * 20))
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(said)
    with saying(head + said) as url:
        standing = asked(tmp_path, url)
    assert (standing.state, standing.size) == ("refused", 0)
    assert address_of(other.public_key) in standing.why


@pytest.mark.parametrize("lie", LIES)
def test_a_node_that_answers_nonsense_is_away(lie: str) -> None:
    with saying(LIES[lie]) as url:

        def send(body: bytes) -> bytes:
            return exchanged(url, body).body

        with pytest.raises(Unavailable) as told:
            Node(send).ask("eth_chainId")
        assert "a-key-of" not in str(told.value)


def test_the_city_goes_on_whatever_happens_at_the_chain(
    database: dict[str, Any], small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    def fail(_: CityLog) -> None:
        nonlocal tries
        tries += 1
        raise LookupError("nobody thought of this")

    monkeypatch.setattr(CityLog, "_step", fail)
    monkeypatch.setattr(city_log, "EACH_S", 0.01)

    async def then(town: Town) -> None:
        move_in(town.runtime, ANNE, 2_000)
        await town.runtime.writer.durable()
        async with asyncio.timeout(20):
            while tries < 3:
                await asyncio.sleep(0.01)
        assert (await town.call("GET", "/api/log")).json()["signed"] > 0

    run(then, database, small_city, tmp_path / "state")
