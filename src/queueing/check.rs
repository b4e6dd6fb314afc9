//! Every fault of a model at once, each with the entity and the value.

use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;

use super::model::{
    Absence, ArrivalStream, Arrivals, Branch, ChangeKind, Class, Kind, Model, Preference, Present,
    Route, Servers, Station, Target, Team, WhenFull,
};
use crate::calendar::HourOfWeek;
use crate::problem::{Problem, ProblemKind, Problems, closest};

/// How far sums of shares may be from 1.
const TOLERANCE: f64 = 1e-9;

/// Streams that one thread checks at a time.
const STREAMS: usize = 1024;

/// Faults that come with the closest key: the search costs as much as there are keys, and the first ones help.
const SUGGESTIONS: usize = 100;

/// Collects faults.
struct Faults<'m> {
    model: &'m Model,
    stations: &'m HashSet<&'m str>,
    classes: &'m HashSet<&'m str>,
    teams: &'m HashSet<&'m str>,
    /// The last preferences without a fault: in large models many follow each other that are equal.
    right: [Option<&'m Preference>; 2],
    problems: Problems,
}

/// Most customers of a batch.
const LARGEST_BATCH: usize = 1000;

/// Most customers who are there at the start: they are all in memory.
const MOST_PRESENT: f64 = 10_000_000.0;

impl Model {
    /// Every fault of the model; empty when it can run.
    pub fn check(&self) -> Problems {
        // As sets: every branch and every preference asks for keys.
        let stations = self.stations.iter().map(|station| station.key.as_str()).collect();
        let classes = self.classes.iter().map(|class| class.key.as_str()).collect();
        let teams = self.teams.iter().map(|team| team.key.as_str()).collect();
        let mut faults = Faults {
            model: self,
            stations: &stations,
            classes: &classes,
            teams: &teams,
            right: [None; 2],
            problems: Problems::default(),
        };
        faults.time();
        faults.keys();
        for station in &self.stations {
            faults.station(station);
        }
        for class in &self.classes {
            faults.class(class);
        }
        // In parallel, as a large model has very many; added up in their order.
        let of_streams = self.streams.par_chunks(STREAMS).map(|streams| {
            let mut beside = faults.beside();
            for stream in streams {
                beside.stream(stream);
            }
            beside.problems.into_list()
        });
        let of_streams: Vec<Vec<Problem>> = of_streams.collect();
        for problem in of_streams.into_iter().flatten() {
            faults.problems.push(problem);
        }
        for (index, present) in self.present.iter().enumerate() {
            faults.present(index, present);
        }
        for (index, special) in self.services.iter().enumerate() {
            let entity = format!("services {}", index + 1);
            faults.known_station(&entity, "station", &special.station);
            faults.known_class(&entity, "class", &special.class);
            if let Some(text) = special.service.fault() {
                faults.range(&entity, "service", text);
            } else if special.service.mean() <= 0.0 {
                faults.range(&entity, "service", "it takes no time; expected more".to_owned());
            }
        }
        let mut there = 0.0;
        for present in &self.present {
            there += present.mean.max(0.0) + f64::from(present.waiting);
            there += f64::from(present.certain) + present.so_far.len() as f64;
        }
        // Before anything is drawn: memory would be gone before a run could say so.
        if there > MOST_PRESENT {
            let text = format!("{there} customers at the start; expected at most {MOST_PRESENT}");
            faults.range("model", "present", text);
        }
        for team in &self.teams {
            faults.team(team);
        }
        faults.changes();
        // Follows routes by their keys, which must all be known.
        if faults.problems.is_empty() {
            faults.circles();
        }
        faults.problems
    }
}

impl<'m> Faults<'m> {
    /// Another one for the same model, without faults.
    fn beside(&self) -> Self {
        // What was right to another thread is not known to this one.
        Self { right: [None; 2], problems: Problems::default(), ..*self }
    }

    fn add(&mut self, kind: ProblemKind, entity: &str, field: &str, message: String) {
        self.problems.push(Problem {
            kind,
            file: None,
            line: None,
            column: None,
            entity: entity.to_owned(),
            field: field.to_owned(),
            message,
            expected: String::new(),
            closest: None,
        });
    }

    fn range(&mut self, entity: &str, field: &str, message: String) {
        self.add(ProblemKind::Range, entity, field, message);
    }

    fn above_zero(&mut self, entity: &str, field: &str, value: f64) {
        if !(value.is_finite() && value > 0.0) {
            self.range(entity, field, format!("{value}; expected a number above 0"));
        }
    }

    fn share(&mut self, entity: &str, field: &str, value: f64) {
        if !(0.0..=1.0).contains(&value) {
            self.range(entity, field, format!("a share of {value}; expected 0 to 1"));
        }
    }

    /// A fault of a key that is not among these.
    fn unknown<'k>(
        &mut self,
        entity: &str,
        field: &str,
        what: &str,
        key: &str,
        keys: impl Iterator<Item = &'k str>,
    ) {
        self.problems.push(Problem {
            kind: ProblemKind::Unknown,
            file: None,
            line: None,
            column: None,
            entity: entity.to_owned(),
            field: field.to_owned(),
            message: format!("unknown {what} \"{key}\""),
            expected: format!("the key of a {what}"),
            // Looking for it costs as much as there are keys: the first ones help, of very many.
            closest: if self.problems.count() < SUGGESTIONS { closest(key, keys) } else { None },
        });
    }

    fn known_station(&mut self, entity: &str, field: &str, key: &str) {
        if !self.stations.contains(key) {
            let model = self.model;
            let keys = model.stations.iter().map(|station| station.key.as_str());
            self.unknown(entity, field, "station", key, keys);
        }
    }

    fn known_class(&mut self, entity: &str, field: &str, key: &str) {
        if !self.classes.contains(key) {
            let model = self.model;
            let keys = model.classes.iter().map(|class| class.key.as_str());
            self.unknown(entity, field, "class", key, keys);
        }
    }

    fn known_team(&mut self, entity: &str, key: &str) {
        if !self.teams.contains(key) {
            let model = self.model;
            let keys = model.teams.iter().map(|team| team.key.as_str());
            self.unknown(entity, "team", "team", key, keys);
        }
    }

    fn class(&mut self, class: &Class) {
        let entity = format!("class \"{}\"", class.key);
        self.ends(class);
        if !(class.ageing.is_finite() && class.ageing >= 0.0) {
            self.range(&entity, "ageing", format!("{}; expected 0 or more", class.ageing));
        }
        if let Some(again) = &class.comes_again {
            if !(0.0..=1.0).contains(&again.share) {
                let text = format!("a share of {}; expected 0 to 1", again.share);
                self.range(&entity, "comes_again", text);
            }
            if let Some(text) = again.after.fault() {
                self.range(&entity, "comes_again", text);
            }
            if class.patience.is_none() {
                let text = "without patience nobody gives up; expected a patience beside it";
                self.range(&entity, "comes_again", text.into());
            }
        }
        for (field, distribution) in [("patience", &class.patience), ("service", &class.service)] {
            let fault = distribution.as_ref().and_then(super::Distribution::fault);
            if let Some(text) = fault {
                self.range(&entity, field, text);
            }
        }
    }

    fn team(&mut self, team: &Team) {
        let entity = format!("team \"{}\"", team.key);
        if team.members == 0 {
            self.range(&entity, "members", "no members; expected at least one".into());
        }
        self.above_zero(&entity, "busy", team.busy);
    }

    /// Faults of all changes.
    fn changes(&mut self) {
        let model = self.model;
        let mut infinite: HashSet<&str> = HashSet::new();
        for station in &model.stations {
            if station.servers == Servers::Infinite {
                infinite.insert(&station.key);
            }
        }
        for (index, change) in model.changes.iter().enumerate() {
            let entity = format!("change {}", index + 1);
            self.known_station(&entity, "station", &change.station);
            if !(0.0..=model.horizon).contains(&change.at) {
                let text = format!(
                    "{} is not within the run; expected 0 to the horizon of {}",
                    change.at, model.horizon
                );
                self.range(&entity, "at", text);
            }
            let is_infinite = infinite.contains(change.station.as_str());
            if matches!(change.change, ChangeKind::Servers(_)) && is_infinite {
                let text = "servers of a station that has infinitely many".to_owned();
                self.add(ProblemKind::Conflict, &entity, "change", text);
            }
        }
    }

    /// A run that would never end.
    fn circles(&mut self) {
        let model = self.model;
        for station in super::circles::timeless(model) {
            let entity = format!("station \"{}\"", model.stations[station].key);
            let text = "customers would go in circles and no time would pass; expected a service that \
                takes time, or a way out";
            self.add(ProblemKind::Conflict, &entity, "routes", text.to_owned());
        }
    }

    fn time(&mut self) {
        let model = self.model;
        let entity = "model";
        if !(model.warm_up.is_finite() && model.warm_up >= 0.0) {
            self.range(entity, "warm_up", format!("{}; expected 0 or more", model.warm_up));
        }
        if !(model.horizon.is_finite() && model.horizon > 0.0) {
            self.above_zero(entity, "horizon", model.horizon);
        } else if model.horizon <= model.warm_up {
            let text = format!(
                "the horizon of {} is not after the warm-up of {}",
                model.horizon, model.warm_up
            );
            self.add(ProblemKind::Order, entity, "horizon", text);
        }
        if model.starts_at_hour > 167 {
            let text = format!("{}; expected an hour of the week, 0 to 167", model.starts_at_hour);
            self.range(entity, "starts_at_hour", text);
        }
        if model.starts_on_day > 364 {
            let text = format!("{}; expected a day of the year, 0 to 364", model.starts_on_day);
            self.range(entity, "starts_on_day", text);
        }
        if model.classes.len() > usize::from(u16::MAX) {
            let text = format!("{} classes; expected at most {}", model.classes.len(), u16::MAX);
            self.range(entity, "classes", text);
        }
        if model.stations.len() >= 1 << 30 {
            let text = format!("{} stations; expected less than 2^30", model.stations.len());
            self.range(entity, "stations", text);
        }
        if model.stations.is_empty() {
            let text = "a model without stations".to_owned();
            self.add(ProblemKind::Missing, entity, "stations", text);
        }
        if model.streams.is_empty() && model.present.is_empty() {
            self.add(ProblemKind::Missing, entity, "streams", "a model without arrivals".into());
        }
    }

    fn keys(&mut self) {
        let model = self.model;
        let keys = |what: &'static str, keys: Vec<&str>, faults: &mut Self| {
            let mut seen = HashSet::new();
            for key in keys {
                if !seen.insert(key) {
                    let entity = format!("{what} \"{key}\"");
                    faults.add(ProblemKind::Duplicate, &entity, "key", "the same key twice".into());
                }
            }
        };
        keys("station", model.stations.iter().map(|station| station.key.as_str()).collect(), self);
        keys("class", model.classes.iter().map(|class| class.key.as_str()).collect(), self);
        keys("stream", model.streams.iter().map(|stream| stream.key.as_str()).collect(), self);
        keys("team", model.teams.iter().map(|team| team.key.as_str()).collect(), self);
    }

    fn station(&mut self, station: &Station) {
        let entity = format!("station \"{}\"", station.key);
        if station.servers == Servers::Finite(0) {
            self.range(&entity, "servers", "0 servers; expected at least one".into());
        }
        if station.servers == Servers::Infinite
            && (!station.shifts.is_empty() || station.absence.is_some())
        {
            let text = "shifts or absence at a station with infinitely many servers".to_owned();
            self.add(ProblemKind::Conflict, &entity, "servers", text);
        }
        for (field, distribution) in [("service", &station.service), ("set_up", &station.set_up)] {
            let fault = distribution.as_ref().and_then(super::Distribution::fault);
            if let Some(text) = fault {
                self.range(&entity, field, text);
            }
        }
        // A class without a service of its own takes that of the station, so one of them must have it.
        if station.service.is_none()
            && (self.model.classes.iter().any(|class| class.service.is_none())
                || self.model.classes.is_empty())
        {
            let text = "neither the station nor every class says how long a service takes";
            self.add(ProblemKind::Missing, &entity, "service", text.into());
        }
        if let Some(absence) = &station.absence {
            self.absence(&entity, absence);
        }
        for (index, alternate) in station.alternates.iter().enumerate() {
            let field = format!("alternates.{}", index + 1);
            self.known_station(&entity, &field, &alternate.to);
            if !(alternate.extra.is_finite() && alternate.extra >= 0.0) {
                let text = format!("an extra share of {}; expected 0 or more", alternate.extra);
                self.range(&entity, &field, text);
            }
            self.period(&entity, &field, alternate.from, alternate.until);
        }
        if let Some(team) = &station.team {
            self.known_team(&entity, team);
        }
        for route in &station.routes {
            self.route(&entity, route);
        }
        let mut seen = BTreeSet::new();
        for route in &station.routes {
            if !seen.insert(&route.class) {
                let text = format!(
                    "two routes for {}",
                    route
                        .class
                        .as_deref()
                        .map_or("all classes".into(), |key| format!("class \"{key}\""))
                );
                self.add(ProblemKind::Duplicate, &entity, "routes", text);
            }
        }
    }

    fn ends(&mut self, class: &super::Class) {
        let entity = format!("class \"{}\"", class.key);
        if ![0, 24, 168].contains(&class.ends.len()) {
            let text = format!("{} shares; expected 24 or 168", class.ends.len());
            self.range(&entity, "ends", text);
        }
        self.profile(&entity, "ends", &class.ends);
    }

    fn absence(&mut self, entity: &str, absence: &Absence) {
        // Shares are drawn up to 0.9; with a greater mean most draws would be cut there, and the mean be missed.
        if !(0.0..0.9).contains(&absence.mean) {
            let text = format!("a missing share of {}; expected 0 up to 0.9", absence.mean);
            self.range(entity, "absence.mean", text);
        }
        if !(absence.cv.is_finite() && absence.cv >= 0.0) {
            self.range(entity, "absence.cv", format!("{}; expected 0 or more", absence.cv));
        }
        self.above_zero(entity, "absence.every", absence.every);
    }

    fn period(&mut self, entity: &str, field: &str, from: Option<f64>, until: Option<f64>) {
        let mut times = [from, until].into_iter().flatten();
        if let Some(time) = times.find(|time| !time.is_finite()) {
            self.range(entity, field, format!("a time of {time}; expected a number, or none"));
        } else if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            let text = format!("from {from} until {until}: it ends before it starts");
            self.add(ProblemKind::Order, entity, field, text);
        }
    }

    fn route(&mut self, entity: &str, route: &Route) {
        let field = match &route.class {
            Some(class) => {
                self.known_class(entity, "routes", class);
                format!("routes.{class}")
            }
            None => "routes".to_owned(),
        };
        // By moment: branches of different hours or times never meet, and each may take all.
        let sum = largest_sum(&route.branches);
        if sum > 1.0 + TOLERANCE {
            let text = format!("the shares of the branches sum to {sum}; expected at most 1");
            self.range(entity, &field, text);
        }
        for branch in route.branches.iter().chain(&route.rest) {
            self.branch(entity, &field, branch);
        }
    }

    fn branch(&mut self, entity: &str, field: &str, branch: &Branch) {
        if branch.when_full == WhenFull::WaitFirst {
            let text =
                "WaitFirst for customers of a station; expected Wait, Leave, Block, Force or Stay";
            self.add(ProblemKind::Conflict, entity, field, text.to_owned());
        }
        self.share(entity, field, branch.share);
        if let Target::Station(key) = &branch.to {
            self.known_station(entity, field, key);
        }
        for key in &branch.then {
            self.known_station(entity, field, key);
        }
        if let Some(class) = &branch.class {
            self.known_class(entity, field, class);
        }
        self.period(entity, field, branch.from, branch.until);
    }

    fn stream(&mut self, stream: &'m ArrivalStream) {
        let entity = format!("stream \"{}\"", stream.key);
        self.arrivals(&entity, &stream.arrivals);
        if let Some(keeps) = &stream.keeps {
            self.above_zero(&entity, "keeps.step", keeps.step);
            if !keeps.from.is_finite() {
                self.range(&entity, "keeps.from", format!("{}; expected a number", keeps.from));
            }
            for share in &keeps.factors {
                self.share(&entity, "keeps.factors", *share);
            }
        }
        let sum: f64 = stream.kinds.iter().map(|kind| kind.share).sum();
        // Shares of files are rounded.
        if (sum - 1.0).abs() > TOLERANCE {
            let text = format!("the shares of the kinds sum to {sum}; expected 1");
            self.range(&entity, "kinds", text);
        }
        for kind in &stream.kinds {
            self.kind(&entity, kind);
        }
    }

    fn arrivals(&mut self, entity: &str, arrivals: &Arrivals) {
        match arrivals {
            Arrivals::Poisson { rate, week, year, curve } => {
                self.above_zero(entity, "arrivals.rate", *rate);
                if ![0, 24, 168].contains(&week.len()) {
                    let text = format!("{} rates; expected 24 or 168", week.len());
                    self.range(entity, "arrivals.week", text);
                }
                self.profile(entity, "arrivals.week", week);
                if year.len() > 365 {
                    let text = format!("{} rates; expected at most 365", year.len());
                    self.range(entity, "arrivals.year", text);
                }
                self.profile(entity, "arrivals.year", year);
                if let Some(curve) = curve {
                    self.above_zero(entity, "arrivals.curve.step", curve.step);
                    if !curve.from.is_finite() {
                        let text = format!("{}; expected a number", curve.from);
                        self.range(entity, "arrivals.curve.from", text);
                    }
                    self.factors(entity, "arrivals.curve.factors", &curve.factors);
                }
            }
            Arrivals::Replay(times) => {
                let is_wrong = |time: &&f64| !(time.is_finite() && **time >= 0.0);
                if let Some(time) = times.iter().find(is_wrong) {
                    let text = format!("a time of {time}; expected 0 or more");
                    self.range(entity, "arrivals", text);
                }
                if let Some([early, late]) = times.windows(2).find(|pair| pair[0] > pair[1]) {
                    let text = format!("{early} comes before {late}");
                    self.add(ProblemKind::Order, entity, "arrivals", text);
                }
            }
            Arrivals::Batches { of, sizes } => {
                if matches!(**of, Arrivals::Batches { .. }) {
                    let text = "batches of batches; expected Poisson or Replay".to_owned();
                    self.add(ProblemKind::Conflict, entity, "arrivals.of", text);
                } else {
                    self.arrivals(entity, of);
                }
                self.batches(entity, sizes);
            }
        }
    }

    fn batches(&mut self, entity: &str, sizes: &[f64]) {
        if sizes.len() > LARGEST_BATCH {
            let text = format!("batches of {}; expected at most {LARGEST_BATCH}", sizes.len());
            self.range(entity, "arrivals.sizes", text);
        }
        for share in sizes {
            self.share(entity, "arrivals.sizes", *share);
        }
        let sum: f64 = sizes.iter().sum();
        if (sum - 1.0).abs() > TOLERANCE {
            let text = format!("the shares of the batches sum to {sum}; expected 1");
            self.range(entity, "arrivals.sizes", text);
        }
    }

    /// Rates that are not all zero.
    fn profile(&mut self, entity: &str, field: &str, rates: &[f64]) {
        self.factors(entity, field, rates);
        if !rates.is_empty() && rates.iter().all(|rate| *rate == 0.0) {
            self.range(entity, field, "all rates are zero".into());
        // Each may be finite, and their mean still be no number.
        } else if rates.iter().sum::<f64>().is_infinite() {
            self.range(entity, field, "the rates are too large to add up".into());
        }
    }

    fn factors(&mut self, entity: &str, field: &str, rates: &[f64]) {
        if let Some(rate) = rates.iter().find(|rate| !(rate.is_finite() && **rate >= 0.0)) {
            self.range(entity, field, format!("a rate of {rate}; expected 0 or more"));
        }
    }

    fn present(&mut self, index: usize, present: &'m Present) {
        let entity = format!("present {}", index + 1);
        self.known_station(&entity, "station", &present.station);
        self.class_of(&entity, ["class"; 2], "somebody", present.class.as_ref());
        if !(present.mean.is_finite() && present.mean >= 0.0) {
            self.range(&entity, "mean", format!("{}; expected 0 or more", present.mean));
        }
        if let Some(time) = present.so_far.iter().find(|time| !(time.is_finite() && **time >= 0.0))
        {
            self.range(&entity, "so_far", format!("{time}; expected 0 or more"));
        }
    }

    /// A class that there is; in a model with classes there has to be one.
    fn class_of(
        &mut self,
        entity: &str,
        [field, missing]: [&str; 2],
        who: &str,
        class: Option<&'m String>,
    ) {
        match class {
            Some(class) => self.known_class(entity, field, class),
            None if !self.model.classes.is_empty() => {
                let text = format!("{who} without a class in a model with classes");
                self.add(ProblemKind::Missing, entity, missing, text);
            }
            None => {}
        }
    }

    fn kind(&mut self, entity: &str, kind: &'m Kind) {
        self.share(entity, "kinds", kind.share);
        self.class_of(entity, ["kinds", "kinds.class"], "a kind", kind.class.as_ref());
        if matches!(kind.when_full, WhenFull::Block | WhenFull::Stay) {
            let text = format!(
                "{:?} for customers from outside; expected Wait, Leave or Force",
                kind.when_full
            );
            self.add(ProblemKind::Conflict, entity, "kinds.when_full", text);
        }
        for preference in &kind.preferences {
            self.preference(entity, preference);
        }
    }

    fn preference(&mut self, entity: &str, preference: &'m Preference) {
        // In a large model most preferences are those of the stream before; comparing them costs less than looking
        // every key up again.
        if self.right.contains(&Some(preference)) {
            return;
        }
        let field = "kinds.preferences";
        if preference.first.is_empty() {
            self.add(ProblemKind::Missing, entity, field, "no first station".into());
        }
        for (key, weight) in &preference.first {
            self.known_station(entity, field, key);
            if !(weight.is_finite() && *weight > 0.0) {
                let text = format!("station \"{key}\" has the weight {weight}; expected above 0");
                self.range(entity, field, text);
            }
        }
        for key in preference.then.iter().chain(&preference.home) {
            self.known_station(entity, field, key);
        }
        self.period(entity, field, preference.from, preference.until);
        // Right only as long as nothing is wrong: else an equal one would hide its faults.
        if self.problems.is_empty() {
            self.right = [Some(preference), self.right[0]];
        }
    }
}

/// The largest sum of the shares of branches that hold at one time.
fn largest_sum(branches: &[Branch]) -> f64 {
    /// Where a branch begins or ends to hold.
    struct Border<'b> {
        at: f64,
        begins: bool,
        branch: &'b Branch,
    }
    let mut borders = Vec::with_capacity(2 * branches.len());
    for branch in branches {
        let from = branch.from.unwrap_or(f64::NEG_INFINITY);
        let until = branch.until.unwrap_or(f64::INFINITY);
        if from < until {
            borders.push(Border { at: from, begins: true, branch });
            borders.push(Border { at: until, begins: false, branch });
        }
    }
    // At one moment, what ends does not hold any more when others begin.
    borders.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.begins.cmp(&b.begins)));
    let is_hourly = branches.iter().any(|branch| !branch.hours.is_always());
    let hours = if is_hourly { HourOfWeek::all().count() } else { 1 };
    let mut sums = vec![0.0; hours];
    let mut largest: f64 = 0.0;
    for Border { begins, branch, .. } in borders {
        for (sum, hour) in sums.iter_mut().zip(HourOfWeek::all()) {
            if is_hourly && !branch.hours.is_open_in(hour) {
                continue;
            }
            *sum += if begins { branch.share } else { -branch.share };
            largest = largest.max(*sum);
        }
    }
    largest
}
