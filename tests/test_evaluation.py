"""The evaluation tool, on invented text; and the floors under the splitter's quality, where the real corpus is."""

from __future__ import annotations

import doctest
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from newslake.blocks import Block

from evaluation import __main__ as command
from evaluation import floors, gold, quotes, roles, scores

TEXT = "Sport\n\nFähre gewinnt Rennen\n\nVor dem Hafen lag sie vorn.\n\nDer Wind stand gut\nund blieb so. (dpa)\n"
VARIED = "\n   Fähre gewinnt Rennen\n     Vor dem Hafen lag sie vorn.\n   Der Wind stand gut\n   und blieb so. (dpa)\n"
BLOCKS = [["section", "1"], ["headline", "2"], ["teaser", "3"], ["body", "4:0-5:13"], ["signature", "5:14-19"]]

needs_corpus = pytest.mark.skipif(not gold.is_here(), reason="the real corpus, ../shared, is not here")


@pytest.fixture
def labelled(tmp_path: Path) -> Callable[..., list[gold.Article]]:
    """`labelled(blocks, layout)`: the invented article as it is read with these labels."""

    def read(blocks: list[list[str]] = BLOCKS, layout: str = "landed") -> list[gold.Article]:
        corpus, labels = tmp_path / "corpus", tmp_path / "labels" / "dev"
        for folder, text in (("landing/nordblick/2024-03-04", TEXT), ("variants/nordblick_single_newlines", VARIED)):
            (corpus / folder).mkdir(parents=True, exist_ok=True)
            (corpus / folder / "a.txt").write_text(text, "utf-8")
        labels.mkdir(parents=True, exist_ok=True)
        label = {"file": "nordblick/2024-03-04/a.txt", "drawn": "chosen", "blocks": blocks}
        (labels / "nordblick-a.json").write_text(json.dumps(label), "utf-8")
        return list(gold.articles("dev", layout, tmp_path / "labels", corpus))

    return read


def parts(article: gold.Article) -> list[tuple[str, str]]:
    return [(role, " ".join(article.text[start:end].split())) for role, start, end in article.blocks]


def test_places_become_offsets_on_both_layouts(labelled: Callable[..., list[gold.Article]]) -> None:
    expected = [
        ("section", "Sport"),
        ("headline", "Fähre gewinnt Rennen"),
        ("teaser", "Vor dem Hafen lag sie vorn."),
        ("body", "Der Wind stand gut und blieb so."),
        ("signature", "(dpa)"),
    ]
    (landed,) = labelled()
    assert parts(landed) == expected
    (varied,) = labelled(layout="single newlines")
    assert parts(varied) == expected[1:]  # that crawler leaves the section out
    assert varied.text == VARIED


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({3: ["body", "4"]}, "line 5 is not wholly in blocks"),
        ({2: ["teaser", "3:0-7"]}, "line 3 is not wholly in blocks"),
        ({2: ["teaser", "3-4"]}, "line 4 is in two blocks"),
        ({1: ["heading", "2"]}, "'heading' at '2' is no role"),
        ({1: ["headline", "two"]}, "'two' is no place"),
        ({1: ["headline", "2:0-99"]}, "beyond its line"),
        ({3: ["body", "4:0-5:14"]}, "begins or ends with a blank"),
        ({4: ["signature", "6"]}, "lines 1 to 5"),
    ],
)
def test_a_wrong_label_names_file_and_line(
    labelled: Callable[..., list[gold.Article]], change: dict[int, list[str]], words: str
) -> None:
    blocks = [change.get(number, block) for number, block in enumerate(BLOCKS)]
    with pytest.raises(gold.GoldError, match=words) as caught:
        labelled(blocks)
    assert str(caught.value).startswith("dev/nordblick-a.json: ")


def test_a_layout_with_other_lines_is_refused(labelled: Callable[..., list[gold.Article]], tmp_path: Path) -> None:
    labelled()
    label = json.loads((tmp_path / "labels" / "dev" / "nordblick-a.json").read_text())
    folder = tmp_path / "corpus" / "variants" / "nordblick_single_newlines"
    (folder / "a.txt").write_text(VARIED.replace("vorn", "hinten"), "utf-8")
    with pytest.raises(gold.GoldError, match="other lines"):
        list(gold.articles("dev", "single newlines", tmp_path / "labels", tmp_path / "corpus"))
    (folder / "a.txt").unlink()
    assert label and not list(gold.articles("dev", "single newlines", tmp_path / "labels", tmp_path / "corpus"))


def test_scores_count_whole_blocks_and_characters() -> None:
    text = "Titel\n\nab cd ef"
    labelled = [Block("headline", 0, 5), Block("body", 7, 15)]
    found = [Block("headline", 0, 5), Block("body", 7, 12), Block("other", 13, 15)]
    counted = roles.score([(text, labelled, found)])
    assert counted.blocks["headline"].f1 == 1
    assert counted.blocks["body"].f1 == 0
    assert counted.chars["body"] == scores.Counts(right=4, found=4, labelled=6)
    assert counted.blocks["other"] == scores.Counts(right=0, found=1, labelled=0)
    assert counted.macro_f1 == 0.5  # over the roles that are labelled


def test_measure_and_errors_show_what_is_wrong(labelled: Callable[..., list[gold.Article]]) -> None:
    (right,) = labelled()
    assert roles.measure([right]).values == {
        **dict.fromkeys(("section", "headline", "teaser", "body", "signature"), 1),
        "macro": 1,
    }
    assert not list(roles.errors(right))
    (wrong,) = labelled([*BLOCKS[:2], ["note", "3"], *BLOCKS[3:]])
    assert roles.measure([wrong]).values["note"] == 0
    assert [line.split()[:3] for line in roles.errors(wrong)] == [["+", "3", "teaser"], ["-", "3", "note"]]


def test_quotations_are_counted_by_span_then_by_speaker() -> None:
    labelled = [quotes.Quote((0, 10), "Ada Lund", True), quotes.Quote((20, 30), None, False)]
    found = [
        quotes.Quote((0, 10), "Lund", False, "named"),
        quotes.Quote((20, 31), "Lund", False),
        quotes.Quote((40, 50), "Jo", True),
    ]
    counted = quotes.score([(labelled, found)])
    assert counted.exact == scores.Counts(right=1, found=3, labelled=2)
    assert counted.near == scores.Counts(right=2, found=3, labelled=2)
    assert (counted.speakers.recall, counted.direct.recall) == (1, 0)
    assert {basis: counts.labelled for basis, counts in counted.bases.items() if counts.labelled} == {"named": 1}


def test_speakers_are_counted_apart_by_their_basis() -> None:
    labelled = [quotes.Quote((at, at + 5), "Ada Lund", True) for at in range(0, 30, 10)]
    bases = ("named", "context", None)
    speakers = ("Lund", "Jo Thoma", None)
    found = [one._replace(speaker=who, basis=by) for one, who, by in zip(labelled, speakers, bases, strict=True)]
    counted = quotes.score([(labelled, found)])
    assert {basis: counts.right for basis, counts in counted.bases.items() if counts.labelled} == {
        "named": 1,
        "context": 0,
        None: 0,
    }
    assert sum(counts.labelled for counts in counted.bases.values()) == counted.speakers.labelled == 3


def test_labelled_quotations_are_read_without_blocks(tmp_path: Path) -> None:
    (tmp_path / "landing" / "nordblick" / "2024-03-04").mkdir(parents=True)
    text = 'Sport\n\nFähre gewinnt\n\nKurzer Vorspann.\n\nAda Lund sagte: "Wir lagen vorn."\n'
    (tmp_path / "landing" / "nordblick" / "2024-03-04" / "a.txt").write_text(text, "utf-8")
    label: dict[str, Any] = {"file": "nordblick/2024-03-04/a.txt", "drawn": "chosen"}
    folder = tmp_path / "dev"
    folder.mkdir()
    (folder / "a.json").write_text(json.dumps(label), "utf-8")
    with pytest.raises(gold.GoldError, match="neither blocks nor quotes"):
        list(gold.articles("dev", "landed", tmp_path, tmp_path))
    label["quotes"] = [{"at": "4:17-32", "speaker": "4:0-8", "direct": True, "set_off": False}]
    (folder / "a.json").write_text(json.dumps(label), "utf-8")
    (article,) = gold.articles("dev", "landed", tmp_path, tmp_path)
    assert quotes.labelled_in(article) == [quotes.Quote((57, 72), "Ada Lund", True)]
    assert quotes.found_in(article) == [quotes.Quote((57, 72), "Ada Lund", True, "named")]
    assert quotes.measure([article]).values == dict.fromkeys(("span", "overlap", "speaker", "named", "direct"), 1)
    assert not list(quotes.errors(article))
    label["quotes"][0] |= {"at": "4:17-23"}
    wrong = article._replace(labels=label)
    assert [line.split()[:2] for line in quotes.errors(wrong)] == [["-", "4"], ["+", "4"]]


def test_floors_sink_only_with_a_reason(tmp_path: Path) -> None:
    path, changelog = tmp_path / "floors.toml", tmp_path / "CHANGELOG.md"
    changelog.write_text("# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A\n\n## [0.1.0]\n\n- B\n", "utf-8")
    floors.write({"dev": {"body": 0.98765}}, None, path, changelog)
    assert floors.read(path) == {"dev": {"body": 0.987}}
    floors.write({"dev": {"body": 0.99}, "holdout": {"body": 0.9}}, None, path, changelog)
    assert not floors.fallen({"dev": {"body": 0.99}}, floors.read(path))  # the other was not measured
    assert floors.fallen({"dev": {"body": 0.98}}, floors.read(path)) == [
        "dev: body is 0.9800, its floor is 0.990",
    ]
    with pytest.raises(ValueError, match="--lower"):
        floors.write({"dev": {"body": 0.98}}, None, path, changelog)
    assert "Floors lowered" not in changelog.read_text("utf-8")
    floors.write({"dev": {"body": 0.98}}, "Labels were wrong", path, changelog)
    assert floors.read(path) == {"dev": {"body": 0.98}, "holdout": {"body": 0.9}}
    newest = changelog.read_text("utf-8").partition("## [0.1.0]")[0]
    assert "- A\n\n### Floors lowered\n\n- Labels were wrong (dev: body is 0.9800" in newest


def test_a_stratified_set_has_a_table_of_those_drawn_at_random(labelled: Callable[..., list[gold.Article]]) -> None:
    (chosen,) = labelled()
    drawn = chosen._replace(labels=chosen.labels | {"drawn": "random"})
    title = command.STRATIFIED["holdout3"]
    assert dict(command.tables("holdout3", [chosen, drawn])) == {
        title: [chosen, drawn],
        f"{title}, only those drawn at random": [drawn],
    }
    assert dict(command.tables("holdout3", [drawn])) == {title: [drawn]}  # no second table that says the same
    assert dict(command.tables("holdout", [chosen, drawn])) == {"holdout": [chosen, drawn]}
    assert not dict(command.tables("dev", []))


@pytest.mark.parametrize("module", [gold, quotes, scores])
def test_examples_in_docstrings(module: Any) -> None:
    results = doctest.testmod(module)
    assert results.attempted > 0 and results.failed == 0


def test_without_the_corpus_the_command_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(gold, "CORPUS", tmp_path)
    assert command.main([]) == 2
    assert "is not here" in capsys.readouterr().err


@needs_corpus
def test_no_measured_value_is_below_its_floor() -> None:
    values = {name: measured.values for name, measured in command.results().items()}
    assert set(floors.read()) <= set(values)
    assert not floors.fallen(values, floors.read())


@needs_corpus
def test_a_profile_that_is_proposed_from_thirty_texts_makes_no_role_worse(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--proposals", "30"]) == 0
    everybody, *_ = capsys.readouterr().out.split("\n\n")
    rows = [line.split() for line in everybody.splitlines()[2:]]
    assert not [role for role, *_, default, proposed, _ in rows if float(proposed) < float(default)]
    assert float(rows[-1][-2]) > 0.9  # whole articles


@needs_corpus
def test_the_errors_of_the_hold_outs_stay_unseen(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--errors"]) == 0
    shown = capsys.readouterr().out
    kept = [json.loads(path.read_text("utf-8"))["file"] for path in gold.LABELS.glob("holdout*/*.json")]
    assert kept and not any(file in shown for file in kept)


@needs_corpus
@pytest.mark.parametrize("split", gold.SPLITS)
@pytest.mark.parametrize("layout", gold.LAYOUTS)
def test_every_label_has_its_place_in_the_text(split: str, layout: str) -> None:
    """The articles are read and their labels checked, but nothing is split: nobody learns how well that goes."""
    for article in gold.articles(split, layout):
        labelled = article.labels.get("quotes", [])
        spans = [span for quote in labelled if (span := article.lines.span(quote["at"]))]
        assert spans == sorted(set(spans)), article.file
        for quote in labelled:
            if quote["speaker"]:
                article.lines.span(quote["speaker"])  # raises GoldError if it lies nowhere


def test_no_article_is_labelled_twice() -> None:
    labels = [(path, json.loads(path.read_text("utf-8"))["file"]) for path in gold.LABELS.glob("*/*.json")]
    assert {path.parent.name for path, _ in labels} == set(gold.SPLITS)
    assert all(path.stem == f"{file.partition('/')[0]}-{Path(file).stem}" for path, file in labels)
    assert len({file for _, file in labels}) == len(labels)


def test_no_label_file_holds_text() -> None:
    """The articles are not ours: labels are roles, places and numbers."""
    for path in gold.LABELS.glob("*/*.json"):
        label = json.loads(path.read_text("utf-8"))
        assert set(label) <= {"file", "drawn", "stratum", "blocks", "quotes"}, path
        assert label["drawn"] in ("random", "chosen") and len(label.get("stratum", "")) <= 10, path
        assert all(len(role) <= 10 and len(place) <= 24 for role, place in label.get("blocks", ())), path
        for quote in label.get("quotes", ()):
            assert set(quote) == {"at", "speaker", "direct", "set_off"}, path
            assert len(quote["at"]) <= 24 and len(quote["speaker"] or "") <= 24, path
