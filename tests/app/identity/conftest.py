"""A town whose origin is the software authenticator's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hapgang.app.identity.site import ORIGIN
from tests.app.identity.town import Then
from tests.ledger.identity import authenticator
from tests.living import run


@pytest.fixture
def live(
    database: dict[str, Any], small_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    monkeypatch.setenv(ORIGIN, authenticator.ORIGIN)

    def do(then: Then, **options: Any) -> None:
        run(then, database, small_city, tmp_path / "state", **options)

    return do
