"""Errors in the standard's form: ProblemDetails (clauses 5.5.2, 5.5.3 and 6.3.2).

They are `application/json`, whatever RFC 7807 says: "so that old clients or existing tools are not
broken" (clauses 5.5.3 and 6.3.6).
"""

import msgspec
from starlette.responses import Response

from hapgang.app.context import JSON
from hapgang.app.problems import headers_of, told
from hapgang.hub.ngsild.errors import details_of, name_and_status


def ngsild_problem(error: Exception) -> Response:
    """Return the answer that tells an error."""
    known = told(error)
    _, status = name_and_status(known)
    body = msgspec.json.encode(details_of(known))
    return Response(body, status, headers_of(known), JSON)
