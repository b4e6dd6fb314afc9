//! Figures for people outside of the alliance: members without their names, and no small count that could be worked out.

mod attack;
mod table;

pub use attack::{Range, attack};
pub use table::{Cell, CountTable, MOST_LINES};

use serde::Serialize;

use self::attack::{Chains, Way, range};
use super::error::FigureError;
use super::indicators::{IndicatorKind, IndicatorTable};
use crate::random::{Purpose, Seed};

/// How a release is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReleaseSettings {
    /// Smaller counts are kept back, 2 to 1,000.
    pub threshold: u64,
    /// From which the order of the members is drawn. Who knows it can name them: it is kept secret, like the key.
    pub seed: Seed,
}

impl ReleaseSettings {
    /// Counts below 5 are kept back.
    pub fn new(seed: Seed) -> Self {
        Self { threshold: 5, seed }
    }

    /// Keeps counts below another threshold back.
    #[must_use]
    pub fn threshold(mut self, threshold: u64) -> Self {
        self.threshold = threshold;
        self
    }
}

/// The counts of an indicator, ready to be given away.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ReleasedTable {
    /// Key of the indicator.
    pub indicator: String,
    /// The years of the columns.
    pub years: Vec<i16>,
    /// By member in the order of [`Release::members`], then by year, and the total of the member last; `None` of a count that
    /// is kept back.
    pub counts: Vec<Vec<Option<u64>>>,
    /// The totals of the years, and the total of all last.
    pub totals: Vec<Option<u64>>,
    /// Cells that are kept back because they are small.
    pub small: usize,
    /// Cells that are kept back so that those cannot be worked out.
    pub complementary: usize,
}

/// Figures of an alliance for people outside of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Release {
    /// What members are called: `A`, `B`, ... `Z`, `AA`.
    pub members: Vec<String>,
    /// By indicator that counts events.
    pub tables: Vec<ReleasedTable>,
    /// Keys of indicators that are left out, because a number by itself names its member: 1,066 beds have one address.
    pub left_out: Vec<String>,
    /// Which member each of [`Self::members`] is, as a position in the table's members. Never written.
    #[serde(skip)]
    pub key: Vec<usize>,
}

/// Makes figures that people outside may see: members get letters in a drawn order, counts below the threshold are kept back,
/// and with them as many others as it takes that nobody can work them out.
///
/// Against a reader who knows every published cell and that the rest adds up, each small count keeps a range of at least the
/// threshold ([`attack()`]). A year in which a member has no figure counts as 0, so that a gap does not give away who joined
/// when. Denominators are not released: a size is as good as a name. What the release cannot do: hide a member from one who
/// knows its counts already, keep a large count from hinting at a large member, or two releases of different thresholds from
/// being laid side by side.
///
/// # Errors
///
/// When the threshold is out of range, or a table too large.
///
/// ```
/// use verbund::Region;
/// use verbund::alliance::{IndicatorTable, ReleaseSettings, release};
/// use verbund::random::Seed;
///
/// let region = Region::leipzig()?;
/// let table = IndicatorTable::new(region.network(), "akg").ok_or("no AKG")?;
/// let released = release(&table, ReleaseSettings::new(Seed(20_261_130)))?;
/// assert_eq!((released.members.len(), released.members[16].as_str()), (17, "Q"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn release(table: &IndicatorTable, settings: ReleaseSettings) -> Result<Release, FigureError> {
    let key = drawn_order(table, settings.seed);
    let mut tables = Vec::new();
    let mut left_out = Vec::new();
    let mut row_of = vec![0; key.len()];
    for (row, member) in key.iter().enumerate() {
        row_of[*member] = row;
    }
    for (position, indicator) in table.indicators.iter().enumerate() {
        if indicator.kind == IndicatorKind::Value {
            left_out.push(indicator.key.clone());
            continue;
        }
        let years = table.years(position);
        if years.is_empty() {
            continue;
        }
        // A gap is a 0, and kept back like one: a gap tells who joined when.
        let mut rows = vec![vec![0; years.len()]; key.len()];
        for entry in table.entries.iter().filter(|entry| entry.indicator == position) {
            let row = row_of.get(entry.member);
            if let (Some(&row), Ok(column)) = (row, years.binary_search(&entry.year)) {
                rows[row][column] = entry.figure.events().unwrap_or(0);
            }
        }
        let mut counts = CountTable::new(&rows)?;
        let suppressed = protect(&mut counts, settings.threshold)?;
        tables.push(released(indicator.key.clone(), years, &counts, suppressed));
    }
    let members = (0..key.len()).map(letters).collect();
    Ok(Release { members, tables, left_out, key })
}

/// How many cells of a table are kept back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Suppressed {
    /// Because their counts are small.
    pub small: usize,
    /// So that the small ones cannot be worked out.
    pub complementary: usize,
}

/// Keeps counts below a threshold back, and as many others as it takes that none of them can be worked out.
///
/// Each small cell gets a range of at least the threshold. Chains of other cells are chosen one after the other, the one of the
/// least counts first, totals last: a good choice, not the best possible, which is a hard problem.
///
/// # Errors
///
/// When the threshold is not from 2 to 1,000.
///
/// ```
/// use verbund::alliance::{CountTable, attack, protect};
///
/// let mut table = CountTable::new(&[vec![3, 40, 50], vec![60, 7, 80], vec![9, 10, 11]])?;
/// let suppressed = protect(&mut table, 5)?;
/// assert_eq!((suppressed.small, suppressed.complementary), (1, 3)); // a rectangle with the 3
/// assert!(attack(&table).iter().all(|range| range.width() >= Some(5)));
/// # Ok::<(), verbund::alliance::FigureError>(())
/// ```
pub fn protect(table: &mut CountTable, threshold: u64) -> Result<Suppressed, FigureError> {
    if !(2..=1_000).contains(&threshold) {
        return Err(FigureError::Threshold { threshold });
    }
    let mut small = Vec::new();
    for cell in table.cells() {
        if table.count(cell) < threshold {
            table.suppress(cell);
            small.push(cell);
        }
    }

    let total = Cell { row: table.rows(), column: table.columns() };
    let dearest = table.count(total).saturating_add(1);
    let mut complementary = 0;
    // More suppression only widens ranges: a cell that is safe stays safe.
    for cell in &small {
        while range(table, *cell, threshold).width().is_some_and(|width| width < threshold) {
            let mut chains = Chains::new(table, *cell, Way::Up);
            // What there is must be used up first, so that only new cells are left to lead on.
            chains.flow(threshold);
            // A total is the last to go: without it readers lose a whole year or a member.
            let cost = |candidate: Cell| {
                let count = table.count(candidate).saturating_add(1);
                if table.is_total(candidate) { count.saturating_add(dearest) } else { count }
            };
            let Some(cells) = chains.cheapest_new(table, cost) else { break };
            complementary += cells.len();
            for hidden in cells {
                table.suppress(hidden);
            }
        }
    }
    Ok(Suppressed { small: small.len(), complementary })
}

/// The members in a drawn order.
fn drawn_order(table: &IndicatorTable, seed: Seed) -> Vec<usize> {
    let mut stream = seed.stream(0, &table.alliance, Purpose::Design);
    // A number for each member, ties by position: the same secret gives the same order anywhere.
    let mut order: Vec<(u64, usize)> = Vec::new();
    for member in 0..table.members.len() {
        order.push((stream.next_u64(), member));
    }
    order.sort_unstable();
    let mut members = Vec::new();
    for (_, member) in order {
        members.push(member);
    }
    members
}

/// `A` to `Z`, then `AA`, `AB` ..., as columns of a spreadsheet.
fn letters(number: usize) -> String {
    // Letters, because a number would read like a rank.
    let mut name = String::new();
    let mut rest = number + 1;
    while rest > 0 {
        let letter = ((rest - 1) % 26) as u8;
        name.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    name
}

fn released(
    indicator: String,
    years: Vec<i16>,
    table: &CountTable,
    suppressed: Suppressed,
) -> ReleasedTable {
    let mut counts = Vec::new();
    for row in 0..table.rows() {
        counts.push(line(table, row));
    }
    let Suppressed { small, complementary } = suppressed;
    ReleasedTable {
        indicator,
        years,
        counts,
        totals: line(table, table.rows()),
        small,
        complementary,
    }
}

/// What readers see of a row, its total last.
fn line(table: &CountTable, row: usize) -> Vec<Option<u64>> {
    let mut published = Vec::new();
    for column in 0..=table.columns() {
        published.push(table.published(Cell { row, column }));
    }
    published
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of counts of which many are small, from a seed.
    fn drawn(rows: usize, columns: usize, seed: u64) -> CountTable {
        let mut stream = Seed(seed).stream(0, "counts", Purpose::Design);
        let mut counts = vec![vec![0; columns]; rows];
        for count in counts.iter_mut().flatten() {
            let size = [3, 12, 60, 400][(stream.next_u64() % 4) as usize];
            *count = stream.next_u64() % size;
        }
        CountTable::new(&counts).unwrap()
    }

    /// Whether the published cells determine some suppressed one as a system of linear equations: by elimination.
    fn is_any_determined(table: &CountTable) -> bool {
        let hidden: Vec<Cell> = table.cells().filter(|cell| table.is_suppressed(*cell)).collect();
        let mut equations: Vec<Vec<f64>> = Vec::new();
        let lines = (0..=table.rows()).map(|row| (true, row));
        for (is_row, line) in lines.chain((0..=table.columns()).map(|column| (false, column))) {
            let sign = |cell: &Cell| {
                let is_here = if is_row { cell.row == line } else { cell.column == line };
                let last = if is_row { table.columns() } else { table.rows() };
                let across = if is_row { cell.column } else { cell.row };
                if !is_here {
                    0.0
                } else if across == last {
                    -1.0
                } else {
                    1.0
                }
            };
            equations.push(hidden.iter().map(sign).collect());
        }
        let mut rank = 0;
        for column in 0..hidden.len() {
            let pivot = (rank..equations.len()).find(|row| equations[*row][column].abs() > 1e-9);
            let Some(pivot) = pivot else { continue };
            equations.swap(rank, pivot);
            let scale = equations[rank][column];
            equations[rank].iter_mut().for_each(|value| *value /= scale);
            let top = equations[rank].clone();
            for (row, equation) in equations.iter_mut().enumerate() {
                let factor = equation[column];
                if row != rank && factor != 0.0 {
                    equation
                        .iter_mut()
                        .zip(&top)
                        .for_each(|(value, above)| *value -= factor * above);
                }
            }
            rank += 1;
        }
        let is_single =
            |equation: &Vec<f64>| equation.iter().filter(|value| value.abs() > 1e-9).count() == 1;
        equations[..rank].iter().any(is_single)
    }

    #[test]
    fn no_attack_recovers_a_small_cell_of_random_tables() {
        for seed in 0..60 {
            let (rows, columns) = (1 + seed as usize % 12, 1 + seed as usize % 7);
            let mut table = drawn(rows, columns, seed);
            let suppressed = protect(&mut table, 5).unwrap();
            let ranges = attack(&table);
            assert_eq!(ranges.len(), suppressed.small + suppressed.complementary);
            for range in &ranges {
                let is_small = table.count(range.cell) < 5;
                let is_hidden = range.width().is_none_or(|width| width >= 5);
                assert!(!is_small || is_hidden, "seed {seed}: {range:?}");
                let count = table.count(range.cell);
                assert!(range.lowest <= count && range.highest.is_none_or(|most| count <= most));
            }
            let alone = ranges.iter().filter(|range| range.width() == Some(0)).count();
            assert!(alone == 0 || ranges.iter().any(|range| table.count(range.cell) >= 5));
            if alone == 0 {
                assert!(!is_any_determined(&table), "seed {seed}");
            }
        }
    }

    #[test]
    fn the_elimination_of_the_test_finds_what_a_single_suppression_gives_away() {
        let mut table = drawn(4, 4, 1);
        table.suppress(Cell { row: 1, column: 2 });
        assert!(is_any_determined(&table));
        assert_eq!(attack(&table)[0].width(), Some(0));
    }

    #[test]
    fn a_table_without_small_cells_is_published_whole() {
        let mut table = CountTable::new(&[vec![5, 6], vec![7, 8]]).unwrap();
        assert_eq!(protect(&mut table, 5), Ok(Suppressed { small: 0, complementary: 0 }));
        assert!(table.cells().all(|cell| table.published(cell).is_some()));
        assert!(protect(&mut table, 1).is_err() && protect(&mut table, 1_001).is_err());
        assert!(CountTable::new(&[vec![1], vec![1, 2]]).is_err());
        assert!(CountTable::new(&[vec![u64::MAX]]).is_err());
    }

    #[test]
    fn nothing_of_a_table_of_zeros_is_known() {
        let mut table = CountTable::new(&[vec![0, 0], vec![0, 0]]).unwrap();
        protect(&mut table, 5).unwrap();
        assert!(attack(&table).iter().all(|range| range.highest.is_none()));
    }

    #[test]
    fn members_have_letters_like_columns_of_a_spreadsheet() {
        assert_eq!([0, 25, 26, 27, 701, 702].map(letters), ["A", "Z", "AA", "AB", "ZZ", "AAA"]);
    }
}
