//! A comparison of a region before and after, as tables.

mod care;
mod cases;
mod gains;
mod law;
pub(super) mod network;
mod pathways;
mod short;

pub(super) use law::supplement_name;
pub use network::network_remarks;
pub(super) use short::in_short;

use std::cmp::Ordering;

use super::beside::beside;
use super::document::{Cell, Document, Hint, Remark, Section, Table};
use super::simulation::cut_off_in_words;
use super::{after, caveats, open};
use crate::calendar::DateTime;
use crate::comparison::{Comparison, SimulatedChange};
use crate::region::Region;
use crate::report::columns::{
    AFTER_VALUE, AGE_GROUP, BEFORE_VALUE, CHANGE, CHANGE_HALF_WIDTH, DISTRICT, FIGURE, HOSPITAL,
};
use crate::report::shifts::{GainsBy, Side, moved_places, top_places};
use crate::routing::Choice;
use crate::scenario::{Change, Scenario};
use crate::simulation::CutOff;
use crate::words;

/// One table of a comparison: what its rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ComparisonBy {
    /// Who lives there, by district.
    People,
    /// Who gains and who loses, by standard.
    Standard,
    /// The places that are hit hardest.
    Place,
    /// The places that gain most.
    GainingPlace,
    /// Minutes by district.
    District,
    /// Minutes by age.
    Age,
    /// Stages of care pathways.
    Stage,
    /// Who is sooner and later on care pathways, under both protocols.
    Pathway,
    /// Who is newly within targets of care pathways, and who no longer.
    Target,
    /// Who is sooner and later on care pathways, by district.
    StageDistrict,
    /// The same by age.
    StageAge,
    /// The same by place: every place where anybody is.
    StagePlace,
    /// Cases and occupancy of hospitals.
    Hospital,
    /// Departments that get overfull.
    Department,
    /// Verdicts of the law.
    Law,
    /// Agreements that end or change, and who counts for which standard.
    Network,
    /// Simulated figures.
    #[cfg_attr(feature = "cli", value(help = "Simulated figures, with --simulate"))]
    Simulated,
}

/// What is compared, and how it is shown.
#[derive(Debug, Clone)]
pub struct ComparisonView<'a> {
    /// The scenarios that make the difference, in order.
    pub scenarios: &'a [&'a Scenario],
    /// When they count.
    pub at: DateTime,
    /// How patients choose a hospital.
    pub choice: Choice,
    /// Most rows of the long tables.
    pub limit: usize,
    /// Simulated figures.
    pub simulated: Option<SimulatedView>,
    /// Changes that pass, which only the simulation shows.
    pub passing: usize,
    /// Those of them that what else changes leaves nothing to do, so that they are not simulated.
    pub skipped: usize,
    /// This table only; all of them without it.
    pub by: Option<ComparisonBy>,
}

/// Simulated figures of a comparison.
#[derive(Debug, Clone)]
pub struct SimulatedView {
    /// The figures.
    pub changes: Vec<SimulatedChange>,
    /// Replications that count.
    pub replications: u64,
    /// Replications that were asked for: more, where somebody interrupted them.
    pub asked: u64,
    /// Days that are counted.
    pub days: u32,
    /// Changes that these days do not show in full ([`PatientFlow::cut_off`](crate::simulation::PatientFlow::cut_off)).
    pub cut_off: Vec<CutOff>,
}

/// What the journeys after a change rest on, where it is not what those before do.
pub(super) fn travel_after(comparison: &Comparison) -> Option<&str> {
    let Comparison { travel_before, travel_after, .. } = comparison;
    (travel_before != travel_after).then_some(travel_after.as_str())
}

/// What scenarios change.
pub fn comparison(region: &Region, comparison: &Comparison, view: &ComparisonView<'_>) -> Document {
    let scenarios = after::first_first(view.scenarios.iter().copied());
    let names = after::names(&scenarios);

    // A network may know of changes to come; here the scenarios alone make the difference.
    let in_force = said!(
        "the changes that are in force on {day}; what the network itself says of days after {described} does not count",
        day = view.at.in_print(),
        described = region.network().date().in_print()
    );
    let mut document =
        open(said!("Before and after: {names}", names = names.join(&words::of(", then "))), region)
            .about("scenarios", after::keys(&scenarios))
            .about("after", in_force)
            .maybe_about("travel_after", travel_after(comparison))
            .about("hours", on_hours(comparison))
            .about("scenario_source", after::sources(&scenarios))
            .about("choice", said!("{choice} (assumed)", choice = view.choice));

    let assumed = after::assumed(view.scenarios);
    if let Some(text) = after::other_changes(view.scenarios, view.at) {
        document = document.about("other_changes", text);
    }
    if view.passing > 0 {
        let is_all = after::changes(view.scenarios).count() == view.passing;
        document = document.about("passing_changes", passing(view, is_all));
    }
    if !assumed.is_empty() {
        document = document.about("assumed", assumed);
    }
    if let Some(simulated) = &view.simulated
        && simulated.replications < simulated.asked
    {
        let (done, asked) = (simulated.replications, simulated.asked);
        let far = said!("partial: {done} of {asked} replications are finished", done, asked);
        document = document.about("interrupted", far);
    }

    for (by, section) in sections(region, comparison, view) {
        if view.by.is_none_or(|only| only == by) {
            document = document.section(section);
        }
    }
    document
}

/// What changes do that pass, which only a simulation shows; `is_all` where nothing else changes.
fn passing(view: &ComparisonView<'_>, is_all: bool) -> Remark {
    let told = said!(
        "{passing} (surges, incidents, staff shortages, departments that divert)",
        passing = view.passing
    );
    match (view.simulated.is_some(), view.skipped) {
        (false, _) if is_all => {
            Remark::from(said!("{told}: nothing else changes, so that all is as before", told))
                .hint(Hint::PassingChanges)
        }
        (false, _) => Remark::from(told).hint(Hint::OnlySimulated),
        (true, 0) => Remark::from(said!("{told}: in the simulation only", told)),
        (true, skipped) => Remark::from(said!(
            "{told}: in the simulation only; {skipped} of them left out, as what they concern is gone then",
            told,
            skipped
        )),
    }
}

/// Which hours of the week the comparison looks at.
fn on_hours(comparison: &Comparison) -> Remark {
    if let Some(moment) = comparison.moment {
        return Remark::from(said!(
            "{moment}: standards count what is open in that hour, and patients of care pathways call then; \
             cases, occupancy and the law are those of all hours",
            moment = moment.in_print()
        ));
    }
    Remark::from(
        "standards count what is open in some hour of the week, and cases go where they would if it \
         were always open; care pathways count all hours in which patients call",
    )
    .hint(Hint::OneMoment)
}

/// What sites which become one draw; `None` where none do, or where patients do not choose by beds.
fn on_mergers(view: &ComparisonView<'_>) -> Option<String> {
    let exponent = match view.choice {
        Choice::Huff(huff) => huff.beds_exponent,
        Choice::Logit(logit) => logit.log_beds,
        Choice::Nearest | Choice::Capacity(_) => return None,
    };

    let mut changes = view.scenarios.iter().flat_map(|scenario| &scenario.changes);
    let merges = changes.any(|change| {
        matches!(change.change, Change::MergeHospitals(_) | Change::MoveDepartment(_))
    });
    if !merges {
        return None;
    }

    let drawn = match exponent.total_cmp(&1.0) {
        Ordering::Less => "fewer patients than they did apart",
        Ordering::Equal => {
            "as many patients as they would there apart: a merger carries its patients"
        }
        Ordering::Greater => "more patients than they did apart",
    };
    Some(said!(
        "Beds that come together draw {drawn}; attraction grows with beds^{exponent} (assumed).",
        drawn = words::of(drawn),
        exponent
    ))
}

fn sections(
    region: &Region,
    comparison: &Comparison,
    view: &ComparisonView<'_>,
) -> Vec<(ComparisonBy, Section)> {
    let network = region.network();
    let (standards, limit) = (&comparison.standards, view.limit);
    let districts = care::groups(comparison, DISTRICT, |change| &change.districts);
    let mut ages = care::groups(comparison, AGE_GROUP, |change| &change.bands);
    if view.by != Some(ComparisonBy::Age) {
        ages = care::ages_in_short(ages, standards);
    }
    let requirements = standards.iter().map(|change| &change.standard.requirement);
    let unknown = caveats::on_unknown_of(network, requirements);

    let is_asked = |by: ComparisonBy| view.by == Some(by);
    // Of all clocks, which are compared place by place: once for all tables.
    let last_stages = gains::last_stages(region, comparison);
    let by_district = gains::by(region, &last_stages, GainsBy::District);
    let by_age = gains::by_age(region, &last_stages);
    let gaining = care::hits(standards, Side::Gain);
    let losing = care::hits(standards, Side::Lose);
    let sooner = top_places(&last_stages, Side::Gain, limit);
    let later = top_places(&last_stages, Side::Lose, limit);
    let (mut by_standards, mut by_pathways) = (None, None);
    // One page shows both sides of a change beside each other; a table that is asked for shows more of one of them.
    if view.by.is_none() {
        by_standards = beside(
            "places_beside",
            "The places that gain most, and those hit hardest",
            &care::moved_places(region, first(&gaining, limit)),
            &care::moved_places(region, first(&losing, limit)),
        );
        by_pathways = beside(
            "stage_places_beside",
            "The places that gain most on care pathways, and those hit hardest",
            &moved_places(region, &sooner),
            &moved_places(region, &later),
        );
    }
    let mut sections = vec![
        (
            ComparisonBy::Standard,
            care::standards(standards, is_asked(ComparisonBy::Standard)).maybe_note(unknown),
        ),
        (
            ComparisonBy::GainingPlace,
            care::places(region, standards, &gaining, Side::Gain, limit)
                .for_files_if(by_standards.is_some()),
        ),
        (
            ComparisonBy::Place,
            care::places(region, standards, &losing, Side::Lose, limit)
                .for_files_if(by_standards.is_some()),
        ),
        (ComparisonBy::District, districts),
        (ComparisonBy::Age, ages),
        (ComparisonBy::Stage, pathways::stages(comparison)),
        (ComparisonBy::Pathway, gains::stages(region, comparison)),
        (ComparisonBy::Target, gains::targets(region, comparison)),
        (
            ComparisonBy::Pathway,
            gains::places(region, sooner, Side::Gain).for_files_if(by_pathways.is_some()),
        ),
        (
            ComparisonBy::Pathway,
            gains::places(region, later, Side::Lose).for_files_if(by_pathways.is_some()),
        ),
        (
            ComparisonBy::StageDistrict,
            gains::spared(by_district, is_asked(ComparisonBy::StageDistrict)),
        ),
        (ComparisonBy::StageAge, gains::spared(by_age, is_asked(ComparisonBy::StageAge))),
        (
            ComparisonBy::Hospital,
            cases::hospitals(network, comparison, limit).maybe_note(on_mergers(view)),
        ),
        (ComparisonBy::Department, cases::departments(network, comparison, limit)),
        (ComparisonBy::Law, law::law(region, comparison)),
        (ComparisonBy::Network, network::network(&comparison.network)),
    ];

    for (key, beside) in [("places_gaining", by_standards), ("stage_places_gaining", by_pathways)] {
        let position = sections.iter().position(|(_, section)| section.key == key);
        if let (Some(position), Some(beside)) = (position, beside) {
            sections.insert(position, (ComparisonBy::Place, beside));
        }
    }
    // Places by pathway and stage are many: only where somebody asks for them.
    if is_asked(ComparisonBy::StagePlace) {
        let places = gains::by(region, &last_stages, GainsBy::Place);
        sections.push((ComparisonBy::StagePlace, places));
    }
    // One table is asked for: that of everybody.
    if is_asked(ComparisonBy::Pathway) {
        sections.retain(|(_, section)| !section.key.starts_with("stage_places"));
    }
    // First of all: where other people live, every figure below is to be read with that in mind.
    if !comparison.people.is_empty() || view.by == Some(ComparisonBy::People) {
        sections.insert(0, (ComparisonBy::People, care::people(&comparison.people)));
    }
    if let Some(view) = &view.simulated {
        sections.push((ComparisonBy::Simulated, simulated(view)));
    }
    sections
}

/// The first ones, so many of them.
fn first<T>(list: &[T], most: usize) -> &[T] {
    &list[..most.min(list.len())]
}

/// A count as people read it.
fn count(count: u64) -> String {
    Cell::count(count).display()
}

/// Whether two shares of people differ in print; for the same people, at all.
fn is_other_share(before: f64, after: f64, is_same_people: bool) -> bool {
    // Of the same people any difference is somebody's; of others a share moves by itself, seen or not.
    if is_same_people { before != after } else { (after - before).abs() >= 0.0005 }
}

/// A minute in seconds.
const MINUTE: f64 = 60.0;

/// Whether two times in seconds differ in print, by 0.05 minutes or more; one that is missing does.
fn is_seen(before: Option<f64>, after: Option<f64>) -> bool {
    is_seen_in(MINUTE, before, after)
}

/// The same by 0.05 of a unit, given in seconds.
fn is_seen_in(unit: f64, before: Option<f64>, after: Option<f64>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => (after - before).abs() >= 0.05 * unit,
        (before, after) => before != after,
    }
}

fn simulated(view: &SimulatedView) -> Section {
    let value = |change: &SimulatedChange, value: Option<f64>| match value {
        Some(share) if change.figure.is_share() => Cell::share(share),
        value => Cell::maybe_number(value, 1),
    };
    // A difference of shares in percent would read as a relative change: it has a unit of its own.
    let points = |change: &SimulatedChange, difference: Option<f64>| match difference {
        Some(difference) if change.figure.is_share() => Cell::points(difference),
        difference => value(change, difference),
    };

    let table = Table::of(&view.changes)
        .column(HOSPITAL, |row| row.hospital.as_ref().map_or(Cell::word("all inside"), Cell::text))
        .column(FIGURE, |row| Cell::text(row.figure.key()))
        .column(BEFORE_VALUE, |row| value(row, row.before))
        .column(AFTER_VALUE, |row| value(row, row.after))
        .column(CHANGE, |row| points(row, row.change.map(|change| change.mean)))
        .column(CHANGE_HALF_WIDTH, |row| {
            points(row, row.change.and_then(|change| change.half_width))
        })
        .build();

    let section = Section::new("simulated", "Patients over time", table).note(said!(
"{replications} replications with the same patients before and after; ±: half of the width of the \
         95 % interval of the paired difference, for shares in percentage points (pp). Patients in {days} days. Occupancy: occupied beds; \
         full: time without a free bed; diverted away: sent on because a department was full; forced: admitted \
         beyond the beds; refused: no bed anywhere.",
replications = view.replications,
days = view.days
));
    match cut_off_in_words(&view.cut_off) {
        Some(text) => section.note(said!("Not counted in full: {text}.", text)),
        None => section,
    }
}
