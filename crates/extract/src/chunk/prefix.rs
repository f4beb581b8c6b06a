//! The line before a chunk's text that says where it stands.

use auskunft_text::normal::fold;

use super::Count;

/// A prefix may take this part of the budget (one third); a longer one is shortened.
const SHARE: usize = 3;

/// `title > heading › path`, shortened when it would leave too little room: first the outer headings go, then the title's
/// end, then all of it.
pub(super) fn of(title: &str, path: &[String], budget: usize, count: Count<'_>) -> String {
    let own: Vec<&str> =
        path.iter().map(String::as_str).filter(|heading| fold(heading) != fold(title)).collect();
    let inner = &own[own.len().saturating_sub(1)..];
    let forms = [line(title, &own), line(title, inner), line("", inner)];
    let fits = |text: &String| count(text) <= budget / SHARE;
    let whole = forms.iter().find(|form| !form.is_empty() && fits(form));
    whole.cloned().unwrap_or_else(|| shortened(if own.is_empty() { title } else { inner[0] }, &fits))
}

fn line(title: &str, path: &[&str]) -> String {
    let path = path.join(" › ");
    match (title.is_empty(), path.is_empty()) {
        (_, true) => title.to_owned(),
        (true, false) => path,
        (false, false) => format!("{title} > {path}"),
    }
}

/// As many words from the beginning as fit, with `…`; nothing when not even one does.
fn shortened(text: &str, fits: &dyn Fn(&String) -> bool) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (mut fitting, mut too_long) = (0, words.len());
    while fitting + 1 < too_long {
        let middle = usize::midpoint(fitting, too_long);
        if fits(&format!("{} …", words[..middle].join(" "))) {
            fitting = middle;
        } else {
            too_long = middle;
        }
    }
    if fitting == 0 { String::new() } else { format!("{} …", words[..fitting].join(" ")) }
}
