//! Future events, 16 bytes each: a sorted list of few, a heap of more, and slots of many.

use super::whole::place;

/// An event: its time, a number that counts planned events, and what it is about.
///
/// One number holds all three, so that a comparison is one step and equal times keep the order in
/// which they were planned (for 2^32 events; the counter then starts again).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Event(u128);

impl Event {
    /// Later than everything.
    pub(super) const NEVER: Self = Self(u128::MAX);

    /// When it happens. Bits of numbers at or above zero have the order of the numbers.
    pub(super) fn time(self) -> f64 {
        f64::from_bits((self.0 >> 64) as u64)
    }

    pub(super) fn bits(self) -> u64 {
        (self.0 >> 64) as u64
    }

    pub(super) fn about(self) -> u32 {
        self.0 as u32
    }

    /// Before all that is planned for a time.
    pub(super) fn before(time: f64) -> Self {
        Self(u128::from(time.to_bits()) << 64)
    }
}

/// How events are kept.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// As a sorted list, while there were never more than a few.
    #[default]
    List,
    Heap,
    /// As slots, and a sorted list of the one that is due.
    Slots,
}

/// Events by time.
///
/// A few events stand in a sorted list; once there are more, it is a heap with four children a node. Once
/// there are many, time ahead is cut into slots: events of later slots are appended to theirs unsorted, and
/// a sorted list holds those of the slot that is due. Events after the last slot are kept apart until all
/// slots are used up. (Tang, W. T., Goh, R. S. M., Thng, I. L.-J. (2005): Ladder queue. ACM TOMACS 15(3),
/// 175-204; here with one rung.)
#[derive(Debug, Default)]
pub(super) struct Events {
    /// The events that come next, in order behind those that were taken, or as a heap. The first event is
    /// the first that was not taken either way.
    near: Vec<Event>,
    kept: Kept,
    /// 0 while it is a heap.
    taken: usize,
    /// Bits of the time of the first event; all ones when there is none.
    first: u64,
    /// Events of later slots; none while all are near.
    slots: Slots,
    /// The first slot that is not in the list.
    due: usize,
    /// When the first slot starts, and slots in a unit of time.
    start: f64,
    per_unit: f64,
    /// Events after the last slot.
    later: Vec<Event>,
    planned: u32,
    sorter: Sorter,
    /// Whether a slot came into the list since this was asked last.
    turned: bool,
    /// Nothing happens from here on.
    horizon: f64,
}

/// Events in the heap from which on time is cut into slots: below some hundreds, slots cost more than they save.
const MANY: usize = 256;

/// Children of a node of the heap; they stand side by side, and two pairs of them are compared at once.
const CHILDREN: usize = 4;

/// Taken events at the front of the list that are dropped at once: the rest is moved once for all of them, and not once
/// an event.
const TAKEN: usize = 32;

/// Most events of the sorted list: moving up to 16 entries of 16 bytes costs less than a heap. With one more it becomes
/// a heap.
const FEW: usize = 16;

/// Events for each slot when time is cut. A slot that is due has about three times as many, as most events come soon:
/// few enough for [`COUNTED`].
const PER_SLOT: usize = 4;

/// Most slots: their lists then take 64 KiB.
const MOST_SLOTS: usize = 8192;

impl Events {
    /// No events; those at the horizon or later will never be due.
    pub(super) fn until(horizon: f64) -> Self {
        Self { horizon, first: u64::MAX, ..Self::default() }
    }

    /// Bits of the time of the first event; all ones when there is none.
    #[inline]
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// Brings the time of the first event up to date.
    #[inline]
    fn look(&mut self) {
        self.first = self.near.get(self.taken).map_or(u64::MAX, |event| event.bits());
    }

    /// Takes the first event, which there is.
    #[inline]
    pub(super) fn pop(&mut self) -> Event {
        let event = self.near[self.taken];
        if self.kept == Kept::Heap {
            if let Some(last) = self.near.pop()
                && !self.near.is_empty()
            {
                sink(&mut self.near, last);
            }
            self.look();
            return event;
        }
        self.taken += 1;
        if self.taken == self.near.len() {
            self.near.clear();
            self.taken = 0;
            if self.kept == Kept::Slots {
                self.advance();
            }
        } else if self.taken == TAKEN {
            self.near.drain(..TAKEN);
            self.taken = 0;
        }
        self.look();
        event
    }

    /// Numbers an event that somebody else keeps, as if it were planned now.
    #[inline]
    pub(super) fn number(&mut self, time: f64, about: u32) -> Event {
        self.planned = self.planned.wrapping_add(1);
        let bits = u128::from(time.to_bits()) << 64;
        Event(bits | u128::from(self.planned) << 32 | u128::from(about))
    }

    /// After all that is planned up to now for a time.
    #[inline]
    pub(super) fn behind(&self, time: f64) -> Event {
        let bits = u128::from(time.to_bits()) << 64;
        Event(bits | u128::from(self.planned) << 32 | u128::from(u32::MAX))
    }

    #[inline]
    pub(super) fn plan(&mut self, time: f64, about: u32) {
        // What is due at the horizon or later never happens: it would only make the lists longer.
        if time < self.horizon {
            let event = self.number(time, about);
            // Of its time, it is the last one that was numbered.
            self.put(event, |planned| planned.bits() > event.bits());
        }
    }

    /// Adds an event with its number.
    #[inline]
    pub(super) fn add(&mut self, event: Event) {
        // It got its number when it was made, perhaps long ago: of its time, others may stand behind it.
        self.put(event, |planned| *planned > event);
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every event")]
    fn put(&mut self, event: Event, comes_before: impl Fn(&Event) -> bool) {
        if self.kept != Kept::List {
            self.put_among_many(event);
            self.look();
            return;
        }
        // In a short list, moving one by one costs less than a search.
        self.near.push(event);
        let mut list = &mut self.near[self.taken..];
        if list.len() > FEW {
            self.make_heap();
            self.look();
            return;
        }
        while let [.., before, own] = list {
            if !comes_before(before) {
                *own = event;
                return;
            }
            *own = *before;
            let shorter = list.len() - 1;
            list = &mut list[..shorter];
        }
        list[0] = event;
        self.first = event.bits();
    }

    /// From here on, the list is a heap.
    #[cold]
    fn make_heap(&mut self) {
        self.near.drain(..std::mem::take(&mut self.taken));
        // A sorted list is a heap.
        self.near.sort_unstable();
        self.kept = Kept::Heap;
    }

    #[inline(never)]
    fn put_among_many(&mut self, event: Event) {
        if self.kept == Kept::Heap {
            rise(&mut self.near, event);
            // Exactly so many: where slots do not help, the heap goes on above it, and is not cut up again at every event.
            if self.near.len() == MANY {
                let events = std::mem::take(&mut self.near);
                self.spread(events);
            }
            return;
        }
        // Far ahead it is only appended: that is what slots are for. It is sorted once, with all others of its slot.
        let slot = self.slot(event);
        if slot >= self.due {
            self.put_off(slot, event);
            return;
        }
        // By time first; mostly it is the last one of its time.
        let list = &self.near[self.taken..];
        let mut position = list.partition_point(|planned| planned.bits() <= event.bits());
        while position > 0 && list[position - 1] > event {
            position -= 1;
        }
        self.near.insert(self.taken + position, event);
    }

    /// Whether a slot came into the list since this was asked last.
    #[inline]
    pub(super) fn has_turned(&mut self) -> bool {
        std::mem::take(&mut self.turned)
    }

    /// The events of the list.
    pub(super) fn list(&self) -> &[Event] {
        &self.near[self.taken..]
    }

    /// The slot of an event; never falls while time rises.
    #[inline]
    fn slot(&self, event: Event) -> usize {
        place((event.time() - self.start) * self.per_unit)
    }

    #[inline]
    fn put_off(&mut self, slot: usize, event: Event) {
        if slot < self.slots.len() {
            self.slots.push(slot, event);
        } else {
            self.later.push(event);
        }
    }

    /// Fills the empty list with the next events.
    #[cold]
    fn advance(&mut self) {
        while self.due < self.slots.len() {
            self.slots.take(self.due, &mut self.near);
            self.due += 1;
            if !self.near.is_empty() {
                self.sorter.sort(&mut self.near);
                self.turned = true;
                return;
            }
        }
        // Those that lie behind the last slot get slots of their own, as wide as suits how far apart they are.
        let later = std::mem::take(&mut self.later);
        self.spread(later);
    }

    /// Cuts the time that events take up into slots, while the list is empty; or makes them all a
    /// heap, where slots would not help.
    #[cold]
    fn spread(&mut self, mut events: Vec<Event>) {
        let times = || events.iter().map(|event| event.time());
        let start = times().fold(f64::INFINITY, f64::min);
        let mean = times().map(|time| time - start).sum::<f64>() / events.len() as f64;
        let slots = (events.len() / PER_SLOT).min(MOST_SLOTS);
        // Of exponential delays, six of seven are below twice their mean.
        let per_unit = slots as f64 / (2.0 * mean);
        // Late in a run a slot can be shorter than the distance of two numbers: no time would lie in it. And where all
        // are due at once, their mean distance is 0.
        let moves_on = start + 1.0 / per_unit > start;
        // Half of the events that led to slots: else it would change to and fro.
        if events.len() < MANY / 2 || !per_unit.is_finite() || !moves_on {
            self.slots.clear();
            events.sort_unstable();
            self.near = events;
            self.kept = Kept::Heap;
            return;
        }
        self.kept = Kept::Slots;
        self.slots.resize(slots);
        (self.start, self.per_unit, self.due) = (start, per_unit, 0);
        for event in events.drain(..) {
            let slot = self.slot(event);
            self.put_off(slot, event);
        }
        self.advance();
    }
}

/// Lists of events in one pool of chunks, so that they take hardly more memory than the events.
#[derive(Debug, Default)]
struct Slots {
    /// By slot: its last chunk, and how many events it has.
    lists: Vec<(u32, u32)>,
    /// Eight events are two lines of memory that are read together.
    chunks: Vec<[Event; CHUNK]>,
    /// By chunk, the one before it in its slot, or among those that are unused.
    before: Vec<u32>,
    unused: u32,
}

const CHUNK: usize = 8;

/// No chunk.
const NO_CHUNK: u32 = u32::MAX;

impl Slots {
    fn len(&self) -> usize {
        self.lists.len()
    }

    fn clear(&mut self) {
        *self = Self::default();
    }

    /// Another number of slots, while all are empty.
    fn resize(&mut self, count: usize) {
        if self.lists.is_empty() {
            self.unused = NO_CHUNK;
        }
        self.lists.resize(count, (NO_CHUNK, 0));
    }

    #[inline]
    fn push(&mut self, slot: usize, event: Event) {
        let (last, count) = &mut self.lists[slot];
        let position = *count as usize % CHUNK;
        *count += 1;
        if position > 0 {
            self.chunks[*last as usize][position] = event;
            return;
        }
        let before = *last;
        // Chunks of slots that were emptied are filled again before the pool grows.
        if self.unused == NO_CHUNK {
            *last = self.chunks.len() as u32;
            // The other seven places are written before anybody reads them.
            self.chunks.push([event; CHUNK]);
            self.before.push(before);
        } else {
            *last = self.unused;
            let chunk = *last as usize;
            self.unused = self.before[chunk];
            self.chunks[chunk][0] = event;
            self.before[chunk] = before;
        }
    }

    /// Moves the events of a slot into an empty list.
    fn take(&mut self, slot: usize, list: &mut Vec<Event>) {
        let (mut last, count) = std::mem::replace(&mut self.lists[slot], (NO_CHUNK, 0));
        // Only the last chunk may have room. It comes first; the order does not count, as the list is sorted next.
        let mut filled = (count as usize + CHUNK - 1) % CHUNK + 1;
        while last != NO_CHUNK {
            let chunk = last as usize;
            // All of it, as a copy of one size needs no call.
            list.extend_from_slice(&self.chunks[chunk]);
            list.truncate(list.len() - CHUNK + filled);
            filled = CHUNK;
            last = std::mem::replace(&mut self.before[chunk], self.unused);
            self.unused = chunk as u32;
        }
    }
}

/// Sorts the events of a slot.
#[derive(Debug, Default)]
struct Sorter {
    times: Vec<f64>,
    events: Vec<Event>,
}

/// Most events that are sorted by counting, for each, how many come before it: that has no branches, where a sort by
/// comparing has unpredictable ones.
const COUNTED: usize = 32;

impl Sorter {
    fn sort(&mut self, list: &mut [Event]) {
        let count = list.len();
        if !(2..=COUNTED).contains(&count) {
            return list.sort_unstable();
        }
        self.times.clear();
        self.times.extend(list.iter().map(|event| event.time()));
        self.events.clear();
        self.events.extend_from_slice(list);
        let mut sum = 0;
        for (event, time) in self.events.iter().zip(&self.times) {
            let before: u64 = self.times.iter().map(|earlier| u64::from(earlier < time)).sum();
            sum += before as usize;
            list[before as usize] = *event;
        }
        // Where times are equal, some have the same place.
        if sum != count * (count - 1) / 2 {
            list.copy_from_slice(&self.events);
            list.sort_unstable();
        }
    }
}

/// Adds an event to a heap.
#[inline]
fn rise(heap: &mut Vec<Event>, event: Event) {
    let mut position = heap.len();
    heap.push(event);
    while position > 0 {
        let parent = (position - 1) / CHILDREN;
        if heap[parent] < event {
            break;
        }
        heap[position] = heap[parent];
        position = parent;
    }
    heap[position] = event;
}

/// Puts an event in the place of the first of a heap.
#[inline]
fn sink(heap: &mut [Event], event: Event) {
    let mut position = 0;
    loop {
        let first = position * CHILDREN + 1;
        let child = match heap.get(first..first + CHILDREN) {
            Some(&[a, b, c, d]) => {
                // Two by two, so that no comparison waits for the one before.
                let left = if b < a { (b, 1) } else { (a, 0) };
                let right = if d < c { (d, 3) } else { (c, 2) };
                let least = if right.0 < left.0 { right } else { left };
                (least.0, first + least.1)
            }
            // The last node that has children may have fewer of them.
            _ => match (first..heap.len()).min_by_key(|child| heap[*child]) {
                Some(child) => (heap[child], child),
                None => break,
            },
        };
        if event < child.0 {
            break;
        }
        heap[position] = child.0;
        position = child.1;
    }
    heap[position] = event;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times that leave in the order of planning, beside what the queue under test gives.
    fn check(mut next: impl FnMut(u32) -> Option<f64>, plan: u32) {
        let mut events = Events::until(f64::MAX);
        let mut open: std::collections::BTreeSet<(u64, u32)> = std::collections::BTreeSet::new();
        let mut number = 0;
        let mut now = 0.0;
        // Some are planned, one leaves, and so on until nobody plans any more.
        loop {
            for _ in 0..plan {
                let Some(delay) = next(number) else { break };
                events.plan(now + delay, number);
                open.insert(((now + delay).to_bits(), number));
                number += 1;
            }
            let Some((bits, about)) = open.pop_first() else { break };
            now = f64::from_bits(bits);
            assert_eq!(events.first(), bits);
            let event = events.pop();
            assert_eq!((event.time(), event.about()), (now, about));
            if let Some(delay) = next(number) {
                events.plan(now + delay, number);
                open.insert(((now + delay).to_bits(), number));
                number += 1;
            }
        }
        assert_eq!(events.first(), u64::MAX);
        assert!(number > 20_000);
    }

    /// A fixed scramble of whole numbers below 2^24.
    fn scrambled(number: u32) -> u32 {
        number.wrapping_mul(2_654_435_761) >> 8
    }

    #[test]
    fn many_events_leave_by_time_then_in_the_order_of_planning() {
        // Whole delays with many ties; small and very long ones mixed; all at once; none at all.
        let up_to = |most: u32, number: u32| (number < most).then(|| f64::from(scrambled(number)));
        check(|number| up_to(30_000, number).map(|delay| (delay / 1e4).floor()), 3);
        check(|number| up_to(30_000, number).map(|delay| (delay / 3e5).exp()), 2);
        check(|number| up_to(30_000, number).map(|_| 7.0), 2);
        check(|number| up_to(30_000, number).map(|_| 0.0), 2);
        let long = |delay: f64| if delay > 1e7 { 1e300 } else { delay };
        check(|number| up_to(30_000, number).map(long), 2);
        check(|number| up_to(30_000, number), 1);
    }

    #[test]
    fn events_leave_by_time_then_in_the_order_of_planning() {
        let mut events = Events::until(f64::MAX);
        // A fixed scramble of 1,000 times out of 100 values: many ties.
        let times: Vec<u32> =
            (0..1000_u32).map(|n| n.wrapping_mul(2_654_435_761) >> 8 & 63).collect();
        for (number, time) in times.iter().enumerate() {
            events.plan(f64::from(*time), number as u32);
        }
        let mut expected: Vec<(u32, u32)> =
            times.iter().enumerate().map(|(number, time)| (*time, number as u32)).collect();
        expected.sort_unstable();
        for (time, number) in expected {
            assert_eq!(events.first(), f64::from(time).to_bits());
            let event = events.pop();
            assert_eq!((event.time(), event.about()), (f64::from(time), number));
        }
        assert_eq!(events.first(), u64::MAX);
    }
}
