//! How a ticket stands, and what catalogs call it.

use serde::{Deserialize, Serialize};

/// How a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketStatus {
    /// Nobody works on it yet.
    Open,
    /// Somebody works on it.
    InProgress,
    /// It waits for the customer or for others.
    Waiting,
    /// It is solved, the customer may still object.
    Solved,
    /// It is over.
    Closed,
}

impl TicketStatus {
    /// The status as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Waiting => "waiting",
            Self::Solved => "solved",
            Self::Closed => "closed",
        }
    }

    /// What a catalog calls so; `None` = nothing that is known.
    pub fn of_catalog(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace(['_', '-'], " ");
        let known = |(status, words): &(Self, &[&str])| words.contains(&word.as_str()).then_some(*status);
        WORDS.iter().find_map(known)
    }
}

/// What ticket systems call a status, German and English: in lower case, spaces for `_` and `-`.
pub const WORDS: [(TicketStatus, &[&str]); 5] = [
    (
        TicketStatus::Open,
        &["open", "new", "reopened", "offen", "neu", "eröffnet", "wiedereröffnet", "erneut geöffnet"],
    ),
    (
        TicketStatus::InProgress,
        &[
            "in progress",
            "assigned",
            "in bearbeitung",
            "in arbeit",
            "wird bearbeitet",
            "bearbeitung",
            "zugewiesen",
        ],
    ),
    (
        TicketStatus::Waiting,
        &[
            "waiting",
            "pending",
            "on hold",
            "wartend",
            "warten",
            "wartet",
            "ausstehend",
            "zurückgestellt",
            "angehalten",
            "pausiert",
            "wartet auf kunde",
            "wartet auf kunden",
            "warten auf kunde",
            "warten auf kunden",
            "rückfrage",
        ],
    ),
    (TicketStatus::Solved, &["solved", "resolved", "gelöst", "geloest", "behoben", "erledigt"]),
    (TicketStatus::Closed, &["closed", "geschlossen", "abgeschlossen", "beendet"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_catalogs_are_known_however_they_are_written() {
        for (word, status) in [
            ("Offen", TicketStatus::Open),
            ("in Bearbeitung", TicketStatus::InProgress),
            ("IN_PROGRESS", TicketStatus::InProgress),
            (" on-hold ", TicketStatus::Waiting),
            ("Gelöst", TicketStatus::Solved),
            ("geschlossen", TicketStatus::Closed),
        ] {
            assert_eq!(TicketStatus::of_catalog(word), Some(status), "{word}");
        }
        assert_eq!(TicketStatus::of_catalog("verloren"), None);
        for (status, words) in WORDS {
            assert!(words.contains(&status.as_str().replace('_', " ").as_str()), "{status:?}");
        }
    }
}
