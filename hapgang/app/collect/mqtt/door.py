"""Where devices come in."""

from pathlib import Path
from typing import NamedTuple


class MqttDoor(NamedTuple):
    """Where devices come in: plain on loopback, or with a certificate."""

    host: str = "127.0.0.1"
    port: int = 1883
    certificate: Path | None = None
    key: Path | None = None
