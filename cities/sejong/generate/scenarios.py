"""The two scenarios every city has: as things are today, and as the plan wants them."""

from collections.abc import Sequence

from cities.sejong.generate import facts

_TODAY = """\
# The streets of the plan with today's rules: owned cars drive and park everywhere, today's buses
# run, no new services.
title = {{ en = "Today", ko = "현재" }}
services = []

[[change]]
do = "speed"
kind = "pm_lane"
max_kmh = {pm_kmh}
source = "Road Traffic Act of Korea, article 2 (19-2): personal mobility up to 25 km/h"
"""

_PLAN = """\
# The plan of the white paper: owned cars stay outside of the restricted area, everything inside is
# slow, PM has its lanes and is shared, the BRT runs more often and drives itself.
title = {{ en = "The plan", ko = "국가시범도시 계획" }}
services = ["mobility.maas", "mobility.sharing"]

[[change]]
do = "restrict"
area = "restricted"
modes = ["car"]
source = "{restricted}: owned cars neither enter nor park inside"

[[change]]
do = "restrict"
kind = "pm_lane"
modes = ["bicycle", "walk", "car", "service"]
source = "{restricted}: other vehicles are kept from PM routes; bicycles use the slow lane"

[[change]]
do = "speed"
area = "restricted"
max_kmh = {inside_kmh}
source = "{streets}: all mobility inside the ring at most 30 km/h"

[[change]]
do = "speed"
kind = "service"
max_kmh = {service_kmh}
source = "{restricted}: service and disability vehicles at 20 km/h on one-way streets"

[[change]]
do = "speed"
kind = "gate"
max_kmh = {service_kmh}
source = "{restricted}: designated entry and exit sections"

[[change]]
do = "speed"
kind = "cycleway"
max_kmh = {slow_kmh}
source = "{streets}: slow PM and bicycles 5 to 20 km/h"

[[change]]
do = "speed"
kind = "pm_lane"
max_kmh = {fast_kmh}
source = "{streets}: fast PM 20 to 40 km/h on its own lanes"

[[change]]
do = "headway"
route = "B0"
minutes = 8
source = "assumption: the plan makes the BRT the backbone of travel in and out"

[[change]]
do = "headway"
route = "B4"
minutes = 15
source = "assumption: as above"

[[change]]
do = "route"
route = "SD"
source = "the white paper, 'Mobility Service': BRT High-speed Self-driving Bus"

# Fleets: ASSUMED, {per_1000:.0f} vehicles for 1,000 residents, since the plan lets PM stand in for
# two owned cars of three. One in three is closed against the weather (the white paper, 'Closed
# Small PM Sharing Service'); some carry a wheelchair.
[service."mobility.sharing"]
open_vehicles = {open}
closed_vehicles = {closed}
accessible_vehicles = {accessible}

# The local currency, as the white paper plans it ('Sejong National Pilot Smart City Token Service
# Example': points of 100 won for 10,000). Where it is silent, near Sejong's own currency by the
# city's announcement of December 2024: 12,000 million won a month for some 390,000 residents, with
# 5 %, first come: 1,500 won of bonus for each. At up to 300,000 won a month for each who uses it,
# some 40 of 100 do, ASSUMED. Benefits: its first issue (2020) was paid out as benefits of public
# servants for the most part; the sum is ASSUMED, as are allowance, phones, proofs and votes:
# half of the turnout of Sejong's local elections of 2022 (51.2 %), since nothing is elected.
[service.platform]
wallet_pct = 40.0
bonus_pct = 5
bonus_won = 1500
points_pct = 1
allowance_won = 30000
benefit_won = 50000
lost_phones = 1.0
proof_pct = 2.0
vote_pct = 25.0
sealed_pct = 1.0
"""

FLEET = {"open": 340, "closed": 180, "accessible": 20}


def files(known_routes: Sequence[str]) -> dict[str, str]:
    """`today.toml` and `plan.toml`; the plan may only name routes that the timetable has."""
    plan = _PLAN.format(
        restricted=facts.WHITE_PAPER_RESTRICTED,
        streets=facts.WHITE_PAPER_STREETS,
        inside_kmh=facts.INSIDE_MAX_KMH,
        service_kmh=facts.SERVICE_MAX_KMH,
        slow_kmh=facts.SLOW_PM_MAX_KMH,
        fast_kmh=facts.FAST_PM_MAX_KMH,
        per_1000=sum(FLEET.values()) / facts.RESIDENTS * 1000.0,
        **FLEET,
    )
    for line in plan.splitlines():
        if line.startswith("route = ") and line.split('"')[1] not in known_routes:
            raise ValueError(f"the plan names an unknown route: {line}")
    return {"today.toml": _TODAY.format(pm_kmh=facts.PM_LEGAL_KMH), "plan.toml": plan}
