//! Smallest sets that hit every row: minimum hitting set by reductions, and branch and bound.
//!
//! Rows are sets of columns; a solution has a column of every row. Rows that hold another row are
//! hit with it and left out, which changes no solution. What is left falls apart into groups
//! without common columns, solved one by one. Within a group: a row with one column takes it; a column whose
//! rows another column hits as well is left out; rows without common columns, taken greedily, bound
//! from below, because each needs a column of its own.
//!
//! Caprara, A., Toth, P., Fischetti, M. (2000): Algorithms for the set covering problem. Annals of
//! Operations Research 98, 353-371, has these rules among its preprocessing.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use fixedbitset::FixedBitSet;

use crate::run::Control;

/// When to give up: after a number of steps, not a time, so that the answer is the same on every
/// machine; or when somebody asks.
pub(super) struct Patience<'a> {
    /// Words of rows that may still be looked at.
    pub(super) steps: u64,
    pub(super) control: &'a Control<'a>,
}

impl Patience<'_> {
    /// Whether there is patience for so many steps more.
    fn allows(&mut self, steps: usize) -> bool {
        if self.control.is_stopped() {
            self.steps = 0;
        }
        let is_enough = self.steps > steps as u64;
        self.steps = self.steps.saturating_sub(steps as u64);
        is_enough
    }
}

/// The smallest hitting set that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hitting {
    /// Its columns, rising.
    pub(super) columns: Vec<u32>,
    /// No hitting set is smaller than this.
    pub(super) least: usize,
    /// Whether ties were resolved, too.
    pub(super) is_first: bool,
}

/// The smallest set of columns that hits all rows. Of several the one whose complement is first in
/// the order of the columns: where two differ, the smallest column in which they do is not in it.
///
/// Rows are sorted and not empty.
pub(super) fn smallest_hitting(rows: Vec<Vec<u32>>, patience: &mut Patience<'_>) -> Hitting {
    let mut hitting = Hitting { columns: Vec::new(), least: 0, is_first: true };
    for rows in groups(without_supersets(rows)) {
        // Groups share no column, so the first complement of all is that of each.
        let part = Group::new(&rows).solve(patience);
        hitting.columns.extend(part.columns);
        hitting.least += part.least;
        hitting.is_first &= part.is_first;
    }
    hitting.columns.sort_unstable();
    hitting
}

/// The rows that hold no other row, each once; shorter ones first, ties by their columns.
fn without_supersets(mut rows: Vec<Vec<u32>>) -> Vec<Vec<u32>> {
    rows.sort_unstable();
    rows.dedup();
    // Stable: equally long ones stay in the order of their columns.
    rows.sort_by_key(Vec::len);
    let mut kept: Vec<Vec<u32>> = Vec::new();
    // A kept row stands under its first column, which every row that holds it has, too.
    let mut under: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for row in rows {
        if !holds_any(&row, &kept, &under) {
            under.entry(row[0]).or_default().push(kept.len());
            kept.push(row);
        }
    }
    kept
}

/// Whether a row holds one of those that are kept, which are found under their first columns.
fn holds_any(row: &[u32], kept: &[Vec<u32>], under: &BTreeMap<u32, Vec<usize>>) -> bool {
    for column in row {
        let Some(shorter) = under.get(column) else { continue };
        for &position in shorter {
            if kept[position].iter().all(|column| row.binary_search(column).is_ok()) {
                return true;
            }
        }
    }
    false
}

/// Rows in groups that share no column, by the smallest column of each.
fn groups(rows: Vec<Vec<u32>>) -> Vec<Vec<Vec<u32>>> {
    // Columns that stand in one row lead to the same smallest one, over however many rows.
    let mut parents: BTreeMap<u32, u32> = BTreeMap::new();
    for row in &rows {
        let mut least = u32::MAX;
        for &column in row {
            least = least.min(root(&parents, column));
        }
        for &column in row {
            let root = root(&parents, column);
            parents.insert(root, least);
            parents.insert(column, least);
        }
    }
    let mut groups: BTreeMap<u32, Vec<Vec<u32>>> = BTreeMap::new();
    for row in rows {
        groups.entry(root(&parents, row[0])).or_default().push(row);
    }
    groups.into_values().collect()
}

fn root(parents: &BTreeMap<u32, u32>, mut column: u32) -> u32 {
    while let Some(&up) = parents.get(&column)
        && up != column
    {
        column = up;
    }
    column
}

/// A group, its columns numbered from 0 in their order.
struct Group {
    columns: Vec<u32>,
    rows: Vec<FixedBitSet>,
}

impl Group {
    fn new(rows: &[Vec<u32>]) -> Self {
        // Numbered anew within the group, so that its rows are short: steps and memory count their words.
        let mut columns = rows.concat();
        columns.sort_unstable();
        columns.dedup();
        let mut numbered = Vec::with_capacity(rows.len());
        for row in rows {
            let mut bits = FixedBitSet::with_capacity(columns.len());
            for column in row {
                let number = columns.binary_search(column);
                bits.insert(number.expect("the columns are those of all rows"));
            }
            numbered.push(bits);
        }
        Self { columns, rows: numbered }
    }

    fn solve(&self, patience: &mut Patience<'_>) -> Hitting {
        let least = packing(&self.rows);
        let mut best = greedy(&self.rows, self.columns.len());
        let mut is_proven = true;
        if best.count_ones(..) > least {
            let mut search = Search::below(best.count_ones(..), least, patience);
            search.run(self.rows.clone(), FixedBitSet::with_capacity(self.columns.len()));
            is_proven = !search.is_cut;
            best = search.best.unwrap_or(best);
        }
        let is_first = is_proven && self.leave_out_first(&mut best, patience);
        let size = best.count_ones(..);
        let mut columns = Vec::with_capacity(size);
        for number in best.ones() {
            columns.push(self.columns[number]);
        }
        Hitting { columns, least: if is_proven { size } else { least }, is_first }
    }

    /// Turns a smallest solution into the one that leaves out the smallest columns; `false` when
    /// patience ran out before that was sure.
    fn leave_out_first(&self, best: &mut FixedBitSet, patience: &mut Patience<'_>) -> bool {
        let (width, size) = (self.columns.len(), best.count_ones(..));
        let mut kept = FixedBitSet::with_capacity(width);
        let mut out = FixedBitSet::with_capacity(width);
        for column in 0..width {
            out.insert(column);
            if !best.contains(column) {
                continue;
            }
            // Is there one of this size without the column that keeps all decisions before?
            let mut rows = Vec::new();
            for row in &self.rows {
                if row.is_disjoint(&kept) {
                    let mut row = row.clone();
                    row.difference_with(&out);
                    rows.push(row);
                }
            }
            let mut search = Search::below(size + 1, size, patience);
            search.run(rows, kept.clone());
            match search.best {
                Some(smaller) => *best = smaller,
                None if search.is_cut => return false,
                None => {
                    out.set(column, false);
                    kept.insert(column);
                }
            }
        }
        true
    }
}

/// Branch and bound.
struct Search<'s, 'p> {
    /// Solutions must be smaller than this: it falls with every one that is found.
    below: usize,
    /// A solution of this size ends the search.
    enough: usize,
    best: Option<FixedBitSet>,
    is_cut: bool,
    patience: &'s mut Patience<'p>,
}

impl<'s, 'p> Search<'s, 'p> {
    fn below(below: usize, enough: usize, patience: &'s mut Patience<'p>) -> Self {
        Self { below, enough, best: None, is_cut: false, patience }
    }

    /// Looks for solutions that add to `chosen` what hits the rows.
    fn run(&mut self, mut rows: Vec<FixedBitSet>, mut chosen: FixedBitSet) {
        if self.best.is_some() && self.below <= self.enough || self.is_cut {
            return;
        }
        // As many steps as words of memory, so that steps bound the memory of the open tries, too.
        let words = width(&rows) / 64 + 1;
        if !self.patience.allows(rows.len() * words + 1) {
            self.is_cut = true;
            return;
        }
        if !reduce(&mut rows, &mut chosen) {
            return;
        }
        let size = chosen.count_ones(..);
        if size + packing(&rows) >= self.below {
            return;
        }
        let Some(shortest) = rows.iter().min_by_key(|row| row.count_ones(..)) else {
            self.below = size;
            self.best = Some(chosen);
            return;
        };
        // One of its columns is in every solution: the one that hits most rows first; what was tried
        // is left out of the tries that follow.
        let mut tries: Vec<usize> = shortest.ones().collect();
        let hits = |column: usize| rows.iter().filter(|row| row.contains(column)).count();
        tries.sort_by_key(|column| Reverse(hits(*column)));
        for column in tries {
            let mut with = chosen.clone();
            with.insert(column);
            let mut open = Vec::new();
            for row in &rows {
                if !row.contains(column) {
                    open.push(row.clone());
                }
            }
            self.run(open, with);
            for row in &mut rows {
                row.set(column, false);
            }
        }
    }
}

/// How many columns rows are numbered over; 0 without rows.
fn width(rows: &[FixedBitSet]) -> usize {
    match rows.first() {
        Some(row) => row.len(),
        None => 0,
    }
}

/// Takes what every smallest solution can take and leaves out what none needs; `false` when a row
/// has no column left.
fn reduce(rows: &mut Vec<FixedBitSet>, chosen: &mut FixedBitSet) -> bool {
    loop {
        if rows.iter().any(FixedBitSet::is_clear) {
            return false;
        }
        let only = rows.iter().find(|row| row.count_ones(..) == 1);
        if let Some(column) = only.and_then(FixedBitSet::minimum) {
            chosen.insert(column);
            rows.retain(|row| !row.contains(column));
            continue;
        }
        leave_out_supersets(rows);
        if !leave_out_dominated(rows) {
            return true;
        }
    }
}

/// Leaves out rows that hold another row.
fn leave_out_supersets(rows: &mut Vec<FixedBitSet>) {
    rows.sort_by_key(|row| row.count_ones(..)); // stable
    let mut kept: Vec<FixedBitSet> = Vec::with_capacity(rows.len());
    let mut under: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for row in rows.drain(..) {
        let mut holds_any = false;
        for column in row.ones() {
            let Some(shorter) = under.get(&column) else { continue };
            if shorter.iter().any(|&position| kept[position].is_subset(&row)) {
                holds_any = true;
                break;
            }
        }
        if !holds_any {
            under.entry(row.minimum().unwrap_or(0)).or_default().push(kept.len());
            kept.push(row);
        }
    }
    *rows = kept;
}

/// Leaves out columns whose rows another column hits as well; `true` when there were any.
fn leave_out_dominated(rows: &mut [FixedBitSet]) -> bool {
    let width = width(rows);
    let mut hit = vec![FixedBitSet::with_capacity(rows.len()); width];
    for (number, row) in rows.iter().enumerate() {
        for column in row.ones() {
            hit[column].insert(number);
        }
    }
    let mut left_out = FixedBitSet::with_capacity(width);
    for column in 0..width {
        // Whoever hits all rows of this column is in the first of them.
        let Some(first) = hit[column].minimum() else { continue };
        let is_dominated = rows[first].ones().any(|better| {
            better != column
                && !left_out.contains(better)
                && hit[column].is_subset(&hit[better])
                // Of two that hit the same rows the first one stays.
                && (better < column || !hit[better].is_subset(&hit[column]))
        });
        if is_dominated {
            left_out.insert(column);
        }
    }
    for row in rows {
        row.difference_with(&left_out);
    }
    !left_out.is_clear()
}

/// How many rows without common columns a greedy choice finds, short ones first: as many columns
/// are needed at least.
fn packing(rows: &[FixedBitSet]) -> usize {
    // Short rows first: they leave more columns to the others, and the bound gets higher.
    let mut order: Vec<&FixedBitSet> = rows.iter().collect();
    order.sort_by_key(|row| row.count_ones(..));
    let mut used = FixedBitSet::with_capacity(width(rows));
    let mut count = 0;
    for row in order {
        if row.is_disjoint(&used) {
            used.union_with(row);
            count += 1;
        }
    }
    count
}

/// A solution: the column that hits most open rows first, then without what turns out superfluous.
fn greedy(rows: &[FixedBitSet], width: usize) -> FixedBitSet {
    let mut solution = FixedBitSet::with_capacity(width);
    let mut open: Vec<&FixedBitSet> = rows.iter().collect();
    while !open.is_empty() {
        let mut hits = vec![0_usize; width];
        for row in &open {
            for column in row.ones() {
                hits[column] += 1;
            }
        }
        let most = (0..width).max_by_key(|column| (hits[*column], Reverse(*column)));
        let Some(column) = most else { break };
        // A row without any column is hit by nothing.
        if hits[column] == 0 {
            break;
        }
        solution.insert(column);
        open.retain(|row| !row.contains(column));
    }
    // What was taken first may be hit by what came later, all of it.
    for column in solution.clone().ones() {
        solution.set(column, false);
        if rows.iter().any(|row| row.is_disjoint(&solution)) {
            solution.insert(column);
        }
    }
    solution
}
