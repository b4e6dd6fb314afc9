//! Results on standard output or in a file that is whole or not there.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anyhow::{Context, anyhow, bail};
use comfy_table::presets::NOTHING;
use comfy_table::{
    Attribute, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table,
    Width as ColumnWidth,
};
use verbund::disk::{self, WholeFile};
use verbund::report::{Cell, Document, Section};

use super::terminal::{self, WIDTH};
use super::{Common, Format};

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
    let is_on_screen = common.output.is_none() && terminal::is_screen();
    let text = match (common.format, documents) {
        (Format::Table, _) => {
            let width = if is_on_screen { terminal::width() } else { usize::from(WIDTH) };
            let is_bold = is_on_screen && terminal::has_styles();
            documents.iter().map(|document| as_text(document, width, is_bold)).collect()
        }
        (Format::Json, [only]) => as_json(only)?,
        (Format::Json, _) => as_json(documents)?,
        (Format::Csv, [only]) => only.to_csv()?,
        (Format::Csv, _) => Document::rows_as_csv(documents)?,
        (Format::CsvExcel, [only]) => only.to_excel_csv()?,
        (Format::CsvExcel, _) => Document::rows_as_excel_csv(documents)?,
    };
    if common.format.is_csv() {
        return print_text(common, &text);
    }
    write(common, &text)
}

fn as_json<T: serde::Serialize + ?Sized>(value: &T) -> anyhow::Result<String> {
    let text = serde_json::to_string_pretty(value)?;
    Ok(format!("{}\n", terminal::json(&text)))
}

/// Prints a text that is not laid out for people, or writes it to the file of the flag; on a terminal, what
/// would act on it is written out.
pub(super) fn print_text(common: &Common, text: &str) -> anyhow::Result<()> {
    if common.output.is_none() && terminal::is_screen() {
        let text = text.replace("\r\n", "\n");
        return write(common, &terminal::lines(&text));
    }
    write(common, text)
}

/// Prints lines for people, wherever standard output leads.
pub(super) fn print_lines(text: &str) -> anyhow::Result<()> {
    write_out(&terminal::lines(text))
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

fn as_text(document: &Document, width: usize, is_bold: bool) -> String {
    let mut out = format!("{}\n", terminal::line(&document.title));
    let widest = document.about.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
    for (key, value) in &document.about {
        let first = format!(" {:widest$}  ", key.replace('_', " "));
        out.push_str(&wrap(&terminal::line(value), &first, width));
    }
    for section in &document.sections {
        out.push_str(&format!("\n{}", wrap(&terminal::line(&section.heading), "", width)));
        if let Some(words) = &section.in_words {
            out.push_str(&wrap(words, " ", width));
        } else if section.table.rows().is_empty() {
            out.push_str(" none\n");
        } else {
            let (text, left_out) = table(section, width, is_bold);
            for line in text.lines() {
                out.push_str(line.trim_end());
                out.push('\n');
            }
            if left_out > 0 {
                let columns = if left_out == 1 { "column does" } else { "columns do" };
                let note = format!("{left_out} more {columns} not fit: --format csv has all.");
                out.push_str(&wrap(&note, " ", width));
            }
        }
        for note in &section.notes {
            out.push_str(&wrap(note, " ", width));
        }
    }
    out
}

/// A cell as it is shown, harmless on a screen.
fn shown(cell: &Cell) -> String {
    terminal::line(&cell.display()).into_owned()
}

/// A remark in lines of the screen; one line where there is none, for programs that read it.
pub(super) fn fit_to_screen(remark: &str) -> String {
    if !terminal::is_screen() {
        return format!("{remark}\n");
    }
    wrap(remark, "", terminal::width())
}

/// A text in lines of the width, indented as its first line begins.
fn wrap(text: &str, first: &str, width: usize) -> String {
    let indent = " ".repeat(first.chars().count());
    // A key such as `kkh-torgau` stays whole: it is what other commands take.
    let options = textwrap::Options::new(width)
        .initial_indent(first)
        .subsequent_indent(&indent)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let mut out = textwrap::fill(&terminal::lines(text), options);
    out.push('\n');
    out
}

/// Space that a column takes beside its content.
const GAP: usize = 2;

/// How wide a column of a section must be: a number or key is never broken, a sentence only
/// between its words.
struct Shape {
    at: usize,
    least: usize,
    is_number: bool,
    is_word: bool,
}

impl Shape {
    fn of(section: &Section, at: usize) -> Self {
        let values: Vec<&Cell> = section.table.rows().iter().map(|row| &row[at]).collect();
        let given = || values.iter().filter(|cell| ***cell != Cell::Missing);
        let is_number = given().all(|cell| cell.is_number());
        let is_word = is_number || given().all(|cell| !shown(cell).contains(' '));
        let width = |text: &str| text.chars().count();
        let longest = |text: String| {
            let words = text.split(if is_word { '\n' } else { ' ' }).map(width);
            words.max().unwrap_or(0)
        };
        let heading = section.table.columns()[at].heading;
        // A column of words is as wide as the lines of its heading, others break them between words.
        let heading = if is_word {
            heading.lines().map(width).max().unwrap_or(0)
        } else {
            heading.split([' ', '\n']).map(width).max().unwrap_or(0)
        };
        let least = values.iter().map(|cell| longest(shown(cell))).max().unwrap_or(0);
        Self { at, least: least.max(heading), is_number, is_word }
    }
}

/// The table as text, and how many columns were left out because they do not fit.
fn table(section: &Section, width: usize, is_bold: bool) -> (String, usize) {
    let all = 0..section.table.columns().len();
    let mut shapes: Vec<Shape> =
        all.filter(|at| section.table.is_shown(*at)).map(|at| Shape::of(section, at)).collect();
    let needed = |shapes: &[Shape]| shapes.iter().map(|one| one.least + GAP).sum::<usize>();
    let all = shapes.len();
    while shapes.len() > 2 && needed(&shapes) > width {
        let columns: Vec<usize> = shapes.iter().map(|one| one.at).collect();
        let gone = section.table.next_to_go(&columns);
        shapes.retain(|one| !gone.contains(&one.at));
    }
    let mut table = Table::new();
    table.load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(WIDTH));
    table.set_header(shapes.iter().map(|shape| {
        let cell = comfy_table::Cell::new(section.table.columns()[shape.at].heading);
        if is_bold { cell.add_attribute(Attribute::Bold) } else { cell }
    }));
    for row in section.table.rows() {
        table.add_row(shapes.iter().map(|shape| shown(&row[shape.at])));
    }
    for (shape, column) in shapes.iter().zip(table.column_iter_mut()) {
        column.set_padding((1, 0));
        if shape.is_number {
            column.set_cell_alignment(CellAlignment::Right);
        }
        column.set_constraint(if shape.is_word {
            ColumnConstraint::ContentWidth
        } else {
            let least = u16::try_from(shape.least + GAP - 1).unwrap_or(WIDTH);
            ColumnConstraint::LowerBoundary(ColumnWidth::Fixed(least))
        });
    }
    (table.to_string(), all - shapes.len())
}
