"""Who may do what, and where."""

from hapgang.contract import ANYONE, Role, Route
from hapgang.services.mobility.maas.actions import (
    begin_ride,
    board,
    book,
    buy_pass,
    cancel,
    commit_guest,
    current_journeys,
    drop_dispute,
    end_ride,
    get_journey,
    get_ride,
    list_alerts,
    list_delays,
    list_feeds,
    list_operators,
    list_orders,
    list_statements,
    list_under_way,
    list_vehicles,
    move_guest,
    pay_statement,
    plan,
    refund_ride,
    register_operator,
    report_delay,
    see_pass,
    serve_assets,
    serve_booking,
    serve_bookings,
    serve_information,
    serve_inquiries,
    serve_meta,
    serve_offers,
    serve_ping,
    settle,
    statement_lines,
    take_gtfs_rt,
    tell_alerts,
    tell_trip_updates,
)

PEOPLE = (Role.RESIDENT, Role.VISITOR)
RESIDENTS = (Role.RESIDENT,)  # as the sources of its terms say
OPERATORS = (Role.OPERATOR,)
DEVICES = (Role.DEVICE, Role.OPERATOR)
PROTOBUF = "application/x-protobuf"
COMPANIES = (Role.COMPANY,)
BOOKKEEPERS = (Role.OPERATOR, Role.AUDITOR, Role.COMPANY)  # a company sees its own only

ROUTES = (
    Route.get("/options", plan, allow=ANYONE),
    Route.get("/delays", list_delays, allow=ANYONE),
    Route.post("/journeys", book, allow=PEOPLE),
    Route.get("/journeys/current", current_journeys, allow=PEOPLE),
    Route.get("/journeys/{journey}", get_journey, allow=PEOPLE),
    Route.post("/journeys/{journey}/board", board, allow=PEOPLE),
    Route.get("/journeys/{journey}/rides/{booking}", get_ride, allow=PEOPLE),
    Route.post("/journeys/{journey}/rides/{booking}/begin", begin_ride, allow=PEOPLE),
    Route.post("/journeys/{journey}/rides/{booking}/end", end_ride, allow=PEOPLE),
    Route(method="DELETE", path="/journeys/{journey}", action=cancel, allow=PEOPLE),
    Route.get("/pass", see_pass, allow=RESIDENTS),
    Route.post("/pass", buy_pass, allow=RESIDENTS),
    Route.post("/delays", report_delay, allow=DEVICES),
    # public transport as it runs now
    Route(method="POST", path="/feeds/gtfs-rt", action=take_gtfs_rt, allow=DEVICES, takes=PROTOBUF),
    Route.get("/feeds/trip-updates.pb", tell_trip_updates, allow=ANYONE, media_type=PROTOBUF),
    Route.get("/feeds/alerts.pb", tell_alerts, allow=ANYONE, media_type=PROTOBUF),
    Route.get("/feeds", list_feeds, allow=ANYONE),
    Route.get("/vehicles", list_vehicles, allow=ANYONE),
    Route.get("/vehicles/now", list_under_way, allow=ANYONE),
    Route.get("/alerts", list_alerts, allow=ANYONE),
    # operators outside, for those of the city
    Route.get("/operators", list_operators, allow=OPERATORS),
    Route.post("/operators", register_operator, allow=OPERATORS),
    Route.get("/orders", list_orders, allow=OPERATORS),
    Route(method="DELETE", path="/orders/{order}", action=drop_dispute, allow=OPERATORS),
    Route.post("/rides/{ride}/refund", refund_ride, allow=OPERATORS),
    # settlement
    Route.post("/statements", settle, allow=OPERATORS),
    Route.get("/statements", list_statements, allow=BOOKKEEPERS),
    Route.get("/statements/{statement}/lines", statement_lines, allow=BOOKKEEPERS),
    Route.post("/statements/{statement}/pay", pay_statement, allow=OPERATORS),
    # TOMP-API, in the form that `app` gives it
    Route.get("/tomp/operator/ping", serve_ping, allow=ANYONE),
    Route.get("/tomp/operator/meta", serve_meta, allow=ANYONE),
    Route.get("/tomp/operator/information", serve_information, allow=ANYONE),
    Route.get("/tomp/operator/available-assets", serve_assets, allow=COMPANIES),
    Route.post("/tomp/planning/inquiries", serve_inquiries, allow=COMPANIES),
    Route.post("/tomp/planning/offers", serve_offers, allow=COMPANIES),
    Route.post("/tomp/bookings", serve_bookings, allow=COMPANIES),
    Route.get("/tomp/bookings/{booking}", serve_booking, allow=COMPANIES),
    Route.post("/tomp/bookings/{booking}/events", commit_guest, allow=COMPANIES),
    Route.post("/tomp/legs/{leg}/events", move_guest, allow=COMPANIES),
)
