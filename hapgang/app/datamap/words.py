"""Words of the data map for what no type declares: the model's layers, the lake, documents."""

from collections.abc import Mapping
from typing import NamedTuple

from hapgang.core.text import Text

LAYERS: Mapping[str, tuple[Text, Text]] = {
    "streets": (
        Text("Streets", "길"),
        Text("Every street: how wide, how fast, who may use it.",
             "모든 길의 너비, 제한 속도, 다닐 수 있는 사람과 차예요."),
    ),
    "buildings": (
        Text("Buildings", "건물"),
        Text("The outline of each building, its height, floors and what it is used for.",
             "건물마다 모양, 높이, 층수, 쓰임새예요."),
    ),
    "areas": (
        Text("Parks, water and special areas", "공원, 물, 특별 구역"),
        Text("Surfaces with a name: the city's edge, parks, rivers, car-free zones.",
             "도시 경계, 공원, 강, 차 없는 구역처럼 이름이 있는 땅이에요."),
    ),
    "zones": (
        Text("Blocks of the city", "도시의 블록"),
        Text("How many people live, work and learn in each block.",
             "블록마다 몇 명이 살고 일하고 배우는지예요."),
    ),
    "places": (
        Text("Places to go", "갈 만한 곳"),
        Text("Schools, shops, doctors, parks and stations with their names.",
             "학교, 가게, 병원, 공원, 역의 이름과 자리예요."),
    ),
    "stops": (
        Text("Bus and train stops", "버스·열차 정류장"),
        Text("Where public transport stops.", "대중교통이 서는 곳이에요."),
    ),
    "ground": (
        Text("Hills and valleys", "언덕과 골짜기"),
        Text("Lines of equal height, every 10 metres.", "10미터마다 같은 높이를 이은 선이에요."),
    ),
    "trees": (
        Text("Trees", "나무"),
        Text("Trees of streets and parks, one by one.", "길과 공원의 나무 한 그루 한 그루예요."),
    ),
    "utilities": (
        Text("Pipes and cables under the ground", "땅속의 관과 선"),
        Text("Water, heat, power and data lines, and how deep they lie.",
             "수도, 열, 전기, 통신이 얼마나 깊이 지나가는지예요."),
    ),
}  # fmt: skip

TABLES: Mapping[str, tuple[Text, Text]] = {
    "event": (
        Text("Everything that happened", "일어난 모든 일"),
        Text("One line for each change and event, by day. People are left out.",
             "바뀐 것과 일어난 일을 하루 단위로 한 줄씩 적어요. 사람은 빠져 있어요."),
    ),
    "measurement": (
        Text("Everything that was measured", "잰 모든 값"),
        Text("Values of sensors and meters over time.", "센서와 계량기가 잰 값이에요."),
    ),
    "transfer": (
        Text("Money that moved", "오간 돈"),
        Text("Payments by the hour, without the names of people.",
             "사람 이름 없이 시간 단위로 적은 결제예요."),
    ),
    "activity": (
        Text("What virtual people did all day", "가상 주민의 하루"),
        Text("Sleeping, working, learning: of people who do not exist.",
             "진짜가 아닌 주민이 자고 일하고 배운 기록이에요."),
    ),
    "trip": (
        Text("Trips of virtual people", "가상 주민의 이동"),
        Text("From where to where, when, with what, in rehearsed days.",
             "예행한 하루에 어디서 어디로 언제 무엇을 타고 갔는지예요."),
    ),
    "leg": (
        Text("Parts of those trips", "이동의 구간"),
        Text("Each ride and each walk of a trip, with the waiting.",
             "이동 하나를 이루는 걷기와 타기, 기다림이에요."),
    ),
    "kpi": (
        Text("How well rehearsed days went", "예행한 하루의 성적"),
        Text("What each service reached in a rehearsed day, against its target.",
             "예행한 하루에 서비스가 목표를 얼마나 이뤘는지예요."),
    ),
}  # fmt: skip


class Told(NamedTuple):
    """A document that a service tells anybody, by a standard."""

    id: str
    service: str
    route: str  # of the service
    path: str  # to begin with
    title: Text
    about: Text
    media_type: str
    standard: str
    made_from: tuple[str, ...]  # types


FEEDS: tuple[Told, ...] = (
    Told(
        "feed.gbfs", "mobility.sharing", "/gbfs/{feed}", "/api/mobility/sharing/gbfs/gbfs.json",
        Text("Scooters and bikes for map apps", "지도 앱을 위한 킥보드·자전거 소식"),
        Text("Free vehicles and stations in the form that map apps read (GBFS 3.0).",
             "지도 앱이 읽는 형식(GBFS 3.0)으로 알리는 빈 기기와 대여소예요."),
        "application/json", "https://github.com/MobilityData/gbfs/blob/v3.0/gbfs.md",
        ("PersonalMobilityStation", "PersonalMobilityVehicle", "PersonalMobilityPause"),
    ),
    Told(
        "feed.trip-updates", "mobility.maas", "/feeds/trip-updates.pb",
        "/api/mobility/maas/feeds/trip-updates.pb",
        Text("Late buses for map apps", "지도 앱을 위한 버스 지연 소식"),
        Text("How late each run is, in the form that map apps read (GTFS-Realtime).",
             "지도 앱이 읽는 형식(GTFS-Realtime)으로 알리는 지연이에요."),
        "application/x-protobuf", "https://gtfs.org/documentation/realtime/reference/",
        ("TransitDelay",),
    ),
    Told(
        "feed.alerts", "mobility.maas", "/feeds/alerts.pb", "/api/mobility/maas/feeds/alerts.pb",
        Text("Bus and train trouble for map apps", "지도 앱을 위한 불편 알림"),
        Text("What is out of order, in the form that map apps read (GTFS-Realtime).",
             "지도 앱이 읽는 형식(GTFS-Realtime)으로 알리는 불편이에요."),
        "application/x-protobuf", "https://gtfs.org/documentation/realtime/reference/",
        ("TransitAlert",),
    ),
)  # fmt: skip

RESULTS: Mapping[str, tuple[Text, Text, str]] = {
    "results.kpis": (
        Text("How well the city does today", "오늘 도시의 성적"),
        Text("What each service reached today, measured from what happened.",
             "일어난 일에서 잰 오늘의 서비스 성적이에요."),
        "/api/kpis",
    ),
    "results.rehearsals": (
        Text("Rehearsed days and what came of them", "예행한 하루와 그 결과"),
        Text("Reports of days that were tried out in the virtual city.",
             "가상 도시에서 미리 살아 본 하루의 보고서예요."),
        "/api/runs",
    ),
}  # fmt: skip

LAKE = Text("Lake of this city", "도시의 기록 저장소")
REHEARSAL = Text("Rehearsal in the virtual city", "가상 도시 예행")
PLATFORM = Text("Platform", "플랫폼")
CLIENTS = Text("Whoever may write here", "쓸 권한이 있는 곳")
AS_GEOJSON = Text("On a map (OGC API Features, GeoJSON)", "지도로 (OGC API Features, GeoJSON)")
AS_NGSI_LD = Text("Now, one by one (NGSI-LD)", "지금 값 하나하나 (NGSI-LD)")
AS_SCHEMA = Text("What the columns mean (JSON Schema)", "칸의 뜻 (JSON Schema)")
AS_FILE = Text("All at once (GeoJSON)", "한꺼번에 (GeoJSON)")
AS_TILES = Text("In 3D (3D Tiles)", "입체로 (3D Tiles)")
AS_SQL = Text("Asked in SQL", "SQL로 물어보기")
AS_JSON = Text("As JSON", "JSON으로")
