//! Numbers as Germans and English write them: `1.299,00`, `1,299.00`, `1 299`, `1'299`, `1½`, `-20`.

use auskunft_model::Language;

/// Which sign parts decimals where a text does not tell by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// `1.299,00`: the comma parts decimals, as in most of Europe.
    #[default]
    German,
    /// `1,299.00`: the point parts decimals.
    English,
    /// A single point or comma parts decimals: data for machines, as programs write it on German pages.
    Data,
}

impl Style {
    /// The style of a language.
    pub fn of(language: &Language) -> Self {
        match language.as_str() {
            "en" | "ja" | "ko" | "zh" | "th" | "he" => Self::English,
            _ => Self::German,
        }
    }

    /// The style of data for machines among texts of this one: the point parts decimals, the comma as in the texts.
    pub fn of_data(self) -> Self {
        match self {
            Self::German | Self::Data => Self::Data,
            Self::English => Self::English,
        }
    }
}

/// A number read from a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// What it most likely says, German reading first.
    pub amount: f64,
    /// The other reading, when a single separator before three digits may part thousands or decimals (`1.299`, `1,299`).
    pub alternative: Option<f64>,
}

impl Number {
    /// The reading of a style.
    pub fn read(self, style: Style) -> f64 {
        match style {
            Style::German => self.amount,
            Style::English => self.alternative.unwrap_or(self.amount),
            Style::Data => self.as_decimal(),
        }
    }

    /// The reading in which an ambiguous separator parts decimals.
    pub fn as_decimal(self) -> f64 {
        self.alternative.filter(|other| other.abs() < self.amount.abs()).unwrap_or(self.amount)
    }

    /// The reading in which an ambiguous separator parts thousands: right for money and for units that are counted in
    /// whole numbers (mAh, rpm), where `2,500` is never two and a half.
    pub fn as_whole(self) -> f64 {
        self.alternative.filter(|other| *other > self.amount).unwrap_or(self.amount)
    }
}

/// The number at the start of `text`, and how many bytes it takes. A sign belongs to it. `None` when the text does not
/// begin with a number.
pub fn at_start(text: &str) -> Option<(Number, usize)> {
    let (sign, sign_length) = sign(text);
    let unsigned = &text[sign_length..];
    let (mut number, mut length) = unsigned_number(unsigned)?;
    let is_whole = number.as_whole().fract() == 0.0;
    if is_whole && let Some((part, part_length)) = fraction(&unsigned[length..]) {
        number = Number { amount: number.as_whole() + part, alternative: None };
        length += part_length;
    }
    if length == 0 {
        return None;
    }
    number.amount *= sign;
    number.alternative = number.alternative.map(|other| other * sign);
    Some((number, sign_length + length))
}

/// Digits with separators, or nothing before a fraction; `1/2` is one number.
fn unsigned_number(text: &str) -> Option<(Number, usize)> {
    if let Some((amount, length)) = slash_fraction(text) {
        return Some((Number { amount, alternative: None }, length));
    }
    match digits_and_separators(text) {
        0 => Some((Number { amount: 0.0, alternative: None }, 0)),
        length => Some((parse(&text[..length])?, length)),
    }
}

/// The number that is the whole text, without anything around it but blanks.
pub fn parse_whole(text: &str) -> Option<Number> {
    let text = text.trim();
    let (number, length) = at_start(text)?;
    (length == text.len()).then_some(number)
}

fn sign(text: &str) -> (f64, usize) {
    for minus in ['-', '\u{2212}', '\u{2013}'] {
        if let Some(rest) = text.strip_prefix(minus) {
            let begins_number = rest.starts_with(|next: char| next.is_ascii_digit());
            return if begins_number { (-1.0, minus.len_utf8()) } else { (1.0, 0) };
        }
    }
    (1.0, usize::from(text.starts_with('+')))
}

/// Blanks that part groups of three digits: of any width, breaking or not.
fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}')
}

/// Length in bytes of the run of digits and separators; a separator counts only between digits, a blank or apostrophe
/// only before exactly three.
fn digits_and_separators(text: &str) -> usize {
    let mut length = text.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 {
        return 0;
    }
    while let Some(separator) = text[length..].chars().next() {
        let after = length + separator.len_utf8();
        let digits = text[after..].bytes().take_while(u8::is_ascii_digit).count();
        let groups = is_blank(separator) || matches!(separator, '\'' | '\u{2019}');
        let continues = match separator {
            '.' | ',' => digits > 0,
            _ if groups => digits == 3 && ends_in_small_group(&text[..length]),
            _ => false,
        };
        if !continues {
            break;
        }
        length = after + digits;
    }
    length
}

/// Whether the last run of digits could be followed by a group of three: one to three digits, not after a comma or a
/// point with other than three.
fn ends_in_small_group(text: &str) -> bool {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let decimal_before = text[..text.len() - digits].ends_with(['.', ',']);
    (1..=3).contains(&digits) && !decimal_before
}

fn parse(text: &str) -> Option<Number> {
    let plain: String =
        text.chars().filter(|character| character.is_ascii_digit() || ".,".contains(*character)).collect();
    let had_groups = plain.len() != text.len();
    let (points, commas) = (plain.matches('.').count(), plain.matches(',').count());
    match (points, commas) {
        (0, 0) => whole(&plain),
        (1, 0) if !had_groups => single(&plain, '.'),
        (0, 1) if !had_groups => single(&plain, ','),
        (1, 0) | (0, 1) => decimal(&plain),
        (_, 0) | (0, _) => grouped(&plain),
        _ => mixed(&plain),
    }
}

fn whole(text: &str) -> Option<Number> {
    Some(Number { amount: text.parse().ok()?, alternative: None })
}

fn decimal(text: &str) -> Option<Number> {
    Some(Number { amount: text.replace(',', ".").parse().ok()?, alternative: None })
}

/// One separator. Before other than three digits it is a decimal sign; before three digits a point groups and a comma
/// parts decimals (the German reading), with the other reading kept.
fn single(text: &str, separator: char) -> Option<Number> {
    let (before, after) = text.split_once(separator)?;
    let may_group = after.len() == 3 && before.len() <= 3 && !before.starts_with('0');
    let parted = decimal(text)?;
    if !may_group {
        return Some(parted);
    }
    let joined = whole(&format!("{before}{after}"))?;
    if separator == '.' {
        Some(Number { alternative: Some(parted.amount), ..joined })
    } else {
        Some(Number { alternative: Some(joined.amount), ..parted })
    }
}

/// The same separator several times: groups of three, else it is no number (a date, a version).
fn grouped(text: &str) -> Option<Number> {
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    let regular = groups.first().is_some_and(|first| first.len() <= 3)
        && groups[1..].iter().all(|group| group.len() == 3);
    if regular { whole(&groups.concat()) } else { None }
}

/// Points and commas: the last one parts the decimals.
fn mixed(text: &str) -> Option<Number> {
    let last = text.rfind(['.', ','])?;
    let (before, after) = (&text[..last], &text[last + 1..]);
    let separator = &text[last..=last];
    if before.contains(separator) {
        return None;
    }
    let joined: String = before.chars().filter(char::is_ascii_digit).collect();
    Some(Number { amount: format!("{joined}.{after}").parse().ok()?, alternative: None })
}

/// `½`, ` ½` or ` 1/2` at the start.
fn fraction(text: &str) -> Option<(f64, usize)> {
    let trimmed = text.trim_start_matches(is_blank);
    let blanks = text.len() - trimmed.len();
    if blanks > 0
        && let Some((value, length)) = slash_fraction(trimmed)
    {
        return Some((value, blanks + length));
    }
    let first = trimmed.chars().next()?;
    let value = match first {
        '½' => 0.5,
        '¼' => 0.25,
        '¾' => 0.75,
        '⅓' => 1.0 / 3.0,
        '⅔' => 2.0 / 3.0,
        '⅛' => 0.125,
        '⅜' => 0.375,
        '⅝' => 0.625,
        '⅞' => 0.875,
        _ => return None,
    };
    Some((value, blanks + first.len_utf8()))
}

/// `1/2`, `3/4`, `5/16`: proper and in lowest terms, of a denominator that people measure in. `24/7` and `50/60` are none.
fn slash_fraction(text: &str) -> Option<(f64, usize)> {
    let (above, above_length) = small_number(text)?;
    let rest = text[above_length..].strip_prefix(['/', '\u{2044}'])?;
    let (below, below_length) = small_number(rest)?;
    let after = rest[below_length..].chars().next();
    let is_measure = matches!(below, 2 | 3 | 4 | 5 | 8 | 16 | 32);
    let is_lowest =
        above > 0 && above < below && (2..=above).all(|part| above % part != 0 || below % part != 0);
    let ends = !after.is_some_and(|sign| sign.is_alphanumeric() || "/.,".contains(sign));
    let length = text.len() - rest.len() + below_length;
    (is_measure && is_lowest && ends).then(|| (f64::from(above) / f64::from(below), length))
}

/// A number of one or two digits, with its length.
fn small_number(text: &str) -> Option<(u32, usize)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    matches!(length, 1 | 2).then_some(())?;
    Some((text[..length].parse().ok()?, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Option<f64> {
        parse_whole(text).map(|number| number.amount)
    }

    #[test]
    fn german_and_english_forms_say_the_same() {
        for text in ["1.299,50", "1,299.50", "1 299,50", "1'299.50", "1\u{a0}299,5", "1299.5"] {
            assert_eq!(amount(text), Some(1299.5), "{text}");
        }
        assert_eq!(amount("1.234.567"), Some(1_234_567.0));
        assert_eq!(amount("47 405"), Some(47_405.0));
    }

    #[test]
    fn a_single_separator_before_three_digits_keeps_both_readings() {
        let point = parse_whole("1.299").unwrap();
        assert_eq!((point.amount, point.alternative), (1299.0, Some(1.299)));
        let comma = parse_whole("1,299").unwrap();
        assert_eq!((comma.amount, comma.as_whole()), (1.299, 1299.0));
        assert_eq!(parse_whole("0.500").unwrap().alternative, None);
    }

    #[test]
    fn fractions_and_signs_belong_to_the_number() {
        assert_eq!(amount("1½"), Some(1.5));
        assert_eq!(amount("2 ¾"), Some(2.75));
        assert_eq!(amount("½"), Some(0.5));
        assert_eq!(amount("1 1/2"), Some(1.5));
        assert_eq!(amount("3/4"), Some(0.75));
        assert_eq!(amount("\u{2212}20"), Some(-20.0));
    }

    #[test]
    fn the_language_decides_what_the_text_leaves_open() {
        let number = parse_whole("1,000").unwrap();
        assert_eq!((number.read(Style::German), number.read(Style::English)), (1.0, 1000.0));
        assert_eq!(parse_whole("2,3").unwrap().read(Style::English), 2.3);
    }

    #[test]
    fn blanks_of_any_width_part_thousands() {
        for blank in ['\u{a0}', '\u{2009}', '\u{202f}', '\u{2007}'] {
            assert_eq!(amount(&format!("12{blank}345,50")), Some(12_345.5));
        }
    }

    #[test]
    fn dates_versions_and_words_are_no_numbers() {
        for text in
            ["21.11.2026", "1.2.3", "", "-", ",5", "abc", "1.299,00,1", "24/7", "50/60", "2/4", "1/2/3"]
        {
            assert_eq!(amount(text), None, "{text}");
        }
        assert_eq!(at_start("12 Monate").map(|(number, length)| (number.amount, length)), Some((12.0, 2)));
    }
}
