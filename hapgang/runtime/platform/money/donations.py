"""Donations that everybody can follow from the gift to its use."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.clock import Instant
from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.ids import new_urn
from hapgang.core.vocabulary.money import Amount, Memo, Name
from hapgang.core.vocabulary.programmes import Budget, Campaign
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.funds import funder_of, left_won, set_aside
from hapgang.runtime.platform.money.spending import own_account, pay_from, peek
from hapgang.runtime.platform.money.transfers import TransferName

MOST_CAMPAIGNS = 5_000
_MOST_SHOWN = 500


def open_campaign(
    city: CityOf, *, title: Name, purpose: Memo, goal_won: Budget, until: Instant
) -> Campaign:
    """Collect for a purpose until a date; everybody sees what comes in and goes out."""
    if until <= city.now:
        raise Invalid("A collection ends later than now.", "종료 시각은 지금보다 뒤여야 합니다.")
    if city.hub.count(Campaign) >= MOST_CAMPAIGNS:
        raise Conflict("Too many collections are open.", "진행 중인 모금이 너무 많습니다.")
    campaign = Campaign(
        id=new_urn("Campaign", city.rng),
        title=title,
        purpose=purpose,
        holder=funder_of(city),
        goal_won=goal_won,
        until=until,
    )
    city.hub.save(campaign)
    set_aside(city, campaign.id, campaign.holder, 0, "escrow")
    return campaign


class CampaignState(msgspec.Struct, frozen=True):
    """A collection and what is in its purse."""

    campaign: Campaign
    left_won: int


def campaigns(city: CityOf) -> list[CampaignState]:
    """Return the 500 collections that end last, with what is in each purse."""
    found = sorted(city.hub.find(Campaign), key=lambda one: (one.until, one.id), reverse=True)
    return [CampaignState(one, left_won(city, one.id)) for one in found[:_MOST_SHOWN]]


def donate(
    city: CityOf,
    *,
    campaign: str,
    amount_won: Amount,
    transfer: TransferName,
    shown_as: Annotated[str, Meta(max_length=40)] = "",
) -> str:
    """Give to a collection; without a name to be shown as, nobody sees from whom it is."""
    found = _known(city, campaign)
    if found.until <= city.now:
        raise Conflict("This collection is over.", "끝난 모금입니다.")
    giver = own_account(city)
    name = f"{account_id(giver)}:{transfer}"
    return pay_from(city, name, giver, campaign, amount_won, shown_as)


def use_donations(
    city: CityOf,
    *,
    campaign: str,
    payee: Annotated[str, Meta(min_length=1, max_length=300)],
    amount_won: Amount,
    what_for: Annotated[str, Meta(min_length=2, max_length=200)],
    transfer: TransferName,
) -> str:
    """Pay from a collection's purse, saying what for, as its book will show."""
    found = _known(city, campaign)
    if funder_of(city) != found.holder:
        raise Refused("Only who holds the collection pays from it.", "모금 주체만 쓸 수 있습니다.")
    return city.ledger.pay(
        f"{account_id(campaign)}:{transfer}", campaign, payee, amount_won, what_for
    )


def _known(city: CityOf, campaign: str) -> Campaign:
    found = peek(city, Campaign, campaign)
    if found is None:
        raise NotFound("There is no such collection.", "그런 모금이 없습니다.")
    return found
