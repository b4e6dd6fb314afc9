//! Indicators that the network gives: nobody has to enter them.

use std::collections::{BTreeMap, BTreeSet};

use super::error::AllianceError;
use super::indicators::{
    Direction, Entry, Figure, Indicator, IndicatorKind, IndicatorTable, Origin,
};
use crate::impact::{PROTOCOLS, Study};
use crate::model::{
    CooperationGraph, EmergencyLevel, GraphFilter, Hospital, HospitalId, Pathway, PopulationGroup,
};
use crate::pathways::{Outage, Prepared, Query};
use crate::region::Region;
use crate::routing::{Choice, FlowSettings, Flows, HospitalLoad, PlaceFlow};
use crate::rules::minimum_volumes;
use crate::words;

/// How indicators are computed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ComputedSettings {
    /// How patients choose a hospital.
    pub choice: Choice,
    /// An index of deprivation by the name of the district, such as the GISD of the Robert Koch Institute; empty where nobody
    /// gave one: the indicator is then left out.
    pub deprivation: BTreeMap<String, f64>,
    /// Whether care pathways are asked for transfers and for the minutes that members save each other: seconds for a region
    /// such as Leipzig.
    pub with_pathways: bool,
}

impl ComputedSettings {
    /// With pathways, without deprivation.
    pub fn new(choice: Choice) -> Self {
        Self { choice, deprivation: BTreeMap::new(), with_pathways: true }
    }

    /// With an index of deprivation by district.
    #[must_use]
    pub fn deprivation(mut self, by_district: BTreeMap<String, f64>) -> Self {
        self.deprivation = by_district;
        self
    }

    /// Without care pathways.
    #[must_use]
    pub fn without_pathways(mut self) -> Self {
        self.with_pathways = false;
        self
    }
}

/// The indicators of the members of an alliance that the network gives, for the year of its day.
///
/// | key | what | unit |
/// |---|---|---|
/// | `beds`, `beds_SPECIALTY` | beds of the site, and of each department whose beds are stated | beds |
/// | `departments` | inpatient departments of different specialties | departments |
/// | `emergency_stage` | 0 for none, 1 basic, 2 extended, 3 comprehensive; left out where it is unknown | stage |
/// | `cases` | expected inpatient cases | cases a year |
/// | `occupancy` | bed days over those that the known beds offer | % |
/// | `catchment` | people, each place counted by the share of its cases that comes | people |
/// | `catchment_65`, `catchment_deprivation` | share of those people from 65 years on; mean index of their districts | %, index |
/// | `own_district` | share of the inpatient cases of its own district that it serves | % |
/// | `above_minimum` | services whose cases reach the minimum volume | services |
/// | `transfers_in`, `transfers_out` | patients of the catalog's pathways handed on by agreement | patients a year |
/// | `partners` | hospitals that it works with | hospitals |
/// | `minutes_saved` | minutes a year that its cooperations with other members save patients | minutes |
///
/// All are numbers by themselves: the model's cases are expectations and have no chance of a count. Members outside of the
/// network have none of them. Transfers and minutes are those of the leading protocol of [`PROTOCOLS`] (nearest door).
///
/// # Errors
///
/// When there is no such alliance, or an analysis cannot be done.
///
/// ```
/// use verbund::Region;
/// use verbund::alliance::{ComputedSettings, computed_indicators};
/// use verbund::routing::ChoiceModel;
///
/// let region = Region::leipzig()?;
/// let settings = ComputedSettings::new(ChoiceModel::Huff.usual()).without_pathways();
/// let table = computed_indicators(&region, "akg", &settings)?;
/// let beds = table.find_indicator("beds").ok_or("no beds")?;
/// let year = region.network().date().year();
/// assert_eq!(table.in_year(beds, year).len(), 2, "St. Georg and Chemnitz are in the network");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn computed_indicators(
    region: &Region,
    alliance: &str,
    settings: &ComputedSettings,
) -> Result<IndicatorTable, AllianceError> {
    let network = region.network();
    let table = IndicatorTable::new(network, alliance);
    let table = table.ok_or_else(|| AllianceError::unknown(network, alliance))?;
    let mut figures = Figures { year: network.date().year(), table };

    let hospitals = figures.hospitals();
    structure(region, &hospitals, &mut figures);
    patients(region, &hospitals, settings, &mut figures)?;
    volumes(region, &hospitals, settings.choice, &mut figures)?;
    let graph = CooperationGraph::new(network, &GraphFilter::default());
    for (member, hospital) in &hospitals {
        figures.add(&PARTNERS, *member, graph.degree(*hospital) as f64);
    }
    if settings.with_pathways {
        transfers(region, &hospitals, &mut figures)?;
        minutes_saved(region, &hospitals, &mut figures)?;
    }
    Ok(figures.table)
}

/// What the dictionary says of an indicator that is computed.
struct Described {
    key: &'static str,
    name: &'static str,
    unit: &'static str,
    per: f64,
    definition: &'static str,
}

impl Described {
    const fn new(
        key: &'static str,
        name: &'static str,
        unit: &'static str,
        definition: &'static str,
    ) -> Self {
        Self { key, name, unit, per: 1.0, definition }
    }

    const fn percent(self) -> Self {
        Self { per: 100.0, unit: "%", ..self }
    }
}

const BEDS: Described = Described::new("beds", "Beds", "beds", "inpatient beds of the site");
const DEPARTMENTS: Described = Described::new(
    "departments",
    "Departments",
    "departments",
    "inpatient departments of different specialties",
);
const STAGE: Described = Described::new(
    "emergency_stage",
    "Emergency stage",
    "stage",
    "stage of emergency care: 0 none, 1 basic, 2 extended, 3 comprehensive",
);
const CASES: Described =
    Described::new("cases", "Cases", "cases a year", "expected inpatient cases");
const OCCUPANCY: Described = Described::new(
    "occupancy",
    "Occupancy",
    "%",
    "expected bed days over those that the known beds offer",
)
.percent();
const CATCHMENT: Described = Described::new(
    "catchment",
    "Catchment",
    "people",
    "people of all places, each counted by the share of its cases that comes",
);
const CATCHMENT_65: Described = Described::new(
    "catchment_65",
    "Catchment from 65 on",
    "%",
    "share of the people of the catchment who are 65 years or older",
)
.percent();
const DEPRIVATION: Described = Described::new(
    "catchment_deprivation",
    "Deprivation of the catchment",
    "index",
    "mean index of the districts of the people of the catchment",
);
const OWN_DISTRICT: Described = Described::new(
    "own_district",
    "Share of its district",
    "%",
    "share of the expected inpatient cases of its own district that it serves",
)
.percent();
const ABOVE_MINIMUM: Described = Described::new(
    "above_minimum",
    "Services above the minimum",
    "services",
    "services whose cases, counted or expected, reach the minimum volume of the year",
);
const TRANSFERS_IN: Described = Described::new(
    "transfers_in",
    "Handed on to it",
    "patients a year",
    "patients of the catalog's pathways who come by a transfer agreement, nearest door first",
);
const TRANSFERS_OUT: Described = Described::new(
    "transfers_out",
    "Handed on from it",
    "patients a year",
    "patients of the catalog's pathways who leave by a transfer agreement, nearest door first",
);
const PARTNERS: Described = Described::new(
    "partners",
    "Partners",
    "hospitals",
    "hospitals with which a cooperation of any kind names it",
);
const MINUTES_SAVED: Described = Described::new(
    "minutes_saved",
    "Minutes saved among members",
    "minutes a year",
    "minutes to the last stage of the catalog's pathways, nearest door first, that its cooperations with other members save \
     patients, less what they cost others",
);

/// Indicators being collected.
struct Figures {
    year: i16,
    table: IndicatorTable,
}

impl Figures {
    /// The members that the network holds, with their positions.
    fn hospitals(&self) -> Vec<(usize, HospitalId)> {
        let mut hospitals = Vec::new();
        for (position, member) in self.table.members.iter().enumerate() {
            if let Some(hospital) = member.hospital {
                hospitals.push((position, hospital));
            }
        }
        hospitals
    }

    fn add(&mut self, described: &Described, member: usize, value: f64) {
        let indicator = self.table.find_indicator(described.key).unwrap_or_else(|| {
            let position = self.describe(
                described.key.to_owned(),
                described.name.to_owned(),
                described.unit,
                described.definition.to_owned(),
            );
            self.table.indicators[position].per = described.per;
            position
        });
        self.enter(indicator, member, value);
    }

    /// Adds an indicator; gives its position.
    fn describe(&mut self, key: String, name: String, unit: &str, definition: String) -> usize {
        self.table.indicators.push(Indicator {
            key,
            name,
            kind: IndicatorKind::Value,
            direction: Direction::Neutral,
            unit: unit.to_owned(),
            per: 1.0,
            reference: None,
            source: "computed from the network".to_owned(),
            definition,
        });
        self.table.indicators.len() - 1
    }

    fn enter(&mut self, indicator: usize, member: usize, value: f64) {
        self.table.entries.push(Entry {
            member,
            year: self.year,
            indicator,
            figure: Figure::Value(value),
            origin: Origin::Computed,
        });
    }
}

/// Beds, departments and stage, as the network states them.
fn structure(region: &Region, hospitals: &[(usize, HospitalId)], figures: &mut Figures) {
    let network = region.network();
    for (member, hospital) in hospitals {
        let hospital = &network[*hospital];
        // A branch that is counted with its main site has none of its own.
        if let Some(beds) = hospital.beds {
            figures.add(&BEDS, *member, f64::from(beds));
        }
        let specialties = inpatient_specialties(hospital);
        figures.add(&DEPARTMENTS, *member, specialties.len() as f64);
        if !hospital.is_unknown("emergency_level") {
            figures.add(&STAGE, *member, stage(hospital.emergency_level));
        }
    }
    // By specialty in the order of the catalog, so that tables of two alliances have the same columns.
    for specialty in &network.catalog().specialties {
        let key = format!("beds_{}", specialty.key);
        for (member, hospital) in hospitals {
            let Some(beds) = network[*hospital].beds_of(&specialty.key) else { continue };
            let indicator = figures.table.find_indicator(&key).unwrap_or_else(|| {
                let specialty = || words::name_of(&specialty.name, &specialty.name_de);
                let name = words::kept(|| said!("Beds: {specialty}", specialty = specialty()));
                let definition =
                    words::kept(|| said!("inpatient beds: {specialty}", specialty = specialty()));
                figures.describe(key.clone(), name, "beds", definition)
            });
            figures.enter(indicator, *member, f64::from(beds));
        }
    }
}

fn inpatient_specialties(hospital: &Hospital) -> BTreeSet<&str> {
    let mut specialties = BTreeSet::new();
    for department in &hospital.departments {
        if department.is_inpatient() {
            specialties.insert(department.specialty.as_str());
        }
    }
    specialties
}

fn stage(level: Option<EmergencyLevel>) -> f64 {
    match level {
        // The lowest stage of 2025 is in none of the three.
        None | Some(EmergencyLevel::Minimum) => 0.0,
        Some(EmergencyLevel::Basic) => 1.0,
        Some(EmergencyLevel::Extended) => 2.0,
        Some(EmergencyLevel::Comprehensive) => 3.0,
    }
}

/// Cases, occupancy and whose patients come.
fn patients(
    region: &Region,
    hospitals: &[(usize, HospitalId)],
    settings: &ComputedSettings,
    figures: &mut Figures,
) -> Result<(), AllianceError> {
    let flows = Flows::new(region, &FlowSettings::new(settings.choice).with_pairs())?;
    let loads: Vec<HospitalLoad> = flows.hospital_loads(region.network().hospitals().len());
    // Specialties alone: tracer conditions are part of them, and would count twice.
    let mut cases_of_place = vec![0.0; region.places().places.len()];
    for cases in &region.demand().specialties {
        for (place, count) in cases.cases.iter().enumerate() {
            cases_of_place[place] += count;
        }
    }

    for (member, hospital) in hospitals {
        let load = loads[hospital.index()];
        figures.add(&CASES, *member, load.all_cases());
        if let Some(occupancy) = load.occupancy() {
            figures.add(&OCCUPANCY, *member, occupancy);
        }
        let pairs = flows.pairs.iter().filter(|pair| pair.hospital == *hospital);
        let catchment = catchment(region, pairs, &cases_of_place, &settings.deprivation);
        figures.add(&CATCHMENT, *member, catchment.people);
        if catchment.people > 0.0 {
            figures.add(&CATCHMENT_65, *member, catchment.old / catchment.people);
        }
        if catchment.indexed > 0.0 {
            figures.add(&DEPRIVATION, *member, catchment.deprivation / catchment.indexed);
        }
        let district = region.network()[*hospital].district.as_deref();
        if let Some(share) = share_of_district(region, &flows, *hospital, district, &cases_of_place)
        {
            figures.add(&OWN_DISTRICT, *member, share);
        }
    }
    Ok(())
}

/// The people of a hospital.
#[derive(Default)]
struct Catchment {
    people: f64,
    old: f64,
    /// People of districts with an index.
    indexed: f64,
    /// Their indices, added up.
    deprivation: f64,
}

fn catchment<'f>(
    region: &Region,
    pairs: impl Iterator<Item = &'f PlaceFlow>,
    cases_of_place: &[f64],
    deprivation: &BTreeMap<String, f64>,
) -> Catchment {
    let old = PopulationGroup { sex: None, from: 65, to: None };
    let bands = &region.places().bands;
    let mut sum = Catchment::default();
    for pair in pairs {
        let cases = cases_of_place[pair.place.index()];
        if cases <= 0.0 {
            continue;
        }
        let place = region.place(pair.place);
        // People choose several hospitals: a place belongs to each by the share of its cases that comes.
        let share = pair.cases / cases;
        let people = place.population.people() as f64 * share;
        sum.people += people;
        sum.old += f64::from(place.population.people_in(&old, bands)) * share;
        if let Some(index) = deprivation.get(&place.district) {
            sum.indexed += people;
            sum.deprivation += index * people;
        }
    }
    sum
}

/// The share of a district's cases that a hospital serves; `None` where no place of the network lies in it.
fn share_of_district(
    region: &Region,
    flows: &Flows,
    hospital: HospitalId,
    district: Option<&str>,
    cases_of_place: &[f64],
) -> Option<f64> {
    let district = district?;
    let (mut served, mut cases) = (0.0, 0.0);
    for (place, count) in region.places().places.iter().zip(cases_of_place) {
        if place.district == district {
            cases += count;
        }
    }
    for pair in &flows.pairs {
        if pair.hospital == hospital && region.place(pair.place).district == district {
            served += pair.cases;
        }
    }
    (cases > 0.0).then(|| served / cases)
}

/// Services at or above the minimum volume of the year.
fn volumes(
    region: &Region,
    hospitals: &[(usize, HospitalId)],
    choice: Choice,
    figures: &mut Figures,
) -> Result<(), AllianceError> {
    let services = &region.network().catalog().minimum_volumes.services;
    let mut enough = vec![0.0; region.network().hospitals().len()];
    for service in services {
        let volumes = minimum_volumes(region, service, choice)?;
        // Without a line in the year nobody is above or below it.
        if volumes.least_cases.is_none() {
            continue;
        }
        for volume in &volumes.volumes {
            if volume.is_enough {
                enough[volume.hospital.index()] += 1.0;
            }
        }
    }
    // A catalog without lines says nothing of anybody; a 0 would.
    if !services.is_empty() {
        for (member, hospital) in hospitals {
            figures.add(&ABOVE_MINIMUM, *member, enough[hospital.index()]);
        }
    }
    Ok(())
}

/// Patients who are handed on to members, and from them.
fn transfers(
    region: &Region,
    hospitals: &[(usize, HospitalId)],
    figures: &mut Figures,
) -> Result<(), AllianceError> {
    let count = region.network().hospitals().len();
    let (mut incoming, mut outgoing) = (vec![0.0; count], vec![0.0; count]);
    // By a free choice nobody is handed on who could have gone direct: all would be 0.
    let query = Query::default().protocol(PROTOCOLS[0]);
    for pathway in &region.network().catalog().pathways {
        // Without a stage that somebody can do there is nobody to hand on to.
        let Ok(prepared) = Prepared::new(region, pathway, &[]) else { continue };
        let loads = prepared.evaluate(&query)?.loads();
        // Residents of a pathway are no patients a year, and cannot be added to them.
        if !loads.are_cases {
            continue;
        }
        for load in &loads.cooperations {
            if load.stage.is_none() {
                incoming[load.to.index()] += load.patients;
                outgoing[load.from.index()] += load.patients;
            }
        }
    }
    for (member, hospital) in hospitals {
        figures.add(&TRANSFERS_IN, *member, incoming[hospital.index()]);
        figures.add(&TRANSFERS_OUT, *member, outgoing[hospital.index()]);
    }
    Ok(())
}

/// What a member's cooperations with other members save patients on the way.
fn minutes_saved(
    region: &Region,
    hospitals: &[(usize, HospitalId)],
    figures: &mut Figures,
) -> Result<(), AllianceError> {
    let network = region.network();
    let pathways: Vec<&Pathway> = network.catalog().pathways.iter().collect();
    let study = Study::new(region, &pathways, &[], Query::default().protocol(PROTOCOLS[0]))?;
    // Where some pathway counts residents, minutes a year would be nobody's.
    if pathways.is_empty() || !study.are_cases() {
        return Ok(());
    }
    let keys: BTreeSet<&str> =
        hospitals.iter().map(|(_, hospital)| network[*hospital].key.as_str()).collect();
    for (member, hospital) in hospitals {
        let own_key = network[*hospital].key.as_str();
        let mut outage = Outage::default();
        for id in network.cooperation_ids() {
            let parties = network[id].parties.keys();
            // An agreement of several members counts at each of them: sums over members would count it twice.
            let are_among = parties.contains(&own_key)
                && parties.iter().any(|key| *key != own_key && keys.contains(key));
            if are_among {
                outage.cooperations.insert(id);
            }
        }
        let mut seconds = 0.0;
        if !outage.cooperations.is_empty() {
            for effect in study.compare(&outage, &Outage::default()) {
                seconds += effect.net_seconds();
            }
        }
        figures.add(&MINUTES_SAVED, *member, seconds / 60.0);
    }
    Ok(())
}
