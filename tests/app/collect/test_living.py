"""What an operator's files say is done, also where that fails the first time."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.collect import living
from hapgang.app.collect.living import Collecting, Feeds


def test_files_that_could_not_be_followed_are_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    async def follow() -> None:
        done = asyncio.Event()
        feeds = Feeds(None, tmp_path, Collecting())  # type: ignore[arg-type]  # it is not asked

        async def become(_: Any) -> None:
            tried.append(1)
            if len(tried) == 1:
                raise RuntimeError("not now")
            done.set()

        monkeypatch.setattr(feeds, "_become", become)
        following = asyncio.create_task(feeds.follow())
        async with asyncio.timeout(20):
            await done.wait()
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "a.toml").touch()
    monkeypatch.setattr(living, "_LOOK_S", 0.001)
    asyncio.run(follow())
    assert len(tried) == 2
