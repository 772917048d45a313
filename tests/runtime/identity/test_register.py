"""The register, what others attest, and what becomes of credentials that were made of both."""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from hapgang.contract import Caller, Role
from hapgang.core.clock import VirtualClock
from hapgang.core.errors import CityError, Conflict, Invalid, NotFound, Refused
from hapgang.core.text import Text
from hapgang.core.vocabulary.identity import Attested, IssuedCredential, Registration
from hapgang.core.vocabulary.people import AgeBand, Person
from hapgang.ledger.identity.codes import hash_of
from hapgang.ledger.identity.status import HERD, INVALID, SUSPENDED, VALID
from hapgang.runtime.needs import is_attribute
from hapgang.runtime.perform import PLATFORM
from hapgang.runtime.platform.identity import (
    attestations,
    credentials,
    delegations,
    lists,
    offers,
    register,
    tidying,
)
from hapgang.runtime.platform.identity.held import attributes_in
from hapgang.runtime.platform.people import forget_me
from hapgang.runtime.platform.visits import begin_visit, end_visits
from hapgang.writer.unit import Fact, Unit
from tests.village import SEOUL, person, runtime_of

COUNTER, OTHER = person("counter", Role.AGENCY), person("other", Role.AGENCY)
TAXI = Caller("urn:ngsi-ld:Company:taxi", Role.COMPANY)
SCHOOL = person("school", Role.TEACHER)
ANNE = person("anne")
LISTS = "https://city.example/identity/status/"
LICENCE = {"categories": ["B"], "valid_until": "2030-05-01"}
DISABLED = {"disabled": True, "degree": "severe"}
LEARNED = {
    "achievement": "urn:x:ai", "title": "AI", "skills": ["python"], "completed": "2026-01-01",
}  # fmt: skip


class Office:
    """A city with a counter; what was told to the log, and reads that were noted."""

    def __init__(self) -> None:
        self.runtime = runtime_of()
        self.runtime.scene = SimpleNamespace(title=Text("Village", "마을"))  # type: ignore[assignment]
        self.facts: list[Fact] = []
        self.reads: list[tuple[str, str]] = []
        self.runtime.writer.additions.append(self._note)
        self.chance = 0

    def _note(self, unit: Unit) -> None:
        self.facts += [fact for fact in unit.facts if fact.kind == lists.STATUS]
        self.reads += [(read.person, read.reader) for read in unit.reads]

    def do(self, action: Any, caller: Caller = COUNTER, **words: Any) -> Any:
        return self.runtime.perform(action, caller, **words)

    def by_door(self, action: Any, caller: Caller, **words: Any) -> Any:
        """Do what a door of `app/identity` does, which has checked the role."""
        spec = self.runtime.spec(action)
        return self.runtime.run(spec, caller, spec.check_arguments(words))

    def register(self, who: Caller = ANNE, **words: Any) -> Registration:
        words = {
            "name": "Anne", "born": date(1990, 5, 2), "living_zone": "5-1",
            "since": date(2020, 1, 1), "person": who.id, **words,
        }  # fmt: skip
        made: Registration = self.do(register.register, **words)
        return made

    def view(self, entity: str) -> Any:
        record = self.runtime.state.get(entity)
        return None if record is None else record.view

    def person(self, who: Caller = ANNE) -> Person:
        found: Person = self.view(who.id)
        return found

    def issue(self, kind: str, who: Caller = ANNE, **words: Any) -> credentials.ToSign:
        """Offer, redeem and issue, as the doors do."""
        self.chance += 1
        until = self.runtime.clock.now() + timedelta(minutes=5)
        code, token = hash_of(f"code {self.chance}"), hash_of(f"token {self.chance}")
        words = {"kind": kind, "pin": hash_of("1"), "tries": 3, "until": until, **words}
        offer = self.by_door(offers.offer_to_me, who, code=code, **words)
        self.do(offers.grant, PLATFORM, offer=offer.id, token=token, until=until)
        nonce = (hash_of(f"nonce {self.chance}"), until)
        made = self.do(
            credentials.issue_to, PLATFORM, token=token, holders=("did:key:z1",), nonces=(nonce,),
            drawn=(7,), lists=LISTS,
        )  # fmt: skip
        one: credentials.ToSign = made[0]
        return one

    def status(self, issued: str) -> int:
        one: IssuedCredential = self.view(issued)
        return lists.whole_list(self.runtime.state, one.number).get(one.place)

    def held(self, who: Caller = ANNE) -> frozenset[str]:
        return attributes_in(self.runtime.state, who.id, self.runtime.clock.now())

    def pass_by(self, **time: float) -> None:
        clock = self.runtime.clock
        assert isinstance(clock, VirtualClock)
        clock.advance_by(timedelta(**time).total_seconds())


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_counter_makes_a_person(office: Office) -> None:
    made = office.do(
        register.register, name="Bert", born=date(1951, 3, 4), living_zone="5-1",
        since=date(2021, 1, 1), walking="badly",
    )  # fmt: skip
    known: Person = office.view(made.person)
    assert (known.age_band, known.concession, known.walking) == (AgeBand.OVER_70, "senior", "badly")
    assert not known.visitor
    bert = Caller(made.person, Role.RESIDENT)
    assert office.do(register.my_registration, bert) == made
    assert {"resident", "age.70"} <= office.held(bert)
    assert office.do(register.my_registration, ANNE) is None


def test_a_visitor_who_comes_to_stay_is_not_forgotten(office: Office) -> None:
    visit = office.do(begin_visit, PLATFORM)
    guest = Caller(visit.person, Role.VISITOR)
    office.register(guest)
    assert not office.person(guest).visitor
    office.pass_by(hours=9)
    office.do(end_visits, PLATFORM)
    assert office.person(guest) is not None
    assert "resident" in office.held(guest)


def test_a_name_is_found_however_it_was_composed(office: Office) -> None:
    name = "한동수"
    decomposed = unicodedata.normalize("NFD", name)
    for written in (name, decomposed):
        kept = office.register(name=written)
        assert kept.name == name
        for asked in (name, decomposed):
            [found] = office.do(register.find_registered, name=asked)
            assert found.person == ANNE.id


def test_one_who_attests_does_not_take_the_place_of_others(office: Office) -> None:
    office.register()
    words = {"person": ANNE.id, "kind": "nanodegree", "said": LEARNED}
    for _ in range(attestations.MOST_OF_KIND):
        office.do(attestations.attest, SCHOOL, **words)
    with pytest.raises(Conflict):
        office.do(attestations.attest, SCHOOL, **words)
    office.do(attestations.attest, person("college", Role.TEACHER), **words)


def test_who_cares_for_many_is_entered_for_each(office: Office) -> None:
    office.register()
    last = office.runtime.clock.now().date() + timedelta(days=9)
    for number in range(attestations.MOST_OF_KIND + 2):
        ward = person(f"ward{number}")
        office.register(ward)
        office.do(
            delegations.enter_guardian, person=ward.id, guardian=ANNE.id, relation="carer",
            actions=("*",), until=last,
        )  # fmt: skip


def test_a_role_is_held_however_it_was_composed(office: Office) -> None:
    office.register()
    role = unicodedata.normalize("NFD", "기사")
    office.do(attestations.attest, TAXI, person=ANNE.id, kind="membership", said={"role": role})
    assert "member.taxi.기사" in office.held()
    assert is_attribute("member.taxi.기사")
    assert not is_attribute(f"member.taxi.{role}"), "nobody could hold it"


def test_no_organisation_is_called_as_another(office: Office) -> None:
    office.register()
    said = {"role": "driver"}
    for name in ("taxi.x", "taxi x", ""):
        other = Caller(f"urn:ngsi-ld:Company:{name}", Role.COMPANY)
        with pytest.raises(Invalid):
            office.do(attestations.attest, other, person=ANNE.id, kind="membership", said=said)


def test_only_an_office_writes_and_reads_and_each_look_is_noted(office: Office) -> None:
    office.register()
    for caller in (ANNE, TAXI, person("op", Role.OPERATOR)):
        with pytest.raises(Refused):
            office.do(register.find_registered, caller, name="Anne")
        with pytest.raises(Refused):
            office.do(
                register.register, caller, name="x", born=date(1990, 1, 1), living_zone="x",
                since=date(2000, 1, 1),
            )  # fmt: skip
    office.reads.clear()
    assert [one.person for one in office.do(register.find_registered, name="Anne")] == [ANNE.id]
    assert office.reads == [(ANNE.id, COUNTER.id)]
    assert office.do(register.find_registered, person=ANNE.id, name="Bert") == []
    with pytest.raises(Invalid):
        office.do(register.find_registered)


@pytest.mark.parametrize(
    "words",
    [
        {"born": date(2030, 1, 1)},
        {"born": date(1850, 1, 1), "since": date(1900, 1, 1)},
        {"since": date(2030, 1, 1)},
        {"born": date(2021, 1, 1), "since": date(2020, 1, 1)},
        {"name": ""},
        {"name": "a\nb"},
        {"person": "urn:ngsi-ld:Vehicle:1"},
        {"person": "anne"},
    ],
)
def test_what_nobody_is_is_refused(office: Office, words: dict[str, Any]) -> None:
    with pytest.raises(CityError):
        office.register(**words)
    assert office.view(ANNE.id) is None


def test_who_moves_away_holds_nothing_and_their_credentials_are_revoked(office: Office) -> None:
    office.register()
    office.do(attestations.attest, person=ANNE.id, kind="driving_licence", said=LICENCE)
    home, age = office.issue("residency"), office.issue("age")
    licence = office.issue("driving_licence")
    office.do(register.leave, person=ANNE.id)
    assert office.held() == {"licence.B"}
    assert [office.status(one.id) for one in (home, age, licence)] == [INVALID, INVALID, VALID]
    with pytest.raises(Conflict):
        office.do(register.leave, person=ANNE.id)
    with pytest.raises(Refused):
        office.issue("residency")
    office.pass_by(days=30)
    office.register(since=date(2026, 12, 1))  # came back
    assert "resident" in office.held()
    assert office.status(home.id) == INVALID
    assert office.status(office.issue("residency").id) == VALID


def test_a_correction_revokes_what_was_wrong(office: Office) -> None:
    office.register()
    age = office.issue("age")
    office.register(name="Anna")
    assert office.status(age.id) == VALID
    office.register(born=date(1991, 5, 2))
    assert office.status(age.id) == INVALID


def test_each_says_only_what_is_theirs_to_say(office: Office) -> None:
    office.register()
    wrong = [
        (COUNTER, "membership", {"role": "driver"}),
        (COUNTER, "nanodegree", LEARNED),
        (COUNTER, "delegation", {}),
        (TAXI, "driving_licence", LICENCE),
        (TAXI, "membership", {"organisation": "rail", "role": "driver"}),
        (SCHOOL, "disability", DISABLED),
        (ANNE, "driving_licence", LICENCE),
    ]
    for caller, kind, said in wrong:
        with pytest.raises(Refused):
            office.do(attestations.attest, caller, person=ANNE.id, kind=kind, said=said)
    office.do(attestations.attest, TAXI, person=ANNE.id, kind="membership", said={"role": "driver"})
    office.do(attestations.attest, SCHOOL, person=ANNE.id, kind="nanodegree", said=LEARNED)
    assert "member.taxi.driver" in office.held()
    assert [one.kind for one in office.do(attestations.my_attestations, ANNE)] == [
        "membership", "nanodegree",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("driving_licence", {"categories": [], "valid_until": "2030-01-01"}),
        ("driving_licence", {"categories": ["B"], "valid_until": "2020-01-01"}),
        ("driving_licence", {"categories": ["B"], "valid_until": "soon"}),
        ("driving_licence", {"categories": ["a b"], "valid_until": "2030-01-01"}),
        ("driving_licence", {**LICENCE, "colour": "red"}),
        ("disability", {"disabled": False, "degree": "severe"}),
        ("disability", {"disabled": True, "degree": "some"}),
    ],
)
def test_what_a_credential_cannot_say_is_not_attested(
    office: Office, kind: str, said: dict[str, Any]
) -> None:
    office.register()
    with pytest.raises(CityError):
        office.do(attestations.attest, person=ANNE.id, kind=kind, said=said)


def test_taking_back_revokes_what_was_issued_of_it_and_nothing_else(office: Office) -> None:
    office.register()
    first: Attested = office.do(
        attestations.attest, person=ANNE.id, kind="driving_licence", said=LICENCE
    )
    second = office.do(
        attestations.attest, person=ANNE.id, kind="driving_licence",
        said={**LICENCE, "categories": ["A"]},
    )  # fmt: skip
    car = office.issue("driving_licence", attested=first.id)
    bike = office.issue("driving_licence", attested=second.id)
    assert (car.said["categories"], bike.said["categories"]) == (["B"], ["A"])
    assert office.person().licence
    with pytest.raises(NotFound):
        office.do(attestations.take_back, OTHER, attestation=first.id)
    office.do(attestations.take_back, attestation=first.id)
    assert [office.status(one.id) for one in (car, bike)] == [INVALID, VALID]
    assert not office.person().licence  # the other is for motorcycles
    assert office.held() >= {"licence.A"}
    with pytest.raises(Refused):
        office.issue("driving_licence", attested=first.id)
    office.do(attestations.take_back, attestation=second.id)
    assert not office.person().licence
    assert office.do(attestations.made_attestations) == []


def test_a_disability_gives_and_takes_the_fare(office: Office) -> None:
    office.register(born=date(1951, 1, 1))
    made = office.do(attestations.attest, person=ANNE.id, kind="disability", said=DISABLED)
    assert office.person().concession == "disabled"
    office.do(attestations.take_back, attestation=made.id)
    assert office.person().concession == "senior"


def test_days_are_followed(office: Office) -> None:
    office.register(born=date(2006, 12, 1))
    until = date(2026, 12, 1)
    office.do(
        attestations.attest, person=ANNE.id, kind="driving_licence", said=LICENCE, until=until
    )
    assert (office.person().age_band, office.person().licence) == (AgeBand.TEENS, True)
    office.pass_by(days=9)  # the second of December
    office.do(register.follow_days, PLATFORM)
    assert (office.person().age_band, office.person().licence) == (AgeBand.TWENTIES, False)


def test_a_place_is_drawn_once_and_changes_are_facts(office: Office) -> None:
    office.register()
    made = [office.issue("age") for _ in range(3)]
    views = [office.view(one.id) for one in made]
    assert [(one.number, one.place) for one in views] == [(1, 7), (1, 8), (1, 9)]
    office.do(credentials.suspend, ANNE, credential=made[0].id)
    office.do(credentials.revoke, ANNE, credential=made[1].id)
    assert [office.status(one.id) for one in made] == [SUSPENDED, INVALID, VALID]
    office.do(credentials.resume, ANNE, credential=made[0].id)
    assert [fact.body["number"] for fact in office.facts] == [1, 2, 3]
    assert [fact.body["status"] for fact in office.facts] == [SUSPENDED, INVALID, VALID]
    assert {fact.body["list"] for fact in office.facts} == {f"{LISTS}1"}
    assert all(fact.person is None and ANNE.id not in str(fact.body) for fact in office.facts)
    with pytest.raises(Conflict):
        office.do(credentials.resume, ANNE, credential=made[1].id)
    mine = office.do(credentials.my_credentials, ANNE)
    assert [one.status for one in mine] == ["valid", "revoked", "valid"]
    assert mine[1].fact == office.facts[1].id


def test_another_origin_begins_another_list(office: Office) -> None:
    office.register()
    office.issue("age")
    city_lists = {office.view(office.issue("age").id).number}

    def move(city: Any) -> tuple[int, int]:
        return lists.give_place(city, "https://new.example/status/", HERD - 1)

    move.__module__ = lists.__name__
    assert office.do(move, PLATFORM) == (2, HERD - 1)
    assert office.do(move, PLATFORM) == (2, 0)
    assert city_lists == {1}


def test_an_office_suspends_and_only_an_office_resumes(office: Office) -> None:
    office.register()
    made = office.issue("age")
    words: dict[str, Any] = {"credential": made.id, "reason": "asked by the court"}
    office.do(credentials.suspend, ANNE, credential=made.id)
    office.do(credentials.set_credential, status="suspended", **words)
    with pytest.raises(Refused):
        office.do(credentials.resume, ANNE, credential=made.id)
    assert not office.do(credentials.my_credentials, ANNE)[0].can_resume
    office.do(credentials.set_credential, OTHER, status="valid", **words)
    assert office.status(made.id) == VALID
    assert (ANNE.id, COUNTER.id) in office.reads
    bert = person("bert")
    for action in (credentials.suspend, credentials.revoke, credentials.resume):
        with pytest.raises(NotFound):
            office.do(action, bert, credential=made.id)


def test_a_grant_is_good_once(office: Office) -> None:
    office.register()
    office.issue("age")
    words = {"token": hash_of("token 1"), "holders": ("did:key:z1",), "drawn": (1,)}
    with pytest.raises(Refused):
        office.do(credentials.issue_to, PLATFORM, nonces=(), lists=LISTS, **words)


def test_a_nonce_is_good_once_and_what_failed_took_nothing(office: Office) -> None:
    office.register()
    office.issue("age")
    until = office.runtime.clock.now() + timedelta(minutes=5)
    code, token = hash_of("c"), hash_of("t")
    words: dict[str, Any] = {"code": code, "pin": hash_of("1"), "tries": 3, "until": until}
    offer = office.by_door(offers.offer_to_me, ANNE, kind="age", **words)
    office.do(offers.grant, PLATFORM, offer=offer.id, token=token, until=until)
    again: dict[str, Any] = {
        "token": token, "holders": ("did:key:z1",), "drawn": (7,), "lists": LISTS,
    }  # fmt: skip
    with pytest.raises(Conflict):
        office.do(credentials.issue_to, PLATFORM, nonces=((hash_of("nonce 1"), until),), **again)
    made = office.do(credentials.issue_to, PLATFORM, nonces=((hash_of("n"), until),), **again)
    assert office.view(made[0].id).place == 8


def test_what_is_over_goes_by_itself(office: Office) -> None:
    office.register()
    office.issue("age")
    until = office.runtime.clock.now() + timedelta(minutes=10)
    words: dict[str, Any] = {"pin": hash_of("1"), "tries": 3, "until": until}
    for number in range(7):
        office.by_door(offers.offer_to_me, ANNE, kind="age", code=hash_of(f"o{number}"), **words)
    state = office.runtime.state
    assert (state.count("CredentialOffer"), state.count("UsedNonce")) == (offers.MOST_OPEN, 1)
    office.pass_by(minutes=11)
    office.do(tidying.tidy_identity, PLATFORM)
    assert (state.count("CredentialOffer"), state.count("UsedNonce")) == (0, 0)
    assert state.count("IssuedCredential") == 1
    office.pass_by(days=400)
    office.do(tidying.tidy_identity, PLATFORM)
    assert state.count("IssuedCredential") == 0


def test_nobody_has_more_than_anybody_needs(office: Office) -> None:
    office.register()
    for _ in range(credentials.MOST_VALID):
        made = office.issue("age")
    with pytest.raises(Conflict):
        office.issue("age")
    office.do(credentials.revoke, ANNE, credential=made.id)
    office.issue("age")


def test_who_is_forgotten_leaves_a_place_that_is_revoked(office: Office) -> None:
    office.register()
    made = office.view(office.issue("age").id)
    office.do(forget_me, ANNE)
    assert office.view(made.id) is None
    assert lists.whole_list(office.runtime.state, made.number).get(made.place) == INVALID
    assert office.facts[-1].body["index"] == made.place


def test_credentials_are_whole_days(office: Office) -> None:
    office.register()
    office.do(
        attestations.attest, person=ANNE.id, kind="driving_licence", said=LICENCE,
        until=date(2027, 1, 31),
    )  # fmt: skip
    made = office.issue("driving_licence")
    assert made.until == datetime(2027, 2, 1, tzinfo=SEOUL)  # no hour longer than it says
    forever = {"categories": ["A"], "valid_until": "9999-12-31"}
    office.do(attestations.attest, person=ANNE.id, kind="driving_licence", said=forever)
    assert office.issue("driving_licence").until == datetime(2027, 11, 23, tzinfo=UTC)
    assert office.issue("residency").until == datetime(2027, 11, 23, tzinfo=UTC)
