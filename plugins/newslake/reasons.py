"""Reason codes of the landing zone: why a file was quarantined (`E_…`) or an article flagged (`W_…`).

The codes are part of the public contract: they stand in `quarantine.reasons` and `articles.flags`, and people filter by
them. The codes of the Great Expectations rules stand beside their rules, in `newslake.columns` and `newslake.quality`.
"""

from __future__ import annotations

QUARANTINED: dict[str, str] = {
    "E_EMPTY": "the file holds nothing, or only blanks",
    "E_INVALID_ENCODING": "the bytes are no valid text in any supported encoding",
    "E_NUL": "the text holds NUL bytes",
    "E_CONTROL_CHARS": "the text holds control characters, such as ESC",
    "E_BINARY": "a binary format (PDF, image, program, …) under the name of a text",
    "E_WRONG_FORMAT": "HTML, XML or JSON under the name of a text",
    "E_WRONG_EXTENSION": "a compressed file or an archive under the name of a text",
    "E_TOO_LARGE": "larger than NEWSLAKE_MAX_FILE_BYTES (an archive: NEWSLAKE_MAX_ARCHIVE_BYTES); not read, not copied",
    "E_SYMLINK": "a symbolic link; links are never followed",
    "E_NOT_REGULAR": "a folder, pipe, socket or device under the name of a text",
    "E_PERMISSION": "the file may not be read",
    "E_VANISHED": "listed, but gone when it was read",
    "E_UNSTABLE": "grew or changed while it was read",
    "E_UNREADABLE": "the disk or the file system failed to read it",
    "E_ARCHIVE_CORRUPT": "an archive, or a member of one, is cut off or damaged, or followed by something else",
    "E_ARCHIVE_LIMIT": "an archive holds more than the NEWSLAKE_MAX_ARCHIVE_… settings allow; read up to there",
    "E_ARCHIVE_UNSAFE": "a member of an archive whose name leads out of it, or that is a link or a device",
    "E_ARCHIVE_NESTED": "an archive inside of an archive; those are not opened",
    "E_ARCHIVE_UNREADABLE": "a member of an archive that is encrypted, or packed by a method that is not supported",
    "E_SPLITTER_FAILED": "a rule of Newslake broke on the text: a fault of ours; replay it with the mended version",
    "E_JSON_LINE": "a line of a .jsonl file that is no JSON object with a text",
}

FLAGGED: dict[str, str] = {
    "W_LEGACY_ENCODING": "no UTF-8: decoded as cp1252 or ISO 8859-1",
    "W_MOJIBAKE": "looks like UTF-8 that was once decoded as cp1252",
    "W_BIDI_CONTROLS": "holds bidirectional control characters",
    "W_INVISIBLE_CHARS": "holds zero-width characters, soft hyphens or no-break spaces",
    "W_SIDECAR_BROKEN": "the .meta.json beside it is no JSON object, or too large; ignored",
    "W_SIDECAR_DISAGREES": "the .meta.json beside it has another text's headline (its fields are null then), another "
    "language, or a publication after the text was fetched (`published_at` is null then)",
    "W_SIDECAR_FIELD": "a field of the .meta.json is malformed; that field is null",
}
