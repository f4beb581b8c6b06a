//! Availabilities in words, as schema.org terms.

/// Beginnings of printed availabilities, as schema.org terms; the longer before their own beginnings.
const AVAILABILITIES: &[(&str, &str)] = &[
    ("nicht mehr lieferbar", "Discontinued"),
    ("nicht mehr verfuegbar", "Discontinued"),
    ("nicht lieferbar", "OutOfStock"),
    ("nicht auf lager", "OutOfStock"),
    ("nicht verfuegbar", "OutOfStock"),
    ("derzeit nicht", "OutOfStock"),
    ("out of stock", "OutOfStock"),
    ("outofstock", "OutOfStock"),
    ("oos", "OutOfStock"),
    ("ausverkauft", "SoldOut"),
    ("sold out", "SoldOut"),
    ("soldout", "SoldOut"),
    ("sofort", "InStock"),
    ("auf lager", "InStock"),
    ("lagernd", "InStock"),
    ("verfuegbar ab lager", "InStock"),
    ("verfuegbar ab sofort", "InStock"),
    ("verfuegbar ab", "BackOrder"),
    ("verfuegbar", "InStock"),
    ("lieferbar ab lager", "InStock"),
    ("lieferbar ab sofort", "InStock"),
    ("lieferbar ab", "BackOrder"),
    ("lieferbar", "InStock"),
    ("ab sofort", "InStock"),
    ("ab lager", "InStock"),
    ("in stock", "InStock"),
    ("instock", "InStock"),
    ("available on backorder", "BackOrder"),
    ("available on back order", "BackOrder"),
    ("available on back-order", "BackOrder"),
    ("available from", "BackOrder"),
    ("available for pre", "PreOrder"),
    ("available to pre", "PreOrder"),
    ("available soon", "BackOrder"),
    ("available", "InStock"),
    ("vorbestell", "PreOrder"),
    ("preorder", "PreOrder"),
    ("pre-order", "PreOrder"),
    ("backorder", "BackOrder"),
    ("auslauf", "Discontinued"),
    ("discontinued", "Discontinued"),
];

/// The schema.org term of a printed availability; `text` is folded.
pub(super) fn term(text: &str) -> Option<&'static str> {
    AVAILABILITIES.iter().find(|(begins, _)| text.starts_with(begins)).map(|(_, term)| *term)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_availability_hides_a_longer_one() {
        for (place, (begins, term)) in AVAILABILITIES.iter().enumerate() {
            let hidden = AVAILABILITIES[place..]
                .iter()
                .find(|(later, other)| later.starts_with(begins) && other != term);
            assert_eq!(hidden, None, "{begins}");
        }
    }
}
