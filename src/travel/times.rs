//! Ranked lists: for each origin the hospitals in reach, the nearest first.

use std::collections::{BTreeMap, HashMap};
use std::mem::take;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::{Stop, TravelModel, squared_chord, squared_chord_of};
use crate::model::{HospitalId, Network, Tag, tag_of};
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
    /// How many hospitals there are, in reach or not, and what their ids carry.
    count: u32,
    tag: Tag,
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
    ///
    /// # Panics
    ///
    /// When more than 4,294,967,295 pairs lie within the cut-off: 26 gigabytes.
    pub fn build(
        model: &dyn TravelModel,
        origins: &[Stop<'_>],
        hospitals: &[Stop<'_>],
        cutoff: Seconds,
    ) -> Self {
        Self::build_within((model, cutoff), origins, hospitals, u64::from(u32::MAX))
            .expect("documented: at most 4,294,967,295 pairs within the cut-off")
    }

    /// The same by one thread alone: for lists that are made when the first of several threads asks for them. A
    /// thread that made them in parallel could take up work that waits for these very lists.
    pub(crate) fn build_alone(
        model: &dyn TravelModel,
        origins: &[Stop<'_>],
        hospitals: &[Stop<'_>],
        cutoff: Seconds,
    ) -> Self {
        let most = u64::from(u32::MAX);
        Self::build_by((model, cutoff), origins, hospitals, most, |ranking, tiles| {
            tiles.iter().map(|tile| ranking.rank(tile)).collect()
        })
        .expect("documented: at most 4,294,967,295 pairs within the cut-off")
    }

    /// The same; `None` when more than `most` pairs lie within the cut-off. It then stops early.
    pub(crate) fn build_within(
        (model, cutoff): (&dyn TravelModel, Seconds),
        origins: &[Stop<'_>],
        hospitals: &[Stop<'_>],
        most: u64,
    ) -> Option<Self> {
        Self::build_by((model, cutoff), origins, hospitals, most, |ranking, tiles| {
            tiles.par_iter().map(|tile| ranking.rank(tile)).collect()
        })
    }

    /// Lists of a few tiles at a time, by one thread or several.
    fn build_by(
        (model, cutoff): (&dyn TravelModel, Seconds),
        origins: &[Stop<'_>],
        hospitals: &[Stop<'_>],
        most: u64,
        rank: impl Fn(&Ranking<'_>, &[Vec<u32>]) -> Vec<TileLists>,
    ) -> Option<Self> {
        let most = most.min(u64::from(u32::MAX));
        let cutoff = cutoff.min(Self::MAX_CUTOFF);
        let points = hospitals.iter().enumerate();
        let points = points.map(|(index, stop)| SitePoint::new(stop.unit, index as u32));
        let tree = RTree::bulk_load(points.collect());
        let reach = model.reach(cutoff);
        let found = AtomicU64::new(0);
        let by_key = hospitals.iter().zip(0..).map(|(stop, number)| (stop.key, number)).collect();
        let ranking =
            Ranking { model, origins, hospitals, by_key, tree, cutoff, reach, found, most };
        let tiles = tiles(origins);
        let mut times = Self {
            spans: vec![(0, 0); origins.len()],
            hospitals: Vec::new(),
            seconds: Vec::new(),
            cutoff,
            count: hospitals.len() as u32,
            tag: tag_of(hospitals.iter().map(|stop| stop.key)),
        };
        for batch in tiles.chunks(TILES_AT_ONCE) {
            let lists = rank(&ranking, batch);
            if ranking.is_beyond() {
                return None;
            }
            for list in lists {
                times.append(&list);
            }
        }
        times.hospitals.shrink_to_fit();
        times.seconds.shrink_to_fit();
        Some(times)
    }

    /// Lists of so many origins that reach nothing.
    pub(crate) fn empty(origins: usize, cutoff: Seconds) -> Self {
        let spans = vec![(0, 0); origins];
        Self { spans, hospitals: Vec::new(), seconds: Vec::new(), cutoff, count: 0, tag: 0 }
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

    /// The same lists with hospital `n` called `ids[n]`, of this network; `ids` rise, so that ties stay in
    /// order.
    pub(crate) fn renumbered(mut self, ids: &[u32], network: &Network) -> Self {
        self.hospitals.iter_mut().for_each(|hospital| *hospital = ids[*hospital as usize]);
        self.set_network(network);
        self
    }

    /// The ids of the hospitals are now those of this network.
    pub(crate) fn set_network(&mut self, network: &Network) {
        self.count = network.hospitals().len() as u32;
        self.tag = network.tag;
    }

    /// The ids of all hospitals that the lists were made of, in reach or not, in their order.
    pub fn hospitals(&self) -> impl ExactSizeIterator<Item = HospitalId> + use<> {
        let tag = self.tag;
        (0..self.count).map(move |number| HospitalId(number, tag))
    }

    /// What the ids of the hospitals carry.
    pub(crate) fn tag(&self) -> Tag {
        self.tag
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
        let more: Vec<(&[u32], &[u16])> = origins
            .iter()
            .map(|origin| {
                let (of, next) =
                    if origin.is_some() { (added, &mut kept) } else { (fresh, &mut new) };
                *next += 1;
                of.row(*next - 1)
            })
            .collect();
        let own = |origin: usize| match origins[origin] {
            Some(was) => self.row(was as usize),
            None => (&[][..], &[][..]),
        };
        // Where every hospital is kept, nobody needs to look at the lists to know their lengths.
        let are_all_kept = ids.iter().all(Option::is_some);
        let length = |origin: usize| {
            let hospitals = own(origin).0;
            let kept = if are_all_kept {
                hospitals.len()
            } else {
                hospitals.iter().filter(|at| ids[**at as usize].is_some()).count()
            };
            (kept + more[origin].0.len()) as u32
        };
        self.rebuilt(origins.len(), length, |origin, (to, at)| {
            let (hospitals, seconds) = own(origin);
            if to.len() == hospitals.len() && more[origin].0.is_empty() {
                let kept = hospitals.iter().map(|&id| ids[id as usize].unwrap_or_default());
                to.iter_mut().zip(kept).for_each(|(to, id)| *to = id);
                at.copy_from_slice(seconds);
                return;
            }
            let kept = hospitals.iter().zip(seconds);
            let kept = kept.filter_map(|(&id, &time)| Some((ids[id as usize]?, time)));
            let slots = to.iter_mut().zip(at);
            let (hospitals, seconds) = more[origin];
            if hospitals.is_empty() {
                kept.zip(slots).for_each(|((id, time), (to, at))| (*to, *at) = (id, time));
                return;
            }
            let more = hospitals.iter().copied().zip(seconds.iter().copied());
            let mut row: Vec<(u16, u32)> = kept.chain(more).map(|(id, time)| (time, id)).collect();
            row.sort_unstable();
            row.into_iter().zip(slots).for_each(|((time, id), (to, at))| (*to, *at) = (id, time));
        })
    }

    /// The same lists with other times: `change` gives the time of each journey that has one, by origin
    /// and hospital, or `None` for no way. Times beyond the cut-off are no way.
    pub(crate) fn changed(
        &self,
        change: impl Fn(usize, HospitalId, Seconds) -> Option<Seconds> + Sync,
    ) -> Self {
        let time = |origin, hospital, seconds| {
            change(origin, hospital, seconds).filter(|seconds| *seconds <= self.cutoff)
        };
        let row = |origin: usize| {
            let mut all = self.from_origin(origin);
            all.any(|(id, seconds)| time(origin, id, seconds) != Some(seconds)).then(|| {
                let all = self.from_origin(origin);
                let all = all.filter_map(|(id, own)| Some((time(origin, id, own)?.0 as u16, id.0)));
                let mut row: Vec<(u16, u32)> = all.collect();
                row.sort_unstable();
                row
            })
        };
        let rows: Vec<Option<Vec<(u16, u32)>>> =
            (0..self.origins()).into_par_iter().with_min_len(CHUNK).map(row).collect();
        let length = |origin: usize| {
            rows[origin].as_ref().map_or_else(|| self.span(origin).len(), Vec::len) as u32
        };
        self.rebuilt(self.origins(), length, |origin, (to, at)| match &rows[origin] {
            None => {
                let (hospitals, seconds) = self.row(origin);
                to.copy_from_slice(hospitals);
                at.copy_from_slice(seconds);
            }
            Some(row) => {
                let slots = to.iter_mut().zip(at);
                row.iter().zip(slots).for_each(|(&(time, id), (to, at))| (*to, *at) = (id, time));
            }
        })
    }

    /// Lists of so many origins, written in parallel and in place: `length` gives the length of each, `fill`
    /// its hospitals and seconds.
    fn rebuilt(
        &self,
        origins: usize,
        length: impl Fn(usize) -> u32 + Sync + Send,
        fill: impl Fn(usize, ListMut<'_>) + Sync,
    ) -> Self {
        let lengths: Vec<u32> =
            (0..origins).into_par_iter().with_min_len(CHUNK).map(length).collect();
        let mut end = 0;
        let spans: Vec<(u32, u32)> = lengths
            .iter()
            .map(|length| {
                end += length;
                (end - length, end)
            })
            .collect();
        let mut hospitals = vec![0; end as usize];
        let mut seconds = vec![0; end as usize];
        let (mut to, mut at) = (&mut hospitals[..], &mut seconds[..]);
        let chunks: Vec<_> = (0..origins)
            .step_by(CHUNK)
            .map(|from| {
                let origins = from..(from + CHUNK).min(origins);
                let count = lengths[origins.clone()].iter().sum::<u32>() as usize;
                let of_chunk;
                (of_chunk, (to, at)) = cut((take(&mut to), take(&mut at)), count);
                (origins, of_chunk)
            })
            .collect();
        chunks.into_par_iter().for_each(|(origins, mut rest)| {
            for origin in origins {
                let list;
                (list, rest) = cut(rest, lengths[origin] as usize);
                fill(origin, list);
            }
        });
        Self { spans, hospitals, seconds, cutoff: self.cutoff, count: self.count, tag: self.tag }
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
        let tag = self.tag;
        hospitals.iter().zip(seconds).map(move |(&hospital, &seconds)| {
            (HospitalId(hospital, tag), Seconds(u32::from(seconds)))
        })
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

/// Hospitals and seconds that are written.
type ListMut<'s> = (&'s mut [u32], &'s mut [u16]);

/// The first `count` entries, and the others.
fn cut((hospitals, seconds): ListMut<'_>, count: usize) -> (ListMut<'_>, ListMut<'_>) {
    let (to, other_to) = hospitals.split_at_mut(count);
    let (at, other_at) = seconds.split_at_mut(count);
    ((to, at), (other_to, other_at))
}

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
    by_key: HashMap<&'a str, u32>,
    tree: RTree<SitePoint>,
    cutoff: Seconds,
    reach: Option<Metres>,
    /// Pairs within the cut-off so far, and how many there may be.
    found: AtomicU64,
    most: u64,
}

impl Ranking<'_> {
    /// Whether there are more pairs than there may be.
    fn is_beyond(&self) -> bool {
        self.found.load(Ordering::Relaxed) > self.most
    }

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

    /// The time to a hospital, then the hospital, in one number; `None` beyond the cut-off.
    fn entry(&self, from: &Stop<'_>, hospital: u32) -> Option<u64> {
        let time = self.model.time(from, &self.hospitals[hospital as usize])?;
        (time <= self.cutoff).then(|| u64::from(time.0) << 32 | u64::from(hospital))
    }

    /// The lists of a tile's origins.
    fn rank(&self, tile: &[u32]) -> TileLists {
        let near = self.candidates(tile);
        let too_far = self.reach.map_or(f64::MAX, |reach| squared_chord_of(f64::from(reach.0)));
        let mut lists = TileLists::with_room(tile.len());
        let mut ranked: Vec<u64> = Vec::with_capacity(near.len());
        for &origin in tile {
            if self.is_beyond() {
                break;
            }
            let from = &self.origins[origin as usize];
            ranked.clear();
            for &hospital in &near {
                let to = &self.hospitals[hospital as usize];
                if squared_chord(from.unit, to.unit) > too_far {
                    continue;
                }
                ranked.extend(self.entry(from, hospital));
            }
            for key in self.model.destinations(from) {
                let Some(&hospital) = self.by_key.get(key) else { continue };
                let is_near =
                    squared_chord(from.unit, self.hospitals[hospital as usize].unit) <= too_far;
                if !is_near || near.binary_search(&hospital).is_err() {
                    ranked.extend(self.entry(from, hospital));
                }
            }
            self.found.fetch_add(ranked.len() as u64, Ordering::Relaxed);
            ranked.sort_unstable();
            lists.lengths.push((origin, ranked.len() as u32));
            lists.hospitals.extend(ranked.iter().map(|&entry| entry as u32));
            lists.seconds.extend(ranked.iter().map(|&entry| (entry >> 32) as u16));
        }
        lists
    }
}
