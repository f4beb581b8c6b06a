//! Who may ask: agents by their tokens, guests in development on this machine alone.
//!
//! A token names the agent and itself, nothing else. Role and regions are read from Postgres (`agents`), so that a right
//! that is taken away is gone within seconds, whatever tokens are about. [`guard`] holds every request to this.

use std::sync::Arc;
use std::time::Duration;

use auskunft_boot::{Environment, Settings};

mod agents;
mod caller;
pub mod guard;
pub(crate) mod revocations;
pub mod token;

pub use caller::Caller;
pub(crate) use caller::SignedIn;
pub use token::{Claims, Key, TokenError};

use crate::failure::Failure;
use agents::Agents;

/// What the guard needs. Clones share the same.
#[derive(Debug, Clone)]
pub struct Access {
    key: Arc<Key>,
    agents: Arc<Agents>,
    /// Whether a request without a token is a guest's.
    takes_guests: bool,
}

impl Access {
    /// By the settings; see [`key`] for what is refused.
    pub fn new(settings: &Settings) -> Result<Self, Failure> {
        let is_local = settings.listen.ip().is_loopback();
        Ok(Self {
            key: Arc::new(key(settings)?),
            agents: Arc::new(Agents::default()),
            takes_guests: settings.environment == Environment::Development && is_local,
        })
    }
}

impl Access {
    /// The same, but what Postgres says of agents is believed for so long instead of 5 seconds.
    #[must_use]
    pub fn believing_for(self, believed: Duration) -> Self {
        Self { agents: Arc::new(Agents::believed_for(believed)), ..self }
    }
}

/// The key that signs tokens. The development key is known to everybody: it serves this machine in development alone.
pub fn key(settings: &Settings) -> Result<Key, Failure> {
    if let Some(stated) = &settings.jwt_key {
        if stated.reveal() == token::DEVELOPMENT_KEY && is_exposed(settings) {
            return Err(refused(settings, "AUSKUNFT_JWT_KEY is the development key that everybody knows"));
        }
        return made(settings, stated.reveal());
    }
    if is_exposed(settings) {
        return Err(refused(settings, "AUSKUNFT_JWT_KEY is not set"));
    }
    made(settings, token::DEVELOPMENT_KEY)
}

fn made(settings: &Settings, secret: &str) -> Result<Key, Failure> {
    let key =
        Key::new(secret).map_err(|error| Failure::not_configured(format!("AUSKUNFT_JWT_KEY: {error}")))?;
    Ok(key.for_audience(&settings.jwt_audience))
}

fn is_exposed(settings: &Settings) -> bool {
    settings.environment == Environment::Production || !settings.listen.ip().is_loopback()
}

fn refused(settings: &Settings, why: &str) -> Failure {
    let place = match settings.environment {
        Environment::Production => "run in production".to_owned(),
        Environment::Development => format!("listen at {}", settings.listen),
    };
    Failure::not_configured(format!(
        "refusing to {place}: {why}; set it to a secret of at least 32 bytes, like `openssl rand -base64 48` makes one"
    ))
}
