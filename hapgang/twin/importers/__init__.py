"""Makes cities of open data: `import_city` and what it reports."""

from hapgang.twin.importers.city import import_city
from hapgang.twin.importers.report import ImportRefused, ImportReport, Progress

__all__ = ["ImportRefused", "ImportReport", "Progress", "import_city"]
