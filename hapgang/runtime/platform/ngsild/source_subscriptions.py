"""Subscriptions to registrations of context sources (clauses 5.11.2 to 5.11.6)."""

from typing import Annotated, Any

from msgspec import Meta

from hapgang.contract import City
from hapgang.core.entity import Document
from hapgang.runtime.platform.ngsild.subscriptions import (
    create_subscription,
    delete_subscription,
    get_subscription,
    list_subscriptions,
    update_subscription,
)


def create_source_subscription(
    city: City,
    *,
    document: Document,
    names: dict[str, str],
    context: Any,
    origin: str,
    purpose: str = "",
) -> str:
    """Subscribe to registrations of context sources; return the subscription's id."""
    return create_subscription(
        city, document=document, names=names, context=context, origin=origin, purpose=purpose,
        kind="csources",
    )  # fmt: skip


def list_source_subscriptions(
    city: City,
    *,
    limit: Annotated[int, Meta(ge=0, le=1000)] = 20,
    offset: Annotated[int, Meta(ge=0)] = 0,
) -> Any:
    """Return the caller's subscriptions to registrations; an operator's page has everybody's."""
    return list_subscriptions(city, limit=limit, offset=offset, kind="csources")


def get_source_subscription(city: City, *, subscription: str) -> Any:
    """Return a subscription to registrations of the caller's."""
    return get_subscription(city, subscription=subscription, kind="csources")


def update_source_subscription(
    city: City, *, subscription: str, fragment: Document, names: dict[str, str]
) -> None:
    """Change members of a subscription to registrations."""
    update_subscription(
        city, subscription=subscription, fragment=fragment, names=names, kind="csources"
    )


def delete_source_subscription(city: City, *, subscription: str) -> None:
    """End a subscription to registrations."""
    delete_subscription(city, subscription=subscription, kind="csources")
