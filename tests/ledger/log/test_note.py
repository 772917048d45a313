"""Signed notes: C2SP's and RFC 8032's own examples, and notes that are not in order."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hapgang.core.errors import Invalid
from hapgang.ledger.log.note import (
    MOST_BYTES,
    Checkpoint,
    Note,
    Signature,
    Signer,
    VerifierKey,
    checkpoint_of,
    cosigned_at,
    parse_checkpoint,
    parse_note,
    signed_by,
)
from validation.vectors.log import COSIGNED, ED25519, NOTE, NOTE_KEY, base64

_LOG, _WITNESS = Signer("log.example/1", b"\x01" * 32), Signer("witness.example", b"\x02" * 32)
_OTHER = Signer("other.example", b"\x03" * 32)
_ROOT = bytes(range(32))
_NOTE = _LOG.checkpoint(7, _ROOT)


def test_the_example_of_the_specification_holds() -> None:
    key = VerifierKey.parse(NOTE_KEY)
    note = parse_note(NOTE)
    assert signed_by(note, [key]) == (key,)
    assert note.text == "This is an example message.\n"
    assert note.whole() == NOTE
    assert key.text() == NOTE_KEY


def test_the_example_of_a_cosignature_is_read() -> None:
    note = parse_note(COSIGNED.encode())
    assert note.whole() == COSIGNED
    assert parse_checkpoint(note.text).size == 20_852_163
    assert cosigned_at(note.signatures[1]) == 1_679_315_147


@pytest.mark.parametrize(("secret", "public", "message", "signature"), ED25519, ids=range(4))
def test_ed25519_is_that_of_rfc_8032(
    secret: bytes, public: bytes, message: bytes, signature: bytes
) -> None:
    signer = Signer("rfc8032", secret)
    assert signer.key().public == public
    if message.isascii():  # the others are no text
        assert signer.sign(message.decode()).value == signature


def test_a_checkpoint_is_signed_and_read_back() -> None:
    read = parse_note(_NOTE.whole())
    assert checkpoint_of(read, _LOG.key()) == Checkpoint("log.example/1", 7, _ROOT)
    assert read.text == f"log.example/1\n7\n{base64(_ROOT)}\n"


def test_witnesses_sign_with_their_time() -> None:
    note = _NOTE.plus(_WITNESS.cosign(_NOTE.text, 1_700_000_000))
    keys = [_LOG.key(), _WITNESS.witness_key()]
    assert signed_by(parse_note(note.whole()), keys) == tuple(keys)
    assert cosigned_at(note.signatures[1]) == 1_700_000_000
    later = note.signatures[1].value[:7] + b"\x01" + note.signatures[1].value[8:]
    changed = Note(note.text, (note.signatures[0], Signature("witness.example",
                   note.signatures[1].id, later)))  # fmt: skip
    with pytest.raises(Invalid, match=r"witness\.example did not sign"):
        signed_by(changed, keys)
    assert signed_by(changed, [_LOG.key()]) == (_LOG.key(),)
    assert note.plus(note.signatures[1]) == note


def test_one_key_means_other_things_as_log_and_as_witness() -> None:
    assert _LOG.key().id() != _LOG.witness_key().id()
    with pytest.raises(Invalid, match="nobody"):
        signed_by(_NOTE, [_LOG.witness_key()])


def test_signatures_of_strangers_are_passed_over() -> None:
    note = _NOTE.plus(_OTHER.sign(_NOTE.text), Signature("who", b"1234", b"anything"))
    assert signed_by(parse_note(note.whole()), [_LOG.key()]) == (_LOG.key(),)
    with pytest.raises(Invalid, match="nobody"):
        signed_by(note, [_WITNESS.witness_key()])
    same_name = Signer(_LOG.name, b"\x04" * 32)
    with pytest.raises(Invalid, match="nobody"):
        signed_by(_NOTE, [same_name.key()])


def test_a_bad_signature_beside_a_good_one_is_not_forgiven() -> None:
    bad = Signature(_LOG.name, _LOG.key().id(), bytes(64))
    with pytest.raises(Invalid, match="did not sign"):
        signed_by(_NOTE.plus(bad), [_LOG.key()])
    short = Signature(_LOG.name, _LOG.key().id(), b"short")
    with pytest.raises(Invalid, match="did not sign"):
        signed_by(Note(_NOTE.text, (short,)), [_LOG.key()])


def test_a_log_does_not_sign_for_another() -> None:
    text = Checkpoint("other.example", 7, _ROOT).text()
    with pytest.raises(Invalid, match=r"is of the log other\.example"):
        checkpoint_of(Note(text, (_LOG.sign(text),)), _LOG.key())


@pytest.mark.parametrize(
    "whole",
    [
        "", "\n", "text\n", "text\n\n", "text\n\n\u2014 a QUJDREVG", "text\n\nno dash QUJDREVG\n",
        *(f"text\n\n\u2014 {line}\n" for line in (
            "a b QUJDREVG", "a+b QUJDREVG", " QUJDREVG", "a QUJDREVG!", "a QUJDREVH=", "a QUJD",
            "a QUJDRF==", "a" * 256 + " QUJDREVG", "a", "a\tQUJDREVG",
        )),
        *(f"{text}\n\n\u2014 a QUJDREVG\n" for text in (
            "te\rxt", "te\x00xt", "te\ud800xt", "x" * MOST_BYTES,
        )),
        b"te\xffxt\n\n\xe2\x80\x94 a QUJDREVG\n", "text\n\n" + "\u2014 a QUJDREVG\n" * 65,
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(whole: str | bytes) -> None:
    with pytest.raises(Invalid, match="the signed note is not in order"):
        parse_note(whole)


def test_a_note_may_have_empty_lines_and_many_signatures() -> None:
    whole = "a\n\nb\n\n" + "\u2014 a QUJDREVG\n" * 64
    note = parse_note(whole)
    assert note.text == "a\n\nb\n"
    assert len(note.signatures) == 64


@pytest.mark.parametrize(
    "text",
    [
        "", "a\n7\n", f"a\n7\n{base64(_ROOT)}", f"\n7\n{base64(_ROOT)}\n",
        f"a\n07\n{base64(_ROOT)}\n", f"a\n-7\n{base64(_ROOT)}\n", f"a\n\u0667\n{base64(_ROOT)}\n",
        f"a\n{2**63}\n{base64(_ROOT)}\n", f"a\n7\n{base64(_ROOT[:31])}\n", "a\n7\n???\n",
        f"a\n7\n{base64(_ROOT)}\nmore\n", f"a\n7 \n{base64(_ROOT)}\n", f"a\n7\n{base64(_ROOT)} \n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a+b", "example.com/foo", NOTE_KEY[:-1], NOTE_KEY.replace("530d", "530e"),
        NOTE_KEY.replace("+Ae", "+Ce"), NOTE_KEY.replace("foo+", "bar+"), NOTE_KEY.upper(),
        "a+00000000+AQ==",
    ],
)  # fmt: skip
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        VerifierKey.parse(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u3000b", "a\nb", "x" * 256])
def test_a_name_has_no_spaces(name: str) -> None:
    with pytest.raises(Invalid, match="name"):
        Signer(name, bytes(32))


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_whatever_comes_it_is_a_note_or_refused(whole: str | bytes) -> None:
    try:
        note = parse_note(whole)
    except Invalid:
        return
    assert note.whole() == (whole if isinstance(whole, str) else whole.decode())


@given(st.data())
def test_no_changed_byte_of_a_note_goes_unseen(data: st.DataObject) -> None:
    whole = bytearray(_NOTE.whole().encode())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Invalid):
        checkpoint_of(parse_note(bytes(whole)), _LOG.key())


def test_a_key_stays_in_its_file(tmp_path: Path) -> None:
    first = Signer.at("log.example", tmp_path / "log.key")
    assert Signer.at("log.example", tmp_path / "log.key").key() == first.key()
    assert (tmp_path / "log.key").stat().st_mode & 0o777 == 0o600
