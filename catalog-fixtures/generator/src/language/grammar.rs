//! German nouns in their four cases, and the words before them by gender.

/// The grammatical gender of a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gender {
    Masculine,
    Feminine,
    Neuter,
}

/// A noun in the singular: nominative, accusative, dative, genitive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Noun {
    cases: [String; 4],
    pub(crate) gender: Gender,
}

/// Words before a noun in the form of the masculine, which tells the case: forms by gender and the case's place.
const BEFORE: &[(&str, [&str; 3], usize)] = &[
    ("der", ["der", "die", "das"], 0),
    ("den", ["den", "die", "das"], 1),
    ("dem", ["dem", "der", "dem"], 2),
    ("des", ["des", "der", "des"], 3),
    ("ein", ["ein", "eine", "ein"], 0),
    ("einen", ["einen", "eine", "ein"], 1),
    ("einem", ["einem", "einer", "einem"], 2),
    ("eines", ["eines", "einer", "eines"], 3),
    ("kein", ["kein", "keine", "kein"], 0),
    ("mein", ["mein", "meine", "mein"], 0),
    ("meinen", ["meinen", "meine", "mein"], 1),
    ("meinem", ["meinem", "meiner", "meinem"], 2),
    ("meines", ["meines", "meiner", "meines"], 3),
    ("unser", ["unser", "unsere", "unser"], 0),
    ("unseren", ["unseren", "unsere", "unser"], 1),
    ("ihr", ["Ihr", "Ihre", "Ihr"], 0),
    ("ihren", ["Ihren", "Ihre", "Ihr"], 1),
    ("ihrem", ["Ihrem", "Ihrer", "Ihrem"], 2),
    ("ihres", ["Ihres", "Ihrer", "Ihres"], 3),
    ("dieser", ["dieser", "diese", "dieses"], 0),
    ("diesen", ["diesen", "diese", "dieses"], 1),
    ("diesem", ["diesem", "dieser", "diesem"], 2),
    ("welcher", ["welcher", "welche", "welches"], 0),
    ("welchen", ["welchen", "welche", "welches"], 1),
    ("welchem", ["welchem", "welcher", "welchem"], 2),
    ("neuer", ["neuer", "neue", "neues"], 0),
    ("neuen", ["neuen", "neue", "neues"], 1),
    ("neuem", ["neuen", "neuen", "neuen"], 2),
    ("zum", ["zum", "zur", "zum"], 2),
    ("beim", ["beim", "bei der", "beim"], 2),
    ("vom", ["vom", "von der", "vom"], 2),
    ("im", ["im", "in der", "im"], 2),
    ("am", ["am", "an der", "am"], 2),
    ("ins", ["in den", "in die", "ins"], 1),
];

/// Words instead of a noun.
const INSTEAD: &[(&str, [&str; 3])] = &[
    ("er", ["er", "sie", "es"]),
    ("ihn", ["ihn", "sie", "es"]),
    ("ihm", ["ihm", "ihr", "ihm"]),
    ("sein", ["sein", "ihr", "sein"]),
    ("seinen", ["seinen", "ihren", "seinen"]),
    ("seinem", ["seinem", "ihrem", "seinem"]),
    ("welcher?", ["welcher", "welche", "welches"]),
    ("welchen?", ["welchen", "welche", "welches"]),
];

impl Noun {
    /// Reads `Automat/Automaten/Automaten/Automaten m`; a single form stands for all cases but the genitive of masculine and
    /// neuter nouns, which takes an s.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (forms, gender) = text.rsplit_once(' ')?;
        let gender = match gender {
            "m" => Gender::Masculine,
            "f" => Gender::Feminine,
            "n" => Gender::Neuter,
            _ => return None,
        };
        let forms: Vec<&str> = forms.split('/').collect();
        let cases = match forms.as_slice() {
            [one] if gender == Gender::Feminine => [*one, one, one, one].map(str::to_owned),
            [one] => [(*one).to_owned(), (*one).to_owned(), (*one).to_owned(), format!("{one}s")],
            [a, b, c, d] => [*a, b, c, d].map(str::to_owned),
            _ => return None,
        };
        Some(Self { cases, gender })
    }

    /// A name, which keeps its form in all cases.
    pub(crate) fn name(name: &str, gender: Gender) -> Self {
        Self { cases: [name, name, name, name].map(str::to_owned), gender }
    }

    /// The nominative.
    pub(crate) fn nominative(&self) -> &str {
        &self.cases[0]
    }

    /// The noun behind a word that is given in its masculine form (`den` + Maschine: `die Maschine`); a pronoun stands alone.
    /// Begins with a capital when the word does.
    pub(crate) fn with(&self, word: &str) -> Option<String> {
        let lower = word.to_lowercase();
        let place = self.gender as usize;
        let text = match BEFORE.iter().find(|(masculine, ..)| *masculine == lower) {
            Some((_, forms, case)) => format!("{} {}", forms[place], self.cases[*case]),
            None => INSTEAD.iter().find(|(masculine, _)| *masculine == lower)?.1[place].to_owned(),
        };
        Some(if word == lower { text } else { capitalised(&text) })
    }
}

/// The text with a capital letter at its beginning.
pub(crate) fn capitalised(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(noun: &str, word: &str) -> String {
        Noun::parse(noun).unwrap().with(word).unwrap()
    }

    #[test]
    fn words_before_a_noun_follow_its_gender_and_case() {
        assert_eq!(with("Maschine f", "den"), "die Maschine");
        assert_eq!(with("Maschine f", "Meinem"), "Meiner Maschine");
        assert_eq!(with("Notebook n", "des"), "des Notebooks");
        assert_eq!(with("Kopfhörer/Kopfhörer/Kopfhörer/Kopfhörers m", "beim"), "beim Kopfhörer");
    }

    #[test]
    fn weak_nouns_change_in_every_case() {
        let machine = "Kaffeevollautomat/Kaffeevollautomaten/Kaffeevollautomaten/Kaffeevollautomaten m";
        assert_eq!(with(machine, "ein"), "ein Kaffeevollautomat");
        assert_eq!(with(machine, "vom"), "vom Kaffeevollautomaten");
    }

    #[test]
    fn pronouns_stand_alone() {
        assert_eq!(with("Jacke f", "ihn"), "sie");
        assert_eq!(with("Jacke f", "Er"), "Sie");
    }
}
