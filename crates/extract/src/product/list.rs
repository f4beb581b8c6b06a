//! Pages that list several products: a text about all of them, with each as data, and no product of its own. Numbers, prices
//! and availability of the first are not the page's.

use auskunft_model::{Document, Kind, Language, Source};
use auskunft_text::normal::fold;

use super::{Read, own_text, set_category, title, variants};
use crate::html::structured::Stated;
use crate::outline;

/// The document of a list.
pub(super) fn document(source: &Source, read: Read, language: Language) -> Document {
    let none = Stated::default();
    let title = title(source, &read.page, &none);
    let mut document = Document::new(&source.path, None, Kind::Product, &title, language);
    let own = own_text::own(read.page.sections, &[&title]);
    document.sections = outline::without_title(own, &title);
    document.variants = variants::listed(&read.listed, &document.language);
    let text = fold(&outline::text_of(&document.sections));
    let table = variants::section(&document.variants, true, &text, &document.language);
    document.sections.extend(table);
    set_category(&mut document, &none, &read.breadcrumb);
    document
}
