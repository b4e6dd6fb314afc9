//! The main job: one screen about a region.

use super::caveats;
use super::closures::in_short as hurting_together;
use super::comparison::in_short as scenarios_in_short;
use super::cooperation::in_short as cooperations_in_short;
use super::coverage::{at_best, not_offered, of_nobody};
use super::document::{Cell, Document, Section, Table};
use super::flows::published;
use super::hours::{self, Cases};
use super::info::one_line;
use super::namesakes::Namesakes;
use super::pathway::summary;
use super::rules::{emergency_in_short, groups_in_short};
use super::simulation::in_short as in_short_simulated;
use super::{open, quality};
use crate::coverage::{self, Coverage};
use crate::model::Answer;
use crate::overview::{ChoiceLoads, Overview};
use crate::region::Region;

/// Rows of the lists that are cut.
const WORST: usize = 10;
/// What of a report about one hour is that of all hours.
const WHOLE_WEEK: &str = "care pathways, cooperations, occupancy, simulation, scenarios, rules and published figures: of all hours";

/// One screen for a person: network, data quality, coverage of every standard, the ten worst
/// places, flows and occupancy, a short simulation, single points of failure, pairs
/// that hurt more together, what scenarios change, and published figures beside the model. Scenarios that are
/// left out are named with the reason.
///
/// Of a region in one hour ([`Region::in_hour`]) the head says which parts are those of the whole week.
///
/// ```
/// use verbund::Region;
/// use verbund::model::Folder;
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
pub fn overview(overview: &Overview<'_>) -> Document {
    let (region, week) = (overview.region, &overview.week);
    let mut document = head(overview)
        .section(standards(overview))
        .section(worst_places(overview))
        .section(pathways(overview))
        .section(cooperations_in_short(&overview.cooperations, WORST))
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
fn head(overview: &Overview<'_>) -> Document {
    let (region, week) = (overview.region, &overview.week);
    let network = week.network();
    let mut document = open(format!("Report on {}", network.name()), region);
    if region.hour().is_some() {
        document = document.about("whole_week", WHOLE_WEEK);
    }
    let choices = format!("{}; {} (assumed)", overview.huff.choice, overview.capacity.choice);
    hours::on_cases(document, week, Cases::Split)
        .about("hospitals", one_line(network))
        .about("residents", Cell::Count(week.people_inside()).display())
        .about("choice", choices)
}

/// Every standard of the catalog.
fn standards(overview: &Overview<'_>) -> Section {
    let (region, results) = (overview.region, &overview.coverage);
    let mut table = standards_table(results);
    if !results.iter().any(Coverage::has_doubts) {
        table = table.details(&["share_at_best"]);
    }
    let count = |answer| results.iter().filter(|coverage| coverage.answer() == answer).count();
    let mut section = Section::new("coverage", "Who reaches care in time", table).note(format!(
        "That everybody is within the limit holds for {} of the {} standards, fails for {} and is unknown for {}.",
        count(Answer::Meets),
        results.len(),
        count(Answer::DoesNot),
        count(Answer::Unknown)
    ));
    section = section.maybe_note(at_best(results));
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
    let mut table = Table::new(&[
        "standard",
        "population",
        "limit_minutes",
        "share_within_limit",
        "share_at_best",
        "people_beyond",
        "share_within_15",
        "share_within_30",
        "mean_minutes",
        "p95_minutes",
    ]);
    for coverage in results {
        let (standard, total) = (&coverage.standard, &coverage.total);
        let is_offered = coverage.is_offered();
        let share_of = |people| coverage::share(people, total.people).filter(|_| is_offered);
        table.row(vec![
            Cell::text(&standard.key),
            Cell::text(standard.population.label()),
            Cell::Count(u64::from(standard.minutes)),
            Cell::maybe_share(coverage.share_within_limit()),
            Cell::maybe_share(coverage.share_at_best()),
            if is_offered { Cell::Count(total.people - total.within_limit) } else { Cell::Missing },
            Cell::maybe_share(share_of(total.within[0])),
            Cell::maybe_share(share_of(total.within[1])),
            Cell::maybe_minutes(total.mean_seconds),
            Cell::maybe_time(total.p95),
        ]);
    }
    table
}

/// The ten places that miss most standards.
fn worst_places(overview: &Overview<'_>) -> Section {
    let region = overview.region;
    let mut table = Table::new(&[
        "place",
        "place_name",
        "inside_people",
        "first_standard_minutes",
        "standards_missed",
    ]);
    let Some(first) = overview.coverage.first() else {
        return Section::new("worst_places", "The worst places", table);
    };
    let namesakes = Namesakes::new(region);
    for worst in overview.worst_places.iter().take(WORST) {
        let place = region.place(worst.place);
        table.row(vec![
            Cell::text(&place.key),
            namesakes.place(worst.place),
            Cell::Count(place.population.people()),
            Cell::maybe_minutes(worst.mean_seconds),
            Cell::List(worst.missed.clone()),
        ]);
    }

    let key = &first.standard.key;
    Section::new("worst_places", "The ten worst places", table.details(&["place"])).note(format!(
        "By the number of standards that most of the people miss, then by the mean minutes to {key}."
    ))
}

/// Every pathway of the catalog, over the whole week and by the fastest way.
fn pathways(overview: &Overview<'_>) -> Section {
    let unknown = caveats::on_unknown(overview.week.network(), &overview.unknown_in_pathways);
    summary(&overview.pathways).maybe_note(unknown).note(
        "By the fastest way, over all hours of the week. Stages, ways, hospitals: verbund pathway.",
    )
}

fn occupancy(overview: &Overview<'_>) -> Section {
    let Overview { week, huff, capacity, .. } = overview;
    let mut table = Table::new(&[
        "hospital",
        "beds",
        "cases",
        "occupancy_share",
        "capacity_cases",
        "capacity_occupancy_share",
    ]);
    for (id, hospital) in week.network().iter() {
        let (by_huff, by_capacity) = (huff.hospitals[id.index()], capacity.hospitals[id.index()]);
        if hospital.outside || !(by_huff.cases > 0.0 || by_capacity.cases > 0.0) {
            continue;
        }
        table.row(vec![
            Cell::text(&hospital.key),
            Cell::Count(by_huff.beds),
            Cell::Number(by_huff.cases, 0),
            Cell::maybe_share(by_huff.occupancy()),
            Cell::Number(by_capacity.cases, 0),
            Cell::maybe_share(by_capacity.occupancy()),
        ]);
    }

    let percent = |share: Option<f64>| Cell::maybe_share(share).display();
    Section::new("occupancy", "Expected cases a year and occupancy, hospitals inside", table)
        .note(format!(
            "All of them: {} by Huff, {} where full departments overflow; in the latter, {} cases of residents find no department with a free bed within {}.",
            percent(huff.inside_occupancy),
            percent(capacity.inside_occupancy),
            Cell::Number(capacity.leftover_inside, 0).display(),
            week.times().cutoff()
        ))
        .maybe_note(from_outside(week, huff))
        .maybe_note(caveats::on_beds(week.network()))
}

/// Which share of the cases at hospitals inside comes from beyond the region, and where it is largest; `None`
/// where it would be printed as none.
fn from_outside(region: &Region, loads: &ChoiceLoads) -> Option<String> {
    let share = loads.share_from_outside.filter(|share| *share >= 0.0005)?;
    let most = loads.most_from_outside?;
    let percent = |share: f64| Cell::Share(share).display();
    Some(format!(
        "The border is open: {} of these cases come from beyond the region, most at {} ({}); of each hospital: \
         verbund flows.",
        percent(share),
        region.network()[most.hospital].key,
        percent(most.share)
    ))
}

fn failures(overview: &Overview<'_>) -> Section {
    let network = overview.region.network();
    let mut table = Table::new(&["hospital", "standard", "newly_beyond_people", "backup_minutes"]);
    for point in overview.single_points.iter().take(WORST) {
        table.row(vec![
            Cell::text(&network[point.hospital].key),
            Cell::text(&point.standard),
            Cell::Count(point.newly_beyond),
            Cell::maybe_minutes(point.backup_seconds),
        ]);
    }

    let more = match overview.single_points.len().saturating_sub(WORST) {
        0 => String::new(),
        more => format!("; {more} more with coverage --by hospital"),
    };
    let mut held: Vec<&str> = Vec::new();
    for hospital in &overview.articulations {
        held.push(&network[*hospital].key);
    }
    let held = if held.is_empty() { "none".to_owned() } else { held.join(", ") };
    Section::new("single_points_of_failure", "Single points of failure", table)
        .note(format!(
            "People within the limit now who would be beyond it if this one hospital closed{more}."
        ))
        .note(format!("Hospitals without which others lose their last cooperation: {held}."))
}

fn published_figures(overview: &Overview<'_>) -> Section {
    let table = published(&overview.published);
    let mut section = Section::new("published", "Published figures beside the model", table)
        .note("Shares of people: hospitals of that year. Saxony is larger than the region.");
    for figure in &overview.published {
        if let Some(note) = &figure.published.note {
            section = section.note(note);
        }
    }
    section
}

/// How much rests on assumptions: the table for programs, a sentence for people.
fn assumed(region: &Region) -> Section {
    let table = quality(region);
    let (mut assumptions, mut derivations) = (Vec::new(), Vec::new());
    for row in table.rows() {
        let [
            Cell::Text(field),
            Cell::Count(sourced),
            Cell::Count(derived),
            Cell::Count(assumed),
            _,
        ] = &row[..]
        else {
            continue;
        };
        let known = sourced + derived + assumed;
        if *assumed > 0 {
            assumptions.push(format!("{field} {assumed} of {known}"));
        }
        if *derived > 0 {
            derivations.push(format!("{field} {derived} of {known}"));
        }
    }
    let mut words = format!("{}. All of them: verbund info.", assumptions.join(", "));
    if !derivations.is_empty() {
        let listed = derivations.join(", ");
        words.push_str(&format!(
            " Derived by a stated rule (verbund info --list derivations): {listed}."
        ));
    }
    Section::new("quality", "What nobody published and is assumed (hospitals inside)", table)
        .in_words(words)
}
