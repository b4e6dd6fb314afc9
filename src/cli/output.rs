//! Results on standard output or in a file that is whole or not there.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::{Context, anyhow, bail};
use verbund::disk::{self, WholeFile};
use verbund::model::Areas;
use verbund::report::render::{Format, Style, TEXT_WIDTH, screen};
use verbund::report::{self, Document};
use verbund::{said, words};

use super::faults::fault;
use super::terminal;
use super::{Common, hints, input, tables};

/// Prints a document as the flags say.
pub(super) fn print(common: &Common, document: &Document) -> anyhow::Result<()> {
    print_all(common, std::slice::from_ref(document))
}

/// Prints a document to standard output, where `--output` names something else than its file.
#[cfg(any(feature = "import", feature = "osm"))]
pub(super) fn print_to_screen(common: &Common, document: &Document) -> anyhow::Result<()> {
    let common = Common { output: None, ..common.clone() };
    print(&common, document)
}

/// Prints a list from which commands take keys.
pub(super) fn print_by_key(common: &Common, document: &Document) -> anyhow::Result<()> {
    print(&Common { keys: true, ..common.clone() }, document)
}

/// Prints documents one after the other; as JSON, several are a list. As CSV, several are one table: each has
/// one section, with the same columns.
pub(super) fn print_all(common: &Common, documents: &[Document]) -> anyhow::Result<()> {
    let mut told = Vec::with_capacity(documents.len());
    for document in documents {
        let document = named(common, document).told(|hint| words::of(hints::words(hint)));
        told.push(for_file(common, document)?);
    }
    write_told(common, &told)?;
    tell_left_out(common.format, &told);
    Ok(())
}

/// Writes documents in which every hint has its words.
fn write_told(common: &Common, told: &[Document]) -> anyhow::Result<()> {
    if let Some(folder) = &common.all_tables {
        return tables::write(folder, command(), common.format, told);
    }
    let (width, style) = page(common);
    if common.format.is_binary() {
        return write_file(common, &common.format.bytes(told, width, style)?);
    }
    let text = common.format.render(told, width, style)?;
    if common.format.is_csv() {
        return print_text(common, &text);
    }
    write(common, text.as_bytes())
}

/// Says which tables the format had no room for.
fn tell_left_out(format: Format, documents: &[Document]) {
    let mut keys: Vec<&str> = Vec::new();
    for section in format.leaves_out(documents) {
        if !keys.contains(&section.key) {
            keys.push(section.key);
        }
    }
    let extension = format.extension();
    let tables = keys.join(", ");
    match keys.len() {
        0 => {}
        1 => terminal::tell(&said!(
            "--format {extension} leaves out the table {tables}: its rows are no places, hospitals or cooperations",
            extension,
            tables
        )),
        count => terminal::tell(&said!(
            "--format {extension} leaves out {count} tables whose rows are no places, hospitals or cooperations: {tables}",
            extension,
            count,
            tables
        )),
    }
}

/// A document with names for people; with keys for those who ask for them.
fn named(common: &Common, document: &Document) -> Document {
    let is_for_people = matches!(common.format, Format::Table | Format::Markdown);
    if common.keys {
        document.clone().by_key()
    } else if is_for_people {
        report::named(document)
    } else {
        document.clone()
    }
}

/// A document as `--format json` prints it.
#[cfg(feature = "serve")]
pub(super) fn as_json(document: &Document) -> anyhow::Result<String> {
    let document = document.told(|hint| words::of(hints::words(hint)));
    Ok(Format::Json.render(&[document], TEXT_WIDTH, Style::default())?)
}

/// A document with what a file has and a screen has not: every row, official keys, coordinates, borders for maps.
fn for_file(common: &Common, mut document: Document) -> anyhow::Result<Document> {
    let is_for_others = common.format.is_for_others();
    if is_for_others || common.has_every_row() {
        document = document.whole();
    }
    if is_for_others || (common.has_every_row() && common.format == Format::Csv) {
        document = document.located();
    }
    if common.format == Format::GeoJson
        && let Some(areas) = areas(common)?
    {
        document = document.with_areas(&areas);
    }
    Ok(document)
}

/// The borders of the network's places; none where it has none.
fn areas(common: &Common) -> anyhow::Result<Option<Arc<Areas>>> {
    match input::folder(common)?.areas() {
        Ok(areas) => Ok(areas.map(Arc::new)),
        Err(problems) => {
            let way_out = input::way_outside(problems.list());
            bail!(fault!(
                "the borders of the network have problems\n{problems}{way_out}",
                problems,
                way_out
            ))
        }
    }
}

/// How wide tables for people are, and how they are set.
fn page(common: &Common) -> (usize, Style) {
    let is_on_screen = common.output.is_none() && terminal::is_screen();
    let width = if is_on_screen { terminal::width() } else { TEXT_WIDTH };
    let style = Style {
        is_bold: is_on_screen && terminal::has_styles(),
        on_columns_left_out: ": --format csv has all",
        has_all_columns: common.output.is_some(),
    };
    (width, style)
}

/// Prints a text that is not laid out for people, or writes it to the file of the flag; on a terminal, what
/// would act on it is written out.
pub(super) fn print_text(common: &Common, text: &str) -> anyhow::Result<()> {
    if common.output.is_none() && terminal::is_screen() {
        // CSV ends its lines so, and a carriage return is among what is written out.
        let text = text.replace("\r\n", "\n");
        return write(common, screen::lines(&text).as_bytes());
    }
    write(common, text.as_bytes())
}

/// Writes a text, or bytes, as they are to the file of the flag, or to a standard output.
pub(super) fn write_file(common: &Common, content: impl AsRef<[u8]>) -> anyhow::Result<()> {
    write(common, content.as_ref())
}

/// Prints lines for people, wherever standard output leads.
pub(super) fn print_lines(text: &str) -> anyhow::Result<()> {
    write_out(screen::lines(text).as_bytes())
}

fn write(common: &Common, content: &[u8]) -> anyhow::Result<()> {
    match &common.output {
        None => write_out(content),
        Some(path) => {
            disk::write_whole(path, content).with_context(|| format!("--output {}", path.display()))
        }
    }
}

fn write_out(content: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(content)?;
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

/// What the command is called.
static COMMAND: OnceLock<String> = OnceLock::new();

/// Notes what the command is called.
pub(super) fn name_command(name: &str) {
    // There is one command line only.
    let _ = COMMAND.set(name.to_owned());
}

fn command() -> &'static str {
    COMMAND.get().map_or("", String::as_str)
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
            bail!(fault!(
                "{flag} {path}: the run reads this file ({read}); take another name",
                flag = output.flag,
                path = output.path.display(),
                read = read.display()
            ));
        }
    }
    Ok(())
}

/// Checks, before a long run, that the file could be written.
pub(super) fn check(common: &Common) -> anyhow::Result<()> {
    if let Some(folder) = &common.all_tables {
        tables::check(folder, command())?;
    }
    // Said before minutes of work for a result that has no such form.
    if matches!(common.format, Format::GraphMl | Format::Dot) && command() != "graph" {
        let extension = common.format.extension();
        bail!(fault!(
            "--format {extension}: the graph of cooperations is printed by `verbund graph`",
            extension
        ));
    }
    if common.format.is_binary() && common.output.is_none() && common.all_tables.is_none() {
        refuse_screen(common)?;
    }
    common.output.as_ref().map_or(Ok(()), |path| check_file("--output", path))
}

/// Refuses to show on a screen what is no text; a pipe is fine.
fn refuse_screen(common: &Common) -> anyhow::Result<()> {
    if terminal::is_screen() {
        let extension = common.format.extension();
        bail!(fault!("this format is no text: say --output FILE.{extension}", extension));
    }
    Ok(())
}

/// Checks that the file of a flag could be written.
pub(super) fn check_file(flag: &str, path: &Path) -> anyhow::Result<()> {
    WholeFile::check(path).map_err(|error| anyhow!("{flag} {}: {error}", path.display()))
}

/// Checks that another file of this run is not the one of `--output`.
pub(super) fn check_other(common: &Common, flag: &str, path: &Path) -> anyhow::Result<()> {
    if common.output.as_ref().is_some_and(|output| disk::is_same_file(output, path)) {
        bail!(fault!("{flag} and --output name the same file", flag));
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
