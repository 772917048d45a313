"""What the NATS server of a city is told."""

from pathlib import Path

import pytest

from hapgang.app.collect.mqtt.door import MqttDoor
from hapgang.app.collect.mqtt.server import SYNC, NatsServer


@pytest.mark.parametrize(
    ("said", "meant"),
    [("", "1s"), ("always", "always"), ("200ms", "200ms"), ("0s", "1s"), ("soon", "1s"),
     ('1s" }\nno_auth_user: x', "1s"), ("1s\n", "1s")],
)  # fmt: skip
def test_how_often_the_stream_is_forced_to_the_disk_is_a_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, meant: str
) -> None:
    monkeypatch.setenv(SYNC, said)
    config = NatsServer(tmp_path, MqttDoor(), "A" * 56)._config()
    assert f'sync_interval: "{meant}" }}' in config
    assert "no_auth_user" not in config
