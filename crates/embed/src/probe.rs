//! Whether an embedder tells meanings apart: a model whose numbers were damaged or mixed up gives vectors like any other, and what they
//! spoil is seen in no count.
//!
//! Of two sentences the one that means the same must be nearer than the one that has words in common. Who only compares words, as a network
//! with wrong weights does, chooses the other one.

use crate::{EmbedError, Embedder, TextKind};

/// A sentence, one that means the same, and one that has words in common with it.
type Triple = [&'static str; 3];

/// The least share of right choices in the language that the embedder knows best. By chance half of them are right.
const LEAST_SHARE: f64 = 0.75;

/// What came of it, by language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choices {
    /// `de` or `en`.
    pub language: &'static str,
    /// How often the same meaning was chosen …
    pub right: usize,
    /// … of so many times.
    pub asked: usize,
}

impl Choices {
    fn share(self) -> f64 {
        self.right as f64 / self.asked as f64
    }
}

/// Lets the embedder choose, in German and in English: about a hundred and fifty short texts in one batch.
pub fn choices(embedder: &dyn Embedder) -> Result<[Choices; 2], EmbedError> {
    Ok([of_language(embedder, "de", &GERMAN)?, of_language(embedder, "en", &ENGLISH)?])
}

/// Whether that is enough: one language that it knows is.
pub fn is_enough(choices: &[Choices]) -> bool {
    choices.iter().any(|language| language.share() >= LEAST_SHARE)
}

fn of_language(
    embedder: &dyn Embedder,
    language: &'static str,
    triples: &[Triple],
) -> Result<Choices, EmbedError> {
    let column = |number: usize| triples.iter().map(|triple| triple[number]).collect::<Vec<_>>();
    let asked = embedder.embed(TextKind::Query, &column(0))?;
    let same = embedder.embed(TextKind::Passage, &column(1))?;
    let other = embedder.embed(TextKind::Passage, &column(2))?;
    let right = asked
        .iter()
        .zip(same.iter().zip(&other))
        .filter(|(asked, (same, other))| dot(asked, same) > dot(asked, other));
    Ok(Choices { language, right: right.count(), asked: triples.len() })
}

/// Vectors have length one.
fn dot(left: &[f32], right: &[f32]) -> f32 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

const GERMAN: [Triple; 24] = [
    [
        "Wo bleibt mein Paket?",
        "Die Lieferung ist noch nicht angekommen.",
        "Ein Paket Butter wiegt ein halbes Pfund.",
    ],
    ["Ich möchte mein Geld zurück.", "Der Kaufpreis soll erstattet werden.", "Banken drucken kein Geld."],
    [
        "Das Gerät lässt sich nicht einschalten.",
        "Beim Drücken der Starttaste passiert nichts.",
        "Ein Gerät der Turner ist der Barren.",
    ],
    [
        "Wie lange hält der Akku?",
        "Laufzeit mit einer Ladung: zehn Stunden.",
        "Wie lange lebt eine Schildkröte?",
    ],
    [
        "Der Bildschirm ist gesprungen.",
        "Das Glas des Displays hat einen Riss.",
        "Das Pferd ist über die Hürde gesprungen.",
    ],
    [
        "Was kostet der Staubsauger?",
        "Preis des Bodenreinigers: 199 Euro.",
        "Wer hat den Staubsauger erfunden?",
    ],
    [
        "Die Schuhe sind mir zu klein.",
        "Ich brauche eine größere Größe.",
        "Kinder sind zu klein, um zu wählen.",
    ],
    [
        "Kann ich die Bestellung stornieren?",
        "Ein Kauf lässt sich vor dem Versand widerrufen.",
        "Kann ich die Sterne zählen?",
    ],
    [
        "Die Maschine ist undicht.",
        "Unter dem Gehäuse läuft Wasser aus.",
        "Die Maschine landete in Frankfurt.",
    ],
    [
        "Wie verbinde ich den Kopfhörer?",
        "Bluetooth-Kopplung mit dem Telefon einrichten.",
        "Wie verbinde ich eine Wunde?",
    ],
    [
        "Der Kaffee schmeckt sauer.",
        "Das Heißgetränk hat ein unangenehmes Aroma.",
        "Der Lehrer ist sauer auf die Klasse.",
    ],
    [
        "Wann habt ihr geöffnet?",
        "Unsere Geschäftszeiten: montags bis freitags.",
        "Wann wurde das Grab geöffnet?",
    ],
    ["Die Jacke hält den Regen ab.", "Das Kleidungsstück ist wasserdicht.", "Der Zug hält in Regensburg."],
    [
        "Ich habe mein Passwort vergessen.",
        "Die Zugangsdaten müssen neu gesetzt werden.",
        "Ich habe den Geburtstag meiner Tante vergessen.",
    ],
    ["Das Notebook wird sehr heiß.", "Der Rechner überhitzt unter Last.", "Der August wird sehr heiß."],
    ["Gibt es eine Garantie?", "Für Mängel haften wir zwei Jahre lang.", "Gibt es Leben auf dem Mars?"],
    ["Der Motor macht laute Geräusche.", "Das Triebwerk brummt und rattert.", "Der Arzt macht Urlaub."],
    ["Wie entferne ich Kalk?", "Ablagerungen mit Zitronensäure lösen.", "Wie entferne ich mich vom Ufer?"],
    ["Die Rechnung ist falsch.", "Auf dem Beleg steht ein zu hoher Betrag.", "Das Gerücht ist falsch."],
    ["Der Ton ist zu leise.", "Man hört kaum etwas aus dem Lautsprecher.", "Ton wird im Ofen gebrannt."],
    ["Welche Farben gibt es?", "Erhältlich in Schwarz, Weiß und Blau.", "Welche Tiere gibt es im Zoo?"],
    [
        "Der Filter muss gewechselt werden.",
        "Setzen Sie einen neuen Einsatz ein.",
        "Der Torwart muss gewechselt werden.",
    ],
    [
        "Liefert ihr ins Ausland?",
        "Versand nach Österreich und in die Schweiz ist möglich.",
        "Reist ihr ins Gebirge?",
    ],
    [
        "Die Waschmaschine schleudert nicht.",
        "Die Wäsche kommt tropfnass aus der Trommel.",
        "Der Bus schleudert auf dem Eis.",
    ],
];

const ENGLISH: [Triple; 24] = [
    ["Where is my parcel?", "The delivery has not arrived yet.", "Where is the capital of France?"],
    ["I want my money back.", "Please refund the purchase price.", "My back hurts in the morning."],
    [
        "The device does not turn on.",
        "Nothing happens when I press the power button.",
        "Turn left at the church.",
    ],
    [
        "How long does the battery last?",
        "Running time on one charge: ten hours.",
        "How long does a turtle live?",
    ],
    ["The screen is cracked.", "The glass of the display is broken.", "The joke is cracked by a clown."],
    [
        "How much is the vacuum cleaner?",
        "Price of the hoover: 199 euros.",
        "How much does an elephant weigh?",
    ],
    ["The shoes are too small for me.", "I need a larger size.", "The planets are too small to be seen."],
    ["Can I cancel my order?", "A purchase may be revoked before it is shipped.", "Can I count the stars?"],
    [
        "The machine is leaking.",
        "Water drips out from under the housing.",
        "The government is leaking secrets.",
    ],
    [
        "How do I connect the headphones?",
        "Pairing over Bluetooth with a phone.",
        "How do I connect the dots of a constellation?",
    ],
    ["The coffee tastes sour.", "The hot drink has an unpleasant flavour.", "The relationship turned sour."],
    ["When are you open?", "Our business hours: Monday to Friday.", "When were you born?"],
    ["The jacket keeps the rain out.", "This garment is waterproof.", "The farmer keeps sheep."],
    ["I forgot my password.", "The login credentials must be reset.", "I forgot the birthday of my aunt."],
    ["The laptop gets very hot.", "The computer overheats under load.", "The month of August gets very hot."],
    ["Is there a warranty?", "We are liable for defects for two years.", "Is there life on Mars?"],
    ["The engine makes loud noises.", "The motor hums and rattles.", "The baker makes bread."],
    ["How do I remove limescale?", "Dissolve deposits with citric acid.", "How do I learn Spanish?"],
    ["The invoice is wrong.", "The amount on the bill is too high.", "The rumour is wrong."],
    [
        "The sound is too quiet.",
        "One can hardly hear anything from the speaker.",
        "The village is too quiet for tourists.",
    ],
    ["Which colours are there?", "Available in black, white and blue.", "Which rivers are there in Asia?"],
    ["The filter must be replaced.", "Insert a new cartridge.", "The goalkeeper must be replaced."],
    [
        "Do you deliver abroad?",
        "Shipping to Austria and Switzerland is possible.",
        "Do you believe in ghosts?",
    ],
    [
        "The washing machine does not spin.",
        "The laundry comes out soaking wet.",
        "The earth does not stop to spin.",
    ],
];
