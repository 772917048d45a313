"""A wallet of libraries that others wrote, at a running city over HTTP.

Needs what tests/ledger/identity/test_wallet.py needs: node, and HAPGANG_WALLET_NODE_MODULES.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from hapgang.app.identity.keyring import rotate
from hapgang.contract import Caller
from tests.app.identity.pocket import (
    ANNE,
    LEARNED,
    LICENCE,
    ORIGIN,
    SCHOOL,
    TAXI,
    ask,
    attest,
    offer,
    register,
    state_of,
)
from tests.app.identity.town import COUNTER, Town
from tests.app.serving import served

Live = Callable[..., None]
MODULES = os.environ.get("HAPGANG_WALLET_NODE_MODULES", "")
SCRIPT = Path(__file__).with_name("wallet.mjs")
FRAMES: dict[str, Any] = {
    "residency": {"resident": True},
    "age": {"age_equal_or_over": {"19": True}},
    "driving_licence": {"categories": {"0": True}},
    "disability": {"disabled": True},
    "membership": {"organisation": True, "role": True},
}
NEEDS = ("resident", "age.19", "licence.B", "disability", "member.taxi.driver")


class Wallet:
    """The wallet's process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def do(self, task: str, **words: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"task": task, **words}).encode() + b"\n")
        line = await asyncio.wait_for(self._process.stdout.readline(), 30)
        if not line:
            assert self._process.stderr is not None
            raise AssertionError((await self._process.stderr.read()).decode())
        answer = json.loads(line)
        if isinstance(answer, dict) and "failed" in answer:
            raise AssertionError(answer["failed"])
        return answer

    async def fetch(self, town: Town, who: Caller, kind: str) -> Any:
        given = await offer(town, who, kind)
        return await self.do("fetch", offer=given["offer_link"], pin=given["pin"])


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here")
@pytest.mark.skipif(
    not Path(MODULES, "@openid4vc").is_dir(),
    reason="HAPGANG_WALLET_NODE_MODULES names no node_modules with a wallet's libraries",
)
def test_it_gets_each_kind_shows_claims_and_hears_of_a_revocation(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town)
        licence = await attest(town, "driving_licence", LICENCE)
        await attest(town, "disability", {"disabled": True, "degree": "severe", "needs": ["lift"]})
        await attest(town, "membership", {"role": "driver"}, by=TAXI)
        await attest(town, "nanodegree", LEARNED, by=SCHOOL)
        async with served(town) as server:
            process = await asyncio.create_subprocess_exec(
                "node", str(SCRIPT), server, ORIGIN, stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=1 << 20,
            )  # fmt: skip
            try:
                await use(town, Wallet(process), licence)
            finally:
                process.kill()
                await process.wait()

    live(then)


async def use(town: Town, wallet: Wallet, licence: str) -> None:
    for kind in (*FRAMES, "nanodegree"):
        if kind == "disability":
            rotate(town.live.folder, town.live.clock.now())  # half is signed by the key of before
        payload = await wallet.fetch(town, ANNE, kind)
        assert payload["vct"] == f"urn:hapgang:credential:{kind}:1"
        assert payload["iss"] == "did:web:example.org"
    asked = await ask(town, *NEEDS)
    shown = await wallet.do("show", link=asked["link"], frames=FRAMES)
    assert shown == {"status": 200, "can": True, "purpose": {"en": "Entry", "ko": "입장"}}
    view = await state_of(town, asked)
    assert (view["state"], view["proven"]) == ("answered", dict.fromkeys(NEEDS, True))
    assert await wallet.do("check", kind="driving_licence") == "good"
    asked = await ask(town, "licence.B")
    gone = await town.call("DELETE", f"/api/attestations/{quote(licence)}", caller=COUNTER)
    assert gone.status == 200
    assert "status is not valid" in (await wallet.do("check", kind="driving_licence")).lower()
    assert await wallet.do("check", kind="age") == "good"
    refused = await wallet.do("show", link=asked["link"], frames=FRAMES)
    assert refused["status"] == 403
    assert (await state_of(town, asked))["state"] == "open"
