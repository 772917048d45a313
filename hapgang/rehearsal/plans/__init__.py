"""What virtual people do on a day: activities at places and times, and the trips between them."""

from hapgang.rehearsal.plans.columns import DAY_S, Kind, Plans, Trips, trips_of
from hapgang.rehearsal.plans.day import day_plans

__all__ = ["DAY_S", "Kind", "Plans", "Trips", "day_plans", "trips_of"]
