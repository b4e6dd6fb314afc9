//! A station while it runs.

use std::collections::VecDeque;

use super::compile::{CompiledStation, NONE};
use super::distribution::Sampler;
use super::events::Event;
use super::result::StationRun;

/// Whom a station lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    Open,
    Diverted,
    Closed,
}

impl Admission {
    pub(super) fn lets_in(self, by_appointment: bool) -> bool {
        match self {
            Self::Open => true,
            Self::Diverted => by_appointment,
            Self::Closed => false,
        }
    }
}

/// How a server is made ready for the next customer.
#[derive(Debug, Clone, Copy)]
pub(super) enum SetUp {
    Never,
    Always(f64),
    Drawn,
}

/// What nearly every event counts; the rest is in a [`StationRun`] from the start.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) asked: u64,
    pub(super) admitted: u64,
    pub(super) left: u64,
    pub(super) started: u64,
    pub(super) came: u64,
    pub(super) went: u64,
    pub(super) customer_time: f64,
    full_time: f64,
    time_at: Vec<f64>,
}

/// The parts that nearly every event needs come first, side by side: in a large model, most of a station is
/// not in the nearest memory.
#[derive(Debug)]
#[repr(C, align(64))]
pub(super) struct StationState {
    /// In service or blocked.
    pub(super) busy: u32,
    /// As of the last [`Self::settle`], which comes before every look at it.
    setting_up: u32,
    /// Servers that are there.
    capacity: u32,
    pub(super) waiting: u32,
    pub(super) opens: bool,
    pub(super) admission: Admission,
    pub(super) has_team: bool,
    /// Of the busy ones.
    pub(super) blocked: u32,
    /// Until when the areas count.
    last: f64,
    /// The first server that gets ready, or [`Event::NEVER`].
    next_ready: Event,
    pub(super) counts: Counts,
    pub(super) set_up: SetUp,
    /// When servers get ready that are being set up, in order. Most of them concern nobody, as nobody waits:
    /// they are settled when the station is looked at next.
    ready: VecDeque<Event>,
    /// Customers elsewhere who want to come here, in the order of their blocking.
    pub(super) blocked_for: VecDeque<u32>,
    /// What it counts beside [`Self::counts`].
    pub(super) run: StationRun,
    /// Customers in the waiting room by priority.
    queues: Vec<VecDeque<u32>>,
    /// The earliest server that is planned as an event of its own, because somebody waits.
    asked_ready: Event,
    /// When its team has somebody free for those who wait, if that is planned.
    pub(super) asks_team: f64,
    /// Servers, absent ones included; [`NONE`] for infinitely many.
    servers: u32,
    /// Share of the servers that is absent.
    absent: f64,
    /// Until when the area under the servers counts.
    counted: f64,
}

impl StationState {
    pub(super) fn new(
        station: &CompiledStation,
        (servers, opens): (u32, bool),
        priorities: usize,
    ) -> Self {
        Self {
            busy: 0,
            setting_up: 0,
            capacity: servers,
            waiting: 0,
            opens,
            admission: Admission::Open,
            has_team: station.team != NONE,
            blocked: 0,
            last: 0.0,
            next_ready: Event::NEVER,
            counts: Counts::default(),
            set_up: match &station.set_up {
                None => SetUp::Never,
                Some(Sampler::Constant(length)) => SetUp::Always(*length),
                Some(_) => SetUp::Drawn,
            },
            ready: VecDeque::new(),
            blocked_for: VecDeque::new(),
            run: StationRun::default(),
            queues: vec![VecDeque::new(); priorities],
            asked_ready: Event::NEVER,
            asks_team: 0.0,
            servers,
            absent: 0.0,
            counted: 0.0,
        }
    }

    /// Starts the statistics.
    pub(super) fn reset(&mut self, now: f64) {
        self.touch(now);
        self.count_servers(now);
        let at_start = u64::from(self.busy + self.waiting);
        self.run = StationRun { at_start, ..StationRun::default() };
        self.counts = Counts::default();
    }

    /// All that it counted.
    pub(super) fn run(self) -> StationRun {
        let own = self.counts;
        StationRun {
            asked: own.asked,
            admitted: own.admitted,
            left: own.left,
            started: own.started,
            time_at: own.time_at,
            full_time: own.full_time,
            customer_time: own.customer_time,
            came: own.came,
            went: own.went,
            ..self.run
        }
    }

    /// Another number of servers, or another share of them that is absent, from now on.
    pub(super) fn set_servers(&mut self, servers: Option<u32>, absent: Option<f64>, now: f64) {
        self.touch(now);
        self.count_servers(now);
        self.servers = servers.unwrap_or(self.servers);
        self.absent = absent.unwrap_or(self.absent);
        self.capacity = if self.absent == 0.0 || self.servers == NONE {
            self.servers
        } else {
            (f64::from(self.servers) * (1.0 - self.absent)).round() as u32
        };
    }

    /// Brings the area under the servers up to now.
    fn count_servers(&mut self, now: f64) {
        if self.capacity != NONE {
            self.run.servers_area += (now - self.counted) * f64::from(self.capacity);
        }
        self.counted = now;
    }

    /// A server is being set up, and when it is ready.
    #[inline]
    pub(super) fn make(&mut self, ready: Event) {
        self.setting_up += 1;
        match self.ready.back() {
            // Lengths may differ.
            Some(last) if ready < *last => {
                let at = self.ready.partition_point(|own| *own < ready);
                self.ready.insert(at, ready);
            }
            _ => self.ready.push_back(ready),
        }
        self.next_ready = self.next_ready.min(ready);
    }

    /// Makes the servers free that got ready up to a moment.
    #[inline]
    pub(super) fn settle(&mut self, until: Event) {
        // Times first: whole events are compared in few cases.
        if self.next_ready.bits() <= until.bits() {
            while self.next_ready <= until {
                self.make_ready();
            }
        }
    }

    pub(super) fn is_settled(&self, until: Event) -> bool {
        self.next_ready > until
    }

    fn make_ready(&mut self) {
        if !self.has_free() {
            // Of the areas, only the time without a free server depends on it.
            self.touch(self.next_ready.time());
        }
        self.setting_up -= 1;
        self.ready.pop_front();
        self.next_ready = self.ready.front().copied().unwrap_or(Event::NEVER);
    }

    /// When the next server gets ready, if somebody waits for it and it is not planned yet. It is then
    /// taken for planned.
    #[inline]
    pub(super) fn ask_ready(&mut self) -> Option<Event> {
        if self.wants_nothing() || self.next_ready >= self.asked_ready {
            return None;
        }
        self.asked_ready = self.next_ready;
        Some(self.next_ready)
    }

    /// What was planned comes true.
    pub(super) fn is_ready(&mut self, event: Event) {
        if self.asked_ready == event {
            self.asked_ready = Event::NEVER;
        }
    }

    #[inline]
    pub(super) fn has_free(&self) -> bool {
        self.busy + self.setting_up < self.capacity
    }

    /// Brings the areas up to now.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every event")]
    pub(super) fn touch(&mut self, now: f64) {
        let counts = &mut self.counts;
        let time = now - self.last;
        if time == 0.0 {
            return;
        }
        self.last = now;
        let busy = self.busy as usize;
        if busy >= counts.time_at.len() {
            counts.time_at.resize(busy + 1, 0.0);
        }
        counts.time_at[busy] += time;
        if self.waiting > 0 {
            self.run.queue_area += time * f64::from(self.waiting);
        }
        if self.blocked > 0 {
            self.run.blocked_area += time * f64::from(self.blocked);
        }
        if self.busy + self.setting_up >= self.capacity {
            counts.full_time += time;
        }
    }

    /// What is known when the statistics end.
    pub(super) fn finish(&mut self, now: f64) {
        self.touch(now);
        self.count_servers(now);
        let run = &mut self.run;
        let levels = self.counts.time_at.iter().enumerate();
        run.busy_area = levels.map(|(number, time)| number as f64 * time).sum();
        run.at_end = u64::from(self.busy + self.waiting);
    }

    /// Whether somebody can come from another station at once.
    pub(super) fn takes_transfer(&self) -> bool {
        self.has_free() && self.opens && self.admission != Admission::Closed
    }

    /// Whether somebody can be let in although it is full.
    pub(super) fn can_be_forced(&self) -> bool {
        self.opens && self.admission != Admission::Closed
    }

    /// Whether it has a free server and somebody who wants it.
    #[inline]
    pub(super) fn gives_away(&self) -> bool {
        (self.waiting > 0 || !self.blocked_for.is_empty()) && self.takes_transfer()
    }

    /// Whether nobody waits or is blocked for it.
    #[inline]
    pub(super) fn wants_nothing(&self) -> bool {
        self.waiting == 0 && self.blocked_for.is_empty()
    }

    /// Whether every server is held by somebody who is blocked.
    pub(super) fn is_stuck(&self) -> bool {
        self.busy > 0 && self.blocked == self.busy && self.setting_up == 0 && !self.has_free()
    }

    /// Whether others are blocked for it and nobody here can make way by a service that ends.
    #[inline]
    pub(super) fn holds_up(&self) -> bool {
        !self.blocked_for.is_empty() && self.is_stuck()
    }

    pub(super) fn join(&mut self, priority: u8, number: u32) {
        self.waiting += 1;
        self.queues[usize::from(priority)].push_back(number);
    }

    /// The next one in the waiting room.
    pub(super) fn first_waiting(&self) -> Option<u32> {
        self.queues.iter().find_map(|queue| queue.front().copied())
    }

    /// Takes the next one out of the waiting room.
    #[inline]
    pub(super) fn next_waiting(&mut self) -> Option<u32> {
        let number = self.queues.iter_mut().find_map(VecDeque::pop_front)?;
        self.waiting -= 1;
        Some(number)
    }

    /// Takes somebody out of the waiting room who gives up.
    pub(super) fn remove(&mut self, number: u32) {
        for queue in &mut self.queues {
            if let Some(at) = queue.iter().position(|own| *own == number) {
                queue.remove(at);
                self.waiting -= 1;
                return;
            }
        }
    }
}
