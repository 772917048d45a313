"""The doors of signing in that need no secrets; those that draw them are in `app/identity`.

Whatever is here is a person's own matter: nobody does it in somebody's name.
"""

from hapgang.contract import Role, Route
from hapgang.runtime.platform.identity import delegations, enrolments, passkeys, sessions, staff
from hapgang.runtime.platform.identity.members import KEY_HOLDERS

_SIGNED_IN = tuple(role for role in Role if role not in (Role.ANONYMOUS, Role.PLATFORM))
_RESIDENT = (Role.RESIDENT,)
_PRINCIPALS = (Role.RESIDENT, Role.COMPANY)  # for whom others act
_AGENCY = (Role.AGENCY,)
_OPERATOR = (Role.OPERATOR,)

SIGN_IN_ROUTES = (
    Route.get("/me/sessions", sessions.my_sessions, allow=_SIGNED_IN, is_own=True),
    Route(method="DELETE", path="/me/sessions", action=sessions.end_other_sessions,
          allow=_SIGNED_IN, is_own=True),
    Route(method="DELETE", path="/me/sessions/{session}", action=sessions.end_session,
          allow=_SIGNED_IN, is_own=True),
    Route.get("/me/passkeys", passkeys.my_keys, allow=KEY_HOLDERS, is_own=True),
    Route(method="DELETE", path="/me/passkeys/{key}", action=passkeys.remove_key,
          allow=KEY_HOLDERS, is_own=True),
    Route.post("/me/lost", enrolments.report_my_loss, allow=KEY_HOLDERS, is_own=True),
    Route.get("/staff", staff.staff_members, allow=_OPERATOR, is_own=True),
    Route.post("/staff", staff.enter_staff, allow=_OPERATOR, is_own=True),
    Route(method="DELETE", path="/staff/{staff}", action=staff.remove_staff, allow=_OPERATOR,
          is_own=True),
    Route.post("/staff/{staff}/agreement", staff.agree_to_staff, allow=_OPERATOR, is_own=True),
    Route.get("/me/powers", delegations.my_powers, allow=_RESIDENT, is_own=True),
    Route.get("/me/delegations", delegations.my_delegations, allow=_PRINCIPALS, is_own=True),
    # Who is not of age gives nobody a power of their own (Civil Act, 4 and 5).
    Route.post("/me/delegations", delegations.delegate, allow=_RESIDENT, needs=("age.19",),
               is_own=True),
    Route.post("/me/employees", delegations.appoint, allow=(Role.COMPANY,), is_own=True),
    Route(method="DELETE", path="/me/delegations/{delegation}",
          action=delegations.withdraw_delegation, allow=(*_PRINCIPALS, Role.AGENCY), is_own=True),
    Route.get("/register/{person}/guardians", delegations.guardians, allow=_AGENCY, is_own=True),
    Route.post("/register/{person}/guardians", delegations.enter_guardian, allow=_AGENCY,
               is_own=True),
)  # fmt: skip
