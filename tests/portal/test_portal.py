"""The portal against a running city, in a real browser: Playwright's own tests do the looking."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
HAPGANG = [sys.executable, "-m", "hapgang.app.cli"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_S = 60.0

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1500)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def browser() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), "")
    chosen = os.environ.get("HAPGANG_CHROMIUM") or found
    if not chosen:
        pytest.skip("no Chromium on this machine; install one or set HAPGANG_CHROMIUM")
    return chosen


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of Sejong with one day rehearsed, with and without the service."""
    for needed in (PORTAL / "dist" / "index.html", PORTAL / "node_modules"):
        if not needed.exists():
            pytest.skip(f"{needed.relative_to(ROOT)} is not there; run `make portal`")
    environment = {**os.environ, "HAPGANG_STATE": str(tmp_path_factory.mktemp("state"))}
    day = [*HAPGANG, "rehearse", "sejong", "--residents", "200"]
    for words in ([], ["--without", "mobility.sharing"], ["--scenario", "today"]):
        subprocess.run([*day, *words, "--json"], env=environment, check=True, capture_output=True)
    port = free_port()
    server = subprocess.Popen(
        [*HAPGANG, "up", "sejong", "--demo", "--port", str(port)], env=environment
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url, server)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_until_healthy(url: str, server: "subprocess.Popen[bytes]") -> None:
    end_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < end_s:
        assert server.poll() is None, "the city stopped while starting"
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"no city at {url} within {PATIENCE_S:.0f} s")


def test_pages_in_a_browser(city: str, browser: str) -> None:
    done = subprocess.run(
        ["npm", "run", "--silent", "test:browser"],
        cwd=PORTAL,
        env={**os.environ, "HAPGANG_URL": city, "HAPGANG_CHROMIUM": browser, "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-8000:]}\n{done.stderr[-4000:]}"


def test_the_client_is_generated_from_this_api(city: str, tmp_path: Path) -> None:
    with urllib.request.urlopen(f"{city}/openapi.json") as answer:
        (tmp_path / "openapi.json").write_bytes(answer.read())
    fresh = tmp_path / "schema.ts"
    subprocess.run(
        ["npm", "run", "--silent", "client", "--", str(tmp_path / "openapi.json"), str(fresh)],
        cwd=PORTAL,
        check=True,
        capture_output=True,
    )
    committed = PORTAL / "src" / "api" / "schema.ts"
    assert committed.read_text("utf-8") == fresh.read_text("utf-8"), (
        "the API changed: run `npm run client` in portal/ and commit src/api/schema.ts"
    )
