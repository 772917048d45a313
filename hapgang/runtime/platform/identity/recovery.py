"""Recovery: ten printed codes, each good once, for whoever has no device left."""

from typing import Annotated

from msgspec import Meta

from hapgang.core.errors import Refused
from hapgang.core.ids import urn
from hapgang.core.text import Text
from hapgang.core.vocabulary.sessions import CodeHash, Label, RecoveryCode, Session
from hapgang.ledger.identity.passkeys import Site
from hapgang.runtime.city import CityOf
from hapgang.runtime.platform.identity.attempts import remove
from hapgang.runtime.platform.identity.members import role_of
from hapgang.runtime.platform.identity.passkeys import Answer, add_key, begin_with
from hapgang.runtime.platform.money.spending import peek

N_CODES = 10
Codes = Annotated[tuple[CodeHash, ...], Meta(min_length=N_CODES, max_length=N_CODES)]


def set_recovery_codes(city: CityOf, *, person: str, codes: Codes) -> None:
    """Keep the hashes of somebody's new codes; those of before are good no more."""
    role_of(city, person=person)
    for record in list(city.runtime.state.with_value("RecoveryCode", "person", person) or ()):
        remove(city, record.id)
    for code in codes:
        name = urn(RecoveryCode.__name__, code)
        city.hub.save(RecoveryCode(id=name, person=person, made_at=city.now))
    city.tell(
        person,
        Text("New recovery codes were made", "복구 코드를 새로 만들었습니다"),
        Text(
            "Earlier ones are good no more. Not you? End your other sessions, and make new ones.",
            "이전 코드는 쓸 수 없습니다. 본인이 아니면 다른 세션을 끝내고 새로 만드세요.",
        ),
    )


def recovered(city: CityOf, *, code: CodeHash) -> str:
    """Return whose recovery code this is; `Refused` for one that is none, or was used."""
    found = peek(city, RecoveryCode, urn(RecoveryCode.__name__, code))
    if found is None:
        raise Refused(
            "This recovery code is not right, or was used.",
            "복구 코드가 맞지 않거나 이미 쓰였습니다.",
        )
    return found.person


def recover_key(
    city: CityOf, *, site: Site, code: CodeHash, attempt: str, answer: Answer, label: Label
) -> Session:
    """Make a key for whoever has a recovery code, use the code up, and sign them in."""
    person = recovered(city, code=code)
    key = add_key(city, person=person, site=site, attempt=attempt, answer=answer, label=label)
    remove(city, urn(RecoveryCode.__name__, code))
    city.tell(
        person,
        Text("A recovery code was used", "복구 코드가 쓰였습니다"),
        Text(
            "Lost your old device? Report it, so that it signs in no more.",
            "이전 기기를 잃어버렸다면 분실 신고를 해서 로그인을 막으세요.",
        ),
    )
    return begin_with(city, key, "recovery")
