"""A rehearsal's report for people: a table in the terminal, and a page of its own."""

import html

from rich.console import Console
from rich.table import Table

from hapgang.rehearsal.run import Measured, Report

STYLE = """
:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:72rem;margin:2rem
auto;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem
.8rem;border-bottom:1px solid #8886}td.number{text-align:right;font-variant-numeric:tabular-nums}
.met{color:#1a7f4b}.missed{color:#b3402a}caption{text-align:left;font-weight:600;margin:.5rem 0}
@media(prefers-color-scheme:dark){.met{color:#6fd3a0}.missed{color:#ff9c85}}
"""


_WHOLE_FROM = 1000.0
_MARKS = {None: ("", "default"), True: (" ✓", "green"), False: (" ✗", "red")}


def is_met(kpi: Measured) -> bool | None:
    """Whether a KPI reaches its target; None where there is no target or no value."""
    if kpi.target is None or kpi.value is None:
        return None
    return kpi.value <= kpi.target if kpi.better == "lower" else kpi.value >= kpi.target


def figure(value: float, digits: int = 4, sign: str = "") -> str:
    """Write a number with some digits that count; whole thousands are never shortened."""
    form = f",.{digits}g" if abs(value) < _WHOLE_FROM else ",.0f"
    return format(value, sign + form)


def value_text(kpi: Measured) -> str:
    """Write a value with its spread and unit."""
    if kpi.value is None:
        return "–"
    spread = f" ± {figure(kpi.spread, 2)}" if kpi.spread is not None else ""
    return f"{figure(kpi.value)}{spread} {kpi.unit}"


def target_text(kpi: Measured) -> str:
    """Write a target with its direction."""
    if kpi.target is None:
        return ""
    return f"{'≤' if kpi.better == 'lower' else '≥'} {kpi.target:g} {kpi.unit}"


def print_report(report: Report, console: Console) -> None:
    """Print the table."""
    title = (
        f"{report.city} · {report.scenario} · {report.date} · {report.weather} · "
        + (f"{report.days} days · " if report.days > 1 else "")
        + f"{report.residents:,} residents · seed {report.seed}"
        + (f" and {report.seeds - 1} more" if report.seeds > 1 else "")
    )
    table = Table(title=title, title_justify="left", show_lines=False)
    table.add_column("KPI · 지표", ratio=4)
    table.add_column("value", justify="right", ratio=2)
    table.add_column("target", justify="right", ratio=1)
    table.add_column("where it is written", style="dim", ratio=4)
    service = ""
    for kpi in report.kpis:
        if kpi.service != service:
            service = kpi.service
            table.add_section()
            table.add_row(f"[bold]{service}[/bold]")
        mark, style = _MARKS[is_met(kpi)]
        value = f"{value_text(kpi)}{mark}"
        name = f"{kpi.title.en}\n[dim]{kpi.title.ko}[/dim]"
        table.add_row(name, f"[{style}]{value}[/]", target_text(kpi), kpi.source)
    console.print(table)
    total = sum(report.trips.values())
    shares = " · ".join(f"{m} {100 * n / total:.1f} %" for m, n in report.trips.items() if total)
    console.print(f"{total:,} trips: {shares}")
    if report.not_made:
        console.print(f"{report.not_made:,} trips were not made: nothing led there.")
    if report.refusals:
        console.print(f"{report.refusals:,} times an operator refused; people went another way.")
    console.print(f"{report.wall_s:.1f} s, {report.peak_mb:,.0f} MB, digest {report.digest[:64]}")


def html_report(report: Report) -> str:
    """Return the report as a page that needs nothing else."""
    rows = "".join(_row(kpi) for kpi in report.kpis)
    total = max(1, sum(report.trips.values()))
    modes = "".join(
        f'<tr><td>{html.escape(mode)}</td><td class="number">{count:,}</td>'
        f'<td class="number">{100 * count / total:.1f} %</td></tr>'
        for mode, count in report.trips.items()
    )
    name = html.escape(f"{report.city} · {report.scenario}")
    return f"""<!doctype html><html lang="ko"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{name}</title><style>{STYLE}</style>
</head><body><main><h1>{name}</h1>
<p>{report.date}, {report.days} day(s), {html.escape(report.weather)};
{report.residents:,} residents, seed {report.seed}, {report.seeds} seed(s).</p>
<table><caption>지표 · KPIs</caption><thead><tr><th>서비스</th><th>지표</th><th>KPI</th>
<th>값</th><th>목표</th><th>출처 · source</th></tr></thead><tbody>{rows}</tbody></table>
<table><caption>통행 · Trips</caption><tbody>{modes}</tbody></table>
<p><small>digest {html.escape(report.digest)}</small></p></main></body></html>"""


def _row(kpi: Measured) -> str:
    met = is_met(kpi)
    style = "" if met is None else (" met" if met else " missed")
    mark = "" if met is None else (" ✓" if met else " ✗")
    cells = [
        html.escape(kpi.service),
        html.escape(kpi.title.ko),
        html.escape(kpi.title.en),
    ]
    start = "".join(f"<td>{cell}</td>" for cell in cells)
    value = f'<td class="number{style}">{html.escape(value_text(kpi))}{mark}</td>'
    target = f'<td class="number">{html.escape(target_text(kpi))}</td>'
    korean = f"{html.escape(kpi.source_ko)}<br>" if kpi.source_ko else ""
    source = f'<td>{korean}<span lang="en">{html.escape(kpi.source)}</span></td>'
    return f"<tr>{start}{value}{target}{source}</tr>"
