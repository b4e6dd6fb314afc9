//! Figures for people outside of an alliance.

use crate::alliance::{AllianceView, Release, ReleasedTable};
use crate::region::Region;
use crate::report::columns::{MEMBER, PERIOD, RELEASED_COUNT};
use crate::report::document::{Cell, Document, Section, Table};
use crate::report::open;

/// The released tables, one a section: a row for each member and year, then the totals.
pub fn alliance_release(
    region: &Region,
    view: &AllianceView,
    release: &Release,
    threshold: u64,
) -> Document {
    let mut document = open(format!("{}: release", view.alliance.name), region).about(
        "release",
        format!(
            "members without their names; counts below {threshold} are kept back, and others so that nobody can work those out"
        ),
    );
    if !release.left_out.is_empty() {
        document = document.about(
            "left_out",
            format!("{}: numbers by themselves name their member", release.left_out.join(", ")),
        );
    }
    for table in &release.tables {
        document = document.section(section(release, table));
    }
    document
}

fn section(release: &Release, table: &ReleasedTable) -> Section {
    let mut periods: Vec<String> = table.years.iter().map(i16::to_string).collect();
    periods.push("all".to_owned());
    let mut rows = Vec::new();
    let lines = release.members.iter().zip(&table.counts);
    for (member, counts) in lines.map(|(member, counts)| (member.as_str(), counts)) {
        for (period, count) in periods.iter().zip(counts) {
            rows.push((member, period, *count));
        }
    }
    for (period, count) in periods.iter().zip(&table.totals) {
        rows.push(("all", period, *count));
    }
    let cells = Table::of(rows)
        .column(MEMBER, |(member, ..)| Cell::text(*member))
        .column(PERIOD, |(_, period, _)| Cell::text(period.as_str()))
        .column(RELEASED_COUNT, |(.., count)| Cell::maybe_count(*count))
        .build();
    let note = format!(
        "{} cells are kept back because they are small, {} with them.",
        table.small, table.complementary
    );
    Section::new("release", table.indicator.clone(), cells).note(note)
}
