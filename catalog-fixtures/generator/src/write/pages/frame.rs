//! What stands around a product on a page: navigation, cookies, other products, reviews, the foot.

use super::{Page, escaped};
use crate::language::Tongue;
use crate::random::Random;
use crate::world::regions::REGIONS;
use crate::write::{SHOP, printed_money};

const REVIEWS_DE: &[&str] = &[
    "{Macht genau, was es soll|Tut, was es soll}. {Lieferung nach zwei Tagen|Kam schnell an}.",
    "Anfangs war ich skeptisch, inzwischen {möchte ich es nicht mehr hergeben|bin ich überzeugt}.",
    "Für den Preis in Ordnung, {das Vorgängermodell wirkte aber wertiger|die Anleitung könnte besser sein}.",
    "Nach {drei Wochen|einem halben Jahr} noch keine Probleme. Mein Nachbar hat den gleichen.",
    "Leider {war der Karton eingedrückt|fehlte eine Schraube}, der Kundendienst hat {sofort|nach zwei Mails} geholfen.",
    "{Verarbeitung top|Gute Verarbeitung}, {Größe wie beschrieben|sieht aus wie auf den Bildern}. Klare Empfehlung!",
];
const REVIEWS_EN: &[&str] = &[
    "{Does what it says|Does the job}. {Arrived within two days|Fast delivery}.",
    "I was sceptical at first, now I would not want to be without it.",
    "Fine for the price, the manual could be better.",
];
const NAMES: &[&str] = &[
    "Hannelore",
    "Jörg",
    "Aylin",
    "Ilse",
    "M. K.",
    "Sandra B.",
    "Technikfan82",
    "Wolfgang",
    "Uschi",
    "Pete",
    "Kayla",
];

/// The row of links on top.
pub(super) fn navigation(page: &Page<'_>) -> String {
    let mut folders: Vec<&str> = page.world.kinds.iter().map(|kind| kind.folder.as_str()).collect();
    folders.dedup();
    let links: String = folders
        .iter()
        .map(|folder| {
            format!("<li><a href=\"/{folder}\">{}</a></li>", crate::language::grammar::capitalised(folder))
        })
        .collect();
    let (home, help, cart) = match page.tongue {
        Tongue::German => ("Startseite", "Hilfe", "Warenkorb (0)"),
        Tongue::English => ("Home", "Help", "Cart (0)"),
    };
    format!(
        "<nav class=\"top\"><ul><li><a href=\"/\">{home}</a></li>{links}<li><a href=\"/hilfe\">{help}</a></li><li><a href=\"/warenkorb\">{cart}</a></li></ul></nav>"
    )
}

/// The banner that asks for consent.
pub(super) fn cookies(page: &Page<'_>) -> &'static str {
    page.word(
        "<div id=\"cookie-banner\" class=\"consent\" role=\"dialog\" aria-label=\"Cookie-Einstellungen\"><p>Wir verwenden Cookies, um unser Angebot zu verbessern und Ihnen passende Angebote zu zeigen. Mehr dazu in der Datenschutzerklärung.</p><button>Alle akzeptieren</button><button>Nur notwendige</button><button>Einstellungen</button></div>",
        "<div id=\"cookie-banner\" class=\"consent\" role=\"dialog\" aria-label=\"Cookie settings\"><p>We use cookies to improve our shop. See our privacy notice for details.</p><button>Accept all</button><button>Necessary only</button></div>",
    )
}

/// Other products, with their prices: what must not be taken for the page's own.
pub(super) fn related(page: &Page<'_>, random: &mut Random) -> String {
    let region = page.price.map_or(0, |price| price.region);
    let mut items = String::new();
    for _ in 0..random.between(2, 5) {
        let other = random.pick(&page.world.products);
        let Some(price) = other.price(region, page.world.today).filter(|_| other.sku != page.product.sku)
        else {
            continue;
        };
        items.push_str(&format!(
            "<li class=\"teaser\"><a href=\"/{}\">{}</a> <span class=\"teaser-price\">{}</span></li>",
            other.page,
            escaped(&other.name(page.world.kind(other), page.tongue)),
            printed_money(price.amount, REGIONS[region].currency)
        ));
    }
    let head = page.word("Das könnte Ihnen auch gefallen", "You may also like");
    format!("<aside class=\"related\"><h3>{head}</h3><ul>{items}</ul></aside>")
}

/// What buyers said.
pub(super) fn reviews(page: &Page<'_>, random: &mut Random) -> String {
    let phrases = if page.tongue == Tongue::German { REVIEWS_DE } else { REVIEWS_EN };
    let slots = crate::language::phrase::Slots::default();
    let mut list = String::new();
    for _ in 0..random.between(0, 4) {
        let stars = random.between(2, 5) as usize;
        let text = crate::language::phrase::fill(random.pick::<&str>(phrases), &slots, random);
        list.push_str(&format!(
            "<div class=\"review\"><span class=\"stars\">{}{}</span> <b>{}</b><p>{}</p></div>",
            "★".repeat(stars),
            "☆".repeat(5 - stars),
            random.pick(NAMES),
            escaped(&text)
        ));
    }
    let head = page.word("Kundenbewertungen", "Customer reviews");
    format!("<section class=\"reviews\" id=\"reviews\"><h3>{head}</h3>{list}</section>")
}

/// The foot.
pub(super) fn foot(page: &Page<'_>) -> String {
    page.word(
        "<footer><div><h4>Kundendienst</h4><a href=\"/kontakt\">Kontakt</a> <a href=\"/versand\">Versandkosten</a> <a href=\"/retoure\">Rücksendung</a></div><div><h4>Newsletter</h4><p>10 % Rabatt auf Ihre nächste Bestellung!</p><form><input type=\"email\" placeholder=\"E-Mail-Adresse\"><button>Abonnieren</button></form></div><p>© 2026 SHOP GmbH · Impressum · AGB · Datenschutz</p></footer>",
        "<footer><div><h4>Service</h4><a href=\"/contact\">Contact</a> <a href=\"/shipping\">Shipping</a> <a href=\"/returns\">Returns</a></div><p>© 2026 SHOP · Imprint · Terms · Privacy</p></footer>",
    )
    .replace("SHOP", SHOP)
}
