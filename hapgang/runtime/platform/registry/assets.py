"""Things with an owner: registered by an office, handed on by their owners, pledged to creditors.

Whoever buys pays in the unit in which the thing becomes theirs. What a creditor has a lien on is
handed on only when they have released it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, NotFound, Refused
from hapgang.core.ids import new_urn
from hapgang.core.money import Won, won_text
from hapgang.core.text import Text
from hapgang.core.vocabulary.people import Person
from hapgang.core.vocabulary.registry import (
    Identifier,
    Lien,
    Offer,
    RegisteredAsset,
    Title,
)
from hapgang.hub.query import where
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import own_account, pay_from, peek

ASSET = "asset"  # the kind of fact
MOST_LIENS = 20
LienWon = Annotated[int, Meta(ge=1, le=1_000_000_000_000)]
Reason = Annotated[str, Meta(min_length=1, max_length=200)]
_changed = msgspec.structs.replace


class Pledged(Conflict):
    """A creditor has a right in the thing."""


def register_asset(
    city: CityOf,
    *,
    owner: str,
    mobility: Literal["movable", "immovable"],
    identifier: Identifier,
    title: Title,
) -> RegisteredAsset:
    """Register a thing for its owner, as an office that has seen the papers; each once."""
    if peek(city, Person, owner) is None:
        raise NotFound(f"there is nobody {owner}", f"{owner}을(를) 찾을 수 없습니다")
    identifier = identifier.upper()  # one vehicle, however its number is typed
    if city.hub.find(RegisteredAsset, where.identifier == identifier):
        raise Conflict(f"{identifier} is registered", f"{identifier}은(는) 이미 등록되어 있습니다")
    asset = RegisteredAsset(
        id=new_urn("RegisteredAsset", city.rng),
        owner=owner,
        mobility=mobility,
        identifier=identifier,
        title=title,
    )
    return _step(city, asset, "registered", {"by": city.caller.id, "identifier": identifier})


def my_assets(city: CityOf) -> list[RegisteredAsset]:
    """Return what is the caller's, what is offered to them, and what they have a lien on."""
    me = city.caller.id

    def concerns(asset: RegisteredAsset) -> bool:
        offered = asset.offer is not None and asset.offer.to == me
        return asset.owner == me or offered or any(lien.creditor == me for lien in asset.liens)

    mine = [record.view for record in city.runtime.state.of_type("RegisteredAsset")]
    known = [view for view in mine if isinstance(view, RegisteredAsset) and concerns(view)]
    return [_shown(city, city.hub.get(RegisteredAsset, asset.id)) for asset in known]


def offer_asset(
    city: CityOf,
    *,
    asset: str,
    to: str,
    price_won: Won = 0,
    days: Annotated[int, Meta(ge=1, le=90)] = 14,
) -> RegisteredAsset:
    """Offer a thing of the caller's to somebody, for a price or for nothing."""
    mine = _mine(city, asset)
    if peek(city, Person, to) is None or to == city.caller.id:
        raise NotFound("there is nobody else with this id", "받을 사람을 찾을 수 없습니다")
    _check_free(mine)
    offer = Offer(to, price_won, city.now + timedelta(days=days))
    offered = _step(city, _changed(mine, offer=offer), "offered", {"to": to, "price": price_won})
    title = Text("Something is offered to you", "자산 이전 제안이 왔습니다")
    for_what = won_text(price_won)
    body = Text(f"{mine.title}, for {for_what}.", f"{mine.title}, {for_what}에 제안되었습니다.")
    city.tell(to, title, body)
    return offered


def withdraw_offer(city: CityOf, *, asset: str) -> RegisteredAsset:
    """Take an offer back."""
    mine = _mine(city, asset)
    return _step(city, _changed(mine, offer=None), "withdrawn", {})


def accept_asset(city: CityOf, *, asset: str, price_won: Won) -> RegisteredAsset:
    """Take what is offered to the caller, and pay for it: both or neither.

    price_won: what the caller was shown; an owner may have changed it since.
    """
    found = _found(city, asset)
    offer = found.offer
    if offer is None or offer.to != city.caller.id:
        raise NotFound("nothing is offered to you here", "제안받은 자산이 아닙니다")
    if offer.until <= city.now:
        raise Conflict("the offer is over; ask for a new one", "제안 기한이 지났습니다")
    if offer.price_won != price_won:
        raise Conflict(
            f"It is offered for {won_text(offer.price_won)} now. Look at the offer again.",
            f"지금은 {won_text(offer.price_won)}에 제안되어 있습니다. 제안을 다시 확인하세요.",
        )
    _check_free(found)
    payment = None
    if offer.price_won:
        own_account(city)
        transfer = f"{asset}/{found.steps}"
        payment = pay_from(
            city, transfer, city.caller.id, found.owner, offer.price_won, found.title
        )
    taken = _changed(found, owner=city.caller.id, offer=None)
    said = {"from": found.owner, "to": city.caller.id, "payment": payment}
    return _step(city, taken, "handed on", said)


def ask_for_lien(
    city: CityOf, *, asset: str, amount_won: LienWon, reason: Reason
) -> RegisteredAsset:
    """Ask the owner of a thing for a right in it; it binds them once they agree."""
    found = _found(city, asset)
    if found.owner == city.caller.id:
        raise Conflict("it is yours", "본인의 자산입니다")
    if len(found.liens) >= MOST_LIENS:
        raise Conflict(f"it has {MOST_LIENS} liens", f"담보가 이미 {MOST_LIENS}건입니다")
    lien = Lien(new_urn("Lien", city.rng), city.caller.id, amount_won, reason, city.now)
    asked = _changed(found, liens=(*found.liens, lien))
    city.tell(
        found.owner,
        Text("Somebody asks for a lien", "담보 설정 요청이 왔습니다"),
        Text(f"{won_text(amount_won)}: {reason}", f"{won_text(amount_won)}: {reason}"),
    )
    said = {"lien": lien.id, "creditor": lien.creditor}
    return _shown(city, _step(city, asked, "lien asked for", said))


def agree_to_lien(city: CityOf, *, asset: str, lien: str) -> RegisteredAsset:
    """Agree to a lien on a thing of the caller's."""
    mine = _mine(city, asset)
    known = _lien(mine, lien)
    liens = tuple(_changed(one, is_agreed=True) if one == known else one for one in mine.liens)
    said = {"lien": lien, "creditor": known.creditor, "amount": known.amount_won}
    return _step(city, _changed(mine, liens=liens, offer=None), "lien agreed", said)


def release_lien(city: CityOf, *, asset: str, lien: str) -> RegisteredAsset:
    """End a lien: its creditor always may, the owner only one that they did not agree to."""
    found = _found(city, asset)
    known = _lien(found, lien)
    is_refused = found.owner == city.caller.id and not known.is_agreed
    if known.creditor != city.caller.id and not is_refused:
        raise Refused("only its creditor may release it", "채권자만 해제할 수 있습니다")
    liens = tuple(one for one in found.liens if one != known)
    released = _step(city, _changed(found, liens=liens), "lien released", {"lien": lien})
    return _shown(city, released)


def _step(
    city: CityOf, asset: RegisteredAsset, what: str, said: Mapping[str, object]
) -> RegisteredAsset:
    """Save a thing after a step, and let the log know of it."""
    stepped = _changed(asset, steps=asset.steps + 1)
    city.hub.save(stepped)
    body = {"asset": asset.id, "step": what, "owner": asset.owner, "said": dict(said)}
    city.ledger.record(ASSET, f"{asset.id}/{stepped.steps}", body, person=asset.owner)
    return stepped


def _shown(city: CityOf, asset: RegisteredAsset) -> RegisteredAsset:
    """Return a thing as the caller may see it: who only asks for a lien learns of nobody."""
    me, offer = city.caller.id, asset.offer
    if offer is not None and me not in (asset.owner, offer.to):
        offer = None
    own = tuple(lien for lien in asset.liens if lien.creditor == me)
    if me == asset.owner or offer is not None or any(lien.is_agreed for lien in own):
        return _changed(asset, offer=offer)
    return _changed(asset, owner="", offer=None, liens=own)


def _found(city: CityOf, asset: str) -> RegisteredAsset:
    return city.hub.get(RegisteredAsset, asset)


def _mine(city: CityOf, asset: str) -> RegisteredAsset:
    found = city.hub.find_by_id(RegisteredAsset, asset)
    if found is None or found.owner != city.caller.id:
        raise NotFound("you own no such thing", "그런 자산을 소유하고 있지 않습니다")
    return found


def _lien(asset: RegisteredAsset, lien: str) -> Lien:
    for one in asset.liens:
        if one.id == lien:
            return one
    raise NotFound("there is no such lien", "그런 담보가 없습니다")


def _check_free(asset: RegisteredAsset) -> None:
    bound = [lien for lien in asset.liens if lien.is_agreed]
    if bound:
        owed = won_text(sum(lien.amount_won for lien in bound))
        raise Pledged(
            f"It is pledged for {owed}; its creditors have to release it first.",
            f"{owed}의 담보가 있습니다. 채권자가 먼저 해제해야 합니다.",
        )
