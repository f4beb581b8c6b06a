//! Metadata, attributes, sections, chunks and records.

use serde_json::Value;

use super::super::view::{
    AttributeView, ChunkView, DocumentView, FailureView, PdfView, SectionView, TicketView, page_summary,
};
use super::{Html, plain};

/// Entries of a list written into one page; a browser is no place for more.
const MAX_ENTRIES: usize = 2_000;

/// Title and the like, for the head of the page.
pub(super) fn facts(html: &mut Html, document: &DocumentView) {
    if let Some(title) = &document.title {
        html.fact("title", title);
    }
    html.fact("kind", document.kind);
    if let Some(language) = &document.language {
        html.fact("language", language.as_str());
    }
    for (name, value) in &document.details {
        html.fact(&name.replace('_', " "), &plain::plain(value));
    }
    let numbers: Vec<String> = document
        .identifiers
        .iter()
        .map(|number| format!("{} {}", number.kind.as_str(), number.text))
        .collect();
    if !numbers.is_empty() {
        html.fact("identifiers", &numbers.join(", "));
    }
    if !document.pages.is_empty() {
        html.fact("pages", &page_summary(&document.pages));
    }
}

/// Facts about a PDF, for the head of the page.
pub(super) fn pdf_facts(html: &mut Html, pdf: &PdfView) {
    let encrypted = if pdf.encrypted { ", encrypted" } else { "" };
    html.fact(
        "pdf",
        &format!("{}{encrypted}, {} pages, read by {}", pdf.version, pdf.page_count, pdf.engine),
    );
    if !pdf.attachments.is_empty() {
        html.fact("attachments (not read)", &pdf.attachments.join(", "));
    }
}

/// A file that is one document.
pub(super) fn one(html: &mut Html, document: &DocumentView, pdf: Option<&PdfView>) {
    warnings(html, &document.warnings);
    attributes(html, &document.attributes);
    sections(html, &document.sections);
    chunks(html, &document.chunks);
    if let Some(pdf) = pdf {
        outline(html, pdf);
    }
}

/// A file of records.
pub(super) fn many(
    html: &mut Html,
    documents: &[DocumentView],
    tickets: &[TicketView],
    failures: &[FailureView],
) {
    if !failures.is_empty() {
        html.part("failures", "Failed or left alone", failures.len());
        html.raw("<table><tr><th>Record</th><th>Outcome</th><th>Reason</th><th>Detail</th></tr>");
        for record in failures.iter().take(MAX_ENTRIES) {
            let name = record.anchor.as_deref().unwrap_or("–");
            row(html, &[name, record.outcome.as_str(), record.reason.as_str(), &record.detail]);
        }
        html.raw("</table></section>");
    }
    if !tickets.is_empty() {
        html.part("tickets", "Tickets", tickets.len());
        html.raw("<p class=\"note\">Customer data: stored, never chunked or searched.</p>");
        html.raw("<table><tr><th>Ticket</th><th>Status</th><th>Product</th></tr>");
        for ticket in tickets.iter().take(MAX_ENTRIES) {
            row(html, &[&ticket.id, &ticket.status, ticket.product.as_deref().unwrap_or("–")]);
        }
        html.raw("</table></section>");
    }
    if documents.is_empty() {
        return;
    }
    html.part("documents", "Documents", documents.len());
    for document in documents.iter().take(MAX_ENTRIES) {
        record(html, document);
    }
    rest(html, documents.len());
    html.raw("</section>");
}

/// Says how many entries are left out.
fn rest(html: &mut Html, count: usize) {
    if count > MAX_ENTRIES {
        let rest = count - MAX_ENTRIES;
        html.raw("<p class=\"note\">").text(&format!("… and {rest} more: see --json")).raw("</p>");
    }
}

fn record(html: &mut Html, document: &DocumentView) {
    html.raw("<details class=\"card find\"><summary>");
    html.raw("<code>").text(document.anchor.as_deref().unwrap_or("")).raw("</code> ");
    html.text(document.title.as_deref().unwrap_or("")).raw("</summary><dl class=\"facts\">");
    facts(html, document);
    html.raw("</dl>");
    for warning in &document.warnings {
        html.raw("<p class=\"note\">").text(warning).raw("</p>");
    }
    for chunk in &document.chunks {
        chunk_card(html, chunk);
    }
    html.raw("</details>");
}

pub(super) fn warnings(html: &mut Html, warnings: &[String]) {
    if warnings.is_empty() {
        return;
    }
    html.part("warnings", "Warnings", warnings.len());
    html.raw("<ul class=\"warnings\">");
    for warning in warnings {
        html.raw("<li>").text(warning).raw("</li>");
    }
    html.raw("</ul></section>");
}

fn attributes(html: &mut Html, attributes: &[AttributeView]) {
    if attributes.is_empty() {
        return;
    }
    html.part("attributes", "Attributes", attributes.len());
    html.raw("<table><tr><th>Key</th><th>As printed</th><th>Value</th><th>Unit</th><th>More</th></tr>");
    for fact in attributes {
        let value = match &fact.value {
            Value::String(_) => String::new(),
            value => plain::plain(value),
        };
        let is_money = fact.more.get("type").is_some_and(|name| name == "money");
        let known = fact.more.iter().filter(|(name, _)| *name != "type");
        let mut more: Vec<String> = known
            .map(|(name, value)| format!("{} {}", name.replace('_', " "), plain::plain(value)))
            .collect();
        more.extend(is_money.then(|| "in minor units".to_owned()));
        more.extend(fact.source.iter().map(|source| format!("from {source}")));
        row(html, &[&fact.key, &fact.text, &value, fact.unit.as_deref().unwrap_or(""), &more.join(", ")]);
    }
    html.raw("</table></section>");
}

fn row(html: &mut Html, cells: &[&str]) {
    html.raw("<tr>");
    for cell in cells {
        html.raw("<td>").text(cell).raw("</td>");
    }
    html.raw("</tr>");
}

fn sections(html: &mut Html, sections: &[SectionView]) {
    if sections.is_empty() {
        return;
    }
    html.part("sections", "Sections", sections.len());
    for section in sections.iter().take(MAX_ENTRIES) {
        html.raw("<article class=\"card find\"><p class=\"place\">");
        place(html, section.page, &section.heading_path);
        if let Some(kind) = section.kind {
            html.raw("<i>").raw(kind.as_str()).raw("</i>");
        }
        if let Some(language) = &section.language {
            html.raw("<i>").text(language.as_str()).raw("</i>");
        }
        html.raw("</p><pre>").text(&section.text).raw("</pre></article>");
    }
    rest(html, sections.len());
    html.raw("</section>");
}

fn chunks(html: &mut Html, chunks: &[ChunkView]) {
    if chunks.is_empty() {
        return;
    }
    html.part("chunks", "Chunks", chunks.len());
    for chunk in chunks.iter().take(MAX_ENTRIES) {
        chunk_card(html, chunk);
    }
    rest(html, chunks.len());
    html.raw("</section>");
}

fn chunk_card(html: &mut Html, chunk: &ChunkView) {
    html.raw("<article class=\"card find\"><p class=\"place\">");
    place(html, chunk.page, &chunk.section);
    html.raw("<i>")
        .raw(chunk.kind.as_str())
        .raw("</i><i>")
        .raw(&chunk.tokens.to_string())
        .raw(" tokens</i><code>");
    html.text(&chunk.chunk_id).raw("</code></p><pre>").text(&chunk.text).raw("</pre></article>");
}

/// Page and headings.
fn place(html: &mut Html, page: Option<u32>, headings: &[String]) {
    if let Some(page) = page {
        let page = page.to_string();
        html.raw("<a href=\"#page-").raw(&page).raw("\">p. ").raw(&page).raw("</a>");
    }
    html.raw("<span>");
    for (index, heading) in headings.iter().enumerate() {
        html.raw(if index == 0 { "" } else { " › " }).text(heading);
    }
    html.raw("</span>");
}

fn outline(html: &mut Html, pdf: &PdfView) {
    if pdf.outline.is_empty() {
        return;
    }
    html.part("outline", "Bookmarks", pdf.outline.len());
    html.raw("<ul class=\"outline\">");
    for entry in &pdf.outline {
        html.raw("<li style=\"margin-left:")
            .raw(&(entry.level.saturating_sub(1) * 18).to_string())
            .raw("px\">");
        html.text(&entry.title);
        match entry.page {
            Some(page) => {
                let page = page.to_string();
                html.raw(" <a href=\"#page-").raw(&page).raw("\">p. ").raw(&page).raw("</a>")
            }
            None => html.raw(" <em>without a page</em>"),
        };
        html.raw("</li>");
    }
    html.raw("</ul></section>");
}
