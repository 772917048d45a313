"""Let staff into a running city: a code of 15 minutes, by which their device makes a passkey.

hapgang staff add minji operator                 the first operator; further ones at /city/staff
hapgang staff add counter-2 agency --city mytown --shown-as "민원 창구 2"
hapgang staff code minji                         a further code, as for a new device
hapgang staff code minji --lost                  what is on the lost device is ended first
hapgang staff remove minji                       taken out at once; operators by this only

Whoever may run this has the city's own keys; it speaks to the city as an operator. Roles: operator,
planner, clinician, teacher, company, agency, auditor.
"""

import argparse
from typing import get_args
from urllib.parse import quote

from hapgang.app.collect.door import Door
from hapgang.app.settings import city_state, find_city
from hapgang.core.errors import Invalid
from hapgang.core.ids import urn
from hapgang.core.vocabulary.sessions import StaffRole
from hapgang.twin.scene import read_facts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's words."""
    parser.add_argument("what", choices=["add", "code", "remove"], help="what to do")
    parser.add_argument("name", help="the last word of their id: small letters, digits, . and -")
    parser.add_argument("role", nargs="?", choices=get_args(StaffRole), help="add: as what")
    parser.add_argument("--shown-as", metavar="NAME", help="add: what people read")
    parser.add_argument(
        "--until", metavar="TIME", help="add: until when, as 2027-03-01T00:00+09:00"
    )
    parser.add_argument("--lost", action="store_true", help="code: end what is on their devices")
    parser.add_argument("--city", default="sejong", help="a name or a folder")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the city runs")


def run(arguments: argparse.Namespace) -> int:
    """Enter them where they are to be, and print a link and a code."""
    if (arguments.what == "add") != (arguments.role is not None):
        raise Invalid(
            "hapgang staff add NAME ROLE, or: code NAME, remove NAME", "add에는 역할이 필요합니다"
        )
    folder = city_state(read_facts(find_city(arguments.city)).name)
    door = Door(arguments.url, folder, "machine")
    who = urn("Staff", arguments.name)
    if arguments.what == "add":
        entered = {
            "name": arguments.name, "role": arguments.role, "shown_as": arguments.shown_as,
            "until": arguments.until,
        }  # fmt: skip
        who = door.call("POST", "/api/staff", entered)["id"]
    path = f"/api/staff/{quote(who, safe='')}"
    if arguments.what == "remove":
        door.call("DELETE", path)
        print(f"{who} is out.")
        return 0
    given = door.call("POST", f"{path}/enrolments", {"lost": arguments.lost})
    print(f"{who}\n{given['code']}\n{given['link']}\nGood once, until {given['until']}.")
    return 0
