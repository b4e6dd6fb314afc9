//! The Shapley value: how much of what cooperations bring together each one contributes.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;

use super::{Study, Subject};
use crate::model::CooperationId;
use crate::pathways::{Outage, Query};

/// How Shapley values are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShapleySettings {
    /// Up to how many cooperations all their subsets are computed; at most 16.
    pub exact_up_to: usize,
    /// Pairs of orders that are drawn beyond: an order and its reverse.
    pub pairs: usize,
    /// Seed of the orders.
    pub seed: u64,
}

impl Default for ShapleySettings {
    /// Exact up to 12; beyond, 200 pairs of orders, seed 1.
    fn default() -> Self {
        Self { exact_up_to: 12, pairs: 200, seed: 1 }
    }
}

/// Most cooperations whose subsets are all computed.
const MOST_EXACT: usize = 16;

/// One cooperation's share of what a set brings together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapleyValue {
    /// The cooperation, of the region or added.
    pub cooperation: CooperationId,
    /// Seconds saved a year that are its own, all pathways of the study together.
    pub seconds: f64,
    /// Half of the width of the 95 % interval when orders were drawn; 0 when all were computed.
    pub half_width: f64,
}

/// Shapley values of a set of cooperations.
#[derive(Debug, Clone, PartialEq)]
pub struct Shapley {
    /// The greatest first, ties by position.
    pub values: Vec<ShapleyValue>,
    /// What the set brings together: the values sum to it.
    pub seconds: f64,
    /// Whether all subsets were computed.
    pub is_exact: bool,
}

impl Study<'_> {
    /// The Shapley value of each cooperation of a set, with all others at work: its saving of time
    /// over all cases, averaged over all orders in which the set could have been made.
    ///
    /// A cooperation that appears twice counts once. Where more than
    /// [`ShapleySettings::exact_up_to`] of the set can serve a pathway, orders are drawn in pairs,
    /// each with its reverse, and the interval is that of the mean over pairs (normal
    /// approximation); the values still sum to what the set brings.
    ///
    /// Shapley, L. S. (1953): A value for n-person games. Castro, J., Gómez, D., Tejada, J. (2009):
    /// Polynomial calculation of the Shapley value based on sampling. Computers & Operations
    /// Research 36, 1726-1730.
    ///
    /// # Panics
    ///
    /// When there is no cooperation of a number: they count those of [`Self::cooperations`].
    pub fn shapley(&self, cooperations: &[CooperationId], settings: &ShapleySettings) -> Shapley {
        let mut players = cooperations.to_vec();
        players.sort_unstable();
        players.dedup();
        let count = self.cooperations().len();
        assert!(
            players.last().is_none_or(|last| last.index() < count),
            "there is no such cooperation"
        );
        let games: Vec<Game<'_>> =
            self.subjects.iter().map(|subject| Game::new(self, subject, &players)).collect();
        let limit = settings.exact_up_to.min(MOST_EXACT);
        let (small, large): (Vec<Game<'_>>, Vec<Game<'_>>) =
            games.into_iter().partition(|game| game.serving.len() <= limit);
        let is_exact = large.is_empty();
        let mut shares = exact(&small, players.len());
        let mut widths = vec![0.0; players.len()];
        if !is_exact {
            let (means, half_widths) = sampled(&large, players.len(), settings);
            shares.iter_mut().zip(means).for_each(|(share, mean)| *share += mean);
            widths = half_widths;
        }
        let mut values: Vec<ShapleyValue> = players
            .iter()
            .zip(shares.iter().zip(widths))
            .map(|(&cooperation, (&seconds, half_width))| ShapleyValue {
                cooperation,
                seconds,
                half_width,
            })
            .collect();
        values.sort_by(|a, b| b.seconds.total_cmp(&a.seconds));
        Shapley { values, seconds: shares.iter().sum(), is_exact }
    }
}

/// What subsets of players bring in one pathway.
struct Game<'a> {
    subject: &'a Subject<'a>,
    query: Query,
    players: Vec<CooperationId>,
    /// Players that can serve this pathway at all, by their position among the players.
    serving: Vec<usize>,
    /// Parts whose time the players can change.
    parts: Vec<usize>,
    /// Seconds a year without any player.
    base: f64,
}

impl<'a> Game<'a> {
    fn new(study: &'a Study<'_>, subject: &'a Subject<'_>, players: &[CooperationId]) -> Self {
        let relevant = subject.prepared.relevant();
        let serving: Vec<usize> =
            (0..players.len()).filter(|at| relevant.contains(&players[*at])).collect();
        let mut game = Self {
            subject,
            query: study.query.clone(),
            players: players.to_vec(),
            serving,
            parts: subject.inside(),
            base: 0.0,
        };
        let with_none = subject.times(&game.query_of(&[]), &game.parts);
        if study.is_free() {
            // Who gains nothing from all of them gains nothing from some.
            let with_all = subject.times(&study.query, &game.parts);
            let changes = |at: &usize| {
                with_none
                    .iter()
                    .zip(&with_all)
                    .any(|(none, all)| none.times[*at].time != all.times[*at].time)
            };
            game.parts = (0..game.parts.len()).filter(changes).map(|at| game.parts[at]).collect();
            let with_none = subject.times(&game.query_of(&[]), &game.parts);
            game.base = subject.total(&game.parts, &with_none);
        } else {
            game.base = subject.total(&game.parts, &with_none);
        }
        game
    }

    /// The query with these players (by position) and no other one at work.
    fn query_of(&self, at_work: &[usize]) -> Query {
        let mut query = self.query.clone();
        let out = (0..self.players.len()).filter(|at| !at_work.contains(at));
        let outage =
            Outage { cooperations: out.map(|at| self.players[at]).collect(), ..Outage::default() };
        query.outage.cooperations.extend(&outage.cooperations);
        query
    }

    /// Seconds a year that these players save together.
    fn worth(&self, at_work: &[usize]) -> f64 {
        if self.parts.is_empty() || at_work.is_empty() {
            return 0.0;
        }
        let times = self.subject.times(&self.query_of(at_work), &self.parts);
        self.base - self.subject.total(&self.parts, &times)
    }
}

/// The exact values, summed over games: each subset's marginal gains, weighted by the orders in which it comes first.
fn exact(games: &[Game<'_>], players: usize) -> Vec<f64> {
    let mut shares = vec![0.0; players];
    for game in games {
        let count = game.serving.len();
        let subset = |index: usize| -> Vec<usize> {
            (0..count).filter(|at| index >> at & 1 == 1).map(|at| game.serving[at]).collect()
        };
        let worth: Vec<f64> =
            (0..1_usize << count).into_par_iter().map(|index| game.worth(&subset(index))).collect();
        // Orders in which exactly a given subset of size s comes before a player: s!(n-s-1)!/n!.
        let weights: Vec<f64> = (0..count).map(|size| order_share(size, count)).collect();
        for (at, &player) in game.serving.iter().enumerate() {
            for index in (0..worth.len()).filter(|index| index >> at & 1 == 0) {
                let gain = worth[index | 1 << at] - worth[index];
                shares[player] += weights[index.count_ones() as usize] * gain;
            }
        }
    }
    shares
}

/// s! (n - s - 1)! / n!
fn order_share(size: usize, count: usize) -> f64 {
    let mut share = 1.0 / count as f64;
    for step in 1..=size {
        share *= step as f64 / (count - step) as f64;
    }
    share
}

/// Values from drawn orders, and half the width of their 95 % intervals.
fn sampled(games: &[Game<'_>], players: usize, settings: &ShapleySettings) -> (Vec<f64>, Vec<f64>) {
    let pair = |number: usize| -> Vec<f64> {
        let mut random = ChaCha12Rng::seed_from_u64(settings.seed);
        random.set_stream(number as u64);
        let mut order: Vec<usize> = (0..players).collect();
        order.shuffle(&mut random);
        let mut gains = vec![0.0; players];
        for _ in 0..2 {
            for game in games {
                let (mut at_work, mut before) = (Vec::new(), 0.0);
                for &player in order.iter().filter(|player| game.serving.contains(player)) {
                    at_work.push(player);
                    let worth = game.worth(&at_work);
                    gains[player] += (worth - before) / 2.0;
                    before = worth;
                }
            }
            order.reverse();
        }
        gains
    };
    let pairs = settings.pairs.max(2);
    let drawn: Vec<Vec<f64>> = (0..pairs).into_par_iter().map(pair).collect();
    let count = pairs as f64;
    let mean = |player: usize| drawn.iter().map(|gains| gains[player]).sum::<f64>() / count;
    let means: Vec<f64> = (0..players).map(mean).collect();
    let widths = means.iter().enumerate().map(|(player, mean)| {
        let squares = drawn.iter().map(|gains| (gains[player] - mean).powi(2)).sum::<f64>();
        1.96 * (squares / (count - 1.0) / count).sqrt()
    });
    let widths = widths.collect();
    (means, widths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_orders_sum_to_one_over_all_subsets() {
        // Of 4 players, the 3 others make 1, 3, 3, 1 subsets of size 0 to 3.
        let sum: f64 = [1.0, 3.0, 3.0, 1.0]
            .iter()
            .enumerate()
            .map(|(size, subsets)| subsets * order_share(size, 4))
            .sum();
        assert!((sum - 1.0).abs() < 1e-12);
        assert!((order_share(1, 3) - 1.0 / 6.0).abs() < 1e-12);
    }
}
