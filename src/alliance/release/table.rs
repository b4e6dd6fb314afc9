//! A table of counts with its totals, and which of its cells are published.

use serde::Serialize;

use crate::alliance::error::FigureError;

/// Counts of members (rows) by years or indicators (columns), with the totals of rows and columns.
///
/// A total is a cell like any other: it may have to be kept back, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountTable {
    rows: usize,
    columns: usize,
    /// By row, each with its total at the end; the last row has the totals of the columns.
    counts: Vec<u64>,
    is_suppressed: Vec<bool>,
}

/// A cell of a table with totals: the row and column behind the last are those of the totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Cell {
    /// The row from 0.
    pub row: usize,
    /// The column from 0.
    pub column: usize,
}

/// A table has at most this many rows or columns, totals left aside.
pub const MOST_LINES: usize = 200;

/// A count is at most this, so that sums of a table stay exact.
const MOST_COUNT: u64 = 1_000_000_000_000;

impl CountTable {
    /// A table of equally long rows, nothing of it suppressed.
    ///
    /// # Errors
    ///
    /// When rows are not equally long, there are more than [`MOST_LINES`] rows or columns, or a count is above a million
    /// millions.
    pub fn new(rows: &[Vec<u64>]) -> Result<Self, FigureError> {
        let columns = rows.first().map_or(0, Vec::len);
        let is_even = rows.iter().all(|row| row.len() == columns);
        if !is_even || rows.len() > MOST_LINES || columns > MOST_LINES {
            return Err(FigureError::Table { rows: rows.len(), columns });
        }
        let mut counts = Vec::new();
        // Totals are cells of their own: readers see them, and attacks use them.
        let mut totals = vec![0; columns + 1];
        for row in rows {
            let mut sum = 0;
            for (column, count) in row.iter().enumerate() {
                if *count > MOST_COUNT {
                    return Err(FigureError::Expected { expected: *count as f64 });
                }
                sum += count;
                totals[column] += count;
                counts.push(*count);
            }
            totals[columns] += sum;
            counts.push(sum);
        }
        counts.extend(totals);
        let is_suppressed = vec![false; counts.len()];
        Ok(Self { rows: rows.len(), columns, counts, is_suppressed })
    }

    /// Rows, the totals left aside.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns, the totals left aside.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Every cell, row by row, totals included.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + use<> {
        let columns = self.columns;
        (0..=self.rows).flat_map(move |row| (0..=columns).map(move |column| Cell { row, column }))
    }

    fn position(&self, cell: Cell) -> usize {
        cell.row * (self.columns + 1) + cell.column
    }

    /// The count of a cell, whoever may see it.
    ///
    /// # Panics
    ///
    /// When the table has no such cell.
    pub fn count(&self, cell: Cell) -> u64 {
        self.counts[self.position(cell)]
    }

    /// Whether a cell is kept back.
    ///
    /// # Panics
    ///
    /// When the table has no such cell.
    pub fn is_suppressed(&self, cell: Cell) -> bool {
        self.is_suppressed[self.position(cell)]
    }

    /// Keeps a cell back.
    ///
    /// # Panics
    ///
    /// When the table has no such cell.
    pub fn suppress(&mut self, cell: Cell) {
        let position = self.position(cell);
        self.is_suppressed[position] = true;
    }

    /// What readers see of a cell; `None` of one that is kept back.
    ///
    /// # Panics
    ///
    /// When the table has no such cell.
    pub fn published(&self, cell: Cell) -> Option<u64> {
        (!self.is_suppressed(cell)).then(|| self.count(cell))
    }

    /// Whether the cell is a total of a row or of a column; the total of all counts like an inner cell, because both sums
    /// end in it.
    pub(super) fn is_total_of_one(&self, cell: Cell) -> bool {
        // Both at once is the corner, which is neither the sum of one row nor of one column.
        (cell.row == self.rows) != (cell.column == self.columns)
    }

    /// Whether the cell is any total.
    pub(super) fn is_total(&self, cell: Cell) -> bool {
        cell.row == self.rows || cell.column == self.columns
    }
}
