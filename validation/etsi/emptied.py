"""A Robot listener: every file of the suite meets a city in which nothing is, and no leftovers.

Files of the suite leave things behind that others stumble over. Before each file, all that the
public API lists is deleted through it; after it, variables that it made global are forgotten. What
a test does and checks is not touched. Robot loads this by its path, in its own Python: nothing but
the standard library, and Robot, is there.
"""

import importlib
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

_PAGE = 100
_MOST_PAGES = 100
_LONGEST_S = 30
_EVER = "local=true&timerel=after&timeAt=1900-01-01T00:00:00Z&timeproperty="
# What is listed where, and the member that names one; registrations first, or others would be told.
_LISTED = (
    ("csourceRegistrations", "local=true", "id"),
    ("csourceSubscriptions", "", "id"),
    ("subscriptions", "", "id"),
    ("entities", "local=true", "id"),
    ("temporal/entities", f"{_EVER}modifiedAt", "id"),
    ("temporal/entities", f"{_EVER}deletedAt", "id"),
    ("jsonldContexts", "details=true", "localId"),
)


class emptied:  # noqa: N801 (Robot knows a listener by its file's name)
    """Empties cities before each file."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self, *roots: str) -> None:
        """Empty the cities with these roots, such as `http://host:port/ngsi-ld/v1`."""
        self._roots = roots
        self._known: set[str] = set()

    def start_suite(self, data: Any, result: Any) -> None:
        """Empty all cities before a file; a folder has no tests of its own."""
        self._known = self._known or set(_global_variables())
        for root in self._roots if data.tests else ():
            empty(root)

    def end_suite(self, data: Any, result: Any) -> None:
        """Forget the variables that a file made global."""
        variables = _global_variables()
        for name in [name for name in variables if name not in self._known]:
            del variables[name]


def empty(root: str) -> None:
    """Delete all entities, histories, subscriptions, registrations and contexts of a city."""
    for path, query, member in _LISTED:
        _delete_all(f"{root}/{path}", query, member)


def _delete_all(url: str, query: str, member: str) -> None:
    refused: set[str] = set()  # the core context stays
    paged = query if "details" in query else f"{query}&limit={_PAGE}".lstrip("&")
    for _ in range(_MOST_PAGES):
        found = json.loads(_ask("GET", f"{url}?{paged}"))
        names = [str(one[member]) for one in found if str(one[member]) not in refused]
        if not names:
            return
        for name in names:
            try:
                _ask("DELETE", f"{url}/{urllib.parse.quote(name, safe='')}")
            except urllib.error.HTTPError as error:
                error.close()
                refused.add(name)
    raise RuntimeError(f"{url} cannot be emptied")


def _ask(method: str, url: str) -> bytes:
    request = urllib.request.Request(url, method=method)  # noqa: S310 (our own city)
    with urllib.request.urlopen(request, timeout=_LONGEST_S) as answer:  # noqa: S310
        body: bytes = answer.read()
    return body


def _global_variables() -> Any:
    """Return Robot's global variables by name; it has no public way to forget one."""
    contexts = importlib.import_module("robot.running.context").EXECUTION_CONTEXTS
    return contexts.current.variables._global.store.data
