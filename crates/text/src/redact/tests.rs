use super::*;

#[test]
fn what_was_replaced_is_counted_by_kind() {
    let redacted = redact("Olaf Beispiel, olaf@example.org, Tel. 030 5550199 oder 0170 5550123");
    assert_eq!(redacted.text, "[Name], [E-Mail], Tel. [Telefon] oder [Telefon]");
    assert_eq!((redacted.found.of(Kind::Phone), redacted.found.total()), (2, 4));
}

#[test]
fn a_mark_stays_and_is_never_part_of_what_follows() {
    assert_eq!(redact("Hallo [Name] Müller, Tel. [Telefon]").text, "Hallo [Name] Müller, Tel. [Telefon]");
    assert_eq!(redact("[Name]0170 1234567").found.total(), 0);
}

#[test]
fn iban_and_card_are_told_by_their_check_digits() {
    assert_eq!(redact("DE89 3704 0044 0532 0130 00").text, "[IBAN]");
    assert_eq!(redact("DE88 3704 0044 0532 0130 00").found.of(Kind::Iban), 0);
    assert_eq!(redact("4111-1111-1111-1111").text, "[Karte]");
    assert_eq!(
        redact("4111-1111-1111-1112").text,
        "[Kundennummer]",
        "no card, but the number of somebody's account"
    );
}
