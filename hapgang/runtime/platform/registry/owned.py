"""What the registry owns, and what it does by itself."""

from datetime import timedelta

from hapgang.contract import Schedule
from hapgang.core.vocabulary.registry import (
    CertifiedDocument,
    Escrow,
    Pledge,
    PledgeDrive,
    RegisteredAsset,
)
from hapgang.runtime.platform.registry.agreements import end_escrows, settle_drives

REGISTRY_OWNED = (CertifiedDocument, Escrow, Pledge, PledgeDrive, RegisteredAsset)
REGISTRY_SCHEDULES = (
    Schedule(every=timedelta(minutes=1), action=settle_drives),
    Schedule(every=timedelta(minutes=10), action=end_escrows),
)
