//! Beds and staff: what sharing them would change, by simulation with the same patients.

use serde::Serialize;

use super::{Agreement, POOLED_SHARE};
use crate::calendar::DateTime;
use crate::model::{Cooperation, CooperationKind, HospitalId, Parties};
use crate::region::Region;
use crate::run::Control;
use crate::scenario::{Change, DatedChange, Scenario};
use crate::simulation::{
    Ended, Figure, FlowIndex, PatientFlow, Results, RunPlan, Scope, Settings, SimulationError,
    WardId, simulate,
};
use crate::stats::Interval;

/// How patients over time are simulated.
///
/// By default 90 days with ten replications: assumed to be enough for what is shared, and well within a minute of one
/// core for the region's agreement with six kinds and fields, where whole years would take minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct BedsSettings {
    /// What is taken for granted, and how many days count.
    pub settings: Settings,
    /// Replications and seed.
    pub plan: RunPlan,
}

impl Default for BedsSettings {
    fn default() -> Self {
        Self {
            settings: Settings { days: 90, ..Settings::default() },
            plan: RunPlan { replications: 10, ..RunPlan::default() },
        }
    }
}

/// What sharing changes, field by field.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct SharedBedsAnswer {
    /// By field, then by kind.
    pub answers: Vec<BedsAnswer>,
    /// Replications that were finished; 0 where nothing was simulated.
    pub replications: u64,
    /// Whether it was stopped before the last one.
    pub is_interrupted: bool,
}

/// What one kind of sharing changes in one field, in the wards of all partners together.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BedsAnswer {
    /// Key of the field.
    pub field: String,
    /// The kind, with the terms that counted.
    pub kind: CooperationKind,
    /// Whether the file gives its terms; else they are assumed.
    pub is_given: bool,
    /// The wards that share, with their beds.
    pub wards: Vec<(HospitalId, u32)>,
    /// Patients of these wards in the days that count.
    pub figures: Vec<BedsFigure>,
    /// Patients who found their first choice full and were brought to a bed that the partner shares, with the 95 %
    /// interval; `None` for kinds that share staff.
    pub brought: Option<Interval>,
}

/// A count of patients over some wards, in the days that count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BedsFigure {
    /// What is counted.
    pub figure: Figure,
    /// As it is, with its 95 % interval.
    pub before: Interval,
    /// The change, paired by replication, with its 95 % interval.
    pub change: Interval,
}

/// What is told of wards that share: who was sent on, let in without a bed, or let in nowhere.
const FIGURES: [Figure; 3] = [Figure::DivertedAway, Figure::Forced, Figure::Refused];

/// The kinds that share beds or staff, with the terms that are assumed.
const KINDS: [CooperationKind; 3] = [
    CooperationKind::SharedBeds { pooled_share: Some(POOLED_SHARE) },
    CooperationKind::StaffPool,
    CooperationKind::SharedOnCall,
];

/// A kind in a field that is simulated beside the network as it is.
struct Trial {
    field: String,
    kind: CooperationKind,
    is_given: bool,
    partners: Vec<HospitalId>,
    scenario: Scenario,
}

/// Simulates every kind of sharing in every field in which at least two partners have a department with beds.
///
/// Each is a run of its own beside the network as it is, with the same patients, so that differences are paired.
/// Counts are those of the simulated days, of the wards that share, all partners together. Stopped, it gives what the
/// finished replications say; without any, and where no field has two departments, there is no answer.
///
/// ```
/// use verbund::Region;
/// use verbund::agreement::{Agreement, AgreementSettings, BedsSettings, simulate_beds};
/// use verbund::files::Folder;
/// use verbund::impact::PROTOCOLS;
/// use verbund::model::{Cooperation, CooperationKind, Parties};
/// use verbund::pathways::Query;
/// use verbund::routing::Choice;
/// use verbund::run::Control;
/// use verbund::simulation::{RunPlan, Settings};
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let partners = Parties::Mutual(vec!["north".into(), "south".into()]);
/// let agreed = Cooperation::new("an-idea", CooperationKind::Framework, partners).fields(&["obstetrics"]);
/// let settings = AgreementSettings {
///     pathways: Vec::new(),
///     query: Query::default(),
///     protocols: PROTOCOLS.to_vec(),
///     choice: Choice::Nearest,
/// };
/// let opened = Agreement::new(&region, &agreed, &settings)?;
/// let settings = Settings::default().days(30).warm_up_days(10);
/// let plan = RunPlan { replications: 2, ..RunPlan::default() };
/// let settings = BedsSettings { settings, plan };
/// let found = simulate_beds(&region, &agreed, &opened, &settings, &Control::default())?;
/// let answers = found.answers;
/// assert_eq!((answers.len(), found.replications), (3, 2)); // shared beds, a pool of staff, one roster
/// let beds: Vec<u32> = answers[0].wards.iter().map(|(_, beds)| *beds).collect();
/// // Of the 15 of the north one stands in its intensive care unit.
/// assert_eq!(beds, [14, 8]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Every setting that is out of range.
pub fn simulate_beds(
    region: &Region,
    agreed: &Cooperation,
    opened: &Agreement,
    settings: &BedsSettings,
    control: &Control<'_>,
) -> Result<SharedBedsAnswer, SimulationError> {
    let mut trials = Vec::new();
    for field in &opened.fields {
        if field.departments.len() < 2 {
            continue;
        }
        // Alone each: beds and staff that are shared at once would hide what either does.
        for kind in KINDS {
            trials.push(Trial::new(region, agreed, &field.field, kind, &field.departments));
        }
    }
    if trials.is_empty() {
        return Ok(SharedBedsAnswer::default());
    }

    // All in one run: each trial sees the patients of the base, so that differences are paired.
    let mut flows = vec![PatientFlow::new(region, &settings.settings, None)?];
    for trial in &trials {
        flows.push(PatientFlow::new(region, &settings.settings, Some(&trial.scenario))?);
    }
    let results = simulate(&flows, settings.plan, control);
    let mut answers = Vec::with_capacity(trials.len());
    for (position, trial) in trials.into_iter().enumerate() {
        answers.extend(trial.answer(&results, &flows[0], FlowIndex(position + 1)));
    }
    Ok(SharedBedsAnswer {
        answers,
        replications: results.replications() as u64,
        is_interrupted: results.ended() == Ended::Interrupted,
    })
}

impl Trial {
    fn new(
        region: &Region,
        agreed: &Cooperation,
        field: &str,
        assumed: CooperationKind,
        partners: &[HospitalId],
    ) -> Self {
        let written = agreed.term(field, assumed.name());
        // A kind may be written without its terms: that it is meant is then given, how much is not.
        let is_given = written.is_some_and(CooperationKind::has_terms);
        let kind = written.copied().filter(|_| is_given).unwrap_or(assumed);

        let network = region.network();
        let mut keys = Vec::new();
        for partner in partners {
            keys.push(network[*partner].key.clone());
        }
        let key = format!("agreed-{}-{field}", kind.name().to_lowercase());
        let cooperation = Cooperation::new(&key, kind, Parties::Mutual(keys)).fields(&[field]);
        let cooperation = Cooperation { hours: agreed.hours, ..cooperation };
        let start = DateTime::from(network.date());
        let change = Change::StartCooperation(cooperation);
        let dated = DatedChange::new(start, "the agreement gets terms", change);
        let scenario = Scenario::new(key.clone(), key, "asked of an agreement").change(dated);
        let (field, partners) = (field.to_owned(), partners.to_vec());
        Self { field, kind, is_given, partners, scenario }
    }

    /// What it changes; `None` without a finished replication.
    fn answer(
        self,
        results: &Results<'_, '_>,
        base: &PatientFlow<'_>,
        flow: FlowIndex,
    ) -> Option<BedsAnswer> {
        let (mut wards, mut ids) = (Vec::new(), Vec::new());
        for (id, ward) in base.wards_with_ids() {
            if ward.specialty == self.field && self.partners.contains(&ward.hospital) {
                wards.push((ward.hospital, ward.beds));
                ids.push(id);
            }
        }
        let mut figures = Vec::with_capacity(FIGURES.len());
        for figure in FIGURES {
            let before = sums(results, FlowIndex::BASE, figure, &ids);
            let now = sums(results, flow, figure, &ids);
            let change = Interval::paired(&before, &now)?;
            figures.push(BedsFigure { figure, before: Interval::of(&before)?, change });
        }
        let is_of_beds = matches!(self.kind, CooperationKind::SharedBeds { .. });
        // A roster is used by every admission of its wards: that is no figure of what it changes.
        let mut brought = None;
        for (key, count) in results.uses(flow) {
            if is_of_beds && key == self.scenario.key {
                brought = Some(count);
            }
        }
        Some(BedsAnswer {
            brought,
            field: self.field,
            kind: self.kind,
            is_given: self.is_given,
            wards,
            figures,
        })
    }
}

/// A count over some wards, replication by replication.
fn sums(results: &Results<'_, '_>, flow: FlowIndex, figure: Figure, wards: &[WardId]) -> Vec<f64> {
    let mut sums = vec![0.0; results.replications()];
    for &ward in wards {
        for (sum, value) in sums.iter_mut().zip(results.values(flow, figure, Scope::Ward(ward))) {
            *sum += value;
        }
    }
    sums
}
