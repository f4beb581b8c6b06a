//! What a session holds, and how requests that come at the same time change it without losing anything.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Messages that a session holds; the oldest give way.
pub const MOST_MESSAGES: usize = 10;

/// A session: named texts and the last messages. What they say is for their writer to know.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Session {
    /// Texts by name.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The last messages, oldest first, at most [`MOST_MESSAGES`].
    #[serde(default)]
    pub messages: Vec<String>,
}

/// What a request changes in a session. Of two requests at the same time both changes count; of a field that both name, the
/// later one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SessionUpdate {
    /// Texts to set; those that are not named stay.
    pub fields: BTreeMap<String, String>,
    /// Messages to add at the end.
    pub messages: Vec<String>,
    /// What the session was before, by another account: it counts where the store knows nothing of the session any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rebuilt: Option<Session>,
}

impl SessionUpdate {
    /// Its size.
    pub(super) fn bytes(&self) -> usize {
        let rebuilt = self.rebuilt.as_ref().map_or(0, |session| bytes(&session.fields, &session.messages));
        rebuilt + bytes(&self.fields, &self.messages)
    }
}

fn bytes(fields: &BTreeMap<String, String>, messages: &[String]) -> usize {
    let fields = fields.iter().map(|(name, text)| name.len() + text.len());
    fields.sum::<usize>() + messages.iter().map(String::len).sum::<usize>()
}

impl Session {
    /// The session after an update; `None` = there was none. The script of [`super::redis`] does the same.
    pub(super) fn updated(stored: Option<Self>, update: &SessionUpdate) -> Self {
        let mut session = stored.or_else(|| update.rebuilt.clone()).unwrap_or_default();
        session.take(update);
        session
    }

    fn take(&mut self, update: &SessionUpdate) {
        let set = update.fields.iter().map(|(name, text)| (name.clone(), text.clone()));
        self.fields.extend(set);
        self.messages.extend(update.messages.iter().cloned());
        let surplus = self.messages.len().saturating_sub(MOST_MESSAGES);
        self.messages.drain(..surplus);
    }
}
