"""What stands around a text and has no marker: who wrote it, what it is about, who signed it, who wrote posts."""

from __future__ import annotations

import pytest
from newslake import publishers
from newslake.blocks import Block, split
from newslake.posts import is_post

from tests.test_markers import TEXT, roles_of

BIOS = [
    "Ada Lund ist Historikerin und arbeitet über die Geschichte der Küste.",
    "Prof. Dr. Ada Lund lehrt Meereskunde an der Universität Kiel.",
    "Jo van Reet, Jahrgang 1961, war dreißig Jahre lang Lotse.",
    "Ada Lund, geboren 1980 in Husum, studierte Geographie.",
    "Ada Lund (SPD) ist Abgeordnete im Landtag und wohnt auf Föhr.",
    "– Jo Holm ist freier Journalist. Sein Buch „Ebbe“ ist gerade erschienen.",
    "Jo Holm schreibt hier jede Woche über Wind und Wetter.",
    "Ada Lund ist Meteorologin.",
    "Dr. Ada Lund leitet das Institut für Wellenkunde in Kiel.",
    "Ada Lund berichtet seit 2015 aus Kopenhagen.",
    "Ada Lund war von 2001 bis 2010 Hafenmeisterin auf Föhr.",
    "Ada Lund, Kapitänin aus Husum, schreibt an Bord ihr drittes Buch.",
    "Ada Lund und Jo Holm lehren Meereskunde in Kiel.",
    "(Ada Lund ist Professorin für Meereskunde.)",
]
NO_BIOS = [
    "Ada Lund ist zufrieden mit dem Winter, der so mild war wie lange keiner.",
    "Ada Lund ist Historikerin. Die Deiche, sagte sie, hätten noch jedes Dorf entzweit.",
    "Der Hafen ist Sitz der Direktoren aller Reedereien an der Küste.",
    "Die Insel war immer Heimat von Forschern und Künstlern.",
    "Ada Lund war am Morgen auf der Mole.",
]
SIGNED = {
    "mit dpa": "Die Sitzung ist öffentlich. mit dpa",
    "Ada Lund/dpa": "Die Sitzung ist öffentlich. Ada Lund/dpa",
    "Mit Material von dpa und AFP": "Mit Material von dpa und AFP",
    "Mit Agenturmaterial": "Mit Agenturmaterial",
    "(mit Material von dpa)": "Die Sitzung ist öffentlich. (mit Material von dpa)",
    "Quelle: dpa": "Quelle: dpa",
    "(mit hol)": "Die Sitzung ist öffentlich. (mit hol)",
    "(hol/lun)": "Die Sitzung ist öffentlich. (hol/lun)",
    "© dpa-infocom, dpa:240304-99-12345/2": "© dpa-infocom, dpa:240304-99-12345/2",
    "Reuters, dpa, AFP, lund": "Reuters, dpa, AFP, lund",
    "Ada Lund, dpa": "Ada Lund, dpa",
    "Ada Lund (dpa)": "Ada Lund (dpa)",
    "(dpa) / lund": "(dpa) / lund",
    "MDR (flw)": "MDR (flw)",
    "Mit dpa": "Die Sitzung ist öffentlich. Mit dpa",
    "(mit Agenturen)": "Die Sitzung ist öffentlich. (mit Agenturen)",
    "(Agenturen)": "(Agenturen)",
    "dpa/lund": "dpa/lund",
}


@pytest.mark.parametrize("line", BIOS)
def test_a_sentence_on_who_wrote_is_a_bio(line: str) -> None:
    assert roles_of(line)[-1] == "bio"


@pytest.mark.parametrize("line", NO_BIOS)
def test_a_sentence_on_somebody_is_text(line: str) -> None:
    assert roles_of(line)[-1] == "body"


def test_whom_the_text_speaks_of_has_no_bio() -> None:
    text = (*TEXT, "Am Deich arbeitet auch Ada Lund, die jeden Stein hier kennt und keinem traut.", TEXT[2], TEXT[3])
    assert roles_of("Ada Lund ist Historikerin und wohnt seit zwanzig Jahren auf der Insel.", text)[-1] == "body"


def test_who_was_asked_has_no_bio() -> None:
    text = (TEXT[0], "Die Historikerin über Deiche und Dörfer. Ein Interview.", *TEXT[1:])
    assert roles_of("Ada Lund ist Historikerin und wohnt seit zwanzig Jahren auf der Insel.", text)[-1] == "body"


@pytest.mark.parametrize(("signature", "line"), SIGNED.items())
def test_signatures_in_words_and_with_names(signature: str, line: str) -> None:
    text = "\n\n".join([*TEXT, line])
    assert split(text, publishers.default_profile())[-1] == Block("signature", len(text) - len(signature), len(text))


@pytest.mark.parametrize(
    "line",
    [
        "Die Gäste kamen mit Reuters Wagen",
        "Mit Material von der Mole flickte er das Dach.",
        "Foto: Ada Lund/dpa",
        "Das ist alles (fast)",
        "So sagte es Ada Lund (dpa-Chefin)",
        "Mit dabei sind die Mole, der Hafen, dpa und Gäste",
        "Der Anruf kam von Ada Lund, dpa",
    ],
)
def test_words_that_only_end_like_a_signature(line: str) -> None:
    assert "signature" not in roles_of(line)


def test_an_agency_and_its_editors_sign_wherever_their_line_stands() -> None:
    below = "Alle Rechte vorbehalten."
    for line, role in (("dpa lu/kr", "signature"), ("epd ho lu/kr", "signature"), ("abc lu/kr", "body")):
        text = "\n\n".join([*TEXT, line, below])
        block = Block(role, text.index(line), text.index(line) + len(line))
        assert block in split(text, publishers.default_profile())


def test_the_author_of_another_text_far_from_both_ends() -> None:
    text = [
        *TEXT,
        *TEXT[1:],
        "Der Autor ist für seine Strenge bekannt, und das Buch zeigt, warum.",
        *TEXT[1:],
        *TEXT[1:],
    ]
    assert "bio" not in [block.role for block in split("\n\n".join(text), publishers.default_profile())]


EVENTS = [
    "„Nebel über der Mole“, Donnerstag, 20.15 Uhr, Arte",
    "Deichmusik, Samstag, 9. März, Kirche St. Clemens, Nebel",
    "Wittdün, Haus des Gastes, bis 9. März.",
    "Tag der Lotsen, Hafen Wittdün, www.example.org/lotsen",
    "Öffnungszeiten: 9. bis 30. März, dienstags bis sonntags von 10 bis 17 Uhr",
]


@pytest.mark.parametrize("line", EVENTS)
def test_a_last_line_that_says_when_and_where_is_a_note(line: str) -> None:
    assert roles_of(line)[-1] == "note"
    assert "note" not in roles_of(TEXT[1], (*TEXT, line, *TEXT[1:]))


@pytest.mark.parametrize(
    "line",
    [
        "Am 9. März, so die Gemeinde, wird wieder gebaut",
        "Am 9. März, einem Samstag, kam das Wasser.",
        "Ebbe, Flut, Wind",
    ],
)
def test_a_last_line_that_says_what_happens_is_text(line: str) -> None:
    assert roles_of(line)[-1] == "body"


ON_THE_TEXT = [
    "Eine frühere Version dieses Artikels enthielt eine falsche Zahl der gesperrten Liegeplätze.",
    "Zunächst hieß es in diesem Artikel, die Lotsen verlangten doppelten Lohn. Das haben wir korrigiert.",
    "In diesem Text stand ursprünglich, die Bojen seien gestohlen worden.",
    "Wir haben die Überschrift nachträglich geändert.",
    "Wir haben die Zahl der Liegeplätze nach der Veröffentlichung berichtigt.",
    "In der Printausgabe dieses Textes ist der Name des Hafenmeisters falsch geschrieben.",
    "Dieser Artikel wurde am 12. Juni um 14.30 Uhr aktualisiert.",
    "Dieser Beitrag stammt aus unserem Brief von der Küste.",
    "Dies ist ein gekürzter Auszug aus dem Buch „Nebel über der Mole“, das am Montag erscheint.",
    "Die Recherche für diesen Text wurde von der Stiftung Leuchtfeuer gefördert.",
    "Der vollständige Name des Fischers ist der Redaktion bekannt.",
    "Kreisen Ihre Gedanken darum, sich das Leben zu nehmen? Sprechen Sie mit anderen darüber.",
    "Betroffene von Gewalt finden beim Hilfetelefon zu jeder Stunde jemanden, der zuhört.",
    "„Nebel über der Mole“ läuft ab dem 12. Juni auf Arte und in der Mediathek.",
    "Anders als zunächst berichtet, fährt die Fähre auch am Sonntag.",
    "Entgegen unserer ersten Darstellung war die Hafenmeisterin nicht an Bord.",
    "Uns ist ein Fehler unterlaufen: Die Fahrt kostet 40 Euro.",
    "Danke für den Hinweis, wir haben das Datum der Fahrt berichtigt.",
    "Diese Reportage ist eine Zusammenarbeit mit dem Inselfunk.",
    "Unsere Reporterin war auf Einladung der Reederei an Bord.",
    "Mit Hilfe von KI erstellt und von der Redaktion geprüft.",
    "Dieser Text ist mehr als ein Jahr alt.",
    "Die Zitate wurden der Lesbarkeit wegen leicht gekürzt.",
    "Ergänzt am 5. März um die Antwort der Reederei.",
    "Im dritten Absatz haben wir eine Jahreszahl korrigiert.",
    "Zu den Bojen gab es Fragen. In früheren Fassungen des Textes stand eine andere Zahl.",
    "Diese Meldung haben wir am Abend um die Antwort der Reederei ergänzt.",
    "Sie sind selbst betroffen? Die Telefonseelsorge ist zu jeder Stunde da.",
    "Wer betroffen ist, bleibt nicht allein: Hilfe gibt es bei der Telefonseelsorge.",
]
ON_SOMETHING_ELSE = [
    "Der Bericht wurde am Montag in Husum veröffentlicht und löste sofort Streit aus.",
    "Der Artikel ist in der Zeitschrift „Strandgut“ erschienen und wurde viel gelesen.",
    "Das Gespräch fand hinter verschlossenen Türen statt, niemand wollte danach etwas sagen.",
    "Die Telefonseelsorge meldet seit dem Sturm mehr Anrufe als sonst, vor allem von Älteren.",
    "Bei der Telefonseelsorge hört Lund zu: „Wenn Sie anrufen, sind Sie nicht allein“, sagt sie.",
    "An dieser Stelle stand früher ein Leuchtturm, heute liegt dort ein Parkplatz.",
    "In der Zwischenzeit haben wir den Kurs geändert, sagte der Kapitän am Abend.",
    "Dieser Beitrag zur Kasse der Stadt ist zu klein, um die Schule zu sanieren.",
    "Anders als im Vorjahr berichtet kaum jemand von nassen Kellern.",
    "Entgegen einer früheren Ankündigung bleibt die Mole gesperrt.",
    "Korrigiert wurde auch die Zahl der Boote, es sind jetzt zwölf.",
    "Einen Fehler haben wir gemacht, sagt die Wirtin, und zwar im Mai.",
    "Richtig ist, dass die Mole dem Kreis gehört.",
]


@pytest.mark.parametrize("line", ON_THE_TEXT)
def test_what_the_end_of_a_text_says_of_the_text_is_a_note(line: str) -> None:
    assert roles_of(line)[-1] == "note"
    assert "note" not in roles_of(TEXT[1], (*TEXT, line)), "in the middle of a text it is one of its sentences"


@pytest.mark.parametrize("line", ON_SOMETHING_ELSE)
def test_what_the_end_of_a_text_says_of_something_else_is_text(line: str) -> None:
    assert roles_of(line)[-1] == "body"


OFFERED = [
    "Diese Kolumne gibt es auch als Newsletter.",
    "Unter dem Text können Sie Ihren Kommentar hinterlassen.",
    "Möchten Sie etwas kritisieren? Dann schreiben Sie uns gern.",
    "Für Ihre Kommentare gilt unsere Netiquette.",
    "Mit dem Inselabo lesen Sie weiter, so weit das Meer reicht.",
]
NOT_OFFERED = [
    "Ein Abo für die Fähre hat auf der Insel kaum jemand gekauft.",
    "Die Gemeinde plant einen Newsletter für alle, die Boote haben.",
    "„Ihr Kommentar war unnötig“, sagte Lund dem Bürgermeister.",
]


@pytest.mark.parametrize("line", OFFERED)
def test_what_the_page_offers_its_readers_is_a_disclaimer(line: str) -> None:
    assert roles_of(line)[-1] == "disclaimer"


@pytest.mark.parametrize("line", NOT_OFFERED)
def test_what_others_offer_is_text(line: str) -> None:
    assert roles_of(line)[-1] in ("body", "quote")


TITLES = [
    "> Deich: Die Chronik eines Lochs",
    "Möwe stiehlt Brötchen vom Teller (insel.example.at; 2.7.2023)",
    "Auch im Kino: „Nachtfahrt mit Möwe“",
    "Quiz: Erkennen Sie diese Fische?",
]


@pytest.mark.parametrize("line", TITLES)
def test_a_last_line_like_a_title_with_a_colon_leads_to_another_text(line: str) -> None:
    assert roles_of(line)[-1] == "related"
    assert "related" not in roles_of(TEXT[1], (*TEXT, line)), "over a paragraph it is a heading"


def test_several_last_lines_like_titles_lead_to_other_texts() -> None:
    lines = ("Wie die Lotsen durch den Winter kommen", "Der Bagger steht wieder in der Rinne")
    assert roles_of(lines[1], (*TEXT, lines[0]))[-3:] == ["body", "related", "related"]


@pytest.mark.parametrize(
    "line",
    [
        "Gehört von Ada van der Lund",
        "Auskunft: Ada Lund, Jo Holm",
        "Eintritt: frei für alle unter 12",
        "Die Fähre fährt wieder",
    ],
)
def test_a_last_line_that_only_looks_like_a_title(line: str) -> None:
    assert "related" not in roles_of(line)


def test_a_caption_with_agency_and_name_between_the_paragraphs() -> None:
    assert roles_of(TEXT[1], (*TEXT, "Störche warten am Rhein auf Wind. Keystone/Ada Lund"))[-2:] == ["caption", "body"]


def test_the_code_of_a_short_message_is_no_hashtag() -> None:
    assert not is_post("Wer helfen will, schickt eine SMS mit #Deich oder #Hafen an die Nummer der Gemeinde.")


def test_a_post_with_its_account_in_front() -> None:
    assert is_post('@hafenkind: "Nie wieder Fähre mit Musik"')
    assert not is_post("@ ist ein Zeichen, das auf der Insel niemand braucht")


SHORT = ("Das war knapp.", "Der Deich hielt.", "Die Fähre fuhr wieder.", "Am Abend war Ruhe.")


def test_short_lines_are_no_reactions_if_nobody_writes_like_that() -> None:
    text = (TEXT[0], TEXT[1], "In den sozialen Netzwerken gab es viele Bilder:", *SHORT, TEXT[2], TEXT[3])
    assert "embed" not in roles_of(TEXT[4], text)


def test_lines_like_posts_are_none_if_nothing_announces_them() -> None:
    lines = ("Was für ein Sturm!!!", "So eine Welle... unfassbar", "Und dann DAS DACH weg!!", "Danke Nachbarn!!")
    assert "embed" not in roles_of(TEXT[4], (TEXT[0], TEXT[1], "Aus dem Tagebuch des Lotsen:", *lines, TEXT[2]))
    assert roles_of(TEXT[4], (TEXT[0], TEXT[1], "Auf Twitter liest man:", *lines, TEXT[2])).count("embed") == 4


def test_a_name_below_its_lead_is_one_byline_with_it() -> None:
    blocks = split("\n\n".join([TEXT[0], "Von", "Ada Lund", *TEXT[1:]]), publishers.default_profile())
    assert [block.role for block in blocks[:2]] == ["headline", "byline"]


def test_an_appeal_for_money_has_its_heading_right_over_it() -> None:
    appeal = "Jedes Abo hält unser Blatt am Leben, und dafür danken wir."
    assert roles_of(appeal, (*TEXT, "In eigener Sache"))[-2:] == ["disclaimer", "disclaimer"]
    assert (
        "disclaimer" not in roles_of(appeal, (*TEXT, "In eigener Sache", "Ein Beitrag geteilt von Hafen (@hafen)"))[:-1]
    )
