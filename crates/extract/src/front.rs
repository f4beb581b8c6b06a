//! Front matter: the fields before a Markdown or text file's body.

use auskunft_model::{Failure, Reason};

/// Fields in their order, and the text behind them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Front<'a> {
    /// Keys in lower case with their values, unquoted; lists are joined by `, `.
    pub(crate) fields: Vec<(String, String)>,
    /// The text behind.
    pub(crate) body: &'a str,
}

impl Front<'_> {
    /// The value of a field, unless it is missing or empty.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }
}

/// Reads `---` fields (simple `key: value` lines, lists of `- item`) or `+++` fields (TOML); a text without them is all
/// body.
pub(crate) fn read<'a>(path: &str, text: &'a str) -> Result<Front<'a>, Failure> {
    let text = text.trim_start_matches('\u{feff}');
    if let Some((inside, body)) = between(text, "---") {
        return Ok(Front { fields: lines(inside), body });
    }
    if let Some((inside, body)) = between(text, "+++") {
        return Ok(Front { fields: toml_fields(path, inside)?, body });
    }
    Ok(Front { fields: Vec::new(), body: text })
}

/// What stands between a first line that is the fence and the next such line, and what follows.
fn between<'a>(text: &'a str, fence: &str) -> Option<(&'a str, &'a str)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == fence)?;
    let mut end = first.len();
    for line in lines {
        if line.trim_end() == fence {
            return Some((&text[first.len()..end], &text[end + line.len()..]));
        }
        end += line.len();
    }
    None
}

fn lines(inside: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in inside.lines().filter(|line| !line.trim_start().starts_with('#')) {
        if let Some(item) = line.trim_start().strip_prefix("- ") {
            if let Some((_, value)) = fields.last_mut() {
                let separator = if value.is_empty() { "" } else { ", " };
                value.push_str(separator);
                value.push_str(unquoted(item));
            }
        } else if let Some((key, value)) = line.split_once(':') {
            let value = value.trim().trim_start_matches('[').trim_end_matches(']');
            let items: Vec<&str> = value.split(',').map(unquoted).collect();
            let is_quoted = value.starts_with(['"', '\'']) && !value.contains("\",");
            let value = if is_quoted { unquoted(value).to_owned() } else { items.join(", ") };
            fields.push((key.trim().to_lowercase(), value));
        }
    }
    fields
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

fn toml_fields(path: &str, inside: &str) -> Result<Vec<(String, String)>, Failure> {
    let table: toml::Table = inside.parse().map_err(|error: toml::de::Error| {
        let detail = format!("{path}: the front matter between +++ is no valid TOML: {}", error.message());
        Failure::new(Reason::InvalidRecord, detail)
    })?;
    Ok(table.into_iter().map(|(key, value)| (key.to_lowercase(), toml_text(&value))).collect())
}

fn toml_text(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(items) => items.iter().map(toml_text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_hold_simple_fields() {
        let text = "---\ntitle: \"Rückgabe: so geht es\"\nregion: EU\ntags:\n- a\n- b\n# Anmerkung\nexcludes: [Software, Unterwäsche]\n---\n# Text\n";
        let front = read("p.md", text).unwrap();
        assert_eq!(front.get("title"), Some("Rückgabe: so geht es"));
        assert_eq!(front.get("tags"), Some("a, b"));
        assert_eq!(front.get("excludes"), Some("Software, Unterwäsche"));
        assert_eq!(front.body, "# Text\n");
    }

    #[test]
    fn pluses_hold_toml_and_broken_toml_names_the_file() {
        let front = read("p.md", "+++\ntitle = \"T\"\nvalid_from = 2025-01-01\n+++\nText").unwrap();
        assert_eq!((front.get("title"), front.get("valid_from")), (Some("T"), Some("2025-01-01")));
        let failure = read("p.md", "+++\ntitle = \n+++\n").unwrap_err();
        assert!(failure.detail.starts_with("p.md"), "{failure}");
    }

    #[test]
    fn a_text_without_fields_is_all_body() {
        assert_eq!(read("p.md", "Text\n---\nmehr").unwrap().body, "Text\n---\nmehr");
        assert_eq!(read("p.md", "---\nnie geschlossen").unwrap().fields, vec![]);
    }
}
