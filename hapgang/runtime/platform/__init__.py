"""The platform's own service: people, money, entities and operations, through the same door."""

from datetime import timedelta

from hapgang.contract import Level, Schedule, Service, Text
from hapgang.core.vocabulary.collection import CollectedFile, DataFeed
from hapgang.core.vocabulary.environment import Forecast, Weather
from hapgang.core.vocabulary.people import Consent, Message, MonthlyTopUp, Person, Visit
from hapgang.core.vocabulary.platform import (
    DeadLetter,
    HostedContext,
    Job,
    QuarantinedRecord,
)
from hapgang.core.vocabulary.scenarios import Rehearsal, ScenarioDraft
from hapgang.core.vocabulary.sources import ContextSourceRegistration
from hapgang.core.vocabulary.subscriptions import Subscription
from hapgang.runtime.platform.identity.owned import SIGN_IN_OWNED, SIGN_IN_SCHEDULES
from hapgang.runtime.platform.identity.register_owned import REGISTER_OWNED, REGISTER_SCHEDULES
from hapgang.runtime.platform.money.kpis import MONEY_KPIS
from hapgang.runtime.platform.money.owned import MONEY_OWNED
from hapgang.runtime.platform.money.residents import HABITS
from hapgang.runtime.platform.money.schedules import MONEY_SCHEDULES
from hapgang.runtime.platform.ngsild.entities import remove_expired
from hapgang.runtime.platform.registry.owned import REGISTRY_OWNED, REGISTRY_SCHEDULES
from hapgang.runtime.platform.routes import ROUTES
from hapgang.runtime.platform.settings import PlatformSettings
from hapgang.runtime.platform.visits import end_visits
from hapgang.runtime.platform.votes.kpis import VOTES_KPIS
from hapgang.runtime.platform.votes.owned import VOTES_OWNED, VOTES_SCHEDULES

platform = Service(
    title=Text("Platform", "플랫폼"),
    level=Level.SKETCHED,
    owns=(
        CollectedFile, ContextSourceRegistration, DataFeed, HostedContext, Rehearsal, ScenarioDraft,
        Subscription, *MONEY_OWNED, *REGISTER_OWNED, *SIGN_IN_OWNED, *REGISTRY_OWNED,
        *VOTES_OWNED,
    ),
    contributes=(
        Consent, DeadLetter, Forecast, Job, Message, MonthlyTopUp, Person, QuarantinedRecord,
        Visit, Weather,
    ),
    every=(
        *MONEY_SCHEDULES,
        *REGISTER_SCHEDULES,
        *REGISTRY_SCHEDULES,
        *VOTES_SCHEDULES,
        *SIGN_IN_SCHEDULES,
        Schedule(every=timedelta(minutes=10), action=end_visits),
        Schedule(every=timedelta(minutes=10), action=remove_expired),
    ),
    routes=ROUTES,
    kpis=(*MONEY_KPIS, *VOTES_KPIS),
    habits=HABITS,
    settings=PlatformSettings,
)  # fmt: skip
