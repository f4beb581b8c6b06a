//! Serial numbers and their check digits.

use chrono::NaiveDate;

/// A serial number: three letters of the maker, year and week of making, a running number, a check digit.
pub(super) fn serial(prefix: &str, made: NaiveDate, number: usize) -> String {
    use chrono::Datelike;
    let week = made.iso_week();
    // 7,919 is prime to ten to the seventh: neighbours look far apart, none comes twice.
    let mixed = (number as u64 * 7_919) % 10_000_000;
    let digits = format!("{:02}{:02}{mixed:07}", week.year() % 100, week.week());
    format!("{prefix}-{digits}{}", luhn(&digits))
}

/// The check digit of a row of digits (ISO/IEC 7812-1, Annex B).
pub(crate) fn luhn(digits: &str) -> u32 {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            let doubled = if place % 2 == 0 { digit * 2 } else { digit };
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_digit_is_that_of_the_standard() {
        assert_eq!(luhn("7992739871"), 3);
    }

    #[test]
    fn serial_numbers_differ() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        assert_eq!(serial("BRW", day, 1), "BRW-260200079192");
        assert_ne!(serial("BRW", day, 1), serial("BRW", day, 2));
    }
}
