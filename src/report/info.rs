//! The network at a glance, and how much of it is assumed.

use std::collections::BTreeMap;

use super::document::{Cell, Document, Hint, Section, Table, alliance_of, hospital_of};
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
use crate::words::{self, fixed};

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

/// Sites inside the region and their beds.
#[derive(Default)]
struct SitesInside {
    sites: u64,
    hospitals: u64,
    day_clinics: u64,
    outpatient_centres: u64,
    /// Of those whose beds are known.
    beds: u64,
}

impl SitesInside {
    fn of(network: &Network) -> Self {
        let mut inside = Self::default();
        for site in network.hospitals() {
            if site.outside {
                continue;
            }
            inside.sites += 1;
            inside.beds += u64::from(site.beds.unwrap_or(0));
            match site.kind {
                SiteKind::DayClinic => inside.day_clinics += 1,
                SiteKind::OutpatientCentre => inside.outpatient_centres += 1,
                // Small inpatient sites count as hospitals.
                SiteKind::Hospital | SiteKind::CrossSectorSite | SiteKind::HealthCentre => {
                    inside.hospitals += 1;
                }
            }
        }
        inside
    }
}

/// How many there are of something.
struct GlanceRow {
    what: &'static str,
    value: u64,
    note: Cell,
}

/// How many there are of everything, one row a kind.
pub(super) fn glance(region: &Region) -> Table {
    let network = region.network();
    let mut rows = Vec::new();
    let mut row = |what: &'static str, value: u64, note: &dyn Fn() -> String| {
        rows.push(GlanceRow { what, value, note: Cell::said(note) });
    };
    let inside = SitesInside::of(network);
    row("hospital sites inside", inside.sites, &|| {
        said!(
            "{hospitals} hospitals, {day_clinics} day clinics, {outpatient_centres} outpatient centres",
            hospitals = inside.hospitals,
            day_clinics = inside.day_clinics,
            outpatient_centres = inside.outpatient_centres
        )
    });

    let (beds, people) = (inside.beds, region.people_inside());
    let density = if people == 0 { 0.0 } else { beds as f64 * 100_000.0 / people as f64 };
    row("inpatient beds inside", beds, &|| {
        said!("{density} per 100,000 residents", density = fixed(density, 0))
    });
    let neighbours = network.hospitals().len() as u64 - inside.sites;
    row("neighbouring sites", neighbours, &|| said!("outside, used by the region's people"));

    let (mut places_inside, mut places_outside, mut people_outside) = (0, 0, 0);
    for place in &region.places().places {
        if place.outside {
            places_outside += 1;
            people_outside += place.population.people();
        } else {
            places_inside += 1;
        }
    }
    row("residents", people, &|| said!("in {places} places", places = places_inside));
    row("people outside", people_outside, &|| {
        said!(
            "in {places} places; they fill beds, but never count as covered",
            places = places_outside
        )
    });

    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for cooperation in network.cooperations() {
        *kinds.entry(cooperation.kind.name()).or_default() += 1;
    }
    let kinds = || {
        let mut told = Vec::new();
        for (kind, count) in &kinds {
            told.push(format!("{count} {}", words::of(kind)));
        }
        told.join(", ")
    };
    row("cooperations", network.cooperations().len() as u64, &kinds);
    let names: Vec<String> =
        network.alliances().iter().map(|alliance| alliance_of(&alliance.key)).collect();
    row("alliances", names.len() as u64, &|| names.join(", "));
    // Titles of sources fill a page: the note says where to find them.
    let sources = network.sources().len() as u64;
    rows.push(GlanceRow { what: "sources", value: sources, note: Cell::Hint(Hint::Sources) });

    Table::of(rows)
        .column(WHAT, |row| Cell::word(row.what))
        .column(VALUE, |row| Cell::count(row.value))
        .column(NOTE, |row| row.note.clone())
        .build()
}

/// Values of each field: sourced, assumed, and not there; of the hospitals inside the region, the
/// cooperations, and the demand.
pub fn quality(region: &Region) -> Table {
    Table::of(known_values(region))
        .column(FIELD, |(field, _)| Cell::word(field))
        .column(SOURCED, |(_, tally)| Cell::count(tally.sourced))
        .column(DERIVED, |(_, tally)| Cell::count(tally.derived))
        .column(ASSUMED, |(_, tally)| Cell::count(tally.assumed))
        .column(UNKNOWN, |(_, tally)| Cell::count(tally.unknown))
        .build()
}

/// How many values of each field are known, and from where: what the table and the sentences about it count.
pub(super) fn known_values(region: &Region) -> Vec<Field> {
    let network = region.network();
    let mut fields = hospital_fields(network);
    fields.extend(cooperation_fields(network));

    let mut rates = Tally::default();
    let demand = &network.catalog().demand;
    for rate in &demand.rates {
        rates.add_basis(rate.basis());
    }
    for condition in &demand.conditions {
        rates.add(true, condition.assumed);
    }
    fields.push(("demand rates", rates));
    fields.extend(place_fields(region));

    let (mut travel, mut limits) = (Tally::default(), Tally::default());
    travel.add(true, is_whole_assumed(network, "travel"));
    for standard in &network.catalog().standards {
        // A limit has no mark of its own: its source says where it is assumed.
        limits.add(true, standard.source.contains("assumed"));
    }
    fields.push(("travel parameters", travel));
    fields.push(("limits of standards", limits));
    fields.extend(pathway_figures(network.catalog()));
    fields
}

/// A field with how much of it is sourced.
pub(super) type Field = (&'static str, Tally);

/// Fields of the hospitals inside.
fn hospital_fields(network: &Network) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();

    let mut hospitals: Vec<&Hospital> = network.hospitals().iter().collect();
    hospitals.retain(|hospital| !hospital.outside);
    // A day clinic has no beds and no stage: they are not unknown.
    let mut inpatient = hospitals.clone();
    inpatient.retain(|site| site.kind.has_inpatients());

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
    let mut centres = hospitals.clone();
    centres.retain(|site| site.from_beyond.is_some());
    if !centres.is_empty() {
        fields.push(("from_beyond", tally(&centres, "from_beyond", &|_| true)));
    }

    let (mut departments, mut beds, mut facilities) =
        (Tally::default(), Tally::default(), Tally::default());
    for hospital in &hospitals {
        for department in &hospital.departments {
            if !department.is_inpatient() {
                continue;
            }
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
        // Terms of a kind that changes nothing in care are asked of nobody.
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
    let mut inside = 0;
    for place in &region.places().places {
        inside += u64::from(!place.outside);
    }

    // A network has one mark for the places as a whole, so all of them count the same way.
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
    for path in &FIRST_LEG_PATHS {
        // A path without a dot is a whole means of transport: a mark of all of its values, no value.
        let Some((means, _)) = path.split_once('.') else { continue };
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

/// How many values there are, by where they come from.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) sourced: u64,
    pub(super) derived: u64,
    pub(super) assumed: u64,
    unknown: u64,
}

impl Tally {
    const EMPTY: Self = Self { sourced: 0, derived: 0, assumed: 0, unknown: 0 };

    /// Values that are there, wherever they come from.
    pub(super) fn known(&self) -> u64 {
        self.sourced + self.derived + self.assumed
    }

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
    let is_nothing_derived = hospital.derived.is_empty();
    let beds_path = |department: &Department| format!("departments.{}.beds", department.specialty);

    let departments = Table::of(&hospital.departments)
        .column(SPECIALTY, |department| Cell::text(&department.specialty))
        .column(KIND, |department| named("department_kind", &format!("{:?}", department.kind)))
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
        .build()
        .hide_if(is_nothing_derived, &[DERIVED_BY]);

    let path = |facility: &Facility| format!("facilities.{}", facility.kind);
    let facilities = Table::of(&hospital.facilities)
        .column(KIND, |facility| {
            Cell::both(
                network.catalog().name(&facility.kind),
                network.catalog().name_in_print(&facility.kind),
            )
        })
        .column(VALUE, |facility| match (&facility.grade, facility.count) {
            (Some(grade), _) => Cell::both(grade, words::of(&grade.replace('_', " "))),
            (None, Some(count)) => Cell::text(count.to_string()),
            (None, None) => Cell::Missing,
        })
        .column(ASSUMED, |facility| Cell::flag(hospital.is_assumed(&path(facility))))
        .column(DERIVED_BY, |facility| Cell::maybe_text(hospital.derivation(&path(facility))))
        .build()
        .hide_if(is_nothing_derived, &[DERIVED_BY]);

    let facts = Table::of(&hospital.facts)
        .column(FIELD, |row| Cell::text(&row.field))
        .column(VALUE, |row| match &row.unit {
            Some(unit) => Cell::text(format!("{} {unit}", row.value)),
            None => Cell::text(&row.value),
        })
        .column(YEAR, |row| Cell::maybe_text(row.year.as_deref()))
        .column(SOURCE, |row| Cell::text(&row.source))
        .build();

    let graph = CooperationGraph::new(network, &GraphFilter::default());
    let question = super::GraphQuestion::Partners(id);
    let partners = super::graph(region, &graph, &question).sections.remove(0);

    let record = record(hospital, network).hide_if(is_nothing_derived, &[DERIVED_BY]);
    open(hospital.name.clone(), region)
        .section(Section::new("hospital", "Record", record))
        .section(Section::new("departments", "Departments", departments))
        .section(Section::new("facilities", "Facilities", facilities))
        .section(partners)
        .section(Section::new("facts", "What sources say", facts))
}

/// The fields of a hospital with their values.
fn record(hospital: &Hospital, network: &Network) -> Table {
    let mut rows: Vec<(&'static str, Option<Cell>)> = Vec::new();
    let mut row = |field, value| rows.push((field, value));
    let position = hospital.position;
    row("id", Some(Cell::text(&hospital.key)));
    row("operator", Some(Cell::text(&hospital.operator)));
    row("ownership", Some(named("ownership", &format!("{:?}", hospital.ownership))));
    row("kind", Some(named("kind", &format!("{:?}", hospital.kind))));
    row("position", Some(Cell::text(format!("{}, {}", position.lat(), position.lon()))));
    row("city", hospital.city.as_ref().map(Cell::text));
    row("district", hospital.district.as_ref().map(Cell::text));
    row("parent", hospital.parent.as_ref().map(|key| Cell::said(|| hospital_of(key))));
    row("care_level", hospital.care_level.map(|level| named("care_level", &format!("{level:?}"))));
    row(
        "emergency_level",
        hospital.emergency_level.map(|level| named("emergency_level", &format!("{level:?}"))),
    );
    row("beds", hospital.beds.map(|beds| Cell::text(beds.to_string())));
    row("day_places", hospital.day_places.map(|places| Cell::text(places.to_string())));

    let from_beyond = hospital.from_beyond.map(|share| {
        Cell::said(|| said!("{share} % of its patients", share = in_words(100.0 * share, 1)))
    });
    row("from_beyond", from_beyond);

    let unknown = || {
        let mut unknown = Vec::new();
        for path in &hospital.unknown {
            // The last part of a path is the key: `facilities.ct`.
            let key = path.rsplit('.').next().unwrap_or(path);
            unknown.push(network.catalog().name_in_print(key));
        }
        unknown.join(", ")
    };
    let is_all_known = hospital.unknown.is_empty();
    let whether = Cell::said(|| said!("whether it has {unknown}", unknown = unknown()));
    row("unknown", if is_all_known { None } else { Some(whether) });
    let mut alliances = Vec::new();
    for alliance in alliances_of(network, hospital) {
        alliances.push(alliance_of(&alliance.key));
    }
    let named = Cell::said(|| alliances.join(", "));
    row("alliances", if alliances.is_empty() { None } else { Some(named) });
    row("note", hospital.note.as_ref().map(Cell::text));

    Table::of(rows)
        .column(FIELD, |(field, _)| Cell::word(field))
        .column(VALUE, |(_, value)| value.clone().unwrap_or(Cell::Missing))
        .column(ASSUMED, |(field, value)| Cell::flag(value.is_some() && hospital.is_assumed(field)))
        .column(DERIVED_BY, |(field, _)| Cell::maybe_text(hospital.derivation(field)))
        .build()
}

/// A name of an enumeration as files write it, such as `PublicLaw`: for people in their language.
fn named(what: &str, name: &str) -> Cell {
    // `Basic` is a care level and an emergency stage, which German calls differently.
    Cell::both(name, words::of_in(what, name))
}

/// How many there are of everything, on one line.
pub(super) fn one_line(network: &Network) -> String {
    let hospitals = match network.hospitals().len() {
        1 => said!("1 hospital site"),
        count => said!("{count} hospital sites", count),
    };
    let cooperations = match network.cooperations().len() {
        1 => said!("1 cooperation"),
        count => said!("{count} cooperations", count),
    };
    let alliances = match network.alliances().len() {
        1 => said!("1 alliance"),
        count => said!("{count} alliances", count),
    };
    format!("{hospitals}, {cooperations}, {alliances}")
}
