"""The same day, lived through anywhere: prints the digest of the run.

python -m tests.runtime.a_day_in_the_village SEED
"""

import sys
from contextlib import suppress

from hapgang.contract import Role
from hapgang.core.chance import Stream
from hapgang.core.clock import VirtualClock
from hapgang.core.errors import CityError
from hapgang.core.geometry import Point
from hapgang.runtime.handlers import Handlers
from hapgang.runtime.perform import PLATFORM, Runtime
from tests.village import (
    HERE,
    ages,
    burn_diary,
    buy,
    dig,
    draw,
    move_in,
    person,
    runtime_of,
    write_diary,
)

WELLS = 12


def live(runtime: Runtime, seed: int) -> str:
    """Live through some hundred actions, a few of which fail; return the digest."""
    handlers, chance, clock = Handlers(runtime), Stream(seed), runtime.clock
    assert isinstance(clock, VirtualClock)
    people = [person(f"p{n}") for n in range(20)]
    for number in range(WELLS):
        at = Point((HERE.lon + number * 1e-3, HERE.lat))
        runtime.perform(dig, person("op", Role.OPERATOR), well=str(number), lon=at.lon, lat=at.lat)
    for someone in people:
        move_in(runtime, someone, 1000)
    for _ in range(200):
        clock.advance_by(chance.exponential(60.0))
        who, well = chance.choice(people), str(chance.below(WELLS + 1))
        with suppress(CityError):
            match chance.below(5):
                case 0:
                    runtime.perform(draw, who, well=well)
                case 1 | 2:
                    price, fails = chance.below(400), chance.below(4) == 0
                    runtime.perform(buy, who, well=well, price_won=price, fail=fails)
                case 3:
                    diary = runtime.perform(write_diary, who, text=f"day {chance.below(9)}")
                    runtime.perform(burn_diary, who, diary=diary)
                case 4:
                    runtime.perform(ages, PLATFORM)
        handlers.drain()
    assert runtime.book.total_won() == 0
    return runtime.writer.digest


if __name__ == "__main__":
    print(live(runtime_of(seed=int(sys.argv[1])), int(sys.argv[1])))
