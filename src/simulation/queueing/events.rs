//! Future events: a heap with four children a node, 16 bytes an event.

use std::collections::VecDeque;

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
}

/// Events by time.
#[derive(Debug, Default)]
pub(super) struct Events {
    heap: Vec<Event>,
    /// Events that were all planned with one and the same delay, so that they come in their order.
    delayed: VecDeque<Event>,
    planned: u32,
}

impl Events {
    #[inline]
    pub(super) fn first(&self) -> Event {
        let first = self.heap.first().copied().unwrap_or(Event::NEVER);
        match self.delayed.front() {
            Some(delayed) => first.min(*delayed),
            None => first,
        }
    }

    fn event(&mut self, time: f64, about: u32) -> Event {
        self.planned = self.planned.wrapping_add(1);
        let bits = u128::from(time.to_bits()) << 64;
        Event(bits | u128::from(self.planned) << 32 | u128::from(about))
    }

    #[inline]
    pub(super) fn plan(&mut self, time: f64, about: u32) {
        let event = self.event(time, about);
        self.heap.push(event);
        self.rise(self.heap.len() - 1, event);
    }

    /// The same for an event whose delay from now is that of all others that are planned so.
    #[inline]
    pub(super) fn plan_delayed(&mut self, time: f64, about: u32) {
        let event = self.event(time, about);
        self.delayed.push_back(event);
    }

    /// Takes the first event away.
    #[inline]
    pub(super) fn pop(&mut self) {
        if let Some(delayed) = self.delayed.front()
            && self.heap.first().is_none_or(|first| delayed < first)
        {
            self.delayed.pop_front();
            return;
        }
        let Some(last) = self.heap.pop() else { return };
        if !self.heap.is_empty() {
            self.sink(last);
        }
    }

    fn rise(&mut self, mut at: usize, event: Event) {
        while at > 0 {
            let parent = (at - 1) / 4;
            if self.heap[parent] <= event {
                break;
            }
            self.heap[at] = self.heap[parent];
            at = parent;
        }
        self.heap[at] = event;
    }

    /// Puts an event in the place of the first.
    #[inline]
    fn sink(&mut self, event: Event) {
        let heap = &mut self.heap[..];
        let length = heap.len();
        let mut at = 0;
        loop {
            let first = 4 * at + 1;
            if first >= length {
                break;
            }
            let mut least = first;
            if let Some(four) = heap.get(first..first + 4) {
                // All four children: two pairs, then the better of both.
                let left = first + usize::from(four[1] < four[0]);
                let right = first + 2 + usize::from(four[3] < four[2]);
                least = if heap[right] < heap[left] { right } else { left };
            } else {
                for child in first + 1..length {
                    if heap[child] < heap[least] {
                        least = child;
                    }
                }
            }
            if event <= heap[least] {
                break;
            }
            heap[at] = heap[least];
            at = least;
        }
        heap[at] = event;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_leave_by_time_then_in_the_order_of_planning() {
        let mut events = Events::default();
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
            assert_eq!((events.first().time(), events.first().about()), (f64::from(time), number));
            events.pop();
        }
        assert_eq!(events.first(), Event::NEVER);
    }
}
