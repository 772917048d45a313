"""Fuzz a city's NGSI-LD API by its own description, with schemathesis.

python -m validation.fuzz --schemathesis VENV/bin/schemathesis
python -m validation.fuzz --schemathesis VENV/bin/schemathesis --minutes 10 --seed 1

Schemathesis lives in an environment of its own: python3 -m venv VENV && VENV/bin/pip install
schemathesis. It makes requests that fit the description and requests that do not, by themselves and
in sequences that follow one another, and looks for answers of status 500, for status codes, media
types and bodies that are not described, and for what should have been refused and was not.

Not looked at: whether all that fits the schemas is taken (a schema cannot say which parameters
belong together), and sign-in, since the city is open.
"""

import argparse
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

import msgspec

from validation.etsi.places import city

_PREFIX = "/ngsi-ld/v1/"
_LEFT_OUT = "positive_data_acceptance,ignored_auth"
_ENDLESS = "/events"  # a stream
_NOT_SENT = ("Idempotency-Key", "NGSILD-Tenant")
_PATIENCE_S = 600


def main() -> int:
    """Fuzz a city that is started for it; the exit status is schemathesis's own."""
    chosen = _arguments().parse_args()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, city(Path(folder) / "city") as url:
        description = Path(folder) / "openapi.json"
        description.write_bytes(msgspec.json.encode(description_of(url)))
        command = [
            str(chosen.schemathesis), "run", str(description), "--url", url,
            "--exclude-checks", _LEFT_OUT, "--continue-on-failure", "--warnings", "off",
            "--max-time", str(60 * chosen.minutes), "--seed", str(chosen.seed),
        ]  # fmt: skip
        limit_s = 60 * chosen.minutes + _PATIENCE_S
        return subprocess.run(command, cwd=folder, timeout=limit_s, check=False).returncode  # noqa: S603


def description_of(url: str) -> dict[str, Any]:
    """Return what the city says of the standard's paths.

    Without Idempotency-Key: one key for all requests would have all but the first refused; and
    without tenants, since most would name one that is not there.
    """
    with urllib.request.urlopen(f"{url}/openapi.json", timeout=30) as answer:  # noqa: S310
        found: dict[str, Any] = msgspec.json.decode(answer.read())
    found["paths"] = {
        path: {method: _without(operation) for method, operation in methods.items()}
        for path, methods in found["paths"].items()
        if path.startswith(_PREFIX) and not path.endswith(_ENDLESS)
    }
    return found


def _without(operation: dict[str, Any]) -> dict[str, Any]:
    parameters = [one for one in operation["parameters"] if one["name"] not in _NOT_SENT]
    return {**operation, "parameters": parameters}


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m validation.fuzz",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--schemathesis", type=Path, required=True, help="the program")
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0, help="the same requests again")
    return parser


if __name__ == "__main__":
    sys.exit(main())
