"""A drawing of what grows with what, both on logarithmic axes: the same numbers, the same bytes."""

import math
from typing import NamedTuple
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT = 760, 330
_LEFT, _TOP, _PANEL_W, _PANEL_H, _APART = 62.0, 44.0, 286.0, 222.0, 90.0
# Contrast with white and with GitHub's dark ground is above 4.5 for text and 3 for lines (WCAG).
_STYLE = """
text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#24292f}
.head{font-weight:600;font-size:14px}.grid{stroke:#8c959f;stroke-opacity:.35}
.fit{stroke:#57606a;stroke-dasharray:5 4;fill:none}.line{stroke:#0757ba;stroke-width:2;fill:none}
.dot{fill:#0757ba}.beside{stroke:#9a4a00;stroke-width:1.5;fill:none}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#8b949e}.fit{stroke:#9da7b1}
.line{stroke:#6cb6ff}.dot{fill:#6cb6ff}.beside{stroke:#f0a35e}}
"""


class Series(NamedTuple):
    """What is drawn in one panel: (residents, value) rising, and the exponent fitted to them.

    beside: another value of the same unit for each, drawn thinner under its own name.
    """

    title: str
    unit: str
    points: list[tuple[int, float]]
    exponent: float
    beside: tuple[str, list[tuple[int, float]]] | None = None


class _Panel(NamedTuple):
    left: float
    x: tuple[int, int]  # decades
    y: tuple[int, int]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point lies on the paper."""
        along = (math.log10(x) - self.x[0]) / (self.x[1] - self.x[0])
        up = (math.log10(y) - self.y[0]) / (self.y[1] - self.y[0])
        return round(self.left + along * _PANEL_W, 1), round(_TOP + (1 - up) * _PANEL_H, 1)


def drawing(series: list[Series]) -> str:
    """Return an SVG with a panel for each series."""
    said = "; ".join(_said(one) for one in series)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' aria-labelledby="title desc"><title id="title">What a rehearsed day costs</title>'
        f'<desc id="desc">{escape(said)}</desc><style>{_STYLE}</style>'
    ]
    for number, one in enumerate(series):
        parts += _panel(one, _LEFT + number * (_PANEL_W + _APART))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _said(one: Series) -> str:
    values = ", ".join(f"{_plain(value)} {one.unit} for {n:,}" for n, value in one.points)
    said = f"{one.title} by residents: {values}; exponent {one.exponent:.2f}"
    if one.beside is not None:
        said += f"; {one.beside[0]}: {', '.join(_plain(value) for _, value in one.beside[1])}"
    return said


def _panel(one: Series, left: float) -> list[str]:
    every = [*one.points, *(one.beside[1] if one.beside else ())]
    sizes, values = zip(*every, strict=True)
    panel = _Panel(left, _decades(sizes), _decades(values))
    parts = [
        f'<text class="head" x="{left}" y="{_TOP - 22}">{escape(one.title)}, {one.unit}</text>'
    ]
    for decade in range(panel.x[0], panel.x[1] + 1):
        x, _ = panel.at(10**decade, 10 ** panel.y[0])
        parts.append(_grid(x, _TOP, x, _TOP + _PANEL_H))
        parts.append(_text(x, _TOP + _PANEL_H + 18, f"{10**decade:,}", "middle"))
    for decade in range(panel.y[0], panel.y[1] + 1):
        _, y = panel.at(10 ** panel.x[0], 10**decade)
        parts.append(_grid(left, y, left + _PANEL_W, y))
        parts.append(_text(left - 8, y + 4, f"{10**decade:,}", "end"))
    parts.append(_text(left + _PANEL_W / 2, _TOP + _PANEL_H + 40, "residents", "middle"))
    return [*parts, *_curve(one, panel)]


def _curve(one: Series, panel: _Panel) -> list[str]:
    """Draw the points, the line through them, and the power law fitted to them."""
    n = len(one.points)
    middle_x = math.exp(sum(math.log(x) for x, _ in one.points) / n)
    middle_y = math.exp(sum(math.log(y) for _, y in one.points) / n)
    ends = [x for x, _ in (one.points[0], one.points[-1])]
    fit = [panel.at(x, middle_y * (x / middle_x) ** one.exponent) for x in ends]
    line = [panel.at(x, y) for x, y in one.points]
    law = f"grows as residents to the {one.exponent:.2f}"
    parts = [
        f'<polyline class="fit" points="{_joined(fit)}"/>',
        f'<polyline class="line" points="{_joined(line)}"/>',
        _text(panel.left + _PANEL_W - 8, _TOP + _PANEL_H - 10, law, "end"),
    ]
    if one.beside is not None:
        name, points = one.beside
        beside = [panel.at(x, y) for x, y in points]
        parts.append(f'<polyline class="beside" points="{_joined(beside)}"/>')
        parts.append(_text(beside[-1][0], beside[-1][1] + 34, name, "end"))
    for (x, y), (_, value) in zip(line, one.points, strict=True):
        parts.append(f'<circle class="dot" cx="{x}" cy="{y}" r="4"/>')
        parts.append(_text(x - 7, y - 8, _plain(value), "end"))
    return parts


def _decades(values: tuple[float, ...]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _joined(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _grid(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="grid" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{round(x, 1)}" y="{round(y, 1)}" text-anchor="{anchor}">{escape(text)}</text>'
