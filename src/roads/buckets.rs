//! A queue of buckets, one for each tenth of a second (Dial 1969, "Algorithm 360: shortest-path forest with
//! topological ordering", CACM 12(11)).

/// What waits for its time, the earliest first; of one time, what came last.
#[derive(Debug)]
pub(super) struct Buckets<T> {
    /// A ring: no entry lies farther ahead than there are buckets. A power of two, so that a bucket is found by a mask
    /// and not by a division.
    ring: Vec<Vec<T>>,
    waiting: usize,
    now: u32,
}

impl<T> Default for Buckets<T> {
    fn default() -> Self {
        Self { ring: Vec::new(), waiting: 0, now: 0 }
    }
}

impl<T> Buckets<T> {
    /// Starts anew at time 0, with room for entries up to so many tenths of a second ahead. All that waited has been taken.
    pub(super) fn start(&mut self, ahead: u32) {
        let buckets = (ahead as usize + 1).next_power_of_two();
        if self.ring.len() < buckets {
            self.ring.resize_with(buckets, Vec::new);
        }
        self.now = 0;
    }

    pub(super) fn push(&mut self, time: u32, entry: T) {
        let last = self.ring.len() - 1;
        self.ring[time as usize & last].push(entry);
        self.waiting += 1;
    }

    /// The next one with its time; `None` when nothing waits.
    pub(super) fn pop(&mut self) -> Option<(u32, T)> {
        let last = self.ring.len().wrapping_sub(1);
        while self.waiting > 0 {
            // A stretch without time puts a junction into the bucket that is being emptied.
            if let Some(entry) = self.ring[self.now as usize & last].pop() {
                self.waiting -= 1;
                return Some((self.now, entry));
            }
            self.now += 1;
        }
        None
    }
}
