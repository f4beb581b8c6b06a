//! How people really type: without capitals, umlauts or marks, with slips of the fingers.

use crate::random::Random;

/// The ways to spoil a question.
const WAYS: [fn(&str, &mut Random) -> String; 5] = [lower, without_umlauts, without_marks, slips, hurried];

/// The question as somebody in a hurry types it; `kept` (names, numbers) loses nothing but its capitals.
pub(crate) fn spoiled(question: &str, kept: &[String], random: &mut Random) -> String {
    let way = *random.pick(&WAYS);
    let mut text = question.to_owned();
    // Placeholders of a private use area survive every way below.
    let marks: Vec<(String, &String)> =
        kept.iter().enumerate().filter_map(|(index, name)| Some((mark(index)?, name))).collect();
    for (mark, name) in &marks {
        text = text.replace(name.as_str(), mark);
    }
    text = way(&text, random);
    let is_small = random.chance(30);
    for (mark, name) in &marks {
        let shown = if is_small { name.to_lowercase() } else { (*name).clone() };
        text = text.replace(mark.as_str(), &shown);
    }
    text
}

fn mark(index: usize) -> Option<String> {
    char::from_u32(0xE000 + index as u32).map(String::from)
}

fn lower(text: &str, _: &mut Random) -> String {
    text.to_lowercase()
}

fn without_umlauts(text: &str, random: &mut Random) -> String {
    let plain = random.chance(35);
    let pairs = [
        ("ä", "ae", "a"),
        ("ö", "oe", "o"),
        ("ü", "ue", "u"),
        ("Ä", "Ae", "A"),
        ("Ö", "Oe", "O"),
        ("Ü", "Ue", "U"),
    ];
    let text = text.replace('ß', "ss");
    pairs.iter().fold(text, |text, (umlaut, two, one)| text.replace(umlaut, if plain { one } else { two }))
}

fn without_marks(text: &str, _: &mut Random) -> String {
    text.replace(['?', '!', ',', '.'], "").trim().to_owned()
}

fn hurried(text: &str, random: &mut Random) -> String {
    let text = without_marks(&lower(text, random), random);
    without_umlauts(&text, random)
}

/// One or two slips: neighbours swapped, a letter lost or doubled.
fn slips(text: &str, random: &mut Random) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let long: Vec<usize> = words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.chars().count() > 5 && word.chars().all(char::is_alphabetic))
        .filter(|(_, word)| !word.chars().any(|sign| ('\u{E000}'..'\u{F8FF}').contains(&sign)))
        .map(|(index, _)| index)
        .collect();
    for _ in 0..random.between(1, 2) {
        if long.is_empty() {
            break;
        }
        let index = *random.pick(&long);
        words[index] = slip(&words[index], random);
    }
    words.join(" ")
}

fn slip(word: &str, random: &mut Random) -> String {
    let mut signs: Vec<char> = word.chars().collect();
    if signs.len() < 4 {
        return word.to_owned();
    }
    let at = 1 + random.below(signs.len() - 3);
    match random.below(3) {
        0 => signs.swap(at, at + 1),
        1 => {
            signs.remove(at);
        }
        _ => signs.insert(at, signs[at]),
    }
    signs.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_survive() {
        for index in 0..50 {
            let mut random = Random::new(1, "noise", index);
            let text =
                spoiled("Wie entkalke ich den Brünn KM-2400?", &["Brünn KM-2400".to_owned()], &mut random);
            assert!(text.to_lowercase().contains("brünn km-2400"), "{text}");
        }
    }
}
