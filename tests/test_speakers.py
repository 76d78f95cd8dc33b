"""Who speaks: the subject of the verb of speech, and what is no speaker, one sentence each."""

from __future__ import annotations

import pytest
from newslake.speakers import subject

from tests.test_speech import BODY, quotes_of


def speaker_of(body: str) -> str | None:
    """Return the speaker of the last quotation of an article whose text ends with these paragraphs."""
    speaker: str | None = quotes_of(body)[-1]["speaker"]
    return speaker


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("Das Eis, das, wie die Lotsin Ada Lund einmal sagt, gern „wie ein altes Brett“ bricht, ist fort.", "Ada Lund"),
        (
            "Das Amt der Lotsen sei „ganz und gar gerüstet“, betont die Lotsin Ada Lund und verweist auf „den Kai“.",
            "Lund",
        ),
        (
            "Die Mole müsse „bald neu gebaut“ werden, wie das alte Boot, das hier liegt, sinke, warnte Ada Lund.",
            "Ada Lund",
        ),
        ("Sie blieb als „Vorsicht“ im Hafen, wie die Leiterin der Werft, Ada Lund, mitteilte.", "Ada Lund"),
        ("Wie der Chef der Werft, Jo Reet, warnte auch die Lotsin Ada Lund, vor Eile: „Das ist gut so.“", "Ada Lund"),
        ("Wie die Kinder, so die Lotsin Ada Lund, seien „auch die Alten“ am Kai.", "Ada Lund"),
    ],
)
def test_the_subject_stands_in_the_clause_of_its_verb(body: str, speaker: str) -> None:
    assert speaker in (speaker_of(body) or "")


@pytest.mark.parametrize(
    "body",
    [
        "Ada Lund winkt. „Das ist gut so“, ruft einer.",
        "Ada Lund winkt. „Das ist gut so“, ruft eine andere vom Kai.",
        "Ada Lund winkt. Ein dritter meint: „Das ist gut so.“",
        "Ada Lund winkt. „Das Eis kommt“, so wenigstens das Klischee.",
    ],
)
def test_nobody_in_particular_speaks(body: str) -> None:
    assert speaker_of(body) is None


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("„Das ist gut so“, heißt es auf der Homepage der Werft Reet.", "Werft Reet"),
        ("Auf der Homepage der Werft Reet heißt es: „Das ist gut so.“", "Werft Reet"),
        (
            "Vor allem der Streit von vielen Booten, heißt es im Bericht der Werft, sei „alles gut gegangen“.",
            "Bericht der Werft",
        ),
        ("Auch im Brief der Werft, der der dpa vorliegt, heißt es: „Das ist gut so.“", "Brief der Werft"),
        ("Das sei „ein alter Kahn“, Boote würden fort sein, werden alle gehen, sagte Ada Lund.", "Ada Lund"),
        ("Das sei „ein alter Kahn“, wurden die Forscher zitiert.", "Forscher"),
        ("„Das ist gut so“, zitiert die Zeitung eine Fischerin.", "Fischerin"),
        ("Jo Thoma baut. Das ist der Zunft Thoma zufolge „ein ganz alter Kahn“.", "Jo Thoma"),
        (
            "Im Text loben die Forscher die Blüte. Im O-Ton lautet das so: „Das Eis ist weg und kommt nicht.“",
            "Forscher",
        ),
    ],
)
def test_where_something_is_written_and_who_is_cited(body: str, speaker: str) -> None:
    assert speaker_of(body) == speaker


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("Der Lotse Jo Reet winkt. „Das ist gut so“, sagt der 27 Jahre alte Reet.", "Jo Reet"),
        ("Der Chef des Verbandes, Nordlands Minister Jo Reet, winkt. „Das ist gut so“, sagt er.", "Jo Reet"),
        ("„Das ist gut so“, sagt Gesa zu Lund.", "Gesa"),
        ("„Das ist gut so“, schreibt das Magazin Tau & Anker.", "Magazin Tau & Anker"),
        ("Ada Lund kam. Gestern schilderte Lund Folgen: „Das Eis ist weg und kommt nicht.“", "Ada Lund"),
        ("Die Ärzte gingen. Die Spezialisten sagten: „Das ist gut so.“", "Spezialisten"),
    ],
)
def test_a_name_is_as_long_as_it_is(body: str, speaker: str) -> None:
    assert speaker_of(body) == speaker


def test_two_nouns_behind_a_preposition_are_no_subject() -> None:
    who = subject("Mit dem Geld von Werft und Lotsen will Nordfisch bauen")
    assert who is not None and who.name == "Nordfisch"


FAR = "„Das Eis ist fort“, sagte Ada Lund.\n\n" + 4 * BODY


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        (
            "Die Hafenbehörde teilte mit, dass sie baut. Die Kisten stehen nun „Wand an Wand bis unter das Dach“.",
            "Hafenbehörde",
        ),
        (
            "Die Nordhafener Zeitung berichtet das. Die Kisten stehen „Wand an Wand bis unter das Dach“.",
            "Nordhafener Zeitung",
        ),
        ("Die Kälte meldete sich zurück. Die Kisten stehen „Wand an Wand bis unter das Dach“.", None),
        ("Der Bericht warnt vor Eile. Das Dach sei „für alle Kisten viel zu klein“.", "Bericht"),
        ("Die Kälte meldete sich zurück. Das Dach sei „für alle Kisten viel zu klein“.", "Ada Lund"),
        ("Eine Händlerin wartet am Kai. „Das Dach ist dicht“, sagt sie.", "Händlerin"),
        ("Die Händlerin wartet am Kai. „Das Dach ist dicht“, sagt sie.", "Ada Lund"),
    ],
)
def test_who_spoke_long_ago_is_taken_last(body: str, speaker: str | None) -> None:
    assert speaker_of(FAR + body) == speaker
