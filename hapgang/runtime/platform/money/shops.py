"""Shops: who keeps them, and what they charge and give back."""

from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict, Invalid, NotFound, Refused
from hapgang.core.geometry import Point
from hapgang.core.ids import new_urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.business import business_of
from hapgang.core.vocabulary.money import Name, Shop, ShopKeeper
from hapgang.core.vocabulary.people import Person
from hapgang.hub.query import Query, where
from hapgang.ledger.till import account_id
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.money.spending import acting_for, name_for, peek

MOST_SHOPS = 20  # of one owner
MOST_AT_THE_TILL = 50


def apply_for_shop(
    city: CityOf, *, name: Name, business: str, location: Point | None = None
) -> Shop:
    """Ask that a shop may take the local currency; `business` is a division of the KSIC.

    An office looks at it before it has an account, so that nobody turns bonuses into cash by
    paying themselves.
    """
    business_of(business)
    kept = city.hub.find(ShopKeeper, where.person == city.caller.id)
    if sum(keeper.duty == "owner" for keeper in kept) >= MOST_SHOPS:
        raise Conflict(
            f"One owner has at most {MOST_SHOPS} shops; close one first.",
            f"한 사람이 운영하는 가게는 {MOST_SHOPS}곳까지입니다. 먼저 한 곳을 닫으세요.",
        )
    shop = Shop(
        id=new_urn("Shop", city.rng),
        name=name,
        business=business,
        location=location,
        opened_at=city.now,
    )
    city.hub.save(shop)
    _keep(city, shop.id, city.caller.id, "owner")
    return shop


def admit_shop(city: CityOf, *, shop: str, is_local: bool) -> Shop:
    """Let a shop take the currency; `is_local`: its owner has their seat in the city."""
    found = city.hub.get(Shop, shop)
    if found.state == "closed":
        raise Conflict("This shop is closed.", "닫은 가게입니다.")
    _refuse_own(city, shop)
    admitted = msgspec.structs.replace(found, state="open", is_local=is_local)
    city.hub.save(admitted)
    city.ledger.open_account(shop, "shop")
    _tell_keepers(city, found, Text("Your shop is open", "가게가 등록되었습니다"))
    return admitted


def close_shop(city: CityOf, *, shop: str) -> None:
    """Close a shop whose account is empty; its owner cashes out before."""
    acting_for(city, shop, as_owner=True)
    found = city.hub.get(Shop, shop)
    if list(city.runtime.state.with_value("CashOut", "shop", shop) or ()):
        raise Conflict("The bank has not paid out all yet.", "은행 지급이 끝나지 않았습니다.")
    if found.state == "open":
        city.ledger.set_state(shop, "closed")
    for keeper in city.hub.find(ShopKeeper, where.shop == shop):
        city.hub.delete(ShopKeeper, keeper.id)
    city.hub.close(msgspec.structs.replace(found, state="closed"))


class MyShop(msgspec.Struct, frozen=True):
    """A shop that the caller keeps, and what is in its till."""

    shop: Shop
    duty: str
    balance_won: int
    held_won: int


def my_shops(city: CityOf) -> list[MyShop]:
    """Return the shops that the caller keeps."""
    found = []
    for keeper in city.hub.find(ShopKeeper, where.person == city.caller.id):
        shop = city.hub.find_by_id(Shop, keeper.shop)
        account = city.runtime.book.find_account(account_id(keeper.shop))
        if shop is not None:
            won = (account.balance_won, account.held_won) if account is not None else (0, 0)
            found.append(MyShop(shop, keeper.duty, *won))
    return found


def shops(
    city: CityOf, *, business: str | None = None, limit: Annotated[int, Meta(ge=1, le=1000)] = 200
) -> list[Shop]:
    """Return shops that take the local currency."""
    query: Query = where.state == "open"
    if business is not None:
        business_of(business)
        query = query & (where.business == business)
    return city.hub.find(Shop, query, limit=limit)


def waiting_shops(city: CityOf) -> list[Shop]:
    """Return the shops that an office has to look at, the oldest 200."""
    return city.hub.find(Shop, where.state == "waiting", limit=200)


def let_in(city: CityOf, *, shop: str, person: str) -> None:
    """Let somebody charge and refund at the caller's shop."""
    acting_for(city, shop, as_owner=True)
    if peek(city, Person, person) is None:
        raise NotFound("There is no such person here.", "등록된 사람이 아닙니다.")
    if len(city.hub.find(ShopKeeper, where.shop == shop)) > MOST_AT_THE_TILL:
        raise Conflict("At most 50 people work at one till.", "한 가게에는 50명까지 등록됩니다.")
    if peek(city, ShopKeeper, name_for("ShopKeeper", shop, person)) is None:
        _keep(city, shop, person, "till")
        name = city.hub.get(Shop, shop).name
        city.tell(
            person,
            Text("You work at a till", "계산 권한을 받았습니다"),
            Text(
                f"You may charge and refund at {name}.", f"{name}에서 계산과 환불을 할 수 있어요."
            ),
        )


def shop_keepers(city: CityOf, *, shop: str) -> list[ShopKeeper]:
    """Return who may act for a shop that the caller keeps."""
    acting_for(city, shop)
    return city.hub.find(ShopKeeper, where.shop == shop)


def let_out(city: CityOf, *, shop: str, person: str) -> None:
    """Take back that somebody may act for the caller's shop; the owner stays."""
    acting_for(city, shop, as_owner=True)
    keeper = peek(city, ShopKeeper, name_for("ShopKeeper", shop, person))
    if keeper is None or keeper.duty == "owner":
        raise Invalid("They do not work at this till.", "이 가게의 직원이 아닙니다.")
    city.hub.delete(ShopKeeper, keeper.id)


def check_not_keeper(city: CityOf, shop: str, payer: str) -> None:
    """Raise `Refused` for somebody who would pay a shop that they keep, as if they bought there."""
    if peek(city, ShopKeeper, name_for("ShopKeeper", shop, payer)) is not None:
        raise Refused(
            "You keep this shop; pay by a transfer if you want to put money into its till.",
            "본인이 운영하는 가게에서는 결제할 수 없습니다. 가게에 돈을 넣으려면 송금하세요.",
        )


def open_shop(city: CityOf, shop: str) -> Shop:
    """Return a shop that may be paid."""
    found = peek(city, Shop, shop)
    if found is None or found.state != "open":
        raise NotFound(
            "No shop with this number takes the local currency.",
            "이 번호로 등록된 가맹점이 없습니다.",
        )
    return found


def _keep(city: CityOf, shop: str, person: str, duty: str) -> None:
    name = name_for("ShopKeeper", shop, person)
    city.hub.save(
        ShopKeeper(id=name, person=person, shop=shop, duty="owner" if duty == "owner" else "till")
    )


def _refuse_own(city: CityOf, shop: str) -> None:
    if peek(city, ShopKeeper, name_for("ShopKeeper", shop, city.caller.id)) is not None:
        raise Refused("Somebody else has to admit your shop.", "다른 담당자가 승인해야 합니다.")


def _tell_keepers(city: CityOf, shop: Shop, title: Text) -> None:
    for keeper in city.hub.find(ShopKeeper, where.shop == shop.id):
        body = Text(f"{shop.name} takes the local currency.", f"{shop.name} 지역화폐 가맹점")
        city.tell(keeper.person, title, body)
