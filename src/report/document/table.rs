//! Tables: columns with a cell for every row.

use std::borrow::Cow;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{Cell, Hint};
use crate::report::columns::Column;
use crate::words;

/// A table: columns of [`COLUMNS`](crate::report::COLUMNS) and rows of as many cells.
///
/// Every column is said once, with what its cells are:
///
/// ```
/// use verbund::report::columns::{CASES, HOSPITAL};
/// use verbund::report::{Cell, Table};
///
/// let cases = [("north", 1200.0), ("south", 800.0)];
/// let table = Table::of(cases)
///     .column(HOSPITAL, |row| Cell::text(row.0))
///     .column(CASES, |row| Cell::number(row.1, 0))
///     .build();
/// assert_eq!(table.rows()[1], [Cell::text("south"), Cell::number(800.0, 0)]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: Vec<Column>,
    /// Shared by the copies of a table: there may be as many rows as a country has places.
    rows: Arc<Vec<Vec<Cell>>>,
    /// How many of the rows a screen gets.
    shown: usize,
    /// Columns that are left out in text, where the screen has no room for them.
    details: Vec<Column>,
    /// Columns that go first where a screen is too narrow for all, before those that are minor in any table.
    spare: Vec<Column>,
    /// Headings of columns that say something else in this table than in others.
    headings: Vec<(Column, String)>,
    /// Positions of rows that are left out in text, in rising order.
    quiet: Vec<usize>,
}

impl Table {
    /// A table of what these rows are; its columns are still to be said.
    pub fn of<R>(rows: impl IntoIterator<Item = R>) -> TableBuilder<R> {
        // The rows are kept until all columns are said: each column goes over all of them.
        let rows: Vec<R> = rows.into_iter().collect();
        let table = Self {
            columns: Vec::new(),
            rows: Arc::new(Vec::new()),
            shown: usize::MAX,
            details: Vec::new(),
            spare: Vec::new(),
            headings: Vec::new(),
            quiet: Vec::new(),
        };
        let cells = vec![Vec::new(); rows.len()];
        TableBuilder { rows, cells, table }
    }

    /// A table without rows.
    pub fn empty(columns: &[Column]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Arc::new(Vec::new()),
            shown: usize::MAX,
            details: Vec::new(),
            spare: Vec::new(),
            headings: Vec::new(),
            quiet: Vec::new(),
        }
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows; of a table that is short for a screen the first ones ([`Document::whole`](super::Document::whole)).
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows[..self.shown.min(self.rows.len())]
    }

    /// The same where a screen gets the first rows only, and a file all.
    #[must_use]
    pub fn show_first(mut self, rows: usize) -> Self {
        self.shown = rows;
        self
    }

    pub(super) fn show_all(&mut self) {
        self.shown = usize::MAX;
    }

    /// The same with more columns for programs behind the others: `ends` has their cells for every row that is shown.
    pub(super) fn with_details(&self, columns: &[Column], ends: Vec<Vec<Cell>>) -> Self {
        let mut rows = self.rows().to_vec();
        for (row, mut end) in rows.iter_mut().zip(ends) {
            row.append(&mut end);
        }
        let mut table = self.clone().hide(columns);
        table.columns.extend(columns);
        table.rows = Arc::new(rows);
        table
    }

    /// The same with other cells of the rows that it shows, where `other` has one for the number of a row, a
    /// column and its cell.
    pub(in crate::report) fn with_cells(
        &self,
        other: impl Fn(usize, Column, &Cell) -> Option<Cell>,
    ) -> Self {
        let mut rows = self.rows().to_vec();
        let mut is_as_before = true;
        for (number, row) in rows.iter_mut().enumerate() {
            for (column, cell) in self.columns.iter().zip(row) {
                if let Some(known) = other(number, *column, cell) {
                    *cell = known;
                    is_as_before = false;
                }
            }
        }
        // Most tables stay as they are: their rows stay shared.
        let rows = if is_as_before { Arc::clone(&self.rows) } else { Arc::new(rows) };
        Self { rows, ..self.clone() }
    }

    /// The rows that text shows.
    pub fn shown_rows(&self) -> impl Iterator<Item = &Vec<Cell>> {
        let rows = self.rows().iter().enumerate();
        rows.filter(|(position, _)| self.quiet.binary_search(position).is_err()).map(|(_, row)| row)
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows().is_empty()
    }

    /// The same where text leaves these columns out: they are for programs only.
    #[must_use]
    pub fn hide(mut self, columns: &[Column]) -> Self {
        self.details.extend(columns);
        self
    }

    /// The same where text leaves these columns out if `is_hidden`.
    #[must_use]
    pub fn hide_if(self, is_hidden: bool, columns: &[Column]) -> Self {
        if is_hidden { self.hide(columns) } else { self }
    }

    /// The same with another heading of a column in text, such as the scenario whose values it has.
    #[must_use]
    pub fn head(mut self, column: Column, heading: impl Into<String>) -> Self {
        self.headings.push((column, heading.into()));
        self
    }

    /// The heading of the column at this position in text; it may have several lines.
    pub fn heading(&self, column: usize) -> Cow<'_, str> {
        let column = self.columns[column];
        match self.headings.iter().find(|(headed, _)| *headed == column) {
            Some((_, heading)) => words::of(heading),
            None => column.heading(),
        }
    }

    /// Those of these columns, by position, that go next where a screen is too narrow for them: the last spare one,
    /// else the last one of [less importance](Column::is_minor); with what is after a change goes what was before it.
    /// None where all that is left carries the answer: then a table is broken in two.
    pub fn next_to_go(&self, columns: &[usize]) -> Vec<usize> {
        // The first column says what a row is.
        let others = columns.get(1..).unwrap_or_default();
        let is_spare = |position: &&usize| self.spare.contains(&self.columns[**position]);
        let is_minor = |position: &&usize| self.columns[**position].is_minor();
        let last = |of_rank: &dyn Fn(&&usize) -> bool| others.iter().rev().find(of_rank);
        let Some(&gone) = last(&is_spare).or_else(|| last(&is_minor)) else { return Vec::new() };

        // The value before a change would stand there as if it were the one of today.
        let before = self.columns[gone].key().replace("after", "before");
        let mut next = columns.to_vec();
        next.retain(|&position| position == gone || self.columns[position].key() == before);
        next
    }

    /// Whether the column at this position is shown in text.
    pub fn is_shown(&self, column: usize) -> bool {
        !self.details.contains(&self.columns[column])
    }

    /// The same with words for its hints.
    pub(super) fn told<S: AsRef<str>>(&self, words: impl Fn(Hint) -> S) -> Self {
        let mut table = self.clone();
        let is_hint = |cell: &Cell| matches!(cell, Cell::Hint(_));
        // Hardly any table has one: its rows stay shared with the copy.
        if self.rows.iter().flatten().any(is_hint) {
            for cell in Arc::make_mut(&mut table.rows).iter_mut().flatten() {
                if let Cell::Hint(hint) = cell {
                    *cell = Cell::text(words(*hint).as_ref());
                }
            }
        }
        table
    }
}

/// A table whose columns are said one after the other, with what each cell is of its row.
#[derive(Debug, Clone)]
#[must_use = "a table is made by `build`"]
pub struct TableBuilder<R> {
    rows: Vec<R>,
    cells: Vec<Vec<Cell>>,
    table: Table,
}

impl<R> TableBuilder<R> {
    /// One more column.
    pub fn column(mut self, column: Column, mut cell: impl FnMut(&R) -> Cell) -> Self {
        self.table.columns.push(column);
        for (row, cells) in self.rows.iter().zip(&mut self.cells) {
            cells.push(cell(row));
        }
        self
    }

    /// One more column that text leaves out: it is for programs only.
    pub fn detail(mut self, column: Column, cell: impl FnMut(&R) -> Cell) -> Self {
        self.table.details.push(column);
        self.column(column, cell)
    }

    /// One more column, which text leaves out if `is_detail`.
    pub fn detail_if(self, is_detail: bool, column: Column, cell: impl FnMut(&R) -> Cell) -> Self {
        if is_detail { self.detail(column, cell) } else { self.column(column, cell) }
    }

    /// One more column, which goes first where a screen is too narrow for all; of several, the last one.
    pub fn spare(mut self, column: Column, cell: impl FnMut(&R) -> Cell) -> Self {
        self.table.spare.push(column);
        self.column(column, cell)
    }

    /// The same where text leaves some rows out, such as those that say that nothing is other: a remark has to say
    /// which.
    pub fn quiet(mut self, is_quiet: impl Fn(&R) -> bool) -> Self {
        for (position, row) in self.rows.iter().enumerate() {
            if is_quiet(row) {
                self.table.quiet.push(position);
            }
        }
        self
    }

    /// The table.
    pub fn build(self) -> Table {
        Table { rows: Arc::new(self.cells), ..self.table }
    }
}

impl Serialize for Table {
    /// A list of objects, the columns' keys as keys.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        struct Row<'t>(&'t [Column], &'t [Cell]);
        impl Serialize for Row<'_> {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                let mut map = to.serialize_map(Some(self.0.len()))?;
                for (column, cell) in self.0.iter().zip(self.1) {
                    map.serialize_entry(&*column.key(), cell)?;
                }
                map.end()
            }
        }

        let mut list = to.serialize_seq(Some(self.rows().len()))?;
        for row in self.rows() {
            list.serialize_element(&Row(&self.columns, row))?;
        }
        list.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::columns::{BEDS, CASES_AFTER, CASES_BEFORE, HOSPITAL, OVERLOAD, SOURCE};

    #[test]
    fn on_a_narrow_screen_the_least_important_go_first_and_before_goes_with_after() {
        let nothing = |(): &()| Cell::Missing;
        let table = Table::of([(); 0])
            .column(HOSPITAL, nothing)
            .spare(CASES_BEFORE, nothing)
            .spare(CASES_AFTER, nothing)
            .column(SOURCE, nothing)
            .column(BEDS, nothing)
            .column(OVERLOAD, nothing)
            .build();

        let mut left: Vec<usize> = (0..table.columns().len()).collect();
        let mut gone = Vec::new();
        loop {
            let next = table.next_to_go(&left);
            if next.is_empty() {
                break;
            }
            left.retain(|position| !next.contains(position));
            gone.push(next);
        }
        // Those that carry the answer stay, and so does the first one whatever it is.
        assert_eq!(gone, [vec![1, 2], vec![3]]);
        assert_eq!(left, [0, 4, 5]);
        assert!(table.next_to_go(&[]).is_empty() && table.next_to_go(&[3]).is_empty());
    }
}
