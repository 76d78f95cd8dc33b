"""German words that the rules about speech rest on; grammar, not knowledge of any publisher."""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """Return the words of a list that is written as a text."""
    return frozenset(text.split())


# Finite verbs (and "so") that introduce or follow direct speech.
CUES = words(
    """
    so sagte sagt führte führt sagten sagen erklärte erklärt erklärten erklären betonte betont betonten teilte teilten
    mitteilte schrieb schreibt schrieben schreiben twitterte meinte meint meinten kritisierte kritisiert
    kritisierten warnte warnt warnten forderte fordert forderten hieß heißt fragte fragt antwortete antwortet
    entgegnete entgegnet erwiderte konterte berichtete berichtet berichteten fügte ergänzte ergänzt äußerte
    äußerten urteilte zitierte zitiert konstatierte behauptete behauptet bemerkte bekräftigte bestätigte
    begründete beklagte beklagt bedauerte versicherte verkündete kommentierte kommentiert lautete lautet rief
    ruft räumte resümierte resümiert unterstrich erläuterte erläutert erzählte erzählt findet fand glaubt
    glaubte mahnte mahnt lobte lobt prophezeite appellierte appelliert beschrieb beschreibt stellte
    argumentierte argumentiert folgerte notierte versprach verspricht drohte spottete scherzte klagte klagt
    ruderte nannte bezeichnete sprach spricht schildert schilderte verteidigte bilanzierte bilanziert sicherte
    kündigte äußert wies verwies verweist unterstreicht freute freut hofft hoffte rät riet wünscht vermutet
    vermutete empfiehlt plädiert plädierte spekulierte witzelte erinnerte erinnert lachte seufzt befand
    dementierte gestand zeigte
    """
)
PARTICIPLES = words(
    """
    gesagt geschrieben mitgeteilt gewarnt gefordert geäußert angekündigt beschworen betont erklärt getwittert
    """
)
CUES_BEFORE = (CUES | PARTICIPLES) - {"so"}
AUXILIARIES = frozenset(("hat", "hatte", "haben", "hatten", "habe"))
SUBJUNCTIVES = words(
    """
    sei seien habe hätten hätte werde würde würden könne könnten müsse müssten solle sollten dürfe dürften wolle
    gebe gehe komme wäre wären
    """
)

# A sentence that begins with one of these has its subject behind the verb.
ADVERBIALS = words(
    """
    Auf In Im Am An Bei Beim Nach Zu Zum Zur Vor Seit Während Mit Unter Über Für Gegenüber Dazu Dabei Daraufhin
    Zuvor Zudem Außerdem Weiter Auch Ferner Wörtlich Wortwörtlich So Später Bereits Schon Gleichzeitig Zugleich
    Anschließend Abschließend Schließlich Darin Dort Hier Heute Gestern Als Wie Um Aus Von Wegen Angesichts
    Anlässlich Deshalb Daher Dagegen Stattdessen Demnach Nun Jetzt Erst Insgesamt Trotz Darauf Hierzu Dann
    Danach Einst Zuletzt
    """
)

# Words that may begin a sentence with a capital and are nobody's name.
NO_NAMES = (
    words(
        """
    Das Dies Es Man Damit Genau Ist Sind War Waren Was Wer Wo Wenn Weil Doch Denn Aber Und Oder Nur Noch Da Dass
    Viele Alle Niemand Jeder Jede Vielmehr Betont Ja Nein Wir Ich Mich Uns Ihr Nicht Kein Keine Einige Manche
    Andere Beide Allerdings Vielleicht Zwar Sowohl Weder Jedoch Dennoch Trotzdem Eben Ob Laut Begriff Frage
    Zitat Motto Zwei Drei Vier Ende Anfang Grund Diesen Diesem Deren Dessen Ebenso Ähnlich Tatsächlich Immerhin
    Immer Erstmals Hinzu Via Neben Obwohl Bis Ohne
    """
    )
    | ADVERBIALS
)

# Offices and professions, by their stems: cut off in front of a name.
_OFFICES = re.compile(
    "|".join(
        sorted(
            words(
                """
    minister präsident chef sprecher arzt ärztin kanzler expert leiter direktor vorsitz politiker forscher
    virolog sekretär botschafter meister anwalt anwält richter professor autor redakteur kommissar senator
    abgeordnet wissenschaft ologe ologin beauftragt vorständ vorstand führer gründer inhaber berater kandidat
    trainer spieler mitarbeiter mitglied ehemalig oberst lehrer ingenieur pädagog journalist oberhaupt regent
    ökonom premier rätin manager obmann intendant geschäftsführ korrespondent jurist historiker philosoph
    soziologe biologe mediziner kollege nachbar bewohner unternehmer kapitän reeder urlauber schüler student
    aktivist zeuge besitzer betreiber händler landwirt polizist soldat pilot pfleger künstler musiker
    schauspieler sänger regisseur schriftsteller analyst diplomat sportler vertreter
    """
            )
        )
    )
)
_SHORT_OFFICES = words(
    """
    Herr Herrn Frau Dr. Prof. General Rat Rätin König Königin Papst Prinz Pfarrer Bischof Kollege
    """
)

# A title follows: `der Film "…"` is no speech.
WORKS = tuple(
    sorted(
        words(
            """
    buch film roman titel motto serie sendung song album artikel zeitung magazin kampagne projekt programm
    initiative bewegung gruppe verein stiftung podcast show doku dokumentation ausstellung lied stück band reihe
    gesetz überschrift schlagzeile thema namen name oper format blatt portal verordnung bericht studie partei
    """
        )
    )
)


def is_office(word: str) -> bool:
    """Say whether a word is an office or a profession.

    >>> [is_office(word) for word in ("Bundesfinanzminister", "Frau", "Lund")]
    [True, True, False]
    """
    return word in _SHORT_OFFICES or _OFFICES.search(word.lower()) is not None
