//! Replications shared out among wards that could get the beds.

use crate::queueing::replicate_until;
use crate::run::Control;
use crate::stats::{Estimate, Interval, ocba_shares, probability_of_best};

/// What one replication counts with so many more beds by ward; `None` once it is stopped.
pub(super) type Trial<'t> = dyn Fn(&[u32], u64) -> Option<f64> + Sync + 't;

/// Replications by what was tried, in their order: the first so many of one stream of random numbers.
pub(super) struct Spending<'t> {
    pub(super) trial: &'t Trial<'t>,
    pub(super) control: &'t Control<'t>,
    /// Figures with the beds that are there, by replication.
    pub(super) base: Vec<f64>,
    pub(super) candidates: Vec<Candidate>,
    /// Replications that are finished.
    pub(super) spent: u64,
}

/// More beds that are tried.
pub(super) struct Candidate {
    /// By ward.
    pub(super) more: Vec<u32>,
    /// Figures by replication.
    pub(super) values: Vec<f64>,
}

/// One replication that is to be run; without a candidate, of the beds that are there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Task {
    replication: usize,
    candidate: Option<usize>,
}

impl Spending<'_> {
    /// What each replication gains by more beds.
    pub(super) fn gains(&self, candidate: usize) -> Vec<f64> {
        let values = &self.candidates[candidate].values;
        let mut gains = Vec::with_capacity(values.len());
        for (base, value) in self.base.iter().zip(values) {
            gains.push(base - value);
        }
        gains
    }

    /// What more beds gain; `None` without a replication.
    pub(super) fn gain(&self, candidate: usize) -> Option<Interval> {
        Interval::of(&self.gains(candidate))
    }

    /// What is known of each of the first so many candidates; `None` where one has fewer than two replications.
    fn estimates(&self, count: usize) -> Option<Vec<Estimate>> {
        let mut estimates = Vec::with_capacity(count);
        for candidate in 0..count {
            estimates.push(Estimate::of(&self.gains(candidate))?);
        }
        Some(estimates)
    }

    /// How likely the best of the first so many candidates is the best at least.
    pub(super) fn probability(&self, count: usize) -> Option<f64> {
        Some(probability_of_best(&self.estimates(count)?))
    }

    /// Runs replications until every candidate has as many as `wanted` says, at most so many in all.
    pub(super) fn run(&mut self, wanted: &[usize], most: u64) {
        let mut tasks: Vec<Task> = Vec::new();
        let longest = wanted.iter().copied().max().unwrap_or(0);
        for replication in self.base.len()..longest {
            tasks.push(Task { replication, candidate: None });
        }
        for (candidate, wanted) in wanted.iter().enumerate() {
            for replication in self.candidates[candidate].values.len()..*wanted {
                tasks.push(Task { replication, candidate: Some(candidate) });
            }
        }
        // By replication, the beds that are there first: whatever is cut off behind, each has its partner.
        tasks.sort_unstable();
        tasks.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        self.work_off(&tasks);
    }

    fn work_off(&mut self, tasks: &[Task]) {
        let (trial, control, candidates) = (self.trial, self.control, &self.candidates);
        let spent = self.spent;
        let run = |number: u64| -> Option<f64> {
            let task = tasks[number as usize];
            let more = task.candidate.map_or(&[][..], |candidate| &candidates[candidate].more);
            trial(more, task.replication as u64)
        };
        let mut finished: Vec<f64> = Vec::with_capacity(tasks.len());
        let merge = |value| {
            finished.push(value);
            control.tell(spent + finished.len() as u64);
            false
        };
        replicate_until(tasks.len() as u64, &control.silent(), run, merge);
        self.spent += finished.len() as u64;
        for (task, value) in tasks.iter().zip(finished) {
            match task.candidate {
                None => self.base.push(value),
                Some(candidate) => self.candidates[candidate].values.push(value),
            }
        }
    }

    /// Shares the rest of the budget out: each next replication goes to the ward that lacks most of what the formula
    /// gives it, in steps of one for each ward, behind which the formula is asked again.
    pub(super) fn share_out(&mut self, budget: u64) {
        let count = self.candidates.len();
        while self.spent < budget && !self.control.is_stopped() {
            let Some(estimates) = self.estimates(count) else { return };
            let shares = ocba_shares(&estimates);
            let mut wanted: Vec<usize> = Vec::with_capacity(count);
            for candidate in &self.candidates {
                wanted.push(candidate.values.len());
            }
            let total = (wanted.iter().sum::<usize>() + count) as f64;
            for _ in 0..count {
                let next = most_lacking(&shares, &wanted, total);
                wanted[next] += 1;
            }
            let before = self.spent;
            self.run(&wanted, budget - before);
            if self.spent == before {
                return;
            }
        }
    }
}

/// The ward that lacks most of its share of so many replications in all; the first of equal ones.
fn most_lacking(shares: &[f64], counts: &[usize], total: f64) -> usize {
    let (mut most, mut lack_of_most) = (0, f64::NEG_INFINITY);
    for (number, (share, count)) in shares.iter().zip(counts).enumerate() {
        let lack = share * total - *count as f64;
        if lack > lack_of_most {
            (most, lack_of_most) = (number, lack);
        }
    }
    most
}
