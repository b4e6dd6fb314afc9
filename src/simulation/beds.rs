//! How many beds a ward needs, by formula and by simulation, side by side.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::model::{Problem, ProblemKind, Problems};
use crate::queueing::formulas::{Station, beds_for, servers_for};
use crate::queueing::{
    self, ArrivalStream, Arrivals, Class, Distribution, Ended, Kind, Preference, Run, Servers,
    Simulator, TimeUnit, WaitingRoom, replicate_until,
};
use crate::random::Seed;
use crate::stats::Interval;
use crate::units::in_words;

/// Most patients of a ward that are simulated for one number of beds, over all replications.
const MOST_PATIENTS: f64 = 1e9;
/// The greatest load in beds.
const MOST_OFFERED: f64 = 1e6;
/// Beds away from the formula's answer at which the search by simulation gives up.
const FAR: u32 = 100;

/// What the beds must be enough for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BedTarget {
    /// A full ward sends patients elsewhere: at most this share, above 0, below 1, of them.
    Refused(f64),
    /// Patients wait for a bed as long as it takes: at most this share, above 0, below 1, of them.
    Waiting(f64),
}

impl BedTarget {
    /// The share, 0 to 1.
    pub fn share(self) -> f64 {
        match self {
            Self::Refused(share) | Self::Waiting(share) => share,
        }
    }

    /// Whether patients wait for a bed.
    pub fn is_wait(self) -> bool {
        matches!(self, Self::Waiting(_))
    }
}

/// A ward that beds are sought for; that of a hospital of a region comes from [`super::HospitalWard`].
#[derive(Debug, Clone, PartialEq)]
pub struct BedWard {
    /// Its name, unique in a question: the random numbers of its patients hang on it.
    pub name: String,
    /// Patients a day, at random, above 0.
    pub arrivals: f64,
    /// Mean stay in days, above 0.
    pub stay: f64,
    /// Beds that it has, at least 1; `None` when that is what is asked for.
    pub beds: Option<u32>,
}

impl BedWard {
    /// A ward without beds yet.
    pub fn new(name: impl Into<String>, arrivals: f64, stay: f64) -> Self {
        Self { name: name.into(), arrivals, stay, beds: None }
    }

    /// The same with beds.
    #[must_use]
    pub fn beds(mut self, beds: u32) -> Self {
        self.beds = Some(beds);
        self
    }

    /// Beds that would be taken on average if nobody were refused.
    pub fn offered(&self) -> f64 {
        self.arrivals * self.stay
    }
}

/// How long and how often the simulation beside the formula runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BedTrial {
    /// Days that are counted in each replication, 1 to 36,500.
    pub days: u32,
    /// Days before them, from an empty ward, at most 36,500; `None` for as many as the ward needs
    /// to forget that it was empty: 10 (1 + cv^2) stays and five times the relaxation time of the
    /// queue, at least 30, at most the days that are counted.
    pub warm_up_days: Option<u32>,
    /// Replications, 1 to 10,000.
    pub replications: u32,
    /// What the random numbers start from. Each number of beds sees the same patients with the
    /// same stays; so do wards apart and together.
    pub seed: Seed,
}

impl Default for BedTrial {
    fn default() -> Self {
        Self { days: 3650, warm_up_days: None, replications: 20, seed: Seed(1) }
    }
}

/// How many beds are needed so that few patients are refused, or wait.
///
/// Patients arrive at random. The formula is Erlang B ([`BedTarget::Refused`]; it holds for any
/// stays with that mean) or Erlang C ([`BedTarget::Waiting`]; it holds for exponential stays); the
/// simulation has lognormal stays. Several wards are answered each for itself, then with shared
/// beds.
///
/// ```
/// use verbund::simulation::{BedQuestion, BedTarget, BedTrial, BedWard};
///
/// // 9.5 patients a day stay 6 days: 57 beds would be taken if nobody were refused.
/// let question = BedQuestion::new(BedTarget::Refused(0.02))
///     .ward(BedWard::new("medicine", 9.5, 6.0))
///     .trial(Some(BedTrial { days: 365, replications: 5, ..BedTrial::default() }));
/// let answer = question.answer()?;
/// assert_eq!(answer.wards[0].least, 68);
/// let row = answer.wards[0].row(68).expect("the answer is in the table");
/// assert!(row.formula.as_ref().expect("it is stable").share <= 0.02);
/// assert!(row.simulated.as_ref().expect("it was simulated").share.mean < 0.04);
/// # Ok::<(), verbund::model::Problems>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BedQuestion {
    /// The wards, at least one.
    pub wards: Vec<BedWard>,
    /// What the beds must be enough for.
    pub target: BedTarget,
    /// Coefficient of variation of the stays, 0 to 10.
    pub stay_cv: f64,
    /// How many more and fewer beds are looked at, at most 50.
    pub around: u32,
    /// The simulation; `None` for the formula alone.
    pub trial: Option<BedTrial>,
}

impl BedQuestion {
    /// A question without wards yet: stays with a coefficient of variation of 1, two more and two
    /// fewer beds, the usual trial.
    pub fn new(target: BedTarget) -> Self {
        let trial = Some(BedTrial::default());
        Self { wards: Vec::new(), target, stay_cv: 1.0, around: 2, trial }
    }

    /// The same with one more ward.
    #[must_use]
    pub fn ward(mut self, ward: BedWard) -> Self {
        self.wards.push(ward);
        self
    }

    /// The same with another trial, or none.
    #[must_use]
    pub fn trial(mut self, trial: Option<BedTrial>) -> Self {
        self.trial = trial;
        self
    }

    /// Every value that is out of its range; empty for a question that has an answer.
    pub fn check(&self) -> Problems {
        let mut problems = Problems::default();
        if self.wards.is_empty() {
            problems.push(fault("question", "wards", "none", "at least one"));
        }
        for (at, ward) in self.wards.iter().enumerate() {
            let entity = format!("ward \"{}\"", ward.name);
            for (field, value, (least, most), expected) in [
                (
                    "arrivals",
                    ward.arrivals,
                    (1e-6, 1e6),
                    "patients a day, above 0, at most 1,000,000",
                ),
                ("stay", ward.stay, (1e-6, 36_500.0), "days, above 0, at most 36,500"),
                ("beds", ward.beds.map_or(1.0, f64::from), (1.0, 1e7), "1 to 10,000,000"),
            ] {
                if !(least..=most).contains(&value) {
                    // As it may be typed: 1e300 in five letters.
                    let is_short = value.abs() < 1e16;
                    let typed = if is_short { value.to_string() } else { format!("{value:?}") };
                    problems.push(fault(&entity, field, &typed, expected));
                }
            }
            if self.wards[..at].iter().any(|other| other.name == ward.name) {
                problems.push(fault(&entity, "name", "given twice", "names that differ"));
            }
        }
        let offered: f64 = self.wards.iter().map(BedWard::offered).sum();
        if problems.is_empty() && offered > MOST_OFFERED {
            let value = format!("{offered:.0} beds");
            problems.push(fault("question", "arrivals x stay", &value, "at most 1,000,000"));
        }
        let share = self.target.share();
        if !(share > 0.0 && share < 1.0) {
            let field = if self.target.is_wait() { "wait" } else { "refused" };
            let percent = format!("{} %", in_words(share * 100.0, 0));
            problems.push(fault("question", field, &percent, "above 0 %, below 100 %"));
        }
        if !(0.0..=10.0).contains(&self.stay_cv) {
            problems.push(fault("question", "cv", &self.stay_cv.to_string(), "0 to 10"));
        }
        if self.around > 50 {
            problems.push(fault("question", "around", &self.around.to_string(), "at most 50"));
        }
        if let Some(trial) = &self.trial {
            self.check_trial(trial, &mut problems);
        }
        problems
    }

    fn check_trial(&self, trial: &BedTrial, problems: &mut Problems) {
        for (field, value, (least, most), expected) in [
            ("days", trial.days, (1, 36_500), "1 to 36,500"),
            ("warm_up", trial.warm_up_days.unwrap_or(0), (0, 36_500), "at most 36,500"),
            ("replications", trial.replications, (1, 10_000), "1 to 10,000"),
        ] {
            if !(least..=most).contains(&value) {
                problems.push(fault("simulation", field, &value.to_string(), expected));
            }
        }
        let arrivals: f64 = self.wards.iter().map(|ward| ward.arrivals).sum();
        let patients = arrivals * f64::from(trial.days) * f64::from(trial.replications);
        if problems.is_empty() && patients > MOST_PATIENTS {
            let value = format!("{patients:.0} patients in all");
            let expected = "at most 1,000,000,000; take fewer replications or days";
            problems.push(fault("simulation", "days", &value, expected));
        }
    }

    /// The answer.
    ///
    /// # Errors
    ///
    /// Every value that is out of its range; nothing was computed.
    pub fn answer(&self) -> Result<BedAnswer, Problems> {
        self.answer_until(&AtomicBool::new(false), || ())
    }

    /// The answer, cut short within milliseconds once `stop` is set: all formulas, and the replications that
    /// were finished by then, marked by [`BedAnswer::ended`]. `progress` hears of each replication that is
    /// finished, from any thread.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn answer_until(
        &self,
        stop: &AtomicBool,
        progress: impl Fn() + Sync,
    ) -> Result<BedAnswer, Problems> {
        let watch = Watched { stop, progress: &progress };
        let problems = self.check();
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut sought: Vec<Search<'_>> = self
            .wards
            .iter()
            .map(|ward| Search::new(self, std::slice::from_ref(ward), watch))
            .collect();
        let mut curves = Vec::new();
        for (search, ward) in sought.iter_mut().zip(&self.wards) {
            curves.push(search.curve(ward.name.clone(), ward.beds)?);
        }
        let pooled =
            if self.wards.len() > 1 { Some(self.pool(&mut sought, &curves, watch)?) } else { None };
        let is_cut = self.trial.is_some() && stop.load(Ordering::Relaxed);
        let ended = if is_cut { Ended::Interrupted } else { Ended::Completed };
        Ok(BedAnswer { wards: curves, pooled, ended })
    }

    /// What the wards gain when all beds serve everybody.
    fn pool(
        &self,
        sought: &mut [Search<'_>],
        curves: &[BedCurve],
        watch: Watched<'_>,
    ) -> Result<BedPooling, Problems> {
        let own: Vec<u32> = curves.iter().map(|one| one.beds.unwrap_or(one.least)).collect();
        let beds: u32 = own.iter().sum();
        let mut shared = Search::new(self, &self.wards, watch);
        let curve = shared.curve("all together".to_owned(), Some(beds))?;
        shared.counts(beds)?;
        for (search, beds) in sought.iter_mut().zip(&own) {
            search.counts(*beds)?;
        }
        let arrivals = shared.arrivals();
        let together_counts = &shared.simulated[&beds];
        let (mut apart, mut by_ward, mut counts) = (Some(0.0), Vec::new(), Vec::new());
        for (at, (search, beds)) in sought.iter().zip(&own).enumerate() {
            let ward = &self.wards[at];
            let alone = search.formula(*beds).map(|figures| figures.share);
            apart = apart.zip(alone).map(|(sum, share)| sum + share * ward.arrivals / arrivals);
            let own_counts = &search.simulated[beds];
            by_ward.push(PooledWard {
                name: ward.name.clone(),
                beds: *beds,
                apart: alone,
                apart_simulated: shares(own_counts, Counted::all),
                together_simulated: shares(together_counts, |one| one.streams[at]),
            });
            counts.push(own_counts);
        }
        // Replication by replication over all wards: they are independent of each other.
        let replications = counts.iter().map(|own| own.len()).min().unwrap_or(0);
        let all = |at: usize| counts.iter().map(|own| own[at].all()).fold((0, 0), add);
        let each: Vec<f64> = (0..replications).map(|at| share_of(all(at))).collect();
        let beds_for_same = apart.filter(|share| *share > 0.0).map(|share| shared.least(share));
        Ok(BedPooling {
            beds,
            apart,
            apart_simulated: Interval::of(&each),
            together: shared.formula(beds).map(|figures| figures.share),
            together_simulated: shares(together_counts, Counted::all),
            least_apart: curves.iter().map(|one| one.least).sum(),
            beds_for_same,
            by_ward,
            curve,
        })
    }
}

/// Beds for a question.
#[derive(Debug, Clone, PartialEq)]
pub struct BedAnswer {
    /// By ward, each for itself.
    pub wards: Vec<BedCurve>,
    /// All wards with shared beds; `None` for one ward.
    pub pooled: Option<BedPooling>,
    /// [`Ended::Interrupted`] where it was stopped: then the least beds by simulation are not known, and rows
    /// have the figures of as many replications as they say.
    pub ended: Ended,
}

impl BedAnswer {
    /// Replications that were finished, of all rows together.
    pub fn replications(&self) -> usize {
        let pooled = self.pooled.iter().map(|pooling| &pooling.curve);
        let rows = self.wards.iter().chain(pooled).flat_map(|curve| &curve.rows);
        rows.filter_map(|row| row.simulated).map(|figures| figures.replications).sum()
    }
}

/// What more and fewer beds give to one ward, or to wards that share.
#[derive(Debug, Clone, PartialEq)]
pub struct BedCurve {
    /// The ward.
    pub name: String,
    /// Patients a day.
    pub arrivals: f64,
    /// Mean stay in days.
    pub stay: f64,
    /// Coefficient of variation of the stays, of all wards together.
    pub stay_cv: f64,
    /// Beds that would be taken on average if nobody were refused.
    pub offered: f64,
    /// Beds that are there.
    pub beds: Option<u32>,
    /// The least beds that meet the target, by formula.
    pub least: u32,
    /// The least beds with which the mean of the replications meets the target; `None` without a
    /// simulation, or when none within 100 beds of the formula's answer does.
    pub least_simulated: Option<u32>,
    /// The least beds whose 95 % interval reaches down to the target, and the least whose whole
    /// interval meets it; what lies between, the simulation leaves open. `None` with fewer than two
    /// replications.
    pub open: Option<(u32, u32)>,
    /// By beds, ascending.
    pub rows: Vec<BedRow>,
}

impl BedCurve {
    /// The row of a number of beds.
    pub fn row(&self, beds: u32) -> Option<&BedRow> {
        self.rows.iter().find(|row| row.beds == beds)
    }
}

/// What a number of beds gives.
#[derive(Debug, Clone, PartialEq)]
pub struct BedRow {
    /// Beds.
    pub beds: u32,
    /// By formula; `None` when patients wait and the queue would grow without end.
    pub formula: Option<BedFormula>,
    /// By simulation; `None` without one, and where the formula has no answer.
    pub simulated: Option<BedSimulation>,
}

/// Figures by formula.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BedFormula {
    /// Share of patients who are refused or wait, as the target has it, 0 to 1.
    pub share: f64,
    /// Taken beds over beds, 0 to 1.
    pub occupancy: f64,
    /// Mean wait of all patients in days, for exponential stays; `None` when nobody waits.
    pub mean_wait: Option<f64>,
    /// The same for stays with the question's coefficient of variation, approximately (Allen and
    /// Cunneen).
    pub approximate_wait: Option<f64>,
}

/// Figures by simulation, over replications.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BedSimulation {
    /// Replications that were finished: as many as were asked for, unless somebody stopped them.
    pub replications: usize,
    /// Share of patients who are refused or wait, as the target has it.
    pub share: Interval,
    /// Taken beds over beds.
    pub occupancy: Interval,
    /// Mean wait of all patients in days; `None` when nobody waits.
    pub mean_wait: Option<Interval>,
}

/// What wards gain that share all their beds. Shares are of refused or waiting patients, 0 to 1,
/// as the target has it.
#[derive(Debug, Clone, PartialEq)]
pub struct BedPooling {
    /// Beds of all wards: those that are there, else the least that meet the target.
    pub beds: u32,
    /// Share while each ward has its own beds, by formula; `None` when a queue would grow without
    /// end.
    pub apart: Option<f64>,
    /// The same by simulation.
    pub apart_simulated: Option<Interval>,
    /// Share when all beds serve everybody, by formula.
    pub together: Option<f64>,
    /// The same by simulation, with the same patients and stays.
    pub together_simulated: Option<Interval>,
    /// Beds that meet the target while each ward has its own; [`BedCurve::least`] of `curve` is
    /// what shared beds need.
    pub least_apart: u32,
    /// The least shared beds that do no worse than the wards do apart today.
    pub beds_for_same: Option<u32>,
    /// Who gains and who loses.
    pub by_ward: Vec<PooledWard>,
    /// What more and fewer shared beds give.
    pub curve: BedCurve,
}

/// A ward before and after its beds are shared.
#[derive(Debug, Clone, PartialEq)]
pub struct PooledWard {
    /// The ward.
    pub name: String,
    /// Its beds.
    pub beds: u32,
    /// Share of its patients with its own beds, by formula.
    pub apart: Option<f64>,
    /// The same by simulation.
    pub apart_simulated: Option<Interval>,
    /// Share of its patients with shared beds, by simulation.
    pub together_simulated: Option<Interval>,
}

fn fault(entity: &str, field: &str, value: &str, expected: &str) -> Problem {
    Problem {
        kind: ProblemKind::Range,
        file: None,
        line: None,
        column: None,
        entity: entity.to_owned(),
        field: field.to_owned(),
        message: value.to_owned(),
        expected: expected.to_owned(),
        closest: None,
    }
}

/// What one replication counted.
#[derive(Debug, Clone)]
struct Counted {
    /// Patients of each ward who were refused or waited, and all of them.
    streams: Vec<(u64, u64)>,
    occupancy: f64,
    mean_wait: f64,
}

impl Counted {
    fn of(run: &Run, beds: u32, is_wait: bool) -> Self {
        let station = &run.stations[0];
        let hit = |one: &queueing::StreamRun| if is_wait { one.queued } else { one.lost };
        Self {
            streams: run.streams.iter().map(|one| (hit(one), one.arrived)).collect(),
            occupancy: station.mean_busy(run.window) / f64::from(beds),
            mean_wait: station.waiting_time / (station.started as f64).max(1.0),
        }
    }

    fn all(&self) -> (u64, u64) {
        self.streams.iter().copied().fold((0, 0), add)
    }
}

fn add(one: (u64, u64), other: (u64, u64)) -> (u64, u64) {
    (one.0 + other.0, one.1 + other.1)
}

/// 0 where nobody came.
fn share_of((hit, all): (u64, u64)) -> f64 {
    hit as f64 / (all as f64).max(1.0)
}

/// The share over replications; `None` without any.
fn shares(counts: &[Counted], of: impl Fn(&Counted) -> (u64, u64)) -> Option<Interval> {
    let each: Vec<f64> = counts.iter().map(|one| share_of(of(one))).collect();
    Interval::of(&each)
}

/// Who may stop a search, and who hears how far it is.
#[derive(Clone, Copy)]
struct Watched<'q> {
    stop: &'q AtomicBool,
    progress: &'q (dyn Fn() + Sync),
}

/// Wards on the same beds, and what was simulated of them so far.
struct Search<'q> {
    question: &'q BedQuestion,
    wards: &'q [BedWard],
    watch: Watched<'q>,
    /// By beds, by replication.
    simulated: BTreeMap<u32, Vec<Counted>>,
}

impl<'q> Search<'q> {
    fn new(question: &'q BedQuestion, wards: &'q [BedWard], watch: Watched<'q>) -> Self {
        Self { question, wards, watch, simulated: BTreeMap::new() }
    }

    fn arrivals(&self) -> f64 {
        self.wards.iter().map(|ward| ward.arrivals).sum()
    }

    fn offered(&self) -> f64 {
        self.wards.iter().map(BedWard::offered).sum()
    }

    /// Mean stay of all patients.
    fn stay(&self) -> f64 {
        self.offered() / self.arrivals()
    }

    /// Coefficient of variation of the stays of all patients.
    fn stay_cv(&self) -> f64 {
        if self.wards.len() == 1 {
            return self.question.stay_cv;
        }
        let scatter = 1.0 + self.question.stay_cv.powi(2);
        let squares = self.wards.iter().map(|ward| ward.arrivals * ward.stay * ward.stay);
        let second = squares.sum::<f64>() * scatter / self.arrivals();
        (second / self.stay().powi(2) - 1.0).max(0.0).sqrt()
    }

    /// The least beds, by formula, with at most this share.
    fn least(&self, share: f64) -> u32 {
        let found = match self.question.target {
            BedTarget::Refused(_) => beds_for(self.offered(), share),
            BedTarget::Waiting(_) => servers_for(self.offered(), share),
        };
        found.expect("the question was checked")
    }

    fn formula(&self, beds: u32) -> Option<BedFormula> {
        let station = Station::new(self.arrivals(), self.stay(), beds).ok()?;
        if !self.question.target.is_wait() {
            let loss = station.loss();
            return Some(BedFormula {
                share: loss.refused,
                occupancy: loss.occupancy,
                mean_wait: None,
                approximate_wait: None,
            });
        }
        let wait = station.wait().ok()?;
        let approximate = station.allen_cunneen(1.0, self.stay_cv()).ok()?;
        Some(BedFormula {
            share: wait.waits,
            occupancy: station.utilisation(),
            mean_wait: Some(wait.mean_wait),
            approximate_wait: Some(approximate.mean_wait),
        })
    }

    /// What the replications with so many beds count; none without a simulation, or where the
    /// queue would grow without end; fewer than were asked for when it was stopped.
    fn counts(&mut self, beds: u32) -> Result<&[Counted], Problems> {
        if !self.simulated.contains_key(&beds) {
            let counted = self.simulate(beds)?;
            self.simulated.insert(beds, counted);
        }
        Ok(&self.simulated[&beds])
    }

    fn simulate(&self, beds: u32) -> Result<Vec<Counted>, Problems> {
        let Some(trial) = self.question.trial else { return Ok(Vec::new()) };
        if self.formula(beds).is_none() {
            return Ok(Vec::new());
        }
        let simulator = Simulator::new(&self.model(beds, &trial))?;
        let is_wait = self.question.target.is_wait();
        let run = |number| -> Option<Counted> {
            let run = simulator.run_until(trial.seed, number, self.watch.stop)?;
            Some(Counted::of(&run, beds, is_wait))
        };
        let mut counted = Vec::new();
        let merge = |one| {
            counted.push(one);
            (self.watch.progress)();
            false
        };
        replicate_until(u64::from(trial.replications), self.watch.stop, run, merge);
        Ok(counted)
    }

    /// One station; every ward is a stream with its own stays.
    fn model(&self, beds: u32, trial: &BedTrial) -> queueing::Model {
        let warm_up = self.warm_up(beds, trial);
        let cv = self.question.stay_cv;
        let room =
            if self.question.target.is_wait() { WaitingRoom::Infinite } else { WaitingRoom::None };
        let class = |ward: &BedWard| Class {
            key: ward.name.clone(),
            service: Some(Distribution::Lognormal { mean: ward.stay, cv }),
            ..Class::default()
        };
        let stream = |ward: &BedWard| {
            let first = vec![("beds".into(), 1.0)];
            let preferences = vec![Preference { first, ..Preference::default() }];
            let (rate, week, year) = (ward.arrivals, Vec::new(), Vec::new());
            ArrivalStream {
                key: ward.name.clone(),
                arrivals: Arrivals::Poisson { rate, week, year, curve: None },
                kinds: vec![Kind {
                    class: Some(ward.name.clone()),
                    preferences,
                    ..Kind::default()
                }],
                ..ArrivalStream::default()
            }
        };
        queueing::Model {
            name: "beds".to_owned(),
            time_unit: TimeUnit::Days,
            warm_up,
            horizon: warm_up + f64::from(trial.days),
            stations: vec![queueing::Station {
                key: "beds".to_owned(),
                servers: Servers::Finite(beds),
                waiting_room: room,
                ..queueing::Station::default()
            }],
            classes: self.wards.iter().map(class).collect(),
            streams: self.wards.iter().map(stream).collect(),
            ..queueing::Model::default()
        }
    }

    /// Days until the ward has forgotten that it was empty; see [`BedTrial::warm_up_days`].
    fn warm_up(&self, beds: u32, trial: &BedTrial) -> f64 {
        if let Some(days) = trial.warm_up_days {
            return f64::from(days);
        }
        let scatter = 1.0 + self.stay_cv().powi(2);
        let mut days = 10.0 * scatter * self.stay();
        if self.question.target.is_wait() {
            // The relaxation time of M/M/c under load: 1 / (mu (sqrt c - sqrt a)^2).
            let room = f64::from(beds).sqrt() - self.offered().sqrt();
            days += 5.0 * scatter / 2.0 * self.stay() / (room * room);
        }
        days.ceil().max(30.0).min(f64::from(trial.days))
    }

    fn share(&mut self, beds: u32) -> Result<Option<Interval>, Problems> {
        Ok(shares(self.counts(beds)?, Counted::all))
    }

    /// The least beds, by simulation, that pass a test which more beds never fail; the search
    /// starts at the formula's answer.
    fn least_simulated(
        &mut self,
        from: u32,
        passes: impl Fn(&Interval) -> bool,
    ) -> Result<Option<u32>, Problems> {
        let mut pass = |beds: u32| -> Result<bool, Problems> {
            Ok(beds > 0 && self.share(beds)?.is_some_and(|share| passes(&share)))
        };
        let mut beds = from;
        if pass(beds)? {
            while from - beds < FAR && pass(beds - 1)? {
                beds -= 1;
            }
            return Ok(Some(beds));
        }
        while beds - from < FAR {
            beds += 1;
            if pass(beds)? {
                return Ok(Some(beds));
            }
        }
        Ok(None)
    }

    fn curve(&mut self, name: String, beds: Option<u32>) -> Result<BedCurve, Problems> {
        let target = self.question.target.share();
        let least = self.least(target);
        let (mut least_simulated, mut open) = (None, None);
        if let Some(trial) = self.question.trial {
            least_simulated = self.least_simulated(least, |share| share.mean <= target)?;
            if trial.replications > 1 {
                let reaches = |share: &Interval| share.low().is_some_and(|low| low <= target);
                let meets = |share: &Interval| share.high().is_some_and(|high| high <= target);
                let first = self.least_simulated(least, reaches)?;
                open = first.zip(self.least_simulated(least, meets)?);
            }
            if self.watch.stop.load(Ordering::Relaxed) {
                // The search was cut short, wherever it had come to.
                (least_simulated, open) = (None, None);
            }
        }
        let around = self.question.around;
        let mut shown: Vec<u32> = [Some(least), beds, least_simulated]
            .into_iter()
            .flatten()
            .flat_map(|middle| middle.saturating_sub(around).max(1)..=middle + around)
            .collect();
        shown.sort_unstable();
        shown.dedup();
        let rows = shown.into_iter().map(|beds| self.row(beds)).collect::<Result<_, _>>()?;
        Ok(BedCurve {
            name,
            arrivals: self.arrivals(),
            stay: self.stay(),
            stay_cv: self.stay_cv(),
            offered: self.offered(),
            beds,
            least,
            least_simulated,
            open,
            rows,
        })
    }

    fn row(&mut self, beds: u32) -> Result<BedRow, Problems> {
        let is_wait = self.question.target.is_wait();
        let formula = self.formula(beds);
        let counts = self.counts(beds)?;
        let over = |of: fn(&Counted) -> f64| {
            let each: Vec<f64> = counts.iter().map(of).collect();
            Interval::of(&each)
        };
        let replications = counts.len();
        let both = shares(counts, Counted::all).zip(over(|one| one.occupancy));
        let mean_wait = over(|one| one.mean_wait).filter(|_| is_wait);
        let simulated = both.map(|(share, occupancy)| BedSimulation {
            replications,
            share,
            occupancy,
            mean_wait,
        });
        Ok(BedRow { beds, formula, simulated })
    }
}
