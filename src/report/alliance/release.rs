//! Figures for people outside of an alliance.

use crate::alliance::{AllianceView, Release, ReleasedTable};
use crate::region::Region;
use crate::report::columns::{INDICATOR, MEMBER, PERIOD, RELEASED_COUNT};
use crate::report::document::{Cell, Document, Section, Table};
use crate::report::open;

/// The released counts: a row for each indicator, member and year, then the totals.
pub fn alliance_release(
    region: &Region,
    view: &AllianceView,
    release: &Release,
    threshold: u64,
) -> Document {
    let mut document = open(said!("{name}: release", name = view.alliance.name), region).about(
        "release",
        said!("members without their names; counts below {threshold} are kept back, and others so that nobody can work those out", threshold),
    );
    // A reader who misses an indicator should learn why, not ask for it.
    if !release.left_out.is_empty() {
        document = document.about(
            "left_out",
            said!(
                "{left_out}: numbers by themselves name their member",
                left_out = release.left_out.join(", ")
            ),
        );
    }
    document.section(section(release))
}

/// The members together, or the years.
const ALL: &str = "all";

/// A count of the release, with whose and of when it is.
struct Row<'r> {
    indicator: &'r str,
    member: &'r str,
    period: Cell,
    count: Option<u64>,
}

fn section(release: &Release) -> Section {
    let mut rows = Vec::new();
    let mut notes = Vec::new();
    for table in &release.tables {
        for (member, counts) in release.members.iter().zip(&table.counts) {
            rows.extend(line(table, member, counts));
        }
        rows.extend(line(table, ALL, &table.totals));
        notes.push(said!("{indicator}: {small} cells are kept back because they are small, {complementary} with them.", indicator = table.indicator, small = table.small, complementary = table.complementary));
    }
    let cells = Table::of(rows)
        .column(INDICATOR, |row| Cell::text(row.indicator))
        .column(MEMBER, |row| match row.member {
            ALL => Cell::word(ALL),
            member => Cell::text(member),
        })
        .column(PERIOD, |row| row.period.clone())
        .column(RELEASED_COUNT, |row| Cell::maybe_count(row.count))
        .build();
    let mut section = Section::new("release", "Counts", cells);
    for note in notes {
        section = section.note(note);
    }
    section
}

/// The counts of a member by year, and their sum last.
fn line<'r>(table: &'r ReleasedTable, member: &'r str, counts: &[Option<u64>]) -> Vec<Row<'r>> {
    let mut rows = Vec::new();
    for (column, count) in counts.iter().enumerate() {
        let year = table.years.get(column);
        rows.push(Row {
            indicator: &table.indicator,
            member,
            period: year.map_or(Cell::word(ALL), |year| Cell::text(year.to_string())),
            count: *count,
        });
    }
    rows
}
