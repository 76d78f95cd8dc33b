"""Bytes of one raw file → normalised text, or the reason why they are none.

Order: what the first bytes say (formats, byte-order marks), strict UTF-8, and cp1252 only where no valid UTF-8 multi-
byte sequence stands in the bytes: truncated UTF-8 would otherwise pass for it. Normalised means Unicode NFC, `\\n` as
the only newline and no byte-order mark; nothing else is changed, so every field can be cut from the text verbatim.
"""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from typing import NamedTuple

from newslake.errors import Rejected

_FORMATS = (
    (b"%PDF-", "E_BINARY", "a PDF"),
    (b"\xff\xd8\xff", "E_BINARY", "a JPEG image"),
    (b"\x89PNG", "E_BINARY", "a PNG image"),
    (b"GIF87a", "E_BINARY", "a GIF image"),
    (b"GIF89a", "E_BINARY", "a GIF image"),
    (b"\x7fELF", "E_BINARY", "a program (ELF)"),
    (b"MZ\x90", "E_BINARY", "a Windows program"),
    (b"\xd0\xcf\x11\xe0", "E_BINARY", "an Office document"),
    (b"SQLite format 3\0", "E_BINARY", "a SQLite database"),
    (b"\x1f\x8b", "E_WRONG_EXTENSION", "gzip data"),
    (b"PK\x03\x04", "E_WRONG_EXTENSION", "a zip archive"),
    (b"\x28\xb5\x2f\xfd", "E_WRONG_EXTENSION", "zstd data"),
    *((b"BZh%d1AY&SY" % level, "E_WRONG_EXTENSION", "bzip2 data") for level in range(1, 10)),
    (b"\xfd7zXZ\0", "E_WRONG_EXTENSION", "xz data"),
)
_FIRST_BYTES = frozenset(magic[0] for magic, _, _ in _FORMATS)

# UTF-32 before UTF-16: the little-endian mark of the one begins with that of the other.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What only (damaged) UTF-8 holds: a whole sequence, an overlong one, or one of a letter that Latin scripts use, cut off
# by the end. Not the lead byte DF (the script NKo): in cp1252, DF 93 is the end of „Spaß“.
_UTF8_SEQUENCE = re.compile(
    rb"[\xc0-\xde][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|(?:\xc3|\xe2[\x80-\xbf]?)\Z"
)

# What is in every text, as bytes of UTF-8. What is left of 5 KB without it are some 150 bytes: all further questions
# are put to those.
_USUAL = bytes((*range(32, 127), *b"\n\t"))
# Characters that NFC leaves as they are, whatever stands beside them: Latin letters, dashes, quotation marks.
_COMPOSED = frozenset(map(chr, (*range(0x300), *range(0x2010, 0x2060), 0x20AC)))

_CONTROLS = frozenset(map(chr, (*range(9), *range(14, 32), 127)))  # C0 and DEL without newlines and tabs
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_OTHER_NEWLINES = frozenset("\r\v\f\x85\u2028\u2029")
_NEWLINE = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANKS = frozenset("\u00a0\u202f")
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff") | _BLANKS
_ODD_BLANKS = _BLANKS | frozenset("\u1680\u205f\u3000") | frozenset(map(chr, range(0x2000, 0x200B)))
_CLEANED = str.maketrans({c: " " if c in _BLANKS else None for c in _BIDI | _INVISIBLE})
_MOJIBAKE_LEADS = frozenset("ÃâÂ")
_MOJIBAKE = re.compile("Ã[\u0080-\u00bfŸŽžŠšœŒ€„“”–—…†‡ˆ‰‹›¼]|â€[\u0080-\u00bfœž“”™˜¦]|Â[\u00a0-\u00bf]")


class Decoded(NamedTuple):
    """One file's text: `encoding` is a Python codec's name, `flags` are codes of `newslake.reasons.FLAGGED`."""

    text: str
    encoding: str
    flags: list[str]
    has_odd_blanks: bool  # white space other than blanks, tabs and newlines


def decode(raw: bytes) -> Decoded:
    """Text of one raw file. Raises `Rejected` with a code of `newslake.reasons.QUARANTINED`."""
    if not raw:
        raise Rejected("E_EMPTY", "the file has 0 bytes")
    if raw[0] in _FIRST_BYTES:
        _reject_formats(raw)
    text, encoding = _to_text(raw)
    unusual = _unusual(raw if encoding == "utf-8" else _utf8(text))
    if not _CONTROLS.isdisjoint(unusual):
        _reject_controls(text)
    text = _normalised(text, unusual)
    if not text or text.isspace():
        raise Rejected("E_EMPTY", "the file holds only blanks")
    _reject_markup(text)
    flags = _flags(text, unusual)
    if encoding in ("cp1252", "iso-8859-1"):
        flags.append("W_LEGACY_ENCODING")
    return Decoded(text, encoding, flags, not _ODD_BLANKS.isdisjoint(unusual))


def normalise(text: str) -> str:
    """NFC, with `\\n` as the only newline. Doing it twice changes nothing.

    >>> normalise("a\\r\\nu\\u0308\\u2028b")
    'a\\nü\\nb'
    """
    return _normalised(text, _unusual(_utf8(text)))


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _unusual(coded: bytes) -> frozenset[str]:
    """Return the characters of a text in UTF-8 that are not those of every text, ASCII without controls."""
    return frozenset(coded.translate(None, _USUAL).decode("utf-8", "surrogatepass"))


def _normalised(text: str, unusual: frozenset[str]) -> str:
    if not unusual <= _COMPOSED:
        text = unicodedata.normalize("NFC", text)
    return text if _OTHER_NEWLINES.isdisjoint(unusual) else _NEWLINE.sub("\n", text)


def clean_line(line: str) -> str:
    """A heading without invisible characters and with single blanks: what people group and search by.

    >>> clean_line("Ha\\u00adfen\\u00a0 brand\\u200b")
    'Hafen brand'
    """
    return " ".join(line.translate(_CLEANED).split())


def _to_text(raw: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _strict(raw, encoding), encoding
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if _UTF8_SEQUENCE.search(raw):
            raise Rejected("E_INVALID_ENCODING", f"broken UTF-8 at byte {error.start}") from None
    if not any(0x80 <= byte <= 0x9F for byte in raw):
        return raw.decode("iso-8859-1"), "iso-8859-1"
    return _strict(raw, "cp1252"), "cp1252"


def _strict(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding).lstrip("\ufeff")  # some tools write the mark twice
    except UnicodeDecodeError as error:
        raise Rejected("E_INVALID_ENCODING", f"broken {encoding} at byte {error.start}") from None


def _reject_formats(raw: bytes) -> None:
    for magic, code, what in _FORMATS:
        if raw.startswith(magic):
            raise Rejected(code, f"the file is {what}")


def _reject_controls(text: str) -> None:
    nuls = text.count("\0")
    if max(nuls, text.count("\4")) * 3 > len(text):  # the high bytes of Latin and of Cyrillic letters
        raise Rejected("E_INVALID_ENCODING", "looks like UTF-16 or UTF-32 without its byte-order mark")
    if nuls:
        raise Rejected("E_NUL", f"{nuls} NUL bytes, the first at character {text.index(chr(0))}")
    found = _CONTROL.search(text)
    if found:
        raise Rejected("E_CONTROL_CHARS", f"control character U+{ord(found[0]):04X} at character {found.start()}")


def _reject_markup(text: str) -> None:
    first = text.lstrip()[:200]
    if first[:1] == "<" and re.match(r"<(!doctype|!--|html|\?xml|head|body|div|article|p\b)", first, re.IGNORECASE):
        raise Rejected("E_WRONG_FORMAT", "the file is HTML or XML")
    if first[:1] in ("{", "[") and _is_json(text):
        raise Rejected("E_WRONG_FORMAT", "the file is JSON")


def _is_json(text: str) -> bool:
    """Whether the text is JSON, or begins with a JSON object, as JSON Lines do."""
    try:
        value, end = json.JSONDecoder(parse_int=float).raw_decode(text, len(text) - len(text.lstrip()))
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) or (isinstance(value, list) and not text[end:].strip())


def _flags(text: str, unusual: frozenset[str]) -> list[str]:
    flags = []
    if not _BIDI.isdisjoint(unusual):
        flags.append("W_BIDI_CONTROLS")
    if not _INVISIBLE.isdisjoint(unusual):
        flags.append("W_INVISIBLE_CHARS")
    if not (unusual <= _COMPOSED and _MOJIBAKE_LEADS.isdisjoint(unusual)) and _MOJIBAKE.search(text):
        flags.append("W_MOJIBAKE")
    return flags
