//! People by the hospitals that they rest on.

use rayon::prelude::*;

use super::{Order, Origins};
use crate::coverage::{HospitalSet, Nearest};
use crate::travel::TravelTimes;

/// People who have exactly one, two or three hospitals within the limit, by those hospitals, where
/// all of them may close. Sizes above the order are not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signatures {
    /// By hospital.
    singles: Vec<u64>,
    pub(super) pairs: Table<2>,
    pub(super) triples: Table<3>,
}

/// People by set of hospitals: rows in the order of the sets, with the first row of each first
/// hospital beside, so that a look-up searches a few rows only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table<const SIZE: usize> {
    starts: Vec<u32>,
    rows: Vec<Row<SIZE>>,
}

/// Hospitals by rising id, and their people.
type Row<const SIZE: usize> = ([u32; SIZE], u64);

impl<const SIZE: usize> Table<SIZE> {
    fn new(mut rows: Vec<Row<SIZE>>, hospitals: usize) -> Self {
        merge(&mut rows);
        rows.shrink_to_fit();
        let mut starts = vec![0; hospitals + 1];
        // Counts first, then their sums: the first row of each hospital.
        for (set, _) in &rows {
            starts[set[0] as usize + 1] += 1;
        }
        for hospital in 0..hospitals {
            starts[hospital + 1] += starts[hospital];
        }
        Self { starts, rows }
    }

    /// The rows, by their sets.
    pub(super) fn rows(&self) -> &[Row<SIZE>] {
        &self.rows
    }

    fn people(&self, set: [u32; SIZE]) -> u64 {
        let first = set[0] as usize;
        let span = self.starts[first] as usize..self.starts[first + 1] as usize;
        let rows = &self.rows[span];
        match rows.binary_search_by(|(kept, _)| kept.cmp(&set)) {
            Ok(row) => rows[row].1,
            Err(_) => 0,
        }
    }
}

/// Sorts rows by their sets and adds up equal ones: whole numbers, so any order gives the same.
fn merge<const SIZE: usize>(rows: &mut Vec<Row<SIZE>>) {
    rows.sort_unstable_by_key(|(set, _)| *set);
    rows.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            kept.1 += next.1;
        }
        is_same
    });
}

/// What one thread counts of some origins.
struct Piece {
    singles: Vec<u64>,
    pairs: Vec<Row<2>>,
    triples: Vec<Row<3>>,
}

/// Origins that one thread works on at a time. Neighbours rest on the same hospitals, so merging a
/// piece keeps memory near the number of distinct sets.
const CHUNK: usize = 16_384;

impl Signatures {
    pub(super) fn count(
        nearest: &Nearest,
        origins: Origins<'_>,
        may_close: &HospitalSet,
        order: Order,
    ) -> Self {
        let people = origins.people;
        // Lists hold seconds as u16 and end at the cut-off: a longer limit finds no more.
        let limit = origins.limit.min(TravelTimes::MAX_CUTOFF).0 as u16;
        // By number up to the last that may close: what comes behind it has no entry.
        let mut closable = Vec::new();
        for id in may_close.ids() {
            closable.resize(id.index(), false);
            closable.push(true);
        }
        let hospitals = closable.len();
        let counting = Counting { nearest, people, limit, closable: &closable };
        let piece = |chunk: usize| {
            let origins = chunk * CHUNK..((chunk + 1) * CHUNK).min(people.len());
            // The number of ranks is part of the type, so that the loop over them is unrolled.
            match order {
                Order::Single => counting.piece::<2>(origins),
                Order::Pair => counting.piece::<3>(origins),
                Order::Triple => counting.piece::<4>(origins),
            }
        };
        let chunks = (0..people.len().div_ceil(CHUNK)).into_par_iter();
        let pieces: Vec<Piece> = chunks.map(piece).collect();

        let mut singles = vec![0; hospitals];
        let mut pairs = Vec::new();
        let mut triples = Vec::new();
        for piece in pieces {
            for (hospital, people) in piece.singles.into_iter().enumerate() {
                singles[hospital] += people;
            }
            pairs.extend(piece.pairs);
            triples.extend(piece.triples);
        }
        let (pairs, triples) = (Table::new(pairs, hospitals), Table::new(triples, hospitals));
        Self { singles, pairs, triples }
    }

    /// How many sets of one, two and three hospitals people rest on.
    pub(super) fn sizes(&self) -> [usize; 3] {
        let mut singles = 0;
        for people in &self.singles {
            singles += usize::from(*people > 0);
        }
        [singles, self.pairs.rows.len(), self.triples.rows.len()]
    }

    /// People who rest on one hospital.
    pub(super) fn single(&self, id: u32) -> u64 {
        self.singles.get(id as usize).copied().unwrap_or(0)
    }

    /// People who fall out when these hospitals close, at most three of them, each once and by rising number.
    pub(super) fn of_set(&self, ids: &[u32]) -> u64 {
        match *ids {
            [] => 0,
            [a] => self.single(a),
            [a, b] => self.of_pair([a, b]),
            [a, b, c] => self.of_triple([a, b, c]),
            _ => unreachable!("at most three were counted"),
        }
    }

    /// People who rest on exactly these two.
    pub(super) fn pair(&self, set: [u32; 2]) -> u64 {
        if self.has(set[1]) { self.pairs.people(set) } else { 0 }
    }

    /// People who rest on exactly these three.
    pub(super) fn triple(&self, set: [u32; 3]) -> u64 {
        if self.has(set[2]) { self.triples.people(set) } else { 0 }
    }

    /// Whether an id is at most the last one that may close; the largest of a set answers for all.
    fn has(&self, id: u32) -> bool {
        (id as usize) < self.singles.len()
    }

    /// People who rest on one or both of these.
    pub(super) fn of_pair(&self, [a, b]: [u32; 2]) -> u64 {
        self.single(a) + self.single(b) + self.pair([a, b])
    }

    /// People who rest on any of these three alone or together.
    pub(super) fn of_triple(&self, [a, b, c]: [u32; 3]) -> u64 {
        let singles = self.single(a) + self.single(b) + self.single(c);
        let pairs = self.pair([a, b]) + self.pair([a, c]) + self.pair([b, c]);
        singles + pairs + self.triple([a, b, c])
    }
}

/// What counting reads.
struct Counting<'a> {
    nearest: &'a Nearest,
    people: &'a [u32],
    limit: u16,
    closable: &'a [bool],
}

impl Counting<'_> {
    /// Counts some origins. `RANKS` is one more than the hospitals that close: an origin with that
    /// many within the limit rests on no set that is asked for.
    fn piece<const RANKS: usize>(&self, origins: std::ops::Range<usize>) -> Piece {
        let ranks: [_; RANKS] = std::array::from_fn(|rank| {
            let (hospitals, seconds) = self.nearest.rank(rank);
            (&hospitals[origins.clone()], &seconds[origins.clone()])
        });
        let mut singles = vec![0; self.closable.len()];
        let mut pairs = Vec::new();
        let mut triples = Vec::new();
        for (origin, &people) in self.people[origins.clone()].iter().enumerate() {
            // A sum instead of a branch for each rank.
            let mut within = 0;
            for (_, seconds) in &ranks {
                within += usize::from(seconds[origin] <= self.limit);
            }
            if within == 0 || within == RANKS || people == 0 {
                continue;
            }
            let hospital = |rank: usize| ranks[rank].0[origin];
            let closes = |id: u32| self.closable.get(id as usize).is_some_and(|closes| *closes);
            if !(0..within).all(|rank| closes(hospital(rank))) {
                continue;
            }

            let people = u64::from(people);
            match within {
                1 => singles[hospital(0) as usize] += people,
                2 => pairs.push((sorted([hospital(0), hospital(1)]), people)),
                _ => triples.push((sorted([hospital(0), hospital(1), hospital(2)]), people)),
            }
        }
        merge(&mut pairs);
        merge(&mut triples);
        Piece { singles, pairs, triples }
    }
}

fn sorted<const SIZE: usize>(mut set: [u32; SIZE]) -> [u32; SIZE] {
    set.sort_unstable();
    set
}
