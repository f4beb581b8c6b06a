//! The pool against workers that misbehave; shell scripts play them.

use std::time::Duration;

use auskunft_extract::pdf::{Page, PageMessage, PdfFacts, Span};

use super::super::Answer;
use super::*;

fn page(number: u32) -> Page {
    let span = Span {
        text: "Text".to_owned(),
        left: 0.0,
        top: 0.0,
        right: 20.0,
        bottom: 10.0,
        size: 10.0,
        bold: false,
        turned: false,
    };
    Page { number, width: 600.0, height: 800.0, spans: vec![span], raw_letters: 4, image_cover: 0.0 }
}

/// Shell commands that print these answers.
fn say(answers: &[Answer]) -> String {
    let line = |answer: &Answer| format!("printf '%s\\n' '{}'\n", serde_json::to_string(answer).unwrap());
    answers.iter().map(line).collect()
}

fn start(page_count: u32) -> Answer {
    Answer::Read(PageMessage::Start { page_count })
}

fn whole_file() -> String {
    let facts = PdfFacts { page_count: 2, ..PdfFacts::default() };
    let pages = [1, 2].map(|number| Answer::Read(PageMessage::Page(page(number))));
    let [one, two] = pages;
    say(&[start(2), one, two, Answer::Read(PageMessage::Facts(facts)), Answer::End(None)])
}

/// A worker that behaves as the name of the file in its job says.
fn script() -> String {
    let two_of_three =
        say(&[start(3), Answer::Read(PageMessage::Page(page(1))), Answer::Read(PageMessage::Page(page(2)))]);
    let refusal = Failure::new(Reason::Encrypted, "the file needs a password");
    let garbage = format!("printf 'not json\\n'\n{}", whole_file());
    format!(
        "read job\ncase \"$job\" in\n\
         *good*) {good} ;;\n\
         *crash*) {two_of_three} kill -SEGV $$ ;;\n\
         *picky*pdfium*) kill -SEGV $$ ;;\n\
         *picky*) {good} ;;\n\
         *facts*) {start_all} kill -SEGV $$ ;;\n\
         *hang*) exec tail -f /dev/null ;;\n\
         *flood*) exec yes '{{}}' ;;\n\
         *locked*) {refusal} ;;\n\
         *chatty*) {garbage} ;;\n\
         *bomb*) echo 'memory allocation of 8 bytes failed' >&2; kill -ABRT $$ ;;\n\
         *spin*) kill -XCPU $$ ;;\n\
         *curse*) printf 'a\\000b\\033[31mc\\n' >&2; kill -SEGV $$ ;;\n\
         esac",
        good = whole_file(),
        start_all = say(&[start(1), Answer::Read(PageMessage::Page(page(1)))]),
        refusal = say(&[Answer::End(Some(refusal))]),
    )
}

fn settings() -> PdfSettings {
    PdfSettings {
        workers: 2,
        program: Some((PathBuf::from("/bin/sh"), vec!["-c".to_owned(), script()])),
        max_output_bytes: 1 << 20,
        ..PdfSettings::default()
    }
}

/// A file of this name, which the scripts never open.
fn file(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, b"%PDF-1.7").unwrap();
    path
}

fn read(settings: PdfSettings, name: &str) -> Result<PdfReading, Failure> {
    let folder = tempfile::tempdir().unwrap();
    PdfPool::new(settings).read(&file(&folder, name))
}

fn reason(settings: PdfSettings, name: &str) -> Reason {
    read(settings, name).unwrap_err().reason
}

#[test]
fn a_worker_that_behaves_gives_all_pages() {
    let read = read(settings(), "good").unwrap();
    assert_eq!(read.reading.pages.len(), 2);
    assert_eq!(read.reading.cut, None);
    assert_eq!(read.engine, "docling");
}

#[test]
fn pages_before_a_crash_are_kept() {
    let read = read(settings(), "crash").unwrap();
    assert_eq!(read.reading.pages.len(), 2);
    assert_eq!(read.reading.facts.page_count, 3);
    assert_eq!(read.reading.cut.unwrap().reason, Reason::Crashed);
}

#[test]
fn a_crash_after_the_last_page_loses_nothing() {
    let read = read(settings(), "facts").unwrap();
    assert_eq!((read.reading.pages.len(), read.reading.cut), (1, None));
}

#[test]
fn a_worker_that_hangs_is_ended() {
    let short = PdfSettings { cpu: Duration::from_millis(100), cpu_per_page: Duration::ZERO, ..settings() };
    assert_eq!(reason(short, "hang"), Reason::LimitExceeded);
}

#[test]
fn a_worker_that_floods_is_ended() {
    assert_eq!(reason(settings(), "flood"), Reason::LimitExceeded);
}

#[test]
fn a_worker_ended_by_its_own_limits_says_so() {
    let failure = read(settings(), "bomb").unwrap_err();
    assert_eq!(failure.reason, Reason::LimitExceeded);
    assert!(failure.detail.contains("memory"), "{failure}");
    assert!(read(settings(), "spin").unwrap_err().detail.contains("CPU"));
}

#[test]
fn last_words_are_told_without_control_characters() {
    let failure = read(settings(), "curse").unwrap_err();
    assert!(failure.detail.ends_with(": ab[31mc"), "{failure}");
}

#[test]
fn chatter_of_a_library_is_passed_over() {
    assert_eq!(read(settings(), "chatty").unwrap().reading.pages.len(), 2);
}

#[test]
fn a_crash_of_the_first_engine_is_made_good_by_the_second() {
    let both = PdfSettings { pdfium: Some(PathBuf::from("/bin/sh")), ..settings() };
    let read = read(both.clone(), "picky").unwrap();
    assert_eq!((read.engine, read.reading.pages.len(), read.reading.cut), ("docling", 2, None));
    assert_eq!(reason(both, "locked"), Reason::Encrypted);
}

#[test]
fn one_bad_file_costs_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let pool = PdfPool::new(settings());
    let names = ["good1", "crash1", "good2", "bomb1", "good3", "spin1", "good4", "flood1"];
    let results: Vec<bool> = std::thread::scope(|scope| {
        let threads: Vec<_> = names
            .iter()
            .map(|name| {
                let (pool, path) = (&pool, file(&folder, name));
                scope.spawn(move || pool.read(&path).is_ok_and(|read| read.reading.cut.is_none()))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(results, [true, false, true, false, true, false, true, false]);
    assert_eq!(*locked(&pool.free), 2, "every worker is free again");
}

#[test]
fn a_cancelled_pool_ends_its_workers() {
    let folder = tempfile::tempdir().unwrap();
    let pool = PdfPool::new(settings());
    let path = file(&folder, "hang");
    let failure = std::thread::scope(|scope| {
        let read = scope.spawn(|| pool.read(&path));
        pool.cancel();
        read.join().unwrap().unwrap_err()
    });
    assert_eq!(failure.reason, Reason::Crashed);
    assert!(pool.workers.is_empty());
}

#[test]
fn a_file_above_the_limit_is_not_opened() {
    let small = PdfSettings { max_file_bytes: 4, ..settings() };
    assert_eq!(reason(small, "good"), Reason::TooLarge);
}

#[test]
fn a_missing_library_is_told_in_one_line() {
    let note = PdfPool::new(settings()).engine_note().unwrap();
    assert!(note.contains("AUSKUNFT_PDFIUM") && !note.contains('\n'), "{note}");
    let present = PdfSettings { pdfium: Some(PathBuf::from("/bin/sh")), ..settings() };
    assert_eq!(PdfPool::new(present).engine_note(), None);
}
