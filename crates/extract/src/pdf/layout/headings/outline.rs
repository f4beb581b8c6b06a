//! Headings that the file's outline names.

use std::collections::HashMap;

use super::{MAX_LENGTH, Placed, key, lines_of, placed};
use crate::pdf::layout::{Line, PageFlow, words};
use crate::pdf::page::OutlineEntry;

/// Lines that a title in the outline may take on its page.
const MAX_OUTLINE_LINES: usize = 4;

/// Successive lines whose text is, together, that of an outline's entry on the entry's page.
pub(super) fn matched(flows: &[PageFlow], outline: &[OutlineEntry]) -> Vec<Placed> {
    let mut known: HashMap<String, Vec<Placed>> =
        outline.iter().map(|entry| (key(&entry.title), Vec::new())).collect();
    for (flow_index, flow) in flows.iter().enumerate() {
        let lines: Vec<(usize, &Line)> = lines_of(flow).collect();
        for (place, &(first, line)) in lines.iter().enumerate() {
            let mut text = String::new();
            for (count, &(index, next)) in lines[place..].iter().take(MAX_OUTLINE_LINES).enumerate() {
                if index != first + count || text.chars().count() > MAX_LENGTH {
                    break;
                }
                words::join(&mut text, &next.text);
                if let Some(found) = known.get_mut(&key(&words::finish(&text))) {
                    found.push(placed(flow_index, flow, first, count + 1, text.clone(), line.size));
                }
            }
        }
    }
    let mut taken: HashMap<(usize, usize), Placed> = HashMap::new();
    for entry in outline {
        let candidates = known.get(&key(&entry.title)).into_iter().flatten();
        let fitting = candidates.filter(|placed| entry.page.is_none_or(|page| placed.heading.page == page));
        let largest = fitting.max_by(|one, other| one.heading.size.total_cmp(&other.heading.size));
        if let Some(found) = largest {
            let mut found = found.clone();
            found.heading.level = entry.level;
            taken.entry((found.flow, found.first)).or_insert(found);
        }
    }
    taken.into_values().collect()
}

/// Headings by style that stand between those of the outline: outlines often leave the deeper levels out. They are smaller
/// than the outline's heading above them and one level below it.
pub(super) fn below(outlined: &[Placed], styled: Vec<Placed>) -> Vec<Placed> {
    let place = |placed: &Placed| (placed.flow, placed.first);
    let mut sorted: Vec<&Placed> = outlined.iter().collect();
    sorted.sort_by_key(|placed| place(placed));
    let is_taken = |styled: &Placed| {
        let lines = styled.first..styled.first + styled.count;
        outlined.iter().any(|other| {
            other.flow == styled.flow && other.first < lines.end && lines.start < other.first + other.count
        })
    };
    let below = |mut styled: Placed| {
        let above = sorted.partition_point(|other| place(other) < place(&styled)).checked_sub(1)?;
        let above = &sorted[above].heading;
        styled.heading.level = above.level + 1;
        (styled.heading.size <= above.size).then_some(styled)
    };
    styled.into_iter().filter(|styled| !is_taken(styled)).filter_map(below).collect()
}
