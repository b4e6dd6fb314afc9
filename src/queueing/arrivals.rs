//! Arrivals of all streams in the order of their times, window by window.

use std::ops::Range;
use std::sync::Arc;

use rand::RngExt;
use rand_distr::{Distribution as _, Exp1};

use super::clock::HourClock;
use super::compile::{Compiled, CompiledKind, CompiledStreams, NONE};
use super::model::{Curve, Model, WhenFull};
use super::rates::{Process, Varying};
use super::whole::{place, whole};
use crate::random::{Draw, Keys, Seed, draws};

/// Least arrivals that a window should have.
const PER_WINDOW: f64 = 256.0;

/// Arrivals of each stream that a window should have, on average: a stream's data are read anew in every
/// window.
const PER_STREAM: f64 = 8.0;

/// Arrivals that a slot of a large window should have.
const PER_SLOT: f64 = 512.0;

/// Arrivals for which such a slot has room from the start: a quarter more than it should have, as the number scatters.
const SLOT_ROOM: usize = 640;

/// One arrival, with what was drawn for it: a large model's streams are read in their order here, not at
/// random when somebody arrives. Small, as very many wait for their turn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    /// Bits of its time.
    pub(super) bits: u64,
    pub(super) key: u64,
    /// Position of its kind among those of all streams, which have the order of the streams.
    pub(super) kind: u32,
    /// Position of the preference; [`NONE`] when none holds.
    pub(super) preference: u32,
    /// The first choice, whether it is open or not.
    pub(super) first: u32,
    pub(super) class: u16,
    pub(super) when_full: WhenFull,
    flags: u8,
}

impl Arrival {
    const BY_APPOINTMENT: u8 = 1;
    const TRACKED: u8 = 2;
    const HAS_HOME: u8 = 4;
    const WAITS_AT_ONCE: u8 = 8;

    pub(super) fn by_appointment(&self) -> bool {
        self.flags & Self::BY_APPOINTMENT != 0
    }

    /// Whether it waits for its first choice before it tries any other station of its preference.
    pub(super) fn waits_at_once(&self) -> bool {
        self.flags & Self::WAITS_AT_ONCE != 0
    }

    /// Whether its stream is tracked.
    pub(super) fn is_tracked(&self) -> bool {
        self.flags & Self::TRACKED != 0
    }

    /// Whether its preference says where it belongs.
    pub(super) fn has_home(&self) -> bool {
        self.flags & Self::HAS_HOME != 0
    }
}

/// One stream in a run.
#[derive(Debug)]
struct Source {
    keys: Keys,
    /// Key of the next customer.
    key: u64,
    /// The next one of a replayed list.
    replayed: usize,
}

impl Source {
    fn new(keys: Keys) -> Self {
        Self { keys, key: 0, replayed: 0 }
    }

    /// Moves on to the next customer: its place after one at `at`. Places are times; where the rate varies,
    /// hours of relative rate 1 up to then.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every arrival")]
    fn after(&mut self, at: f64, process: &Process) -> f64 {
        self.key = self.keys.next();
        match process {
            // Where the rate varies, arrivals are at random in its integral: one draw serves both.
            Process::Even(mean) | Process::Varying { hours: mean, .. } => {
                let unit: f64 = Exp1.sample(&mut draws(self.key, 0, Draw::Gap));
                at + mean * unit
            }
            Process::Replay(times) => {
                self.replayed += 1;
                // -0 is 0; its bits would come after all others.
                times.get(self.replayed - 1).map_or(f64::INFINITY, |time| time + 0.0)
            }
        }
    }
}

/// Arrivals of streams whose customers are all alike, without their keys and times.
#[derive(Debug, Clone)]
pub(super) struct Alike {
    /// By stream, the position of its pattern, or [`NONE`].
    of_stream: Vec<u32>,
    list: Vec<Arrival>,
}

impl Alike {
    pub(super) fn new(compiled: &Compiled, clock: HourClock) -> Self {
        let mut alike = Self { of_stream: Vec::new(), list: Vec::new() };
        let streams = &compiled.streams;
        for (number, stream) in streams.list.iter().enumerate() {
            let kinds = &streams.kinds[stream.kinds.range()];
            let preferences = kinds.iter().flat_map(|kind| kind.preferences.range());
            let has_one_choice = |preference: usize| {
                let preference = &streams.preferences[preference];
                preference.always() && preference.first.range().len() == 1
            };
            // Nothing about such a customer hangs on its key or on the moment, so that one pattern stands for all.
            let are_alike = stream.keeps == NONE
                && kinds.len() == 1
                && preferences.clone().count() == 1
                && preferences.clone().all(has_one_choice);
            let mut position = NONE;
            if are_alike
                && let Some(pattern) = Customers::new(streams, number, clock).arrival(0.0, 0)
            {
                position = alike.list.len() as u32;
                alike.list.push(pattern);
            }
            alike.of_stream.push(position);
        }
        alike
    }
}

/// The memory of a replication's arrivals, for the next one.
#[derive(Debug, Default)]
pub(super) struct Room {
    slots: Vec<Vec<Arrival>>,
    list: Vec<Arrival>,
    sources: Vec<Source>,
    next: Vec<f64>,
}

/// A model that was made ready, as far as arrivals need it.
#[derive(Clone, Copy)]
pub(super) struct Prepared<'p> {
    pub(super) model: &'p Model,
    pub(super) compiled: &'p Compiled,
    pub(super) processes: &'p [Process],
    pub(super) alike: &'p Alike,
}

/// Arrivals of a replication.
pub(super) struct Calendar<'p> {
    processes: &'p [Process],
    alike: &'p Alike,
    model: &'p Compiled,
    sources: Vec<Source>,
    /// By stream, the place of its next arrival; see [`Source::after`].
    next: Vec<f64>,
    /// Tables by number, and up to which sum the window goes.
    tables: Vec<(Arc<Varying>, f64)>,
    /// Keys and times of the arrivals of a stream in the window. All are drawn before the first is looked at, as a
    /// draw then need not wait for what becomes of the one before.
    drawn: Vec<(u64, f64)>,
    clock: HourClock,
    window: f64,
    /// The window that was drawn last.
    from: f64,
    until: f64,
    horizon: f64,
    /// The arrivals of the window by equal slots of its time, those of a stream in order.
    slots: Vec<Vec<Arrival>>,
    /// The next slot.
    due: usize,
    /// The arrivals of a slot, in order.
    list: Vec<Arrival>,
    /// How long they are served at their first choices. Drawn for all of a slot, as one draw then need not wait
    /// for another.
    services: Vec<f64>,
    at: usize,
    /// Bits of the time of the next arrival; all ones when nobody comes any more.
    first: u64,
    sorter: Sorter,
}

impl<'p> Calendar<'p> {
    pub(super) fn new(prepared: Prepared<'p>, seed: Seed, replication: u64, room: Room) -> Self {
        let Prepared { model, compiled, processes, alike } = prepared;
        let Room { slots: mut empty, mut list, mut sources, mut next } = room;
        list.clear();
        sources.clear();
        next.clear();
        let mut keys = seed.replication(replication);
        let mut tables = Vec::new();
        for (entity, process) in compiled.streams.entities.iter().zip(processes) {
            // Tables are numbered in the order in which streams first use them.
            if let Process::Varying { table, number, .. } = process
                && *number as usize == tables.len()
            {
                tables.push((Arc::clone(table), 0.0));
            }
            let mut source = Source::new(keys.keys_of(*entity));
            next.push(source.after(0.0, process));
            sources.push(source);
        }
        let rate: f64 = processes.iter().map(Process::rate).sum();
        let wanted = PER_WINDOW.max(PER_STREAM * processes.len() as f64);
        // Lists that are replayed have no rate: one window holds all of them.
        let window = if rate > 0.0 { wanted / rate } else { model.horizon };
        let (slots, room) =
            if wanted > 8.0 * PER_SLOT { (wanted / PER_SLOT, SLOT_ROOM) } else { (1.0, 0) };
        let slots = slots as usize;
        for slot in &mut empty {
            slot.clear();
        }
        empty.resize_with(slots, || Vec::with_capacity(room));
        let mut calendar = Self {
            processes,
            alike,
            model: compiled,
            sources,
            next,
            tables,
            drawn: Vec::new(),
            clock: HourClock::new(model),
            window: window.min(model.horizon),
            from: 0.0,
            until: 0.0,
            horizon: model.horizon,
            slots: empty,
            due: slots,
            list,
            services: Vec::new(),
            at: 0,
            first: u64::MAX,
            sorter: Sorter::default(),
        };
        calendar.refill();
        calendar
    }

    /// The memory that the next replication can use.
    pub(super) fn room(self) -> Room {
        Room { slots: self.slots, list: self.list, sources: self.sources, next: self.next }
    }

    /// Bits of the time of the next arrival; all ones when nobody comes any more.
    #[inline]
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// The next arrival, which there is.
    #[inline]
    pub(super) fn next(&self) -> Arrival {
        self.list[self.at]
    }

    /// How long the next arrival is served at its first choice.
    #[inline]
    pub(super) fn service(&self) -> f64 {
        self.services[self.at]
    }

    /// Takes the next arrival away.
    #[inline]
    pub(super) fn pop(&mut self) {
        self.at += 1;
        match self.list.get(self.at) {
            Some(next) => self.first = next.bits,
            None => self.refill(),
        }
    }

    /// Takes the next slot that has any arrivals.
    fn refill(&mut self) {
        self.fill();
        self.at = 0;
        self.first = self.list.first().map_or(u64::MAX, |arrival| arrival.bits);
    }

    /// Fills the list with its arrivals; leaves it empty where nobody comes any more.
    fn fill(&mut self) {
        self.list.clear();
        loop {
            while let Some(slot) = self.slots.get_mut(self.due) {
                self.due += 1;
                if !slot.is_empty() {
                    // Swapped, so that both keep their memory.
                    std::mem::swap(&mut self.list, slot);
                    // Those of a single stream were drawn in order.
                    if self.processes.len() > 1 {
                        let per_unit = self.slots_per_unit();
                        let start = self.from + (self.due - 1) as f64 / per_unit;
                        self.sorter.sort(&mut self.list, start, per_unit);
                    }
                    self.draw_services();
                    return;
                }
            }
            if self.until > self.horizon {
                return;
            }
            self.draw_window();
        }
    }

    fn draw_services(&mut self) {
        let model = self.model;
        let service = |arrival: &Arrival| match arrival.first {
            // Somebody without a preference gets in nowhere.
            NONE => 0.0,
            first => model.length(first, arrival.class, arrival.key, 0),
        };
        self.services.clear();
        self.services.extend(self.list.iter().map(service));
    }

    /// Slots of the window in a unit of time.
    fn slots_per_unit(&self) -> f64 {
        self.slots.len() as f64 / (self.until - self.from)
    }

    /// Draws the arrivals of the next window.
    fn draw_window(&mut self) {
        self.from = self.until;
        // A window has to move the time on, however small it is beside it.
        self.until = (self.from + self.window).max(self.from.next_up());
        self.due = 0;
        for (table, up_to) in &mut self.tables {
            // So streams compare sums, and only arrivals that are in the window are turned into times.
            *up_to = table.sum_at(self.until);
        }
        let per_unit = self.slots_per_unit();
        for stream in 0..self.next.len() {
            self.draw_stream(stream);
            self.sort_in(stream, per_unit);
        }
    }

    /// Draws keys and times of the arrivals of a stream in the window.
    #[inline]
    fn draw_stream(&mut self, stream: usize) {
        let process = &self.processes[stream];
        let up_to = match process {
            Process::Varying { number, .. } => self.tables[*number as usize].1,
            _ => self.until,
        };
        self.drawn.clear();
        let mut place = self.next[stream];
        if place >= up_to {
            return;
        }
        let source = &mut self.sources[stream];
        let batch = self.model.streams.list[stream].batch;
        if batch == NONE {
            while place < up_to {
                self.drawn.push((source.key, place));
                place = source.after(place, process);
            }
        } else {
            let sizes = &self.model.streams.batches[batch as usize];
            while place < up_to {
                self.drawn.push((source.key, place));
                for _ in 0..others_of_batch(sizes, source.key) {
                    self.drawn.push((source.keys.next(), place));
                }
                place = source.after(place, process);
            }
        }
        // The first one behind the window is drawn already; its stream goes on with it.
        self.next[stream] = place;
        if let Process::Varying { table, .. } = process {
            // After all are drawn: so one look into the table need not wait for the next draw.
            for (_, place) in &mut self.drawn {
                *place = table.time_at(*place);
            }
        }
    }

    /// Puts the arrivals of a stream into the slots of the window.
    #[inline]
    fn sort_in(&mut self, stream: usize, per_unit: f64) {
        let (slots, from) = (&mut self.slots, self.from);
        let alike = self.alike.list.get(self.alike.of_stream[stream] as usize).map(|alike| {
            |&(key, time): &(u64, f64)| Arrival { bits: time.to_bits(), key, ..*alike }
        });
        if let (Some(alike), [only]) = (&alike, &mut slots[..]) {
            return only.extend(self.drawn.iter().map(alike));
        }
        let last = slots.len() - 1;
        let mut sort_in = |time: f64, arrival| {
            // Rounded to the nearest, which is cheaper than down; hence the half.
            let slot = place((time - from) * per_unit - 0.5);
            slots[slot.min(last)].push(arrival);
        };
        if let Some(alike) = alike {
            for drawn in &self.drawn {
                sort_in(drawn.1, alike(drawn));
            }
            return;
        }
        let customers = Customers::new(&self.model.streams, stream, self.clock);
        for &(key, time) in &self.drawn {
            if let Some(arrival) = customers.arrival(time, key) {
                sort_in(time, arrival);
            }
        }
    }
}

/// How many customers come behind the first one of a batch, from the share of each size and those below it.
fn others_of_batch(sizes: &[f64], key: u64) -> usize {
    // The second gap of a customer, which has only one.
    let drawn: f64 = draws(key, 1, Draw::Gap).random();
    // Shares may sum to a little less than 1, by rounding.
    sizes.partition_point(|up_to| *up_to <= drawn).min(sizes.len() - 1)
}

impl CompiledStreams {
    /// The position of one of the stations of a preference, by weight.
    #[inline]
    pub(super) fn weighted(&self, span: Range<usize>, numbers: &mut impl rand::Rng) -> usize {
        let sums = &self.sums[span];
        let sum = sums.last().copied().unwrap_or_default();
        let drawn: f64 = numbers.random::<f64>() * sum;
        // Few, so that looking at all costs less than a search.
        let position = sums.iter().map(|sum| usize::from(*sum <= drawn)).sum::<usize>();
        position.min(sums.len() - 1)
    }
}

/// All that is drawn of the customers of one stream but when they come.
struct Customers<'m> {
    streams: &'m CompiledStreams,
    clock: HourClock,
    keeps: Option<&'m Curve>,
    kinds: &'m [CompiledKind],
    /// Position of the first kind.
    first_kind: usize,
}

impl<'m> Customers<'m> {
    #[inline]
    fn new(streams: &'m CompiledStreams, stream: usize, clock: HourClock) -> Self {
        let compiled = streams.list[stream];
        let (kinds, keeps) = (compiled.kinds.range(), streams.keeps.get(compiled.keeps as usize));
        Self { streams, clock, keeps, first_kind: kinds.start, kinds: &streams.kinds[kinds] }
    }

    /// A customer who would come at a time; `None` for one who stays away.
    #[inline]
    fn arrival(&self, time: f64, key: u64) -> Option<Arrival> {
        let streams = self.streams;
        if self.keeps.is_some_and(|keeps| !keeps.lets_come(time, key)) {
            return None;
        }
        let mut number = 0;
        if self.kinds.len() > 1 {
            let drawn: f64 = draws(key, 0, Draw::Kind).random();
            let before = |kind: &CompiledKind| kind.up_to <= drawn;
            // Shares may sum to a little less than 1, by rounding.
            number = self.kinds.partition_point(before).min(self.kinds.len() - 1);
        }
        let kind = &self.kinds[number];
        let mut arrival = Arrival {
            bits: time.to_bits(),
            key,
            kind: (self.first_kind + number) as u32,
            preference: NONE,
            first: NONE,
            class: kind.class,
            when_full: kind.when_full,
            flags: 0,
        };
        let mut set = |is_set: bool, flag: u8| arrival.flags |= if is_set { flag } else { 0 };
        set(kind.by_appointment, Arrival::BY_APPOINTMENT);
        set(kind.taken != NONE, Arrival::TRACKED);
        let span = kind.preferences.range();
        let (preferences, from) = (&streams.preferences[span.clone()], span.start);
        let holds = match preferences {
            // The usual case need not ask for the hour of the week.
            [only] if only.always() => Some(0),
            _ => streams.holds(preferences, self.clock.hour_of_week(time), time),
        };
        let Some(number) = holds else { return Some(arrival) };
        let preference = &preferences[number];
        let waits_at_once = match kind.when_full {
            WhenFull::WaitFirst => true,
            // Without other stations to try, waiting is what comes next.
            WhenFull::Wait => preference.then.range().is_empty(),
            _ => false,
        };
        set(preference.home != NONE, Arrival::HAS_HOME);
        set(waits_at_once, Arrival::WAITS_AT_ONCE);
        let span = preference.first.range();
        let first = match span.len() {
            1 => 0,
            _ => streams.weighted(span.clone(), &mut draws(key, 0, Draw::First)),
        };
        arrival.preference = (from + number) as u32;
        arrival.first = streams.first[span.start + first];
        Some(arrival)
    }
}

/// Sorts arrivals by time: into as many slots of equal length as there are arrivals, then by moving those that are not
/// in order. Those of one time stay as they stood, stream by stream and each stream in its own order.
#[derive(Debug, Default)]
struct Sorter {
    ends: Vec<u32>,
    sorted: Vec<Arrival>,
}

impl Sorter {
    /// Sorts arrivals that come from a time on within 1 / `per_unit` units of time.
    fn sort(&mut self, list: &mut Vec<Arrival>, from: f64, per_unit: f64) {
        let count = list.len();
        let scale = count as f64 * per_unit;
        // Where time is too short to be cut, all come into the first slot.
        let scale = if scale.is_finite() { scale } else { 0.0 };
        let slot = |arrival: &Arrival| {
            let place = (f64::from_bits(arrival.bits) - from) * scale;
            // Where time is hardly finer than the slots, an arrival may seem to come before them.
            (whole(place.max(0.0)) as usize).min(count - 1)
        };
        self.ends.clear();
        self.ends.resize(count + 1, 0);
        for arrival in list.iter() {
            self.ends[slot(arrival) + 1] += 1;
        }
        let mut sum = 0;
        for end in &mut self.ends {
            sum += *end;
            *end = sum;
        }
        self.sorted.clear();
        self.sorted.resize(count, list[0]);
        for arrival in list.iter() {
            let end = &mut self.ends[slot(arrival)];
            self.sorted[*end as usize] = *arrival;
            *end += 1;
        }
        // Now the slots are in order; within them, few have to move, and those of a stream stay in theirs.
        let order = |arrival: &Arrival| arrival.bits;
        let mut moves = 0;
        for from in 1..count {
            let (arrival, mut to) = (self.sorted[from], from);
            while to > 0 && order(&arrival) < order(&self.sorted[to - 1]) {
                self.sorted[to] = self.sorted[to - 1];
                to -= 1;
            }
            if to < from {
                self.sorted[to] = arrival;
                moves += from - to;
                // Where most are in one slot, moving one by one would take too long.
                if moves > 8 * count {
                    self.sorted.sort_by_key(order);
                    break;
                }
            }
        }
        std::mem::swap(list, &mut self.sorted);
    }
}
