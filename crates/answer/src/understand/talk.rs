//! Talk beside the questions: greetings, thanks, "anders formulieren".

/// What is said when nothing is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Talk {
    /// "Guten Morgen!"
    Greeting,
    /// "Vielen Dank!"
    Thanks,
    /// "Ok, alles klar."
    Acknowledgement,
    /// "Tschüss!"
    Farewell,
    /// "Bist du ein Mensch?"
    Nature,
    /// "Kannst du das anders formulieren?", "Wo steht das?": the last answer's evidence once more.
    Rephrase,
}

impl Talk {
    /// What the folded words of a question are, if they are no question for the desk.
    pub(crate) fn of(words: &[String]) -> Option<Self> {
        let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        if says(&["danke", "dank", "thanks"]) && words.len() <= 4 {
            Some(Self::Thanks)
        } else if says(&["formulieren", "rephrase"]) {
            Some(Self::Rephrase)
        } else {
            None
        }
    }
}
