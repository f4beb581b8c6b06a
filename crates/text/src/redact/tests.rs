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

#[test]
fn whoever_says_that_he_is_there_says_his_name() {
    for (text, replaced) in [
        ("Good morning, Victor Sample here (v@example.net).", "Good morning, [Name] here ([E-Mail])."),
        ("Victor Sample here (v@example.net).", "[Name] here ([E-Mail])."),
        ("Guten Tag, Ondrusch Vasekow hier, mein Paket fehlt.", "Guten Tag, [Name] hier, mein Paket fehlt."),
        ("Große Auswahl hier, im Laden.", "Große Auswahl hier, im Laden."),
        ("Hi there, Zelmira Orstead here, my parcel is late.", "Hi there, [Name] here, my parcel is late."),
        ("Guten Tag, Ondra Vašek hier (o@example.org).", "Guten Tag, [Name] hier ([E-Mail])."),
    ] {
        assert_eq!(redact(text).text, replaced);
    }
    for text in
        ["Guter Service hier, danke.", "Customer Service here, how can I help?", "Nothing here, sorry."]
    {
        assert_eq!(redact(text).text, text);
    }
}

#[test]
fn an_order_shows_by_its_number_what_it_is() {
    assert_eq!(
        redact("Mein Geld für die Rücksendung zu O-503422 fehlt").text,
        "Mein Geld für die Rücksendung zu [Bestellnummer] fehlt"
    );
    assert_eq!(
        redact("Der O-Ring O-12 und die O-1234-A passen").text,
        "Der O-Ring O-12 und die O-1234-A passen"
    );
}
