"""Units of measurement by their UN/CEFACT codes (Recommendation 20), and the way between two.

Each line: code given, code wanted, factor, offset: wanted = given * factor + offset. The factors
are those of the SI brochure (BIPM, 9th edition) and NIST Special Publication 811, appendix B.
"""

from hapgang.core.errors import Invalid

_LINES = (
    ("FAH", "CEL", 5 / 9, -160 / 9),
    ("KEL", "CEL", 1.0, -273.15),
    ("KMH", "MTS", 1 / 3.6, 0.0),
    ("KNT", "MTS", 1852 / 3600, 0.0),
    ("HM", "KMH", 1.609344, 0.0),  # mile per hour
    ("CMT", "MMT", 10.0, 0.0),
    ("INH", "MMT", 25.4, 0.0),
    ("KMT", "MTR", 1000.0, 0.0),
    ("FOT", "MTR", 0.3048, 0.0),
    ("SMI", "MTR", 1609.344, 0.0),
    ("MWH", "KWH", 1000.0, 0.0),
    ("WHR", "KWH", 1e-3, 0.0),
    ("KWT", "WTT", 1000.0, 0.0),
    ("KPA", "HPA", 10.0, 0.0),
    ("PAL", "HPA", 0.01, 0.0),
    ("59", "61", 1000.0, 0.0),  # parts per million, per (American) billion
    ("GP", "GQ", 1000.0, 0.0),  # milligram, microgram per cubic metre
    ("MIN", "SEC", 60.0, 0.0),
    ("HUR", "SEC", 3600.0, 0.0),
    ("MJ_M2_H", "D54", 1e6 / 3600, 0.0),  # megajoule per square metre and hour: no code; W/m2
)
_WAYS = {
    **{(given, wanted): (factor, offset) for given, wanted, factor, offset in _LINES},
    **{(w, g): (1 / factor, -offset / factor) for g, w, factor, offset in _LINES},
}


def way(given: str, wanted: str) -> tuple[float, float]:
    """Return factor and offset from one unit to another; `Invalid` where none is known."""
    if not given or given == wanted:
        return 1.0, 0.0
    found = _WAYS.get((given, wanted))
    if found is None:
        raise Invalid(
            f"there is no way from unit {given[:20]} to {wanted[:20]}; write scale and offset",
            f"{given[:20]}에서 {wanted[:20]}(으)로 바꿀 수 없습니다. scale과 offset을 쓰세요",
        )
    return found
