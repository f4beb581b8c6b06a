//! One page for the browser that needs nothing beside itself.

mod document;
mod pages;

use super::plain;
use super::view::{Content, View};

pub(super) use pages::Pages;

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// The whole page.
pub(super) fn page(view: &View, pages: Option<&Pages<'_>>) -> String {
    let mut html = Html::default();
    html.raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>");
    html.text(&view.source);
    html.raw("</title><style>").raw(STYLE).raw("</style></head><body>");
    head(&mut html, view);
    navigation(&mut html, view, pages);
    html.raw("<main>");
    if let Some(pages) = pages {
        pages.write(&mut html, view);
    }
    match &view.content {
        Content::One(document) => document::one(&mut html, document, view.pdf.as_ref()),
        Content::Many { warnings, documents, tickets, failures, .. } => {
            document::warnings(&mut html, warnings);
            document::many(&mut html, documents, tickets, failures);
        }
    }
    html.raw("</main><script>").raw(SCRIPT).raw("</script></body></html>\n");
    html.finish()
}

fn head(html: &mut Html, view: &View) {
    html.raw("<header><div class=\"name\"><h1>").text(&view.source).raw("</h1>");
    html.raw("<span class=\"badge ").raw(view.outcome.as_str()).raw("\">").raw(view.outcome.as_str());
    if let Some(reason) = view.reason {
        html.raw(" · ").text(reason.as_str());
    }
    html.raw("</span></div>");
    if let Some(detail) = &view.detail {
        html.raw("<p class=\"detail\">").text(detail).raw("</p>");
    }
    html.raw("<dl class=\"facts\">");
    match &view.content {
        Content::One(document) => document::facts(html, document),
        Content::Many { kind, documents, tickets, failures, .. } => {
            html.fact("kind", kind);
            html.fact("documents", &documents.len().to_string());
            html.fact("tickets", &tickets.len().to_string());
            html.fact("failed or left alone", &failures.len().to_string());
        }
    }
    if let Some(pdf) = &view.pdf {
        document::pdf_facts(html, pdf);
    }
    html.fact("file", &format!("{} bytes", view.bytes));
    html.raw("</dl>");
    for note in &view.notes {
        html.raw("<p class=\"note\">").text(note).raw("</p>");
    }
    html.raw("</header>");
}

fn navigation(html: &mut Html, view: &View, pages: Option<&Pages<'_>>) {
    html.raw("<nav>");
    if let Some(pages) = pages {
        html.link("pages", "Pages", pages.len());
    }
    match &view.content {
        Content::One(document) => {
            html.link("warnings", "Warnings", document.warnings.len());
            html.link("attributes", "Attributes", document.attributes.len());
            html.link("sections", "Sections", document.sections.len());
            html.link("chunks", "Chunks", document.chunks.len());
            html.link("outline", "Bookmarks", view.pdf.as_ref().map_or(0, |pdf| pdf.outline.len()));
        }
        Content::Many { warnings, documents, tickets, failures, .. } => {
            html.link("warnings", "Warnings", warnings.len());
            html.link("failures", "Failed or left alone", failures.len());
            html.link("tickets", "Tickets", tickets.len());
            html.link("documents", "Documents", documents.len());
        }
    }
    html.raw("<input id=\"find\" type=\"search\" placeholder=\"Find in sections and chunks\" ");
    html.raw("aria-label=\"Find in sections and chunks\"></nav>");
}

/// The page as it grows.
#[derive(Debug, Default)]
struct Html {
    page: String,
}

impl Html {
    /// Markup.
    fn raw(&mut self, markup: &str) -> &mut Self {
        self.page.push_str(markup);
        self
    }

    /// Text of a file: never markup.
    fn text(&mut self, text: &str) -> &mut Self {
        for sign in text.chars() {
            match sign {
                '&' => self.page.push_str("&amp;"),
                '<' => self.page.push_str("&lt;"),
                '>' => self.page.push_str("&gt;"),
                '"' => self.page.push_str("&quot;"),
                '\'' => self.page.push_str("&#39;"),
                // Control characters have no place in a page.
                sign if sign.is_control() && sign != '\n' && sign != '\t' => self.page.push('\u{fffd}'),
                sign => self.page.push(sign),
            }
        }
        self
    }

    fn fact(&mut self, name: &str, value: &str) {
        self.raw("<div><dt>").text(name).raw("</dt><dd>").text(value).raw("</dd></div>");
    }

    /// To a part of the page, where it has something.
    fn link(&mut self, target: &str, name: &str, count: usize) {
        if count > 0 {
            self.raw("<a href=\"#")
                .raw(target)
                .raw("\">")
                .raw(name)
                .raw(" <b>")
                .raw(&count.to_string())
                .raw("</b></a>");
        }
    }

    /// A part of the page with its title.
    fn part(&mut self, id: &str, title: &str, count: usize) {
        self.raw("<section id=\"")
            .raw(id)
            .raw("\"><h2>")
            .raw(title)
            .raw(" <b>")
            .raw(&count.to_string())
            .raw("</b></h2>");
    }

    fn finish(self) -> String {
        self.page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_file_is_never_markup() {
        let mut html = Html::default();
        html.text("<script>alert(\"x\")</script> & 'y'\u{1}\n");
        let expected = "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;\u{fffd}\n";
        assert_eq!(html.finish(), expected);
    }
}
