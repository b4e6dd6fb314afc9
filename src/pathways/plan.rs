//! The backward pass: from every hospital, how the rest of the pathway is done best.
//!
//! A label stands for one way to go on from a patient's arrival at a hospital for a stage: who does
//! the stage there, and which label follows. Because nothing but the clock depends on when the
//! patient arrives, the time at which a later stage is done is the greatest of a few sums: arrival
//! plus a coefficient, and, where a visiting team was alerted before, the alert plus a coefficient.
//! A label keeps these coefficients. Labels of the last stage are made first, and a hospital keeps
//! only labels that no other one beats at every possible arrival, ties included; so the best label
//! at the door is the best route.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::sites::{AlertAt, Link, Prepared, Role, Sites, id};
use super::{Objective, Outage};
use crate::model::Way;

/// Stands for "does not depend on this": below every time.
const NEVER: i64 = i64::MIN;

/// Stands for "not at all": a stage that a route does not do.
const NOT_AT_ALL: i64 = i64::MAX;

/// A coefficient with so many seconds more.
fn later(coefficient: i64, seconds: i64) -> i64 {
    match coefficient {
        NEVER | NOT_AT_ALL => coefficient,
        coefficient => coefficient + seconds,
    }
}

/// No position.
pub(super) const NONE: u32 = u32::MAX;

/// Who does a stage at a hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Service {
    pub(super) way: u8,
    /// The helping hospital and the cooperation, or [`NONE`].
    pub(super) partner: u32,
    pub(super) cooperation: u32,
    pub(super) start: Start,
}

/// When the treatment of a stage starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// So many seconds after the patient's arrival.
    After(u32),
    /// When the team is there, too: so many seconds after its alert.
    Team { alert: AlertAt, offset: u32 },
}

impl Service {
    fn rank(self) -> (u8, u32, u32) {
        (self.way, self.partner, self.cooperation)
    }
}

/// A way to go on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Label {
    pub(super) hospital: u32,
    pub(super) service: Service,
    /// The label of the next stage, or [`NONE`] where the route ends.
    pub(super) next: u32,
    /// The transfer to it, when it is at another hospital.
    pub(super) transfer: Option<Handing>,
    /// Transfers from here on.
    transfers: u8,
    /// How many stages are done in all when the route ends.
    pub(super) depth: u8,
}

/// A transfer between two stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Handing {
    /// Cooperation that it rests on, or [`NONE`].
    pub(super) agreement: u32,
    /// Until departure.
    pub(super) waiting: u32,
    /// On the road.
    pub(super) journey: u32,
}

/// How to go on from every hospital, in hours that are alike.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    labels: Vec<Label>,
    /// Coefficients of each label: by row (objective) and variable.
    coefficients: Vec<i64>,
    /// Labels of the first stage by hospital: from and to.
    doors: Vec<(u32, u32)>,
    pub(super) shape: Shape,
    /// Duration of each stage in seconds.
    durations: Vec<u32>,
}

/// What a label's coefficients are about.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    objective: Goal,
    stages: u8,
    rows: usize,
    /// Alerts that some team waits for: 0 the call, `n` the end of the n-th stage.
    alerts: Vec<u8>,
}

/// The objective by numbers: stages count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// This stage first, then the last one.
    Stage(u8),
    /// All stages.
    Every,
}

impl Shape {
    fn new(prepared: &Prepared<'_>, objective: &Objective) -> Self {
        let stages = prepared.pathway.stages.len() as u8;
        let objective = match objective {
            Objective::LastStage => Goal::Stage(stages),
            Objective::Stage(key) => {
                let stage = prepared.pathway.stage(key).expect("checked: the stage exists");
                Goal::Stage(stage as u8 + 1)
            }
            Objective::EveryStage => Goal::Every,
        };
        let rows = match objective {
            Goal::Stage(stage) if stage == stages => 1,
            Goal::Stage(_) => 2,
            Goal::Every => usize::from(stages),
        };
        // Only where some team can come does anything depend on its alert.
        let links = prepared.classes.iter().flat_map(|sites| &sites.links);
        let mut alerts: Vec<u8> = links
            .filter_map(|link| match link.role {
                Role::Transfer { .. } => None,
                Role::Way { stage, way, .. } => {
                    match prepared.alerts[usize::from(stage)][usize::from(way)] {
                        AlertAt::Variable(at) => Some(at),
                        AlertAt::Arrival => None,
                    }
                }
            })
            .collect();
        alerts.sort_unstable();
        alerts.dedup();
        Self { objective, stages, rows, alerts }
    }

    fn variables(&self) -> usize {
        1 + self.alerts.len()
    }

    fn stride(&self) -> usize {
        self.rows * self.variables()
    }

    /// The column of an alert.
    fn column(&self, alert: u8) -> usize {
        1 + self.alerts.iter().position(|own| *own == alert).expect("every alert has a column")
    }

    /// Whether a row is about the end of a stage on a route of this depth; stages from 1.
    fn row_is(&self, row: usize, stage: u8, depth: u8) -> bool {
        match self.objective {
            Goal::Every => row + 1 == usize::from(stage),
            Goal::Stage(chosen) if row == 0 => chosen.min(depth) == stage,
            Goal::Stage(_) => depth == stage,
        }
    }

    /// How far a route gets, as far as the objective ranks it first.
    fn first_depth(&self, depth: u8) -> u8 {
        match self.objective {
            Goal::Stage(chosen) => chosen.min(depth),
            Goal::Every => depth,
        }
    }

    pub(super) fn is_lexicographic(&self) -> bool {
        self.objective != Goal::Every
    }
}

/// Labels of one hospital and stage that no other one beats.
struct Front<'a> {
    plan: &'a Plan,
    kept: Vec<(Label, Vec<i64>)>,
    /// A free vector for the next candidate.
    spare: Vec<i64>,
    has_service: bool,
}

impl<'a> Front<'a> {
    fn new(plan: &'a Plan, has_service: bool) -> Self {
        Self { plan, kept: Vec::new(), spare: vec![NEVER; plan.shape.stride()], has_service }
    }

    /// Keeps the candidate in `spare` unless one that is kept beats it, and drops what it beats.
    fn offer(&mut self, label: Label) {
        for (own, coefficients) in &self.kept {
            if self.beats((own, coefficients), (&label, &self.spare)) {
                return;
            }
        }
        let kept = std::mem::take(&mut self.kept);
        let stays = |(own, coefficients): &(Label, Vec<i64>)| {
            !self.beats((&label, &self.spare), (own, coefficients))
        };
        let mut kept: Vec<_> = kept.into_iter().filter(stays).collect();
        let stride = self.plan.shape.stride();
        kept.push((label, std::mem::replace(&mut self.spare, vec![NEVER; stride])));
        self.kept = kept;
    }

    /// Whether `a` is at least as good as `b` whenever the patient arrives, ties included.
    fn beats(&self, a: (&Label, &[i64]), b: (&Label, &[i64])) -> bool {
        let shape = &self.plan.shape;
        let rank = || self.plan.rank(a.0, b.0, self.has_service) != Ordering::Greater;
        let depths = |label: &Label| (shape.first_depth(label.depth), label.depth);
        if !shape.is_lexicographic() {
            let mut rows = a.1.chunks(shape.variables()).zip(b.1.chunks(shape.variables()));
            return at_most(a.1, b.1) && (rank() || rows.any(|(a, b)| always_less(a, b)));
        }
        let variables = shape.variables();
        let mut first = depths(a.0).0.cmp(&depths(b.0).0).reverse();
        for row in 0..shape.rows {
            match first {
                Ordering::Less => return true,
                Ordering::Greater => return false,
                Ordering::Equal => {}
            }
            let span = row * variables..(row + 1) * variables;
            let (left, right) = (&a.1[span.clone()], &b.1[span]);
            if always_less(left, right) {
                return true;
            }
            if !at_most(left, right) {
                return false;
            }
            // They may tie here: the next row decides, or in the end the rank. Deeper routes come
            // before the time of the last stage.
            first = if row == 0 { a.0.depth.cmp(&b.0.depth).reverse() } else { Ordering::Equal };
        }
        match first {
            Ordering::Less => true,
            Ordering::Greater => false,
            Ordering::Equal => rank(),
        }
    }
}

fn at_most(a: &[i64], b: &[i64]) -> bool {
    a.iter().zip(b).all(|(a, b)| a <= b)
}

/// Whether the greatest of `a` plus variables is below that of `b` for all values of the variables.
fn always_less(a: &[i64], b: &[i64]) -> bool {
    let mut depends = false;
    for (a, b) in a.iter().zip(b) {
        if *b != NEVER {
            depends = true;
            if a >= b {
                return false;
            }
        } else if *a != NEVER {
            return false;
        }
    }
    depends
}

impl Plan {
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
        for stage in (0..stages.len()).rev() {
            let behind = plan.least();
            let work = |hospital: usize| plan.labels_of(&scene, (stage, behind), hospital as u32);
            // Small networks are done before other threads have woken up.
            let fronts: Vec<Vec<(Label, Vec<i64>)>> = if count < 500 {
                (0..count).map(work).collect()
            } else {
                (0..count).into_par_iter().map(work).collect()
            };
            for (hospital, front) in fronts.into_iter().enumerate() {
                let from = plan.labels.len() as u32;
                for (label, coefficients) in front {
                    plan.labels.push(label);
                    plan.coefficients.extend(coefficients);
                }
                plan.doors[hospital] = (from, plan.labels.len() as u32);
            }
        }
        plan
    }

    /// The labels of a hospital for a stage. `doors` holds those of the stage behind it.
    fn labels_of(
        &self,
        scene: &Scene<'_>,
        (stage, behind): (usize, (u8, i64)),
        hospital: u32,
    ) -> Vec<(Label, Vec<i64>)> {
        if scene.is_closed(hospital) {
            return Vec::new();
        }
        let services = scene.services(stage, hospital);
        if services.is_empty() {
            return Vec::new();
        }
        let after = self.after(scene, (stage, behind), hospital);
        let mut front = Front::new(self, true);
        for service in services {
            for (label, coefficients) in &after {
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
        (stage, behind): (usize, (u8, i64)),
        hospital: u32,
    ) -> Vec<(Label, Vec<i64>)> {
        let mut front = Front::new(self, false);
        let number = stage as u8 + 1;
        let stop = Label {
            hospital,
            service: Service { way: 0, partner: NONE, cooperation: NONE, start: Start::After(0) },
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
        self.follow(number, hospital, None, &mut front);
        // Journeys come in their order: once not even the fastest hospital behind one could be done
        // before the best label, the longer ones cannot either. (With one coefficient a label only.)
        let is_plain = self.shape.stride() == 1;
        scene.handings(hospital, &mut |to, handing| {
            if let ([(best, coefficients)], true) = (front.kept.as_slice(), is_plain) {
                let waiting = scene.least_waiting(hospital);
                let least = i64::from(handing.journey) + i64::from(waiting);
                if best.depth == behind.0 && coefficients[0] < later(behind.1, least) {
                    return false;
                }
            }
            self.follow(number, to, Some((hospital, handing)), &mut front);
            true
        });
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
            if self.shape.row_is(row, number, number) {
                out[row * variables] = 0;
            } else if self.shape.objective == Goal::Every && row >= usize::from(number) {
                out[row * variables] = NOT_AT_ALL;
            }
        }
    }

    /// Offers the labels of the next stage at a hospital, reached by a transfer or without.
    fn follow(&self, number: u8, to: u32, handing: Option<(u32, Handing)>, front: &mut Front<'_>) {
        let (from, until) = self.doors[to as usize];
        let variables = self.shape.variables();
        let (way, moved) = match handing {
            None => (0, None),
            Some((_, handing)) => {
                (i64::from(handing.waiting) + i64::from(handing.journey), Some(handing))
            }
        };
        let hospital = handing.map_or(to, |(hospital, _)| hospital);
        for next in from..until {
            let label = &self.labels[next as usize];
            let start = next as usize * self.shape.stride();
            for row in 0..self.shape.rows {
                let out = &mut front.spare[row * variables..(row + 1) * variables];
                out.copy_from_slice(&self.coefficients[start + row * variables..][..variables]);
                out[0] = later(out[0], way);
                if self.shape.alerts.contains(&number) {
                    // The end of this stage is the alert, too.
                    let column = self.shape.column(number);
                    out[0] = out[0].max(out[column]);
                    out[column] = NEVER;
                }
                if self.shape.row_is(row, number, label.depth) {
                    out.fill(NEVER);
                    out[0] = 0;
                }
            }
            front.offer(Label {
                hospital,
                service: Service {
                    way: 0,
                    partner: NONE,
                    cooperation: NONE,
                    start: Start::After(0),
                },
                next,
                transfer: moved,
                transfers: label.transfers + u8::from(moved.is_some()),
                depth: label.depth,
            });
        }
    }

    /// Coefficients from arrival, given those from the end of the stage and who does it.
    fn before(&self, stage: usize, service: Service, after: &[i64], out: &mut [i64]) {
        let duration = i64::from(self.durations[stage]);
        let variables = self.shape.variables();
        out.copy_from_slice(after);
        for row in 0..self.shape.rows {
            let out = &mut out[row * variables..(row + 1) * variables];
            let done = later(out[0], duration);
            match service.start {
                Start::After(delay) | Start::Team { alert: AlertAt::Arrival, offset: delay } => {
                    out[0] = later(done, i64::from(delay));
                }
                Start::Team { alert: AlertAt::Variable(alert), offset } => {
                    let column = self.shape.column(alert);
                    out[0] = done;
                    out[column] = out[column].max(later(done, i64::from(offset)));
                }
            }
        }
    }

    /// Labels at a hospital's door.
    pub(super) fn at_door(&self, hospital: u32) -> std::ops::Range<u32> {
        let (from, to) = self.doors[hospital as usize];
        from..to
    }

    pub(super) fn label(&self, label: u32) -> &Label {
        &self.labels[label as usize]
    }

    pub(super) fn duration(&self, stage: usize) -> u32 {
        self.durations[stage]
    }

    /// The time of a row when a patient arrives for the first stage at `arrival`.
    pub(super) fn time(&self, label: u32, row: usize, arrival: i64) -> i64 {
        let start = label as usize * self.shape.stride() + row * self.shape.variables();
        let own = later(self.coefficients[start], arrival);
        // The only alert that is older than the arrival is the call, at zero.
        match self.shape.alerts.first() {
            Some(0) => own.max(self.coefficients[start + 1]),
            _ => own,
        }
    }

    /// The most stages that any of these labels does, as the objective ranks them first, and the
    /// least time that one of those takes from arrival to the first row.
    fn least_of(&self, labels: impl Iterator<Item = u32>) -> (u8, i64) {
        let mut least = (0, i64::MAX);
        for label in labels {
            let depth = self.first_depth(label);
            let time = self.coefficients[label as usize * self.shape.stride()];
            if depth > least.0 || (depth == least.0 && time < least.1) {
                least = (depth, time);
            }
        }
        least
    }

    /// What any label at any door promises: no route does more stages, or does as many in less.
    pub(super) fn least(&self) -> (u8, i64) {
        self.least_of(self.doors.iter().flat_map(|&(from, to)| from..to))
    }

    /// What the labels at a hospital's door promise.
    pub(super) fn promise(&self, hospital: u32) -> (u8, i64) {
        self.least_of(self.at_door(hospital))
    }

    pub(super) fn first_depth(&self, label: u32) -> u8 {
        self.shape.first_depth(self.labels[label as usize].depth)
    }

    pub(super) fn rows(&self) -> usize {
        self.shape.rows
    }

    /// Fewer transfers; then the smaller keys of the hospitals in the order of the stages; then of
    /// ways, partners and cooperations; then of transfer agreements, none last.
    pub(super) fn rank(&self, a: &Label, b: &Label, has_service: bool) -> Ordering {
        let transfers = a.transfers.cmp(&b.transfers);
        transfers
            .then_with(|| self.walk(a, b, |label, _| label.hospital))
            .then_with(|| {
                let service = |label: &Label, first: bool| {
                    if first && !has_service { (0, 0, 0) } else { label.service.rank() }
                };
                self.walk(a, b, service)
            })
            .then_with(|| {
                self.walk(a, b, |label, _| label.transfer.map_or(NONE, |handing| handing.agreement))
            })
    }

    /// Compares two routes stage by stage.
    fn walk<K: Ord>(&self, a: &Label, b: &Label, key: impl Fn(&Label, bool) -> K) -> Ordering {
        let (mut a, mut b, mut first) = (a, b, true);
        loop {
            let order = key(a, first).cmp(&key(b, first));
            if order != Ordering::Equal || a.next == b.next {
                return order;
            }
            match (a.next, b.next) {
                (NONE, _) => return Ordering::Less,
                (_, NONE) => return Ordering::Greater,
                (left, right) => (a, b) = (self.label(left), self.label(right)),
            }
            first = false;
        }
    }
}

/// The static network without what is out, ordered by hospital.
pub(super) struct Scene<'a> {
    prepared: &'a Prepared<'a>,
    sites: &'a Sites,
    outage: &'a Outage,
    /// Links of ways to each hospital, and of transfers from each.
    ways: Vec<Vec<&'a Link>>,
    transfers: Vec<Vec<&'a Link>>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(prepared: &'a Prepared<'a>, sites: &'a Sites, outage: &'a Outage) -> Self {
        let count = prepared.region.network().hospitals().len();
        let (mut ways, mut transfers) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for link in &sites.links {
            let is_out = outage.cooperations.contains(&(link.cooperation as usize))
                || outage.is_closed(link.from)
                || outage.is_closed(link.to);
            if is_out {
                continue;
            }
            match link.role {
                Role::Transfer { .. } => transfers[link.from as usize].push(link),
                Role::Way { .. } => ways[link.to as usize].push(link),
            }
        }
        Self { prepared, sites, outage, ways, transfers }
    }

    fn is_closed(&self, hospital: u32) -> bool {
        self.outage.is_closed(hospital)
    }

    /// Whether a stage can be done at a hospital, by whatever way.
    pub(super) fn can_do(&self, stage: usize, hospital: u32) -> bool {
        !self.is_closed(hospital) && !self.services(stage, hospital).is_empty()
    }

    /// Who can do a stage at a hospital.
    fn services(&self, stage: usize, hospital: u32) -> Vec<Service> {
        let mut services = Vec::new();
        let ways = &self.prepared.pathway.stages[stage].ways;
        for (at, way) in ways.iter().enumerate() {
            let own = &self.sites.on_site[stage][at];
            if matches!(way, Way::OnSite) && own.contains(hospital as usize) {
                let start = Start::After(0);
                services.push(Service { way: at as u8, partner: NONE, cooperation: NONE, start });
            }
        }
        for link in &self.ways[hospital as usize] {
            let Role::Way { stage: of, way, term } = link.role else { continue };
            if usize::from(of) != stage {
                continue;
            }
            let start = match &ways[usize::from(way)] {
                Way::VisitingTeam { .. } => {
                    let journey = self.prepared.region.between(id(link.from), id(hospital));
                    let Some(journey) = journey else { continue };
                    let alert = self.prepared.alerts[stage][usize::from(way)];
                    Start::Team { alert, offset: term + journey.0 }
                }
                _ => Start::After(term),
            };
            let (partner, cooperation) = (link.from, link.cooperation);
            services.push(Service { way, partner, cooperation, start });
        }
        services
    }

    /// The least time between the end of a stage and departure from a hospital.
    fn least_waiting(&self, hospital: u32) -> u32 {
        let rule = &self.prepared.pathway.transfer;
        let usual = rule.without_agreement.penalty();
        let usual = usual.map_or(u32::MAX, |penalty| (rule.door_in_door_out + penalty).0);
        let links = self.transfers[hospital as usize].iter();
        links.fold(usual, |least, link| match link.role {
            Role::Transfer { door_in_door_out } => least.min(door_in_door_out),
            Role::Way { .. } => least,
        })
    }

    /// Every way to hand a patient on from a hospital, by the length of the journey, until `each`
    /// says that longer ones do not matter.
    fn handings(&self, hospital: u32, each: &mut dyn FnMut(u32, Handing) -> bool) {
        let rule = &self.prepared.pathway.transfer;
        let links = &self.transfers[hospital as usize];
        let penalty = rule.without_agreement.penalty();
        if penalty.is_none() && links.is_empty() {
            return;
        }
        let (to, seconds) = self.prepared.region.journeys_of(hospital as usize);
        for (&to, &journey) in to.iter().zip(seconds) {
            if to == hospital {
                continue;
            }
            let journey = u32::from(journey);
            for link in links.iter().filter(|link| link.to == to) {
                if let Role::Transfer { door_in_door_out: waiting } = link.role
                    && !each(to, Handing { agreement: link.cooperation, waiting, journey })
                {
                    return;
                }
            }
            if let Some(penalty) = penalty {
                let waiting = (rule.door_in_door_out + penalty).0;
                if !each(to, Handing { agreement: NONE, waiting, journey }) {
                    return;
                }
            }
        }
    }
}
