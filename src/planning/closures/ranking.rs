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

/// A hospital that may close, with the people who rest on it alone; the first in the order is the one with the
/// most, ties by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Alone {
    people: u64,
    id: Reverse<u32>,
}

impl Closures {
    /// The first `count` of all sets: the most people newly beyond the limit first, ties by the ids
    /// of their hospitals. Sets that put nobody beyond come last; they are there, too.
    pub fn worst(&self, count: usize) -> Vec<Closure> {
        // Who asks for more than there are asks for all.
        let count = match usize::try_from(self.sets()) {
            Ok(sets) => count.min(sets),
            Err(_) => count,
        };
        let ranked = self.ranked();
        match self.order {
            Order::Single => {
                let mut closures = Vec::with_capacity(count);
                for alone in &ranked[..count] {
                    closures.push(self.closure_of(vec![alone.id.0]));
                }
                closures
            }
            Order::Pair => {
                let mut sets: Vec<[u32; 2]> = best_sums(&ranked, count);
                for (set, _) in self.signatures.pairs.rows() {
                    sets.push(*set);
                }
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
        match self.order {
            Order::Single => {
                let mut worst = self.worst(count);
                worst.retain(|closure| closure.newly_beyond > 0);
                worst
            }
            Order::Pair => self.with_most_people(self.signatures.pairs.rows(), count),
            Order::Triple => self.with_most_people(self.signatures.triples.rows(), count),
        }
    }

    /// How many sets would put somebody beyond the limit only together.
    pub fn sets_together(&self) -> usize {
        self.signatures.sizes()[self.order.size() - 1]
    }

    /// The hospitals that may close by the people who rest on each alone, the most first, ties by id.
    fn ranked(&self) -> Vec<Alone> {
        let mut ranked = Vec::with_capacity(self.sites.len());
        for id in &self.sites {
            ranked.push(Alone { people: self.signatures.single(id.0), id: Reverse(id.0) });
        }
        ranked.sort_unstable_by_key(|alone| Reverse(*alone));
        ranked
    }

    /// The first of these sets, each once, by their people.
    fn first<const SIZE: usize>(
        &self,
        count: usize,
        mut sets: Vec<[u32; SIZE]>,
        people: impl Fn(&Signatures, [u32; SIZE]) -> u64,
    ) -> Vec<Closure> {
        // A set may be on several of the lists that were put together.
        sets.sort_unstable();
        sets.dedup();
        let mut ordered = Vec::with_capacity(sets.len());
        for set in sets {
            ordered.push((Reverse(people(&self.signatures, set)), set));
        }
        self.first_of(count, ordered)
    }

    /// The closures of the first of these signatures, the most people first.
    fn with_most_people<const SIZE: usize>(
        &self,
        rows: &[([u32; SIZE], u64)],
        count: usize,
    ) -> Vec<Closure> {
        let mut ordered = Vec::with_capacity(rows.len());
        for (set, people) in rows {
            ordered.push((Reverse(*people), *set));
        }
        self.first_of(count, ordered)
    }

    /// The closures of the first of these sets, each behind its people.
    fn first_of<const SIZE: usize>(
        &self,
        count: usize,
        mut ordered: Vec<(Reverse<u64>, [u32; SIZE])>,
    ) -> Vec<Closure> {
        // Ties by the ids of the hospitals: every computer names the same sets.
        ordered.sort_unstable();
        ordered.truncate(count);
        let mut closures = Vec::with_capacity(ordered.len());
        for (_, set) in ordered {
            closures.push(self.closure_of(set.to_vec()));
        }
        closures
    }
}

/// The first `count` sets by the sum of their singles, ties by id.
///
/// Positions in the ranked list are raised one at a time. That lowers the sum, or leaves it and puts a
/// larger id in the place of a smaller one: a successor is always later than where it comes from,
/// and a heap gives all sets in their order.
fn best_sums<const SIZE: usize>(ranked: &[Alone], count: usize) -> Vec<[u32; SIZE]> {
    let mut sets = Vec::new();
    if ranked.len() < SIZE {
        return sets;
    }
    let entry = |positions: [usize; SIZE]| {
        let mut sum = 0;
        for position in positions {
            sum += ranked[position].people;
        }
        let mut set = positions.map(|position| ranked[position].id.0);
        set.sort_unstable();
        (sum, Reverse(set), positions)
    };

    let start: [usize; SIZE] = std::array::from_fn(|position| position);
    let mut seen = BTreeSet::from([start]);
    let mut heap = BinaryHeap::from([entry(start)]);
    while sets.len() < count {
        let Some((_, Reverse(set), positions)) = heap.pop() else { break };
        sets.push(set);
        for which in 0..SIZE {
            let mut next = positions;
            next[which] += 1;
            let end = positions.get(which + 1).copied().unwrap_or(ranked.len());
            if next[which] < end && seen.insert(next) {
                heap.push(entry(next));
            }
        }
    }
    sets
}

/// The first `count` triples by the best of their pairs that are signatures, and the single of the
/// third hospital, ties by id.
fn best_with_a_pair(people: &Signatures, ranked: &[Alone], count: usize) -> Vec<[u32; 3]> {
    let pairs = people.pairs.rows();
    // The thirds of a pair come in their order, so the same argument as above holds for each pair.
    let entry = |pair: usize, from: usize| {
        let [a, b] = pairs[pair].0;
        let is_third = |&position: &usize| ![a, b].contains(&ranked[position].id.0);
        let position = (from..ranked.len()).find(is_third)?;
        let third = ranked[position];
        let mut set = [a, b, third.id.0];
        set.sort_unstable();
        Some((people.of_pair([a, b]) + third.people, Reverse(set), pair, position))
    };

    let mut heap = BinaryHeap::new();
    for pair in 0..pairs.len() {
        heap.extend(entry(pair, 0));
    }
    let mut sets = BTreeSet::new();
    while sets.len() < count {
        let Some((_, Reverse(set), pair, position)) = heap.pop() else { break };
        sets.insert(set);
        heap.extend(entry(pair, position + 1));
    }
    sets.into_iter().collect()
}

/// The people of the last of the first `count` sets; 0 when there are fewer sets.
fn least_of_first(count: usize, sets: &mut Vec<[u32; 3]>, people: impl Fn([u32; 3]) -> u64) -> u64 {
    sets.sort_unstable();
    sets.dedup();
    let mut ordered = Vec::with_capacity(sets.len());
    for set in sets {
        ordered.push(Reverse(people(*set)));
    }
    ordered.sort_unstable();
    match count.checked_sub(1) {
        Some(last) if last < ordered.len() => ordered[last].0,
        _ => 0,
    }
}

/// The triples with at least `least` people that are a signature or hold two pairs that are; some
/// come several times.
fn intertwined(people: &Signatures, least: u64) -> Vec<[u32; 3]> {
    let mut sets = Vec::new();
    for (set, _) in people.triples.rows() {
        if people.of_triple(*set) >= least {
            sets.push(*set);
        }
    }

    // Each pair both ways round, so that those with a hospital in common stand side by side.
    let mut partners: Vec<(u32, u32)> = Vec::new();
    for &([a, b], _) in people.pairs.rows() {
        partners.extend([(a, b), (b, a)]);
    }
    partners.sort_unstable();
    for group in partners.chunk_by(|before, behind| before.0 == behind.0) {
        for (position, &(centre, first)) in group.iter().enumerate() {
            // A pair of partners comes once: each with those behind it.
            for &(_, second) in &group[position + 1..] {
                let mut set = [centre, first, second];
                set.sort_unstable();
                if people.of_triple(set) >= least {
                    sets.push(set);
                }
            }
        }
    }
    sets
}
