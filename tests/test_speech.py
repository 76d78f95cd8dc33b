"""Quotations one by one: where they are found, who said them, and what must hold on any text."""

from __future__ import annotations

import doctest
import importlib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from newslake import articles, basis, publishers, speech
from newslake.blocks import split
from newslake.german import sentences
from newslake.quotes import marked
from newslake.speakers import subject

HEAD = "Inland\n\nFähre legt wieder ab\n\nNach zwei Tagen Sturm fahren wieder Schiffe, und der Hafen ist voll.\n\n"
BODY = "Die Schiffe fahren wieder, und auf der Mole stapeln sich die Kisten bis unter das Dach.\n\n"


def quotes_of(body: str) -> list[dict[str, Any]]:
    """Return the quotations of an article whose text ends with these paragraphs."""
    text = HEAD + BODY + body
    profile = publishers.profile("nordblick")
    quotes: Any = articles.build(text, split(text, profile), profile)["quotes"]
    return list(quotes)


def said(body: str) -> list[tuple[Any, ...]]:
    return [(quote["text"], quote["speaker"]) for quote in quotes_of(body)]


@pytest.mark.parametrize(
    ("sentence", "speaker", "cue"),
    [
        ('"Wir fahren morgen", sagte am Montag im Radio die Sprecherin Ada Lund.', "Ada Lund", "sagte"),
        ('"Wir fahren morgen", sagte Lund der Zeitung Inselbote.', "Lund", "sagte"),
        ('"Wir fahren morgen", kündigte der Chef der Werft, Jo Thoma, am Montag an.', "Jo Thoma", "kündigte"),
        ('"Wir fahren morgen", sagte die Chefin und Hafenmeisterin Ada Lund.', "Ada Lund", "sagte"),
        ('"Wir fahren morgen", sagt Ole van der Meer.', "Ole van der Meer", "sagt"),
        ('"We sail tomorrow," said harbour master Ada Lund, who laughed.', "Ada Lund", "said"),
        ('"Wir fahren morgen", so ein Sprecher des Amtes.', "Sprecher des Amtes", "so"),
        ('"Wir fahren morgen", wurde Lund von der Zeitung zitiert.', "Lund", "zitiert"),
        ('"Wir fahren morgen", hatte Ada Lund im März gesagt.', "Ada Lund", "gesagt"),
        ('"Wir fahren morgen", ist sich Ada Lund sicher.', "Ada Lund", "ist"),
        ('"Wir fahren morgen", brummelte Ada Lund.', "Ada Lund", "brummelte"),
        ('"Wir fahren morgen", ist auf der Seite der Reederei zu lesen.', "Reederei", "ist"),
        ('"Wir fahren morgen", schreibt die Inselpost.', "Inselpost", "schreibt"),
        ('Am Montag sagte Ada Lund: "Wir fahren morgen."', "Ada Lund", "sagte"),
        ('Der dpa sagte sie: "Wir fahren morgen."', None, "sagte"),
        ('Auch Jo Thoma betonte am 9. März: "Wir fahren morgen."', "Jo Thoma", "betonte"),
        ('Ada Lund, die seit März das Amt leitet, erklärte: "Wir fahren morgen."', "Ada Lund", "erklärte"),
        ('Das Blatt zitiert den Reeder Jo Thoma mit den Worten: "Wir fahren morgen."', "Jo Thoma", "zitiert"),
        ('"Wir fahren morgen?" Diese Frage stellte Ada Lund am Montag.', "Ada Lund", "stellte"),
        ('Wie Ada Lund sagte, sei man "auf alles vorbereitet, was kommt".', "Ada Lund", "sagte"),
        ('Das sei, so Ada Lund, "auf alles vorbereitet, was kommt".', "Ada Lund", "so"),
        ('Man sei "auf alles vorbereitet, was kommt", und das gern, sagte Ada Lund.', "Ada Lund", "sagte"),
        ('"Wir fahren morgen", sagt der in Nordhafen lebende Kapitän Jo Thoma.', "Jo Thoma", "sagt"),
        ('Man sei "auf alles vorbereitet, was kommt", wie Lund sagte.', "Lund", "sagte"),
        ('Von der Reederei heißt es: "Wir fahren morgen."', "Reederei", "heißt"),
        ('Und die Chefin der Werft, Ada Lund, sagte: "Wir fahren morgen."', "Ada Lund", "sagte"),
        ('Nach den Worten von Ada Lund ist man "auf alles vorbereitet, was kommt".', "Ada Lund", "Nach den Worten"),
        ('Nach Angaben Lunds ist man "auf alles vorbereitet, was kommt".', "Lund", "Nach Angaben"),
        ('Ada Lund betonte, man sei "auf alles vorbereitet", obwohl laut Plan noch viel fehle.', "Ada Lund", "betonte"),
        ('"Wir fahren morgen", sagte der Chef und frühere Kapitän Jo Thoma.', "Jo Thoma", "sagte"),
        ('"Wir fahren morgen", sagte der Chef des Amtes (AfH) Jo Thoma.', "Jo Thoma", "sagte"),
        ('"Wir fahren morgen", sagte der Sprecher der Partei im Landtag, Jo Thoma.', "Jo Thoma", "sagte"),
        ('Laut der Sprecherin Ada Lund ist man "auf alles vorbereitet, was kommt".', "Ada Lund", "Laut"),
        ('Ada Lund hat das Schiff als "auf alles vorbereitet" bezeichnet.', "Ada Lund", "bezeichnet"),
        ('Ada Lund hat den Plan als "ziemlich alten Hut" abgetan.', "Ada Lund", "abgetan"),
        ('Lund hält den Plan für "einen ziemlich alten Hut".', "Lund", "hält"),
        ('Den Plan findet Lund "wirklich sehr ärgerlich".', "Lund", "findet"),
        ('"Wir fahren morgen", sagte der Chef der Inselbank in Reet, Jo Thoma.', "Jo Thoma", "sagte"),
        ('"Wir fahren morgen", sagte die Chefin am Hafen, die Kapitänin Ada Lund.', "Ada Lund", "sagte"),
        ('"Wir fahren morgen", sagte die Sprecherin der Hafenpolizei Ada Lund.', "Ada Lund", "sagte"),
        (
            '"Wir fahren morgen", sagte der Chef des Nordischen Hohen Komitees.',
            "Chef des Nordischen Hohen Komitees",
            "sagte",
        ),
        ('Ada Lund sagt gegenüber RT DE: "Wir fahren morgen."', "Ada Lund", "sagt"),
        (
            'Laut den jüngsten Äußerungen des Reeders Jo Thoma ist das "sehr viel Arbeit".',
            "Jo Thoma",
            "Laut den jüngsten Äußerungen",
        ),
        ('Die Kapitänin bat die Gäste, "etwas mehr Geduld zu haben".', "Kapitänin", "bat"),
        ('Das Hafenamt wies darauf hin, dass es "hier sehr gefährlich sei".', "Hafenamt", "wies"),
        ('Die Wirte erzählten: "Wir fahren morgen."', "Wirte", "erzählten"),
        ('"Wir fahren morgen", sagte der Chef der Werft, Jo von Reet-Thoma.', "Jo von Reet-Thoma", "sagte"),
        ('Die Hafenmeisterin Ada ter Velde sagte: "Wir fahren morgen."', "Ada ter Velde", "sagte"),
        ('Angriffe auf das Amt – Jo Thoma nennt es "alt und müde, aber teuer" – gab es viele.', "Jo Thoma", "nennt"),
        ('Es gibt einen Brief, in dem Ada Lund den Plan kommentiert: "Wir fahren morgen."', "Ada Lund", "kommentiert"),
        ('Für Lund ist das "ein ziemlich alter Hut, leider".', "Lund", "Für"),
        ('Als der Wind drehte, "waren wir alle sehr froh", erinnert sich Ada Lund.', "Ada Lund", "erinnert"),
        ('Die Botschafterin in Nordland, Orla Reet, schrieb: "Wir fahren morgen."', "Orla Reet", "schrieb"),
        ('Der Chef der Werft Kapitän Jo Thoma sagte: "Wir fahren morgen."', "Jo Thoma", "sagte"),
        ('Ada Lund warnte, zehn bestätigte Fälle seien "erst der Anfang von allem".', "Ada Lund", "warnte"),
        ('Bezüglich der Fähre fügte Ada Lund hinzu, dass man "auf alles vorbereitet" sei.', "Ada Lund", "fügte"),
        ('Das Haus war voll, als Ada Lund sagte, dass man "auf alles vorbereitet" sei.', "Ada Lund", "sagte"),
        ('Ada Lund kritisierte die aus ihrer Sicht "viel zu alten Kähne im Hafen".', "Ada Lund", "kritisierte"),
        ('Man sei "auf alles vorbereitet, was kommt", wie HSP-Chef Jo Thoma sagte.', "Jo Thoma", "sagte"),
        ('"Mal sehen, was kommt", wich Ada Lund aus.', "Ada Lund", "wich"),
        ('"Wir fahren bei jedem Wetter", steht im Vertrag.', "Vertrag", "steht"),
        ('"Wir fahren bei jedem Wetter", steht auf dem Schild.', None, "steht"),
        ('Ada Lund, Kapitänin der Werft, erörterte: "Wir fahren morgen."', "Ada Lund", "erörterte"),
        ('Der Berufsverband Nordischer Reeder warnt: "Wir fahren morgen."', "Berufsverband Nordischer Reeder", "warnt"),
        ('"Das Bild rührt uns alle", heißt es in der Begründung der Jury.', "Begründung der Jury", "heißt"),
        ('Der Film zeigt, wovor Ada Lund schon damals warnte: "Wir fahren morgen."', "Ada Lund", "warnte"),
        ('Das Hafenamt teilte mit, man sei "auf alles vorbereitet, was kommt".', "Hafenamt", "teilte"),
        ('Ole Reet riet ab; Jo Thoma dagegen sagte, man sei "auf alles vorbereitet".', "Jo Thoma", "sagte"),
        ('Laut Hafenordnung ist ein Lotse "in jedem Fall an Bord zu nehmen".', "Hafenordnung", "Laut"),
        (
            'Die Nordhafener Hafen- und Fischereikammer warnt: "Wir fahren morgen."',
            "Nordhafener Hafen- und Fischereikammer",
            "warnt",
        ),
        ('Laut Angaben der Reederin ist man "auf alles vorbereitet, was kommt".', "Reederin", "Laut Angaben"),
        ('Das teilte das Hafenamt am Montag mit. Man sei "auf alles vorbereitet, was kommt".', "Hafenamt", None),
        (
            'Wie die "Neue Hafenpost" schreibt, ist man "auf alles vorbereitet, was kommt".',
            "Neue Hafenpost",
            "schreibt",
        ),
        ('Das Schiff, das die Chefin der Werft, Ada Lund, "einen alten Kahn" nannte, fuhr.', "Ada Lund", "nannte"),
        ('"Wir fahren morgen", sagte der US-amerikanische Kapitän Jo Thoma.', "Jo Thoma", "sagte"),
        ('Er versprach Ada Lund, "alles für die Fähre zu tun, was geht".', None, "versprach"),
        ('Nach Polizeiangaben waren die Gäste "sehr laut, aber friedlich".', "Polizei", "angaben"),
        ('Der Wind ließ nach, wie Reeder Jo Thoma am Abend sagte: "Wir fahren morgen."', "Jo Thoma", "sagte"),
        ('Am Kai liegen Kähne, die Reeder Jo Thoma als "schwimmende Särge" bezeichnet.', "Jo Thoma", "bezeichnet"),
        ('Zu Gast war Ada Lund, die den Plan "einen alten Hut" nannte.', "Ada Lund", "nannte"),
        ('Während Jo Thoma von "sehr vielen Fehlern" sprach, schwiegen alle.', "Jo Thoma", "sprach"),
        ('"Hier enden alle Wege": So beschrieb die Dichterin Ada Lund den Ort.', "Ada Lund", "beschrieb"),
        ('Die knappe Antwort des Reeders Jo Thoma: "Wir fahren morgen."', "Jo Thoma", "Antwort"),
        ('"Wir fahren morgen", sagte einer der Kapitäne dem Portal Hafen Heute.', "Kapitäne", "sagte"),
        ('"Wir fahren morgen", sagte Vizechef und Kapitän Jo Thoma.', "Jo Thoma", "sagte"),
        ('"Wir fahren morgen", sagte Hafen- und Fischereiminister Jo Thoma.', "Jo Thoma", "sagte"),
        ('"Wir fahren morgen", teilte die auch für Fähren zuständige Hafenbehörde mit.', "Hafenbehörde", "teilte"),
        ('Der Vertreter Nordlands, Kapitän Jo Thoma, sagte: "Wir fahren morgen."', "Jo Thoma", "sagte"),
        ('Im Bericht des Hafenamtes ist von "viel zu alten Kähnen" die Rede.', "Bericht des Hafenamtes", "Rede"),
        ('"Wir fahren morgen", sagte der Chef der Werft, Jo Thoma (HSP), am Montag.', "Jo Thoma", "sagte"),
        ('"Wir fahren morgen", sagte die 61-jährige Ada Lund.', "Ada Lund", "sagte"),
        ('"Wir fahren morgen", sagte die Chefin der Neuen Nordhafener Zeitung.', "Chefin", "sagte"),
    ],
)
def test_where_a_speaker_may_stand(sentence: str, speaker: str | None, cue: str) -> None:
    (quote,) = quotes_of(f"Im Hafen war es am Abend laut. {sentence} Mehr war nicht zu hören.")
    assert (quote["speaker"], quote["cue"], quote["is_set_off"]) == (speaker, cue, False)


@pytest.mark.parametrize(
    ("before", "sentence", "speaker"),
    [
        ("Ada Lund ist da.", '"Wir fahren morgen", sagte sie.', "Ada Lund"),
        ("Ada Lund traf Jo Thoma.", '"Wir fahren morgen", sagte er.', "Jo Thoma"),
        ("Reeder Jo Thoma ist da.", '"Wir fahren morgen", sagte der Reeder.', "Jo Thoma"),
        ("Ada Lund ist da.", '"Wir fahren morgen", sagte die 61-Jährige.', "Ada Lund"),
        ("Ada Lund ist da.", '"Wir fahren morgen", sagte ein Reeder.', "Reeder"),
        ("Jo Thoma ist da.", '"Wir fahren morgen", sagte der Chef der Werft.', "Jo Thoma"),
        ("Jo Thoma ist da.", '"Wir fahren morgen", sagte auch der Chef der Werft.', "Chef der Werft"),
        ("Jo Thoma ist da.", '"Wir fahren morgen", sagte der Sprecher der Werft.', "Sprecher der Werft"),
        ("Ada Lund warnte vor Eile.", 'Der Sturm trete "sehr oft im Herbst" auf.', "Ada Lund"),
        ("Ada Lund war im Hafen.", 'Ihr Fazit: "Wir fahren morgen."', "Ada Lund"),
        ("Ada Lund war da.", 'Die Fischer im Verein sind ratlos: "Wir fahren morgen."', "Ada Lund"),
        ("Ada Lund war da.", 'Die Bewohner des Kais sind ratlos: "Wir fahren morgen."', "Bewohner des Kais"),
        ("Ada Lund ist da.", '"Wir fahren morgen", schreibt der Spiegel.', "Spiegel"),
        ("Das Hafenamt ist neu.", 'Man sei "auf alles vorbereitet", heißt es aus dem Amt.', "Hafenamt"),
        ("Jo Thoma ist da.", 'Der Iran hat angekündigt, "etwas gegen den Sturm zu tun".', "Iran"),
        ("Ada Lund ist da.Jo Thoma fehlt.", '"Wir fahren morgen", sagte sie.', "Ada Lund"),
        ("Man wartet.", 'Das Hafenamt empfing das Schiff als "ein kleines Wunder aus Holz".', "Hafenamt"),
        ("Ada Lund warnte vor Eile.", 'Man habe "noch sehr viel Zeit dafür".', "Ada Lund"),
        ("Lund warnte.", 'Die Verspätung sei "sehr ärgerlich", so die Meldung.', "Meldung"),
        ("Ada Lund warnte.", 'Ihre Verspätung, so die Verwaltung, sei "sehr ärgerlich".', "Verwaltung"),
        ("Ada Lund trug ein Schild.", '"Wir fahren morgen", stand darauf.', None),
        ("Ada Lund ist da.", 'Der Denker und streitbare Autor Jo Thoma schrieb: "Wir fahren morgen."', "Jo Thoma"),
        ("Ada Lund traf Jo Thoma.", 'Sie nannte die Fahrt "alles, nur nicht ruhig".', "Ada Lund"),
        ("Ada Lund traf Jo Thoma.", 'Die Fahrt nannte er "alles, nur nicht ruhig".', "Jo Thoma"),
        ("Ada Lund ist da.", '"Wir fahren morgen", sagte die Mutter.', "Ada Lund"),
        ("Ada Lund sprach im Radio. Jo Thoma habe gefehlt.", 'Das sei "wirklich sehr ärgerlich".', "Ada Lund"),
        ("Ada Lund warnte vor Eile.", 'Jo Thoma habe "noch sehr viel Zeit dafür".', "Ada Lund"),
        ("Ada Lund warnte vor Eile.", 'Jo Thoma lobte das Schiff und "seine schöne alte Glocke".', "Jo Thoma"),
        ("Ada Lund sah das Wetter. Laut Wetter kommt Regen.", 'Man habe "noch sehr viel Zeit dafür".', "Ada Lund"),
        ("Laut Bürgermeister kommt Sturm.", 'Man habe "noch sehr viel Zeit dafür".', "Bürgermeister"),
        ("Das Wetteramt warnt vor Regen.", '"Bleiben Sie im Haus", heißt es in der Mitteilung.', "Wetteramt"),
        ("Rektor Jo Thoma traf Ole Reet.", '"Wir fahren morgen", sagte der Rektor.', "Jo Thoma"),
        ("Eine Sprecherin des Amtes traf Ada Lund.", '"Wir fahren morgen", so die Sprecherin.', "Sprecherin des Amtes"),
        ("Eine Sprecherin des Amtes sprach von Glück.", 'Man sei "auf alles gut vorbereitet".', "Sprecherin des Amtes"),
        ("Ada Lund warnte.", 'Er, Jo Thoma, sei "auf alles gut vorbereitet", so Thoma.', "Jo Thoma"),
        ("Ada Lund, Chefin der Werft, warnte im Radio vor Eile.", 'Man habe "noch sehr viel Zeit dafür".', "Ada Lund"),
        ("Ada Lund warnte vor Eile.", 'Man wartet, "bis wir wieder fahren können".', "Ada Lund"),
        ("Ada Lund hofft auf 81 bestätigte Fahrten.", 'Man habe "noch sehr viel Zeit dafür".', "Ada Lund"),
        ("Lund, Ada Lund, ist da.", '"Wir fahren morgen", sagte Lund.', "Ada Lund"),
        ("Das Wasser ist da.", '"Wir fahren morgen", sagte sie.', None),
        ("Präsident Jo Thoma ist da.", '"Wir fahren morgen", sagte das Staatsoberhaupt.', "Jo Thoma"),
        ("Es war laut.", 'Ada Lund empfing ihn mit "einem sehr alten und langen Witz".', "Ada Lund"),
        ("Es war laut.", 'Für den Reeder Jo Thoma ist das "der schönste Ort im ganzen Land".', "Jo Thoma"),
        ("Ada Lund warnte.", '"Wir fahren morgen", so ihr Fazit.', "Ada Lund"),
        ("Die Reederin Ada Lund traf Jo Thoma. Die Reederin lachte.", '"Wir fahren doch erst morgen."', "Ada Lund"),
        ("Ada Lund ist da. Das meldete die Zeitung.", '"Wir fahren morgen", soll sie gesagt haben.', "Ada Lund"),
        ("Es war laut.", 'Wie reimte Jo Thoma: "Der Wind kam geschwind."', "Jo Thoma"),
        ("Der Fischereiverband warnt.", '"Wir fahren morgen", teilte der Verband mit.', "Fischereiverband"),
        ("Die Landesregierung warnt.", '"Wir fahren morgen", teilte die Regierung mit.', "Regierung"),
        ("Es war laut.", 'Für Ada Lund ist das neu: "Wir fahren morgen", sagte sie.', "Ada Lund"),
        ("Ada Lund warnte. Hilfreich wäre Regen.", 'Man habe "noch sehr viel Zeit dafür".', "Ada Lund"),
        ("Ada Lund warnte. Man müsse warten.", 'Das gilt, "bis wieder mehr Schiffe fahren".', "Ada Lund"),
        ("Ada Lund warnte. Es regnet.", 'Das gilt, "bis wieder mehr Schiffe fahren".', "Ada Lund"),
        ("Ada Lund warnte. Der Regen fällt.", 'Das gilt, "bis wieder mehr Schiffe fahren".', None),
        ("Der Regen fällt auf Ada Lund.", 'Das gilt, "bis wieder mehr Schiffe fahren".', "Ada Lund"),
        ("Ada Lund sang viel. Musica Popular (MP) ist laut.", '"Wir fahren morgen", sagte sie.', "Ada Lund"),
        ("Ada Lund kam. Lunds Plan Reet liegt vor. Reet ist weit.", 'Das sei "wirklich sehr ärgerlich".', "Ada Lund"),
        ("Das Haus von Ole Reet ist alt.", 'Fragt man Reet danach, entgegnet er: "Wir fahren morgen."', "Ole Reet"),
        ("Ada Lund ist da. Jo Thoma lacht.", 'Sie bleibt ganz ruhig: "Wir fahren morgen."', "Ada Lund"),
        ("Jo Thoma ist da.", 'Er warf Ole Reet Eile vor: "Wir fahren morgen."', "Jo Thoma"),
        ("Ein Anruf bei Jo Thoma. Es ist laut.", '"Wir fahren morgen", sagt er.', "Jo Thoma"),
        ("Ole Reet kam. Zarko Thoma, Chef der Werft, ist da.", '"Wir fahren morgen", sagte er.', "Zarko Thoma"),
        ("Es regnet. Die Verkäuferin lacht.", '"Wir fahren morgen", sagt sie.', "Verkäuferin"),
        ("Die Opposition warnt vor Eile.", 'Man habe "noch sehr viel Zeit dafür".', "Opposition"),
        ("Ada Lund warnte. Dafür sprach auch Geld.", 'Das sei "wirklich sehr ärgerlich".', "Ada Lund"),
        ("Ole Reet kam. Lob kam von Ada-Zarka Thoma-Lund.", '"Wir fahren morgen", sagte sie.', "Ada-Zarka Thoma-Lund"),
        ("Die Fischer lobten Ada Lund.", 'Den Fang nennen sie "einen sehr großen Erfolg".', "Fischer"),
        ("Die Verbände warnten. Ada Lund lacht.", '"Wir fahren morgen", schreiben sie.', "Verbände"),
        ("Ole Reet kam. Zarko Thoma, 29, ist da.", '"Wir fahren morgen", sagte er.', "Zarko Thoma"),
        ("Jo Kurz ist da. Kurzarbeit traf auch Ole Reet.", '"Wir fahren morgen", sagte er.', "Ole Reet"),
        ("Ole Reet kam. Horacio Thoma ist da.", '"Wir fahren morgen", sagte er.', "Horacio Thoma"),
    ],
)
def test_whom_a_pronoun_or_an_office_means(before: str, sentence: str, speaker: str | None) -> None:
    (quote,) = quotes_of(f"{before} {sentence}")
    assert quote["speaker"] == speaker


@pytest.mark.parametrize(
    ("sentence", "is_direct"),
    [
        ('"Wir fahren morgen", sagte Ada Lund.', True),
        ('Ada Lund sagte: "Wir fahren morgen."', True),
        ('Und so "fahre ich erst morgen wieder", sagte Ada Lund.', True),
        ('Ada Lund sprach von "einem Tag, der lang war".', False),
        ('Das sei "schlicht unmöglich", sagte Ada Lund.', False),
    ],
)
def test_direct_speech_and_reports_with_words_in_marks(sentence: str, is_direct: bool) -> None:
    (quote,) = quotes_of(f"Im Hafen war es am Abend laut. {sentence}")
    assert quote["is_direct"] is is_direct


@pytest.mark.parametrize(
    "sentence",
    [
        'Die "Sorgen" der Gäste sind groß.',
        'Im Kino lief der Film "Das lange Warten auf den Wind".',
        'Die "Deutsche Gesellschaft Nordfriesischer Seenotretter" half.',
        'Die "Uthlande"-Besatzung ging an Land, und das sogenannte "Sandloch" blieb leer.',
        'Sie sangen Lieder wie "Warte auf den Wind" und "Komm bald wieder heim".',
        'Ada Lund sagte, die "neuen" Regeln seien gut.',
        'Er rief "Halt und kam nicht weiter.',
        '""',
    ],
)
def test_what_is_no_quotation(sentence: str) -> None:
    assert quotes_of(f"Im Hafen war es am Abend laut. {sentence}") == []


def test_a_quotation_over_paragraphs_is_one() -> None:
    first, middle, last = "Wir haben gewartet.", "Dann kam die Nacht.", "Am Morgen war es gut."
    whole = f"{first}\n\n{middle}\n\n{last}"
    lead = "Ada Lund erzählte:\n\n"
    assert said(f'{lead}"{first}\n\n{middle}\n\n{last}"') == [(whole, "Ada Lund")]
    repeated = f'{first}\n\n"{middle}\n\n"{last}'
    assert said(f'{lead}"{repeated}"') == [(repeated, "Ada Lund")]
    long = "\n\n".join([first, *[middle] * 8, last])
    assert said(f'{lead}"{long}"') == [(long, "Ada Lund")]
    inline = (
        f'Ada Lund sagte: "{first}\n\n{last}", und dann ging sie an Bord. Auf der Mole blieb es bis zum Abend still.'
    )
    assert said(inline) == [(f"{first}\n\n{last}", "Ada Lund")]


def test_a_quotation_ends_where_the_next_one_is_announced() -> None:
    assert said('Ada Lund erzählte:\n\n"Wir haben gewartet.\n\nUnd weiter:\n\n"Dann kam die Nacht."') == [
        ("Wir haben gewartet.", "Ada Lund"),
        ("Dann kam die Nacht.", "Ada Lund"),
    ]


def test_a_quotation_that_never_closes_ends_with_its_paragraph() -> None:
    assert said(f'Ada Lund erzählte:\n\n"Wir haben die ganze Nacht gewartet.\n\n{BODY}') == [
        ("Wir haben die ganze Nacht gewartet.", "Ada Lund")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"a" und "b"', ["a", "b"]),
        ('"a "b" c"', ['a "b" c']),
        ('"a und "b" c', ["b"]),
        ("„a ‚b‘ c“", ["a ‚b‘ c"]),
        ("»a« «b» “c” „d” ‚e‘ ›f‹", ["a", "b", "c", "d", "e", "f"]),
        ('a" b', []),
        ('Es war aus."Dann kam es" so.', ["Dann kam es"]),
        ("das ist's, sagt' ich", []),
        ('("a")–"b"', ["a", "b"]),
    ],
)
def test_which_marks_belong_together(text: str, found: list[str]) -> None:
    assert [text[quote.start : quote.end] for quote in marked(text, 0, len(text)) if quote.closed] == found


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Lund am Montag", "Lund"),
        ("der Politgeograf Jo Thoma.", "Jo Thoma"),
        ("der Programmleiter der Nothilfe für Nordland Jo Thoma der Inselpost", "Jo Thoma"),
        ("der Leiter des Amtes, Jo Thoma, in Nordhafen", "Jo Thoma"),
        ("die Inselbank", "Inselbank"),
        ("dass der Hafen voll ist", "Hafen"),
        ("gestern, als der Hafen voll war", None),
        ("", None),
    ],
)
def test_subjects(phrase: str, name: str | None) -> None:
    who = subject(phrase)
    assert (who and who.name) == name


def test_sentences_do_not_end_at_ordinals_and_titles() -> None:
    text = "Am 9. März kam Dr. Lund an. „Gut.“ Sie blieb bis 2024. Dann ging sie."
    assert [part.strip() for part in sentences(text)] == [
        "Am 9. März kam Dr. Lund an.",
        "„Gut.“",
        "Sie blieb bis 2024.",
        "Dann ging sie.",
    ]


PIECES = [
    *(
        "\n",
        "\n\n",
        " ",
        '"',
        "„",
        "“",
        "”",
        "»",
        "«",
        "‚",
        "‘",
        "’",
        "›",
        "‹",
        "'",
        ":",
        ".",
        ",",
        "?",
        "!",
        "–",
        "-",
        "(",
    ),
    *(
        "sagte ",
        "so ",
        "Lund",
        "Ada Lund",
        "er ",
        "sie ",
        "der Minister ",
        "die Ministerin",
        "laut ",
        "heißt es ",
        "in ",
    ),
    *("Das sagte ", "Wir fahren.", "Ja", "man sei ", "nannte ", "von ", "zitiert ", "wie ", "wurde ", "\x02", "\ud800"),
    *("Sprecher des Amtes ", "9. ", "Dr. ", "der Zeitung ", "und ", "🚢", "Am Montag ", "erklärte ", "sogenannte "),
]


@example(text='„\n"\n“ sagte ', seed=3)
@example(text=",Jasagte ,sagte \n\nsagte ", seed=1)
@settings(max_examples=400, deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), max_size=60).map("".join), seed=st.integers(0, 3))
def test_what_holds_of_quotations_on_any_text(text: str, seed: int) -> None:
    """Words are slices, in order, apart from each other, inside blocks of text; hostile texts raise nothing."""
    text = ("", HEAD, HEAD + "Ada Lund sagte:\n\n", HEAD + 'Ada Lund sagte: "')[seed] + text
    blocks = split(text, publishers.profile("nordblick"))
    quotes: list[Any] = speech.spoken(text, blocks)
    ends = [0]
    for quote in quotes:
        assert text[quote["start"] : quote["end"]] == quote["text"]
        assert ends[-1] <= quote["start"] <= quote["end"]
        ends.append(quote["end"])
        touched = {
            role
            for role, start, end in blocks
            if start < max(quote["end"], quote["start"] + 1) and quote["start"] < end
        }
        assert touched <= {"body", "quote", "teaser"} | ({"subheading"} if "\n" in quote["text"] else set())
        assert quote["speaker"] is None or quote["speaker"].strip()
        assert basis.is_known(quote["speaker"], quote["speaker_basis"])
    assert speech.spoken(text, blocks) == quotes


@pytest.mark.parametrize(
    "piece", ['"a ', 'a" ', "„a“, sagte Lund. ", "Ada Lund ", 'Er sagte: "', '"Ja." Das sagte er. ']
)
def test_time_grows_with_the_text_only(piece: str) -> None:
    """In one paragraph and in many; a rule that goes through the text for each quotation would take minutes."""
    for joint in ("", "\n\n"):
        text = HEAD + joint.join([piece * 4] * (100_000 // (4 * len(piece))))
        assert isinstance(speech.spoken(text, split(text, publishers.profile("nordblick"))), list)


@pytest.mark.parametrize(
    "name",
    ["attribution", "basis", "fuller", "german", "given_names", "names", "quotes", "sources", "speakers", "speech"],
)
def test_examples_in_docstrings(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"newslake.{name}"))
    assert results.attempted > 0 and results.failed == 0


@pytest.mark.parametrize(
    ("sentences", "speaker", "basis"),
    [
        ('"Wir fahren morgen", sagte Lund.', "Ada Lund", "named"),
        ('Lund sagte: "Wir fahren morgen."', "Ada Lund", "named"),
        ('"Wir fahren morgen." Das sagte Lund am Montag.', "Ada Lund", "named"),
        ('Lund nannte das "einen Fehler, der teuer wird".', "Ada Lund", "named"),
        ('Laut Lund ist das "ein teurer Fehler".', "Ada Lund", "named"),
        ('"Wir fahren morgen", teilte die Nordhafener Hafenbehörde mit.', "Nordhafener Hafenbehörde", "named"),
        ('"Wir fahren morgen", teilte die HSP mit.', "HSP", "named"),
        ('Das Bündnis "Rettet die Fähre" sagte: "Wir fahren morgen."', 'Bündnis "Rettet die Fähre"', "named"),
        ('"Wir fahren morgen", sagte sie.', "Ada Lund", "referred"),
        ('"Wir fahren morgen", sagte die Ministerin.', "Ada Lund", "referred"),
        ('Ihr Fazit: "Wir fahren morgen."', "Ada Lund", "referred"),
        ('"Wir fahren morgen", sagte ein Sprecher des Amtes.', "Sprecher des Amtes", "described"),
        ('"Wir fahren morgen", teilte die Hafenbehörde mit.', "Hafenbehörde", "described"),
        ('"Wir fahren morgen", teilte Polizei mit.', "Polizei", "described"),
        ('In dem Brief der Reeder heißt es: "Wir fahren morgen."', "Brief der Reeder", "described"),
        ('Sie wies das zurück. "Wir fahren morgen."', "Ada Lund", "context"),
        ('Man habe "noch sehr viel Zeit dafür".', "Ada Lund", "context"),
    ],
)
def test_how_the_sentence_tells_the_speaker(sentences: str, speaker: str, basis: str) -> None:
    (quote,) = quotes_of(f"Die Ministerin Ada Lund warnte vor Eile. {sentences} Im Hafen war es laut.")
    assert (quote["speaker"], quote["speaker_basis"]) == (speaker, basis)


def test_who_goes_on_in_a_paragraph_was_told_before() -> None:
    named, referred = '"Wir fahren morgen", sagte Ada Lund. ', 'Ada Lund war da. "Wir fahren morgen", sagte sie. '
    more = '"Und dann kommen wir wieder."'
    for body, expected in (
        (named + more, ["named", "named"]),
        (referred + more + " " + more, ["referred", "referred", "referred"]),
        (named + "Jo Thoma widersprach. " + more, ["named", "context"]),
        (f"{named}\n\n{BODY}Sie blieb dabei. {more}", ["named", "context"]),
    ):
        assert [quote["speaker_basis"] for quote in quotes_of(body)] == expected, body


def test_nobody_has_no_basis() -> None:
    (quote,) = quotes_of('Auf dem Kai trug jemand ein Schild. "Wir fahren morgen", stand darauf.')
    assert quote["speaker"] is None and quote["speaker_basis"] is None


def test_a_bodys_name_may_stand_in_marks() -> None:
    assert said('Das Bündnis "Rettet die Fähre" forderte, "mehr Geduld mit dem Wetter zu haben".') == [
        ("mehr Geduld mit dem Wetter zu haben", 'Bündnis "Rettet die Fähre"')
    ]


def test_a_fragment_that_nobody_is_named_for_is_said_by_who_speaks_next() -> None:
    body = 'Der Regen fällt, "bis wieder mehr Schiffe fahren". "Wir warten", sagt Ada Lund.'
    assert [speaker for _, speaker in said(body)] == ["Ada Lund", "Ada Lund"]
    body = body.replace(". ", ".\n\n")
    assert [speaker for _, speaker in said(body)] == [None, "Ada Lund"]


def test_what_is_written_on_a_sign_is_said_by_nobody() -> None:
    body = 'Ada Lund lacht. Auf dem Schild steht: "Wir fahren morgen." "Wir warten", sagt Ada Lund.'
    assert [speaker for _, speaker in said(body)] == [None, "Ada Lund"]


def test_a_pronoun_may_mean_somebody_whose_gender_the_name_does_not_tell() -> None:
    assert said("Klappo Lund sitzt am Kai. „Das Eis kommt“, sagt er.")[0][1] == "Klappo Lund"


def test_what_somebody_calls_themselves_does_not_speak() -> None:
    body = (
        "Auch Jo Lund glaubt, dass er gewonnen hat, und erklärte sich vorab als Sieger. Er sagte: „Wir haben das Eis.“"
    )
    assert said(body)[0][1] == "Jo Lund"


def test_a_sentence_may_end_with_an_initial() -> None:
    assert said("„Das Eis kommt“, berichtet Jo L. Die Hilfen lösten das Problem nicht.")[0][1] == "Jo L"


def test_a_given_name_that_ends_as_a_noun_does() -> None:
    assert said("Ada Lund winkte. „Das Eis kommt“, sagt Janis Reet, Lotse in Nordhafen.")[0][1] == "Janis Reet"


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("Drei Kisten lobte Ada Lund: „Das ist gut so.“", "Ada Lund"),
        ("Die Preise in Nordhafen lobte die Lotsin Ada Lund: „Das ist gut so.“", "Ada Lund"),
        ("Doch Lund kritisiert die Preise der Werft: „Das ist zu viel.“", "Lund"),
        ("Fünf Jahre später sagt Ada Lund: „Das ist gut so.“", "Ada Lund"),
        ("Letzte Woche sagte Ada Lund, das sei „noch lange nicht das Ende“.", "Ada Lund"),
        ("Kurz vor der Wahl warnte Ada Lund, es werde „noch lange kein Ende geben“.", "Ada Lund"),
        ("Nach dem Besuch von Jo Lund sagte Kapitän Ole Thoma: „Das ist gut so.“", "Ole Thoma"),
        (
            "Am Montag griff Kanzlerin Ada Lund Minister Jo Thoma an. „Das ist zu viel“, sagte die Kanzlerin.",
            "Ada Lund",
        ),
        ("Ein für Nordhafen zuständiger Sprecher sagte: „Das ist gut so.“", "Sprecher"),
        ("Die Inselpost zitierte die Lotsin mit den Worten: „Das ist gut so.“", "Lotsin"),
        ("„Das ist gut so“, sagt die Optimistin Lund.", "Lund"),
        ("Das sei „ein guter Tag“, teilte die Gewerkschaft Union of Ports mit.", "Gewerkschaft Union of Ports"),
        ("Das mag sein, weil Präsidentin Ada Lund mitteilte, dass „bis Mai kein Schiff fährt“.", "Ada Lund"),
        ("Die Zahl der Schiffe, die im Hafen lägen, steige, sagte die Chefin Ada Lund: „Das ist gut so.“", "Ada Lund"),
        ("Man wisse „noch lange nicht genug“, wie dickes Eis wächst, warnte Lund.", "Lund"),
        ("Ada Lund winkt. Quasto sieht das ganz anders: „Das Eis ist weg.“", "Quasto"),
        ("Ada Lund winkt. Anwohner zeigen sich erfreut: „Das Eis ist weg.“", "Anwohner"),
        ("Ada Lund winkt. Quasto, ein Lotse aus Reet, sah es ähnlich: „Das Eis ist weg.“", "Quasto"),
        ("Ada Lund winkt. Viele fragten: „Wann fahren wir?“", None),
        ("Ada Lund winkt. Jemand, der das Eis kennt, sagt: „Das ist gut so.“", None),
        ("Lund warnte Jo Thoma vor Eile. Der bestreitet das nicht: „Das ist gut so.“", "Jo Thoma"),
    ],
)
def test_where_the_subject_of_the_verb_stands(body: str, speaker: str | None) -> None:
    assert said(body)[-1][1] == speaker


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("Kanzlerin Ada Lund kam. Thoma ging. „Das ist gut so“, sagte Nordlands Kanzlerin.", "Ada Lund"),
        ("Das Magazin Neue Mole prüft das. Am Montag titelte das Magazin: „Das Eis ist weg.“", "Magazin Neue Mole"),
        ("Der Taxiverband Nord lud ein. „Das Eis ist weg“, teilte der Verband mit.", "Taxiverband Nord"),
        ("Der Entwurf des Vorstands liegt vor. „Das Eis ist weg“, heißt es in dem Entwurf.", "Entwurf des Vorstands"),
        ("Wir lasen den Entwurf des Vorstands. Darin heißt es: „Das Eis ist weg.“", "Entwurf des Vorstands"),
        ("Das klärt das Amt für Häfen. Von dort heißt es: „Das Eis ist weg.“", "Amt für Häfen"),
        ("Nordfisch will ein neues Schiff bauen. „Das Eis ist weg“, teilte das Unternehmen mit.", "Nordfisch"),
        ("Der VBN schrieb der Ministerin. In dem Schreiben heißt es: „Das Eis ist weg.“", "VBN"),
        (
            "Die Werften sind zu. „Das Eis ist weg“, heißt es in einer Stellungnahme ihres Amtes.",
            "Stellungnahme ihres Amtes",
        ),
    ],
)
def test_what_the_text_called_them_before(body: str, speaker: str) -> None:
    assert said(body)[-1][1] == speaker


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("Das sei „nicht allein ihr Eis“, gab die Lotsin Ada Lund zu bedenken.", "Ada Lund"),
        ("Er sei „nicht galant gewesen“, gibt Ada Lund im Inselboten zu Protokoll.", "Ada Lund"),
    ],
)
def test_verbs_of_speech_with_words_behind_their_subject(body: str, speaker: str) -> None:
    assert said(body)[0][1] == speaker


def test_the_sentence_behind_one_in_reported_speech_may_say_whose_it_is() -> None:
    body = "Jo Reet winkte. Das Eis würde zu „unvertretbaren Gefahren“ führen. Das schreibt Ada Lund in einem Brief."
    assert said(body)[0][1] == "Ada Lund"


def test_an_office_at_the_beginning_is_held_by_who_is_named_with_it_next() -> None:
    text = "„Wir warten auf das Eis“, sagte die Kanzlerin.\n\nAm Montag traf Bundeskanzlerin Ada Lund am Kai ein."
    found = speech.spoken(text, [("teaser", 0, 46), ("body", 48, len(text))])
    assert found[0]["speaker"] == "Ada Lund"


def test_a_pronoun_on_the_way_back_asks_for_whom_it_means() -> None:
    body = (
        "Ada Lund winkte. Sie fing an bei „Fähren Reet“, was Jo Reet gehörte. Dort habe sie gelernt. „Das Eis kommt.“"
    )
    assert said(body)[0][1] == "Ada Lund"


def test_what_stands_behind_a_colon_is_no_subject_of_the_verb_before_it() -> None:
    assert said("Der Lotse Jo Reet winkte. Ada Lund sagt: Er habe „klarere Regeln gewünscht“.")[0][1] == "Ada Lund"
