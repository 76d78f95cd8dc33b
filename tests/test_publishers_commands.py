"""`newslake publishers` and `newslake inspect`: what people write profiles with."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from newslake import golden, inspection, publishers

Run = Callable[..., tuple[int, str, str]]

ARTICLE = (
    "Hafen\n\nKutter Nummer sieben ist zurück\n\n"
    "Der Kutter lief am Morgen ein, müde und voller Krabben, wie seine Besatzung sagt.\n\n"
    "Am Kai von Lüttenwiek hat am Morgen ein Kutter mit zehn Kisten Krabben festgemacht. "
    "Die Fischer waren zufrieden.\n\n"
    "Die Nacht war ruhig gewesen, die Netze blieben heil, und der Preis stimmt seit Wochen, hieß es am Kai.\n\n(dpa)\n"
)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A team's own folder with one profile, `kai`."""
    folder = tmp_path / "publishers"
    folder.mkdir()
    (folder / "kai.toml").write_text('extends = "_default"\ntitle = "Kai"\nsections = ["Hafen"]\n', "utf-8")
    monkeypatch.setenv("NEWSLAKE_PUBLISHERS", str(folder))
    return folder


@pytest.fixture
def case(tmp_path: Path, own: Path, run: Run) -> Path:
    """A golden case of `kai`, written as the documentation says: by `inspect --expected`."""
    folder = tmp_path / "golden" / "kai" / "kutter"
    folder.mkdir(parents=True)
    (folder / "raw.txt").write_text(ARTICLE, "utf-8")
    code, draft, _ = run("inspect", "--publisher", "kai", "--expected", folder / "raw.txt")
    assert code == 0
    (folder / "expected.json").write_text(draft, "utf-8")
    return folder


def change(case: Path, old: str, new: str) -> None:
    path = case / "expected.json"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_drafted_case_holds(case: Path, run: Run) -> None:
    assert run("publishers", "check", "--golden", case.parents[1]) == (0, "kai  1 of 1 cases as expected\n", "")
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    assert expected["blocks"][0] == ["section", "Hafen"] and expected["blocks"][-1] == ["signature", "(dpa)"]
    assert expected["fields"] == {"agencies": ["dpa"], "paragraph_count": 2}


def test_check_says_which_block_and_field_differ(case: Path, run: Run) -> None:
    change(case, '["teaser", "Der Kutter lief', '["body", "Der Kutter lief')
    change(case, '"paragraph_count": 2', '"paragraph_count": 3')
    shutil.copytree(case, case.with_name("zweiter"))
    change(case.with_name("zweiter"), '["section", "Hafen"],', "")
    code, out, _ = run("publishers", "check", "kai", "--golden", case.parents[1])
    assert (code, out.splitlines()[0]) == (1, "kai  0 of 2 cases as expected")
    start = "Der Kutter lief am Morgen ein, müde und …"
    assert out.splitlines()[1:8] == [
        "  kutter",
        "    block 3",
        f"      expected  body       {start}",
        f"      found     teaser     {start}",
        "    field paragraph_count",
        "      expected  3",
        "      found     2",
    ]
    assert out.splitlines()[8:12] == [
        "  zweiter",
        "    block 1",
        "      expected  nothing",
        "      found     section    Hafen",
    ]


def test_of_a_list_only_what_differs_is_shown(case: Path, run: Run) -> None:
    change(case, '"agencies": ["dpa"]', '"agencies": ["AFP", "dpa"]')
    out = run("publishers", "check", "--golden", case.parents[1])[1]
    assert out.splitlines()[2:5] == ["    field agencies", '      expected  "AFP"', '      found     ["dpa"]']


def test_check_takes_all_that_have_a_profile_or_cases(case: Path, own: Path, run: Run) -> None:
    (own / "mole.toml").write_text('extends = "_default"\n', "utf-8")
    (own / "watt.toml").write_text('extends = "_default"\ncolour = "grey"\n', "utf-8")
    shutil.copytree(case, case.parents[1] / "fremd" / "kutter")
    code, out, _ = run("publishers", "check", "--golden", case.parents[1])
    fremd, kai, mole, watt = out.splitlines()
    assert code == 1  # watt
    assert fremd == "fremd  1 of 1 cases as expected (no profile of its own: split by _default)"
    assert kai == "kai    1 of 1 cases as expected"
    assert mole.startswith("mole   no golden cases: write ") and "mole/<case>/raw.txt" in mole
    assert watt.startswith(f"watt   broken: {own / 'watt.toml'}: line 2: colour is no key of a profile; use one of ")
    assert run("publishers", "check", "kai", "mole", "--golden", case.parents[1])[0] == 0


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "line 1: it is no JSON"),
        ("[]", "must have the parts blocks and fields"),
        ('{"blocks": [], "fields": {}, "colour": 1}', "and nothing else"),
        ('{"blocks": [["prose", "x"]], "fields": {}}', '["prose", "x"] is no block'),
        ('{"blocks": [["body"]], "fields": {}}', '["body"] is no block'),
        ('{"blocks": 7, "fields": {}}', "blocks must be a list of [role, text]"),
        ('{"blocks": [], "fields": []}', "and fields an object"),
        ('{"blocks": [], "fields": {}, "day": "4.3.2024"}', "'4.3.2024' is no date"),
        (None, "write it by newslake inspect --publisher kai --expected "),
    ],
)
def test_a_broken_case_fails_and_says_why(case: Path, run: Run, content: str | None, problem: str) -> None:
    path = case / "expected.json"
    path.unlink() if content is None else path.write_text(content, "utf-8")
    code, out, _ = run("publishers", "check", "kai", "--golden", case.parents[1])
    assert code == 1 and problem in out and "0 of 1 cases" in out


def test_a_case_can_ask_for_what_is_no_field_and_hold_what_is_no_text(case: Path, run: Run) -> None:
    change(case, '"paragraph_count": 2', '"words": 2')
    assert "there is no such field" in run("publishers", "check", "--golden", case.parents[1])[1]
    (case / "raw.txt").write_bytes(b"\0")
    assert "E_INVALID_ENCODING" in run("publishers", "check", "--golden", case.parents[1])[1]


def test_a_case_can_name_its_day(case: Path, own: Path, run: Run) -> None:
    (own / "kai.toml").write_text(
        'extends = "_default"\nsections = ["Hafen"]\n[[layouts]]\nvalid_until = 2024-01-31\n'
        '[[layouts]]\nsection = "none"\nvalid_from = 2024-02-01\n',
        "utf-8",
    )
    for day, section in (("2024-01-31", '["section", "Hafen"]'), ("2024-02-01", '["headline", "Hafen"]')):
        arguments = ("--publisher", "kai", "--expected", "--day", day)
        draft = run("inspect", *arguments, case / "raw.txt")[1]
        assert section in draft and f'"day": "{day}"' in draft
        (case / "expected.json").write_text(draft, "utf-8")
        assert golden.differences(case, publishers.profile("kai")) == []


def test_check_of_a_folder_of_ones_own_leaves_the_projects_cases_alone(own: Path, run: Run) -> None:
    code, out, _ = run("publishers", "check")
    assert (
        code == 0 and out.startswith("kai  no golden cases: write ") and "by --golden" in out and out.count("\n") == 1
    )


@pytest.mark.parametrize("arguments", [["list"], ["check"], ["suggest", "."]])
def test_a_folder_of_profiles_that_is_not_there_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str]
) -> None:
    monkeypatch.setenv("NEWSLAKE_PUBLISHERS", str(tmp_path / "typo"))
    sentence = f"newslake: {tmp_path / 'typo'} is no folder: set NEWSLAKE_PUBLISHERS to the folder of the profiles.\n"
    assert run("publishers", *arguments) == (2, "", sentence)


def test_bad_requests_are_one_sentence(case: Path, own: Path, run: Run, tmp_path: Path) -> None:
    for arguments, sentence in (
        (("publishers", "check", "nobody"), f"newslake: 'nobody' has neither a profile in {own} nor golden cases in "),
        (("publishers", "check", "--golden", tmp_path / "x"), f"newslake: there is no folder {tmp_path / 'x'}: "),
        (("inspect", case / "raw.txt"), "newslake: whose is "),
        (("inspect", "--publisher", "kai", "--expected", tmp_path), None),
    ):
        code, out, errors = run(*arguments)
        if sentence:
            assert (code, out) == (2, "") and errors.startswith(sentence) and errors.count("\n") == 1


def test_the_profiles_are_listed(run: Run, own: Path, case: Path) -> None:
    (own / "relaunch.toml").write_text(
        'extends = "_default"\ntitle = "Neu"\nstart_date = 2024-03-01\nschedule = "0 6 * * *"\n'
        '[[layouts]]\nsection = "line"\nvalid_until = 2024-01-31\n'
        '[[layouts]]\nteaser = "short"\nvalid_from = 2024-02-01\n',
        "utf-8",
    )
    code, out, _ = run("publishers", "--golden", case.parents[1])
    head, kai, relaunch, second = (line.split() for line in out.splitlines())
    assert (code, head[0], head[-1]) == (0, "publisher", "cases")
    assert kai == ["kai", "Kai", "guess", "guess", "0", "0", "*", "*", "*", "2020-01-01", "1"]
    assert relaunch[:5] == ["relaunch", "Neu", "line", "until", "2024-01-31"] and relaunch[-1] == "0"
    assert second == ["guess", "from", "2024-02-01", "short"]
    assert run("publishers", "list", "--golden", case.parents[1])[1] == out
    (own / "watt.toml").write_text("colour = 1", "utf-8")
    code, out, _ = run("publishers", "list")
    assert code == 1 and "broken" in out and f"{own / 'watt.toml'}: line 1: colour is no key" in out


def test_a_file_with_another_name_stops_nobody_and_is_said(run: Run, own: Path) -> None:
    (own / "Mein Blatt.toml").write_text('extends = "_default"\n', "utf-8")
    assert publishers.described() == ["kai"]
    code, out, _ = run("publishers")
    assert code == 1 and f"{own}/Mein Blatt.toml: it is not used, its name is no publisher's: rename it" in out


def test_a_profile_may_begin_with_a_byte_order_mark(own: Path) -> None:
    (own / "watt.toml").write_text('extends = "_default"\ntitle = "Watt"\n', "utf-8-sig")
    assert publishers.profile("watt").title == "Watt"


def test_inspect_says_that_a_named_publisher_has_no_profile(run: Run, case: Path) -> None:
    note = "newslake: kei has no profile: the default one splits\n"
    assert run("inspect", "--publisher", "kei", "--brief", case / "raw.txt", case / "raw.txt")[::2] == (0, note)


def test_inspect_reads_publisher_and_day_off_the_path(run: Run, seeds: Path) -> None:
    path = next((seeds / "nordblick" / "2024-03-04").glob("*.txt"))
    named = run("inspect", "--publisher", "nordblick", "--day", "2024-03-04", "--json", path)
    assert run("inspect", "--json", path) == named and named[0] == 0
    assert inspection.unit_of("x/kai/2024-03-04/2024-03-05/a.txt")[0] is None  # a day's folder is no publisher


def test_inspect_shows_a_folder_in_brief(run: Run, seeds: Path) -> None:
    folder = seeds / "nordblick" / "2024-03-05"
    code, out, _ = run("inspect", "--brief", folder)
    files = sorted(folder.glob("*.txt"))
    assert code == 0 and [line.split("  ")[0] for line in out.splitlines()] == list(map(str, files))
    assert out.splitlines()[0].endswith(
        "  section headline teaser caption body embed body×3 related signature disclaimer"
    )
    assert out.splitlines()[-1].endswith(" E_EMPTY")


def test_inspect_says_which_marker_gave_a_role_and_no_field_twice(run: Run, seeds: Path) -> None:
    path = next((seeds / "nordblick" / "2024-03-04").glob("000*.txt"))
    _, out, _ = run("inspect", path)
    assert "← disclaimer 'In eigener Sache: Nordblick'" in " ".join(out.split())
    assert "← related 'Mehr zum Thema'" in " ".join(out.split())  # not the pattern that fits as well
    assert out.count("Landtag in Brunshafen billigt") == 2  # headline and caption, which is glued to its credit
    assert "agencies nb · dpa" in out
    assert "(speaker Gerrit Overbeck, speaker_basis named, cue nannte)" in " ".join(out.split())


def test_the_walk_through_works_as_it_is_written(tmp_path: Path, seeds: Path) -> None:
    project = seeds.parents[1]
    (tmp_path / "include").symlink_to(project / "include")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    guide = (project / "docs" / "publishers.md").read_text("utf-8").partition("## Writing one")[2]
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", guide, re.DOTALL))
    done = subprocess.run(["bash", "-eu", "-c", commands], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "kueste  1 of 1 cases as expected\n" in done.stdout and done.stdout.endswith("the lake is whole\n")
    before, after = (part.count("disclaimer") for part in done.stdout.split("publisher title"))
    assert before < 10 and after > 30  # the paragraph that ends every article is known now
