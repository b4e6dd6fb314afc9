//! The least beds, by formula and by simulation, and what more and fewer give.

use std::collections::BTreeMap;

use super::answer::{BedCurve, BedFormula, BedRow, BedSimulation};
use super::trial::{Counted, Days, Load, model, over};
use super::{BedQuestion, BedTarget, BedWard};
use crate::problem::Problems;
use crate::queueing::formulas::{Station, beds_for, servers_for};
use crate::queueing::{Simulator, replicate_until};
use crate::run::Control;
use crate::stats::Interval;

/// Beds away from the formula's answer at which the search by simulation gives up.
const FAR: u32 = 100;

/// Who may stop a search, and what hears of each replication.
#[derive(Clone, Copy)]
pub(super) struct Watched<'q> {
    pub(super) control: &'q Control<'q>,
    pub(super) progress: &'q (dyn Fn() + Sync),
}

/// Wards on the same beds, and what was simulated of them so far.
pub(super) struct Search<'q> {
    question: &'q BedQuestion,
    wards: &'q [BedWard],
    watch: Watched<'q>,
    /// By beds, by replication.
    simulated: BTreeMap<u32, Vec<Counted>>,
}

impl<'q> Search<'q> {
    pub(super) fn new(question: &'q BedQuestion, wards: &'q [BedWard], watch: Watched<'q>) -> Self {
        Self { question, wards, watch, simulated: BTreeMap::new() }
    }

    /// Patients a day.
    pub(super) fn arrivals(&self) -> f64 {
        self.wards.iter().map(|ward| ward.arrivals).sum()
    }

    /// Beds that would be taken on average if nobody were refused.
    fn offered(&self) -> f64 {
        self.wards.iter().map(BedWard::offered).sum()
    }

    /// Mean stay of all patients in days.
    fn stay(&self) -> f64 {
        self.offered() / self.arrivals()
    }

    /// Coefficient of variation of the stays of all patients.
    fn stay_cv(&self) -> f64 {
        if self.wards.len() == 1 {
            return self.question.stay_cv;
        }
        // From the second moment of a mixture: wards differ in their means, too.
        let scatter = 1.0 + self.question.stay_cv.powi(2);
        let mut squares = 0.0;
        for ward in self.wards {
            squares += ward.arrivals * ward.stay * ward.stay;
        }
        let second = squares * scatter / self.arrivals();
        (second / self.stay().powi(2) - 1.0).max(0.0).sqrt()
    }

    /// The least beds, by formula, with at most this share.
    pub(super) fn least(&self, share: f64) -> u32 {
        let beds = match self.question.target {
            BedTarget::Refused(_) => beds_for(self.offered(), share),
            BedTarget::Waiting(_) => servers_for(self.offered(), share),
        };
        beds.expect("the question was checked")
    }

    /// The share by formula; `None` where the queue would grow without end.
    pub(super) fn share_by_formula(&self, beds: u32) -> Option<f64> {
        Some(self.formula(beds)?.share)
    }

    pub(super) fn formula(&self, beds: u32) -> Option<BedFormula> {
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
    pub(super) fn counts(&mut self, beds: u32) -> Result<&[Counted], Problems> {
        // The searches for several tests, and the rows, ask for the same numbers of beds.
        if !self.simulated.contains_key(&beds) {
            let counted = self.simulate(beds)?;
            self.simulated.insert(beds, counted);
        }
        Ok(self.known_counts(beds))
    }

    /// What [`Self::counts`] found before; none where nobody asked.
    pub(super) fn known_counts(&self, beds: u32) -> &[Counted] {
        self.simulated.get(&beds).map_or(&[], Vec::as_slice)
    }

    fn simulate(&self, beds: u32) -> Result<Vec<Counted>, Problems> {
        let Some(trial) = self.question.trial else { return Ok(Vec::new()) };
        // A queue that grows without end has no answer by simulation either.
        if self.formula(beds).is_none() {
            return Ok(Vec::new());
        }
        let is_wait = self.question.target.is_wait();
        let (offered, stay, stay_cv) = (self.offered(), self.stay(), self.stay_cv());
        let load = Load { beds, offered, stay, stay_cv, is_wait };
        let days = Days { warm_up: load.warm_up(&trial), counted: f64::from(trial.days) };
        let simulator = Simulator::new(&model(self.question, self.wards, beds, days))?;
        let run = |number| -> Option<Counted> {
            let run = simulator.run_until(trial.seed, number, self.watch.control)?;
            Some(Counted::new(&run, beds, is_wait))
        };
        let mut counted = Vec::new();
        let merge = |replication| {
            counted.push(replication);
            (self.watch.progress)();
            false
        };
        replicate_until(u64::from(trial.replications), &self.watch.control.silent(), run, merge);
        Ok(counted)
    }

    fn share(&mut self, beds: u32) -> Result<Option<Interval>, Problems> {
        Ok(over(self.counts(beds)?, |counted| counted.total().share()))
    }

    /// The least beds, by simulation, that pass a test which more beds never fail; the search
    /// starts at the formula's answer.
    fn least_simulated(
        &mut self,
        start: u32,
        passes: impl Fn(&Interval) -> bool,
    ) -> Result<Option<u32>, Problems> {
        let mut pass = |beds: u32| -> Result<bool, Problems> {
            Ok(beds > 0 && self.share(beds)?.is_some_and(|share| passes(&share)))
        };
        let mut beds = start;
        if pass(beds)? {
            while start - beds < FAR && pass(beds - 1)? {
                beds -= 1;
            }
            return Ok(Some(beds));
        }
        // One by one: more beds never fail, so that the first that passes is the least.
        while beds - start < FAR {
            beds += 1;
            if pass(beds)? {
                return Ok(Some(beds));
            }
        }
        Ok(None)
    }

    pub(super) fn curve(&mut self, name: String, beds: Option<u32>) -> Result<BedCurve, Problems> {
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
            if self.watch.control.is_stopped() {
                // The search was cut short, wherever it had come to.
                (least_simulated, open) = (None, None);
            }
        }

        let around = self.question.around;
        // Around each of them, so that nobody has to guess what a bed more would change.
        let mut shown: Vec<u32> = Vec::new();
        for middle in [Some(least), beds, least_simulated].into_iter().flatten() {
            shown.extend(middle.saturating_sub(around).max(1)..=middle + around);
        }
        shown.sort_unstable();
        shown.dedup();
        let mut rows = Vec::with_capacity(shown.len());
        for beds in shown {
            rows.push(self.row(beds)?);
        }
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
        let share = over(counts, |counted| counted.total().share());
        let occupancy = over(counts, |counted| counted.occupancy);
        let mean_wait = over(counts, |counted| counted.mean_wait).filter(|_| is_wait);
        let simulated = match (share, occupancy) {
            (Some(share), Some(occupancy)) => {
                Some(BedSimulation { replications: counts.len(), share, occupancy, mean_wait })
            }
            _ => None,
        };
        Ok(BedRow { beds, formula, simulated })
    }
}
