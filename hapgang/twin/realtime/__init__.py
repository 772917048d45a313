"""GTFS-Realtime documents as plain records, and back.

What cannot be read is told line by line, never fatal; what is read is not yet known to fit a
timetable, see `hapgang.twin.runs`. Shapes, trip modifications and occupancy by carriage are
ignored. Source: General Transit Feed Specification Realtime, reference, version 2.0.
"""

from hapgang.twin.realtime.read import MOST_ENTITIES, read
from hapgang.twin.realtime.records import (
    Alert,
    Dirty,
    Document,
    Moment,
    StopTime,
    Subject,
    TripName,
    TripUpdate,
    Vehicle,
)
from hapgang.twin.realtime.write import VERSION, write

__all__ = [
    "MOST_ENTITIES", "VERSION", "Alert", "Dirty", "Document", "Moment", "StopTime", "Subject",
    "TripName", "TripUpdate", "Vehicle", "read", "write",
]  # fmt: skip
