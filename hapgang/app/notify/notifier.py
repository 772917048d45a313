"""All subscriptions' deliveries: what is safe goes out, and what became of it is written down."""

import asyncio
import random
from functools import partial

from hapgang.app.notify.doors import Door, Message, NotTaken
from hapgang.app.notify.events import Events, EventsDoor
from hapgang.app.notify.http_door import HttpDoor
from hapgang.app.notify.lane import Delivery, Lane, Outcome
from hapgang.app.notify.log import DeliveryLog, Open, Row
from hapgang.app.notify.making import Maker
from hapgang.app.notify.mqtt_door import MqttDoor
from hapgang.app.notify.places import EVENTS, Places, address_of
from hapgang.app.notify.tally import Tally
from hapgang.app.notify.timers import Timers
from hapgang.core.errors import CityError
from hapgang.hub.subscriptions.notice import Notice
from hapgang.hub.subscriptions.rules import Rule
from hapgang.runtime.perform import Runtime
from hapgang.runtime.platform.contexts import CityContexts
from hapgang.runtime.subscriptions import SUBSCRIPTION
from hapgang.writer.unit import Unit

_MOST_WAITING = 50_000  # deliveries in memory
_MOST_DOUBTFUL = 64  # receivers that failed before, tried at once
_LOOK_EVERY_S = 5.0  # for lanes that nobody needs any more
_PART = 500  # notices read back at once


class Notifier:
    """Tells the subscribers of one city."""

    def __init__(self, places: Places) -> None:
        """Send to `places` only."""
        self.places = places
        self.events = Events()
        self.tallies: dict[str, Tally] = {}

    async def start(self, runtime: Runtime, log: DeliveryLog, contexts: CityContexts) -> None:
        """Take up where the city stopped; nothing goes out before `run`."""
        self._runtime, self.log, self._maker = runtime, log, Maker(contexts)
        self._doubtful = asyncio.Semaphore(_MOST_DOUBTFUL)
        self._lanes: dict[str, Lane] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._group: asyncio.TaskGroup | None = None
        self._waiting = 0
        self.tallies = await log.tallies()
        runtime.subscriptions.load(await log.next_id())
        await self.take_up(await log.open())  # before anything new, which is told after it
        runtime.writer.listeners.append(self._listen)

    @property
    def waiting(self) -> int:
        """How many deliveries wait or are tried."""
        return self._waiting

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.log.run())
            group.create_task(Timers(self._runtime).run())
            self._group = group
            for subscription in self._lanes:
                self._begin(subscription)
            while True:
                await asyncio.sleep(_LOOK_EVERY_S)
                for lane in list(self._lanes.values()):
                    lane.end_if_idle()

    async def take_up(self, wanted: list[Open]) -> int:
        """Deliver what lies on disk; return how many deliveries there were."""
        count = 0
        for start in range(0, len(wanted), _PART):
            part = wanted[start : start + _PART]
            notices = await self.log.notices({one.notice for one in part})
            for one in part:
                notice = notices.get(one.notice)
                if notice is not None and one.subscription in notice.recipients:
                    self._put(one.subscription, Delivery(notice, one.attempts))
                    count += 1
        return count

    async def replay(self, subscription: str, notices: list[int]) -> int:
        """Send notifications again that were given up, at once; return how many."""
        await self.log.reopen(subscription, notices)
        count = await self.take_up([Open(notice, subscription, 0) for notice in notices])
        self.hurry(subscription)
        return count

    def hurry(self, subscription: str) -> None:
        """Look at a subscription's queue at once."""
        lane = self._lanes.get(subscription)
        if lane is not None:
            lane.hurry()

    def _listen(self, unit: Unit) -> None:
        for row in unit.notices:
            notice: Notice = row.notice
            for subscription in notice.recipients:
                self._put(subscription, Delivery(notice))
        if unit.forgotten:
            self._forget(frozenset(unit.forgotten))
        for item in unit.items:
            if item.name == SUBSCRIPTION:
                if item.kind == "deleted":
                    self.tallies.pop(item.entity, None)
                    self.log.tally(item.entity, None)
                self.hurry(item.entity)

    def _forget(self, people: frozenset[str]) -> None:
        """Drop what is about people whose data is gone."""
        for lane in self._lanes.values():
            gone = [one for one in lane.waiting if one.notice.person in people]
            if gone:
                lane.drop(gone, "the person was forgotten")

    def _put(self, subscription: str, delivery: Delivery) -> None:
        lane = self._lanes.get(subscription)
        if lane is None:
            lane = self._lanes[subscription] = self._lane(subscription)
        self._waiting += 1
        lane.put(delivery)
        if self._waiting > _MOST_WAITING:
            longest = max(self._lanes.values(), key=lambda one: len(one.waiting))
            longest.give_up_oldest(f"more than {_MOST_WAITING:,} notifications waited in all")
        self._begin(subscription)

    def _begin(self, subscription: str) -> None:
        if self._group is not None and subscription not in self._tasks:
            self._tasks[subscription] = self._group.create_task(self._serve(subscription))

    async def _serve(self, subscription: str) -> None:
        lane = self._lanes[subscription]
        try:
            await lane.run()
        finally:
            del self._tasks[subscription]
            if not lane.waiting:
                del self._lanes[subscription]

    def _lane(self, subscription: str) -> Lane:
        return Lane(
            subscription,
            rule=partial(self._runtime.subscriptions.index.rules.get, subscription),
            door=self._door,
            make=self._make,
            tell=self._tell,
            jitter=random.random,
            doubtful=self._doubtful,
        )

    def _door(self, rule: Rule) -> Door:
        endpoint = rule.words.notification.endpoint
        if endpoint.uri == EVENTS:
            return EventsDoor(self.events, rule.id)
        try:
            address = address_of(endpoint.uri)
        except CityError as error:
            raise NotTaken(error.message.en, is_final=True) from None
        if not self.places.allows(address):
            raise NotTaken("the operator does not allow this endpoint")
        if address.scheme in ("http", "https"):
            return HttpDoor(address)
        info = {pair.key: str(pair.value) for pair in endpoint.notifierInfo}
        qos = info.get("MQTT-QoS", "0")
        return MqttDoor(
            address,
            version=info.get("MQTT-Version", "mqtt5.0"),
            qos=int(qos) if qos in ("0", "1", "2") else 0,
        )

    async def _make(self, rule: Rule, batch: list[Delivery]) -> Message:
        heard = self.events.has_listener(rule.id)
        if not heard and rule.words.notification.endpoint.uri == EVENTS:
            raise NotTaken("nobody listens", counts=False)
        await self.log.room()
        message = await self._maker.make(rule, batch)
        if heard and not any(one.attempts for one in batch):
            self.events.tell(rule.id, message.id, message.body)
        return message

    def _tell(self, subscription: str, outcome: Outcome) -> None:
        """Write down what became of an attempt."""
        now = self._runtime.clock.now()
        for one in outcome.deliveries:
            self.log.note(
                Row(one.notice.id, subscription, outcome.state, one.attempts, now, outcome.reason)
            )
            if outcome.state != "failed":
                self._waiting -= 1
            if outcome.state in ("sent", "dropped"):
                one.notice.left -= 1
                if one.notice.left == 0:
                    self.log.done(one.notice.id)
        if subscription in self._runtime.subscriptions.index.rules:
            tally = self.tallies.setdefault(subscription, Tally())
            tally.note(outcome.state, outcome.reason, now, outcome.is_first, outcome.is_attempt)
            self.log.tally(subscription, tally)
