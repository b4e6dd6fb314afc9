//! A station while it runs.

use std::collections::{BTreeMap, VecDeque};

use super::compile::{CompiledStation, NONE};
use super::distribution::Sampler;
use super::events::Event;
use super::result::StationRun;

/// Which customers from outside a station lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Open,
    Diverted,
    Closed,
}

impl Access {
    pub(super) fn lets_in(self, by_appointment: bool) -> bool {
        match self {
            Self::Open => true,
            Self::Diverted => by_appointment,
            Self::Closed => false,
        }
    }
}

/// A customer in a waiting room.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    /// [`NONE`] for one who gave up: the entry stays until it comes to the front, or until there are too many.
    pub(super) number: u32,
    /// One more than that of the entry before it in its queue: so the place of an entry is known by its ticket.
    pub(super) ticket: u32,
    /// How long it will be served here.
    pub(super) length: f64,
}

/// Somebody who is blocked for a station.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanting {
    /// Rises from one who is blocked to the next.
    pub(super) turn: u64,
    pub(super) number: u32,
}

/// Entries of customers who gave up that stay in the waiting rooms of a station at least, before all are taken out at
/// once: in a short list, looking through it for each would cost more than the entries do.
const FEW_GONE: u32 = 32;

/// How a server is made ready for the next customer, where it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum SetUp {
    Always(f64),
    Drawn,
}

/// The parts that nearly every event needs come first, side by side: in a large model, most of a station is
/// not in the nearest memory.
#[derive(Debug)]
#[repr(C, align(64))]
pub(super) struct StationState {
    /// In service or blocked.
    pub(super) busy: u32,
    /// Servers that are being made ready, as of the last [`Self::settle`], which comes before every look at it that
    /// could matter.
    setting_up: u32,
    /// Servers that are there.
    capacity: u32,
    pub(super) waiting: u32,
    /// Customers who are blocked for it: those elsewhere who want to come here, and those here who want to come
    /// again.
    wanted: u32,
    /// Of the busy ones.
    pub(super) blocked: u32,
    pub(super) opens: bool,
    pub(super) access: Access,
    pub(super) has_team: bool,
    pub(super) is_set_up: bool,
    pub(super) has_alternates: bool,
    /// Places in the waiting room.
    room: u32,
    /// Until when the areas count.
    last: f64,
    /// The first server that gets ready, or [`Event::NEVER`].
    next_ready: Event,
    time_at: Vec<f64>,
    full_time: f64,
    queue_area: f64,
    /// Arrivals from outside who got a server at their first choice at once.
    pub(super) at_once: u64,
    /// Customers from outside who got a server at once.
    placed: u64,
    /// Customers who left the system after service.
    pub(super) left: u64,
    pub(super) set_up: SetUp,
    /// When servers get ready that are being set up, in order. Most of them concern nobody, as nobody waits:
    /// they are settled when it could matter.
    ready: VecDeque<Event>,
    customer_time: f64,
    /// Of those diverted, who got in at another station of its site.
    pub(super) diverted_beside: u64,
    /// Customers who were in the network already and wanted to come here, at another station of its site.
    pub(super) moved_beside: u64,
    /// All other counts.
    pub(super) run: StationRun,
    /// Customers in the waiting room: those of the first priority, and the others by theirs.
    queue: VecDeque<Waiting>,
    later_queues: Vec<VecDeque<Waiting>>,
    /// Entries of the waiting rooms whose customers gave up.
    gone: u32,
    /// Those elsewhere who want to come here, in the order of their blocking.
    blocked_for: VecDeque<Wanting>,
    /// Those here who want to come here again but have no server any more, in the order of their blocking.
    returning: VecDeque<u32>,
    /// Those here who want into other stations, by that station and their turn.
    blocked_here: BTreeMap<(u32, u64), u32>,
    /// The earliest server that is planned as an event of its own, because somebody waits.
    asked_ready: Event,
    /// When its team has somebody free for those who wait, if that is planned.
    pub(super) asks_team: f64,
    /// Servers, absent ones included; [`NONE`] for infinitely many.
    servers: u32,
    /// Share of the servers that is absent.
    absent: f64,
    /// Parts of a server that rounding has taken so far, below 0 for given ones; `None` where they are not made up for.
    owed: Option<f64>,
    /// Until when the area under the servers counts.
    counted: f64,
}

impl StationState {
    pub(super) fn new(
        station: &CompiledStation,
        servers: u32,
        opens: bool,
        priorities: usize,
    ) -> Self {
        Self {
            busy: 0,
            setting_up: 0,
            capacity: servers,
            waiting: 0,
            wanted: 0,
            blocked: 0,
            opens,
            access: Access::Open,
            has_team: station.team != NONE,
            is_set_up: station.set_up.is_some(),
            has_alternates: !station.alternates.is_empty(),
            room: station.room,
            last: 0.0,
            next_ready: Event::NEVER,
            time_at: Vec::new(),
            full_time: 0.0,
            queue_area: 0.0,
            at_once: 0,
            placed: 0,
            left: 0,
            set_up: match &station.set_up {
                Some(Sampler::Constant(length)) => SetUp::Always(*length),
                _ => SetUp::Drawn,
            },
            ready: VecDeque::new(),
            customer_time: 0.0,
            diverted_beside: 0,
            moved_beside: 0,
            run: StationRun::default(),
            queue: VecDeque::new(),
            later_queues: vec![VecDeque::new(); priorities - 1],
            gone: 0,
            blocked_for: VecDeque::new(),
            returning: VecDeque::new(),
            blocked_here: BTreeMap::new(),
            asked_ready: Event::NEVER,
            asks_team: 0.0,
            servers,
            absent: 0.0,
            owed: station.carries.then_some(0.0),
            counted: 0.0,
        }
    }

    /// Starts the statistics.
    pub(super) fn reset(&mut self, now: f64) {
        self.touch(now);
        self.count_servers(now);
        let at_start = u64::from(self.busy + self.waiting);
        self.run = StationRun { at_start, ..StationRun::default() };
        self.time_at = Vec::new();
        (self.full_time, self.queue_area, self.customer_time) = (0.0, 0.0, 0.0);
        (self.at_once, self.placed, self.left) = (0, 0, 0);
        (self.diverted_beside, self.moved_beside) = (0, 0);
    }

    /// All that it counted.
    pub(super) fn take_run(&mut self) -> StationRun {
        let run = std::mem::take(&mut self.run);
        StationRun {
            // Counted apart while it runs, beside what the same events read.
            asked: run.asked + self.at_once,
            admitted: run.admitted + self.at_once,
            came: run.came + self.placed,
            started: run.started + self.placed,
            left: run.left + self.left,
            went: run.went + self.left,
            time_at: std::mem::take(&mut self.time_at),
            full_time: self.full_time,
            queue_area: self.queue_area,
            customer_time: self.customer_time,
            ..run
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
            // Whole servers: a station cannot have a part of one.
            let there = f64::from(self.servers) * (1.0 - self.absent);
            let wanted = there + self.owed.unwrap_or(0.0);
            let whole = wanted.round().clamp(0.0, f64::from(self.servers));
            // Only with a new share: another shift in the course of a period is no new rounding.
            if absent.is_some() && self.owed.is_some() {
                self.owed = Some(wanted - whole);
            }
            whole as u32
        };
    }

    /// Brings the area under the servers up to now.
    fn count_servers(&mut self, now: f64) {
        if self.capacity != NONE {
            self.run.servers_area += (now - self.counted) * f64::from(self.capacity);
        }
        self.counted = now;
    }

    /// A server is being set up from a moment on, and when it is ready.
    #[inline]
    pub(super) fn make(&mut self, ready: Event, from: Event) {
        if self.ready.len() == self.ready.capacity() {
            // Before the list grows, those go that got ready.
            self.settle(from);
        }
        self.setting_up += 1;
        // Lengths that are drawn may differ.
        match (self.set_up, self.ready.back()) {
            (SetUp::Drawn, Some(last)) if ready < *last => {
                let behind = self.ready.partition_point(|event| *event < ready);
                self.ready.insert(behind, ready);
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

    /// Makes ready servers free where it could matter to a customer who comes or leaves: while nobody waits and more
    /// than one server is free, another free one changes nothing.
    #[inline]
    pub(super) fn settle_if_short(&mut self, until: Event) {
        if self.is_short() {
            self.settle(until);
        }
    }

    /// Whether one free server more could matter to somebody.
    #[inline]
    fn is_short(&self) -> bool {
        // With two free servers or more, whoever comes next finds one without it.
        self.busy + self.setting_up + 1 >= self.capacity || !self.wants_nothing()
    }

    pub(super) fn is_settled(&self, until: Event) -> bool {
        self.next_ready > until || !self.is_short()
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
        if !self.is_set_up || self.wants_nothing() || self.next_ready >= self.asked_ready {
            return None;
        }
        self.asked_ready = self.next_ready;
        Some(self.next_ready)
    }

    /// A server that was planned as an event gets ready.
    pub(super) fn is_ready(&mut self, event: Event) {
        if self.asked_ready == event {
            self.asked_ready = Event::NEVER;
        }
    }

    /// Share of the servers that are free; 1 where there is always one more.
    pub(super) fn free_share(&self) -> f64 {
        if self.capacity == NONE {
            return 1.0;
        }
        let taken = f64::from(self.busy + self.setting_up);
        1.0 - taken / f64::from(self.capacity.max(1))
    }

    #[inline]
    pub(super) fn has_free(&self) -> bool {
        self.busy + self.setting_up < self.capacity
    }

    /// Brings the areas up to now.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every event")]
    pub(super) fn touch(&mut self, now: f64) {
        let time = now - self.last;
        if time == 0.0 {
            return;
        }
        self.last = now;
        let busy = self.busy as usize;
        // As far as it ever got: most stations of many servers use few levels.
        if busy >= self.time_at.len() {
            self.time_at.resize(busy + 1, 0.0);
        }
        self.time_at[busy] += time;
        // Arithmetic in place of branches, which could not be predicted.
        self.queue_area += time * f64::from(self.waiting);
        self.full_time += if self.has_free() { 0.0 } else { time };
        // Hardly ever: a branch that can be predicted costs next to nothing.
        if self.blocked > 0 {
            self.run.blocked_area += time * f64::from(self.blocked);
        }
    }

    /// Sums up when the statistics end.
    pub(super) fn finish(&mut self, now: f64) {
        self.touch(now);
        self.count_servers(now);
        let run = &mut self.run;
        // From the levels once, and not at every event.
        let levels = self.time_at.iter().enumerate();
        run.busy_area = levels.map(|(number, time)| number as f64 * time).sum();
        run.at_end = u64::from(self.busy + self.waiting);
    }

    /// Somebody from outside gets a server at once.
    #[inline]
    pub(super) fn place(&mut self, now: f64) {
        self.touch(now);
        self.busy += 1;
        self.placed += 1;
    }

    /// Somebody starts service who came at a time; how long it waited.
    #[inline]
    pub(super) fn serve(&mut self, came: f64, now: f64) -> f64 {
        debug_assert!(self.last == now, "its areas are up to now");
        self.busy += 1;
        self.run.started += 1;
        let wait = now - came;
        if wait > 0.0 {
            self.run.waited += 1;
            self.run.waiting_time += wait;
        }
        wait
    }

    /// Brings the times up to now that its customers were here: one goes who came at a time, or was here when the
    /// statistics started.
    #[inline]
    pub(super) fn count_time(&mut self, came: f64, from: f64, now: f64) {
        self.customer_time += now - if came > from { came } else { from };
    }

    /// Whether a customer from outside gets a server at once, as far as the station decides it.
    #[inline]
    pub(super) fn takes(&self, by_appointment: bool) -> bool {
        self.has_free() && self.opens && self.access.lets_in(by_appointment)
    }

    /// Whether somebody can join the waiting room.
    #[inline]
    pub(super) fn has_place(&self) -> bool {
        self.waiting < self.room
    }

    /// Whether somebody can come from another station at once.
    pub(super) fn takes_transfer(&self) -> bool {
        self.has_free() && self.opens && self.access != Access::Closed
    }

    /// Whether somebody whose service ends can go on at the same server as the next one to come: others do not
    /// want it, and it is not one too many.
    pub(super) fn takes_back(&self) -> bool {
        self.can_be_forced() && (self.has_free() || self.wants_nothing() && self.has_enough())
    }

    /// Whether somebody whose service ends still has a server, were others not to come first.
    pub(super) fn leaves_server(&self) -> bool {
        self.can_be_forced() && self.returning.is_empty() && self.has_enough()
    }

    /// Whether none of the servers in use is one too many: others may have been taken away.
    fn has_enough(&self) -> bool {
        self.busy + self.setting_up <= self.capacity
    }

    /// Whether somebody can be let in although it is full.
    pub(super) fn can_be_forced(&self) -> bool {
        self.opens && self.access != Access::Closed
    }

    /// Whether it has a free server and somebody who wants it.
    #[inline]
    pub(super) fn gives_away(&self) -> bool {
        !self.wants_nothing() && self.takes_transfer()
    }

    /// Whether it has one free server, and nobody but those in the waiting room to ask about it.
    #[inline]
    pub(super) fn has_one_to_give(&self) -> bool {
        self.busy + self.setting_up + 1 == self.capacity
            && self.waiting > 0
            && self.wanted == 0
            && !self.has_team
            && self.takes_transfer()
    }

    /// Whether nobody waits or is blocked for it.
    #[inline]
    pub(super) fn wants_nothing(&self) -> bool {
        // One test for both: this is asked at nearly every event.
        self.waiting | self.wanted == 0
    }

    /// Whether every server is held by somebody who is blocked, and not only by those who come back here as
    /// soon as it has a server again.
    pub(super) fn is_stuck(&self) -> bool {
        self.busy > 0
            && self.blocked == self.busy
            && !self.blocked_here.is_empty()
            && self.setting_up == 0
            && !self.has_free()
    }

    /// Whether others are blocked for it and nobody here can make way by a service that ends.
    #[inline]
    pub(super) fn holds_up(&self) -> bool {
        self.wanted > 0 && self.is_stuck()
    }

    /// Somebody who is blocked elsewhere wants to come here.
    pub(super) fn want(&mut self, wanting: Wanting) {
        self.wanted += 1;
        self.blocked_for.push_back(wanting);
    }

    /// Somebody who is here wants to come here again.
    pub(super) fn want_back(&mut self, number: u32) {
        self.wanted += 1;
        self.returning.push_back(number);
    }

    /// The first one of those elsewhere who are blocked for it.
    pub(super) fn first_wanted(&self) -> Option<Wanting> {
        self.blocked_for.front().copied()
    }

    /// Takes the first one off those elsewhere who are blocked for it.
    pub(super) fn next_wanted(&mut self) -> Option<Wanting> {
        let next = self.blocked_for.pop_front()?;
        self.wanted -= 1;
        Some(next)
    }

    /// Whether somebody here wants to come again.
    #[inline]
    pub(super) fn has_returning(&self) -> bool {
        self.wanted > 0 && !self.returning.is_empty()
    }

    /// Takes the first one off those here who want to come again, if it has a server for them: of those in use,
    /// they hold none.
    pub(super) fn next_returning(&mut self) -> Option<u32> {
        let held = self.busy + self.setting_up - self.returning.len() as u32;
        if held < self.capacity && self.can_be_forced() { self.any_returning() } else { None }
    }

    /// Takes the first one off those here who want to come again.
    pub(super) fn any_returning(&mut self) -> Option<u32> {
        let next = self.returning.pop_front()?;
        self.wanted -= 1;
        Some(next)
    }

    /// Takes somebody off those elsewhere who are blocked for it.
    pub(super) fn forget(&mut self, turn: u64) {
        if let Ok(position) = self.blocked_for.binary_search_by_key(&turn, |wanting| wanting.turn) {
            self.blocked_for.remove(position);
            self.wanted -= 1;
        }
    }

    /// Somebody here is blocked for another station.
    pub(super) fn hold(&mut self, target: u32, wanting: Wanting) {
        // In order, so that a search for deadlocks goes the same way on every machine.
        self.blocked_here.insert((target, wanting.turn), wanting.number);
    }

    /// Somebody here who was blocked for another station is not any more.
    pub(super) fn release(&mut self, target: u32, turn: u64) {
        self.blocked_here.remove(&(target, turn));
        self.blocked -= 1;
    }

    /// Of those here who are blocked for other stations, the first one who wants into the station with the lowest
    /// number: that station, and who it is.
    pub(super) fn first_blocked_here(&self) -> Option<(u32, Wanting)> {
        let (&(target, turn), &number) = self.blocked_here.first_key_value()?;
        Some((target, Wanting { turn, number }))
    }

    /// The first station from a number on for which somebody here is blocked.
    pub(super) fn next_target(&self, from: u32) -> Option<u32> {
        let (&(target, _), _) = self.blocked_here.range((from, 0)..).next()?;
        Some(target)
    }

    /// The queue of a priority.
    #[inline]
    fn queue_of(&mut self, priority: u16) -> &mut VecDeque<Waiting> {
        match usize::from(priority).checked_sub(1) {
            None => &mut self.queue,
            Some(later) => &mut self.later_queues[later],
        }
    }

    /// Somebody joins the waiting room; the ticket by which [`Self::remove`] finds the entry.
    #[inline]
    pub(super) fn join(&mut self, priority: u16, number: u32, length: f64) -> u32 {
        self.waiting += 1;
        let queue = self.queue_of(priority);
        let ticket = queue.back().map_or(0, |last| last.ticket.wrapping_add(1));
        queue.push_back(Waiting { number, ticket, length });
        ticket
    }

    /// The next one in the waiting room, where priorities stay as they are.
    pub(super) fn first_waiting(&self) -> Option<u32> {
        let mut queues = std::iter::once(&self.queue).chain(&self.later_queues);
        queues.find_map(|queue| Some(queue.front()?.number))
    }

    /// The first one of those of a priority in the waiting room.
    pub(super) fn first_of(&self, priority: u16) -> Option<u32> {
        let queue = match usize::from(priority).checked_sub(1) {
            None => &self.queue,
            Some(later) => &self.later_queues[later],
        };
        Some(queue.front()?.number)
    }

    /// Takes the first one of those of a priority out of the waiting room.
    pub(super) fn next_of(&mut self, priority: u16) -> Option<Waiting> {
        let next = self.queue_of(priority).pop_front()?;
        self.waiting -= 1;
        if self.gone > 0 {
            self.clear_fronts();
        }
        Some(next)
    }

    /// Takes the next one out of the waiting room, where priorities stay as they are.
    #[inline]
    pub(super) fn next_waiting(&mut self) -> Option<Waiting> {
        let later = |queues: &mut [VecDeque<_>]| queues.iter_mut().find_map(VecDeque::pop_front);
        let next = self.queue.pop_front().or_else(|| later(&mut self.later_queues))?;
        self.waiting -= 1;
        if self.gone > 0 {
            self.clear_fronts();
        }
        Some(next)
    }

    /// Takes somebody out of the waiting room who gives up. The entry is only marked: taking it out of the middle
    /// would move the others each time, and looking for it would read the queue up and down.
    #[cold]
    pub(super) fn remove(&mut self, priority: u16, number: u32, ticket: u32) {
        let queue = self.queue_of(priority);
        let Some(first) = queue.front() else { return };
        let position = ticket.wrapping_sub(first.ticket) as usize;
        debug_assert!(queue[position].number == number, "tickets follow each other");
        queue[position].number = NONE;
        self.waiting -= 1;
        self.gone += 1;
        self.clear_fronts();
    }

    /// The customer of the entry with a ticket, if there is one: of an earlier wait it may be that of another one.
    #[inline]
    pub(super) fn number_at(&self, priority: u16, ticket: u32) -> u32 {
        let queue = match usize::from(priority).checked_sub(1) {
            None => &self.queue,
            Some(later) => &self.later_queues[later],
        };
        let first = queue.front().map_or(0, |entry| entry.ticket);
        queue.get(ticket.wrapping_sub(first) as usize).map_or(NONE, |entry| entry.number)
    }

    /// Whether so many entries are only marked that they should be taken out.
    pub(super) fn has_gaps(&self) -> bool {
        self.gone > self.waiting.max(FEW_GONE)
    }

    /// Takes out the entries of customers who gave up. The others get new tickets, which are told with their numbers.
    #[cold]
    pub(super) fn close_gaps(&mut self, mut tell: impl FnMut(u32, u32)) {
        for queue in std::iter::once(&mut self.queue).chain(&mut self.later_queues) {
            queue.retain(|entry| entry.number != NONE);
            for (ticket, entry) in (0..).zip(queue) {
                entry.ticket = ticket;
                tell(entry.number, ticket);
            }
        }
        self.gone = 0;
    }

    /// Takes out the entries of customers who gave up, up to the first one who waits: the front is always a customer.
    fn clear_fronts(&mut self) {
        for queue in std::iter::once(&mut self.queue).chain(&mut self.later_queues) {
            while queue.front().is_some_and(|entry| entry.number == NONE) {
                queue.pop_front();
                self.gone -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A station of two priorities.
    fn station() -> StationState {
        let compiled = CompiledStation {
            servers: 1,
            room: NONE,
            is_first_come: false,
            service: None,
            set_up: None,
            alternates: Vec::new(),
            team: NONE,
            carries: false,
            site: NONE,
        };
        StationState::new(&compiled, 1, true, 2)
    }

    #[test]
    fn whoever_gives_up_is_found_by_the_ticket_however_many_gave_up_before() {
        let mut state = station();
        // Beside it, who waits, by priority and in order; and the ticket of each.
        let mut queues: [Vec<u32>; 2] = [Vec::new(), Vec::new()];
        let mut tickets: Vec<u32> = Vec::new();
        let mut closed = 0;
        for step in 0..20_000_u32 {
            let scrambled = step.wrapping_mul(2_654_435_761) >> 8;
            let priority = (scrambled % 2) as u16;
            let room = &mut queues[usize::from(priority)];
            // First the rooms fill, then most give up, and a few are served.
            let joins = if step % 4000 < 2000 { 6 } else { 2 };
            match scrambled / 2 % 10 {
                way if way < joins => {
                    let number = tickets.len() as u32;
                    tickets.push(state.join(priority, number, 0.0));
                    room.push(number);
                }
                9 => {
                    let next = queues.iter_mut().find(|queue| !queue.is_empty());
                    let next = next.map(|queue| queue.remove(0));
                    assert_eq!(state.next_waiting().map(|entry| entry.number), next);
                }
                _ if room.is_empty() => {}
                _ => {
                    let number = room.remove(scrambled as usize / 20 % room.len());
                    state.remove(priority, number, tickets[number as usize]);
                }
            }
            if state.has_gaps() {
                closed += 1;
                state.close_gaps(|number, ticket| tickets[number as usize] = ticket);
            }
            let count = queues[0].len() + queues[1].len();
            assert_eq!(state.waiting as usize, count);
            assert_eq!(state.first_waiting(), queues.iter().flatten().next().copied());
        }
        assert!(closed > 5, "{closed}");
    }
}
