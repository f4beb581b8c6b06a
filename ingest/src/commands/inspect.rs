//! `ingest inspect FILE`: what is understood of one file, for people, programs and the browser. Opens no store.

mod html;
mod plain;
mod target;
mod view;

use std::path::Path;
use std::time::Instant;

use anyhow::Context;
use auskunft_boot::{Code, Settings};
use auskunft_embed::Embedder;
use auskunft_model::Outcome;

use crate::args::InspectArgs;
use crate::pdf::{Drawing, PdfPool, PdfReading, PdfSettings};
use crate::run::inputs::Inputs;
use crate::run::read::{ReadSource, Reader};
use crate::{opening, printer};

use target::{Looked, Target};
use view::View;

/// Width of a page's picture in pixels.
const PICTURE_WIDTH: u32 = 1_000;

/// Reads the file and prints what was understood; exit 10 when nothing was.
pub async fn inspect(args: InspectArgs, json: bool, settings: Settings) -> anyhow::Result<Code> {
    tokio::task::spawn_blocking(move || look(&args, json, &settings)).await?
}

fn look(args: &InspectArgs, json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let began = Instant::now();
    let target = target::find(args)?;
    if let Some(out) = &args.html {
        check_other_file(out, &target)?;
    }
    let embedder = opening::wanted_embedder(settings, None)?;
    let pdfs = PdfPool::new(PdfSettings::of(settings, 1));
    let (read, reading) = read(&target, embedder.as_ref(), &pdfs);
    let mut view = View::of(&target, &read, reading.as_ref());
    if target.is_pdf() {
        view.notes.extend(pdfs.engine_note());
    }
    if let Some(out) = &args.html {
        write_page(args, out, &target, &mut view, reading.as_ref(), &pdfs)?;
    }
    view.finish(began.elapsed());
    if json {
        printer::print_json(&view)?;
    } else {
        printer::print(&plain::text(&view, args));
    }
    Ok(if view.outcome == Outcome::Failed { Code::SomeFailed } else { Code::Ok })
}

/// The page for the browser must not replace what it is about.
fn check_other_file(out: &Path, target: &Target) -> anyhow::Result<()> {
    // A file that is not there yet is another one.
    let is_same = std::fs::canonicalize(out).is_ok_and(|out| out == target.absolute);
    if is_same {
        let message = format!("--html would overwrite `{}` itself; name another file", out.display());
        return Err(anyhow::anyhow!(opening::Refusal::Usage(message)));
    }
    Ok(())
}

fn read(target: &Target, embedder: &dyn Embedder, pdfs: &PdfPool) -> (ReadSource, Option<PdfReading>) {
    let inputs = Inputs { catalog: &target.catalog, pdfs };
    let reader = Reader { inputs, embedder };
    match &target.looked {
        Looked::Source(found) => reader.read_with_pages(found),
        Looked::Unreadable(found, failure) => {
            (crate::run::read::failed(inputs, found, failure.clone()), None)
        }
        Looked::Skipped(found, failure) => (crate::run::read::skipped(inputs, found, failure.clone()), None),
    }
}

fn write_page(
    args: &InspectArgs,
    out: &Path,
    target: &Target,
    view: &mut View,
    reading: Option<&PdfReading>,
    pdfs: &PdfPool,
) -> anyhow::Result<()> {
    let drawing = match reading {
        Some(_) => pdfs.draw(&target.absolute, args.pages.clone(), PICTURE_WIDTH),
        None => Drawing::default(),
    };
    if let Some(missing) = &drawing.missing {
        view.notes.push(format!("pictures of pages are missing: {}", missing.detail));
    }
    let pages = reading.map(|reading| html::Pages::of(&reading.reading, drawing, &args.pages));
    let page = html::page(view, pages.as_ref());
    std::fs::write(out, page).with_context(|| format!("can't write the page to `{}`", out.display()))?;
    view.notes.push(format!("page for the browser: {}", out.display()));
    Ok(())
}
