//! One partner takes a field over: where its cases go, and what that does to pathways, volumes and service groups.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{AgreementError, AgreementSettings};
use crate::calendar::DateTime;
use crate::model::{Facility, GroupRef, HospitalId, Network, Pathway, Requirement, Urgency};
use crate::pathways::{Prepared, Protocol};
use crate::region::Region;
use crate::routing::{FlowSettings, Flows};
use crate::rules::{
    Assessment, GroupAt, GroupSettings, RulesError, ServiceVolumes, VolumeSettings, minimum_volumes,
};
use crate::scenario::{Change, DatedChange, DepartmentMove, FacilityKey, NewFacility, Scenario};

/// One partner takes a field over from the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Concentration {
    /// The partner that keeps it.
    pub at: HospitalId,
    /// Those whose departments move there, with all their beds.
    pub from: Vec<HospitalId>,
    /// Kinds of facilities that move with them: those that stand for the field in a pathway or for one of its service
    /// groups. A partner that has one of the kind keeps its own.
    pub facilities: Vec<String>,
    /// What follows; `None` where the network would be none, for the faults of [`Self::faults`].
    pub outcome: Option<Concentrated>,
    /// Why it is not possible as such, in words.
    pub faults: Option<String>,
}

/// What follows when a field is at one site.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct Concentrated {
    /// Expected cases of the field a year at each partner with a department, in their order.
    pub cases: Vec<CaseChange>,
    /// Expected cases of the field a year at all other hospitals.
    pub elsewhere: (f64, f64),
    /// Mean seconds of the journeys of all patients of the field, before and after; `None` without any.
    pub journey_seconds: (Option<f64>, Option<f64>),
    /// Pathways whose last stage is done at another time, or reached by other people, under some protocol.
    pub pathways: Vec<PathwayChange>,
    /// Minimum volumes whose cases change at a partner.
    pub volumes: Vec<VolumeChange>,
    /// Service groups that sites inside lose, by site and group.
    pub groups_lost: Vec<GroupAt>,
    /// Service groups that they gain.
    pub groups_gained: Vec<GroupAt>,
}

/// Cases a year of a field at one hospital.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CaseChange {
    /// The hospital.
    pub hospital: HospitalId,
    /// Before.
    pub before: f64,
    /// After.
    pub after: f64,
}

/// When the last stage of a pathway is done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathwayChange {
    /// Key of the pathway.
    pub pathway: String,
    /// Key of its last stage.
    pub stage: String,
    /// By protocol: before and after.
    pub by_protocol: Vec<(LastStage, LastStage)>,
}

/// When everybody inside is done with the last stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct LastStage {
    /// Mean seconds from the call, over those with a way; `None` where nobody has one.
    pub mean_seconds: Option<f64>,
    /// People without a way; shares of hours add up.
    pub without_way: f64,
}

/// Cases of a service with a minimum volume at one partner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VolumeChange {
    /// Key of the service.
    pub service: String,
    /// The year of the line.
    pub year: i16,
    /// The line; `None` where the year has none.
    pub least_cases: Option<f64>,
    /// The partner, as main hospital of its site.
    pub hospital: HospitalId,
    /// Cases a year before: expected ones, or counted ones of [`Self::counted_in`].
    pub before: f64,
    /// Cases a year after. Of counted ones, all go to the one that keeps the field.
    pub after: f64,
    /// The year in which they were counted; `None` for expected ones.
    pub counted_in: Option<i16>,
}

/// What a region is before anybody takes a field over; worked out once for all fields.
pub(super) struct Base<'t, 'r> {
    region: &'r Region,
    settings: &'t AgreementSettings<'r>,
    groups: BTreeMap<HospitalId, BTreeSet<GroupRef>>,
    /// Of each service with a rate of demand: expected cases.
    expected: Vec<ServiceVolumes>,
    /// Of every service: counted cases where there are any.
    counted: Vec<ServiceVolumes>,
}

/// How a field is before anybody takes it over.
struct Before<'r> {
    /// Where its cases go; `None` where no rate of demand counts them.
    flows: Option<Flows>,
    /// The pathways that name the field or a facility that stands for it, with their last stage by protocol.
    pathways: Vec<(&'r Pathway, Vec<LastStage>)>,
}

/// One hospital takes a field over from others.
struct Takeover<'f> {
    field: &'f str,
    /// Kinds of facilities that stand for the field.
    stands_for: &'f BTreeSet<String>,
    at: HospitalId,
    from: &'f [HospitalId],
}

impl<'t, 'r> Base<'t, 'r> {
    pub(super) fn new(
        region: &'r Region,
        settings: &'t AgreementSettings<'r>,
    ) -> Result<Self, AgreementError> {
        let mut counted = Vec::new();
        for service in &region.network().catalog().minimum_volumes.services {
            counted.push(minimum_volumes(region, service, settings.choice)?);
        }
        let groups = groups(region.network())?;
        let expected = expected(region, settings)?;
        Ok(Self { region, settings, groups, expected, counted })
    }

    /// Each of some hospitals with a department of a field takes over those of the others, one at a time.
    pub(super) fn concentrate(
        &self,
        field: &str,
        hospitals: &[HospitalId],
    ) -> Result<Vec<Concentration>, AgreementError> {
        let network = self.region.network();
        let stands_for = facilities_of(network, field);
        // From the first day on: what is asked is how the region would be, not how it gets there.
        let start = DateTime::from(network.date());
        // How it is now does not hang on who keeps the field, and is needed where anybody can.
        let mut before: Option<Before<'_>> = None;
        let mut concentrations = Vec::with_capacity(hospitals.len());
        for &keeper in hospitals {
            let mut from = hospitals.to_vec();
            from.retain(|hospital| *hospital != keeper);
            let mut facilities: Vec<String> = Vec::new();
            for &giver in &from {
                for facility in &network[giver].facilities {
                    if stands_for.contains(&facility.kind) && !facilities.contains(&facility.kind) {
                        facilities.push(facility.kind.clone());
                    }
                }
            }

            let scenario = scenario(network, field, keeper, &from, &facilities);
            let (outcome, faults) = match self.region.apply(&[&scenario], start) {
                Ok(after) => {
                    let before = match &mut before {
                        Some(before) => before,
                        None => before.insert(self.before(field, &stands_for)?),
                    };
                    let takeover =
                        Takeover { field, stands_for: &stands_for, at: keeper, from: &from };
                    (Some(self.outcome(&takeover, before, &after)?), None)
                }
                Err(faults) => (None, Some(faults.to_string())),
            };
            concentrations.push(Concentration { at: keeper, from, facilities, outcome, faults });
        }
        Ok(concentrations)
    }

    /// How a field is now.
    fn before(
        &self,
        field: &str,
        stands_for: &BTreeSet<String>,
    ) -> Result<Before<'r>, AgreementError> {
        let flows = self.flows(self.region, field)?;
        let mut pathways = Vec::new();
        for &pathway in &self.settings.pathways {
            if names(pathway, field, stands_for) {
                pathways.push((pathway, self.last_stage(self.region, pathway)?));
            }
        }
        Ok(Before { flows, pathways })
    }

    fn outcome(
        &self,
        takeover: &Takeover<'_>,
        before: &Before<'_>,
        after: &Region,
    ) -> Result<Concentrated, AgreementError> {
        let mut outcome = Concentrated::default();
        self.add_cases(takeover, before, after, &mut outcome)?;
        outcome.pathways = self.pathways(before, after)?;
        outcome.volumes = self.volumes(takeover, after)?;

        let groups = groups(after.network())?;
        let none = BTreeSet::new();
        for (site, before) in &self.groups {
            // A site that lost its last inpatients is none any more.
            let now = groups.get(site).unwrap_or(&none);
            for group in before.difference(now) {
                outcome.groups_lost.push(GroupAt { hospital: *site, group: *group });
            }
            for group in now.difference(before) {
                outcome.groups_gained.push(GroupAt { hospital: *site, group: *group });
            }
        }
        Ok(outcome)
    }

    /// Where the cases of a specialty go; `None` where no rate of demand counts it.
    fn flows(&self, region: &Region, field: &str) -> Result<Option<Flows>, AgreementError> {
        // Demand is of people, who are the same in both regions.
        let Some(cases) = self.region.demand().cases(field) else { return Ok(None) };
        let settings = FlowSettings::new(self.settings.choice).only(cases);
        Ok(Some(Flows::new(region, &settings)?))
    }

    /// Where the cases of the specialty go. What no rate of demand counts has none.
    fn add_cases(
        &self,
        takeover: &Takeover<'_>,
        before: &Before<'_>,
        after: &Region,
        outcome: &mut Concentrated,
    ) -> Result<(), AgreementError> {
        let flows_after = self.flows(after, takeover.field)?;
        let (Some(flows_before), Some(flows_after)) = (&before.flows, flows_after) else {
            return Ok(());
        };

        // A scenario that moves departments keeps every hospital, so that ids are the same in both.
        let count = self.region.network().hospitals().len();
        let before = flows_before.cases_by_hospital(count);
        let after = flows_after.cases_by_hospital(count);
        for (id, _) in self.region.network().iter() {
            let (before, after) = (before[id.index()], after[id.index()]);
            if id == takeover.at || takeover.from.contains(&id) {
                outcome.cases.push(CaseChange { hospital: id, before, after });
            } else {
                outcome.elsewhere.0 += before;
                outcome.elsewhere.1 += after;
            }
        }
        outcome.journey_seconds = (journey(flows_before), journey(&flows_after));
        Ok(())
    }

    /// The pathways that name the field or a facility that stands for it, where anything changes.
    fn pathways(
        &self,
        before: &Before<'_>,
        after: &Region,
    ) -> Result<Vec<PathwayChange>, AgreementError> {
        let mut changes = Vec::new();
        for (pathway, before) in &before.pathways {
            let Some(stage) = pathway.stages.last() else { continue };
            let now = self.last_stage(after, pathway)?;
            if *before != now {
                changes.push(PathwayChange {
                    pathway: pathway.key.clone(),
                    stage: stage.key.clone(),
                    by_protocol: before.iter().copied().zip(now).collect(),
                });
            }
        }
        Ok(changes)
    }

    /// When everybody is done with the last stage, by protocol.
    fn last_stage(
        &self,
        region: &Region,
        pathway: &Pathway,
    ) -> Result<Vec<LastStage>, AgreementError> {
        let prepared = Prepared::even_if_unmet(region, pathway, &[])?;
        let mut last = Vec::with_capacity(self.settings.protocols.len());
        for &protocol in &self.settings.protocols {
            // A protocol of the rescue service binds nobody who chooses himself.
            let protocol = match pathway.urgency {
                Urgency::Emergency => protocol,
                Urgency::Elective => Protocol::Free,
            };
            let outcome = prepared.evaluate(&self.settings.query.clone().protocol(protocol))?;
            let times = outcome.stages().pop();
            last.push(times.map_or_else(LastStage::default, |times| LastStage {
                mean_seconds: times.done.mean_seconds,
                without_way: times.without_way,
            }));
        }
        Ok(last)
    }

    /// Expected cases where the choice of patients changes them, and counted ones of services of the field.
    fn volumes(
        &self,
        takeover: &Takeover<'_>,
        after: &Region,
    ) -> Result<Vec<VolumeChange>, AgreementError> {
        let mut partners = takeover.from.to_vec();
        partners.push(takeover.at);
        partners.sort_unstable();
        let mut changes = self.expected_changes(takeover, after, &partners)?;

        // Counted cases know of no choice: all of them go where the department goes.
        for counted in &self.counted {
            let Some(offered_by) = &counted.service.offered_by else { continue };
            if !is_of(offered_by, takeover.field) {
                continue;
            }
            let mut of_partners = Vec::new();
            let mut sum = 0.0;
            for volume in &counted.volumes {
                if volume.counted_in.is_some() && partners.contains(&volume.hospital) {
                    sum += volume.cases;
                    of_partners.push(volume);
                }
            }
            for volume in of_partners {
                let after = if volume.hospital == takeover.at { sum } else { 0.0 };
                let cases = (volume.cases, after);
                changes.push(VolumeChange::of(counted, volume.hospital, cases, volume.counted_in));
            }
        }
        Ok(changes)
    }

    /// Expected cases of services that ask for the field, at partners where they change.
    fn expected_changes(
        &self,
        takeover: &Takeover<'_>,
        after: &Region,
        partners: &[HospitalId],
    ) -> Result<Vec<VolumeChange>, AgreementError> {
        let network = self.region.network();
        let Takeover { field, stands_for, .. } = *takeover;
        let mut changes = Vec::new();
        for (before, now) in self.expected.iter().zip(expected(after, self.settings)?) {
            // Beds that move draw patients of every kind a little; of other fields that says nothing.
            let Some(key) = &before.service.counted_by else { continue };
            let Some(condition) = network.catalog().condition(key) else { continue };
            let needed = &condition.requirement;
            if !is_of(needed, field) && !has_facility(needed, stands_for) {
                continue;
            }
            for &partner in partners {
                let (was, is) = (cases_at(before, partner), cases_at(&now, partner));
                if (was - is).abs() > HALF_A_CASE {
                    changes.push(VolumeChange::of(before, partner, (was, is), None));
                }
            }
        }
        Ok(changes)
    }
}

/// Cases of a service at the site of a hospital; 0 where it has none of them.
fn cases_at(volumes: &ServiceVolumes, hospital: HospitalId) -> f64 {
    for volume in &volumes.volumes {
        if volume.hospital == hospital {
            return volume.cases;
        }
    }
    0.0
}

/// Mean seconds of all journeys of the only specialty of these flows.
fn journey(flows: &Flows) -> Option<f64> {
    flows.specialties.first()?.mean_seconds
}

/// Differences of fewer cases a year are not told.
const HALF_A_CASE: f64 = 0.5;

impl VolumeChange {
    fn of(
        volumes: &ServiceVolumes,
        hospital: HospitalId,
        cases: (f64, f64),
        counted_in: Option<i16>,
    ) -> Self {
        let (before, after) = cases;
        Self {
            service: volumes.service.key.clone(),
            year: volumes.year,
            least_cases: volumes.least_cases,
            hospital,
            before,
            after,
            counted_in,
        }
    }
}

/// Expected cases of every service that a rate of demand counts; a count of a year knows of no change.
fn expected(
    region: &Region,
    settings: &AgreementSettings<'_>,
) -> Result<Vec<ServiceVolumes>, RulesError> {
    let choice = settings.choice;
    let expected = VolumeSettings { choice, year: None, use_counts: false };
    let mut volumes = Vec::new();
    for service in &region.network().catalog().minimum_volumes.services {
        if service.counted_by.is_some() {
            volumes.push(minimum_volumes(region, service, expected)?);
        }
    }
    Ok(volumes)
}

/// The service groups that each site inside has, by its main hospital; nothing without a table of groups.
fn groups(network: &Network) -> Result<BTreeMap<HospitalId, BTreeSet<GroupRef>>, RulesError> {
    let mut groups = BTreeMap::new();
    if network.catalog().service_groups.groups.is_empty() {
        return Ok(groups);
    }
    for site in Assessment::new(network, &GroupSettings::default())?.sites {
        // Data end at the border: what a site outside has cannot be judged.
        if !network[site.hospital].outside {
            groups.insert(site.hospital, site.met().map(|met| met.group).collect());
        }
    }
    Ok(groups)
}

/// The change: departments move with all their beds, and the facilities that stand for the field go with them.
fn scenario(
    network: &Network,
    field: &str,
    at: HospitalId,
    from: &[HospitalId],
    facilities: &[String],
) -> Scenario {
    let start = DateTime::from(network.date());
    let to = network[at].key.clone();
    let mut changes = Vec::new();
    let mut brought: BTreeSet<&str> = BTreeSet::new();
    for &giver in from {
        let giver = &network[giver];
        changes.push(Change::MoveDepartment(DepartmentMove {
            specialty: field.to_owned(),
            from: giver.key.clone(),
            to: to.clone(),
            beds: None,
        }));
        for kind in facilities {
            let Some(facility) = giver.facility(kind) else { continue };
            // Of several givers the first one's comes; what is there already stays as it is.
            if network[at].facility(kind).is_none() && brought.insert(kind) {
                let facility = Facility { opened: None, closed: None, ..facility.clone() };
                changes.push(Change::SetFacility(NewFacility { hospital: to.clone(), facility }));
            }
            let hospital = giver.key.clone();
            changes.push(Change::CloseFacility(FacilityKey { hospital, kind: kind.clone() }));
        }
    }

    let name = format!("{} concentrated at {to}", network.catalog().name(field));
    let mut scenario = Scenario::new("concentrated", name, "asked of an agreement");
    for change in changes {
        scenario = scenario.change(DatedChange::new(start, "one partner takes it over", change));
    }
    scenario
}

/// Kinds of facilities that stand for a field: an expert of the field may have one instead of a department, or a
/// service group of the field rests on one alone.
fn facilities_of(network: &Network, field: &str) -> BTreeSet<String> {
    let catalog = network.catalog();
    let mut kinds = BTreeSet::new();
    for pathway in &catalog.pathways {
        for way in pathway.stages.iter().flat_map(|stage| &stage.ways) {
            if way.fields() == [field] {
                for remote in way.remote() {
                    add_alternatives(remote, &mut kinds);
                }
            }
        }
    }
    for offer in &catalog.group_assumptions.offers {
        if let Some(offered_by) = &offer.offered_by
            && offer.fields == [field]
        {
            add_alternatives(offered_by, &mut kinds);
        }
    }
    kinds
}

/// The facilities of which each one alone is enough.
fn add_alternatives(requirement: &Requirement, kinds: &mut BTreeSet<String>) {
    match requirement {
        Requirement::Facility { kind, .. } => {
            kinds.insert(kind.clone());
        }
        Requirement::Any(parts) => {
            for part in parts {
                add_alternatives(part, kinds);
            }
        }
        // With something else beside it a facility stands for more than this field.
        _ => {}
    }
}

/// Whether a stage of a pathway, or help with it, asks for a field or for such a facility.
fn names(pathway: &Pathway, field: &str, facilities: &BTreeSet<String>) -> bool {
    for stage in &pathway.stages {
        let mut parts = vec![&stage.requirement];
        for way in &stage.ways {
            parts.extend(way.remote());
        }
        if parts.iter().any(|part| is_of(part, field) || has_facility(part, facilities)) {
            return true;
        }
    }
    false
}

/// Whether a requirement names a specialty.
fn is_of(requirement: &Requirement, field: &str) -> bool {
    let mut leaves = requirement.leaves().into_iter();
    leaves.any(|leaf| matches!(leaf, Requirement::Specialty(specialty) if specialty == field))
}

fn has_facility(requirement: &Requirement, kinds: &BTreeSet<String>) -> bool {
    let mut leaves = requirement.leaves().into_iter();
    leaves.any(|leaf| matches!(leaf, Requirement::Facility { kind, .. } if kinds.contains(kind)))
}
