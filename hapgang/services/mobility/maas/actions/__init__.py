"""What can be done: plan, book as a whole, board, cancel; and what happens when a leg fails."""

from hapgang.services.mobility.maas.actions.alerts import list_alerts, tell_alert
from hapgang.services.mobility.maas.actions.checks import NotAsPlanned
from hapgang.services.mobility.maas.actions.feeds import (
    forget_stale,
    list_feeds,
    list_vehicles,
    take_gtfs_rt,
    tell_alerts,
    tell_trip_updates,
)
from hapgang.services.mobility.maas.actions.guests import (
    booking_id,
    cancel_guest,
    clear_guest,
    commit_guest,
    expire_guests,
    guest_of,
    guests_to_clear,
    hear_failed,
    keep_guest,
    move_guest,
    serve_booking,
    serve_bookings,
    turn_guest_away,
)
from hapgang.services.mobility.maas.actions.journeys import (
    begin_ride,
    board,
    book,
    cancel,
    current_journeys,
    end_journeys,
    end_ride,
    get_journey,
)
from hapgang.services.mobility.maas.actions.live import (
    list_delays,
    replan_failed,
    report_delay,
    watch_delays,
)
from hapgang.services.mobility.maas.actions.offers import offer_ride
from hapgang.services.mobility.maas.actions.operators import (
    due_outside,
    gone_now,
    list_operators,
    note_answer,
    note_free,
    read_free,
    register_operator,
    take_vehicles,
)
from hapgang.services.mobility.maas.actions.passes import buy_pass, end_passes, see_pass
from hapgang.services.mobility.maas.actions.plans import plan
from hapgang.services.mobility.maas.actions.rides import get_ride
from hapgang.services.mobility.maas.actions.saga import (
    drop_dispute,
    list_orders,
    next_call,
    take_reply,
    watch_orders,
)
from hapgang.services.mobility.maas.actions.serve import (
    serve_assets,
    serve_information,
    serve_inquiries,
    serve_meta,
    serve_offers,
    serve_ping,
)
from hapgang.services.mobility.maas.actions.settle import (
    list_statements,
    pay_statement,
    refund_ride,
    settle,
    settle_months,
    statement_lines,
)
from hapgang.services.mobility.maas.actions.vehicles import list_under_way

__all__ = [
    "NotAsPlanned", "begin_ride", "board", "book", "booking_id", "buy_pass", "cancel",
    "cancel_guest", "clear_guest", "commit_guest", "current_journeys", "drop_dispute",
    "due_outside", "end_journeys", "end_passes", "end_ride", "expire_guests", "forget_stale",
    "get_journey", "get_ride", "gone_now", "guest_of", "guests_to_clear", "hear_failed",
    "keep_guest", "list_alerts", "list_delays", "list_feeds", "list_operators", "list_orders",
    "list_statements", "list_under_way", "list_vehicles", "move_guest", "next_call",
    "note_answer", "note_free", "offer_ride",
    "pay_statement", "plan", "read_free", "refund_ride", "register_operator", "replan_failed",
    "report_delay", "see_pass", "serve_assets", "serve_booking", "serve_bookings",
    "serve_information", "serve_inquiries", "serve_meta", "serve_offers", "serve_ping", "settle",
    "settle_months", "statement_lines", "take_gtfs_rt", "take_reply", "take_vehicles",
    "tell_alert", "tell_alerts", "tell_trip_updates", "turn_guest_away", "watch_delays",
    "watch_orders",
]  # fmt: skip
