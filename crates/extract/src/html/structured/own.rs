//! Which of the things that a page describes is the page's own product, and where in the shop it stands.

use auskunft_text::normal::fold;

use super::{Item, OTHERS, Stated, is_product, term};

/// From this many products of different names, none of which the heading names, a page is a list.
const LIST: usize = 3;

/// What one syntax says about a page's product.
#[derive(Debug, Default)]
pub(crate) struct Own {
    /// The page's product; several descriptions of the same one, in the page's order.
    pub(crate) stated: Vec<Stated>,
    /// Every product, of a page that lists several.
    pub(crate) listed: Vec<Stated>,
}

/// The product that bears the page's heading, else the first, with all its descriptions.
pub(crate) fn own(items: &[Item], heading: Option<&str>) -> Own {
    let mut found = Vec::new();
    items.iter().for_each(|item| collect(item, &mut found));
    let products: Vec<Stated> = found.into_iter().map(Stated::of).collect();
    let heading = heading.map(fold);
    let bears_heading = |one: &Stated| heading.is_some() && one.name.as_deref().map(fold) == heading;
    let by_heading = products.iter().position(bears_heading);
    let Some(name) = products.get(by_heading.unwrap_or(0)).map(|first| first.name.as_deref().map(fold))
    else {
        return Own::default();
    };
    let is_list = by_heading.is_none() && names(&products) >= LIST;
    let listed = if is_list { products.clone() } else { Vec::new() };
    let is_own = |one: &Stated| one.name.as_deref().map(fold) == name;
    Own { stated: products.into_iter().filter(is_own).collect(), listed }
}

fn names(products: &[Stated]) -> usize {
    let mut names: Vec<String> = products.iter().filter_map(|one| one.name.as_deref().map(fold)).collect();
    names.sort();
    names.dedup();
    names.len()
}

/// Products that are not described as another's accessory, variant or offer.
fn collect<'a>(item: &'a Item, found: &mut Vec<&'a Item>) {
    if item.is(&is_product) {
        found.push(item);
        return;
    }
    let is_other = |names: &[String]| names.iter().any(|name| OTHERS.contains(&name.as_str()));
    let inside = item.children().filter(|(names, _)| !is_other(names));
    inside.for_each(|(_, child)| collect(child, found));
}

/// Names of the breadcrumb, outermost first (schema.org's list, or the single steps of data-vocabulary.org).
pub(crate) fn breadcrumb(items: &[Item]) -> Vec<String> {
    let mut all = Vec::new();
    items.iter().for_each(|item| flatten(item, &mut all));
    let list = all.iter().find(|item| item.is(&|kind| term(kind) == "BreadcrumbList"));
    if let Some(list) = list {
        let steps = list.items(&["itemlistelement"]);
        let name = |step: &Item| step.text(&["name"]).or_else(|| step.text(&["item"]));
        return steps.filter_map(name).collect();
    }
    let single = all.iter().filter(|item| item.is(&|kind| term(kind) == "Breadcrumb"));
    single.flat_map(|step| step.texts(&["title"]).collect::<Vec<_>>()).collect()
}

/// An item and those inside it; the depth is bounded where they are read.
fn flatten<'a>(item: &'a Item, all: &mut Vec<&'a Item>) {
    all.push(item);
    item.children().for_each(|(_, child)| flatten(child, all));
}
