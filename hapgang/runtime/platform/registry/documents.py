"""Certifying a file: that somebody had it at an instant. The file stays with them."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from hapgang.core.errors import Conflict
from hapgang.core.ids import new_urn
from hapgang.core.vocabulary.registry import CertifiedDocument, Sha256, Title
from hapgang.hub.query import where
from hapgang.runtime.city import CityOf

DOCUMENT = "document"  # the kind of fact
MOST_OF_ONE = 10_000


class Certificate(msgspec.Struct, frozen=True):
    """What whoever has the file may know."""

    document: str
    at: datetime
    signer: str | None  # where they let themselves be named


def certify(
    city: CityOf,
    *,
    sha256: Sha256,
    n_bytes: Annotated[int, Meta(ge=0, le=2**40)],
    title: Title,
    names_signer: bool = False,
) -> CertifiedDocument:
    """Certify a file by its SHA-256; once more by the same person returns what there is."""
    mine = my_documents(city)
    found = next((one for one in mine if one.sha256 == sha256), None)
    if found is not None:
        return found
    if len(mine) >= MOST_OF_ONE:
        raise Conflict(
            f"{MOST_OF_ONE:,} documents are yours already.",
            f"이미 {MOST_OF_ONE:,}개의 문서를 공증했습니다.",
        )
    document = CertifiedDocument(
        id=new_urn("CertifiedDocument", city.rng),
        signer=city.caller.id,
        sha256=sha256,
        n_bytes=n_bytes,
        title=title,
        names_signer=names_signer,
        at=city.now,
    )
    city.hub.save(document)
    body = {"sha256": sha256, "bytes": n_bytes, "title": title, "signer": city.caller.id}
    city.ledger.record(DOCUMENT, document.id, body, person=city.caller.id)
    return document


def my_documents(city: CityOf) -> list[CertifiedDocument]:
    """Return what the caller had certified, the oldest first."""
    found = city.hub.find(CertifiedDocument, where.signer == city.caller.id)
    return sorted(found, key=lambda one: (one.at, one.id))


def check_document(city: CityOf, *, sha256: Sha256) -> list[Certificate]:
    """Return when a file was certified, the earliest first; nothing where it never was."""
    found = city.hub.find(CertifiedDocument, where.sha256 == sha256)
    certificates = [
        Certificate(one.id, one.at, one.signer if one.names_signer else None) for one in found
    ]
    return sorted(certificates, key=lambda one: (one.at, one.document))
