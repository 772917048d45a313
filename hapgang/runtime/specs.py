"""Actions as the runtime knows them: whose they are, who may call them, and what they take."""

import inspect
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, get_args, get_type_hints

import msgspec

from hapgang.contract import Action, Caller, Role, Service
from hapgang.core.entity import type_of
from hapgang.core.errors import Invalid, Refused, SignInNeeded
from hapgang.core.text import Text
from hapgang.hub.rights import Rights
from hapgang.ledger.identity.delegation import covers
from hapgang.runtime.needs import Held, check_held, check_names


class NotCovered(Refused):
    """Somebody acts for somebody else, who has not delegated this."""

    title = Text("This was not delegated", "위임되지 않은 일입니다")


class ActionSpec(msgspec.Struct, frozen=True):
    """One action of one service."""

    name: str  # mobility.sharing.rent
    service: str
    action: Action
    arguments: type[msgspec.Struct]
    returns: Any
    allow: frozenset[Role]
    in_steps: bool = False  # whether it hands out long work
    needs: frozenset[str] = frozenset()  # attributes of the caller
    is_own: bool = False  # whether nobody does it in somebody's name

    def check_caller(self, caller: Caller, held: Held | None = None) -> None:
        """Raise `Refused` when this caller may not: by role, as a delegate, by attributes.

        held: what the city knows of a caller, beside what was shown; asked only where it matters.
        """
        self._check_role(caller)
        if caller.only is not None and not self.is_covered(caller.only):
            raise not_covered(self)
        if self.needs:
            check_held(self.needs, caller, held)

    @property
    def delegated_as(self) -> str:
        """The action's name in a delegation: `mobility.sharing/rent`."""
        return f"{self.service}/{self.action.__name__}"

    def is_covered(self, actions: tuple[str, ...]) -> bool:
        """Return whether this is among some actions that were delegated.

        What nobody is named for in it only describes a door, such as the one to a ballot's token.
        """
        return not self.is_own and bool(self.allow) and covers(actions, self.delegated_as)

    def _check_role(self, caller: Caller) -> None:
        if caller.role in self.allow:
            return
        if caller.role is Role.ANONYMOUS:
            raise SignInNeeded("Sign in to do this.", "로그인한 뒤 이용해 주세요.")
        allowed = ", ".join(sorted(role.value for role in self.allow - {Role.PLATFORM}))
        raise Refused(
            f"A {caller.role.value} may not do this; it is for: {allowed or 'the platform'}.",
            f"{caller.role.value}에게 허용되지 않은 기능입니다. 허용: {allowed or '플랫폼'}",
        )

    def check_arguments(self, arguments: Mapping[str, Any]) -> msgspec.Struct:
        """Return the arguments in their types; `Invalid` says which one is wrong and how."""
        try:
            return msgspec.convert(arguments, self.arguments, strict=True)
        except msgspec.ValidationError as error:
            raise wrong_words(error) from None


def not_covered(spec: ActionSpec | None) -> NotCovered:
    """Return the error of who acts for somebody, and does more than was delegated."""
    named = {} if spec is None or spec.is_own else {"action": spec.delegated_as}
    return NotCovered(
        "What was delegated to you does not cover this; whom you act for may do it themselves,"
        " or delegate it.",
        "위임받은 일이 아닙니다. 본인이 직접 하거나 이 일을 위임해야 합니다.",
        **named,
    )


def wrong_words(error: Exception) -> Invalid:
    """Return the error of arguments that do not fit."""
    return Invalid(f"The request does not fit: {error}", f"요청 형식이 맞지 않습니다: {error}")


def specs_of(name: str, service: Service) -> dict[Action, ActionSpec]:
    """Return every action that a service mentions: routes, schedules, habits' staff and setup."""
    allow: dict[Action, set[Role]] = {}
    needs: dict[Action, set[str]] = {}
    for route in service.routes:
        allow.setdefault(route.action, {Role.PLATFORM}).update(route.allow)
        needs.setdefault(route.action, set()).update(
            check_names(route.needs, f"{name}{route.path}")
        )
    own = {route.action for route in service.routes if route.is_own}
    for schedule in service.every:
        allow.setdefault(schedule.action, {Role.PLATFORM})
    if service.setup is not None:
        allow.setdefault(service.setup, {Role.PLATFORM})
    return {
        action: spec_of(
            name,
            action,
            frozenset(roles),
            needs=frozenset(needs.get(action, ())),
            is_own=action in own,
        )
        for action, roles in allow.items()
    }


@lru_cache(maxsize=4096)
def spec_of(
    service: str,
    action: Action,
    allow: frozenset[Role],
    *,
    needs: frozenset[str] = frozenset(),
    is_own: bool = False,
) -> ActionSpec:
    """Describe an action by its signature: keyword-only arguments after `city`."""
    hints = get_type_hints(action, include_extras=True)
    fields: list[Any] = []
    for parameter in list(inspect.signature(action).parameters.values())[1:]:
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise TypeError(f"{action.__qualname__}: {parameter.name} must be keyword-only")
        hint = hints[parameter.name]
        if parameter.default is inspect.Parameter.empty:
            fields.append((parameter.name, hint))
        else:
            fields.append((parameter.name, hint, parameter.default))
    arguments = msgspec.defstruct(
        f"{action.__name__.title().replace('_', '')}Arguments",
        fields,
        module=service,  # tells namesakes of two services apart
        kw_only=True,
        frozen=True,
        forbid_unknown_fields=True,
    )
    returns = hints.get("return", Any)
    in_steps = inspect.isgeneratorfunction(action)
    return ActionSpec(
        name=f"{service}.{action.__name__}",
        service=service,
        action=action,
        arguments=arguments,
        returns=get_args(returns)[2] if in_steps else returns,  # of Steps[it]
        allow=allow,
        in_steps=in_steps,
        needs=needs,
        is_own=is_own,
    )


def rights_of(name: str, service: Service, *, is_platform: bool = False) -> Rights:
    """Return what a service's desk may touch."""
    return Rights(
        service=name,
        owns=frozenset(type_of(view).name for view in service.owns),
        contributes=frozenset(type_of(view).name for view in service.contributes),
        reads={type_of(r.view).name: (r.fields, r.purpose.en) for r in service.reads},
        is_platform=is_platform,
    )
