"""Which subscriptions a change may concern: by entity, else by type and watched attribute."""

from collections.abc import Iterable, Iterator

from hapgang.hub.subscriptions.rules import Rule

_ANY = "*"  # of types, and of attributes
Place = tuple[str, str]  # a type and an attribute


class Index:
    """All rules of a city."""

    def __init__(self) -> None:
        """Nobody has subscribed."""
        self.rules: dict[str, Rule] = {}
        self._by_entity: dict[str, dict[str, Rule]] = {}
        self._by_place: dict[str, dict[str, dict[str, Rule]]] = {}

    def put(self, rule: Rule) -> None:
        """Add a rule, or put it in the place of the one with its id."""
        self.remove(rule.id)
        self.rules[rule.id] = rule
        for entity in _entities(rule):
            self._by_entity.setdefault(entity, {})[rule.id] = rule
        for type_name, attribute in _places(rule):
            by_attribute = self._by_place.setdefault(type_name, {})
            by_attribute.setdefault(attribute, {})[rule.id] = rule

    def remove(self, rule_id: str) -> None:
        """Take a rule out, if it is there."""
        rule = self.rules.pop(rule_id, None)
        if rule is None:
            return
        for entity in _entities(rule):
            del self._by_entity[entity][rule_id]
            if not self._by_entity[entity]:
                del self._by_entity[entity]
        for type_name, attribute in dict.fromkeys(_places(rule)):
            by_attribute = self._by_place[type_name]
            del by_attribute[attribute][rule_id]
            if not by_attribute[attribute]:
                del by_attribute[attribute]
            if not by_attribute:
                del self._by_place[type_name]

    def concerns(self, types: Iterable[str], entity: str) -> bool:
        """Whether anybody may want to know of an entity at all."""
        places = self._by_place
        return bool(
            entity in self._by_entity or _ANY in places or any(name in places for name in types)
        )

    def candidates(self, types: Iterable[str], entity: str, names: Iterable[str]) -> list[Rule]:
        """Return the rules that a change of some attributes may concern."""
        found: dict[str, Rule] = dict(self._by_entity.get(entity, {}))
        wanted = {_ANY: None, **dict.fromkeys(names)}
        for type_name in (*types, _ANY):
            by_attribute = self._by_place.get(type_name)
            if by_attribute is None:
                continue
            for name in wanted:
                found.update(by_attribute.get(name, {}))
        return list(found.values())


def _entities(rule: Rule) -> list[str]:
    return list(dict.fromkeys(entity for one in rule.selections for entity in one.ids))


def _places(rule: Rule) -> Iterator[Place]:
    """Yield where the rule is looked for; what names entities is found by those."""
    for one in rule.selections:
        if one.ids:
            continue
        for type_name in one.types.places if one.types is not None else (_ANY,):
            for attribute in rule.watched or (_ANY,):
                yield type_name, attribute
