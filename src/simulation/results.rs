//! Replications of a base and of scenarios, with intervals and paired differences.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use super::course::CourseSums;
use super::flow::PatientFlow;
use super::sample::{Sample, TeamCount, WardSample};
use super::stage_samples::StageSample;
use super::{FlowIndex, Ward, WardId};
use crate::model::HospitalId;
use crate::queueing::{Ended, Waits, replicate_until};
use crate::random::Seed;
use crate::run::Control;
use crate::stats::Interval;

/// The runs that a simulation is asked for: how many replications, from which seed, and when fewer are enough.
///
/// ```
/// use verbund::random::Seed;
/// use verbund::simulation::{Figure, Precision, RunPlan};
///
/// // At most 100, fewer once the occupancy is known to half a point.
/// let precision = Precision { figure: Figure::Occupancy, half_width: 0.005 };
/// let plan = RunPlan { seed: Seed(7), replications: 100, until: Some(precision) };
/// assert_eq!(RunPlan::default(), RunPlan { seed: Seed(1), replications: 20, until: None });
/// assert!(plan.replications > RunPlan::default().replications);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RunPlan {
    /// What all random numbers start from.
    pub seed: Seed,
    /// Most replications, at least 1.
    pub replications: u64,
    /// When to stop before.
    pub until: Option<Precision>,
}

impl Default for RunPlan {
    /// 20 replications from seed 1.
    fn default() -> Self {
        Self { seed: Seed(1), replications: 20, until: None }
    }
}

/// How sure a figure must be: the half-width of its 95 % interval, in the figure's unit, in the base and
/// for every difference to it. Looked at from [`Precision::LEAST_REPLICATIONS`] on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Precision {
    /// The figure, of all hospitals inside.
    pub figure: Figure,
    /// The greatest half-width.
    pub half_width: f64,
}

impl Precision {
    /// Fewer replications say too little of their own scatter.
    pub const LEAST_REPLICATIONS: usize = 5;

    fn is_met(self, interval: Option<Interval>) -> bool {
        let Some(Interval { half_width: Some(half), .. }) = interval else { return false };
        half <= self.half_width
    }
}

/// A figure of a ward, a hospital, or of all hospitals inside. Counts are of the days that are
/// counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Figure {
    /// Patients from outside who got a bed.
    Admissions,
    /// Mean share of all beds, staffed or not, that are occupied; above 1 when patients are forced in.
    Occupancy,
    /// The share of all beds that is not exceeded in 95 % of the time; of a hospital or of all inside, at the
    /// end of 95 % of the days. In the fullest 5 % at least so many are occupied.
    OccupancyP95,
    /// Share of the time in which no staffed bed is free; of several wards, their mean by beds.
    FullShare,
    /// Patients who waited for a bed.
    Waited,
    /// Mean days that these waited.
    WaitingDays,
    /// Patients who were laid in another ward of their hospital because their own was full; of a ward, its own patients.
    Outliers,
    /// Patients whose first choice was full and who were let in at another hospital.
    DivertedAway,
    /// Patients who came because their first choice was full.
    Received,
    /// Patients who were let in without a free bed.
    Forced,
    /// Emergencies who were sent on, let in without a free bed or let in nowhere, and patients from intensive care for whom a bed
    /// was put up, while another ward of the hospital that could help had a free bed.
    FreeBeside,
    /// Patients who were let in nowhere, or sent away when a department closed.
    Refused,
    /// Elective patients who gave up waiting and do not come again ([`Settings`](super::Settings::elective_patience_days)).
    GaveUp,
    /// Elective patients who gave up waiting and got another date; each date counts.
    Rebooked,
    /// Patients who came from another ward.
    TransferredIn,
    /// Beds that are held on average by patients who wait for another ward.
    Blocked,
}

impl Serialize for Figure {
    /// Its key.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.key())
    }
}

impl Figure {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Admissions,
        Self::Occupancy,
        Self::OccupancyP95,
        Self::FullShare,
        Self::Waited,
        Self::WaitingDays,
        Self::Outliers,
        Self::DivertedAway,
        Self::Received,
        Self::Forced,
        Self::FreeBeside,
        Self::Refused,
        Self::GaveUp,
        Self::Rebooked,
        Self::TransferredIn,
        Self::Blocked,
    ];

    /// Its key in tables and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Admissions => "admissions",
            Self::Occupancy => "occupancy_share",
            Self::OccupancyP95 => "occupancy_p95_share",
            Self::FullShare => "full_share",
            Self::Waited => "waited",
            Self::WaitingDays => "waiting_days",
            Self::Outliers => "outliers",
            Self::FreeBeside => "free_beside",
            Self::DivertedAway => "diverted_away",
            Self::Received => "received",
            Self::Forced => "forced",
            Self::Refused => "refused",
            Self::GaveUp => "gave_up",
            Self::Rebooked => "rebooked",
            Self::TransferredIn => "transferred_in",
            Self::Blocked => "blocked_beds",
        }
    }

    /// Whether it is a share, printed in per cent.
    pub fn is_share(self) -> bool {
        matches!(self, Self::Occupancy | Self::OccupancyP95 | Self::FullShare)
    }
}

/// Which beds a figure is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Scope {
    /// All hospitals inside of the region.
    Inside,
    /// One hospital.
    Hospital(HospitalId),
    /// One ward of the flow that is asked about.
    Ward(WardId),
}

/// What is kept of one replication.
#[derive(Debug, Clone)]
struct Kept {
    wards: Vec<WardSample>,
    /// Occupied beds that were not exceeded on 95 % of the days, by hospital, and inside behind them.
    p95: Vec<f64>,
    stages: Vec<StageSample>,
    uses: BTreeMap<String, f64>,
    events: u64,
}

/// Occupied beds of a day over the replications.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DayCensus {
    /// Mean.
    pub mean: f64,
    /// In the replication with the fewest on this day.
    pub least: u32,
    /// In the replication with the most.
    pub most: u32,
}

impl DayCensus {
    /// Days put together: so many at a time, the last ones fewer; a length of 0 is taken for one day.
    ///
    /// The mean is that of the days, the least and the most are those of any of them. For a curve over years, in
    /// which single days cannot be told apart.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::files::Folder;
    /// use verbund::run::Control;
    /// use verbund::simulation::{DayCensus, FlowIndex, PatientFlow, RunPlan, Settings, simulate};
    ///
    /// let model = Folder::small().read()?;
    /// let region = Region::new(&model, model.network.date())?;
    /// let settings = Settings::default().days(10).warm_up_days(5);
    /// let flows = [PatientFlow::new(&region, &settings, None)?];
    /// let results = simulate(&flows, RunPlan::default(), &Control::default());
    /// let days = results.census_by_day(FlowIndex::BASE, None);
    /// let weeks = DayCensus::by_period(&days, 7);
    /// assert_eq!((days.len(), weeks.len()), (10, 2));
    /// let mean: f64 = days[..7].iter().map(|day| day.mean).sum::<f64>() / 7.0;
    /// assert!((weeks[0].mean - mean).abs() < 1e-9);
    /// assert!(weeks[0].least <= days[3].least && weeks[0].most >= days[3].most);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn by_period(days: &[Self], length: usize) -> Vec<Self> {
        let mut periods = Vec::new();
        for period in days.chunks(length.max(1)) {
            let mut whole = period[0];
            let mut sum = 0.0;
            for day in period {
                sum += day.mean;
                whole.least = whole.least.min(day.least);
                whole.most = whole.most.max(day.most);
            }
            whole.mean = sum / period.len() as f64;
            periods.push(whole);
        }
        periods
    }
}

/// What a shared on-call roster did in the days that are counted, mean of the replications.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RosterUse {
    /// Key of the cooperation and of the specialty, `cooperation/specialty`.
    pub key: String,
    /// Admissions that kept it busy.
    pub used: f64,
    /// Patients who found it busy and were brought elsewhere.
    pub missed: f64,
    /// Hours that patients waited for it, all together.
    pub waited_hours: f64,
}

/// The sums over all replications, and the figures of each.
#[derive(Debug, Default)]
pub(super) struct Totals {
    /// By ward.
    waits: Vec<Waits>,
    /// By stream and preference: the wards in which patients got in, with how many.
    pub(super) taken: Vec<Vec<BTreeMap<WardId, u64>>>,
    /// By ward and hour of the week.
    by_hour: Vec<Vec<f64>>,
    /// By day and hospital, those of all hospitals inside behind them.
    by_day: Vec<Vec<DaySum>>,
    /// By team.
    teams: Vec<TeamCount>,
    kept: Vec<Kept>,
}

/// Occupied beds of a hospital on one day, over replications.
#[derive(Debug, Clone, Copy)]
struct DaySum {
    sum: u64,
    least: u32,
    most: u32,
}

impl DaySum {
    /// Of one replication.
    fn new(beds: u32) -> Self {
        Self { sum: u64::from(beds), least: beds, most: beds }
    }

    fn add(&mut self, beds: u32) {
        self.sum += u64::from(beds);
        self.least = self.least.min(beds);
        self.most = self.most.max(beds);
    }
}

/// Replications of a base and of scenarios that saw the same patients.
///
/// Figures are means over replications with 95 % intervals, over the days that count; each [`Figure`] says its event and
/// unit. An interval covers chance alone, not what is assumed: for that ask
/// [`Sensitivity`](super::Sensitivity). One replication has no interval. A difference is paired
/// ([`Results::change`]): its interval is far smaller than that of two runs apart, so never subtract two means.
///
/// It holds the figures of each replication, not the patients: memory grows with replications times wards, not
/// with days. For every single stay write a trace (`verbund simulate --trace`).
///
/// They borrow their flows. A program that keeps them for later keeps the flows ([`PatientFlow::into_owned`]) and what
/// was written: `serde_json::to_string(&results)` has every figure of each flow, hospital and ward with its change from
/// the base, by key, and times with their unit.
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::random::Seed;
/// use verbund::run::Control;
/// use verbund::simulation::{Figure, FlowIndex, PatientFlow, RunPlan, Scope, Settings, simulate};
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let settings = Settings::default().days(60).warm_up_days(30);
///
/// // The base, and beside it the same once more: the same patients, so no difference at all.
/// let base = PatientFlow::new(&region, &settings, None)?;
/// let same = PatientFlow::new(&region, &settings, None)?;
/// let flows = [base, same];
/// let plan = RunPlan { seed: Seed(1), replications: 2, until: None };
/// let results = simulate(&flows, plan, &Control::default());
/// assert_eq!((results.replications(), results.flows().len()), (2, 2));
/// assert_eq!(results.values(FlowIndex::BASE, Figure::Admissions, Scope::Inside).len(), 2);
/// let change = results.change(FlowIndex(1), Figure::Admissions, Scope::Inside).ok_or("no replication")?;
/// assert_eq!(change.mean, 0.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Results<'f, 'r> {
    flows: &'f [PatientFlow<'r>],
    plan: RunPlan,
    totals: Vec<Totals>,
    courses: CourseSums,
    ended: Ended,
    faults: Vec<String>,
}

/// Runs the replications of a base (the first flow) and of scenarios beside it.
///
/// Progress is how many replications count. When it is stopped, the finished ones count and those
/// that are not are given up, within milliseconds.
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::random::Seed;
/// use verbund::run::Control;
/// use verbund::simulation::{Figure, FlowIndex, PatientFlow, RunPlan, Scope, Settings, simulate};
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let settings = Settings::default().days(100).warm_up_days(30);
/// let base = PatientFlow::new(&region, &settings, None)?;
/// let plan = RunPlan { seed: Seed(1), replications: 4, until: None };
/// let flows = [base];
/// let results = simulate(&flows, plan, &Control::default());
/// assert_eq!(results.replications(), 4);
/// let occupancy = results.interval(FlowIndex::BASE, Figure::Occupancy, Scope::Inside).unwrap();
/// assert!(occupancy.mean > 0.0 && occupancy.mean < 1.5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn simulate<'f, 'r>(
    flows: &'f [PatientFlow<'r>],
    plan: RunPlan,
    control: &Control<'_>,
) -> Results<'f, 'r> {
    let mut totals = Vec::with_capacity(flows.len());
    totals.resize_with(flows.len(), Totals::default);
    let courses = CourseSums::new(flows);
    let moments = courses.moments();
    let mut results =
        Results { flows, plan, totals, courses, ended: Ended::Completed, faults: Vec::new() };
    let run = |replication: u64| -> Option<Vec<Sample>> {
        let sample =
            |flow: &PatientFlow<'_>| flow.sample_looking(moments, plan, replication, control);
        flows.iter().map(sample).collect()
    };
    let mut done = 0;
    results.ended =
        replicate_until(plan.replications.max(1), control, run, |samples: Vec<Sample>| {
            results.courses.add(flows, &samples);
            for (number, sample) in samples.into_iter().enumerate() {
                // With the replication, by which whoever looks into it can run it again.
                for fault in &sample.faults {
                    results.faults.push(format!("replication {done}: {fault}"));
                }
                results.totals[number].add(&flows[number], sample);
            }
            // Replications come in their order, whichever thread ended first: so the answer does not hang on threads.
            done += 1;
            results.is_precise()
        });
    results
}

impl Totals {
    fn add(&mut self, flow: &PatientFlow<'_>, mut sample: Sample) {
        self.waits.resize(sample.waits.len(), Waits::default());
        for (waits, more) in self.waits.iter_mut().zip(&sample.waits) {
            waits.merge(more);
        }
        self.add_taken(&sample);
        self.by_hour.resize(sample.by_hour.len(), Vec::new());
        for (hours, more) in self.by_hour.iter_mut().zip(&sample.by_hour) {
            hours.resize(more.len(), 0.0);
            for (sum, beds) in hours.iter_mut().zip(more) {
                *sum += f64::from(*beds);
            }
        }
        self.teams.resize(sample.teams.len(), TeamCount::default());
        for (team, more) in self.teams.iter_mut().zip(&sample.teams) {
            team.used += more.used;
            team.missed += more.missed;
            team.waited_hours += more.waited_hours;
        }

        // By hospital, as it is asked for: by ward, of all replications, it would be many times as much to keep.
        let by_day = by_hospital(flow, std::mem::take(&mut sample.by_day));
        self.add_days(&by_day);
        self.kept.push(Kept {
            p95: p95_of_days(&by_day),
            stages: StageSample::all(flow, &sample),
            uses: super::stage_samples::uses(flow, &sample),
            events: sample.events,
            wards: sample.wards,
        });
    }

    fn add_taken(&mut self, sample: &Sample) {
        self.taken.resize(sample.taken.len(), Vec::new());
        for (by_preference, more) in self.taken.iter_mut().zip(&sample.taken) {
            by_preference.resize(more.len().max(by_preference.len()), BTreeMap::new());
            for (wards, more) in by_preference.iter_mut().zip(more) {
                for (ward, count) in more {
                    *wards.entry(WardId(*ward)).or_default() += count;
                }
            }
        }
    }

    /// Adds occupied beds by day and hospital.
    fn add_days(&mut self, by_day: &[Vec<u32>]) {
        let is_first = self.kept.is_empty();
        self.by_day.resize(by_day.len(), Vec::new());
        for (sums, hospitals) in self.by_day.iter_mut().zip(by_day) {
            // The least of no beds would be 0 for ever.
            if is_first {
                for beds in hospitals {
                    sums.push(DaySum::new(*beds));
                }
                continue;
            }
            for (sum, beds) in sums.iter_mut().zip(hospitals) {
                sum.add(*beds);
            }
        }
    }
}

/// Occupied beds by day and hospital, with those of all hospitals inside put behind them.
fn by_hospital(flow: &PatientFlow<'_>, mut by_day: Vec<Vec<u32>>) -> Vec<Vec<u32>> {
    let hospitals = flow.region().network().hospitals();
    for day in &mut by_day {
        // Hospitals without a ward may stand at the end.
        day.resize(hospitals.len(), 0);
        let mut inside = 0;
        for (hospital, beds) in hospitals.iter().zip(day.iter()) {
            if !hospital.outside {
                inside += beds;
            }
        }
        day.push(inside);
    }
    by_day
}

/// The occupied beds that are not exceeded on 95 % of the days, by hospital.
fn p95_of_days(by_day: &[Vec<u32>]) -> Vec<f64> {
    let hospitals = by_day.first().map_or(0, Vec::len);
    // A value of a day and none between two: as many days as this do not exceed it.
    let needed = (0.95 * by_day.len() as f64).ceil() as usize;
    let mut p95 = Vec::with_capacity(hospitals);
    for hospital in 0..hospitals {
        let mut beds: Vec<u32> = Vec::with_capacity(by_day.len());
        for day in by_day {
            beds.push(day[hospital]);
        }
        beds.sort_unstable();
        p95.push(f64::from(beds[needed.clamp(1, beds.len()) - 1]));
    }
    p95
}

impl<'f, 'r> Results<'f, 'r> {
    /// The base and the scenarios, in the order in which they were given.
    pub fn flows(&self) -> &'f [PatientFlow<'r>] {
        self.flows
    }

    /// The flow of an index.
    ///
    /// # Panics
    ///
    /// When there is no such flow.
    pub fn flow(&self, flow: FlowIndex) -> &'f PatientFlow<'r> {
        &self.flows[flow.0]
    }

    /// The base and the scenarios with their indices, in their order.
    pub fn flows_with_indices(
        &self,
    ) -> impl ExactSizeIterator<Item = (FlowIndex, &'f PatientFlow<'r>)> + use<'f, 'r> {
        self.flows.iter().enumerate().map(|(position, flow)| (FlowIndex(position), flow))
    }

    /// What was asked.
    pub fn plan(&self) -> RunPlan {
        self.plan
    }

    /// Replications that count.
    pub fn replications(&self) -> usize {
        self.totals.first().map_or(0, |totals| totals.kept.len())
    }

    /// Why there are no more.
    pub fn ended(&self) -> Ended {
        self.ended
    }

    /// What did not add up in any replication (Little's law, conservation of patients): empty.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Arrivals and ends of stays of all replications and flows.
    pub fn events(&self) -> u64 {
        let mut events = 0;
        for totals in &self.totals {
            for kept in &totals.kept {
                events += kept.events;
            }
        }
        events
    }

    pub(super) fn courses(&self) -> &CourseSums {
        &self.courses
    }

    pub(super) fn totals(&self, flow: FlowIndex) -> &Totals {
        &self.totals[flow.0]
    }

    /// A figure in one replication of a flow; 0 where a mean is over nobody.
    fn value(&self, flow: FlowIndex, replication: usize, figure: Figure, scope: Scope) -> f64 {
        let kept = &self.totals[flow.0].kept[replication];
        let hospitals = self.flow(flow).region().network().hospitals();
        // A quantile of a sum is no sum of quantiles: it was found over the days.
        if let (Figure::OccupancyP95, Scope::Hospital(_) | Scope::Inside) = (figure, scope) {
            let position = match scope {
                Scope::Hospital(hospital) => hospital.index(),
                _ => hospitals.len(),
            };
            let beds = self.beds(flow, scope);
            return kept.p95.get(position).map_or(0.0, |census| census / f64::from(beds.max(1)));
        }
        let (mut sum, mut weight) = (0.0, 0.0);
        for (id, ward) in self.wards_in(flow, scope) {
            let sample = &kept.wards[id.index()];
            let beds = f64::from(ward.beds);
            // Shares are means by beds, waits means by who waited; counts are added up.
            let (amount, by) = match figure {
                Figure::Admissions => (sample.admissions, 0.0),
                Figure::Occupancy => (sample.census, beds),
                Figure::OccupancyP95 => (sample.census_p95, beds),
                Figure::FullShare => (sample.full_share * beds, beds),
                Figure::Waited => (sample.waited, 0.0),
                Figure::WaitingDays => (sample.waiting_days, sample.waited),
                Figure::Outliers => (sample.outliers, 0.0),
                Figure::FreeBeside => (sample.free_beside, 0.0),
                Figure::DivertedAway => (sample.diverted_away, 0.0),
                Figure::Received => (sample.received, 0.0),
                Figure::Forced => (sample.forced, 0.0),
                Figure::Refused => (sample.refused, 0.0),
                Figure::GaveUp => (sample.gave_up, 0.0),
                Figure::Rebooked => (sample.rebooked, 0.0),
                Figure::TransferredIn => (sample.transferred_in, 0.0),
                Figure::Blocked => (sample.blocked, 0.0),
            };
            sum += amount;
            weight += by;
        }
        if weight > 0.0 { sum / weight } else { sum }
    }

    /// The wards of a scope, with their ids.
    fn wards_in(&self, flow: FlowIndex, scope: Scope) -> impl Iterator<Item = (WardId, &Ward)> {
        let hospitals = self.flow(flow).region().network().hospitals();
        let wards = self.flow(flow).wards();
        if let Scope::Hospital(id) = scope {
            let network = self.flow(flow).region().network();
            // An id of another network is a number that would mean somebody else here.
            assert!(network.hospital(id).is_some(), "the hospital is of another network");
        }
        let range = match scope {
            Scope::Ward(ward) => ward.index()..ward.index() + 1,
            // Wards stand hospital by hospital: of thousands of hospitals, nobody looks through the wards of all.
            Scope::Hospital(id) => {
                wards.partition_point(|ward| ward.hospital < id)
                    ..wards.partition_point(|ward| ward.hospital <= id)
            }
            Scope::Inside => 0..wards.len(),
        };
        let is_in = move |ward: &Ward| match scope {
            Scope::Inside => !hospitals[ward.hospital.index()].outside,
            Scope::Hospital(_) | Scope::Ward(_) => true,
        };
        range
            .map(|position| (WardId::at(position), &wards[position]))
            .filter(move |(_, ward)| is_in(ward))
    }

    /// Beds of a scope, staffed or not.
    ///
    /// # Panics
    ///
    /// Here and below, when there is no such flow, or the scope is a ward that there is not or a hospital
    /// of a network of others.
    pub fn beds(&self, flow: FlowIndex, scope: Scope) -> u32 {
        let mut beds = 0;
        for (_, ward) in self.wards_in(flow, scope) {
            beds += ward.beds;
        }
        beds
    }

    /// A figure in every replication, in order.
    pub fn values(&self, flow: FlowIndex, figure: Figure, scope: Scope) -> Vec<f64> {
        let mut values = Vec::with_capacity(self.replications());
        for replication in 0..self.replications() {
            values.push(self.value(flow, replication, figure, scope));
        }
        values
    }

    /// A figure of a flow with its 95 % interval; `None` without replications.
    pub fn interval(&self, flow: FlowIndex, figure: Figure, scope: Scope) -> Option<Interval> {
        Interval::of(&self.values(flow, figure, scope))
    }

    /// The change of a figure from the base to a scenario, paired by replication.
    pub fn change(&self, flow: FlowIndex, figure: Figure, scope: Scope) -> Option<Interval> {
        // Paired, as both saw the same patients: what chance did to both drops out.
        let base = self.values(FlowIndex::BASE, figure, scope);
        Interval::paired(&base, &self.values(flow, figure, scope))
    }

    fn is_precise(&self) -> bool {
        let Some(precision) = self.plan.until else { return false };
        // By chance the first two can lie close together, and the interval be narrow.
        if self.replications() < Precision::LEAST_REPLICATIONS {
            return false;
        }
        let is_met = |flow| precision.is_met(self.to_be_sure(FlowIndex(flow), precision.figure));
        (0..self.flows.len()).all(is_met)
    }

    /// What of a flow has to be sure where a half-width is asked for: of the base its figure, of a scenario only what it
    /// changes.
    pub(super) fn to_be_sure(&self, flow: FlowIndex, figure: Figure) -> Option<Interval> {
        match flow {
            FlowIndex::BASE => self.interval(flow, figure, Scope::Inside),
            // Chance that base and scenario share drops out: its own figure need not be sure.
            _ => self.change(flow, figure, Scope::Inside),
        }
    }

    /// Mean occupied beds in every hour of the week, Monday 0:00 first.
    pub fn census_by_hour(&self, flow: FlowIndex, scope: Scope) -> Vec<f64> {
        let totals = &self.totals[flow.0];
        let mut means = vec![0.0; 168];
        for (id, _) in self.wards_in(flow, scope) {
            let Some(ward) = totals.by_hour.get(id.index()) else { continue };
            for (sum, beds) in means.iter_mut().zip(ward) {
                *sum += beds;
            }
        }
        let count = self.replications().max(1) as f64;
        for mean in &mut means {
            *mean /= count;
        }
        means
    }

    /// Occupied beds at the end of each day that is counted, of a hospital or of all inside (`None`).
    ///
    /// # Panics
    ///
    /// When there is no such flow, or the hospital is of another network.
    pub fn census_by_day(&self, flow: FlowIndex, hospital: Option<HospitalId>) -> Vec<DayCensus> {
        let network = self.flow(flow).region().network();
        assert!(
            hospital.is_none_or(|id| network.hospital(id).is_some()),
            "the hospital is of another network"
        );
        let position = hospital.map_or(network.hospitals().len(), HospitalId::index);
        let count = self.replications().max(1) as f64;
        let mut census = Vec::with_capacity(self.totals[flow.0].by_day.len());
        for hospitals in &self.totals[flow.0].by_day {
            let DaySum { sum, least, most } = hospitals[position];
            census.push(DayCensus { mean: sum as f64 / count, least, most });
        }
        census
    }

    /// Waits of those who waited for a bed of a ward, all replications together.
    pub fn waits(&self, flow: FlowIndex, scope: Scope) -> Waits {
        let mut waits = Waits::default();
        for (id, _) in self.wards_in(flow, scope) {
            if let Some(more) = self.totals[flow.0].waits.get(id.index()) {
                waits.merge(more);
            }
        }
        waits
    }

    /// How often each cooperation was used in the days that are counted, with its interval: patients
    /// handed on over it (also on the way of a pathway), brought to a partner's shared beds, or helped
    /// on the way. "back" are those who went back.
    pub fn uses(&self, flow: FlowIndex) -> Vec<(String, Interval)> {
        let kept = &self.totals[flow.0].kept;
        let mut uses = Vec::new();
        for key in keys_of_uses([kept]) {
            if let Some(interval) = Interval::of(&uses_of(kept, key)) {
                uses.push((key.to_owned(), interval));
            }
        }
        uses
    }

    /// The change of each cooperation's uses from the base to a scenario, paired by replication.
    pub fn use_changes(&self, flow: FlowIndex) -> Vec<(String, Interval)> {
        let (base, kept) = (&self.totals[0].kept, &self.totals[flow.0].kept);
        let mut changes = Vec::new();
        // A cooperation that only one of them uses has a change, too.
        for key in keys_of_uses([base, kept]) {
            let change = Interval::paired(&uses_of(base, key), &uses_of(kept, key));
            if let Some(change) = change {
                changes.push((key.to_owned(), change));
            }
        }
        changes
    }

    /// What each shared on-call roster did in the days that are counted, mean of the replications, in
    /// the order of [`PatientFlow::model`]'s teams.
    pub fn rosters(&self, flow: FlowIndex) -> Vec<RosterUse> {
        let count = self.replications().max(1) as f64;
        let teams = &self.flow(flow).model().teams;
        let mut rosters = Vec::with_capacity(teams.len());
        for (team, counted) in teams.iter().zip(&self.totals[flow.0].teams) {
            rosters.push(RosterUse {
                key: team.key.clone(),
                used: counted.used as f64 / count,
                missed: counted.missed as f64 / count,
                waited_hours: counted.waited_hours / count,
            });
        }
        rosters
    }

    /// The stage samples of every replication of a flow.
    pub(super) fn stage_samples(&self, flow: FlowIndex) -> impl Iterator<Item = &[StageSample]> {
        self.totals[flow.0].kept.iter().map(|kept| kept.stages.as_slice())
    }
}

/// The keys of the cooperations that were used in any replication, sorted.
fn keys_of_uses<'k>(flows: impl IntoIterator<Item = &'k Vec<Kept>>) -> BTreeSet<&'k str> {
    let mut keys = BTreeSet::new();
    for kept in flows.into_iter().flatten() {
        for key in kept.uses.keys() {
            keys.insert(key.as_str());
        }
    }
    keys
}

/// How often a cooperation was used in each replication.
fn uses_of(kept: &[Kept], key: &str) -> Vec<f64> {
    let mut uses = Vec::with_capacity(kept.len());
    for replication in kept {
        // In a replication in which nobody used it, it has no entry.
        uses.push(replication.uses.get(key).copied().unwrap_or(0.0));
    }
    uses
}
