//! What a change does: a region before and after, side by side.
//!
//! [`compare`] sets two regions of the same places against each other, usually one and what
//! [`Region::apply`] made of it ([`Base`] serves several changes of the same region): who gains and
//! loses care by standard ([`StandardChange`]), how long pathways take, where the cases go and who gets
//! overfull, and what the law then says. [`simulated()`] adds patients over time, with paired intervals.

mod clocks;
mod law;
mod loads;
mod network;
mod people;
mod plan;
mod simulated;
mod stages;
mod standards;
mod winners;

pub use clocks::{
    ClockShift, GroupShift, OutcomePair, PathwayShift, PlaceShift, in_time_over_band,
    pathway_shift, pathway_shifts_over_band,
};
use law::Law;
pub use law::{LawChange, LawPoint, WithoutSite, law_changes};
use loads::Loads;
pub use loads::{DepartmentChange, HospitalChange, LeftoverChange};
pub use network::{CooperationDifference, CountingDifference, MemberDifference, NetworkDifference};
pub use people::PeopleChange;
use people::people_changes;
pub use plan::{Grouping, Plan, PlanError, Planned, usual_moment};
pub use simulated::{SimulatedChange, simulated};
pub use stages::StageChange;
use stages::{Depth, PathwayStages, StagesOf, pathway_shifts, stage_changes, stages};
use standards::{BaseStandard, Step, with_people_of};
pub use standards::{PlaceChange, ReachChange, StandardChange, compare_standard};
pub use winners::{Moved, Served, Shift};

use serde::{Serialize, Serializer};

use crate::calendar::Moment;
use crate::coverage::{CoverageError, Delta};
use crate::model::Standard;
use crate::pathways::PathwayError;
use crate::region::{Region, RegionError};
use crate::routing::{Choice, ChoiceError};
use crate::rules::RulesError;

/// Why two regions cannot be compared.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ComparisonError {
    /// Other people live there after, and the region before cannot be measured with them.
    #[error(transparent)]
    Region(#[from] RegionError),
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

/// A region before and after: people in time, pathways, cases and law, each with both sides.
///
/// People are those who live inside; minutes are means of the people or cases that the field says, and where a place, a
/// pathway or a hospital is on one side only, there is no difference. Flows follow one choice of a hospital
/// ([`Choice`]). Take it for a change that lasts; surges, incidents, staff shortages and diversions show in
/// [`simulation`](crate::simulation) alone.
///
/// A comparison of Leipzig with all standards takes 34 to 49 ms on a busy machine of two cores, a standard about one. For
/// many scenarios work the base out once: [`Base`].
///
/// It names hospitals and places by their keys, because ids hold in one of the two regions only.
///
/// ```
/// use verbund::Region;
/// use verbund::comparison::{Comparison, compare};
/// use verbund::routing::Choice;
/// use verbund::scenario::{Change, DatedChange, Scenario};
///
/// let region = Region::leipzig()?;
/// let closes = Change::CloseHospital("kkh-torgau".into());
/// let dated = DatedChange::new("2026-07-01".parse()?, "an example", closes);
/// let scenario = Scenario::new("no-torgau", "Torgau closes", "invented").change(dated);
/// let after = region.apply(&[&scenario], "2026-07-01".parse()?)?;
///
/// let basic = region.network().catalog().standard("basic_care").ok_or("no standard")?;
/// let comparison: Comparison =
///     compare(&region, &after, std::slice::from_ref(basic), Choice::Nearest)?;
/// assert!(comparison.people.is_empty(), "the same people live there");
/// assert_eq!((comparison.standards[0].won, comparison.standards[0].lost), (0, 3_424));
/// // Nobody loses more cases than the hospital that closes.
/// assert_eq!(comparison.hospitals[0].hospital, "kkh-torgau");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The moment at which standards and pathways are looked at; `None` for all hours of the week.
    #[serde(serialize_with = "moment_in_words")]
    pub moment: Option<Moment>,
    /// What the journeys before rest on ([`Region::travel`]).
    pub travel_before: String,
    /// What those after rest on: roads that are cut or slow are named there.
    pub travel_after: String,
    /// Who lives there: all inside, then by district; empty where the same people do.
    pub people: Vec<PeopleChange>,
    /// Agreements, memberships and branches that are other, and who counts for these standards.
    pub network: NetworkDifference,
    /// By standard, in the order that was asked for.
    pub standards: Vec<StandardChange>,
    /// Every stage of every pathway that both catalogs have, in the order of the catalog.
    pub stages: Vec<StageChange>,
    /// Who gains and who loses in every pathway that both catalogs have, in the order of the catalog: of emergencies
    /// where the rescue service goes to the nearest door, then by a free choice; of elective ones by a free choice.
    pub pathways: Vec<PathwayShift>,
    /// Hospitals with a case a year more or fewer, or an overload that is new or grows: the largest change
    /// of cases first, ties by key.
    pub hospitals: Vec<HospitalChange>,
    /// Departments of which the same holds, in that order.
    pub departments: Vec<DepartmentChange>,
    /// Cases that no hospital takes.
    pub leftover: LeftoverChange,
    /// What the law says differently.
    pub law: Vec<LawChange>,
    /// Supplements whose verdict stays by the times as stated and changes at an end of the band of the travel times:
    /// whether they change is not decided by the road model. Empty without a band.
    pub law_undecided: Vec<LawChange>,
    /// Provisions of the supplement rules by which other people have no suitable site at all.
    pub without_site: Vec<WithoutSite>,
}

/// Writes a moment as files and flags have it: `Sat 03:00`.
#[expect(clippy::ref_option, reason = "serde passes a reference")]
fn moment_in_words<S: Serializer>(moment: &Option<Moment>, to: S) -> Result<S::Ok, S::Error> {
    match moment {
        Some(moment) => to.collect_str(moment),
        None => to.serialize_none(),
    }
}

/// A region worked out once, to be set beside what several changes make of it.
///
/// It keeps its region, which shares places and journeys with the one that it was made from: a program that
/// answers many questions over hours holds a base in an `Arc`, and any thread may ask it.
///
/// ```
/// use verbund::Region;
/// use verbund::comparison::Base;
/// use verbund::files::Folder;
/// use verbund::scenario::Scenario;
/// use verbund::routing::Choice;
///
/// let region = Region::leipzig()?;
/// let ct = region.network().catalog().standard("ct").ok_or("no standard")?;
/// let base = Base::new(&region, std::slice::from_ref(ct), Choice::Nearest)?;
/// let of = |key: &str| -> Result<u64, Box<dyn std::error::Error>> {
///     let scenario = verbund::scenario::Scenario::in_folder(&Folder::leipzig(), key, region.network(), region.places())?;
///     let after = region.apply(&[&scenario], "2027-01-01".parse()?)?;
///     Ok(base.compare(&after)?.standards[0].won)
/// };
/// // Eilenburg is gone after the merger, and nobody gets nearer to a CT by that.
/// assert_eq!((of("merger-delitzsch-eilenburg")?, of("tele-stroke-eilenburg-ends")?), (0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Base {
    region: Region,
    moment: Option<Moment>,
    /// The region in the hour of that moment.
    in_hour: Option<Region>,
    choice: Choice,
    standards: Vec<BaseStandard>,
    depth: Depth,
    stages: Vec<PathwayStages>,
    loads: Loads,
    law: Law,
}

impl Base {
    /// Works a region out: hits of these standards, stage times of all pathways, flows by a choice of
    /// hospital, and the law.
    ///
    /// # Errors
    ///
    /// When a standard names unknown keys, a limit is beyond the region's cut-off, or the parameters of
    /// the choice are wrong.
    pub fn new(
        region: &Region,
        standards: &[Standard],
        choice: Choice,
    ) -> Result<Self, ComparisonError> {
        Self::at(region, standards, choice, None)
    }

    /// Works a region out at a moment of the week: standards count what is open in its hour, and patients of
    /// pathways call then. Cases, occupancy and the law stay those of all hours. `None` for all hours.
    ///
    /// # Errors
    ///
    /// As [`Base::new`].
    pub fn at(
        region: &Region,
        standards: &[Standard],
        choice: Choice,
        moment: Option<Moment>,
    ) -> Result<Self, ComparisonError> {
        Self::to_depth(region, standards, choice, moment, Depth::Gains)
    }

    /// As [`Base::new`], then [`Base::in_short`]; who is done when on care pathways is not even worked out before.
    pub(crate) fn new_in_short(
        region: &Region,
        standards: &[Standard],
        choice: Choice,
    ) -> Result<Self, ComparisonError> {
        Self::to_depth(region, standards, choice, None, Depth::Stages)
    }

    fn to_depth(
        region: &Region,
        standards: &[Standard],
        choice: Choice,
        moment: Option<Moment>,
        depth: Depth,
    ) -> Result<Self, ComparisonError> {
        let in_hour = moment.map(|moment| region.in_hour(moment.hour));
        let looked_at = in_hour.as_ref().unwrap_or(region);
        // Worked out before anything is compared, so that a wrong standard is told at once.
        let mut worked_out = Vec::with_capacity(standards.len());
        for standard in standards {
            worked_out.push(BaseStandard::new(looked_at, standard)?);
        }
        Ok(Self {
            region: region.clone(),
            moment,
            choice,
            standards: worked_out,
            depth,
            stages: stages(region, moment, depth)?,
            loads: Loads::of(region, choice)?,
            law: Law::of(region)?,
            in_hour,
        })
    }

    /// The same without who gains and who loses on care pathways ([`Comparison::pathways`] is empty then), for a program
    /// that sets many changes in short beside a region: these gains cost as much as all else.
    #[must_use]
    pub fn in_short(mut self) -> Self {
        self.depth = Depth::Stages;
        self
    }

    /// What differs in a region of the same places.
    ///
    /// # Errors
    ///
    /// As [`Base::new`], of that region.
    pub fn compare(&self, after: &Region) -> Result<Comparison, ComparisonError> {
        // Standards are looked at in the hour, cases and the law over the whole week. Pathways, too, are of the network
        // of the whole week: patients call at the moment, and elective ones wait for what opens later.
        let after_in_hour = self.moment.map(|moment| after.in_hour(moment.hour));
        let old = self.in_hour.as_ref().unwrap_or(&self.region);
        let new = after_in_hour.as_ref().unwrap_or(after);
        let then_of_week = with_people_of(&self.region, after)?;
        let then_in_hour = match (&then_of_week, self.moment) {
            (Some(then), Some(moment)) => Some(then.in_hour(moment.hour)),
            _ => None,
        };
        let then = then_in_hour.as_ref().or(then_of_week.as_ref());
        let delta = Delta::new(then.unwrap_or(old), new);
        let step = Step { before: old, after: new, then, delta: &delta };
        let mut asked_for = Vec::with_capacity(self.standards.len());
        let mut standards = Vec::with_capacity(self.standards.len());
        for base in &self.standards {
            asked_for.push(base.standard().clone());
            standards.push(base.change(&step)?);
        }

        let stages_after = stages(after, self.moment, self.depth)?;
        let pathways = match self.depth {
            Depth::Gains => {
                let after_them = StagesOf { region: after, stages: &stages_after };
                self.gains(then_of_week.as_ref(), after_them)?
            }
            Depth::Stages => Vec::new(),
        };

        let (loads, law) = (Loads::of(after, self.choice)?, Law::of(after)?);
        let (before, network) = (self.region.network(), after.network());
        Ok(Comparison {
            network: NetworkDifference::between(before, network, &asked_for),
            moment: self.moment,
            travel_before: self.region.travel().to_owned(),
            travel_after: after.travel().to_owned(),
            people: people_changes(&self.region, after),
            standards,
            stages: stage_changes(&self.stages, &stages_after),
            pathways,
            hospitals: self.loads.hospitals(&loads),
            departments: self.loads.departments(&loads),
            leftover: LeftoverChange { before: self.loads.leftover, after: loads.leftover },
            without_site: self.law.without_site(&law),
            law: self.law.changes(&law),
            law_undecided: self.law.undecided(&law),
        })
    }

    /// Who gains and who loses on care pathways. `then` is the region before with the people of the one after, where
    /// those are others.
    fn gains(
        &self,
        then: Option<&Region>,
        after: StagesOf<'_>,
    ) -> Result<Vec<PathwayShift>, ComparisonError> {
        let Some(then) = then else {
            let before = StagesOf { region: &self.region, stages: &self.stages };
            return Ok(pathway_shifts(before, after, self.moment)?);
        };
        // Other people are laid out in other points: who gains is asked of these.
        let stages_then = stages(then, self.moment, self.depth)?;
        let before = StagesOf { region: then, stages: &stages_then };
        Ok(pathway_shifts(before, after, self.moment)?)
    }
}

/// Compares two regions of the same places.
///
/// ```
/// use verbund::Region;
/// use verbund::comparison::compare;
/// use verbund::scenario::Scenario;
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
/// assert_eq!((found.standards[0].won, found.standards[0].lost), (0, 3_424));
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
    Base::new(before, standards, choice)?.compare(after)
}
