//! Closures against service: who stays in time, however many hospitals close.

use std::collections::HashMap;

use serde::Serialize;

use super::{Order, Sites, harmless, search};
use crate::coverage::{CoverageError, HospitalSet, Nearest};
use crate::model::{HospitalId, OverBand, Standard};
use crate::region::Region;
use crate::run::Control;

/// How many people stay within the limit of a standard while more and more hospitals close.
///
/// First those close that [`harmless()`] finds, with whom nobody falls out; then one after the other, each time the one
/// on which the fewest people rest. So many people *can* stay in time: another set of as many hospitals may keep more,
/// except where [`FrontierStep::is_best`] says that none does. [`Frontier::worst`] is the other end, exact for up to
/// three hospitals. Beds are not looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Frontier {
    /// The standard.
    pub standard: Standard,
    /// People of its group.
    pub people: u64,
    /// Those within the limit with nothing closed.
    pub within_limit: u64,
    /// One step a hospital that may close, in the order in which they close.
    pub steps: Vec<FrontierStep>,
    /// People within the limit after the worst closure of one, of two, of three hospitals; as many as were asked for
    /// and as there are hospitals.
    pub worst: Vec<u64>,
    /// Whether nobody falls out either over the band of the travel times when those close that leave everybody in time;
    /// `None` without a band.
    pub free_over_band: Option<OverBand>,
}

/// A hospital that closes, with those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FrontierStep {
    /// The hospital.
    pub hospital: HospitalId,
    /// People within the limit then.
    pub within_limit: u64,
    /// Whether it is proven that no other set of as many hospitals keeps more people in time.
    pub is_best: bool,
}

/// Closures of a standard's hospitals against the people who stay in time; the worst ones of up to `order` hospitals.
///
/// Costs a search of [`harmless()`] and one of [`search`] an order, and a pass over the lists of hospitals in reach.
///
/// # Errors
///
/// When the requirement names unknown keys or the limit is beyond the region's cut-off.
///
/// ```
/// use verbund::Region;
/// use verbund::planning::closures::{Order, Sites, frontier};
/// use verbund::run::Control;
///
/// let region = Region::leipzig()?;
/// let standard = region.network().catalog().standard("stroke_unit").unwrap();
/// let frontier = frontier(&region, standard, Sites::Inside, Order::Pair, &Control::default())?;
/// assert_eq!(frontier.within_limit, 1_001_286);
/// // Each closure can only take away, and two of the worst take more than any order of closing.
/// assert!(frontier.steps.is_sorted_by(|a, b| a.within_limit >= b.within_limit));
/// assert!(frontier.worst[1] <= frontier.steps[1].within_limit);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn frontier(
    region: &Region,
    standard: &Standard,
    sites: Sites,
    order: Order,
    control: &Control<'_>,
) -> Result<Frontier, CoverageError> {
    let free = harmless(region, standard, sites, control)?;
    let may_close = sites.of(region, standard);
    let meeting = HospitalSet::meeting(region.network(), &standard.requirement);
    let nearest = Nearest::find(region.times(), region.parts().len(), &meeting);
    let people = region.people(&standard.population);
    let within_limit = nearest.people_within(&people, standard.limit());

    let mut open = Open::new(region, standard, &Care { meeting, may_close, people: &people });
    let free_over_band = free.over_band;
    let mut left = within_limit;
    let mut steps = Vec::with_capacity(free.closing.len() + free.staying.len());
    for hospital in free.closing {
        left -= open.close(hospital.0);
        // Nobody can keep more people in time than there are now.
        steps.push(FrontierStep { hospital, within_limit: left, is_best: left == within_limit });
    }
    let mut staying = free.staying;
    while !staying.is_empty() {
        let next = open.least(&staying);
        let hospital = staying.remove(next);
        left -= open.close(hospital.0);
        let is_best = left == within_limit;
        steps.push(FrontierStep { hospital, within_limit: left, is_best });
    }
    // All of them closed is one set only.
    if let Some(last) = steps.last_mut() {
        last.is_best = true;
    }

    let mut worst = Vec::new();
    for size in 1..=order.size().min(steps.len()) {
        let Some(order) = Order::of_size(size) else { break };
        let closures = search(region, standard, sites, order)?;
        for closure in closures.worst(1) {
            worst.push(within_limit - closure.newly_beyond);
        }
    }
    let people = people.iter().map(|count| u64::from(*count)).sum();
    let standard = standard.clone();
    Ok(Frontier { standard, people, within_limit, steps, worst, free_over_band })
}

/// Who can go where.
struct Care<'p> {
    /// Hospitals that meet the standard.
    meeting: HospitalSet,
    /// Those of them that may close.
    may_close: HospitalSet,
    /// People of the standard's group by part of a place.
    people: &'p [u32],
}

/// Neighbours with the same hospitals in reach.
struct Group {
    /// Those that are open still; all of them may close.
    open: Vec<u32>,
    people: u64,
}

/// Who rests on which hospitals that are open.
struct Open {
    groups: Vec<Group>,
    /// The groups of each hospital.
    groups_of: HashMap<u32, Vec<usize>>,
    /// People who have this hospital alone.
    resting: HashMap<u32, u64>,
}

impl Open {
    fn new(region: &Region, standard: &Standard, care: &Care<'_>) -> Self {
        let mut open =
            Self { groups: Vec::new(), groups_of: HashMap::new(), resting: HashMap::new() };
        let mut known: HashMap<Vec<u32>, usize> = HashMap::new();
        for (part, count) in care.people.iter().enumerate() {
            let mut in_reach = Vec::new();
            let mut keeps_one = false;
            for (id, time) in region.times().from_origin(part) {
                if time > standard.limit() {
                    break;
                }
                if care.meeting.contains(id) {
                    keeps_one |= !care.may_close.contains(id);
                    in_reach.push(id.0);
                }
            }
            // Who has a hospital that stays in any case falls out by no closure.
            if *count == 0 || keeps_one || in_reach.is_empty() {
                continue;
            }
            in_reach.sort_unstable();
            let position = *known.entry(in_reach.clone()).or_insert(open.groups.len());
            if position == open.groups.len() {
                open.groups.push(Group { open: in_reach, people: 0 });
            }
            open.groups[position].people += u64::from(*count);
        }
        open.index();
        open
    }

    /// Notes whose hospitals are whose.
    fn index(&mut self) {
        for (position, group) in self.groups.iter().enumerate() {
            for id in &group.open {
                self.groups_of.entry(*id).or_default().push(position);
            }
            if let [only] = group.open[..] {
                *self.resting.entry(only).or_default() += group.people;
            }
        }
    }

    /// The position of the hospital on which the fewest people rest; of several the first.
    fn least(&self, hospitals: &[HospitalId]) -> usize {
        let mut least = 0;
        let mut fewest = u64::MAX;
        for (position, hospital) in hospitals.iter().enumerate() {
            let people = self.resting.get(&hospital.0).copied().unwrap_or(0);
            if people < fewest {
                (least, fewest) = (position, people);
            }
        }
        least
    }

    /// Closes a hospital; the people who have none in time then.
    fn close(&mut self, hospital: u32) -> u64 {
        for position in self.groups_of.remove(&hospital).unwrap_or_default() {
            let group = &mut self.groups[position];
            group.open.retain(|id| *id != hospital);
            if let [only] = group.open[..] {
                *self.resting.entry(only).or_default() += group.people;
            }
        }
        self.resting.remove(&hospital).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::evaluate;

    #[test]
    fn each_step_is_what_closing_these_hospitals_gives() {
        let region = Region::leipzig().unwrap();
        let catalog = region.network().catalog();
        for key in ["stroke_unit", "obstetrics", "trauma_centre"] {
            let standard = catalog.standard(key).unwrap();
            let control = Control::default();
            let frontier =
                frontier(&region, standard, Sites::Inside, Order::Triple, &control).unwrap();
            let total = evaluate(&region, standard).unwrap().total;
            assert_eq!(
                (frontier.people, frontier.within_limit),
                (total.people, total.within_limit)
            );

            // Slowly: each set by itself, among the hospitals that are left.
            let people = region.people(&standard.population);
            let meeting = HospitalSet::meeting(region.network(), &standard.requirement);
            let mut closed = Vec::new();
            for step in &frontier.steps {
                closed.push(step.hospital);
                let left = HospitalSet::filter(region.network().ids(), |id| {
                    meeting.contains(id) && !closed.contains(&id)
                });
                let nearest = Nearest::find(region.times(), region.parts().len(), &left);
                let within = nearest.people_within(&people, standard.limit());
                assert_eq!(step.within_limit, within, "{key}: {closed:?}");
            }
            assert_eq!(closed.len(), Sites::Inside.of(&region, standard).len());

            // The worst is never better than what closing in this order leaves.
            for (worst, step) in frontier.worst.iter().zip(&frontier.steps) {
                assert!(*worst <= step.within_limit, "{key}");
            }
            assert_eq!(frontier.worst.len(), 3.min(closed.len()));
        }
    }

    #[test]
    fn the_best_single_closure_is_among_all_single_closures() {
        let region = Region::leipzig().unwrap();
        let standard = region.network().catalog().standard("stroke_unit").unwrap();
        let control = Control::default();
        let frontier = frontier(&region, standard, Sites::All, Order::Single, &control).unwrap();
        let singles = search(&region, standard, Sites::All, Order::Single).unwrap();
        let ranked = singles.worst(usize::MAX);
        let least = ranked.last().unwrap().newly_beyond;
        assert_eq!(frontier.steps[0].within_limit, frontier.within_limit - least);
        assert_eq!(frontier.worst, [frontier.within_limit - ranked[0].newly_beyond]);
    }
}
