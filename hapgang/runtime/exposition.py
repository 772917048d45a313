"""Counters as Prometheus reads them.

Two forms of one text: OpenMetrics 1.0 where the reader asks for it, else Prometheus' text format
0.0.4. They differ in what a counter's description is called, and in how the text ends.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from hapgang.core.histogram import Histogram

TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
Labels = Mapping[str, str]
_NO_LABELS: Labels = {}
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


class Sample(NamedTuple):
    """One number."""

    value: float
    labels: Labels = _NO_LABELS
    suffix: str = ""


class Family(NamedTuple):
    """Numbers of one name and meaning; a counter's name is without `_total`."""

    name: str
    kind: Literal["gauge", "counter", "histogram"]
    about: str
    samples: Iterable[Sample]


def one(name: str, kind: Literal["gauge", "counter"], about: str, value: float) -> Family:
    """Return a family of a single number."""
    return Family(name, kind, about, (Sample(value),))


def of_histogram(histogram: Histogram, labels: Labels = _NO_LABELS) -> Iterator[Sample]:
    """Yield the samples that tell a histogram."""
    running = 0
    for bound, count in zip(histogram.bounds, histogram.counts[:-1], strict=True):
        running += count
        yield Sample(running, {**labels, "le": f"{bound:g}"}, "_bucket")
    running += histogram.counts[-1]
    yield Sample(running, {**labels, "le": "+Inf"}, "_bucket")
    yield Sample(histogram.total, labels, "_sum")
    yield Sample(running, labels, "_count")


def text_of(families: Iterable[Family], *, is_open_metrics: bool) -> str:
    """Return the text."""
    lines: list[str] = []
    for family in families:
        total = "_total" if family.kind == "counter" else ""
        named = family.name if is_open_metrics else family.name + total
        lines += [f"# HELP {named} {family.about}", f"# TYPE {named} {family.kind}"]
        for sample in family.samples:
            lines.append(
                f"{family.name}{sample.suffix or total}{_told(sample.labels)}"
                f" {_number(sample.value)}"
            )
    if is_open_metrics:
        lines.append("# EOF")
    return "\n".join(lines) + "\n"


def _told(labels: Labels) -> str:
    if not labels:
        return ""
    told = ",".join(f'{name}="{value.translate(_ESCAPED)}"' for name, value in labels.items())
    return f"{{{told}}}"


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.9g}"
