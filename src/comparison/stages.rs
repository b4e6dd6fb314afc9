//! When stages of pathways are done, before and after.

use std::collections::BTreeMap;

use serde::Serialize;

use super::clocks::{ClockStep, PathwayShift, TargetSides};
use crate::calendar::Moment;
use crate::impact;
use crate::model::{Ends, Pathway, Urgency};
use crate::pathways::{
    Clocks, PathwayError, Prepared, Protocol, Query, StageTimes, TargetResult, When,
};
use crate::region::Region;

/// When a stage of a pathway is done, before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StageChange {
    /// Key of the pathway.
    pub pathway: String,
    /// Key of the stage.
    pub stage: String,
    /// Whether it is the last one: definitive care.
    pub is_last: bool,
    /// How urgent the pathway is: an emergency takes minutes, an elective pathway days.
    pub urgency: Urgency,
    /// Before, over everybody inside.
    pub before: StageTimes,
    /// After.
    pub after: StageTimes,
}

impl StageChange {
    /// Whether any figure of it differs.
    pub fn is_changed(&self) -> bool {
        self.before.done != self.after.done || self.before.without_way != self.after.without_way
    }
}

/// The stages of a pathway that nobody chose anything for.
#[derive(Debug, Clone)]
pub(super) struct PathwayStages {
    pathway: String,
    urgency: Urgency,
    stages: Vec<StageOf>,
    /// None at [`Depth::Stages`].
    clocks: Vec<UnderProtocol>,
    /// Cases a year by part; `None` where nobody knows, and at [`Depth::Stages`].
    cases: Option<Vec<f64>>,
}

/// How far pathways are worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// The figures of stages alone.
    Stages,
    /// Who gains and who loses, too, under every protocol.
    Gains,
}

/// When everybody is done under one protocol.
#[derive(Debug, Clone)]
struct UnderProtocol {
    protocol: Protocol,
    clocks: Clocks,
}

/// A stage by its key, with its times.
#[derive(Debug, Clone, PartialEq)]
struct StageOf {
    key: String,
    times: StageTimes,
}

/// The stages of all pathways of a region, for patients who call at a moment, or in all hours.
pub(super) fn stages(
    region: &Region,
    moment: Option<Moment>,
    depth: Depth,
) -> Result<Vec<PathwayStages>, PathwayError> {
    let query = query_at(moment);
    let mut pathways = Vec::new();
    for pathway in &region.network().catalog().pathways {
        pathways.push(stages_of(region, pathway, &query, depth)?);
    }
    Ok(pathways)
}

/// Patients who call at a moment, or in all hours.
fn query_at(moment: Option<Moment>) -> Query {
    Query::default().when(moment.map_or(When::Week, When::At))
}

fn stages_of(
    region: &Region,
    pathway: &Pathway,
    query: &Query,
    depth: Depth,
) -> Result<PathwayStages, PathwayError> {
    // That nobody can meet a stage any more is what a comparison must show, and no error.
    let prepared = Prepared::even_if_unmet(region, pathway, &[])?;
    let mut stages = Vec::new();
    let free = prepared.evaluate(query)?;
    for times in free.stages() {
        // What is done before the first stage is no stage of the pathway.
        let Some(stage) = times.stage else { continue };
        stages.push(StageOf { key: pathway[stage].key.clone(), times });
    }
    let mut clocks = Vec::new();
    let (protocols, cases) = match depth {
        Depth::Gains => (protocols_of(pathway.urgency), prepared.cases()),
        Depth::Stages => (Vec::new(), None),
    };
    for protocol in protocols {
        clocks.push(UnderProtocol {
            protocol,
            clocks: match protocol {
                Protocol::Free => free.clocks(),
                named => prepared.evaluate(&query.clone().protocol(named))?.clocks(),
            },
        });
    }
    Ok(PathwayStages {
        pathway: pathway.key.clone(),
        urgency: pathway.urgency,
        stages,
        clocks,
        cases,
    })
}

/// The protocols under which gains and losses are told: the sign of an answer can hang on them. They bind
/// emergencies; elective patients choose themselves.
fn protocols_of(urgency: Urgency) -> Vec<Protocol> {
    match urgency {
        Urgency::Emergency => impact::PROTOCOLS.to_vec(),
        Urgency::Elective => vec![Protocol::Free],
    }
}

/// A region with the stages of its pathways.
#[derive(Clone, Copy)]
pub(super) struct StagesOf<'s> {
    pub(super) region: &'s Region,
    pub(super) stages: &'s [PathwayStages],
}

/// Who gains and who loses in every pathway that is in both, in the order before, under each protocol, for patients who
/// call at a moment, or in all hours. The region before has the people of the one after.
pub(super) fn pathway_shifts(
    before: StagesOf<'_>,
    after: StagesOf<'_>,
    moment: Option<Moment>,
) -> Result<Vec<PathwayShift>, PathwayError> {
    let mut shifts = clock_shifts(before, after);
    // Only where somebody's being in time changes, which most changes do to few pathways: the ends cost as much again.
    if !shifts.iter().any(PathwayShift::moves_targets) {
        return Ok(shifts);
    }
    let query = query_at(moment);
    let then = BandSide::of(before.region, &shifts, &query)?;
    let now = BandSide::of(after.region, &shifts, &query)?;
    let (Some(then_at), Some(now_at)) = (then.ends, now.ends) else { return Ok(shifts) };
    for (number, shift) in shifts.iter_mut().enumerate() {
        let side = |before: &[Option<Vec<TargetResult>>], after: &[Option<Vec<TargetResult>>]| {
            TargetSides { before: before[number].clone(), after: after[number].clone() }
        };
        let stated = side(&then.stated, &now.stated);
        let ends = Ends::of(|end| side(then_at.at(end), now_at.at(end)));
        shift.hold_over(stated, &ends);
    }
    Ok(shifts)
}

/// Who meets the targets of pathways on one side of a comparison; by pathway and protocol, `None` where nobody's being in
/// time changes.
struct BandSide {
    stated: Vec<Option<Vec<TargetResult>>>,
    /// At both ends of the band.
    ends: Option<Ends<Vec<Option<Vec<TargetResult>>>>>,
}

impl BandSide {
    fn of(region: &Region, shifts: &[PathwayShift], query: &Query) -> Result<Self, PathwayError> {
        let stated = targets_of(region, shifts, query)?;
        let ends = region.at_ends(|region| targets_of(region, shifts, query));
        let ends = match ends {
            Some(Ends { quick, slow }) => Some(Ends { quick: quick?, slow: slow? }),
            None => None,
        };
        Ok(Self { stated, ends })
    }
}

/// Who meets the targets in each of these pathways that move somebody in or out of time.
fn targets_of(
    region: &Region,
    shifts: &[PathwayShift],
    query: &Query,
) -> Result<Vec<Option<Vec<TargetResult>>>, PathwayError> {
    let mut targets = Vec::with_capacity(shifts.len());
    for shift in shifts {
        let pathway = region.network().catalog().pathway(&shift.pathway);
        let Some(pathway) = pathway.filter(|_| shift.moves_targets()) else {
            targets.push(None);
            continue;
        };
        let prepared = Prepared::even_if_unmet(region, pathway, &[])?;
        let outcome = prepared.evaluate(&query.clone().protocol(shift.protocol))?;
        targets.push(Some(outcome.targets()));
    }
    Ok(targets)
}

/// Every pathway that is in both under each protocol, by the times as stated.
fn clock_shifts(before: StagesOf<'_>, after: StagesOf<'_>) -> Vec<PathwayShift> {
    let mut shifts = Vec::new();
    let region = after.region;
    for old in before.stages {
        let Some(pathway) = region.network().catalog().pathway(&old.pathway) else { continue };
        let Some(new) = after.stages.iter().find(|new| new.pathway == old.pathway) else {
            continue;
        };
        let cases = new.cases.as_deref();
        let step = ClockStep { before: before.region, after: region, pathway, cases };
        for under in &old.clocks {
            // A pathway may be urgent on one side only, and then has other protocols there.
            let now = new.clocks.iter().find(|now| now.protocol == under.protocol);
            let Some(now) = now else { continue };
            shifts.push(PathwayShift {
                pathway: old.pathway.clone(),
                protocol: under.protocol,
                clocks: step.shifts(&under.clocks, &now.clocks),
            });
        }
    }
    shifts
}

/// Every stage of every pathway that is in both, in the order before.
pub(super) fn stage_changes(before: &[PathwayStages], after: &[PathwayStages]) -> Vec<StageChange> {
    let mut by_key = BTreeMap::new();
    for pathway in after {
        by_key.insert(&pathway.pathway, pathway);
    }
    let mut changes = Vec::new();
    for old in before {
        // Catalogs may differ: what only one of them describes cannot be compared.
        let Some(new) = by_key.remove(&old.pathway) else { continue };
        let last = old.stages.len().saturating_sub(1);
        for (number, (before, after)) in old.stages.iter().zip(&new.stages).enumerate() {
            changes.push(StageChange {
                pathway: old.pathway.clone(),
                stage: before.key.clone(),
                is_last: number == last,
                urgency: old.urgency,
                before: before.times.clone(),
                after: after.times.clone(),
            });
        }
    }
    changes
}
