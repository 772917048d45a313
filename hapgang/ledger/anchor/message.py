"""What witnesses sign, and who signed: EIP-712 over (chain, contract) and the words of the message.

Source: EIP-712, EIP-2 (low s). Checked: the contract takes them; eth-account makes the same bytes.
"""

from collections.abc import Sequence

from coincurve import PrivateKey, PublicKey

from hapgang.ledger.anchor.abi import address_word, word
from hapgang.ledger.anchor.keccak import keccak256

_DOMAIN = keccak256(
    b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
_NAME, _VERSION = keccak256(b"Hapgang Anchor"), keccak256(b"1")
_CHECKPOINT = keccak256(b"Checkpoint(uint64 size,bytes32 root)")
_WITNESSES = keccak256(b"Witnesses(address[] witnesses,uint256 threshold,uint256 nonce)")
HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0


def checkpoint_digest(chain: int, contract: str, size: int, root: bytes) -> bytes:
    """Return what a witness signs to have (size, root) anchored there."""
    return _digest(chain, contract, keccak256(_CHECKPOINT + word(size) + root))


def witnesses_digest(
    chain: int, contract: str, witnesses: Sequence[str], threshold: int, nonce: int
) -> bytes:
    """Return what today's witnesses sign to have others in their place."""
    listed = keccak256(b"".join(map(address_word, witnesses)))
    return _digest(chain, contract, keccak256(_WITNESSES + listed + word(threshold) + word(nonce)))


def _digest(chain: int, contract: str, message: bytes) -> bytes:
    domain = keccak256(_DOMAIN + _NAME + _VERSION + word(chain) + address_word(contract))
    return keccak256(b"\x19\x01" + domain + message)


def address_of(key: PublicKey) -> str:
    """Return a key's address, in small letters."""
    return "0x" + keccak256(key.format(compressed=False)[1:])[-20:].hex()


def signed(key: PrivateKey, digest: bytes) -> bytes:
    """Return r, s and v: 65 bytes, in the one form that the contract takes."""
    signature = key.sign_recoverable(digest, hasher=None)
    return signature[:64] + bytes([27 + signature[64]])


def signer(signature: bytes, digest: bytes) -> str | None:
    """Return whose signature it is, as the contract would find it; None if it is nobody's."""
    if len(signature) != 65 or signature[64] not in {27, 28}:
        return None
    if not 0 < int.from_bytes(signature[32:64], "big") <= HALF_ORDER:
        return None
    plain = signature[:64] + bytes([signature[64] - 27])
    try:
        return address_of(PublicKey.from_signature_and_message(plain, digest, hasher=None))
    except ValueError:  # no point of the curve belongs to it
        return None
