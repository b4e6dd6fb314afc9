//! Nearest first, full departments overflow to the next.

use super::choice::Capacity;
use super::streams::{CaseStreams, DAYS, LeftAt, PlaceFlow, Sent, SentByAll, Slot};
use crate::region::Region;
use crate::stats::median;

/// The state of all parts while journeys are served in the order of time.
struct Overflow<'a> {
    region: &'a Region,
    streams: &'a CaseStreams<'a>,
    /// Streams that each hospital treats, with the slot that does.
    treats: Vec<Vec<(usize, usize)>>,
    /// Words of a set of streams, a bit each.
    words: usize,
    /// By hospital: the set of streams that it treats in departments with a free bed. Beds only fill, so that
    /// what is skipped once is skipped for ever.
    takes: Vec<u64>,
    /// Bed days left in each slot.
    room: Vec<f64>,
    /// Cases that each part has still to send, by part and stream.
    waiting: Vec<f64>,
    /// By part: the set of streams that still wait.
    open: Vec<u64>,
    /// Position of the next hospital in each part's list.
    next: Vec<usize>,
    sent: Vec<Sent>,
    pairs: Vec<PlaceFlow>,
}

/// Serves all journeys of all streams in the order of time, part of a place, hospital, and stream.
pub(super) fn serve(
    region: &Region,
    streams: &CaseStreams<'_>,
    capacity: Capacity,
    keep_pairs: bool,
) -> SentByAll {
    let mut overflow = Overflow::new(region, streams, capacity);
    // A part waits in the bucket of the second at which its next hospital is reached.
    let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); region.times().cutoff().0 as usize + 1];
    for part in 0..region.parts().len() {
        if let Some(second) = overflow.next_second(part) {
            buckets[second].push(part as u32);
        }
    }
    for second in 0..buckets.len() {
        let mut bucket = std::mem::take(&mut buckets[second]);
        // Parts came from several seconds: among equal journeys the order of parts decides.
        bucket.sort_unstable();
        for part in bucket {
            let part = part as usize;
            // Several hospitals may be as far as each other.
            while overflow.next_second(part) == Some(second) {
                overflow.visit(part, second, keep_pairs);
            }
            if let Some(later) = overflow.next_second(part) {
                buckets[later].push(part as u32);
            }
        }
    }
    overflow.finish()
}

/// The median of the known beds of a kind of department; `None` when none are known.
fn median_beds(slots: &[Slot], department: &str) -> Option<f64> {
    let mut known = Vec::new();
    for slot in slots {
        // A department that lost its beds tells nothing of one whose beds nobody counted.
        if let Some(beds) = slot.beds
            && beds > 0
            && slot.department == department
        {
            known.push(f64::from(beds));
        }
    }
    median(&known)
}

impl<'a> Overflow<'a> {
    fn new(region: &'a Region, streams: &'a CaseStreams<'a>, capacity: Capacity) -> Self {
        let words = streams.streams.len().div_ceil(64);
        let hospitals = region.network().hospitals().len();
        let mut treats = vec![Vec::new(); hospitals];
        let mut takes = vec![0; hospitals * words];
        for (index, stream) in streams.streams.iter().enumerate() {
            for site in &stream.sites {
                let hospital = site.hospital.index();
                treats[hospital].push((index, site.slot));
                insert(&mut takes[hospital * words..], index);
            }
        }

        let mut room = Vec::with_capacity(streams.slots.len());
        for slot in &streams.slots {
            let known = slot.beds.map(f64::from);
            let beds = known.or_else(|| median_beds(&streams.slots, &slot.department));
            // Where no beds are known of any, a department is never full.
            room.push(match beds {
                Some(beds) => beds * DAYS * capacity.occupancy_limit,
                None => f64::INFINITY,
            });
        }

        let parts = region.parts().len();
        let mut waiting = Vec::with_capacity(parts * streams.streams.len());
        let mut open = vec![0; parts * words];
        for (number, part) in region.parts().iter().enumerate() {
            let parts_of_place = region.parts_of(part.place).len() as f64;
            for (index, stream) in streams.streams.iter().enumerate() {
                let cases = stream.cases.cases[part.place.index()] / parts_of_place;
                waiting.push(cases);
                if cases > 0.0 {
                    insert(&mut open[number * words..], index);
                }
            }
        }

        let mut sent = Vec::with_capacity(streams.streams.len());
        for _ in &streams.streams {
            sent.push(Sent::new(streams.slots.len()));
        }
        let (next, pairs) = (vec![0; parts], Vec::new());
        Self { region, streams, treats, words, takes, room, waiting, open, next, sent, pairs }
    }

    /// The second at which a part reaches the next hospital with a free bed for anybody who waits there;
    /// `None` when there is none any more.
    fn next_second(&mut self, part: usize) -> Option<usize> {
        let (hospitals, seconds) = self.region.times().row(part);
        let open = &self.open[part * self.words..][..self.words];
        let next = &mut self.next[part];
        while let Some(&hospital) = hospitals.get(*next) {
            let takes = &self.takes[hospital as usize * self.words..];
            if open.iter().zip(takes).any(|(open, takes)| open & takes != 0) {
                return Some(usize::from(seconds[*next]));
            }
            *next += 1;
        }
        None
    }

    /// Fills the beds of a part's next hospital with what the part has to send.
    fn visit(&mut self, part: usize, second: usize, keep_pairs: bool) {
        let hospital = self.region.times().row(part).0[self.next[part]];
        let place = self.region.parts()[part].place;
        let inside = !self.region.place(place).outside;
        let first = part * self.streams.streams.len();
        self.next[part] += 1;
        for &(index, slot) in &self.treats[hospital as usize] {
            let waiting = &mut self.waiting[first + index];
            // Patients from beyond the places take beds beside each case.
            let patients = 1.0 + self.streams.slots[slot].beyond_per_case;
            let stay = self.streams.streams[index].cases.stay_days * patients;
            let fits = if stay > 0.0 { self.room[slot] / stay } else { *waiting };
            let taken = waiting.min(fits);
            // A stay of no days fills no bed: such cases always fit.
            if stay > 0.0 && fits <= 0.0 {
                remove(&mut self.takes[hospital as usize * self.words..], index);
            }
            if taken <= 0.0 {
                continue;
            }
            self.room[slot] -= taken * stay;
            *waiting -= taken;
            if *waiting <= 0.0 {
                remove(&mut self.open[part * self.words..], index);
            }
            let sent = &mut self.sent[index];
            sent.cases[slot] += taken;
            if inside {
                sent.inside[slot] += taken;
            }
            sent.seconds += taken * second as f64;
            if keep_pairs {
                let hospital = self.region.network().id(hospital);
                self.pairs.push(PlaceFlow { place, hospital, cases: taken });
            }
        }
    }

    fn finish(mut self) -> SentByAll {
        let streams = self.streams.streams.len();
        for place in self.region.place_ids() {
            for (index, sent) in self.sent.iter_mut().enumerate() {
                let mut cases = 0.0;
                for part in self.region.parts_of(place) {
                    // Whoever still waits found no bed in reach.
                    cases += self.waiting[part * streams + index];
                }
                if cases > 0.0 {
                    sent.leftovers.push(LeftAt { place, cases });
                }
            }
        }
        SentByAll { by_stream: self.sent, pairs: self.pairs }
    }
}

/// Puts a stream into a set, a bit each.
fn insert(set: &mut [u64], stream: usize) {
    set[stream / 64] |= 1 << (stream % 64);
}

/// Takes a stream out of a set.
fn remove(set: &mut [u64], stream: usize) {
    set[stream / 64] &= !(1 << (stream % 64));
}
