"""What signing in owns, and what it does by itself."""

from datetime import timedelta

from hapgang.contract import Schedule
from hapgang.core.vocabulary.sessions import (
    Delegation,
    Enrolment,
    RecoveryCode,
    Session,
    SignInAttempt,
    SignInKey,
    StaffMember,
)
from hapgang.runtime.platform.identity.acting import end_delegations_over
from hapgang.runtime.platform.identity.attempts import end_attempts
from hapgang.runtime.platform.identity.sessions import end_over
from hapgang.runtime.platform.identity.staff import end_staff_over

SIGN_IN_OWNED = (
    Delegation, Enrolment, RecoveryCode, Session, SignInAttempt, SignInKey, StaffMember,
)  # fmt: skip
SIGN_IN_SCHEDULES = (
    Schedule(every=timedelta(minutes=1), action=end_attempts),
    Schedule(every=timedelta(minutes=10), action=end_over),
    Schedule(every=timedelta(minutes=10), action=end_delegations_over),
    Schedule(every=timedelta(minutes=10), action=end_staff_over),
)
