"""One case: what was computed, what was expected, and who says so."""

import msgspec


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A value beside the published or closed-form one."""

    name: str
    value: float
    expected: float
    tolerance: float
    source: str
    note: str = ""

    @property
    def passed(self) -> bool:
        """Whether the value lies within the tolerance."""
        return abs(self.value - self.expected) <= self.tolerance
