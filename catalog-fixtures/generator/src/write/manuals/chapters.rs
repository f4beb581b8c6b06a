//! The chapters of a manual.

use std::collections::BTreeMap;

use super::frame::Frame;
use super::mark;
use crate::language::grammar::Noun;
use crate::language::phrase::{Slots, fill};
use crate::language::{Phrases, Tongue};
use crate::random::Random;
use crate::typeset::{Block, Table, TableRow};
use crate::world::World;
use crate::world::kinds::{Kind, Procedure};
use crate::world::manuals::{Length, Manual};
use crate::world::products::Product;
use crate::world::series::Platform;

/// What a manual is written from.
struct Writer<'a> {
    world: &'a World,
    manual: &'a Manual,
    frame: &'a Frame,
    kind: &'a Kind,
    tongue: Tongue,
    blocks: Vec<Block>,
    chapter: usize,
}

/// All blocks of a manual.
pub(super) fn blocks(world: &World, manual: &Manual, frame: &Frame, random: &mut Random) -> Vec<Block> {
    let series = &world.series[manual.series];
    let kind = &world.kinds[series.kind];
    let tongue = manual.tongues[0];
    let mut writer = Writer { world, manual, frame, kind, tongue, blocks: Vec::new(), chapter: 0 };
    if matches!(manual.length, Length::Full | Length::Long) {
        writer.cover(random);
    }
    for (nth, tongue) in manual.tongues.iter().enumerate() {
        writer.tongue = *tongue;
        writer.blocks.push(Block::Language(*tongue));
        if nth > 0 {
            writer.blocks.extend([Block::Columns(1), Block::NewPage]);
        }
        writer.part(random);
    }
    writer.blocks
}

impl Writer<'_> {
    fn cover(&mut self, random: &mut Random) {
        let series = &self.world.series[self.manual.series];
        let maker = &self.world.makers[series.maker].name;
        let models: Vec<&str> =
            self.manual.products.iter().map(|product| self.world.products[*product].model.as_str()).collect();
        let edition = self.word("edition", random);
        let manual = self.word("manual", random);
        self.blocks.push(Block::Cover(
            format!("{maker} {}", series.base),
            manual,
            format!("{} · {edition} {}", models.join(", "), self.manual.version),
        ));
        let contents = self.word("contents", random);
        self.blocks.push(Block::Contents(contents));
    }

    /// Everything in one language.
    fn part(&mut self, random: &mut Random) {
        let style = self.world.makers[self.world.series[self.manual.series].maker].style;
        let columns = if style.two_columns && self.manual.length != Length::Leaf { 2 } else { 1 };
        if self.manual.length == Length::Leaf {
            self.troubles(random);
            self.procedures(random, 1);
            self.data(random);
            return;
        }
        self.blocks.push(Block::Columns(columns));
        self.safety(random);
        self.start(random);
        self.procedures(random, self.kind.procedures.len());
        self.blocks.push(Block::Columns(1));
        self.troubles(random);
        self.data(random);
        if self.manual.length == Length::Long {
            self.settings(random);
            self.parts(random);
        }
        self.blocks.push(Block::Columns(columns));
        self.closing(random);
    }

    fn word(&self, name: &str, random: &mut Random) -> String {
        self.frame.word(name, self.tongue, random)
    }

    /// Begins a chapter; long manuals begin a page with it.
    fn chapter(&mut self, title: &str) {
        self.chapter += 1;
        if matches!(self.manual.length, Length::Full | Length::Long) && self.chapter > 1 {
            self.blocks.push(Block::NewPage);
        }
        self.blocks.push(Block::Heading(1, format!("{} {title}", self.chapter)));
    }

    fn slots(&self) -> Slots {
        let series = &self.world.series[self.manual.series];
        let maker = &self.world.makers[series.maker];
        Slots::default()
            .noun("noun", self.kind.noun())
            .word("short", format!("{} {}", maker.name, series.base))
            .word("prefix", maker.serial_prefix.clone())
    }

    fn paragraphs(&mut self, phrases: &Phrases, random: &mut Random) {
        let slots = self.slots();
        for phrase in phrases.of(self.tongue) {
            self.blocks.push(Block::Paragraph(fill(phrase, &slots, random)));
        }
    }

    fn safety(&mut self, random: &mut Random) {
        let title = self.word("safety", random);
        self.chapter(&title);
        let mut items = self.frame.domain(self.kind.domain).safety.of(self.tongue).to_vec();
        random.shuffle(&mut items);
        let slots = self.slots();
        let mut items: Vec<String> = items.iter().map(|item| fill(item, &slots, random)).collect();
        if let Some(note) = items.pop() {
            self.blocks.push(Block::Note(note));
        }
        self.blocks.push(Block::Bullets(items));
    }

    fn start(&mut self, random: &mut Random) {
        let title = self.word("start", random);
        self.chapter(&title);
        self.paragraphs(&self.frame.domain(self.kind.domain).start, random);
        if self.manual.length != Length::Short {
            let title = self.word("box", random);
            self.blocks.push(Block::Heading(2, title));
            let parts = self.frame.domain(self.kind.domain).parts.of(self.tongue);
            let count = random.between(3, 7) as usize;
            let items = (0..count)
                .map(|nth| format!("{} × {}", 1 + nth % 2, parts[(nth * 5 + 1) % parts.len()]))
                .collect();
            self.blocks.push(Block::Bullets(items));
        }
    }

    fn procedures(&mut self, random: &mut Random, count: usize) {
        let platform = &self.world.series[self.manual.series].platform;
        for (place, procedure) in self.kind.procedures.iter().enumerate().take(count) {
            let params = platform.stated(place, self.manual.is_old);
            let slots = procedure_slots(self.kind, platform, &params, self.tongue, self.slots());
            self.procedure(place, procedure, &slots, random);
        }
    }

    fn procedure(&mut self, place: usize, procedure: &Procedure, slots: &Slots, random: &mut Random) {
        let title = fill(procedure.title.of(self.tongue), slots, random);
        self.chapter(&title);
        self.blocks.push(Block::Mark(mark::procedure(self.tongue, place)));
        let mut open: Vec<(String, String)> = procedure
            .points
            .iter()
            .map(|point| {
                let answer = fill(point.answer.of(self.tongue), slots, random);
                (answer, mark::point(self.tongue, place, &point.param))
            })
            .collect();
        // A place is named before the first text that states its value.
        let mut marks = |text: &str| -> Vec<Block> {
            let (stated, rest): (Vec<_>, Vec<_>) =
                open.drain(..).partition(|(answer, _)| text.contains(answer.as_str()));
            open = rest;
            stated.into_iter().map(|(_, name)| Block::Mark(name)).collect()
        };
        for intro in procedure.intro.of(self.tongue) {
            let text = fill(intro, slots, random);
            self.blocks.extend(marks(&text));
            self.blocks.push(Block::Paragraph(text));
        }
        for (nth, step) in procedure.steps.of(self.tongue).iter().enumerate() {
            let text = fill(step, slots, random);
            self.blocks.extend(marks(&text));
            self.blocks.push(Block::Step(nth + 1, text));
        }
        for after in procedure.after.of(self.tongue) {
            let text = fill(after, slots, random);
            self.blocks.extend(marks(&text));
            self.blocks.push(Block::Paragraph(text));
        }
    }

    fn troubles(&mut self, random: &mut Random) {
        let title = self.word("troubles", random);
        self.chapter(&title);
        let platform = &self.world.series[self.manual.series].platform;
        let rows = platform
            .rows
            .iter()
            .map(|row| {
                let cells = vec![
                    row.signal.shown(self.kind, row.fault, self.tongue),
                    row.cause.of(self.tongue).to_owned(),
                    row.remedy.of(self.tongue).to_owned(),
                ];
                TableRow { cells, mark: Some(mark::fault(self.tongue, row.fault)) }
            })
            .collect();
        let head = vec![self.word("signal", random), self.word("cause", random), self.word("remedy", random)];
        self.blocks.push(Block::Table(Table { head, rows, widths: vec![3.0, 3.2, 5.0] }));
    }

    fn data(&mut self, random: &mut Random) {
        let title = self.word("data", random);
        self.chapter(&title);
        // The first four variants stand side by side.
        let products: Vec<&Product> =
            self.manual.products.iter().take(4).map(|product| &self.world.products[*product]).collect();
        let rows = (0..self.kind.attributes.len())
            .filter(|attribute| self.kind.attributes[*attribute].id != "colour")
            .filter(|attribute| products.iter().any(|product| product.values[*attribute].is_some()))
            .map(|attribute| {
                let spec = &self.kind.attributes[attribute];
                let values = products.iter().map(|product| {
                    product.values[attribute].map_or("–".to_owned(), |value| spec.shown(value, self.tongue))
                });
                let cells = std::iter::once(spec.label(self.tongue).to_owned()).chain(values).collect();
                TableRow { cells, mark: Some(mark::attribute(self.tongue, attribute)) }
            })
            .collect();
        let feature = self.word("feature", random);
        let head =
            std::iter::once(feature).chain(products.iter().map(|product| product.model.clone())).collect();
        let widths = std::iter::once(3.0).chain(products.iter().map(|_| 2.0)).collect();
        self.blocks.push(Block::Table(Table { head, rows, widths }));
    }

    fn settings(&mut self, random: &mut Random) {
        let title = self.word("settings", random);
        self.chapter(&title);
        let slots = self.slots();
        let rows = self
            .frame
            .settings
            .iter()
            .map(|setting| {
                let range = setting.range.of(self.tongue);
                let options: Vec<&str> = range.split(", ").collect();
                let default = (*random.pick(&options)).to_owned();
                let effect = fill(setting.effect.of(self.tongue), &slots, random);
                let cells = vec![setting.name.of(self.tongue).to_owned(), range.to_owned(), default, effect];
                TableRow { cells, mark: None }
            })
            .collect();
        let head = ["setting", "range", "default", "meaning"].map(|name| self.word(name, random)).to_vec();
        self.blocks.push(Block::Table(Table { head, rows, widths: vec![3.0, 4.0, 2.4, 6.0] }));
    }

    fn parts(&mut self, random: &mut Random) {
        let title = self.word("parts", random);
        self.chapter(&title);
        let parts = self.frame.domain(self.kind.domain).parts.of(self.tongue);
        let count = random.between(120, 780) as usize;
        let rows = (0..count)
            .map(|nth| {
                let part = random.pick::<String>(parts);
                let cells = vec![
                    format!("{}{:02}", char::from(b'A' + (nth / 40) as u8), nth % 40 + 1),
                    part.clone(),
                    format!("ET-{}", 40_000 + self.manual.series * 1_000 % 400_000 + nth),
                ];
                TableRow { cells, mark: None }
            })
            .collect();
        let head = ["position", "part", "number"].map(|name| self.word(name, random)).to_vec();
        self.blocks.push(Block::Table(Table { head, rows, widths: vec![1.2, 5.0, 2.5] }));
    }

    fn closing(&mut self, random: &mut Random) {
        let care = self.word("care", random);
        self.chapter(&care);
        self.paragraphs(&self.frame.closing.care, random);
        let service = self.word("service", random);
        self.blocks.push(Block::Heading(2, service));
        self.paragraphs(&self.frame.closing.service, random);
    }
}

/// Slots of a procedure: its parameters and the two keys.
pub(crate) fn procedure_slots(
    kind: &Kind,
    platform: &Platform,
    params: &BTreeMap<String, i64>,
    tongue: Tongue,
    mut slots: Slots,
) -> Slots {
    for (name, value) in params {
        slots.set(name, value.to_string());
    }
    let third = (0..kind.keys.len()).find(|key| *key != platform.keys.0 && *key != platform.keys.1);
    for (name, key) in [("key1", Some(platform.keys.0)), ("key2", Some(platform.keys.1)), ("key3", third)] {
        let Some(key) = key.and_then(|key| kind.keys.get(key)) else { continue };
        match Noun::parse(&key.de).filter(|_| tongue == Tongue::German) {
            Some(noun) => slots = slots.noun(name, noun),
            None => slots.set(name, key.en.clone()),
        }
    }
    slots
}
