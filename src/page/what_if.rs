//! What the script of a page needs to count again: who meets which standard without which department, journeys, and
//! what a new hospital has to have.

use serde::Serialize;

use crate::model::{
    CareLevel, Catalog, Department, EmergencyLevel, Facility, Hospital, Network, PopulationGroup,
    Requirement, TravelSettings,
};
use crate::overview::Overview;
use crate::page::care::{Care, Field, between};
use crate::page::findings::pathway_name;
use crate::page::flows::FlowData;
use crate::page::journeys::{UNREACHED, checksum, columns, packed, scattered, split};
use crate::region::{PlaceId, Region};
use crate::routing::{SMALL_ICU_DRAW, draw_of_unit};
use crate::travel::{CrowFly, Stop};

/// Most letters of packed journeys: the rest of a page needs room, too.
const MOST_LETTERS: usize = 330_000;
/// Most journeys that are tried: packing more would take seconds, only to find that it does not fit.
const MOST_JOURNEYS: usize = 1_000_000;

/// All that the what-if needs beside the map.
#[derive(Serialize)]
pub(super) struct WhatIf {
    /// What standards ask for, each once; `needs` of standards count them from 0.
    leaves: Vec<Leaf>,
    /// By standard, in the order of the catalog.
    standards: Vec<StandardNeed>,
    /// Hospitals with journeys, in the order of the columns.
    sites: Vec<usize>,
    /// Journeys in seconds, packed; empty where the script works them out as the crow flies.
    journeys: String,
    /// How all are reached, new hospitals as well; nothing where the crow does not fly.
    crow: Option<Crow>,
    /// What the script must find over all journeys before it counts with them.
    checksum: u32,
    care: Care,
    /// Journeys between those hospitals, packed; empty where the script works them out.
    between: String,
    /// Where the cases of a year go; nothing where they cannot be counted again.
    flows: Option<FlowData>,
}

/// A part of what a standard asks for.
#[derive(Serialize, Clone, PartialEq)]
pub(super) struct Leaf {
    /// `s` for a department, `f` for a facility, `o` for a level.
    kind: &'static str,
    /// Its key in the catalog.
    key: String,
    /// Hospitals that meet it, by position.
    pub(super) hospitals: Vec<usize>,
    #[serde(skip)]
    pub(super) requirement: Requirement,
}

/// What a standard asks for, as the script reads it.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Need {
    Leaf(usize),
    All { all: Vec<Need> },
    Any { any: Vec<Need> },
}

#[derive(Serialize)]
struct StandardNeed {
    need: Need,
    /// What a new hospital needs to meet it; nothing where nothing would be enough.
    recipe: Option<Recipe>,
}

/// A new hospital that meets a standard.
#[derive(Serialize)]
struct Recipe {
    /// Its fields in the notation of scenarios.
    fields: String,
    /// The standards that it meets, by position.
    meets: Vec<usize>,
    /// The parts of requirements that it meets.
    leaves: Vec<usize>,
    /// Keys of its departments.
    departments: Vec<String>,
    /// How strongly its intensive care draws.
    draw: f64,
    #[serde(skip)]
    hospital: Hospital,
}

/// The crow-fly model, with the points of departure as vectors on the unit sphere.
#[derive(Serialize)]
struct Crow {
    detour: f64,
    access: u32,
    /// End in kilometres and speed of each band; the last has no end.
    speeds: Vec<(Option<f64>, f64)>,
    cutoff: u32,
    /// Vectors of the parts, then of the centres of places, then of the hospitals with journeys, packed.
    vectors: String,
}

/// What of the what-if is asked of a server: it counts, and the script only puts scenarios together.
#[derive(Serialize)]
pub(super) struct Ask {
    /// By standard: the fields of a new hospital that meets it; nothing where none can.
    recipes: Vec<Option<String>>,
    fields: Vec<Field>,
    /// Keys of care pathways, and their names.
    pathways: Vec<(String, String)>,
}

impl Ask {
    pub(super) fn of(overview: &Overview) -> Self {
        let network = overview.region.network();
        // What a new hospital needs for a standard is written down here: a browser has no catalog.
        let mut recipes = Vec::new();
        for coverage in &overview.coverage {
            let recipe = recipe_of(&coverage.standard.requirement, network.catalog());
            recipes.push(recipe.map(|recipe| recipe.fields));
        }
        let mut pathways = Vec::new();
        for pathway in &network.catalog().pathways {
            pathways.push((pathway.key.clone(), pathway_name(pathway)));
        }
        Self { recipes, fields: Care::fields(overview), pathways }
    }
}

/// All places outside, in their order.
fn outside(region: &Region) -> Vec<PlaceId> {
    let mut outside: Vec<PlaceId> = region.place_ids().collect();
    outside.retain(|place| region.place(*place).outside);
    outside
}

/// The hospitals that a change may concern: those that meet a part of what is asked for, or have patients.
fn sites_of(network: &Network, leaves: &[Leaf]) -> Vec<usize> {
    let mut is_site = vec![false; network.hospitals().len()];
    for leaf in leaves {
        for &hospital in &leaf.hospitals {
            is_site[hospital] = true;
        }
    }
    for (position, hospital) in network.hospitals().iter().enumerate() {
        for department in &hospital.departments {
            is_site[position] |= department.is_inpatient();
        }
    }
    let mut sites: Vec<usize> = (0..is_site.len()).collect();
    sites.retain(|site| is_site[*site]);
    sites
}

/// The parts of some places, in their order.
fn parts_of_all(region: &Region, places: &[PlaceId]) -> Vec<usize> {
    let mut parts = Vec::new();
    for &place in places {
        parts.extend(region.parts_of(place));
    }
    parts
}

impl WhatIf {
    /// What the script needs; `None` where it would not fit. `places` are all places inside.
    pub(super) fn of(
        overview: &Overview,
        places: &[PlaceId],
        travel: Option<&TravelSettings>,
        groups: &mut Vec<PopulationGroup>,
    ) -> Option<Self> {
        let region = &overview.region;
        let network = region.network();
        let outside = outside(region);
        let mut parts = parts_of_all(region, places);
        // Those outside behind all others: whoever counts people inside stops before them.
        parts.extend(parts_of_all(region, &outside));
        let mut leaves: Vec<Leaf> = Vec::new();
        let mut standards = Vec::new();
        for coverage in &overview.coverage {
            let standard = &coverage.standard;
            let need = need_of(&standard.requirement, network, &mut leaves);
            let recipe = recipe_of(&standard.requirement, network.catalog());
            standards.push(StandardNeed { need, recipe });
        }
        let care = Care::of(overview, &mut leaves, groups);
        for recipe in standards.iter_mut().filter_map(|standard| standard.recipe.as_mut()) {
            recipe.note_leaves(&leaves, network.catalog());
        }

        let sites = sites_of(network, &leaves);
        if sites.len().saturating_mul(parts.len()) > MOST_JOURNEYS {
            return None;
        }
        let journeys = columns(region, &parts, &sites);
        let checksum = checksum(&journeys);
        let columns = Columns { parts: &parts, sites: &sites, journeys: &journeys };
        let crow = travel.and_then(|travel| Crow::of(region, places, columns, travel));
        // Where everybody and every hospital is takes a tenth of the room of their journeys, and gives the same seconds.
        let journeys = if crow.is_some() { String::new() } else { packed(&split(&journeys)) };
        let between = if crow.is_some() { String::new() } else { between(region, &sites) };
        let flows = FlowData::of(overview, places, &outside, &sites);
        let mut letters = journeys.len() + between.len();
        letters += crow.as_ref().map_or(0, |crow| crow.vectors.len());
        letters += flows.as_ref().map_or(0, FlowData::letters);
        let what_if =
            Self { leaves, standards, sites, journeys, crow, checksum, care, between, flows };
        (letters <= MOST_LETTERS).then_some(what_if)
    }

    /// Whether a hospital can be opened.
    pub(super) fn can_open(&self) -> bool {
        self.crow.is_some()
    }
}

/// A requirement as the script reads it; its leaves are added to those that there are.
pub(super) fn need_of(
    requirement: &Requirement,
    network: &Network,
    leaves: &mut Vec<Leaf>,
) -> Need {
    let (kind, key) = match requirement {
        Requirement::All(parts) => return Need::All { all: needs_of(parts, network, leaves) },
        Requirement::Any(parts) => return Need::Any { any: needs_of(parts, network, leaves) },
        Requirement::Specialty(key) => ("s", key.clone()),
        Requirement::Facility { kind, .. } => ("f", kind.clone()),
        Requirement::CareLevel(_) | Requirement::EmergencyLevel(_) => ("o", String::new()),
    };
    // Standards share most of what they ask for: written once, the page is shorter, and a closure is looked up once.
    let known = leaves.iter().position(|leaf| leaf.requirement == *requirement);
    if let Some(position) = known {
        return Need::Leaf(position);
    }
    let mut hospitals = Vec::new();
    for (id, hospital) in network.iter() {
        if requirement.is_met_by(hospital, network.catalog()) {
            hospitals.push(id.index());
        }
    }
    leaves.push(Leaf { kind, key, hospitals, requirement: requirement.clone() });
    Need::Leaf(leaves.len() - 1)
}

/// Parts of a requirement, in their order.
fn needs_of(parts: &[Requirement], network: &Network, leaves: &mut Vec<Leaf>) -> Vec<Need> {
    let mut needs = Vec::with_capacity(parts.len());
    for part in parts {
        needs.push(need_of(part, network, leaves));
    }
    needs
}

/// What a hospital would need at least: of alternatives the first.
#[derive(Default)]
struct Parts {
    departments: Vec<String>,
    facilities: Vec<(String, Option<String>)>,
    care_level: Option<CareLevel>,
    emergency_level: Option<EmergencyLevel>,
}

impl Parts {
    fn add(&mut self, requirement: &Requirement) {
        match requirement {
            Requirement::All(parts) => parts.iter().for_each(|part| self.add(part)),
            Requirement::Any(parts) => parts.iter().take(1).for_each(|part| self.add(part)),
            Requirement::Specialty(key) => {
                if !self.departments.contains(key) {
                    self.departments.push(key.clone());
                }
            }
            Requirement::Facility { kind, at_least } => {
                if self.facilities.iter().all(|(before, _)| before != kind) {
                    self.facilities.push((kind.clone(), at_least.clone()));
                }
            }
            Requirement::CareLevel(level) => self.care_level = Some(*level),
            Requirement::EmergencyLevel(level) => self.emergency_level = Some(*level),
        }
    }

    /// The hospital that has these parts and nothing else.
    fn hospital(&self) -> Hospital {
        let position = crate::model::Position::new(0.0, 0.0).expect("the equator is on the globe");
        let mut hospital = Hospital::new("new", "new", position);
        for key in &self.departments {
            hospital.departments.push(Department::new(key));
        }
        for (kind, grade) in &self.facilities {
            let facility = Facility::new(kind);
            hospital.facilities.push(match grade {
                Some(grade) => facility.grade(grade),
                None => facility,
            });
        }
        hospital.care_level = self.care_level;
        hospital.emergency_level = self.emergency_level;
        hospital
    }

    /// The same in the notation of scenarios. Keys of a catalog are words without quotes.
    fn fields(&self) -> String {
        let mut departments = Vec::new();
        for key in &self.departments {
            departments.push(format!("(specialty: {key:?})"));
        }
        let mut facilities = Vec::new();
        for (kind, grade) in &self.facilities {
            let grade =
                grade.as_ref().map_or_else(String::new, |grade| format!(", grade: {grade:?}"));
            facilities.push(format!("(kind: {kind:?}{grade})"));
        }
        let mut fields = String::new();
        if let Some(level) = self.care_level {
            fields.push_str(&format!("care_level: {level:?}, "));
        }
        if let Some(level) = self.emergency_level {
            fields.push_str(&format!("emergency_level: {level:?}, "));
        }
        fields.push_str(&format!(
            "departments: [{}], facilities: [{}]",
            departments.join(", "),
            facilities.join(", ")
        ));
        fields
    }
}

/// A new hospital that meets a requirement; `None` where none can.
fn recipe_of(requirement: &Requirement, catalog: &Catalog) -> Option<Recipe> {
    // Of alternatives the first: catalogs name the usual one first, and who wants another edits the file.
    let mut parts = Parts::default();
    parts.add(requirement);
    let hospital = parts.hospital();
    if !requirement.is_met_by(&hospital, catalog) {
        return None;
    }
    let mut meets = Vec::new();
    for (position, standard) in catalog.standards.iter().enumerate() {
        if standard.requirement.is_met_by(&hospital, catalog) {
            meets.push(position);
        }
    }
    Some(Recipe {
        fields: parts.fields(),
        meets,
        leaves: Vec::new(),
        departments: parts.departments.clone(),
        draw: draw_of_unit(&hospital, SMALL_ICU_DRAW),
        hospital,
    })
}

impl Recipe {
    /// Notes which parts of requirements it meets, once all of them are known.
    fn note_leaves(&mut self, leaves: &[Leaf], catalog: &Catalog) {
        for (position, leaf) in leaves.iter().enumerate() {
            if leaf.requirement.is_met_by(&self.hospital, catalog) {
                self.leaves.push(position);
            }
        }
    }
}

/// Journeys in seconds from parts to hospitals, hospital by hospital.
#[derive(Clone, Copy)]
struct Columns<'c> {
    parts: &'c [usize],
    sites: &'c [usize],
    journeys: &'c [u16],
}

/// Whether every journey between these hospitals is the one of a model.
fn is_flown_between(region: &Region, model: &CrowFly, sites: &[usize]) -> bool {
    let network = region.network();
    let cutoff = region.times().cutoff();
    for &from in sites {
        let start = Stop::new("", network.hospitals()[from].position);
        for &to in sites {
            let end = Stop::new("", network.hospitals()[to].position);
            let flown = model.time_over(start.distance_to(&end));
            let known = region.between_numbers(from as u32, to as u32);
            if known != (flown <= cutoff).then_some(flown) {
                return false;
            }
        }
    }
    true
}

impl Crow {
    /// The crow-fly model of these settings, if every journey to these sites is the one that it gives: with a table,
    /// a bridge that is closed or another model a new hospital would be reached otherwise than all others.
    fn of(
        region: &Region,
        places: &[PlaceId],
        columns: Columns<'_>,
        settings: &TravelSettings,
    ) -> Option<Self> {
        let Columns { parts, sites, journeys } = columns;
        let model = CrowFly::new(settings.clone()).ok()?;
        // Beyond the cut-off the lists are empty, however near a new hospital is.
        let cutoff = region.times().cutoff();
        let network = region.network();
        let mut stops = Vec::with_capacity(sites.len());
        for &site in sites {
            stops.push(Stop::new("", network.hospitals()[site].position));
        }
        for (row, &part) in parts.iter().enumerate() {
            let from = Stop::new("", region.parts()[part].position);
            for (column, stop) in stops.iter().enumerate() {
                let flown = model.time_over(from.distance_to(stop));
                let expected = if flown <= cutoff { flown.0 } else { u32::from(UNREACHED) };
                if u32::from(journeys[column * parts.len() + row]) != expected {
                    return None;
                }
            }
        }
        if !is_flown_between(region, &model, sites) {
            return None;
        }

        // All bits of a vector: with fewer, a journey in a thousand would round to another second.
        let mut numbers = Vec::with_capacity((parts.len() + places.len() + sites.len()) * 3);
        for &part in parts {
            numbers.extend(region.parts()[part].position.unit_vector());
        }
        for &place in places {
            numbers.extend(region.place(place).position.unit_vector());
        }
        for &site in sites {
            numbers.extend(network.hospitals()[site].position.unit_vector());
        }
        Some(Self {
            detour: settings.detour,
            access: settings.access.0,
            speeds: settings.speeds.iter().map(|band| (band.up_to_km, band.km_per_hour)).collect(),
            cutoff: cutoff.0,
            vectors: packed(&scattered(&numbers)),
        })
    }
}
