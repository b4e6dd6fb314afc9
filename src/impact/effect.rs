//! What changes from one state of a study to another.

use std::iter::Sum;

use crate::units::Seconds;

/// What changes from one state to a better one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
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
    pub most: Seconds,
    /// People whose time rises: only possible under a protocol.
    pub people_later: f64,
    /// Seconds lost a year by those, over all their cases; not subtracted from `seconds`.
    pub seconds_lost: f64,
}

impl Effect {
    /// Seconds saved per case whose time falls; `None` where there is none.
    pub fn seconds_per_case(&self) -> Option<f64> {
        (self.cases > 0.0).then(|| self.seconds / self.cases)
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
