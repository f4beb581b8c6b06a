//! Numbers, amounts and days in one form each, however they are written.

/// Runs of digits, with what stands for one number or day taken together: `1.068,90` = `1068.90`, `21.11.2026` = `2026-11-21`.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let is_inner = |sign: char| sign.is_ascii_digit() || matches!(sign, '.' | ',' | '-' | ':' | '\'' | 'T');
    let tokens = text.split(|sign: char| !is_inner(sign));
    tokens.flat_map(|token| token.split('T')).filter_map(normal).collect()
}

fn normal(token: &str) -> Option<String> {
    let token = token.trim_matches(|sign: char| !sign.is_ascii_digit());
    if token.is_empty() {
        return None;
    }
    let parts: Vec<&str> = token.split('.').collect();
    if let [day, month, year] = parts.as_slice()
        && (day.len(), month.len(), year.len()) == (2, 2, 4)
    {
        return Some(format!("{year}{month}{day}"));
    }
    if token.contains(':') {
        // Seconds are not said.
        return Some(token.chars().filter(char::is_ascii_digit).take(4).collect());
    }
    // Decimals that are nothing say nothing: 449.00 and 449.
    let digits: String = token.chars().filter(char::is_ascii_digit).collect();
    let has_cents = token.len() > 3 && token.is_char_boundary(token.len() - 3) && {
        let tail = &token[token.len() - 3..];
        tail == ".00" || tail == ",00"
    };
    Some(if has_cents { digits[..digits.len() - 2].to_owned() } else { digits })
}
