"""Who may use a street: the bits of the column `modes` in `streets.parquet`."""

from collections.abc import Iterable
from enum import IntFlag

from hapgang.core.errors import Invalid


class Modes(IntFlag):
    """Ways of moving on streets; a link allows a set of them, a route is for one."""

    WALK = 1
    BICYCLE = 2
    PM = 4  # personal mobility: small electric vehicles of one or two seats (the white paper)
    CAR = 8
    BUS = 16
    SHUTTLE = 32
    SERVICE = 64  # emergency, vehicles of disabled people, goods

    @classmethod
    def of(cls, names: Iterable[str]) -> "Modes":
        """Return the set named, for example `Modes.of(["car", "pm"])`."""
        total = cls(0)
        for name in names:
            if name.upper() not in cls.__members__:
                known = ", ".join(member.lower() for member in cls.__members__)
                raise Invalid(
                    f"“{name}” is no way of moving; use {known}",
                    f"“{name}”은(는) 이동 수단이 아닙니다. 사용 가능: {known}",
                )
            total |= cls[name.upper()]
        return total
