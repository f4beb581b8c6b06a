//! From a setting's text to its type. Errors complete the sentence "… is invalid: ".

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{EmbedderChoice, Environment, Secret, VectorIndex};

/// A parsed value, or what is wrong with the text.
pub(super) type Parsed<T> = Result<T, String>;

pub(super) fn path(text: &str) -> Parsed<PathBuf> {
    Ok(PathBuf::from(text))
}

#[expect(clippy::ptr_arg, reason = "it stands where a function of the parsed type is wanted")]
pub(super) fn show_path(path: &PathBuf) -> String {
    Path::display(path).to_string()
}

pub(super) fn embedder(text: &str) -> Parsed<EmbedderChoice> {
    match text {
        "native" => Ok(EmbedderChoice::Native),
        "hashed" => Ok(EmbedderChoice::Hashed),
        "fastembed" => Ok(EmbedderChoice::Fastembed),
        "remote" => Ok(EmbedderChoice::Remote),
        other => {
            Err(format!("there is no embedder `{other}`; use `native`, `hashed`, `fastembed` or `remote`"))
        }
    }
}

pub(super) fn vector_index(text: &str) -> Parsed<VectorIndex> {
    VectorIndex::named(text).ok_or_else(|| format!("there is no precision `{text}`; use `full` or `half`"))
}

pub(super) fn environment(text: &str) -> Parsed<Environment> {
    match text {
        "development" => Ok(Environment::Development),
        "production" => Ok(Environment::Production),
        other => Err(format!("`{other}` is neither `development` nor `production`")),
    }
}

/// The shortest key that HS256 may be used with, in bytes (RFC 7518 §3.2: as long as the hash).
const SHORTEST_KEY: usize = 32;

/// Never quotes what was stated.
pub(super) fn jwt_key(text: &str) -> Parsed<Secret> {
    if text.len() < SHORTEST_KEY {
        let length = text.len();
        return Err(format!(
            "it has {length} bytes, at least {SHORTEST_KEY} are needed; `openssl rand -base64 48` makes a good one"
        ));
    }
    Ok(Secret::new(text))
}

/// A secret of any form; whoever uses it checks it.
pub(super) fn secret(text: &str) -> Parsed<Secret> {
    Ok(Secret::new(text))
}

/// Braces would change in which slot of a Cluster a key lies.
pub(super) fn key_prefix(text: &str) -> Parsed<String> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "_.:-".contains(character);
    if text.chars().all(is_plain) {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}` has other characters than letters, digits and _ . : -"))
    }
}

/// Never quotes what was stated: it holds a password.
pub(super) fn database_url(text: &str) -> Parsed<Secret> {
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        Ok(Secret::new(text))
    } else {
        Err("it is no address like postgres://user:password@host:5432/database".to_owned())
    }
}

/// The fewest connections: whoever migrates or writes needs one beside that of the transaction under way.
const FEWEST_CONNECTIONS: u32 = 2;

pub(super) fn connections(text: &str) -> Parsed<u32> {
    let number: u32 = whole(text)?;
    if number < FEWEST_CONNECTIONS {
        return Err(format!("it must be at least {FEWEST_CONNECTIONS}"));
    }
    Ok(number)
}

/// The shortest lease, in seconds: it is renewed three times in that time, and a busy machine is late now and then.
const SHORTEST_LEASE: u64 = 2;
/// The longest lease, in seconds (a day): so long a killed writer would keep the next one out.
const LONGEST_LEASE: u64 = 86_400;

pub(super) fn lease_seconds(text: &str) -> Parsed<u64> {
    let number: u64 = whole(text)?;
    if !(SHORTEST_LEASE..=LONGEST_LEASE).contains(&number) {
        return Err(format!("it must be from {SHORTEST_LEASE} to {LONGEST_LEASE}"));
    }
    Ok(number)
}

/// Never quotes what was stated: it may hold a password.
pub(super) fn mongodb_url(text: &str) -> Parsed<Secret> {
    let is_one = ["mongodb://", "mongodb+srv://"].iter().any(|scheme| text.starts_with(scheme));
    if is_one {
        Ok(Secret::new(text))
    } else {
        Err("it must begin with mongodb:// or mongodb+srv://".to_owned())
    }
}

/// Without the slash at its end. A password in it would be shown with it.
pub(super) fn web_address(text: &str) -> Parsed<String> {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let authority = host.and_then(|host| host.split(['/', '?', '#']).next()).unwrap_or_default();
    if authority.contains('@') {
        return Err(
            "it holds a user or password, which have a setting of their own (a key, token or headers)"
                .to_owned(),
        );
    }
    let has_blanks = text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    if authority.is_empty() || has_blanks || text.contains(['?', '#']) {
        return Err(format!("`{text}` is no address like https://host/path"));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

pub(super) fn audience(text: &str) -> Parsed<String> {
    if text.trim().is_empty() { Err("it must not be empty".to_owned()) } else { Ok(text.to_owned()) }
}

pub(super) fn text(text: &str) -> Parsed<String> {
    Ok(text.to_owned())
}

/// A folder, or a bucket.
pub(super) fn objects(text: &str) -> Parsed<String> {
    let bucket = text.strip_prefix("s3://").map(|rest| rest.split('/').next().unwrap_or_default());
    match bucket {
        Some("") => Err("it names no bucket; write s3://BUCKET or s3://BUCKET/PREFIX".to_owned()),
        None if text.contains("://") => Err("it is neither a folder nor s3://BUCKET/PREFIX".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

pub(super) fn address(text: &str) -> Parsed<SocketAddr> {
    text.parse().map_err(|_| format!("`{text}` is no address with a port like 127.0.0.1:8080"))
}

pub(super) fn date(text: &str) -> Parsed<NaiveDate> {
    text.parse().map_err(|_| format!("`{text}` is no day of the form 2026-11-21"))
}

pub(super) fn time_zone(text: &str) -> Parsed<Tz> {
    text.parse().map_err(|_| format!("`{text}` is no time zone; write its IANA name, e.g. Europe/Berlin"))
}

pub(super) fn whole<T: FromStr>(text: &str) -> Parsed<T> {
    text.parse().map_err(|_| format!("`{text}` is no whole number from 0 up, or too large"))
}

pub(super) fn positive<T: FromStr + PartialOrd + From<u8>>(text: &str) -> Parsed<T> {
    let number: T = whole(text)?;
    if number < T::from(1) { Err("it must be at least 1".to_owned()) } else { Ok(number) }
}

pub(super) fn switch(text: &str) -> Parsed<bool> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        other => Err(format!("`{other}` is neither `true` nor `false`")),
    }
}

/// Origins separated by commas, each `scheme://host[:port]`.
pub(super) fn origins(text: &str) -> Parsed<Vec<String>> {
    text.split(',').map(str::trim).filter(|origin| !origin.is_empty()).map(origin).collect()
}

fn origin(text: &str) -> Parsed<String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_origin = host.is_some_and(|host| {
        !host.is_empty() && host.chars().all(|sign| sign.is_ascii_alphanumeric() || ".-:[]".contains(sign))
    });
    if is_origin {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}` is no web origin like https://support.example.com"))
    }
}
