"""Where notifications may be sent: to addresses that an operator named, and nowhere else."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from hapgang.app.exchange import is_loopback
from hapgang.core.errors import Invalid, Refused

EVENTS = "urn:ngsi-ld:Endpoint:events"  # nowhere: whoever listens here is told
_PORTS = {"http": 80, "https": 443, "mqtt": 1883, "mqtts": 8883}


class Address(NamedTuple):
    """An endpoint, taken apart."""

    scheme: str
    host: str
    port: int
    target: str  # path and query; for MQTT the topic
    user: str | None = None
    password: str | None = None

    @property
    def is_secure(self) -> bool:
        """Whether what is sent is encrypted."""
        return self.scheme in ("https", "mqtts")


def address_of(uri: str) -> Address:
    """Return an endpoint's address; `Invalid` where it is none."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        raise _bad(uri) from None
    standard = _PORTS.get(parts.scheme)
    host = parts.hostname
    if standard is None or not host or any(not "!" <= letter <= "~" for letter in uri):
        raise _bad(uri)
    is_mqtt = parts.scheme.startswith("mqtt")
    topic = unquote(parts.path.removeprefix("/"))
    if is_mqtt and (not topic or any(letter in topic for letter in "#+\x00")):
        raise Invalid(
            f"{uri[:80]} names no topic; an endpoint is mqtt://host/topic",
            f"{uri[:80]}에 토픽이 없습니다. 예: mqtt://host/topic",
        )
    query = f"?{parts.query}" if parts.query else ""
    return Address(
        parts.scheme,
        host,
        port or standard,
        topic if is_mqtt else f"{parts.path or '/'}{query}",
        None if parts.username is None else unquote(parts.username),
        None if parts.password is None else unquote(parts.password),
    )


class _Place(NamedTuple):
    scheme: str
    host: str
    port: int | None  # None: any
    steps: list[str]


class Places:
    """What an operator allowed: hosts, each with a port and the beginning of a path or not."""

    def __init__(self, places: Sequence[str] = (), *, allows_loopback: bool = False) -> None:
        """Allow `places`; `Invalid` for one that is no address of http(s) or mqtt(s)."""
        self._places = [_place(place) for place in places]
        self._allows_loopback = allows_loopback

    def check(self, uri: str) -> None:
        """Raise `Invalid` for what is no endpoint, `Refused` for one that is not allowed."""
        if uri == EVENTS:
            return
        address = address_of(uri)
        if not self.allows(address):
            raise Refused(
                f"This city sends no notifications to {address.scheme}://{address.host}; its"
                " operator allows addresses with --notify.",
                f"이 도시는 {address.scheme}://{address.host}에 알림을 보내지 않습니다. 운영자가"
                " --notify로 허용할 수 있습니다.",
            )

    def allows(self, address: Address) -> bool:
        """Whether something may be sent there: whole hosts, whole steps of paths are compared."""
        if self._allows_loopback and is_loopback(address.host):
            return True
        steps = address.target.partition("?")[0].removeprefix("/").split("/")
        return ".." not in steps and any(
            (address.scheme, address.host) == (place.scheme, place.host)
            and place.port in (None, address.port)
            and steps[: len(place.steps)] == place.steps
            for place in self._places
        )


def _place(place: str) -> _Place:
    try:
        parts = urlsplit(place)
        port = parts.port
    except ValueError:
        raise _bad(place) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise _bad(place)
    steps = [step for step in parts.path.split("/") if step]
    return _Place(parts.scheme, parts.hostname, port, steps)


def _bad(uri: str) -> Invalid:
    return Invalid(
        f"“{uri[:80]}” is no endpoint: http, https, mqtt and mqtts addresses are",
        f"“{uri[:80]}”은(는) 알림을 받을 주소가 아닙니다(http, https, mqtt, mqtts)",
    )
