//! `ingest model`: which models there are, fetching one, and where it lies.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::anyhow;
use auskunft_boot::{Code, Settings};
use auskunft_embed::hub::{self, Hub, KNOWN, Model, Wanted};
use auskunft_embed::{EmbedderSettings, Engine};
use serde_json::{Value, json};

use crate::args::ModelCommand;
use crate::opening::Refusal;
use crate::printer;
use crate::run::progress::say;

/// How often a line of progress is written.
const INTERVAL: Duration = Duration::from_secs(2);

/// Does one of its commands.
pub async fn model(command: ModelCommand, json: bool, settings: &Settings) -> anyhow::Result<Code> {
    match command {
        ModelCommand::List => list(json, settings),
        ModelCommand::Path { name } => path(name.as_deref(), json, settings),
        ModelCommand::Pull { name, quiet } => {
            let settings = settings.clone();
            // It waits for hub and disk all the time.
            tokio::task::spawn_blocking(move || pull(&name, quiet, json, &settings)).await?
        }
    }
}

/// Models of the cache folder.
fn home(settings: &Settings) -> PathBuf {
    hub::home(&settings.cache_dir)
}

/// Whose models these are: of all embedders that read folders, fastembed has another form.
fn engine(settings: &Settings) -> Engine {
    settings.embedder.map(Engine::from).filter(|engine| engine.reads_folder()).unwrap_or(Engine::Native)
}

fn list(json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let known: Vec<Value> = KNOWN
        .iter()
        .map(|known| {
            json!({
                "name": known.name, "repository": known.repository, "revision": known.revision, "licence": known.licence,
                "about": known.about, "dimensions": known.dimensions, "megabytes": known.megabytes,
                "folder": Some(home(settings).join(known.name)).filter(|folder| folder.is_dir()),
            })
        })
        .collect();
    let installed = hub::installed(&settings.cache_dir);
    let onnx = hub::onnx_models();
    if json {
        let fastembed: Vec<Value> = onnx
            .iter()
            .map(|model| {
                json!({
                    "name": model.name, "repository": model.repository, "about": model.about, "dimensions": model.dimensions,
                })
            })
            .collect();
        printer::print_json(&json!({
            "known": known, "fastembed": fastembed, "installed": installed, "used": settings.model_dir,
        }))?;
        return Ok(Code::Ok);
    }
    let mut lines = vec!["known:".to_owned()];
    lines.extend(KNOWN.iter().map(|known| {
        format!(
            "  {}  {}, {} numbers, {} MB, {}: {}",
            known.name, known.repository, known.dimensions, known.megabytes, known.licence, known.about
        )
    }));
    if engine(settings) == Engine::Fastembed {
        lines.push("known to fastembed:".to_owned());
        lines.extend(onnx.iter().map(|model| {
            format!("  {}  {}, {} numbers: {}", model.name, model.repository, model.dimensions, model.about)
        }));
    }
    lines.push(format!("installed in {}:", home(settings).display()));
    lines.extend(installed.iter().map(|folder| format!("  {}", folder.display())));
    lines.push(match &settings.model_dir {
        Some(folder) => format!("used: {}", folder.display()),
        None => "used: none; `ingest model pull NAME` fetches one".to_owned(),
    });
    printer::print(&lines.join("\n"));
    Ok(Code::Ok)
}

fn path(name: Option<&str>, json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let folder = match name {
        Some(name) => {
            let wanted = Wanted::of(engine(settings), name)?;
            let places = [wanted.folder_name(), hub::folder_name(name)].map(|name| home(settings).join(name));
            places.into_iter().find(|folder| hub::is_model(folder))
        }
        None => settings.model_dir.clone(),
    };
    let Some(folder) = folder else {
        let what = name.map_or("no model is installed".to_owned(), |name| {
            format!("the model `{name}` is not installed")
        });
        let message = format!("{what} in {}; `ingest model pull NAME` fetches one", home(settings).display());
        return Err(anyhow!(Refusal::NotConfigured(message)));
    };
    if json {
        printer::print_json(&json!({ "folder": folder }))?
    } else {
        printer::print(&folder.display().to_string())
    }
    Ok(Code::Ok)
}

fn pull(name: &str, quiet: bool, json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let (name, revision) =
        name.split_once('@').map_or((name, None), |(name, revision)| (name, Some(revision)));
    let engine = engine(settings);
    let wanted = Wanted::of(engine, name)?;
    let hub = Hub::new(&settings.hub)?;
    let model = hub.model(&wanted, revision)?;
    let folder = home(settings).join(wanted.folder_name());
    if !quiet {
        let licence = model.licence.as_deref().unwrap_or("not stated: read its README before you use it");
        say(&format!("{} at {}, licence: {licence}", model.name, model.revision));
    }
    fetch(&hub, &model, &folder, quiet)?;
    let opened = EmbedderSettings { engine, ..EmbedderSettings::native(&folder, 1) };
    let onnxruntime = settings.onnxruntime.clone();
    let embedder = auskunft_embed::open(&EmbedderSettings { onnxruntime, ..opened })?;
    let told = json!({
        "name": model.name, "revision": model.revision, "licence": model.licence, "folder": folder,
        "space": embedder.space(), "dimensions": embedder.dimensions(), "max_tokens": embedder.max_tokens(),
    });
    if json {
        printer::print_json(&told)?;
    } else {
        let space = embedder.space();
        printer::print(&format!(
            "{}\nspace {space}; set AUSKUNFT_MODEL_DIR to this folder for both programs",
            folder.display()
        ));
    }
    Ok(Code::Ok)
}

fn fetch(hub: &Hub, model: &Model, folder: &Path, quiet: bool) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder.parent().unwrap_or(folder))?;
    let mut shown = Instant::now();
    let mut progress = |done: u64, all: u64| {
        if !quiet && shown.elapsed() >= INTERVAL {
            shown = Instant::now();
            say(&format!("{} of {} MB", done / 1_000_000, all / 1_000_000));
        }
    };
    Ok(hub.pull(model, folder, &mut progress)?)
}
