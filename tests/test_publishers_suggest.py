"""`newslake publishers suggest`: a profile for texts that nobody described, with its evidence."""

from __future__ import annotations

import random
import tomllib
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from newslake import cli, decoding, publishers, suggest
from newslake.blocks import split
from newslake.errors import Rejected, RequestError
from newslake.publishers import Layout, Profile

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"

NAMES = ("Ada Lund", "Jo Brandt", "Mia Voss", "Ole Krull", "Ida Thoms")
WORDS = (
    "Kutter",
    "Kai",
    "Netz",
    "Krabben",
    "Wind",
    "Deich",
    "Fischer",
    "Hafen",
    "Flut",
    "Boje",
    "Möwe",
    "Anker",
    "Watt",
)
SECTIONS = ("Hafen", "Politik", "Küste und Meer")
DISCLAIMER = "Wir vom Küstenboten schreiben für alle, die am Wasser leben; unser Verlag gehört seinen Lesern."
OFFER = "[Unser Rundbrief Ebbe kommt jeden Freitag zu Ihnen: hier geht es zur Bestellung, er kostet Sie gar nichts.]"


def sentence(chance: random.Random, words: int) -> str:
    said = " ".join(chance.choice(WORDS) for _ in range(words - 2))
    return f"Der {said} lag."


def paragraph(chance: random.Random) -> str:
    return " ".join(sentence(chance, chance.randint(6, 14)) for _ in range(chance.randint(2, 7)))


def article(number: int, with_section: bool = True, with_tail: bool = True) -> str:
    """An article of a publisher whose every habit the base does not know."""
    chance = random.Random(number)
    teaser = sentence(chance, 20)[:150].rsplit(" ", 1)[0] + " lag am Kai."
    parts = [SECTIONS[number % 3]] if with_section else []
    parts += [f"{chance.choice(WORDS)} {chance.choice(WORDS)} am Kai {number}", teaser]
    parts += [f"Ein Boot {number} im Bild. Aufnahme: {chance.choice(NAMES)}", f"es berichtet {chance.choice(NAMES)}"]
    parts += [paragraph(chance) for _ in range(2)]
    if number % 2:
        parts.append(OFFER)
    parts += [paragraph(chance), paragraph(chance)]
    if with_tail:
        parts += [
            f"Auch im Blick: {chance.choice(WORDS)} gegen {chance.choice(WORDS)} {number}",
            "(kb/dpa)",
            DISCLAIMER,
        ]
    return "\n\n".join(parts) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A landing folder of 40 texts over 20 days."""
    for number in range(40):
        path = tmp_path / "kueste" / str(date(2024, 3, 1) + timedelta(days=number // 2)) / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(number), "utf-8")
    return tmp_path / "kueste"


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Profile]:
    """Save a proposal and load it as the profiles are loaded."""

    def loaded(proposal: str) -> Profile:
        place = tmp_path / "publishers"
        place.mkdir(exist_ok=True)
        (place / "kueste.toml").write_text(proposal, "utf-8")
        return publishers.profile("kueste", place)

    return loaded


def test_a_proposal_describes_what_repeats(folder: Path, load: Callable[[str], Profile]) -> None:
    proposal = suggest.suggest(folder, "kueste")
    table = tomllib.loads(proposal)
    assert table["start_date"] == date(2024, 3, 1)
    assert set(table["sections"]) == {"Hafen", "Küste und Meer"}  # the base knows Politik
    assert table["layouts"] == [{"section": "line", "teaser": "paragraph"}]
    assert table["agencies"] == {"kb": "kb"}
    markers = table["markers"]
    assert markers.pop("disclaimer") == ["Wir vom Küstenboten schreiben für alle, die am"]
    assert markers.pop("promotion") == ["Unser Rundbrief Ebbe kommt jeden Freitag zu Ihnen:"]
    assert markers == {"related": ["Auch im Blick:"], "byline": ["es berichtet"], "credit": ["Aufnahme:"]}
    assert f"# 40 of 40 texts (100.0%), {len(DISCLAIMER)} characters" in proposal
    assert f"# 20 of 40 texts (50.0%), {len(OFFER) - 1} characters, such as: Unser Rundbrief Ebbe kommt" in proposal
    assert load(proposal).title == "kueste"


def test_a_proposal_splits_its_folder(folder: Path, load: Callable[[str], Profile]) -> None:
    profile = load(suggest.suggest(folder, "kueste"))
    wanted = ["section", "headline", "teaser", "caption", "byline", *["body"] * 4, "related", "signature", "disclaimer"]
    for path in folder.rglob("*.txt"):
        roles = [block.role for block in split(path.read_text("utf-8"), profile)]
        if "Rundbrief" in path.read_text("utf-8"):
            assert roles.pop(7) == "disclaimer"
        assert roles == wanted


def test_a_relaunch_becomes_two_layouts(folder: Path, load: Callable[[str], Profile]) -> None:
    for number, path in enumerate(sorted(folder.rglob("*.txt"), key=lambda path: int(path.stem))):
        path.write_text(article(number, with_section=number >= 24), "utf-8")
    profile = load(suggest.suggest(folder, "kueste"))
    assert profile.layouts == (
        Layout("none", "paragraph", valid_until=date(2024, 3, 12)),
        Layout("line", "paragraph", valid_from=date(2024, 3, 13)),
    )


def test_nothing_is_proposed_where_nothing_repeats(tmp_path: Path, load: Callable[[str], Profile]) -> None:
    for number in range(30):
        chance = random.Random(number)
        parts = [f"Überschrift {number} am {chance.choice(WORDS)}", *(paragraph(chance) for _ in range(6))]
        (tmp_path / f"{number}.txt").write_text("\n".join(parts), "utf-8")
    proposal = suggest.suggest(tmp_path, "kueste")
    table = tomllib.loads(proposal)
    assert table["layouts"] == [{"section": "none", "teaser": "none"}]
    assert not table["markers"] and "agencies" not in table and "sections" not in table and "start_date" not in table
    assert "Blank lines part the paragraphs of 0 of 30 texts (0.0%)" in proposal
    load(proposal)


def test_a_layout_is_told_by_its_figures(tmp_path: Path) -> None:
    """Teasers that are glued to the first paragraph, speech without marks, interviews."""
    for number in range(30):
        chance = random.Random(number)
        glued = " ".join([sentence(chance, 20), paragraph(chance), paragraph(chance)])
        parts = [f"Überschrift {number} am {chance.choice(WORDS)}", glued, *(paragraph(chance) for _ in range(3))]
        parts += ["Der Kapitän vom Deich sagte dazu am Morgen:", f"Wir fahren heute {sentence(chance, 12)}"]
        if number < 6:
            for question in range(5):
                parts += [f"Warum fährt Boot {number}{question} heute nicht?", paragraph(chance)]
        (tmp_path / f"{number}.txt").write_text("\n".join(parts), "utf-8")
    proposal = suggest.suggest(tmp_path, "kueste")
    (layout,) = tomllib.loads(proposal)["layouts"]
    assert layout == {"section": "none", "teaser": "glued", "quote": "unmarked", "question": "text"}
    assert "# Of 30 paragraphs that are announced as speech 30 have no marks." in proposal
    assert "# Of 30 lines that are questions 30 stand in texts with at least 4 of them: interviews." in proposal


BACKGROUND = "Die Hallig Oland hat einen Damm zum Festland, über den seit 1927 eine Lorenbahn mit Segeln fährt."
CALL = "Bezieher finden alle Bilder des Tages von sechs bis zwanzig Uhr im Archiv, das Büro ist um diese Zeit besetzt."
BIOS = {name: f"{name} zählt Möwen und kam {1990 + number} an die Küste." for number, name in enumerate(NAMES)}


def agency(number: int) -> list[tuple[str, str]]:
    """A text of an agency, with roles: kicker, place and agency, notes to its customers, codes, boilerplate."""
    chance = random.Random(number)
    parts = [("section", SECTIONS[number % 3]), ("headline", f"{chance.choice(WORDS)} {chance.choice(WORDS)} {number}")]
    parts += [("body", f"Husum (kpa) - {paragraph(chance)}"), *(("body", paragraph(chance)) for _ in range(4))]
    parts += [("body", BACKGROUND), ("body", paragraph(chance))] if number % 8 == 0 else []
    parts += [("note", f"An die Bezieher: {sentence(chance, 8)}")] if number % 2 else []
    return [*parts, ("signature", f"kpa {chance.choice('klm')}u/ab"), *([("disclaimer", CALL)] if number % 3 else [])]


def blog(number: int) -> list[tuple[str, str]]:
    """A text of a blog, with roles: names alone over it, who wrote it under it, an offer between."""
    chance = random.Random(number)
    name = chance.choice(NAMES)
    parts = [("headline", f"{chance.choice(WORDS)} {chance.choice(WORDS)} am Kai {number}"), ("byline", name)]
    parts += [("body", paragraph(chance)) for _ in range(5)]
    parts[4:4] = [("disclaimer", OFFER)] if number % 2 else []
    return [*parts, ("bio", BIOS[name])]


@pytest.mark.parametrize("make", [agency, blog])
def test_a_proposal_splits_an_outlet_when_people_have_decided(
    make: Callable[[int], list[tuple[str, str]]], tmp_path: Path, load: Callable[[str], Profile]
) -> None:
    """What it is sure of is right, and what it leaves to people is all that is missing."""
    outlet = [make(number) for number in range(40)]
    texts = ["\n\n".join(part for _, part in parts) for parts in outlet]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(text, "utf-8")
    proposal = suggest.suggest(tmp_path, "kueste")

    def wrong(proposed: str) -> set[str]:
        profile = load(proposed)
        found = [[(role, text[start:end]) for role, start, end in split(text, profile)] for text in texts]
        return {role for some, parts in zip(found, outlet, strict=True) for role, _ in {*parts} - {*some}}

    assert wrong('extends = "_default"') > wrong(proposal)
    assert wrong(proposal) == ({"note"} if make is agency else set())
    assert wrong(proposal.replace('# "An die Bezieher:"', '"An die Bezieher:"')) == set()


def test_what_may_be_text_is_left_to_people(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"{number}.txt").write_text("\n\n".join(part for _, part in agency(number)), "utf-8")
    proposal = suggest.suggest(tmp_path, "kueste")
    assert BACKGROUND in proposal and "What begins with # may be text of the articles" in proposal
    assert '  # "Die Hallig Oland hat einen Damm zum Festland,",  # 5 of 40 texts (12.5%)' in proposal
    table = tomllib.loads(proposal)
    assert not table["markers"]["promotion"]
    assert table["agencies"] == {"kpa": "kpa"}  # and none of its editors


def test_editors_beside_an_agency_that_texts_begin_with_are_none(tmp_path: Path) -> None:
    for number in range(20):
        body = paragraph(random.Random(number))
        text = f"Kutter {number}\n\nHUSUM (kpa) - {body}\n\n{body[::-1]}\n\n{('ml', 'os')[number % 2]}/kpa\n"
        (tmp_path / f"{number}.txt").write_text(text, "utf-8")
    assert tomllib.loads(suggest.suggest(tmp_path, "kueste"))["agencies"] == {"kpa": "kpa"}


def test_what_is_said_often_and_what_only_looks_like_names_is_no_marker(tmp_path: Path) -> None:
    motto = "„Wir haben das Watt nicht geerbt, wir haben es uns nur geliehen und geben es zurück“, sagt sie immer."
    for number in range(30):
        chance = random.Random(number)
        parts = [
            f"Überschrift {number} am {chance.choice(WORDS)}",
            f"Am Kai von {chance.choice(WORDS)} Aufn.: Mia Voss",
        ]
        parts += [
            paragraph(chance),
            paragraph(chance),
            motto,
            paragraph(chance),
            f"Zuletzt: {chance.choice(WORDS)} in Husum im Jahr {1990 + number}",
        ]
        (tmp_path / f"{number}.txt").write_text("\n\n".join(parts), "utf-8")
    proposal = suggest.suggest(tmp_path, "kueste")
    markers = tomllib.loads(proposal)["markers"]
    assert markers == {"promotion": [], "related": ["Zuletzt:"]}
    assert '  # "„Wir haben das Watt nicht geerbt, wir haben' in proposal


def test_few_texts_tell_no_layout(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text(article(number), "utf-8")
    table = tomllib.loads(suggest.suggest(tmp_path, "kueste"))
    assert table["layouts"] == [{"section": "guess", "teaser": "guess", "byline": "guess", "quote": "guess"}]
    assert table["markers"]["disclaimer"]


def test_another_language_is_named_with_its_figure(tmp_path: Path) -> None:
    for number in range(12):
        words = f"The harbour was quiet in the morning of day {number}, and the boats came back with the tide. " * 4
        (tmp_path / f"{number}.txt").write_text(f"Quiet harbour {number}\n\n{words}\n\n{words}\n", "utf-8")
    assert 'language = "en"  # 12 of 12 texts (100.0%)' in suggest.suggest(tmp_path, "harbour")


def test_a_hostile_folder_still_gives_a_profile(folder: Path, load: Callable[[str], Profile]) -> None:
    """What repeats goes into TOML and to a terminal: it must break neither."""
    evil = 'Zitat "am" Kai \\ mit\x9b31m \u202eallem und noch mehr, das sich in jedem Text wiederholt """ # Ende'
    for path in folder.rglob("*.txt"):
        path.write_text(path.read_text("utf-8") + f"\n{evil}\n", "utf-8")
    (folder / "a.txt").write_bytes(b"\0\1")
    (folder / "b.txt").write_bytes(b"")
    (folder / "c.txt").symlink_to("/dev/zero")
    with zipfile.ZipFile(folder / "d.zip", "w") as archive:
        archive.writestr("a.txt", article(41))
        archive.writestr("image.jpg", b"")  # ignored, and so not missed
    proposal = suggest.suggest(folder, "kueste")
    assert "# Not read: 1 E_EMPTY, 1 E_INVALID_ENCODING, 1 E_SYMLINK." in proposal
    assert not [c for c in proposal if not c.isprintable() and c != "\n"]
    markers = load(proposal).markers["disclaimer"]
    assert any(marker.startswith('Zitat "am" Kai \\ mit\x9b31m \u202eallem') for marker in markers)


def same_blocks(paths: Iterable[Path], one: Profile, other: Profile) -> float:
    """Return the share of the blocks of the `other` profile that the `one` finds too."""
    same = total = 0
    for path in paths:
        try:
            text = decoding.decode(path.read_bytes()).text
        except Rejected:
            continue
        blocks = set(split(text, other))
        same, total = same + len(blocks & set(split(text, one))), total + len(blocks)
    return same / total


def beginnings(profile: Profile) -> list[tuple[str, str]]:
    return [(layout.section, layout.teaser) for layout in profile.layouts]


def test_the_sample_publishers_are_found_out(seeds: Path, load: Callable[[str], Profile]) -> None:
    for name, least in (("nordblick", 0.98), ("hafenkurier", 0.98), ("stadtbote", 1)):
        proposed, by_hand = load(suggest.suggest(seeds / name, name)), publishers.profile(name)
        assert same_blocks((seeds / name).rglob("*.txt"), proposed, by_hand) >= least
        assert beginnings(proposed) == beginnings(by_hand)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the real corpus, ../shared, is not here")
@pytest.mark.parametrize("publisher", ["rt_de", "sueddeutsche", "tagesspiegel", "zeit"])
def test_real_publishers_are_found_out(publisher: str, load: Callable[[str], Profile]) -> None:
    folder = CORPUS / "landing" / publisher
    proposed, by_hand = load(suggest.suggest(folder, publisher)), publishers.profile(publisher)
    some = sorted(folder.rglob("*.txt"))[::4]
    share = same_blocks(some, proposed, by_hand)
    assert share > min(same_blocks(some, publishers.default_profile(), by_hand), 0.99)  # the default alone may do
    assert share > 0.98
    assert beginnings(proposed) == beginnings(by_hand)


def test_the_command_prints_toml(folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["publishers", "suggest", str(folder)]) == 0
    assert tomllib.loads(capsys.readouterr().out)["title"] == "kueste"
    folder.rename(tmp_path / "Küste")
    assert cli.main(["publishers", "suggest", str(tmp_path / "Küste")]) == 0
    assert tomllib.loads(capsys.readouterr().out)["title"] == "my_publisher"
    assert cli.main(["publishers", "suggest", str(tmp_path / "Küste"), "--name", "watt"]) == 0
    assert tomllib.loads(capsys.readouterr().out)["title"] == "watt"
    assert cli.main(["publishers", "suggest", str(tmp_path / "Küste"), "--name", "Küste"]) == 2
    assert "no publisher's name" in capsys.readouterr().err


def test_a_folder_without_texts_is_a_bad_request(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="there is no folder"):
        suggest.suggest(tmp_path / "nowhere", "kueste")
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(RequestError, match=r"a\.txt is a file: name a folder"):
        suggest.suggest(tmp_path / "a.txt", "kueste")
    with pytest.raises(RequestError, match="holds no texts that can be read"):
        suggest.suggest(tmp_path, "kueste")


def test_a_landing_zone_is_no_publishers_folder_and_a_day_names_its_publisher(folder: Path) -> None:
    assert tomllib.loads(suggest.suggest(folder / "2024-03-01"))["title"] == "kueste"
    other = folder.parent / "watt" / "2024-03-01" / "1.txt"
    other.parent.mkdir(parents=True)
    other.write_text(article(1), "utf-8")
    with pytest.raises(RequestError, match=r"holds several publishers \(kueste, watt\): name the folder of one"):
        suggest.suggest(folder.parent)
