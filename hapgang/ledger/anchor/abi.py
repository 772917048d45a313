"""The contract's calls and answers as bytes: as much of Solidity's ABI as the contract has.

Source: Solidity, "Contract ABI Specification". Checked: the contract itself takes and gives them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from hapgang.core.errors import Invalid, Unavailable

_ERROR = bytes.fromhex("08c379a0")  # Error(string)


class Tail(NamedTuple):
    """An argument of no fixed size: it stands behind the others, which hold its place."""

    data: bytes


def word(number: int) -> bytes:
    """Return a whole number as one word."""
    return number.to_bytes(32, "big")


def address_word(address: str) -> bytes:
    """Return an address as one word; `Invalid` unless it is 20 bytes in hexadecimal."""
    try:
        if len(address) == 42 and address.startswith("0x"):
            return bytes(12) + bytes.fromhex(address[2:])
    except ValueError:
        pass
    raise Invalid(
        f"{address[:60]!r} is no address: 0x and 40 hexadecimal digits",
        f"{address[:60]!r}은(는) 주소가 아닙니다. 0x와 16진수 40자여야 합니다.",
    )


def words(items: Sequence[bytes]) -> Tail:
    """Return a list of words as an argument."""
    return Tail(word(len(items)) + b"".join(items))


def strings(items: Sequence[bytes]) -> Tail:
    """Return a list of byte strings as an argument."""
    inner = [Tail(word(len(item)) + item + bytes(-len(item) % 32)) for item in items]
    return Tail(word(len(items)) + arguments(*inner))


def arguments(*parts: bytes | Tail) -> bytes:
    """Return arguments in a row: words in their place, tails behind all of them."""
    head, tail = b"", b""
    for part in parts:
        if isinstance(part, Tail):
            head += word(32 * len(parts) + len(tail))
            tail += part.data
        else:
            head += part
    return head + tail


def numbers_of(answer: bytes, count: int) -> list[int]:
    """Return the words of an answer as whole numbers; `Unavailable` if it is too short."""
    if len(answer) < 32 * count:
        raise Unavailable("The chain's answer is not the contract's; is its address right?",
                          "체인의 응답이 계약의 것이 아닙니다. 주소를 확인해 주세요.")  # fmt: skip
    return [int.from_bytes(answer[32 * i : 32 * i + 32], "big") for i in range(count)]


def address_of_word(number: int) -> str:
    """Return a word as an address."""
    return f"0x{number:040x}"


def reason(output: bytes) -> str:
    """Return why the contract refused, in its own words; empty if it gave none."""
    if not output.startswith(_ERROR) or len(output) < 68:
        return ""
    size = int.from_bytes(output[36:68], "big")
    return output[68 : 68 + min(size, 200)].decode("ascii", "replace")
