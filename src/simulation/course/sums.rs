//! What stations were like at the moments of a course, summed up over replications.

use crate::queueing::{Moment, Moments};
use crate::simulation::PatientFlow;
use crate::simulation::sample::Sample;
use crate::simulation::spans::DAY;

/// Most days of a course.
const MOST_DAYS: u32 = 1000;

/// Most hours of a course: two weeks.
const MOST_HOURS: u32 = 336;

/// Hours that are looked at behind the last patient whom an incident brings.
const HOURS_BEHIND: i64 = 72;

/// Most steps of all hospitals together: about a hundred bytes each.
const MOST_STEPS: usize = 2_000_000;

/// A hospital in a step of the course, in the base and in a scenario; sums over replications.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    /// Occupied beds at its end.
    pub(super) occupied: [f64; 2],
    /// Of these, the differences, and their squares.
    pub(super) difference: f64,
    pub(super) squares: f64,
    /// Patients in it, whose first choice the hospital is, who were sent on or let in nowhere.
    pub(super) sent_on: [f64; 2],
    /// Who were laid in another ward of the house.
    pub(super) beside: [f64; 2],
    /// Who were let in without a free bed.
    pub(super) forced: [f64; 2],
}

/// The steps of one length.
#[derive(Debug, Default)]
pub(super) struct StepSums {
    /// Hours of the run at the end of each step; the start of the first one before them.
    pub(super) hours: Vec<u32>,
    /// By scenario, step and hospital, those of all hospitals inside behind them.
    pub(super) by_scenario: Vec<Vec<Vec<Sums>>>,
}

/// The courses of all scenarios beside the base.
#[derive(Debug, Default)]
pub(in crate::simulation) struct CourseSums {
    pub(super) moments: Moments,
    pub(super) days: StepSums,
    pub(super) hours: StepSums,
}

impl CourseSums {
    /// Nothing summed up yet; no moments where no scenario changes anything within the days that are counted, or one has
    /// other wards than the base.
    pub(in crate::simulation) fn new(flows: &[PatientFlow<'_>]) -> Self {
        // Stations are compared by their place in the list, which is the same only where wards are.
        let moments = if super::super::other_wards(flows).is_some() {
            Moments::default()
        } else {
            moments_of(flows)
        };
        let scenarios = flows.len().saturating_sub(1);
        let sums = |hours: Vec<u32>| StepSums { hours, by_scenario: vec![Vec::new(); scenarios] };
        Self {
            moments,
            days: sums(moments.days().collect()),
            hours: sums(moments.hours().collect()),
        }
    }

    /// When the stations of every replication are looked at.
    pub(in crate::simulation) fn moments(&self) -> Moments {
        self.moments
    }

    /// Adds a replication of all flows, the base first.
    pub(in crate::simulation) fn add(&mut self, flows: &[PatientFlow<'_>], samples: &[Sample]) {
        if self.moments == Moments::default() {
            return;
        }
        let mut looked = Vec::with_capacity(samples.len());
        for (flow, sample) in flows.iter().zip(samples) {
            looked.push(Looked::new(flow, &sample.moments));
        }
        // The same replication of base and scenario has the same patients, so that differences are of the change alone.
        let Some((base, scenarios)) = looked.split_first() else { return };
        for (number, scenario) in scenarios.iter().enumerate() {
            self.days.add(number, base, scenario);
            self.hours.add(number, base, scenario);
        }
    }
}

impl StepSums {
    fn add(&mut self, scenario: usize, base: &Looked, beside: &Looked) {
        let sums = &mut self.by_scenario[scenario];
        for (step, ends) in self.hours.windows(2).enumerate() {
            let (Some(base), Some(beside)) =
                (base.step(ends[0], ends[1]), beside.step(ends[0], ends[1]))
            else {
                // A run that was cut off looked at fewer moments.
                continue;
            };
            if sums.len() <= step {
                sums.resize(step + 1, Vec::new());
            }
            let hospitals = &mut sums[step];
            hospitals.resize(base.len(), Sums::default());
            for (sum, (base, beside)) in hospitals.iter_mut().zip(base.iter().zip(&beside)) {
                sum.add(base, beside);
            }
        }
    }
}

impl Sums {
    fn add(&mut self, base: &Counts, beside: &Counts) {
        let difference = beside.occupied - base.occupied;
        self.difference += difference;
        self.squares += difference * difference;
        for (place, counts) in [base, beside].into_iter().enumerate() {
            self.occupied[place] += counts.occupied;
            self.sent_on[place] += counts.sent_on;
            self.beside[place] += counts.beside;
            self.forced[place] += counts.forced;
        }
    }
}

/// A hospital at a moment, or in a step.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    occupied: f64,
    sent_on: f64,
    beside: f64,
    forced: f64,
}

/// The hospitals of a replication at its moments, all inside behind them.
struct Looked {
    hours: Vec<u32>,
    hospitals: Vec<Vec<Counts>>,
}

impl Looked {
    fn new(flow: &PatientFlow<'_>, moments: &[Moment]) -> Self {
        let mut looked = Self { hours: Vec::new(), hospitals: Vec::new() };
        let network = flow.region().network();
        let inside = network.hospitals().len();
        for moment in moments {
            let mut hospitals = vec![Counts::default(); inside + 1];
            for (ward, station) in flow.wards().iter().zip(&moment.stations) {
                let position = ward.hospital.index();
                let mut places = vec![position];
                // Hospitals outside have a course of their own and no part in that of the region.
                if !network[ward.hospital].outside {
                    places.push(inside);
                }
                for place in places {
                    let counts = &mut hospitals[place];
                    counts.occupied += f64::from(station.busy);
                    counts.sent_on += f64::from(station.sent_on);
                    counts.beside += f64::from(station.beside);
                    counts.forced += f64::from(station.forced);
                }
            }
            looked.hours.push(moment.hours);
            looked.hospitals.push(hospitals);
        }
        looked
    }

    fn at(&self, hours: u32) -> Option<&[Counts]> {
        let position = self.hours.binary_search(&hours).ok()?;
        Some(&self.hospitals[position])
    }

    /// What happened from one moment to another, with the occupied beds at the end.
    fn step(&self, from: u32, until: u32) -> Option<Vec<Counts>> {
        let (before, after) = (self.at(from)?, self.at(until)?);
        let mut steps = Vec::with_capacity(after.len());
        for (before, after) in before.iter().zip(after) {
            steps.push(Counts {
                occupied: after.occupied,
                // Counted from the start of the run on: what is new is of the step.
                sent_on: after.sent_on - before.sent_on,
                beside: after.beside - before.beside,
                forced: after.forced - before.forced,
            });
        }
        Some(steps)
    }
}

/// The days from the first change on, and the hours from the first incident on.
fn moments_of(flows: &[PatientFlow<'_>]) -> Moments {
    let mut moments = Moments::default();
    let Some((base, scenarios)) = flows.split_first() else { return moments };
    let settings = base.settings();
    let (start, counted) = (base.starts(), i64::from(settings.days) * DAY);
    let warm_up = settings.warm_up_days.saturating_mul(24);
    let hospitals = base.region().network().hospitals().len() + 1;
    let most = u32::try_from(MOST_STEPS / hospitals / scenarios.len().max(1)).unwrap_or(MOST_DAYS);

    let mut first: Option<i64> = None;
    let mut incidents: Option<(i64, i64)> = None;
    for flow in scenarios {
        for span in flow.spans() {
            let begins = span.begins.minutes_since(start);
            let ends = begins.saturating_add(span.minutes.unwrap_or(0));
            if begins >= counted || span.minutes.is_some() && ends <= 0 {
                continue;
            }
            first = Some(first.map_or(begins, |first| first.min(begins)));
            if span.is_incident() {
                let (from, until) = incidents.unwrap_or((begins, ends));
                incidents = Some((from.min(begins), until.max(ends)));
            }
        }
    }
    if let Some(first) = first {
        let day = (first.max(0) / DAY) as u32;
        moments.from_day = warm_up + day * 24;
        moments.days = (settings.days - day).min(MOST_DAYS).min(most);
    }
    if let Some((from, until)) = incidents {
        let hour = (from.max(0) / 60) as u32;
        let last = ((until + 59) / 60 + HOURS_BEHIND).min(counted / 60);
        moments.from_hour = warm_up + hour;
        moments.hours = (last.max(0) as u32).saturating_sub(hour).min(MOST_HOURS).min(most);
    }
    moments
}
