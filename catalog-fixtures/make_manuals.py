#!/usr/bin/env python3
"""Writes the manuals of the small shop's own products as PDF, byte-identical at every run.

Needs `reportlab` (made with 4.x) and the DejaVu fonts: `python3 make_manuals.py [FONT_FOLDER]`.
A manual is a list of chapters, each on a page of its own; a chapter is a title and blocks:
a string (paragraph), ("h", text), ("steps", [text]), ("points", [text]) or ("table", [header, row, …], [widths in mm]).
"""

import pathlib
import sys

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, ListFlowable, ListItem, PageBreak, PageTemplate, Paragraph
from reportlab.platypus import Spacer, Table, TableStyle
from reportlab.platypus.tableofcontents import TableOfContents

FONTS = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/truetype/dejavu")
TARGET = pathlib.Path(__file__).parent / "small" / "manuals"

BODY = ParagraphStyle("body", fontName="Sans", fontSize=10, leading=14.5, spaceAfter=6)
CELL = ParagraphStyle("cell", parent=BODY, fontSize=9, leading=12, spaceAfter=0)
HEAD_CELL = ParagraphStyle("headcell", parent=CELL, fontName="SansBold")
CHAPTER = ParagraphStyle("chapter", fontName="SansBold", fontSize=17, leading=22, spaceAfter=10)
SECTION = ParagraphStyle("section", fontName="SansBold", fontSize=12, leading=16, spaceBefore=8, spaceAfter=4)
TITLE = ParagraphStyle("title", fontName="SansBold", fontSize=26, leading=32, spaceAfter=12)
CONTENTS = ParagraphStyle("contents", fontName="Sans", fontSize=10.5, leading=18)


class Manual(BaseDocTemplate):
    """A4 pages with a running head and foot from the second page on; chapters are noted for contents and outline."""

    def __init__(self, path, manual):
        super().__init__(str(path), pagesize=A4, title=manual["title"], author=manual["maker"], invariant=1,
                         lang=manual["language"], leftMargin=22 * mm, rightMargin=22 * mm)
        self.manual = manual
        frame = Frame(22 * mm, 24 * mm, A4[0] - 44 * mm, A4[1] - 50 * mm, id="page")
        self.addPageTemplates([PageTemplate(id="page", frames=[frame], onPage=self.decorate)])

    def decorate(self, canvas, _document):
        if canvas.getPageNumber() == 1:
            return
        page = ("Seite %d" if self.manual["language"] == "de" else "Page %d") % canvas.getPageNumber()
        canvas.setFont("Sans", 8)
        canvas.drawString(22 * mm, A4[1] - 16 * mm, self.manual["title"])
        canvas.line(22 * mm, A4[1] - 18 * mm, A4[0] - 22 * mm, A4[1] - 18 * mm)
        canvas.drawString(22 * mm, 14 * mm, f"{self.manual['maker']} · {self.manual['version']}")
        canvas.drawRightString(A4[0] - 22 * mm, 14 * mm, page)

    def afterFlowable(self, flowable):
        if isinstance(flowable, Paragraph) and flowable.style.name == "chapter":
            key, text = f"chapter-{self.page}", flowable.getPlainText()
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(text, key, 0)
            self.notify("TOCEntry", (0, text, self.page, key))


def block(part):
    if isinstance(part, str):
        return [Paragraph(part, BODY)]
    kind, content = part[0], part[1]
    if kind == "h":
        return [Paragraph(content, SECTION)]
    if kind in ("steps", "points"):
        items = [ListItem(Paragraph(text, BODY)) for text in content]
        look = {"bulletType": "1", "bulletFormat": "%s."} if kind == "steps" else {"bulletType": "bullet"}
        return [ListFlowable(items, bulletFontName="Sans", bulletFontSize=10, leftIndent=16, **look)]
    rows = [[Paragraph(cell, HEAD_CELL if index == 0 else CELL) for cell in row] for index, row in enumerate(content)]
    table = Table(rows, colWidths=[width * mm for width in part[2]], repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP"),
                               ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]))
    return [table, Spacer(1, 4 * mm)]


def story(manual):
    german = manual["language"] == "de"
    contents = TableOfContents(levelStyles=[CONTENTS], dotsMinLevel=0)
    flow = [Spacer(1, 60 * mm), Paragraph(manual["maker"], SECTION), Paragraph(manual["name"], TITLE),
            Paragraph(manual["subtitle"], BODY), Paragraph(manual["version"], BODY), PageBreak(),
            Paragraph("Inhalt" if german else "Contents", SECTION), contents]
    for number, (title, blocks) in enumerate(manual["chapters"], 1):
        flow += [PageBreak(), Paragraph(f"{number} {title}", CHAPTER)]
        for part in blocks:
            flow += block(part)
    return flow


def specs(german, rows):
    return ("table", [["Merkmal", "Wert"] if german else ["Item", "Value"], *rows], [70, 90])


def faults(rows, header=("Anzeige", "Ursache", "Abhilfe")):
    return ("table", [list(header), *rows], [42, 48, 76])


def km_2400(variant):
    """The two variants share a text; tank, milk system, descaler and noise differ."""
    small = variant == "S"
    tank, descaler, noise, weight = ("1,8 l", "100 ml", "62 dB(A)", "8,4 kg") if small else \
        ("2,2 l", "125 ml", "59 dB(A)", "8,9 kg")
    width = "22" if small else "24"
    second_key = "Dampftaste" if small else "Taste »Milch spülen«"
    milk_use = [
        ("h", "Milch aufschäumen"),
        ("steps", ["Taste mit dem Dampfsymbol drücken und warten, bis sie nicht mehr blinkt.",
                   "Düse knapp unter die Oberfläche der kalten Milch tauchen und den Drehgriff öffnen.",
                   "Bei etwa 65 °C, wenn das Kännchen zu heiß zum Anfassen wird, den Griff schließen."]),
    ] if small else [
        ("h", "Cappuccino und Latte macchiato"),
        ("steps", ["Das freie Ende des Ansaugschlauchs in die Milchpackung stellen.",
                   "Gewünschtes Getränk antippen; die Maschine schäumt zuerst und brüht danach.",
                   "Nach dem letzten Getränk »Milch spülen« drücken, solange die Taste leuchtet."]),
    ]
    milk_clean = [
        ("h", "Dampfdüse"),
        "Wischen Sie die Düse nach jedem Gebrauch feucht ab und lassen Sie zwei Sekunden Dampf ab. Angetrocknete Milch löst "
        "sich über Nacht in einem Becher Wasser; die Spitze lässt sich dafür abschrauben.",
    ] if small else [
        ("h", "Milchsystem"),
        "Einmal täglich 250 ml Wasser mit einer Kappe Milchreiniger durchlaufen lassen, danach zweimal klares Wasser. "
        "Den Ansaugschlauch tauschen Sie alle sechs Monate aus.",
    ]
    return {
        "file": f"brunnwald-km-2400-{variant.lower()}.pdf", "sku": f"KM-2400-{variant}", "language": "de",
        "maker": "Brunnwald", "name": f"KM-2400 {variant}", "title": f"Brunnwald KM-2400 {variant} – Bedienungsanleitung",
        "subtitle": "Bedienungsanleitung für den Kaffeevollautomaten", "version": "Ausgabe 2.1",
        "chapters": [
            ("Sicherheit", [
                "Das Gerät ist für den Haushalt bestimmt. Schließen Sie es nur an eine geerdete Steckdose mit 220 bis 240 V an.",
                ("points", ["Ziehen Sie den Stecker, bevor Sie das Gehäuse reinigen.",
                            "Füllen Sie ausschließlich kaltes Leitungswasser ein, niemals Mineralwasser mit Kohlensäure.",
                            "Halten Sie Kinder unter acht Jahren fern; der Auslauf wird heiß.",
                            "Stellen Sie die Maschine nicht in Räume, in denen es friert: Restwasser sprengt die Leitungen."]),
            ]),
            ("Inbetriebnahme", [
                ("h", "Aufstellen und erstes Spülen"),
                ("steps", ["Schutzfolien abziehen und den Wassertank unter fließendem Wasser ausspülen.",
                           f"Den Tank bis zur Marke MAX füllen ({tank}) und bis zum Anschlag einsetzen.",
                           "Bohnen einfüllen, Deckel schließen, Netzschalter an der Rückseite betätigen.",
                           "Ein Gefäß unter den Auslauf stellen: Die Maschine heizt auf und spült zweimal."]),
                ("h", "Wasserhärte einstellen"),
                "Tauchen Sie den beiliegenden Teststreifen eine Sekunde ein. Halten Sie dann im Ruhezustand die Tassentaste fünf "
                "Sekunden gedrückt und wählen Sie so viele Lampen, wie der Streifen rosa Felder zeigt. Ab Werk ist Stufe 3 gewählt.",
            ]),
            ("Getränke zubereiten", [
                "Ein kurzer Druck auf die Tassentaste brüht 40 ml Espresso, ein doppelter 120 ml Café Crème.",
                ("h", "Menge speichern"),
                "Halten Sie die Tassentaste während des Brühens gedrückt und lassen Sie los, sobald genug in der Tasse ist. Die neue "
                "Füllmenge bleibt auch nach dem Ausschalten erhalten.",
                ("h", "Mahlgrad"),
                "Drehen Sie das Rad im Bohnenbehälter nur bei laufendem Mahlwerk und höchstens um eine Stufe je Tasse.",
                *milk_use,
            ]),
            ("Reinigen", [
                ("h", "Brühgruppe"),
                ("steps", ["Gerät ausschalten und die Klappe rechts öffnen.",
                           "Roten Riegel nach links schieben, Brühgruppe am Griff herausziehen.",
                           "Unter lauwarmem Wasser ohne Spülmittel abspülen und eine Stunde trocknen lassen.",
                           "Wieder einschieben, bis es hörbar klickt."]),
                "Wiederholen Sie das wöchentlich. Alle drei Monate geben Sie einen Tropfen Silikonfett auf die beiden Dichtringe.",
                *milk_clean,
                ("h", "Abtropfschale und Tresterbehälter"),
                "Beide dürfen nicht in den Geschirrspüler. Leeren Sie sie gemeinsam, sonst stimmt der Tassenzähler nicht.",
            ]),
            ("Entkalken", [
                "Rechnen Sie mit 25 Minuten. Essig und Zitronensäure greifen die Dichtungen an; verwenden Sie flüssigen Entkalker "
                "auf Milchsäurebasis.",
                ("steps", ["Wasserfilter herausnehmen, Abtropfschale leeren.",
                           f"{descaler} Entkalker in den Tank geben und mit Wasser bis zur Marke CALC auffüllen.",
                           "Ein Gefäß mit mindestens 1,5 l unter den Auslauf stellen.",
                           f"Tassentaste und {second_key} gemeinsam drei Sekunden drücken; beide Lampen leuchten.",
                           "Nach etwa 15 Minuten erlischt die linke Lampe: Tank ausspülen und mit klarem Wasser füllen.",
                           "Erneut die Tassentaste drücken. Ist der Spülgang beendet, schaltet sich die Maschine ab."]),
                "Brechen Sie den Vorgang nicht ab. Fällt der Strom aus, beginnt die Maschine danach wieder beim Spülen.",
            ]),
            ("Störungen beheben", [
                "Die Kontrollleuchte über dem Auslauf zeigt durch Farbe und Rhythmus an, was fehlt. Fehlernummern erscheinen als "
                "Blinkfolge der vier Tassenlampen.",
                faults([
                    ["Leuchte blinkt gelb", "Kalkgrenze erreicht", "Entkalkungsprogramm durchführen (Kapitel 5)"],
                    ["Leuchte steht dauerhaft gelb", "Tresterbehälter voll", "Bei eingeschaltetem Gerät leeren und nach fünf Sekunden einsetzen"],
                    ["Leuchte blinkt rot", "Wassertank leer oder nicht eingerastet", "Nachfüllen und fest andrücken"],
                    ["E04", "Brühgruppe sitzt nicht richtig", "Herausnehmen, Riegel prüfen, bis zum Klicken einschieben"],
                    ["E08", "Temperaturfühler meldet keinen Wert", "Zehn Minuten vom Netz trennen; kehrt die Meldung zurück, Kundendienst rufen"],
                    ["Kaffee läuft nur tropfenweise", "Mahlgrad zu fein oder Sieb verstopft", "Zwei Stufen gröber mahlen, Brühgruppe reinigen"],
                    ["Mahlwerk laut, kein Pulver", "Fremdkörper in den Bohnen", "Bohnenbehälter aussaugen, Mahlwerk nicht selbst öffnen"],
                ]),
            ]),
            ("Technische Daten", [
                specs(True, [["Wassertank", tank], ["Pumpendruck", "15 bar"], ["Leistungsaufnahme", "1450 W"],
                             ["Betriebsgeräusch beim Mahlen", noise], ["Gewicht ohne Wasser", weight],
                             ["Abmessungen (B × H × T)", f"{width} × 34 × 43 cm"], ["Netzspannung", "220–240 V, 50 Hz"], ["Kabellänge", "1,1 m"],
                             ["Abschaltautomatik", "nach 30 Minuten, einstellbar bis 3 Stunden"]]),
                ("h", "Entsorgung"),
                "Das Gerät gehört nicht in den Hausmüll. Geben Sie es bei einer Sammelstelle für Elektrogeräte ab.",
            ]),
        ],
    }


KM_2600 = {
    "file": "brunnwald-km-2600.pdf", "sku": "KM-2600", "language": "de", "maker": "Brunnwald", "name": "KM-2600",
    "title": "Brunnwald KM-2600 – Bedienungsanleitung", "subtitle": "Kaffeevollautomat mit Farbdisplay und WLAN",
    "version": "Ausgabe 1.3",
    "chapters": [
        ("Zu Ihrer Sicherheit", [
            "Betreiben Sie den Automaten nur in Innenräumen und auf einer ebenen, wasserfesten Fläche.",
            ("points", ["Halten Sie zu Wänden zehn Zentimeter Abstand, sonst staut sich Dampf.",
                        "Greifen Sie nicht in das Mahlwerk, solange der Stecker in der Steckdose ist.",
                        "Der Glasbehälter darf nicht in die Mikrowelle."]),
        ]),
        ("Erste Schritte", [
            ("steps", ["Sprache am Display antippen und Uhrzeit bestätigen.",
                       "Tank (2,2 l) füllen, Filter BF-1 eindrehen und im Menü »Filter neu« wählen.",
                       "Milchbehälter andocken, bis ein Ton erklingt.",
                       "Den Begrüßungskaffee wegschütten: Er spült Rückstände der Fertigung aus."]),
            "Bis zu sechs Benutzerprofile speichern Stärke, Temperatur und Menge. Legen Sie sie in der App an.",
        ]),
        ("WLAN einrichten", [
            "Die Maschine versteht nur Netze mit 2,4 GHz und WPA2 oder WPA3. Der Netzname darf höchstens 32 Zeichen lang sein.",
            ("steps", ["Laden Sie die App »Brunnwald Home« und legen Sie ein Konto an.",
                       "Am Display »Einstellungen«, dann »Netzwerk« öffnen und »Koppeln« antippen. Der Leuchtring pulsiert blau.",
                       "In der App auf das Pluszeichen tippen und den QR-Code an der Innenseite der Bohnenklappe einscannen.",
                       "Kennwort des Heimnetzes eingeben. Nach höchstens einer Minute wird der Ring weiß."]),
            ("h", "Verbindung trennen"),
            "Unter »Netzwerk« auf »Vergessen« tippen. Die Profile bleiben im Gerät erhalten.",
            ("h", "Aktualisierungen"),
            "Neue Gerätesoftware lädt die Maschine nachts zwischen zwei und vier Uhr, sofern sie am Strom hängt.",
        ]),
        ("Zubereitung", [
            "Wischen Sie über das Display, um zwischen zwölf Getränken zu wählen. Ein langer Druck öffnet die Feineinstellung.",
            ("h", "Zwei Tassen auf einmal"),
            "Tippen Sie auf das Symbol mit den beiden Tassen. Gemahlen wird dann zweimal nacheinander, Milchgetränke sind ausgenommen.",
            ("h", "Milchschaum einstellen"),
            "Das Rädchen am Deckel des Milchbehälters regelt den Anteil der Luft: Stufe 1 ergibt heiße Milch, Stufe 4 festen Schaum.",
        ]),
        ("Pflege", [
            ("h", "Tägliche Spülung"),
            "Beim Ausschalten reinigt sich der Auslauf von selbst. Stellen Sie ein Glas darunter; es sind etwa 60 ml.",
            ("h", "Milchweg"),
            "Drehen Sie das Rädchen nach jedem Milchgetränk kurz auf »Clean«. Einmal in der Woche zerlegen Sie den Deckel in seine drei Teile.",
            ("h", "Brühgruppe"),
            "Sie sitzt hinter dem Wassertank. Drücken Sie die beiden grünen Tasten zusammen und ziehen Sie die Einheit gerade heraus. "
            "Klares Wasser genügt.",
        ]),
        ("Entkalken", [
            "Das Display kündigt den Vorgang 50 Tassen vorher an. Er dauert 40 Minuten und lässt sich zwischen den drei Phasen anhalten.",
            ("steps", ["Menü »Pflege« öffnen und »Entkalken« starten.",
                       "Filter entnehmen, 150 ml Entkalker und einen Liter Wasser in den Tank geben.",
                       "Milchbehälter abnehmen, eine Schale mit zwei Litern unterstellen, »OK« tippen.",
                       "Zweimal nach Aufforderung mit frischem Wasser spülen.",
                       "Filter wieder einsetzen; der Zähler beginnt von vorn."]),
        ]),
        ("Hilfe bei Störungen", [
            "Der Leuchtring um das Display und die Meldungen im Klartext helfen bei der Suche. Farben haben hier eine andere Bedeutung "
            "als bei den Modellen ohne Display.",
            faults([
                ["Ring blinkt gelb", "Verbindung zum Heimnetz unterbrochen", "Router prüfen, sonst neu koppeln (Kapitel 3); Kaffee geht auch offline"],
                ["Ring leuchtet gelb", "Bohnen fast aufgebraucht", "Nachfüllen, Deckel schließen, »Gefüllt« antippen"],
                ["Ring blinkt rot", "Tank leer", "Bis MAX füllen"],
                ["Ring pulsiert orange", "Entkalken überfällig, Bezug gesperrt", "Menü »Pflege« → »Entkalken«"],
                ["E04", "Milchbehälter wird nicht erkannt", "Kontakte trocken wischen und bis zum Ton andocken"],
                ["E11", "Kein Wasserfluss, Luft in der Leitung", "Heißwasser beziehen, bis ein gleichmäßiger Strahl kommt"],
                ["E15", "Antrieb der Brühgruppe blockiert", "Ausschalten, Einheit herausnehmen, Kaffeereste entfernen"],
            ], ("Signal", "Bedeutung", "Was tun?")),
        ]),
        ("Technische Daten", [
            specs(True, [["Tankinhalt", "2,2 l"], ["Pumpendruck", "19 bar"], ["Leistung", "1500 W"],
                         ["Geräusch beim Mahlen", "57 dB(A)"], ["Gewicht", "9,6 kg"], ["Bohnenbehälter", "300 g"],
                         ["Milchbehälter", "0,5 l"], ["Funk", "2,4 GHz, IEEE 802.11 b/g/n"], ["Bereitschaft", "0,5 W, vernetzt 1,9 W"],
                         ["Abmessungen (B × H × T)", "26 × 36 × 45 cm"], ["Kabellänge", "1,2 m"]]),
        ]),
    ],
}

Q35_PRO = {
    "file": "sonoriva-q35-pro.pdf", "sku": "SR-Q35-PRO", "language": "de", "maker": "Sonoriva", "name": "Q35 Pro",
    "title": "Sonoriva Q35 Pro – Gebrauchsanleitung", "subtitle": "Drahtloser Kopfhörer mit Geräuschunterdrückung",
    "version": "Ausgabe 1.0",
    "chapters": [
        ("Bedienelemente", [
            "An der rechten Muschel sitzen Einschalter, Kopplungstaste und USB-C-Buchse, an der linken die Taste für die Geräuschunterdrückung.",
            ("table", [["Handgriff", "Wirkung"], ["Rechts zweimal tippen", "Titel vor"], ["Rechts nach oben streichen", "lauter"],
                       ["Handfläche auflegen", "Umgebung hören, solange die Hand liegt"], ["Links lang drücken", "Unterdrückung aus"]], [70, 90]),
        ]),
        ("Koppeln", [
            ("h", "Erstes Gerät"),
            ("steps", ["Kopfhörer einschalten und die Kopplungstaste vier Sekunden halten, bis die Lampe schnell blau blinkt.",
                       "Im Telefon unter Bluetooth »Sonoriva Q35 Pro« wählen.",
                       "Ein Zweiklang bestätigt; die Lampe geht aus."]),
            ("h", "Zweites Gerät"),
            "Drücken Sie die Kopplungstaste dreimal kurz, um die Mehrfachverbindung freizugeben, und wiederholen Sie die Schritte am "
            "anderen Gerät. Der Anruf hat stets Vorrang vor Musik.",
        ]),
        ("Akku und Laden", [
            "Eine volle Ladung dauert zwei Stunden und reicht für 38 Stunden mit Unterdrückung, ohne sie für rund 52.",
            "Laden Sie zwischen 10 und 35 °C. Wer den Kopfhörer länger nicht braucht, lagert ihn halb geladen.",
            ("h", "Schnellladen"), "Zehn Minuten am Netzteil ergeben fünf Stunden Wiedergabe.",
        ]),
        ("Zurücksetzen und Aktualisieren", [
            ("h", "Werkseinstellungen"),
            "Bei eingestecktem Ladekabel Einschalter und Kopplungstaste zusammen zehn Sekunden halten. Die Lampe wird violett und erlischt.",
            ("h", "Neue Firmware"),
            "Halten Sie den Kopfhörer in der Nähe des Telefons und öffnen Sie die App. Bei weniger als 30 % Akku verweigert sie das Update.",
        ]),
        ("Fehlerbehebung", [
            faults([
                ["Blinkt langsam rot", "Akku unter zehn Prozent", "Laden"],
                ["Blinkt abwechselnd rot und blau", "Update wird aufgespielt", "Nicht ausschalten, etwa sechs Minuten warten"],
                ["Leuchtet beim Laden gelb", "Zu kalt oder zu warm", "Auf Zimmertemperatur bringen"],
                ["Pfeifen bei aktiver Unterdrückung", "Muschel liegt nicht dicht an", "Bügel nachstellen, Brillenbügel vom Polster nehmen"],
                ["Kein Ton über Klinke", "Stecker nur halb eingeführt", "Bis zum zweiten Klick drücken"],
            ], ("Signal", "Ursache", "Abhilfe")),
        ]),
        ("Technische Daten", [
            specs(True, [["Geräuschunterdrückung", "bis 35 dB"], ["Wiedergabedauer", "38 h"], ["Ladezeit", "2 h"], ["Gewicht", "262 g"],
                         ["Bluetooth", "5.3"], ["Treiber", "40 mm"], ["Frequenzgang", "8 Hz – 40 kHz"], ["Impedanz am Kabel", "32 Ohm"]]),
        ]),
    ],
}

Q45 = {
    "file": "sonoriva-q45-en.pdf", "sku": "SR-Q45", "language": "en", "maker": "Sonoriva", "name": "Q45",
    "title": "Sonoriva Q45 – User Guide", "subtitle": "True wireless earbuds", "version": "Edition 1.1",
    "chapters": [
        ("Getting started", [
            ("steps", ["Peel the film off the contacts of both buds.", "Place them in the case and charge it for one hour.",
                       "Open the lid next to your phone and pick “Sonoriva Q45” in the Bluetooth list."]),
            "Try all three sizes of tips. A good seal makes the biggest difference to the bass.",
        ]),
        ("Touch controls", [
            ("table", [["Gesture", "Action"], ["One tap", "play or pause, take a call"], ["Two taps right", "next track"],
                       ["Two taps left", "previous track"], ["Hold for two seconds", "voice assistant"]], [70, 90]),
            "Touch can be locked in the app, for example when you wear a hat.",
        ]),
        ("Charging", [
            "The buds play for 7 hours; the case holds another 28. Fifteen minutes in the case give one hour of music.",
            "A full charge of the case takes 90 minutes over USB-C. It cannot be charged wirelessly.",
        ]),
        ("Care and cleaning", [
            "Wipe the buds with a dry cloth after sport. The tips come off and can be washed in warm water; let them dry completely.",
            "The protection class IPX4 covers splashes from any direction. Never rinse the case.",
        ]),
        ("Troubleshooting", [
            faults([
                ["Case flashes red three times", "battery of the case is empty", "Charge for at least ten minutes"],
                ["Case stays orange", "one bud is not seated", "Clean the contacts and press the bud down"],
                ["Buds flash white and red", "pairing was interrupted", "Reset: hold the case button for fifteen seconds"],
                ["Voices sound thin to callers", "microphone opening is blocked", "Brush the mesh gently with a soft toothbrush"],
            ], ("Indicator", "Cause", "Remedy")),
        ]),
        ("Specifications", [
            specs(False, [["Battery life", "7 h, with case 35 h"], ["Weight per earbud", "5.2 g"], ["Weight of the case", "41 g"],
                          ["Bluetooth", "5.3"], ["Range", "10 m"], ["Protection", "IPX4"]]),
        ]),
    ],
}

AK_520 = {
    "file": "kehrwerk-ak-520.pdf", "sku": "AK-520", "language": "de", "maker": "Kehrwerk", "name": "AK 520",
    "title": "Kehrwerk AK 520 – Gebrauchsanweisung", "subtitle": "Akku-Handstaubsauger", "version": "Ausgabe 3.0",
    "chapters": [
        ("Vor dem ersten Saugen", [
            ("steps", ["Wandhalter mit zwei Schrauben in 105 cm Höhe befestigen.", "Akku einschieben, bis er einrastet.",
                       "Gerät einhängen und dreieinhalb Stunden laden, auch wenn der Ring schon vorher grün wird."]),
            "Saugen Sie keine Flüssigkeiten, Glasscherben oder heiße Asche auf.",
        ]),
        ("Saugen", [
            "Der Schieber am Griff wählt zwischen Eco (60 Minuten), Auto (35 Minuten) und Boost (12 Minuten). In der Stufe Auto misst ein "
            "Sensor, wie viel Staub ankommt, und regelt nach.",
            ("h", "Licht"), "Das Licht an der Bodendüse geht mit der Walze an. Zum Ausschalten den Schieber zweimal kurz nach hinten ziehen.",
        ]),
        ("Reinigung und Wartung", [
            ("h", "Staubbehälter leeren"),
            "Halten Sie den Behälter tief in einen Müllsack und drücken Sie die rote Taste. Bei der Marke MAX (0,8 l) lässt die Saugkraft nach.",
            ("h", "Vorfilter waschen"),
            ("steps", ["Filter gegen den Uhrzeigersinn aus dem Deckel drehen.", "Mit kaltem Wasser ausspülen, bis es klar bleibt; kein Waschmittel.",
                       "Vierundzwanzig Stunden lang an der Luft trocknen, nicht auf der Heizung."]),
            "Einmal im Monat reicht. Nach einem Jahr ersetzen Sie ihn.",
            ("h", "Bürstenwalze"),
            "Riegel an der Seite aufschieben, Walze herausziehen und Haare mit einer Schere längs aufschneiden.",
        ]),
        ("Anzeigen und Störungen", [
            faults([
                ["Ring blinkt gelb", "Luftweg zugesetzt oder Filter voll", "Behälter leeren, Vorfilter waschen, Rohr durchsehen"],
                ["Ring blinkt rot", "Walze blockiert", "Ausschalten und Walze freischneiden"],
                ["Ring leuchtet rot", "Akku überhitzt", "Eine halbe Stunde abkühlen lassen"],
                ["Ring aus, obwohl in der Halterung", "Netzteil oder Kontakte ohne Strom", "Andere Steckdose versuchen, Kontakte abwischen"],
                ["F2", "Falscher Akku eingesetzt", "Nur AK-B25 verwenden; der Akku des AK 500 passt mechanisch, liefert aber zu wenig Spannung"],
            ]),
        ]),
        ("Technische Daten", [
            specs(True, [["Akkuspannung", "25 V"], ["Laufzeit Eco", "60 min"], ["Laufzeit Boost", "12 min"], ["Ladezeit", "3,5 h"],
                         ["Staubbehälter", "0,8 l"], ["Gewicht", "2,8 kg"], ["Lautstärke", "73 dB(A)"]]),
        ]),
    ],
}


def main():
    pdfmetrics.registerFont(TTFont("Sans", str(FONTS / "DejaVuSans.ttf")))
    pdfmetrics.registerFont(TTFont("SansBold", str(FONTS / "DejaVuSans-Bold.ttf")))
    manuals = [km_2400("S"), km_2400("M"), KM_2600, Q35_PRO, Q45, AK_520]
    for manual in manuals:
        Manual(TARGET / manual["file"], manual).multiBuild(story(manual))
    rows = [",".join((m["file"], m["sku"], m["language"], m["version"].split()[-1])) for m in manuals]
    (TARGET / "manuals.csv").write_text("file,sku,language,version\n" + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
