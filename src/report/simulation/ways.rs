//! Which way patients took: over which cooperation, along which care pathway, and from which place.

use super::{SimulationView, cell, half_width_cell, mean_cell, with_intervals};
use crate::model::{Network, Pathway, StageIndex};
use crate::report::columns::{
    COOPERATION, ELSEWHERE_SHARE, FREE_MEDIAN_MINUTES, FREE_P90_MINUTES, KIND, MISSED, PATHWAY,
    PATIENTS, PER_DAY, PLACE, PLACE_NAME, QUEUED_MEDIAN_MINUTES, QUEUED_MEDIAN_MINUTES_HALF_WIDTH,
    QUEUED_P90_MINUTES, QUEUED_P90_MINUTES_HALF_WIDTH, SPECIALTY, STAGE, USES, USES_HALF_WIDTH,
    WAITED_HOURS,
};
use crate::report::document::{Cell, Hint, Remark, Section, Table};
use crate::report::namesakes::Namesakes;
use crate::simulation::{FlowIndex, Results};

pub(super) fn cooperations(results: &Results<'_, '_>) -> Section {
    let network = results.flows()[0].region().network();
    let days = f64::from(results.flows()[0].settings().days);
    let mut uses = results.uses(FlowIndex::BASE);
    // The way home is counted beside them, and is nobody's agreement.
    uses.retain(|(key, _)| key != BACK);
    let kind = |key: &str| {
        let known = network.cooperations().iter().find(|known| known.key == key);
        known.map_or(Cell::Missing, |known| Cell::word(known.kind.name()))
    };
    let table = Table::of(uses)
        .column(COOPERATION, |(key, _)| Cell::text(key))
        .column(KIND, |(key, _)| kind(key))
        .column(USES, |(_, uses)| mean_cell(Some(*uses), "patients"))
        .column(USES_HALF_WIDTH, |(_, uses)| half_width_cell(Some(*uses), "patients"))
        .column(PER_DAY, |(_, uses)| Cell::number(uses.mean / days, 1))
        .build();
    let section = Section::new("cooperations", "Patients by cooperation", table);
    with_intervals(section, results)
        .note(
            "Handed on over it, brought to a partner's shared beds, or helped on the way of a care pathway.",
        )
        .maybe_note(at_medians(network))
}

/// That care pathways do not scatter in a simulation; `None` where they never do.
pub(super) fn at_medians(network: &Network) -> Option<String> {
    if !network.catalog().pathways.iter().any(Pathway::has_spread) {
        return None;
    }
    let told = "Care pathways are taken at the medians of their durations: what scatters there does not count here.";
    Some(told.to_owned())
}

/// The way home, which is no cooperation; it is used by patients who are at home already, too.
pub(super) const BACK: &str = "back";

/// Shared on-call rosters, where there are any.
pub(super) fn rosters(results: &Results<'_, '_>) -> Option<Section> {
    // No key of a network holds a slash, so this one parts cooperation and specialty.
    let split = |key: &str| match key.rsplit_once('/') {
        Some((cooperation, specialty)) => (cooperation.to_owned(), specialty.to_owned()),
        None => (key.to_owned(), String::new()),
    };
    let table = Table::of(results.rosters(FlowIndex::BASE))
        .column(COOPERATION, |roster| Cell::text(split(&roster.key).0))
        .column(SPECIALTY, |roster| Cell::text(split(&roster.key).1))
        .column(USES, |roster| cell(roster.used, "patients"))
        .column(MISSED, |roster| cell(roster.missed, "patients"))
        .column(WAITED_HOURS, |roster| Cell::number(roster.waited_hours, 1))
        .build();
    if table.is_empty() {
        return None;
    }
    Some(Section::new("rosters", "Shared on-call rosters", table))
}

/// The pathways of a view.
pub(super) fn is_asked(view: &SimulationView<'_>, pathway: &str) -> bool {
    match view.condition {
        Some(only) => only == pathway,
        None => true,
    }
}

/// The key of a stage; empty where the catalog does not have it.
pub(super) fn stage_key<'n>(network: &'n Network, pathway: &str, stage: StageIndex) -> &'n str {
    let pathways: &[Pathway] = &network.catalog().pathways;
    let Some(known) = pathways.iter().find(|known| known.key == pathway) else { return "" };
    match known.stages.get(stage.index()) {
        Some(stage) => &stage.key,
        None => "",
    }
}

pub(super) fn conditions(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let network = results.flows()[0].region().network();
    let mut waits = results.stage_waits(FlowIndex::BASE);
    waits.retain(|wait| is_asked(view, &wait.pathway));
    let table = Table::of(waits)
        .column(PATHWAY, |wait| Cell::text(&wait.pathway))
        .column(STAGE, |wait| Cell::text(stage_key(network, &wait.pathway, wait.stage)))
        .column(QUEUED_MEDIAN_MINUTES, |wait| mean_cell(wait.p50, "minutes"))
        .column(QUEUED_MEDIAN_MINUTES_HALF_WIDTH, |wait| half_width_cell(wait.p50, "minutes"))
        .column(FREE_MEDIAN_MINUTES, |wait| Cell::maybe_time(wait.free_p50))
        .column(QUEUED_P90_MINUTES, |wait| mean_cell(wait.p90, "minutes"))
        .column(QUEUED_P90_MINUTES_HALF_WIDTH, |wait| half_width_cell(wait.p90, "minutes"))
        .column(FREE_P90_MINUTES, |wait| Cell::maybe_time(wait.free_p90))
        .build();
    let heading = "From the call to the end of each stage, patients from inside";
    with_intervals(Section::new("conditions", heading, table), results).note(FREE)
}

const FREE: &str = "Each duration counts by its median here, whatever its spread. Free: the same patients if every bed were free, by the best way of their hour. With queues they are brought to the next hospital by time when wards are full, so both differ by the detour, not by waiting at the door.";

pub(super) fn places(results: &Results<'_, '_>, view: &SimulationView<'_>) -> Section {
    let region = results.flows()[0].region();
    let count = results.replications().max(1) as f64;
    let namesakes = Namesakes::new(region);
    let mut waits = results.place_waits(FlowIndex::BASE);
    waits.retain(|wait| {
        // Most places notice nothing, and their rows of 0 % would hide the others.
        let is_hit = !region.place(wait.place).outside && wait.elsewhere > 0;
        is_asked(view, &wait.pathway) && (view.all || is_hit)
    });

    let table = Table::of(waits)
        .column(PLACE_NAME, |wait| namesakes.place(wait.place))
        .column(PATHWAY, |wait| Cell::text(&wait.pathway))
        .column(STAGE, |wait| Cell::text(stage_key(region.network(), &wait.pathway, wait.stage)))
        .column(ELSEWHERE_SHARE, |wait| {
            Cell::share(wait.elsewhere as f64 / wait.patients.max(1) as f64)
        })
        .column(QUEUED_MEDIAN_MINUTES, |wait| Cell::maybe_time(wait.p50))
        .column(QUEUED_P90_MINUTES, |wait| Cell::maybe_time(wait.p90))
        .column(PATIENTS, |wait| cell(wait.patients as f64 / count, "patients"))
        .detail(PLACE, |wait| Cell::text(&region.place(wait.place).key))
        .build();

    let section =
        Section::new("places", "By place: times to the end of each stage", table)
            .note("Elsewhere: brought to another hospital than by the best way of their hour, because it was full. All replications together.");
    if view.all {
        return section;
    }
    section.note(
        Remark::from("Places inside from which somebody was brought elsewhere")
            .hint(Hint::OtherPlaces)
            .and("."),
    )
}
