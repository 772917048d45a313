"""The issuer's key is changed in a running city: what was signed stays believed, until dropped."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hapgang.app.cli import main
from hapgang.app.identity.keyring import (
    FORMER,
    KEY,
    LONGEST,
    MOST_FORMER,
    drop,
    keyring_at,
    name_of,
    rotate,
    signing_key,
    stamp_of,
)
from hapgang.app.identity.keys import issuer_at
from hapgang.core.errors import Conflict, NotFound, Unavailable
from hapgang.ledger.identity.jose import Json, NotProven, peek
from hapgang.ledger.identity.status import INVALID, VALID, opened_list, reference
from tests.app.identity.pocket import ANNE, ORIGIN, Wallet, ask, register, state_of
from tests.app.identity.town import Town

Live = Callable[..., None]
NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Kept(Wallet):
    """A wallet that has read the city's document before, and goes by both."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.kept: dict[str, Json] = {}

    async def keys(self) -> dict[str, Json]:
        return {**self.kept, **await super().keys()}


def kid_of(text: str) -> str:
    kid: str = peek(text.partition("~")[0]).header["kid"]
    return kid


async def proves(town: Town, wallet: Wallet, need: str) -> bool:
    asked = await ask(town, need)
    await wallet.show(asked["link"])
    return bool((await state_of(town, asked))["state"] == "answered")


async def status_of(wallet: Wallet, text: str) -> tuple[str, int]:
    """Return which key signed the list of a credential, and what it says."""
    claims = peek(text.partition("~")[0]).claims
    place = reference(claims)
    assert place is not None
    token, keys = (await wallet.get(place[1])).body.decode(), await wallet.keys()
    listed = opened_list(
        token, place[1], claims["iss"], lambda _, kid: keys[str(kid)], peek(token).claims["iat"]
    )
    return kid_of(token), listed.get(place[0])


def test_a_running_city_signs_with_the_new_key_and_believes_the_old(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town, born="1990-05-02")
        phone = Wallet(town)
        age = await phone.fetch(ANNE, "age")
        (old,) = await phone.keys()
        assert kid_of(age) == old
        before = (town.live.folder / KEY).read_bytes()
        ring = rotate(town.live.folder, town.live.clock.now())
        assert before not in (town.live.folder / FORMER).read_bytes()
        new, kept = await phone.keys()
        assert (kept, new.endswith(name_of(signing_key(ring.secret)))) == (old, True)
        assert new != old
        home = await phone.fetch(ANNE, "residency")
        assert kid_of(home) == new
        assert await status_of(phone, age) == (new, VALID)
        assert await proves(town, phone, "age.19"), "what the old key signed"
        assert await proves(town, phone, "resident"), "what the new key signed"
        held = (await town.call("GET", "/api/me/credentials", caller=ANNE)).json()
        (mine,) = [one["id"] for one in held if one["kind"] == "age"]
        assert (
            await town.call("POST", f"/api/me/credentials/{mine}/revoke", caller=ANNE)
        ).status == 200
        assert await status_of(phone, age) == (new, INVALID), "revoked all the same"
        assert not await proves(town, phone, "age.19")

    live(then)


def test_what_a_dropped_key_signed_is_issued_anew(live: Live) -> None:
    async def then(town: Town) -> None:
        await register(town, born="1990-05-02")
        phone = Kept(town)
        await phone.fetch(ANNE, "age")
        phone.kept = await phone.keys()
        (old,) = phone.kept
        rotate(town.live.folder, town.live.clock.now())
        drop(town.live.folder, old.partition("#")[2])
        assert not await proves(town, phone, "age.19")
        phone.kept = {}
        assert old not in await phone.keys()
        await phone.fetch(ANNE, "age")
        assert await proves(town, phone, "age.19")

    live(then)


def test_a_key_of_before_checks_until_all_it_signed_is_over(tmp_path: Path) -> None:
    first = issuer_at(tmp_path, ORIGIN)
    rotate(tmp_path, NOW)
    second = issuer_at(tmp_path, ORIGIN)
    assert second.kid != first.kid
    last = NOW + LONGEST - timedelta(seconds=1)
    for kid in (first.kid, f"#{first.name}"):
        assert second.key_of(first.did, kid, last)["x"] == first.key["x"]
        with pytest.raises(NotProven):
            second.key_of(first.did, kid, NOW + LONGEST)
    with pytest.raises(NotProven):
        second.key_of(first.did, None, NOW)  # of two keys one has to be named
    for issuer, kid in (
        (first.did, f"did:web:elsewhere#{first.name}"),
        ("did:web:elsewhere", first.kid),
        (first.did, first.did),
    ):
        with pytest.raises(NotProven):
            second.key_of(issuer, kid, NOW)
    assert [each["id"] for each in second.document(NOW + LONGEST)["verificationMethod"]] == [
        second.kid
    ]
    assert oct((tmp_path / KEY).stat().st_mode & 0o777) == "0o600"


def test_a_change_that_was_cut_off_loses_nothing(tmp_path: Path) -> None:
    secret = keyring_at(tmp_path).secret
    rotate(tmp_path, NOW)
    stamp = stamp_of(tmp_path)
    (tmp_path / KEY).write_bytes(secret)  # killed between the two files
    ring = keyring_at(tmp_path)
    assert (ring.secret, ring.former) == (secret, ())
    assert stamp_of(tmp_path) != stamp
    again = rotate(tmp_path, NOW + timedelta(days=1))
    assert [one.retired_at for one in again.former] == [NOW + timedelta(days=1)]
    (tmp_path / FORMER).write_text("[{")
    with pytest.raises(Unavailable, match="damaged"):
        keyring_at(tmp_path)


def test_keys_are_changed_one_after_the_other_and_not_without_end(tmp_path: Path) -> None:
    threads = [threading.Thread(target=rotate, args=(tmp_path, NOW)) for _ in range(MOST_FORMER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    former = keyring_at(tmp_path).former
    assert len({one.name for one in former}) == MOST_FORMER
    with pytest.raises(Conflict, match="drop the oldest"):
        rotate(tmp_path, NOW)
    with pytest.raises(NotFound):
        drop(tmp_path, "nobody")
    with pytest.raises(Conflict, match="rotate"):
        drop(tmp_path, name_of(signing_key(keyring_at(tmp_path).secret)))
    drop(tmp_path, former[-1].name)
    assert len(rotate(tmp_path, NOW).former) == MOST_FORMER
    assert len(rotate(tmp_path, NOW + LONGEST).former) == 1, "those that are over make room"


def test_the_command_says_which_keys_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HAPGANG_STATE", str(tmp_path))
    folder = tmp_path / "cities" / "sejong"
    (folder / "pg" / "data").mkdir(parents=True)
    first = name_of(signing_key(keyring_at(folder).secret))
    assert main(["identity", "rotate", "sejong"]) == 0
    signs, before = capsys.readouterr().out.splitlines()
    assert signs.endswith("  signs")
    assert not signs.startswith(first)
    assert before.startswith(f"{first}  signed until ")
    assert main(["identity", "drop", "sejong", f"--key={first}"]) == 0
    assert capsys.readouterr().out.splitlines() == [signs]
    for words in (["drop", "sejong"], ["drop", "sejong", f"--key={first}"], ["keys", "nowhere"]):
        assert main(["identity", *words]) == 1
