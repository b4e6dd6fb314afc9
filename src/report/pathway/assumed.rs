//! What a pathway's figures rest on and nobody published.

use crate::report::document::{KeyOf, data_field_of, key_of};
use std::collections::{BTreeMap, BTreeSet};

use super::super::document::{Cell, Section, Table};
use crate::model::{
    Cooperation, CooperationId, HospitalId, Means, Requirement, StageIndex, WayIndex,
};
use crate::pathways::{CooperationLoad, Loads, Outcome, PatientRoute, Prepared};
use crate::region::HELIPAD;
use crate::report::columns::{ENTITIES, FIELD, WHAT};
use crate::words;

/// What a result used.
#[derive(Debug, Default)]
pub(super) struct Used {
    means: BTreeSet<Means>,
    /// Hospitals with the stage and way that they did.
    sites: BTreeSet<(StageIndex, HospitalId, WayIndex)>,
    /// Partners with the stage and way that they helped with.
    partners: BTreeSet<(StageIndex, HospitalId, WayIndex)>,
    cooperations: BTreeSet<CooperationId>,
    /// Hospitals that were flown to.
    helipads: BTreeSet<HospitalId>,
}

impl Used {
    /// What patients of a region used.
    pub(super) fn by_all(outcome: &Outcome<'_, '_>, loads: &Loads) -> Self {
        let pathway = outcome.prepared().pathway();
        let mut used =
            Self { means: pathway.first_leg.iter().copied().collect(), ..Self::default() };
        for load in &loads.hospitals {
            if load.inside > 0.0 {
                used.sites.insert((load.stage, load.hospital, load.way));
            }
        }
        for load in &loads.cooperations {
            if load.inside > 0.0 {
                used.cooperations.insert(load.cooperation);
                used.add_partner(outcome, load);
            }
        }
        used
    }

    /// Notes who helped over a cooperation, with the ways of its stage that need such help.
    fn add_partner(&mut self, outcome: &Outcome<'_, '_>, load: &CooperationLoad) {
        // A transfer helps with no stage: it moves the patient.
        let Some(stage) = load.stage else { return };
        let kind = outcome.prepared().cooperation(load.cooperation).kind.name();
        let stage_data = &outcome.prepared().pathway()[stage];
        for way in stage_data.way_indices() {
            if stage_data[way].name() == kind {
                self.partners.insert((stage, load.from, way));
            }
        }
    }

    /// What one person's routes used.
    pub(super) fn by_routes(routes: &[PatientRoute]) -> Self {
        let mut used = Self::default();
        for route in routes {
            used.means.insert(route.means);
            // A helicopter lands at the first hospital only; transfers go by road.
            if route.means == Means::Helicopter
                && let Some(first) = route.visits.first()
            {
                used.helipads.insert(first.hospital);
            }
            for visit in &route.visits {
                used.sites.insert((visit.stage, visit.hospital, visit.way));
                if let Some(partner) = visit.partner {
                    used.partners.insert((visit.stage, partner, visit.way));
                }
                used.cooperations.extend(visit.cooperation);
                if let Some(leg) = &visit.transfer {
                    used.cooperations.extend(leg.agreement);
                }
            }
        }
        used
    }
}

/// What of a cooperation nobody published; terms that it does not have are the pathway's.
pub(super) fn of_cooperation(cooperation: &Cooperation) -> Vec<String> {
    let mut assumed = cooperation.assumed.clone();
    if !cooperation.kind.has_terms() && !assumed.iter().any(|path| path == "terms") {
        assumed.push(said!("terms"));
    }
    assumed
}

/// A field that nobody published.
struct Assumed {
    /// In what: the pathway, the first leg, cooperations or hospitals.
    what: &'static str,
    field: String,
    /// Keys of those whose field it is; none where there is one only.
    entities: Vec<String>,
}

impl Assumed {
    /// Those whose field it is, by name for people.
    fn entities_in_words(&self) -> Vec<String> {
        named(self.what, &self.entities)
    }
}

/// Pathways, cooperations or hospitals in a sentence.
fn named<K: AsRef<str>>(what: &str, keys: &[K]) -> Vec<String> {
    let kind = match what {
        "cooperation" => KeyOf::Cooperation,
        "hospital" => KeyOf::Hospital,
        _ => KeyOf::Standard,
    };
    keys.iter().map(|key| key_of(kind, key.as_ref())).collect()
}

/// What of the pathway, the first leg, cooperations and hospitals is assumed, by field.
pub(super) fn section(prepared: &Prepared<'_>, used: &Used) -> Section {
    let pathway = prepared.pathway();
    let mut rows = Vec::new();
    for path in &pathway.assumed {
        let entities = vec![pathway.key.clone()];
        rows.push(Assumed { what: "pathway", field: path.clone(), entities });
    }
    rows.extend(of_first_leg(prepared, used));
    rows.extend(of_cooperations(prepared, used).rows("cooperation"));
    rows.extend(of_hospitals(prepared, used).rows("hospital"));

    let words = in_words(&rows);
    let table = Table::of(rows)
        .column(WHAT, |row| Cell::word(row.what))
        .column(FIELD, |row| Cell::text(&row.field))
        .column(ENTITIES, |row| Cell::told(|| row.entities_in_words()))
        .build();
    Section::new("assumed", "What of this nobody published and is assumed", table).in_words(words)
}

/// Keys of those of whom a field is assumed, by field; fields and keys in their order, each once.
#[derive(Default)]
struct ByField(BTreeMap<String, BTreeSet<String>>);

impl ByField {
    fn add(&mut self, field: String, key: &str) {
        self.0.entry(field).or_default().insert(key.to_owned());
    }

    fn rows(self, what: &'static str) -> Vec<Assumed> {
        let mut rows = Vec::new();
        for (field, keys) in self.0 {
            rows.push(Assumed { what, field, entities: keys.into_iter().collect() });
        }
        rows
    }
}

/// What is assumed of the means that brought somebody to the first hospital.
fn of_first_leg(prepared: &Prepared<'_>, used: &Used) -> Vec<Assumed> {
    let mut prefixes = Vec::new();
    for means in &used.means {
        prefixes.push(prefix(*means));
    }
    let mut rows = Vec::new();
    for path in &prepared.region().network().catalog().first_leg.assumed {
        let means = path.split('.').next().unwrap_or_default();
        if prefixes.contains(&means) {
            rows.push(Assumed { what: "first leg", field: path.clone(), entities: Vec::new() });
        }
    }
    rows
}

fn of_cooperations(prepared: &Prepared<'_>, used: &Used) -> ByField {
    let mut by_field = ByField::default();
    for &id in &used.cooperations {
        let cooperation = prepared.cooperation(id);
        for field in of_cooperation(cooperation) {
            by_field.add(field, &cooperation.key);
        }
    }
    by_field
}

/// What of the hospitals is assumed that their parts in the pathway rest on; all else of them does not matter here.
fn of_hospitals(prepared: &Prepared<'_>, used: &Used) -> ByField {
    let (pathway, network) = (prepared.pathway(), prepared.region().network());
    let mut by_field = ByField::default();
    let mut note = |hospital: HospitalId, requirement: &Requirement| {
        let hospital = &network[hospital];
        for path in requirement.assumed_of(hospital, network.catalog()) {
            by_field.add(path, &hospital.key);
        }
    };

    for &(stage, hospital, way) in &used.sites {
        let stage = &pathway[stage];
        let remote = stage[way].remote();
        // What a partner supplies, the hospital itself need not have.
        if remote.is_empty() {
            note(hospital, &stage.requirement);
        } else if let Some(on_site) = stage.on_site(remote) {
            note(hospital, &on_site);
        }
    }
    for &(stage, hospital, way) in &used.partners {
        let remote = pathway[stage][way].remote().to_vec();
        note(hospital, &Requirement::All(remote));
    }
    for &hospital in &used.helipads {
        note(hospital, &Requirement::Facility { kind: HELIPAD.to_owned(), at_least: None });
    }
    by_field
}

fn prefix(means: Means) -> &'static str {
    match means {
        Means::Ambulance => "ambulance",
        Means::Helicopter => "helicopter",
        Means::OwnCar => "own_car",
    }
}

/// Fields that are assumed of the same ones.
struct Alike<'r> {
    entities: &'r [String],
    fields: Vec<&'r str>,
}

/// The rows as a few sentences.
fn in_words(rows: &[Assumed]) -> String {
    let mut sentences = Vec::new();
    for (what, start) in [("pathway", "The pathway"), ("first leg", "The first leg")] {
        let mut fields = Vec::new();
        for row in rows.iter().filter(|row| row.what == what) {
            fields.push(data_field_of(&row.field));
        }
        if !fields.is_empty() {
            sentences.push(format!("{}: {}.", words::of(start), fields.join(", ")));
        }
    }
    for (what, start) in [("cooperation", "Cooperations"), ("hospital", "Hospitals")] {
        let mut parts = Vec::new();
        for Alike { entities, fields } in alike(rows, what) {
            parts.push(said!(
                "{fields} of {entities}",
                fields = in_a_row(&fields),
                entities = named(what, entities).join(", ")
            ));
        }
        if !parts.is_empty() {
            sentences.push(format!("{}: {}.", words::of(start), parts.join("; ")));
        }
    }
    // Travel times are those of the whole document: its head says what of them is assumed.
    sentences.push(said!("Journeys: see travel above."));
    sentences.join(" ")
}

/// Paths of values, one after the other.
fn in_a_row(fields: &[&str]) -> String {
    let named: Vec<String> = fields.iter().map(|path| data_field_of(path)).collect();
    named.join(", ")
}

/// The rows about one kind of thing, with fields of the same ones together: a list of hospitals is told once.
fn alike<'r>(rows: &'r [Assumed], what: &str) -> Vec<Alike<'r>> {
    let mut groups: Vec<Alike<'_>> = Vec::new();
    for row in rows.iter().filter(|row| row.what == what) {
        match groups.iter_mut().find(|group| group.entities == row.entities) {
            Some(group) => group.fields.push(&row.field),
            None => groups.push(Alike { entities: &row.entities, fields: vec![&row.field] }),
        }
    }
    groups
}
