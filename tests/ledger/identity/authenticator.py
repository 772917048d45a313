"""An authenticator in software, and the vectors of WebAuthn Level 3, “Test Vectors”, made anew.

The specification says how each vector came to be: every random value by HKDF-SHA-256 over
'WebAuthn test vectors', signatures with deterministic nonces. So they are derived here, and
compared with the digests of what is published.
"""

import hashlib
import json
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from hapgang.ledger.identity.jose import Json, b64

RP, ORIGIN = "example.org", "https://example.org"
_EXTRA = "clientDataJSON may be extended with additional fields in the future, such as this: "
Private = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    size = next(size for size in (1, 2, 4, 8) if number < 1 << 8 * size)
    return bytes([major << 5 | 23 + size.bit_length()]) + number.to_bytes(size, "big")


def cbor(value: object) -> bytes:
    """Write CBOR, members in the order in which they stand."""
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes | str):
        raw = value if isinstance(value, bytes) else value.encode()
        return head(2 if isinstance(value, bytes) else 3, len(raw)) + raw
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(cbor(each) for each in value)
    assert isinstance(value, dict)
    pairs = b"".join(cbor(name) + cbor(part) for name, part in value.items())
    return head(5, len(value)) + pairs


def signed(key: Private, message: bytes) -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(message)
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def cose(key: Private) -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return cbor({1: 1, 3: -8, -1: 6, -2: raw})
    if isinstance(key, rsa.RSAPrivateKey):
        public = key.public_key().public_numbers()
        n = public.n.to_bytes((public.n.bit_length() + 7) // 8, "big")
        return cbor({1: 3, 3: -257, -1: n, -2: public.e.to_bytes(3, "big")})
    point = key.public_key().public_numbers()
    x, y = (each.to_bytes(32, "big") for each in (point.x, point.y))
    return cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})


def p256(secret: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())


class Draws:
    """The random values of one vector, one after the other."""

    def __init__(self, info: str) -> None:
        self.info, self.salt = info, 0

    def __call__(self, length: int) -> bytes:
        derive = HKDF(hashes.SHA256(), length, bytes([self.salt]), self.info.encode())
        self.salt += 1
        return derive.derive(b"WebAuthn test vectors")


def mersenne() -> rsa.RSAPrivateKey:
    """Return the key of the two smallest Mersenne primes from 2^1024 on."""
    p, q, e = (1 << 2203) - 1, (1 << 1279) - 1, 65_537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    return rsa.RSAPrivateNumbers(
        p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), public
    ).private_key(unsafe_skip_rsa_key_validation=True)


def name(unit: str, common: str = "WebAuthn test vectors") -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "W3C"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "AA"),
        ]
    )


def certificate(
    key: ec.EllipticCurvePrivateKey,
    serial: bytes,
    by: ec.EllipticCurvePrivateKey | None = None,
    unit: str = "Authenticator Attestation",
    extra: tuple[x509.ExtensionType, ...] = (),
) -> x509.Certificate:
    """Return a certificate as the vectors have them: of the root itself, or by it of a device."""
    root, unit = by is None, "Authenticator Attestation CA" if by is None else unit
    signer = key if by is None else by
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
    ) | {"encipher_only": False, "decipher_only": False}
    made = (
        x509.CertificateBuilder()
        .subject_name(name(unit))
        .issuer_name(name("Authenticator Attestation CA"))
        .public_key(key.public_key())
        .serial_number(int.from_bytes(serial, "big"))
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(3024, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=root, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not root, key_cert_sign=root, crl_sign=root, **usage),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if by is not None:
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key())
        made = made.add_extension(issuer, critical=False)
    for each in extra:
        made = made.add_extension(each, critical=False)
    return made.sign(signer, hashes.SHA256(), ecdsa_deterministic=True)


def root() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    draw = Draws("Attestation CA")
    key = p256(draw(32))
    return key, certificate(key, draw(16))


class Device:
    """An authenticator with one key: as the vectors have it, or as a test wants it."""

    def __init__(self, info: str) -> None:
        self.draw = Draws(info)
        self.algorithm = info.rpartition(".")[2]
        self.form = info.partition(".")[0]
        self.challenge = self.draw(32)
        self.key: Private = mersenne() if self.algorithm == "RS256" else self._key()
        self.backup = 0
        self.id = self.aaguid = b""
        self.count = 0
        self.attester: ec.EllipticCurvePrivateKey | None = None
        self.leaf: x509.Certificate | None = None

    def _key(self) -> Private:
        secret = self.draw(32)
        if self.algorithm == "EdDSA":
            return ed25519.Ed25519PrivateKey.from_private_bytes(secret)
        return p256(secret)

    def client_data(self, kind: str, challenge: bytes, /, **changes: object) -> bytes:
        said = {"type": kind, "challenge": b64(challenge), "origin": ORIGIN, "crossOrigin": False}
        return json.dumps(said | changes, separators=(",", ":")).encode()

    def vector_client_data(self, kind: str, challenge: bytes) -> bytes:
        more = {"extraData": _EXTRA + b64(self.draw(16))} if self.draw(1)[0] & 1 else {}
        return self.client_data(kind, challenge, **more)

    def data(self, flags: int, attested: bool = False) -> bytes:
        head = hashlib.sha256(RP.encode()).digest() + bytes([flags | (0x40 if attested else 0)])
        head += self.count.to_bytes(4, "big")
        new = self.aaguid + len(self.id).to_bytes(2, "big") + self.id + cose(self.key)
        return head + (new if attested else b"")

    def statement(self, message: bytes) -> Json:
        if self.form == "none":
            return {}
        number = {"ES256": -7, "EdDSA": -8, "RS256": -257}[self.algorithm]
        if self.form == "packed-self":
            return {"alg": number, "sig": signed(self.key, message)}
        assert self.attester is not None
        assert self.leaf is not None
        leaf = self.leaf.public_bytes(Encoding.DER)
        return {"alg": -7, "sig": signed(self.attester, message), "x5c": [leaf]}

    def created(self, client: bytes, flags: int) -> Json:
        raw = self.data(flags, attested=True)
        statement = self.statement(raw + hashlib.sha256(client).digest())
        form = "none" if self.form == "none" else "packed"
        whole = cbor({"fmt": form, "attStmt": statement, "authData": raw})
        return self.answer(client, attestationObject=b64(whole))

    def asserted(self, client: bytes, flags: int) -> Json:
        raw = self.data(flags)
        signature = signed(self.key, raw + hashlib.sha256(client).digest())
        return self.answer(client, authenticatorData=b64(raw), signature=b64(signature))

    def answer(self, client: bytes, **response: str) -> Json:
        said = {"clientDataJSON": b64(client), **response}
        return {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": said}

    def vector_registration(self) -> Json:
        """Return the registration of the vector, drawing in the order in which it was drawn."""
        client = self.vector_client_data("webauthn.create", self.challenge)
        self.aaguid, self.id = self.draw(16), self.draw(32)
        flags = self.draw(1)[0] & 0x1C
        flags = flags if flags & 0x08 else flags & ~0x10
        self.backup = flags & 0x08
        if self.form == "packed":
            self.attester = p256(self.draw(32))
            self.leaf = certificate(self.attester, self.draw(16), root()[0])
        return self.created(client, flags | 1)

    def vector_authentication(self) -> Json:
        self.challenge = self.draw(32)
        client = self.vector_client_data("webauthn.get", self.challenge)
        flags = self.draw(1)[0] & (0x14 if self.backup else 0x04)
        return self.asserted(client, flags | self.backup | 1)
