"""A browser that others wrote makes a passkey here and signs in with it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hapgang.core.errors import CityError
from hapgang.ledger.identity import passkeys
from hapgang.ledger.identity.codes import Once, draw_code
from tests.ledger.identity.serving import Answer, serving

NOW = 1_790_000_000
SCRIPT = Path(__file__).with_name("browser.mjs")
MODULES = Path(__file__).parents[3] / "portal" / "node_modules"
CHROMIUM = os.environ.get("HAPGANG_CHROMIUM") or shutil.which("chromium") or ""

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Door:
    """A sign-in of one person, over the pure functions."""

    def __init__(self) -> None:
        self.site = passkeys.Site("localhost", ())
        self.challenge, self.once = "", Once("", 0)
        self.kept: passkeys.Passkey | None = None
        self.counts: list[int] = []
        self.wrong: list[str] = []

    def answer(self, method: str, path: str, body: str, token: str) -> Answer:
        if method == "GET":
            return 200, "<!doctype html><title>Door</title>", "text/html"
        try:
            return 200, json.dumps(self.act(path, json.loads(body))), "application/json"
        except CityError as refused:
            self.wrong.append(str(refused))
            return refused.status, "{}", "application/json"

    def act(self, path: str, answer: object) -> object:
        if path in ("/create", "/request"):
            self.challenge, self.once = draw_code(NOW, passkeys.CHALLENGE_S)
            if path == "/create":
                return passkeys.creation_options(self.site, b"me", "민준", self.challenge)
            return passkeys.request_options(self.site, self.challenge)
        if path == "/register":
            self.kept = passkeys.register(self.site, answer, self.challenge, NOW)
        else:
            assert self.kept is not None
            self.kept = passkeys.sign_in(self.site, self.kept, answer, self.challenge, user=b"me")
        self.counts.append(self.kept.sign_count)
        return {}


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here")
@pytest.mark.skipif(not Path(CHROMIUM).is_file(), reason="no Chromium on this machine")
@pytest.mark.skipif(not (MODULES / "playwright-core").is_dir(), reason="the portal is not set up")
def test_a_browser_signs_in() -> None:
    door = Door()
    with serving(door.answer) as port:
        door.site = passkeys.Site("localhost", (f"http://localhost:{port}",))
        told = {
            "page": f"http://localhost:{port}/",
            "chromium": CHROMIUM,
            "modules": str(MODULES),
        }
        done = subprocess.run(
            ["node", str(SCRIPT)],
            input=json.dumps(told),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [200, 200, 200, 403], door.wrong
    assert door.counts == sorted({*door.counts})  # forward, each time
    assert door.kept is not None
    assert door.kept.verified
    assert "copy" in door.wrong[0]  # the last answer, sent a second time
