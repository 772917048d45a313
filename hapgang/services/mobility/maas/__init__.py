"""Integrated mobility: one plan over everything that moves, booked and paid at once."""

from datetime import timedelta

from hapgang.contract import Changed, Fetch, Level, Read, Schedule, Service, Text
from hapgang.core.vocabulary.environment import Weather
from hapgang.core.vocabulary.mobility import OfferRide, RideFailed
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.platform import QuarantinedRecord
from hapgang.core.vocabulary.transit import LiveTimetable, TransitAlert
from hapgang.services.mobility.maas.actions import (
    end_journeys,
    end_passes,
    expire_guests,
    forget_stale,
    hear_failed,
    offer_ride,
    settle_months,
    take_gtfs_rt,
    tell_alert,
    watch_delays,
    watch_orders,
)
from hapgang.services.mobility.maas.kpis import KPIS
from hapgang.services.mobility.maas.method.ground import compute_ahead
from hapgang.services.mobility.maas.model import OWNS, Settings
from hapgang.services.mobility.maas.model.outside import OUTSIDE
from hapgang.services.mobility.maas.residents import HABITS
from hapgang.services.mobility.maas.routes import ROUTES

service = Service(
    title=Text("Integrated mobility (MaaS)", "통합 모빌리티(MaaS)"),
    level=Level.REHEARSED,
    owns=(*OWNS, *OUTSIDE),
    contributes=(QuarantinedRecord,),
    reads=(
        Read(
            view=Person,
            fields=("age_band", "walking", "licence", "concession"),
            purpose=Text(
                "which ways a traveller can take, how fast they walk, and what fare they pay",
                "갈 수 있는 길과 걷는 빠르기, 요금을 정하려고",
            ),
        ),
        Read(
            view=Weather,
            fields=("rain_mm_h", "snow_mm_h"),
            purpose=Text("how wet a way is", "비나 눈을 맞는 길을 알려고"),
        ),
    ),
    hears={
        RideFailed: hear_failed,
        Changed(LiveTimetable): watch_delays,
        Changed(TransitAlert): tell_alert,
    },
    answers={OfferRide: offer_ride},
    every=(
        Schedule(every=timedelta(minutes=10), action=end_journeys),
        Schedule(every=timedelta(minutes=1), action=watch_orders),
        Schedule(every=timedelta(minutes=1), action=forget_stale),
        Schedule(every=timedelta(minutes=1), action=expire_guests),
        Schedule(every=timedelta(days=1), action=settle_months),
        Schedule(every=timedelta(days=1), action=end_passes),
    ),
    fetches=(Fetch(setting="feeds", action=take_gtfs_rt),),
    ahead=compute_ahead,
    routes=ROUTES,
    kpis=KPIS,
    habits=HABITS,
    settings=Settings,
    page=True,
)
