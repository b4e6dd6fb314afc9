//! How often a scenario changes cooperations and roads: a run is cut at each of these moments, and looks at all
//! of them in each part.

use std::collections::BTreeSet;

use super::Listed;
use crate::calendar::DateTime;
use crate::model::check::Checker;
use crate::model::location::Fault;
use crate::problem::ProblemKind;
use crate::scenario::Change;
use crate::units::grouped;

/// Most changes of cooperations times moments at which they begin or end.
const MOST_OF_COOPERATIONS: usize = 1_000_000;
/// The same of roads: each concerns every journey.
const MOST_OF_ROADS: usize = 10_000;

/// Changes of one kind.
#[derive(Default)]
struct Cut<'l, 's> {
    last: Option<&'l Listed<'s>>,
    count: usize,
    moments: BTreeSet<DateTime>,
}

impl<'l, 's> Cut<'l, 's> {
    fn add(&mut self, listed: &'l Listed<'s>) {
        self.last = Some(listed);
        self.count += 1;
        self.moments.insert(listed.change.on);
        self.moments.extend(listed.change.until);
    }

    /// A fault of the last change where there are too many.
    fn check(&self, what: &str, most: usize, checker: &mut Checker<'s>) {
        let moments = self.moments.len();
        // Told at the last one: without the latest changes the others may pass.
        let Some(last) = self.last.filter(|_| self.count.saturating_mul(moments) > most) else {
            return;
        };
        last.enter(checker);
        let [count, moments, most] =
            [self.count, moments, most].map(|number| grouped(number as u64));
        let message = said!(
            "{count} changes of {what} begin or end at {moments} moments",
            count,
            what,
            moments
        );
        let expected = said!("fewer of either: at most {most} as their product", most);
        checker.fault("on", Fault::new(ProblemKind::Range, message).expected(expected));
    }
}

/// Appends a fault where cooperations, or roads, change too often.
pub(super) fn check_moments<'s>(changes: &[Listed<'s>], checker: &mut Checker<'s>) {
    let mut cooperations = Cut::default();
    let mut roads = Cut::default();
    for listed in changes {
        match listed.change.change {
            Change::StartCooperation(_) | Change::EndCooperation(_) => cooperations.add(listed),
            Change::Road(_) | Change::RoadOfMap(_) => roads.add(listed),
            _ => {}
        }
    }
    cooperations.check("cooperations", MOST_OF_COOPERATIONS, checker);
    roads.check("roads", MOST_OF_ROADS, checker);
}
