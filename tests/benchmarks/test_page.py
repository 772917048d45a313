"""The page of benchmarks: what was measured now, and the other sections as they were."""

from benchmarks.report import Report, Result, markdown

NAMES = ("first", "second", "third")


def report(name: str, value: float) -> Report:
    return Report(name, "a machine", [Result(name=f"{name}.x", value=value, unit="1/s")], 0)


def test_one_section_is_measured_anew_and_the_others_stay() -> None:
    page = markdown([report("first", 1), report("third", 3)], NAMES)
    again = markdown([report("second", 2), report("third", 33)], NAMES, page)
    assert [line for line in again.splitlines() if line.startswith("## ")] == [
        "## first", "## second", "## third",
    ]  # fmt: skip
    assert "| `first.x` | 1 1/s |" in again or "first.x" in again
    assert "33" in again
    assert again.count("third.x") == 1
    assert markdown([report("second", 2), report("third", 33)], NAMES, again) == again
