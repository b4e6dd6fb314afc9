//! Who is done sooner and later on care pathways.

use crate::comparison::Comparison;
use crate::pathways::Measured;
use crate::region::Region;
use crate::report::document::{Hint, Remark, Section};
use crate::report::shifts::{
    COUNTED, DOORS, GainsBy, Row, Side, Told, places_table, stages_table, table_by, table_by_age,
    targets_table, with_band,
};

/// Everybody, until each stage of which something changes.
pub(super) fn stages(region: &Region, comparison: &Comparison) -> Section {
    let seen = Told::seen(&comparison.pathways, false);
    let table = stages_table(region, &seen);
    let section = Section::new("pathways", "Sooner and later on care pathways", table);
    if seen.is_empty() {
        return section.in_words(
            "Until no stage of any care pathway anybody is sooner or later by 0.05 minutes or more, by the nearest \
             door or by a free choice.",
        );
    }
    section.note(COUNTED).note(DOORS)
}

/// Who is newly within the targets of care pathways, and who no longer.
pub(super) fn targets(region: &Region, comparison: &Comparison) -> Section {
    let seen = Told::seen_in_time(&comparison.pathways);
    let section = Section::new("targets", "In time on care pathways", targets_table(region, &seen));
    if seen.is_empty() {
        return section
            .in_words("Nobody is newly within a target of a care pathway, or no longer.");
    }
    let section = section.note(
        "New in time, no more in time: people; where durations scatter, expected ones, so that some can be new and others \
         no more in time at once.",
    );
    with_band(region, section, &seen)
}

/// The last stages only: what care is for.
pub(super) fn last_stages<'c>(region: &Region, comparison: &'c Comparison) -> Vec<Told<'c>> {
    let mut seen = Told::seen(&comparison.pathways, false);
    seen.retain(|told| {
        let pathway = region.network().catalog().pathway(told.pathway);
        let last = pathway.and_then(|pathway| pathway.stages.last());
        match (&told.clock.measured, last) {
            (Measured::Stage(key), Some(last)) => *key == last.key,
            _ => false,
        }
    });
    seen
}

/// The places that gain, or lose, most until the last stage of a care pathway.
pub(super) fn places(region: &Region, rows: Vec<Row<'_>>, side: Side) -> Section {
    let table = places_table(region, rows);
    let (key, heading, none) = match side {
        Side::Gain => (
            "stage_places_gaining",
            "The places that gain most on care pathways",
            "On care pathways, no place gains.",
        ),
        Side::Lose => (
            "stage_places",
            "The places hit hardest on care pathways",
            "On care pathways, no place is worse off.",
        ),
    };
    let is_empty = table.is_empty();
    let section = Section::new(key, heading, table);
    if is_empty {
        return section.in_words(none);
    }
    section.note(
        Remark::from(
            "Each until the last stage and by the first door that move it most: the most people who gain or lose a way first, then the most minutes of all its people.",
        )
        .hint(Hint::AllPlacesOfStages),
    )
}

/// Until the last stages, by district or place.
pub(super) fn by(region: &Region, last_stages: &[Told<'_>], by: GainsBy) -> Section {
    let table = table_by(region, last_stages, by);
    let (key, heading) = match by {
        GainsBy::District => ("stage_districts", "Care pathways by district"),
        GainsBy::Place => ("stage_places_all", "Care pathways by place"),
    };
    Section::new(key, heading, table)
        .note("As above: sooner, later and by how much, until the last stage.")
}

/// Until the last stages, by age.
pub(super) fn by_age(region: &Region, last_stages: &[Told<'_>]) -> Section {
    let table = table_by_age(region, last_stages);
    Section::new("stage_ages", "Care pathways by age", table)
        .note("People of all ages at a point go the same way; minutes are those of a person here.")
}

/// Rows that a screen has room for without being asked.
const ROWS: usize = 10;

/// A table that a screen is spared unless it is short or somebody asks for it: how many rows it has, and where to see
/// them.
pub(super) fn spared(mut section: Section, is_asked: bool) -> Section {
    let rows = section.table.rows().len();
    if is_asked || (1..=ROWS).contains(&rows) {
        return section;
    }
    section.notes.clear();
    let told = match rows {
        0 => Remark::from("Nobody is sooner or later by 0.05 minutes or more."),
        rows => Remark::from(said!("{rows} rows", rows)).hint(Hint::RowsOfStages),
    };
    section.in_words(told)
}
