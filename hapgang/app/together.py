"""What runs side by side, and ends together."""

import asyncio
from typing import Any


async def until_first_ends(*parts: Any) -> None:
    """Run parts side by side; when one ends or fails, stop the others and pass its error on."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            _reraise(task)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _reraise(task: "asyncio.Future[Any]") -> None:
    error = task.exception()
    if isinstance(error, BaseExceptionGroup):
        raise error.exceptions[0]
    if error is not None:
        raise error
