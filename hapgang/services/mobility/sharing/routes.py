"""Who may do what, and where."""

from hapgang.contract import ANYONE, Role, Route
from hapgang.services.mobility.sharing.actions import (
    cancel,
    current_rental,
    find_parking,
    find_vehicles,
    finish_task,
    gbfs_feed,
    get_rental,
    get_tariff,
    list_reviews,
    list_tasks,
    list_vehicles,
    put_back,
    rent,
    report_problem,
    report_telemetry,
    reserve,
    return_vehicle,
    settle_review,
    start_rebalancing,
    take_out,
    take_task,
)

PEOPLE = (Role.RESIDENT, Role.VISITOR)
OPERATORS = (Role.OPERATOR,)  # crews sign in as operators too

ROUTES = (
    # everybody
    Route.get("/vehicles", find_vehicles, allow=ANYONE),
    Route.get("/parking", find_parking, allow=ANYONE),
    Route.get("/tariff", get_tariff, allow=ANYONE),
    Route.get("/gbfs/{feed}", gbfs_feed, allow=ANYONE),
    # residents and visitors
    Route.post("/reservations", reserve, allow=PEOPLE),
    Route(method="DELETE", path="/reservations/{rental}", action=cancel, allow=PEOPLE),
    Route.post("/rentals", rent, allow=PEOPLE),
    Route.get("/rentals/current", current_rental, allow=PEOPLE),
    Route.get("/rentals/{rental}", get_rental, allow=PEOPLE + OPERATORS),
    Route.post("/rentals/{rental}/return", return_vehicle, allow=PEOPLE),
    Route.post("/vehicles/{vehicle}/problems", report_problem, allow=PEOPLE + OPERATORS),
    # vehicles themselves
    Route.post("/vehicles/{vehicle}/telemetry", report_telemetry, allow=(Role.DEVICE,)),
    # operators
    Route.get("/fleet", list_vehicles, allow=OPERATORS),
    Route.post("/vehicles/{vehicle}/out", take_out, allow=OPERATORS),
    Route.post("/vehicles/{vehicle}/back", put_back, allow=OPERATORS),
    Route.get("/reviews", list_reviews, allow=OPERATORS),
    Route.post("/reviews/{review}/settle", settle_review, allow=OPERATORS),
    Route.post("/rebalancing", start_rebalancing, allow=OPERATORS),
    # crews
    Route.get("/tasks", list_tasks, allow=OPERATORS),
    Route.post("/tasks/take", take_task, allow=OPERATORS),
    Route.post("/tasks/{task}/finish", finish_task, allow=OPERATORS),
)
