//! The network at a glance, and how much of it is assumed.

use std::collections::BTreeMap;

use super::document::{Cell, Document, Hint, Section, Table};
use super::open;
use crate::alliance::alliances_of;
use crate::model::{
    Basis, Catalog, CooperationGraph, Department, FIRST_LEG_PATHS, Facility, GraphFilter, Hospital,
    HospitalId, Network, SiteKind,
};
use crate::region::Region;
use crate::report::columns::{
    ASSUMED, BEDS, DERIVED, DERIVED_BY, FIELD, KIND, NOTE, SOURCE, SOURCED, SPECIALTY, UNKNOWN,
    VALUE, WHAT, WHY, YEAR,
};
use crate::units::in_words;

/// The network at a glance, its data quality, and what it leaves out.
pub fn info(region: &Region) -> Document {
    let network = region.network();
    let omitted = Table::of(network.omitted())
        .column(WHAT, |row| Cell::text(&row.what))
        .column(WHY, |row| Cell::text(&row.why))
        .build();
    open("Network", region)
        .section(Section::new("network", network.name(), glance(region)))
        .section(
            Section::new("quality", "What is sourced and what is assumed", quality(region))
                .note("Assumed: nobody published the value, or only a text that quotes it was seen. Each is named in the network's files."),
        )
        .section(Section::new("omitted", "Known and left out", omitted))
}

/// How many there are of everything, one row a kind.
pub(super) fn glance(region: &Region) -> Table {
    let network = region.network();
    let mut rows: Vec<(&str, u64, Cell)> = Vec::new();
    let mut row = |what, value, note: String| rows.push((what, value, Cell::text(note)));
    let count = |outside: bool, kind: SiteKind| {
        // Small inpatient sites count as hospitals.
        let is_kind = |site: &Hospital| {
            if kind.has_inpatients() { site.kind.has_inpatients() } else { site.kind == kind }
        };
        let matching = |site: &&Hospital| site.outside == outside && is_kind(site);
        network.hospitals().iter().filter(matching).count() as u64
    };
    let inside = |site: &&Hospital| !site.outside;
    let sites = network.hospitals().iter().filter(inside).count() as u64;
    row(
        "hospital sites inside",
        sites,
        format!(
            "{} hospitals, {} day clinics, {} outpatient centres",
            count(false, SiteKind::Hospital),
            count(false, SiteKind::DayClinic),
            count(false, SiteKind::OutpatientCentre)
        ),
    );
    let beds = network.hospitals().iter().filter(inside).filter_map(|site| site.beds);
    let beds: u64 = beds.map(u64::from).sum();
    let people = region.people_inside();
    let density = if people == 0 { 0.0 } else { beds as f64 * 100_000.0 / people as f64 };
    row("inpatient beds inside", beds, format!("{density:.0} per 100,000 residents"));
    let neighbours = network.hospitals().len() as u64 - sites;
    row("neighbouring sites", neighbours, "outside, used by the region's people".to_owned());
    let places = region.places().places.iter();
    let (inside, outside): (Vec<_>, Vec<_>) = places.partition(|place| !place.outside);
    row("residents", people, format!("in {} places", inside.len()));
    let others: u64 = outside.iter().map(|place| place.population.people()).sum();
    let note = format!("in {} places; they fill beds, but never count as covered", outside.len());
    row("people outside", others, note);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for cooperation in network.cooperations() {
        *kinds.entry(cooperation.kind.name()).or_default() += 1;
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    row("cooperations", network.cooperations().len() as u64, kinds.join(", "));
    let names: Vec<&str> =
        network.alliances().iter().map(|alliance| alliance.key.as_str()).collect();
    row("alliances", names.len() as u64, names.join(", "));
    rows.push(("sources", network.sources().len() as u64, Cell::Hint(Hint::Sources)));
    Table::of(rows)
        .column(WHAT, |(what, ..)| Cell::text(*what))
        .column(VALUE, |(_, value, _)| Cell::count(*value))
        .column(NOTE, |(.., note)| note.clone())
        .build()
}

/// Values of each field: sourced, assumed, and not there; of the hospitals inside the region, the
/// cooperations, and the demand.
pub fn quality(region: &Region) -> Table {
    let network = region.network();
    let mut fields = hospital_fields(network);
    fields.extend(cooperation_fields(network));
    let mut rates = Tally::default();
    let demand = &network.catalog().demand;
    for rate in &demand.rates {
        rates.add_basis(rate.basis());
    }
    demand.conditions.iter().for_each(|condition| rates.add(true, condition.assumed));
    fields.push(("demand rates", rates));
    fields.extend(place_fields(region));
    let (mut travel, mut limits) = (Tally::default(), Tally::default());
    travel.add(true, is_whole_assumed(network, "travel"));
    let standards = &network.catalog().standards;
    standards.iter().for_each(|standard| limits.add(true, standard.source.contains("assumed")));
    fields.push(("travel parameters", travel));
    fields.push(("limits of standards", limits));
    fields.extend(pathway_figures(network.catalog()));

    Table::of(fields)
        .column(FIELD, |(field, _)| Cell::text(*field))
        .column(SOURCED, |(_, tally)| Cell::count(tally.sourced))
        .column(DERIVED, |(_, tally)| Cell::count(tally.derived))
        .column(ASSUMED, |(_, tally)| Cell::count(tally.assumed))
        .column(UNKNOWN, |(_, tally)| Cell::count(tally.unknown))
        .build()
}

/// A field with how much of it is sourced.
type Field = (&'static str, Tally);

/// Fields of the hospitals inside.
fn hospital_fields(network: &Network) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    let hospitals: Vec<&Hospital> =
        network.hospitals().iter().filter(|hospital| !hospital.outside).collect();
    let inpatient: Vec<&Hospital> =
        hospitals.iter().copied().filter(|site| site.kind.has_inpatients()).collect();
    let tally = |sites: &[&Hospital], path: &str, has: &dyn Fn(&Hospital) -> bool| {
        let mut tally = Tally::default();
        for hospital in sites {
            tally.add_value_of(hospital, path, has(hospital));
        }
        tally
    };
    fields.push(("position", tally(&hospitals, "position", &|_| true)));
    fields.push(("operator", tally(&hospitals, "operator", &|_| true)));
    fields.push(("care_level", tally(&inpatient, "care_level", &|site| site.care_level.is_some())));
    fields.push((
        "emergency_level",
        tally(&inpatient, "emergency_level", &|site| site.emergency_level.is_some()),
    ));
    fields.push(("beds", tally(&inpatient, "beds", &|site| site.beds.is_some())));
    // Not stated is nobody, not unknown.
    let centres: Vec<&Hospital> =
        hospitals.iter().copied().filter(|site| site.from_beyond.is_some()).collect();
    if !centres.is_empty() {
        fields.push(("from_beyond", tally(&centres, "from_beyond", &|_| true)));
    }
    let (mut departments, mut beds, mut facilities) =
        (Tally::default(), Tally::default(), Tally::default());
    for hospital in &hospitals {
        for department in hospital.departments.iter().filter(|department| department.is_inpatient())
        {
            let path = format!("departments.{}", department.specialty);
            departments.add_value_of(hospital, &path, true);
            beds.add_value_of(hospital, &format!("{path}.beds"), department.beds.is_some());
        }
        for facility in &hospital.facilities {
            facilities.add_value_of(hospital, &format!("facilities.{}", facility.kind), true);
        }
    }
    fields.push(("departments", departments));
    fields.push(("departments.beds", beds));
    fields.push(("facilities", facilities));
    fields
}

fn cooperation_fields(network: &Network) -> [Field; 3] {
    let (mut partners, mut kinds, mut terms) =
        (Tally::default(), Tally::default(), Tally::default());
    for cooperation in network.cooperations() {
        let assumed = |path: &str| cooperation.assumed.iter().any(|assumed| assumed == path);
        partners.add(true, assumed("partners"));
        kinds.add(true, assumed("kind"));
        if cooperation.kind.has_effect_on_care() {
            terms.add(cooperation.kind.has_terms(), assumed("terms"));
        }
    }
    [
        ("cooperations.partners", partners),
        ("cooperations.kind", kinds),
        ("cooperations.terms", terms),
    ]
}

/// Whether something of the network as a whole is assumed.
fn is_whole_assumed(network: &Network, path: &str) -> bool {
    network.assumed().iter().any(|assumed| assumed == path)
}

fn place_fields(region: &Region) -> [Field; 2] {
    let network = region.network();
    let inside = region.places().places.iter().filter(|place| !place.outside).count() as u64;
    let places = |path: &str, is_assumed: bool| {
        let mut tally = Tally::default();
        let basis = if is_assumed {
            Basis::Assumed
        } else if network.derived().contains_key(path) {
            Basis::Derived
        } else {
            Basis::Sourced
        };
        *tally.of(basis) = inside;
        tally
    };
    let are_people_assumed = is_whole_assumed(network, "places.people");
    let are_ages_assumed = region.places().ages_assumed || is_whole_assumed(network, "places.ages");
    [
        ("places.people", places("places.people", are_people_assumed)),
        ("places.ages", places("places.ages", are_ages_assumed)),
    ]
}

/// Figures of the care pathways and of the way to the first hospital.
fn pathway_figures(catalog: &Catalog) -> [(&'static str, Tally); 5] {
    let [mut durations, mut transfers, mut cases, mut targets, mut first_leg] =
        [const { Tally::EMPTY }; 5];
    for pathway in &catalog.pathways {
        for stage in &pathway.stages {
            durations.add(true, pathway.is_assumed(&format!("stages.{}.duration", stage.key)));
        }
        transfers.add(true, pathway.is_assumed("transfer.door_in_door_out"));
        cases.add(pathway.cases.is_some(), pathway.is_assumed("cases.share"));
        for target in &pathway.targets {
            let is_assumed = target.source.contains("assumed") || pathway.is_assumed("targets");
            targets.add(true, is_assumed);
        }
    }
    let assumed = &catalog.first_leg.assumed;
    for path in FIRST_LEG_PATHS.iter().filter(|path| path.contains('.')) {
        let means = path.split('.').next().unwrap_or_default();
        first_leg.add(true, assumed.iter().any(|known| known == path || known == means));
    }
    [
        ("pathways.durations", durations),
        ("pathways.transfers", transfers),
        ("pathways.cases", cases),
        ("pathways.targets", targets),
        ("first leg", first_leg),
    ]
}

#[derive(Default)]
struct Tally {
    sourced: u64,
    derived: u64,
    assumed: u64,
    unknown: u64,
}

impl Tally {
    const EMPTY: Self = Self { sourced: 0, derived: 0, assumed: 0, unknown: 0 };

    fn of(&mut self, basis: Basis) -> &mut u64 {
        match basis {
            Basis::Sourced => &mut self.sourced,
            Basis::Derived => &mut self.derived,
            Basis::Assumed => &mut self.assumed,
        }
    }

    fn add_basis(&mut self, basis: Basis) {
        *self.of(basis) += 1;
    }

    /// Counts the value of a hospital at a path, if it is there.
    fn add_value_of(&mut self, hospital: &Hospital, path: &str, is_there: bool) {
        if is_there {
            self.add_basis(hospital.basis(path));
        } else {
            self.unknown += 1;
        }
    }

    fn add(&mut self, is_there: bool, is_assumed: bool) {
        match (is_there, is_assumed) {
            (false, _) => self.unknown += 1,
            (true, true) => self.assumed += 1,
            (true, false) => self.sourced += 1,
        }
    }
}

/// Everything that the network says about one hospital.
pub fn hospital(region: &Region, id: HospitalId) -> Document {
    let network = region.network();
    let hospital = &network[id];
    let beds_path = |department: &Department| format!("departments.{}.beds", department.specialty);
    let departments = Table::of(&hospital.departments)
        .column(SPECIALTY, |department| Cell::text(&department.specialty))
        .column(KIND, |department| Cell::text(format!("{:?}", department.kind)))
        .column(BEDS, |department| Cell::maybe_count(department.beds))
        .column(ASSUMED, |department| {
            let mut marks =
                vec![format!("departments.{}", department.specialty), beds_path(department)];
            marks.retain(|path| hospital.is_assumed(path));
            Cell::list(marks)
        })
        .column(DERIVED_BY, |department| {
            Cell::maybe_text(hospital.derivation(&beds_path(department)))
        })
        .build();
    let path = |facility: &Facility| format!("facilities.{}", facility.kind);
    let facilities = Table::of(&hospital.facilities)
        .column(KIND, |facility| Cell::text(network.catalog().name(&facility.kind)))
        .column(VALUE, |facility| {
            let count = || facility.count.map(|count| count.to_string());
            Cell::maybe_text(facility.grade.clone().or_else(count))
        })
        .column(ASSUMED, |facility| Cell::flag(hospital.is_assumed(&path(facility))))
        .column(DERIVED_BY, |facility| Cell::maybe_text(hospital.derivation(&path(facility))))
        .build();
    let facts = Table::of(&hospital.facts)
        .column(FIELD, |row| Cell::text(&row.field))
        .column(VALUE, |row| {
            let unit = row.unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
            Cell::text(format!("{}{unit}", row.value))
        })
        .column(YEAR, |row| Cell::maybe_text(row.year.as_deref()))
        .column(SOURCE, |row| Cell::text(&row.source))
        .build();
    let graph = CooperationGraph::new(network, &GraphFilter::default());
    let question = super::GraphQuestion::Partners(id);
    let partners = super::graph(region, &graph, &question).sections.remove(0);
    let is_nothing_derived = hospital.derived.is_empty();
    let [record, departments, facilities] = [record(hospital, network), departments, facilities]
        .map(|table| table.hide_if(is_nothing_derived, &[DERIVED_BY]));
    open(hospital.name.clone(), region)
        .section(Section::new("hospital", "Record", record))
        .section(Section::new("departments", "Departments", departments))
        .section(Section::new("facilities", "Facilities", facilities))
        .section(partners)
        .section(Section::new("facts", "What sources say", facts))
}

/// The fields of a hospital with their values.
fn record(hospital: &Hospital, network: &Network) -> Table {
    let mut rows: Vec<(&str, Option<String>)> = Vec::new();
    let mut row = |field, value| rows.push((field, value));
    let position = hospital.position;
    row("id", Some(hospital.key.clone()));
    row("operator", Some(hospital.operator.clone()));
    row("ownership", Some(format!("{:?}", hospital.ownership)));
    row("kind", Some(format!("{:?}", hospital.kind)));
    row("position", Some(format!("{}, {}", position.lat(), position.lon())));
    row("city", hospital.city.clone());
    row("district", hospital.district.clone());
    row("parent", hospital.parent.clone());
    row("care_level", hospital.care_level.map(|level| format!("{level:?}")));
    row("emergency_level", hospital.emergency_level.map(|level| format!("{level:?}")));
    row("beds", hospital.beds.map(|beds| beds.to_string()));
    row("day_places", hospital.day_places.map(|places| places.to_string()));
    let from_beyond = hospital
        .from_beyond
        .map(|share| format!("{} % of its patients", in_words(100.0 * share, 1)));
    row("from_beyond", from_beyond);
    let in_words = |path: &String| {
        let key = path.rsplit('.').next().unwrap_or(path);
        network.catalog().name(key).to_owned()
    };
    let unknown: Vec<String> = hospital.unknown.iter().map(in_words).collect();
    let unknown = Some(format!("whether it has {}", unknown.join(", ")));
    row("unknown", unknown.filter(|_| !hospital.unknown.is_empty()));
    let alliances: Vec<&str> =
        alliances_of(network, hospital).into_iter().map(|alliance| alliance.key.as_str()).collect();
    row("alliances", Some(alliances.join(", ")).filter(|keys| !keys.is_empty()));
    row("note", hospital.note.clone());
    Table::of(rows)
        .column(FIELD, |(field, _)| Cell::text(*field))
        .column(VALUE, |(_, value)| Cell::maybe_text(value.as_deref()))
        .column(ASSUMED, |(field, value)| Cell::flag(value.is_some() && hospital.is_assumed(field)))
        .column(DERIVED_BY, |(field, _)| Cell::maybe_text(hospital.derivation(field)))
        .build()
}

/// How many there are of everything, on one line.
pub(super) fn one_line(network: &Network) -> String {
    let count = |count: usize, one: &str| {
        if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
    };
    let hospitals = count(network.hospitals().len(), "hospital site");
    let cooperations = count(network.cooperations().len(), "cooperation");
    format!("{hospitals}, {cooperations}, {}", count(network.alliances().len(), "alliance"))
}
