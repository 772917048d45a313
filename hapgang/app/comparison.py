"""Variants of a rehearsal for people: a table in the terminal, and a page of its own."""

import html
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from hapgang.app.report import STYLE, figure, is_met, target_text, value_text
from hapgang.rehearsal.compare import Comparison, Difference, Variant
from hapgang.rehearsal.run import Measured

_MARKS = {None: "", True: " ✓", False: " ✗"}
_STYLES = {None: "default", True: "green", False: "red"}


def variant_name(variant: Variant) -> str:
    """Return what a variant is called: its scenario, and what is left out."""
    report = variant.report
    return report.scenario + "".join(f" – {name}" for name in report.without)


def print_comparison(found: Comparison, console: Console) -> None:
    """Print one column for each variant; below a value, how it differs from the first one's."""
    first = found.variants[0].report
    table = Table(title=_title(found), title_justify="left", show_lines=False)
    table.add_column("KPI · 지표", ratio=3)
    for variant in found.variants:
        table.add_column(variant_name(variant), justify="right", ratio=2)
    for kpi, cells in _rows(found):
        shown = []
        for own, change in cells:
            text = "" if own is None else f"{value_text(own)}{_MARKS[is_met(own)]}"
            style = _STYLES[is_met(own) if own is not None else None]
            below = f"\n[dim]{difference_text(change)}[/dim]" if change else ""
            shown.append(f"[{style}]{text}[/]{below}")
        table.add_row(f"{kpi.title.en}\n[dim]{kpi.title.ko}[/dim]", *shown)
    console.print(table)
    for variant in found.variants:
        digest = variant.report.digest[:64]
        console.print(f"{variant_name(variant)}: {variant.report.wall_s:.1f} s, digest {digest}")
    if first.seeds > 1:
        console.print("± is the standard deviation over seeds; differences are taken seed by seed.")


def comparison_page(found: Comparison) -> str:
    """Return the comparison as a page that needs nothing else."""
    names = [html.escape(variant_name(variant)) for variant in found.variants]
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = "".join(_row(kpi, cells) for kpi, cells in _rows(found))
    title = html.escape(_title(found))
    return f"""<!doctype html><html lang="ko"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title><style>{STYLE}</style>
</head><body><main><h1>{title}</h1>
<p>Δ: 첫 번째 안과의 차이, 시드별 평균. <span lang="en">Difference from the first variant, seed by
seed; ± is the standard deviation over seeds.</span></p><div style="overflow-x:auto">
<table><caption>지표 · KPIs</caption><thead><tr><th scope="col">지표</th><th scope="col">KPI</th>
{heads}</tr></thead><tbody>{rows}</tbody></table></div></main></body></html>"""


def comparison_markdown(found: Comparison) -> str:
    """Return the comparison as a table of Markdown, with targets and where they are written."""
    names = [variant_name(variant) for variant in found.variants]
    heads = [names[0], *(head for name in names[1:] for head in (name, "differs by"))]
    lines = [
        _title(found), "",
        f"| | {' | '.join(heads)} | target | source |",
        f"| --- |{' ---: |' * len(heads)} ---: | --- |",
    ]  # fmt: skip
    for kpi, (first, *others) in _rows(found):
        cells = [_value(first[0])]
        for own, change in others:
            cells += [_value(own), difference_text(change)[2:] if change else ""]
        shown = [kpi.title.en, *cells, target_text(kpi), kpi.source]
        lines.append("| " + " | ".join(shown) + " |")
    if found.seeds > 1:
        lines += ["", "± is the standard deviation over seeds; differences are taken seed by seed."]
    return "\n".join(lines) + "\n"


def _value(kpi: Measured | None) -> str:
    return "" if kpi is None else f"{value_text(kpi)}{_MARKS[is_met(kpi)]}"


def difference_text(change: Difference) -> str:
    """Write a difference with its sign, spread and unit."""
    spread = f" ± {figure(change.spread, 2)}" if change.spread is not None else ""
    return f"Δ {figure(change.value, 3, '+')}{spread} {change.unit}"


_Cell = tuple[Measured | None, Difference | None]


def _rows(found: Comparison) -> Iterator[tuple[Measured, list[_Cell]]]:
    """Yield every KPI that some variant measures, with each variant's value and difference."""
    kpis: dict[tuple[str, str], Measured] = {}
    for variant in found.variants:
        for kpi in variant.report.kpis:
            kpis.setdefault((kpi.service, kpi.name), kpi)
    values = [{(k.service, k.name): k for k in v.report.kpis} for v in found.variants]
    changes = [{(d.service, d.name): d for d in v.differences} for v in found.variants]
    for key, kpi in kpis.items():
        yield kpi, [(v.get(key), c.get(key)) for v, c in zip(values, changes, strict=True)]


def _row(kpi: Measured, cells: list[_Cell]) -> str:
    shown = ""
    for own, change in cells:
        met = None if own is None else is_met(own)
        style = "" if met is None else (" met" if met else " missed")
        text = "" if own is None else html.escape(value_text(own)) + _MARKS[met]
        below = f"<br><small>{html.escape(difference_text(change))}</small>" if change else ""
        shown += f'<td class="number{style}">{text}{below}</td>'
    titles = f"<td>{html.escape(kpi.title.ko)}</td><td>{html.escape(kpi.title.en)}</td>"
    return f"<tr>{titles}{shown}</tr>"


def _title(found: Comparison) -> str:
    report = found.variants[0].report
    seeds = f" and {found.seeds - 1} more" if found.seeds > 1 else ""
    return (
        f"{found.city} · {report.date} · {report.weather} · {found.residents:,} residents ·"
        f" seed {found.seed}{seeds}"
    )
