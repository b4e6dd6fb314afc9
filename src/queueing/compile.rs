//! A model as flat tables, for the run.

use std::collections::HashMap;

use super::clock::{HourClock, WEEK};
use super::distribution::{Distribution, Sampler};
use super::ends::Ends;
use super::law;
use super::model::{
    Alternate, ArrivalStream, Arrivals, Branch, Curve, Model, Preference, Present, Route, Servers,
    ServiceOrder, Station, StationService, Target, WaitingRoom, WhenFull,
};
use crate::calendar::Hours;
use crate::random::{Draw, Entity, Purpose, draws};

/// No station, class, alternate, team.
pub(super) const NONE: u32 = u32::MAX;

/// The station where the customer is.
pub(super) const HERE: u32 = u32::MAX - 1;

#[derive(Debug, Clone)]
pub(super) struct CompiledStation {
    /// [`NONE`] for infinitely many.
    pub(super) servers: u32,
    pub(super) room: u32,
    pub(super) is_first_come: bool,
    pub(super) service: Option<Sampler>,
    pub(super) set_up: Option<Sampler>,
    pub(super) alternates: Vec<CompiledAlternate>,
    pub(super) team: u32,
    /// Whether parts of an absent server are made up for later.
    pub(super) carries: bool,
    /// Number of its site, or [`NONE`].
    pub(super) site: u32,
}

#[derive(Debug, Clone)]
pub(super) struct CompiledAlternate {
    pub(super) to: u32,
    /// Number among the alternates of all stations.
    pub(super) number: u32,
    pub(super) at_most: u32,
    pub(super) without_appointment: bool,
    pub(super) only_full: bool,
    pub(super) hours: Hours,
    pub(super) from: f64,
    pub(super) until: f64,
}

/// By which way customers come to a station that is not their first choice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    /// The alternate under whose number they are counted: the first of the group.
    pub(super) counter: u32,
    /// Factor on their services.
    pub(super) factor: f64,
}

/// The ways on from a station.
#[derive(Debug, Clone, Copy)]
pub(super) struct CompiledRoute {
    branches: Span,
    /// Whether all branches hold at any time.
    pub(super) always: bool,
    /// Position of the rest among the branches, or [`NONE`].
    rest: u32,
}

/// The branches of all stations in flat lists, as few services end with most of them.
#[derive(Debug, Clone, Default)]
pub(super) struct CompiledBranches {
    pub(super) list: Vec<CompiledBranch>,
    /// By position in the list: where all branches of a route hold at any time, the share of each and of
    /// those before it; else the share.
    shares: Vec<f64>,
    times: Vec<Times>,
    pub(super) then: Vec<u32>,
}

/// When a branch or a preference holds.
#[derive(Debug, Clone, Copy)]
struct Times {
    hours: Hours,
    from: f64,
    until: f64,
}

impl Times {
    fn new(hours: Hours, from: Option<f64>, until: Option<f64>) -> Self {
        Self {
            hours,
            from: from.unwrap_or(f64::NEG_INFINITY),
            until: until.unwrap_or(f64::INFINITY),
        }
    }

    /// Whether it holds in an hour of the week at a time.
    #[inline]
    fn hold(&self, hour: usize, now: f64) -> bool {
        self.from <= now && now < self.until && self.hours.is_open(hour / 24, hour % 24)
    }
}

impl CompiledBranches {
    /// The position of the branch of a customer who drew a number from 0 to 1; [`NONE`] for leaving.
    #[inline]
    pub(super) fn chosen(
        &self,
        route: CompiledRoute,
        drawn: f64,
        now: f64,
        clock: HourClock,
    ) -> u32 {
        let range = route.branches.range();
        let (shares, first) = (&self.shares[range.clone()], range.start);
        let chosen = if route.always {
            // Few, so that looking at all costs less than a search.
            shares.iter().position(|up_to| drawn < *up_to)
        } else {
            let mut up_to = 0.0;
            let hour = clock.hour_of_week(now);
            shares.iter().zip(&self.times[range]).position(|(share, times)| {
                let holds = times.hold(hour, now);
                up_to += if holds { *share } else { 0.0 };
                holds && drawn < up_to
            })
        };
        chosen.map_or(route.rest, |branch| (first + branch) as u32)
    }

    /// Adds a route; its number, and those of its branches, are their positions.
    fn add(&mut self, route: &Route, numbers: &ModelNumbers<'_>) -> CompiledRoute {
        let from = self.list.len() as u32;
        let always = route.branches.iter().all(|branch| {
            branch.from.is_none() && branch.until.is_none() && branch.hours.is_always()
        });
        let mut sum = 0.0;
        for branch in &route.branches {
            // Sums where all hold at any time; else the sum hangs on the moment.
            sum = if always { sum + branch.share } else { branch.share };
            self.shares.push(sum);
            self.branch(branch, numbers);
        }
        let branches = Span { from, to: self.list.len() as u32 };
        let mut rest = NONE;
        if let Some(branch) = &route.rest {
            rest = branches.to;
            self.shares.push(branch.share);
            self.branch(branch, numbers);
        }
        CompiledRoute { branches, always, rest }
    }

    fn branch(&mut self, branch: &Branch, numbers: &ModelNumbers<'_>) {
        let from = self.then.len() as u32;
        for key in &branch.then {
            self.then.push(numbers.stations.of(key));
        }
        self.times.push(Times::new(branch.hours, branch.from, branch.until));
        self.list.push(CompiledBranch {
            to: match &branch.to {
                Target::Station(key) => numbers.stations.of(key),
                Target::Home => NONE,
                Target::Here => HERE,
            },
            then: Span { from, to: self.then.len() as u32 },
            class: branch.class.as_deref().map_or(NONE, |key| numbers.classes.of(key)),
            when_full: branch.when_full,
            alternates: branch.alternates,
        });
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct CompiledBranch {
    /// [`NONE`] for the customer's home, [`HERE`] for the same server.
    pub(super) to: u32,
    pub(super) then: Span,
    /// [`NONE`] for the same.
    pub(super) class: u32,
    pub(super) when_full: WhenFull,
    /// Whether the alternates of its target are asked.
    pub(super) alternates: bool,
}

#[derive(Debug, Clone)]
pub(super) struct CompiledClass {
    /// Position among the different priorities.
    pub(super) priority: u16,
    pub(super) patience: Option<Sampler>,
    /// Who gives up and comes again.
    pub(super) comes_again: Option<Box<CompiledAgain>>,
    pub(super) service: Option<Sampler>,
    /// When services end; `None` for whenever their length is over.
    pub(super) ends: Option<Box<Ends>>,
}

/// The share of those who gave up that comes again, and how long after that.
#[derive(Debug, Clone)]
pub(super) struct CompiledAgain {
    pub(super) share: f64,
    pub(super) after: Sampler,
}

/// A priority, and by how much it falls in a unit of time while somebody waits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Priority {
    start: f64,
    ageing: f64,
}

impl Priority {
    fn of(class: &super::Class) -> Self {
        // -0 is 0; as an order of its own it would make a room of its own.
        Self { start: f64::from(class.priority), ageing: class.ageing + 0.0 }
    }

    fn order(&self, other: &Self) -> std::cmp::Ordering {
        self.start.total_cmp(&other.start).then(self.ageing.total_cmp(&other.ageing))
    }

    /// That of somebody who has waited so long.
    pub(super) fn after(self, waited: f64) -> f64 {
        self.start - self.ageing * waited
    }
}

/// A part of one of the flat lists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    from: u32,
    to: u32,
}

impl Span {
    pub(super) fn range(self) -> std::ops::Range<usize> {
        self.from as usize..self.to as usize
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct CompiledStream {
    pub(super) kinds: Span,
    /// Position in the list of who comes at all; [`NONE`] for all.
    pub(super) keeps: u32,
    /// Position in the list of batches; [`NONE`] where everybody comes alone.
    pub(super) batch: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct CompiledKind {
    pub(super) up_to: f64,
    pub(super) stream: u32,
    pub(super) class: u16,
    /// Where what becomes of its customers is counted, by preference; [`NONE`] where the stream is not
    /// tracked.
    pub(super) taken: u32,
    pub(super) when_full: WhenFull,
    pub(super) by_appointment: bool,
    pub(super) preferences: Span,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct CompiledPreference {
    /// Position in the list of times; [`NONE`] for any time.
    times: u32,
    pub(super) home: u32,
    pub(super) first: Span,
    pub(super) then: Span,
    /// Whether the least full one of `then` is tried first.
    pub(super) least_full: bool,
}

/// All streams in flat lists, equal parts once: a large model has far more streams than different
/// choices, and every arrival looks them up.
#[derive(Debug, Clone, Default)]
pub(super) struct CompiledStreams {
    pub(super) list: Vec<CompiledStream>,
    /// Which customers come at all, of streams where not all do.
    pub(super) keeps: Vec<Curve>,
    /// Of streams that come in batches, for each size the share of those up to it.
    pub(super) batches: Vec<Vec<f64>>,
    pub(super) kinds: Vec<CompiledKind>,
    pub(super) preferences: Vec<CompiledPreference>,
    pub(super) first: Vec<u32>,
    /// By position in `first`, the sum of the weights up to and with this one's.
    pub(super) sums: Vec<f64>,
    pub(super) then: Vec<u32>,
    /// By stream, what its random numbers hang on.
    pub(super) entities: Vec<Entity>,
    /// Preferences of tracked streams.
    pub(super) taken: usize,
    times: Vec<Times>,
}

impl CompiledPreference {
    /// All of it, to find an equal one.
    fn as_numbers(&self) -> [u64; 4] {
        let pair = |first: u32, second: u32| u64::from(first) << 32 | u64::from(second);
        [
            pair(self.times, self.home),
            pair(self.first.from, self.first.to),
            pair(self.then.from, self.then.to),
            u64::from(self.least_full),
        ]
    }

    /// Whether it holds at any time.
    pub(super) fn always(&self) -> bool {
        self.times == NONE
    }
}

impl CompiledStreams {
    /// The position of the first of some preferences that holds in an hour of the week at a time.
    #[inline]
    pub(super) fn holds(
        &self,
        preferences: &[CompiledPreference],
        hour: usize,
        now: f64,
    ) -> Option<usize> {
        let holds = |preference: &CompiledPreference| {
            self.times.get(preference.times as usize).is_none_or(|times| times.hold(hour, now))
        };
        preferences.iter().position(holds)
    }
}

/// Customers who are there at the start.
#[derive(Debug, Clone)]
pub(super) struct CompiledPresent {
    /// What their random numbers hang on.
    pub(super) entity: String,
    pub(super) station: u32,
    pub(super) class: u16,
    pub(super) mean: f64,
    pub(super) waiting: u32,
    pub(super) certain: u32,
    pub(super) so_far: Vec<f64>,
    /// How long services last; `None` for those that take no time.
    pub(super) service: Option<Distribution>,
}

fn compile_present(
    model: &Model,
    present: &Present,
    numbers: &ModelNumbers<'_>,
) -> CompiledPresent {
    // As the engine asks: the class at the station, the class, then the station.
    let special = model.services.iter().find(|special| {
        Some(&special.class) == present.class.as_ref() && special.station == present.station
    });
    let special = special.filter(|_| !present.so_far.is_empty()).map(|special| &special.service);
    let of_class = model.classes.iter().find(|class| Some(&class.key) == present.class.as_ref());
    let of_class = of_class.and_then(|class| class.service.as_ref());
    let of_station = model.stations.iter().find(|station| station.key == present.station);
    let of_station = of_station.and_then(|station| station.service.as_ref());

    let class = present.class.as_deref();
    CompiledPresent {
        entity: match &present.key {
            Some(key) => key.clone(),
            None => format!("{}/{}", present.station, class.unwrap_or_default()),
        },
        station: numbers.stations.of(&present.station),
        class: numbers.classes.class(class),
        mean: present.mean,
        waiting: present.waiting,
        certain: present.certain,
        so_far: present.so_far.clone(),
        // Looked for only where it is needed: a region has thousands of such lines.
        service: if present.so_far.is_empty() {
            None
        } else {
            special.or(of_class).or(of_station).cloned()
        },
    }
}

#[derive(Debug, Clone)]
pub(super) struct CompiledTeam {
    pub(super) members: u32,
    pub(super) busy: f64,
    pub(super) hours: [bool; WEEK],
}

/// What happens at the start of an hour of the week.
#[derive(Debug, Clone, Copy)]
pub(super) enum Plan {
    Servers(u32),
    Opens(bool),
    /// Its team is not needed any more.
    NeedsNoTeam,
}

#[derive(Debug, Clone)]
pub(super) struct Compiled {
    pub(super) stations: Vec<CompiledStation>,
    pub(super) classes: Vec<CompiledClass>,
    pub(super) streams: CompiledStreams,
    pub(super) teams: Vec<CompiledTeam>,
    /// By hour of the week: station and what happens to it.
    pub(super) week: Vec<Vec<(u32, Plan)>>,
    /// Servers and whether it is open at time 0.
    pub(super) at_start: Vec<(u32, bool)>,
    /// By class, whether any station has a route for it.
    has_route: Vec<bool>,
    /// By station and class, the position of the route, or [`NONE`].
    route_of: Vec<u32>,
    /// By station and class, the position of a service of its own, or [`NONE`]; empty where there is none.
    service_of: Vec<u32>,
    services: Vec<Sampler>,
    pub(super) priorities: Vec<Priority>,
    /// Whether any of them changes while somebody waits.
    pub(super) ages: bool,
    pub(super) alternates: usize,
    /// By number of the alternate.
    pub(super) ways: Vec<Way>,
    /// The stations of each site.
    pub(super) sites: Vec<Vec<u32>>,
    pub(super) routes: Vec<CompiledRoute>,
    pub(super) branches: CompiledBranches,
    pub(super) present: Vec<CompiledPresent>,
    /// By position of the change, the number of its station.
    pub(super) changes: Vec<u32>,
}

fn hours_of(hours: &Hours) -> [bool; WEEK] {
    std::array::from_fn(|hour| hours.is_open(hour / 24, hour % 24))
}

/// Keys and numbers of things.
struct Numbers<'m>(HashMap<&'m str, u32>);

impl<'m> Numbers<'m> {
    fn new(keys: impl Iterator<Item = &'m str>) -> Self {
        Self(keys.enumerate().map(|(number, key)| (key, number as u32)).collect())
    }

    fn of(&self, key: &str) -> u32 {
        self.0.get(key).copied().unwrap_or(NONE)
    }

    /// The number of a class; 0 in a model without classes.
    fn class(&self, key: Option<&str>) -> u16 {
        key.map_or(0, |key| self.of(key)) as u16
    }
}

/// Keys and numbers of all that a model names.
struct ModelNumbers<'m> {
    stations: Numbers<'m>,
    classes: Numbers<'m>,
    teams: Numbers<'m>,
}

impl<'m> ModelNumbers<'m> {
    fn new(model: &'m Model) -> Self {
        Self {
            stations: Numbers::new(model.stations.iter().map(|station| station.key.as_str())),
            classes: Numbers::new(model.classes.iter().map(|class| class.key.as_str())),
            teams: Numbers::new(model.teams.iter().map(|team| team.key.as_str())),
        }
    }
}

impl Compiled {
    /// Of a model without faults.
    pub(super) fn new(model: &Model) -> Self {
        let numbers = ModelNumbers::new(model);
        let mut compiled = Self {
            stations: Vec::with_capacity(model.stations.len()),
            classes: Vec::new(),
            streams: CompiledStreams::default(),
            teams: Vec::new(),
            week: vec![Vec::new(); WEEK],
            at_start: Vec::new(),
            has_route: Vec::new(),
            route_of: Vec::new(),
            service_of: Vec::new(),
            services: Vec::new(),
            priorities: Vec::new(),
            ages: false,
            alternates: 0,
            ways: ways(model),
            sites: Vec::new(),
            routes: Vec::new(),
            branches: CompiledBranches::default(),
            present: Vec::new(),
            changes: Vec::with_capacity(model.changes.len()),
        };
        compiled.classes(model);
        for (number, station) in model.stations.iter().enumerate() {
            compiled.station(station, &numbers);
            compiled.plan(model, station, number as u32);
        }
        compiled.sites(model);
        for special in &model.services {
            compiled.special_service(special, &numbers);
        }
        let mut interned = Interned::default();
        for stream in &model.streams {
            interned.add(&mut compiled.streams, stream, &numbers);
        }
        for team in &model.teams {
            let hours = hours_of(&team.hours);
            compiled.teams.push(CompiledTeam { members: team.members, busy: team.busy, hours });
        }
        for present in &model.present {
            compiled.present.push(compile_present(model, present, &numbers));
        }
        for change in &model.changes {
            compiled.changes.push(numbers.stations.of(&change.station));
        }
        compiled
    }

    /// Adds a service of one class at one station.
    fn special_service(&mut self, special: &StationService, numbers: &ModelNumbers<'_>) {
        self.service_of.resize(self.stations.len() * self.classes.len(), NONE);
        let station = numbers.stations.of(&special.station) as usize;
        let class = usize::from(numbers.classes.class(Some(&special.class)));
        self.service_of[station * self.classes.len() + class] = self.services.len() as u32;
        self.services.push(Sampler::new(&special.service));
    }

    /// The position of the route of a class from a station, or [`NONE`].
    #[inline]
    pub(super) fn route(&self, station: u32, class: u16) -> u32 {
        let class = usize::from(class);
        if self.has_route[class] {
            self.route_of[station as usize * self.classes.len() + class]
        } else {
            NONE
        }
    }

    /// How long a class is served at a station; `None` for no time.
    #[inline]
    pub(super) fn service(&self, station: usize, class: u16) -> Option<&Sampler> {
        let class = usize::from(class);
        // Few models have any, and the others look no further.
        if !self.service_of.is_empty() {
            let position = self.service_of[station * self.classes.len() + class];
            if let Some(special) = self.services.get(position as usize) {
                return Some(special);
            }
        }
        let of_class = self.classes[class].service.as_ref();
        of_class.or_else(|| self.stations[station].service.as_ref())
    }

    /// How long a customer is served at a station, as drawn for that visit.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "drawn for every arrival")]
    pub(super) fn length(&self, station: u32, class: u16, key: u64, visit: u32) -> f64 {
        match self.service(station as usize, class) {
            Some(sampler) => sampler.draw(&mut draws(key, visit, Draw::Service)),
            None => 0.0,
        }
    }

    fn classes(&mut self, model: &Model) {
        let mut levels: Vec<Priority> = model.classes.iter().map(Priority::of).collect();
        levels.sort_unstable_by(Priority::order);
        levels.dedup();
        // Priorities become ranks without gaps: each has a waiting room of its own at every station. Those who age
        // otherwise have one of their own, so that the first one of it is always the next.
        let rank = |class: &super::Class| {
            let priority = Priority::of(class);
            levels.binary_search_by(|level| level.order(&priority)).unwrap_or(0) as u16
        };
        for class in &model.classes {
            let ends = (!class.ends.is_empty()).then(|| Box::new(Ends::new(&class.ends, model)));
            self.classes.push(CompiledClass {
                priority: rank(class),
                patience: class.patience.as_ref().map(Sampler::new),
                comes_again: class.comes_again.as_ref().map(|again| {
                    Box::new(CompiledAgain {
                        share: again.share,
                        after: Sampler::new(&again.after),
                    })
                }),
                service: class.service.as_ref().map(Sampler::new),
                ends,
            });
        }
        if self.classes.is_empty() {
            // Customers without a class are of class 0.
            self.classes.push(CompiledClass {
                priority: 0,
                patience: None,
                comes_again: None,
                service: None,
                ends: None,
            });
        }
        if levels.is_empty() {
            levels.push(Priority { start: 0.0, ageing: 0.0 });
        }
        self.ages = levels.iter().any(|level| level.ageing > 0.0);
        self.priorities = levels;
        // Customers of a class without any route need no look into the table of all stations and classes.
        self.has_route = vec![false; self.classes.len()];
    }

    fn station(&mut self, station: &Station, numbers: &ModelNumbers<'_>) {
        let mut alternates = Vec::new();
        for alternate in &station.alternates {
            alternates.push(compile_alternate(alternate, numbers, self.alternates as u32));
            self.alternates += 1;
        }
        let mut route_of = vec![NONE; self.classes.len()];
        for route in station.routes_in_order() {
            let position = self.routes.len() as u32;
            self.routes.push(self.branches.add(route, numbers));
            match &route.class {
                // Those of all classes come first; those of one class then take their places.
                None => route_of.fill(position),
                Some(class) => route_of[numbers.classes.of(class) as usize] = position,
            }
        }
        for (has_route, route) in self.has_route.iter_mut().zip(&route_of) {
            *has_route |= *route != NONE;
        }
        self.route_of.append(&mut route_of);
        let carries = station.absence.as_ref().is_some_and(|absence| absence.carries);
        let team = station.team.as_deref().map_or(NONE, |key| numbers.teams.of(key));
        self.stations.push(CompiledStation {
            servers: servers_of(station),
            room: match station.waiting_room {
                WaitingRoom::None => 0,
                WaitingRoom::Finite(places) => places,
                WaitingRoom::Infinite => NONE,
            },
            is_first_come: station.order == ServiceOrder::FirstCome,
            service: station.service.as_ref().map(Sampler::new),
            set_up: station.set_up.as_ref().map(Sampler::new),
            alternates,
            team,
            carries,
            site: NONE,
        });
    }

    /// Puts stations of the same site together.
    fn sites(&mut self, model: &Model) {
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        for (number, station) in model.stations.iter().enumerate() {
            let Some(site) = station.site.as_deref() else { continue };
            let position = *numbers.entry(site).or_insert(self.sites.len() as u32);
            if position as usize == self.sites.len() {
                self.sites.push(Vec::new());
            }
            self.sites[position as usize].push(number as u32);
            self.stations[number].site = position;
        }
    }

    /// Changes of servers and opening in the course of a week.
    fn plan(&mut self, model: &Model, station: &Station, number: u32) {
        let in_hour = |hour: usize| usual_servers(station, hour);
        let opens = |hour: usize| station.hours.is_open(hour / 24, hour % 24);
        let team = station.team.as_deref();
        let team = team.and_then(|key| model.teams.iter().find(|team| team.key == key));
        let needed = team.map_or([false; WEEK], |team| hours_of(&team.hours));
        for hour in 0..WEEK {
            let before = (hour + WEEK - 1) % WEEK;
            // Whoever waits for the team alone would else wait on until a member of it is free.
            if needed[before] && !needed[hour] {
                self.week[hour].push((number, Plan::NeedsNoTeam));
            }
            // Only what changes is listed: most stations are the same all week.
            if in_hour(hour) != in_hour(before) {
                self.week[hour].push((number, Plan::Servers(in_hour(hour))));
            }
            if opens(hour) != opens(before) {
                self.week[hour].push((number, Plan::Opens(opens(hour))));
            }
        }
        // Time 0 is no change: it is how stations start.
        let start = model.starts_at_hour as usize % WEEK;
        self.at_start.push((in_hour(start), opens(start)));
    }
}

/// Servers of a station beside its shifts; the largest number stands for infinitely many.
fn servers_of(station: &Station) -> u32 {
    match station.servers {
        Servers::Finite(servers) => servers.min(NONE - 1),
        Servers::Infinite => NONE,
    }
}

/// Servers of a station in an hour of the week: those of its shift, where it has one then.
pub(super) fn usual_servers(station: &Station, hour: usize) -> u32 {
    for shift in &station.shifts {
        if shift.hours.is_open(hour / 24, hour % 24) {
            return shift.servers.min(NONE - 1);
        }
    }
    servers_of(station)
}

/// The ways of all alternates, in the order of the stations.
fn ways(model: &Model) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    let mut first: HashMap<(&str, &str), u32> = HashMap::new();
    for alternate in model.stations.iter().flat_map(|station| &station.alternates) {
        let number = ways.len() as u32;
        let group = (alternate.to.as_str(), alternate.group.as_str());
        let is_alone = alternate.group.is_empty();
        let counter = if is_alone { number } else { *first.entry(group).or_insert(number) };
        ways.push(Way { counter, factor: 1.0 + alternate.extra });
    }
    ways
}

fn compile_alternate(
    alternate: &Alternate,
    numbers: &ModelNumbers<'_>,
    number: u32,
) -> CompiledAlternate {
    CompiledAlternate {
        to: numbers.stations.of(&alternate.to),
        number,
        at_most: alternate.at_most.unwrap_or(NONE),
        without_appointment: alternate.without_appointment,
        only_full: alternate.only_full,
        hours: alternate.hours,
        from: alternate.from.unwrap_or(f64::NEG_INFINITY),
        until: alternate.until.unwrap_or(f64::INFINITY),
    }
}

/// Lists that were seen, with where they stand.
#[derive(Default)]
struct Interned<'m> {
    /// The last preferences: in large models many follow each other that are equal.
    last: [Option<(&'m Preference, CompiledPreference)>; 2],
    first: HashMap<Vec<(u32, u64)>, Span>,
    then: HashMap<Vec<u32>, Span>,
    times: HashMap<(u64, u64, Hours), u32>,
    /// A kind's preferences, as numbers.
    preferences: HashMap<Vec<[u64; 4]>, Span>,
}

impl<'m> Interned<'m> {
    fn add(
        &mut self,
        out: &mut CompiledStreams,
        stream: &'m ArrivalStream,
        numbers: &ModelNumbers<'_>,
    ) {
        let number = out.list.len() as u32;
        let keeps = if stream.keeps.is_some() { out.keeps.len() as u32 } else { NONE };
        out.keeps.extend(stream.keeps.clone());
        let mut batch = NONE;
        if let Arrivals::Batches { sizes, .. } = &stream.arrivals {
            batch = out.batches.len() as u32;
            out.batches.push(law::running(sizes));
        }
        let from = out.kinds.len() as u32;
        let mut sum = 0.0;
        for kind in &stream.kinds {
            sum += kind.share;
            let mut compiled: Vec<CompiledPreference> = Vec::with_capacity(kind.preferences.len());
            for preference in &kind.preferences {
                compiled.push(self.preference(out, preference, &numbers.stations));
            }
            let key = compiled.iter().map(CompiledPreference::as_numbers).collect();
            // Equal lists are kept once: they are looked up at every arrival, and should stay in the nearest memory.
            let preferences = *self.preferences.entry(key).or_insert_with(|| {
                let from = out.preferences.len() as u32;
                out.preferences.extend(compiled);
                Span { from, to: out.preferences.len() as u32 }
            });
            let mut taken = NONE;
            if stream.track {
                taken = out.taken as u32;
                out.taken += kind.preferences.len();
            }
            out.kinds.push(CompiledKind {
                stream: number,
                taken,
                up_to: sum,
                class: numbers.classes.class(kind.class.as_deref()),
                when_full: kind.when_full,
                by_appointment: kind.by_appointment,
                preferences,
            });
        }
        let kinds = Span { from, to: out.kinds.len() as u32 };
        out.list.push(CompiledStream { kinds, keeps, batch });
        // Hashed once for all replications.
        out.entities.push(Entity::new(&stream.key, Purpose::Customers));
    }

    fn preference(
        &mut self,
        out: &mut CompiledStreams,
        preference: &'m Preference,
        stations: &Numbers<'_>,
    ) -> CompiledPreference {
        // Equal neighbours are found without a hash.
        let known = self.last.iter().flatten().find(|(known, _)| *known == preference);
        if let Some((_, known)) = known {
            return *known;
        }
        let mut weights = 0.0;
        let mut first: Vec<(u32, f64)> = Vec::with_capacity(preference.first.len());
        for (key, weight) in &preference.first {
            weights += weight;
            first.push((stations.of(key), weights));
        }
        let key = first.iter().map(|(station, sum)| (*station, sum.to_bits())).collect();
        let first = *self.first.entry(key).or_insert_with(|| {
            let from = out.first.len() as u32;
            out.first.extend(first.iter().map(|(station, _)| station));
            out.sums.extend(first.iter().map(|(_, sum)| sum));
            Span { from, to: out.first.len() as u32 }
        });
        let then: Vec<u32> = preference.then.iter().map(|key| stations.of(key)).collect();
        let then = *self.then.entry(then).or_insert_with_key(|then| {
            let from = out.then.len() as u32;
            out.then.extend(then);
            Span { from, to: out.then.len() as u32 }
        });
        let Preference { hours, from, until, .. } = *preference;
        let times = if hours.is_always() && from.is_none() && until.is_none() {
            NONE
        } else {
            let times = Times::new(hours, from, until);
            let key = (times.from.to_bits(), times.until.to_bits(), hours);
            *self.times.entry(key).or_insert_with(|| {
                out.times.push(times);
                out.times.len() as u32 - 1
            })
        };
        let compiled = CompiledPreference {
            times,
            home: preference.home.as_deref().map_or(NONE, |key| stations.of(key)),
            first,
            then,
            least_full: preference.least_full,
        };
        self.last = [Some((preference, compiled)), self.last[0]];
        compiled
    }
}
