//! Microdata (`itemscope`, `itemtype`, `itemprop`) and RDFa (`typeof`, `property`, `rel`) as things with properties.

use std::collections::HashSet;

use auskunft_text::normal::collapse_spaces;
use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html};

use super::is_product;
use super::item::{Item, Property};
use crate::html::text_up_to;

/// Longer values are cut: no name, number or description of a product is longer.
const MAX_CHARS: usize = 20_000;

/// Prefixes of page metadata, which is no RDFa about a thing.
const META_PREFIXES: &[&str] = &["og", "fb", "twitter", "article", "product", "al"];

/// Which attributes make up a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// HTML microdata.
    Microdata,
    /// RDFa 1.1 Lite, with `rel`.
    Rdfa,
}

/// What a page describes in one syntax.
#[derive(Debug, Default)]
pub(crate) struct Described {
    /// Things that are no property of another, in the order in which they end.
    pub(crate) items: Vec<Item>,
    /// Properties that stand outside of every thing, where a broken page has lost its scope.
    pub(crate) loose: Item,
}

/// Reads all things of a page in one pass over its tree.
pub(crate) fn read(document: &Html, syntax: Syntax) -> Described {
    let mut reader = Reader { syntax, open: Vec::new(), relations: Vec::new(), found: Described::default() };
    for edge in document.root_element().traverse() {
        match edge {
            Edge::Open(node) => {
                if let Some(element) = ElementRef::wrap(node) {
                    reader.open(document, element);
                }
            }
            Edge::Close(node) => reader.close(node.id()),
        }
    }
    reader.found
}

/// A thing that is being read.
struct Open {
    node: NodeId,
    item: Item,
    /// The properties of the thing around it that it is the value of.
    names: Vec<String>,
}

struct Reader {
    syntax: Syntax,
    open: Vec<Open>,
    /// Elements whose `rel` names what the thing inside them is, with the number of things open then.
    relations: Vec<(NodeId, Vec<String>, usize)>,
    found: Described,
}

impl Reader {
    fn open(&mut self, document: &Html, element: ElementRef<'_>) {
        let names = self.names(element);
        if self.is_scope(element) {
            let names = if names.is_empty() { self.related() } else { names };
            self.open.push(Open { node: element.id(), item: self.item(document, element), names });
            return;
        }
        let is_relation = self.syntax == Syntax::Rdfa && element.attr("property").is_none();
        if is_relation
            && !names.is_empty()
            && element.attr("href").is_none()
            && element.attr("resource").is_none()
        {
            self.relations.push((element.id(), names, self.open.len()));
            return;
        }
        for name in names {
            let Some(text) = value(element, &name) else { continue };
            let target = self.open.last_mut().map_or(&mut self.found.loose, |open| &mut open.item);
            target.push(&name, Property::Text(text));
        }
    }

    fn close(&mut self, node: NodeId) {
        if self.relations.last().is_some_and(|(relation, ..)| *relation == node) {
            self.relations.pop();
        }
        let Some(Open { item, names, .. }) = self.open.pop_if(|open| open.node == node) else { return };
        let names = if names.is_empty() { self.names_by_type(&item) } else { names };
        match self.open.last_mut() {
            Some(outer) if !names.is_empty() => {
                names.iter().for_each(|name| outer.item.push(name, Property::Item(item.clone())));
            }
            _ => self.found.items.push(item),
        }
    }

    /// Offers without a name of their own inside a product are its offers.
    fn names_by_type(&self, item: &Item) -> Vec<String> {
        let is_offer = |kind: &str| matches!(super::term(kind).as_str(), "Offer" | "AggregateOffer");
        let in_product = self.open.iter().any(|open| open.item.is(&is_product));
        if item.is(&is_offer) && in_product { vec!["offers".to_owned()] } else { Vec::new() }
    }

    /// What the nearest `rel` around says, if it stands inside the innermost thing.
    fn related(&self) -> Vec<String> {
        let nearest = self.relations.last().filter(|(_, _, open)| *open == self.open.len());
        nearest.map(|(_, names, _)| names.clone()).unwrap_or_default()
    }

    fn is_scope(&self, element: ElementRef<'_>) -> bool {
        match self.syntax {
            Syntax::Microdata => element.attr("itemscope").is_some(),
            Syntax::Rdfa => element.attr("typeof").is_some(),
        }
    }

    fn names(&self, element: ElementRef<'_>) -> Vec<String> {
        let names = match self.syntax {
            Syntax::Microdata => element.attr("itemprop"),
            Syntax::Rdfa => {
                element.attr("property").or_else(|| element.attr("rel").filter(|_| !self.open.is_empty()))
            }
        };
        let is_meta = |name: &&str| {
            self.syntax == Syntax::Rdfa
                && name.split_once(':').is_some_and(|(prefix, _)| META_PREFIXES.contains(&prefix))
        };
        names.unwrap_or("").split_whitespace().filter(|name| !is_meta(name)).map(str::to_owned).collect()
    }

    fn item(&self, document: &Html, element: ElementRef<'_>) -> Item {
        let (kinds, id) = match self.syntax {
            Syntax::Microdata => (element.attr("itemtype"), element.attr("itemid")),
            Syntax::Rdfa => {
                (element.attr("typeof"), element.attr("resource").or_else(|| element.attr("about")))
            }
        };
        let kinds = kinds.unwrap_or("").split_whitespace().map(str::to_owned).collect();
        let mut item = Item::new(kinds, id.map(str::to_owned));
        if self.syntax == Syntax::Microdata
            && let Some(references) = element.attr("itemref")
        {
            add_referenced(document, references, &mut item);
        }
        item
    }
}

/// Properties that stand elsewhere: `itemref` names the elements that hold them. Things there are not followed.
fn add_referenced(document: &Html, references: &str, item: &mut Item) {
    let ids: HashSet<&str> = references.split_whitespace().collect();
    let holds = |element: &ElementRef<'_>| element.attr("id").is_some_and(|id| ids.contains(id));
    for holder in document.root_element().descendent_elements().filter(holds).take(ids.len()) {
        let stated = holder.descendent_elements().filter(|element| element.attr("itemscope").is_none());
        for element in stated {
            for name in element.attr("itemprop").unwrap_or("").split_whitespace() {
                if let Some(text) = value(element, name) {
                    item.push(name, Property::Text(text));
                }
            }
        }
    }
}

/// The value of a property: `content`, else the address of terms, else the words, else the address.
fn value(element: ElementRef<'_>, name: &str) -> Option<String> {
    let filled = |text: String| Some(collapse_spaces(&text)).filter(|text| !text.is_empty());
    let attribute = |name: &str| element.attr(name).map(str::to_owned).and_then(filled);
    let content = attribute("content").or_else(|| attribute("datetime"));
    let address = || ["href", "resource", "value"].into_iter().find_map(attribute);
    let words = || filled(text_up_to(element, MAX_CHARS));
    let is_term = matches!(super::term(name).to_ascii_lowercase().as_str(), "availability" | "itemcondition");
    if is_term {
        return content.or_else(address).or_else(words);
    }
    content.or_else(words).or_else(address)
}
