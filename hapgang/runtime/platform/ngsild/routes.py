"""The paths of NGSI-LD (ETSI GS CIM 009 V1.9.1, clause 6.2), to which `app` gives its form."""

from typing import Literal

from hapgang.contract import ANYONE, Action, Role, Route
from hapgang.runtime.platform.contexts import (
    add_context,
    delete_context,
    get_context,
    list_contexts,
)
from hapgang.runtime.platform.ngsild.attributes import (
    append_attributes,
    delete_attribute,
    patch_attribute,
    replace_attribute,
    update_attributes,
)
from hapgang.runtime.platform.ngsild.batch import (
    create_entities,
    delete_entities,
    merge_entities,
    update_entities,
    upsert_entities,
)
from hapgang.runtime.platform.ngsild.discovery import (
    get_attribute,
    get_type,
    list_attributes,
    list_types,
)
from hapgang.runtime.platform.ngsild.entities import (
    create_entity,
    delete_entity,
    get_entity,
    merge_entity,
    purge_entities,
    query_entities,
    replace_entity,
)
from hapgang.runtime.platform.ngsild.maps import (
    delete_entity_map,
    get_entity_map,
    keep_entity_map,
    make_entity_map,
    map_evolutions,
)
from hapgang.runtime.platform.ngsild.registrations import (
    create_registration,
    delete_registration,
    get_registration,
    query_registrations,
    source_identity,
    update_registration,
)
from hapgang.runtime.platform.ngsild.source_subscriptions import (
    create_source_subscription,
    delete_source_subscription,
    get_source_subscription,
    list_source_subscriptions,
    update_source_subscription,
)
from hapgang.runtime.platform.ngsild.subscriptions import (
    create_subscription,
    delete_subscription,
    get_subscription,
    list_subscriptions,
    listen_to_subscription,
    update_subscription,
)
from hapgang.runtime.platform.ngsild.temporal import (
    add_instances,
    delete_evolution,
    delete_instance,
    delete_past_attribute,
    get_evolution,
    modify_instance,
    query_evolutions,
    record_evolution,
)

NGSI_LD = "/ngsi-ld/v1"
_WRITERS = (Role.OPERATOR, Role.PLANNER, Role.AGENCY, Role.COMPANY, Role.DEVICE)
_REGISTRARS = (Role.OPERATOR, Role.AGENCY)  # a registration says who else is asked, and told
_SIGNED_IN = tuple(role for role in Role if role is not Role.ANONYMOUS)
_Method = Literal["GET", "POST", "PATCH", "PUT", "DELETE"]


def _writes(method: _Method, path: str, action: Action) -> Route:
    return Route(method=method, path=f"{NGSI_LD}{path}", action=action, allow=_WRITERS)


def _registers(method: _Method, path: str, action: Action) -> Route:
    return Route(method=method, path=f"{NGSI_LD}{path}", action=action, allow=_REGISTRARS)


def _reads(path: str, action: Action, method: _Method = "GET") -> Route:
    return Route(method=method, path=f"{NGSI_LD}{path}", action=action, allow=_SIGNED_IN)


def _subscribes(method: _Method, path: str, action: Action) -> Route:
    return Route(method=method, path=f"{NGSI_LD}{path}", action=action, allow=_SIGNED_IN)


def _shows(path: str, action: Action) -> Route:
    return Route(method="GET", path=f"{NGSI_LD}{path}", action=action, allow=ANYONE)


NGSI_LD_ROUTES = (
    _writes("POST", "/entities", create_entity),
    _reads("/entities", query_entities),
    _writes("DELETE", "/entities", purge_entities),
    _reads("/entities/{entity}", get_entity),
    _writes("PATCH", "/entities/{entity}", merge_entity),
    _writes("PUT", "/entities/{entity}", replace_entity),
    _writes("DELETE", "/entities/{entity}", delete_entity),
    _writes("POST", "/entities/{entity}/attrs", append_attributes),
    _writes("PATCH", "/entities/{entity}/attrs", update_attributes),
    _writes("PATCH", "/entities/{entity}/attrs/{attribute}", patch_attribute),
    _writes("PUT", "/entities/{entity}/attrs/{attribute}", replace_attribute),
    _writes("DELETE", "/entities/{entity}/attrs/{attribute}", delete_attribute),
    _writes("POST", "/entityOperations/create", create_entities),
    _writes("POST", "/entityOperations/upsert", upsert_entities),
    _writes("POST", "/entityOperations/update", update_entities),
    _writes("POST", "/entityOperations/merge", merge_entities),
    _writes("POST", "/entityOperations/delete", delete_entities),
    _reads("/entityOperations/query", query_entities, "POST"),
    _writes("POST", "/temporal/entities", record_evolution),
    _reads("/temporal/entities", query_evolutions),
    _reads("/temporal/entities/{entity}", get_evolution),
    _writes("DELETE", "/temporal/entities/{entity}", delete_evolution),
    _writes("POST", "/temporal/entities/{entity}/attrs", add_instances),
    _writes("DELETE", "/temporal/entities/{entity}/attrs/{attribute}", delete_past_attribute),
    _writes("PATCH", "/temporal/entities/{entity}/attrs/{attribute}/{instance}", modify_instance),
    _writes("DELETE", "/temporal/entities/{entity}/attrs/{attribute}/{instance}", delete_instance),
    _reads("/temporal/entityOperations/query", query_evolutions, "POST"),
    _reads("/temporal/entityMaps", map_evolutions),
    _reads("/temporal/entityMaps", map_evolutions, "POST"),
    _reads("/entityMaps", make_entity_map),
    _reads("/entityMaps", make_entity_map, "POST"),
    _reads("/entityMaps/{map}", get_entity_map),
    _subscribes("PATCH", "/entityMaps/{map}", keep_entity_map),
    _subscribes("DELETE", "/entityMaps/{map}", delete_entity_map),
    _reads("/types", list_types),
    _reads("/types/{type}", get_type),
    _reads("/attributes", list_attributes),
    _reads("/attributes/{attribute}", get_attribute),
    _subscribes("POST", "/subscriptions", create_subscription),
    _subscribes("GET", "/subscriptions", list_subscriptions),
    _subscribes("GET", "/subscriptions/{subscription}", get_subscription),
    _subscribes("GET", "/subscriptions/{subscription}/events", listen_to_subscription),
    _subscribes("PATCH", "/subscriptions/{subscription}", update_subscription),
    _subscribes("DELETE", "/subscriptions/{subscription}", delete_subscription),
    _subscribes("POST", "/csourceSubscriptions", create_source_subscription),
    _subscribes("GET", "/csourceSubscriptions", list_source_subscriptions),
    _subscribes("GET", "/csourceSubscriptions/{subscription}", get_source_subscription),
    _subscribes("PATCH", "/csourceSubscriptions/{subscription}", update_source_subscription),
    _subscribes("DELETE", "/csourceSubscriptions/{subscription}", delete_source_subscription),
    _registers("POST", "/csourceRegistrations", create_registration),
    _reads("/csourceRegistrations", query_registrations),
    _reads("/csourceRegistrations/{registration}", get_registration),
    _registers("PATCH", "/csourceRegistrations/{registration}", update_registration),
    _registers("DELETE", "/csourceRegistrations/{registration}", delete_registration),
    _shows("/info/sourceIdentity", source_identity),
    _writes("POST", "/jsonldContexts", add_context),
    _shows("/jsonldContexts", list_contexts),
    _shows("/jsonldContexts/{context}", get_context),
    _writes("DELETE", "/jsonldContexts/{context}", delete_context),
)
