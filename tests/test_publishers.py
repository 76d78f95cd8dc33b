"""Profiles: discovered, merged with their bases, checked; a broken one says what to mend."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from newslake import publishers
from newslake.errors import ProfileError, RequestError

SHIPPED = {"rt_de", "sueddeutsche", "tagesspiegel", "zeit", "nordblick", "hafenkurier"}


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_profiles_are_found_without_their_bases() -> None:
    assert set(publishers.profiles()) == SHIPPED


def test_a_profile_builds_on_its_base() -> None:
    nordblick, rt_de = publishers.profile("nordblick"), publishers.profile("rt_de")
    assert nordblick.start_date == date(2024, 3, 1)
    assert (nordblick.language, nordblick.timezone, nordblick.schedule) == (
        rt_de.language,
        rt_de.timezone,
        rt_de.schedule,
    )
    assert set(rt_de.markers["disclaimer"]) < set(nordblick.markers["disclaimer"])
    assert nordblick.agencies["rt deutsch"] == "RT" and nordblick.agencies["nb"] == "nb"
    assert nordblick.layouts == rt_de.layouts


def test_a_publisher_without_a_profile_gets_the_default_one() -> None:
    assert publishers.profile("stadtbote").name == "_default"


def test_fingerprints_follow_the_definition(tmp_path: Path) -> None:
    write(tmp_path, "kueste", 'extends = "_plain"')
    before = publishers.profile("kueste", tmp_path).fingerprint
    write(tmp_path, "kueste", '# a comment changes nothing\nextends   =   "_plain"')
    assert publishers.profile("kueste", tmp_path).fingerprint == before
    write(tmp_path, "kueste", 'extends = "_plain"\nsections = ["Watt"]')
    assert publishers.profile("kueste", tmp_path).fingerprint != before
    assert len(before) == 64


def test_a_changed_base_changes_the_fingerprint(tmp_path: Path) -> None:
    write(tmp_path, "_meer", 'extends = "_default"')
    write(tmp_path, "kueste", 'extends = "_meer"')
    before = publishers.profile("kueste", tmp_path).fingerprint
    write(tmp_path, "_meer", 'extends = "_default"\n[markers]\nnote = ["Nachgetragen:"]')
    assert publishers.profile("kueste", tmp_path).fingerprint != before


def test_the_folder_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "kueste", 'extends = "_default"\ntitle = "Küste"')
    monkeypatch.setenv("NEWSLAKE_PUBLISHERS", str(tmp_path))
    assert list(publishers.profiles()) == ["kueste"]
    assert publishers.profile("kueste").title == "Küste"
    assert publishers.profile("rt_de").name == "_default"


def test_profiles_survive_pickling() -> None:
    profile = publishers.profile("rt_de")
    assert pickle.loads(pickle.dumps(profile)) == profile


@pytest.mark.parametrize("slug", ["rt_de", "a", "0x", "a" * 63])
def test_slugs(slug: str) -> None:
    assert publishers.check_slug(slug) == slug


@pytest.mark.parametrize("text", ["", "_plain", "../x", "RT", "a/b", "a\n", "ä", "a" * 64, "a.b", "a-b", "a\x00"])
def test_what_is_no_slug(text: str) -> None:
    with pytest.raises(RequestError, match="no publisher's name"):
        publishers.check_slug(text)
    with pytest.raises(RequestError):
        publishers.profile(text)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("title = ", 1, "no TOML"),
        ('[markers]\nnote = ["x"]\nnote = ["y"]\n', 3, "a key stands twice there, make it one"),
        ('extends = "_default"\ncolour = "blue"', 2, "colour is no key"),
        ('extends = "_default"\n[markers]\nsmell = ["x"]', 3, "markers.smell is no key"),
        ('extends = "_default"\n[markers]\nnote = "x"', 3, "must be a list of texts"),
        ('extends = "_default"\n[markers]\nnote = ["re:("]', 3, "broken regex"),
        ('extends = "_default"\n[markers]\nnote = ["re:x*"]', 3, "matches the empty text"),
        ('extends = "_default"\n[markers]\nnote = [" "]', 3, "must be a list of texts"),
        ('markers = "x"', 1, "must be a table"),
        ('extends = "_nowhere"', 1, "no _nowhere.toml"),
        ('extends = "kueste"', 1, "circle"),
        ("timezone = 'Mars/Base'", 1, "time zone"),
        ("timezone = '../etc'", 1, "time zone"),
        ("language = 'German'", 1, "language code"),
        ("schedule = 'daily'", 1, "cron"),
        ("start_date = '2024-01-01'", 1, "without quotes"),
        ("start_date = 2024-01-01T00:00:00", 1, "must be a date"),
        ("[agencies]\ndpa = 1", 2, "table of texts, not 1"),
        ("layouts = []", 1, "list of tables"),
        ("[[layouts]]\nsection = 'sometimes'", 2, "must be one of line"),
        ("[[layouts]]\nteaser = 3", 2, "must be one of paragraph"),
        ("[[layouts]]\nshape = 'x'", 2, "layouts.shape is no key"),
        ("[[layouts]]\nvalid_until = 2020-05-01\n[[layouts]]\nvalid_from = 2020-05-01", 3, "overlap"),
        ("[[layouts]]\nvalid_until = 2020-05-01\nvalid_from = 2020-05-02", 1, "ends before it begins"),
        ("[[layouts]]\nteaser = 'none'\nvalid_until = 2020-05-01\n[[layouts]]\nteaser = 'no'", 5, "not 'no'"),
        (
            'extends = "_default"\nsections = ["Note"]\n[agencies]\nnote = "Note"\n[markers]\nnote = 3',
            6,
            "markers.note",
        ),
        ('[markers]\nbio = [\n  "Zur Person",\n  "re:(",  # here\n]', 4, "broken regex"),
        ("[agencies]\nhk = 'hk'\ndpa = 7", 3, "not 7"),
        ("markers.note = [7]", 1, "not 7"),
        ("markers = { smell = ['x'] }", 1, "markers.smell is no key"),
        ("title = 'x'\nmarkers = { smell = ['x'] }\nlanguage = 'de'", 2, "markers.smell is no key"),
        ("title = 'x'\nschedule = '0 24 * * *'", 2, "([0 24 * * *] is not acceptable, out of range)"),
    ],
)
def test_a_broken_profile_names_file_line_and_remedy(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = write(tmp_path, "kueste", text)
    with pytest.raises(ProfileError) as caught:
        publishers.profiles(tmp_path)
    message = str(caught.value)
    assert str(path) in message and f"line {line}" in message and words in message
    assert message.endswith(".") and ";" in message


@pytest.mark.parametrize("cron", ["@daily", "59 23 * * *", "59 23 31 12 7", "*/15 6-18 * * MON,FRI", "0 0 L * *"])
def test_schedules(tmp_path: Path, cron: str) -> None:
    write(tmp_path, "kueste", f'extends = "_default"\nschedule = "{cron}"')
    assert publishers.profile("kueste", tmp_path).schedule == cron


@pytest.mark.parametrize(
    ("cron", "problem"),
    [
        ("60 0 * * *", r"\(\[60 0 \* \* \*\] is not acceptable, out of range"),
        ("0 24 * * *", "out of range"),
        ("0 0 0 * *", "out of range"),
        ("0 0 * 13 *", "out of range"),
        ("0 0 * * 1,8", "out of range"),
        ("0 0 * * FOO", "not acceptable"),
        ("0 0 31 2 *", "can never occur"),
        ("*/0 * * * *", "not acceptable"),
        ("1,,2 * * * *", "not acceptable"),
        ("H H * * *", "hash_id"),
        ("0 0 * * * 30", "must be a cron expression of five fields"),
        ("0 0 * *", "must be a cron expression of five fields"),
        ("@yearly, or so", "must be a cron expression of five fields"),
    ],
)
def test_what_is_no_schedule(tmp_path: Path, cron: str, problem: str) -> None:
    write(tmp_path, "kueste", f'extends = "_default"\nschedule = "{cron}"')
    with pytest.raises(ProfileError, match=f"line 2: schedule .*{problem}"):
        publishers.profile("kueste", tmp_path)


def test_a_broken_base_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "_meer", "colour = 1")
    write(tmp_path, "kueste", 'extends = "_meer"')
    with pytest.raises(ProfileError, match="colour") as caught:
        publishers.profile("kueste", tmp_path)
    assert str(path) in str(caught.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "kueste.toml").write_bytes(b"title = '\xff'")
    with pytest.raises(ProfileError, match="no UTF-8"):
        publishers.profiles(tmp_path)
    with pytest.raises(ProfileError, match="no folder"):
        publishers.profiles(tmp_path / "missing")
    (tmp_path / "alster.toml").mkdir()
    with pytest.raises(ProfileError, match=r"alster.toml: it cannot be read \(Is a directory\): create it or mend"):
        publishers.profiles(tmp_path)
    (tmp_path / "alster.toml").rmdir()
    (tmp_path / "kueste.toml").rename(tmp_path / "Küste.toml")
    assert publishers.profiles(tmp_path) == {}
    assert [sentence.partition(": ")[0] for sentence in publishers.misnamed(tmp_path)] == [f"{tmp_path}/Küste.toml"]


def test_profiles_are_cheap_to_load() -> None:
    """A DAG parse loads them: nothing heavy may come along."""
    heavy = "airflow", "pandas", "pyarrow", "duckdb", "great_expectations"
    code = "import sys; from newslake import publishers; publishers.profiles(); "
    code += f"sys.exit(bool(set({heavy!r}) & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
