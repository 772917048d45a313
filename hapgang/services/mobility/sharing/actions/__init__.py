"""What can be done, by whom it is done: residents, crews, operators, vehicles and the clock."""

from hapgang.services.mobility.sharing.actions.balance import (
    apply_rebalancing,
    learn_demand,
    rebalance_on_time,
    start_rebalancing,
)
from hapgang.services.mobility.sharing.actions.begin import setup
from hapgang.services.mobility.sharing.actions.book import (
    begin_ride,
    book_ride,
    drop_ride,
    end_ride,
)
from hapgang.services.mobility.sharing.actions.care import (
    list_reviews,
    list_vehicles,
    put_back,
    report_problem,
    report_telemetry,
    settle_review,
    take_out,
)
from hapgang.services.mobility.sharing.actions.checks import (
    BatteryEmpty,
    MayNotRide,
    NotHere,
    OneAtATime,
    Parking,
    Paused,
    RideOver,
    VehicleTaken,
)
from hapgang.services.mobility.sharing.actions.clock import (
    CHARGE_EVERY,
    charge_vehicles,
    count_fleet,
    end_terms,
    watch_weather,
)
from hapgang.services.mobility.sharing.actions.crew import (
    finish_task,
    list_tasks,
    plan_tasks,
    release_late_tasks,
    take_task,
)
from hapgang.services.mobility.sharing.actions.feeds import gbfs_feed
from hapgang.services.mobility.sharing.actions.ride import (
    cancel,
    current_rental,
    get_rental,
    rent,
    reserve,
    return_vehicle,
)
from hapgang.services.mobility.sharing.actions.seek import (
    Nearby,
    find_parking,
    find_vehicles,
    get_tariff,
    offer_ride,
)
from hapgang.services.mobility.sharing.actions.show import list_free

__all__ = [
    "CHARGE_EVERY", "BatteryEmpty", "MayNotRide", "Nearby", "NotHere", "OneAtATime", "Parking",
    "Paused", "RideOver", "VehicleTaken", "apply_rebalancing", "begin_ride", "book_ride", "cancel",
    "charge_vehicles", "count_fleet", "current_rental", "drop_ride", "end_ride", "end_terms",
    "find_parking", "find_vehicles", "finish_task", "gbfs_feed", "get_rental", "get_tariff",
    "learn_demand", "list_free", "list_reviews", "list_tasks", "list_vehicles", "offer_ride",
    "plan_tasks",
    "put_back", "rebalance_on_time", "release_late_tasks", "rent", "report_problem",
    "report_telemetry", "reserve", "return_vehicle", "settle_review", "setup", "start_rebalancing",
    "take_out", "take_task", "watch_weather",
]  # fmt: skip
