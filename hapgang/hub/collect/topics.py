"""Topics of devices: `devices/KEY/...`, where KEY is the end of urn:ngsi-ld:Device:KEY."""

import re

from hapgang.core.errors import Invalid
from hapgang.core.ids import urn

ROOT = "devices"
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_DEVICE = urn("Device", "")
_STORED = "$MQTT.msgs."  # the gateway's prefix of what it stores
_MOST_FILTER = 300


def device_key(device: str) -> str | None:
    """Return the key of a device's id, None for an id that cannot have a topic."""
    key = device.removeprefix(_DEVICE)
    return key if device.startswith(_DEVICE) and _KEY.fullmatch(key) else None


def device_of(topic: str) -> str | None:
    """Return the id of the device whose topic it is."""
    root, _, rest = topic.partition("/")
    key = rest.partition("/")[0]
    return f"{_DEVICE}{key}" if root == ROOT and _KEY.fullmatch(key) else None


def topic_of(subject: str) -> str:
    """Return the MQTT topic of a stored message; the gateway writes `.` for `/`, `//` for `.`."""
    plain = subject.removeprefix(_STORED)
    return plain.replace("//", "\0").replace(".", "/").replace("\0", ".")


def topic_test(pattern: str) -> re.Pattern[str]:
    """Return what tells whether a topic is meant by an MQTT topic filter (3.1.1, clause 4.7)."""
    levels = pattern.split("/")
    is_wrong = any(
        ("#" in level and (level != "#" or at != len(levels) - 1))
        or ("+" in level and level != "+")
        for at, level in enumerate(levels)
    )
    if is_wrong or not pattern or len(pattern) > _MOST_FILTER:
        raise Invalid(f"{pattern[:80]!r} is no topic filter", f"토픽 필터 오류: {pattern[:80]!r}")
    parts = ["[^/]*" if level == "+" else re.escape(level) for level in levels]
    if levels[-1] == "#":
        head = "/".join(parts[:-1])
        return re.compile(f"{head}(?:/.*)?" if head else ".*", re.DOTALL)
    return re.compile("/".join(parts), re.DOTALL)
