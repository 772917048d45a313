"""What the registry owns, and what it does by itself."""

from datetime import timedelta

from hapgang.contract import Schedule
from hapgang.core.entity import Entity
from hapgang.core.vocabulary.registry import (
    CertifiedDocument,
    Escrow,
    PaymentPlan,
    Pledge,
    PledgeDrive,
    RegisteredAsset,
)
from hapgang.runtime.platform.cities.owned import CITIES_OWNED
from hapgang.runtime.platform.registry.drives import settle_drives
from hapgang.runtime.platform.registry.escrows import end_escrows, pay_what_happened

REGISTRY_OWNED: tuple[type[Entity], ...] = (
    CertifiedDocument, Escrow, PaymentPlan, Pledge, PledgeDrive, RegisteredAsset, *CITIES_OWNED,
)  # fmt: skip
REGISTRY_SCHEDULES = (
    Schedule(every=timedelta(minutes=1), action=settle_drives),
    Schedule(every=timedelta(minutes=1), action=pay_what_happened),
    Schedule(every=timedelta(minutes=10), action=end_escrows),
)
