//! The first of all sets, without listing the rest.
//!
//! Sets are ordered by the people newly beyond the limit, most first, ties by the ids of their
//! hospitals. Let `g` of a set be a bound from below that is exact unless the set is on a short list;
//! the first N sets then are among the short list and the first N by `g` (ties by the same ids). For
//! let a set be in neither: N sets stand before it by `g`, each has at least its own `g` newly
//! beyond, and this set has exactly its `g`; so those N stand before it by people newly beyond, too.
//!
//! - Pairs: `g` is the sum of the singles; the short list is the pairs that are a signature.
//! - Triples: `g` is the largest of the sum of the singles and, for every pair in it that is a
//!   signature, the pair and the single of the third. It is exact unless the triple is a signature or
//!   holds two pairs that are, which makes the short list.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::signatures::Signatures;
use super::{Closure, Closures, Order};
use crate::model::HospitalId;

impl Closures {
    /// The first `count` of all sets: the most people newly beyond the limit first, ties by the ids
    /// of their hospitals. Sets that put nobody beyond come last; they are there, too.
    pub fn worst(&self, count: usize) -> Vec<Closure> {
        let count = usize::try_from(self.sets()).map_or(count, |sets| count.min(sets));
        let ranked = self.ranked();
        match self.order {
            Order::Single => {
                let first = ranked.iter().take(count);
                first.map(|(_, Reverse(id))| self.closure_of(vec![*id])).collect()
            }
            Order::Pair => {
                let mut sets: Vec<[u32; 2]> = best_sums(&ranked, count);
                sets.extend(self.signatures.pairs.rows().iter().map(|(set, _)| *set));
                self.first(count, sets, Signatures::of_pair)
            }
            Order::Triple => {
                let mut sets: Vec<[u32; 3]> = best_sums(&ranked, count);
                sets.extend(best_with_a_pair(&self.signatures, &ranked, count));
                let least = least_of_first(count, &mut sets, |set| self.signatures.of_triple(set));
                sets.extend(intertwined(&self.signatures, least));
                self.first(count, sets, Signatures::of_triple)
            }
        }
    }

    /// The first `count` sets by the people who fall out only when all of the set close
    /// ([`Closure::only_together`]), the most first, ties by id. Sets without such people are left
    /// out, so there may be fewer.
    pub fn together(&self, count: usize) -> Vec<Closure> {
        let found = match self.order {
            Order::Single => {
                let mut all = self.worst(count);
                all.retain(|one| one.newly_beyond > 0);
                return all;
            }
            Order::Pair => most_people(self.signatures.pairs.rows(), count),
            Order::Triple => most_people(self.signatures.triples.rows(), count),
        };
        found.into_iter().map(|set| self.closure_of(set)).collect()
    }

    /// How many sets would put somebody beyond the limit only together.
    pub fn sets_together(&self) -> usize {
        self.signatures.sizes()[self.order.size() - 1]
    }

    /// The hospitals that may close by the people who rest on each alone, the most first, ties by id.
    fn ranked(&self) -> Vec<(u64, Reverse<u32>)> {
        let people = |id: &HospitalId| (self.signatures.single(id.0), Reverse(id.0));
        let mut ranked: Vec<_> = self.sites.iter().map(people).collect();
        ranked.sort_unstable_by_key(|one| Reverse(*one));
        ranked
    }

    /// The first of these sets, each once, by their people.
    fn first<const SIZE: usize>(
        &self,
        count: usize,
        mut sets: Vec<[u32; SIZE]>,
        people: impl Fn(&Signatures, [u32; SIZE]) -> u64,
    ) -> Vec<Closure> {
        sets.sort_unstable();
        sets.dedup();
        let people = |set: [u32; SIZE]| (Reverse(people(&self.signatures, set)), set);
        let mut all: Vec<_> = sets.into_iter().map(people).collect();
        all.sort_unstable();
        all.truncate(count);
        all.into_iter().map(|(_, set)| self.closure_of(set.to_vec())).collect()
    }
}

fn most_people<const SIZE: usize>(rows: &[([u32; SIZE], u64)], count: usize) -> Vec<Vec<u32>> {
    let mut order: Vec<_> = rows.iter().map(|(set, people)| (Reverse(*people), *set)).collect();
    order.sort_unstable();
    order.into_iter().take(count).map(|(_, set)| set.to_vec()).collect()
}

/// The first `count` sets by the sum of their singles, ties by id.
///
/// Positions in the ranked list are raised one at a time. That lowers the sum, or leaves it and puts a
/// larger id in the place of a smaller one: a successor is always later than where it comes from,
/// and a heap gives all sets in their order.
fn best_sums<const SIZE: usize>(ranked: &[(u64, Reverse<u32>)], count: usize) -> Vec<[u32; SIZE]> {
    let mut found = Vec::new();
    if ranked.len() < SIZE {
        return found;
    }
    let entry = |at: [usize; SIZE]| {
        let sum: u64 = at.iter().map(|&at| ranked[at].0).sum();
        let mut set = at.map(|at| ranked[at].1.0);
        set.sort_unstable();
        (sum, Reverse(set), at)
    };
    let start: [usize; SIZE] = std::array::from_fn(|at| at);
    let mut seen = BTreeSet::from([start]);
    let mut heap = BinaryHeap::from([entry(start)]);
    while found.len() < count {
        let Some((_, Reverse(set), at)) = heap.pop() else { break };
        found.push(set);
        for which in 0..SIZE {
            let mut next = at;
            next[which] += 1;
            let end = at.get(which + 1).copied().unwrap_or(ranked.len());
            if next[which] < end && seen.insert(next) {
                heap.push(entry(next));
            }
        }
    }
    found
}

/// The first `count` triples by the best of their pairs that are signatures, and the single of the
/// third hospital, ties by id.
fn best_with_a_pair(
    own: &Signatures,
    ranked: &[(u64, Reverse<u32>)],
    count: usize,
) -> Vec<[u32; 3]> {
    let pairs = own.pairs.rows();
    // The thirds of a pair come in their order, so the same argument as above holds for each pair.
    let entry = |pair: usize, from: usize| {
        let [a, b] = pairs[pair].0;
        let at = (from..ranked.len()).find(|&at| ranked[at].1.0 != a && ranked[at].1.0 != b)?;
        let (people, Reverse(third)) = ranked[at];
        let mut set = [a, b, third];
        set.sort_unstable();
        Some((own.of_pair([a, b]) + people, Reverse(set), pair, at))
    };
    let first: Vec<_> = (0..pairs.len()).filter_map(|pair| entry(pair, 0)).collect();
    let mut heap = BinaryHeap::from(first);
    let mut found = BTreeSet::new();
    while found.len() < count {
        let Some((_, Reverse(set), pair, at)) = heap.pop() else { break };
        found.insert(set);
        heap.extend(entry(pair, at + 1));
    }
    found.into_iter().collect()
}

/// The people of the last of the first `count` sets; 0 when there are fewer sets.
fn least_of_first(count: usize, sets: &mut Vec<[u32; 3]>, people: impl Fn([u32; 3]) -> u64) -> u64 {
    sets.sort_unstable();
    sets.dedup();
    let mut all: Vec<_> = sets.iter().map(|set| Reverse(people(*set))).collect();
    all.sort_unstable();
    if count == 0 { 0 } else { all.get(count - 1).map_or(0, |least| least.0) }
}

/// The triples with at least `least` people that are a signature or hold two pairs that are; some
/// come several times.
fn intertwined(own: &Signatures, least: u64) -> Vec<[u32; 3]> {
    let rows = own.triples.rows().iter().map(|(set, _)| *set);
    let mut found: Vec<[u32; 3]> = rows.filter(|set| own.of_triple(*set) >= least).collect();
    let mut partners: Vec<(u32, u32)> =
        own.pairs.rows().iter().flat_map(|&([a, b], _)| [(a, b), (b, a)]).collect();
    partners.sort_unstable();
    for group in partners.chunk_by(|one, next| one.0 == next.0) {
        for (at, &(centre, one)) in group.iter().enumerate() {
            for &(_, other) in &group[at + 1..] {
                let mut set = [centre, one, other];
                set.sort_unstable();
                if own.of_triple(set) >= least {
                    found.push(set);
                }
            }
        }
    }
    found
}
