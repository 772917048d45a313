"""The platform's own service: people, money, entities and operations, through the same door."""

from hapgang.contract import Level, Service, Text
from hapgang.core.vocabulary.environment import Weather
from hapgang.core.vocabulary.people import Consent, Message, MonthlyTopUp, Person
from hapgang.core.vocabulary.platform import DeadLetter, Job, QuarantinedRecord
from hapgang.runtime.platform.routes import ROUTES

platform = Service(
    title=Text("Platform", "플랫폼"),
    level=Level.SKETCHED,
    contributes=(
        Consent, DeadLetter, Job, Message, MonthlyTopUp, Person, QuarantinedRecord, Weather,
    ),
    routes=ROUTES,
)  # fmt: skip
