//! The backward pass: from every hospital, how the rest of the pathway is done best.
//!
//! A label stands for one way to go on when a patient is ready for a stage at a hospital: who does the
//! stage there, and which label follows. Because nothing but the clock depends on when that is, the
//! time at which a later stage is done is the greatest of a few sums, each of a moment that is known by
//! then and a coefficient: the moment at which the patient is ready; arrival at this hospital, from
//! which the term of a transfer counts; and, where a visiting team was alerted before, the alert.
//! A label keeps these coefficients. Labels of the last stage are made first, and a hospital keeps
//! only labels that no other one beats at every possible moment, ties included; so the best label
//! at the door is the best route.
//!
//! Nobody is ready before arrival. So a coefficient of the arrival below that of being ready decides
//! nothing, and is lifted to it: then two labels can be compared coefficient by coefficient.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::front::{Candidate, Front, rank};
use super::label::{
    ARRIVAL, Arrival, Goal, Label, NEVER, NONE, NOT_AT_ALL, READY, Service, Shape, Start, Transfer,
    later,
};
use super::scene::Scene;
use super::sites::{AlertAt, Prepared};
use super::{Objective, Outage};

/// So many hospitals make it worth while to wake other threads up.
const MANY_HOSPITALS: usize = 500;

/// What the best of some labels comes to: no route does more stages, or does as many in less time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Promise {
    /// How many stages, as far as the objective ranks them first.
    pub(super) depth: u8,
    /// Seconds from arrival to the first row of the objective.
    pub(super) time: i64,
}

/// Where a patient goes on when a stage is done.
#[derive(Clone, Copy)]
struct Onward {
    /// Where the stage was done.
    hospital: u32,
    /// Where the next one is done: the same hospital, or the receiver of a transfer.
    to: u32,
    transfer: Option<Transfer>,
}

/// How to go on from every hospital, in hours that are alike.
#[derive(Debug, Clone)]
pub(super) struct RoutePlan {
    labels: Vec<Label>,
    /// Coefficients of each label: by row (objective) and variable.
    coefficients: Vec<i64>,
    /// Labels of the first stage by hospital: from and to.
    doors: Vec<(u32, u32)>,
    pub(super) shape: Shape,
    /// Duration of each stage in seconds.
    durations: Vec<u32>,
}

impl RoutePlan {
    /// Plans all routes of one class of hours.
    pub(super) fn new(
        prepared: &Prepared<'_>,
        class: usize,
        objective: &Objective,
        outage: &Outage,
    ) -> Self {
        let shape = Shape::new(prepared, objective);
        let count = prepared.region.network().hospitals().len();
        let stages = &prepared.pathway.stages;
        let mut plan = Self {
            labels: Vec::new(),
            coefficients: Vec::new(),
            doors: vec![(0, 0); count],
            durations: stages.iter().map(|stage| stage.duration.0).collect(),
            shape,
        };
        let scene = Scene::new(prepared, &prepared.classes[class], outage);
        // From the last stage to the first: what is best from here on is known when a stage before asks.
        // (Dynamic programming: nothing before a stage changes what is best after it but the clock, and the
        // coefficients hold for every clock.)
        for stage in (0..stages.len()).rev() {
            let behind = plan.least();
            let front = |hospital: usize| plan.labels_of(&scene, stage, behind, hospital as u32);
            // Small networks are done before other threads have woken up.
            let fronts: Vec<Vec<Candidate>> = if count < MANY_HOSPITALS {
                (0..count).map(front).collect()
            } else {
                (0..count).into_par_iter().map(front).collect()
            };
            for (hospital, front) in fronts.into_iter().enumerate() {
                let from = plan.labels.len() as u32;
                for Candidate { label, coefficients } in front {
                    plan.labels.push(label);
                    plan.coefficients.extend(coefficients);
                }
                plan.doors[hospital] = (from, plan.labels.len() as u32);
            }
        }
        plan
    }

    /// The labels of a hospital for a stage. `doors` holds those of the stage behind it, of which none
    /// is better than `behind`.
    fn labels_of(
        &self,
        scene: &Scene<'_>,
        stage: usize,
        behind: Promise,
        hospital: u32,
    ) -> Vec<Candidate> {
        if scene.is_closed(hospital) {
            return Vec::new();
        }
        let services = scene.services(stage, hospital);
        if services.is_empty() {
            return Vec::new();
        }
        let after = self.after(scene, stage, behind, hospital);
        let mut front = Front::new(&self.labels, &self.shape, true);
        // What can follow does not hang on who does the stage: it is worked out once for all of them.
        for service in services {
            for Candidate { label, coefficients } in &after {
                self.before(stage, service, coefficients, &mut front.spare);
                front.offer(Label { service, ..*label });
            }
        }
        front.kept
    }

    /// What can follow when a stage is done at a hospital: coefficients from that moment.
    fn after(
        &self,
        scene: &Scene<'_>,
        stage: usize,
        behind: Promise,
        hospital: u32,
    ) -> Vec<Candidate> {
        let mut front = Front::new(&self.labels, &self.shape, false);
        let number = stage as u8 + 1;
        let stop = Label {
            hospital,
            service: Service::NOBODY,
            next: NONE,
            transfer: None,
            transfers: 0,
            depth: number,
        };
        if number == self.shape.stages {
            self.stop(number, &mut front.spare);
            front.offer(stop);
            return front.kept;
        }

        let stays = Onward { hospital, to: hospital, transfer: None };
        self.follow(number, stays, &mut front);
        // Journeys come in their order: once not even the fastest hospital behind one could be done
        // before the best label, the longer ones cannot either. (Where no team's alert counts only.)
        let is_plain = self.shape.stride() == 2;
        let least_term = i64::from(scene.least_term(hospital));
        scene.each_transfer(hospital, &mut |to, transfer| {
            let least = later(behind.time, i64::from(transfer.journey));
            let is_earlier = |candidate: &Candidate| {
                candidate.label.depth == behind.depth
                    && candidate.coefficients[READY] < least
                    && candidate.coefficients[ARRIVAL] < later(least, least_term)
            };
            if is_plain && front.kept.iter().any(is_earlier) {
                return false;
            }
            let moves = Onward { hospital, to, transfer: Some(transfer) };
            self.follow(number, moves, &mut front);
            true
        });
        // As far as it goes: a route may end here only where nothing can follow.
        if front.kept.is_empty() {
            self.stop(number, &mut front.spare);
            front.offer(stop);
        }
        front.kept
    }

    /// Coefficients of a route that ends with a stage.
    fn stop(&self, number: u8, out: &mut [i64]) {
        out.fill(NEVER);
        let variables = self.shape.variables();
        for row in 0..self.shape.rows {
            // A stage that is not done is later than any; one that was done before is in the row already.
            let end = if self.shape.row_is(row, number, number) {
                0
            } else if self.shape.objective == Goal::Every && row >= usize::from(number) {
                NOT_AT_ALL
            } else {
                continue;
            };
            out[row * variables + READY] = end;
            out[row * variables + ARRIVAL] = end;
        }
    }

    /// Offers the labels of the next stage at a hospital, reached by a transfer or without.
    fn follow(&self, number: u8, onward: Onward, front: &mut Front<'_>) {
        let (from, until) = self.doors[onward.to as usize];
        let variables = self.shape.variables();
        for next in from..until {
            let label = &self.labels[next as usize];
            let start = next as usize * self.shape.stride();
            for row in 0..self.shape.rows {
                let out = &mut front.spare[row * variables..(row + 1) * variables];
                out.copy_from_slice(&self.coefficients[start + row * variables..][..variables]);
                if let Some(transfer) = onward.transfer {
                    // Ready on arrival there: departure, and the journey.
                    let there = later(out[ARRIVAL], i64::from(transfer.journey));
                    out[READY] = there;
                    out[ARRIVAL] = later(there, i64::from(transfer.term));
                }
                if self.shape.alerts.contains(&number) {
                    // The end of this stage is the alert, too.
                    let column = self.shape.column(number);
                    out[READY] = out[READY].max(out[column]);
                    out[column] = NEVER;
                }
                if self.shape.row_is(row, number, label.depth) {
                    // What follows does not count for this row any more.
                    out.fill(NEVER);
                    out[READY] = 0;
                }
                out[ARRIVAL] = out[ARRIVAL].max(out[READY]);
            }
            front.offer(Label {
                hospital: onward.hospital,
                service: Service::NOBODY,
                next,
                transfer: onward.transfer,
                transfers: label.transfers + u8::from(onward.transfer.is_some()),
                depth: label.depth,
            });
        }
    }

    /// Coefficients before a stage, given those from its end and who does it.
    fn before(&self, stage: usize, service: Service, after: &[i64], out: &mut [i64]) {
        let duration = i64::from(self.durations[stage]);
        let variables = self.shape.variables();
        out.copy_from_slice(after);
        for row in 0..self.shape.rows {
            let out = &mut out[row * variables..(row + 1) * variables];
            let done = later(out[READY], duration);
            // A team makes the stage wait for two things: the greater of two sums, each in a column.
            match service.start {
                Start::After(delay) => out[READY] = later(done, i64::from(delay)),
                Start::Team { alert, offset } => {
                    let column = match alert {
                        AlertAt::Arrival => ARRIVAL,
                        AlertAt::Variable(alert) => self.shape.column(alert),
                    };
                    out[READY] = done;
                    out[column] = out[column].max(later(done, i64::from(offset)));
                }
            }
            out[ARRIVAL] = out[ARRIVAL].max(out[READY]);
        }
    }

    /// Labels at a hospital's door.
    pub(super) fn at_door(&self, hospital: u32) -> std::ops::Range<u32> {
        let (from, to) = self.doors[hospital as usize];
        from..to
    }

    /// The hospital of the last stage that a label's route does.
    pub(super) fn last_hospital(&self, mut label: u32) -> u32 {
        while self.label(label).next != NONE {
            label = self.label(label).next;
        }
        self.label(label).hospital
    }

    pub(super) fn label(&self, label: u32) -> &Label {
        &self.labels[label as usize]
    }

    pub(super) fn duration(&self, stage: usize) -> u32 {
        self.durations[stage]
    }

    /// The time of a row when a patient comes to a first door.
    pub(super) fn time(&self, label: u32, row: usize, arrival: Arrival) -> i64 {
        let start = label as usize * self.shape.stride() + row * self.shape.variables();
        let coefficients = &self.coefficients[start..start + self.shape.variables()];
        let from_ready = later(coefficients[READY], i64::from(arrival.ready));
        let time = from_ready.max(later(coefficients[ARRIVAL], i64::from(arrival.time)));
        // The only alert that is older than the arrival is the call, at zero.
        match self.shape.alerts.first() {
            Some(0) => time.max(coefficients[self.shape.column(0)]),
            _ => time,
        }
    }

    /// What the best of these labels comes to.
    fn least_of(&self, labels: impl Iterator<Item = u32>) -> Promise {
        let mut least = Promise { depth: 0, time: i64::MAX };
        for label in labels {
            let depth = self.first_depth(label);
            // Nobody is ready before arrival, so this is the greater coefficient.
            let time = self.coefficients[label as usize * self.shape.stride() + ARRIVAL];
            if depth > least.depth || (depth == least.depth && time < least.time) {
                least = Promise { depth, time };
            }
        }
        least
    }

    /// What any label at any door promises.
    pub(super) fn least(&self) -> Promise {
        self.least_of(self.doors.iter().flat_map(|&(from, to)| from..to))
    }

    /// What the labels at a hospital's door promise.
    pub(super) fn promise(&self, hospital: u32) -> Promise {
        self.least_of(self.at_door(hospital))
    }

    pub(super) fn first_depth(&self, label: u32) -> u8 {
        self.shape.first_depth(self.labels[label as usize].depth)
    }

    pub(super) fn rows(&self) -> usize {
        self.shape.rows
    }

    /// Which of two labels comes first where their times tie; see [`rank`].
    pub(super) fn rank(&self, a: &Label, b: &Label, has_service: bool) -> Ordering {
        rank(&self.labels, a, b, has_service)
    }
}
