"""How a database that is gone, or just going, makes itself felt."""

import asyncpg

# The driver's own InternalClientError belongs here: a connection whose server dies while it is made
# ready is left in the middle of an operation, and whoever takes it next is told so.
DATABASE_FAILURES = (
    TimeoutError,
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
