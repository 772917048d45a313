# pragma version 0.4.3
# pragma evm-version london
# pragma optimize gas
"""
@title Anchor: the checkpoints of one append-only Merkle log
@license Apache-2.0
@notice Takes a checkpoint (size, root) only if the log has grown, if the log of the last checkpoint is a
        prefix of it (RFC 9162, 2.1.4.2), and if at least `threshold` of the witnesses signed it. Anybody may
        submit: signatures decide. Nothing is ever changed or removed. There is no owner, no upgrade, no
        ether, and no call but to the precompiled sha256 and ecrecover.
@dev EIP-712 messages, so that a witness cannot be made to sign for another chain, contract or purpose.
     EVM version London: it runs on every chain that takes transactions of EIP-1559.
"""

struct Kept:
    size: uint64
    root: bytes32
    at: uint64

event Anchored:
    number: indexed(uint256)
    size: uint64
    root: bytes32
    at: uint64

event WitnessesChanged:
    nonce: indexed(uint256)
    witnesses: DynArray[address, MOST_WITNESSES]
    threshold: uint256

MOST_WITNESSES: constant(uint256) = 16
MOST_HASHES: constant(uint256) = 64  # enough for 2^63 leaves
HALF_ORDER: constant(uint256) = (
    57896044618658097711785492504343953926418782139537452191302581570759080747168
)  # of secp256k1
DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
NAME: constant(bytes32) = keccak256("Hapgang Anchor")
VERSION: constant(bytes32) = keccak256("1")
CHECKPOINT_TYPE: constant(bytes32) = keccak256("Checkpoint(uint64 size,bytes32 root)")
WITNESSES_TYPE: constant(bytes32) = keccak256(
    "Witnesses(address[] witnesses,uint256 threshold,uint256 nonce)"
)

count: public(uint256)
threshold: public(uint256)
nonce: public(uint256)  # of changes of witnesses
_witnesses: DynArray[address, MOST_WITNESSES]
_place: HashMap[address, uint256]  # of a witness among all, from 1; 0 is nobody
_root: HashMap[uint256, bytes32]
_told: HashMap[uint256, uint256]  # size | at << 64 | block << 128: one word, one write


@deploy
def __init__(witnesses: DynArray[address, MOST_WITNESSES], threshold: uint256):
    self._appoint(witnesses, threshold)


@external
def submit(
    size: uint64,
    root: bytes32,
    proof: DynArray[bytes32, MOST_HASHES],
    signatures: DynArray[Bytes[65], MOST_WITNESSES],
):
    """
    @notice Anchor a checkpoint.
    @param proof the consistency proof from the last checkpoint; empty for the first
    @param signatures r, s, v of at least `threshold` different witnesses
    """
    number: uint256 = self.count
    if number == 0:
        assert size > 0, "not longer"
        assert len(proof) == 0, "inconsistent"
    else:
        last_size: uint64 = self._size(number - 1)
        assert size > last_size, "not longer"
        self._check_consistent(
            convert(last_size, uint256), self._root[number - 1], convert(size, uint256), root, proof
        )
    message: bytes32 = keccak256(abi_encode(CHECKPOINT_TYPE, size, root))
    self._check_signed(message, signatures)
    at: uint64 = convert(block.timestamp, uint64)
    block_number: uint64 = convert(block.number, uint64)
    self._root[number] = root
    self._told[number] = (
        convert(size, uint256) | (convert(at, uint256) << 64) | (convert(block_number, uint256) << 128)
    )
    self.count = number + 1
    log Anchored(number=number, size=size, root=root, at=at)


@external
def change_witnesses(
    witnesses: DynArray[address, MOST_WITNESSES],
    threshold: uint256,
    signatures: DynArray[Bytes[65], MOST_WITNESSES],
):
    """
    @notice Replace all witnesses and the threshold; signed by as many of today's as a checkpoint.
    """
    listed: bytes32 = keccak256(slice(abi_encode(witnesses), 64, 32 * len(witnesses)))
    message: bytes32 = keccak256(abi_encode(WITNESSES_TYPE, listed, threshold, self.nonce))
    self._check_signed(message, signatures)
    for witness: address in self._witnesses:
        self._place[witness] = 0
    self.nonce += 1
    self._appoint(witnesses, threshold)


@external
@view
def checkpoint(number: uint256) -> Kept:
    """
    @notice The checkpoint of that number, from 0: its size, its root, and when it was anchored (s since 1970).
    """
    assert number < self.count, "no such checkpoint"
    return self._kept(number)


@external
@view
def block_of(number: uint256) -> uint64:
    """
    @notice The block in which the checkpoint of that number was anchored.
    """
    assert number < self.count, "no such checkpoint"
    return convert((self._told[number] >> 128) & convert(max_value(uint64), uint256), uint64)


@external
@view
def last() -> Kept:
    """
    @notice The newest checkpoint; zeros if there is none.
    """
    return self._kept(self.count - 1) if self.count > 0 else empty(Kept)


@external
@view
def witnesses() -> DynArray[address, MOST_WITNESSES]:
    """
    @notice Whose signatures count.
    """
    return self._witnesses


@internal
@view
def _size(number: uint256) -> uint64:
    return convert(self._told[number] & convert(max_value(uint64), uint256), uint64)


@internal
@view
def _kept(number: uint256) -> Kept:
    at: uint256 = (self._told[number] >> 64) & convert(max_value(uint64), uint256)
    return Kept(size=self._size(number), root=self._root[number], at=convert(at, uint64))


@internal
def _appoint(witnesses: DynArray[address, MOST_WITNESSES], threshold: uint256):
    assert threshold > 0 and threshold <= len(witnesses), "threshold"
    place: uint256 = 0
    for witness: address in witnesses:
        assert witness != empty(address) and self._place[witness] == 0, "witnesses"
        place += 1
        self._place[witness] = place
    self._witnesses = witnesses
    self.threshold = threshold
    log WitnessesChanged(nonce=self.nonce, witnesses=witnesses, threshold=threshold)


@internal
@view
def _check_signed(message: bytes32, signatures: DynArray[Bytes[65], MOST_WITNESSES]):
    domain: bytes32 = keccak256(abi_encode(DOMAIN_TYPE, NAME, VERSION, chain.id, self))
    digest: bytes32 = keccak256(concat(b"\x19\x01", domain, message))
    seen: uint256 = 0
    signed: uint256 = 0
    for signature: Bytes[65] in signatures:
        place: uint256 = self._place[self._signer(digest, signature)]
        bit: uint256 = 1 << place
        if place > 0 and (seen & bit) == 0:
            seen |= bit
            signed += 1
    assert signed >= self.threshold, "too few witnesses"


@internal
@pure
def _signer(digest: bytes32, signature: Bytes[65]) -> address:
    # One signature has one form: low s (EIP-2), v of 27 or 28.
    assert len(signature) == 65, "signature"
    r: uint256 = convert(slice(signature, 0, 32), uint256)
    s: uint256 = convert(slice(signature, 32, 32), uint256)
    v: uint256 = convert(slice(signature, 64, 1), uint256)
    assert s > 0 and s <= HALF_ORDER and (v == 27 or v == 28), "signature"
    signer: address = ecrecover(digest, v, r, s)
    assert signer != empty(address), "signature"
    return signer


@internal
@pure
def _check_consistent(
    first: uint256,
    first_root: bytes32,
    second: uint256,
    second_root: bytes32,
    proof: DynArray[bytes32, MOST_HASHES],
):
    # RFC 9162, 2.1.4.2, step by step; 0 < first < second.
    fn: uint256 = first - 1
    sn: uint256 = second - 1
    for _: uint256 in range(64):
        if fn & 1 == 0:
            break
        fn >>= 1
        sn >>= 1
    fr: bytes32 = first_root
    sr: bytes32 = first_root
    is_seeded: bool = (first & (first - 1)) == 0  # a power of two: the first root begins the path
    for c: bytes32 in proof:
        if not is_seeded:
            fr = c
            sr = c
            is_seeded = True
            continue
        assert sn != 0, "inconsistent"
        if fn & 1 == 1 or fn == sn:
            fr = sha256(concat(b"\x01", c, fr))
            sr = sha256(concat(b"\x01", c, sr))
            for _: uint256 in range(64):
                if fn & 1 == 1 or fn == 0:
                    break
                fn >>= 1
                sn >>= 1
        else:
            sr = sha256(concat(b"\x01", sr, c))
        fn >>= 1
        sn >>= 1
    assert is_seeded and sn == 0 and fr == first_root and sr == second_root, "inconsistent"
