//! Models from a hub that speaks Hugging Face's form (<https://huggingface.co/docs/hub/api>): what is in a repository, and its files.
//!
//! A model is fetched at one commit, file by file, each gone on with where it broke off, and judged by its SHA-256: that which this program
//! states for the models that it knows, else the one that the hub states. Only when all is there does the folder get its name. No network is
//! ever needed afterwards. Everything here blocks.

mod fetch;
mod known;
mod wanted;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use auskunft_boot::settings::HubSettings;
use reqwest::StatusCode;
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde::{Deserialize, Serialize};

use crate::Engine;

pub use known::{KNOWN, Known};
pub use wanted::{OnnxModel, Wanted, onnx_models};

/// What is kept of where a folder came from.
const ORIGIN: &str = "origin.json";
/// How long a hub may take to begin an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The hub says nothing that could be used.
    #[error(
        "{place}: {detail}; see whether HF_ENDPOINT is right and the hub can be reached, or fetch the folder elsewhere and name it by AUSKUNFT_MODEL_DIR"
    )]
    Unreachable {
        /// What was asked for.
        place: String,
        /// What happened.
        detail: String,
    },
    /// There is no such model, or it is for members.
    #[error(
        "{place}: {status}; correct the name (like sentence-transformers/all-MiniLM-L6-v2, behind @ a revision), or set HF_TOKEN where the model wants one"
    )]
    Refused {
        /// What was asked for.
        place: String,
        /// The hub's answer.
        status: StatusCode,
    },
    /// It is no model that can be read.
    #[error(
        "the model {name} has no {file}, which the {} embedder needs; choose another one, or another revision", engine.as_str()
    )]
    Lacks {
        /// The model.
        name: String,
        /// What is missing.
        file: String,
        /// Who needs it.
        engine: Engine,
    },
    /// A file is not what it should be.
    #[error(
        "{file} of {name} has SHA-256 {found}, {wanted} is wanted: it was changed on the way or at the hub, and was thrown away; try again, or another HF_ENDPOINT"
    )]
    Changed {
        /// The model.
        name: String,
        /// The file.
        file: String,
        /// What was fetched.
        found: String,
        /// What should have been.
        wanted: String,
    },
    /// The disk.
    #[error("{}: {source}; see to the disk's room and rights, and run it again: it goes on where it was", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its path in the model.
    pub path: String,
    /// Its size, in bytes.
    pub bytes: u64,
    /// What it must be, 64 hexadecimal digits; small files of models that this program does not know have none before they were fetched.
    pub sha256: Option<String>,
}

/// A model at one commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// `owner/name`.
    pub name: String,
    /// The commit.
    pub revision: String,
    /// Its licence, as the hub states it.
    pub licence: Option<String>,
    /// What is fetched of it.
    pub files: Vec<File>,
}

/// A hub.
pub struct Hub {
    client: Client,
    settings: HubSettings,
}

#[derive(Deserialize)]
struct Told {
    sha: String,
    #[serde(default)]
    siblings: Vec<Sibling>,
    #[serde(default, rename = "cardData")]
    card: Option<Card>,
}

#[derive(Deserialize)]
struct Card {
    license: Option<String>,
}

#[derive(Deserialize)]
struct Sibling {
    rfilename: String,
    size: Option<u64>,
    lfs: Option<Large>,
}

#[derive(Deserialize)]
struct Large {
    sha256: String,
}

impl Hub {
    /// A hub by the settings; asks nothing yet.
    pub fn new(settings: &HubSettings) -> Result<Self, HubError> {
        // Whoever was first in this process has chosen the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().connect_timeout(PATIENCE).timeout(None).build();
        let unusable = |error: reqwest::Error| HubError::Unreachable {
            place: settings.endpoint.clone(),
            detail: error.to_string(),
        };
        Ok(Self { client: client.map_err(unusable)?, settings: settings.clone() })
    }

    /// What is fetched of a model; `revision` is a commit, tag or branch (`main`). Models that are known are taken at the commit that is stated
    /// here, unless a revision is.
    pub fn model(&self, wanted: &Wanted, revision: Option<&str>) -> Result<Model, HubError> {
        let known = KNOWN.iter().find(|known| known.repository == wanted.repository());
        let pinned = known.filter(|known| revision.is_none_or(|revision| revision == known.revision));
        let revision = pinned.map_or(revision.unwrap_or("main"), |known| known.revision);
        let told = self.told(wanted.repository(), revision)?;
        let there: Vec<&str> = told.siblings.iter().map(|sibling| sibling.rfilename.as_str()).collect();
        let mut files = Vec::new();
        for path in wanted.files(&there)? {
            let Some(found) = told.siblings.iter().find(|sibling| sibling.rfilename == path) else {
                continue;
            };
            let pin = pinned.and_then(|known| known.sha256_of(&path)).map(str::to_owned);
            let sha256 = pin.or_else(|| found.lfs.as_ref().map(|large| large.sha256.clone()));
            files.push(File { path, bytes: found.size.unwrap_or(0), sha256 });
        }
        let licence = told.card.and_then(|card| card.license);
        Ok(Model { name: wanted.repository().to_owned(), revision: told.sha, licence, files })
    }

    fn told(&self, repository: &str, revision: &str) -> Result<Told, HubError> {
        let place =
            format!("{}/api/models/{repository}/revision/{revision}?blobs=true", self.settings.endpoint);
        let answer = self.asked(&place, self.client.get(&place).timeout(PATIENCE))?;
        answer.json().map_err(|error| HubError::Unreachable {
            place: place.clone(),
            detail: format!("it is no description of a model: {error}"),
        })
    }

    /// Fetches a model into `folder`, which is there afterwards and whole; what is there of this commit already is not fetched again. `progress` is told
    /// the bytes that are there, of how many.
    pub fn pull(
        &self,
        model: &Model,
        folder: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), HubError> {
        if origin(folder).is_some_and(|there| there.name == model.name && there.revision == model.revision) {
            return Ok(());
        }
        let begun = beside(folder, &model.revision);
        let all: u64 = model.files.iter().map(|file| file.bytes).sum();
        let mut done = 0;
        let mut fetched = model.clone();
        for file in &mut fetched.files {
            let before = done;
            let sha256 = fetch::file(self, model, file, &begun, &mut |bytes| progress(before + bytes, all))?;
            done += file.bytes;
            file.sha256 = Some(sha256);
        }
        let disk = |source| HubError::Disk { path: folder.to_owned(), source };
        let text = serde_json::to_vec_pretty(&fetched).map_err(|error| disk(error.into()))?;
        fs::write(begun.join(ORIGIN), text).map_err(disk)?;
        if folder.exists() {
            let old = beside(folder, "old");
            let _ = fs::remove_dir_all(&old);
            fs::rename(folder, &old).map_err(disk)?;
            fs::rename(&begun, folder).map_err(disk)?;
            return fs::remove_dir_all(&old).map_err(disk);
        }
        fs::rename(&begun, folder).map_err(disk)
    }

    fn asked(&self, place: &str, request: RequestBuilder) -> Result<Response, HubError> {
        let request = match &self.settings.token {
            Some(token) => request.bearer_auth(token.reveal()),
            None => request,
        };
        let unreachable = |error: reqwest::Error| HubError::Unreachable {
            place: place.to_owned(),
            detail: error.without_url().to_string(),
        };
        let response = request.send().map_err(unreachable)?;
        let status = response.status();
        if status.is_client_error() {
            return Err(HubError::Refused { place: place.to_owned(), status });
        }
        if !status.is_success() {
            return Err(HubError::Unreachable { place: place.to_owned(), detail: status.to_string() });
        }
        Ok(response)
    }
}

/// Where a folder came from; `None` when it was not fetched here, or not wholly.
pub fn origin(folder: &Path) -> Option<Model> {
    serde_json::from_slice(&fs::read(folder.join(ORIGIN)).ok()?).ok()
}

/// The name of a model's folder in the cache: the last part of its name, in lower case.
pub fn folder_name(model: &str) -> String {
    model.rsplit('/').next().unwrap_or(model).to_lowercase()
}

/// Where models of the cache folder lie.
pub fn home(cache_dir: &Path) -> PathBuf {
    cache_dir.join("models")
}

/// Folders of the cache that hold a model, by name.
pub fn installed(cache_dir: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(home(cache_dir)).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = folders.filter(|folder| is_model(folder)).collect();
    found.sort();
    found
}

/// Whether a folder holds a model. What is fetched lies in a hidden folder until it is whole.
pub fn is_model(folder: &Path) -> bool {
    let is_hidden = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    !is_hidden && folder.join("config.json").is_file()
}

/// A hidden neighbour of a folder.
fn beside(folder: &Path, word: &str) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    folder.with_file_name(format!(".{name}.{word}"))
}
