"""What can be done: plan, book as a whole, board, cancel; and what happens when a leg fails."""

from hapgang.services.mobility.maas.actions.checks import NotAsPlanned
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
    list_operators,
    note_answer,
    register_operator,
    take_free,
)
from hapgang.services.mobility.maas.actions.plans import plan
from hapgang.services.mobility.maas.actions.saga import (
    drop_dispute,
    list_orders,
    next_call,
    take_reply,
    watch_orders,
)
from hapgang.services.mobility.maas.actions.settle import (
    list_statements,
    pay_statement,
    refund_ride,
    settle,
    settle_months,
    statement_lines,
)

__all__ = [
    "NotAsPlanned", "begin_ride", "board", "book", "cancel", "current_journeys", "drop_dispute",
    "due_outside", "end_journeys", "end_ride", "get_journey", "list_delays", "list_operators",
    "list_orders", "list_statements", "next_call", "note_answer", "offer_ride", "pay_statement",
    "plan", "refund_ride", "register_operator", "replan_failed", "report_delay", "settle",
    "settle_months", "statement_lines", "take_free", "take_reply", "watch_delays",
    "watch_orders",
]  # fmt: skip
