"""What goes wrong at the door for maps, with the statuses that the standard wants."""

from hapgang.core.errors import Invalid, NotFound


class BadParameter(Invalid):
    """A parameter is unknown or has no sense (requirements /req/core/query-param-*)."""

    status = 400


class NoCollection(NotFound):
    """There is no such collection, or it is not for this caller."""


def no_collection(name: str) -> NoCollection:
    """Return the error that names what was asked for."""
    return NoCollection(
        f"there is no collection {name:.200}; /ogc/collections lists them",
        f"{name:.200} 자료가 없습니다. /ogc/collections에 목록이 있습니다",
    )
