//! Labels: ways to go on from a hospital, what their coefficients are about, and how a patient gets there.

use super::Objective;
use super::sites::{AlertAt, Prepared, Role};
use crate::model::{CooperationId, HospitalId, Network};

/// Stands for "does not depend on this": below every time.
pub(super) const NEVER: i64 = i64::MIN;

/// Stands for "not at all": a stage that a route does not do.
pub(super) const NOT_AT_ALL: i64 = i64::MAX;

/// A coefficient with so many seconds more.
pub(super) fn later(coefficient: i64, seconds: i64) -> i64 {
    match coefficient {
        NEVER | NOT_AT_ALL => coefficient,
        coefficient => coefficient + seconds,
    }
}

/// No number: labels are many, and so they are kept as short as can be.
pub(super) const NONE: u32 = u32::MAX;

/// The cooperation of a number, unless that is [`NONE`].
pub(super) fn cooperation_of(number: u32) -> Option<CooperationId> {
    if number == NONE { None } else { Some(CooperationId(number)) }
}

/// A patient's way to a first hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arrival {
    pub(super) hospital: u32,
    /// From the call to the door, in seconds.
    pub(super) time: u32,
    /// From the call to the moment from which the first stage counts: the door, or handover.
    pub(super) ready: u32,
    /// Position in the pathway's means.
    pub(super) means: u8,
}

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
    /// Stands where it is not said yet who does the stage.
    pub(super) const NOBODY: Self =
        Self { way: 0, partner: NONE, cooperation: NONE, start: Start::After(0) };

    /// The helping hospital, if there is one.
    pub(super) fn partner_in(self, network: &Network) -> Option<HospitalId> {
        if self.partner == NONE {
            return None;
        }
        Some(network.id(self.partner))
    }

    pub(super) fn rank(self) -> (u8, u32, u32) {
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
    pub(super) transfer: Option<Transfer>,
    /// Transfers from here on.
    pub(super) transfers: u8,
    /// How many stages are done in all when the route ends.
    pub(super) depth: u8,
}

/// A transfer between two stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Transfer {
    /// Cooperation that it rests on, or [`NONE`].
    pub(super) agreement: u32,
    /// From arrival at the sender to departure, unless its stages take longer.
    pub(super) term: u32,
    /// On the road.
    pub(super) journey: u32,
}

impl Transfer {
    /// When the patient departs who came to the sender at one moment and was done there at another.
    pub(super) fn departure(self, came: u32, done: u32) -> u32 {
        done.max(came + self.term)
    }
}

/// The column of the moment at which the patient is ready for the stage: the end of the stage before,
/// arrival after a transfer, the door or handover.
pub(super) const READY: usize = 0;

/// The column of the patient's arrival at this hospital, which is never behind [`READY`].
pub(super) const ARRIVAL: usize = 1;

/// What a label's coefficients are about.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) objective: Goal,
    pub(super) stages: u8,
    pub(super) rows: usize,
    /// Alerts that some team waits for: 0 the call, `n` the end of the n-th stage.
    pub(super) alerts: Vec<u8>,
}

/// The objective by numbers: stages count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// This stage first, then the last one.
    Stage(u8),
    /// All stages.
    Every,
}

impl Shape {
    pub(super) fn new(prepared: &Prepared<'_>, objective: &Objective) -> Self {
        let stages = prepared.pathway.stages.len() as u8;
        let objective = match objective {
            Objective::LastStage => Goal::Stage(stages),
            Objective::Stage(key) => {
                let stage = prepared.pathway.stage(key).expect("checked: the stage exists");
                Goal::Stage(stage.index() as u8 + 1)
            }
            Objective::EveryStage => Goal::Every,
        };
        // One row for each time that is compared: of a chosen stage, then of the last one.
        let rows = match objective {
            Goal::Stage(stage) if stage == stages => 1,
            Goal::Stage(_) => 2,
            Goal::Every => usize::from(stages),
        };
        Self { objective, stages, rows, alerts: alerts(prepared) }
    }

    pub(super) fn variables(&self) -> usize {
        2 + self.alerts.len()
    }

    pub(super) fn stride(&self) -> usize {
        self.rows * self.variables()
    }

    /// The column of an alert.
    pub(super) fn column(&self, alert: u8) -> usize {
        let column = self.alerts.iter().position(|known| *known == alert);
        2 + column.expect("every alert has a column")
    }

    /// Whether a row is about the end of a stage on a route of this depth; stages from 1.
    pub(super) fn row_is(&self, row: usize, stage: u8, depth: u8) -> bool {
        match self.objective {
            Goal::Every => row + 1 == usize::from(stage),
            Goal::Stage(chosen) if row == 0 => chosen.min(depth) == stage,
            Goal::Stage(_) => depth == stage,
        }
    }

    /// How far a route gets, as far as the objective ranks it first.
    pub(super) fn first_depth(&self, depth: u8) -> u8 {
        match self.objective {
            Goal::Stage(chosen) => chosen.min(depth),
            Goal::Every => depth,
        }
    }

    pub(super) fn is_lexicographic(&self) -> bool {
        self.objective != Goal::Every
    }
}

/// The alerts that a team may wait for, rising.
fn alerts(prepared: &Prepared<'_>) -> Vec<u8> {
    let mut alerts: Vec<u8> = Vec::new();
    // Only where some team can come does anything depend on its alert: every column more costs time in
    // each comparison of labels.
    for link in prepared.classes.iter().flat_map(|sites| &sites.links) {
        let Role::Way { stage, way, .. } = link.role else { continue };
        let alert = prepared.alerts[usize::from(stage)][usize::from(way)];
        if let AlertAt::Variable(number) = alert {
            alerts.push(number);
        }
    }
    alerts.sort_unstable();
    alerts.dedup();
    alerts
}
