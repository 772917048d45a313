"""A city whose log is anchored at a node of others: deployed, anchored, checked by the verifier."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from hapgang.app.log.anchors import CHAIN, CONTRACT, SENDER, URL, key_in
from hapgang.app.log.deploying import deploy
from hapgang.core.errors import Invalid
from hapgang.ledger.anchor.message import address_of
from tests.ledger.anchor.nodes import anvil
from tests.living import Town, run
from tests.village import move_in, person

ANNE, BERT = person("anne"), person("bert")
VERIFY = Path(__file__).resolve().parents[3] / "verifier" / "verify.py"
ETHER = hex(10**20)


def test_who_names_no_node_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URL, raising=False)
    with pytest.raises(Invalid, match=URL):
        deploy(tmp_path, [], 1)
    monkeypatch.setenv(URL, "http://127.0.0.1:1")
    with pytest.raises(Invalid, match="1 to 1"):
        deploy(tmp_path, [], 2)
    with pytest.raises(Invalid, match=CHAIN):
        deploy(tmp_path, [], 1)


@pytest.mark.slow
def test_a_payment_is_proved_at_a_node_with_the_city_switched_off(
    database: dict[str, Any], small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    receipt = tmp_path / "receipt.json"
    told: dict[str, str] = {}

    async def pay(town: Town) -> None:
        for someone in (ANNE, BERT):
            move_in(town.runtime, someone, 2_000)
        body = {"transfer": "t1", "payee": BERT.id, "amount_won": 5}
        paid = await town.call("POST", "/api/me/transfers", body, caller=ANNE)
        await town.live.log.publish(town.live.reads)
        await town.live.log.anchor()
        node.mine(3)
        await town.live.log.anchor()
        path = f"/api/me/transfers/{quote(paid.json(), safe='')}/receipt"
        receipt.write_bytes((await town.call("GET", path, caller=ANNE)).body)
        told["key"] = (await town.call("GET", "/api/log/key")).body.decode()
        told["state"] = (await town.call("GET", "/api/log")).body.decode()

    with anvil(tmp_path) as node:
        url = f"http://127.0.0.1:{node.port}"
        monkeypatch.setenv(URL, url)
        monkeypatch.setenv(CHAIN, str(int(node.rpc.ask("eth_chainId"), 16)))
        sender = address_of(key_in(state / SENDER).public_key)
        node.rpc.ask("anvil_setBalance", sender, ETHER)
        put = deploy(state, [], 1)
        monkeypatch.setenv(CONTRACT, put.contract)
        run(pay, database, small_city, state)
        assert json.loads(receipt.read_text())["anchor"]["contract"] == put.contract, told["state"]
        words = [str(receipt), "--key", told["key"], "--rpc", url, "--contract", put.contract]
        assert verified(words) == 0
        changed = json.loads(receipt.read_text())
        changed["anchor"]["number"] = 7
        receipt.write_text(json.dumps(changed))
        assert verified(words) == 1


def verified(words: list[str]) -> int:
    done = subprocess.run(
        [sys.executable, str(VERIFY), *words], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode
