"""An MQTT broker for the tests that notify by MQTT: the suite would start one with Docker."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

_PORT = 1883  # written into the tests
_PATIENCE_S = 10


@contextlib.contextmanager
def mqtt_broker(mosquitto: Path | None, folder: Path, other_port: int) -> Iterator[None]:
    """Run Mosquitto on both ports that the tests name, open to any user; nothing without it."""
    if mosquitto is None:
        yield
        return
    settings = folder / "mosquitto.conf"
    listeners = "".join(f"listener {port} 127.0.0.1\n" for port in (_PORT, other_port))
    settings.write_text(f"{listeners}allow_anonymous true\n", "utf-8")
    with (folder / "mosquitto.txt").open("wb") as log:
        broker = subprocess.Popen([mosquitto, "-c", settings], stdout=log, stderr=log)  # noqa: S603
        try:
            yield
            if broker.poll() is not None:
                raise RuntimeError(f"Mosquitto ended: {(folder / 'mosquitto.txt').read_text()}")
        finally:
            broker.terminate()
            broker.wait(_PATIENCE_S)
