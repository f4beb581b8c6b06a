//! Reading stated fields (front matter, records): dates, ids, labels.

use auskunft_model::{Digest, Document, Failure, Reason, Region, id};
use auskunft_text::normal;
use chrono::NaiveDate;

/// A date as `2026-03-01`, `2026/03/01` or `01.03.2026`. The error names field and value.
pub(crate) fn date(place: &str, field: &str, text: &str) -> Result<NaiveDate, Failure> {
    let day = text.trim().split(['T', ' ']).next().unwrap_or("");
    let formats = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y"];
    let parsed = formats.iter().find_map(|format| NaiveDate::parse_from_str(day, format).ok());
    parsed.ok_or_else(|| invalid(place, field, text, "is no date; write it as 2026-03-01"))
}

/// A failure of a field that names its value.
pub(crate) fn invalid(place: &str, field: &str, value: &str, why: &str) -> Failure {
    let value: String = value.chars().take(80).collect();
    Failure::new(Reason::InvalidRecord, format!("{place}: {field} `{value}` {why}"))
}

/// A text as an identifier of the public form `[A-Za-z0-9_.-]+`: umlauts in two letters, anything else as `-`. Empty when
/// nothing is left.
pub(crate) fn id_form(text: &str) -> String {
    let text = text.trim();
    if id::check(text).is_ok() {
        return text.to_owned();
    }
    let spelled = text.replace('Ä', "Ae").replace('Ö', "Oe").replace('Ü', "Ue");
    let spelled = spelled.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss");
    let is_allowed = |sign: char| sign.is_ascii_alphanumeric() || "_.-".contains(sign);
    let replaced: String = spelled.chars().map(|sign| if is_allowed(sign) { sign } else { '-' }).collect();
    let parts: Vec<&str> = replaced.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-").chars().take(id::MAX_LENGTH).collect()
}

/// The id of a record without one: stable as long as its words are the same.
pub(crate) fn id_of_words(prefix: &str, words: &str) -> String {
    let digest = Digest::of(normal::question_key(words).as_bytes());
    format!("{prefix}-{}", &digest.as_str()[..12])
}

/// Sets validity, region and version of a document from stated fields. Impossible dates, a validity that ends before
/// it begins and a malformed region fail with the value named.
pub(crate) fn set_validity(
    document: &mut Document,
    place: &str,
    get: &dyn Fn(&str) -> Option<String>,
) -> Result<(), Failure> {
    let read = |field: &str| get(field).map(|text| date(place, field, &text)).transpose();
    document.valid_from = read("valid_from")?;
    document.valid_to = read("valid_to")?;
    if let (Some(from), Some(to)) = (document.valid_from, document.valid_to)
        && from > to
    {
        return Err(invalid(place, "valid_to", &to.to_string(), &format!("lies before valid_from {from}")));
    }
    if let Some(text) = get("region") {
        let region = Region::parse(&text);
        document.region = Some(
            region.ok_or_else(|| invalid(place, "region", &text, "is no region; write it as EU or US"))?,
        );
    }
    document.version = get("version");
    Ok(())
}

/// `a, b; c` as separate tags.
pub(crate) fn tags(text: &str) -> Vec<String> {
    text.split([',', ';']).map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// A longer tag is a text, and too long for an index.
const MAX_TAG: usize = 64;

/// Frees a document's tags of control signs, and drops with a warning those that are too long to be labels.
pub(crate) fn check_tags(document: &mut Document) {
    for tag in std::mem::take(&mut document.tags) {
        let tag = normal::collapse_spaces(&tag.replace(char::is_control, " "));
        let length = tag.chars().count();
        if length > MAX_TAG {
            let warning =
                format!("a tag of {length} characters is left out; a tag has at most {MAX_TAG} characters");
            document.warnings.push(warning);
        } else if !tag.is_empty() && !document.tags.contains(&tag) {
            document.tags.push(tag);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_three_forms_and_impossible_ones_are_named() {
        let expected = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        for text in ["2026-03-01", "2026/03/01", "01.03.2026", "2026-03-01T10:00:00Z"] {
            assert_eq!(date("f", "date", text), Ok(expected), "{text}");
        }
        let failure = date("faqs/a.jsonl line 3", "valid_from", "2025-02-30").unwrap_err();
        assert_eq!(failure.reason, Reason::InvalidRecord);
        assert!(failure.detail.contains("line 3") && failure.detail.contains("2025-02-30"), "{failure}");
    }

    #[test]
    fn ids_take_the_public_form() {
        assert_eq!(id_form("KM 2400/S"), "KM-2400-S");
        assert_eq!(id_form("Größe?"), "Groesse");
        assert_eq!(id_form("a.b_c-1"), "a.b_c-1");
        assert_eq!(id_form("??"), "");
    }
}
