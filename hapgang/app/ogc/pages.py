"""The same as pages for people: what there is, in a browser."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from hapgang.core.text import Language, Text
from hapgang.hub.datamap.dataset import Dataset

_STYLE = """body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 system-ui,sans-serif}
li{margin:.75rem 0}a{overflow-wrap:anywhere}p{margin:.25rem 0}code{overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{background:#111;color:#eee}a{color:#9cf}}"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
_LEAD = Text(
    "Open data of the city as features (OGC API - Features). In QGIS: Layer, Add WFS / OGC API -"
    " Features, and this address:",
    "도시의 열린 자료를 지도 객체로 내어 주는 곳이에요(OGC API - Features)."
    " QGIS에서는 레이어 → WFS / OGC API - Features 추가에 이 주소를 넣으세요:",
)
_MAP = Text("The data map with everything about each", "자료마다 모든 설명이 있는 자료 지도")
_MACHINES = Text("For programs", "프로그램용")


def page(title: Text, sets: Iterable[Dataset], origin: str, language: Language) -> bytes:
    """Return the page that lists collections."""
    lines = "".join(_line(one, origin, language) for one in sets)
    name = escape(title.in_language(language))
    body = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{name}</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>{name}</h1>"
        f"<p>{escape(_LEAD.in_language(language))} <code>{escape(origin)}/ogc</code></p>"
        f'<p><a href="/city/data/map">{escape(_MAP.in_language(language))}</a></p>'
        f"<p>{escape(_MACHINES.in_language(language))}: {_PROGRAMS}</p>"
        f"<ul>{lines}</ul></main></body></html>"
    )
    return body.encode()


_PROGRAMS = (
    '<a href="/ogc?f=json">JSON</a> · <a href="/ogc/api">OpenAPI</a> · '
    '<a href="/ogc/conformance">conformance</a>'
)


def _line(found: Dataset, origin: str, language: Language) -> str:
    name, address = escape(found.id), quote(found.id, safe="")
    licence = f" · {escape(found.licence.name)}" if found.licence else ""
    return (
        f"<li><strong>{escape(found.title.in_language(language))}</strong>"
        f"<p>{escape(found.about.in_language(language))}{licence}</p>"
        f'<a href="/city/data/map/{address}">{name}</a> · '
        f'<a href="/ogc/collections/{address}/items">GeoJSON</a></li>'
    )
