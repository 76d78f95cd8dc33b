"""Which paragraphs are direct speech as a whole: in texts that set it off without marks, and in those that do not."""

from __future__ import annotations

import pytest
from newslake import publishers
from newslake.blocks import split

HEAD = (
    "Inland",
    "Die Fähre nach Amrum fährt nach dem Sturm wieder",
    "Zwei Tage lang lag die Insel ohne Verbindung da. Nun kehren die Gäste zurück.",
    "Die erste Fähre legte am Morgen ab, mit dreihundert Gästen und der Post von zwei Tagen an Bord.",
)
REPORT = "Auf der Insel blieb es ruhig. Der Laden am Deich hatte vorgesorgt, und die Schule öffnete wieder."
CLAIM = "Die Kapitänin widersprach. Sie erklärte, dass der Hafen dafür zu flach sei."
BELOW = "Am Abend gingen die letzten Gäste nach Hause, und an der Mole wurde es still."

# Behind a paragraph that announces nothing.
SPEECH = [
    (REPORT, "Wir haben in der Turnhalle Karten gespielt und auf das Schiff gewartet."),
    (REPORT, "Wir haben seit gestern kein Brot mehr. Wann kommt das nächste Schiff?"),
    (REPORT, "Der Hafen [in Husum] braucht eine tiefere Rinne, sonst liegt dort alles still."),
    (REPORT, "Der Winter kommt jedes Jahr, (…) und jedes Jahr ist keiner bereit."),
    (REPORT, 'Das ist die "Rinne", das ist der "Graben", und keiner baggert", sagte die Kapitänin.'),
    (CLAIM, "Man kann nicht im Sommer die Rinne vergessen und sich im Winter wundern."),
    ("Der Hafen braucht einen Bagger, so die Kapitänin.", "Man kann nicht immer nur auf den Sommer warten."),
    (CLAIM, "Wenn die Rinne bis zum Januar nicht tiefer wird, fährt im Februar kein einziges Schiff mehr."),
]
NO_SPEECH = [
    (REPORT, "Was wir über den Sturm wissen und was noch niemand weiß, steht in dieser Liste:"),
    (REPORT, "Der Weg über das Watt ist bei Nebel unsicher und länger als der über den Deich."),
    (REPORT, "Laut dem Bericht müssen wir an der Küste mit mehr Stürmen rechnen."),
    (REPORT, "Wie kommen wir nun mit dem Gepäck und den Kindern wieder auf die Insel hinüber?"),
    (REPORT, "Wir haben seit gestern kein Brot mehr. Können Sie bitte ein Schiff schicken?"),
    (REPORT, 'Wir bleiben bei jedem Wetter auf der Insel", sagte die Kapitänin, "und wir warten auf das Schiff."'),
    (REPORT, 'Der Satz "Wir bleiben hier" stand am Morgen in großen Buchstaben an der Mole.'),
    (REPORT, 'Der Hafen [in Husum] soll ein "Tor zur Welt" werden.'),
    (REPORT, 'Der Streit um "Rinne", "Graben" und die Frage, wer baggert", das war der ganze Abend.'),
    (REPORT, "Lund sagte [in Husum] am Abend, der Hafen ist für diese Schiffe zu flach."),
    (REPORT, "– Sie gehen am Abend nach Hause."),
    (CLAIM, "Man sieht an der Küste das Eis schon im November auf dem Wasser."),
    (CLAIM, "An manchen Tagen muss der Kai an der Küste bis zum Abend gesperrt bleiben."),
    (CLAIM, 'Man kann an der Küste nicht mehr von "Sommer" reden.'),
    (REPORT, "Man kann nicht im Sommer die Rinne vergessen und sich im Winter wundern."),
    (
        CLAIM,
        "Wie kann man einen Sommer lang die Rinne vergessen und sich im Winter wundern, wenn hier"
        " kein Schiff mehr fährt und niemand zur Arbeit kommt?",
    ),
    (CLAIM, "Der Hafen an der Westküste ist seit Langem zu flach für große Schiffe."),
    (CLAIM, "Man kann auf den Karten sehen, dass die Rinne früher tiefer war."),
    (CLAIM, "Man muss das Eis ernst nehmen, sagt der Landrat seit vielen Jahren."),
    (CLAIM, "Nach Angaben des Amtes muss man an der Küste mit Eis rechnen."),
    (CLAIM, "Man kann am Kai noch nicht wissen, wer an diesem Abend recht habe."),
]
# Behind a colon.
ANNOUNCED = [
    ("Ada Lund, die Kapitänin:", "Die Insel kam zwei Tage lang ohne das Festland aus."),
    ("Die Kapitänin sagte am Abend:", "Für die Gäste der Fähre nach Amrum und deren Gepäck gilt:"),
    ("Dazu Ada Lund:", "Die Insel kam zwei Tage lang ohne das Festland aus."),
    ("Am Kai stand an diesem Morgen angeschrieben:", "Kein Zutritt für Hunde und Katzen"),
    ("Die Kapitänin zog am Abend vor den Gästen Bilanz:", "Die Insel kam zwei Tage lang ohne das Festland aus."),
    ("Die Kapitänin sagte am Abend:", '"Die Rinne ist zu flach", so weit das Amt. "Der Graben ist es nicht."'),
    ("Die Kapitänin sagte am Abend:", '"Die "Rinne" ist zu flach, der "Graben" ist es nicht", so sagte sie weiter:'),
]
NOT_ANNOUNCED = [
    ("Ada Lund:", "Die Insel kam zwei Tage lang ohne das Festland aus."),
    ("Abfahrt   Ankunft   Preis für einen Erwachsenen mit Gepäck:", "Husum   Amrum   zwölf Euro und ein halber."),
    ("Am Kai stand an diesem Morgen angeschrieben:", "Für die Gäste der Fähre nach Amrum und deren Gepäck gilt:"),
    ("Die Kapitänin sagte am Abend:", '"Rinne" und "Graben" und "Loch", das waren die Worte des Abends.'),
]


def role_of(lead: str, part: str, publisher: str = "nordblick", head: tuple[str, ...] = HEAD) -> str:
    """Split an article with two paragraphs in its middle; return the role of the second."""
    text = "\n\n".join([*head, lead, part, BELOW])
    blocks = split(text, publishers.profile(publisher))
    return next(block.role for block in blocks if text.startswith(part, block.start))


@pytest.mark.parametrize(("lead", "part"), [*SPEECH, *ANNOUNCED])
def test_speech_without_marks(lead: str, part: str) -> None:
    assert role_of(lead, part) == "quote"


@pytest.mark.parametrize(("lead", "part"), [*NO_SPEECH, *NOT_ANNOUNCED])
def test_what_only_sounds_like_speech(lead: str, part: str) -> None:
    assert role_of(lead, part) == "body"


@pytest.mark.parametrize(
    "part",
    [
        "Wir haben in der Turnhalle gewartet.",
        "Der Hafen [in Husum] braucht eine Rinne.",
        'Das ist "Ebbe", das ist Flut", sagte die Kapitänin.',
    ],
)
def test_where_quotations_have_marks_nothing_without_them_is_one(part: str) -> None:
    assert role_of(REPORT, part, "zeit") == "body"


def test_where_quotations_have_marks_words_of_a_report_are_none() -> None:
    report = 'Die Rinne sei zu "flach" und der Hafen zu "eng", für Schiffe dieser Größe tauge er nicht.'
    assert role_of("Die Kapitänin sagte am Abend:", report, "zeit") == "body"


def test_a_closing_mark_near_the_end_is_enough_everywhere() -> None:
    assert role_of(REPORT, 'Wir kommen gut ohne das Festland aus", das war ihr letztes Wort.', "zeit") == "quote"


def test_what_goes_on_for_long_behind_a_closing_mark_is_text() -> None:
    rest = ", das war ihr letztes Wort, und dann ging sie hinaus auf die Mole, wo die Leute seit dem Morgen standen,"
    part = f'Wir kommen gut ohne das Festland aus"{rest} ohne Brot, ohne Nachricht von dem Schiff, das sie holen soll.'
    assert role_of(REPORT, part, "zeit") == "body"


@pytest.mark.parametrize(
    ("between", "role"),
    [("Die Rinne ist leer und das Watt auch.", "quote"), ('Die "Rinne" ist leer und das Watt auch.', "body")],
)
def test_a_quotation_goes_on_over_paragraphs_without_marks(between: str, role: str) -> None:
    opened, closed = '"Wir warten seit gestern auf das Schiff.', 'Morgen soll es fahren", sagte die Kapitänin.'
    text = "\n\n".join([*HEAD, REPORT, opened, between, closed, BELOW])
    blocks = split(text, publishers.profile("zeit"))
    assert [block.role for block in blocks[-4:]] == ["quote", role, "quote", "body"]


BARE = "Wir haben dreimal um einen Bagger gebeten und nie eine Antwort bekommen."
LEAD = "Die Kapitänin sagte am Abend:"


@pytest.mark.parametrize(
    ("role", "announced"),
    [
        ("quote", (LEAD, "Der Winter fragt nicht, wer zuständig ist.")),
        ("body", (LEAD, "Der Winter fragt nicht")),
        ("body", (LEAD, "1. Der Winter fragt nicht, wer zuständig ist.")),
        ("body", (LEAD, "The winter never asks who is in charge of the ships here. #winter #ships")),
        ("body", ("Im Hafen liegen zurzeit:", "Zwei Kutter, eine Fähre und ein Bagger.")),
        ("body", (LEAD, "Der Winter fragt nicht, wer zuständig ist.", LEAD, '"Wer wartet, der fährt gar nicht."')),
    ],
)
def test_a_text_without_a_profile_shows_whether_it_cites_without_marks(role: str, announced: tuple[str, ...]) -> None:
    assert role_of(REPORT, BARE, "stadtbote", (*HEAD, *announced, REPORT)) == role


def test_the_first_person_behind_a_colon_is_speech_everywhere() -> None:
    lead = "Am Kai hing an diesem Morgen ein Zettel der Reederei:"
    assert role_of(lead, "Wir bitten um Geduld und fahren, sobald es geht.", "zeit") == "quote"
    assert role_of(lead, "Die Fähre nach Amrum fährt nicht vor Mittag.", "zeit") == "body"


@pytest.mark.parametrize(
    "head",
    [
        (*HEAD[:3], "Ich stehe am Morgen an der Mole und zähle die Koffer der Gäste, die heimkehren wollen."),
        (*HEAD, "Am Kai treffe ich den Lotsen.", "Er zeigt uns die Rinne.", "Dann fahren wir hinaus, und ich friere."),
    ],
    ids=["says so at once", "in most paragraphs"],
)
def test_authors_who_speak_of_themselves_cite_nobody_by_it(head: tuple[str, ...]) -> None:
    assert role_of(REPORT, "Wir haben in der Turnhalle auf das Schiff gewartet.", head=head) == "body"
