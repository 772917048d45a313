"""Finding services: by folder in `hapgang/services`, and by entry point in other packages."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points

import hapgang.services
from hapgang.contract import Service
from hapgang.core.entity import Sharing, type_of
from hapgang.core.errors import Invalid

ENTRY_POINTS = "hapgang.services"  # name = "domain.service", value = "package:service"


class BrokenService(TypeError):
    """A service cannot be part of a city; the message says why."""


def discover() -> dict[str, Service]:
    """Return every installed service by name, in the order of names."""
    found: dict[str, Service] = {}
    for domain in pkgutil.iter_modules(hapgang.services.__path__):
        package = importlib.import_module(f"hapgang.services.{domain.name}")
        for folder in pkgutil.iter_modules(package.__path__):
            name = f"{domain.name}.{folder.name}"
            module = importlib.import_module(f"hapgang.services.{name}")
            found[name] = _checked(name, getattr(module, "service", None))
    for entry in entry_points(group=ENTRY_POINTS):
        if entry.name in found:
            raise BrokenService(f"{entry.value} brings {entry.name}, which is installed already")
        found[entry.name] = _checked(entry.name, entry.load())
    check_owners(found)
    return dict(sorted(found.items()))


def chosen(names: Iterable[str], wish: str) -> dict[str, Service]:
    """Return the installed services that a wish names, such as a scenario; `Invalid` for others."""
    installed = discover()
    for name in names:
        if name not in installed:
            raise Invalid(
                f"{wish}: there is no service {name}; installed are {', '.join(installed)}",
                f"{wish}: {name} 서비스가 없습니다. 설치됨: {', '.join(installed)}",
            )
    return {name: installed[name] for name in names}


def check_owners(services: Mapping[str, Service]) -> None:
    """Raise BrokenService where two services own one type, or one owns a type that is not owned."""
    owner_of: dict[str, str] = {}
    for name, service in services.items():
        for owned in _names(service.owns, name, Sharing.OWNED):
            if owned in owner_of:
                raise BrokenService(f"{name} and {owner_of[owned]} both own {owned}")
            owner_of[owned] = name
        for shared in _names(service.contributes, name, Sharing.SHARED):
            owner_of.setdefault(shared, "")


def _names(views: Iterable[type], service: str, sharing: Sharing) -> Iterable[str]:
    for view in views:
        declared = type_of(view)
        if declared.sharing is not sharing:
            raise BrokenService(f"{service}: {declared.name} is {declared.sharing.value}")
        yield declared.name


def _checked(name: str, service: object) -> Service:
    if not isinstance(service, Service):
        raise BrokenService(f"hapgang.services.{name} has no `service = Service(...)`")
    return service
