//! A comparison of a region before and after, as tables.

use std::collections::BTreeMap;

use super::document::{Cell, Document, Section, Table};
use super::{open, rules};
use crate::comparison::{
    Comparison, HospitalChange, LawPoint, PlaceChange, ReachChange, SimulatedChange, StageChange,
    StandardChange,
};
use crate::model::{DateTime, Scenario};
use crate::pathways::Times;
use crate::region::Region;
use crate::simulation::Figure;

/// What is compared, and how it is shown.
#[derive(Debug, Clone)]
pub struct ComparisonView<'a> {
    /// The scenarios that make the difference, in order.
    pub scenarios: &'a [&'a Scenario],
    /// When they count.
    pub at: DateTime,
    /// How patients choose a hospital.
    pub choice: String,
    /// Most rows of the long tables.
    pub limit: usize,
    /// Simulated figures.
    pub simulated: Option<SimulatedView>,
    /// Changes that pass, which only the simulation shows.
    pub passing: usize,
    /// Standards only, as CSV wants one table.
    pub is_single: bool,
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
}

/// What scenarios change.
pub fn comparison(region: &Region, found: &Comparison, view: &ComparisonView<'_>) -> Document {
    let names: Vec<&str> = view.scenarios.iter().map(|one| one.name.as_str()).collect();
    let sources: Vec<&str> = view.scenarios.iter().map(|one| one.source.as_str()).collect();
    let mut document = open(format!("Before and after: {}", names.join(", then ")), region)
        .about("after", format!("what is in force on {}", view.at))
        .about("scenario_source", sources.join("; "))
        .about("choice", format!("{} (assumed)", view.choice));
    let assumed: Vec<&str> =
        view.scenarios.iter().flat_map(|one| &one.assumed).map(String::as_str).collect();
    let changes = || view.scenarios.iter().flat_map(|one| &one.changes);
    let later = changes().filter(|one| one.on > view.at).count();
    let over = changes().filter(|one| one.until.is_some_and(|until| until <= view.at)).count();
    if later + over > 0 {
        let text = format!("{later} begin later and {over} are over: they do not count");
        document = document.about("other_changes", text);
    }
    if view.passing > 0 {
        let what = if view.simulated.is_some() {
            "in the simulation only"
        } else {
            "only with --simulate"
        };
        let count = view.passing;
        document = document.about(
            "passing_changes",
            format!("{count} (surges, incidents, departments that divert): {what}"),
        );
    }
    if !assumed.is_empty() {
        document = document.about("assumed", assumed.join("; "));
    }
    document = document.section(standards(&found.standards));
    if view.is_single {
        return document;
    }
    let sections = [
        places(&found.standards, view.limit),
        groups("districts", "district", "Minutes by district", &found.standards, |one| {
            &one.districts
        }),
        groups("ages", "age_group", "Minutes by age", &found.standards, |one| &one.bands),
        stages(&found.stages),
        hospitals(found, view.limit),
        law(found, view.limit),
    ];
    for section in sections {
        document = document.section(section);
    }
    let Some(found) = &view.simulated else { return document };
    let document = document.section(simulated(found));
    if found.replications == found.asked {
        return document;
    }
    let (done, asked) = (found.replications, found.asked);
    document.about("interrupted", format!("partial: {done} of {asked} replications are finished"))
}

fn standards(found: &[StandardChange]) -> Section {
    let mut table = Table::new(&[
        "standard",
        "won_people",
        "lost_people",
        "within_before_share",
        "within_after_share",
        "mean_before_minutes",
        "mean_after_minutes",
        "p90_before_minutes",
        "p90_after_minutes",
    ]);
    for one in found {
        table.row(vec![
            Cell::text(&one.standard.key),
            Cell::Count(one.won),
            Cell::Count(one.lost),
            Cell::Share(one.before.share_within_limit()),
            Cell::Share(one.after.share_within_limit()),
            Cell::maybe_minutes(one.before.mean_seconds),
            Cell::maybe_minutes(one.after.mean_seconds),
            Cell::maybe_time(one.before.p90),
            Cell::maybe_time(one.after.p90),
        ]);
    }
    let mut section = Section::new("standards", "Who gains and who loses", table).note(
        "Won: people who are within the limit after and were not before; lost: the other way round.",
    );
    if found.iter().any(|one| one.before.people != one.after.people) {
        section = section.note(
            "Other people live there after: where that lays a place out in other points, won and lost are the \
             change of its people beyond the limit, whoever they are.",
        );
    }
    for one in found.iter().filter(|one| one.after.unreached > one.before.unreached) {
        let more = one.after.unreached - one.before.unreached;
        section = section.note(format!(
            "{}: {more} more people reach no such hospital at all; means here and below leave them out.",
            one.standard.key
        ));
    }
    section
}

/// A place under the standard that hits it hardest.
struct HardHit<'c> {
    standard: &'c str,
    place: &'c PlaceChange,
    /// Further standards by which it is worse off.
    further: u64,
}

/// The places that are worse off by any standard, the hardest hit first; ties by standard and key.
fn hardest_hit(found: &[StandardChange]) -> Vec<HardHit<'_>> {
    let is_worse =
        |one: &&PlaceChange| one.lost > 0 || one.without_way > 0 || one.extra_seconds() > 0.0;
    let order = |a: &PlaceChange, b: &PlaceChange| {
        let way = b.without_way.cmp(&a.without_way);
        let extra = b.extra_seconds().total_cmp(&a.extra_seconds());
        way.then(b.lost.cmp(&a.lost)).then(extra)
    };
    let mut hits: BTreeMap<&str, HardHit<'_>> = BTreeMap::new();
    for one in found {
        for place in one.places.iter().filter(is_worse) {
            let standard = one.standard.key.as_str();
            let new = HardHit { standard, place, further: 0 };
            let Some(old) = hits.get_mut(place.place.as_str()) else {
                hits.insert(&place.place, new);
                continue;
            };
            let further = old.further + 1;
            if order(place, old.place).is_lt() {
                *old = new;
            }
            old.further = further;
        }
    }
    let mut hits: Vec<HardHit<'_>> = hits.into_values().collect();
    hits.sort_by(|a, b| order(a.place, b.place));
    hits
}

fn places(found: &[StandardChange], limit: usize) -> Section {
    let mut table = Table::new(&[
        "place",
        "standard",
        "people",
        "lost_people",
        "mean_before_minutes",
        "mean_after_minutes",
        "further_standards",
    ]);
    let hits = hardest_hit(found);
    for HardHit { standard, place, further } in hits.iter().take(limit) {
        table.row(vec![
            Cell::text(&place.name),
            Cell::text(*standard),
            Cell::Count(place.people),
            Cell::Count(place.lost),
            Cell::maybe_minutes(place.before_seconds),
            Cell::maybe_minutes(place.after_seconds),
            Cell::Count(*further),
        ]);
    }
    let note = if hits.is_empty() {
        "No place is worse off.".to_owned()
    } else {
        format!(
            "{} of {} places that are worse off, each under the standard that hits it hardest: the most \
             people without any way any more first, then the most people lost, then the most extra minutes of \
             all its people.",
            hits.len().min(limit),
            hits.len()
        )
    };
    Section::new("places", "The places hit hardest", table).note(note)
}

fn groups<'c>(
    key: &'static str,
    column: &'static str,
    title: &str,
    found: &'c [StandardChange],
    of: impl Fn(&'c StandardChange) -> &'c Vec<ReachChange>,
) -> Section {
    let mut table = Table::new(&[
        "standard",
        column,
        "people",
        "within_before_share",
        "within_after_share",
        "mean_before_minutes",
        "mean_after_minutes",
    ]);
    for one in found {
        for group in of(one).iter().filter(|group| group.before != group.after) {
            table.row(vec![
                Cell::text(&one.standard.key),
                Cell::text(&group.name),
                Cell::Count(group.after.people),
                Cell::Share(group.before.share_within_limit()),
                Cell::Share(group.after.share_within_limit()),
                Cell::maybe_minutes(group.before.mean_seconds),
                Cell::maybe_minutes(group.after.mean_seconds),
            ]);
        }
    }
    let note = if table.rows().is_empty() { "Nothing changes." } else { "Only what changes." };
    Section::new(key, title, table).note(note)
}

fn stages(found: &[StageChange]) -> Section {
    let mut table = Table::new(&[
        "pathway",
        "stage",
        "median_before_minutes",
        "median_after_minutes",
        "p90_before_minutes",
        "p90_after_minutes",
        "mean_before_minutes",
        "mean_after_minutes",
    ]);
    for one in found.iter().filter(|one| one.is_changed()) {
        let (before, after): (&Times, &Times) = (&one.before.done, &one.after.done);
        table.row(vec![
            Cell::text(&one.pathway),
            Cell::text(&one.stage),
            Cell::maybe_time(before.median),
            Cell::maybe_time(after.median),
            Cell::maybe_time(before.p90),
            Cell::maybe_time(after.p90),
            Cell::maybe_minutes(before.mean_seconds),
            Cell::maybe_minutes(after.mean_seconds),
        ]);
    }
    let note = if table.rows().is_empty() {
        "No stage of any care pathway changes."
    } else {
        "From the call to the end of the stage, over everybody inside and all hours of the week; stages \
         that change. A dash: not everybody has a way."
    };
    Section::new("stages", "How long care pathways take", table).note(note)
}

fn hospitals(found: &Comparison, limit: usize) -> Section {
    let mut table = Table::new(&[
        "hospital",
        "cases_before",
        "cases_after",
        "occupancy_before_share",
        "occupancy_after_share",
        "newly_overfull",
    ]);
    let changes = &found.hospitals;
    for one in changes.iter().take(limit) {
        let (before, after) = one.load.occupancy();
        let cases = |load: Option<crate::routing::HospitalLoad>| {
            load.map_or(Cell::Missing, |load| Cell::Number(load.cases, 0))
        };
        table.row(vec![
            Cell::text(&one.hospital),
            cases(one.load.before),
            cases(one.load.after),
            Cell::maybe_share(before),
            Cell::maybe_share(after),
            Cell::Flag(one.load.is_newly_overfull()),
        ]);
    }
    let overfull: Vec<&str> = changes
        .iter()
        .filter(|one| one.load.is_newly_overfull())
        .map(|one: &HospitalChange| one.hospital.as_str())
        .collect();
    let mut section = Section::new("hospitals", "Where the cases go", table).note(format!(
        "{} of {} hospitals with a case a year more or fewer, the largest change first; expected cases of \
         all specialties. Beds by department are mostly derived.",
        changes.len().min(limit),
        changes.len()
    ));
    section = section.note(if overfull.is_empty() {
        "No further hospital has more bed days than beds.".to_owned()
    } else {
        format!("Newly more bed days than beds: {}.", overfull.join(", "))
    });
    let more = found.leftover.1 - found.leftover.0;
    if more >= 0.5 {
        section = section.note(format!("{more:.0} more cases a year reach no hospital at all."));
    }
    section
}

fn law(found: &Comparison, limit: usize) -> Section {
    let mut table = Table::new(&["hospital", "rule", "before", "after"]);
    for one in found.law.iter().take(limit.max(1) * 4) {
        let pair = |before: Option<&str>, after: Option<&str>, none: &str| {
            [before, after].map(|word| word.unwrap_or(none).to_owned())
        };
        let (rule, [before, after]) = match &one.point {
            LawPoint::Group { number, before, after } => {
                let words = [before, after].map(|one| one.map(rules::standing));
                (format!("service group {number}"), pair(words[0], words[1], "not offered"))
            }
            LawPoint::Level { before, after } => {
                let words = [before, after].map(|one| one.map(|level| level.to_string()));
                let [before, after] = &words;
                ("federal level".to_owned(), pair(before.as_deref(), after.as_deref(), "none"))
            }
            LawPoint::Stage { before, after } => {
                let words = [before, after].map(|one| rules::stage(*one).to_owned());
                ("emergency stage that the data allows".to_owned(), words)
            }
            LawPoint::Supplement { provision, before, after } => {
                let words = [before, after].map(|one| one.map(rules::supplement_word));
                (format!("supplement, {provision}"), pair(words[0], words[1], "not suitable"))
            }
        };
        let hospital = Cell::text(&one.hospital);
        table.row(vec![hospital, Cell::text(rule), Cell::text(before), Cell::text(after)]);
    }
    let (shown, all) = (table.rows().len(), found.law.len());
    let note = if all == 0 {
        "No verdict changes.".to_owned()
    } else {
        format!(
            "{shown} of {all} verdicts that change. Who offers which service group is assumed; see \
             verbund rules groups, levels, emergency and supplement."
        )
    };
    Section::new("law", "What the law then says", table).note(note)
}

fn simulated(found: &SimulatedView) -> Section {
    let mut table = Table::new(&[
        "hospital",
        "figure",
        "before_value",
        "after_value",
        "change",
        "change_half_width",
    ]);
    for one in &found.changes {
        let value = |value: Option<f64>| value.map_or(Cell::Missing, |value| of(one.figure, value));
        let points = |value: Option<f64>| match value {
            Some(value) if one.figure.is_share() => Cell::Points(value),
            value => value.map_or(Cell::Missing, |value| of(one.figure, value)),
        };
        table.row(vec![
            Cell::text(one.hospital.as_deref().unwrap_or("all inside")),
            Cell::text(one.figure.key()),
            value(one.before),
            value(one.after),
            points(one.change.map(|change| change.mean)),
            points(one.change.and_then(|change| change.half_width)),
        ]);
    }
    Section::new("simulated", "Patients over time", table).note(format!(
        "{} replications with the same patients before and after; ±: half of the width of the \
         95 % interval of the paired difference. Patients of a year; occupancy and time full as shares.",
        found.replications
    ))
}

fn of(figure: Figure, value: f64) -> Cell {
    if figure.is_share() { Cell::Share(value) } else { Cell::Number(value, 1) }
}
