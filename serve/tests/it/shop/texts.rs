//! What the small shop's documents say, and which of them are for one region alone.

use auskunft_model::Kind;

/// Source, record, kind, title, product, text.
pub(crate) type Text =
    (&'static str, Option<&'static str>, Kind, &'static str, Option<&'static str>, &'static str);

pub(crate) const TEXTS: [Text; 8] = [
    (
        "products/km-100.html",
        None,
        Kind::Product,
        "Kaffeemaschine Aroma KM-100",
        Some("KM-100"),
        "Die Kaffeemaschine Aroma KM-100 brüht zehn Tassen. Der Wassertank fasst 1,2 Liter.",
    ),
    (
        "products/st-7.html",
        None,
        Kind::Product,
        "Staubsauger Leise ST-7",
        Some("ST-7"),
        "Der Staubsauger Leise ST-7 hat ein Kabel von acht Metern. Der Staubbeutel fasst 3 Liter.",
    ),
    (
        "faqs/geraete.jsonl",
        Some("entkalken"),
        Kind::Faq,
        "Wie entkalke ich die Kaffeemaschine KM-100?",
        Some("KM-100"),
        "Füllen Sie Entkalker und Wasser in den Wassertank. Entkalken Sie die Maschine alle drei Monate.",
    ),
    (
        "faqs/geraete.jsonl",
        Some("beutel"),
        Kind::Faq,
        "Wie wechsle ich den Staubbeutel des ST-7?",
        Some("ST-7"),
        "Öffnen Sie die Klappe und ziehen Sie den Staubbeutel nach oben heraus.",
    ),
    (
        "policies/rueckgabe.md",
        None,
        Kind::Policy,
        "Rückgabe",
        None,
        "Sie können Waren innerhalb von 30 Tagen nach Erhalt zurückgeben. Das Rücksendeetikett liegt bei.",
    ),
    (
        EU_POLICY,
        None,
        Kind::Policy,
        "Altgeräte",
        None,
        "Altgeräte nehmen wir kostenlos mit, wenn wir das neue Gerät bringen.",
    ),
    (
        US_POLICY,
        None,
        Kind::Policy,
        "Altgeräte",
        None,
        "Altgeräte holen wir für 25 Dollar ab, wenn wir das neue Gerät bringen.",
    ),
    (
        "products/to-110.html",
        None,
        Kind::Product,
        "Toaster Knusper TO-110",
        Some(US_PRODUCT),
        "Der Toaster Knusper TO-110 röstet vier Scheiben bei 110 Volt.",
    ),
];

/// A policy for the EU alone.
pub(crate) const EU_POLICY: &str = "policies/altgeraete-eu.md";
/// A policy for the US alone.
pub(crate) const US_POLICY: &str = "policies/altgeraete-us.md";
/// A product for the US alone.
pub(crate) const US_PRODUCT: &str = "TO-110";

/// The region that a source is bound to.
pub(crate) fn region_of(source: &str) -> Option<&'static str> {
    let bound = [(EU_POLICY, "EU"), (US_POLICY, "US"), ("products/to-110.html", "US")];
    bound.into_iter().find(|(known, _)| *known == source).map(|(_, region)| region)
}
