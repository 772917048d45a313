"""What a client says: media types, bodies, parameters (clauses 6.3.4 to 6.3.7 and 6.3.22)."""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from hapgang.app.context import JSON, Context
from hapgang.app.ngsild.linked import LD, Asked, context_of_body
from hapgang.core.errors import Invalid
from hapgang.core.ids import check_uri
from hapgang.hub.jsonld import SIMPLIFIED, inward_attribute, inward_document
from hapgang.hub.ngsild.errors import InvalidRequest, UnsupportedMediaType
from hapgang.hub.ngsild.fragment import check_plain
from hapgang.hub.ngsild.simplified import written_out

MERGE_PATCH = "application/merge-patch+json"
_ANY = msgspec.json.Decoder()
_OBJECT = msgspec.json.Decoder(dict[str, Any])
_MOST_ITEMS = 10_000  # of one batch
_MOST_CHARACTERS = 4_000  # of one parameter
_CHOICES = frozenset(["format", "join", "kind", "limit", "offset", "joinLevel", "lastN"])
_TRUTHS = frozenset(
    ["local", "details", "count", "deleteAll", "reload", "entityMap", "splitEntities"]
)
T = TypeVar("T")


async def perform(context: Context, action: Any, /, **arguments: Any) -> Any:
    """Do an action of the platform, and return its result when it is safe.

    Of a request that is repeated with its key, the result of the first time.
    """
    spec = context.live.runtime.spec(action)
    result = await context.perform(spec, spec.check_arguments(arguments))
    if isinstance(result, msgspec.Raw):
        return msgspec.json.decode(result, type=spec.returns)
    return result


def purpose(context: Context) -> str:
    """Return why personal data is read; consent is given by purpose."""
    return context.header(b"purpose") or ""


def check_words(context: Context, known: Iterable[str]) -> None:
    """Raise `InvalidRequest` for a parameter that the resource does not know (clause 6.3.1).

    And for one that is too long, or neither true nor false where that is asked: whatever it means.
    """
    for name, value in context.words().items():
        if len(value) > _MOST_CHARACTERS:
            raise InvalidRequest(f"{name[:60]} has at most {_MOST_CHARACTERS:,} characters", None)
        if name in _TRUTHS and value not in ("true", "false"):
            raise Invalid(f"{name} is true or false, not “{value[:30]}”", None)
        if not value and name in _CHOICES:
            raise Invalid(f"{name} is empty", f"{name} 값이 비어 있습니다")
        if name not in known:
            raise InvalidRequest(
                f"there is no parameter “{name[:60]}” here; known: {', '.join(sorted(known))}",
                f"“{name[:60]}” 매개변수는 없습니다. 가능: {', '.join(sorted(known))}",
            )


def words(context: Context, name: str) -> list[str]:
    """Return the values of a parameter that takes several, separated by commas."""
    return [word for word in context.query(name).split(",") if word]


def number(context: Context, name: str, default: int) -> int:
    """Return a whole number."""
    text = context.query(name)
    if not text:
        return default
    if not text.isdecimal() or len(text) > 9:
        raise Invalid(f"{name} is a whole number, not “{text[:30]}”", None)
    return int(text)


def is_true(context: Context, name: str) -> bool:
    """Return a parameter that is true or false; false where it is not given."""
    text = context.query(name)
    if text not in ("", "true", "false"):
        raise Invalid(f"{name} is true or false, not “{text[:30]}”", None)
    return text == "true"


def media_type(context: Context, *, patches: bool = False) -> str:
    """Return the body's media type; with `patches` a merge patch is one, too."""
    header = context.header(b"content-type")
    if header is None:  # not another media type (415), but a precondition (clause 6.3.4)
        raise InvalidRequest(
            f"say in Content-Type whether the body is {JSON} or {LD}",
            f"Content-Type에 본문 형식({JSON} 또는 {LD})을 적어 주세요",
        )
    kind = header.partition(";")[0].strip().lower()
    if kind in (JSON, LD) or (patches and kind == MERGE_PATCH):
        return kind
    raise UnsupportedMediaType(f"send {JSON} or {LD}, not “{kind[:60]}”", None)


async def body_object(context: Context) -> dict[str, Any]:
    """Return the JSON object that the body is; `InvalidRequest` for anything else."""
    found: dict[str, Any] = await _decoded(context, _OBJECT)
    if not found and context.header(b"content-length") == "0":
        raise InvalidRequest("there is no body", "본문이 없습니다")
    if not found:
        raise Invalid("the body says nothing", "본문이 비어 있습니다")
    return found


async def body_list(context: Context) -> list[Any]:
    """Return the JSON list that the body is; `InvalidRequest` for anything else."""
    found = await _decoded(context, _ANY)
    if not isinstance(found, list):
        raise InvalidRequest("the body is a list", "본문은 목록이어야 합니다")
    if not found:
        raise Invalid("the list is empty", "목록이 비어 있습니다")
    if len(found) > _MOST_ITEMS:
        raise Invalid(f"a batch has at most {_MOST_ITEMS:,}", f"한 번에 최대 {_MOST_ITEMS:,}건")
    return found


async def fragment(context: Context, *, patches: bool = False) -> tuple[dict[str, Any], Asked]:
    """Return the body with the hub's names, without its context, and the context."""
    kind = media_type(context, patches=patches)
    document = await body_object(context)
    asked = await context_of_body(context, document, JSON if kind == MERGE_PATCH else kind)
    return named_inward(context, document, asked), asked


def named_inward(context: Context, document: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """Return an entity with the hub's names; one of plain values written out in full."""
    if not is_simplified(context):
        return inward_document(document, asked.context)
    named = inward_document(document, asked.context, SIMPLIFIED)
    return written_out(named, observed_at=context.query("observedAt"))


def is_simplified(context: Context) -> bool:
    """Whether the client says that it sends, or wants, plain values."""
    if not context.words():
        return False
    named = (context.query("format"), *words(context, "options"))
    return "simplified" in named or "keyValues" in named


async def attribute_fragment(
    context: Context, *, patches: bool = False
) -> tuple[str, str, dict[str, Any]]:
    """Return the entity and the attribute of the path, and the body with the hub's names."""
    entity = check_uri(context.path["entity"])
    kind = media_type(context, patches=patches)
    document = await body_object(context)
    asked = await context_of_body(context, document, JSON if kind == MERGE_PATCH else kind)
    check_plain(document)
    attribute = asked.context.inward(context.path["attribute"])
    return entity, attribute, inward_attribute(document, asked.context)


async def body_query(context: Context) -> tuple[dict[str, Any], Asked]:
    """Return a body that is no entity, without its context, and the context."""
    kind = media_type(context)
    document = await body_object(context)
    asked = await context_of_body(context, document, kind)
    return document, asked


async def _decoded(context: Context, decoder: "msgspec.json.Decoder[T]") -> T:
    try:
        found: T = await context.decoded(decoder)
    except Invalid as error:
        if type(error) is not Invalid:  # too large, for one
            raise
        raise InvalidRequest(error.message.en, error.message.ko) from None
    return found
