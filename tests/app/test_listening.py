"""Where a city listens: what cannot be is said in a sentence, with what to do."""

import socket

import pytest

from hapgang.app import listening
from hapgang.core.errors import Unavailable


@pytest.mark.parametrize("port", [70_000, -1])
def test_a_port_that_there_is_none_of(port: int) -> None:
    with pytest.raises(Unavailable, match="65535"):
        listening.listening("127.0.0.1", port)


def test_an_address_that_somebody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "_PATIENCE_S", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Unavailable, match="Stop"):
        listening.listening("127.0.0.1", taken.getsockname()[1])
