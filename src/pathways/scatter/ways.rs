//! The latest of several ways that share durations: what they share is divided out, and where that is
//! not enough, it is given one value after the other.
//!
//! A time between two events is the latest of some ways, each a sum of durations that do not depend on
//! each other. What all ways share is added afterwards. Ways that share nothing that scatters are over
//! by a second with the product of their probabilities. Where some share it and others do not, the law
//! is worked out under each value of what they share and mixed by the probability of the value: values
//! lie an eighth of its deviation apart, a value in between counts as a mixture of its neighbours, and
//! laws are kept by some thousand cells. A share is off by less than a thousandth then, by less than three
//! where a condition lies within another.

use std::collections::{BTreeMap, BTreeSet};

use super::law::{Law, Variant};
use super::{LawId, Laws, Made, Stretch};

/// A sum of durations, by their numbers: how often each counts, 1 or -1.
pub(in crate::pathways) type Way = BTreeMap<usize, i64>;

/// Conditions within conditions; beyond, ways count as if they shared nothing.
const MOST_LEVELS: usize = 2;

/// By levels of conditions: how many values lie within a deviation, and into how many cells the longest
/// way is cut.
const VALUES_AND_CELLS: [(f64, i64); MOST_LEVELS] = [(8.0, 1024), (4.0, 512)];

/// Values that are less likely than this are left out.
const RARE: f64 = 1e-7;

/// So many laws under conditions are kept, to be used again.
const KEPT: usize = 4096;

/// Ways by number.
type Numbers = BTreeSet<usize>;

/// What is best given values, one after the other.
struct GivenValues {
    /// It is what these ways share.
    by: Numbers,
    /// How many values must be given within each of its values.
    levels: usize,
}

/// How good it is to give something values: the least of these comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Burden {
    levels: usize,
    /// How many ways do not scatter any more.
    still: usize,
    cost: i64,
}

/// One of the values that something is given.
struct Value {
    seconds: i64,
    /// Its probability.
    share: f64,
}

/// A time that the ways of these numbers share, and no other.
#[derive(Debug, Clone)]
struct Shared {
    by: Numbers,
    law: LawId,
}

/// Ways that are not worked out yet.
#[derive(Debug, Clone)]
struct Open {
    /// What does not scatter, by way.
    fixed: BTreeMap<usize, i64>,
    /// What scatters.
    shared: Vec<Shared>,
}

/// The latest of these ways; `None` where it would take more conditions than are worked out.
pub(in crate::pathways) fn latest(
    laws: &mut Laws,
    ways: &[Way],
    durations: &BTreeMap<usize, Stretch>,
) -> Option<Stretch> {
    let open = Open::of(laws, ways, durations);
    let levels = open.levels(MOST_LEVELS)?;
    if levels == 0 {
        return Some(open.solve(laws, f64::INFINITY));
    }
    let (values, cells) = VALUES_AND_CELLS[levels - 1];
    // An odd number, so that a cell has a middle.
    let width = open.longest(laws) / cells / 2 * 2 + 1;
    let mut conditional = laws.conditional.take().unwrap_or_else(|| Box::new(Laws::new()));
    if conditional.list.len() > KEPT {
        *conditional = Laws::new();
    }
    // Under conditions there are very many laws: by a thousand cells each costs little.
    let mut wide = open;
    for shared in &mut wide.shared {
        shared.law = conditional.import(laws, shared.law, width);
    }
    let time = wide.solve(&mut conditional, values);
    let law = conditional.law(time.law).clone();
    laws.conditional = Some(conditional);
    Some(Stretch { fixed: time.fixed, law: laws.push(law) })
}

impl Laws {
    /// A law of others, by cells of at least this width.
    fn import(&mut self, others: &Self, law: LawId, width: i64) -> LawId {
        let made = Made::Wide(law, width);
        if let Some(known) = self.known.get(&made) {
            return *known;
        }
        let law = others.law(law);
        let wide = if law.width() < width { law.by_width(width) } else { law.clone() };
        let imported = self.push(wide);
        self.known.insert(made, imported);
        imported
    }
}

impl Open {
    fn of(laws: &mut Laws, ways: &[Way], durations: &BTreeMap<usize, Stretch>) -> Self {
        let mut fixed = BTreeMap::new();
        let mut users: BTreeMap<usize, (Numbers, i64)> = BTreeMap::new();
        for (number, way) in ways.iter().enumerate() {
            let mut seconds = 0;
            for (duration, sign) in way {
                seconds += sign * durations[duration].fixed;
                // A duration counts with the same sign on each of its ways.
                users.entry(*duration).or_insert((Numbers::new(), *sign)).0.insert(number);
            }
            fixed.insert(number, seconds);
        }

        // Durations that the same ways share act as one: their sum.
        let mut by_users: BTreeMap<Numbers, Stretch> = BTreeMap::new();
        for (duration, (by, sign)) in users {
            let law = Stretch { fixed: 0, law: durations[&duration].law };
            let law = if sign < 0 { laws.negative(law) } else { law };
            let so_far = by_users.entry(by).or_insert(Stretch::ZERO);
            *so_far = laws.sum(*so_far, law);
        }
        let mut shared = Vec::new();
        for (by, time) in by_users {
            if time.law != LawId::NONE {
                shared.push(Shared { by, law: time.law });
            }
        }
        Self { fixed, shared }
    }

    /// Groups of ways that share nothing that scatters.
    fn groups(&self) -> Vec<Self> {
        let mut groups: Vec<Numbers> = Vec::new();
        let alone = self.fixed.keys().map(|number| Numbers::from([*number]));
        for mut by in self.shared.iter().map(|shared| shared.by.clone()).chain(alone) {
            groups.retain(|group| {
                let is_apart = group.is_disjoint(&by);
                if !is_apart {
                    by.extend(group);
                }
                is_apart
            });
            groups.push(by);
        }
        groups.sort();
        let mut apart = Vec::with_capacity(groups.len());
        for group in &groups {
            apart.push(self.only(group));
        }
        apart
    }

    fn only(&self, group: &Numbers) -> Self {
        let mut only = Self { fixed: BTreeMap::new(), shared: Vec::new() };
        for way in group {
            only.fixed.insert(*way, self.fixed[way]);
        }
        for shared in &self.shared {
            if shared.by.is_subset(group) {
                only.shared.push(shared.clone());
            }
        }
        only
    }

    /// What all ways share is taken out.
    fn divide(&mut self) -> Vec<Shared> {
        let count = self.fixed.len();
        let mut by_all = Vec::new();
        for shared in std::mem::take(&mut self.shared) {
            if shared.by.len() == count {
                by_all.push(shared);
            } else {
                self.shared.push(shared);
            }
        }
        by_all
    }

    /// What some share is taken out.
    fn without(&self, by: &Numbers) -> Self {
        let mut left = self.clone();
        left.shared.retain(|shared| shared.by != *by);
        left
    }

    /// How many values must be given, one within the other; `None` where that is more than `most`.
    fn levels(&self, most: usize) -> Option<usize> {
        let mut levels = 0;
        for mut group in self.groups() {
            if !group.divide().is_empty() {
                levels = levels.max(group.levels(most)?);
            } else if !group.shared.is_empty() {
                let condition = group.condition(most.checked_sub(1)?, |_| 0)?;
                levels = levels.max(condition.levels + 1);
            }
        }
        Some(levels)
    }

    /// What is best given values, with the levels within: as few as can be, then so that as few ways as
    /// can be do not scatter any more, then the one of the least cost.
    fn condition(&self, most: usize, cost: impl Fn(LawId) -> i64) -> Option<GivenValues> {
        let mut best: Option<(Burden, &Numbers)> = None;
        for shared in &self.shared {
            // What one way has for itself is no reason to tell values apart.
            if shared.by.len() < 2 {
                continue;
            }
            let left = self.without(&shared.by);
            let Some(levels) = left.levels(most) else { continue };
            let scatters = |way: &usize| left.shared.iter().any(|shared| shared.by.contains(way));
            let still = self.fixed.keys().filter(|way| !scatters(way)).count();
            let burden = Burden { levels, still, cost: cost(shared.law) };
            if best.is_none_or(|(least, _)| burden < least) {
                best = Some((burden, &shared.by));
            }
        }
        let (burden, by) = best?;
        Some(GivenValues { by: by.clone(), levels: burden.levels })
    }

    /// Seconds that the longest way scatters over.
    fn longest(&self, laws: &Laws) -> i64 {
        let mut longest = 0;
        for way in self.fixed.keys() {
            let mut length = 0;
            for shared in &self.shared {
                if shared.by.contains(way) {
                    length += laws.law(shared.law).length();
                }
            }
            longest = longest.max(length);
        }
        longest
    }

    /// The latest of the ways, with so many values within a deviation of what is given values.
    fn solve(&self, laws: &mut Laws, values: f64) -> Stretch {
        let mut latest: Option<Stretch> = None;
        // Groups share nothing, so that the later of two has the product of their probabilities.
        for group in self.groups() {
            let time = group.solve_group(laws, values);
            latest = Some(match latest {
                Some(latest) => laws.later(latest, time),
                None => time,
            });
        }
        latest.unwrap_or(Stretch::ZERO)
    }

    /// The latest of ways that hang together.
    fn solve_group(mut self, laws: &mut Laws, values: f64) -> Stretch {
        // max(x + a, x + b) = x + max(a, b): what all share comes out, and the rest may be independent.
        let by_all = self.divide();
        let mut time = if self.shared.is_empty() {
            let fixed = self.fixed.values().copied().max().unwrap_or(0);
            Stretch { fixed, law: LawId::NONE }
        } else if by_all.is_empty() {
            return self.mix(laws, values);
        } else {
            self.solve(laws, values)
        };
        for shared in by_all {
            time = laws.sum(time, Stretch { fixed: 0, law: shared.law });
        }
        time
    }

    /// The latest of the ways under each value of what some share, by its probability.
    fn mix(&self, laws: &mut Laws, values: f64) -> Stretch {
        let length = |law: LawId| laws.law(law).length();
        let GivenValues { by, .. } =
            self.condition(MOST_LEVELS, length).expect("its levels were counted");
        let law = self.shared.iter().find(|shared| shared.by == by).expect("one of them").law;
        let mut left = self.without(&by);
        let first_way = *by.first().expect("at least two ways share it");
        // Values of the whole way are alike for all journeys, so that what follows is worked out once.
        let fixed = self.fixed[&first_way];
        let mut times = Vec::new();
        for Value { seconds, share } in spread_out(laws.law(law), fixed, values) {
            for way in &by {
                left.fixed.insert(*way, self.fixed[way] + seconds);
            }
            times.push((left.solve(laws, values), share));
        }
        let start = times[0].0.fixed;
        let mut variants = Vec::with_capacity(times.len());
        for &(time, share) in &times {
            variants.push(Variant { later: time.fixed - start, law: laws.law(time.law), share });
        }
        let mixed = Law::one_of(&variants, laws.law(law).width());
        Stretch { fixed: start, law: laws.push(mixed) }
    }
}

/// Values of a law and their probabilities, with the same mean: so that what comes before and the value
/// are together a multiple of a step. There are so many steps to a deviation.
fn spread_out(law: &Law, before: i64, steps: f64) -> Vec<Value> {
    let step = (law.deviation() / steps).floor().max(1.0) as i64;
    let mut shares: BTreeMap<i64, f64> = BTreeMap::new();
    for (second, mass) in law.cells() {
        let seconds = before + second;
        let number = seconds.div_euclid(step);
        let upper = seconds.rem_euclid(step) as f64 / step as f64;
        // A value in between counts as a mixture of its neighbours, so that the mean stays.
        *shares.entry(number).or_default() += mass * (1.0 - upper);
        *shares.entry(number + 1).or_default() += mass * upper;
    }
    // Each value costs as much as all that lies within: rare ones go, and the rest is scaled to 1.
    shares.retain(|_, share| *share >= RARE);
    let total: f64 = shares.values().sum();
    let mut values = Vec::with_capacity(shares.len());
    for (number, share) in shares {
        values.push(Value { seconds: number * step - before, share: share / total });
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ways through durations of these medians and deviations of the logarithm, by their letters.
    fn time(laws: &mut Laws, durations: &[(u32, f64)], ways: &[&str]) -> Option<Stretch> {
        let mut parts = BTreeMap::new();
        for (number, (median, sigma)) in durations.iter().enumerate() {
            parts.insert(number, Stretch { fixed: 0, law: laws.lognormal(*median, *sigma) });
        }
        let mut by_number = Vec::new();
        for way in ways {
            let numbers = way.bytes().map(|letter| usize::from(letter - b'a'));
            by_number.push(numbers.map(|number| (number, 1)).collect::<Way>());
        }
        latest(laws, &by_number, &parts)
    }

    fn within(laws: &Laws, time: Stretch, second: i64) -> f64 {
        laws.law(time.law).within(second - time.fixed)
    }

    /// A team alerted by the call, then a transfer: a = first leg, b = second wait, c = stage, d = team, e = term.
    /// By hand, for each first leg and each stage: the others do not depend on each other then.
    fn by_hand(durations: &[(u32, f64); 5], second: i64) -> f64 {
        let [a, b, c, d, e] = durations.map(|(median, sigma)| Law::lognormal(median, sigma));
        let mut sum = 0.0;
        for (first, share) in a.cells() {
            for (stage, own) in c.cells() {
                let left = second - first - stage;
                sum += share
                    * own
                    * b.within(left)
                    * d.within(second - stage)
                    * e.within(second - first);
            }
        }
        sum
    }

    #[test]
    fn what_some_ways_share_is_given_its_values() {
        for (scale, room) in [(1, 1e-9), (30, 1e-3)] {
            // With short laws, each second is a value: exact but for rounding and what is rare.
            let room = if scale == 1 { 2e-5_f64.max(room) } else { room };
            let durations = [(40, 0.25), (15, 0.2), (30, 0.3), (70, 0.2), (80, 0.15)]
                .map(|(median, sigma)| (median * scale, sigma));
            let mut laws = Laws::new();
            let time = time(&mut laws, &durations, &["abc", "dc", "ae"]).unwrap();
            for second in [100, 115, 125, 140, 170] {
                let second = second * i64::from(scale);
                let (share, exact) = (within(&laws, time, second), by_hand(&durations, second));
                assert!((share - exact).abs() < room, "{scale} {second}: {share} {exact}");
            }
            // As if nothing were shared, it is later: about 0.147 instead of 0.159, by drawing.
            let law = |letter: usize| Law::lognormal(durations[letter].0, durations[letter].1);
            let apart = |letters: [usize; 3]| {
                let laws = letters.map(law);
                laws[0].plus(&laws[1]).plus(&laws[2])
            };
            let second = 110 * i64::from(scale);
            let bound = apart([0, 1, 2]).within(second)
                * law(3).plus(&law(2)).within(second)
                * law(0).plus(&law(4)).within(second);
            assert!(bound + 0.005 < within(&laws, time, second), "{bound}");
        }
    }

    #[test]
    fn a_clock_that_all_ways_but_one_come_through_is_exact() {
        // From the door (a): the stage waits for b, and for the team, which left with the call.
        let mut laws = Laws::new();
        let durations = [(1800, 0.3), (600, 0.4), (2700, 0.3)];
        let mut parts = BTreeMap::new();
        for (number, (median, sigma)) in durations.into_iter().enumerate() {
            parts.insert(number, Stretch { fixed: 0, law: laws.lognormal(median, sigma) });
        }
        let ways = [Way::from([(1, 1)]), Way::from([(2, 1), (0, -1)])];
        let time = latest(&mut laws, &ways, &parts).unwrap();
        let [a, b, c] = durations.map(|(median, sigma)| Law::lognormal(median, sigma));
        for second in [300, 600, 900, 1500, 2400] {
            let team: f64 = a.cells().map(|(door, share)| share * c.within(second + door)).sum();
            let exact = team * b.within(second);
            assert!((within(&laws, time, second) - exact).abs() < 1e-9, "{second}");
        }
    }

    #[test]
    fn two_values_within_each_other_and_no_more() {
        let mut laws = Laws::new();
        let durations = [(600, 0.3), (900, 0.3), (700, 0.4), (800, 0.2)];
        let ring = time(&mut laws, &durations, &["ab", "bc", "cd", "da"]).unwrap();
        let [a, b, c, d] = durations.map(|(median, sigma)| Law::lognormal(median, sigma));
        for second in [1500, 1800, 2200] {
            // Given a and c, b and d must fit both: the least of what is left.
            let mut exact = 0.0;
            for (first, share) in a.cells() {
                for (third, share_of_third) in c.cells() {
                    let left = second - first.max(third);
                    exact += share * share_of_third * b.within(left) * d.within(left);
                }
            }
            let share = within(&laws, ring, second);
            assert!((share - exact).abs() < 3e-3, "{second}: {share} {exact}");
        }
        let six = [(600, 0.3); 8];
        let ring = ["ab", "bc", "cd", "de", "ef", "fg", "gh", "ha"];
        assert_eq!(time(&mut laws, &six, &ring), None);
    }
}
