"""The lists from which a catalogue by DCAT-AP takes its values.

Source: the Authority Tables of the Publications Office of the European Union; ADMS publisher types;
IANA media types.
"""

from collections.abc import Mapping

from hapgang.core.text import Text
from hapgang.hub.datamap.dataset import Access

PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
LANGUAGES = ("KOR", "ENG")
RIGHTS: Mapping[Access, str] = {
    "open": "PUBLIC", "signed_in": "RESTRICTED", "roles": "RESTRICTED",
    "internal": "NON_PUBLIC", "sealed": "NON_PUBLIC",
}  # fmt: skip
# From a domain of the city's services to the data themes of Europe's portals.
THEMES: Mapping[str, tuple[str, Text]] = {
    "mobility": ("TRAN", Text("Transport", "교통")),
    "health": ("HEAL", Text("Health", "보건")),
    "learning": ("EDUC", Text("Education, culture and sport", "교육·문화·체육")),
    "culture": ("EDUC", Text("Education, culture and sport", "교육·문화·체육")),
    "energy": ("ENER", Text("Energy", "에너지")),
    "environment": ("ENVI", Text("Environment", "환경")),
    "governance": ("GOVE", Text("Government and public sector", "정부·공공")),
    "platform": ("GOVE", Text("Government and public sector", "정부·공공")),
    "safety": ("JUST", Text("Justice, legal system and public safety", "법·안전")),
    "people": ("SOCI", Text("Population and society", "인구·사회")),
    "city": ("REGI", Text("Regions and cities", "지역·도시")),
}
MEASURES: Mapping[str, tuple[str, Text]] = {
    "completeness": ("complete_pct", Text("declared attributes that are there", "채워진 속성")),
    "plausibility": ("plausible_pct", Text("entities in place and time", "때와 곳이 맞는 것")),
    "acceptance": ("accepted_pct", Text("input that was accepted", "받아들인 입력")),
}
FORMAT = "dct:MediaTypeOrExtent"
FILE_TYPES = {"application/geo+json": "GEOJSON", "application/ld+json": "JSON_LD",
               "application/json": "JSON", "application/schema+json": "JSON"}  # fmt: skip
AVAILABLE = Text("available", "제공 중")
ADMS = "http://purl.org/adms/publishertype/"
