//! Results on standard output or in a file that is whole or not there.

use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use comfy_table::presets::NOTHING;
use comfy_table::{
    Attribute, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table,
};
use verbund::report::{Cell, Document, Section};

use super::{Common, Format};

/// Columns of a table that is not printed on a terminal.
const WIDTH: u16 = 110;

/// Prints a document as the flags say.
pub(super) fn print(common: &Common, document: &Document) -> anyhow::Result<()> {
    let text = match common.format {
        Format::Table => as_text(document, common.output.is_none()),
        Format::Json => {
            let mut text = serde_json::to_string_pretty(document)?;
            text.push('\n');
            text
        }
        Format::Csv => document.to_csv()?,
    };
    match &common.output {
        None => {
            let mut out = std::io::stdout().lock();
            out.write_all(text.as_bytes())?;
            out.flush()?;
            Ok(())
        }
        Some(path) => {
            write_whole(path, &text).with_context(|| format!("--output {}", path.display()))
        }
    }
}

/// Checks, before a long run, that the file could be written.
pub(super) fn check(common: &Common) -> anyhow::Result<()> {
    let Some(path) = &common.output else { return Ok(()) };
    let fault = || format!("--output {}", path.display());
    if path.is_dir() {
        anyhow::bail!("{}: this is a folder", fault());
    }
    if !folder_of(path).is_dir() {
        anyhow::bail!("{}: there is no folder {}", fault(), folder_of(path).display());
    }
    if tempfile::NamedTempFile::new_in(folder_of(path)).is_err() {
        anyhow::bail!("{}: cannot write in folder {}", fault(), folder_of(path).display());
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes beside the file and renames, so that nobody ever sees half of it.
fn write_whole(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut draft = tempfile::NamedTempFile::new_in(folder_of(path))?;
    draft.write_all(text.as_bytes())?;
    draft.as_file().sync_all()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map_or(0o644, |old| old.permissions().mode());
        draft.as_file().set_permissions(std::fs::Permissions::from_mode(mode))?;
    }
    draft.persist(path)?;
    Ok(())
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
            for line in table(section, on_terminal).lines() {
                out.push_str(line.trim_end());
                out.push('\n');
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
    let options = textwrap::Options::new(width).initial_indent(first).subsequent_indent(&indent);
    let mut out = textwrap::fill(text, options);
    out.push('\n');
    out
}

fn table(section: &Section, on_terminal: bool) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if !on_terminal {
        table.set_width(WIDTH);
    }
    let shown: Vec<usize> =
        (0..section.table.columns().len()).filter(|at| section.table.is_shown(*at)).collect();
    let headings = shown.iter().map(|&at| {
        let cell = comfy_table::Cell::new(section.table.columns()[at].heading);
        if on_terminal { cell.add_attribute(Attribute::Bold) } else { cell }
    });
    table.set_header(headings);
    for row in section.table.rows() {
        table.add_row(shown.iter().map(|&at| row[at].display()));
    }
    for (&at, column) in shown.iter().zip(table.column_iter_mut()) {
        let values = section.table.rows().iter().map(|row| &row[at]);
        let values: Vec<&Cell> = values.filter(|cell| **cell != Cell::Missing).collect();
        if values.iter().all(|cell| cell.is_number()) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        // A key or a number is never broken; sentences make room for it.
        if values.iter().all(|cell| !cell.display().contains(' ') || cell.is_number()) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.to_string()
}
