"""List the installed services: level, what each owns, and its KPIs.

hapgang services
hapgang services --json
"""

import argparse
import json

from rich.console import Console
from rich.table import Table

from hapgang.core.entity import type_of
from hapgang.runtime.discover import discover


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    parser.add_argument("--json", action="store_true", help="for machines")


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    rows = [
        {
            "name": name,
            "title": {"en": service.title.en, "ko": service.title.ko},
            "level": service.level.value,
            "owns": [type_of(view).name for view in service.owns],
            "kpis": [kpi.name for kpi in service.kpis],
        }
        for name, service in discover().items()
    ]
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    table = Table("Service", "서비스", "Level", "Owns", "KPIs")
    for row in rows:
        title: dict[str, str] = row["title"]  # type: ignore[assignment]  # as made above
        cells = [str(row["name"]), title["ko"], str(row["level"])]
        table.add_row(*cells, ", ".join(row["owns"]), ", ".join(row["kpis"]))
    Console().print(table)
    return 0
