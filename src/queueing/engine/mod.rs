//! The run: one replication of a model.

use std::sync::{Mutex, PoisonError};

mod arrive;
mod deadlock;
mod depart;
mod fill;
mod hours;
mod more;
mod present;

use arrive::{ENTRIES, EntryCounts, Tracked};
use hours::HourSums;

use super::arrivals::{Alike, Arrival, Calendar, Prepared, Room};
use super::clock::HourClock;
use super::compile::{Compiled, NONE};
use super::distribution::Sampler;
use super::events::{Event, Events};
use super::groups::Groups;
use super::model::Model;
use super::rates::{Process, Tables};
use super::result::{
    InParts, Moment, Moments, Outcome, Record, Run, StationMoment, StationRun, Stopping, Visit,
    Watch,
};
use super::station::{Access, StationState};
use super::ticks::Ticks;
use rand::RngExt;

use crate::problem::Problems;
use crate::random::{Draw, Seed, draws};
use crate::run::Control;

/// A model that was checked as a whole, ready to run.
///
/// ```
/// use verbund::random::Seed;
/// use verbund::queueing::{FileFormat, Model, Simulator};
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
    alike: Alike,
    record: Record,
    /// By station, which of the counts of a day it is added to; empty for one of its own.
    day_groups: Vec<u32>,
    rooms: Rooms,
}

/// What a replication leaves of memory for a later one, which then need not ask for it.
#[derive(Debug, Default)]
struct Memory {
    arrivals: Room,
    customers: Vec<Customer>,
    details: Vec<Details>,
    belongs: Vec<Belongs>,
    free: Vec<u32>,
    entries: Vec<EntryCounts>,
}

/// Memory that replications left.
#[derive(Debug, Default)]
struct Rooms(Mutex<Vec<Memory>>);

impl Rooms {
    fn with<T>(&self, take: impl FnOnce(&mut Vec<Memory>) -> T) -> T {
        // Room is never half made: a thread that panicked leaves nothing wrong in it.
        take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Clone for Rooms {
    fn clone(&self) -> Self {
        // A copy starts without memory: it finds its own.
        Self::default()
    }
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

    /// Checks a model that nobody else needs and makes it ready, without a copy of it.
    ///
    /// # Errors
    ///
    /// Every fault of the model at once; nothing is half configured.
    pub fn of(model: Model) -> Result<Self, Problems> {
        let problems = model.check();
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut tables = Tables::default();
        let process =
            |stream: &super::ArrivalStream| Process::new(&model, &stream.arrivals, &mut tables);
        let compiled = Compiled::new(&model);
        Ok(Self {
            processes: model.streams.iter().map(process).collect(),
            alike: Alike::new(&compiled, HourClock::new(&model)),
            compiled,
            record: Record::default(),
            day_groups: Vec::new(),
            rooms: Rooms::default(),
            model,
        })
    }

    /// The same simulator, counting what the record says.
    #[must_use]
    pub fn record(mut self, record: Record) -> Self {
        self.record = record;
        self
    }

    /// The same simulator, whose counts of days ([`Run::by_day`]) are of groups of stations: `groups` has the number of
    /// its group by station. Over many days a count a station is most of the memory of a run.
    #[must_use]
    pub(crate) fn days_by(mut self, groups: Vec<u32>) -> Self {
        self.day_groups = groups;
        self
    }

    /// Whether it counts how long customers wait.
    pub(super) fn records_waits(&self) -> bool {
        self.record.waits
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Runs a replication (from 0). The same seed and number give the same result.
    pub fn run(&self, seed: Seed, replication: u64) -> Run {
        if !self.record.groups {
            return self.watch(seed, replication, &mut ());
        }
        let mut groups = Groups::new(&self.model, None);
        let run = self.watch(seed, replication, &mut groups);
        groups.put_into(run)
    }

    /// Runs a replication that is given up within milliseconds once it is stopped: `None` then.
    pub fn run_until(&self, seed: Seed, replication: u64, control: &Control<'_>) -> Option<Run> {
        if self.record.groups {
            let mut groups = Groups::new(&self.model, Some(control.flag()));
            let run = self.watch(seed, replication, &mut groups);
            return (!groups.is_stopped).then(|| groups.put_into(run));
        }
        self.run_as(Start::of(self, seed, replication), control)
    }

    /// As [`Self::run_until`] without groups, with stations looked at at these moments besides.
    pub(crate) fn run_looking(
        &self,
        moments: Moments,
        seed: Seed,
        replication: u64,
        control: &Control<'_>,
    ) -> Option<Run> {
        let record = Record { moments, ..self.record };
        self.run_as(Start { record, ..Start::of(self, seed, replication) }, control)
    }

    /// Runs a replication without groups; `None` when it is stopped.
    fn run_as(&self, start: Start<'_>, control: &Control<'_>) -> Option<Run> {
        let mut stopping = Stopping { stop: control.flag(), is_stopped: false };
        let run = Engine::new(self, start, &mut stopping).run();
        (!stopping.is_stopped).then_some(run)
    }

    /// One long run (replication 0) whose time from the warm-up to the horizon is cut into parts of equal length, at
    /// least one: what each counted, and whether it was stopped: then those that are over.
    pub(super) fn run_in_parts(
        &self,
        seed: Seed,
        parts: u64,
        control: &Control<'_>,
    ) -> (Vec<Run>, bool) {
        let mut watch = InParts { control: *control, is_stopped: false };
        let start = Start::of(self, seed, 0);
        let mut runs = Engine::new(self, start, &mut watch).run_in_parts(parts);
        if watch.is_stopped {
            // The part that was going on ended in its middle.
            runs.pop();
        } else {
            control.tell(parts);
        }
        (runs, watch.is_stopped)
    }

    /// Runs a replication whose visits are shown to a watcher, in the order of their ends. Waits by class and stream are
    /// not summed up then: the watcher sees all that they are made of.
    pub fn watch(&self, seed: Seed, replication: u64, watch: &mut impl Watch) -> Run {
        Engine::new(self, Start::of(self, seed, replication), watch).run()
    }
}

/// Events between two looks whether the run should end: few enough to end within milliseconds, many enough to cost nothing.
const BETWEEN_LOOKS: u32 = 4096;

/// The two top bits of what an event is about are its type; the other 30 are the number of a customer, station or
/// team. Without a type, it is the end of the customer's service.
const RENEGE: u32 = 1 << 30;
const SET_UP: u32 = 2 << 30;
const TEAM: u32 = 3 << 30;
const NUMBER: u32 = (1 << 30) - 1;

/// Most customers at one time: with all that is kept of each, about 2 GiB.
const MOST_CUSTOMERS: usize = 1 << 24;

/// What a customer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Gone,
    Waiting,
    InService,
    Blocked,
    /// Gave up waiting, is at no station, and will ask again.
    Away,
}

impl State {
    /// Whether a customer is at a station.
    fn is_there(self) -> bool {
        !matches!(self, Self::Gone | Self::Away)
    }
}

/// What every event needs of a customer: 32 bytes.
#[derive(Debug, Clone, Copy)]
struct Customer {
    key: u64,
    /// When it came to the station.
    came: f64,
    station: u32,
    visit: u32,
    class: u16,
    /// The class that it will have when it moves on.
    next_class: u16,
    state: State,
    /// Whether [`Belongs`] holds for it; most customers come to their home, and by no alternate.
    belongs: bool,
    /// Whether it came from outside to another station than its first choice.
    was_diverted: bool,
    /// Whether it leaves when it has waited too long.
    gives_up: bool,
}

/// Where a customer belongs, of those for whom that is not the station where they are.
#[derive(Debug, Clone, Copy)]
struct Belongs {
    home: u32,
    /// The alternate by which it came to the station, or [`NONE`].
    alternate: u32,
}

/// What few events need of a customer; apart, so that the others read less memory. Where nobody watches, only the
/// fields that an event needs are kept up to date.
#[derive(Debug, Clone, Copy)]
struct Details {
    started: f64,
    /// While it waits, when it gives up, if it does; while it is away, when it asks again; while it is blocked, when its
    /// service ended.
    until: f64,
    stream: u32,
    /// The first choice, if the customer was diverted.
    first: u32,
    /// While it waits and may give up, its ticket.
    ticket: u32,
    /// While it waits and may give up, or is away, how often it has asked again so far.
    again: u8,
    forced: bool,
}

/// Which replication of which seed, what of it is counted, and with which servers.
#[derive(Debug, Clone, Copy)]
struct Start<'a> {
    seed: Seed,
    replication: u64,
    record: Record,
    /// By station, servers beyond those of the model; empty where there are none.
    more: &'a [u32],
}

impl Start<'_> {
    /// A replication of the model as it is, counted as its simulator counts.
    fn of(simulator: &Simulator, seed: Seed, replication: u64) -> Self {
        Self { seed, replication, record: simulator.record, more: &[] }
    }
}

/// How a customer from outside comes to a station.
#[derive(Debug, Clone, Copy)]
struct Admission {
    first: u32,
    to: u32,
    /// The alternate by which it comes, or [`NONE`].
    alternate: u32,
    forced: bool,
}

struct Engine<'s, 'w, W> {
    simulator: &'s Simulator,
    record: Record,
    model: &'s Compiled,
    /// By station, servers beyond those of the model; empty where there are none.
    more: &'s [u32],
    watch: &'w mut W,
    events: Events,
    arrivals: Calendar<'s>,
    ticks: Ticks<'s>,
    customers: Vec<Customer>,
    /// By number of the customer.
    details: Vec<Details>,
    /// By number of the customer; shorter than the list of customers while no later one needed it.
    belongs: Vec<Belongs>,
    free: Vec<u32>,
    stations: Vec<StationState>,
    /// By station, customers in service or blocked, once more: read as a whole every hour.
    busy: Vec<u32>,
    by_hour: HourSums,
    /// Until when each member of each team is busy.
    teams: Vec<Vec<f64>>,
    /// Customers who are there by each alternate.
    by_alternate: Vec<u32>,
    /// What [`super::StreamRun::taken`] says, flat, as it is counted often.
    taken: Vec<Vec<(u32, u64)>>,
    /// How customers from outside got in, by kind, where that is counted.
    entries: Vec<EntryCounts>,
    /// Customers of tracked streams who are not counted yet.
    tracked: Vec<Tracked>,
    /// Waits that are not counted yet: station and seconds.
    waits: Vec<(u32, f64)>,
    /// Stations whose freed servers are to be given away.
    to_fill: Vec<u32>,
    /// Customers who were blocked for another station so far.
    turns: u64,
    /// Searches for deadlocks so far, and by station the last one that reached it.
    searches: u64,
    reached: Vec<u64>,
    run: Run,
    /// What was counted in the parts of the run that are over, where it is cut into parts.
    parts: Vec<Run>,
    /// Start of the statistics.
    from: f64,
    /// The event being handled: all earlier ones are done.
    at: Event,
    stopped: bool,
}

impl<'s, 'w, W: Watch> Engine<'s, 'w, W> {
    fn new(simulator: &'s Simulator, start: Start<'s>, watch: &'w mut W) -> Self {
        let Start { seed, replication, record, more } = start;
        let (model, compiled) = (&simulator.model, &simulator.compiled);
        let mut stations: Vec<StationState> = Vec::with_capacity(compiled.stations.len());
        let at_start = compiled.stations.iter().zip(&compiled.at_start);
        for (number, (station, (servers, opens))) in at_start.enumerate() {
            let servers = more::with_more(compiled, more, number, *servers);
            stations.push(StationState::new(station, servers, *opens, compiled.priorities.len()));
        }
        // Threads that run side by side each take their own; the first ones find none.
        let memory = simulator.rooms.with(Vec::pop).unwrap_or_default();
        let mut engine = Self {
            simulator,
            record,
            model: compiled,
            more,
            watch,
            events: Events::until(model.horizon),
            arrivals: Calendar::new(
                Prepared {
                    model,
                    compiled,
                    processes: &simulator.processes,
                    alike: &simulator.alike,
                },
                seed,
                replication,
                memory.arrivals,
            ),
            ticks: Ticks::new(model, compiled, record, seed, replication),
            customers: emptied(memory.customers),
            details: emptied(memory.details),
            belongs: emptied(memory.belongs),
            free: emptied(memory.free),
            busy: vec![0; stations.len()],
            by_hour: HourSums::default(),
            stations,
            teams: compiled.teams.iter().map(|team| vec![0.0; team.members as usize]).collect(),
            by_alternate: vec![0; compiled.alternates],
            taken: Vec::new(),
            entries: memory.entries,
            tracked: Vec::new(),
            waits: Vec::new(),
            to_fill: Vec::new(),
            turns: 0,
            searches: 0,
            reached: Vec::new(),
            run: Run { replication, ..Run::default() },
            parts: Vec::new(),
            from: 0.0,
            at: Event::before(0.0),
            stopped: false,
        };
        // The counts need their sizes before somebody gets in, and start behind that: those who are there at the start did
        // not come.
        engine.reset();
        engine.fill_at_start(seed, replication);
        engine.reset();
        engine
    }

    /// Starts all counts again, with the sizes that the model needs.
    fn reset(&mut self) {
        let compiled = self.model;
        let kinds = &compiled.streams.kinds;
        // What becomes of customers is counted by kind, where it is counted at all.
        let tracks = kinds.iter().any(|kind| kind.taken != NONE);
        let counted = if self.record.streams || tracks { kinds.len() } else { 0 };
        self.tracked.clear();
        self.entries.clear();
        self.entries.resize(counted, [0; ENTRIES]);
        self.waits.clear();
        for state in &mut self.stations {
            state.settle(self.at);
            state.reset(self.from);
        }
        let mut run = Run {
            replication: self.run.replication,
            events: self.run.events,
            swaps: self.run.swaps,
            deadlock: self.run.deadlock.take(),
            overcrowded: self.run.overcrowded,
            // Those of the warm-up tell how long it should be.
            levels: std::mem::take(&mut self.run.levels),
            // Nothing is counted here before the end.
            streams: std::mem::take(&mut self.run.streams),
            alternates: vec![super::AlternateRun::default(); compiled.alternates],
            branches: vec![super::BranchRun::default(); compiled.branches.list.len()],
            teams: vec![super::TeamRun::default(); compiled.teams.len()],
            ..Run::default()
        };
        // By hour is a table of 168 rows: only where somebody asked for it.
        if self.record.hours {
            run.hours = vec![0; super::clock::WEEK];
            self.by_hour = HourSums::of(self.stations.len());
        }
        run.streams.resize(compiled.streams.list.len(), super::StreamRun::default());
        self.taken.clear();
        self.taken.resize(compiled.streams.taken, Vec::new());
        self.run = run;
    }

    fn run(mut self) -> Run {
        self.run_through();
        self.finish()
    }

    /// One run whose statistics start again and again: what was counted in each part.
    fn run_in_parts(mut self, parts: u64) -> Vec<Run> {
        self.ticks.cut_into(parts);
        self.run_through();
        let mut counted = std::mem::take(&mut self.parts);
        counted.push(self.finish());
        counted
    }

    /// Runs to the horizon, or until it is stopped.
    fn run_through(&mut self) {
        let horizon = self.simulator.model.horizon.to_bits();
        let mut to_look = BETWEEN_LOOKS;
        loop {
            to_look -= 1;
            if to_look == 0 {
                to_look = BETWEEN_LOOKS;
                if self.watch.stops() {
                    break;
                }
            }
            let (happens, arrives) = (self.events.first(), self.arrivals.first());
            // At equal times the calendar comes first, then events, then arrivals.
            if self.ticks.first() <= happens.min(arrives) {
                let tick = self.ticks.first();
                if tick >= horizon {
                    break;
                }
                self.tick(f64::from_bits(tick));
                continue;
            }
            if happens <= arrives {
                let event = self.events.pop();
                if self.events.has_turned() {
                    self.read_ahead();
                }
                self.happen(event);
            } else {
                let arrival = self.arrivals.next();
                self.at = self.events.behind(f64::from_bits(arrives));
                self.arrive(&arrival);
                // Only now: where it got in, its service was still read from the list.
                self.arrivals.pop();
            }
            if self.stopped {
                break;
            }
        }
    }

    /// Reads the customers and stations of the events that are due next, so that they are in the nearest memory when
    /// their turn comes. Here the processor waits for all of them at once; in the events it would wait for one after
    /// the other.
    #[inline(never)]
    fn read_ahead(&self) {
        let mut read = 0;
        for event in self.events.list() {
            let number = event.about() & NUMBER;
            match event.about() & !NUMBER {
                0 => {
                    let customer = &self.customers[number as usize];
                    let state = &self.stations[customer.station as usize];
                    read ^= u64::from(state.busy) ^ state.left;
                }
                // Of a long waiting room, most is not in the nearest memory: neither who waits nor the entry.
                RENEGE => {
                    let customer = &self.customers[number as usize];
                    let priority = self.model.classes[customer.class as usize].priority;
                    let ticket = self.details[number as usize].ticket;
                    let state = &self.stations[customer.station as usize];
                    read ^= u64::from(state.number_at(priority, ticket));
                }
                _ => {}
            }
        }
        // Else the compiler would see that nobody uses it, and leave the reads out.
        std::hint::black_box(read);
    }

    #[inline]
    fn happen(&mut self, event: Event) {
        self.at = event;
        if event.about() & !NUMBER == 0 {
            self.end_service(event.about(), event.time());
        } else {
            self.happen_else(event);
        }
    }

    /// Handles an event that is not the end of a service; a function of its own, so that the usual path stays short.
    #[inline(never)]
    fn happen_else(&mut self, event: Event) {
        let (now, number) = (event.time(), event.about() & NUMBER);
        match event.about() & !NUMBER {
            RENEGE => self.renege(number, now),
            SET_UP => self.made_ready(number, now),
            _ => {
                self.to_fill.push(number);
                self.fill(now);
            }
        }
    }

    /// Does what the calendar says at this moment.
    #[inline(never)]
    fn tick(&mut self, now: f64) {
        self.at = Event::before(now);
        let due = self.ticks.take();
        // First: whatever else happens at this moment counts.
        if due.warm_up {
            self.from = now;
            self.reset();
        }
        if due.part {
            let part = self.sum_up(now);
            self.parts.push(part);
            self.watch.ends_part(self.parts.len() as u64);
            self.from = now;
            self.reset();
        }
        for (station, servers) in due.servers {
            let servers = more::with_more(self.model, self.more, station as usize, servers);
            self.station(station).set_servers(Some(servers), None, now);
            self.to_fill.push(station);
        }
        for (station, absent) in due.absent {
            self.station(station).set_servers(None, Some(absent), now);
            self.to_fill.push(station);
        }
        for (station, opens) in due.opens {
            self.stations[station as usize].opens = opens;
            self.to_fill.push(station);
        }
        self.to_fill.extend(due.without_team);
        for (station, access) in due.access {
            self.stations[station as usize].access = access;
            if access == Access::Closed {
                self.send_away(station, now);
            }
            self.to_fill.push(station);
        }
        self.fill(now);
        if let Some(hour) = due.hour.filter(|_| now >= self.from) {
            self.run.hours[hour] += 1;
            self.by_hour.add(hour, &self.busy, self.customers.len() as u32);
        }
        if due.level {
            let mut there = 0;
            for state in &self.stations {
                there += u64::from(state.busy + state.waiting);
            }
            self.run.levels.push(there);
        }
        // The day that ends with the warm-up does not count.
        if due.day && now > self.from {
            self.run.by_day.push(self.busy_of_day());
        }
        if let Some(hours) = due.moment.filter(|_| now >= self.from) {
            self.look(hours);
        }
    }

    /// Notes how all stations are at this moment.
    fn look(&mut self, hours: u32) {
        let mut stations = Vec::with_capacity(self.stations.len());
        for state in &self.stations {
            let StationRun { diverted, lost, sent_away, forced, .. } = state.run;
            // Whoever moves beside from a station was in the network before, and was sent on by nobody.
            let beside = state.diverted_beside + state.moved_beside;
            let sent_on = diverted - state.diverted_beside + lost + sent_away;
            stations.push(StationMoment {
                busy: state.busy,
                sent_on: sent_on as u32,
                beside: beside as u32,
                forced: forced as u32,
            });
        }
        self.run.moments.push(Moment { hours, stations });
    }

    /// Customers at the end of a day, by station or by group of stations.
    fn busy_of_day(&self) -> Vec<u32> {
        let groups = &self.simulator.day_groups;
        let Some(last) = groups.iter().max() else { return self.busy.clone() };
        let mut sums = vec![0; *last as usize + 1];
        for (group, busy) in groups.iter().zip(&self.busy) {
            sums[*group as usize] += busy;
        }
        sums
    }

    /// A station with the servers free that got ready up to now.
    #[inline]
    fn station(&mut self, number: u32) -> &mut StationState {
        let state = &mut self.stations[number as usize];
        state.settle(self.at);
        state
    }

    /// Brings the areas of a station up to now.
    #[inline]
    fn touch(&mut self, station: u32, now: f64) {
        self.station(station).touch(now);
    }

    /// Plans when the next server of a station gets ready, where somebody waits for it.
    #[inline]
    fn ask_ready(&mut self, station: u32) {
        if let Some(event) = self.stations[station as usize].ask_ready() {
            self.events.add(event);
        }
    }

    /// The stream of an arrival, where somebody watches.
    #[inline]
    fn stream(&self, arrival: &Arrival) -> u32 {
        if W::LOOKS { self.model.streams.kinds[arrival.kind as usize].stream } else { NONE }
    }

    /// Puts somebody from outside into the lists of customers.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every arrival")]
    fn come(&mut self, arrival: &Arrival, admission: Admission, state: State) -> u32 {
        // Places of those who went are used again: the lists are as long as the most who were there at once, not as all
        // who came.
        let number = self.free.pop().unwrap_or(self.customers.len() as u32);
        let mut customer = Customer {
            key: arrival.key,
            came: f64::from_bits(arrival.bits),
            station: admission.to,
            visit: 0,
            class: arrival.class,
            next_class: 0,
            state,
            belongs: false,
            was_diverted: admission.first != admission.to,
            gives_up: false,
        };
        if arrival.has_home() || admission.alternate != NONE {
            customer.belongs = true;
            self.belong_home(number, arrival.preference, admission);
        }
        if let Some(place) = self.customers.get_mut(number as usize) {
            *place = customer;
        } else {
            self.add_customer(customer, admission);
        }
        // Nobody reads the details of the others.
        if W::LOOKS || customer.was_diverted {
            self.details[number as usize] = details(self.stream(arrival), admission);
        }
        number
    }

    /// Grows the lists: no free place is left.
    #[cold]
    fn add_customer(&mut self, customer: Customer, admission: Admission) {
        if self.customers.len() >= MOST_CUSTOMERS {
            // This customer still gets in, so that the counts agree; the loop ends after the event.
            self.stopped = true;
            let now = customer.came;
            self.run.overcrowded.get_or_insert(now);
        }
        self.customers.push(customer);
        self.details.push(details(NONE, admission));
    }

    #[inline(never)]
    fn belong_home(&mut self, number: u32, preference: u32, admission: Admission) {
        let home = self.model.streams.preferences[preference as usize].home;
        let home = if home == NONE { admission.to } else { home };
        self.belong(number, Belongs { home, alternate: admission.alternate });
    }

    #[cold]
    fn belong(&mut self, number: u32, belongs: Belongs) {
        let number = number as usize;
        if number >= self.belongs.len() {
            self.belongs.resize(number + 1, belongs);
        }
        self.belongs[number] = belongs;
    }

    /// The first choice of a customer who came from outside to where it is.
    fn first_choice_of(&self, number: u32) -> u32 {
        let customer = &self.customers[number as usize];
        if customer.was_diverted { self.details[number as usize].first } else { customer.station }
    }

    /// Where a customer belongs.
    fn home(&self, number: u32) -> u32 {
        let customer = &self.customers[number as usize];
        if customer.belongs { self.belongs[number as usize].home } else { customer.station }
    }

    /// How long a customer from outside is served; for the first choice, that is drawn already.
    #[inline]
    fn first_length(&self, arrival: &Arrival, admission: Admission) -> f64 {
        if admission.to == arrival.first {
            return self.arrivals.service();
        }
        let length = self.model.length(admission.to, arrival.class, arrival.key, 0);
        if admission.alternate == NONE { length } else { length * self.factor(admission.alternate) }
    }

    /// A customer from outside starts service at its station, at once.
    #[inline(never)]
    fn place(&mut self, arrival: &Arrival, admission: Admission) {
        let now = f64::from_bits(arrival.bits);
        let length = self.first_length(arrival, admission);
        let number = self.come(arrival, admission, State::InService);
        if W::LOOKS {
            self.details[number as usize].started = now;
        }
        let state = &mut self.stations[admission.to as usize];
        debug_assert!(state.is_settled(self.at), "who found the free server settled the station");
        state.place(now);
        self.busy[admission.to as usize] = state.busy;
        let until = self.end_of(number, now, now + length);
        self.events.plan(until, number);
    }

    /// When a service ends that started now and whose length is over at a time.
    #[inline]
    fn end_of(&self, number: u32, now: f64, over: f64) -> f64 {
        let Customer { key, visit, class, .. } = self.customers[number as usize];
        let Some(ends) = &self.model.classes[class as usize].ends else { return over };
        // Behind the number that says where it goes on to: there is no draw more for a visit.
        let mut numbers = draws(key, visit, Draw::Next);
        let _: f64 = numbers.random();
        ends.end(now, over, &mut numbers)
    }

    /// How long a customer is served where it is.
    #[inline]
    fn length(&self, number: u32) -> f64 {
        let Customer { key, visit, class, station, belongs, .. } = self.customers[number as usize];
        let length = self.model.length(station, class, key, visit);
        let alternate = if belongs { self.belongs[number as usize].alternate } else { NONE };
        // The number is drawn as everywhere: who lies elsewhere keeps his own, and it takes longer.
        if alternate == NONE { length } else { length * self.factor(alternate) }
    }

    /// Factor on services of customers who came by an alternate.
    fn factor(&self, alternate: u32) -> f64 {
        self.model.ways[alternate as usize].factor
    }

    /// Customers who are there by an alternate, or by another one of its group.
    fn there_by(&mut self, alternate: u32) -> &mut u32 {
        &mut self.by_alternate[self.model.ways[alternate as usize].counter as usize]
    }

    /// A customer who came to its station from another one starts service.
    #[inline(never)]
    fn start(&mut self, number: u32, now: f64) {
        self.touch(self.customers[number as usize].station, now);
        self.serve(number, self.length(number), now);
    }

    /// A customer who came to its station, or waited there, starts service.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every wait")]
    fn serve(&mut self, number: u32, length: f64, now: f64) {
        let customer = &mut self.customers[number as usize];
        customer.state = State::InService;
        let Customer { station, came, .. } = *customer;
        let state = &mut self.stations[station as usize];
        debug_assert!(state.is_settled(self.at), "who found the free server settled the station");
        let wait = state.serve(came, now);
        self.busy[station as usize] = state.busy;
        if W::LOOKS {
            self.details[number as usize].started = now;
        }
        if self.record.waits && wait > 0.0 {
            // Counted later, many at a time: the counts of a station are far apart in memory.
            self.waits.push((station, wait * self.ticks.seconds()));
        }
        let until = self.end_of(number, now, now + length);
        self.events.plan(until, number);
    }

    /// A customer from outside joins the waiting room of its station.
    #[inline(never)]
    fn wait(&mut self, arrival: &Arrival, admission: Admission) {
        let number = self.come(arrival, admission, State::Waiting);
        let now = f64::from_bits(arrival.bits);
        self.stations[admission.to as usize].run.came += 1;
        // Kept with the entry until its turn: by then the arrival, which has it drawn, is gone.
        let length = self.first_length(arrival, admission);
        self.queue(number, length, now);
        if self.stations[admission.to as usize].has_team {
            // Perhaps only the team was missing.
            self.to_fill.push(admission.to);
            self.fill(now);
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every wait")]
    fn queue(&mut self, number: u32, length: f64, now: f64) {
        self.queue_again(number, length, now, 0);
    }

    /// A customer who has asked again so often joins the waiting room of its station.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "part of every wait")]
    fn queue_again(&mut self, number: u32, length: f64, now: f64, again: u8) {
        let customer = &mut self.customers[number as usize];
        customer.state = State::Waiting;
        let class = &self.model.classes[customer.class as usize];
        // A customer who waited somewhere else before may still have a planned end of that patience.
        let gives_up = class.patience.is_some();
        customer.gives_up = gives_up;
        let station = customer.station;
        if let Some(patience) = &class.patience {
            self.details[number as usize].again = again;
            self.plan_to_renege(number, patience, now);
        }
        let state = &mut self.stations[station as usize];
        state.settle(self.at);
        state.touch(now);
        let ticket = state.join(class.priority, number, length);
        if gives_up {
            self.details[number as usize].ticket = ticket;
        }
        if let Some(event) = state.ask_ready() {
            self.events.add(event);
        }
    }

    #[inline(never)]
    fn plan_to_renege(&mut self, number: u32, patience: &Sampler, now: f64) {
        let customer = &self.customers[number as usize];
        // Who asks again has another patience, and is on the same visit.
        let again = u32::from(self.details[number as usize].again);
        let mut numbers = draws(customer.key, customer.visit | again << 24, Draw::Patience);
        let until = now + patience.draw(&mut numbers);
        self.details[number as usize].until = until;
        self.events.plan(until, RENEGE | number);
    }

    fn renege(&mut self, number: u32, now: f64) {
        let customer = self.customers[number as usize];
        // The place in the list may have another customer by now.
        let until = self.details[number as usize].until;
        let is_its_own = customer.gives_up && until.to_bits() == now.to_bits();
        if customer.state == State::Away && is_its_own {
            return self.come_again(number, now);
        }
        if customer.state != State::Waiting || !is_its_own {
            return;
        }
        let ticket = self.details[number as usize].ticket;
        let priority = self.model.classes[customer.class as usize].priority;
        let state = self.station(customer.station);
        state.touch(now);
        state.remove(priority, number, ticket);
        state.run.reneged += 1;
        if state.has_gaps() {
            let (state, details) =
                (&mut self.stations[customer.station as usize], &mut self.details);
            state.close_gaps(|number, ticket| details[number as usize].ticket = ticket);
        }
        match self.asks_again_at(number, now) {
            Some(at) => self.go_away_until(number, at, now),
            None => self.go(number, now, Outcome::Reneged),
        }
        // The next one may need no team, where this one waited for it.
        if self.stations[customer.station as usize].has_team {
            self.to_fill.push(customer.station);
            self.fill(now);
        }
    }

    /// When a customer from outside who gives up asks again; `None` for never.
    fn asks_again_at(&self, number: u32, now: f64) -> Option<f64> {
        let Customer { key, visit, class, .. } = self.customers[number as usize];
        let comes_again = self.model.classes[class as usize].comes_again.as_ref()?;
        let again = self.details[number as usize].again;
        if visit > 0 || again == u8::MAX {
            return None;
        }
        // Number 0 says whether the customer came at all.
        let mut numbers = draws(key, u32::from(again) + 1, Draw::Comes);
        let comes = numbers.random::<f64>() < comes_again.share;
        comes.then(|| now + comes_again.after.draw(&mut numbers))
    }

    /// A customer goes from its station, and asks again at a time.
    fn go_away_until(&mut self, number: u32, at: f64, now: f64) {
        let station = self.customers[number as usize].station;
        self.stations[station as usize].run.rebooked += 1;
        self.depart(number, now, Outcome::Rebooked);
        self.customers[number as usize].state = State::Away;
        self.details[number as usize].until = at;
        self.events.plan(at, RENEGE | number);
    }

    /// A customer goes from its station for good.
    fn go(&mut self, number: u32, now: f64, outcome: Outcome) {
        self.depart(number, now, outcome);
        self.customers[number as usize].state = State::Gone;
        self.free.push(number);
    }

    /// Counts that a customer goes from its station.
    fn depart(&mut self, number: u32, now: f64, outcome: Outcome) {
        let customer = &self.customers[number as usize];
        let state = &mut self.stations[customer.station as usize];
        state.run.went += 1;
        state.count_time(customer.came, self.from, now);
        self.part(number, now, outcome);
    }

    /// A customer's ties to its station end.
    #[inline]
    fn part(&mut self, number: u32, now: f64, outcome: Outcome) {
        let customer = &self.customers[number as usize];
        if customer.belongs {
            let alternate = std::mem::replace(&mut self.belongs[number as usize].alternate, NONE);
            if alternate != NONE {
                *self.there_by(alternate) -= 1;
            }
        }
        if W::LOOKS {
            let customer = &self.customers[number as usize];
            let visit = seen(customer, &self.details[number as usize], now, outcome);
            self.watch.visit(&visit);
        }
    }

    /// What was counted up to now, for the next part to start from nothing.
    fn sum_up(&mut self, now: f64) -> Run {
        self.count_entries();
        self.count_waits();
        for state in &mut self.stations {
            state.settle(self.at);
            state.finish(now);
        }
        for customer in &self.customers {
            if customer.state.is_there() {
                let state = &mut self.stations[customer.station as usize];
                state.count_time(customer.came, self.from, now);
            }
        }
        self.give_taken();
        let Run { replication, events, swaps, overcrowded, .. } = self.run;
        let deadlock = self.run.deadlock.clone();
        let next = Run { replication, events, swaps, deadlock, overcrowded, ..Run::default() };
        let mut part = std::mem::replace(&mut self.run, next);
        part.window = now - self.from;
        part.stations = self.stations.iter_mut().map(StationState::take_run).collect();
        part
    }

    /// Ends the statistics at the horizon.
    fn finish(mut self) -> Run {
        self.count_entries();
        self.count_waits();
        let horizon = self.simulator.model.horizon;
        let now = if self.stopped {
            // A deadlock that the customers of the model's choice dissolve does not stop it.
            let cycle = self.run.deadlock.as_ref().map(|cycle| cycle.at);
            self.run.overcrowded.or(cycle).unwrap_or(horizon)
        } else {
            self.at = Event::before(horizon);
            horizon
        };
        for state in &mut self.stations {
            state.settle(self.at);
            state.finish(now);
        }
        for (customer, details) in self.customers.iter().zip(&self.details) {
            if customer.state.is_there() {
                let state = &mut self.stations[customer.station as usize];
                state.count_time(customer.came, self.from, now);
                self.watch.visit(&seen(customer, details, now, Outcome::Present));
            }
        }
        if !self.stopped && self.ticks.day_ends_at(horizon) {
            self.run.by_day.push(self.busy_of_day());
        }
        if let Some(hours) = self.ticks.moment_at(horizon).filter(|_| !self.stopped) {
            self.look(hours);
        }
        self.give_taken();
        if self.record.hours {
            self.run.by_hour = self.by_hour.take(self.busy.len());
        }
        // The next replication takes over what grew in this one.
        let Self { customers, details, belongs, free, entries, .. } = self;
        let arrivals = self.arrivals.room();
        let memory = Memory { arrivals, customers, details, belongs, free, entries };
        self.simulator.rooms.with(|rooms| rooms.push(memory));
        // A run that stops before the warm-up is over has counted nothing.
        self.run.window = (now - self.from).max(0.0);
        self.run.stations = self.stations.iter_mut().map(StationState::take_run).collect();
        self.run
    }
}

/// A list without its entries, but with their memory.
fn emptied<T>(mut list: Vec<T>) -> Vec<T> {
    list.clear();
    list
}

/// The details of a customer who comes from outside.
fn details(stream: u32, admission: Admission) -> Details {
    Details {
        // Not known yet. No number, so that a sum it got into by mistake would show it.
        started: f64::NAN,
        until: f64::NAN,
        stream,
        first: admission.first,
        ticket: 0,
        again: 0,
        forced: admission.forced,
    }
}

/// The visit of a customer that ends, as a trace shows it.
#[inline]
fn seen(customer: &Customer, details: &Details, now: f64, outcome: Outcome) -> Visit {
    let (started, ended) = match customer.state {
        State::Gone | State::Waiting | State::Away => (None, None),
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
        // Customers who were there at the start came at -0, which would be printed with its sign.
        came: customer.came + 0.0,
        started,
        ended,
        went: now,
        forced: details.forced,
        outcome,
    }
}
