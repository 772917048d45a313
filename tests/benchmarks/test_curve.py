"""The drawing of a cost curve, and its page."""

import xml.etree.ElementTree as ET
from pathlib import Path

from benchmarks import scale
from benchmarks.curve import Series, drawing
from benchmarks.report import Report, Result

POINTS = [(n, 0.002 * n) for n in scale.SIZES]


def test_a_power_law_is_recognised() -> None:
    sizes = list(scale.SIZES)
    assert scale.exponent(sizes, [0.01 * n**1.25 for n in sizes]) == 1.25


def test_the_drawing_is_the_same_each_time_and_says_its_numbers() -> None:
    beside = ("processor time", [(n, value / 2) for n, value in POINTS])
    series = [Series("A day", "s", POINTS, 1.0, beside), Series("Memory", "MB", POINTS, 1.0)]
    text = drawing(series)
    assert text == drawing(series)
    root = ET.fromstring(text)
    said = " ".join(part.strip() for part in root.itertext())
    assert "A day by residents: 4.0 s for 2,000" in said
    assert "400 s for 200,000" in said
    assert "grows as residents to the 1.00" in said
    assert "processor time: 2.0, 5.0, 20" in said
    dots = root.findall("{http://www.w3.org/2000/svg}circle")
    assert len(dots) == 2 * len(POINTS)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for dot in dots:
        assert 0 < float(dot.attrib["cx"]) < width
        assert 0 < float(dot.attrib["cy"]) < height
    assert "prefers-color-scheme:dark" in text


def test_the_page_keeps_its_words_and_gets_the_table(tmp_path: Path) -> None:
    results = [
        Result(name=f"scale.day_{n}_{key}", value=value, unit="s")
        for n, value in POINTS
        for key in ("s", "cpu_s", "mb")
    ]
    results += [Result(name=f"scale.{n}_exponent", value=1.0, unit="") for n in ("wall", "memory")]
    page = tmp_path / "scale.md"
    start, end = (
        "<!-- made by benchmarks scale: table -->",
        "<!-- made by benchmarks scale: end -->",
    )
    page.write_text(f"# Scale\n\nBefore.\n\n{start}\nold\n{end}\n\nAfter.\n", "utf-8")
    for _ in range(2):
        scale.write(Report("scale", "a machine", results, 3.0), page)
        text = page.read_text("utf-8")
        assert text.startswith("# Scale\n\nBefore.")
        assert text.endswith("After.\n")
        assert "old" not in text
        assert text.count("| `scale.day_20000_s` | 40 s |") == 1
    assert (tmp_path / "images" / "scale.svg").is_file()
