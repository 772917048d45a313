"""The @context of a request (ETSI GS CIM 009, clause 6.3.5): in its body, or in a Link header.

Contexts by address are those that are known here: the core's versions, what clients keep under
`/ngsi-ld/v1/jsonldContexts`, and what an operator allowed to fetch.
"""

import asyncio
import re
from typing import Any, NamedTuple

from hapgang.app.context import Context as Request
from hapgang.core.errors import Invalid
from hapgang.hub.jsonld import CORE_URL, Context
from hapgang.runtime.platform.contexts import HOSTED, one_address

LD = "application/ld+json"
_REL = "http://www.w3.org/ns/json-ld#context"
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[a-z]+\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]+))*)", re.IGNORECASE)
_PARAMETER = re.compile(r";\s*([a-z]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


class Asked(NamedTuple):
    """The context that names are in, and how the client wrote it."""

    context: Context
    local: Any

    @property
    def told(self) -> Any:
        """What an answer that has the context in it says."""
        return CORE_URL if self.local is None else self.local

    @property
    def address(self) -> Any:
        """The same, for who asks for an address: several contexts have none of their own."""
        return one_address(self.told) or self.told

    def link(self, request: Request) -> str:
        """Return the answer's Link header; several contexts get an address for it."""
        address = one_address(self.told)
        if address is None:
            name = request.live.contexts.implied.add(self.local)
            address = f"{request.origin}{HOSTED}{name}"
        return f'<{address}>; rel="{_REL}"; type="{LD}"'


async def context_of_body(request: Request, document: dict[str, Any], media_type: str) -> Asked:
    """Take the context out of a document, or from the Link header where the body has none.

    `Invalid` where there are two, or where the media type promises another place.
    """
    local, linked = document.pop("@context", None), linked_address(request)
    if media_type == LD:
        if local is None:
            raise Invalid(
                f"a body of {LD} needs its @context", "이 형식의 본문에는 @context가 필요합니다"
            )
        if linked is not None:
            raise Invalid(
                "the context is in the body; leave the Link header out",
                "컨텍스트가 본문에 있으니 Link 헤더를 빼 주세요",
            )
        return Asked(await _read(request, local), local)
    if local is not None:
        raise Invalid(
            f"@context belongs to {LD}; with {media_type} say it in a Link header",
            f"{media_type} 본문에는 @context를 넣을 수 없습니다. Link 헤더를 쓰세요",
        )
    return Asked(await _read(request, linked), linked)


async def context_of_link(request: Request) -> Asked:
    """Return the context of a request without a body; the core's where none is named."""
    linked = linked_address(request)
    return Asked(await _read(request, linked), linked)


async def _read(request: Request, local: Any) -> Context:
    """Read a context; where it has to be loaded, beside the city."""
    contexts = request.live.contexts
    known = contexts.known(local)
    return known if known is not None else await asyncio.to_thread(contexts.of, local)


def linked_address(request: Request) -> str | None:
    """Return the address in the Link header that is a context's; `Invalid` for more than one."""
    header = request.header(b"link")
    if header is None:
        return None
    found = [
        match[1]
        for match in _LINK.finditer(header)
        if any(
            name.lower() == "rel" and (quoted or plain) == _REL
            for name, quoted, plain in _PARAMETER.findall(match[2])
        )
    ]
    if len(found) > 1:
        raise Invalid("a Link header names one context", "Link 헤더의 컨텍스트는 하나여야 합니다")
    return found[0] if found else None
