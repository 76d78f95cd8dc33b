"""The markers of every profile: what German newsrooms usually write around their texts, and what only sounds alike."""

from __future__ import annotations

import re

import pytest
from newslake import publishers
from newslake.blocks import split
from newslake.markers import Beginnings, any_of, starts_of

TEXT = (
    "Fähren nach Amrum fahren nach dem Sturm wieder",
    "Die erste Fähre hat am Morgen abgelegt und die Post gebracht. Auf der Mole stapelten sich die Kisten.",
    "Nach Angaben der Reederei sollen zwei weitere Schiffe fahren. Bei Niedrigwasser bleibt die Strecke gesperrt.",
    "Auf der Insel selbst blieb es ruhig. Der Laden hatte vorgesorgt, und die Schule öffnete am zweiten Tag wieder.",
    "Auch der Bäcker hat wieder Mehl. Am Abend will die Gemeinde über den Deich beraten, die Sitzung ist öffentlich.",
)

USUAL = {
    "related": [
        "Lesen Sie mehr vom Hafen in unserer Ausgabe am Freitag",
        "Auch interessant: Ein Tag beim Deichgrafen",
        "Hier mehr zu den Fähren im Winter",
        "Lesen Sie diesen Text auf Englisch",
        "Die Meldungen im Rückblick",
        "Alle wichtigen Meldungen aus dem Hafen finden Sie hier",
        "Lesen Sie außerdem: Wie die Insel den Sturm überstand",
        "Lies auch: Ein Tag beim Deichgrafen",
        "Lesetipp: Der lange Weg der Post",
        "Zum Weiterlesen: Die Geschichte der Inselbahn",
        "Mehr zur Lage an der Küste:",
        "Mehr über die Arbeit der Lotsen lesen Sie in unserem Dossier.",
        "Weitere Meldungen zum Thema Küstenschutz",
        "Hier finden Sie weitere Artikel über die Inseln.",
        "Hier geht es zum Interview mit der Kapitänin.",
        "Hier geht’s zum Liveblog.",
        "Das ganze Gespräch mit der Deichgräfin lesen Sie in der Wochenendausgabe.",
        "Teil zwei über die Halligen lesen Sie hier.",
        "Was die Lotsen dazu sagen, lesen Sie in der Reportage von gestern.",
        "Das könnte Sie ebenfalls interessieren: Ebbe und Flut erklärt",
        "Passend zum Thema: Wie Deiche gebaut werden",
        "Fotostrecke: Der Hafen nach dem Sturm",
        "Weiterführende Informationen",
        "Zum Interview mit der Kapitänin",
        "Zum ganzen Text",
        "Alle bisher erschienenen Folgen der Reihe finden Sie hier.",
        "Weitere Texte aus der Serie „Am Wasser“ finden Sie hier.",
        "Einen Überblick über alle gesperrten Häfen finden Sie hier.",
        "Wie es auf der Insel weitergeht, lesen Sie in unserem Newsblog.",
        "Das ganze Gespräch können Sie auf unserer Seite nachhören.",
        "Nächste Folge: Die Taucher",
        "Bisher erschienen: Die Lotsen (12. Mai), die Fischer (19. Mai).",
        "Teil 2 der Serie erscheint am Samstag.",
        "Fortsetzung folgt",
        "Alle Folgen der Serie im Überblick",
        "► Ein Tag mit den Lotsen vor Amrum",
        "Auch spannend: Warum Möwen nie frieren",
        "Weiterlesen auf Inselzeit:",
        "Alle News zur Segelregatta",
        "Weitere Inselmeldungen aus der Woche:",
        "Meistgelesen",
        "Mehr von Ada Lund",
        "Siehe dazu den Kommentar auf Seite 2.",
        "Weiter zu Teil 2: Die Flut",
        "Wie Sie Ihr Boot winterfest machen, erfahren Sie hier.",
        "Mehr aus Wittdün: Der Leuchtturm bekommt Farbe",
        "Die wichtigsten Nachrichten von der Küste im Überblick",
        "Weitere Ausflugstipps für die Inseln finden Sie unter example.org/inseln.",
        "» Lesen Sie dazu: Wie die Insel den Sturm überstand",
        "• Siehe auch: Der lange Weg der Post",
    ],
    "disclaimer": [
        "Abonnieren Sie hier unseren Inselbrief.",
        "Melden Sie sich jetzt für den Newsletter „Küste am Morgen“ an.",
        "Jetzt kostenlos anmelden und jeden Morgen lesen, was der Tag bringt.",
        "Folgen Sie dem Stadtboten auf Mastodon und Instagram.",
        "Folge uns bei WhatsApp!",
        "Laden Sie sich hier unsere App herunter.",
        "Bleiben Sie auf dem Laufenden mit unserem Inselbrief.",
        "Keine Ausgabe mehr verpassen? Dann hier entlang.",
        "Sie möchten keine Nachricht aus Ihrem Ort verpassen? Wir schicken sie Ihnen.",
        "Dieser Artikel ist nur für Abonnentinnen und Abonnenten.",
        "Haben Sie bereits ein Abo? Dann melden Sie sich an.",
        "Weiterlesen mit Stadtbote Plus",
        "Testen Sie den Stadtboten vier Wochen gratis.",
        "Unterstützen Sie unseren Journalismus mit einem Beitrag.",
        "Gefällt Ihnen dieser Artikel? Dann erzählen Sie es weiter.",
        "Haben Sie Hinweise zu diesem Thema? Schreiben Sie an redaktion@example.org.",
        "Schreiben Sie uns Ihre Meinung: leser@example.org",
        "Die Kommentarfunktion ist unter diesem Artikel geschlossen.",
        "Dieser Beitrag enthält Affiliate-Links.",
        "Alle mit Sternchen gekennzeichneten Links sind Affiliate-Links.",
        "An dieser Stelle finden Sie Inhalte eines fremden Anbieters.",
        "Empfohlener redaktioneller Inhalt",
        "Um diesen Inhalt anzuzeigen, brauchen wir Ihre Zustimmung.",
        "Diese Seite verwendet Cookies.",
        "Bitte deaktivieren Sie Ihren Adblocker.",
        "Anzeige",
        "– Anzeige –",
        "Der Newsletter zum Hafen: Hier anmelden.",
        "Unsere App gibt es im App Store und bei Google Play.",
        "Um diesen Artikel zu lesen, müssen Sie sich anmelden.",
        "Jetzt vier Wochen lang für einen Euro testen.",
        "Dieses Video ist leider nicht mehr verfügbar.",
        "Nachdruck nur mit Genehmigung des Verlags.",
        "Die Verwertung der Texte ist ohne Zustimmung der Redaktion unzulässig.",
        "Der Beitrag gibt die Meinung des Autors wieder, nicht die der Redaktion.",
        "Alle Angaben ohne Gewähr.",
        "Dies ist keine Anlageberatung.",
        "Wichtiger Hinweis: Die Tabelle ersetzt keine nautische Beratung.",
        "Das ist eine Meldung aus dem Nachrichtenkanal einer Agentur.",
        "Bleiben Sie mit dem Inselkanal auf dem Laufenden.",
        "Dieser Beitrag ist für zahlende Leser.",
        "Fragen? Hier geht es zu unserem Kontaktformular.",
        "Mit einem Digitalabo können Sie diesen Text verschenken.",
        "Hinter manchen Wörtern stehen Werbelinks.",
        "Der Inselpodcast zum Wochenende: Jetzt reinhören",
        "Mehr vom Meer gibt es jede Woche in unserem Newsletter.",
        "Zugang zu allen Artikeln für einen Euro im ersten Monat",
        "Dieser Artikel ist Teil unseres Plus-Angebots.",
        "Guter Journalismus kostet Geld.",
        "Abdruck honorarfrei, Beleg erbeten.",
        "Sie haben Feedback für die Redaktion? Dann freuen wir uns.",
        "Ihnen gefällt das? Dann unterstützen Sie meine Arbeit.",
        "Ihr hört uns überall, wo es Podcasts gibt, und erzählt es euren Nachbarn.",
        "Dieser Artikel ersetzt keinen Arztbesuch.",
        "Was meinen Sie dazu? Diskutieren Sie mit.",
        "Den Podcast können Sie auch bei Spotify hören.",
        "Jetzt am Kiosk oder hier bestellen.",
        "Alle Rechte vorbehalten.",
        "© 2024 Stadtbote Verlag",
        "Copyright Stadtbote Verlag 2024",
        "Gastbeiträge geben die Meinung ihrer Verfasser wieder.",
        "Namentlich gekennzeichnete Beiträge entsprechen nicht immer der Ansicht der Redaktion.",
        "Die in diesem Beitrag geäußerten Meinungen sind die des Verfassers.",
        "Dieser Gastbeitrag gibt nicht unbedingt die Meinung der Redaktion wieder.",
        "Diese Meldung wurde automatisch erstellt.",
        "Pressekontakt: Reederei Nordlicht, Hafenstraße 1",
    ],
    "note": [
        "Übersetzt aus dem Dänischen von Ada Lund",
        "Korrekturhinweis: Der Deich ist acht Meter hoch.",
        "Translated by Ada Lund",
        "Warnung: Dieses Video zeigt hohe Wellen",
        "* Die Namen der Fischer sind geändert",
        "*Name von der Redaktion geändert",
        "Disclaimer: Die Autorin fährt selbst zur See.",
        "Erschienen bei Hafenbuch",
        "Der Beitrag Ebbe und Flut erschien zuerst im Hafenblatt",
        "Anm.: Der Fahrplan gilt vom ersten März an.",
        "Klarstellung: Die Reederei heißt Nordlicht.",
        "Offenlegung: Der Verfasser hat früher für die Reederei gearbeitet.",
        "Triggerwarnung: Der Text schildert einen Unfall.",
        "Zuerst erschienen im Inselblatt.",
        "Ursprünglich veröffentlicht auf dem Blog der Lotsen.",
        "Mit freundlicher Genehmigung des Inselblatts.",
        "Der vorliegende Text ist ein Auszug aus einem Vortrag.",
        "Der Beitrag Fähren fahren wieder erschien zuerst auf Inselblatt.",
        "Wir haben die Stelle berichtigt.",
        "Um die Kinder zu schützen, haben wir ihre Namen verändert.",
        "Die Namen der Schüler wurden von uns geändert.",
        "Namen von der Redaktion geändert",
        "Der Name ist der Redaktion bekannt.",
        "Das Gespräch führte Ada Lund im Hafen von Wittdün.",
        "Die Fragen stellte Ada Lund. Das Gespräch wurde am Telefon geführt.",
        "Das Interview fand schriftlich statt.",
        "In der Regel berichten wir nicht über Suizide.",
        "Haben Sie dunkle Gedanken? Die Telefonseelsorge ist Tag und Nacht erreichbar.",
        "Redaktionelle Bearbeitung: Jo Holm",
        "[Update 6.3.2024, 9:20 Uhr]: Die Fähre fährt wieder.",
        "Hinweis (5.3.): Die Reederei widerspricht.",
        "Transparenz: Die Verfasserin hat selbst ein Boot.",
        "Dieses Thema im Programm: Inselrundschau, 6. März, 19 Uhr.",
        "Inselradio, 06.03.2024, 06:30 Uhr",
    ],
    "bio": [
        "Über den Autor: Jo Holm taucht",
        "Das Autoren-Team: Ada Lund und Jo Holm",
        "Der Autor, geboren in Husum, taucht gern.",
        "Von Ada Lund ist gerade ein Buch über die Ebbe erschienen.",
        "Die Autorin lehrt Meereskunde in Kiel.",
        "Der Autor hat über die Gezeiten promoviert.",
        "Der freie Autor lebt auf Amrum.",
        "Der Gastautor leitet das Haus der Lotsen.",
        "Die Autoren forschen an der Küste.",
        "Unsere Kolumnistin Ada Lund schreibt jede Woche über das Meer.",
        "Zur Verfasserin: Ada Lund ist Biologin.",
        "Gastautor: Jo Holm ist Lotse.",
        "An dieser Stelle schreiben im Wechsel Ada Lund und Jo Holm.",
    ],
    "sources": [
        "Quelle 3: Hafenamt Husum",
        "QUELLEN: Hafenamt, Seewetterdienst",
        "Weitere Quellen: Hafenamt",
        "Literaturhinweise",
        "Quelle der Daten: Amt für Gezeiten",
        "Quelle: https://www.example.org/fahrplan",
        "[1] Lund, Ada: Ebbe und Flut, Kiel 2020",
        "(2) https://www.example.org/deich",
        "3. https://www.example.org/mole",
    ],
    "embed": [
        "A post shared by Hafen Nord",
        "Archivvideo",
        "Video: So kam die erste Fähre an",
        "Archivvideo: Der Sturm von 1962",
        "Diesen Beitrag auf Instagram ansehen",
        "Ein Post geteilt von Hafen Nord",
    ],
    "byline": [
        "By Ada Lund",
        "Aufgezeichnet von Ada Lund",
        "Aufgezeichnet von Ada Lund.",
        "Mit Jo Holm sprach Ada Lund.",
        "Mit Informationen von Jo Holm",
        "Das Interview führte für uns Ada Lund.",
        "Interview geführt von Jo Holm",
        "Mitarbeit:Ada Lund und Jo Holm",
        "Mitarbeit: Ada Lund;",
        "Redaktion und Schnitt: Ada Lund",
        "Moderation: Ada Lund",
    ],
}

ONLY_ALIKE = [
    "Zum Interview kam die Kapitänin zu spät, weil die Fähre noch auf See war.",
    "Die Formulare finden Sie im Rathaus, sagte der Kämmerer, im zweiten Stock.",
    "Die Serie der Siege riss am Sonntag, und niemand wollte darüber reden.",
    "Jetzt im Handel Stellen zu streichen, sei falsch, sagt die Kapitänin.",
    "Um den Artikel zu lesen, setzte sie sich auf die Mole.",
    "Das Video ist nur zwei Minuten lang und zeigt die Boje.",
    "Dies ist keine Empfehlung, sondern ein Gebot.",
    "Der Text gibt die Meinung der Fischer wieder, sagt die Forscherin.",
    "Die Tickets können Sie hier im Rathaus oder am Kai kaufen.",
    "Bisher erschienen nur wenige Gäste zu den Sitzungen im Rathaus.",
    "Teil 2 der Sanierung beginnt im Herbst, wenn das Geld reicht.",
    "Im nächsten Teil des Jahres soll alles besser werden, heißt es im Rathaus.",
    "Lesen Sie das Kleingedruckte, rät die Verbraucherzentrale allen, die jetzt buchen.",
    "Mehr zur Seite stehen will der Kreis den Inseln auch künftig.",
    "Mehr als hundert Gäste warteten am Morgen auf der Mole.",
    "Mehr zu tun haben jetzt auch die Lotsen.",
    "Hier geht es zum einen um die Sicherheit, zum anderen um Geld.",
    "Das ganze Gespräch dauerte zwei Stunden und endete ohne Ergebnis.",
    "Teil des Plans ist ein neuer Deich vor der Hallig.",
    "Folgen Sie dem Weg am Deich, dann sehen Sie den Turm.",
    "Jetzt anmelden müssen sich auch die Fischer, sagte der Landrat.",
    "Dieser Artikel der Verfassung gilt seit dem Krieg.",
    "Keine Nachricht erreichte die Insel zwei Tage lang.",
    "Haben Sie Hinweise auf den Täter, fragte der Beamte in die Runde.",
    "Die Meldung wurde am Abend in allen Häusern gehört.",
    "Um die Deiche zu schützen, haben die Bauern Gras gesät.",
    "Die Namen der Schiffe stehen auf einer Tafel am Hafen.",
    "Das Gespräch führte am Ende zu einer Einigung zwischen beiden.",
    "Das Interview fand große Beachtung auf dem Festland.",
    "Der Text der Vereinbarung ist noch geheim.",
    "Die Autorin des Berichts nannte den Deich ein Wunder.",
    "Wir berichten morgen wieder aus dem Hafen, sagte die Sprecherin.",
    "Haben die Deiche gehalten? Ja, bis auf den im Norden.",
    "Immer auf dem Weg zur Schule sieht das Kind die Fähre.",
    "Werbung macht die Gemeinde für ihre Strände kaum noch.",
    "Mehr über das Meer: Es ist tief, sagt die Forscherin, und kalt.",
    "Ein Abo für die Fähre gibt es seit dem Sommer, gekauft hat es kaum jemand.",
    "Guter Journalismus war auf der Insel selten, sagt die Forscherin.",
    "Alle Rechte liegen beim Meer, sagt ein Sprichwort der Fischer.",
    "Melden Sie sich an und bringen Sie Gummistiefel mit.",
    "Jetzt wollen die Fischer selbst bestellen.",
    "Auch wichtig wäre: mehr Sand, sagt die Forscherin, und weniger Beton.",
    "Moderation: Das Wort klingt nach Ruhe, aber im Rathaus war es laut.",
    "Videos der Flut waren am Abend im Netz zu sehen.",
]


def roles_of(line: str, text: tuple[str, ...] = TEXT) -> list[str]:
    """Split an article with the default profile, `line` at its end, and return the roles."""
    return [block.role for block in split("\n\n".join([*text, line]), publishers.default_profile())]


@pytest.mark.parametrize(("role", "line"), [(role, line) for role, lines in USUAL.items() for line in lines])
def test_what_newsrooms_usually_write_around_a_text_has_its_role(role: str, line: str) -> None:
    assert roles_of(line)[-1] == role


@pytest.mark.parametrize("line", ONLY_ALIKE)
def test_a_sentence_of_the_text_is_no_marker(line: str) -> None:
    assert roles_of(line)[-1] == "body"


def test_a_marker_is_found_wherever_it_could_be_looked_for() -> None:
    """The first characters only leave markers out that cannot match: every example is found without them too."""
    kinds = ("disclaimer", "promotion", "related", "bio", "note", "sources", "embed", "picture")
    markers = publishers.default_profile().markers
    beginnings = Beginnings(markers, kinds)
    everything = re.compile("|".join(f"(?P<{kind}>{any_of(markers[kind])})" for kind in kinds))
    for line in [*ONLY_ALIKE, *TEXT, *(line for lines in USUAL.values() for line in lines)]:
        found, expected = beginnings.match(line), everything.match(line)
        if expected:
            assert found is not None
            assert (found.lastgroup, found.end()) == (expected.lastgroup, expected.end())


def test_the_beginnings_of_every_shipped_marker_are_known() -> None:
    """A marker whose beginning nobody can tell is tried on every paragraph, which costs time."""
    markers = publishers.default_profile().markers
    kinds = ("disclaimer", "promotion", "related", "bio", "note", "sources", "embed")
    assert [marker for kind in kinds for marker in markers[kind] if "" in starts_of(marker)] == []
