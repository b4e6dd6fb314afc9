//! The run: one replication of a model.

use rand::RngExt;

use super::arrivals::{Arrival, Calendar, Process, Tables, weighted};
use super::compile::{Compiled, CompiledAlternate, HERE, NONE};
use super::events::Events;
use super::model::{Deadlock, Model, WhenFull};
use super::result::{Outcome, Record, Run, Visit, Watch};
use super::station::{Admission, StationState};
use super::ticks::Ticks;
use crate::model::Problems;
use crate::random::{Draw, Seed, draws};

/// A model that was checked as a whole, ready to run.
///
/// ```
/// use verbund::random::Seed;
/// use verbund::simulation::queueing::{FileFormat, Model, Simulator};
///
/// // Ten servers, nine arrivals an hour, an hour of service each.
/// let text = r#"{"type": "MMc", "name": "mmc", "time_unit": "h", "servers": 10,
///     "lambda": 9.0, "mu": 1.0, "warmup": 500, "horizon": 20500, "queue_capacity": null}"#;
/// let simulator = Simulator::new(&Model::read(text, FileFormat::Json)?)?;
/// let run = simulator.run(Seed(1), 0);
/// let station = &run.stations[0];
/// let share = station.waited as f64 / station.started as f64;
/// assert!((share - 0.6687).abs() < 0.05); // Erlang C
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Simulator {
    pub(super) model: Model,
    compiled: Compiled,
    processes: Vec<Process>,
    record: Record,
}

impl Simulator {
    /// Checks a model and makes it ready.
    ///
    /// # Errors
    ///
    /// Every fault of the model at once; nothing is half configured.
    pub fn new(model: &Model) -> Result<Self, Problems> {
        Self::of(model.clone())
    }

    /// The same of a model that nobody else needs.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn of(model: Model) -> Result<Self, Problems> {
        let problems = model.check();
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut tables = Tables::default();
        let process = |stream: &super::Stream| Process::new(&model, &stream.arrivals, &mut tables);
        Ok(Self {
            processes: model.streams.iter().map(process).collect(),
            compiled: Compiled::new(&model),
            record: Record::default(),
            model,
        })
    }

    /// The same with more, or less, that is counted.
    #[must_use]
    pub fn record(mut self, record: Record) -> Self {
        self.record = record;
        self
    }

    /// Whether a stream's customers are counted one by one.
    #[inline]
    fn counts(&self, stream: u32) -> bool {
        self.record.streams || self.compiled.streams.tracked[stream as usize]
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Runs a replication (from 0). The same seed and number give the same result.
    pub fn run(&self, seed: Seed, replication: u64) -> Run {
        self.watch(seed, replication, &mut ())
    }

    /// The same with somebody who sees every visit, in the order of their ends.
    pub fn watch(&self, seed: Seed, replication: u64, watch: &mut impl Watch) -> Run {
        Engine::new(self, seed, replication, watch).run()
    }
}

/// What an event is about: two bits of what, then a number.
const RENEGE: u32 = 1 << 30;
const SET_UP: u32 = 2 << 30;
const TEAM: u32 = 3 << 30;
const NUMBER: u32 = (1 << 30) - 1;

/// How a customer from outside got in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    First,
    Queued,
    Diverted,
    Forced,
    Nowhere,
}

/// Where a customer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Gone,
    Waiting,
    InService,
    Blocked,
}

/// What every event needs of a customer.
#[derive(Debug, Clone, Copy)]
struct Customer {
    key: u64,
    /// When it came to the station.
    came: f64,
    station: u32,
    home: u32,
    /// The alternate by which it came, or [`NONE`].
    alternate: u32,
    visit: u32,
    class: u16,
    /// The class that it will have when it moves on.
    next_class: u16,
    state: State,
}

/// What few events need of a customer; apart, so that the others read less memory.
#[derive(Debug, Clone, Copy)]
struct Details {
    started: f64,
    /// While it waits, when it gives up; while it is blocked, when its service ended.
    until: f64,
    stream: u32,
    first: u32,
    /// Where it wants to go while it is blocked.
    target: u32,
    forced: bool,
}

/// A customer who is not in the lists yet.
#[derive(Debug, Clone, Copy)]
struct Newcomer {
    customer: Customer,
    details: Details,
}

struct Engine<'s, 'w, W> {
    simulator: &'s Simulator,
    model: &'s Compiled,
    watch: &'w mut W,
    events: Events,
    arrivals: Calendar<'s>,
    ticks: Ticks<'s>,
    customers: Vec<Customer>,
    /// By number of the customer.
    details: Vec<Details>,
    free: Vec<u32>,
    stations: Vec<StationState>,
    /// Until when each member of each team is busy.
    teams: Vec<Vec<f64>>,
    /// Customers who are there by each alternate.
    by_alternate: Vec<u32>,
    /// Stations whose freed servers are to be given away.
    to_fill: Vec<u32>,
    run: Run,
    /// Start of the statistics.
    from: f64,
    stopped: bool,
}

impl<'s, 'w, W: Watch> Engine<'s, 'w, W> {
    fn new(simulator: &'s Simulator, seed: Seed, replication: u64, watch: &'w mut W) -> Self {
        let (model, compiled) = (&simulator.model, &simulator.compiled);
        let stations = compiled.stations.iter().zip(&compiled.at_start);
        let stations: Vec<StationState> = stations
            .map(|(_, (servers, opens))| StationState::new(*servers, *opens, compiled.priorities))
            .collect();
        let mut engine = Self {
            simulator,
            model: compiled,
            watch,
            events: Events::until(model.horizon),
            arrivals: Calendar::new(
                (model, &compiled.streams),
                &simulator.processes,
                (seed, replication),
            ),
            ticks: Ticks::new(model, compiled, simulator.record, (seed, replication)),
            customers: Vec::new(),
            details: Vec::new(),
            free: Vec::new(),
            stations,
            teams: compiled.teams.iter().map(|team| vec![0.0; team.members as usize]).collect(),
            by_alternate: vec![0; compiled.alternates],
            to_fill: Vec::new(),
            run: Run { replication, ..Run::default() },
            from: 0.0,
            stopped: false,
        };
        engine.reset();
        engine
    }

    /// Empty counts, of the right sizes.
    fn reset(&mut self) {
        let compiled = self.model;
        for state in &mut self.stations {
            state.reset(self.from);
        }
        let mut run = Run {
            replication: self.run.replication,
            events: self.run.events,
            swaps: self.run.swaps,
            deadlock: self.run.deadlock.take(),
            streams: vec![super::StreamRun::default(); compiled.streams.kinds_of.len()],
            alternates: vec![super::AlternateRun::default(); compiled.alternates],
            branches: vec![super::BranchRun::default(); compiled.branches],
            teams: vec![super::TeamRun::default(); compiled.teams.len()],
            ..Run::default()
        };
        if self.simulator.record.hours {
            run.hours = vec![0; super::clock::WEEK];
            run.by_hour = vec![vec![0; self.stations.len()]; super::clock::WEEK];
        }
        for (stream, own) in self.simulator.model.streams.iter().zip(&mut run.streams) {
            if stream.track {
                let kinds = stream.kinds.iter();
                own.taken = kinds.map(|kind| vec![Vec::new(); kind.preferences.len()]).collect();
            }
        }
        self.run = run;
    }

    fn run(mut self) -> Run {
        let horizon = self.simulator.model.horizon.to_bits();
        loop {
            let event = self.events.first();
            let arrives = self.arrivals.first().map_or(u64::MAX, |arrival| arrival.bits);
            let next = event.bits().min(arrives);
            if self.ticks.first() <= next {
                let at = self.ticks.first();
                if at >= horizon {
                    break;
                }
                self.tick(f64::from_bits(at));
                continue;
            }
            if event.bits() <= arrives {
                self.events.pop();
                let now = event.time();
                match event.about() & !NUMBER {
                    0 => self.end_service(event.about(), now),
                    RENEGE => self.renege(event.about() & NUMBER, now),
                    SET_UP => self.made_ready(event.about() & NUMBER, now),
                    _ => {
                        self.to_fill.push(event.about() & NUMBER);
                        self.fill(now);
                    }
                }
            } else if let Some(arrival) = self.arrivals.pop() {
                self.arrive(arrival);
            }
            if self.stopped {
                break;
            }
        }
        self.finish()
    }

    /// What the calendar says.
    fn tick(&mut self, now: f64) {
        let due = self.ticks.take();
        if due.warm_up {
            self.from = now;
            self.reset();
        }
        for (station, servers) in due.servers {
            self.stations[station as usize].set_servers(Some(servers), None, now);
            self.to_fill.push(station);
        }
        for (station, absent) in due.absent {
            self.stations[station as usize].set_servers(None, Some(absent), now);
            self.to_fill.push(station);
        }
        for (station, opens) in due.opens {
            self.stations[station as usize].opens = opens;
            self.to_fill.push(station);
        }
        for (station, admission) in due.admission {
            self.stations[station as usize].admission = admission;
            if admission == Admission::Closed {
                self.send_away(station as usize, now);
            }
            self.to_fill.push(station);
        }
        self.fill(now);
        if let Some(hour) = due.hour.filter(|_| now >= self.from) {
            self.run.hours[hour] += 1;
            for (sum, state) in self.run.by_hour[hour].iter_mut().zip(&self.stations) {
                *sum += u64::from(state.busy);
            }
        }
        if due.day && now > self.from {
            self.run.by_day.push(self.stations.iter().map(|station| station.busy).collect());
        }
    }

    /// Brings the areas of a station up to now.
    #[inline]
    fn touch(&mut self, station: usize, now: f64) {
        self.stations[station].touch(now);
    }

    fn arrive(&mut self, arrival: Arrival) {
        let now = f64::from_bits(arrival.bits);
        self.run.events += 1;
        let counts = self.simulator.counts(arrival.stream);
        if counts {
            self.run.streams[arrival.stream as usize].arrived += 1;
        }
        if arrival.preference == NONE {
            if counts {
                self.run.streams[arrival.stream as usize].lost += 1;
            }
            return;
        }
        let first = self.first_choice(&arrival);
        self.stations[first as usize].run.asked += 1;
        let customer = Customer {
            key: arrival.key,
            came: now,
            station: first,
            home: arrival.home,
            alternate: NONE,
            visit: 0,
            class: arrival.class,
            next_class: 0,
            state: State::Gone,
        };
        let details = Details {
            started: f64::NAN,
            until: f64::NAN,
            stream: arrival.stream,
            first,
            target: NONE,
            forced: false,
        };
        let newcomer = Newcomer { customer, details };
        let hour = self.ticks.hour_of_week(now);
        let (how, to) = self.enter(newcomer, &arrival, hour);
        if how == Entry::Nowhere {
            self.stations[first as usize].run.lost += 1;
            let visit = seen(&customer, &details, now, Outcome::Lost);
            self.watch.visit(&visit);
        }
        if counts {
            self.count(&arrival, how, to);
        }
    }

    /// Counts what became of a stream's customer.
    fn count(&mut self, arrival: &Arrival, how: Entry, to: u32) {
        let counts = &mut self.run.streams[arrival.stream as usize];
        match how {
            Entry::First => counts.at_first += 1,
            Entry::Queued => counts.queued += 1,
            Entry::Diverted => counts.diverted += 1,
            Entry::Forced => counts.forced += 1,
            Entry::Nowhere => {
                counts.lost += 1;
                return;
            }
        }
        if let Some(kind) = counts.taken.get_mut(usize::from(arrival.kind)) {
            let streams = &self.model.streams;
            let kinds = streams.kinds_of[arrival.stream as usize].range();
            let span = streams.kinds[kinds.start + usize::from(arrival.kind)].preferences.range();
            let taken = &mut kind[arrival.preference as usize - span.start];
            match taken.iter_mut().find(|(station, _)| *station == to) {
                Some((_, count)) => *count += 1,
                None => taken.push((to, 1)),
            }
        }
    }

    /// The first choice among the stations that let the customer in, where there are any.
    ///
    /// Who drew one that does not draws again: the shares of the others keep their proportions, and
    /// who chose another one in the first place still does.
    fn first_choice(&self, arrival: &Arrival) -> u32 {
        let is_open = |station: u32| {
            self.stations[station as usize].admission.lets_in(arrival.by_appointment)
        };
        if is_open(arrival.first) {
            return arrival.first;
        }
        let streams = &self.model.streams;
        let preference = &streams.preferences[arrival.preference as usize];
        let stations = &streams.first[preference.first.range()];
        let Some((open, _)) = stations.iter().find(|(station, _)| is_open(*station)) else {
            return arrival.first;
        };
        let mut numbers = draws(arrival.key, 0, Draw::First);
        let mut again = (0..1000).map(|_| weighted(stations, &mut numbers));
        again.find(|station| is_open(*station)).unwrap_or(*open)
    }

    /// Lets a customer in somewhere, or nowhere.
    fn enter(&mut self, mut newcomer: Newcomer, arrival: &Arrival, hour: usize) -> (Entry, u32) {
        let (now, first) = (newcomer.customer.came, newcomer.details.first);
        let by_appointment = arrival.by_appointment;
        if self.can_enter(first, by_appointment) && self.team_lets_in(first, hour, now) {
            self.stations[first as usize].run.admitted += 1;
            self.place(newcomer);
            return (Entry::First, first);
        }
        let model = self.model;
        for one in &model.stations[first as usize].alternates {
            if self.is_offered(one, by_appointment, now) && self.team_lets_in(one.to, hour, now) {
                self.by_alternate[one.number as usize] += 1;
                self.run.alternates[one.number as usize].used += 1;
                newcomer.customer.alternate = one.number;
                return self.divert(newcomer, one.to);
            }
        }
        let preference = &model.streams.preferences[arrival.preference as usize];
        let then = &model.streams.then[preference.then.range()];
        if arrival.when_full == WhenFull::WaitFirst {
            return self.wait_somewhere(newcomer, (arrival, then), hour);
        }
        for &to in then {
            if to != first && self.can_enter(to, by_appointment) && self.team_lets_in(to, hour, now)
            {
                return self.divert(newcomer, to);
            }
        }
        match arrival.when_full {
            WhenFull::Wait if self.has_place(first, by_appointment) => {
                self.wait(newcomer);
                (Entry::Queued, first)
            }
            WhenFull::Force => self.force(newcomer, then, hour),
            _ => (Entry::Nowhere, first),
        }
    }

    /// Whether a customer can wait for a station.
    fn has_place(&self, station: u32, by_appointment: bool) -> bool {
        let state = &self.stations[station as usize];
        state.admission.lets_in(by_appointment)
            && state.waiting < self.model.stations[station as usize].room
    }

    /// Lets a customer in at the first station that is not closed, full or not.
    fn force(&mut self, mut newcomer: Newcomer, then: &[u32], hour: usize) -> (Entry, u32) {
        let first = newcomer.details.first;
        let takes = |to: &u32| self.stations[*to as usize].can_be_forced();
        let Some(to) = std::iter::once(first).chain(then.iter().copied()).find(takes) else {
            return (Entry::Nowhere, first);
        };
        self.force_team(to, hour, newcomer.customer.came);
        self.stations[to as usize].run.forced += 1;
        if to == first {
            self.stations[first as usize].run.admitted += 1;
        } else {
            self.stations[first as usize].run.diverted += 1;
            self.stations[to as usize].run.received += 1;
        }
        newcomer.customer.station = to;
        newcomer.details.forced = true;
        self.place(newcomer);
        (Entry::Forced, to)
    }

    /// A customer waits at the first station that has a place to wait, unless one before it has a free
    /// server.
    fn wait_somewhere(
        &mut self,
        mut newcomer: Newcomer,
        (arrival, then): (&Arrival, &[u32]),
        hour: usize,
    ) -> (Entry, u32) {
        let (first, now) = (newcomer.details.first, newcomer.customer.came);
        let by_appointment = arrival.by_appointment;
        let others = then.iter().copied().filter(|to| *to != first);
        for to in std::iter::once(first).chain(others) {
            if to != first && self.can_enter(to, by_appointment) && self.team_lets_in(to, hour, now)
            {
                return self.divert(newcomer, to);
            }
            if self.has_place(to, by_appointment) {
                newcomer.customer.station = to;
                self.wait(newcomer);
                return (Entry::Queued, to);
            }
        }
        (Entry::Nowhere, first)
    }

    fn divert(&mut self, mut newcomer: Newcomer, to: u32) -> (Entry, u32) {
        self.stations[newcomer.details.first as usize].run.diverted += 1;
        self.stations[to as usize].run.received += 1;
        newcomer.customer.station = to;
        self.place(newcomer);
        (Entry::Diverted, to)
    }

    #[inline]
    fn can_enter(&self, station: u32, by_appointment: bool) -> bool {
        let state = &self.stations[station as usize];
        state.has_free() && state.opens && state.admission.lets_in(by_appointment)
    }

    /// Whether an alternate takes another customer now.
    fn is_offered(&self, one: &CompiledAlternate, by_appointment: bool, now: f64) -> bool {
        let hour = self.ticks.hour_of_week(now);
        one.from <= now
            && now < one.until
            && one.hours.is_open(hour / 24, hour % 24)
            && self.by_alternate[one.number as usize] < one.at_most
            && self.can_enter(one.to, by_appointment)
    }

    /// Whether the station's team, if it needs one now, has somebody free, who is then busy.
    fn team_lets_in(&mut self, station: u32, hour: usize, now: f64) -> bool {
        let number = self.model.stations[station as usize].team;
        if number == NONE {
            return true;
        }
        let team = &self.model.teams[number as usize];
        if !team.hours[hour] {
            return true;
        }
        let members = &mut self.teams[number as usize];
        let Some(until) = members.iter_mut().find(|until| **until <= now) else {
            self.run.teams[number as usize].missed += 1;
            return false;
        };
        *until = now + team.busy;
        self.run.teams[number as usize].used += 1;
        true
    }

    /// A customer who is forced in waits for the team.
    fn force_team(&mut self, station: u32, hour: usize, now: f64) {
        let number = self.model.stations[station as usize].team;
        if number == NONE || !self.model.teams[number as usize].hours[hour] {
            return;
        }
        let members = self.teams[number as usize].iter_mut();
        if let Some(until) = members.min_by(|a, b| a.total_cmp(b)) {
            let starts = until.max(now);
            *until = starts + self.model.teams[number as usize].busy;
            let team = &mut self.run.teams[number as usize];
            team.used += 1;
            team.waiting_time += starts - now;
        }
    }

    /// A place in the lists of customers.
    fn store(&mut self, Newcomer { mut customer, details }: Newcomer) -> u32 {
        if customer.home == NONE {
            customer.home = customer.station;
        }
        if let Some(number) = self.free.pop() {
            self.customers[number as usize] = customer;
            self.details[number as usize] = details;
            return number;
        }
        self.customers.push(customer);
        self.details.push(details);
        (self.customers.len() - 1) as u32
    }

    /// Who comes from outside starts service at its station.
    fn place(&mut self, newcomer: Newcomer) {
        let Customer { came: now, station, .. } = newcomer.customer;
        let number = self.store(newcomer);
        self.stations[station as usize].run.came += 1;
        self.start(number, now);
    }

    /// A customer who came to its station starts service there.
    #[inline]
    fn start(&mut self, number: u32, now: f64) {
        let model = self.model;
        let customer = &mut self.customers[number as usize];
        let station = customer.station as usize;
        let state = &mut self.stations[station];
        state.touch(now);
        state.busy += 1;
        customer.state = State::InService;
        self.details[number as usize].started = now;
        let own = &mut state.run;
        own.started += 1;
        let wait = now - customer.came;
        if wait > 0.0 {
            own.waited += 1;
            own.waiting_time += wait;
        }
        if self.simulator.record.waits && wait > 0.0 {
            own.waits.add(wait * self.ticks.seconds());
        }
        let mut numbers = draws(customer.key, customer.visit, Draw::Service);
        let class = &model.classes[customer.class as usize];
        let service = class.service.as_ref().or(model.stations[station].service.as_ref());
        let length = service.map_or(0.0, |sampler| sampler.draw(&mut numbers));
        self.events.plan(now + length, number);
    }

    /// A customer joins the waiting room of its station.
    fn wait(&mut self, newcomer: Newcomer) {
        let Customer { came: now, station, .. } = newcomer.customer;
        let number = self.store(newcomer);
        self.stations[station as usize].run.came += 1;
        self.queue(number, now);
        if self.model.stations[station as usize].team != NONE {
            // Perhaps only the team was missing.
            self.to_fill.push(station);
            self.fill(now);
        }
    }

    fn queue(&mut self, number: u32, now: f64) {
        let customer = &mut self.customers[number as usize];
        customer.state = State::Waiting;
        let station = customer.station as usize;
        let class = &self.model.classes[customer.class as usize];
        if let Some(patience) = &class.patience {
            let mut numbers = draws(customer.key, customer.visit, Draw::Patience);
            let until = now + patience.draw(&mut numbers);
            self.details[number as usize].until = until;
            self.events.plan(until, RENEGE | number);
        }
        self.stations[station].touch(now);
        self.stations[station].join(class.priority, number);
    }

    fn renege(&mut self, number: u32, now: f64) {
        let customer = self.customers[number as usize];
        // The place in the list may have another customer by now.
        let until = self.details[number as usize].until;
        if customer.state != State::Waiting || until.to_bits() != now.to_bits() {
            return;
        }
        let station = customer.station as usize;
        self.touch(station, now);
        self.stations[station].remove(number);
        self.stations[station].run.reneged += 1;
        self.go(number, now, Outcome::Reneged);
    }

    /// A customer goes from its station for good.
    fn go(&mut self, number: u32, now: f64, outcome: Outcome) {
        self.depart(number, now, outcome);
        self.customers[number as usize].state = State::Gone;
        self.free.push(number);
    }

    /// Counts that a customer goes from its station.
    #[inline]
    fn depart(&mut self, number: u32, now: f64, outcome: Outcome) {
        let customer = &self.customers[number as usize];
        let own = &mut self.stations[customer.station as usize].run;
        own.went += 1;
        own.customer_time += now - customer.came.max(self.from);
        if customer.alternate != NONE {
            self.by_alternate[customer.alternate as usize] -= 1;
        }
        let visit = seen(customer, &self.details[number as usize], now, outcome);
        self.watch.visit(&visit);
    }

    fn end_service(&mut self, number: u32, now: f64) {
        self.run.events += 1;
        let model = self.model;
        let customer = &mut self.customers[number as usize];
        let station = customer.station as usize;
        let compiled = &model.stations[station];
        let has_route = model.classes[customer.class as usize].has_route;
        let route = if has_route { compiled.route_of[customer.class as usize] } else { NONE };
        if route == NONE {
            return self.leave(number, now);
        }
        let at: f64 = draws(customer.key, customer.visit, Draw::Next).random();
        let Some(branch) = compiled.routes[route as usize].branch(at, now, self.ticks.clock())
        else {
            return self.leave(number, now);
        };
        let home = branch.to == NONE && customer.home as usize == station;
        let here = branch.to == HERE || home;
        let target = if branch.to == NONE { customer.home } else { branch.to };
        customer.next_class =
            if branch.class == NONE { customer.class } else { branch.class as u16 };
        if !home {
            self.run.branches[branch.number as usize].taken += 1;
        }
        if here {
            return self.stay(number, now);
        }
        if target as usize == station {
            return self.again(number, now);
        }
        let goes = |to: &u32| self.stations[*to as usize].takes_transfer();
        let to = std::iter::once(target).chain(branch.then.iter().copied()).find(goes);
        if let Some(to) = to {
            return self.transfer(number, to, now);
        }
        self.run.branches[branch.number as usize].found_full += 1;
        let state = &self.stations[target as usize];
        let is_closed = state.admission == Admission::Closed;
        match branch.when_full {
            WhenFull::Stay => self.stay(number, now),
            WhenFull::Leave => self.leave(number, now),
            _ if is_closed => {
                self.stations[target as usize].run.sent_away += 1;
                self.leave(number, now);
            }
            WhenFull::Force => {
                self.stations[target as usize].run.forced += 1;
                self.free_server(number, now, Outcome::Moved);
                self.move_to(number, target, now);
                self.details[number as usize].forced = true;
                self.start(number, now);
                self.fill(now);
            }
            WhenFull::Wait if state.waiting < model.stations[target as usize].room => {
                self.free_server(number, now, Outcome::Moved);
                self.move_to(number, target, now);
                self.queue(number, now);
                self.fill(now);
            }
            _ => self.block(number, target, now),
        }
    }

    /// Out of the system after service.
    fn leave(&mut self, number: u32, now: f64) {
        let station = self.customers[number as usize].station;
        self.stations[station as usize].run.left += 1;
        self.free_server(number, now, Outcome::Left);
        self.customers[number as usize].state = State::Gone;
        self.free.push(number);
        self.fill(now);
    }

    /// The customer's server is free, or made ready.
    #[inline]
    fn free_server(&mut self, number: u32, now: f64, outcome: Outcome) {
        let station = self.customers[number as usize].station;
        let state = &mut self.stations[station as usize];
        state.touch(now);
        state.busy -= 1;
        let is_wanted = !state.wants_nothing();
        self.depart(number, now, outcome);
        let Some(set_up) = &self.model.stations[station as usize].set_up else {
            if is_wanted {
                self.to_fill.push(station);
            }
            return;
        };
        self.stations[station as usize].setting_up += 1;
        if self.model.same_set_up {
            let length = set_up.constant().unwrap_or_default();
            self.events.plan_delayed(now + length, SET_UP | station);
        } else {
            let customer = &self.customers[number as usize];
            let length = set_up.draw(&mut draws(customer.key, customer.visit, Draw::SetUp));
            self.events.plan(now + length, SET_UP | station);
        }
    }

    fn made_ready(&mut self, station: u32, now: f64) {
        let state = &mut self.stations[station as usize];
        if !state.has_free() {
            // Of the areas, only the time without a free server depends on it.
            state.touch(now);
        }
        state.setting_up -= 1;
        if !state.wants_nothing() {
            self.to_fill.push(station);
            self.fill(now);
        }
    }

    /// The customer comes to another station.
    fn move_to(&mut self, number: u32, to: u32, now: f64) {
        let customer = &mut self.customers[number as usize];
        let from = customer.station;
        customer.station = to;
        customer.class = customer.next_class;
        customer.came = now;
        customer.visit += 1;
        customer.alternate = NONE;
        self.details[number as usize].forced = false;
        self.stations[from as usize].run.transferred_out += 1;
        self.stations[to as usize].run.transferred_in += 1;
        self.stations[to as usize].run.came += 1;
    }

    /// From one server to another; what is freed goes to others.
    fn transfer(&mut self, number: u32, to: u32, now: f64) {
        self.free_server(number, now, Outcome::Moved);
        self.move_to(number, to, now);
        self.start(number, now);
        self.fill(now);
    }

    /// Another service at the same server.
    fn stay(&mut self, number: u32, now: f64) {
        let station = self.customers[number as usize].station as usize;
        self.touch(station, now);
        self.stations[station].busy -= 1;
        self.depart(number, now, Outcome::Moved);
        let customer = &mut self.customers[number as usize];
        customer.class = customer.next_class;
        customer.came = now;
        customer.visit += 1;
        customer.alternate = NONE;
        self.stations[station].run.came += 1;
        self.start(number, now);
    }

    /// Back to the station where it is: behind those who wait, if it has a waiting room.
    fn again(&mut self, number: u32, now: f64) {
        let station = self.customers[number as usize].station;
        let state = &self.stations[station as usize];
        let others_wait = state.waiting > 0 || !state.blocked_for.is_empty();
        let room = self.model.stations[station as usize].room;
        if !others_wait || state.waiting >= room {
            return self.stay(number, now);
        }
        self.free_server(number, now, Outcome::Moved);
        self.move_to(number, station, now);
        self.queue(number, now);
        self.fill(now);
    }

    /// The customer keeps its server until the target has one for it.
    fn block(&mut self, number: u32, target: u32, now: f64) {
        let customer = &mut self.customers[number as usize];
        customer.state = State::Blocked;
        let station = customer.station as usize;
        let details = &mut self.details[number as usize];
        (details.target, details.until) = (target, now);
        self.touch(station, now);
        self.stations[station].blocked += 1;
        self.stations[station].run.blocked += 1;
        self.stations[target as usize].blocked_for.push_back(number);
        if self.stations[station].is_stuck() {
            self.look_for_deadlock(number, now);
        }
    }

    /// Gives free servers to those who want them, station by station.
    #[inline]
    fn fill(&mut self, now: f64) {
        if !self.to_fill.is_empty() {
            self.give_away(now);
        }
    }

    /// The same where there is a station to look at.
    fn give_away(&mut self, now: f64) {
        while let Some(station) = self.to_fill.pop() {
            if self.stations[station as usize].wants_nothing() {
                continue;
            }
            while self.stations[station as usize].gives_away() {
                if let Some(number) = self.stations[station as usize].blocked_for.pop_front() {
                    let from = self.customers[number as usize].station as usize;
                    self.touch(from, now);
                    self.stations[from].blocked -= 1;
                    self.free_server(number, now, Outcome::Moved);
                    self.move_to(number, station, now);
                    self.start(number, now);
                } else {
                    if self.waits_for_team(station, now) {
                        break;
                    }
                    self.touch(station as usize, now);
                    let Some(number) = self.stations[station as usize].next_waiting() else {
                        break;
                    };
                    if self.customers[number as usize].visit == 0 {
                        self.admit(self.details[number as usize].first, station);
                    }
                    self.start(number, now);
                }
            }
            if self.stations[station as usize].holds_up() {
                self.look_again(station, now);
            }
        }
    }

    /// A server was freed or taken away, but nobody can have it, because there are more customers than
    /// servers: who is blocked now may be the last ones here.
    #[cold]
    fn look_again(&mut self, station: u32, now: f64) {
        let mut blocked = self.stations.iter().flat_map(|state| &state.blocked_for).copied();
        let here = blocked.find(|number| self.customers[*number as usize].station == station);
        if let Some(number) = here {
            self.look_for_deadlock(number, now);
        }
    }

    /// Whether the first who waits came from outside and the station's team has nobody free for it;
    /// it is then asked again as soon as somebody is. Otherwise the team, if it is needed, is busy.
    #[inline]
    fn waits_for_team(&mut self, station: u32, now: f64) -> bool {
        let number = self.model.stations[station as usize].team;
        if number == NONE {
            return false;
        }
        let first = self.stations[station as usize].first_waiting();
        if first.is_none_or(|first| self.customers[first as usize].visit > 0) {
            return false;
        }
        let hour = self.ticks.hour_of_week(now);
        if !self.model.teams[number as usize].hours[hour] {
            return false;
        }
        let members = &mut self.teams[number as usize];
        let Some(until) = members.iter_mut().min_by(|a, b| a.total_cmp(b)) else { return false };
        if *until <= now {
            *until = now + self.model.teams[number as usize].busy;
            self.run.teams[number as usize].used += 1;
            return false;
        }
        // Once for each moment, however many wait.
        let state = &mut self.stations[station as usize];
        if state.asks_team != *until {
            state.asks_team = *until;
            self.events.plan(*until, TEAM | station);
        }
        true
    }

    /// Counts that somebody from outside who waited gets in.
    #[inline]
    fn admit(&mut self, first: u32, station: u32) {
        if first == station {
            self.stations[station as usize].run.admitted += 1;
        } else {
            self.stations[first as usize].run.diverted += 1;
            self.stations[station as usize].run.received += 1;
        }
    }

    /// A station closes: who waits for it goes to an alternate with a free server, or leaves.
    fn send_away(&mut self, station: usize, now: f64) {
        self.touch(station, now);
        while let Some(number) = self.stations[station].next_waiting() {
            let customer = self.customers[number as usize];
            let mut alternates = self.model.stations[station].alternates.iter();
            let Some(&CompiledAlternate { to, number: alternate, .. }) =
                alternates.find(|one| self.is_offered(one, true, now))
            else {
                self.stations[station].run.sent_away += 1;
                self.go(number, now, Outcome::SentAway);
                continue;
            };
            self.by_alternate[alternate as usize] += 1;
            self.run.alternates[alternate as usize].used += 1;
            if customer.visit == 0 {
                self.admit(self.details[number as usize].first, to);
            }
            self.depart(number, now, Outcome::Moved);
            self.customers[number as usize].next_class = customer.class;
            self.move_to(number, to, now);
            self.customers[number as usize].alternate = alternate;
            self.start(number, now);
        }
        while let Some(number) = self.stations[station].blocked_for.pop_front() {
            let from = self.customers[number as usize].station as usize;
            self.stations[station].run.sent_away += 1;
            self.touch(from, now);
            self.stations[from].blocked -= 1;
            self.stations[from].run.left += 1;
            self.free_server(number, now, Outcome::SentAway);
            self.customers[number as usize].state = State::Gone;
            self.free.push(number);
        }
    }

    /// Ends the statistics at the horizon.
    fn finish(mut self) -> Run {
        let horizon = self.simulator.model.horizon;
        let now = if self.stopped {
            self.run.deadlock.as_ref().map_or(horizon, |cycle| cycle.at)
        } else {
            horizon
        };
        self.stations.iter_mut().for_each(|state| state.finish(now));
        for (customer, details) in self.customers.iter().zip(&self.details) {
            if customer.state != State::Gone {
                let own = &mut self.stations[customer.station as usize].run;
                own.customer_time += now - customer.came.max(self.from);
                self.watch.visit(&seen(customer, details, now, Outcome::Present));
            }
        }
        if !self.stopped && self.ticks.day_ends_at(horizon) {
            self.run.by_day.push(self.stations.iter().map(|station| station.busy).collect());
        }
        self.run.window = (now - self.from).max(0.0);
        self.run.stations = self.stations.into_iter().map(|state| state.run).collect();
        self.run
    }
}

/// What a trace shows of a customer who goes.
#[inline]
fn seen(customer: &Customer, details: &Details, now: f64, outcome: Outcome) -> Visit {
    let (started, ended) = match customer.state {
        State::Gone | State::Waiting => (None, None),
        State::InService => (Some(details.started), (outcome != Outcome::Present).then_some(now)),
        State::Blocked => (Some(details.started), Some(details.until)),
    };
    Visit {
        customer: customer.key,
        visit: customer.visit,
        stream: details.stream,
        class: u32::from(customer.class),
        station: customer.station,
        first: details.first,
        came: customer.came,
        started,
        ended,
        went: now,
        forced: details.forced,
        outcome,
    }
}

/// Deadlocks.
impl<W: Watch> Engine<'_, '_, W> {
    /// Looks for a set of stations, this one's among them, that holds itself up, and dissolves it.
    #[cold]
    fn look_for_deadlock(&mut self, number: u32, now: f64) {
        let Some(cycle) = self.deadlock(number) else { return };
        let names = cycle.iter().map(|number| {
            let station = self.customers[*number as usize].station;
            self.simulator.model.stations[station as usize].key.clone()
        });
        if self.run.deadlock.is_none() {
            self.run.deadlock = Some(super::DeadlockCycle { at: now, stations: names.collect() });
        }
        match self.simulator.model.deadlock {
            Deadlock::Stop => self.stopped = true,
            Deadlock::Swap => self.swap(&cycle, now),
        }
    }

    /// The customers of a cycle, when no station that can be reached from a blocked customer over the
    /// wishes of blocked customers has anybody who is not blocked.
    fn deadlock(&self, number: u32) -> Option<Vec<u32>> {
        // Who is blocked at each station, in the order of the stations that they want into.
        let mut blocked_at: Vec<Vec<u32>> = vec![Vec::new(); self.stations.len()];
        for state in &self.stations {
            for &own in &state.blocked_for {
                blocked_at[self.customers[own as usize].station as usize].push(own);
            }
        }
        let start = self.customers[number as usize].station;
        let mut reached = vec![false; self.stations.len()];
        let mut to_visit = vec![start];
        reached[start as usize] = true;
        while let Some(station) = to_visit.pop() {
            if !self.stations[station as usize].is_stuck() {
                return None;
            }
            for own in &blocked_at[station as usize] {
                let target = self.details[*own as usize].target;
                if !std::mem::replace(&mut reached[target as usize], true) {
                    to_visit.push(target);
                }
            }
        }
        // From the customer on, always the first who is blocked at the station that is wanted, until
        // a station comes again.
        let mut way = vec![number];
        loop {
            let last = *way.last()?;
            let target = self.details[last as usize].target;
            let again = way.iter().position(|own| self.customers[*own as usize].station == target);
            if let Some(first) = again {
                return Some(way.split_off(first));
            }
            way.push(*blocked_at[target as usize].first()?);
        }
    }

    /// Every customer of a cycle takes the server that the next one holds.
    fn swap(&mut self, cycle: &[u32], now: f64) {
        self.run.swaps += 1;
        let targets: Vec<u32> =
            cycle.iter().map(|number| self.details[*number as usize].target).collect();
        for (&number, &target) in cycle.iter().zip(&targets) {
            let from = self.customers[number as usize].station as usize;
            self.touch(from, now);
            self.stations[from].blocked -= 1;
            self.stations[from].busy -= 1;
            self.stations[target as usize].blocked_for.retain(|own| *own != number);
            self.depart(number, now, Outcome::Moved);
        }
        for (&number, &target) in cycle.iter().zip(&targets) {
            self.move_to(number, target, now);
            self.start(number, now);
        }
    }
}
