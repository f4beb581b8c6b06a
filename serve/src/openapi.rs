//! The API's description, made from the handlers and message types themselves, and a page that shows it.

use std::fmt::Write;

use serde_json::Value;
use utoipa::OpenApi;

use crate::error::Problem;
use crate::handlers::{
    answer, documents, feedback, health, meta, originals, products, search, sessions, tickets, tokens,
};
use crate::wire;

/// What the macro collects.
#[derive(OpenApi)]
#[openapi(
    info(title = "Auskunft", description = "Answers support questions over a shop's catalog, with sources."),
    paths(
        answer::rag_answer,
        search::search,
        sessions::list,
        sessions::session,
        feedback::give,
        tickets::list,
        tickets::open,
        tickets::ticket,
        tickets::change,
        tokens::revoke,
        documents::document,
        originals::file,
        products::product,
        health::live,
        health::ready,
        meta::metrics,
        meta::openapi,
        meta::docs,
    ),
    components(schemas(wire::ProblemBody)),
    tags(
        (name = "support", description = "Questions and conversations"),
        (name = "tickets", description = "Tickets of the customers that an agent may see"),
        (name = "catalog", description = "What answers are read from"),
        (name = "operations", description = "For operators and programs"),
    )
)]
struct Description;

/// The OpenAPI document.
pub fn document() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

/// The same as a page that needs no network and no script.
pub(crate) fn page() -> String {
    let description = serde_json::to_value(document()).unwrap_or_default();
    let mut page = String::from(include_str!("docs_head.html"));
    for (path, methods) in entries(&description["paths"]) {
        for (method, operation) in entries(methods) {
            push_operation(&mut page, path, method, operation);
        }
    }
    page.push_str("<h2>Messages</h2>");
    for (name, schema) in entries(&description["components"]["schemas"]) {
        push_schema(&mut page, name, schema);
    }
    push_problems(&mut page);
    page.push_str("</main></body></html>\n");
    page
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    escape(value.as_str().unwrap_or(""))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

// Writing to a text cannot fail.
fn push_operation(page: &mut String, path: &str, method: &str, operation: &Value) {
    let (method, path) = (method.to_uppercase(), escape(path));
    let _ = write!(page, "<section><h3><code>{method} {path}</code></h3><p>{}", text(&operation["summary"]));
    let _ = write!(page, " {}</p>", text(&operation["description"]));
    let request = &operation["requestBody"]["content"]["application/json"]["schema"];
    if !request.is_null() {
        let _ = write!(page, "<p>Takes {}.</p>", type_of(request));
    }
    page.push_str("<ul>");
    for (status, response) in entries(&operation["responses"]) {
        let _ = write!(page, "<li>{status} {}", text(&response["description"]));
        for (media, content) in entries(&response["content"]) {
            let _ = write!(page, " – {} as <code>{}</code>", type_of(&content["schema"]), escape(media));
        }
        page.push_str("</li>");
    }
    page.push_str("</ul></section>");
}

fn push_schema(page: &mut String, name: &str, schema: &Value) {
    let name = escape(name);
    let _ = write!(page, "<section id=\"{name}\"><h3>{name}</h3><p>{}</p>", text(&schema["description"]));
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    page.push_str("<table>");
    for (field, property) in entries(&schema["properties"]) {
        let mark = if required.contains(&field.as_str()) { "" } else { "?" };
        let (kind, words) = (type_of(property), text(&property["description"]));
        let _ = write!(
            page,
            "<tr><td><code>{}{mark}</code></td><td>{kind}</td><td>{words}</td></tr>",
            escape(field)
        );
    }
    page.push_str("</table>");
    let values: Vec<String> = schema["enum"].as_array().into_iter().flatten().map(text).collect();
    if !values.is_empty() {
        let _ = write!(page, "<p><code>{}</code></p>", values.join("</code>, <code>"));
    }
    page.push_str("</section>");
}

/// A type in words, with a link to the message that it names.
fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let name = escape(name);
        return format!("<a href=\"#{name}\">{name}</a>");
    }
    if !schema["items"].is_null() {
        return format!("list of {}", type_of(&schema["items"]));
    }
    match &schema["type"] {
        Value::String(name) => escape(name),
        Value::Array(names) => {
            let known: Vec<String> = names.iter().map(text).filter(|name| name != "null").collect();
            known.join(" or ")
        }
        _ => "any".to_owned(),
    }
}

fn push_problems(page: &mut String) {
    page.push_str("<h2>Problems</h2><p>As <a href=\"#ProblemBody\">application/problem+json</a>.</p><table>");
    for problem in Problem::ALL {
        let row = problem.row();
        let (code, status, title) = (row.code, row.status.as_u16(), row.title);
        let _ = write!(
            page,
            "<tr id=\"{code}\"><td>{status}</td><td><code>{code}</code></td><td>{title}</td></tr>"
        );
    }
    page.push_str("</table>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_path_problem_and_message() {
        let page = page();
        for (path, _) in entries(&serde_json::to_value(document()).unwrap()["paths"]) {
            assert!(page.contains(path.as_str()), "{path}");
        }
        for problem in Problem::ALL {
            assert!(page.contains(&format!("id=\"{}\"", problem.row().code)));
        }
        assert!(page.contains("id=\"AnswerRequest\"") && page.contains("href=\"#CitationBody\""));
        assert!(!page.contains("http://") && !page.contains("https://"), "the page must need no network");
    }
}
