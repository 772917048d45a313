"""Notifications as they go out: written once for all who are told the same in the same words."""

import asyncio
from hashlib import blake2b
from typing import Any

import msgspec

from hapgang.app.notify.doors import Message, NotTaken
from hapgang.app.notify.lane import Delivery
from hapgang.core.errors import CityError
from hapgang.hub.jsonld import CORE_URL, Context
from hapgang.hub.ngsild.instants import written
from hapgang.hub.subscriptions.notification import data_of, envelope
from hapgang.hub.subscriptions.rules import GEOJSON, Rule
from hapgang.hub.subscriptions.told import summed
from hapgang.runtime.platform.contexts import HOSTED, CityContexts, one_address

_LD = "application/ld+json"
_REL = "http://www.w3.org/ns/json-ld#context"


class Maker:
    """Makes the notifications of a city."""

    def __init__(self, contexts: CityContexts) -> None:
        """Write names by `contexts`."""
        self._contexts = contexts

    async def make(self, rule: Rule, batch: list[Delivery]) -> Message:
        """Return the notification of a delivery, or of several together."""
        context = await self._context(rule)
        has_context = _has_context(rule)
        address = _said(rule.context) if has_context else None
        last = batch[-1].notice
        name = notification_id(last.id, rule.id)
        data = self._data(rule, batch, context, address)
        kind = "Notification" if rule.kind == "entities" else "ContextSourceNotification"
        reason = last.recipients[rule.id].reason
        body = envelope(name, kind, rule.id, written(last.at), data, reason)
        headers = {
            pair.key: str(pair.value) for pair in rule.words.notification.endpoint.receiverInfo
        }
        headers["Content-Type"] = rule.words.notification.endpoint.accept
        if not has_context:
            headers["Link"] = f'<{self._link(rule)}>; rel="{_REL}"; type="{_LD}"'
        return Message(name, body, headers)

    def _data(self, rule: Rule, batch: list[Delivery], context: Context, address: Any) -> bytes:
        if len(batch) == 1:
            notice = batch[0].notice
            key = (rule.form_key, tuple(notice.recipients[rule.id].which), context, str(address))
            found = notice.written.get(key)
            if found is None:
                told = notice.of(rule.id)
                found = msgspec.json.encode(data_of(rule, told, notice.linked, context, address))
                notice.written[key] = found
            return found
        told = summed([told for one in batch for told in one.notice.of(rule.id)])
        linked = {name: record for one in batch for name, record in one.notice.linked.items()}
        return msgspec.json.encode(data_of(rule, told, linked, context, address))

    async def _context(self, rule: Rule) -> Context:
        known = self._contexts.known(rule.context)
        if known is not None:
            return known
        try:
            return await asyncio.to_thread(self._contexts.of, rule.context)
        except CityError as error:
            raise NotTaken(f"its context: {error.message.en}"[:200]) from None

    def _link(self, rule: Rule) -> str:
        """Return where the context is; several get an address for it."""
        said = _said(rule.context)
        return one_address(said) or f"{rule.origin}{HOSTED}{self._contexts.implied.add(said)}"


def notification_id(notice: int, subscription: str) -> str:
    """Return the id of a notification: the same however often it is sent."""
    whom = blake2b(subscription.encode(), digest_size=6).hexdigest()
    return f"urn:ngsi-ld:Notification:{notice}-{whom}"


def _said(context: Any) -> Any:
    return CORE_URL if context is None else context


def _has_context(rule: Rule) -> bool:
    """Whether the context is in the body rather than beside it."""
    endpoint = rule.words.notification.endpoint
    if endpoint.accept == GEOJSON:
        prefers = {pair.key.lower(): str(pair.value) for pair in endpoint.receiverInfo}
        return prefers.get("prefer") != "body=json"
    return endpoint.accept == _LD
