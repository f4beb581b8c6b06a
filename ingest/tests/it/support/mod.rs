//! A shop's catalog and a data folder of its own for every test, and the program run over them.

pub(crate) mod catalog;
pub(crate) mod pdf;
pub(crate) mod random;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Nothing that a test starts takes longer, unless it hangs.
pub(crate) const DEADLINE: Duration = Duration::from_secs(120);

/// A folder of one test: `catalog/`, any number of data folders, and the program's temporary files.
pub(crate) struct Home {
    folder: TempDir,
}

/// How a program ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    /// With an empty catalog.
    pub(crate) fn new() -> Self {
        let home = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir_all(home.catalog()).unwrap();
        std::fs::create_dir_all(home.path("tmp")).unwrap();
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn catalog(&self) -> PathBuf {
        self.path("catalog")
    }

    /// Writes a file of the catalog.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.catalog().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.catalog().join(path)).unwrap();
    }

    /// The program on the data folder `data`, with the hashed embedder and the built-in PDF engine, whatever the machine has.
    pub(crate) fn command(&self, data: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ingest"));
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            let is_server = name.ends_with("_URL") || name.ends_with("_URL_FILE");
            if name.starts_with("AUSKUNFT_") || name == "RUST_LOG" || is_server {
                command.env_remove(name);
            }
        }
        command
            .current_dir(self.folder.path())
            .env("TMPDIR", self.path("tmp"))
            .env("AUSKUNFT_DATA_DIR", self.path(data))
            .env("AUSKUNFT_EMBEDDER", "hashed")
            .env("AUSKUNFT_PDFIUM", "/nonexistent/libpdfium.so")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program with these arguments to its end.
    pub(crate) fn call(&self, data: &str, arguments: &[&str]) -> Ran {
        let mut command = self.command(data);
        run(command.args(arguments))
    }

    /// `ingest catalog/ --json` with further arguments.
    pub(crate) fn ingest(&self, data: &str, arguments: &[&str]) -> Ran {
        let mut command = self.command(data);
        run(command.arg(self.catalog()).arg("--json").args(arguments))
    }

    /// A run that must succeed; its report.
    pub(crate) fn report(&self, data: &str, arguments: &[&str]) -> Value {
        let ran = self.ingest(data, arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.json()
    }

    /// `ingest status --json`.
    pub(crate) fn status(&self, data: &str) -> Value {
        let ran = self.call(data, &["status", "--json"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.json()
    }

    pub(crate) fn digest(&self, data: &str) -> String {
        self.status(data)["digest"].as_str().unwrap().to_owned()
    }

    /// The digest of a clean run over the catalog as it is now, in a data folder of its own.
    pub(crate) fn clean_digest(&self) -> String {
        let data = "clean";
        let _absent = std::fs::remove_dir_all(self.path(data));
        let ran = self.ingest(data, &[]);
        assert!(matches!(ran.code, 0 | 10), "{ran:?}");
        self.digest(data)
    }

    /// `ingest verify` finds nothing.
    pub(crate) fn assert_verified(&self, data: &str) {
        let ran = self.call(data, &["verify", "--json"]);
        assert_eq!((ran.code, ran.json()["ok"].as_bool()), (0, Some(true)), "{ran:?}");
    }
}

impl Ran {
    /// The one JSON object that stdout must hold, and nothing else.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Asserts the exit code and that the complaint holds these words.
    pub(crate) fn assert_refused(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{self:?}");
        assert_eq!(self.stdout, "", "a refused run has no report");
        for word in words {
            assert!(self.stderr.contains(word), "`{word}` is not named: {self:?}");
        }
    }

    /// The failures of the report as (source, reason, detail).
    pub(crate) fn failures(&self) -> Vec<(String, String, String)> {
        let report = self.json();
        let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
        let failures = report["failures"].as_array().unwrap();
        failures.iter().map(|one| (text(one, "source"), text(one, "reason"), text(one, "detail"))).collect()
    }

    /// Asserts that a failure of this source has this reason, and that its detail holds these words.
    pub(crate) fn assert_failure(&self, source: &str, reason: &str, words: &[&str]) {
        let failures = self.failures();
        let is_it = |one: &&(String, String, String)| {
            one.0 == source && one.1 == reason && words.iter().all(|word| one.2.contains(word))
        };
        assert!(failures.iter().any(|one| is_it(&one)), "no {source} [{reason}] {words:?} in {failures:#?}");
    }
}

/// Runs a command to its end; one that hangs is killed and fails the test.
pub(crate) fn run(command: &mut Command) -> Ran {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (stdout, stderr) = (drain(child.stdout.take().unwrap()), drain(child.stderr.take().unwrap()));
    let status = wait(&mut child);
    let (stdout, stderr) = (stdout.join().unwrap(), stderr.join().unwrap());
    let status = status.unwrap_or_else(|| panic!("{command:?} hangs; it said: {stderr}"));
    ran(Output { status, stdout: stdout.into_bytes(), stderr: stderr.into_bytes() })
}

fn ran(output: Output) -> Ran {
    use std::os::unix::process::ExitStatusExt;
    let code = output.status.code().unwrap_or_else(|| -output.status.signal().unwrap_or(0));
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { code, stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn drain(mut pipe: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).unwrap();
        text
    })
}

/// Waits for a child; `None` (and no child) when it does not end in time.
pub(crate) fn wait(child: &mut Child) -> Option<std::process::ExitStatus> {
    let began = Instant::now();
    while began.elapsed() < DEADLINE {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

/// A file of the repository's fixtures.
pub(crate) fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalog-fixtures").join(path)
}

/// Copies a folder or file.
pub(crate) fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(from, to).unwrap();
    }
}

/// The library where it is installed; tests of it say that it is missing, or fail where assets are required.
pub(crate) fn pdfium() -> Option<PathBuf> {
    let cache = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/auskunft"));
    let cache = std::env::var_os("AUSKUNFT_CACHE_DIR").map(PathBuf::from).or_else(cache);
    let named = std::env::var_os("AUSKUNFT_PDFIUM").map(PathBuf::from);
    let library = named.or_else(|| Some(cache?.join("pdfium/libpdfium.so"))).filter(|path| path.is_file());
    if library.is_none() {
        let required = std::env::var_os("AUSKUNFT_REQUIRE_ASSETS").is_some_and(|value| value == "1");
        assert!(!required, "libpdfium is required and missing; run scripts/fetch-assets.py");
        eprintln!("skipped: libpdfium is missing; run scripts/fetch-assets.py");
    }
    library
}

/// ONNX Runtime where it is installed; a test of it says that it is missing, or fails where assets are required.
#[cfg(feature = "fastembed")]
pub(crate) fn onnxruntime() -> Option<PathBuf> {
    let cache = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/auskunft"));
    let cache = std::env::var_os("AUSKUNFT_CACHE_DIR").map(PathBuf::from).or_else(cache);
    let named = std::env::var_os("AUSKUNFT_ONNXRUNTIME").map(PathBuf::from);
    let usual = || Some(cache?.join("onnxruntime/libonnxruntime.so"));
    let library = named.or_else(usual).filter(|path| path.is_file());
    if library.is_none() {
        let required = std::env::var_os("AUSKUNFT_REQUIRE_ASSETS").is_some_and(|value| value == "1");
        assert!(!required, "ONNX Runtime is required and missing; run scripts/fetch-assets.py");
        eprintln!("skipped: ONNX Runtime is missing; run scripts/fetch-assets.py");
    }
    library
}

/// The model where it is installed; a test of it says that it is missing, or fails where assets are required.
pub(crate) fn model() -> Option<PathBuf> {
    let cache = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/auskunft"));
    let cache = std::env::var_os("AUSKUNFT_CACHE_DIR").map(PathBuf::from).or_else(cache)?;
    let models = std::fs::read_dir(cache.join("models")).into_iter().flatten().flatten();
    let model = models.map(|entry| entry.path()).find(|path| path.join("model.safetensors").is_file());
    if model.is_none() {
        let required = std::env::var_os("AUSKUNFT_REQUIRE_ASSETS").is_some_and(|value| value == "1");
        assert!(!required, "the model is required and missing; run scripts/fetch-assets.py");
        eprintln!("skipped: the model is missing; run scripts/fetch-assets.py");
    }
    model
}
