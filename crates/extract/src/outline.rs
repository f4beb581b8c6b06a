//! Headings and blocks in reading order become sections with heading paths.

use auskunft_model::{Block, Section};
use auskunft_text::normal;

/// Longer lines are no labels and no values of labels.
const LABEL_CHARS: usize = 40;
const VALUE_CHARS: usize = 60;

/// Collects a document's blocks under the headings that are open.
#[derive(Default)]
pub(crate) struct Outline {
    open: Vec<(u8, String)>,
    blocks: Vec<Block>,
    sections: Vec<Section>,
    paragraph_level: Option<u8>,
}

impl Outline {
    /// A heading of a level (1 is the highest) begins a section.
    pub(crate) fn heading(&mut self, level: u8, text: &str) {
        let level = self.level_of(level, text);
        self.close(level);
        self.open.push((level, text.to_owned()));
    }

    /// Law texts set the same kind of heading, `§ 323 …`, in different levels: all are siblings of the first.
    fn level_of(&mut self, level: u8, text: &str) -> u8 {
        if !text.starts_with('§') {
            return level;
        }
        *self.paragraph_level.get_or_insert(level)
    }

    /// Ends every section whose heading has this level or a lower one.
    pub(crate) fn close(&mut self, level: u8) {
        self.end_section();
        self.open.retain(|(open_level, _)| *open_level < level);
    }

    /// The headings that are open, outermost first.
    pub(crate) fn path(&self) -> impl Iterator<Item = &str> {
        self.open.iter().map(|(_, text)| text.as_str())
    }

    /// Adds a block to the open section.
    pub(crate) fn block(&mut self, block: Block) {
        if !block.text().trim().is_empty() {
            self.blocks.push(block);
        }
    }

    /// Joins a short value to the label before it (`Gewicht:` and `250 g` in boxes of their own). `false` when there is
    /// no such label.
    pub(crate) fn join_to_label(&mut self, value: &str) -> bool {
        let Some(Block::Paragraph { text: label }) = self.blocks.last_mut() else { return false };
        let is_label = label.ends_with(':') && label.chars().count() <= LABEL_CHARS;
        let is_value = value.chars().count() <= VALUE_CHARS && !value.ends_with([':', '?']);
        if is_label && is_value {
            label.push(' ');
            label.push_str(value);
        }
        is_label && is_value
    }

    fn end_section(&mut self) {
        if self.blocks.is_empty() {
            return;
        }
        let heading_path = self.open.iter().map(|(_, text)| text.clone()).collect();
        let blocks = std::mem::take(&mut self.blocks);
        self.sections.push(Section { heading_path, page: None, blocks, kind: None, language: None });
    }

    /// The sections, in order; those without text are left out.
    pub(crate) fn finish(mut self) -> Vec<Section> {
        self.end_section();
        self.sections
    }
}

/// Drops the document's title from the top of heading paths: it stands before every path anyway.
pub(crate) fn without_title(mut sections: Vec<Section>, title: &str) -> Vec<Section> {
    let title = normal::fold(title);
    for section in &mut sections {
        let own = section.heading_path.iter().take_while(|heading| normal::fold(heading) == title).count();
        section.heading_path.drain(..own);
    }
    sections
}

/// All words of sections, for language detection and emptiness checks.
pub(crate) fn text_of(sections: &[Section]) -> String {
    sections.iter().map(Section::text).collect::<Vec<_>>().join("\n")
}

/// A paragraph.
pub(crate) fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph { text: text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(sections: &[Section]) -> Vec<String> {
        sections.iter().map(|section| section.heading_path.join(" › ")).collect()
    }

    #[test]
    fn a_section_carries_the_headings_above_it() {
        let mut outline = Outline::default();
        outline.block(paragraph("vorab"));
        outline.heading(1, "A");
        outline.heading(2, "B");
        outline.block(paragraph("b"));
        outline.heading(2, "leer");
        outline.heading(1, "C");
        outline.block(paragraph("c"));
        assert_eq!(paths(&outline.finish()), ["", "A › B", "C"]);
    }

    #[test]
    fn a_title_that_is_repeated_below_itself_stands_in_no_path() {
        let heading = |path: &[&str]| path.iter().map(|text| (*text).to_owned()).collect();
        let section = |path: &[&str]| Section::of_paragraphs(heading(path), None, vec!["Text".to_owned()]);
        let sections = vec![section(&["A", "A", "B", "A"]), section(&["B"])];
        assert_eq!(paths(&without_title(sections, "a")), ["B › A", "B"]);
    }

    #[test]
    fn paragraphs_of_a_law_are_siblings_whatever_their_level() {
        let mut outline = Outline::default();
        for (level, text) in [(1, "BGB"), (6, "§ 312"), (5, "§ 323"), (6, "§ 346")] {
            outline.heading(level, text);
            outline.block(paragraph("Text"));
        }
        assert_eq!(paths(&outline.finish()), ["BGB", "BGB › § 312", "BGB › § 323", "BGB › § 346"]);
    }
}
