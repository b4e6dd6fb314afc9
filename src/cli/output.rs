//! Results on standard output or in a file that is whole or not there.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use comfy_table::presets::NOTHING;
use comfy_table::{
    Attribute, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, Width,
};
use verbund::report::{Cell, Document, Section};

use super::{Common, Format};

/// Columns of a table that is not printed on a terminal.
const WIDTH: u16 = 110;

/// Prints a document as the flags say.
pub(super) fn print(common: &Common, document: &Document) -> anyhow::Result<()> {
    print_all(common, std::slice::from_ref(document))
}

/// Prints documents one after the other; as JSON, several are a list. As CSV, several are one table: each has
/// one section, with the same columns.
pub(super) fn print_all(common: &Common, documents: &[Document]) -> anyhow::Result<()> {
    let text = match (common.format, documents) {
        (Format::Table, _) => {
            documents.iter().map(|one| as_text(one, common.output.is_none())).collect()
        }
        (Format::Json, [one]) => format!("{}\n", serde_json::to_string_pretty(one)?),
        (Format::Json, _) => format!("{}\n", serde_json::to_string_pretty(documents)?),
        (Format::Csv, [one]) => one.to_csv()?,
        (Format::Csv, _) => Document::rows_as_csv(documents)?,
    };
    print_text(common, &text)
}

/// Prints a text, or writes it to the file of the flag.
pub(super) fn print_text(common: &Common, text: &str) -> anyhow::Result<()> {
    match &common.output {
        None => {
            let mut out = std::io::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.flush()?;
            Ok(())
        }
        Some(path) => {
            write_whole(path, text).with_context(|| format!("--output {}", path.display()))
        }
    }
}

/// Checks, before a long run, that the file could be written.
pub(super) fn check(common: &Common) -> anyhow::Result<()> {
    common.output.as_ref().map_or(Ok(()), |path| check_file("--output", path))
}

/// Checks that the file of a flag could be written.
pub(super) fn check_file(flag: &str, path: &Path) -> anyhow::Result<()> {
    let fault = || format!("{flag} {}", path.display());
    if path.is_dir() {
        anyhow::bail!("{}: this is a folder", fault());
    }
    match std::fs::metadata(path) {
        Ok(old) if old.is_file() && old.permissions().readonly() => {
            anyhow::bail!("{}: the file is read-only", fault());
        }
        Ok(old) if !old.is_file() => return Ok(()),
        _ => {}
    }
    if !folder_of(path).is_dir() {
        anyhow::bail!("{}: there is no folder {}", fault(), folder_of(path).display());
    }
    if tempfile::NamedTempFile::new_in(folder_of(path)).is_err() {
        anyhow::bail!("{}: cannot write in folder {}", fault(), folder_of(path).display());
    }
    Ok(())
}

/// The folder in which a file stands or would stand.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn write_whole(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut draft = Draft::open(path)?;
    draft.write_all(text.as_bytes())?;
    draft.finish()
}

/// A file that is written beside its target and renamed at the end, so that nobody ever sees half
/// of it. What is no regular file (a pipe, a device) is written to as it is, never replaced; a link
/// leads to its target.
pub(super) struct Draft {
    target: PathBuf,
    file: DraftFile,
}

enum DraftFile {
    Beside(tempfile::NamedTempFile),
    Straight(std::fs::File),
}

impl Draft {
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let old = std::fs::metadata(&target).ok();
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            let file = DraftFile::Straight(std::fs::OpenOptions::new().write(true).open(&target)?);
            return Ok(Self { target, file });
        }
        let mut builder = tempfile::Builder::new();
        #[cfg(unix)]
        builder.permissions({
            use std::os::unix::fs::PermissionsExt;
            old.map_or_else(|| std::fs::Permissions::from_mode(0o666), |old| old.permissions())
        });
        let file = DraftFile::Beside(builder.tempfile_in(folder_of(&target))?);
        Ok(Self { target, file })
    }

    /// Gives the file its name.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        if let DraftFile::Beside(file) = self.file {
            file.as_file().sync_all()?;
            file.persist(&self.target)?;
        }
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match &mut self.file {
            DraftFile::Beside(file) => file.write(bytes),
            DraftFile::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match &mut self.file {
            DraftFile::Beside(file) => file.flush(),
            DraftFile::Straight(file) => file.flush(),
        }
    }
}

fn as_text(document: &Document, to_stdout: bool) -> String {
    let on_terminal = to_stdout && std::io::stdout().is_terminal();
    let width = if on_terminal {
        Table::new().width().map_or(usize::from(WIDTH), usize::from)
    } else {
        usize::from(WIDTH)
    };
    let mut out = format!("{}\n", document.title);
    let widest = document.about.iter().map(|(key, _)| key.len()).max().unwrap_or(0);
    for (key, value) in &document.about {
        let first = format!(" {:widest$}  ", key.replace('_', " "));
        out.push_str(&wrap(value, &first, width));
    }
    for section in &document.sections {
        out.push_str(&format!("\n{}\n", section.heading));
        if let Some(words) = &section.in_words {
            out.push_str(&wrap(words, " ", width));
        } else if section.table.rows().is_empty() {
            out.push_str(" none\n");
        } else {
            let (text, left_out) = table(section, width, on_terminal);
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

/// A text in lines of the width, indented as its first line begins.
fn wrap(text: &str, first: &str, width: usize) -> String {
    let indent = " ".repeat(first.chars().count());
    // A key such as `kkh-torgau` stays whole: it is what other commands take.
    let options = textwrap::Options::new(width)
        .initial_indent(first)
        .subsequent_indent(&indent)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let mut out = textwrap::fill(text, options);
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
        let is_word = is_number || given().all(|cell| !cell.display().contains(' '));
        let width = |text: &str| text.chars().count();
        let longest = |text: String| {
            let words = text.split(if is_word { '\n' } else { ' ' }).map(width);
            words.max().unwrap_or(0)
        };
        let heading = section.table.columns()[at].heading;
        let heading = heading.split([' ', '\n']).map(width).max().unwrap_or(0);
        let least = values.iter().map(|cell| longest(cell.display())).max().unwrap_or(0);
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
        table.add_row(shapes.iter().map(|shape| row[shape.at].display()));
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
            ColumnConstraint::LowerBoundary(Width::Fixed(least))
        });
    }
    (table.to_string(), all - shapes.len())
}
