"""Subscriptions (clauses 5.8.1 to 5.8.5, and 5.11.2 to 5.11.6 for those to registrations).

A subscription is its creator's: nobody else sees it, but operators.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hapgang.contract import City, Role, new_id
from hapgang.core.entity import Document
from hapgang.core.errors import Conflict, Invalid, NotFound
from hapgang.core.vocabulary.subscriptions import Subscription
from hapgang.hub.query import where
from hapgang.hub.search import search
from hapgang.hub.subscriptions.told import Told
from hapgang.hub.subscriptions.words import merged, read_words
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.contexts import keep_implied
from hapgang.runtime.source_subscriptions import CHANGED
from hapgang.runtime.subscriptions import rule_of

Kind = Literal["entities", "csources"]
_MOST = 10_000  # of the city
_MOST_OF_ONE = 1_000  # of one owner
_MOST_AT_ONCE = 10_000  # entities that are told at an interval


class Listed(msgspec.Struct):
    """A page of subscriptions, and how many there are in all."""

    subscriptions: list[Subscription]
    count: int


def create_subscription(
    city: City,
    *,
    document: Document,
    names: dict[str, str],
    context: Any,
    origin: str,
    purpose: str = "",
    kind: Kind = "entities",
) -> str:
    """Subscribe to changes of entities; return the subscription's id."""
    words = read_words(document)
    _check_expiry(words.expires, city.now)
    own = city.hub.find(Subscription, where.kind == kind)
    if len(own) >= _MOST or sum(one.owner == city.caller.id for one in own) >= _MOST_OF_ONE:
        raise Conflict(
            "There are too many subscriptions; delete one first.",
            "구독이 너무 많습니다. 먼저 하나를 지워 주세요.",
        )
    view = Subscription(
        id=words.id or new_id(city, Subscription),
        kind=kind,
        owner=city.caller.id,
        body={name: value for name, value in document.items() if name != "id"},
        names=names,
        context=context,
        origin=origin,
        purpose=purpose,
        at=city.now,
    )
    rule_of(view)  # says what makes no sense
    if city.hub.find_by_id(Subscription, view.id) is not None:
        raise Conflict(f"{view.id} exists", f"{view.id}이(가) 이미 있습니다")
    city.hub.save(view)
    if words.jsonldContext is None:
        keep_implied(city, context)
    return view.id


def list_subscriptions(
    city: City,
    *,
    limit: Annotated[int, Meta(ge=0, le=1000)] = 20,
    offset: Annotated[int, Meta(ge=0)] = 0,
    kind: Kind = "entities",
) -> Any:
    """Return the caller's subscriptions, oldest first; an operator's page has everybody's."""
    found = [one for one in city.hub.find(Subscription, where.kind == kind) if _may(city, one)]
    return Listed(found[offset : offset + limit], len(found))


def get_subscription(city: City, *, subscription: str, kind: Kind = "entities") -> Any:
    """Return a subscription of the caller's."""
    found = city.hub.find_by_id(Subscription, subscription)
    if found is None or found.kind != kind or not _may(city, found):
        raise NotFound(
            f"there is no subscription {subscription}", f"{subscription} 구독이 없습니다"
        )
    return found


def listen_to_subscription(city: City, *, subscription: str) -> Any:
    """Listen to a subscription's notifications as server-sent events."""
    return get_subscription(city, subscription=subscription)


def update_subscription(
    city: City,
    *,
    subscription: str,
    fragment: Document,
    names: dict[str, str],
    kind: Kind = "entities",
) -> None:
    """Change members of a subscription; null removes one that may be absent."""
    old: Subscription = get_subscription(city, subscription=subscription, kind=kind)
    if fragment.get("id", old.id) != old.id:
        raise Invalid("the body is about another subscription", "본문의 id가 다릅니다")
    body = merged(old.body, {name: value for name, value in fragment.items() if name != "id"})
    new = msgspec.structs.replace(old, body=body, names=names if "q" in fragment else old.names)
    rule = rule_of(new)
    if "expiresAt" in fragment:
        _check_expiry(rule.expires, city.now)
    city.hub.save(new)


def delete_subscription(city: City, *, subscription: str, kind: Kind = "entities") -> None:
    """End a subscription; what its receiver was not told yet is dropped."""
    found: Subscription = get_subscription(city, subscription=subscription, kind=kind)
    city.hub.delete(Subscription, found.id)


def tell_periodically(city: CityOf, *, subscription: str) -> int:
    """Tell a subscription with a time interval of all its entities; return how many."""
    hub = city.runtime.subscriptions
    rule = hub.index.rules.get(subscription)
    if rule is None or not rule.is_active(city.now):
        return 0
    if rule.kind == "csources":
        return hub.tell_sources(subscription, city.unit, CHANGED)
    documents = hub.documents(rule, city.unit)
    page = search(documents, city.runtime.state, rule.selections, limit=_MOST_AT_ONCE, offset=0)
    told = [Told("periodic", record) for record in page.records]
    if told:
        hub.add_notices(city.unit, told, {subscription: list(range(len(told)))})
    return len(told)


def _may(city: City, view: Subscription) -> bool:
    return view.owner == city.caller.id or city.caller.role is Role.OPERATOR


def _check_expiry(expires: datetime | None, now: datetime) -> None:
    if expires is not None and expires <= now:
        raise Invalid("expiresAt is over already", "expiresAt이 이미 지났습니다")
