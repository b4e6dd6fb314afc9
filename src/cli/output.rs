//! Results on standard output or in a file that is whole or not there.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, anyhow, bail};
use verbund::disk::{self, WholeFile};
use verbund::report::Document;
use verbund::report::render::{Style, TEXT_WIDTH, screen};
use verbund::words;

use super::terminal;
use super::{Common, hints};

/// Prints a document as the flags say.
pub(super) fn print(common: &Common, document: &Document) -> anyhow::Result<()> {
    print_all(common, std::slice::from_ref(document))
}

/// Prints a document to standard output, where `--output` names something else than its file.
#[cfg(feature = "import")]
pub(super) fn print_to_screen(common: &Common, document: &Document) -> anyhow::Result<()> {
    let common = Common { output: None, ..common.clone() };
    print(&common, document)
}

/// Prints documents one after the other; as JSON, several are a list. As CSV, several are one table: each has
/// one section, with the same columns.
pub(super) fn print_all(common: &Common, documents: &[Document]) -> anyhow::Result<()> {
    let documents: Vec<Document> = documents
        .iter()
        .map(|document| document.told(|hint| words::of(hints::words(hint))))
        .collect();
    let (width, style) = page(common);
    let text = common.format.render(&documents, width, style)?;
    if common.format.is_csv() {
        return print_text(common, &text);
    }
    write(common, &text)
}

/// How wide tables for people are, and how they are set.
fn page(common: &Common) -> (usize, Style) {
    let is_on_screen = common.output.is_none() && terminal::is_screen();
    let width = if is_on_screen { terminal::width() } else { TEXT_WIDTH };
    let style = Style {
        is_bold: is_on_screen && terminal::has_styles(),
        on_columns_left_out: ": --format csv has all",
    };
    (width, style)
}

/// Prints a text that is not laid out for people, or writes it to the file of the flag; on a terminal, what
/// would act on it is written out.
pub(super) fn print_text(common: &Common, text: &str) -> anyhow::Result<()> {
    if common.output.is_none() && terminal::is_screen() {
        // CSV ends its lines so, and a carriage return is among what is written out.
        let text = text.replace("\r\n", "\n");
        return write(common, &screen::lines(&text));
    }
    write(common, text)
}

/// Writes a text as it is to the file of the flag, or to a standard output that is no screen.
#[cfg(feature = "page")]
pub(super) fn write_file(common: &Common, text: &str) -> anyhow::Result<()> {
    write(common, text)
}

/// Prints lines for people, wherever standard output leads.
pub(super) fn print_lines(text: &str) -> anyhow::Result<()> {
    write_out(&screen::lines(text))
}

fn write(common: &Common, text: &str) -> anyhow::Result<()> {
    match &common.output {
        None => write_out(text),
        Some(path) => {
            disk::write_whole(path, text).with_context(|| format!("--output {}", path.display()))
        }
    }
}

fn write_out(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    // A full disk may only show here, and must not pass for done.
    out.flush()?;
    Ok(())
}

/// A file that the run writes: the flag and its path.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) flag: &'static str,
    pub(super) path: PathBuf,
}

/// The files that this run writes.
static OUTPUTS: OnceLock<Vec<Output>> = OnceLock::new();

/// Notes which files the run writes, before it reads any: none of those that it reads may be among them.
pub(super) fn claim(outputs: Vec<Output>) {
    // There is one command line only.
    let _ = OUTPUTS.set(outputs);
}

/// Whether the run writes a file that is there already: only such a one can be read by it as well.
pub(super) fn replaces_any() -> bool {
    let outputs = OUTPUTS.get().map_or(&[][..], Vec::as_slice);
    outputs.iter().any(|output| output.path.is_file())
}

/// Refuses to replace a file that the run reads, by whatever name it is called.
pub(super) fn refuse_input(read: &Path) -> anyhow::Result<()> {
    for output in OUTPUTS.get().into_iter().flatten() {
        if disk::is_same_file(&output.path, read) {
            bail!(
                "{} {}: the run reads this file ({}); take another name",
                output.flag,
                output.path.display(),
                read.display()
            );
        }
    }
    Ok(())
}

/// Checks, before a long run, that the file could be written.
pub(super) fn check(common: &Common) -> anyhow::Result<()> {
    common.output.as_ref().map_or(Ok(()), |path| check_file("--output", path))
}

/// Checks that the file of a flag could be written.
pub(super) fn check_file(flag: &str, path: &Path) -> anyhow::Result<()> {
    WholeFile::check(path).map_err(|error| anyhow!("{flag} {}: {error}", path.display()))
}

/// Checks that another file of this run is not the one of `--output`.
pub(super) fn check_other(common: &Common, flag: &str, path: &Path) -> anyhow::Result<()> {
    if common.output.as_ref().is_some_and(|output| disk::is_same_file(output, path)) {
        bail!("{flag} and --output name the same file");
    }
    Ok(())
}

/// A remark in lines of the screen; one line where there is none, for programs that read it.
pub(super) fn fit_to_screen(remark: &str) -> String {
    if !terminal::is_screen() {
        return format!("{remark}\n");
    }
    screen::paragraph(remark, "", terminal::width())
}
