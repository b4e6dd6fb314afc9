//! The main job: one screen about a region.

use rayon::prelude::*;

use super::caveats;
use super::closures::in_short as hurting_together;
use super::comparison::{ScenarioChange, in_short as scenarios_in_short};
use super::cooperation::in_short;
use super::coverage::{at_best, not_offered, of_nobody};
use super::document::{Cell, Document, Section, Table};
use super::flows::{hospital_loads, inside_occupancy, published};
use super::hours::{self, Cases};
use super::info::one_line;
use super::namesakes::Namesakes;
use super::pathway::{protocols, summary};
use super::rules::{emergency_in_short, groups_in_short};
use super::simulation::in_short as in_short_simulated;
use super::{open, quality};
use crate::coverage::{self, Catchment, Coverage, CoverageError};
use crate::impact::{self, Study};
use crate::model::{Answer, CooperationGraph, GraphFilter, Model, Pathway, UnknownSite};
use crate::pathways::{Prepared, Query};
use crate::region::{PlaceId, Region, RegionError};
use crate::routing::{Capacity, Choice, Flows, HospitalLoad, Huff};

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A standard cannot be evaluated.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// The region of another year cannot be built.
    #[error(transparent)]
    Region(#[from] RegionError),
}

/// Rows of the lists that are cut.
const WORST: usize = 10;
/// What of a report about one hour is that of all hours.
const WHOLE_WEEK: &str = "care pathways, cooperations, occupancy, simulation, scenarios, rules and published figures: of all hours";

/// One screen for a person: network, data quality, coverage of every standard, the ten worst
/// places, flows and occupancy, a short simulation, single points of failure, pairs
/// that hurt more together, what scenarios change, and published figures beside the model. Scenarios that are
/// left out are named with the reason.
///
/// Of a region in one hour ([`Region::in_hour`]) that hour decides who reaches what meets a standard, the worst
/// places, single points of failure and pairs; all else is that of the whole week, and the head says so.
///
/// # Errors
///
/// When a standard cannot be evaluated, or the region of another year, for a published figure,
/// cannot be built.
///
/// # Panics
///
/// Never: the default parameters of the choice models are in range.
pub fn overview(
    (model, region): (&Model, &Region),
    (scenarios, left_out): (&[ScenarioChange], &[String]),
) -> Result<Document, ReportError> {
    let hour_region = region;
    let week_region = region.of_week();
    let region = &week_region;
    let network = region.network();
    let catalog = network.catalog();
    let results = coverage::evaluate_all(hour_region, &catalog.standards)?;
    let huff = Choice::Huff(Huff::default());
    let capacity = Choice::Capacity(Capacity::default());
    let by_huff = Flows::of_region(region, huff).expect("default parameters are in range");
    let limited = Flows::of_region(region, capacity).expect("default parameters are in range");

    let people = region.people_inside();
    let document = open(format!("Report on {}", network.name()), hour_region);
    let document = match hour_region.hour() {
        Some(_) => document.about("whole_week", WHOLE_WEEK),
        None => document,
    };
    let document = hours::on_cases(document, region, Cases::Split)
        .about("hospitals", one_line(network))
        .about("residents", Cell::Count(people).display())
        .about("choice", format!("{huff}; {capacity} (assumed)"))
        .section(standards(hour_region, &results).maybe_note(caveats::on_unknown_of(
            network,
            results.iter().map(|coverage| &coverage.standard.requirement),
        )))
        .section(worst_places(hour_region, &results))
        .section(pathways(region))
        .section(cooperations(region))
        .section(occupancy(region, &by_huff, &limited))
        .section(in_short_simulated(region, WORST))
        .section(failures(hour_region, &results))
        .section(hurting_together(hour_region)?);
    let further = [
        scenarios_in_short(region, scenarios, left_out),
        groups_in_short(network),
        emergency_in_short(region),
    ];
    let document = further.into_iter().flatten().fold(document, Document::section);
    let document = document.section(assumed(region));
    if network.published().is_empty() {
        return Ok(document);
    }
    let table = published(model, region, &by_huff)?;
    let mut section = Section::new("published", "Published figures beside the model", table)
        .note("Shares of people: hospitals of that year. Saxony is larger than the region.");
    for note in network.published().iter().filter_map(|figure| figure.note.as_ref()) {
        section = section.note(note);
    }
    Ok(document.section(section))
}

/// Every pathway of the catalog, over the whole week and by the fastest way.
fn pathways(region: &Region) -> Section {
    let all = &region.network().catalog().pathways;
    let prepared: Vec<_> = all.par_iter().map(|one| Prepared::new(region, one, &[])).collect();
    let query = Query::default();
    let results: Vec<_> = prepared
        .par_iter()
        .map(|one| one.as_ref().map_err(Clone::clone).and_then(|one| one.evaluate(&query)))
        .collect();
    let unknown = prepared.iter().flatten().flat_map(Prepared::unknown_sites);
    let unknown = caveats::on_unknown(region.network(), &UnknownSite::merged(unknown));
    summary(&results).maybe_note(unknown).note(
        "By the fastest way, over all hours of the week. Stages, ways, hospitals: verbund pathway.",
    )
}

/// What single cooperations change, over all pathways and the whole week, under both protocols.
fn cooperations(region: &Region) -> Section {
    let pathways: Vec<&Pathway> = region.network().catalog().pathways.iter().collect();
    let [lead, beside] = impact::PROTOCOLS;
    let lead = Study::new(region, &pathways, &[], Query::default().protocol(lead))
        .expect("nothing is added and no objective is named");
    let beside = lead.under(beside);
    let section = in_short((&lead, &lead.values()), (&beside, &beside.values()), WORST);
    let leads: Vec<String> =
        pathways.par_iter().filter_map(|pathway| why_it_leads(region, pathway)).collect();
    leads.into_iter().fold(section, Section::note)
}

/// How the leading protocol and the one beside it stand to what was published of a pathway; `None`
/// where nothing was, or where nobody can do it.
fn why_it_leads(region: &Region, pathway: &Pathway) -> Option<String> {
    let figure = *protocols::published(region.network(), &pathway.key).last()?;
    let prepared = Prepared::new(region, pathway, &[]).ok()?;
    let [lead, beside] = impact::PROTOCOLS.map(|protocol| {
        let outcome = prepared.evaluate(&Query::default().protocol(protocol)).ok()?;
        Some(outcome.loads().ways.transfer)
    });
    let (lead, beside) = (lead?, beside?);
    let is_nearer = (lead - figure.value).abs() <= (beside - figure.value).abs();
    let verdict =
        if is_nearer { "which is nearer to" } else { "although a free choice is nearer to" };
    let share = |share: f64| Cell::Share(share).display();
    Some(format!(
        "Nearest door leads: of {} it hands {} of the patients on, a free choice {}; {verdict} what was published: {}.",
        pathway.key,
        share(lead),
        share(beside),
        protocols::in_words(figure)
    ))
}

fn standards(region: &Region, results: &[Coverage]) -> Section {
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
    let count = |answer| results.iter().filter(|coverage| coverage.answer() == answer).count();
    let verdicts = format!(
        "That everybody is within the limit holds for {} of the {} standards, fails for {} and is unknown for {}.",
        count(Answer::Meets),
        results.len(),
        count(Answer::DoesNot),
        count(Answer::Unknown)
    );
    let remarks = results.iter().filter_map(|coverage| hours::of_coverage(region, coverage));
    let has_doubts = results.iter().any(Coverage::has_doubts);
    let table = if has_doubts { table } else { table.details(&["share_at_best"]) };
    std::iter::once(verdicts)
        .chain(at_best(results))
        .chain(remarks)
        .fold(Section::new("coverage", "Who reaches care in time", table), Section::note)
        .maybe_note(not_offered(region, results))
        .maybe_note(of_nobody(results))
}

/// Places by the number of standards that most of their people miss, then by the time to the first
/// standard of the catalog.
fn worst_places(region: &Region, results: &[Coverage]) -> Section {
    let mut table = Table::new(&[
        "place",
        "place_name",
        "inside_people",
        "first_standard_minutes",
        "standards_missed",
    ]);
    let Some(first) = results.first() else {
        return Section::new("worst_places", "The worst places", table);
    };
    let mut rows: Vec<(PlaceId, Option<f64>, Vec<String>)> = Vec::new();
    // What no site of the data offers is no verdict on a place, and nobody lives badly where nobody lives.
    let offered: Vec<&Coverage> = results.iter().filter(|coverage| coverage.is_offered()).collect();
    for (index, own) in first.places.iter().enumerate() {
        if region.place(own.place).population.people() == 0 {
            continue;
        }
        let mut missed = Vec::new();
        for coverage in &offered {
            let here = &coverage.places[index];
            if here.people > 0 && here.beyond_limit() * 2 > here.people {
                missed.push(coverage.standard.key.clone());
            }
        }
        rows.push((own.place, own.mean_seconds, missed));
    }
    let time = |seconds: Option<f64>| seconds.unwrap_or(f64::INFINITY);
    rows.sort_by(|a, b| {
        b.2.len().cmp(&a.2.len()).then(time(b.1).total_cmp(&time(a.1))).then(a.0.cmp(&b.0))
    });
    let namesakes = Namesakes::new(region);
    for (id, seconds, missed) in rows {
        let place = region.place(id);
        table.row(vec![
            Cell::text(&place.key),
            namesakes.place(id),
            Cell::Count(place.population.people()),
            Cell::maybe_minutes(seconds),
            Cell::List(missed),
        ]);
    }
    let key = &first.standard.key;
    Section::new("worst_places", "The ten worst places", table.first(WORST).details(&["place"])).note(format!(
        "By the number of standards that most of the people miss, then by the mean minutes to {key}."
    ))
}

fn occupancy(region: &Region, by_huff: &Flows, limited: &Flows) -> Section {
    let mut table = Table::new(&[
        "hospital",
        "beds",
        "cases",
        "occupancy_share",
        "capacity_cases",
        "capacity_occupancy_share",
    ]);
    let (huff, full) = (hospital_loads(region, by_huff), hospital_loads(region, limited));
    for (id, hospital) in region.network().iter().filter(|(_, one)| !one.outside) {
        let (huff, full) = (huff[id.index()], full[id.index()]);
        if huff.cases > 0.0 || full.cases > 0.0 {
            table.row(vec![
                Cell::text(&hospital.key),
                Cell::Count(huff.beds),
                Cell::Number(huff.cases, 0),
                Cell::maybe_share(huff.occupancy()),
                Cell::Number(full.cases, 0),
                Cell::maybe_share(full.occupancy()),
            ]);
        }
    }
    let percent = |share: Option<f64>| Cell::maybe_share(share).display();
    Section::new("occupancy", "Expected cases a year and occupancy, hospitals inside", table)
        .note(format!(
            "All of them: {} by Huff, {} where full departments overflow; in the latter, {} cases of residents find no department with a free bed within {}.",
            percent(inside_occupancy(region, by_huff)),
            percent(inside_occupancy(region, limited)),
            Cell::Number(leftover_inside(region, limited), 0).display(),
            region.times().cutoff()
        ))
        .maybe_note(from_outside(region, by_huff))
        .maybe_note(caveats::on_beds(region.network()))
}

/// Which share of the cases at hospitals inside comes from beyond the region, and where it is largest; `None`
/// without cases.
fn from_outside(region: &Region, flows: &Flows) -> Option<String> {
    let loads = hospital_loads(region, flows);
    let mut all = HospitalLoad::default();
    let mut largest: Option<(f64, &str)> = None;
    for (id, hospital) in region.network().iter().filter(|(_, one)| !one.outside) {
        let load = loads[id.index()];
        all.cases += load.cases;
        all.cases_inside += load.cases_inside;
        all.cases_from_beyond += load.cases_from_beyond;
        let Some(share) = load.share_from_outside() else { continue };
        if largest.is_none_or(|(most, _)| share > most) {
            largest = Some((share, &hospital.key));
        }
    }
    let percent = |share: f64| Cell::Share(share).display();
    let share = all.share_from_outside().filter(|share| *share >= 0.0005)?;
    let (most, hospital) = largest?;
    Some(format!(
        "The border is open: {} of these cases come from beyond the region, most at {hospital} ({}); of each hospital: \
         verbund flows.",
        percent(share),
        percent(most)
    ))
}

/// Cases of residents that no hospital takes.
fn leftover_inside(region: &Region, flows: &Flows) -> f64 {
    let inside = flows.leftovers.iter().filter(|one| !region.place(one.place).outside);
    inside.fold(0.0, |sum, one| sum + one.cases)
}

fn failures(region: &Region, results: &[Coverage]) -> Section {
    let network = region.network();
    let mut table = Table::new(&["hospital", "standard", "newly_beyond_people", "backup_minutes"]);
    let mut found: Vec<(&str, &Catchment)> = Vec::new();
    for coverage in results {
        let own = coverage.single_points_of_failure();
        found.extend(own.into_iter().map(|one| (coverage.standard.key.as_str(), one)));
    }
    found.sort_by_key(|(_, one)| std::cmp::Reverse(one.newly_beyond_if_closed));
    let more = found.len().saturating_sub(WORST);
    for (standard, one) in found.into_iter().take(WORST) {
        table.row(vec![
            Cell::text(&network[one.hospital].key),
            Cell::text(standard),
            Cell::Count(one.newly_beyond_if_closed),
            Cell::maybe_minutes(one.backup_seconds),
        ]);
    }
    let graph = CooperationGraph::new(network, &GraphFilter::default());
    let held: Vec<&str> =
        graph.articulation_hospitals().iter().map(|id| network[*id].key.as_str()).collect();
    let held = if held.is_empty() { "none".to_owned() } else { held.join(", ") };
    Section::new("single_points_of_failure", "Single points of failure", table)
        .note(format!(
            "People within the limit now who would be beyond it if this one hospital closed{}.",
            if more > 0 {
                format!("; {more} more with coverage --by hospital")
            } else {
                String::new()
            }
        ))
        .note(format!("Hospitals without which others lose their last cooperation: {held}."))
}

/// How much rests on assumptions: the table for programs, a sentence for people.
fn assumed(region: &Region) -> Section {
    let table = quality(region);
    let (mut assumptions, mut derivations): (Vec<String>, Vec<String>) = Default::default();
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
