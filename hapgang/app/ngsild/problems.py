"""Errors in the standard's form: ProblemDetails (clauses 5.5.2, 5.5.3 and 6.3.2)."""

import msgspec
from starlette.responses import Response

from hapgang.app.problems import PROBLEM, headers_of, told
from hapgang.hub.ngsild.errors import details_of, name_and_status


def ngsild_problem(error: Exception) -> Response:
    """Return the answer that tells an error."""
    known = told(error)
    _, status = name_and_status(known)
    body = msgspec.json.encode(details_of(known))
    return Response(body, status, headers_of(known), PROBLEM)
