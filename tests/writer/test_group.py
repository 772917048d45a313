"""Groups merge writes of one thing, seal what is personal, and keep the order of the rest."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from hapgang.hub.record import Record, record_of
from hapgang.writer.group import arguments_of
from hapgang.writer.unit import AccountRow, Answer, Item, Leaf, Read, TransferRow, Unit

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NAMES = ["epoch", "e", "gone", "f", "a", "t", "k", "c", "r", "p", "forgotten", "n", "l"]
COLUMNS = {
    "e": "id type version doc sealed person created modified closed seq",
    "f": "position seq at action caller kind name entity person body",
    "a": "id kind owner floor balance held state",
    "t": "id seq at debit credit amount step of memo until",
    "k": "caller key arguments at result person",
    "c": "handler position",
    "r": "seq at person reader service purpose fields",
    "p": "person wrapped",
    "n": "id at person body recipients",
    "l": "place seq kind fact commitment person body",
}


class Glass:
    """A vault through which one can look."""

    def __init__(self) -> None:
        self.new: dict[str, bytes] = {}
        self.destroyed: list[str] = []

    def seal(self, person: str, plain: bytes) -> bytes:
        self.new.setdefault(person, b"key of " + person.encode())
        return f"sealed for {person}: ".encode() + plain

    def destroy(self, person: str) -> None:
        self.destroyed.append(person)
        self.new.pop(person, None)

    def take_new_keys(self) -> list[tuple[str, bytes]]:
        keys, self.new = list(self.new.items()), {}
        return keys


def unit(seq: int) -> Unit:
    made = Unit(seq, NOW, "service.action", "anne")
    made.first_position = seq * 10
    return made


def lamp(value: int) -> Record:
    document = {"id": "urn:l:1", "type": "Lamp", "power": {"type": "Property", "value": value}}
    return record_of(document, created=NOW, modified=NOW, seq=value)


def named(units: list[Unit], vault: Glass | None = None) -> dict[str, Any]:
    """Return the arguments by name, those that are rows as columns: `e_id` and so on."""
    values = dict(zip(NAMES, arguments_of(7, units, vault or Glass()), strict=True))
    for table, columns in COLUMNS.items():
        rows = values.pop(table)
        for at, column in enumerate(columns.split()):
            values[f"{table}_{column}"] = [row[at] for row in rows]
        assert all(len(row) == len(columns.split()) for row in rows)
    return values


def test_the_last_write_of_a_thing_is_written_once() -> None:
    first, second = unit(1), unit(2)
    first.entities = {"urn:l:1": lamp(1), "urn:l:gone": None, "urn:l:back": None}
    second.entities = {"urn:l:1": lamp(2), "urn:l:back": lamp(3)}
    first.accounts = {"a": AccountRow("a", "k", "o", 0, 5, 0)}
    second.accounts = {"a": AccountRow("a", "k", "o", 0, 9, 1)}
    first.cursors, second.cursors = {"h": 1}, {"h": 2, "g": 1}
    found = named([first, second])
    assert found["epoch"] == 7
    assert found["e_seq"] == [2, 2]
    assert [msgspec.json.decode(doc)["power"]["value"] for doc in found["e_doc"]] == [2, 3]
    assert found["gone"] == ["urn:l:gone"]
    assert (found["a_balance"], found["a_held"]) == ([9], [1])
    assert (found["c_handler"], found["c_position"]) == (["h", "g"], [2, 1])


def test_leaves_have_places_without_a_gap() -> None:
    units = [unit(1), unit(2), unit(3)]
    units[0].leaves = [Leaf("transfer", "t1", bytes(32)), Leaf("transfer", "t2", bytes(32))]
    units[2].leaves = [Leaf("document", "d1", b"1" * 32, "anne", b"{}")]
    units[0].first_leaf, units[1].first_leaf, units[2].first_leaf = 5, 7, 7
    found = named(units)
    assert found["l_place"] == [5, 6, 7]
    assert found["l_fact"] == ["t1", "t2", "d1"]
    assert found["l_seq"] == [1, 1, 3]
    assert found["l_body"] == [None, None, b"sealed for anne: {}"]


def test_lines_and_transfers_keep_their_order() -> None:
    units = [unit(1), unit(2)]
    for number, made in enumerate(units):
        made.items = [Item("event", f"E{number}{i}", "urn:x:1", None, {"i": i}) for i in range(2)]
        made.transfers = [TransferRow(f"t{number}", "a", "b", 5, "posted", None, "memo")]
    found = named(units)
    assert found["f_name"] == ["E00", "E01", "E10", "E11"]
    assert found["f_position"] == [10, 11, 20, 21]
    assert found["f_body"][1] == b'{"i":1}'
    assert found["t_id"] == ["t0", "t1"]
    assert found["t_seq"] == [1, 2]


def test_personal_lines_and_answers_are_sealed() -> None:
    made = unit(1)
    made.items = [
        Item("event", "Seen", "urn:x:1", "anne", {"a": 1}),
        Item("event", "Open", "urn:x:1", None, {"a": 1}),
    ]
    made.answer = Answer("anne", "k", b"digest", b'"result"', "anne")
    made.reads = {Read("bert", "anne", "s", "p", "*"): None}
    found = named([made])
    assert found["f_body"] == [b'sealed for anne: {"a":1}', b'{"a":1}']
    assert found["k_result"] == [b'sealed for anne: "result"']
    assert found["p_person"] == ["anne"]
    assert found["r_person"] == ["bert"]
    made.answer = made.answer._replace(person=None)
    assert named([made])["k_result"] == [b'"result"']


def test_forgetting_drops_the_key_that_this_group_would_have_brought() -> None:
    made, vault = unit(1), Glass()
    made.items = [Item("created", "Diary", "urn:x:1", "anne", {})]
    made.forgotten = ["anne"]
    found = named([made], vault)
    assert found["forgotten"] == ["anne"] == vault.destroyed
    assert found["p_person"] == []


def test_nothing_makes_empty_columns() -> None:
    found = named([unit(1)])
    assert all(not value for name, value in found.items() if name != "epoch")
