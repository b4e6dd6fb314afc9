//! Laws of every run, on random models with every feature.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;

/// A source of random models.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// True so often.
    pub(super) fn is(&mut self, share: f64) -> bool {
        self.0.random::<f64>() < share
    }

    /// A whole number below.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    pub(super) fn number(&mut self, from: f64, to: f64) -> f64 {
        self.0.random_range(from..to)
    }

    pub(super) fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn maybe<T>(&mut self, share: f64, of: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.is(share).then(|| of(self))
    }

    pub(super) fn length(&mut self) -> Distribution {
        let (mean, cv) = (self.number(0.05, 3.0), self.number(0.1, 2.0));
        match self.below(7) {
            0 => Distribution::Lognormal { mean, cv },
            1 => Distribution::Gamma { mean, cv },
            2 => Distribution::Deterministic(mean),
            3 => Distribution::Empirical((0..3).map(|_| self.number(0.0, 3.0)).collect()),
            4 => self.seldom_law(mean),
            _ => exponential(mean),
        }
    }

    /// One of the laws that few models use.
    fn seldom_law(&mut self, mean: f64) -> Distribution {
        let share = self.number(0.1, 0.9);
        match self.below(8) {
            0 => Distribution::Uniform { from: 0.5 * mean, to: 1.5 * mean },
            1 => {
                Distribution::Triangular { least: 0.1 * mean, mode: share * mean, most: 2.0 * mean }
            }
            2 => Distribution::Erlang { mean, stages: self.below(4) as u32 + 1 },
            3 => Distribution::Weibull { mean, shape: self.number(0.5, 3.0) },
            4 => Distribution::Hyperexponential {
                shares: vec![share, 1.0 - share],
                means: vec![0.5 * mean, 2.0 * mean],
            },
            5 => Distribution::PhaseType {
                initial: vec![share, 1.0 - share],
                rates: vec![vec![-2.0 / mean, 1.0 / mean], vec![0.5 / mean, -1.0 / mean]],
            },
            6 => Distribution::Mixture(vec![
                MixturePart { share, law: exponential(mean) },
                MixturePart { share: 1.0 - share, law: Distribution::Deterministic(mean) },
            ]),
            _ => Distribution::Truncated {
                law: Box::new(exponential(mean)),
                from: 0.2 * mean,
                to: 2.0 * mean,
            },
        }
    }

    /// Now and then nothing at all.
    fn any_length(&mut self) -> Distribution {
        if self.is(0.1) { Distribution::Deterministic(0.0) } else { self.length() }
    }

    fn hours(&mut self) -> verbund::calendar::Hours {
        self.one(&["Mon-Fri 8-19", "Mon 0-12; Tue 3-4", "Always", "Sat-Sun 20-8", "Mon-Sun 6-7"])
            .parse()
            .unwrap()
    }

    fn period(&mut self) -> (Option<f64>, Option<f64>) {
        (
            self.maybe(0.3, |own| own.number(0.0, 50.0)),
            self.maybe(0.3, |own| own.number(50.0, 90.0)),
        )
    }

    fn keys(&mut self, count: usize, most: usize) -> Vec<String> {
        (0..self.below(most + 1)).map(|_| format!("n{}", self.below(count))).collect()
    }

    fn class(&mut self, classes: usize) -> Option<String> {
        (classes > 0).then(|| format!("c{}", self.below(classes)))
    }

    /// A model with anything in it; every way through it ends.
    pub(super) fn model(&mut self) -> Model {
        let (count, classes, teams) = (self.below(5) + 1, self.below(4), self.below(3));
        let mut model = Model {
            name: self.one(&["", "a \"name\"", "ä\n"]).to_owned(),
            time_unit: self.one(&[
                TimeUnit::Hours,
                TimeUnit::Hours,
                TimeUnit::Days,
                TimeUnit::Minutes,
            ]),
            warm_up: if self.is(0.5) { 0.0 } else { self.number(0.0, 20.0) },
            horizon: self.number(60.0, 100.0),
            starts_at_hour: self.below(168) as u32,
            starts_on_day: self.below(365) as u32,
            deadlock: Deadlock::Swap,
            ..Model::default()
        };
        for number in 0..count {
            let station = self.station((count, classes, teams), number);
            model.stations.push(station);
        }
        let (servers, service) = (self.below(3) as u32 + 1, self.any_length());
        model.stations.push(super::station("out", servers, service));
        let ages = self.is(0.4);
        for number in 0..classes {
            let patience = self.maybe(0.4, Self::any_length);
            // Only who gives up can come again.
            let comes_again = self
                .maybe(0.4, |own| ComesAgain { share: own.number(0.0, 1.0), after: own.length() });
            model.classes.push(Class {
                key: format!("c{number}"),
                priority: self.below(4) as u8,
                ageing: if ages { self.one(&[0.0, 0.5, 2.0]) } else { 0.0 },
                comes_again: comes_again.filter(|_| patience.is_some()),
                patience,
                service: self.maybe(0.3, Self::any_length),
                ends: self
                    .maybe(0.2, |own| (0..24).map(|_| own.number(0.0, 1.0)).collect())
                    .unwrap_or_default(),
            });
        }
        for (station, class) in (0..count).zip(0..classes) {
            if self.is(0.3) {
                let (station, class) = (format!("n{station}"), format!("c{class}"));
                // One without time is a fault.
                let service = self.length();
                model.services.push(StationService { station, class, service });
            }
        }
        for number in 0..teams {
            let busy = self.number(0.01, 2.0);
            let (members, hours) = (self.below(3) as u32 + 1, self.hours());
            model.teams.push(Team { key: format!("t{number}"), members, busy, hours });
        }
        for number in 0..=self.below(3) {
            let stream = self.stream((count, classes), number);
            model.streams.push(stream);
        }
        for _ in 0..self.below(6) {
            let at = self.number(0.0, 60.0);
            let station = self.below(count);
            let servers = self.below(4) as u32;
            let change = match self.below(5) {
                4 => ChangeKind::UsualServers,
                0 => ChangeKind::Close,
                1 => ChangeKind::Divert,
                2 if model.stations[station].servers != Servers::Infinite => {
                    ChangeKind::Servers(servers)
                }
                _ => ChangeKind::Open,
            };
            model.changes.push(Change { at, station: format!("n{station}"), change });
        }
        if self.is(0.4) {
            for number in 0..=self.below(3) {
                let present = self.present((count, classes), number);
                model.present.push(present);
            }
        }
        model
    }

    fn present(&mut self, (count, classes): (usize, usize), number: usize) -> Present {
        Present {
            station: format!("n{}", self.below(count)),
            class: self.class(classes),
            mean: self.one(&[0.0, 1.0, 3.5]),
            waiting: self.below(4) as u32,
            certain: self.below(3) as u32,
            so_far: (0..self.below(3)).map(|_| self.number(0.0, 4.0)).collect(),
            // Two of one station and class would else be the same people.
            key: (number > 0).then(|| format!("p{number}")),
        }
    }

    fn station(
        &mut self,
        (count, classes, teams): (usize, usize, usize),
        number: usize,
    ) -> Station {
        let mut own = station(&format!("n{number}"), self.below(4) as u32 + 1, self.any_length());
        if self.is(0.2) {
            own.servers = Servers::Infinite;
        } else {
            if self.is(0.2) {
                let (hours, servers) = (self.hours(), self.below(4) as u32);
                own.shifts.push(Shift { hours, servers });
            }
            own.absence = self.maybe(0.2, |own| Absence {
                mean: own.number(0.0, 0.5),
                cv: own.number(0.0, 1.0),
                every: own.number(1.0, 20.0),
                pool: own.maybe(0.5, |_| "pool".to_owned()),
                carries: own.is(0.3),
            });
        }
        if self.is(0.2) {
            own.hours = self.hours();
        }
        own.waiting_room = match self.below(4) {
            0 => WaitingRoom::None,
            1 => WaitingRoom::Infinite,
            _ => WaitingRoom::Finite(self.below(5) as u32),
        };
        if self.is(0.3) {
            own.order = ServiceOrder::FirstCome;
        }
        own.set_up = self.maybe(0.2, Self::any_length);
        for to in self.keys(count, 2) {
            let (from, until) = self.period();
            let at_most = self.maybe(0.5, |own| own.below(3) as u32);
            let hours = self.maybe(0.3, Self::hours).unwrap_or_default();
            own.alternates.push(Alternate {
                to,
                at_most,
                hours,
                from,
                until,
                label: String::new(),
                group: self.one(&["", "", "g"]).to_owned(),
                extra: self.one(&[0.0, 0.0, 0.5]),
                without_appointment: self.is(0.2),
                only_full: self.is(0.2),
            });
        }
        if self.is(0.6) {
            own.routes.push(self.route(None, count, classes));
        }
        for class in 0..classes {
            if self.is(0.3) {
                let class = Some(format!("c{class}"));
                own.routes.push(self.route(class, count, classes));
            }
        }
        own.team = (teams > 0 && self.is(0.4)).then(|| format!("t{}", self.below(teams)));
        own.site = self.maybe(0.4, |own| format!("s{}", own.below(2)));
        own
    }

    fn route(&mut self, class: Option<String>, count: usize, classes: usize) -> Route {
        let branches = (0..self.below(3)).map(|_| self.branch(count, classes)).collect();
        // Who takes the rest has to get out some time: at the last station customers leave.
        let rest = self.maybe(0.1, |own| Branch {
            when_full: own.one(&[WhenFull::Wait, WhenFull::Leave, WhenFull::Block]),
            ..branch(1.0, "out")
        });
        Route { class, branches, rest }
    }

    fn branch(&mut self, count: usize, classes: usize) -> Branch {
        let (from, until) = if self.is(0.2) { self.period() } else { (None, None) };
        let to = Target::Station(format!("n{}", self.below(count)));
        Branch {
            share: self.number(0.0, 0.45),
            to: if self.is(0.2) { self.one(&[Target::Home, Target::Here]) } else { to },
            then: self.keys(count, 1),
            alternates: self.is(0.2),
            class: self.maybe(0.3, |_| ()).and_then(|()| self.class(classes)),
            when_full: self.one(&[
                WhenFull::Wait,
                WhenFull::Leave,
                WhenFull::Block,
                WhenFull::Block,
                WhenFull::Force,
                WhenFull::Stay,
            ]),
            hours: self.maybe(0.2, Self::hours).unwrap_or_default(),
            from,
            until,
            label: String::new(),
        }
    }

    fn arrivals(&mut self) -> Arrivals {
        if self.is(0.2) {
            let mut times: Vec<f64> =
                (0..self.below(60)).map(|_| self.number(0.0, 110.0)).collect();
            times.sort_by(f64::total_cmp);
            times.extend(times.last().copied());
            return Arrivals::Replay(times);
        }
        let mut rates = |count: usize| (0..count).map(|_| self.number(0.1, 2.0)).collect();
        let (week, year) = (rates(24), rates(7));
        Arrivals::Poisson {
            rate: self.number(0.05, 2.0),
            week: if self.is(0.3) { week } else { Vec::new() },
            year: if self.is(0.2) { year } else { Vec::new() },
            curve: self.maybe(0.2, |own| Curve {
                from: own.number(-5.0, 40.0),
                step: own.number(0.5, 20.0),
                factors: (0..own.below(5)).map(|_| own.number(0.0, 3.0)).collect(),
            }),
        }
    }

    fn stream(&mut self, (count, classes): (usize, usize), number: usize) -> ArrivalStream {
        let share = self.number(0.1, 0.9);
        let shares = if self.is(0.5) { vec![1.0] } else { vec![share, 1.0 - share] };
        let mut kinds = Vec::new();
        for share in shares {
            let mut preferences = Vec::new();
            for _ in 0..self.below(3) {
                let own = format!("n{}", self.below(count));
                let mut first = vec![(own.into(), self.number(0.1, 3.0))];
                for key in self.keys(count, 2) {
                    first.push((key.into(), self.number(0.1, 3.0)));
                }
                let (from, until) = if self.is(0.2) { self.period() } else { (None, None) };
                preferences.push(Preference {
                    first,
                    then: self.keys(count, 2).into_iter().map(Into::into).collect(),
                    least_full: self.is(0.2),
                    home: self.maybe(0.2, |own| format!("n{}", own.below(count)).into()),
                    hours: if self.is(0.2) {
                        self.hours()
                    } else {
                        verbund::calendar::Hours::ALWAYS
                    },
                    from,
                    until,
                });
            }
            kinds.push(Kind {
                share,
                class: self.class(classes),
                preferences,
                when_full: self.one(&[
                    WhenFull::Wait,
                    WhenFull::WaitFirst,
                    WhenFull::Leave,
                    WhenFull::Force,
                ]),
                by_appointment: self.is(0.3),
            });
        }
        let keeps = self.maybe(0.3, |own| Curve {
            from: own.number(-5.0, 40.0),
            step: own.number(0.5, 20.0),
            factors: (0..own.below(5)).map(|_| own.number(0.0, 1.0)).collect(),
        });
        let (key, mut arrivals, track) = (format!("s{number}"), self.arrivals(), self.is(0.5));
        if self.is(0.2) {
            let sizes = self.one(&[vec![1.0], vec![0.5, 0.5], vec![0.25, 0.0, 0.75]]);
            arrivals = Arrivals::Batches { of: Box::new(arrivals), sizes };
        }
        ArrivalStream { key, arrivals, kinds, keeps, track }
    }
}

/// Whether a visit is that of somebody who was there at the start, and asked for nothing.
fn was_there(visit: &Visit) -> bool {
    visit.stream == u32::MAX && visit.visit == 0 && visit.came == 0.0
}

/// What the counts of a run have to be, from its trace alone.
fn audit(model: &Model, run: &Run, visits: &[Visit]) {
    let close = |a: f64, b: f64, what: &str| {
        assert!((a - b).abs() <= 1e-6 * a.abs().max(1.0), "{what}: {a} counted, {b} in the trace");
    };
    let (from, to) = (model.warm_up, model.warm_up + run.window);
    let cut = |a: f64, b: f64| (b.min(to) - a.max(from)).max(0.0);
    for (number, own) in run.stations.iter().enumerate() {
        let here = || {
            let there = |visit: &&Visit| visit.station as usize == number;
            visits.iter().filter(there).filter(|visit| visit.outcome != Outcome::Lost)
        };
        let waiting = |visit: &Visit| cut(visit.came, visit.started.unwrap_or(visit.went));
        let serving = |visit: &Visit| visit.started.map_or(0.0, |started| cut(started, visit.went));
        let blocked = |visit: &Visit| visit.ended.map_or(0.0, |ended| cut(ended, visit.went));
        close(own.queue_area, here().map(waiting).sum(), "waiting");
        close(own.busy_area, here().map(serving).sum(), "busy");
        close(own.blocked_area, here().map(blocked).sum(), "blocked");
        close(own.time_at.iter().sum(), run.window, "time");
        assert!(own.full_time <= run.window * (1.0 + 1e-9));
        assert!(own.blocked_area <= own.busy_area * (1.0 + 1e-9) + 1e-9);
        if from > 0.0 {
            continue;
        }
        let counted = |is: &dyn Fn(&Visit) -> bool| here().filter(|visit| is(visit)).count() as u64;
        let has_given_up =
            |visit: &Visit| matches!(visit.outcome, Outcome::Reneged | Outcome::Rebooked);
        assert_eq!(own.came, counted(&|visit| !was_there(visit)));
        let starts =
            |visit: &Visit| visit.started.is_some_and(|started| started > 0.0 || !was_there(visit));
        // Who waits at the start may start at once before anything counts, or at time 0 when a service of no time ends.
        let at_once = |visit: &Visit| visit.started == Some(0.0) && was_there(visit);
        let least = counted(&starts);
        assert!((least..=least + counted(&at_once)).contains(&own.started), "{}", own.started);
        assert_eq!(own.reneged, counted(&has_given_up));
        assert_eq!(own.rebooked, counted(&|visit| visit.outcome == Outcome::Rebooked));
        assert_eq!(own.at_end, counted(&|visit| visit.outcome == Outcome::Present));
        // Whoever asked was let in here or elsewhere, lost, or never got to a server.
        let from_outside = || {
            let asks = |visit: &&Visit| visit.visit == 0 && !was_there(visit);
            visits.iter().filter(asks)
        };
        let asked = from_outside().filter(|visit| visit.first as usize == number);
        assert_eq!(own.asked, asked.count() as u64);
        let never = from_outside().filter(|visit| {
            let (first, at_all) = (visit.first as usize, visit.started.is_some());
            let goes_on = matches!(visit.outcome, Outcome::Moved | Outcome::Lost);
            visit.visit == 0 && first == number && !at_all && !goes_on
        });
        let known = own.admitted + own.diverted + own.lost + never.count() as u64;
        assert_eq!(own.asked, known, "station {number}");
    }
    if from == 0.0 {
        for (number, own) in run.streams.iter().enumerate() {
            let known = own.at_first + own.queued + own.lost + own.diverted + own.forced;
            assert_eq!(own.arrived, known, "stream {number}");
        }
    }
    let mut ways: BTreeMap<u64, Vec<&Visit>> = BTreeMap::new();
    for visit in visits {
        let mut last = visit.came;
        for time in [visit.started, visit.ended, Some(visit.went)].into_iter().flatten() {
            assert!(time >= last, "{visit:?}");
            last = time;
        }
        ways.entry(visit.customer).or_default().push(visit);
    }
    for mut way in ways.into_values() {
        way.sort_by(|a, b| a.visit.cmp(&b.visit).then(a.came.total_cmp(&b.came)));
        assert_eq!(way[0].visit, 0, "{way:?}");
        for (number, visit) in way.iter().enumerate() {
            let next = way.get(number + 1);
            if visit.outcome == Outcome::Rebooked {
                // Who gave up may still be away at the end, and asks as before.
                let goes_on = |next: &&Visit| next.visit == 0 && next.came >= visit.went;
                assert!(next.is_none_or(goes_on), "{way:?}");
                continue;
            }
            assert_eq!(visit.outcome == Outcome::Moved, next.is_some(), "{way:?}");
            let follows = |next: &&Visit| next.visit == visit.visit + 1 && next.came == visit.went;
            assert!(next.is_none_or(follows), "{way:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn every_run_obeys_the_laws(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let model = dice.model();
        prop_assert!(model.check().is_empty(), "{}", model.check());
        for replication in 0..3 {
            let (run, visits) = trace(&model, seed, replication);
            audit(&model, &run, &visits);
        }
        let stop = Model { deadlock: Deadlock::Stop, ..model };
        trace(&stop, seed, 0);
    }

    #[test]
    fn what_classes_and_streams_count_sums_to_what_stations_count(seed in any::<u64>()) {
        let mut model = Dice::new(seed).model();
        // Who is there at the start is of no stream.
        model.present.clear();
        let record = Record { groups: true, ..Record::default() };
        let run = Simulator::new(&model).unwrap().record(record).run(Seed(seed), 0);
        for parts in [&run.by_class, &run.by_stream] {
            for (number, station) in run.stations.iter().enumerate() {
                let sum = |of: fn(&GroupRun) -> f64| parts.iter().map(|own| of(&own[number])).sum();
                for (part, whole) in [
                    (sum(|own| own.started as f64), station.started as f64),
                    (sum(|own| own.waited as f64), station.waited as f64),
                    (sum(|own| own.reneged as f64), station.reneged as f64),
                    (sum(|own| own.waiting_time), station.waiting_time),
                    (sum(|own| own.queue_area), station.queue_area),
                    (sum(|own| own.busy_area), station.busy_area),
                ] {
                    let part: f64 = part;
                    prop_assert!((part - whole).abs() <= 1e-6 * whole.max(1.0), "{} {}", part, whole);
                }
            }
        }
    }

    #[test]
    fn written_models_are_read_again(seed in any::<u64>()) {
        let model = Dice::new(seed).model();
        for format in [FileFormat::Json, FileFormat::Ron] {
            let text = model.write(format);
            let again = Model::read(&text, format).map_err(|error| format!("{error}\n{text}"));
            prop_assert_eq!(again.as_ref(), Ok(&model), "{:?}", format);
        }
    }
}

#[test]
fn customers_who_would_circle_in_no_time_are_a_fault() {
    let zero = || Distribution::Deterministic(0.0);
    let mut a = station("a", 1, zero());
    a.routes = route(vec![branch(1.0, "b")]);
    let mut b = station("b", 1, Distribution::Empirical(vec![0.0, 0.0]));
    b.routes = route(vec![branch(0.5, "a"), branch(0.5, "b")]);
    let mut model = single(a, 1.0, 0.0, 10.0);
    model.stations.push(b);
    let text = model.check().to_string();
    assert!(text.contains("station \"a\"") && text.contains("station \"b\""), "{text}");

    // Whoever can get out, or takes time somewhere, is none.
    let mut leaves = model.clone();
    leaves.stations[1].routes[0].branches[0].share = 0.4;
    assert!(leaves.check().is_empty());
    trace(&leaves, 1, 0);
    let mut takes_time = model.clone();
    takes_time.stations[1].service = Some(Distribution::Empirical(vec![0.0, 0.1]));
    assert!(takes_time.check().is_empty());
    trace(&takes_time, 1, 0);

    // By class, and by staying at the station while the next one is full.
    let mut stays = model;
    let key = |key: &str| Some(key.to_owned());
    stays.classes = vec![
        Class { key: "first".into(), service: Some(exponential(1.0)), ..Class::default() },
        Class { key: "again".into(), service: Some(zero()), ..Class::default() },
    ];
    stays.streams[0].kinds[0].class = key("first");
    let on = Branch { when_full: WhenFull::Stay, class: key("again"), ..branch(1.0, "b") };
    stays.stations[0].routes = route(vec![on]);
    stays.stations[1] = station("b", 1, exponential(1.0));
    assert!(stays.check().to_string().contains("station \"a\""));
    stays.classes[1].service = Some(exponential(0.1));
    assert!(stays.check().is_empty(), "{}", stays.check());
    trace(&stays, 1, 0);
}

#[test]
fn services_of_a_class_at_one_station_count_for_circles() {
    // By class and station a service takes no time and all come back: such a run would never end. What holds for the class
    // at this station takes an hour, so that it does.
    let mut circle = station("a", 1, Distribution::Deterministic(0.0));
    circle.routes = route(vec![branch(1.0, "a")]);
    let mut model = single(circle, 1.0, 0.0, 10.0);
    model.classes = vec![Class { key: "c".into(), ..Class::default() }];
    model.streams[0].kinds[0].class = Some("c".into());
    assert!(model.check().to_string().contains("go in circles"));
    let (station, class) = ("a".to_owned(), "c".to_owned());
    model.services = vec![StationService { station, class, service: exponential(1.0) }];
    assert!(model.check().is_empty(), "{}", model.check());
    trace(&model, 1, 0);
}

/// A station without service whose customers come back but for the branch that leads out, to a station where time
/// passes; it runs from Monday 0:00 for two days.
fn with_way_out(way_out: Branch) -> Model {
    let mut a = station("a", 1, Distribution::Deterministic(0.0));
    a.routes =
        vec![Route { branches: vec![way_out], rest: Some(branch(1.0, "a")), ..Route::default() }];
    let mut model = single(a, 1.0, 0.0, 48.0);
    model.stations.push(station("out", 1, exponential(0.1)));
    model
}

#[test]
fn a_way_out_that_ends_leaves_a_circle() {
    // Customers who come from hour 20 on would come back for ever; until then half of them get out each time.
    let ends = |until| Branch { until: Some(until), ..branch(0.5, "out") };
    let text = with_way_out(ends(20.0)).check().to_string();
    assert!(text.contains("station \"a\"") && text.contains("go in circles"), "{text}");

    // What ends with the run, or after it, is never missed; nor is one that begins as another one ends.
    for until in [48.0, 100.0] {
        let model = with_way_out(ends(until));
        assert!(model.check().is_empty(), "{}", model.check());
        trace(&model, 1, 0);
    }
    let mut model = with_way_out(ends(20.0));
    model.stations[0].routes[0].branches.push(Branch { from: Some(20.0), ..branch(0.4, "out") });
    assert!(model.check().is_empty(), "{}", model.check());
    trace(&model, 1, 0);
    // A gap of an hour between them is enough.
    model.stations[0].routes[0].branches[1].from = Some(21.0);
    assert!(model.check().to_string().contains("go in circles"));
}

#[test]
fn a_way_out_of_some_hours_leaves_a_circle_in_the_others() {
    let open = |hours: &str| Branch { hours: hours.parse().unwrap(), ..branch(0.5, "out") };
    let text = with_way_out(open("Mon-Sun 0-23")).check().to_string();
    assert!(text.contains("station \"a\"") && text.contains("go in circles"), "{text}");
    // The run is over before Wednesday.
    let model = with_way_out(open("Mon-Tue 0-24"));
    assert!(model.check().is_empty(), "{}", model.check());
    trace(&model, 1, 0);
    // Begun a day later it is not.
    let later = Model { starts_at_hour: 24, ..model };
    assert!(later.check().to_string().contains("go in circles"));
}
