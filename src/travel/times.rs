//! Ranked lists: for each origin the hospitals in reach, the nearest first.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::{Stop, TravelModel, squared_chord, squared_chord_of};
use crate::model::HospitalId;
use crate::units::{Metres, Seconds};

/// For each origin the hospitals within a cut-off, sorted by time, ties by the hospital's id.
///
/// One flat array of (hospital, seconds) for all origins; memory grows with the pairs in reach,
/// never with origins times hospitals. Six bytes a pair, eight an origin.
///
/// Two are equal when the cut-off and the list of every origin are, wherever the lists stand in memory.
#[derive(Debug, Clone)]
pub struct TravelTimes {
    /// Start and end of each origin's list.
    spans: Vec<(u32, u32)>,
    hospitals: Vec<u32>,
    seconds: Vec<u16>,
    cutoff: Seconds,
}

/// Origins of one tile share one look at the R-tree.
const TILE_DEGREES: f64 = 0.125;
/// Tiles that are worked on before their lists are appended: bounds the memory in flight.
const TILES_AT_ONCE: usize = 128;
/// Origins that one thread works on at a time when lists are made from others.
const CHUNK: usize = 512;

type SitePoint = GeomWithData<[f64; 3], u32>;

/// The lists of a tile: (origin, length) and the entries of all its origins one after another.
struct TileLists {
    lengths: Vec<(u32, u32)>,
    hospitals: Vec<u32>,
    seconds: Vec<u16>,
}

impl TileLists {
    fn with_room(origins: usize) -> Self {
        let lengths = Vec::with_capacity(origins);
        Self { lengths, hospitals: Vec::new(), seconds: Vec::new() }
    }
}

impl TravelTimes {
    /// The longest possible cut-off, 18 hours: times are kept in 16 bits.
    pub const MAX_CUTOFF: Seconds = Seconds(u16::MAX as u32 - 1);

    /// Builds the lists in parallel, with an R-tree over the hospitals where the model has a reach.
    ///
    /// `hospitals` must stand in the order of the network's hospitals. The cut-off is inclusive;
    /// one above [`Self::MAX_CUTOFF`] counts as that. The result is the same on any number of
    /// threads.
    pub fn build(
        model: &dyn TravelModel,
        origins: &[Stop<'_>],
        hospitals: &[Stop<'_>],
        cutoff: Seconds,
    ) -> Self {
        let cutoff = cutoff.min(Self::MAX_CUTOFF);
        let points = hospitals.iter().enumerate();
        let points = points.map(|(index, stop)| SitePoint::new(stop.unit, index as u32));
        let tree = RTree::bulk_load(points.collect());
        let reach = model.reach(cutoff);
        let ranking = Ranking { model, origins, hospitals, tree, cutoff, reach };
        let tiles = tiles(origins);
        let mut times = Self {
            spans: vec![(0, 0); origins.len()],
            hospitals: Vec::new(),
            seconds: Vec::new(),
            cutoff,
        };
        for batch in tiles.chunks(TILES_AT_ONCE) {
            let lists: Vec<TileLists> = batch.par_iter().map(|tile| ranking.rank(tile)).collect();
            for list in lists {
                times.append(&list);
            }
        }
        times.hospitals.shrink_to_fit();
        times.seconds.shrink_to_fit();
        times
    }

    /// Lists of so many origins that reach nothing.
    pub(crate) fn empty(origins: usize, cutoff: Seconds) -> Self {
        let spans = vec![(0, 0); origins];
        Self { spans, hospitals: Vec::new(), seconds: Vec::new(), cutoff }
    }

    fn append(&mut self, list: &TileLists) {
        let mut at = self.hospitals.len() as u32;
        for &(origin, length) in &list.lengths {
            self.spans[origin as usize] = (at, at + length);
            at += length;
        }
        self.hospitals.extend_from_slice(&list.hospitals);
        self.seconds.extend_from_slice(&list.seconds);
    }

    /// The same lists with hospital `n` called `ids[n]`; `ids` rise, so that ties stay in order.
    pub(crate) fn renumbered(mut self, ids: &[u32]) -> Self {
        self.hospitals.iter_mut().for_each(|hospital| *hospital = ids[*hospital as usize]);
        self
    }

    /// Lists in which some origins and hospitals are others. `origins` gives for each new origin the one
    /// that it was, if any; `ids` the new number of each hospital that is kept, rising. Origins that were
    /// take their kept hospitals and what `added` says of them, in the order in which they come; the
    /// others take what `fresh` says, in theirs.
    pub(crate) fn merged(
        &self,
        origins: &[Option<u32>],
        ids: &[Option<u32>],
        (added, fresh): (&Self, &Self),
    ) -> Self {
        // Each origin is the next one of those that were, or of those that were not.
        let (mut kept, mut new) = (0, 0);
        let nth: Vec<usize> = origins
            .iter()
            .map(|origin| {
                let next = if origin.is_some() { &mut kept } else { &mut new };
                *next += 1;
                *next - 1
            })
            .collect();
        self.rebuilt(origins.len(), |number, row| {
            let more = if let Some(origin) = origins[number] {
                let (hospitals, seconds) = self.row(origin as usize);
                let own = hospitals.iter().zip(seconds);
                row.extend(own.filter_map(|(&at, &time)| Some((time, ids[at as usize]?))));
                added.row(nth[number])
            } else {
                fresh.row(nth[number])
            };
            row.extend(more.0.iter().zip(more.1).map(|(&hospital, &time)| (time, hospital)));
        })
    }

    /// Lists of so many origins, made in parallel: `fill` puts seconds and hospitals of an origin into an
    /// empty list, in any order.
    fn rebuilt(&self, origins: usize, fill: impl Fn(usize, &mut Vec<(u16, u32)>) + Sync) -> Self {
        let mut times = Self {
            spans: vec![(0, 0); origins],
            hospitals: Vec::with_capacity(self.hospitals.len()),
            seconds: Vec::with_capacity(self.seconds.len()),
            cutoff: self.cutoff,
        };
        let chunks: Vec<usize> = (0..origins).step_by(CHUNK).collect();
        for batch in chunks.chunks(TILES_AT_ONCE) {
            let in_chunk = |from: &usize| {
                let origins = *from..(from + CHUNK).min(origins);
                let mut lists = TileLists::with_room(origins.len());
                let mut row: Vec<(u16, u32)> = Vec::new();
                for origin in origins {
                    row.clear();
                    fill(origin, &mut row);
                    row.sort_unstable();
                    lists.lengths.push((origin as u32, row.len() as u32));
                    lists.hospitals.extend(row.iter().map(|(_, hospital)| *hospital));
                    lists.seconds.extend(row.iter().map(|(seconds, _)| *seconds));
                }
                lists
            };
            let lists: Vec<TileLists> = batch.par_iter().map(in_chunk).collect();
            lists.iter().for_each(|list| times.append(list));
        }
        times
    }

    /// The same lists with other times: `change` gives the time of each journey that has one, by origin
    /// and hospital, or `None` for no way. Times beyond the cut-off are no way.
    pub(crate) fn changed(
        &self,
        change: impl Fn(usize, HospitalId, Seconds) -> Option<Seconds> + Sync,
    ) -> Self {
        self.rebuilt(self.origins(), |origin, row| {
            row.extend(self.from_origin(origin).filter_map(|(hospital, seconds)| {
                let seconds = change(origin, hospital, seconds)?;
                (seconds <= self.cutoff).then_some((seconds.0 as u16, hospital.0))
            }));
        })
    }

    /// How many origins there are.
    pub fn origins(&self) -> usize {
        self.spans.len()
    }

    /// How many pairs of origin and hospital lie within the cut-off.
    pub fn pairs(&self) -> usize {
        self.hospitals.len()
    }

    /// Bytes that the lists take.
    pub fn bytes(&self) -> usize {
        self.spans.len() * 8 + self.hospitals.len() * 4 + self.seconds.len() * 2
    }

    /// The cut-off, inclusive.
    pub fn cutoff(&self) -> Seconds {
        self.cutoff
    }

    /// The hospitals in reach of an origin with their times, the nearest first, ties by id.
    ///
    /// # Panics
    ///
    /// When there is no such origin.
    pub fn from_origin(
        &self,
        origin: usize,
    ) -> impl ExactSizeIterator<Item = (HospitalId, Seconds)> {
        let (hospitals, seconds) = self.row(origin);
        hospitals
            .iter()
            .zip(seconds)
            .map(|(&hospital, &seconds)| (HospitalId(hospital), Seconds(u32::from(seconds))))
    }

    /// Where the list of an origin stands in the flat arrays.
    pub(crate) fn span(&self, origin: usize) -> std::ops::Range<usize> {
        let (from, to) = self.spans[origin];
        from as usize..to as usize
    }

    /// The raw list of an origin.
    pub(crate) fn row(&self, origin: usize) -> (&[u32], &[u16]) {
        let span = self.span(origin);
        (&self.hospitals[span.clone()], &self.seconds[span])
    }
}

impl PartialEq for TravelTimes {
    fn eq(&self, other: &Self) -> bool {
        self.cutoff == other.cutoff
            && self.origins() == other.origins()
            && (0..self.origins()).all(|origin| self.row(origin) == other.row(origin))
    }
}

impl Eq for TravelTimes {}

/// Origins grouped by squares of latitude and longitude, in a fixed order.
fn tiles(origins: &[Stop<'_>]) -> Vec<Vec<u32>> {
    let mut tiles: BTreeMap<(i32, i32), Vec<u32>> = BTreeMap::new();
    for (index, origin) in origins.iter().enumerate() {
        let square = |degrees: f64| (degrees / TILE_DEGREES).floor() as i32;
        let key = (square(origin.position.lat()), square(origin.position.lon()));
        tiles.entry(key).or_default().push(index as u32);
    }
    tiles.into_values().collect()
}

/// Everything that ranking needs, shared by all threads.
struct Ranking<'a> {
    model: &'a dyn TravelModel,
    origins: &'a [Stop<'a>],
    hospitals: &'a [Stop<'a>],
    tree: RTree<SitePoint>,
    cutoff: Seconds,
    reach: Option<Metres>,
}

impl Ranking<'_> {
    /// The hospitals that any origin of a tile can reach, by id.
    fn candidates(&self, tile: &[u32]) -> Vec<u32> {
        let Some(reach) = self.reach else {
            return (0..self.hospitals.len() as u32).collect();
        };
        let centre = self.origins[tile[0] as usize].unit;
        let spread = tile
            .iter()
            .map(|&origin| squared_chord(centre, self.origins[origin as usize].unit))
            .fold(0.0, f64::max);
        // Chords add up to at least the chord of the sum, so this never cuts too much.
        let radius = squared_chord_of(f64::from(reach.0)).sqrt() + spread.sqrt();
        let near = self.tree.locate_within_distance(centre, radius * radius * (1.0 + 1e-12));
        let mut near: Vec<u32> = near.map(|site| site.data).collect();
        near.sort_unstable();
        near
    }

    /// The lists of a tile's origins.
    fn rank(&self, tile: &[u32]) -> TileLists {
        let near = self.candidates(tile);
        let too_far = self.reach.map_or(f64::MAX, |reach| squared_chord_of(f64::from(reach.0)));
        let mut lists = TileLists::with_room(tile.len());
        let mut ranked: Vec<u64> = Vec::with_capacity(near.len());
        for &origin in tile {
            let from = &self.origins[origin as usize];
            ranked.clear();
            for &hospital in &near {
                let to = &self.hospitals[hospital as usize];
                if squared_chord(from.unit, to.unit) > too_far {
                    continue;
                }
                if let Some(time) = self.model.time(from, to).filter(|time| *time <= self.cutoff) {
                    ranked.push(u64::from(time.0) << 32 | u64::from(hospital));
                }
            }
            ranked.sort_unstable();
            lists.lengths.push((origin, ranked.len() as u32));
            lists.hospitals.extend(ranked.iter().map(|&entry| entry as u32));
            lists.seconds.extend(ranked.iter().map(|&entry| (entry >> 32) as u16));
        }
        lists
    }
}
