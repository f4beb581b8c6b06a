//! `shop.toml`: name, default language, regions, and the day that a generated shop is made for.

use std::path::Path;

use auskunft_model::{Language, Region};
use auskunft_store::shop::Shop;
use chrono::NaiveDate;
use serde::Deserialize;

use super::{CatalogError, read_input};

const FILE: &str = "shop.toml";

#[derive(Deserialize)]
struct Raw {
    name: Option<String>,
    default_language: Option<String>,
    #[serde(default)]
    regions: Vec<String>,
    today: Option<toml::Value>,
}

/// Reads `shop.toml`; without one the shop is German and sells everywhere. Keys that nobody knows yet are left alone.
pub(super) fn read(folder: &Path) -> Result<Shop, CatalogError> {
    if !folder.join(FILE).exists() {
        return Ok(Shop { name: None, language: Language::german(), regions: Vec::new(), today: None });
    }
    let text = read_input(folder, FILE)?;
    let raw: Raw = toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or("").lines().count().max(1));
        wrong(&format!("line {line}"), error.message())
    })?;
    let language = match raw.default_language.as_deref() {
        None => Language::german(),
        Some(text) => Language::parse(text).ok_or_else(|| {
            wrong("default_language", &format!("`{text}` is no language; write e.g. \"de\""))
        })?,
    };
    let region = |text: &String| {
        Region::parse(text)
            .ok_or_else(|| wrong("regions", &format!("`{text}` is no region; write e.g. \"EU\"")))
    };
    let regions = raw.regions.iter().map(region).collect::<Result<_, _>>()?;
    Ok(Shop { name: raw.name, language, regions, today: today(raw.today)? })
}

fn today(value: Option<toml::Value>) -> Result<Option<NaiveDate>, CatalogError> {
    let Some(value) = value else { return Ok(None) };
    let text = match &value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let date = text.parse::<NaiveDate>();
    date.map(Some).map_err(|_| wrong("today", &format!("`{text}` is no date; write e.g. 2026-11-21")))
}

fn wrong(place: &str, problem: &str) -> CatalogError {
    CatalogError::Input { file: FILE.to_owned(), place: place.to_owned(), problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Shop, CatalogError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        read(folder.path())
    }

    #[test]
    fn a_shop_states_its_day_as_date_or_text() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 21);
        assert_eq!(of("today = 2026-11-21").unwrap().today, day);
        assert_eq!(of("today = \"2026-11-21\"").unwrap().today, day);
    }

    #[test]
    fn a_wrong_value_is_named_with_file_and_key() {
        let error = of("today = 2026-02-30").unwrap_err().to_string();
        assert!(error.starts_with("shop.toml, line 1: "), "{error}");
        let error = of("regions = [\"E U\"]").unwrap_err().to_string();
        assert!(error.contains("shop.toml, regions: `E U` is no region"), "{error}");
    }
}
