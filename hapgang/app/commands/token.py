"""Make a bearer token for a local city, for scripts and devices.

hapgang token operator
hapgang token device --city mytown --id urn:ngsi-ld:Device:bench-7 --hours 24
curl -H "Authorization: Bearer $(hapgang token operator)" localhost:8000/api/jobs
"""

import argparse
from datetime import UTC, datetime, timedelta

from hapgang.app.settings import city_state, find_city
from hapgang.app.tokens import Tokens
from hapgang.contract import Caller, Role
from hapgang.core.ids import check_uri, urn
from hapgang.twin.scene import read_facts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    roles = [role.value for role in Role if role not in (Role.ANONYMOUS, Role.PLATFORM)]
    parser.add_argument("role", choices=roles, help="what it lets its bearer be")
    parser.add_argument("--city", default="sejong", help="a name or a folder")
    parser.add_argument("--id", help="who it speaks for; a URI")
    parser.add_argument("--hours", type=float, default=12.0, help="how long it is good for")


def run(arguments: argparse.Namespace) -> int:
    """Print the token."""
    role = Role(arguments.role)
    kind = "Person" if role in (Role.RESIDENT, Role.VISITOR) else "Staff"
    caller = Caller(check_uri(arguments.id or urn(kind, f"local-{role.value}")), role)
    folder = city_state(read_facts(find_city(arguments.city)).name)
    now = datetime.now(UTC)
    print(Tokens.at(folder).issue(caller, now, timedelta(hours=arguments.hours)))
    return 0
