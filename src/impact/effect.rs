//! What changes from one state of a study to another.

use std::iter::Sum;

use serde::Serialize;

use crate::model::StageIndex;
use crate::units::{Seconds, as_seconds};

/// What changes from one state to a better one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Effect {
    /// People whose time falls, those who gain a way included.
    pub people: f64,
    /// People who had no way to the objective and gain one.
    pub people_with_way: f64,
    /// Cases a year whose time falls.
    pub cases: f64,
    /// Seconds saved a year, over all cases.
    pub seconds: f64,
    /// The most that anybody saves.
    #[serde(rename = "most_seconds", serialize_with = "as_seconds")]
    pub most: Seconds,
    /// People whose time rises: only possible under a protocol.
    pub people_later: f64,
    /// Seconds lost a year by those, over all their cases; not subtracted from `seconds`.
    pub seconds_lost: f64,
}

/// What changes until the stage that makes a hospital a door of a pathway
/// ([`door`](crate::model::Pathway::door)).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ToDoor {
    /// The stage.
    pub stage: StageIndex,
    /// What changes until its end.
    pub effect: Effect,
}

impl Effect {
    /// Seconds saved per case whose time falls; `None` where there is none.
    pub fn seconds_per_case(&self) -> Option<f64> {
        if self.cases > 0.0 { Some(self.seconds / self.cases) } else { None }
    }

    /// Seconds saved a year less seconds lost.
    pub fn net_seconds(&self) -> f64 {
        self.seconds - self.seconds_lost
    }

    /// Whether nothing changes for anybody.
    pub fn is_nothing(&self) -> bool {
        self.people == 0.0 && self.people_later == 0.0 && self.seconds == 0.0
    }

    /// Both together, of two pathways. Cases and their seconds add up; of people the greater number
    /// counts, because the same people may need both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            people: self.people.max(other.people),
            people_with_way: self.people_with_way.max(other.people_with_way),
            cases: self.cases + other.cases,
            seconds: self.seconds + other.seconds,
            most: self.most.max(other.most),
            people_later: self.people_later.max(other.people_later),
            seconds_lost: self.seconds_lost + other.seconds_lost,
        }
    }
}

impl Sum for Effect {
    fn sum<I: Iterator<Item = Self>>(effects: I) -> Self {
        effects.fold(Self::default(), Self::and)
    }
}
