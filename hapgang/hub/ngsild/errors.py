"""Errors by the names that the standard gives them (clauses 5.5.2, 5.5.3 and 6.3.2)."""

from hapgang.core.errors import CityError, Conflict, Invalid, NotFound, Refused, Unavailable
from hapgang.core.text import Text
from hapgang.hub.jsonld import LdContextNotAvailable

ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"


class InvalidRequest(Invalid):
    """What was asked makes no sense before any data is looked at: no JSON, an unknown parameter."""


class UnsupportedMediaType(InvalidRequest):
    """The body is in a form that NGSI-LD does not know."""

    status = 415


class NotAcceptable(InvalidRequest):
    """The client takes none of the forms that there are."""

    status = 406


class OperationNotSupported(Refused):
    """The standard's operation is not done here."""

    status = 422


class TooManyResults(Refused):
    """The answer would be larger than one answer may be."""


class NonexistentTenant(NotFound):
    """There is no such tenant."""


class LoopDetected(CityError):
    """A request came back to where it had been (clause 6.3.18)."""

    status = 508
    title = Text("The request came back", "요청이 되돌아왔습니다")


# By the first class that fits; the status is the class's own where none stands here.
_NAMES: tuple[tuple[type[CityError], str, int | None], ...] = (
    (LdContextNotAvailable, "LdContextNotAvailable", None),
    (NonexistentTenant, "NonexistentTenant", None),
    (NotFound, "ResourceNotFound", None),
    (Conflict, "AlreadyExists", None),
    (InvalidRequest, "InvalidRequest", 400),
    (Invalid, "BadRequestData", 400),
    (TooManyResults, "TooManyResults", None),
    (Refused, "OperationNotSupported", None),
    (LoopDetected, "LoopDetected", None),
    (Unavailable, "InternalError", None),
)


def name_and_status(error: CityError) -> tuple[str, int]:
    """Return the standard's name of an error, and its HTTP status."""
    for kind, name, status in _NAMES:
        if isinstance(error, kind):
            own = type(error).status
            return name, (status if status is not None and own == Invalid.status else own)
    return "InternalError", type(error).status


def details_of(error: CityError) -> dict[str, object]:
    """Return the ProblemDetails of an error."""
    name, status = name_and_status(error)
    return {
        "type": ERRORS + name,
        "title": type(error).title.en,
        "detail": error.message.en,
        "status": status,
    }
