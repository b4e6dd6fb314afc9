//! Nearest first, full departments overflow to the next.

use super::choice::Capacity;
use super::streams::{DAYS, PlaceFlow, Sent, Slot, Streams, add_up};
use crate::region::Region;
use crate::stats::median;

/// The state of all parts while journeys are served in the order of time.
struct Overflow<'a> {
    region: &'a Region,
    streams: &'a Streams<'a>,
    /// Streams that each hospital treats, with the slot that does.
    treats: Vec<Vec<(usize, usize)>>,
    /// Bed days left in each slot.
    room: Vec<f64>,
    /// Cases that each part has still to send, by part and stream.
    waiting: Vec<f64>,
    /// Streams of each part that still wait for a hospital that exists.
    open: Vec<usize>,
    /// Position of the next hospital in each part's list.
    next: Vec<usize>,
    sent: Vec<Sent>,
}

/// Serves all journeys of all streams in the order of time, part of a place, hospital, and stream.
pub(super) fn serve(
    region: &Region,
    streams: &Streams<'_>,
    capacity: Capacity,
    keep_pairs: bool,
) -> Vec<Sent> {
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
        bucket.sort_unstable();
        for part in bucket {
            let part = part as usize;
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
    let same = slots.iter().filter(|slot| slot.department == department);
    let known = same.filter_map(|slot| slot.beds).filter(|beds| *beds > 0);
    median(&known.map(f64::from).collect::<Vec<f64>>())
}

impl<'a> Overflow<'a> {
    fn new(region: &'a Region, streams: &'a Streams<'a>, capacity: Capacity) -> Self {
        let mut treats = vec![Vec::new(); region.network().hospitals().len()];
        for (index, stream) in streams.streams.iter().enumerate() {
            for site in &stream.sites {
                treats[site.hospital.index()].push((index, site.slot));
            }
        }
        let room = streams.slots.iter().map(|slot| {
            let known = slot.beds.map(f64::from);
            let beds = known.or_else(|| median_beds(&streams.slots, &slot.department));
            let days = |beds| beds * DAYS * capacity.occupancy_limit;
            beds.map_or(f64::INFINITY, days)
        });
        let mut waiting = Vec::with_capacity(region.parts().len() * streams.streams.len());
        let mut open = Vec::with_capacity(region.parts().len());
        for part in region.parts() {
            let parts = region.parts_of(part.place).len() as f64;
            let own = streams.streams.iter();
            let cases = own.map(|stream| stream.cases.cases[part.place.index()] / parts);
            let first = waiting.len();
            waiting.extend(cases);
            let own = waiting[first..].iter().zip(&streams.streams);
            open.push(own.filter(|(cases, one)| **cases > 0.0 && !one.sites.is_empty()).count());
        }
        let sent = streams.streams.iter().map(|_| Sent::new(streams.slots.len())).collect();
        let next = vec![0; region.parts().len()];
        Self { region, streams, treats, room: room.collect(), waiting, open, next, sent }
    }

    /// The second at which a part reaches its next hospital; `None` when it needs no more.
    fn next_second(&self, part: usize) -> Option<usize> {
        if self.open[part] == 0 {
            return None;
        }
        self.region.times().row(part).1.get(self.next[part]).map(|second| usize::from(*second))
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
            // Who comes from beyond takes beds beside each case.
            let patients = 1.0 + self.streams.slots[slot].beyond_per_case;
            let stay = self.streams.streams[index].cases.stay_days * patients;
            let fits = if stay > 0.0 { self.room[slot] / stay } else { *waiting };
            let taken = waiting.min(fits);
            if taken <= 0.0 {
                continue;
            }
            self.room[slot] -= taken * stay;
            *waiting -= taken;
            if *waiting <= 0.0 {
                self.open[part] -= 1;
            }
            let sent = &mut self.sent[index];
            sent.cases[slot] += taken;
            if inside {
                sent.inside[slot] += taken;
            }
            sent.seconds += taken * second as f64;
            if keep_pairs {
                let hospital = self.region.network().id(hospital);
                sent.pairs.push(PlaceFlow { place, hospital, cases: taken });
            }
        }
    }

    fn finish(mut self) -> Vec<Sent> {
        let streams = self.streams.streams.len();
        for place in self.region.place_ids() {
            for (index, sent) in self.sent.iter_mut().enumerate() {
                let parts = self.region.parts_of(place);
                let left: f64 =
                    parts.fold(0.0, |sum, part| sum + self.waiting[part * streams + index]);
                if left > 0.0 {
                    sent.leftovers.push((place, left));
                }
            }
        }
        self.sent.iter_mut().for_each(|sent| add_up(&mut sent.pairs, 0));
        self.sent
    }
}
