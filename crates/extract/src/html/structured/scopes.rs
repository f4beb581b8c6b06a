//! Microdata (`itemscope`, `itemtype`, `itemprop`) and RDFa (`typeof`, `property`, `rel`) as things with properties.

use std::collections::HashMap;

use auskunft_text::normal::collapse_spaces;
use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html};

use super::is_product;
use super::item::{Item, MAX_BYTES, MAX_CHARS, Property};
use crate::html::text_up_to;

/// Things of one page; lists of products stay below.
const MAX_ITEMS: usize = 10_000;

/// Things deeper inside each other are left out.
const MAX_NESTED: usize = 32;

/// Elements elsewhere that things of one page may refer to.
const MAX_REFERENCES: usize = 500;

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
    let mut reader = Reader {
        syntax,
        open: Vec::new(),
        relations: Vec::new(),
        found: Described::default(),
        items: 0,
        bytes: 0,
        referenced: Referenced::default(),
    };
    for edge in document.root_element().traverse() {
        match edge {
            Edge::Open(node) if reader.has_room() => {
                if let Some(element) = ElementRef::wrap(node) {
                    reader.open(document, element);
                }
            }
            Edge::Open(_) => {}
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

struct Reader<'a> {
    syntax: Syntax,
    open: Vec<Open>,
    /// Elements whose `rel` names what the thing inside them is, with the number of things open then.
    relations: Vec<(NodeId, Vec<String>, usize)>,
    found: Described,
    /// Things that were opened.
    items: usize,
    /// What properties take.
    bytes: usize,
    referenced: Referenced<'a>,
}

/// Elements that things refer to, by their ids; gathered when the first thing does.
#[derive(Default)]
struct Referenced<'a> {
    by_id: Option<HashMap<&'a str, ElementRef<'a>>>,
    taken: usize,
}

impl<'a> Referenced<'a> {
    /// The elements with these ids, in their order.
    fn take(&mut self, document: &'a Html, ids: &str) -> Vec<ElementRef<'a>> {
        let all = || {
            let elements = document.root_element().descendent_elements();
            // The first of several elements with one id is the one that is meant.
            let mut by_id = HashMap::new();
            for element in elements {
                element.attr("id").map(|id| by_id.entry(id).or_insert(element));
            }
            by_id
        };
        let by_id = self.by_id.get_or_insert_with(all);
        let room = MAX_REFERENCES - self.taken;
        let found: Vec<_> =
            ids.split_whitespace().filter_map(|id| by_id.get(id).copied()).take(room).collect();
        self.taken += found.len();
        found
    }
}

impl<'a> Reader<'a> {
    fn has_room(&self) -> bool {
        self.items < MAX_ITEMS && self.bytes < MAX_BYTES
    }

    fn open(&mut self, document: &'a Html, element: ElementRef<'a>) {
        let names = self.names(element);
        if self.is_scope(element) {
            let names = if names.is_empty() { self.related() } else { names };
            let item = self.item(document, element);
            self.items += 1;
            self.open.push(Open { node: element.id(), item, names });
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
        if !names.is_empty()
            && let Some(property) = value(element, &names)
        {
            self.bytes += property.size();
            let target = self.open.last_mut().map_or(&mut self.found.loose, |open| &mut open.item);
            target.push(names.iter().map(String::as_str), property);
        }
    }

    fn close(&mut self, node: NodeId) {
        if self.relations.last().is_some_and(|(relation, ..)| *relation == node) {
            self.relations.pop();
        }
        let Some(Open { item, names, .. }) = self.open.pop_if(|open| open.node == node) else { return };
        if self.open.len() > MAX_NESTED {
            return;
        }
        let names = if names.is_empty() { self.names_by_type(&item) } else { names };
        match self.open.last_mut() {
            Some(outer) if !names.is_empty() => {
                outer.item.push(names.iter().map(String::as_str), Property::Item(item));
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

    fn item(&mut self, document: &'a Html, element: ElementRef<'a>) -> Item {
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
            for holder in self.referenced.take(document, references) {
                self.add_referenced(holder, &mut item);
            }
        }
        item
    }

    /// Properties that stand elsewhere: `itemref` names the elements that hold them. Things there are not followed.
    fn add_referenced(&mut self, holder: ElementRef<'_>, item: &mut Item) {
        for element in holder.descendent_elements() {
            let names = self.names(element);
            let is_own = !names.is_empty() && element.attr("itemscope").is_none();
            if is_own
                && self.has_room()
                && let Some(property) = value(element, &names)
            {
                self.bytes += property.size();
                item.push(names.iter().map(String::as_str), property);
            }
        }
    }
}

/// The value of a property: `content`, else the address of terms, else the words, else the address.
fn value(element: ElementRef<'_>, names: &[String]) -> Option<Property> {
    let filled = |text: &str| Some(collapse_spaces(text)).filter(|text| !text.is_empty());
    let attribute = |name: &str| element.attr(name).and_then(filled);
    let data = attribute("content").or_else(|| attribute("datetime"));
    if let Some(data) = data {
        return Some(Property::Data(data));
    }
    let address = || ["href", "resource", "value"].into_iter().find_map(attribute);
    let words = || filled(&text_up_to(element, MAX_CHARS));
    let is_term = |name: &String| {
        matches!(super::term(name).to_ascii_lowercase().as_str(), "availability" | "itemcondition")
    };
    let text = if names.iter().any(is_term) { address().or_else(words) } else { words().or_else(address) };
    text.map(Property::Text)
}
