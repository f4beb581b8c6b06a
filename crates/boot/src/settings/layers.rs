//! Finds, for each setting, the highest layer that states it, and remembers where values came from and what is wrong.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::keys::{self, Key};
use super::parse::{self, Parsed};
use super::{Entry, FILE, Origin};

/// What stands where a secret would.
pub(super) const MASK: &str = "********";

/// The layers below the command line, and what was read from them so far.
pub(super) struct Layers<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    file_path: PathBuf,
    file: BTreeMap<String, String>,
    secrets: BTreeMap<&'static str, (String, PathBuf)>,
    entries: Vec<Entry>,
    problems: Vec<String>,
}

impl<'a> Layers<'a> {
    /// Opens the settings file, where there is one.
    pub(super) fn read(variable: &'a dyn Fn(&str) -> Option<String>) -> Self {
        let named = variable("AUSKUNFT_CONFIG").filter(|path| !path.is_empty());
        let file_path = named.as_ref().map_or_else(|| PathBuf::from(FILE), PathBuf::from);
        let mut layers = Self {
            variable,
            file_path,
            file: BTreeMap::new(),
            secrets: BTreeMap::new(),
            entries: Vec::new(),
            problems: Vec::new(),
        };
        match std::fs::read_to_string(&layers.file_path) {
            Ok(text) => layers.read_file(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {}
            Err(error) => {
                let path = layers.file_path.display().to_string();
                layers.problem(format!("the settings file {path} cannot be read: {error}"));
            }
        }
        layers.read_secrets();
        layers
    }

    /// Secrets out of files of their own, which the environment names: `DATABASE_URL_FILE=/run/secrets/database_url`.
    fn read_secrets(&mut self) {
        for key in keys::known().filter(|key| key.secret) {
            let name = key.file_variable();
            let Some(path) = (self.variable)(&name).filter(|path| !path.trim().is_empty()) else { continue };
            let path = PathBuf::from(path.trim());
            let place = path.display();
            if self.variable_of(key).is_some() {
                self.problem(format!("{} and {name} are both set; unset one of them", key.name));
            }
            match std::fs::read_to_string(&path) {
                Ok(text) if text.trim().is_empty() => {
                    self.problem(format!("{name}: the file {place} is empty; write the secret into it"));
                }
                Ok(text) => {
                    self.secrets.insert(key.name, (text.trim().to_owned(), path));
                }
                Err(error) => self.problem(format!("{name}: the file {place} cannot be read: {error}")),
            }
        }
    }

    fn read_file(&mut self, text: &str) {
        let path = self.file_path.display().to_string();
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                // Only place and message: the error's own display quotes the line, which may hold a secret.
                let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or("");
                let line = before.matches('\n').count() + 1;
                let message = error.message();
                return self.problem(format!("the settings file {path} is no TOML: line {line}: {message}"));
            }
        };
        for (name, value) in table {
            if !keys::known().any(|key| key.in_file() == name) {
                self.problem(format!("{path}: `{name}` is no setting; correct or remove it"));
            } else if let Some(text) = text_of(&value) {
                self.file.insert(name, text);
            } else {
                self.problem(format!(
                    "{path}: `{name}` must be a text, number, date, true/false or list of texts"
                ));
            }
        }
    }

    /// What the environment states; empty counts as nothing.
    fn variable_of(&self, key: Key) -> Option<String> {
        (self.variable)(key.name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The stated text of a setting below the command line.
    fn stated(&self, key: Key) -> Option<(String, Origin)> {
        if let Some(text) = self.variable_of(key) {
            return Some((text, Origin::Environment));
        }
        if let Some((text, path)) = self.secrets.get(key.name) {
            return Some((text.clone(), Origin::File(path.clone())));
        }
        let text = self.file.get(&key.in_file())?;
        Some((text.clone(), Origin::File(self.file_path.clone())))
    }

    /// A setting: the flag, else the highest layer's text through `parse`, else the default.
    pub(super) fn take<T>(
        &mut self,
        key: Key,
        flag: Option<T>,
        parse: fn(&str) -> Parsed<T>,
        show: fn(&T) -> String,
    ) -> Option<T> {
        self.take_checked(key, flag.map(Ok), parse, show)
    }

    /// A text that may be shown; empty where none is stated.
    pub(super) fn text(&mut self, key: Key, parse: fn(&str) -> Parsed<String>) -> String {
        self.take(key, None, parse, String::clone).unwrap_or_default()
    }

    /// As [`Layers::take`], for a flag that was parsed before.
    pub(super) fn take_checked<T>(
        &mut self,
        key: Key,
        flag: Option<Parsed<T>>,
        parse: fn(&str) -> Parsed<T>,
        show: fn(&T) -> String,
    ) -> Option<T> {
        let (parsed, origin) = match (flag, self.stated(key)) {
            (Some(parsed), _) => (Some(parsed), Origin::Flag),
            (None, Some((text, origin))) => (Some(parse(&text)), origin),
            (None, None) => (key.default.map(parse), Origin::Default),
        };
        let value = match parsed {
            Some(Err(reason)) => {
                self.problem(format!("{} ({origin}) is invalid: {reason}", key.name));
                None
            }
            Some(Ok(value)) => Some(value),
            None => None,
        };
        let shown = |value: &T| if key.secret { MASK.to_owned() } else { show(value) };
        let value_text = value.as_ref().map(shown).filter(|text| !text.is_empty());
        self.entries.push(Entry { name: key.name, value: value_text, origin });
        value
    }

    /// A whole number.
    pub(super) fn number<T: FromStr + ToString + Default>(&mut self, key: Key, flag: Option<T>) -> T {
        self.take(key, flag, parse::whole, ToString::to_string).unwrap_or_default()
    }

    /// A whole number from 1.
    pub(super) fn positive<T>(&mut self, key: Key) -> T
    where
        T: FromStr + ToString + Default + PartialOrd + From<u8>,
    {
        self.take(key, None, parse::positive, ToString::to_string).unwrap_or_default()
    }

    /// An asset that nobody stated, where it lies at its usual place.
    pub(super) fn found(&mut self, key: Key, path: &Path, exists: fn(&Path) -> bool) -> Option<PathBuf> {
        if self.origin(key) != Origin::Default || !exists(path) {
            return None;
        }
        if let Some(entry) = self.entry(key) {
            entry.origin = Origin::Found;
            entry.value = Some(path.display().to_string());
        }
        Some(path.to_owned())
    }

    /// Shows a default that is computed.
    pub(super) fn note_default(&mut self, key: Key, value: &str) {
        if let Some(entry) = self.entry(key)
            && entry.value.is_none()
        {
            entry.value = Some(value.to_owned());
        }
    }

    /// Who stated a setting that was taken.
    pub(super) fn origin(&self, key: Key) -> Origin {
        let entry = self.entries.iter().find(|entry| entry.name == key.name);
        entry.map_or(Origin::Default, |entry| entry.origin.clone())
    }

    fn entry(&mut self, key: Key) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.name == key.name)
    }

    /// Every known setting without effect that is stated is a problem.
    pub(super) fn refuse_what_is_not_supported(&mut self) {
        for (key, reason) in keys::NOT_SUPPORTED {
            if let Some((text, origin)) = self.stated(*key) {
                self.problem(format!("{} ({origin}) is set, but {reason}", key.name));
                let value = if key.secret { MASK.to_owned() } else { text };
                self.entries.push(Entry { name: key.name, value: Some(value), origin });
            }
        }
    }

    /// Remembers a problem.
    pub(super) fn problem(&mut self, text: String) {
        self.problems.push(text);
    }

    /// What was read, and what is wrong with it.
    pub(super) fn finish(self) -> (Vec<Entry>, Vec<String>) {
        (self.entries, self.problems)
    }
}

/// A value of the file as the environment would state it.
fn text_of(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(switch) => Some(switch.to_string()),
        toml::Value::Datetime(date) => Some(date.to_string()),
        toml::Value::Array(values) => {
            let texts: Option<Vec<&str>> = values.iter().map(toml::Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        toml::Value::Float(_) | toml::Value::Table(_) => None,
    }
}
