//! Supplements by hospital, and how robust the verdicts are.

use super::super::Column;
use super::super::band;
use super::super::caveats;
use super::super::document::{Cell, Document, Hint, Remark, Section, Table, hospital_of};
use super::super::hours;
use super::open_at_any_time;
use crate::model::{
    Answer, BandEnd, Hospital, HospitalId, Network, OverBand, PopulationGroup, Provision,
};
use crate::region::Region;
use crate::report::columns::{
    AFFECTED_IF_QUICK_PEOPLE, AFFECTED_IF_SLOW_PEOPLE, AFFECTED_OUTSIDE_PEOPLE, AFFECTED_PEOPLE,
    AREA_KM2, ASSUMED, BASE_VERDICT, CONDITIONS_MET, CONDITIONS_NOT_MET, CONDITIONS_UNKNOWN,
    DENSITY_PER_KM2, FASTER_AFFECTED_PEOPLE, FASTER_VERDICT, HOSPITAL, IS_ENDANGERED,
    IS_LOW_DEMAND, LEAST_AFFECTED_PEOPLE, LONGER_AFFECTED_PEOPLE, LONGER_VERDICT,
    LOW_DENSITY_PER_KM2, MARGIN_PEOPLE, OVER_BAND, PEOPLE_IN_AREA, PEOPLE_NEAREST, PROVISION,
    SCENARIO_AFFECTED_PEOPLE, SCENARIO_VERDICT, SECOND_MINUTES, SHORTER_AFFECTED_PEOPLE,
    SHORTER_VERDICT, SLOWER_AFFECTED_PEOPLE, SLOWER_VERDICT, STATED_PAYMENT, VERDICT,
    WITHOUT_SECOND_PEOPLE,
};
use crate::rules::{
    Affected, ONE_SITE, Site, Supplement, SupplementAnswer, SupplementRow, SupplementSensitivity,
    SupplementSettings, SupplementTest, SupplementVerdict, Variant, site_of, sites, whole,
};
use crate::words::{self, Language, fixed, in_language, with_mark};

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
    let table = test_table(network, test_rows(network, found, hospital));
    let section = Section::new("supplement", "Affected people and density", table)
        .maybe_note(band::undecided(region, &over_band(network, found, hospital)));
    let mut section = with_remarks(section, region, found);
    let mut provisions = Vec::new();
    for supplement in found {
        provisions.push(&supplement.provision);
    }
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

/// Whether the verdicts of the tests that are shown hold over the band.
fn over_band(
    network: &Network,
    found: &[Supplement],
    hospital: Option<HospitalId>,
) -> band::Verdicts {
    let mut verdicts = band::Verdicts::default();
    for row in test_rows(network, found, hospital) {
        let name = format!("{} ({})", row.provision.key, hospital_of(&row.hospital.key));
        verdicts.add(&name, row.test.over_band);
    }
    verdicts
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
        for supplement in found {
            // The name without what stands in brackets behind it.
            let provision = &supplement.provision;
            let name = words::name_of(&provision.name, &provision.name_de);
            let name = name.split(" (").next().unwrap_or_default();
            let verdict = supplement.judge_site(region.network(), site);
            if is_one_of_many && is_the_same_everywhere(supplement, &verdict) {
                continue;
            }
            let why = why(supplement, &verdict);
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
        for condition in &self.met {
            let (name, why) = condition.split_once(": ").unwrap_or((condition, ""));
            met.push(format!("{name} ({why})"));
        }
        let met = if met.is_empty() { said!("none") } else { met.join(", ") };
        let mut parts = vec![said!("conditions met: {met}", met)];
        for (word, list) in [
            ("no", &self.not_met),
            ("no suitable site", &self.unsuitable),
            ("unknown", &self.unknown),
        ] {
            for condition in list {
                let (name, why) = condition.split_once(": ").unwrap_or((condition, ""));
                parts.push(format!("{name}: {}, {why}", words::of(word)));
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
    let Some(test) = &verdict.test else { return why_untested(verdict) };
    // A test without anybody would read as a verdict: 0 people affected of 0.
    if found.people == 0 {
        return said!(
            "nobody of the group ({population}) lives in the data",
            population = provision.population.in_print()
        );
    }
    let count = |people: u64| Cell::count(people).display();
    let least = u64::from(provision.least_people);
    let mut affected = said!(
        "{affected} of {least} people affected",
        affected = count(test.affected),
        least = count(least)
    );
    if test.endangered() == Answer::Unknown {
        let at_least = count(test.affected_at_least);
        affected = said!(
            "{at_least} to {affected}, by which other sites are suitable",
            at_least,
            affected
        );
    }
    if is_near(test.affected as f64, least as f64) {
        affected += &words::of(", near the line");
    }

    let low = provision.low_density;
    let low_line = with_mark(low.to_string());
    let mut density = match test.density {
        None => said!("density unknown, no place has an area"),
        Some(density) if test.is_low_demand => {
            said!(
                "{density} people per km², under {low}",
                density = fixed(density, 0),
                low = low_line
            )
        }
        Some(density) => {
            said!(
                "{density} people per km², not under {low}",
                density = fixed(density, 0),
                low = low_line
            )
        }
    };
    if let Some(value) = test.density
        && is_near(value, low)
    {
        density += &words::of(", near the line");
    }
    let band = match test.over_band {
        Some(OverBand::NotDecided) => ", not decided by the road model",
        _ => "",
    };
    format!("{affected}, {density}{}", words::of(band))
}

/// Why there is no test: when the site is open, what it lacks, or what the data do not say.
fn why_untested(verdict: &SupplementAnswer) -> String {
    let gaps = &verdict.gaps;
    // Hours first: such a site has all that is asked for, so its gaps are empty.
    if let Some(hours) = &verdict.hours {
        return said!("open {in_words} only", in_words = hours::in_words(hours));
    }
    if verdict.answer == Answer::DoesNot {
        return words::each_of(&gaps.missing).join(", ");
    }
    let mut lacks = Vec::new();
    for statement in &gaps.unknown {
        lacks.push(said!("not stated: {statement}", statement = words::of(statement)));
    }
    for statement in &gaps.nowhere {
        lacks.push(said!(
            "in the data of no hospital: {statement}",
            statement = words::of(statement)
        ));
    }
    lacks.join(", ")
}

/// Within a tenth of a line: other roads, or a small change of the people, may turn the verdict.
fn is_near(value: f64, line: f64) -> bool {
    (value - line).abs() <= 0.1 * line
}

/// What the provisions say of a site, and what it is paid.
struct SiteConditions<'n> {
    key: &'n str,
    conditions: Conditions,
    /// The same in English.
    for_programs: Conditions,
    paid: Vec<String>,
}

impl Conditions {
    /// Whether there is nothing to say of the site but that it is not suitable.
    fn are_silent(&self) -> bool {
        self.met.is_empty() && self.not_met.is_empty() && self.unknown.is_empty()
    }
}

impl SiteConditions<'_> {
    /// Some of the conditions, for people and for programs.
    fn told(&self, which: fn(&Conditions) -> &Vec<String>) -> Cell {
        let (names, labels) = (which(&self.for_programs), which(&self.conditions));
        if names == labels {
            return Cell::list(names);
        }
        Cell::Told { names: names.clone(), labels: labels.clone() }
    }
}

/// Which supplements a site is paid, as sources state it.
fn payments(network: &Network, site: &Site) -> Vec<String> {
    let mut paid = Vec::new();
    for id in &site.hospitals {
        for fact in &network[*id].facts {
            if fact.field != PAYMENT {
                continue;
            }
            paid.push(match &fact.year {
                Some(year) => format!("{}, {year}", fact.value),
                None => fact.value.clone(),
            });
        }
    }
    paid
}

/// The verdicts in words: of one hospital, or of every site inside that is suitable for something, or may be.
fn conditions(region: &Region, found: &[Supplement], hospital: Option<HospitalId>) -> Section {
    let network = region.network();
    let mut unsuitable = Vec::new();
    let (mut paid_and_met, mut paid_and_not_met) = (Vec::new(), Vec::new());
    let mut rows: Vec<SiteConditions<'_>> = Vec::new();
    for site in sites(network, ONE_SITE) {
        let is_shown = match hospital {
            Some(hospital) => site.hospitals.contains(&hospital),
            None => !network[site.main].outside,
        };
        if !is_shown {
            continue;
        }
        let conditions = Conditions::of(region, found, &site, hospital.is_none());
        let paid = payments(network, &site);
        // A question about one hospital gets an answer; in a list, most sites are suitable for nothing.
        if hospital.is_some() {
            unsuitable.extend(conditions.unsuitable.iter().cloned());
        } else if conditions.are_silent() && paid.is_empty() {
            continue;
        }
        let key = network[site.main].key.as_str();
        if !paid.is_empty() {
            if conditions.met.is_empty() {
                paid_and_not_met.push(key);
            } else {
                paid_and_met.push(key);
            }
        }
        // The same sentences in English, which JSON and CSV keep in every language.
        let for_programs = in_language(Language::English, || {
            Conditions::of(region, found, &site, hospital.is_none())
        });
        rows.push(SiteConditions { key, conditions, for_programs, paid });
    }

    let heading = "What the rule asks of the region";
    let mut section = Section::new("conditions", heading, condition_table(rows))
        .note("Met, first in the table: enough people affected and low demand; near the line is within a tenth of it. Beside it the payment that a source states: whoever is paid should meet one.");
    for (lead, list) in [
        ("Paid, and a condition is met here:", paid_and_met.join(", ")),
        ("Paid, but no condition is met here:", paid_and_not_met.join(", ")),
        ("No suitable site for", unsuitable.join("; ")),
    ] {
        if !list.is_empty() {
            section = section.note(format!("{} {list}.", words::of(lead)));
        }
    }
    section
}

fn condition_table(mut rows: Vec<SiteConditions<'_>>) -> Table {
    // A stable sort: by key within.
    rows.sort_by_key(|row| (row.conditions.met.is_empty(), row.conditions.unknown.is_empty()));
    Table::of(rows)
        .column(HOSPITAL, |row| Cell::text(row.key))
        .column(CONDITIONS_MET, |row| row.told(|conditions| &conditions.met))
        .column(CONDITIONS_NOT_MET, |row| row.told(|conditions| &conditions.not_met))
        .column(CONDITIONS_UNKNOWN, |row| row.told(|conditions| &conditions.unknown))
        .column(STATED_PAYMENT, |row| match row.paid.as_slice() {
            [] => Cell::Missing,
            paid => Cell::text(paid.join("; ")),
        })
        .build()
}

/// Whether no place of the data has anybody for whom a provision is.
fn is_for_nobody(region: &Region, provision: &Provision) -> bool {
    region.people_everywhere(&provision.population).iter().all(|people| *people == 0)
}

/// A test of a provision at a hospital.
struct TestRow<'s> {
    provision: &'s Provision,
    test: &'s SupplementTest,
    /// With what the other hospitals of its site have.
    hospital: Hospital,
}

/// The tests, provision by provision, those of the hospitals with most affected people first.
fn test_rows<'s>(
    network: &Network,
    found: &'s [Supplement],
    hospital: Option<HospitalId>,
) -> Vec<TestRow<'s>> {
    let mut rows = Vec::new();
    for supplement in found {
        let is_shown = |test: &&SupplementTest| match hospital {
            Some(hospital) => test.hospitals.contains(&hospital),
            None => !network[test.hospital].outside,
        };
        let mut tests: Vec<&SupplementTest> = supplement.tests.iter().filter(is_shown).collect();
        // Those with most people affected are the closest to a payment; ties go by key.
        tests.sort_by_key(|test| (std::cmp::Reverse(test.affected), test.hospital));
        for test in tests {
            let hospital = whole(network, test.hospital, &test.hospitals);
            rows.push(TestRow { provision: &supplement.provision, test, hospital });
        }
    }
    rows
}

/// What tests do not count, and why sites are not suitable.
fn with_remarks(mut section: Section, region: &Region, found: &[Supplement]) -> Section {
    let network = region.network();
    for supplement in found {
        // Where no hospital of the data has what is asked for, nobody can say who is suitable.
        if supplement.without_site == 0 || !supplement.nowhere.is_empty() {
            continue;
        }
        let key = &supplement.provision.key;
        let people = Cell::count(supplement.without_site).display();
        let known =
            words::of(if supplement.unknown.is_empty() { "" } else { "that is known to be " });
        section = section.note(said!("Provision {key}: {people} people reach no site {known}suitable at all; no hospital's test counts them.", key, people, known));
    }

    for Supplement { provision, .. } in found {
        if is_for_nobody(region, provision) {
            section = section.note(said!("Provision {provision}: nobody lives there for whom it is ({population}); its tests say nothing.", provision = provision.key, population = provision.population.in_print()));
        }
    }
    for supplement in found {
        if !supplement.part_time.is_empty() {
            section = section.note(said!("Provision {provision}: not suitable, as what it asks for is not open there round the clock (a reading of \
                 the rule): {part_time}.", provision = supplement.provision.key, part_time = hours::part_time(&supplement.part_time)));
        }
    }

    // Kinds that no hospital has are told once, however many provisions ask for them.
    let mut nowhere = Vec::new();
    for supplement in found {
        section = section.maybe_note(caveats::on_unknown(network, &supplement.unknown));
        nowhere.extend(&supplement.nowhere);
    }
    section.maybe_note(caveats::on_nowhere(nowhere))
}

fn test_table(network: &Network, rows: Vec<TestRow<'_>>) -> Table {
    Table::of(rows)
        .column(PROVISION, |row| Cell::text(&row.provision.key))
        .column(HOSPITAL, |row| Cell::text(&row.hospital.key))
        .column(VERDICT, |row| Cell::word(word_of(row.test)))
        .column(OVER_BAND, |row| band::word(row.test.over_band))
        .column(AFFECTED_PEOPLE, |row| Cell::count(row.test.affected))
        .detail(AFFECTED_IF_SLOW_PEOPLE, |row| band::people(row.test.affected_band, BandEnd::Slow))
        .detail(AFFECTED_IF_QUICK_PEOPLE, |row| {
            band::people(row.test.affected_band, BandEnd::Quick)
        })
        .column(MARGIN_PEOPLE, |row| Cell::number(row.test.margin as f64, 0))
        .column(DENSITY_PER_KM2, |row| Cell::maybe_number(row.test.density, 1))
        .column(PEOPLE_NEAREST, |row| Cell::count(row.test.people_nearest))
        .column(IS_ENDANGERED, |row| Cell::flag(row.test.is_endangered))
        // Without an area nobody knows a density: that is no answer of the test.
        .column(IS_LOW_DEMAND, |row| match row.test.density {
            Some(_) => Cell::flag(row.test.is_low_demand),
            None => Cell::Missing,
        })
        .detail(LEAST_AFFECTED_PEOPLE, |row| Cell::count(row.provision.least_people))
        .detail(LOW_DENSITY_PER_KM2, |row| Cell::number(row.provision.low_density, 0))
        .detail(AFFECTED_OUTSIDE_PEOPLE, |row| Cell::count(row.test.affected_outside))
        .detail(WITHOUT_SECOND_PEOPLE, |row| Cell::count(row.test.without_second))
        .detail(SECOND_MINUTES, |row| Cell::maybe_minutes(row.test.second_seconds))
        .detail(PEOPLE_IN_AREA, |row| Cell::count(row.test.people_in_area))
        .detail(AREA_KM2, |row| Cell::number(row.test.area_km2, 0))
        .detail(ASSUMED, |row| {
            Cell::list(row.provision.requirement.assumed_of(&row.hospital, network.catalog()))
        })
        .build()
}

/// The rule and its reading in sentences.
fn rule(region: &Region, provisions: &[&Provision], settings: &SupplementSettings) -> Vec<Remark> {
    let catalog = region.network().catalog();
    let mut notes: Vec<Remark> = Vec::new();
    for provision in provisions {
        let told = said!(
            "{provision}, {name} ({describe}): endangered from {least_people} people (group: {population}) whose second nearest site is more than {minutes} minutes away; low demand below {low_density} of them per km².",
            provision = provision.key,
            name = words::name_of(&provision.name, &provision.name_de),
            describe = provision.requirement.describe(catalog),
            least_people = Cell::count(provision.least_people).display(),
            population = provision.population.in_print(),
            minutes = provision.minutes,
            low_density = with_mark(provision.low_density.to_string())
        );
        notes.push(told.into());
    }
    notes.push(match settings.affected {
        Affected::Additional => {
            Remark::from("Affected are people who reach this site within the limit and no other one (a reading of the rule")
                .hint(Hint::AlreadyBeyond)
                .and(").")
        }
        Affected::AllBeyond => "Affected are all people nearest to this site who reach no other one within the limit, those already beyond it included.".into(),
    });
    notes.push(match settings.service_area {
        Some(area) => {
            said!("Service area of the density: cells within {area} of the site.", area).into()
        }
        None => Remark::from(
            "Service area of the density: cells within the limit of the site (a reading",
        )
        .hint(Hint::OtherServiceArea)
        .and(")."),
    });

    // Cells of the rule have at most 1,000 people on average: a reader must know how coarse these are.
    let people = region.people_everywhere(&PopulationGroup::ALL);
    let largest = people.iter().max().copied().unwrap_or(0);
    let borders = if settings.only_inside {
        "People outside of the region are left out."
    } else {
        "State borders are no borders: people outside count as far as their places are in the data."
    };
    let told = said!(
        "Cells: {people} parts of places, the largest with {largest} people. {borders}",
        people = Cell::count(people.len()).display(),
        largest = Cell::count(largest).display(),
        borders = words::of(borders)
    );
    notes.push(told.into());

    notes.push("Suitable by departments, stage and module, as the closure simulator of the statutory funds counts.".into());
    notes.push("Not computed, also needed: a deficit in the balance sheet, a place in the state's plan. For islands no least number of people holds.".into());
    notes.push(said!("Source: {source}.", source = catalog.supplement.source).into());
    notes
}

/// The columns of the variants.
fn columns(variant: Variant) -> (Column, Column) {
    match variant {
        Variant::Faster => (FASTER_VERDICT, FASTER_AFFECTED_PEOPLE),
        Variant::Slower => (SLOWER_VERDICT, SLOWER_AFFECTED_PEOPLE),
        Variant::Shorter => (SHORTER_VERDICT, SHORTER_AFFECTED_PEOPLE),
        Variant::Longer => (LONGER_VERDICT, LONGER_AFFECTED_PEOPLE),
        Variant::Other => (SCENARIO_VERDICT, SCENARIO_AFFECTED_PEOPLE),
    }
}

/// What is asked of verdicts on supplements under variants.
#[derive(Debug, Clone, Copy)]
pub struct SupplementView<'v> {
    /// How the rule is read.
    pub settings: &'v SupplementSettings,
    /// The provisions that were tested.
    pub provisions: &'v [&'v Provision],
    /// Only the site of this hospital; `None` for all inside.
    pub hospital: Option<HospitalId>,
    /// What the other region is called, where there is one.
    pub other: Option<&'v str>,
}

/// Which verdicts flip: verdicts, then affected people, in the base and in each variant.
pub fn supplement_sensitivity(
    region: &Region,
    found: &SupplementSensitivity,
    view: &SupplementView<'_>,
) -> Document {
    let network = region.network();
    // Rows name sites by their main hospital, whichever of its hospitals is asked about.
    let key = view.hospital.map(|id| network[site_of(network, id).main].key.as_str());
    let mut rows: Vec<&SupplementRow> = found.rows.iter().collect();
    if let Some(key) = key {
        rows.retain(|row| row.hospital == key);
    }

    let mut section = Section::new("verdicts", "Verdicts", verdict_table(found, &rows))
        .note(flips(found, &rows))
        .note(
            Remark::from("Roads: every journey as a whole, access included, at speeds 20 % higher and lower. Limits: five minutes shorter and longer; the service area follows")
                .hint(Hint::FixedServiceArea)
                .and("."),
        );
    section = match view.other {
        Some(name) => section.note(said!(
            "Scenario: {name}. Only its people and hospitals matter here, no rates of demand.",
            name
        )),
        None => section.note(Hint::PeopleOfAnotherYear),
    };
    let mut second = Section::new("affected", "Affected people", affected_table(found, &rows));
    for note in rule(region, view.provisions, view.settings) {
        second = second.note(note);
    }
    open_at_any_time("Supplements: how robust the verdicts are", region)
        .section(section)
        .section(second)
}

/// The verdicts, in the base and in each variant.
fn verdict_table(found: &SupplementSensitivity, rows: &[&SupplementRow]) -> Table {
    // A scenario may close a hospital or open one, so that there is no test on one side.
    let verdict = |test: &Option<SupplementTest>| match test {
        Some(test) => Cell::word(word_of(test)),
        None => Cell::word("not suitable"),
    };
    let mut table = Table::of(rows)
        .column(PROVISION, |row| Cell::text(&row.provision))
        .column(HOSPITAL, |row| Cell::text(&row.hospital))
        .column(BASE_VERDICT, |row| verdict(&row.base));
    for (position, variant) in found.variants.iter().enumerate() {
        let (column, _) = columns(*variant);
        table = table.column(column, |row| verdict(&row.variants[position]));
    }
    table.build()
}

/// The affected people, in the base and in each variant.
fn affected_table(found: &SupplementSensitivity, rows: &[&SupplementRow]) -> Table {
    let people = |test: &Option<SupplementTest>| match test {
        Some(test) => Cell::count(test.affected),
        None => Cell::Missing,
    };
    let mut table = Table::of(rows)
        .column(PROVISION, |row| Cell::text(&row.provision))
        .column(HOSPITAL, |row| Cell::text(&row.hospital))
        .column(AFFECTED_PEOPLE, |row| people(&row.base));
    for (position, variant) in found.variants.iter().enumerate() {
        let (_, column) = columns(*variant);
        table = table.column(column, |row| people(&row.variants[position]));
    }
    table.build()
}

/// How many verdicts are others than in the base, by variant.
fn flips(found: &SupplementSensitivity, rows: &[&SupplementRow]) -> String {
    let mut words = Vec::new();
    for (position, variant) in found.variants.iter().enumerate() {
        let count = rows.iter().filter(|row| row.is_changed(position)).count();
        words.push(format!("{count} {}", words::of(in_words(*variant))));
    }
    said!("Of {rows} verdicts change: {words}.", rows = rows.len(), words = words.join(", "))
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
