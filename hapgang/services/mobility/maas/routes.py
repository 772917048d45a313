"""Who may do what, and where."""

from hapgang.contract import ANYONE, Role, Route
from hapgang.services.mobility.maas.actions import (
    begin_ride,
    board,
    book,
    cancel,
    current_journeys,
    end_ride,
    get_journey,
    list_delays,
    plan,
    report_delay,
)

PEOPLE = (Role.RESIDENT, Role.VISITOR)

ROUTES = (
    Route.get("/options", plan, allow=ANYONE),
    Route.get("/delays", list_delays, allow=ANYONE),
    Route.post("/journeys", book, allow=PEOPLE),
    Route.get("/journeys/current", current_journeys, allow=PEOPLE),
    Route.get("/journeys/{journey}", get_journey, allow=PEOPLE),
    Route.post("/journeys/{journey}/board", board, allow=PEOPLE),
    Route.post("/journeys/{journey}/rides/{booking}/begin", begin_ride, allow=PEOPLE),
    Route.post("/journeys/{journey}/rides/{booking}/end", end_ride, allow=PEOPLE),
    Route(method="DELETE", path="/journeys/{journey}", action=cancel, allow=PEOPLE),
    Route.post("/delays", report_delay, allow=(Role.DEVICE, Role.OPERATOR)),
)
