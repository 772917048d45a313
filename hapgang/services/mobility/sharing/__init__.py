"""Closed small PM sharing: small electric vehicles for everybody, in any weather."""

from datetime import timedelta

from hapgang.contract import Changed, Level, Read, Schedule, Service, Text
from hapgang.core.vocabulary.environment import Weather
from hapgang.core.vocabulary.mobility import (
    BeginRide,
    BookRide,
    DropRide,
    EndRide,
    ListFree,
    OfferRide,
)
from hapgang.core.vocabulary.people import Person
from hapgang.services.mobility.sharing.actions import (
    CHARGE_EVERY,
    begin_ride,
    book_ride,
    charge_vehicles,
    count_fleet,
    drop_ride,
    end_ride,
    end_terms,
    learn_demand,
    list_free,
    offer_ride,
    plan_tasks,
    rebalance_on_time,
    release_late_tasks,
    setup,
    watch_weather,
)
from hapgang.services.mobility.sharing.kpis import KPIS
from hapgang.services.mobility.sharing.model import OWNS, Settings
from hapgang.services.mobility.sharing.residents import HABITS
from hapgang.services.mobility.sharing.routes import ROUTES

service = Service(
    title=Text("Closed small PM sharing", "폐쇄형 소형 PM 공유"),
    level=Level.REHEARSED,
    owns=OWNS,
    reads=(
        Read(
            view=Person,
            fields=("age_band", "walking", "licence"),
            purpose=Text(
                "whether a person may ride a kind of vehicle", "탈 수 있는 이동수단인지 알려고"
            ),
        ),
        Read(
            view=Weather,
            fields=("rain_mm_h", "snow_mm_h"),
            purpose=Text(
                "when vehicles on two wheels stay", "두 바퀴 이동수단을 세워 둘 때를 알려고"
            ),
        ),
    ),
    hears={Changed(Weather): watch_weather},
    answers={
        OfferRide: offer_ride,
        BookRide: book_ride,
        DropRide: drop_ride,
        BeginRide: begin_ride,
        EndRide: end_ride,
        ListFree: list_free,
    },
    every=(
        Schedule(every=timedelta(minutes=1), action=end_terms),
        Schedule(every=timedelta(minutes=5), action=release_late_tasks),
        Schedule(every=timedelta(minutes=15), action=plan_tasks),
        Schedule(every=timedelta(minutes=15), action=count_fleet),
        Schedule(every=CHARGE_EVERY, action=charge_vehicles),
        Schedule(every=timedelta(hours=1), action=learn_demand),
        Schedule(every=timedelta(hours=1), action=rebalance_on_time),
    ),
    routes=ROUTES,
    kpis=KPIS,
    habits=HABITS,
    settings=Settings,
    setup=setup,
    page=True,
)
