//! When stages of pathways are done, before and after.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::calendar::Moment;
use crate::model::{Pathway, Urgency};
use crate::pathways::{PathwayError, Prepared, Query, StageTimes, When};
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
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PathwayStages {
    pathway: String,
    urgency: Urgency,
    stages: Vec<StageOf>,
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
) -> Result<Vec<PathwayStages>, PathwayError> {
    let query = Query::default().when(moment.map_or(When::Week, When::At));
    let mut pathways = Vec::new();
    for pathway in &region.network().catalog().pathways {
        pathways.push(stages_of(region, pathway, &query)?);
    }
    Ok(pathways)
}

fn stages_of(
    region: &Region,
    pathway: &Pathway,
    query: &Query,
) -> Result<PathwayStages, PathwayError> {
    // That nobody can meet a stage any more is what a comparison must show, and no error.
    let prepared = Prepared::even_if_unmet(region, pathway, &[])?;
    let mut stages = Vec::new();
    for times in prepared.evaluate(query)?.stages() {
        // What is done before the first stage is no stage of the pathway.
        let Some(stage) = times.stage else { continue };
        stages.push(StageOf { key: pathway[stage].key.clone(), times });
    }
    Ok(PathwayStages { pathway: pathway.key.clone(), urgency: pathway.urgency, stages })
}

/// Every stage of every pathway that is in both, in the order before.
pub(super) fn stage_changes(
    before: &[PathwayStages],
    after: Vec<PathwayStages>,
) -> Vec<StageChange> {
    let mut by_key = BTreeMap::new();
    for pathway in after {
        by_key.insert(pathway.pathway.clone(), pathway);
    }
    let mut changes = Vec::new();
    for old in before {
        // Catalogs may differ: what only one of them describes cannot be compared.
        let Some(new) = by_key.remove(&old.pathway) else { continue };
        let last = old.stages.len().saturating_sub(1);
        for (number, (before, after)) in old.stages.iter().zip(new.stages).enumerate() {
            changes.push(StageChange {
                pathway: old.pathway.clone(),
                stage: before.key.clone(),
                is_last: number == last,
                urgency: old.urgency,
                before: before.times.clone(),
                after: after.times,
            });
        }
    }
    changes
}
