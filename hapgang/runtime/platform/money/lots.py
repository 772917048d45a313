"""Lots of an experiment, as somebody who was drawn, or was not, can check them.

First the list is closed, with a word on where the seed will be published and on which later day.
Its hash goes into the log before anybody can know the seed. Then lots are drawn: the log has the
seed and, for each age group, the number up to which people were drawn. Everybody can compute their
own number, SHA-256 of `seed|id`, and compare; whoever has the list draws the same groups again.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, Invalid
from hapgang.core.money import won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.treasury import Experiment, ExperimentMember
from hapgang.ledger.currency.lots import bounds, drawn
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.experiments import known_experiment, members_of
from hapgang.runtime.platform.money.funds import check_funder, give_back, left_won
from hapgang.runtime.platform.money.spending import check_day, today

FACT = "experiment"  # the kind of what the log is told
LEAST_MEMBERS = 2  # one in each group


def close_list(
    city: CityOf,
    *,
    experiment: str,
    seed_source: Annotated[str, Meta(min_length=2, max_length=200)],
    draws_on: date,
) -> Experiment:
    """Close the list of volunteers and say where the seed of the lot will be published, and when.

    `seed_source` is something that nobody can know or make today, such as a lottery's numbers of
    `draws_on`, which is a later day.
    """
    found = known_experiment(city, experiment)
    check_funder(city, found.funder)
    check_day(city, draws_on)
    if found.state != "recruiting":
        raise Conflict("The list is closed already.", "이미 모집이 끝났습니다.")
    if draws_on <= today(city):
        raise Invalid(
            "The seed comes from a day after today, so that nobody knows it yet.",
            "추첨 번호는 아직 아무도 모르도록 내일 이후의 것이어야 합니다.",
        )
    members = members_of(city, experiment)
    if len(members) < LEAST_MEMBERS:
        raise Conflict("Too few take part to compare two groups.", "참여자가 너무 적습니다.")
    listed = msgspec.structs.replace(
        found, seed_source=seed_source, draws_on=draws_on, listed=len(members),
        list_hash=hash_of(members), state="closed",
    )  # fmt: skip
    city.hub.save(listed)
    body = {
        "experiment": experiment, "step": "list closed", "participants": listed.listed,
        "list": listed.list_hash, "treated_pct": found.treated_pct, "seed_source": seed_source,
        "draws_on": str(draws_on),
    }  # fmt: skip
    city.ledger.record(FACT, f"{experiment}/list", body)
    return listed


def draw_lots(
    city: CityOf,
    *,
    experiment: str,
    seed: Annotated[str, Meta(min_length=6, max_length=200)],
    starts_on: date,
) -> Experiment:
    """Draw the groups from the seed that was announced when the list was closed, and begin."""
    found = known_experiment(city, experiment)
    check_funder(city, found.funder)
    check_day(city, starts_on)
    if found.state != "closed" or found.draws_on is None:
        raise Conflict(
            "Lots are drawn once, when the list is closed.", "모집을 마친 뒤 한 번만 추첨합니다."
        )
    if today(city) < found.draws_on:
        raise Conflict(
            f"The seed is published on {found.draws_on}.",
            f"추첨 번호는 {found.draws_on}에 나옵니다.",
        )
    members = members_of(city, experiment)
    strata = {member.person: member.stratum for member in members}
    chosen = drawn(strata, seed, found.treated_pct)
    _check_budget(city, found, len(chosen))
    for member in members:
        _assign(city, member, is_chosen=member.person in chosen)
    running = msgspec.structs.replace(
        found, seed=seed, starts_on=starts_on, next_on=starts_on, state="running"
    )
    city.hub.save(running)
    body = {
        "experiment": experiment, "step": "lots drawn", "seed": seed,
        "seed_source": found.seed_source, "list": hash_of(members), "treated": len(chosen),
        "control": len(members) - len(chosen),
        "drawn_up_to": bounds(strata, seed, found.treated_pct),
    }  # fmt: skip
    city.ledger.record(FACT, f"{experiment}/lots", body)
    return running


def call_off(city: CityOf, *, experiment: str) -> Experiment:
    """Call an experiment off before lots are drawn: its budget goes back, participants are told."""
    found = known_experiment(city, experiment)
    check_funder(city, found.funder)
    if found.state not in ("recruiting", "closed"):
        raise Conflict("Its lots are drawn: it goes on to its end.", "추첨한 실험은 끝까지 갑니다.")
    if not give_back(city, experiment, found.funder):
        raise Conflict("Its budget is frozen.", "예산이 정지되어 있습니다.")
    over = msgspec.structs.replace(found, state="ended")
    city.hub.save(over)
    for member in members_of(city, experiment):
        title = Text("An experiment was called off", "실험이 취소되었습니다")
        city.tell(member.person, title, Text(found.title, found.title))
    if found.list_hash:
        body = {"experiment": experiment, "step": "called off", "list": found.list_hash}
        city.ledger.record(FACT, f"{experiment}/off", body)
    return over


def hash_of(members: Sequence[ExperimentMember]) -> str:
    """Return the hash of a list: SHA-256 of lines `id|stratum|nonce` in their order.

    The nonces, which only each participant and the city have, keep it from being guessed.
    """
    lines = sorted(f"{one.person}|{one.stratum}|{one.nonce}" for one in members)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _check_budget(city: CityOf, found: Experiment, n_chosen: int) -> None:
    needed_won = n_chosen * found.monthly_won * found.months
    if not n_chosen or needed_won > left_won(city, found.id):
        raise Conflict(
            f"{n_chosen} people for {found.months} months need {won_text(needed_won)}.",
            f"{n_chosen}명에게 {found.months}개월 동안 {won_text(needed_won)}이 필요합니다.",
        )


def _assign(city: CityOf, member: ExperimentMember, *, is_chosen: bool) -> None:
    arm: Literal["treatment", "control"] = "treatment" if is_chosen else "control"
    city.hub.save(msgspec.structs.replace(member, arm=arm))
    got = Text("You get the basic income.", "지급 대상입니다.")
    compared = Text("You are in the control group.", "비교 집단입니다.")
    title = Text("Lots were drawn", "추첨 결과")
    city.tell(member.person, title, got if is_chosen else compared)
