//! One answer before and after a change, side by side: what differs a row each, the rest counted.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{AFTER, BEFORE, COMPARED, Column, DIFFERENCE};
use super::document::{Cell, Document, Remark, Section, Table};
use crate::words;

/// The figures of which a comparison speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Those that text shows.
    Shown,
    /// All of them, those for programs included.
    Full,
}

/// Two answers to one question, before and after a change: each value that differs is a row with both and the
/// difference.
///
/// Rows are matched by what they are about (their first texts: a standard, a hospital, a place). A row that only
/// one answer has is a row whose `compared` is `listed`, with [`Extent::Shown`] a remark. Numbers whose
/// difference prints as zero, and texts that are the same, are left out and their rows counted; tables without any difference are empty, with [`Extent::Shown`] named in the head
/// instead, under `unchanged`. A value that is missing on one side has no difference.
///
/// ```
/// use verbund::report::columns::{HOSPITAL, CASES};
/// use verbund::report::{Cell, Document, Extent, Section, Table, against};
///
/// let answer = |cases: &[(&str, f64)]| {
///     let table = Table::of(cases.to_vec())
///         .column(HOSPITAL, |row| Cell::text(row.0))
///         .column(CASES, |row| Cell::number(row.1, 0))
///         .build();
///     Document::new("Cases").section(Section::new("cases", "Cases by hospital", table))
/// };
/// let before = answer(&[("north", 1200.0), ("south", 800.0), ("west", 50.0)]);
/// let after = answer(&[("north", 1900.0), ("west", 50.0)]);
///
/// let both = serde_json::to_value(against(&before, &after, Extent::Full))?;
/// let rows = &both["tables"]["cases"];
/// assert_eq!((&rows[0]["hospital"], &rows[0]["compared"]), (&"north".into(), &"cases".into()));
/// assert_eq!((&rows[0]["before"], &rows[0]["difference"]), (&1200.0.into(), &700.0.into()));
/// assert_eq!((&rows[1]["hospital"], &rows[1]["compared"]), (&"south".into(), &"listed".into()));
/// assert_eq!(both["notes"]["cases"][0], "1 of 3 rows does not change.");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn against(before: &Document, after: &Document, extent: Extent) -> Document {
    let mut document = Document::new(&after.title);
    document.about = about(before, after);
    document.ground.clone_from(&after.ground);

    let mut unchanged = Vec::new();
    for section in &after.sections {
        let Some(then) = before.sections.iter().find(|then| then.key == section.key) else {
            document =
                document.section(section.clone().note("Before the change there was none of this."));
            continue;
        };
        let compared = Compared::of(&then.table, &section.table, extent);
        // Programs find every table, people those that say something.
        if compared.is_empty() && extent == Extent::Shown {
            unchanged.push(format!("{} ({})", section.heading, counted(compared.unchanged)));
        } else {
            document = document.section(compared.section(then, section));
        }
    }
    for section in &before.sections {
        if after.sections.iter().all(|now| now.key != section.key) {
            unchanged.push(said!("{heading} (not there any more)", heading = section.heading));
        }
    }

    if !unchanged.is_empty() {
        document = document.about("unchanged", unchanged.join("; "));
    }
    // An answer of nothing but what is the same is still a table, so that programs find one.
    if document.sections.is_empty() {
        let table = Table::empty(&[COMPARED, BEFORE, AFTER, DIFFERENCE]);
        let section = Section::new("compared", "Before and after", table);
        document = document.section(section.in_words("No figure changes."));
    }
    document
}

/// What both are about, with both values where they differ.
fn about(before: &Document, after: &Document) -> Vec<(&'static str, Remark)> {
    let mut merged = Vec::new();
    for (key, value) in &after.about {
        let then = before.about.iter().find(|(then, _)| then == key);
        let told = match then {
            Some((_, then)) if then == value => value.clone(),
            Some((_, then)) => Remark::from(said!("{value} (before: {then})", value, then)),
            None => Remark::from(said!("{value} (only after)", value)),
        };
        merged.push((*key, told));
    }
    for (key, value) in &before.about {
        if after.about.iter().all(|(now, _)| now != key) {
            merged.push((*key, Remark::from(said!("{value} (only before)", value))));
        }
    }
    merged
}

fn counted(rows: usize) -> String {
    if rows == 1 { said!("1 row") } else { said!("{rows} rows", rows) }
}

/// A value before and after, of what the row is about.
struct Row {
    /// What it is about, in the cells of the columns that say so.
    subject: Vec<Cell>,
    /// The column whose value it is; `None` for whether the row is there.
    column: Option<Column>,
    before: Cell,
    after: Cell,
}

/// What of a table differs.
#[derive(Default)]
struct Compared {
    /// The columns that say what a row is about.
    subject: Vec<Column>,
    /// Those of them that tell the rows apart.
    key: Vec<Column>,
    /// Those of them that text leaves out.
    hidden: Vec<Column>,
    rows: Vec<Row>,
    /// Rows that only one side has, where remarks name them: what they are about.
    only_before: Vec<String>,
    only_after: Vec<String>,
    /// How many rows of both tables have no difference.
    unchanged: usize,
    /// How many rows there are in either.
    total: usize,
}

impl Compared {
    fn of(before: &Table, after: &Table, extent: Extent) -> Self {
        let subject = Subject::of(before, after);
        let pairs = Pairs::of(before, after, &subject.key);
        let labels = subject.labels(before, after, &pairs);
        let columns = figures(before, after, &labels, extent);

        let hidden = labels.iter().copied().filter(|label| !is_shown(before, after, *label));
        let mut compared = Self {
            hidden: hidden.collect(),
            subject: labels.clone(),
            key: subject.key,
            total: pairs.rows.len(),
            ..Self::default()
        };
        for (then, now) in pairs.rows {
            let (table, cells) = match (now, then) {
                (Some(now), _) => (after, &after.rows()[now]),
                (None, Some(then)) => (before, &before.rows()[then]),
                (None, None) => continue,
            };
            let about: Vec<Cell> = labels.iter().map(|label| cell(table, cells, *label)).collect();
            let (Some(then), Some(now)) = (then, now) else {
                compared.push_listed(about, then.is_some(), extent);
                continue;
            };

            let seen = compared.rows.len();
            for column in &columns {
                let was = cell(before, &before.rows()[then], *column);
                let is = cell(after, &after.rows()[now], *column);
                if is_other(&was, &is) {
                    let subject = about.clone();
                    let row = Row { subject, column: Some(*column), before: was, after: is };
                    compared.rows.push(row);
                }
            }
            compared.unchanged += usize::from(compared.rows.len() == seen);
        }
        compared
    }

    /// Notes a row that only one side has.
    fn push_listed(&mut self, about: Vec<Cell>, was_there: bool, extent: Extent) {
        if extent == Extent::Full {
            let (before, after) = (Cell::flag(was_there), Cell::flag(!was_there));
            self.rows.push(Row { subject: about, column: None, before, after });
            return;
        }
        let mut words = Vec::new();
        let mut beside = Vec::new();
        for (column, cell) in self.subject.iter().zip(&about) {
            if self.hidden.contains(column) {
                continue;
            }
            let told = if self.key.contains(column) { &mut words } else { &mut beside };
            told.push(cell.display());
        }
        // What stands with a key tells more than is asked, unless the key is for programs.
        if words.is_empty() {
            words = beside;
        }
        let only = if was_there { &mut self.only_before } else { &mut self.only_after };
        only.push(words.join(", "));
    }

    /// Whether nothing differs.
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.only_before.is_empty() && self.only_after.is_empty()
    }

    /// The section of what differs, with the remarks of both.
    fn section(self, before: &Section, after: &Section) -> Section {
        let mut builder = Table::of(&self.rows);
        for (position, column) in self.subject.iter().enumerate() {
            builder = builder.column(*column, |row| row.subject[position].clone());
        }
        let table = builder
            .column(COMPARED, |row| row.column.map_or_else(listed, |column| name(&column)))
            .column(BEFORE, |row| row.before.clone())
            .column(AFTER, |row| row.after.clone())
            .column(DIFFERENCE, |row| difference(&row.before, &row.after).unwrap_or(Cell::Missing))
            .build()
            .hide(&self.hidden);

        let mut section = Section::new(after.key, &after.heading, table);
        if self.unchanged > 0 {
            let (unchanged, total) = (self.unchanged, counted(self.total));
            section = section.note(if unchanged == 1 {
                said!("1 of {total} does not change.", total)
            } else {
                said!("{unchanged} of {total} do not change.", unchanged, total)
            });
        }
        let is_only_listed = self.rows.is_empty();
        for (side, only) in [("Only before", &self.only_before), ("Only after", &self.only_after)] {
            if only.is_empty() {
                continue;
            }
            let told = format!("{}: {}.", words::of(side), first_ones(only));
            let is_first = section.in_words.is_none();
            // Without a value that differs, this stands for the table.
            section = if is_only_listed && is_first {
                section.in_words(told)
            } else {
                section.note(told)
            };
        }
        for note in &after.notes {
            let is_of_both = before.notes.contains(note);
            section = section.note(if is_of_both { note.clone() } else { said("After", note) });
        }
        for note in before.notes.iter().filter(|note| !after.notes.contains(note)) {
            section = section.note(said("Before", note));
        }
        section
    }
}

/// The first ones of so many, and how many more there are.
fn first_ones(names: &[String]) -> String {
    const LISTED: usize = 20;
    let listed = names[..names.len().min(LISTED)].join("; ");
    match names.len().saturating_sub(LISTED) {
        0 => listed,
        more => said!("{listed} and {more} more", listed, more),
    }
}

/// A remark of one side.
fn said(when: &str, note: &Remark) -> Remark {
    if note.is_empty() {
        note.clone()
    } else {
        note.clone().behind(format!("{}: ", words::of(when)))
    }
}

/// What stands for the figure of a row that only one side has.
fn listed() -> Cell {
    Cell::Name { name: "listed".to_owned(), label: said!("in the table") }
}

/// A column as a figure: its key for programs, its heading in one line for people.
fn name(column: &Column) -> Cell {
    // A word that a heading breaks at a hyphen is one again.
    let label = column.heading().replace("-\n", "").replace('\n', " ");
    Cell::Name { name: column.key().into_owned(), label }
}

/// The columns that tell what a row is about.
struct Subject {
    /// The first texts that tell all rows apart.
    key: Vec<Column>,
    /// Texts that stand with them, such as the name of a key.
    beside: Vec<Column>,
}

impl Subject {
    fn of(before: &Table, after: &Table) -> Self {
        let mut texts = Vec::new();
        let mut first_run = Vec::new();
        let mut is_first_run = true;
        for column in after.columns() {
            let is_shared = before.columns().contains(column);
            if !is_shared || !is_text(before, after, *column) {
                // A rank may stand before the first text.
                is_first_run &= first_run.is_empty();
                continue;
            }
            texts.push(*column);
            if is_first_run {
                first_run.push(*column);
            }
        }

        let key = key(before, after, texts);
        first_run.retain(|column| !key.contains(column));
        Self { key, beside: first_run }
    }

    /// The key and what stands with it and is the same on both sides, in the order of the table.
    fn labels(&self, before: &Table, after: &Table, pairs: &Pairs) -> Vec<Column> {
        let is_same = |column: &Column| {
            pairs.rows.iter().all(|pair| match *pair {
                (Some(then), Some(now)) => {
                    let was = cell(before, &before.rows()[then], *column);
                    was.plain() == cell(after, &after.rows()[now], *column).plain()
                }
                _ => true,
            })
        };
        let beside: Vec<Column> = self.beside.iter().copied().filter(is_same).collect();
        let mut labels = Vec::new();
        for column in after.columns() {
            if self.key.contains(column) || beside.contains(column) {
                labels.push(*column);
            }
        }
        labels
    }
}

/// The first of these texts that tell all rows apart on both sides: those that every row has before those with gaps,
/// which are remarks, and those that text shows before keys for programs. Where the texts of every row leave rows
/// alike, a whole number right behind them, such as an hour or a number of beds.
fn key(before: &Table, after: &Table, mut texts: Vec<Column>) -> Vec<Column> {
    let has_gap = |column: &Column| {
        [before, after]
            .into_iter()
            .any(|table| table.rows().iter().any(|row| cell(table, row, *column) == Cell::Missing))
    };
    let is_key = |columns: &[Column]| tells_apart(before, columns) && tells_apart(after, columns);
    let is_leading = |column: &&Column| texts.contains(column) && !has_gap(column);
    let mut numbered: Vec<Column> =
        after.columns().iter().take_while(is_leading).copied().collect();
    if !is_key(&numbered)
        && let Some(number) = after.columns().get(numbered.len())
        && is_whole(before, *number)
        && is_whole(after, *number)
    {
        numbered.push(*number);
        if is_key(&numbered) {
            return numbered;
        }
    }

    texts.sort_by_key(|column| (has_gap(column), !is_shown(before, after, *column)));
    let mut key = Vec::new();
    for column in texts {
        if is_key(&key) {
            break;
        }
        key.push(column);
    }
    key
}

/// Whether a column has a whole number in every row.
fn is_whole(table: &Table, column: Column) -> bool {
    table.rows().iter().all(|row| matches!(cell(table, row, column), Cell::Count(_)))
}

/// Whether a column says in words what a row is about.
fn is_text(before: &Table, after: &Table, column: Column) -> bool {
    let mut is_any_there = false;
    for table in [before, after] {
        for row in table.rows() {
            match cell(table, row, column) {
                // Whatever people read as words, in one language or in two.
                Cell::Text(_)
                | Cell::Word(_)
                | Cell::Day(_)
                | Cell::Name { .. }
                | Cell::Key { .. }
                | Cell::Keys { .. }
                | Cell::List(_)
                | Cell::Told { .. } => is_any_there = true,
                Cell::Missing => {}
                _ => return false,
            }
        }
    }
    is_any_there
}

/// Whether these columns are never the same in two rows.
fn tells_apart(table: &Table, columns: &[Column]) -> bool {
    let mut seen = BTreeSet::new();
    table.rows().iter().all(|row| seen.insert(identity(table, row, columns)))
}

/// What a row is about, as one text.
fn identity(table: &Table, row: &[Cell], columns: &[Column]) -> String {
    let mut identity = String::new();
    for column in columns {
        identity.push_str(&cell(table, row, *column).plain());
        // Nothing that is printed holds it.
        identity.push('\u{1f}');
    }
    identity
}

/// Rows of two tables that are about the same.
struct Pairs {
    /// Positions before and after: in the order after, then those that are gone.
    rows: Vec<(Option<usize>, Option<usize>)>,
}

impl Pairs {
    fn of(before: &Table, after: &Table, key: &[Column]) -> Self {
        // Rows that nothing tells apart are matched in their order.
        let mut waiting: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (position, row) in before.rows().iter().enumerate().rev() {
            waiting.entry(identity(before, row, key)).or_default().push(position);
        }
        let mut rows = Vec::new();
        for (position, row) in after.rows().iter().enumerate() {
            let then = waiting.get_mut(&identity(after, row, key)).and_then(Vec::pop);
            rows.push((then, Some(position)));
        }
        let mut gone: Vec<usize> = waiting.into_values().flatten().collect();
        gone.sort_unstable();
        rows.extend(gone.into_iter().map(|position| (Some(position), None)));
        Self { rows }
    }
}

/// The columns that are compared: those of after, then those that only before has.
fn figures(before: &Table, after: &Table, labels: &[Column], extent: Extent) -> Vec<Column> {
    let mut columns = Vec::new();
    for column in after.columns().iter().chain(before.columns()) {
        // Half of an interval says nothing without the value that it is of.
        let is_for_people = is_shown(before, after, *column) && column.heading() != "±";
        let is_wanted = extent == Extent::Full || is_for_people;
        if is_wanted && !labels.contains(column) && !columns.contains(column) {
            columns.push(*column);
        }
    }
    columns
}

/// Whether text shows a column, on the side that has it.
fn is_shown(before: &Table, after: &Table, column: Column) -> bool {
    [after, before].into_iter().any(|table| {
        let position = table.columns().iter().position(|known| *known == column);
        position.is_some_and(|position| table.is_shown(position))
    })
}

/// The value of a row in a column; missing where the table has none.
fn cell(table: &Table, row: &[Cell], column: Column) -> Cell {
    let position = table.columns().iter().position(|known| *known == column);
    position.map_or(Cell::Missing, |position| row[position].clone())
}

/// Whether the difference of two values prints as more than zero; where one is no number, whether they read otherwise.
fn is_other(before: &Cell, after: &Cell) -> bool {
    match difference(before, after) {
        Some(difference) => difference.display().contains(|digit| ('1'..='9').contains(&digit)),
        None => before.plain() != after.plain(),
    }
}

/// How much more a value is after; `None` where one is no number.
fn difference(before: &Cell, after: &Cell) -> Option<Cell> {
    let more = number(after)? - number(before)?;
    Some(match (before, after) {
        (Cell::Minutes(_), _) => Cell::minutes(more),
        (Cell::Share(_) | Cell::Points(_), _) => Cell::points(more),
        (Cell::Number(_, then), Cell::Number(_, now)) => Cell::number(more, *then.max(now)),
        (Cell::Number(_, decimals), _) | (_, Cell::Number(_, decimals)) => {
            Cell::number(more, *decimals)
        }
        _ => Cell::number(more, 0),
    })
}

/// A number in the unit of its kind.
fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::Count(count) => Some(*count as f64),
        Cell::Number(number, _)
        | Cell::Share(number)
        | Cell::Points(number)
        | Cell::Minutes(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::columns::{BEDS, HOSPITAL, HOSPITAL_NAME, NOTE, REFUSED_CASES};

    /// Beds of wards with cases that are refused, and remarks on some of them.
    fn beds(rows: &[(u32, f64, Option<&str>)]) -> Document {
        let table = Table::of(rows.to_vec())
            .detail(HOSPITAL, |_| Cell::text("north"))
            .column(BEDS, |row| Cell::count(row.0))
            .column(REFUSED_CASES, |row| Cell::number(row.1, 0))
            .column(NOTE, |row| Cell::maybe_text(row.2))
            .build();
        Document::new("Beds").section(Section::new("beds", "What more beds give", table))
    }

    #[test]
    fn where_texts_leave_rows_alike_the_number_behind_them_tells_them_apart() {
        let before = beds(&[(10, 80.0, Some("there now")), (11, 60.0, None), (12, 40.0, None)]);
        let after = beds(&[(11, 75.0, Some("there now")), (12, 40.0, None), (13, 30.0, None)]);
        let both = serde_json::to_value(against(&before, &after, Extent::Shown)).unwrap();
        let rows = both["tables"]["beds"].as_array().unwrap();
        // Of 11 beds the cases and the remark differ, of 12 nothing; 10 and 13 are only on one side.
        assert_eq!((&rows[0]["beds"], &rows[0]["difference"]), (&11.into(), &15.0.into()));
        assert_eq!((&rows[1]["compared"], &rows[1]["before"]), (&"note".into(), &().into()));
        assert_eq!(rows.len(), 2);
        let notes = both["notes"]["beds"].as_array().unwrap();
        assert_eq!(
            notes[..3],
            ["1 of 4 rows does not change.", "Only before: 10.", "Only after: 13."]
        );
    }

    #[test]
    fn rows_are_named_by_what_text_shows() {
        let named = |names: &[(&str, &str)]| {
            let table = Table::of(names.to_vec())
                .detail(HOSPITAL, |row| Cell::text(row.0))
                .column(HOSPITAL_NAME, |row| Cell::text(row.1))
                .build();
            Document::new("Sites").section(Section::new("sites", "Sites", table))
        };
        let before = named(&[("n", "North"), ("s", "South")]);
        let after = named(&[("n", "North")]);
        let told = against(&before, &after, Extent::Shown);
        let words = told.sections[0].in_words.as_ref().map(ToString::to_string);
        assert_eq!(words.as_deref(), Some("Only before: South."));

        let same = against(&after, &after, Extent::Shown);
        assert_eq!(same.about, [("unchanged", Remark::from("Sites (1 row)"))]);
    }
}
