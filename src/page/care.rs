//! What the script of a page needs to find the ways of care pathways again: who can do which stage in which hours,
//! what cooperations add, and journeys between hospitals.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::calendar::{HourOfWeek, Hours};
use crate::impact::PROTOCOLS;
use crate::model::{
    Alert, Catalog, Cooperation, CooperationKind, HospitalId, Means, Network, Parties, Pathway,
    PopulationGroup, Requirement, Stage, StageFrom, StageIndex, StageProvision, Urgency, has_field,
};
use crate::overview::Overview;
use crate::page::findings::{name_in_catalog, pathway_name};
use crate::page::journeys::{UNREACHED, packed, split};
use crate::page::what_if::{Leaf, Need, need_of};
use crate::pathways::{Prepared, Protocol, Query, When};
use crate::region::{HELIPAD, Region};
use crate::units::Seconds;
use crate::words;

/// Care pathways as the script works them out.
#[derive(Serialize)]
pub(super) struct Care {
    pathways: Vec<PathwayData>,
    flight: Flight,
    /// Fields that a new cooperation can have: those that some pathway asks for.
    fields: Vec<Field>,
}

/// A field of cooperations.
#[derive(Serialize)]
pub(super) struct Field {
    key: String,
    name: String,
    /// Hospitals that have what it is about, so that they can help others with it.
    hospitals: Vec<usize>,
}

/// The helicopter of the catalog.
#[derive(Serialize)]
struct Flight {
    km_per_hour: f64,
    /// Seconds that it has to arrive earlier than the road.
    least_gain: u32,
    /// The part of requirements that a helipad is.
    leaf: usize,
}

#[derive(Serialize)]
struct PathwayData {
    key: String,
    name: String,
    /// The stage until which times are counted.
    until: String,
    /// What that stage is called.
    ends: String,
    /// Its people, by position among the groups of the page.
    group: usize,
    legs: Vec<Leg>,
    /// The last stage that a door of a protocol has to do.
    door: usize,
    fields: Vec<String>,
    door_in_door_out: u32,
    /// Seconds in addition without an agreement; nothing where there is no transfer then.
    penalty: Option<u32>,
    stages: Vec<StageData>,
    hours: Vec<HourData>,
    /// Mean seconds by protocol, as the program counts them: the script compares its own with them.
    expected: Vec<Option<f64>>,
}

/// A way to the first door.
#[derive(Serialize)]
struct Leg {
    before: u32,
    behind: u32,
    flies: bool,
}

#[derive(Serialize)]
struct StageData {
    duration: u32,
    ways: Vec<WayData>,
}

#[derive(Serialize)]
struct WayData {
    kind: &'static str,
    site: Need,
    remote: Need,
    fields: Vec<String>,
    term: u32,
    /// The stage at whose end the team is alerted, counted from 1; nothing for the arrival.
    alert: Option<usize>,
}

/// The hours to which a cooperation can be limited; the script has the same.
const BY_DAY: &str = "Mon-Fri 8-16";

/// Hours in which the same is open.
#[derive(Serialize)]
struct HourData {
    /// Share of the calls in millionths.
    share: u32,
    /// Cooperations that do not work then, by position.
    closed: Vec<usize>,
    /// Parts of requirements that fewer hospitals meet than in other hours, with those that do.
    less: Vec<(usize, Vec<usize>)>,
    flies: bool,
    /// Whether these are hours of [`BY_DAY`], to which the page can limit a cooperation.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    day: bool,
}

impl HourData {
    /// Whether all is the same but the share.
    fn is_like(&self, hour: &Self) -> bool {
        let is_as_open = self.closed == hour.closed && self.less == hour.less;
        is_as_open && self.flies == hour.flies && self.day == hour.day
    }
}

/// What a cooperation is to pathways.
#[derive(Serialize)]
pub(super) struct Link {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    to: Vec<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<String>,
    /// Seconds that it states.
    #[serde(skip_serializing_if = "Option::is_none")]
    term: Option<u32>,
}

impl Care {
    /// All emergency pathways. What they ask for is added to `leaves`, whom they are for to `groups`.
    pub(super) fn of(
        overview: &Overview,
        leaves: &mut Vec<Leaf>,
        groups: &mut Vec<PopulationGroup>,
    ) -> Self {
        // Pathways count all hours of the week, whatever hour the page is of.
        let network = overview.week.network();
        let catalog = network.catalog();
        let pad = Requirement::Facility { kind: HELIPAD.to_owned(), at_least: None };
        let leaf = match need_of(&pad, network, leaves) {
            Need::Leaf(leaf) => leaf,
            Need::All { .. } | Need::Any { .. } => 0,
        };
        let helicopter = &catalog.first_leg.helicopter;
        let mut pathways = Vec::new();
        for pathway in &catalog.pathways {
            // Who may wait for an hour chooses among hours, which the script does not.
            if pathway.urgency == Urgency::Emergency && !is_alerted_by_call(pathway) {
                pathways.extend(PathwayData::of(&overview.week, pathway, leaves, groups));
            }
        }
        let flight = Flight {
            km_per_hour: helicopter.km_per_hour,
            least_gain: helicopter.least_gain.0,
            leaf,
        };
        Self { fields: fields_of(&pathways, network), pathways, flight }
    }
}

impl Care {
    /// The fields that a new cooperation can have.
    pub(super) fn fields(overview: &Overview) -> Vec<Field> {
        // Once more for a page that has no room for the pathways themselves.
        Self::of(overview, &mut Vec::new(), &mut Vec::new()).fields
    }
}

/// The journeys between hospitals, row by row, packed.
pub(super) fn between(region: &Region, sites: &[usize]) -> String {
    let mut column_of = vec![None; region.network().hospitals().len()];
    for (column, site) in sites.iter().enumerate() {
        column_of[*site] = Some(column);
    }
    let mut seconds = vec![UNREACHED; sites.len() * sites.len()];
    for (row, &site) in sites.iter().enumerate() {
        let (receivers, journeys) = region.journeys_of(site);
        for (&receiver, &journey) in receivers.iter().zip(journeys) {
            if let Some(column) = column_of[receiver as usize] {
                seconds[row * sites.len() + column] = journey;
            }
        }
    }
    packed(&split(&seconds))
}

impl Link {
    pub(super) fn of(overview: &Overview, cooperation: &Cooperation) -> Self {
        let network = overview.week.network();
        let mut link = Self {
            kind: cooperation.kind.name(),
            from: None,
            to: Vec::new(),
            fields: Vec::new(),
            term: term_of(&cooperation.kind).map(|term| term.0),
        };
        // Only what runs from the one to the other moves a patient or an expert.
        if let Parties::Directed { from, to } = &cooperation.parties {
            link.from = network.find(from).map(HospitalId::index);
            for key in to {
                link.to.extend(network.find(key).map(HospitalId::index));
            }
            link.fields.clone_from(&cooperation.fields);
        }
        link
    }
}

fn term_of(kind: &CooperationKind) -> Option<Seconds> {
    match kind {
        CooperationKind::Transfer { door_in_door_out, .. } => *door_in_door_out,
        CooperationKind::Telemedicine { consult } => *consult,
        CooperationKind::VisitingTeam { call_out } => *call_out,
        CooperationKind::CentralService { turnaround } => *turnaround,
        _ => None,
    }
}

/// Whether a team may be on its way before the patient has a door: its time hangs on the journey then.
fn is_alerted_by_call(pathway: &Pathway) -> bool {
    for way in pathway.stages.iter().flat_map(|stage| &stage.ways) {
        if matches!(way, StageProvision::VisitingTeam { alert: Some(Alert::Call), .. }) {
            return true;
        }
    }
    false
}

/// The fields that pathways ask for, by name.
fn fields_of(pathways: &[PathwayData], network: &Network) -> Vec<Field> {
    let mut keys: BTreeSet<&String> = BTreeSet::new();
    for pathway in pathways {
        keys.extend(&pathway.fields);
        for stage in &pathway.stages {
            for way in &stage.ways {
                keys.extend(&way.fields);
            }
        }
    }
    let catalog = network.catalog();
    let mut fields = Vec::new();
    for key in keys {
        let mut hospitals = Vec::new();
        for (id, hospital) in network.iter() {
            if has_field(hospital, key, catalog) {
                hospitals.push(id.index());
            }
        }
        fields.push(Field { key: key.clone(), name: name_in_catalog(catalog, key), hospitals });
    }
    // By name: a person looks for words, not for keys.
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    fields
}

impl PathwayData {
    /// `None` for a pathway without stages, or one that cannot be set up.
    fn of(
        week: &Region,
        pathway: &Pathway,
        leaves: &mut Vec<Leaf>,
        groups: &mut Vec<PopulationGroup>,
    ) -> Option<Self> {
        let network = week.network();
        let prepared = Prepared::even_if_unmet(week, pathway, &[]).ok()?;
        // Under each protocol: the sign of an answer can hang on it.
        let mut expected = Vec::new();
        for protocol in PROTOCOLS {
            expected.push(mean_seconds(&prepared, protocol));
        }

        let mut stages = Vec::new();
        for (number, stage) in pathway.stages.iter().enumerate() {
            let mut ways = Vec::new();
            for way in &stage.ways {
                let parts = way.remote();
                let site = site_of(stage, way);
                let remote = Requirement::All(parts.to_vec());
                ways.push(WayData {
                    kind: way.name(),
                    site: need_of(&site, network, leaves),
                    remote: need_of(&remote, network, leaves),
                    fields: way.fields().iter().map(|field| (*field).to_owned()).collect(),
                    term: usual_term(way).0,
                    alert: alert_of(pathway, number, way),
                });
            }
            stages.push(StageData { duration: stage.duration.0, ways });
        }
        let door = pathway.door.as_deref().and_then(|key| pathway.stage(key));
        Some(Self {
            key: pathway.key.clone(),
            name: pathway_name(pathway),
            until: pathway.stages.last()?.key.clone(),
            ends: words::of(&pathway.stages.last()?.name).into_owned(),
            group: position_of(groups, pathway.population),
            legs: legs_of(pathway, network.catalog()),
            door: door.map_or(0, StageIndex::index),
            fields: pathway.transfer.fields.clone(),
            door_in_door_out: pathway.transfer.door_in_door_out.0,
            penalty: pathway.transfer.without_agreement.penalty().map(|penalty| penalty.0),
            stages,
            hours: hours_of(week, pathway, leaves),
            expected,
        })
    }
}

/// The position of a value in a list of which each is there once, and which it joins.
pub(super) fn position_of<T: PartialEq>(values: &mut Vec<T>, value: T) -> usize {
    let known = values.iter().position(|known| *known == value);
    known.unwrap_or_else(|| {
        values.push(value);
        values.len() - 1
    })
}

/// What the hospital itself has to meet in a way of a stage.
fn site_of(stage: &Stage, way: &StageProvision) -> Requirement {
    if way.remote().is_empty() {
        return stage.requirement.clone();
    }
    // Nobody meets an empty choice: the rule of the pathways.
    stage.on_site(way.remote()).unwrap_or(Requirement::Any(Vec::new()))
}

fn usual_term(way: &StageProvision) -> Seconds {
    match way {
        StageProvision::OnSite => Seconds(0),
        StageProvision::Telemedicine { consult, .. } => *consult,
        StageProvision::VisitingTeam { call_out, .. } => *call_out,
        StageProvision::CentralService { turnaround, .. } => *turnaround,
    }
}

/// The stage, from 1, at whose end the team of a way is alerted; `None` for the arrival.
fn alert_of(pathway: &Pathway, stage: usize, way: &StageProvision) -> Option<usize> {
    let StageProvision::VisitingTeam { alert, .. } = way else { return None };
    match alert {
        Some(Alert::Stage(key)) => pathway.stage(key).map(|stage| stage.index() + 1),
        // Without an alert the end of the stage before is one; before the first stage there is none.
        _ => (stage > 0).then_some(stage),
    }
}

fn legs_of(pathway: &Pathway, catalog: &Catalog) -> Vec<Leg> {
    let is_from_handover = match pathway.stages.first() {
        Some(stage) => stage.from == StageFrom::Handover,
        None => false,
    };
    let mut legs = Vec::new();
    for &means in &pathway.first_leg {
        let times = catalog.first_leg.times(means);
        legs.push(Leg {
            before: times.departure.0,
            behind: if is_from_handover { times.handover.0 } else { 0 },
            flies: means == Means::Helicopter,
        });
    }
    legs
}

/// Hours in which patients call, those in which the same is open as one.
fn hours_of(week: &Region, pathway: &Pathway, leaves: &[Leaf]) -> Vec<HourData> {
    let by_day: Hours = BY_DAY.parse().expect("hours of the week are read");
    let mut hours: Vec<HourData> = Vec::new();
    for (moment, share) in When::Week.shares(pathway) {
        let mut data = hour_of(week, pathway, moment.hour, leaves);
        data.day = by_day.is_open_in(moment.hour);
        let alike = hours.iter_mut().find(|known| known.is_like(&data));
        if let Some(alike) = alike {
            alike.share += share;
        } else {
            data.share = share;
            hours.push(data);
        }
    }
    hours
}

fn hour_of(week: &Region, pathway: &Pathway, hour: HourOfWeek, leaves: &[Leaf]) -> HourData {
    let network = week.network();
    let mut closed = Vec::new();
    for (position, cooperation) in network.cooperations().iter().enumerate() {
        if !cooperation.hours.is_open_in(hour) {
            closed.push(position);
        }
    }
    // Only what differs from other hours: most of it is always open.
    let mut less = Vec::new();
    for (position, leaf) in leaves.iter().enumerate() {
        let mut able = Vec::new();
        for &hospital in &leaf.hospitals {
            let site = &network.hospitals()[hospital];
            if leaf.requirement.is_met_in(hour, site, network.catalog()) {
                able.push(hospital);
            }
        }
        if able.len() < leaf.hospitals.len() {
            less.push((position, able));
        }
    }
    // Hours of what nobody of the pathway flies in would only tell hours apart that are alike.
    let flies = pathway.first_leg.contains(&Means::Helicopter)
        && network.catalog().first_leg.helicopter.hours.is_open_in(hour);
    HourData { share: 0, closed, less, flies, day: false }
}

/// Mean seconds until the last stage of those who have a way, inside, over the week.
fn mean_seconds(prepared: &Prepared<'_>, protocol: Protocol) -> Option<f64> {
    let outcome = prepared.evaluate(&Query::default().protocol(protocol)).ok()?;
    let clocks = outcome.clocks();
    let last = prepared.pathway().stages.len().checked_sub(1)?;
    let mut share_of: BTreeMap<usize, u64> = BTreeMap::new();
    for hour in HourOfWeek::all() {
        if let Some(group) = clocks.group_of(hour) {
            *share_of.entry(group).or_default() += u64::from(clocks.share_of(hour));
        }
    }
    // In whole numbers, as the comparison sums them up.
    let (mut with_way, mut seconds) = (0_u64, 0_u128);
    let people = prepared.region().people(&prepared.pathway().population);
    for (&group, &share) in &share_of {
        for (part, &count) in people.iter().enumerate() {
            let Some(time) = clocks.at(group, part, last).time.filter(|_| count > 0) else {
                continue;
            };
            let weight = u64::from(count) * share;
            with_way += weight;
            seconds += u128::from(weight) * u128::from(time.0);
        }
    }
    (with_way > 0).then(|| seconds as f64 / with_way as f64)
}
