//! The Shapley value: how much of what cooperations bring together each one contributes.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;
use serde::Serialize;

use super::{Study, Subject};
use crate::model::CooperationId;
use crate::pathways::Query;

/// How Shapley values are computed.
///
/// ```
/// use verbund::impact::ShapleySettings;
///
/// let settings = ShapleySettings::default().exact_up_to(0).pairs(300).seed(7);
/// assert_eq!((settings.exact_up_to, settings.pairs, settings.seed), (0, 300, 7));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
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

impl ShapleySettings {
    /// Up to how many cooperations all their subsets are computed; at most 16.
    #[must_use]
    pub fn exact_up_to(self, cooperations: usize) -> Self {
        Self { exact_up_to: cooperations, ..self }
    }

    /// How many pairs of orders are drawn beyond; at least 2.
    #[must_use]
    pub fn pairs(self, pairs: usize) -> Self {
        Self { pairs, ..self }
    }

    /// What the drawn orders start from.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }
}

/// Most cooperations whose subsets are all computed.
const MOST_EXACT: usize = 16;

/// One cooperation's share of what a set brings together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ShapleyValue {
    /// The cooperation, of the region or added.
    pub cooperation: CooperationId,
    /// Seconds saved a year that are its own, all pathways of the study together.
    pub seconds: f64,
    /// Half of the width of the 95 % interval when orders were drawn; 0 when all were computed.
    pub half_width: f64,
}

/// Shapley values of a set of cooperations.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
        if let Some(last) = players.last() {
            assert!(last.index() < self.cooperations().len(), "there is no such cooperation");
        }
        let limit = settings.exact_up_to.min(MOST_EXACT);
        // Pathway by pathway: few of the set serve each, and what they bring adds up.
        let mut small = Vec::new();
        let mut large = Vec::new();
        for subject in &self.subjects {
            let game = Game::new(self, subject, &players);
            if game.serving.len() <= limit { small.push(game) } else { large.push(game) }
        }

        let mut shares = exact(&small, players.len());
        let is_exact = large.is_empty();
        let drawn = if is_exact { None } else { Some(Drawn::new(&large, players.len(), settings)) };
        let mut values = Vec::with_capacity(players.len());
        for (player, &cooperation) in players.iter().enumerate() {
            let mut half_width = 0.0;
            if let Some(drawn) = &drawn {
                let mean = drawn.mean(player);
                shares[player] += mean;
                half_width = drawn.half_width(player, mean);
            }
            values.push(ShapleyValue { cooperation, seconds: shares[player], half_width });
        }
        // Stable: ties stay in the order of their positions.
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
        // Those that cannot serve it bring nothing in any order: the subsets are those of the others.
        let relevant = subject.prepared.relevant();
        let mut serving: Vec<usize> = (0..players.len()).collect();
        serving.retain(|player| relevant.contains(&players[*player]));
        let mut game = Self {
            subject,
            query: study.query.clone(),
            players: players.to_vec(),
            serving,
            parts: subject.inside(),
            base: 0.0,
        };
        let mut with_none = subject.times(&game.query_of(&[]), &game.parts);
        if study.is_free() {
            // People who gain nothing from all of them gain nothing from some.
            let with_all = subject.times(&study.query, &game.parts);
            let mut changing = Vec::new();
            for (position, part) in game.parts.iter().enumerate() {
                let mut groups = with_none.iter().zip(&with_all);
                if groups.any(|(none, all)| none.times[position].time != all.times[position].time) {
                    changing.push(*part);
                }
            }
            game.parts = changing;
            with_none = subject.times(&game.query_of(&[]), &game.parts);
        }
        game.base = subject.total(&game.parts, &with_none);
        game
    }

    /// The query with these players (by position) and no other one at work.
    fn query_of(&self, at_work: &[usize]) -> Query {
        let mut query = self.query.clone();
        for (player, &cooperation) in self.players.iter().enumerate() {
            if !at_work.contains(&player) {
                query.outage.cooperations.insert(cooperation);
            }
        }
        query
    }

    /// The players of a subset: bit by bit those who serve the pathway.
    fn members(&self, subset: usize) -> Vec<usize> {
        let mut members = Vec::new();
        for (position, player) in self.serving.iter().enumerate() {
            if subset >> position & 1 == 1 {
                members.push(*player);
            }
        }
        members
    }

    /// Seconds a year that these players save together.
    fn worth(&self, at_work: &[usize]) -> f64 {
        // Nobody at work is the base itself: its difference would be what rounding leaves.
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
        // The bits of a number say who of a subset is at work.
        let worth: Vec<f64> = (0..1_usize << count)
            .into_par_iter()
            .map(|subset| game.worth(&game.members(subset)))
            .collect();
        // Orders in which exactly a given subset of size s comes before a player: s!(n-s-1)!/n!.
        let mut weights = Vec::with_capacity(count);
        for size in 0..count {
            weights.push(order_share(size, count));
        }
        for (position, &player) in game.serving.iter().enumerate() {
            let bit = 1 << position;
            for subset in 0..worth.len() {
                if subset & bit == 0 {
                    let gain = worth[subset | bit] - worth[subset];
                    shares[player] += weights[subset.count_ones() as usize] * gain;
                }
            }
        }
    }
    shares
}

/// s! (n - s - 1)! / n!
fn order_share(size: usize, count: usize) -> f64 {
    // One over n times the number of subsets of this size among the others.
    let mut share = 1.0 / count as f64;
    for step in 1..=size {
        share *= step as f64 / (count - step) as f64;
    }
    share
}

/// Gains of every player in drawn pairs of orders.
struct Drawn(Vec<Vec<f64>>);

impl Drawn {
    fn new(games: &[Game<'_>], players: usize, settings: &ShapleySettings) -> Self {
        // A spread needs two.
        let pairs = settings.pairs.max(2);
        let draw = |pair: usize| gains_of_pair(games, players, settings.seed, pair);
        Self((0..pairs).into_par_iter().map(draw).collect())
    }

    fn count(&self) -> f64 {
        self.0.len() as f64
    }

    fn mean(&self, player: usize) -> f64 {
        self.0.iter().map(|gains| gains[player]).sum::<f64>() / self.count()
    }

    /// Half the width of the 95 % interval of this mean.
    fn half_width(&self, player: usize, mean: f64) -> f64 {
        let squares = self.0.iter().map(|gains| (gains[player] - mean).powi(2)).sum::<f64>();
        1.96 * (squares / (self.count() - 1.0) / self.count()).sqrt()
    }
}

/// The mean gains of all players in an order and its reverse, with a stream of random numbers of their own.
fn gains_of_pair(games: &[Game<'_>], players: usize, seed: u64, pair: usize) -> Vec<f64> {
    // Its own stream, so that pairs can be drawn in parallel and in any number.
    let mut random = ChaCha12Rng::seed_from_u64(seed);
    random.set_stream(pair as u64);
    let mut order: Vec<usize> = (0..players).collect();
    order.shuffle(&mut random);
    let mut gains = vec![0.0; players];
    for _ in 0..2 {
        for game in games {
            let mut at_work = Vec::new();
            let mut before = 0.0;
            for player in &order {
                if !game.serving.contains(player) {
                    continue;
                }
                at_work.push(*player);
                let worth = game.worth(&at_work);
                gains[*player] += (worth - before) / 2.0;
                before = worth;
            }
        }
        // Who comes late in one comes early in the other: the mean of both scatters less than that of two draws.
        order.reverse();
    }
    gains
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
