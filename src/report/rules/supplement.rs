//! Supplements by hospital, and how robust the verdicts are.

use super::super::caveats;
use super::super::document::{Cell, Document, Section, Table};
use super::super::hours;
use super::open_at_any_time;
use crate::model::{Answer, HospitalId, PopulationGroup, Provision};
use crate::region::Region;
use crate::rules::{
    Affected, ONE_SITE, Site, Supplement, SupplementAnswer, SupplementRow, SupplementSensitivity,
    SupplementSettings, SupplementTest, SupplementVerdict, Variant, site_of, sites, whole,
};
use crate::units::Seconds;

/// The verdict of a test in one or two words; unknown where it hangs on what the data lack.
fn word_of(test: &SupplementTest) -> &'static str {
    match test.answer() {
        Answer::Unknown => Answer::Unknown.word(),
        Answer::Meets | Answer::DoesNot => word(test.verdict()),
    }
}

/// A verdict in one or two words.
pub(in crate::report) fn word(verdict: SupplementVerdict) -> &'static str {
    match verdict {
        SupplementVerdict::Neither => "neither",
        SupplementVerdict::LowDemand => "low demand",
        SupplementVerdict::Endangered => "endangered",
        SupplementVerdict::Both => "both",
    }
}

/// Supplements, provision by provision: the hospitals with the most affected people first. One
/// hospital, or all inside of the region.
pub fn supplement(
    region: &Region,
    found: &[Supplement],
    settings: &SupplementSettings,
    hospital: Option<HospitalId>,
) -> Document {
    let network = region.network();
    let mut table = Table::new(&[
        "provision",
        "hospital",
        "verdict",
        "affected_people",
        "margin_people",
        "density_per_km2",
        "people_nearest",
        "is_endangered",
        "is_low_demand",
        "least_affected_people",
        "low_density_per_km2",
        "affected_outside_people",
        "without_second_people",
        "second_minutes",
        "people_in_area",
        "area_km2",
        "assumed",
    ]);
    for one in found {
        let shown = |test: &&SupplementTest| match hospital {
            Some(hospital) => test.hospitals.contains(&hospital),
            None => !network[test.hospital].outside,
        };
        let mut tests: Vec<&SupplementTest> = one.tests.iter().filter(shown).collect();
        tests.sort_by_key(|test| (std::cmp::Reverse(test.affected), test.hospital));
        tests.iter().for_each(|test| table.row(row(region, &one.provision, test)));
    }
    let table = table.details(&[
        "least_affected_people",
        "low_density_per_km2",
        "affected_outside_people",
        "without_second_people",
        "second_minutes",
        "people_in_area",
        "area_km2",
        "assumed",
    ]);
    let mut section = Section::new("supplement", "Affected people and density", table);
    let is_known = |one: &&Supplement| one.nowhere.is_empty(); // else nobody can say who is suitable
    for one in found.iter().filter(is_known).filter(|one| one.without_site > 0) {
        let (key, people) = (&one.provision.key, Cell::Count(one.without_site).display());
        let known = if one.unknown.is_empty() { "" } else { "that is known to be " };
        section = section.note(format!(
            "Provision {key}: {people} people reach no site {known}suitable at all; no hospital's test counts them."
        ));
    }
    for one in found.iter().filter(|one| is_for_nobody(region, &one.provision)) {
        section = section.note(format!(
            "Provision {}: nobody lives there for whom it is ({}); its tests say nothing.",
            one.provision.key,
            one.provision.population.label()
        ));
    }
    for one in found.iter().filter(|one| !one.part_time.is_empty()) {
        section = section.note(format!(
            "Provision {}: not suitable, as what it asks for is not open there round the clock (a reading of \
             the rule): {}.",
            one.provision.key,
            hours::part_time(&one.part_time)
        ));
    }
    for one in found {
        section = section.maybe_note(caveats::on_unknown(network, &one.unknown));
    }
    section = section.maybe_note(caveats::on_nowhere(found.iter().flat_map(|one| &one.nowhere)));
    let provisions: Vec<&Provision> = found.iter().map(|one| &one.provision).collect();
    for note in rule(region, &provisions, settings) {
        section = section.note(note);
    }
    let mut document = open_at_any_time("Supplements (Sicherstellungszuschläge)", region);
    if let Some(hospital) = hospital {
        let site = site_of(network, hospital);
        document = document
            .about("hospital", &network[site.main].name)
            .about("verdict", Conditions::of(region, found, &site, false).sentence());
    }
    document.section(conditions(region, found, hospital)).section(section)
}

/// Field of the facts of a hospital that says which supplement it is paid.
const PAYMENT: &str = "security_supplement";

/// What the provisions say of a site, in words, by verdict.
#[derive(Default)]
struct Conditions {
    met: Vec<String>,
    not_met: Vec<String>,
    unknown: Vec<String>,
    /// Those for which it is no suitable site.
    unsuitable: Vec<String>,
}

impl Conditions {
    /// Of one site, or of one of many: what is the same at each of them is left to a remark.
    fn of(region: &Region, found: &[Supplement], site: &Site, is_one_of_many: bool) -> Self {
        let mut conditions = Self::default();
        for one in found {
            // The name without what stands in brackets behind it.
            let name = one.provision.name.split(" (").next().unwrap_or_default();
            let verdict = one.judge_site(region.network(), site);
            if is_one_of_many && is_the_same_everywhere(one, &verdict) {
                continue;
            }
            let why = why(one, &verdict);
            match verdict.answer {
                Answer::Meets => conditions.met.push(format!("{name}: {why}")),
                Answer::Unknown => conditions.unknown.push(format!("{name}: {why}")),
                Answer::DoesNot if verdict.test.is_none() => {
                    conditions.unsuitable.push(format!("{name}: {why}"));
                }
                Answer::DoesNot => conditions.not_met.push(format!("{name}: {why}")),
            }
        }
        conditions
    }

    /// All of it: `conditions met: births (2,440 of 950 people affected, 11 people per km², under 20); basic care:
    /// no, 2,993 of 5,000 people affected, 53 people per km², under 100`.
    fn sentence(&self) -> String {
        let mut met = Vec::with_capacity(self.met.len());
        for one in &self.met {
            let (name, why) = one.split_once(": ").unwrap_or((one, ""));
            met.push(format!("{name} ({why})"));
        }
        let met = if met.is_empty() { "none".to_owned() } else { met.join(", ") };
        let mut parts = vec![format!("conditions met: {met}")];
        for (words, list) in [
            ("no", &self.not_met),
            ("no suitable site", &self.unsuitable),
            ("unknown", &self.unknown),
        ] {
            for one in list {
                let (name, why) = one.split_once(": ").unwrap_or((one, ""));
                parts.push(format!("{name}: {words}, {why}"));
            }
        }
        parts.join("; ")
    }
}

/// Whether nobody can tell for a reason that has nothing to do with the hospital.
fn is_the_same_everywhere(found: &Supplement, verdict: &SupplementAnswer) -> bool {
    let is_unknown = verdict.answer == Answer::Unknown;
    is_unknown && (found.people == 0 || !verdict.gaps.nowhere.is_empty())
}

/// Both tests of a provision in words with how near the line they are, or what the data lack.
fn why(found: &Supplement, verdict: &SupplementAnswer) -> String {
    let provision = &found.provision;
    let Some(test) = &verdict.test else {
        let gaps = &verdict.gaps;
        if let Some(hours) = &verdict.hours {
            return format!("open {} only", hours::in_words(hours));
        }
        if verdict.answer == Answer::DoesNot {
            return gaps.missing.join(", ");
        }
        let nowhere = gaps.nowhere.iter().map(|what| format!("in the data of no hospital: {what}"));
        let unknown = gaps.unknown.iter().map(|what| format!("not stated: {what}"));
        return unknown.chain(nowhere).collect::<Vec<_>>().join(", ");
    };
    if found.people == 0 {
        return format!("nobody of the group ({}) lives in the data", provision.population.label());
    }
    let count = |people: u64| Cell::Count(people).display();
    let least = u64::from(provision.least_people);
    let mut affected = format!("{} of {} people affected", count(test.affected), count(least));
    if test.endangered() == Answer::Unknown {
        let at_least = count(test.affected_at_least);
        affected = format!("{at_least} to {affected}, by which other sites are suitable");
    }
    if is_near(test.affected as f64, least as f64) {
        affected += ", near the line";
    }
    let low = provision.low_density;
    let mut density = match test.density {
        None => "density unknown, no place has an area".to_owned(),
        Some(density) if test.is_low_demand => format!("{density:.0} people per km², under {low}"),
        Some(density) => format!("{density:.0} people per km², not under {low}"),
    };
    if test.density.is_some_and(|density| is_near(density, low)) {
        density += ", near the line";
    }
    format!("{affected}, {density}")
}

/// Within a tenth of a line: other roads, or a small change of the people, may turn the verdict.
fn is_near(value: f64, line: f64) -> bool {
    (value - line).abs() <= 0.1 * line
}

/// The verdicts in words: of one hospital, or of every site inside that is suitable for something, or may be.
fn conditions(region: &Region, found: &[Supplement], hospital: Option<HospitalId>) -> Section {
    let network = region.network();
    let mut table = Table::new(&[
        "hospital",
        "conditions_met",
        "conditions_not_met",
        "conditions_unknown",
        "stated_payment",
    ]);
    let mut unsuitable = Vec::new();
    let (mut paid_and_met, mut paid_and_not_met) = (Vec::new(), Vec::new());
    let mut rows: Vec<(bool, bool, Vec<Cell>)> = Vec::new();
    for site in sites(network, ONE_SITE) {
        let is_shown = match hospital {
            Some(hospital) => site.hospitals.contains(&hospital),
            None => !network[site.main].outside,
        };
        if !is_shown {
            continue;
        }
        let own = Conditions::of(region, found, &site, hospital.is_none());
        if hospital.is_some() {
            unsuitable.extend(own.unsuitable.iter().cloned());
        }
        let facts = site.hospitals.iter().flat_map(|id| &network[*id].facts);
        let paid: Vec<String> = facts
            .filter(|fact| fact.field == PAYMENT)
            .map(|fact| match &fact.year {
                Some(year) => format!("{}, {year}", fact.value),
                None => fact.value.clone(),
            })
            .collect();
        let is_silent = own.met.is_empty() && own.not_met.is_empty() && own.unknown.is_empty();
        if is_silent && paid.is_empty() && hospital.is_none() {
            continue;
        }
        let (meets_none, knows_all) = (own.met.is_empty(), own.unknown.is_empty());
        let cells = vec![
            Cell::text(&network[site.main].key),
            Cell::List(own.met),
            Cell::List(own.not_met),
            Cell::List(own.unknown),
            if paid.is_empty() { Cell::Missing } else { Cell::text(paid.join("; ")) },
        ];
        if !paid.is_empty() {
            let key = network[site.main].key.as_str();
            if meets_none { paid_and_not_met.push(key) } else { paid_and_met.push(key) }
        }
        rows.push((meets_none, knows_all, cells));
    }
    rows.sort_by_key(|(meets_none, knows_all, _)| (*meets_none, *knows_all)); // stable: by key within
    rows.into_iter().for_each(|(_, _, cells)| table.row(cells));
    let mut section = Section::new("conditions", "What the rule asks of the region", table)
        .note("Met, first in the table: enough people affected and low demand; near the line is within a tenth of it. Beside it the payment that a source states: whoever is paid should meet one.");
    if !paid_and_met.is_empty() {
        let list = paid_and_met.join(", ");
        section = section.note(format!("Paid, and a condition is met here: {list}."));
    }
    if !paid_and_not_met.is_empty() {
        let list = paid_and_not_met.join(", ");
        section = section.note(format!("Paid, but no condition is met here: {list}."));
    }
    if !unsuitable.is_empty() {
        section = section.note(format!("No suitable site for {}.", unsuitable.join("; ")));
    }
    section
}

/// Whether no place of the data has anybody for whom a provision is.
fn is_for_nobody(region: &Region, provision: &Provision) -> bool {
    region.people_everywhere(&provision.population).iter().all(|people| *people == 0)
}

fn row(region: &Region, provision: &Provision, test: &SupplementTest) -> Vec<Cell> {
    let network = region.network();
    let hospital = whole(network, test.hospital, &test.hospitals);
    vec![
        Cell::text(&provision.key),
        Cell::text(&hospital.key),
        Cell::text(word_of(test)),
        Cell::Count(test.affected),
        Cell::Number(test.margin as f64, 0),
        test.density.map_or(Cell::Missing, |density| Cell::Number(density, 1)),
        Cell::Count(test.people_nearest),
        Cell::Flag(test.is_endangered),
        if test.density.is_some() { Cell::Flag(test.is_low_demand) } else { Cell::Missing },
        Cell::Count(u64::from(provision.least_people)),
        Cell::Number(provision.low_density, 0),
        Cell::Count(test.affected_outside),
        Cell::Count(test.without_second),
        Cell::maybe_minutes(test.second_seconds),
        Cell::Count(test.people_in_area),
        Cell::Number(test.area_km2, 0),
        Cell::List(provision.requirement.assumed_of(&hospital, network.catalog())),
    ]
}

/// The rule and its reading in sentences.
fn rule(region: &Region, provisions: &[&Provision], settings: &SupplementSettings) -> Vec<String> {
    let catalog = region.network().catalog();
    let mut notes: Vec<String> = provisions
        .iter()
        .map(|one| {
            format!(
                "{}, {} ({}): endangered from {} people (group: {}) whose second nearest site is more than {} minutes away; low demand below {} of them per km².",
                one.key,
                one.name,
                one.requirement.describe(catalog),
                Cell::Count(u64::from(one.least_people)).display(),
                one.population.label(),
                one.minutes,
                one.low_density,
            )
        })
        .collect();
    notes.push(
        match settings.affected {
            Affected::Additional => "Affected are people who reach this site within the limit and no other one (a reading of the rule; --all-beyond counts those already beyond it, too).",
            Affected::AllBeyond => "Affected are all people nearest to this site who reach no other one within the limit, those already beyond it included.",
        }
        .to_owned(),
    );
    let drive =
        |drive: Seconds| format!("Service area of the density: cells within {drive} of the site.");
    notes.push(match settings.service_area {
        Some(area) => drive(area),
        None => "Service area of the density: cells within the limit of the site (a reading; --area-minutes changes it).".to_owned(),
    });
    let people = region.people_everywhere(&PopulationGroup::ALL);
    let largest = people.iter().max().copied().unwrap_or(0);
    notes.push(format!(
        "Cells: {} parts of places, the largest with {} people. {}",
        Cell::Count(people.len() as u64).display(),
        Cell::Count(u64::from(largest)).display(),
        if settings.only_inside {
            "People outside of the region are left out."
        } else {
            "State borders are no borders: people outside count as far as their places are in the data."
        }
    ));
    notes.push("Suitable by departments, stage and module, as the closure simulator of the statutory funds counts.".to_owned());
    notes.push("Not computed, also needed: a deficit in the balance sheet, a place in the state's plan. For islands no least number of people holds.".to_owned());
    notes.push(format!("Source: {}.", catalog.supplement.source));
    notes
}

/// The columns of the variants.
fn columns(variant: Variant) -> (&'static str, &'static str) {
    match variant {
        Variant::Faster => ("faster_verdict", "faster_affected_people"),
        Variant::Slower => ("slower_verdict", "slower_affected_people"),
        Variant::Shorter => ("shorter_verdict", "shorter_affected_people"),
        Variant::Longer => ("longer_verdict", "longer_affected_people"),
        Variant::Other => ("scenario_verdict", "scenario_affected_people"),
    }
}

/// Which verdicts flip: verdicts, then affected people, in the base and in each variant. `other` names
/// the other region.
pub fn supplement_sensitivity(
    region: &Region,
    found: &SupplementSensitivity,
    (settings, provisions): (&SupplementSettings, &[&Provision]),
    (hospital, other): (Option<HospitalId>, Option<&str>),
) -> Document {
    let network = region.network();
    let key = hospital.map(|id| network[site_of(network, id).main].key.as_str());
    let shown = |row: &&SupplementRow| key.is_none_or(|key| row.hospital == key);
    let rows: Vec<&SupplementRow> = found.rows.iter().filter(shown).collect();
    let keys = |of: fn((&'static str, &'static str)) -> &'static str, base: &'static str| {
        let variants = found.variants.iter().map(|variant| of(columns(*variant)));
        ["provision", "hospital", base].into_iter().chain(variants).collect::<Vec<_>>()
    };
    let verdict = |test: &Option<SupplementTest>| match test {
        Some(test) => Cell::text(word_of(test)),
        None => Cell::text("not suitable"),
    };
    let people =
        |test: &Option<SupplementTest>| Cell::maybe_count(test.as_ref().map(|test| test.affected));
    let mut verdicts = Table::new(&keys(|(verdict, _)| verdict, "base_verdict"));
    let mut affected = Table::new(&keys(|(_, people)| people, "affected_people"));
    for row in &rows {
        let start = || vec![Cell::text(&row.provision), Cell::text(&row.hospital)];
        let all = || std::iter::once(&row.base).chain(&row.variants);
        verdicts.row(start().into_iter().chain(all().map(verdict)).collect());
        affected.row(start().into_iter().chain(all().map(people)).collect());
    }
    let count = |at: usize| rows.iter().filter(|row| row.is_changed(at)).count();
    let flips: Vec<String> = (0..found.variants.len())
        .map(|at| format!("{} {}", count(at), in_words(found.variants[at])))
        .collect();
    let mut section = Section::new("verdicts", "Verdicts", verdicts)
        .note(format!("Of {} verdicts change: {}.", rows.len(), flips.join(", ")))
        .note("Roads: every journey as a whole, access included, at speeds 20 % higher and lower. Limits: five minutes shorter and longer; the service area follows unless --area-minutes fixes it.");
    section = section.note(match other {
        Some(name) => format!(
            "Scenario: {name}. Only its people and hospitals matter here, no rates of demand."
        ),
        None => "People of another year: --scenario FILE, such as one that sets the population."
            .to_owned(),
    });
    let mut second = Section::new("affected", "Affected people", affected);
    for note in rule(region, provisions, settings) {
        second = second.note(note);
    }
    open_at_any_time("Supplements: how robust the verdicts are", region)
        .section(section)
        .section(second)
}

/// A variant in words.
pub(super) fn in_words(variant: Variant) -> &'static str {
    match variant {
        Variant::Faster => "on faster roads",
        Variant::Slower => "on slower roads",
        Variant::Shorter => "with the shorter limit",
        Variant::Longer => "with the longer limit",
        Variant::Other => "in the scenario",
    }
}
