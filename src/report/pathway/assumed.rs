//! What a pathway's figures rest on and nobody published.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::{Cell, Section, Table};
use crate::model::{Cooperation, CooperationId, HospitalId, Means, Requirement, StageIndex};
use crate::pathways::{Loads, Outcome, PatientRoute, Prepared};
use crate::region::HELIPAD;
use crate::report::columns::{ENTITIES, FIELD, WHAT};

/// What a result used.
#[derive(Debug, Default)]
pub(super) struct Used {
    means: BTreeSet<Means>,
    /// Hospitals with the stage and way that they did.
    sites: BTreeSet<(StageIndex, HospitalId, usize)>,
    /// Partners with the stage and way that they helped with.
    partners: BTreeSet<(StageIndex, HospitalId, usize)>,
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
        let sites = loads.hospitals.iter().filter(|load| load.inside > 0.0);
        used.sites.extend(sites.map(|load| (load.stage, load.hospital, load.way)));
        for load in loads.cooperations.iter().filter(|load| load.inside > 0.0) {
            used.cooperations.insert(load.cooperation);
            let Some(stage) = load.stage else { continue };
            let kind = outcome.prepared().cooperation(load.cooperation).kind.name();
            let ways = pathway[stage].ways.iter().enumerate();
            let ways = ways.filter(|(_, way)| way.name() == kind);
            used.partners.extend(ways.map(|(way, _)| (stage, load.from, way)));
        }
        used
    }

    /// What one person's routes used.
    pub(super) fn by_routes(routes: &[PatientRoute]) -> Self {
        let mut used = Self::default();
        for route in routes {
            used.means.insert(route.means);
            if route.means == Means::Helicopter {
                used.helipads.extend(route.visits.first().map(|visit| visit.hospital));
            }
            for visit in &route.visits {
                used.sites.insert((visit.stage, visit.hospital, visit.way));
                used.partners
                    .extend(visit.partner.map(|partner| (visit.stage, partner, visit.way)));
                used.cooperations.extend(visit.cooperation);
                used.cooperations.extend(visit.transfer.as_ref().and_then(|leg| leg.agreement));
            }
        }
        used
    }
}

/// What of a cooperation nobody published; terms that it does not have are the pathway's.
pub(super) fn of_cooperation(cooperation: &Cooperation) -> Vec<String> {
    let mut assumed = cooperation.assumed.clone();
    if !cooperation.kind.has_terms() && !assumed.iter().any(|path| path == "terms") {
        assumed.push("terms".to_owned());
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

/// What of the pathway, the first leg, cooperations and hospitals is assumed, by field.
pub(super) fn section(prepared: &Prepared<'_>, used: &Used) -> Section {
    let (pathway, network) = (prepared.pathway(), prepared.region().network());
    let catalog = network.catalog();
    let mut rows: Vec<Assumed> = Vec::new();
    let mut row = |what, field: &str, entities| {
        rows.push(Assumed { what, field: field.to_owned(), entities });
    };
    for path in &pathway.assumed {
        row("pathway", path, vec![pathway.key.clone()]);
    }
    let prefixes: Vec<&str> = used.means.iter().map(|means| prefix(*means)).collect();
    for path in &catalog.first_leg.assumed {
        let means = path.split('.').next().unwrap_or_default();
        if prefixes.contains(&means) {
            row("first leg", path, Vec::new());
        }
    }
    let mut by_field: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for &id in &used.cooperations {
        let cooperation = prepared.cooperation(id);
        for field in of_cooperation(cooperation) {
            by_field.entry(field).or_default().insert(cooperation.key.clone());
        }
    }
    for (field, keys) in std::mem::take(&mut by_field) {
        row("cooperation", &field, keys.into_iter().collect());
    }
    let mut note = |hospital: HospitalId, requirement: &Requirement| {
        let hospital = &network[hospital];
        for path in requirement.assumed_of(hospital, catalog) {
            by_field.entry(path).or_default().insert(hospital.key.clone());
        }
    };
    for &(stage, hospital, way) in &used.sites {
        let stage = &pathway[stage];
        let remote = stage.ways[way].remote();
        if remote.is_empty() {
            note(hospital, &stage.requirement);
        } else if let Some(own) = stage.on_site(remote) {
            note(hospital, &own);
        }
    }
    for &(stage, hospital, way) in &used.partners {
        let remote = pathway[stage].ways[way].remote().to_vec();
        note(hospital, &Requirement::All(remote));
    }
    for &hospital in &used.helipads {
        note(hospital, &Requirement::Facility { kind: HELIPAD.to_owned(), at_least: None });
    }
    for (field, keys) in by_field {
        row("hospital", &field, keys.into_iter().collect());
    }
    let words = in_words(&rows);
    let table = Table::of(rows)
        .column(WHAT, |row| Cell::text(row.what))
        .column(FIELD, |row| Cell::text(&row.field))
        .column(ENTITIES, |row| Cell::list(&row.entities))
        .build();
    Section::new("assumed", "What of this nobody published and is assumed", table).in_words(words)
}

fn prefix(means: Means) -> &'static str {
    match means {
        Means::Ambulance => "ambulance",
        Means::Helicopter => "helicopter",
        Means::OwnCar => "own_car",
    }
}

/// The rows as a few sentences.
fn in_words(rows: &[Assumed]) -> String {
    let fields_of = |wanted: &str| -> Vec<(String, String)> {
        let rows = rows.iter().filter(|row| row.what == wanted);
        rows.map(|row| (row.field.clone(), row.entities.join(", "))).collect()
    };
    let mut sentences = Vec::new();
    for (what, words) in [("pathway", "The pathway"), ("first leg", "The first leg")] {
        let fields: Vec<String> = fields_of(what).into_iter().map(|(field, _)| field).collect();
        if !fields.is_empty() {
            sentences.push(format!("{words}: {}.", fields.join(", ")));
        }
    }
    for (what, words) in [("cooperation", "Cooperations"), ("hospital", "Hospitals")] {
        // Fields of the same ones stand together.
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for (field, keys) in fields_of(what) {
            match groups.iter_mut().find(|(own, _)| *own == keys) {
                Some((_, fields)) => fields.push(field),
                None => groups.push((keys, vec![field])),
            }
        }
        let fields: Vec<String> = groups
            .iter()
            .map(|(keys, fields)| format!("{} of {keys}", fields.join(", ")))
            .collect();
        if !fields.is_empty() {
            sentences.push(format!("{words}: {}.", fields.join("; ")));
        }
    }
    sentences.push("Journeys: see travel above.".to_owned());
    sentences.join(" ")
}
