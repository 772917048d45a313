"""What the source documents say about the 5-1 Living Zone, and what had to be assumed.

FACT: stated by a named document. ASSUMED: ours, because the documents are silent; the reason
stands beside it. Documents: "the white paper" is the Sejong National Pilot Smart City white paper;
"the basic concept" is the Korean basic concept of July 2018 (세종 스마트시티 기본구상); "MOLIT
newsletter no. 17" is the smart city newsletter of 2021-05-31; TAGO is Korea's public transit data.
"""

WHITE_PAPER_PLAN = "the white paper, 'Final Land Utilization Plan'"
WHITE_PAPER_STREETS = "the white paper, 'Street Planning'"
WHITE_PAPER_RESTRICTED = "the white paper, 'Set Owned Car Restricted Areas'"
BASIC_CONCEPT = "the basic concept of July 2018"
ASSUMED = "assumption"

# FACT, the white paper, "Overview": 2,741,000 m2, about 20,000 people in about 9,000 households.
AREA_M2 = 2_741_000.0
RESIDENTS = 20_000
DWELLINGS = 9_000

# FACT, MOLIT newsletter no. 17 (translated; the figure is garbled there): 16 to 17 ten-thousands of
# pyeong, read as 0.53 to 0.56 km2.
RESTRICTED_M2 = (530_000.0, 560_000.0)

# FACT, the white paper, "Urban Planning Concept": the side of a block inside the ring.
BLOCK_SIDE_M = 150.0

# FACT, the white paper, "Circulation Ring Road Section": section B is 25.0 m, its sidewalk 7.0 m,
# its service lane 3.0 m, four lanes.
RING_SECTION_M = 25.0
RING_SIDEWALK_M = 7.0

# FACT, the white paper, "Current Status" and "Sejong 5-1 Living Zone Topography".
HWANGWOOSAN_M = 194.0
CHULDONGSAN_FOOT_M = 110.0

# FACT, the white paper, "Current Status": road to KTX Osong and to Cheongju Airport.
OSONG_KM = 14.0
CHEONGJU_AIRPORT_KM = 37.0

# FACT, the basic concept: where the people of the new city go to work and to school (2016 Sejong
# social indicators). The layout of the figure was lost; read in the order of its labels.
WORK_IN_SEJONG = 0.586
WORK_IN_DAEJEON = 0.226
WORK_ELSEWHERE = 0.188

# FACT, the basic concept, "주변 주요 지역들과의 네트워크" (read as, layout lost): jobs around.
JOBS_DAEDEOK = 67_000
JOBS_SCIENCE_BELT = 12_000
JOBS_OSONG = 15_000
JOBS_MYEONGHAK = 5_000
JOBS_JOCHIWON_INDUSTRY = 1_000

# FACT: employment-to-population ratio (15 and over) of Sejong in 2018, Statistics Korea, annual
# labour force report: 62.0 %. ASSUMED: 80 % of residents are 15 or over (254,000 of Sejong's people
# in 2018, same report, over some 314,000 registered at the end of that year).
WORKERS = round(RESIDENTS * 0.62 * 0.80)

# ASSUMED: one worker in three works inside the zone ("job-housing proximity" is the white paper's
# aim; it gives no number). The rest of the 58.6 % works elsewhere in Sejong.
WORK_INSIDE = 1.0 / 3.0

# FACT, the white paper, "Final Land Utilization Plan": 976 potential pupils, read as elementary,
# need 1.08 schools of 36 classes or 0.81 of 48; one elementary school is planned, so 48 classes
# of 25. Two kindergartens, one middle and one high school are planned without a size. ASSUMED: 40
# classes of 25 in each of those schools and 450 children in each kindergarten, so that every child
# of the population described in `population.toml` finds a place.
PLACES = {
    "school_elementary": 48 * 25,
    "school_middle": 40 * 25,
    "school_high": 40 * 25,
    "school_kindergarten": 450,
}

# FACT, the white paper, "City of Sharing Based Cars" and 'Convenient Mobility': owned cars park at
# the entrance of the zone; every facility is within 50 m of a parking place of shared mobility; a
# hub is reached in 5 minutes ("Seven Innovative Factors Reflected in the Land Utilization Plan").
PM_STATION_WITHIN_M = 50.0
HUB_WITHIN_S = 300.0
CAR_PARKS = 7
# FACT, Ministry of Land, vehicle register 2020: some 0.4 passenger cars a resident of Sejong,
# rounded; so 0.93 a household of 2.22.
CARS_PER_DWELLING = 0.93
# ASSUMED: unhurried walking, 4.8 km/h.
WALK_SPEED_M_S = 4.8 / 3.6

# FACT, Road Traffic Act of Korea, article 2 (19-2): a personal mobility device's motor must not
# drive it beyond 25 km/h.
PM_LEGAL_KMH = 25.0

# FACT, the white paper, "Street Planning": 30 km/h inside the ring, 20 km/h for tagged service and
# disability vehicles, slow PM 5 to 20, fast PM 20 to 40, road shuttle up to 40 km/h.
INSIDE_MAX_KMH = 30.0
SERVICE_MAX_KMH = 20.0
SLOW_PM_MAX_KMH = 20.0
FAST_PM_MAX_KMH = 40.0
RING_MAX_KMH = 40.0

# ASSUMED: car journeys beyond the map are 1.24 times the straight line, as on the way to KTX Osong
# (14 km of road, 11.3 km straight).
DETOUR = 1.24
