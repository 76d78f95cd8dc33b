"""Every column once: name, Arrow type, description, the standard it follows, and the rules it must pass.

From these entries derive the Parquet schemas (`schema`), the Great Expectations suite of the rows (`newslake.quality`)
and the data dictionary (`scripts/generate_docs.py`). A new column is one entry here and the code that fills it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING

from newslake.rules import Column, between, matches, not_null, one_of

if TYPE_CHECKING:
    import pyarrow as pa

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "iso-8859-1")
BLOCKS = "list<struct<role: string, start: int32, end: int32>>"
QUOTES = (
    "list<struct<text: string, speaker: string, speaker_basis: string, cue: string, is_direct: bool, "
    "is_set_off: bool, start: int32, end: int32>>"
)
DATES = (
    "list<struct<text: string, start: int32, end: int32, date: string, precision: string, basis: string, "
    "is_ambiguous: bool>>"
)
REASONS = "list<struct<code: string, severity: string, detail: string>>"

ARTICLES: tuple[Column, ...] = (
    Column(
        "article_id", "string", "identity",
        "First 32 hex characters of the SHA-256 of the raw bytes: the same bytes have the same id everywhere, also on "
        "another day.",
        "schema.org identifier",
        (
            not_null("E_ARTICLE_ID", "every article has an id"),
            matches("E_ARTICLE_ID", "^[0-9a-f]{32}$", "an id is 32 hex characters"),
        ),
    ),
    Column(
        "source_file", "string", "identity",
        "Path of the raw file below its unit's folder, through the archive that it lies in; unprintable characters "
        "escaped.",
        rules=(between("E_SOURCE_FILE", "chars", "a name is there and no longer than a path can be", 1, 24_576),),
    ),
    Column(
        "duplicate_files", "list<string>", "identity",
        "Paths of the other raw files of the unit that hold the same bytes.",
    ),
    Column(
        "raw_bytes", "int64", "identity", "Size of the raw file, in bytes.",
        rules=(between("E_RAW_BYTES", "value", "the raw file holds something", 1),),
    ),
    Column(
        "encoding", "string", "identity", "Encoding that the raw bytes were read with, as Python names it.",
        "schema.org encodingFormat",
        (
            not_null("E_ENCODING", "the encoding is known"),
            one_of("E_ENCODING", ENCODINGS, "the encoding is one that Newslake reads"),
        ),
    ),
    Column(
        "url", "string", "identity", "Address of the article, from the sidecar; null where nobody said so.",
        "schema.org url",
        (between("W_URL_LONG", "chars", "an address is at most 2,048 characters long", high=2048),),
    ),
    Column(
        "published_at", "timestamp[us, tz=UTC]", "identity",
        "When the article was published (UTC), from the sidecar; null where nobody said so.",
        "schema.org datePublished",
    ),
    Column(
        "fetched_at", "timestamp[us, tz=UTC]", "identity",
        "When the crawler fetched it (UTC), from the sidecar; null where nobody said so.",
    ),
    Column(
        "profile", "string", "identity",
        "Name of the publisher profile that split it; `_default` where none is written.",
        rules=(not_null("E_PROFILE", "the profile is known"),),
    ),
    Column(
        "splitter_version", "string", "identity", "Version of the splitter that made the blocks.",
        rules=(not_null("E_SPLITTER_VERSION", "the splitter's version is known"),),
    ),
    Column(
        "section", "string", "content", "Section or kicker above the headline, as it is written.",
        "schema.org articleSection",
        (
            between("E_FIELD_TOO_LONG", "chars", "a section is at most 1,000 characters long", high=1000),
            between("W_SECTION_LONG", "chars", "a section is seldom longer than 80 characters", high=80),
        ),
    ),
    Column(
        "headline", "string", "content", "Headline, without invisible characters.",
        "schema.org headline, ninjs headline",
        (
            between("E_MISSING_FIELDS", "chars", "an article has a headline", 1),
            between("E_FIELD_TOO_LONG", "chars", "a headline is at most 2,000 characters long", high=2000),
            between("W_HEADLINE_LONG", "chars", "a headline is seldom longer than 250 characters", high=250),
        ),
    ),
    Column(
        "teaser", "string", "content", "Teaser or standfirst between headline and text.", "schema.org abstract",
        (
            between("E_FIELD_TOO_LONG", "chars", "a teaser is at most 20,000 characters long", high=20_000),
            between("W_TEASER_LONG", "chars", "a teaser is seldom longer than 1,500 characters", high=1500),
        ),
    ),
    Column(
        "byline", "string", "content", "Line that names the authors, as it is written.", "ninjs byline",
        (between("W_BYLINE_LONG", "chars", "a byline is seldom longer than 200 characters", high=200),),
    ),
    Column(
        "authors", "list<string>", "content",
        "Names in the byline or signature, without titles and places; where there are none, whom the teaser's end, "
        "a note on an interview or the box on the author names.",
        "schema.org author",
        (between("W_MANY_AUTHORS", "count", "an article seldom has more than 12 authors", high=12),),
    ),
    Column(
        "caption", "string", "content", "Caption of the first image, without its credit.", "schema.org caption",
        (between("W_CAPTION_LONG", "chars", "a caption is seldom longer than 1,000 characters", high=1000),),
    ),
    Column(
        "image_source", "string", "content",
        "Agencies or archives that this image's credit names; known agencies in one spelling.",
        "schema.org creditText",
        (between("W_CREDIT_LONG", "chars", "an image source is seldom longer than 120 characters", high=120),),
    ),
    Column(
        "image_photographer", "string", "content",
        "Person that this image's credit names; several with commas.", "schema.org creator",
        (between("W_CREDIT_LONG", "chars", "a photographer's name is seldom longer than 120 characters", high=120),),
    ),
    Column(
        "body", "string", "content",
        "Running text, without headline and teaser: the blocks body, subheading and quote, verbatim, joined by a blank "
        "line.",
        "schema.org articleBody",
        (
            between("E_MISSING_FIELDS", "chars", "an article has a body", 1),
            between("W_BODY_SHORT", "chars", "a body is seldom shorter than 200 characters", 200),
        ),
    ),
    Column(
        "quotes", QUOTES, "content",
        "Quotations, in order: `text` (the words inside the marks), `speaker` (as the text names them, in the fullest "
        "form near by; null where it does not), `speaker_basis` (how the sentence tells the speaker, or that of the "
        "quotation before where they go on in the same paragraph: `named`: by a name; `referred`: by a pronoun, an "
        "office or the like, whose name stands elsewhere; `described`: by an office, a body or a paper without a name; "
        "`context`: not at all, somebody is named or speaks near by; null without a speaker), `cue` (the verb or word "
        "that says so, or null), `is_direct` (false for words inside an indirect sentence), `is_set_off` (a paragraph "
        "of its own), and offsets. Titles and scare quotes are none.",
        "schema.org Quotation",
        (between("W_MANY_QUOTES", "count", "an article seldom has more than 200 quotations", high=200),),
    ),
    Column(
        "mentioned_dates", DATES, "content",
        "Dates that the text names: words, offsets, ISO `date` (null where it cannot be known), `precision` (day, "
        "month, year, decade), `basis` (`text`: the year is in the words; else `published_at` or `landing_day`), and "
        "whether another reading is possible, as it always is by the landing day.",
        "schema.org mentions",
        (between("W_MANY_DATES", "count", "an article seldom names more than 200 dates", high=200),),
    ),
    Column(
        "related", "list<string>", "content", "Titles of the related articles that it points to.",
        "schema.org relatedLink",
        (between("W_MANY_RELATED", "count", "an article seldom points to more than 30 others", high=30),),
    ),
    Column(
        "agencies", "list<string>", "content",
        "News agencies that the signatures and the byline name, in one spelling; none where nobody signed.",
        "schema.org sourceOrganization",
        (between("W_MANY_AGENCIES", "count", "an article seldom names more than 6 agencies", high=6),),
    ),
    Column(
        "signature", "string", "content", "First signature as it is written, such as `(dpa/nb)`.",
        rules=(between("W_SIGNATURE_LONG", "chars", "a signature is seldom longer than 80 characters", high=80),),
    ),
    Column(
        "notes", "list<string>", "content",
        "Editor's notes: corrections, but also first publications, changed names and the like.",
        "schema.org correction",
    ),
    Column(
        "sources", "list<string>", "content",
        "Source lists and bare addresses below the text.", "schema.org citation",
    ),
    Column(
        "rest", "string", "lossless",
        "The normalised text without the blocks of `body`: with `body` and `blocks` it gives the whole text back.",
    ),
    Column(
        "blocks", BLOCKS, "lossless",
        "The text cut into blocks, in order: role, and offsets. Only blanks lie between them.",
        rules=(between("E_NO_BLOCKS", "count", "every article has blocks", 1),),
    ),
    Column(
        "language", "string", "measure",
        "Language of the article, without its embedded posts: ISO 639-1 (639-3 where that has no code); null if it is "
        "too short to say.",
        "schema.org inLanguage, ninjs language",
    ),
    Column(
        "embed_languages", "list<string>", "measure",
        "Languages of the embedded posts, as far as they differ from the article's; each once.",
        "schema.org inLanguage",
    ),
    Column(
        "text_chars", "int32", "measure", "Length of the normalised text, in code points.",
        rules=(between("E_EMPTY", "value", "the text holds something", 1),),
    ),
    Column(
        "word_count", "int32", "measure", "Words of the body; a dash is none.", "schema.org wordCount, ninjs wordcount",
        (
            between("E_MISSING_FIELDS", "value", "a body has words", 1),
            between("W_WORDS_MANY", "value", "an article seldom has more than 20,000 words", high=20_000),
        ),
    ),
    Column(
        "paragraph_count", "int32", "measure", "Paragraphs of the body, without sub-headlines.",
        rules=(between("W_PARAGRAPHS_MANY", "value", "an article seldom has more than 500 paragraphs", high=500),),
    ),
    Column(
        "embed_count", "int32", "measure", "Embedded posts.",
        rules=(between("W_MANY_EMBEDS", "value", "an article seldom has more than 50 embedded posts", high=50),),
    ),
    Column("disclaimer_count", "int32", "measure", "Disclaimers and other boilerplate paragraphs."),
    Column(
        "content_hash", "string", "measure",
        "First 32 hex characters of the SHA-256 of what is the article's own, from section and headline to text and "
        "posts, without boilerplate, links, notes and signature: equal where the same text came twice.",
        rules=(
            not_null("E_CONTENT_HASH", "the hash is known"),
            matches("E_CONTENT_HASH", "^[0-9a-f]{32}$", "a hash is 32 hex characters"),
        ),
    ),
    Column("flags", "list<string>", "measure", "Codes of the warnings (`W_…`), in alphabetical order."),
)  # fmt: skip

FACTS: tuple[Column, ...] = (
    Column(
        "uncovered_chars", "int32", "fact", "Non-blank characters of the text that lie in no block.",
        rules=(between("E_NOT_TILED", "value", "every non-blank character is in exactly one block", 0, 0),),
    ),
    Column(
        "is_lossless", "bool", "fact", "Whether `body`, `rest` and `blocks` give the text back.",
        rules=(one_of("E_NOT_LOSSLESS", (True,), "the text can be had back from the columns"),),
    ),
    Column(
        "is_teaser_headline", "bool", "fact", "Whether the teaser says the headline again.",
        rules=(one_of("W_TEASER_REPEATS_HEADLINE", (False,), "a teaser says more than the headline"),),
    ),
    Column(
        "is_expected_language", "bool", "fact",
        "Whether the article is in its profile's `language`; true where it is too short to say.",
        rules=(one_of("W_LANGUAGE", (True,), "an article is in its publisher's language"),),
    ),
    Column(
        "is_basis_known", "bool", "fact",
        "Whether each quotation with a speaker says how that was told, and no other does.",
        rules=(one_of("E_SPEAKER_BASIS", (True,), "a speaker has one of the known bases, and nobody has none"),),
    ),
    Column(
        "days_to_landing", "float64", "fact", "Days from publication to the end of the landing day.",
        rules=(between("W_PUBLISHED_AFTER_LANDING", "value", "nothing lands before it is published (null then)", 0),),
    ),
    Column(
        "boilerplate_share", "float64", "fact", "Share of the text that is disclaimer or other boilerplate.",
        rules=(between("W_MOSTLY_BOILERPLATE", "value", "less than four fifths are boilerplate", high=0.8),),
    ),
)  # fmt: skip

QUARANTINE: tuple[Column, ...] = (
    Column("source_file", "string", "identity", "Path of the raw file below its unit's folder; escaped."),
    Column(
        "article_id", "string", "identity",
        "First 32 hex characters of the SHA-256 of the raw bytes; null if unread.",
    ),
    Column("raw_bytes", "int64", "identity", "Size of the raw file in bytes; null where it is unknown."),
    Column("stage", "string", "identity", "Stage that rejected it: `split` or `validate`."),
    Column("profile", "string", "identity", "Name of the publisher profile."),
    Column("splitter_version", "string", "identity", "Version of the splitter."),
    Column("reasons", REASONS, "reasons", "Why it was rejected: code, severity, and a sentence; at least one."),
    Column("raw", "binary", "replay", "The raw bytes, so that a mended profile can replay them; null if unread."),
    Column("sidecar", "binary", "replay", "The raw bytes of the sidecar; null if there was none."),
)  # fmt: skip

TABLES: dict[str, tuple[Column, ...]] = {"articles": ARTICLES, "quarantine": QUARANTINE}


def names(columns: Iterable[Column]) -> list[str]:
    """Names of the columns, in order."""
    return [column.name for column in columns]


@functools.cache
def schema(table: str) -> pa.Schema:
    """Arrow schema of `articles` or `quarantine`, without the partition columns: they stand in the path only."""
    import pyarrow as pa

    return pa.schema([(column.name, arrow_type(column.type)) for column in TABLES[table]])


def arrow_type(spec: str) -> pa.DataType:
    """Arrow type of one of the specs used above."""
    import pyarrow as pa

    if spec.startswith("list<"):
        return pa.list_(arrow_type(spec[5:-1]))
    if spec.startswith("struct<"):
        fields = (part.split(": ") for part in spec[7:-1].split(", "))
        return pa.struct([(name, arrow_type(kind)) for name, kind in fields])
    if spec.startswith("timestamp"):
        return pa.timestamp("us", tz="UTC")
    return pa.type_for_alias(spec)
