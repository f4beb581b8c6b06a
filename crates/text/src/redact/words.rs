//! Words that are names, are no names, or stand around them, all folded.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words of a title that stand before the name itself.
pub(super) const TITLES: &[&str] =
    &["dr", "prof", "med", "ing", "dipl", "mag", "herr", "herrn", "frau", "rer", "nat", "h", "c"];

/// Parts of a name that stand before the family's name.
pub(super) const PARTICLES: &[&str] = &[
    "von", "van", "de", "der", "den", "zu", "zur", "vom", "zum", "ten", "ter", "la", "le", "di", "da", "del",
    "el", "al", "bin", "ben", "o", "mc",
];

/// Brands and figures that begin like a person's title.
pub(super) const TITLED_BRANDS: &[&str] = &[
    "antje",
    "holle",
    "oetker",
    "martens",
    "beckmann",
    "best",
    "proper",
    "coffee",
    "pepper",
    "muscle",
    "clean",
    "hauschka",
    "scholl",
    "scholls",
    "bronner",
    "bronners",
    "dre",
    "meyer",
    "meyers",
    "robot",
    "bean",
    "doctor",
    "bohne",
    "wood",
    "oils",
    "schumann",
    "rath",
    "wolz",
    "schneider",
    "nelly",
    "tea",
];

/// Makers that are named like people: never taken for a name outside the phrase that says it is one.
pub(super) const NAMED_MAKERS: &[&str] = &[
    "bosch",
    "braun",
    "siemens",
    "miele",
    "philips",
    "grundig",
    "krups",
    "melitta",
    "severin",
    "rowenta",
    "dyson",
    "bissell",
    "hoover",
    "vorwerk",
    "kaercher",
    "makita",
    "wagner",
    "apple",
    "sennheiser",
    "beyerdynamic",
    "bowers",
    "wilkins",
    "lenovo",
    "dell",
    "acer",
    "asus",
    "sony",
    "samsung",
    "jura",
    "wmf",
    "fissler",
    "salomon",
    "deuter",
    "vaude",
    "schoeffel",
    "adidas",
    "nike",
];

/// Words that begin with a capital at the place of a name and are none.
pub(super) static NO_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "ab aber abend absender adresse ag akku alle allen allerseits alles als also am an and anbei angebot anschrift antwort any \
     anyone april are at auch auf aufgrund august aus back beide beim bei bereits best beste besten bestellung \
     bin bis bitte bot but by can case chat chatbot co could customer damen dank danke dann darf das dass date dein deine deinem \
     dem den der des deutschland dezember die dienstag dies diese dieser dieses do does donnerstag dr du durch eben \
     ein eine einem einen einer endlich er es etwas euch euer eure everybody everyone februar firma folks for frage fragen frau \
     frauen freitag freund freunde fuer ganz gar gerne gern gestern gmbh good google grosse gruesse gruss gute guten guter guys habe haben \
     hab hallo hat hatte have hello herr herren herrn heute hey hi hier hilfe hiermit hinweis hotline how ich ihnen ihr ihre ihrem ihren \
     im in info internet is ist it its ja januar jede jetzt juli juni just kann karte kaum kd kein keine kg koennen konto \
     kunde kunden kundenberater kundendienst kundenservice kundin ladies leider leute liebe lieben lieber ltd maerz mai mal man me mein meine meinem meinen \
     meiner mich mir mit mittwoch moechte mods montag morgen mr mrs ms muss my nach nein neu neue neuer nett nicht no noch \
     nochmal nochmals not november now nun nur ob oder ohne ok okay oktober old on online or order our paket people plz please post \
     problem produkt rechnung retoure sales samstag sehr seit september service shop sie sind siri sir so soll some sonntag sorry \
     sowie stelle super support supportteam tag tage team tel telefon thank thanks that the there they this to toll und unser unsere us \
     vielen viel viele von vor vorab wann war warum was we welche welcher wenn wer werte weil weiter what when where which why wie wieder will \
     willkommen wir wird wo wurde world wenig yes you your zeit zu zum zur zusammen versand kontakt kontaktformular community \
     redaktion welt mail email nachricht einen schoenen schoene schoenes wochenende new would might may should if then \
     i a um being having going getting looking trying calling writing happy glad sure done ready good fine great very really \
     interested unable able from just still still only here currently using located living also afraid aware back thinking alexa agent \
     assistant operator representative moderator admin user nutzer kaeufer verkaeufer haendler anbieter hersteller mitarbeiter mitarbeiterin \
     beraterin berater sachbearbeiter technik abteilung rentner rentnerin student studentin schwerhoerig neukunde stammkunde nope yeah \
     facing need needs want wants wanted looking about whose who whom wondering having he she his her him them their an near ago \
     it has had having did done been being were be am as of into out off up down over under again once all both each few more most other \
     nor own same than too much many let lets like get got give gave go goes make made take took try tried use used"
        .split_whitespace()
        .collect()
});

/// First names that are common in German- and English-speaking countries and are no other words. Written for this program.
pub(super) static FIRST_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "aaron adam adelheid adrian adriana agnes ahmed ahmet aisha alan albert alessandro alex alexander alexandra alfred ali alice \
     alina amanda amelie amir amy ana anastasia andi andrea andreas andrew andrzej andy angela angelika angelina anika anita anja anke \
     ann anna annalena anne anthony anneliese annemarie annette annika antje anton antonia antonio arne arno arnold arthur astrid aylin axel ayse \
     barbara bastian beate beatrice ben benedikt benjamin bernd bernhard bert berta bettina bianca birgit birgitta birte bjoern bob bodo \
     brad brandon brenda brian brigitta brigitte britta brittany bruno burkhard carina carl carla carlos carmen carol carola caroline carolin carsten \
     catherine cathrin celina charles charlie charlotte chloe chris christa christel christian christiane christin christina christine \
     christof christoph christopher cindy claire clara claudia claus clemens conrad constanze corinna cornelia craig cynthia dagmar \
     daisy dan dana daniel daniela danielle danny dave david davis deborah denise dennis derek diana diane dieter dietmar dietrich dirk \
     dominic dominik dominique donald donna doris dorothea dorothee doug douglas dylan eberhard eckhard ed edgar edith edward eileen elena \
     eleonore elfriede eli elias elif elisa elisabeth elizabeth elke ella ellen elmar elsa else emil emilia emily emine emma emre enrico eric \
     erica erich erik erika ernie erwin esra esther ethan eugen eva evelyn ewald fabian fabio fatima fatma felicitas felix ferdinand finn \
     fiona florian francesca frank franz franziska franzi fred frederik frieda friedhelm friedrich fritz gabi gabriel gabriela gabriele gareth \
     gary geoffrey georg george gerald gerd gerda gerhard gerlinde gerti gertrud gina gisela giulia giuseppe gordon gottfried grit greg gregor gregory greta guenter guenther \
     gudrun guido gunnar gustav hanna hannah hannelore hannes hans harald harry hartmut hasan heather hedwig heidemarie heide heidi heike heiko \
     heiner heinrich heinz helen helena helene helga helmut hendrik henning henrik henry herbert heribert hermann hilde hildegard holger horst \
     howard hubert hugo ian ibrahim ida ilona ilse ina ines inga inge ingeborg ingo ingrid irene irina iris irmgard isabel isabell \
     isabella isabelle ivan ivana jack jacob jacqueline jaime jake jakob james jamie jan jana jane janet janina janine jannik jasmin \
     jason javier jeff jeffrey jen jenna jennifer jenny jens jeremy jerry jesse jessica jessy jill jim jimmy joachim joan joanna joanne joe joel \
     johann johanna johannes john johnny johnson jon jonah jonas jonathan jordan jorge jose josef josefine joseph joshua juan judith juergen \
     julia julian juliane julie julius juliette justin jutta kai karen karim karin karl karla karolin karsten kate katharina katherine kathi kathleen kathrin \
     kathryn kathy katja katrin keith kelly ken kenneth kerstin kevin kim kirsten klara klaus konrad konstantin kristin kristina \
     kristof kurt kyle lara larissa larry lars laura lauren lea leah leila lena lennart lennard leo leon leonard leonie leopold lia lieselotte \
     lina linda linus lisa lothar louis louisa louise luca lucas lucia lucie ludwig luis luisa luise lukas luke lutz lydia lynn maik maike \
     maja malte mandy manfred manuel manuela mara marc marcel marco marcus mareike margarete margaret margit margot maria marianne marie \
     marina mario marion marius marko markus marlene marlies marta martha martin martina marvin mary mathias mathilde matt matteo matthew matthias \
     maurice maximilian mechthild megan mehmet melanie melissa merle mia micha michael michaela michel michelle miguel mike mila milena miriam \
     mirko mohamed mohammed monica monika moritz murat mustafa nadine nadja nancy natalia natalie natascha nathan neil nele nelly nicholas nick \
     nico nicola nicolas nicole niels nikola nikolai nikolas nikolaus nils nina noah noel nora norbert norman olaf ole oleg olga oliver olivia omar \
     oscar oskar oswald othmar otto pablo pamela pascal patricia patrick patrizia paul paula pauline pedro peggy peter petra phil philip philipp \
     phillip philippa pia pierre pieter rachel rafael raimund rainer ralf ralph ramona raphael raphaela rebecca rebekka regina reiner reinhard \
     reinhold renate rene ricardo richard rita rob robert roberta roberto robin roger roland rolf romy ronald ronny rosemarie rosi ross roswitha roy \
     rudi rudolf ruediger rupert ruth ryan sabine sabrina sam samantha samira samuel sandra sandy sara sarah sascha scott sean sebastian selina \
     serkan sergej serena sharon sheila siegfried siegrid sigrid silke silvana silvia simon simone sina sofia sofie sonja sophia sophie soeren \
     stefan stefanie steffen steffi stella stephan stephanie stephen steve steven stuart sue susan susann susanna susanne suse sven svenja swen swetlana \
     sybille sylke sylvia tabea tamara tania tanja tara tatjana ted teresa terry thea theo theodor theresa therese thiemo thilo thomas thorben thorsten tilman tim \
     timo timothy tina tobias tobi todd tom tomas toni tony torben torsten tracy traudl trudi tyler ulf uli ulla ulrich ulrike umut ursula ute \
     uwe valentin valentina valerie vanessa vera verena veronika vicky victor victoria viktor viktoria vincent viola volker volkmar waldemar walter \
     waltraud wendelin wendy werner wiebke wilfried wilhelm willi william willy winfried wolf wolfgang wolfram xaver yannick yasmin yusuf yvonne zoe \
     abigail aiden brooke caleb cameron casey cody connor courtney dustin garrett gavin haley isaac jared jasmine kayla kelsey kristen liam \
     lindsay lindsey mackenzie marissa melinda molly natasha owen paige quinn riley shane shannon shawn spencer taylor tiffany travis \
     trevor tyrone wesley whitney wyatt zach zachary raj krishna anil sunil priya rahul amit deepak sanjay vijay suresh ravi arjun ananya lalli aahil jhon"
        .split_whitespace()
        .collect()
});

/// First names that are other words, too: known behind a greeting or an introduction only.
pub(super) const AMBIGUOUS_NAMES: &[&str] = &[
    "max", "mark", "rose", "will", "may", "grace", "jack", "bill", "art", "ernst", "hope", "faith", "joy",
    "sky", "rich", "anders", "bob", "ray", "dean", "chase", "grant", "miles", "penny", "ruby", "amber",
    "crystal", "summer", "april", "june", "august", "eve", "victor", "felix", "linus", "claus", "nova",
    "iris", "viola", "jasmin", "rob", "sue", "pat", "drew", "frank", "gene", "guy",
];

/// Words that say that an organisation signs, not a person.
pub(super) const ORGANISATIONS: &[&str] = &[
    "team",
    "kundenservice",
    "kundendienst",
    "support",
    "service",
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "ltd",
    "inc",
    "versand",
    "shop",
    "store",
    "redaktion",
    "customer",
    "care",
    "serviceteam",
    "supportteam",
    "kundenbetreuung",
    "hotline",
    "ug",
    "mbh",
    "llc",
];

/// Words behind a number that make it an amount, not a house's number or a postal code.
pub(super) static UNITS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "a ah ampere amp auflage ausfuehrungen bar bit bits bewertungen bpm betriebsstunden byte cd cent cm db dpi euro eur exemplare folgen \
     fps ft g gb ghz gramm grad h hz hours inch inches jahre jahren k kb kg khz kilo kilometer km kunden kw kwh l lb lbs lm lumen lux liter m mah \
     mal mah mb mbit meter mhz miles min minuten minutes ml mm monate monaten ms nm oz pa paar pascal personen pixel pin polig points ports prozent \
     psi punkte px rpm s schritte seiten sekunden sets stk stueck stunden tage tagen takte tassen tb teilig teile tausend times uhr umdrehungen usd users v volt w \
     watt wh wochen x years zoll zyklen waschgaenge waschzyklen ladezyklen stufen fach modi days weeks months percent mg millionen zeilen mio"
        .split_whitespace()
        .collect()
});
