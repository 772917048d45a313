"""Which types of other cities are the platform's to write."""

from hapgang.core.entity import Entity
from hapgang.core.vocabulary.cities import (
    AbroadDay,
    ArrivalCode,
    CurrencyAgreement,
    RecognisedCity,
    SentSlip,
    TrustedIssuer,
)

CITIES_OWNED: tuple[type[Entity], ...] = (
    AbroadDay,
    ArrivalCode,
    CurrencyAgreement,
    RecognisedCity,
    SentSlip,
    TrustedIssuer,
)
