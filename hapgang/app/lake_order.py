"""What a process that runs strangers' SQL is told to do."""

from typing import TypedDict

WRITTEN = 3  # times as many bytes as columns have, at most
SOURCE = "source"  # what a `select` calls the files


class Source(TypedDict):
    """A table: its files, which rows of them, and what of these; "" is all of it."""

    files: list[str]
    only: dict[str, list[str]]  # by a column, the values that are seen
    select: str


class Order(TypedDict):
    """What to run, over which tables, and how much of it to answer."""

    sql: str
    tables: dict[str, Source]
    time_zone: str
    memory_mb: int
    processor_s: int
    format: str
    most_rows: int
    most_bytes: int
