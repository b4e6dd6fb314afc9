//! A model as flat tables, for the run.

use std::collections::BTreeMap;

use super::clock::{HourClock, WEEK};
use super::distribution::Sampler;
use super::model::{
    Alternate, Branch, Curve, Model, Servers, Station, Stream, Target, WaitingRoom, WhenFull,
};
use crate::model::Hours;

/// No station, class, alternate, team.
pub(super) const NONE: u32 = u32::MAX;

/// The station where the customer is.
pub(super) const HERE: u32 = u32::MAX - 1;

#[derive(Debug, Clone)]
pub(super) struct CompiledStation {
    /// [`NONE`] for infinitely many.
    pub(super) servers: u32,
    pub(super) room: u32,
    pub(super) service: Option<Sampler>,
    pub(super) set_up: Option<Sampler>,
    pub(super) alternates: Vec<CompiledAlternate>,
    /// Position in `routes` by class.
    pub(super) route_of: Vec<u32>,
    pub(super) routes: Vec<CompiledRoute>,
    pub(super) team: u32,
}

#[derive(Debug, Clone)]
pub(super) struct CompiledAlternate {
    pub(super) to: u32,
    /// Number among the alternates of all stations.
    pub(super) number: u32,
    pub(super) at_most: u32,
    pub(super) hours: Hours,
    pub(super) from: f64,
    pub(super) until: f64,
}

#[derive(Debug, Clone)]
pub(super) struct CompiledRoute {
    pub(super) branches: Vec<CompiledBranch>,
    /// Share of each branch and of those before it, when all hold at any time; empty otherwise.
    pub(super) up_to: Vec<f64>,
    pub(super) rest: Option<CompiledBranch>,
}

impl CompiledRoute {
    /// The branch of a customer who drew `at`, from 0 to 1.
    pub(super) fn branch(&self, at: f64, now: f64, clock: HourClock) -> Option<&CompiledBranch> {
        let found = if self.up_to.is_empty() {
            let mut up_to = 0.0;
            let hour = clock.hour_of_week(now);
            self.branches.iter().find(|branch| {
                let is_open = branch.hours.is_open(hour / 24, hour % 24);
                let holds = branch.from <= now && now < branch.until && is_open;
                up_to += if holds { branch.share } else { 0.0 };
                holds && at < up_to
            })
        } else {
            self.branches.get(self.up_to.partition_point(|up_to| *up_to <= at))
        };
        found.or(self.rest.as_ref())
    }
}

#[derive(Debug, Clone)]
pub(super) struct CompiledBranch {
    pub(super) share: f64,
    /// [`NONE`] for the customer's home, [`HERE`] for the same server.
    pub(super) to: u32,
    pub(super) then: Vec<u32>,
    /// [`NONE`] for the same.
    pub(super) class: u32,
    pub(super) when_full: WhenFull,
    pub(super) hours: Hours,
    pub(super) from: f64,
    pub(super) until: f64,
    /// Number among the branches of all stations.
    pub(super) number: u32,
}

#[derive(Debug, Clone)]
pub(super) struct CompiledClass {
    pub(super) priority: u8,
    pub(super) patience: Option<Sampler>,
    pub(super) service: Option<Sampler>,
    /// Whether any station has a route for it.
    pub(super) has_route: bool,
}

/// A part of one of the flat lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
pub(super) struct CompiledKind {
    pub(super) up_to: f64,
    pub(super) class: u32,
    pub(super) when_full: WhenFull,
    pub(super) by_appointment: bool,
    pub(super) preferences: Span,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct CompiledPreference {
    pub(super) from: f64,
    pub(super) until: f64,
    /// Position in the lists of hours; [`NONE`] for all hours.
    hours: u32,
    pub(super) home: u32,
    pub(super) first: Span,
    pub(super) then: Span,
}

/// All streams in flat lists, equal parts once: a large model has far more streams than different
/// choices, and every arrival looks them up.
#[derive(Debug, Clone, Default)]
pub(super) struct CompiledStreams {
    /// Which customers come at all.
    pub(super) keeps: Vec<Option<Curve>>,
    pub(super) tracked: Vec<bool>,
    pub(super) kinds_of: Vec<Span>,
    pub(super) kinds: Vec<CompiledKind>,
    pub(super) preferences: Vec<CompiledPreference>,
    /// Stations with the sum of the weights up to and with theirs.
    pub(super) first: Vec<(u32, f64)>,
    pub(super) then: Vec<u32>,
    hours: Vec<[bool; WEEK]>,
}

impl CompiledPreference {
    /// Whether it holds at any time.
    pub(super) fn always(&self) -> bool {
        self.hours == NONE && self.from == f64::NEG_INFINITY && self.until == f64::INFINITY
    }
}

impl CompiledStreams {
    /// The position of the preference that holds in an hour of the week at a time.
    #[inline]
    pub(super) fn holds(&self, span: Span, hour: usize, now: f64) -> Option<usize> {
        self.preferences[span.range()].iter().position(|one| {
            one.from <= now
                && now < one.until
                && (one.hours == NONE || self.hours[one.hours as usize][hour])
        })
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
    /// Whether every set-up takes the same time.
    pub(super) same_set_up: bool,
    pub(super) priorities: usize,
    pub(super) alternates: usize,
    pub(super) branches: usize,
}

fn hours_of(hours: &Hours) -> [bool; WEEK] {
    std::array::from_fn(|hour| hours.is_open(hour / 24, hour % 24))
}

/// Keys and numbers of things.
struct Numbers<'m>(BTreeMap<&'m str, u32>);

impl<'m> Numbers<'m> {
    fn new(keys: impl Iterator<Item = &'m str>) -> Self {
        Self(keys.enumerate().map(|(number, key)| (key, number as u32)).collect())
    }

    fn of(&self, key: &str) -> u32 {
        self.0.get(key).copied().unwrap_or(NONE)
    }
}

impl Compiled {
    /// Of a model without faults.
    pub(super) fn new(model: &Model) -> Self {
        let stations = Numbers::new(model.stations.iter().map(|one| one.key.as_str()));
        let classes = Numbers::new(model.classes.iter().map(|one| one.key.as_str()));
        let teams = Numbers::new(model.teams.iter().map(|one| one.key.as_str()));
        let mut compiled = Self {
            stations: Vec::with_capacity(model.stations.len()),
            classes: Vec::new(),
            streams: CompiledStreams::default(),
            teams: Vec::new(),
            week: vec![Vec::new(); WEEK],
            at_start: Vec::new(),
            same_set_up: false,
            priorities: 1,
            alternates: 0,
            branches: 0,
        };
        compiled.classes(model);
        let numbers = (&stations, &classes, &teams);
        for (number, station) in model.stations.iter().enumerate() {
            compiled.station(station, number as u32, numbers);
            compiled.plan(model, station, number as u32);
        }
        let mut lengths = compiled.stations.iter().filter_map(|one| one.set_up.as_ref());
        let first = lengths.next().and_then(Sampler::constant);
        compiled.same_set_up = first.is_some() && lengths.all(|length| length.constant() == first);
        let mut interned = Interned::default();
        for stream in &model.streams {
            interned.add(&mut compiled.streams, stream, (&stations, &classes));
        }
        let teams = model.teams.iter().map(|team| CompiledTeam {
            members: team.members,
            busy: team.busy,
            hours: hours_of(&team.hours),
        });
        compiled.teams = teams.collect();
        compiled
    }

    fn classes(&mut self, model: &Model) {
        let mut levels: Vec<u8> = model.classes.iter().map(|class| class.priority).collect();
        levels.sort_unstable();
        levels.dedup();
        self.priorities = levels.len().max(1);
        let rank = |priority: u8| levels.iter().position(|own| *own == priority).unwrap_or(0) as u8;
        let class = |class: &super::Class| CompiledClass {
            priority: rank(class.priority),
            patience: class.patience.as_ref().map(Sampler::new),
            service: class.service.as_ref().map(Sampler::new),
            has_route: false,
        };
        self.classes = model.classes.iter().map(class).collect();
        if self.classes.is_empty() {
            // Customers without a class are of class 0.
            let class =
                CompiledClass { priority: 0, patience: None, service: None, has_route: false };
            self.classes.push(class);
        }
    }

    fn station(
        &mut self,
        station: &Station,
        number: u32,
        (stations, classes, teams): (&Numbers<'_>, &Numbers<'_>, &Numbers<'_>),
    ) {
        let _ = number;
        let mut alternates = Vec::new();
        for one in &station.alternates {
            alternates.push(alternate(one, stations, self.alternates as u32));
            self.alternates += 1;
        }
        let (mut routes, mut route_of) = (Vec::new(), vec![NONE; self.classes.len()]);
        // Routes of all classes first, so that those of one class overwrite them.
        let all = station.routes.iter().filter(|route| route.class.is_none());
        let own = station.routes.iter().filter(|route| route.class.is_some());
        for route in all.chain(own) {
            let mut next = |one: &Branch| {
                self.branches += 1;
                branch(one, (stations, classes), (self.branches - 1) as u32)
            };
            let branches: Vec<CompiledBranch> = route.branches.iter().map(&mut next).collect();
            let rest = route.rest.as_ref().map(next);
            let holds_always =
                |one: &Branch| one.from.is_none() && one.until.is_none() && one.hours.is_always();
            let always = route.branches.iter().all(holds_always);
            let sums = branches.iter().scan(0.0, |sum, one| {
                *sum += one.share;
                Some(*sum)
            });
            let up_to = if always { sums.collect() } else { Vec::new() };
            let position = routes.len() as u32;
            routes.push(CompiledRoute { branches, up_to, rest });
            match &route.class {
                None => route_of.fill(position),
                Some(class) => route_of[classes.of(class) as usize] = position,
            }
        }
        for (class, route) in self.classes.iter_mut().zip(&route_of) {
            class.has_route |= *route != NONE;
        }
        self.stations.push(CompiledStation {
            servers: match station.servers {
                Servers::Finite(servers) => servers.min(NONE - 1),
                Servers::Infinite => NONE,
            },
            room: match station.waiting_room {
                WaitingRoom::None => 0,
                WaitingRoom::Finite(places) => places,
                WaitingRoom::Infinite => NONE,
            },
            service: station.service.as_ref().map(Sampler::new),
            set_up: station.set_up.as_ref().map(Sampler::new),
            alternates,
            route_of,
            routes,
            team: station.team.as_deref().map_or(NONE, |key| teams.of(key)),
        });
    }

    /// What a station does in the course of the week.
    fn plan(&mut self, model: &Model, station: &Station, number: u32) {
        let full = self.stations[number as usize].servers;
        let in_hour = |hour: usize| {
            let shift = station.shifts.iter().find(|one| one.hours.is_open(hour / 24, hour % 24));
            shift.map_or(full, |one| one.servers)
        };
        let opens = |hour: usize| station.hours.is_open(hour / 24, hour % 24);
        for hour in 0..WEEK {
            let before = (hour + WEEK - 1) % WEEK;
            if in_hour(hour) != in_hour(before) {
                self.week[hour].push((number, Plan::Servers(in_hour(hour))));
            }
            if opens(hour) != opens(before) {
                self.week[hour].push((number, Plan::Opens(opens(hour))));
            }
        }
        let start = model.starts_at_hour as usize % WEEK;
        self.at_start.push((in_hour(start), opens(start)));
    }
}

fn alternate(one: &Alternate, stations: &Numbers<'_>, number: u32) -> CompiledAlternate {
    CompiledAlternate {
        to: stations.of(&one.to),
        number,
        at_most: one.at_most.unwrap_or(NONE),
        hours: one.hours,
        from: one.from.unwrap_or(f64::NEG_INFINITY),
        until: one.until.unwrap_or(f64::INFINITY),
    }
}

fn branch(
    one: &Branch,
    (stations, classes): (&Numbers<'_>, &Numbers<'_>),
    number: u32,
) -> CompiledBranch {
    CompiledBranch {
        share: one.share,
        to: match &one.to {
            Target::Station(key) => stations.of(key),
            Target::Home => NONE,
            Target::Here => HERE,
        },
        then: one.then.iter().map(|key| stations.of(key)).collect(),
        class: one.class.as_deref().map_or(NONE, |key| classes.of(key)),
        when_full: one.when_full,
        hours: one.hours,
        from: one.from.unwrap_or(f64::NEG_INFINITY),
        until: one.until.unwrap_or(f64::INFINITY),
        number,
    }
}

/// Lists that were seen, with where they stand.
#[derive(Default)]
struct Interned {
    first: BTreeMap<Vec<(u32, u64)>, Span>,
    then: BTreeMap<Vec<u32>, Span>,
    hours: Vec<Hours>,
    /// A kind's preferences, as numbers.
    preferences: BTreeMap<Vec<[u64; 5]>, Span>,
}

impl Interned {
    fn add(
        &mut self,
        out: &mut CompiledStreams,
        stream: &Stream,
        (stations, classes): (&Numbers<'_>, &Numbers<'_>),
    ) {
        out.keeps.push(stream.keeps.clone());
        out.tracked.push(stream.track);
        let from = out.kinds.len() as u32;
        let mut sum = 0.0;
        for kind in &stream.kinds {
            sum += kind.share;
            let all: Vec<CompiledPreference> =
                kind.preferences.iter().map(|one| self.preference(out, one, stations)).collect();
            let as_numbers = |one: &CompiledPreference| {
                let pair = |span: Span| u64::from(span.from) << 32 | u64::from(span.to);
                let both = u64::from(one.hours) << 32 | u64::from(one.home);
                let (first, then) = (pair(one.first), pair(one.then));
                [one.from.to_bits(), one.until.to_bits(), both, first, then]
            };
            let key = all.iter().map(as_numbers).collect();
            let preferences = *self.preferences.entry(key).or_insert_with(|| {
                let from = out.preferences.len() as u32;
                out.preferences.extend(all);
                Span { from, to: out.preferences.len() as u32 }
            });
            out.kinds.push(CompiledKind {
                up_to: sum,
                class: kind.class.as_deref().map_or(0, |key| classes.of(key)),
                when_full: kind.when_full,
                by_appointment: kind.by_appointment,
                preferences,
            });
        }
        out.kinds_of.push(Span { from, to: out.kinds.len() as u32 });
    }

    fn preference(
        &mut self,
        out: &mut CompiledStreams,
        one: &super::Preference,
        stations: &Numbers<'_>,
    ) -> CompiledPreference {
        let mut weights = 0.0;
        let first: Vec<(u32, f64)> = one
            .first
            .iter()
            .map(|(key, weight)| {
                weights += weight;
                (stations.of(key), weights)
            })
            .collect();
        let key = first.iter().map(|(station, sum)| (*station, sum.to_bits())).collect();
        let first = *self.first.entry(key).or_insert_with(|| {
            let from = out.first.len() as u32;
            out.first.extend(first);
            Span { from, to: out.first.len() as u32 }
        });
        let then: Vec<u32> = one.then.iter().map(|key| stations.of(key)).collect();
        let then = *self.then.entry(then).or_insert_with_key(|then| {
            let from = out.then.len() as u32;
            out.then.extend(then);
            Span { from, to: out.then.len() as u32 }
        });
        let hours = if one.hours.is_always() {
            NONE
        } else {
            let known = self.hours.iter().position(|own| *own == one.hours);
            known.unwrap_or_else(|| {
                self.hours.push(one.hours);
                out.hours.push(hours_of(&one.hours));
                self.hours.len() - 1
            }) as u32
        };
        CompiledPreference {
            from: one.from.unwrap_or(f64::NEG_INFINITY),
            until: one.until.unwrap_or(f64::INFINITY),
            hours,
            home: one.home.as_deref().map_or(NONE, |key| stations.of(key)),
            first,
            then,
        }
    }
}
