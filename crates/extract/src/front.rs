//! Front matter: the fields before a Markdown or text file's body.

use auskunft_model::{Failure, Reason};

/// A field with its value, and the value's items where it is a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// The key in lower case.
    pub(crate) key: String,
    /// The value as it is written, without the quotes around it; items of a list are joined by `, `.
    pub(crate) text: String,
    /// The items of `[a, b]`, of lines `- a`, or of `a, b` without quotes.
    pub(crate) items: Vec<String>,
}

impl Field {
    fn new(key: &str, items: Vec<String>) -> Self {
        Self { key: key.trim().to_lowercase(), text: items.join(", "), items }
    }

    /// A field of one line, `key: value`.
    fn of_line(key: &str, value: &str) -> Self {
        let listed = value.strip_prefix('[').and_then(|value| value.strip_suffix(']'));
        let field = Self::new(key, items(listed.unwrap_or(value)));
        let is_bare = listed.is_none() && !value.starts_with(['"', '\'']);
        if is_bare { Self { text: value.to_owned(), ..field } } else { field }
    }
}

/// Fields in their order, and the text behind them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Front<'a> {
    /// The fields.
    pub(crate) fields: Vec<Field>,
    /// The text behind.
    pub(crate) body: &'a str,
}

impl Front<'_> {
    /// The value of a field, unless it is missing or empty.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.field(key).map(|field| field.text.trim()).filter(|value| !value.is_empty())
    }

    /// The items of a field; none when it is missing or empty.
    pub(crate) fn list(&self, key: &str) -> &[String] {
        self.field(key).map_or(&[], |field| &field.items)
    }

    fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
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

fn lines(inside: &str) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for line in inside.lines().filter(|line| !line.trim_start().starts_with('#')) {
        if let Some(item) = line.trim_start().strip_prefix("- ") {
            if let Some(field) = fields.last_mut() {
                let mut items = std::mem::take(&mut field.items);
                items.push(unquoted(item).to_owned());
                *field = Field::new(&field.key, items);
            }
        } else if let Some((key, value)) = line.split_once(':') {
            fields.push(Field::of_line(key, value.trim()));
        }
    }
    fields
}

/// Parts between commas; a comma between quotes parts nothing.
fn items(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut quote = None;
    for sign in text.chars() {
        let is_open = found.last().is_some_and(|item| item.trim().is_empty());
        match quote {
            Some(open) if sign == open => quote = None,
            None if matches!(sign, '"' | '\'') && is_open => quote = Some(sign),
            None if sign == ',' => found.push(String::new()),
            _ => found.last_mut().into_iter().for_each(|item| item.push(sign)),
        }
    }
    let items = found.into_iter().map(|item| item.trim().to_owned());
    items.filter(|item| !item.is_empty()).collect()
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

fn toml_fields(path: &str, inside: &str) -> Result<Vec<Field>, Failure> {
    let table: toml::Table = inside.parse().map_err(|error: toml::de::Error| {
        let detail = format!("{path}: the front matter between +++ is no valid TOML: {}", error.message());
        Failure::new(Reason::InvalidRecord, detail)
    })?;
    Ok(table.into_iter().map(|(key, value)| Field::new(&key, toml_items(&value))).collect())
}

fn toml_items(value: &toml::Value) -> Vec<String> {
    match value {
        toml::Value::String(text) => vec![text.clone()],
        toml::Value::Array(items) => items.iter().flat_map(toml_items).collect(),
        other => vec![other.to_string()],
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
        assert_eq!(front.list("excludes"), ["Software", "Unterwäsche"]);
        assert_eq!(front.body, "# Text\n");
    }

    #[test]
    fn a_comma_between_quotes_parts_no_items() {
        let front =
            read("p.md", "---\nexcludes: [\"CDs, DVDs\", Gutscheine]\ntitle: Wie geht\'s?\n---\n").unwrap();
        assert_eq!(front.list("excludes"), ["CDs, DVDs", "Gutscheine"]);
        assert_eq!(front.get("title"), Some("Wie geht\'s?"));
    }

    #[test]
    fn a_single_value_stays_as_it_is_written() {
        let front =
            read("p.md", "---\nversion: 2,5\ntitle: Ab 1,99 €\ntags: a,b\nname: 'x, y'\n---\n").unwrap();
        assert_eq!((front.get("version"), front.get("title")), (Some("2,5"), Some("Ab 1,99 €")));
        assert_eq!(front.list("tags"), ["a", "b"]);
        assert_eq!((front.get("name"), front.list("name")), (Some("x, y"), &["x, y".to_owned()][..]));
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
