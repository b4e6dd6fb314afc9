//! The main job: one screen about a region.

use super::caveats;
use super::closures::in_short as hurting_together;
use super::comparison::in_short as scenarios_in_short;
use super::cooperation::in_short as cooperations_in_short;
use super::coverage::{at_best, group, not_offered, of_nobody};
use super::document::{
    Cell, Document, Hint, Remark, Section, Table, data_field_of, hospital_of, standard_of,
};
use super::flows::{outside_of_band, published};
use super::hours::{self, Cases};
use super::info::one_line;
use super::info::{Tally, known_values};
use super::namesakes::Namesakes;
use super::pathway::{summary, with_band};
use super::rules::{emergency_in_short, groups_in_short};
use super::simulation::in_short as in_short_simulated;
use super::{agreements, band, open, quality};
use crate::coverage::{self, Coverage};
use crate::model::{Answer, BandEnd, OverBand};
use crate::overview::{ChoiceLoads, Overview, WorstPlace};
use crate::region::Region;
use crate::report::columns::{
    BACKUP_MINUTES, BEDS, CAPACITY_CASES, CAPACITY_OCCUPANCY_SHARE, CASES, FIRST_STANDARD_MINUTES,
    HOSPITAL, INSIDE_PEOPLE, LIMIT_MINUTES, MEAN_MINUTES, NEWLY_BEYOND_IF_QUICK_PEOPLE,
    NEWLY_BEYOND_IF_SLOW_PEOPLE, NEWLY_BEYOND_PEOPLE, OCCUPANCY_SHARE, OVER_BAND, P95_MINUTES,
    PEOPLE_BEYOND, PLACE, PLACE_NAME, POPULATION, SHARE_AT_BEST, SHARE_IF_QUICK, SHARE_IF_SLOW,
    SHARE_WITHIN_15, SHARE_WITHIN_30, SHARE_WITHIN_LIMIT, STANDARD, STANDARDS_MISSED,
    STANDARDS_UNDECIDED,
};

/// Rows of the lists that are cut.
const WORST: usize = 10;
/// What of a report about one hour is that of all hours.
pub(super) const WHOLE_WEEK: &str = "care pathways, cooperations, occupancy, simulation, scenarios, rules and published figures: of all hours";

/// One screen for a person: network, data quality, coverage of every standard, the ten worst
/// places, flows and occupancy, a short simulation, single points of failure, pairs
/// that hurt more together, what scenarios change, and published figures beside the model. Scenarios that are
/// left out are named with the reason.
///
/// Of a region in one hour ([`Region::in_hour`]) the head says which parts are those of the whole week.
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::overview::Overview;
/// use verbund::report::{self, Cell};
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let document = report::overview(&Overview::of(&model, &region)?);
/// let worst = document.sections.iter().find(|section| section.key == "worst_places").unwrap();
/// assert_eq!(worst.table.rows()[0][0], Cell::text("e")); // Edorf
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn overview(overview: &Overview) -> Document {
    let (region, week) = (&overview.region, &overview.week);
    // Who reaches care first, then what may go wrong with it, and last what the law and others say.
    let mut document = head(overview)
        .section(standards(overview))
        .section(worst_places(overview))
        .section(pathways(overview))
        .section(cooperations_in_short(&overview.cooperations, WORST));
    let network = week.network();
    if let Some(agreements) = agreements::agreements(network, &overview.agreements) {
        document = document.section(agreements);
    }
    if let Some(alliances) = agreements::alliances(&overview.alliances) {
        document = document.section(alliances);
    }
    document = document
        .section(occupancy(overview))
        .section(in_short_simulated(week.network(), &overview.simulation, WORST))
        .section(failures(overview))
        .section(hurting_together(region, &overview.pairs));

    if let Some(scenarios) = scenarios_in_short(week, &overview.scenarios) {
        document = document.section(scenarios);
    }
    if let Some(assessment) = &overview.service_groups {
        document = document.section(groups_in_short(week.network(), assessment));
    }
    if let Some(stages) = &overview.emergency_stages {
        document = document.section(emergency_in_short(week, stages));
    }
    document = document.section(assumed(week));
    if overview.published.is_empty() {
        return document;
    }
    document.section(published_figures(overview))
}

/// What the report is about.
fn head(overview: &Overview) -> Document {
    let (region, week) = (&overview.region, &overview.week);
    let network = week.network();
    let mut document = open(said!("Report on {name}", name = network.name()), region);
    if region.hour().is_some() {
        document = document.about("whole_week", WHOLE_WEEK);
    }
    // Both are shown: where they differ, the occupancy rests on how people choose.
    let choices = said!(
        "{first}; {second} (assumed)",
        first = overview.huff.choice,
        second = overview.capacity.choice
    );
    hours::on_cases(document, week, Cases::Split)
        .about("hospitals", one_line(network))
        .about("residents", Cell::count(week.people_inside()).display())
        .about("choice", choices)
}

/// Every standard of the catalog.
fn standards(overview: &Overview) -> Section {
    let (region, results) = (&overview.region, &overview.coverage);
    let table = standards_table(results);
    let count = |answer| results.iter().filter(|coverage| coverage.answer() == answer).count();
    let mut section = Section::new("coverage", "Who reaches care in time", table).note(said!(
"That everybody is within the limit holds for {meets} of the {all} standards, fails for {fails} and is unknown for {unknown}.",
meets = count(Answer::Meets),
all = results.len(),
fails = count(Answer::DoesNot),
unknown = count(Answer::Unknown)
));
    section = section
        .maybe_note(at_best(results))
        .maybe_note(band::shares(region, results))
        .maybe_note(band::undecided(region, &band::Verdicts::of(results)));
    for coverage in results {
        section = section.maybe_note(hours::of_coverage(region, coverage));
    }

    let requirements = results.iter().map(|coverage| &coverage.standard.requirement);
    section
        .maybe_note(not_offered(region, results))
        .maybe_note(of_nobody(results))
        // Of all hours: what is closed in this one is no doubt of the data.
        .maybe_note(caveats::on_unknown_of(overview.week.network(), requirements))
}

/// One row a standard.
fn standards_table(results: &[Coverage]) -> Table {
    // Where nobody offers it, or for nobody who lives there, no share is known: 0 % would be a verdict.
    let share = |row: &Coverage, people: u64| {
        if row.is_offered() {
            Cell::maybe_share(coverage::share(people, row.total.people))
        } else {
            Cell::Missing
        }
    };
    let if_all_are = |row: &Coverage, end: BandEnd| {
        if row.is_offered() { band::share_at(&row.total, end) } else { Cell::Missing }
    };
    // Where nobody doubts any hospital, the best case is the case.
    let has_doubts = results.iter().any(Coverage::has_doubts);

    Table::of(results)
        .column(STANDARD, |row| Cell::text(&row.standard.key))
        .column(POPULATION, |row| group(&row.standard.population))
        .column(LIMIT_MINUTES, |row| Cell::count(row.standard.minutes))
        .column(SHARE_WITHIN_LIMIT, |row| Cell::maybe_share(row.share_within_limit()))
        .detail(SHARE_IF_SLOW, |row| if_all_are(row, BandEnd::Slow))
        .detail(SHARE_IF_QUICK, |row| if_all_are(row, BandEnd::Quick))
        .detail(OVER_BAND, |row| band::word(row.over_band()))
        .detail_if(!has_doubts, SHARE_AT_BEST, |row| Cell::maybe_share(row.share_at_best()))
        .column(PEOPLE_BEYOND, |row| {
            if row.is_offered() {
                Cell::count(row.total.people - row.total.within_limit)
            } else {
                Cell::Missing
            }
        })
        .column(SHARE_WITHIN_15, |row| share(row, row.total.within[0]))
        .column(SHARE_WITHIN_30, |row| share(row, row.total.within[1]))
        .column(MEAN_MINUTES, |row| Cell::maybe_minutes(row.total.mean_seconds))
        .column(P95_MINUTES, |row| Cell::maybe_time(row.total.p95))
        .build()
}

/// The ten places that miss most standards.
fn worst_places(overview: &Overview) -> Section {
    let region = &overview.region;
    let namesakes = Namesakes::new(region);
    // Without a standard no place is worse than another.
    let worst = if overview.coverage.is_empty() { &[][..] } else { &overview.worst_places[..] };
    let table = Table::of(worst)
        .detail(PLACE, |row| Cell::text(&region.place(row.place).key))
        .column(PLACE_NAME, |row| namesakes.place(row.place))
        .column(INSIDE_PEOPLE, |row| Cell::count(region.place(row.place).population.people()))
        .column(FIRST_STANDARD_MINUTES, |row| Cell::maybe_minutes(row.mean_seconds))
        .column(STANDARDS_MISSED, |row| Cell::list(&row.missed))
        .detail(STANDARDS_UNDECIDED, |row| Cell::list(&row.undecided))
        .build()
        .show_first(WORST);
    let Some(first) = overview.coverage.first() else {
        return Section::new("worst_places", "The worst places", table);
    };
    let key = &first.standard.key;
    let section = Section::new("worst_places", "The ten worst places", table).note(said!(
"By the number of standards that most of the people miss, then by the mean minutes to {key}.",
key = standard_of(key)
));
    section.maybe_note(band::undecided(region, &misses(region, worst)))
}

/// Whether most of the people of the places that are shown miss a standard, over the band.
fn misses(region: &Region, worst: &[WorstPlace]) -> band::Verdicts {
    let mut verdicts = band::Verdicts::default();
    for place in worst.iter().take(WORST) {
        let name = &region.place(place.place).name;
        for key in &place.undecided {
            verdicts.add(&format!("{} ({name})", standard_of(key)), Some(OverBand::NotDecided));
        }
        // Without one that holds, nothing would be said of places that are decided altogether.
        if place.undecided.is_empty() {
            verdicts.add(name, Some(OverBand::Holds));
        }
    }
    verdicts
}

/// Every pathway of the catalog, over the whole week and by the fastest way.
fn pathways(overview: &Overview) -> Section {
    let unknown = caveats::on_unknown(overview.week.network(), &overview.unknown_in_pathways);
    with_band(&overview.week, summary(&overview.pathways), &overview.pathways)
        .maybe_note(unknown)
        .note(Remark::from("By the fastest way, over all hours of the week.").hint(Hint::Pathways))
}

fn occupancy(overview: &Overview) -> Section {
    let Overview { week, huff, capacity, .. } = overview;
    let mut rows = Vec::new();
    for (id, hospital) in week.network().iter() {
        let by_huff = huff.hospitals[id.index()].load;
        let by_capacity = capacity.hospitals[id.index()].load;
        // Day clinics have no inpatients, and a hospital at the edge may have none from these places.
        if !hospital.outside && (by_huff.cases > 0.0 || by_capacity.cases > 0.0) {
            rows.push((hospital, by_huff, by_capacity));
        }
    }
    let table = Table::of(rows)
        .column(HOSPITAL, |(hospital, ..)| Cell::text(&hospital.key))
        .column(BEDS, |(_, by_huff, _)| Cell::count(by_huff.beds))
        .column(CASES, |(_, by_huff, _)| Cell::number(by_huff.cases, 0))
        .column(OCCUPANCY_SHARE, |(_, by_huff, _)| Cell::maybe_share(by_huff.occupancy()))
        .column(CAPACITY_CASES, |(.., by_capacity)| Cell::number(by_capacity.cases, 0))
        .column(CAPACITY_OCCUPANCY_SHARE, |(.., by_capacity)| {
            Cell::maybe_share(by_capacity.occupancy())
        })
        .build();

    let percent = |share: Option<f64>| Cell::maybe_share(share).display();
    Section::new("occupancy", "Expected cases a year and occupancy, hospitals inside", table)
        .note(said!(
"All of them: {by_huff} by Huff, {by_capacity} where full departments overflow; in the latter, {cases} cases of residents find no department with a free bed within {limit}.",
by_huff = percent(huff.inside_occupancy),
by_capacity = percent(capacity.inside_occupancy),
cases = Cell::number(capacity.leftover_inside, 0).display(),
limit = week.times().cutoff()
))
        .maybe_note(from_outside(week, huff))
        .maybe_note(caveats::on_beds(week.network()))
}

/// Which share of the cases at hospitals inside comes from beyond the region, and where it is largest; `None`
/// where it would be printed as none.
fn from_outside(region: &Region, loads: &ChoiceLoads) -> Option<Remark> {
    // Less would be printed as 0.0 %.
    let share = loads.share_from_outside.filter(|share| *share >= 0.0005)?;
    let most = loads.most_from_outside?;
    let percent = |share: f64| Cell::share(share).display();
    let told = said!(
        "The border is open: {share} of these cases come from beyond the region, most at {hospital} ({most})",
        share = percent(share),
        hospital = hospital_of(&region.network()[most.hospital].key),
        most = percent(most.share)
    );
    Some(Remark::from(told).hint(Hint::FlowsOfHospitals).and("."))
}

fn failures(overview: &Overview) -> Section {
    let network = overview.region.network();
    let table = Table::of(&overview.single_points)
        .column(HOSPITAL, |point| Cell::text(&network[point.hospital].key))
        .column(STANDARD, |point| Cell::text(&point.standard))
        .column(NEWLY_BEYOND_PEOPLE, |point| Cell::count(point.newly_beyond))
        .detail(NEWLY_BEYOND_IF_SLOW_PEOPLE, |point| {
            band::people(point.newly_beyond_band, BandEnd::Slow)
        })
        .detail(NEWLY_BEYOND_IF_QUICK_PEOPLE, |point| {
            band::people(point.newly_beyond_band, BandEnd::Quick)
        })
        .column(OVER_BAND, |point| band::word(point.over_band))
        .column(BACKUP_MINUTES, |point| Cell::maybe_minutes(point.backup_seconds))
        .build()
        .show_first(WORST);

    let mut told = Remark::from(
        "People within the limit now who would be beyond it if this one hospital closed",
    );
    let more = overview.single_points.len().saturating_sub(WORST);
    if more > 0 {
        told = told.and(said!("; {more} more", more)).hint(Hint::SinglePoints);
    }
    let mut held = Vec::new();
    for hospital in &overview.articulations {
        held.push(hospital_of(&network[*hospital].key));
    }
    let held = if held.is_empty() { said!("none") } else { held.join(", ") };
    Section::new("single_points_of_failure", "Single points of failure", table)
        .note(told.and("."))
        .maybe_note(band::undecided(&overview.region, &points_over_band(overview)))
        .note(said!("Hospitals without which others lose their last cooperation: {held}.", held))
}

/// Whether the closures that are shown put somebody beyond a limit over the band.
fn points_over_band(overview: &Overview) -> band::Verdicts {
    let network = overview.region.network();
    let mut verdicts = band::Verdicts::default();
    for point in overview.single_points.iter().take(WORST) {
        let name = format!(
            "{} ({})",
            standard_of(&point.standard),
            hospital_of(&network[point.hospital].key)
        );
        verdicts.add(&name, point.over_band);
    }
    verdicts
}

fn published_figures(overview: &Overview) -> Section {
    let table = published(&overview.published);
    let mut section = Section::new("published", "Published figures beside the model", table)
        .note("Shares of people: hospitals of that year. Saxony is larger than the region.");
    section = section.maybe_note(outside_of_band(&overview.published));
    for figure in &overview.published {
        if let Some(note) = &figure.published.note {
            section = section.note(note);
        }
    }
    section
}

/// How much rests on assumptions: the table for programs, a sentence for people.
fn assumed(region: &Region) -> Section {
    let (mut assumptions, mut derivations) = (Vec::new(), Vec::new());
    for (field, values) in known_values(region) {
        let (field, known) = (data_field_of(field), values.known());
        let Tally { assumed, derived, .. } = values;
        if assumed > 0 {
            assumptions.push(said!("{field} {assumed} of {known}", field, assumed, known));
        }
        if derived > 0 {
            derivations.push(said!("{field} {derived} of {known}", field, derived, known));
        }
    }

    let mut words = Remark::from(format!("{}.", assumptions.join(", "))).hint(Hint::Assumptions);
    if !derivations.is_empty() {
        let listed = derivations.join(", ");
        words = words
            .and(" Derived by a stated rule")
            .hint(Hint::Derivations)
            .and(format!(": {listed}."));
    }
    Section::new(
        "quality",
        "What nobody published and is assumed (hospitals inside)",
        quality(region),
    )
    .in_words(words)
}
