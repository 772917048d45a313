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
from hapgang.services.mobility.maas.actions.plans import plan

__all__ = [
    "NotAsPlanned", "begin_ride", "board", "book", "cancel", "current_journeys", "end_journeys",
    "end_ride", "get_journey", "list_delays", "offer_ride", "plan", "replan_failed", "report_delay",
    "watch_delays",
]  # fmt: skip
