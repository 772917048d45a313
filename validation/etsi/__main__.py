"""Run the public ETSI Robot suite for NGSI-LD against a city that is started for it.

python -m validation.etsi SUITE --robot VENV/bin/python
python -m validation.etsi SUITE --robot VENV/bin/python --only ContextInformation/Provision
python -m validation.etsi SUITE --robot VENV/bin/python --only e-create --json
python -m validation.etsi SUITE --robot VENV/bin/python --write docs/conformance.md

SUITE is a clone of the suite, or a folder with its files. Robot lives in an environment of its own:
python3.12 -m venv VENV && VENV/bin/pip install -r SUITE/requirements.txt
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from validation.etsi.page import Run, page, plain, table
from validation.etsi.robot import Wanted, run
from validation.etsi.suite import check_suite, version_of


def main() -> int:
    """Run what was asked for; the exit status is 0 whatever the tests say."""
    chosen = _arguments().parse_args()
    check_suite(chosen.suite)
    wanted = Wanted(
        chosen.suite.resolve(), chosen.robot.absolute(), chosen.only,
        limit_s=chosen.limit, several=chosen.several, mosquitto=chosen.mosquitto,
    )  # fmt: skip
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="etsi-") as own:
        tests = run(wanted, chosen.keep or Path(own), chosen.processes)
    version = chosen.version or version_of(chosen.suite)
    done = Run(version, tests, round(time.monotonic() - began))
    if chosen.json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(plain(done))) + b"\n")
    else:
        print(table(done))
    if chosen.write:
        chosen.write.write_text(page(done), "utf-8")
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m validation.etsi",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("suite", type=Path, help="the suite's folder")
    parser.add_argument("--robot", type=Path, required=True, help="the Python that has Robot")
    parser.add_argument(
        "--only", action="append", default=[], metavar="PATH_OR_TAG",
        help="a folder or file of the suite, also below TP/NGSI-LD; or a tag, within those",
    )  # fmt: skip
    parser.add_argument(
        "--several", action="store_true", help="also the tests that want five cities at once"
    )
    parser.add_argument(
        "--mosquitto", type=Path, metavar="PROGRAM", help="for the tests that notify by MQTT"
    )
    parser.add_argument("--processes", type=int, default=1, help="each has a city of its own")
    parser.add_argument("--limit", type=int, default=60, metavar="SECONDS", help="for each test")
    parser.add_argument("--version", default="", help="the suite's commit, where it is no clone")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the docs' page")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep output.xml; a new folder")
    return parser


if __name__ == "__main__":
    sys.exit(main())
