//! The product's own text among what its page says: without what stands before the heading, other products, opinions
//! and signs on buttons.

use auskunft_model::{Block, Section};
use auskunft_text::normal::fold;

use super::keys;

/// Text behind the heading, in characters, from which what stands before it is taken for the shop's frame.
const ENOUGH: usize = 200;

/// Longer labels are sentences.
const LABEL: usize = 40;

/// The sections that speak of the product; `names` are its heading and name.
pub(super) fn own(sections: Vec<Section>, names: &[&str]) -> Vec<Section> {
    let mut sections = from_heading(sections, names);
    sections.retain(|section| !section.heading_path.iter().any(|heading| is_other(heading)));
    for section in &mut sections {
        section.blocks.retain(|block| !is_control(block) && !is_notice(block));
        drop_empty_labels(&mut section.blocks);
    }
    sections.retain(|section| !section.blocks.is_empty());
    sections
}

fn is_other(heading: &str) -> bool {
    let folded = fold(heading);
    keys::OTHER_HEADINGS.iter().any(|words| folded.starts_with(words))
}

/// Drops what stands before the product's name, if enough stands behind it.
fn from_heading(mut sections: Vec<Section>, names: &[&str]) -> Vec<Section> {
    let names: Vec<String> = names.iter().map(|name| fold(name)).filter(|name| !name.is_empty()).collect();
    let Some((index, block)) = place(&sections, &names) else { return sections };
    let behind: usize = length(&sections[index..], block);
    let before = length(&sections, 0) - behind;
    if behind < ENOUGH.min(before) {
        return sections;
    }
    sections.drain(..index);
    if let Some(first) = sections.first_mut() {
        first.blocks.drain(..block.min(first.blocks.len()));
    }
    sections
}

/// The first section under a heading that is one of the names, or the block behind a line that is.
fn place(sections: &[Section], names: &[String]) -> Option<(usize, usize)> {
    let is_name = |text: &str| names.contains(&fold(text));
    let by_heading =
        sections.iter().position(|section| section.heading_path.iter().any(|text| is_name(text)));
    let in_blocks = |section: &Section| section.blocks.iter().position(|block| is_name(&block.text()));
    let mut lines = sections.iter().enumerate();
    let by_line = lines.find_map(|(index, section)| in_blocks(section).map(|block| (index, block + 1)));
    by_heading.map(|index| (index, 0)).or(by_line)
}

fn length(sections: &[Section], skipped: usize) -> usize {
    let blocks = sections.iter().flat_map(|section| &section.blocks).skip(skipped);
    blocks.map(|block| block.text().chars().count()).sum()
}

fn words(block: &Block) -> Option<String> {
    match block {
        Block::Paragraph { text } | Block::Item { text } => {
            let folded = fold(text.trim_start_matches(['•', '-', '|', ' ']));
            Some(folded.trim_matches([' ', '-', '.', ':', '>', '|', '»']).to_owned())
        }
        Block::Table { .. } | Block::Contents { .. } => None,
    }
}

fn is_control(block: &Block) -> bool {
    words(block).is_some_and(|text| keys::CONTROLS.contains(&text.trim_start_matches("x ")))
}

/// Copyright lines, questions for consent, remarks about the browser.
fn is_notice(block: &Block) -> bool {
    words(block).is_some_and(|text| {
        let is_short = text.chars().count() < 300;
        let is_copyright = text.starts_with('©') || text.starts_with("copyright");
        let is_consent = text.contains("cookie")
            && [
                "zustimm",
                "akzept",
                "accept",
                "einverstanden",
                "verwendet cookies",
                "uses cookies",
                "use cookies",
            ]
            .iter()
            .any(|word| text.contains(word));
        let is_player = text.contains("flash player") || text.contains("flash version");
        is_short && (is_copyright || is_consent || is_player)
    })
}

/// Labels whose value was a field to fill in: nothing follows but another label.
fn drop_empty_labels(blocks: &mut Vec<Block>) {
    let is_label = |block: &Block| matches!(block, Block::Paragraph { text } if text.ends_with(':') && text.chars().count() <= LABEL);
    let labels: Vec<bool> = blocks.iter().map(is_label).collect();
    let mut index = 0;
    blocks.retain(|_| {
        let is_empty = labels[index] && labels.get(index + 1).copied().unwrap_or(true);
        index += 1;
        !is_empty
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(heading: &[&str], lines: &[&str]) -> Section {
        let heading = heading.iter().map(|text| (*text).to_owned()).collect();
        Section::of_paragraphs(heading, None, lines.iter().map(|text| (*text).to_owned()).collect())
    }

    fn texts(sections: Vec<Section>, names: &[&str]) -> Vec<String> {
        own(sections, names).iter().map(Section::text).collect()
    }

    #[test]
    fn the_shops_frame_before_the_heading_is_left_out() {
        let page = || {
            vec![section(&[], &["Hotline 0800", "Startseite ›"]), section(&["Sauger"], &["Saugt sehr gut."])]
        };
        assert_eq!(texts(page(), &["Sauger"]), ["Hotline 0800\nStartseite ›", "Saugt sehr gut."]);
        let mut long = page();
        long.push(section(
            &["Sauger", "Mehr"],
            &["Ein langer Absatz über alles, was er kann und was nicht."],
        ));
        assert_eq!(texts(long, &["Sauger"]).len(), 2);
    }

    #[test]
    fn other_products_opinions_and_buttons_are_left_out() {
        let page = vec![
            section(&["Sauger"], &["Text.", "In den Warenkorb", "Menge:", "© 2026 Laden GmbH"]),
            section(&["Sauger", "Kunden kauften auch"], &["Beutel"]),
            section(&["Sauger", "Bewertungen (3)"], &["Toll!"]),
        ];
        assert_eq!(texts(page, &["Sauger"]), ["Text."]);
    }

    #[test]
    fn a_label_with_its_list_stays() {
        let page = vec![section(&["S"], &["Farbe:", "Größe:", "Vorteile:", "Saugt gut und leise."])];
        assert_eq!(texts(page, &["S"]), ["Vorteile:\nSaugt gut und leise."]);
    }
}
