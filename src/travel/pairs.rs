//! Ranked lists of models that tell one journey at a time, with an R-tree over the hospitals.

use std::collections::{BTreeMap, HashMap};

use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::build::{GroupLists, Limits, gather};
use super::stop::{squared_chord, squared_chord_of};
use super::{Stop, TravelError, TravelTimes};
use crate::units::{Metres, Seconds};

/// Origins of one tile share one look at the R-tree.
const TILE_DEGREES: f64 = 0.125;

type SitePoint = GeomWithData<[f64; 3], u32>;

/// A model that tells one journey at a time.
pub(super) trait Pairs: Sync {
    /// Time of the journey; `None` when there is no way.
    fn time(&self, from: &Stop<'_>, to: &Stop<'_>) -> Result<Option<Seconds>, TravelError>;

    /// No journey over a longer great-circle distance ends within `limit`, but for those to
    /// [`Self::destinations`]. `None` means that every pair is asked.
    fn reach(&self, limit: Seconds) -> Option<Metres>;

    /// Keys of hospitals that are asked for beyond the reach, too.
    fn destinations<'m>(&'m self, from: &Stop<'_>) -> Vec<&'m str> {
        // Most models have no journeys beyond their reach.
        let _ = from;
        Vec::new()
    }
}

/// The ranked lists of such a model. Only hospitals in its reach are asked for.
pub(super) fn lists<M: Pairs>(
    model: &M,
    from: &[Stop<'_>],
    to: &[Stop<'_>],
    limits: Limits,
) -> Result<TravelTimes, TravelError> {
    let reach = model.reach(limits.cutoff.min(TravelTimes::MAX_CUTOFF));
    let ranking = Ranking::new(model, from, to, reach);
    gather(&tiles(from), to, limits, |tile, lists| ranking.rank(tile, lists))
}

/// Origins grouped by squares of latitude and longitude, in a fixed order.
fn tiles(origins: &[Stop<'_>]) -> Vec<Vec<u32>> {
    let square = |degrees: f64| (degrees / TILE_DEGREES).floor() as i32;
    let mut tiles: BTreeMap<(i32, i32), Vec<u32>> = BTreeMap::new();
    for (number, origin) in (0..).zip(origins) {
        let key = (square(origin.position.lat()), square(origin.position.lon()));
        tiles.entry(key).or_default().push(number);
    }
    tiles.into_values().collect()
}

/// Everything that ranking needs, shared by all threads.
struct Ranking<'a, M> {
    model: &'a M,
    origins: &'a [Stop<'a>],
    hospitals: &'a [Stop<'a>],
    by_key: HashMap<&'a str, u32>,
    tree: RTree<SitePoint>,
    reach: Option<Metres>,
    /// Squared chord beyond which nothing is in reach.
    too_far: f64,
}

impl<'a, M: Pairs> Ranking<'a, M> {
    fn new(
        model: &'a M,
        origins: &'a [Stop<'a>],
        hospitals: &'a [Stop<'a>],
        reach: Option<Metres>,
    ) -> Self {
        let mut points = Vec::with_capacity(hospitals.len());
        let mut by_key = HashMap::with_capacity(hospitals.len());
        for (number, hospital) in (0..).zip(hospitals) {
            points.push(SitePoint::new(hospital.unit, number));
            by_key.insert(hospital.key, number);
        }

        let tree = RTree::bulk_load(points);
        let too_far = match reach {
            Some(reach) => squared_chord_of(f64::from(reach.0)),
            None => f64::MAX,
        };
        Self { model, origins, hospitals, by_key, tree, reach, too_far }
    }

    /// The hospitals that any origin of a tile can reach, by number.
    fn candidates(&self, tile: &[u32]) -> Vec<u32> {
        if self.reach.is_none() {
            return (0..self.hospitals.len() as u32).collect();
        }
        // Any point of the tile will do: the spread is measured from it.
        let centre = self.origins[tile[0] as usize].unit;
        let mut spread: f64 = 0.0;
        for &origin in tile {
            spread = spread.max(squared_chord(centre, self.origins[origin as usize].unit));
        }

        // Chords add up to at least the chord of the sum, so this never cuts too much.
        let radius = self.too_far.sqrt() + spread.sqrt();
        let limit = radius * radius * (1.0 + 1e-12);
        let mut near: Vec<u32> = Vec::new();
        for site in self.tree.locate_within_distance(centre, limit) {
            near.push(site.data);
        }
        // The tree has an order of its own; ranking looks numbers up by halves.
        near.sort_unstable();
        near
    }

    fn is_in_reach(&self, from: &Stop<'_>, hospital: u32) -> bool {
        squared_chord(from.unit, self.hospitals[hospital as usize].unit) <= self.too_far
    }

    /// The lists of a tile's origins.
    fn rank(&self, tile: &[u32], lists: &mut GroupLists<'_>) -> Result<(), TravelError> {
        let near = self.candidates(tile);
        for &origin in tile {
            let from = &self.origins[origin as usize];
            for &hospital in &near {
                if self.is_in_reach(from, hospital) {
                    let time = self.model.time(from, &self.hospitals[hospital as usize])?;
                    lists.note(hospital, time);
                }
            }

            // A table knows journeys to hospitals that are too far for the crow.
            for key in self.model.destinations(from) {
                let Some(&hospital) = self.by_key.get(key) else { continue };
                let is_asked =
                    self.is_in_reach(from, hospital) && near.binary_search(&hospital).is_ok();
                if !is_asked {
                    let time = self.model.time(from, &self.hospitals[hospital as usize])?;
                    lists.note(hospital, time);
                }
            }
            lists.end(origin)?;
        }
        Ok(())
    }
}
