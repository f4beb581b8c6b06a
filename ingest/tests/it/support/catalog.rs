//! Catalogs that tests start from.

use std::path::Path;

use super::{Home, copy, fixture};

/// The small shop without most of its manuals: every kind of source, and a run takes a second or two.
pub(crate) fn shop(home: &Home) {
    for part in ["products", "faqs", "policies", "dialogs", "tickets", "shop.toml", "manuals/manuals.csv"] {
        copy(&fixture("small").join(part), &home.catalog().join(part));
    }
    for manual in ["brunnwald-km-2600.pdf", "kehrwerk-ak-520.pdf"] {
        let path = format!("manuals/{manual}");
        copy(&fixture("small").join(&path), &home.catalog().join(&path));
    }
}

/// As many questions as asked for, in files of ten, with which a run publishes many batches.
pub(crate) fn questions(home: &Home, files: usize) {
    for file in 0..files {
        let lines: Vec<String> = (0..10).map(|line| question(&format!("q{file}-{line}"))).collect();
        home.write(&format!("faqs/extra/{file:03}.jsonl"), lines.join("\n"));
    }
}

/// A line of a FAQ.
pub(crate) fn question(id: &str) -> String {
    format!(
        r#"{{"id": "{id}", "question": "Was bedeutet die Anzeige {id} am Gerät?", "answer": "Die Anzeige {id} erinnert an die Reinigung. Drücken Sie die Taste {id} drei Sekunden lang, bis das Licht erlischt."}}"#
    )
}

/// All files of the catalog, relative, in order.
pub(crate) fn files(home: &Home) -> Vec<String> {
    let mut files = Vec::new();
    list(&home.catalog(), &home.catalog(), &mut files);
    files.sort();
    files
}

fn list(root: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(root, &path, files);
        } else {
            files.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}
