"""German words that the rules about speech rest on; grammar, not knowledge of any publisher."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from itertools import pairwise

from newslake.wording import ends_with_any_of


def words(text: str) -> frozenset[str]:
    """Return the words of a list that is written as a text."""
    return frozenset(text.split())


def _forms(stems: Iterable[str], *endings: str) -> frozenset[str]:
    """Return each stem with each ending."""
    return frozenset(stem + ending for stem in stems for ending in endings)


ARTICLES = words("der die das ein eine sein seine ihr ihre unser unsere mein meine")
PRONOUNS = {"er": "m", "sie": "f", "dieser": "m", "diese": "f", "jener": "m", "jene": "f"}
# What follows one of these is no subject: a preposition, or an article of another case.
OBLIQUE = words(
    """
    auf in im am an bei beim nach zu zum zur vor seit während mit unter über für gegenüber aus von vom wegen
    angesichts anlässlich trotz durch gegen ohne um laut per via hinter neben zwischen bis ab ins ans aufs dem den
    des einem einen einer eines seinem seinen seiner seines ihrem ihren ihrer ihres diesem diesen unserem unseren
    unserer meinem meinen meiner meines allen allem aller jedem jeden keinem keinen mehreren vielen
"""
)
OF = words("des der von vom für")  # between a noun and its complement
LINKS = OF | words("in im bei beim am an und zu zum zur")  # within a complement
PARTICLES = words("von van de bin ibn al el zu la di da del dos ter ten della du af y")  # inside a name
# To whom one says something; in the feminine dative they look like subjects.
_MEDIA = re.compile(
    r"(?:[Zz]eitung|[Aa]gentur|[Pp]resse|[Pp]ost|Bild|Welt|Zeit|[Zz]eitschrift|[Mm]agazin|dpa|FAZ|AFP|BBC|Tagesschau"
    r"|Times|Deutsch|[Mm]ediengruppe|[Ss]endung|Nachrichten|Allgemeinen|Rundschau|ARD|SZ|taz|TASS|Deutschen)$"
)

# Papers, countries and the like that an article makes masculine, as it does a person.
NO_PEOPLE = words(
    """
    Spiegel Stern Focus Kicker Falter Guardian Economist Kurier Standard Tagesspiegel Merkur Telegraph Iran Irak Libanon
    Sudan Jemen Kongo Kosovo Vatikan Bund Staat Freistaat Westen Osten Norden Süden Fall Titel Bericht Text Film Song
    """
)

# Adverbs and adjectives that are put in marks to doubt them, hardly to cite them.
TRIFLES = words("nur schon noch auch immer alle neue neuen alte alten normale normalen echte echten eigentlich")
# A sentence that begins with one of these has its subject behind the verb.
ADVERBIALS = words(
    """
    Insbesondere Ebenfalls Besonders Sogar Selbst Gerade Unterdessen Derweil Währenddessen Inzwischen Mittlerweile
    Letztlich Letztendlich Kürzlich Jüngst Damals Einmal Oft Manchmal Etwa Offenbar Offensichtlich Angeblich
    Natürlich Leider Zunächst Anfangs Ursprünglich Grundsätzlich Generell Konkret Weiterhin Übrigens Ausgerechnet
    Ausdrücklich Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Schnell Zweitens Drittens Erstens
    Nachdem Bevor Obwohl Indes Indessen Freilich Gegen Durch Hinter Zwischen Laut Gemäß Infolge Dank Entsprechend
    Entscheidend Wichtig Auf In Im Am An Bei Beim Nach Zu Zum Zur Vor Seit Während Mit Unter Über Für Gegenüber Dazu
    Dabei Daraufhin Zuvor Zudem Außerdem Weiter Auch Ferner Wörtlich Wortwörtlich So Später Bereits Schon
    Gleichzeitig Zugleich Anschließend Abschließend Schließlich Darin Dort Hier Heute Gestern Als Wie Um Aus Von
    Wegen Angesichts Anlässlich Deshalb Daher Dagegen Stattdessen Demnach Nun Jetzt Erst Insgesamt Trotz Darauf
    Hierzu Dann Danach Einst Zuletzt Woraufhin Worauf Heuer Wieder Solang Sekunden Minuten Stunden Tage Besorgt
    Gern Gerne Stets
"""
)

# Particles that may stand before a subject as well: Auch Lund sagte …
FOCUS = words(
    "Auch Insbesondere Besonders Selbst Sogar Nur Gerade Allein Ebenso Ausgerechnet Mehrere Verschiedene Viele"
)
# Words that may begin a sentence with a capital and are nobody's name.
NO_NAMES = (
    words(
        """
    Gleiches Dasselbe Folgendes Laufend
    Bezüglich Hinsichtlich Seitens Mithilfe Anhand Tags Überall Nirgends Irgendwo Irgendwann Zumal Wohin Woher
    Ausgehend Hilfreich Gibt Wirklich Also Früher Deswegen Darunter Hatte Hatten Befragt Angesprochen Gefragt
    Stundenlang Tagelang Jahrelang Ähnliches Na Davor Seither Selten Längst Sehr Bald Wann Plötzlich Dahinter Hingegen
    Dementsprechend Folglich Somit Ansonsten Sonst Überhaupt Überdies Ungeachtet Entgegen Mitten Rund Knapp
    Sechs Sieben Acht Neun Zehn Elf Zwölf Gleichwohl Nichtsdestotrotz Konnte Konnten Wollte Wollten Musste Mussten
    Durfte Soll Sollen Darf Dürfen Wurde Wurden Ging Geht Gab Kommt Kam Macht Machte Lässt Bleibt Blieb Steht Heißt
    Hieß Seien
    Demgegenüber Aufgrund Darüber Demzufolge Hierbei Hierfür Davon Dadurch Daran Darum Dafür Warum Weshalb Welche
    Welcher Solche Sollte Könnte Müsste Würde Hätte Wäre Eigentlich Ihnen Ihm Mehr Weniger Hunderte Tausende
    Dutzende Mehrere Wenige Verschiedene Zahlreiche Weitere Derzeit Aktuell Sollten Hat Haben Habe Wird Werden Kann
    Können Muss Nichts Etwas Obgleich Obschon Wohingegen Seitdem Nebenbei Jedenfalls Möglicherweise Je Seine Ihre
    Unsere Meine Sein Mein Unser Niemals Vieles Manches Wohl Wozu Wodurch Worauf Womit Wobei Jeden Jedem Wessen Wem
    Wen Soweit Inwiefern Inwieweit Zusammen Meist Mehrfach Zusammenfassend Grob Kaum Keiner Bisher Gewissermaßen
    Beispielhaft Parallel Anders Fast Umgekehrt Tatsache Allgemein Allenfalls Bislang Künftig Gemeinsam Häufig
    Meistens Normalerweise Offen Sicher Spätestens Täglich Jedes Woche Wochen Monat Monate Jahr Jahre Jahren Uhr Mal
    Januar Februar März April Mai Juni Juli September Oktober November Dezember Prozent Solches Welches Wissen Sie
    Er Jemand Allein Sobald Solange Indem Sodass Falls Sofern Diese Dieser Dieses Das Dies Es Man Damit Genau Ist
    Sind War Waren Was Wer Wo Wenn Weil Doch Denn Aber Und Oder Nur Noch Da Dass Viele Alle Niemand Jeder Jede
    Vielmehr Betont Ja Nein Wir Ich Mich Uns Ihr Nicht Kein Keine Einige Manche Andere Beide Allerdings Vielleicht
    Zwar Sowohl Weder Jedoch Dennoch Trotzdem Eben Ob Laut Begriff Frage Zitat Motto Zwei Drei Vier Ende Anfang
    Grund Diesen Diesem Deren Dessen Ebenso Ähnlich Tatsächlich Immerhin Immer Erstmals Hinzu Via Neben Obwohl Bis
    Ohne
"""
    )
    | ADVERBIALS
)

# Offices and professions, by their stems: cut off in front of a name.
_is_office = ends_with_any_of(
    stem + ending
    for ending in ("", "e", "en", "n", "er", "in", "innen", "s", "es", "em")
    for stem in words(
        """
    minister präsident chef sprecher arzt ärzt kanzler expert leiter direktor vorsitzend politiker forscher virolog
    sekretär repräsentant nachfolger vorgänger botschafter meister anwalt anwält richter professor autor redakteur
    kommissar senator abgeordnet wissenschaftler olog beauftragt vorständ vorstand führer gründer inhaber berater
    kandidat trainer spieler mitarbeiter mitglied ehemalig oberst lehrer ingenieur pädagog journalist oberhaupt
    regent ökonom premier rätin manager obmann obfrau intendant korrespondent jurist historiker philosoph soziolog
    biolog mediziner kolleg nachbar bewohner unternehmer kapitän reeder urlauber schüler student aktivist zeuge
    besitzer betreiber händler landwirt polizist soldat pilot pfleger künstler musiker schauspieler sänger regisseur
    schriftsteller analyst diplomat sportler vertreter vize jährige psycholog politolog kritiker profi fußballer
    verteidiger bürgermeister landrat dekan gastronom investor vertraut koordinator verleger gewerkschafter pfarrer
    bischof rabbiner patient anwohner physiker chemiker statistiker therapeut agent kommandeur offizier ermittler
    inspekteur bürgerrechtler dolmetscher übersetzer moderator kolumnist blogger influencer stürmer torwart torhüter
    weltmeister mutter vater schwester bruder tochter sohn witwe sieger gastwirt vermieter händlerin erzieher
    verbraucherschützer datenschützer umweltschützer rektor republikaner demokrat imam papst pastor priester dozent
    dirigent komponist pianist fotograf designer kurator herausforderer winzer förster passagier -mann -frau
    verkäufer biograf referent stratege rapper reporter wirt gutachter assistent hebamme personaler
"""
    )
)
_SHORT_OFFICES = words(
    """
    Herr Herrn Frau Dr. Prof. Dr Prof General Rat Rätin König Königin Papst Prinz Pfarrer Bischof Kollege OB CEO
"""
)

_is_body = ends_with_any_of(
    _forms(
        words(
            """
    verband verein bewegung vereinigung behörden gewerkschaft polizei regierung ministerium amt behörde partei
    fraktion kommission gericht jury agentur zeitung institut konzern unternehmen firma bank rat kammer stiftung
    kirche universität klinik anwaltschaft team gruppe bündnis initiative organisation redaktion verwaltung
    union leitung senat haus klub club verlag stab liga hersteller discounter anbieter dienstleister versicherer
    händler veranstalter betreiber riese bund dienst landkreis botschaft opposition koalition kasse institution
    geschäftsführung parteiführung staatsführung städtetag kammertag landkreistag gemeindebund gesellschaft
    zentrum zentrale feuerwehr bundeswehr armee presse kreml magazin blatt sender ausschuss parlament bundestag
    landtag kabinett kongress gremium gemeinde innung akademie hochschule
"""
        ),
        "",
        "s",
        "es",
    )
    | _forms(
        words(
            """
    gewerkschaft regierung partei fraktion kommission bank stiftung universität klinik organisation gesellschaft
    zeitung agentur koalition institution
"""
        ),
        "en",
    )
    | _forms(words("behörde kammer kirche kasse"), "n")
    | _forms(words("verbände vereine ämter räte ministerien firmen konzerne institute gerichte"), "", "n")
)

# What is read in one of these, its author says.
DOCUMENTS = re.compile(
    r"(?:mitteilung|meldung|erklärung|bericht|papier|schreiben|brief|stellungnahme|mail|e-mail|dokument|antwort|entwurf|vorlage|antrag|petition|verfügung|vertrag|gesetz|gesetzbuch|beschluss|protokoll|gutachten|konzept|memorandum)$"
)

# A title follows: `der Film "…"` is no speech.
is_work = ends_with_any_of(
    words(
        """
    buch film roman titel motto serie sendung song album artikel zeitung magazin kampagne projekt programm
    initiative bewegung gruppe verein stiftung podcast show doku dokumentation ausstellung lied stück band reihe
    gesetz überschrift schlagzeile thema namen name oper format blatt portal verordnung bericht studie partei
"""
    )
)


_STOPS = ".!?…"
# A sentence ends here, and not behind an initial, an ordinal or a title.
_GAP = re.compile(
    r"[.!?…](?:(?=[A-ZÄÖÜ][a-zäöüß])(?<=[a-zäöüß][a-zäöüß].)|(?<![\s.(]\w\.)(?<!\s\d\d\.)(?<!\b(?:Dr|Nr|St)\.)"
    r"(?<!\b(?:Mio|Mrd)\.)(?<!\bProf\.)[\"“”»«‘‹›)]*\s+(?=[\"„“»«‚›(\[A-ZÄÖÜ0-9]))"
)


def sentences(part: str) -> list[str]:
    """Return the sentences of a paragraph, at least one.

    >>> sentences("Am 9. März kam Dr. Lund. Sie blieb.")
    ['Am 9. März kam Dr. Lund. ', 'Sie blieb.']
    """
    return [part[start:end] for start, end in pairwise(edges(part))]


def edges(part: str) -> list[int]:
    """Return where the sentences of a paragraph begin, and its length."""
    found = [0]
    for stop in _STOPS:  # looking for one at a time is faster than a pattern for any
        at = part.find(stop)
        while at >= 0:
            if gap := _GAP.match(part, at):
                found.append(gap.end())
            at = part.find(stop, at + 1)
    return [*sorted(found), len(part)]


@functools.lru_cache(4096)
def is_medium(word: str) -> bool:
    """Say whether a word is a newspaper, an agency or the like, as people are cited by.

    >>> [is_medium(word) for word in ("Nachrichtenagentur", "Ministerin")]
    [True, False]
    """
    return _MEDIA.search(word) is not None


_ADVERB_ENDS = ("halber", "weise", "dings", "falls", "seits", "mals", "wegs", "dessen", "wärts")


@functools.lru_cache(4096)
def is_no_name(word: str) -> bool:
    """Say whether a word may begin a sentence with a capital and is nobody's name.

    >>> [is_no_name(word) for word in ("Außerdem", "Sicherheitshalber", "Lund")]
    [True, True, False]
    """
    return word in NO_NAMES or word.endswith(_ADVERB_ENDS)


@functools.lru_cache(4096)
def is_body(word: str) -> bool:
    """Say whether a word is a body that speaks: a party, an office of state, a company, or an acronym.

    >>> [is_body(word) for word in ("Wetteramt", "GdP", "Ankunft")]
    [True, True, False]
    """
    is_acronym = not word[1:].islower() and "-" not in word and sum(map(str.isupper, word)) > 1
    return is_acronym or _is_body(word.lower())


_THINGS = tuple(
    words(
        """
    azit ilanz ung ungen heit heiten keit keiten tion tionen nis nisse nissen tät täten ismus gabe gaben nahme nahmen
    aussage aussagen sätze eliste elisten sliste slisten nliste nlisten
    gefahr Gefahr gefahren Gefahren Arbeit Zusammenarbeit videnz Geduld Mut
    pläne plänen andemie andemien rotest roteste eschichte lltag verlauf verläufe stoffe Hass Besuch Angriff Angriffe
    Versuch Versuche Funde Spuk Langeweile Hausarrest Jahres Monats Sicht Stil
    Argument argument Klischee Titel O-Ton Original Absatz Passus Sätze Zeiten zeiten Regeln regeln Theorie Theorien
"""
    )
)
_NO_THINGS = words("Denis Dennis Janis Jannis Yannis Giannis Ioannis Jung Hartung Hornung Young Sung Chung Kung Hung")


def is_thing(word: str) -> bool:
    """Say whether a noun is an abstract thing, as far as its ending tells: it does not speak.

    >>> [is_thing(word) for word in ("Verspätung", "Regierung", "Jung")]
    [True, False, False]
    """
    return word.endswith(_THINGS) and word not in _NO_THINGS and not is_body(word)


@functools.lru_cache(4096)
def is_office(word: str) -> bool:
    """Say whether a word is an office or a profession.

    >>> [is_office(word) for word in ("Bundesfinanzminister", "Frau", "Lund")]
    [True, True, False]
    """
    return word in _SHORT_OFFICES or _is_office(word.lower())
