"""Keccak-256 as Ethereum uses it: SHA-3's sponge with the padding it had before FIPS 202.

No library of the city has it. It is slow (some 0.6 ms for 100 bytes) and used
a few times a minute.
Source: The Keccak reference, version 3.0, 2011. Checked: against vyper's, and the EVM's.
"""

_RATE = 136
_MASK = (1 << 64) - 1


def _constants() -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """Return what `iota` adds in each round, and where `rho` and `pi` bring each lane."""
    rounds, bits = [], 1
    for _ in range(24):
        constant = 0
        for j in range(7):
            constant |= (bits & 1) << ((1 << j) - 1)
            bits = (bits << 1) ^ (0x171 if bits & 0x80 else 0)
        rounds.append(constant)
    moves, x, y = [(0, 0)] * 25, 1, 0
    for t in range(24):
        x_to, y_to = y, (2 * x + 3 * y) % 5
        moves[x + 5 * y] = (x_to + 5 * y_to, (t + 1) * (t + 2) // 2 % 64)
        x, y = x_to, y_to
    return tuple(rounds), tuple(moves)


_ROUNDS, _MOVES = _constants()


def _permuted(lanes: list[int]) -> list[int]:
    for constant in _ROUNDS:
        sums = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20]
                for x in range(5)]  # fmt: skip
        turned = [((s << 1) | (s >> 63)) & _MASK for s in sums]
        mixed = [sums[x - 1] ^ turned[(x + 1) % 5] for x in range(5)]
        moved = [0] * 25
        for place, (to, by) in enumerate(_MOVES):
            lane = lanes[place] ^ mixed[place % 5]
            moved[to] = ((lane << by) | (lane >> (64 - by))) & _MASK
        lanes = [
            moved[i] ^ (~moved[i - i % 5 + (i + 1) % 5] & moved[i - i % 5 + (i + 2) % 5])
            for i in range(25)
        ]
        lanes[0] ^= constant
    return lanes


def keccak256(data: bytes) -> bytes:
    """Return the 32 bytes that Ethereum's keccak256 makes of `data`."""
    padded = bytearray(data + b"\x01" + bytes(-(len(data) + 1) % _RATE))
    padded[-1] |= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), _RATE):
        for i in range(_RATE // 8):
            lanes[i] ^= int.from_bytes(padded[start + 8 * i : start + 8 * i + 8], "little")
        lanes = _permuted(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])
