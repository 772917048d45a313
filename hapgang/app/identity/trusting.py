"""Whom a city believes about an answer: itself, and cities that two offices entrusted."""

from hapgang.app.identity.elsewhere import Elsewhere, is_at
from hapgang.app.identity.keys import Issuer
from hapgang.app.wiring import LiveCity
from hapgang.core.vocabulary.cities import TrustedIssuer
from hapgang.core.vocabulary.identity import AskedQuestion, IssuedCredential
from hapgang.hub.state import State
from hapgang.ledger.identity.credentials import KINDS, RESIDENCY
from hapgang.ledger.identity.dcql import parse_query
from hapgang.ledger.identity.did import key_did
from hapgang.ledger.identity.jose import Json, NotProven
from hapgang.ledger.identity.presenting import Trust
from hapgang.ledger.identity.sdjwt import Shown
from hapgang.ledger.identity.status import reference
from hapgang.runtime.platform.cities.entrusting import trusted_now
from hapgang.runtime.platform.identity.questions import is_strangers

_CITY = ("city",)


class Believing:
    """Whom to believe about one answer.

    `relied_on` is then, by the id of what was asked for, which credential of the city's own was
    shown, or else on whose word it was.
    """

    def __init__(
        self, live: LiveCity, keys: Issuer, kept: AskedQuestion | None, elsewhere: Elsewhere
    ) -> None:
        """Look at whom the city believes now."""
        self._state = state = live.runtime.state
        self._own, self._elsewhere, self._lists = (
            keys.trust(state, live.clock.now()), elsewhere, keys.lists,
        )  # fmt: skip
        self._others = {} if kept is None else others_for(kept, state)
        self._others.pop(keys.did, None)
        self._names_city = kept is not None and names_city(kept)
        self._here = {live.scene.title.en.casefold(), live.scene.title.ko.casefold()}
        self.relied_on: dict[str, str] = {}

    def trust(self) -> Trust:
        """Return it in the form that answers are checked by."""
        issuers = {vct: list(names) for vct, names in self._own.issuers.items()}
        for did, other in self._others.items():
            for kind in other.kinds:
                if kind != RESIDENCY.name or self._names_city:
                    issuers[KINDS[kind].vct].append(did)
        return Trust(issuers, self._key_of, self._status_of, self._looks_at)

    def _key_of(self, issuer: str, kid: str | None) -> Json:
        if issuer in self._others:
            return self._elsewhere.key_of(issuer, kid)
        return self._own.key_of(issuer, kid)

    def _status_of(self, address: str) -> str:
        if any(is_at(did, address) for did in self._others):
            return self._elsewhere.list_at(address)
        return self._own.status_of(address)

    def _looks_at(self, asked_as: str, shown: Shown) -> None:
        other = self._others.get(shown.issuer)
        if other is None:
            self.relied_on[asked_as] = self._issued(shown).id
            return
        if "status" not in shown.claims:
            raise NotProven("its status cannot be looked up", "상태를 확인할 수 없습니다")
        if shown.vct == RESIDENCY.vct and str(shown.claims.get("city")).casefold() in self._here:
            raise NotProven(
                "who lives here only this city says", "이 도시 거주는 이 도시만 증명합니다"
            )
        self.relied_on[asked_as] = other.id

    def _issued(self, shown: Shown) -> IssuedCredential:
        """Return what the city keeps of a credential of its own, by its key and its place."""
        place, holder = reference(shown.claims), key_did(shown.holder or {})
        for record in self._state.with_value(IssuedCredential.__name__, "holder", holder) or ():
            one = record.view
            assert isinstance(one, IssuedCredential)
            if place == (one.place, f"{self._lists}{one.number}"):
                return one
        raise NotProven("this city did not issue it", "이 도시가 발급한 것이 아닙니다")


def others_for(kept: AskedQuestion, state: State) -> dict[str, TrustedIssuer]:
    """Return by their names which other cities are believed about an answer.

    Whoever is known here proves to their own session what is known of them here.
    """
    if not is_strangers(state, kept):
        return {}
    return {one.did: one for one in trusted_now(state)}


def names_city(kept: AskedQuestion) -> bool:
    """Return whether who asks where somebody lives will see in which city.

    `resident` means this city, so another one's word does not count for it.
    """
    if kept.needs:
        return False
    asked = [each for each in parse_query(kept.dcql).credentials if RESIDENCY.vct in each.vcts]
    return all(
        any(claim.path == _CITY for claim in option) for each in asked for option in each.options
    )
