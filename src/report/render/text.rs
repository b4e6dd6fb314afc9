//! Documents as text: headings, remarks in lines, tables that fit a screen.

use comfy_table::presets::NOTHING;
use comfy_table::{
    Attribute, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Width,
};

use super::{Style, screen};
use crate::problem::shortened;
use crate::report::document::{Cell, Document, Look, ONE_SCREEN, Remark, Section, Table};
use crate::words::{self, in_language};

/// A document as text in lines of at most `width` columns.
///
/// A number or a key is never broken. Where a table is too wide, the least important columns are left out, from the
/// right, and a line says which; where all that is left carries the answer, the table is broken in parts that repeat
/// the columns in front, which say what a row is.
///
/// # Example
///
/// ```
/// use verbund::report::columns::{CASES, HOSPITAL};
/// use verbund::report::render::{Style, text};
/// use verbund::report::{Cell, Document, Section, Table};
///
/// let table = Table::of([("north", 1200.0), ("south", 800.0)])
///     .column(HOSPITAL, |row| Cell::text(row.0))
///     .column(CASES, |row| Cell::number(row.1, 0))
///     .build();
/// let section = Section::new("cases", "Cases by hospital", table).note("Expected ones.");
/// let document = Document::new("Two hospitals").about("as_of", "2026-01-01").section(section);
///
/// let expected = "\
/// Two hospitals
///  as of  2026-01-01
///
/// Cases by hospital
///  Hospital  Cases
/// ────────────────
///  north     1,200
///  south       800
///  Expected ones.
/// ";
/// assert_eq!(text(&document, 80, Style::default()), expected);
/// ```
pub fn text(document: &Document, width: usize, style: Style) -> String {
    in_language(document.language(), || {
        if document.is_on_one_screen() {
            // The same on every screen: what there is to read does not hang on the size of a window.
            set_document(&fitted(document), width.min(ONE_SCREEN.1), style)
        } else {
            set_document(document, width, style)
        }
    })
}

/// The document with as many of its small tables as one screen has lines for.
fn fitted(document: &Document) -> Document {
    let (lines, width) = ONE_SCREEN;
    let mut fitted = document.clone();
    fitted.title = shortened(&fitted.title, width);
    let keys = fitted.about_in_print();
    let widest = keys.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
    // Blanks around a key are three.
    let most = width.saturating_sub(widest + 3).max(10);
    for (_, value) in &mut fitted.about {
        *value = Remark::from(shortened(&value.to_string(), most));
    }

    while set_document(&fitted, width, Style::default()).lines().count() > lines {
        let is_small = |section: &Section| section.look == Look::Small;
        let Some(last) = fitted.sections.iter().rposition(is_small) else { break };
        fitted.sections.remove(last);
    }
    fitted
}

fn set_document(document: &Document, width: usize, style: Style) -> String {
    let mut out = format!("{}\n", screen::line(&document.title));
    let about = document.about_in_print();
    let widest = about.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
    for (key, value) in &about {
        let first = format!(" {key:widest$}  ");
        out.push_str(&screen::paragraph(&screen::line(value), &first, width));
    }
    for section in &document.sections {
        // Hints for which nobody has words would leave a heading alone.
        let has_no_item = section.look == Look::List && section.notes.iter().all(Remark::is_empty);
        if section.is_for_files || has_no_item {
            continue;
        }
        out.push('\n');
        push_section(&mut out, section, width, style);
    }
    out
}

fn push_section(out: &mut String, section: &Section, width: usize, style: Style) {
    match (section.look, section.table.columns().first()) {
        (Look::List, _) => return push_list(out, section, width),
        (Look::Small, Some(first)) if !section.table.is_empty() => {
            let table = section.table.clone().head(*first, &section.heading);
            push_table(out, &table, width, style);
            return push_notes(out, section, width, " ");
        }
        _ => {}
    }

    out.push_str(&screen::paragraph(&screen::line(&section.heading), "", width));
    if let Some(words) = &section.in_words {
        out.push_str(&screen::paragraph(&words.to_string(), " ", width));
    } else if section.table.is_empty() {
        out.push_str(&words::of(" none\n"));
    } else {
        push_table(out, &section.table, width, style);
    }
    push_notes(out, section, width, " ");
}

fn push_list(out: &mut String, section: &Section, width: usize) {
    out.push_str(&screen::paragraph(&screen::line(&section.heading), "", width));
    push_notes(out, section, width, " - ");
}

/// Remarks, each of which begins with these letters.
fn push_notes(out: &mut String, section: &Section, width: usize, first: &str) {
    for note in &section.notes {
        // A hint for which nobody has words would leave an empty line.
        if !note.is_empty() {
            out.push_str(&screen::paragraph(&note.to_string(), first, width));
        }
    }
}

fn push_table(out: &mut String, table: &Table, width: usize, style: Style) {
    let mut shapes = Vec::new();
    for position in 0..table.columns().len() {
        if table.is_shown(position) {
            shapes.push(Shape::of(table, position));
        }
    }
    // Details are left out on purpose: only what was meant to be seen is counted as missing.
    let meant: Vec<usize> = shapes.iter().map(|shape| shape.position).collect();
    let mut width = width;
    if style.has_all_columns {
        width = width.max(needed(&shapes));
    }
    leave_out(&mut shapes, table, width);

    for (number, part) in parts(&shapes, width).iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        for line in set(table, part, width, style).lines() {
            // Columns are filled with blanks up to the last one, which would show in copies and diffs.
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }

    let mut missing = Vec::new();
    for position in meant {
        if shapes.iter().all(|shape| shape.position != position) {
            missing.push(table.heading(position).replace('\n', " "));
        }
    }
    if !missing.is_empty() {
        let (count, names) = (missing.len(), missing.join(", "));
        let note = if count == 1 {
            said!("1 more column does not fit ({names})", names)
        } else {
            said!("{count} more columns do not fit ({names})", count, names)
        };
        let note = format!("{note}{}.", words::of(style.on_columns_left_out));
        out.push_str(&screen::paragraph(&note, " ", width));
    }
}

/// A cell as it is shown, harmless on a screen.
fn shown(cell: &Cell) -> String {
    screen::line(&cell.display()).into_owned()
}

/// Space that a column takes beside its content: a blank before it, and one that the table puts between columns.
const GAP: usize = 2;

/// How wide a column of a table must be: a number or key is never broken, a sentence only
/// between its words.
#[derive(Debug, Clone, Copy)]
struct Shape {
    position: usize,
    least: usize,
    is_number: bool,
    is_word: bool,
}

impl Shape {
    fn of(table: &Table, position: usize) -> Self {
        let cells: Vec<&Cell> = table.shown_rows().map(|row| &row[position]).collect();
        // A dash stands in any column: it does not say of what kind the others are.
        let given = || cells.iter().filter(|cell| ***cell != Cell::Missing);
        let is_number = given().all(|cell| cell.is_number());
        let is_word = is_number || given().all(|cell| !shown(cell).contains(' '));

        // A column of words is as wide as the lines of its heading, others break them between words.
        let breaks: &[char] = if is_word { &['\n'] } else { &[' ', '\n'] };
        let mut least = longest(&screen::lines(&table.heading(position)), breaks);
        let breaks: &[char] = if is_word { &['\n'] } else { &[' '] };
        for cell in cells {
            least = least.max(longest(&shown(cell), breaks));
        }
        Self { position, least, is_number, is_word }
    }
}

/// The width of the longest part of a text.
fn longest(text: &str, breaks: &[char]) -> usize {
    text.split(breaks).map(|part| part.chars().count()).max().unwrap_or(0)
}

/// The least width of a table of these columns.
fn needed(shapes: &[Shape]) -> usize {
    shapes.iter().map(|shape| shape.least + GAP).sum()
}

/// Leaves the least important columns out until the others fit, or carry the answer; two stay in any case.
fn leave_out(shapes: &mut Vec<Shape>, table: &Table, width: usize) {
    while shapes.len() > 2 && needed(shapes) > width {
        let positions: Vec<usize> = shapes.iter().map(|shape| shape.position).collect();
        let gone = table.next_to_go(&positions);
        if gone.is_empty() {
            break;
        }
        shapes.retain(|shape| !gone.contains(&shape.position));
    }
}

/// The columns in parts that fit, each of which begins with those that say what a row is.
fn parts(shapes: &[Shape], width: usize) -> Vec<Vec<Shape>> {
    if shapes.len() < 3 || needed(shapes) <= width {
        return vec![shapes.to_vec()];
    }
    // Texts in front of the first number name the row; where they take half of the screen, the first one does.
    let named = shapes.iter().take_while(|shape| !shape.is_number).count();
    let mut front = named.clamp(1, shapes.len() - 1);
    if needed(&shapes[..front]) > width / 2 {
        front = 1;
    }

    let (names, figures) = shapes.split_at(front);
    let mut parts = vec![names.to_vec()];
    for figure in figures {
        let last = parts.last_mut().expect("there is a first part");
        // A part has a figure, however wide that is.
        if last.len() > front && needed(last) + figure.least + GAP > width {
            parts.push([names, &[*figure]].concat());
        } else {
            last.push(*figure);
        }
    }
    parts
}

/// The columns of these shapes, set as text.
fn set(table: &Table, shapes: &[Shape], width: usize, style: Style) -> String {
    let mut set = comfy_table::Table::new();
    set.load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
    set.set_content_arrangement(ContentArrangement::Dynamic);
    set.set_width(narrow(width));
    set.set_header(shapes.iter().map(|shape| {
        let heading = comfy_table::Cell::new(screen::lines(&table.heading(shape.position)));
        if style.is_bold { heading.add_attribute(Attribute::Bold) } else { heading }
    }));
    for row in table.shown_rows() {
        set.add_row(shapes.iter().map(|shape| shown(&row[shape.position])));
    }

    for (shape, column) in shapes.iter().zip(set.column_iter_mut()) {
        column.set_padding((1, 0));
        // Digits of the same worth stand below each other.
        if shape.is_number {
            column.set_cell_alignment(CellAlignment::Right);
        }
        column.set_constraint(if shape.is_word {
            ColumnConstraint::ContentWidth
        } else {
            ColumnConstraint::LowerBoundary(Width::Fixed(narrow(shape.least + GAP - 1)))
        });
    }
    set.to_string()
}

/// A width as the table takes it.
fn narrow(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::columns::{BED_DAYS, CASES, HOSPITAL, MEDIAN_MINUTES, P90_MINUTES};

    fn document() -> Document {
        let table = Table::of(["north"])
            .column(HOSPITAL, |hospital| Cell::text(*hospital))
            .column(CASES, |_| Cell::count(1200_u32))
            .column(MEDIAN_MINUTES, |_| Cell::count(30_u32))
            .column(BED_DAYS, |_| Cell::count(9000_u32))
            .column(P90_MINUTES, |_| Cell::count(50_u32))
            .build();
        Document::new("t").section(Section::new("cases", "Cases", table))
    }

    #[test]
    fn a_narrow_screen_says_which_columns_are_left_out() {
        let style = Style { on_columns_left_out: ": see the file", ..Style::default() };
        let narrow = text(&document(), 32, style);
        assert!(narrow.contains(" Hospital  Cases  Bed days\n"), "{narrow}");
        assert!(narrow.contains(" north     1,200     9,000\n"), "{narrow}");
        // The line is broken to fit the screen as well.
        let told: Vec<&str> = narrow.split_whitespace().collect();
        let told = told.join(" ");
        let note = "2 more columns do not fit (Median min, P90 min): see the file.";
        assert!(told.contains(note), "{told}");
        assert!(!text(&document(), 80, style).contains("more columns"));
    }

    #[test]
    fn a_table_whose_answer_is_too_wide_is_broken_in_parts() {
        let narrow = text(&document(), 20, Style::default());
        let expected =
            " Hospital  Cases\n────────────────\n north     1,200\n\n Hospital  Bed days\n";
        assert!(narrow.contains(expected), "{narrow}");
        assert!(narrow.lines().all(|line| line.chars().count() <= 20), "{narrow}");
    }

    #[test]
    fn a_file_has_no_width() {
        let style = Style { has_all_columns: true, ..Style::default() };
        let file = text(&document(), 20, style);
        assert!(file.contains(" north     1,200      30     9,000   50\n"), "{file}");
    }
}
