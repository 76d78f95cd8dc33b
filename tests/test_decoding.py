"""Bytes → text: every line of the contract about encodings and formats, and what must hold for any bytes."""

from __future__ import annotations

import bz2
import codecs
import gzip
import json
import lzma
import unicodedata
import zipfile
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from newslake import decoding
from newslake.decoding import decode, normalise
from newslake.errors import Rejected
from newslake.reasons import FLAGGED, QUARANTINED

TEXT = "Größe zählt nicht\n\nDas „Fährschiff“ läuft aus."
LATIN = "Größe zählt nicht\n\nDas Fährschiff läuft aus."


def zipped() -> bytes:
    with BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.txt", TEXT)
        return file.getvalue()


def rejected(raw: bytes) -> str:
    with pytest.raises(Rejected) as caught:
        decode(raw)
    assert caught.value.code in QUARANTINED
    assert str(caught.value) == f"{caught.value.code}: {caught.value.detail}"
    return caught.value.code


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (codecs.BOM_UTF8 * 2 + TEXT.encode(), "utf-8-sig"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (codecs.BOM_UTF16_LE * 2 + TEXT.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32"),
    ],
)
def test_unicode_with_and_without_marks(raw: bytes, encoding: str) -> None:
    assert decode(raw)[:3] == (TEXT, encoding, [])


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode("cp1252"), "cp1252"),
        (LATIN.encode("iso-8859-1"), "iso-8859-1"),
        ("Ein schöner Spaß“, sagte er.".encode("cp1252"), "cp1252"),  # DF 93 would be a letter in UTF-8
        ("Das ist der Gruß".encode("cp1252"), "iso-8859-1"),
        ("HAFENMENÜ".encode("cp1252"), "iso-8859-1"),
    ],
)
def test_legacy_encodings_are_accepted_and_flagged(raw: bytes, encoding: str) -> None:
    assert decode(raw)[:3] == (raw.decode(encoding), encoding, ["W_LEGACY_ENCODING"])


@pytest.mark.parametrize(
    "raw",
    [
        b"Hafen \xed\xa0\x80 Hafen",  # a lone surrogate
        codecs.BOM_UTF16_LE + b"a\x00\x00\xd8b\x00",
        codecs.BOM_UTF32_LE + b"\x00\xd8\x00\x00",
        b"Hafen \xc0\xaf Hafen",  # overlong forms
        b"Hafen \xc1\x81 Hafen",
        b"Hafen \xe0\x80\xaf Hafen",
        b"Hafen \xf0\x80\x80\xaf Hafen",
        TEXT.encode()[:-1] + "ä".encode()[:1],  # truncated
        b"Hafen f" + "ü".encode()[:1],
        b"Hafen " + "„".encode()[:1],
        b"Hafen " + "„".encode()[:2],
        TEXT.encode() + b"\xff",
        TEXT.encode("utf-16-le"),  # without a mark
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32-le"),
        "Корабль в порту".encode("utf-16-le"),
        codecs.BOM_UTF16_LE + b"a",
        codecs.BOM_UTF32_LE + b"abc",
        b"Hafen \x81\x8d Hafen",  # bytes that cp1252 does not have
    ],
)
def test_broken_encodings(raw: bytes) -> None:
    assert rejected(raw) == "E_INVALID_ENCODING"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"Hafen\0 in Sicht", "E_NUL"),
        (b"Hafen \x1b[31mrot", "E_CONTROL_CHARS"),
        (b"Hafen\x07", "E_CONTROL_CHARS"),
        (b"Hafen\x7f", "E_CONTROL_CHARS"),
        ("Fähre\x1b".encode("iso-8859-1"), "E_CONTROL_CHARS"),
        ("Fähre\x1b„".encode("cp1252"), "E_CONTROL_CHARS"),
        (codecs.BOM_UTF16_LE + "Fähre\x1b".encode("utf-16-le"), "E_CONTROL_CHARS"),
        (codecs.BOM_UTF16_LE + "Fähre in\0Sicht".encode("utf-16-le"), "E_NUL"),
        (b"", "E_EMPTY"),
        (b" \r\n\t\n", "E_EMPTY"),
        ("\u00a0\u2003\u2028".encode(), "E_EMPTY"),
        (codecs.BOM_UTF8, "E_EMPTY"),
        (codecs.BOM_UTF16_LE, "E_EMPTY"),
        (b"%PDF-1.7\n%abc", "E_BINARY"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "E_BINARY"),
        (b"\x89PNG\r\n\x1a\n", "E_BINARY"),
        (b"GIF89a\x01", "E_BINARY"),
        (b"\x7fELF\x02\x01", "E_BINARY"),
        (b"MZ\x90\x00", "E_BINARY"),
        (b"SQLite format 3\0", "E_BINARY"),
        (b"\xd0\xcf\x11\xe0\xa1", "E_BINARY"),
        # Named: archives hold the time of day, and pytest's two processes must find the same tests.
        pytest.param(gzip.compress(TEXT.encode()), "E_WRONG_EXTENSION", id="gzip"),
        pytest.param(bz2.compress(TEXT.encode()), "E_WRONG_EXTENSION", id="bzip2"),
        pytest.param(lzma.compress(TEXT.encode()), "E_WRONG_EXTENSION", id="xz"),
        pytest.param(zipped(), "E_WRONG_EXTENSION", id="zip"),
        (b"\x28\xb5\x2f\xfd\x04", "E_WRONG_EXTENSION"),
        (b"<!DOCTYPE html>\n<html>", "E_WRONG_FORMAT"),
        (b"\n <HTML lang=de>", "E_WRONG_FORMAT"),
        (b"<!-- made by a crawler --><p>Hafen", "E_WRONG_FORMAT"),
        (b"<?xml version='1.0'?><rss/>", "E_WRONG_FORMAT"),
        (codecs.BOM_UTF8 + b"<p>Hafen</p>", "E_WRONG_FORMAT"),
        (json.dumps({"headline": TEXT}).encode(), "E_WRONG_FORMAT"),
        (json.dumps([TEXT]).encode(), "E_WRONG_FORMAT"),
        (json.dumps([TEXT]).encode() + b"\n", "E_WRONG_FORMAT"),
        (b'{"a": "Hafen"}\n{"a": "Kai"}\n', "E_WRONG_FORMAT"),
        (b'{"a": ' + b"9" * 5000 + b"}", "E_WRONG_FORMAT"),
    ],
)
def test_what_is_no_text(raw: bytes, code: str) -> None:
    assert rejected(raw) == code


@pytest.mark.parametrize(
    "text",
    [
        "[1] Hafen in Sicht",
        "{Hafen} in Sicht",
        "[Hafen]",
        "<Hafen> in Sicht",
        "<3 für den Hafen",
        "BZh ist kein Archiv",
        "GIF8 auch nicht",
        "SQLite format 3 hat zwanzig Jahre",
        "[" * 100_000,
        "=1+1\n\n{{ 7 * 7 }} {% raw %} '; DROP TABLE articles; --",
        "*Hafen*\n\n<script>alert(1)</script>",
    ],
)
def test_what_looks_like_a_format_but_is_text(text: str) -> None:
    assert decode(text.encode()).text == text


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\v", "\f"])
def test_newlines(newline: str) -> None:
    assert decode(f"Kai{newline}{newline}Möwe{newline}".encode()).text == "Kai\n\nMöwe\n"


def test_mixed_newlines_and_decomposed_letters() -> None:
    assert decode("A\r\n\rB\n\r\nfa\u0308hrt".encode()).text == "A\n\nB\n\nfährt"


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("FÃ¤hre in Sicht", "W_MOJIBAKE"),
        ("â€žHafenâ€œ", "W_MOJIBAKE"),
        ("Hafen\u202eneppihcs", "W_BIDI_CONTROLS"),
        ("Hafen\u061c", "W_BIDI_CONTROLS"),
        ("Ha\u00adfen", "W_INVISIBLE_CHARS"),
        ("Ha\u200bfen", "W_INVISIBLE_CHARS"),
        ("10\u00a0Boote", "W_INVISIBLE_CHARS"),
        ("10\u202fBoote", "W_INVISIBLE_CHARS"),
        ("Ha\ufefffen", "W_INVISIBLE_CHARS"),
    ],
)
def test_odd_characters_are_kept_and_flagged(text: str, flag: str) -> None:
    assert decode(text.encode())[:3] == (text, "utf-8", [flag])
    assert flag in FLAGGED


def test_german_and_french_letters_are_not_flagged() -> None:
    text = "ÄÖÜäöüß „Zitat“ »Zitat« ‚so‘ – … é À Â ÂME Ã SÃO PAULO 3 °C ½ § €"
    assert decode(text.encode())[:3] == (text, "utf-8", [])


def test_headings_are_cleaned_of_all_that_is_flagged() -> None:
    odd = "".join(c for c in sorted(decoding._INVISIBLE | decoding._BIDI) if not c.isspace())
    assert decoding.clean_line(f"{odd}Hafen{odd}\u00a0 {odd}\u202fbrand{odd}\n") == "Hafen brand"


def test_what_counts_as_composed_is_normalised_whatever_stands_beside_it() -> None:
    composed = sorted(decoding._COMPOSED)
    assert not any(map(unicodedata.combining, composed))
    assert unicodedata.is_normalized("NFC", "".join(composed + composed[::-1]))


@given(st.text())
@example("a\r\u0308\r\n\u2028\u0344\u0958")
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.binary(max_size=200) | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_text_or_a_reason(raw: bytes) -> None:
    try:
        decoded = decode(raw)
    except Rejected as error:
        assert error.code in QUARANTINED and error.detail
    else:
        assert normalise(decoded.text) == decoded.text
        assert decoded.text.strip() and decoded.text[0] != "\ufeff"
        assert set(decoded.flags) <= set(FLAGGED) and len(set(decoded.flags)) == len(decoded.flags)
        decoded.text.encode()


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1))
def test_the_text_of_utf8_bytes_survives(text: str) -> None:
    try:
        decoded = decode(text.encode())
    except Rejected as error:
        assert error.code in ("E_EMPTY", "E_WRONG_FORMAT")
    else:
        assert decoded.text == normalise(text.lstrip("\ufeff"))


@given(st.text(st.sampled_from("äöüßÄÖÜ aeinrst.,\n"), min_size=1), st.sampled_from(["cp1252", "iso-8859-1"]))
def test_legacy_german_survives(text: str, encoding: str) -> None:
    raw = f"Hafen {text}".encode(encoding)
    assert decode(raw).text == f"Hafen {text}"
