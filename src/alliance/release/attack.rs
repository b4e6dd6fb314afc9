//! What a reader can work out of suppressed cells: the attack against which a table is protected.

use std::collections::VecDeque;

use serde::Serialize;

use super::table::{Cell, CountTable};

/// From which to which count a suppressed cell may be, by all that is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Range {
    /// The cell.
    pub cell: Cell,
    /// The lowest count.
    pub lowest: u64,
    /// The highest count; `None` where nothing bounds it.
    pub highest: Option<u64>,
}

impl Range {
    /// How many counts lie between lowest and highest; `None` without a bound. 0 is a cell that was recovered.
    pub fn width(&self) -> Option<u64> {
        self.highest.map(|highest| highest - self.lowest)
    }
}

/// The range of every suppressed cell, by a reader who knows all published cells, that rows and columns add up to their
/// totals, and that counts are whole and not below 0. The ranges are exact: each end is reached by some table that looks the
/// same.
///
/// Such a table is a flow through rows and columns, so that the ends of a range are maximum flows (Cox, L. H. (1995):
/// Network models for complementary cell suppression. Journal of the American Statistical Association 90, 1453-1462).
///
/// ```
/// use verbund::alliance::{Cell, CountTable, attack};
///
/// // One cell alone is the total less the others.
/// let mut table = CountTable::new(&[vec![3, 20], vec![30, 40]])?;
/// let small = Cell { row: 0, column: 0 };
/// table.suppress(small);
/// assert_eq!(attack(&table)[0].width(), Some(0));
/// // With its row, its column and the corner of both it may be anything from 0 to 23.
/// for (row, column) in [(0, 1), (1, 0), (1, 1)] {
///     table.suppress(Cell { row, column });
/// }
/// let range = attack(&table)[0];
/// assert_eq!((range.lowest, range.highest), (0, Some(23)));
/// # Ok::<(), verbund::alliance::FigureError>(())
/// ```
pub fn attack(table: &CountTable) -> Vec<Range> {
    let mut ranges = Vec::new();
    for cell in table.cells() {
        if table.is_suppressed(cell) {
            ranges.push(range(table, cell, u64::MAX));
        }
    }
    ranges
}

/// The range of one cell; ends farther away than `most` are told as that far.
pub(super) fn range(table: &CountTable, cell: Cell, most: u64) -> Range {
    let count = table.count(cell);
    let can_rise = Chains::new(table, cell, Way::Up).flow(most);
    // No count is below 0, so that no more need be asked for.
    let can_fall = Chains::new(table, cell, Way::Down).flow(most.min(count));
    let highest = if can_rise == UNBOUNDED { None } else { count.checked_add(can_rise) };
    Range { cell, lowest: count - can_fall, highest }
}

/// Which way the count of a cell is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// Without a bound.
const UNBOUNDED: u64 = u64::MAX;

/// The chains of suppressed cells that make up for a change of one cell: rows and columns are nodes, and a path leads from
/// the cell's row to its column. In the row one cell makes up for it, in that one's column another makes up for that one, and
/// so on.
pub(super) struct Chains {
    /// By how much cells can still change on the way from one node to another.
    capacity: Vec<Vec<u64>>,
    rows: usize,
    from: usize,
    to: usize,
}

impl Chains {
    pub(super) fn new(table: &CountTable, cell: Cell, way: Way) -> Self {
        let rows = table.rows() + 1;
        let nodes = rows + table.columns() + 1;
        let mut chains = Self {
            capacity: vec![vec![0; nodes]; nodes],
            rows,
            from: cell.row,
            to: rows + cell.column,
        };
        for candidate in table.cells() {
            if table.is_suppressed(candidate) && candidate != cell {
                chains.open(table, candidate, way);
            }
        }
        // A row is its cells less its total: the total has the other sign, and is changed the other way round.
        if table.is_total_of_one(cell) {
            std::mem::swap(&mut chains.from, &mut chains.to);
        }
        chains
    }

    /// Lets a cell take part.
    fn open(&mut self, table: &CountTable, cell: Cell, way: Way) {
        let (row, column) = (cell.row, self.rows + cell.column);
        let count = table.count(cell);
        // No count falls below 0; a total rises where an inner cell falls.
        let (rises, falls) =
            if table.is_total_of_one(cell) { (count, UNBOUNDED) } else { (UNBOUNDED, count) };
        let (forth, back) = if way == Way::Up { (falls, rises) } else { (rises, falls) };
        self.capacity[row][column] = forth;
        self.capacity[column][row] = back;
    }

    /// By how much the cell can change, `most` at most; what is left of the capacities stays.
    pub(super) fn flow(&mut self, most: u64) -> u64 {
        largest_flow(&mut self.capacity, self.from, self.to, most)
    }

    /// The cells that would have to be suppressed, too, for another chain, the cheapest by `cost`; `None` where there is no
    /// chain at all. To be asked once the flow has used what there is.
    pub(super) fn cheapest_new(
        &self,
        table: &CountTable,
        cost: impl Fn(Cell) -> u64,
    ) -> Option<Vec<Cell>> {
        let nodes = self.capacity.len();
        let mut known = vec![(u64::MAX, None); nodes];
        let mut is_done = vec![false; nodes];
        known[self.from].0 = 0;
        loop {
            // A table has some hundred lines at most: looking at every node is fast enough.
            let open = (0..nodes).filter(|node| !is_done[*node] && known[*node].0 < u64::MAX);
            let node = open.min_by_key(|node| (known[*node].0, *node))?;
            if node == self.to {
                break;
            }
            is_done[node] = true;
            for next in 0..nodes {
                let Some(cell) = self.cell(node, next) else { continue };
                let step = if self.capacity[node][next] > 0 {
                    0
                } else if table.is_suppressed(cell)
                    || (cell.row, self.rows + cell.column) == self.ends()
                {
                    continue;
                } else {
                    cost(cell)
                };
                let total = known[node].0.saturating_add(step);
                if total < known[next].0 {
                    known[next] = (total, Some(node));
                }
            }
        }

        let mut cells = Vec::new();
        let mut node = self.to;
        while let Some(previous) = known[node].1 {
            if let Some(cell) = self.cell(previous, node).filter(|cell| !table.is_suppressed(*cell))
            {
                cells.push(cell);
            }
            node = previous;
        }
        (!cells.is_empty()).then_some(cells)
    }

    /// The row and the column of the cell that is changed, as nodes.
    fn ends(&self) -> (usize, usize) {
        (self.from.min(self.to), self.from.max(self.to))
    }

    /// The cell between a row and a column.
    fn cell(&self, node: usize, next: usize) -> Option<Cell> {
        let (row, column) = (node.min(next), node.max(next));
        let is_pair = row < self.rows && column >= self.rows;
        is_pair.then(|| Cell { row, column: column - self.rows })
    }
}

/// The largest flow between two nodes, no more than `most`, by shortest paths that still have room (Edmonds and Karp).
fn largest_flow(capacity: &mut [Vec<u64>], from: usize, to: usize, most: u64) -> u64 {
    let mut flow: u64 = 0;
    while flow < most {
        let Some(path) = shortest_path(capacity, from, to) else { break };
        // The narrowest step of the path says how much goes through.
        let mut room = most - flow;
        for step in path.windows(2) {
            room = room.min(capacity[step[0]][step[1]]);
        }
        for step in path.windows(2) {
            let (start, end) = (step[0], step[1]);
            // What has no bound has none after anything was taken from it.
            if capacity[start][end] != UNBOUNDED {
                capacity[start][end] -= room;
            }
            capacity[end][start] = capacity[end][start].saturating_add(room);
        }
        flow = flow.saturating_add(room);
    }
    flow
}

fn shortest_path(capacity: &[Vec<u64>], from: usize, to: usize) -> Option<Vec<usize>> {
    let mut before = vec![None; capacity.len()];
    let mut queue = VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        if node == to {
            break;
        }
        for (next, room) in capacity[node].iter().enumerate() {
            if *room > 0 && before[next].is_none() && next != from {
                before[next] = Some(node);
                queue.push_back(next);
            }
        }
    }
    let mut path = vec![to];
    while let Some(previous) = before[*path.last()?] {
        path.push(previous);
        if previous == from {
            path.reverse();
            return Some(path);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every completion of a small table that looks the same, by trying all counts: the slow second method.
    fn ranges_by_trying(
        rows: &[Vec<u64>],
        suppressed: &[(usize, usize)],
        most: u64,
    ) -> Vec<(u64, u64)> {
        let mut ranges = vec![(u64::MAX, 0); suppressed.len()];
        let sum_of_row = |rows: &[Vec<u64>], row: usize| -> u64 { rows[row].iter().sum() };
        let sum_of_column =
            |rows: &[Vec<u64>], column: usize| -> u64 { rows.iter().map(|row| row[column]).sum() };
        let mut trial = vec![0; suppressed.len()];
        loop {
            let mut table = rows.to_vec();
            for ((row, column), count) in suppressed.iter().zip(&trial) {
                table[*row][*column] = *count;
            }
            let fits = (0..rows.len()).all(|row| sum_of_row(&table, row) == sum_of_row(rows, row))
                && (0..rows[0].len())
                    .all(|column| sum_of_column(&table, column) == sum_of_column(rows, column));
            if fits {
                for (range, count) in ranges.iter_mut().zip(&trial) {
                    *range = (range.0.min(*count), range.1.max(*count));
                }
            }
            let Some(digit) = trial.iter().position(|count| *count < most) else { return ranges };
            trial[digit] += 1;
            trial[..digit].fill(0);
        }
    }

    #[test]
    fn ranges_are_those_of_all_tables_that_look_the_same() {
        let rows = [vec![2, 3, 1], vec![0, 4, 2], vec![5, 1, 3]];
        for suppressed in [
            vec![(0, 0), (0, 1), (1, 0), (1, 1)],
            vec![(0, 0), (0, 2), (1, 2), (1, 1), (0, 1)],
            vec![(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (2, 0)],
            vec![(0, 0), (1, 1)],
            vec![(1, 0), (1, 2), (2, 0), (2, 2), (0, 0)],
        ] {
            let mut table = CountTable::new(&rows).unwrap();
            for (row, column) in &suppressed {
                table.suppress(Cell { row: *row, column: *column });
            }
            let slow = ranges_by_trying(&rows, &suppressed, 9);
            for range in attack(&table) {
                let place = (range.cell.row, range.cell.column);
                let position = suppressed.iter().position(|cell| *cell == place).unwrap();
                assert_eq!(
                    (range.lowest, range.highest),
                    (slow[position].0, Some(slow[position].1))
                );
            }
        }
    }

    #[test]
    fn suppressed_totals_leave_cells_without_a_bound() {
        let mut table = CountTable::new(&[vec![3, 9]]).unwrap();
        for (row, column) in [(0, 0), (0, 2), (1, 0), (1, 2)] {
            table.suppress(Cell { row, column });
        }
        for range in attack(&table) {
            // The cell and the total of its column are the same; both totals of the row are nine more at least.
            let lowest = if range.cell.column == 0 { 0 } else { 9 };
            assert_eq!((range.lowest, range.highest), (lowest, None), "{range:?}");
        }
        assert!(attack(&CountTable::new(&[]).unwrap()).is_empty());
    }
}
