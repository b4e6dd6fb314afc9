//! What a change does: a region before and after, side by side.
//!
//! [`compare`] sets two regions of the same places against each other, usually one and what
//! [`Region::apply`] made of it: who gains and loses care by standard ([`StandardChange`]), how long
//! pathways take, where the cases go and who gets overfull, and what the law then says. [`simulated`]
//! adds patients over time, with paired intervals.

mod law;
mod simulated;
mod standards;

pub use law::{GroupStanding, LawChange, LawPoint, law_changes};
pub use simulated::{SimulatedChange, simulated};
pub use standards::{PlaceChange, ReachChange, StandardChange, compare_standard};

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::CoverageError;
use crate::model::Standard;
use crate::pathways::{PathwayError, Prepared, Query, StageTimes};
use crate::region::Region;
use crate::routing::{Choice, ChoiceError, Flows, HospitalLoad};
use crate::rules::RulesError;

/// Why two regions cannot be compared.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ComparisonError {
    /// A standard cannot be evaluated.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// A pathway cannot be evaluated.
    #[error(transparent)]
    Pathway(#[from] PathwayError),
    /// The parameters of the choice of hospital are wrong.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    /// A rule cannot be applied.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The patient flow cannot be simulated.
    #[error(transparent)]
    Simulation(#[from] crate::simulation::SimulationError),
}

/// When a stage of a pathway is done, before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct StageChange {
    /// Key of the pathway.
    pub pathway: String,
    /// Key of the stage.
    pub stage: String,
    /// Whether it is the last one: definitive care.
    pub is_last: bool,
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

/// The expected cases of a hospital before and after; `None` where it does not exist.
#[derive(Debug, Clone, PartialEq)]
pub struct HospitalChange {
    /// Key of the hospital.
    pub hospital: String,
    /// Whether it is outside of the region.
    pub is_outside: bool,
    /// Before.
    pub before: Option<HospitalLoad>,
    /// After.
    pub after: Option<HospitalLoad>,
}

impl HospitalChange {
    /// Cases a year more; below 0 for fewer.
    pub fn more_cases(&self) -> f64 {
        let cases = |load: Option<HospitalLoad>| load.map_or(0.0, |load| load.cases);
        cases(self.after) - cases(self.before)
    }

    /// Occupancy before and after, where beds are known.
    pub fn occupancy(&self) -> (Option<f64>, Option<f64>) {
        let of = |load: Option<HospitalLoad>| load.and_then(|load| load.occupancy());
        (of(self.before), of(self.after))
    }

    /// Whether it has more bed days than beds after and had not before.
    pub fn is_newly_overfull(&self) -> bool {
        let (before, after) = self.occupancy();
        after.is_some_and(|after| after > 1.0) && before.is_none_or(|before| before <= 1.0)
    }
}

/// A region before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// By standard, in the order that was asked for.
    pub standards: Vec<StandardChange>,
    /// Every stage of every pathway that both catalogs have, in the order of the catalog.
    pub stages: Vec<StageChange>,
    /// Hospitals with a case a year more or fewer: the largest change first, ties by key.
    pub hospitals: Vec<HospitalChange>,
    /// Cases a year that no hospital takes, before and after.
    pub leftover: (f64, f64),
    /// What the law says differently.
    pub law: Vec<LawChange>,
}

/// Compares two regions of the same places.
///
/// ```
/// use verbund::Region;
/// use verbund::comparison::compare;
/// use verbund::model::Scenario;
/// use verbund::routing::{Choice, Huff};
///
/// let region = Region::leipzig()?;
/// let text = r#"(format: 1, id: "no-torgau", name: "Torgau closes", source: "invented", changes: [
///     (on: "2026-07-01", reason: "an example", change: CloseHospital("kkh-torgau")),
/// ])"#;
/// let scenario = Scenario::read(text, "no-torgau.ron", region.network(), region.places())?;
/// let after = region.apply(&[&scenario], "2026-07-01".parse()?)?;
/// let basic = region.network().catalog().standard("basic_care").ok_or("no standard")?;
/// let found = compare(&region, &after, std::slice::from_ref(basic), Choice::Huff(Huff::default()))?;
/// assert_eq!((found.standards[0].won, found.standards[0].lost), (0, 2_098));
/// // Only the points around Torgau were looked up again.
/// assert!(found.standards[0].looked_up < region.parts().len() / 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When a standard names unknown keys, a limit is beyond a region's cut-off, or the parameters of the
/// choice are wrong.
pub fn compare(
    before: &Region,
    after: &Region,
    standards: &[Standard],
    choice: Choice,
) -> Result<Comparison, ComparisonError> {
    let of_standard = |standard| compare_standard((before, after), standard);
    let standards: Vec<StandardChange> =
        standards.iter().map(of_standard).collect::<Result<_, _>>()?;
    let (hospitals, leftover) = hospitals(before, after, choice)?;
    let law = law_changes(before, after)?;
    Ok(Comparison { standards, stages: stages(before, after)?, hospitals, leftover, law })
}

fn stages(before: &Region, after: &Region) -> Result<Vec<StageChange>, PathwayError> {
    let mut changes = Vec::new();
    for pathway in &before.network().catalog().pathways {
        let others = &after.network().catalog().pathways;
        let Some(other) = others.iter().find(|one| one.key == pathway.key) else { continue };
        let old = Prepared::even_if_unmet(before, pathway, &[])?;
        let new = Prepared::even_if_unmet(after, other, &[])?;
        let query = Query::default();
        let (old, new) = (old.evaluate(&query)?.stages(), new.evaluate(&query)?.stages());
        for (before, after) in old.into_iter().zip(new) {
            let Some(number) = before.stage else { continue };
            changes.push(StageChange {
                pathway: pathway.key.clone(),
                stage: pathway.stages[number].key.clone(),
                is_last: number + 1 == pathway.stages.len(),
                before,
                after,
            });
        }
    }
    Ok(changes)
}

type Hospitals = (Vec<HospitalChange>, (f64, f64));

fn hospitals(before: &Region, after: &Region, choice: Choice) -> Result<Hospitals, ChoiceError> {
    let loads = |region: &Region| -> Result<_, ChoiceError> {
        let flows = Flows::of_region(region, choice)?;
        let hospitals = region.network().hospitals();
        let loads = hospitals.iter().zip(flows.hospital_loads(hospitals.len()));
        let by_key: BTreeMap<String, (bool, HospitalLoad)> =
            loads.map(|(one, load)| (one.key.clone(), (one.outside, load))).collect();
        Ok((by_key, flows.leftover()))
    };
    let ((old, old_leftover), (new, new_leftover)) = (loads(before)?, loads(after)?);
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changes = keys.into_iter().map(|key| HospitalChange {
        hospital: key.clone(),
        is_outside: old.get(key).or(new.get(key)).is_some_and(|(outside, _)| *outside),
        before: old.get(key).map(|(_, load)| *load),
        after: new.get(key).map(|(_, load)| *load),
    });
    let mut changes: Vec<HospitalChange> =
        changes.filter(|one| one.more_cases().abs() >= 1.0).collect();
    changes.sort_by(|a, b| {
        let most = b.more_cases().abs().total_cmp(&a.more_cases().abs());
        most.then_with(|| a.hospital.cmp(&b.hospital))
    });
    Ok((changes, (old_leftover, new_leftover)))
}
