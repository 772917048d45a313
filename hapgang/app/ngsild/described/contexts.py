"""What `/jsonldContexts`, `/types` and `/attributes` take and answer."""

from hapgang.app.context import JSON
from hapgang.app.ngsild.described.parts import Answer, Body, Call, documents, ref
from hapgang.app.ngsild.linked import LD

_DONE = Answer("Done")
_TOLD = ref("ContextTold")
_ADDRESSES = {"type": "array", "items": {"type": "string"}}
_LOOK = ("details", "local", "via", "Link")
_STRICT = (406, 504)


def _several(of: str, one: str) -> Answer:
    schema = {"anyOf": [ref(of), {"type": "array", "items": ref(one)}]}
    return Answer("What there is", documents(schema), ("Link",))


CALLS: dict[tuple[str, str], Call] = {
    ("POST", "/jsonldContexts"): Call(
        {201: Answer("Kept", headers=("Location",))},
        ("Idempotency-Key",),
        Body({JSON: ref("ContextBody"), LD: ref("ContextBody")}),
        (504,),
    ),
    ("GET", "/jsonldContexts"): Call(
        {
            200: Answer(
                "Addresses, or what is known of each",
                {JSON: {"anyOf": [_ADDRESSES, {"type": "array", "items": _TOLD}]}},
            )
        },
        ("details", "kind"),
        None,
        (406,),
    ),
    ("GET", "/jsonldContexts/{context}"): Call(
        {
            200: Answer(
                "The context, or what is known of it",
                documents({"anyOf": [_TOLD, ref("ContextBody")]}),
            )
        },
        ("details",),
        None,
        (406, 422),
    ),
    ("DELETE", "/jsonldContexts/{context}"): Call(
        {204: _DONE}, ("reload", "Idempotency-Key"), None, (504,)
    ),
    ("GET", "/types"): Call({200: _several("TypeList", "TypeTold")}, _LOOK, None, _STRICT),
    ("GET", "/types/{type}"): Call(
        {200: Answer("The type", documents(ref("TypeInformation")), ("Link",))},
        _LOOK,
        None,
        _STRICT,
    ),
    ("GET", "/attributes"): Call(
        {200: _several("AttributeList", "AttributeTold")}, _LOOK, None, _STRICT
    ),
    ("GET", "/attributes/{attribute}"): Call(
        {200: Answer("The attribute", documents(ref("AttributeTold")), ("Link",))},
        _LOOK,
        None,
        _STRICT,
    ),
}
