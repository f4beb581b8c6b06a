//! Agents' tokens: JSON Web Tokens (RFC 7519) in compact form, signed by HMAC with SHA-256 (`HS256`, RFC 7518 §3.2).
//!
//! One algorithm, one form: what another header states is refused before anything is computed by its word, so that neither
//! `none` nor a public key taken for a secret can pass (RFC 8725 §3.1).

use auskunft_model::{AgentId, id};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::digest::InvalidLength;
use hmac::{Hmac, KeyInit, Mac};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2_of_hmac::Sha256;

use crate::unique;

/// Signs tokens where no key is stated, in development on this machine alone.
pub const DEVELOPMENT_KEY: &str = "auskunft-development-key-that-everybody-knows";

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 4_096;
/// The longest time that a token may be used for, in days: a revocation is kept no longer.
const MOST_DAYS: i64 = 366;
/// By how many seconds the clock of whoever made a token may be ahead.
const LEEWAY: f64 = 30.0;

/// Whom tokens are for where nothing else is stated.
pub const DEFAULT_AUDIENCE: &str = "auskunft";

/// Makes and checks signatures of tokens for one audience.
#[derive(Clone)]
pub struct Key {
    hmac: Hmac<Sha256>,
    audience: String,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key")
    }
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Whose token it is.
    pub agent: AgentId,
    /// The token's own id, by which it is revoked.
    pub token_id: String,
    /// When it ends.
    pub expires: DateTime<Utc>,
}

/// Why a token is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It has another form, another algorithm, or lacks a claim.
    #[error("the token is malformed, of another algorithm than HS256, or lacks `sub`, `jti` or `exp`")]
    Malformed,
    /// It was signed by another key, or changed.
    #[error("the token's signature is wrong")]
    Signature,
    /// Its time is over.
    #[error("the token has expired; get a new one")]
    Expired,
    /// It can be used for more than a year.
    #[error("the token can be used for more than {MOST_DAYS} days; get one that ends sooner")]
    TooLong,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    NotYet,
    /// It was made for others.
    #[error("the token is for another service: its `aud` names others")]
    Audience,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typ: Option<String>,
    /// Extensions that must be understood (RFC 7515 §4.1.11): none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crit: Option<serde_json::Value>,
}

/// Times in seconds since 1970 (RFC 7519 §2, NumericDate; fractions are cut off).
#[derive(Serialize, Deserialize)]
struct Payload {
    sub: String,
    jti: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    iat: Option<f64>,
    exp: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aud: Option<Audience>,
}

/// Whom a token is for (RFC 7519 §4.1.3): one, or several.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn names(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Several(several) => several.iter().any(|one| one == audience),
        }
    }
}

impl Key {
    /// The key of that secret, for [`DEFAULT_AUDIENCE`]. Keys of any length are taken; the settings see to it that it is long enough.
    pub fn new(secret: &str) -> Result<Self, InvalidLength> {
        let hmac = Hmac::new_from_slice(secret.as_bytes())?;
        Ok(Self { hmac, audience: DEFAULT_AUDIENCE.to_owned() })
    }

    /// The same key for tokens of that audience.
    #[must_use]
    pub fn for_audience(self, audience: &str) -> Self {
        Self { audience: audience.to_owned(), ..self }
    }

    /// The signature over a token's first two parts.
    fn over(&self, signed: &str) -> Hmac<Sha256> {
        let mut hmac = self.hmac.clone();
        hmac.update(signed.as_bytes());
        hmac
    }
}

/// The longest time that a token may be used for.
pub fn longest_life() -> TimeDelta {
    TimeDelta::days(MOST_DAYS)
}

/// Makes a token that an agent has from `now` until it `expires`, with an id of its own.
pub fn mint(key: &Key, agent: &AgentId, now: DateTime<Utc>, expires: DateTime<Utc>) -> String {
    let header = Header { alg: "HS256".to_owned(), typ: Some("JWT".to_owned()), crit: None };
    let payload = Payload {
        sub: agent.to_string(),
        jti: unique::id("t"),
        iat: Some(seconds(now)),
        exp: seconds(expires),
        nbf: None,
        aud: Some(Audience::One(key.audience.clone())),
    };
    let signed = format!("{}.{}", part(&header), part(&payload));
    let signature = URL_SAFE_NO_PAD.encode(key.over(&signed).finalize().into_bytes());
    format!("{signed}.{signature}")
}

/// What a token says, if it is one of that key and its time has come and is not over.
pub fn verify(key: &Key, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
    if token.len() > LONGEST {
        return Err(TokenError::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
    let (header, payload) = signed.split_once('.').ok_or(TokenError::Malformed)?;
    let header: Header = read(header)?;
    let is_jwt = header.typ.as_deref().is_none_or(|typ| typ.eq_ignore_ascii_case("JWT"));
    if header.alg != "HS256" || !is_jwt || header.crit.is_some() {
        return Err(TokenError::Malformed);
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenError::Malformed)?;
    // Compares in constant time.
    key.over(signed).verify_slice(&signature).map_err(|_| TokenError::Signature)?;
    claims(read(payload)?, &key.audience, now)
}

fn claims(payload: Payload, audience: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
    let agent = AgentId::parse(&payload.sub).map_err(|_| TokenError::Malformed)?;
    id::check(&payload.jti).map_err(|_| TokenError::Malformed)?;
    let expires = moment(payload.exp).ok_or(TokenError::Malformed)?;
    // Who signed it, the key tells: `iss` adds nothing. Whom it is for, the claim alone does.
    if payload.aud.is_some_and(|stated| !stated.names(audience)) {
        return Err(TokenError::Audience);
    }
    if now >= expires {
        return Err(TokenError::Expired);
    }
    if expires - now > longest_life() {
        return Err(TokenError::TooLong);
    }
    if payload.nbf.is_some_and(|begin| begin > seconds(now) + LEEWAY) {
        return Err(TokenError::NotYet);
    }
    Ok(Claims { agent, token_id: payload.jti, expires })
}

fn part(value: &impl Serialize) -> String {
    // These types always have a form in JSON.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap_or_default())
}

fn read<T: DeserializeOwned>(part: &str) -> Result<T, TokenError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| TokenError::Malformed)
}

#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are exact below 2^53")]
fn seconds(moment: DateTime<Utc>) -> f64 {
    moment.timestamp() as f64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "fractions of seconds are cut off, what is too large is clamped"
)]
fn moment(seconds: f64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds as i64, 0)
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
