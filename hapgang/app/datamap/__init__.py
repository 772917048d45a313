"""The data map of a living city: everything it has, as far as the caller may know of it."""

from hapgang.app.datamap.endpoints import datamap_endpoints as datamap_endpoints
from hapgang.app.datamap.map import Maps as Maps
from hapgang.app.datamap.reads import note_read as note_read
from hapgang.app.datamap.uses import Uses as Uses
