"""Verbs of speech in German, each in the forms that newspapers write, and the subjunctives of reported speech."""

from __future__ import annotations

from newslake.german import words

# Finite verbs (and "so") that introduce or follow direct speech.
CUES = words(
    """
    sprechen sprachen so sagte sagt führte führt sagten sagen erklärte erklärt erklärten erklären betonte betont
    betonten teilte teilten mitteilte schrieb schreibt schrieben schreiben twitterte meinte meint meinten said says
    kritisierte kritisiert kritisierten warnte warnt warnten forderte fordert forderten hieß heißt fragte fragt
    antwortete antwortet entgegnete entgegnet erwiderte konterte berichtete berichtet berichteten fügte ergänzte
    ergänzt äußerte äußerten urteilte zitierte zitiert konstatierte behauptete behauptet bemerkte bekräftigte
    bestätigte begründete beklagte beklagt bedauerte versicherte verkündete kommentierte kommentiert lautete lautet
    rief ruft räumte resümierte resümiert unterstrich erläuterte erläutert erzählte erzählt findet fand glaubt
    glaubte mahnte mahnt lobte lobt prophezeite appellierte appelliert beschrieb beschreibt stellte argumentierte
    argumentiert folgerte notierte versprach verspricht drohte spottete scherzte klagte klagt ruderte nannte
    bezeichnete sprach spricht schildert schilderte verteidigte bilanzierte bilanziert sicherte kündigte kündigt
    bestätigt gesteht gestanden versichert verrät schätzt schätzte fügt nennt nennen schimpft schimpfte twittert
    stöhnt prognostiziert prognostizierte mutmaßt urteilt prophezeit begründet fürchtet befürchtet befürchtete
    konstatiert analysiert teilt meldet meldete formuliert formulierte verkündet bezeichnet bezeichnen plädieren
    verteidigt bedauert folgert bilanzierten jubelte jubelt flüstert flüsterte wettert wetterte ätzt höhnt spottet
    poltert erwidert entgegneten kontert stellt fasst beteuert beteuerte beteuern signalisierte unkt mahnen loben
    warnen behaupten fragen antworten beklagen zitieren titelte titelt kommentierten vermeldet vermeldete
    verlautbarte präzisierte rechtfertigte verlangt verlangte bemängelte bemängelt moniert monierte rügte rügt
    wertete wertet fuhr schloss schlussfolgerte schwört schwor schworen schwören kritisieren beklagten bedauern
    bezweifelte bezweifelt monieren vermisst wünschte verdeutlicht verdeutlichte höhnte höhnten diagnostiziert
    fragten
    fordern meinen betonen berichten bekräftigen empfahl empfehlen empfahlen reagierte reagiert warfen bat bittet
    gab gibt weist wirft warf äußern pflichtete pflichtet bestritt bestreitet empfand empfindet sieht äußert wies
    verwies verweist unterstreicht freute freut hofft hoffte rät riet wünscht vermutet vermutete begründen
    begründeten erläuterten ergänzten erzählten verkündeten versicherten schilderten argumentierten riefen kündigten
    würdigte würdigt hält hielt halten hielten empfiehlt plädiert begrüßt begrüßte begrüßten begrüßen
    dankte dankt vermerkt vermerkte notiert bekundet bekundete beschied erwiderten konterten witzelt raunt raunte
    brüllt brüllte schreit schrie murmelt murmelte nuschelt scherzt frohlockt frohlockte lästert lästerte frotzelt
    verriet verrieten wirbt warb werben gestehen schwärmt schwärmte erörtert erörterte insistiert insistierte
    plädierte spekulierte witzelte erinnerte erinnert lachte seufzt befand dementierte gestand zeigte
    andeutete anmerkte bekanntgab einräumte einwandte hinzufügte klarstellte zugab zusicherte mitteilten mitteilt
    hinwies anprangerte vorschlug ausführte feststellte aufforderte bekundeten bestätigten bestätigen appellierten
    konstatierten bestritten bestreiten widersprach widersprachen widerspricht beteuerten jubelten klagten drohten
    lobten spotteten verteidigten zitierten mutmaßte mutmaßten tadelt tadelte beanstandet beanstandete wiederholte
    wiederholten postete posteten verurteilte verurteilt verurteilten beschwor beschwört ermahnt ermahnte orakelt
    orakelte doziert dozierte skandierte skandierten stichelt stichelte konkretisierte vermuten fürchten befürchten
    melden verkünden unterstreichen schildern verlangten verlangen hofften verweisen
"""
)
PARTICIPLES = words(
    """
    gesagt geschrieben mitgeteilt gewarnt gefordert geäußert angekündigt beschworen betont erklärt getwittert
    bezeichnet genannt gesprochen berichtet erzählt gerufen versprochen gemahnt kritisiert gelobt beklagt bestätigt
    behauptet gemeint geantwortet appelliert zitiert entgegnet erwidert
    vorgeworfen aufgefordert hingewiesen eingeräumt unterstrichen bekräftigt zugegeben angemahnt gerügt bemängelt
    abgetan beschrieben eingestuft charakterisiert ausgesprochen
"""
)
CUES_BEFORE = (CUES | PARTICIPLES) - {"so"}
# Of those, the ones that mean speech only beside a quotation or a colon.
WEAK = words(
    """
    weist gab gibt fuhr stellt stellte bat sieht schloss fasst fügt fügte führt führte zeigte räumte lachte seufzt fand
    findet hieß heißt lautet lautete wies sicherte erinnert freut freute hofft hoffte rät glaubt glaubte stellten
    teilt teilte teilten äußert verlangt versprach verspricht bittet wertete wertet meldet gemeint beschrieb
    beschreibt begründen begründeten hält hielt halten hielten
"""
)
STRONG = CUES_BEFORE - WEAK
# Verbs of naming: even a single noun in marks is somebody's word for it.
NAMING = words(
    """
    nannte nannten nennt nennen genannt bezeichnete bezeichneten bezeichnet bezeichnen sprach sprachen spricht
    sprechen abgetan beschrieben eingestuft charakterisiert gesprochen kritisierte kritisiert
"""
)
AUXILIARIES = frozenset(("hat", "hatte", "haben", "hatten", "habe"))
SUBJUNCTIVES = words(
    """
    zähle heiße laute liefere werfe setze lege erlaube bedürfe entstehe erhalte verliere gewinne nutze bekomme
    entspreche betreffe dauere lohne hänge gefährde verhindere bestätige arbeite plane prüfe rechne warte kenne
    spreche verfüge ziehe kehre erreiche erfordere umfasse enthalte verbiete verletze begrüße unterstütze kämpfe
    verdiene zahle koste wirke zwinge übernehme entscheide verändere verschärfe ermögliche ergebe befinde
    widerspreche ignoriere profitiere reagiere funktioniere sei seien habe hätten hätte werde würde würden könne
    könnten müsse müssten solle sollten dürfe dürften wolle gebe gehe komme wäre wären drohe gelte bleibe stehe
    liege sehe mache führe bringe brauche halte lasse nehme bedeute handele handle zeige finde fehle stelle trage
    treffe wisse wüssten wüsste bräuchte bräuchten fänden gäbe ginge käme kämen ließe müsste dürfte bestehe
    existiere gehöre helfe spiele leide reiche sorge steige sinke wachse verstehe glaube denke meine fühle freue
    hoffe erwarte fürchte diene biete beginne ende laufe fordere verlange schaffe
    passe versuche bedauere lebe suche herrsche erinnere löse genieße belege erhöhe höre nenne erlebe mangele
    untersuche ausgehe rufe beweise ändere traue gelinge empfinde schreibe rechtfertige blicke bedenke rücke
    versetze bewege verweigere beabsichtige klinge befolge obliege behindere räume stattfinde beschäftige
    verschlechtere vermindere wiederhole erwäge benötige schätze befasse übergehe reiße wünsche wundere greife
    stocke berühre zögere beruhe stimme schaue beurteile bewundere erhoffe überprüfe schütze wohne verfolge bewahre
    ersetze spüre trete genüge verursache verbessere entwickle vertrete beeinflusse bestimme empfehle erkläre sage
    behaupte betone verspreche ziele unterscheide wiege befürchte begreife bestreite betrachte bezweifle dränge
    erkenne ersticke fahre falle fließe gewährleiste gewöhne hindere kaufe lerne lehne
    leiste lenke melde messe nütze öffne orientiere produziere reduziere riskiere schließe schwäche sitze stärke
    stoße stürze teste trauere treibe vermeide vernachlässige verstoße verzichte vollziehe vorliege wandele
    wende zerstöre zweifle bezahle erscheine erweise entfalle entziehe erfahre erfolge erfülle
"""
)
