"""Who calls: an identity, a role, what is proven of it, and for whom somebody else acts."""

from enum import Enum

import msgspec


class Role(Enum):
    """What a caller is to the city."""

    ANONYMOUS = "anonymous"
    RESIDENT = "resident"
    VISITOR = "visitor"
    OPERATOR = "operator"
    PLANNER = "planner"
    CLINICIAN = "clinician"
    TEACHER = "teacher"
    COMPANY = "company"
    AGENCY = "agency"
    AUDITOR = "auditor"
    DEVICE = "device"
    PLATFORM = "platform"  # schedules, handlers, jobs and rehearsals


ANYONE: tuple[Role, ...] = tuple(Role)


class Caller(msgspec.Struct, frozen=True):
    """Who calls: an id (a person's, a device's, a service's), a role, and what is known besides.

    holds: attributes that were shown, such as `licence.B`; what the city's own register says is
    looked up where a route needs it. actor: who acts, where that is somebody else than `id`.
    only: what they may do then, as `service/action`; None is everything that the role may.
    session: in which it is said; None is a machine's, or a virtual resident's.
    """

    id: str
    role: Role
    holds: frozenset[str] = frozenset()
    actor: str | None = None
    only: tuple[str, ...] | None = None
    session: str | None = None
