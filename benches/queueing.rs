//! The simulator of queueing networks: events per second, and how far from the limit.
//!
//! The five models of `../shared/data/queueing`: M/M/10 at 0.9, M/G/60/60 with lognormal stays, and
//! 20 hospitals with beds without limit, with blocking, and with diversion. Each is checked before
//! it is timed: against its formula where there is one, by Little's law and conservation in every
//! replication. An event is an arrival or an end of service. Beside the simulator runs a bare loop
//! over a binary heap with the same draws and no statistics but the number of events, which must be
//! the same; then the parts of it alone, draws and heap. Those four are timed in turn, by the seconds in
//! which the thread ran, where the system tells them; replications on one and two threads by the clock.
//!
//! Before them, two models in two sizes each: whether an event takes longer where very many wait and give up, or where
//! very many stations block each other.
//!
//! Run with `cargo bench --bench queueing`. Seed 1. With `-- --figures FILE` it times nothing, but writes the
//! means of ten replications for `benches/peer_queueing.py --json-of verbund FILE`.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::f64::consts::LOG2_E;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use criterion::{Criterion, Throughput};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution as _, Exp1, StandardNormal};
use rand_xoshiro::SplitMix64;
use serde_json::{Value, json};
use verbund::queueing::formulas::{self, Station};
use verbund::queueing::{
    self, ArrivalStream, Arrivals, Branch, Distribution, FileFormat, Kind, Model, Route, Run,
    Servers, Simulator, StationRun, Target, TimeUnit, WaitingRoom, WhenFull,
};
use verbund::random::{Draw, Keys, Seed};
use verbund::run::Control;
use verbund::simulation::replicate;
use verbund::stats::Interval;

const SEED: Seed = Seed(1);
const REPLICATIONS: u64 = 10;
const MODELS: [&str; 5] = ["mmc", "mgcc", "net20_inf", "net20_bas", "net20_divert"];

/// The generator of one draw of one customer, as the simulator makes it.
fn draws(customer: u64, visit: u32, purpose: Draw) -> SplitMix64 {
    SplitMix64::from_seed(purpose.start(customer, visit).to_le_bytes())
}

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/queueing");
    if !folder.is_dir() {
        println!("nothing is measured: {} is absent", folder.display());
        return None;
    }
    Some(folder)
}

fn read(folder: &Path, name: &str) -> Model {
    let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).expect("a model");
    Model::read(&text, FileFormat::Json).expect("a model without faults")
}

/// All replications of a model, each of them checked.
fn runs(model: &Model) -> Vec<Run> {
    let simulator = Simulator::new(model).expect("a model without faults");
    let run = |number| simulator.run(SEED, number);
    let mut runs = Vec::new();
    let merge = |run: Run| {
        assert_eq!(run.faults(), Vec::<String>::new(), "Little's law and conservation");
        runs.push(run);
        false
    };
    replicate(REPLICATIONS, &Control::default(), run, merge);
    runs
}

fn over(runs: &[Run], of: impl Fn(&Run) -> f64) -> Interval {
    let values: Vec<f64> = runs.iter().map(of).collect();
    Interval::of(&values).expect("some replications")
}

/// Twice the interval, which one of 20,000 right figures leaves.
fn check(what: &str, found: Interval, theory: f64) {
    let half = found.half_width.expect("ten replications");
    println!("  {what}: {:.5} ± {half:.5}, theory {theory:.5}", found.mean);
    assert!((found.mean - theory).abs() <= 2.0 * half, "{what} is far from theory");
}

fn rate(model: &Model, stream: usize) -> f64 {
    match &model.streams[stream].arrivals {
        Arrivals::Poisson { rate, .. } => *rate,
        _ => panic!("all arrivals are at random, one by one"),
    }
}

fn service(model: &Model, station: usize) -> &Distribution {
    model.stations[station].service.as_ref().expect("every station has stays")
}

/// The station that a branch leads to.
fn goal(model: &Model, to: &Target) -> usize {
    let Target::Station(key) = to else { panic!("all branches lead to stations") };
    model.stations.iter().position(|one| one.key == *key).expect("it exists")
}

/// Stations and shares by station of origin.
fn routing(model: &Model) -> Vec<Vec<(usize, f64)>> {
    let ways = |station: &verbund::queueing::Station| {
        let branches = station.routes.iter().flat_map(|route| &route.branches);
        branches.map(|branch| (goal(model, &branch.to), branch.share)).collect()
    };
    model.stations.iter().map(ways).collect()
}

/// Holds a model against its formula.
fn check_theory(model: &Model, runs: &[Run]) {
    let station = |beds| {
        Station::new(rate(model, 0), service(model, 0).mean(), beds).expect("it is in range")
    };
    match (model.name.as_str(), model.stations[0].servers) {
        ("mmc", Servers::Finite(servers)) => {
            let wait = station(servers).wait().expect("it is stable");
            let share = |one: &StationRun| one.waited as f64 / one.started as f64;
            let time = |one: &StationRun| one.waiting_time / one.started as f64;
            check(
                "share who wait (Erlang C)",
                over(runs, |run| share(&run.stations[0])),
                wait.waits,
            );
            check("mean wait", over(runs, |run| time(&run.stations[0])), wait.mean_wait);
            let queue = |run: &Run| run.stations[0].queue_area / run.window;
            check("mean queue", over(runs, queue), wait.mean_queue);
        }
        ("mgcc", Servers::Finite(servers)) => {
            let loss = station(servers).loss();
            let share = |run: &Run| run.stations[0].lost as f64 / run.stations[0].asked as f64;
            check("share refused (Erlang B)", over(runs, share), loss.refused);
            check("census", over(runs, |run| run.stations[0].mean_busy(run.window)), loss.census);
        }
        ("net20_inf", _) => {
            let outside: Vec<f64> = (0..model.streams.len()).map(|at| rate(model, at)).collect();
            let mut matrix = vec![vec![0.0; outside.len()]; outside.len()];
            for (row, ways) in matrix.iter_mut().zip(routing(model)) {
                ways.iter().for_each(|(to, share)| row[*to] += share);
            }
            let arrivals = formulas::traffic(&outside, &matrix).expect("patients leave");
            let census = |at: usize| arrivals[at] * service(model, at).mean();
            let all: f64 = (0..outside.len()).map(census).sum();
            let busy = |run: &Run| run.stations.iter().map(|one| one.mean_busy(run.window)).sum();
            check("census of all (traffic equations)", over(runs, busy), all);
            let inside = |at: &usize| {
                over(runs, |run| run.stations[*at].mean_busy(run.window)).contains(census(*at))
            };
            let count = (0..outside.len()).filter(inside).count();
            println!("  census of each hospital: {count} of 20 intervals contain it");
            assert!(
                count >= 14,
                "20 intervals of 95 % contain 14 or more but for one in 3,000 runs"
            );
        }
        _ => println!("  no formula; Little's law and conservation hold, see also --figures"),
    }
}

/// What the machine is, as far as the system says.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = info.lines().find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split(": ").nth(1)).unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{name}, {cores} cores")
}

/// Peak memory of the process.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok())
        .map_or("unknown".to_owned(), |kib| format!("{:.1} MiB", kib / 1024.0))
}

/// Seconds in which this thread ran, where the system says so: other work on the machine does not
/// count. Else `None`.
fn thread_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

/// Runs that are timed together: the seconds of a thread may be told by ticks of 4 ms, a run takes 20.
const TOGETHER: usize = 16;

/// Events per second of some runs, by the seconds of the thread or of the clock.
fn once(run: &mut dyn FnMut() -> u64) -> f64 {
    let (clock, thread) = (Instant::now(), thread_seconds());
    let events: u64 = (0..TOGETHER).map(|_| run()).sum();
    let by_clock = clock.elapsed().as_secs_f64();
    let by_thread = thread.zip(thread_seconds()).map(|(from, to)| to - from);
    events as f64 / by_thread.filter(|seconds| *seconds > 0.0).unwrap_or(by_clock)
}

/// Medians of events per second over 15 rounds in which all have their turn, so that all see the same
/// hour of the machine.
fn speeds<const N: usize>(mut runs: [&mut dyn FnMut() -> u64; N]) -> [f64; N] {
    let mut found = [const { Vec::new() }; N];
    for _ in 0..15 {
        for (run, found) in runs.iter_mut().zip(&mut found) {
            found.push(once(run));
        }
    }
    found.map(median)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A stay ready to be drawn, as the simulator draws it.
#[derive(Clone, Copy)]
enum Stay {
    Exponential(f64),
    Lognormal { mu: f64, sigma: f64 },
}

impl Stay {
    fn of(distribution: &Distribution) -> Self {
        match distribution {
            Distribution::Exponential { mean } => Self::Exponential(*mean),
            Distribution::Lognormal { mean, cv } => {
                let variance = libm::log1p(cv * cv);
                let mu = libm::log(*mean) - variance / 2.0;
                Self::Lognormal { mu: mu * LOG2_E, sigma: variance.sqrt() * LOG2_E }
            }
            other => panic!("no model has {other:?}"),
        }
    }

    #[inline]
    fn draw(self, key: u64, visit: u32) -> f64 {
        let mut numbers = draws(key, visit, Draw::Service);
        match self {
            Self::Exponential(mean) => {
                let unit: f64 = Exp1.sample(&mut numbers);
                mean * unit
            }
            Self::Lognormal { mu, sigma } => {
                let normal: f64 = StandardNormal.sample(&mut numbers);
                libm::exp2(mu + sigma * normal)
            }
        }
    }
}

/// Arrivals of one stream.
struct Source {
    gap: f64,
    next: f64,
    /// Key of the next customer.
    key: u64,
    keys: Keys,
}

impl Source {
    fn new(model: &Model, stream: usize) -> Self {
        let key = &model.streams[stream].key;
        let gap = 1.0 / rate(model, stream);
        let mut source = Self { gap, next: 0.0, key: 0, keys: SEED.keys(0, key) };
        source.advance();
        source
    }

    #[inline]
    fn advance(&mut self) {
        self.key = self.keys.next();
        let unit: f64 = Exp1.sample(&mut draws(self.key, 0, Draw::Gap));
        self.next += self.gap * unit;
    }
}

/// A future event of the bare loop: time, and a customer or a stream.
type Planned = Reverse<(u64, u32)>;
const ARRIVAL: u32 = 1 << 31;

/// The bare loop: a model whose stations have no end of servers, or a queue, or refuse; no transfers
/// into a full station. Returns the number of events and the customers who were there at the end.
struct Bare {
    stays: Vec<Stay>,
    /// Sums of the shares of the ways on.
    ways: Vec<Vec<(usize, f64)>>,
    servers: Vec<u32>,
    queues: bool,
    horizon: f64,
}

#[derive(Clone, Copy)]
struct Customer {
    key: u64,
    station: u32,
    visit: u32,
}

impl Bare {
    fn new(model: &Model) -> Self {
        let mut ways = routing(model);
        for row in &mut ways {
            let mut sum = 0.0;
            row.iter_mut().for_each(|(_, share)| {
                sum += *share;
                *share = sum;
            });
        }
        let servers = |station: &verbund::queueing::Station| match station.servers {
            Servers::Finite(servers) => servers,
            Servers::Infinite => u32::MAX,
        };
        Self {
            stays: (0..model.stations.len()).map(|at| Stay::of(service(model, at))).collect(),
            ways,
            servers: model.stations.iter().map(servers).collect(),
            queues: model.name == "mmc",
            horizon: model.horizon,
        }
    }

    fn run(&self, model: &Model) -> (u64, usize) {
        let mut sources: Vec<Source> =
            (0..model.streams.len()).map(|at| Source::new(model, at)).collect();
        let mut heap: BinaryHeap<Planned> = BinaryHeap::new();
        for (at, source) in sources.iter().enumerate() {
            heap.push(Reverse((source.next.to_bits(), ARRIVAL | at as u32)));
        }
        let mut customers: Vec<Customer> = Vec::new();
        let mut unused: Vec<u32> = Vec::new();
        let mut busy = vec![0_u32; self.stays.len()];
        let mut waiting: VecDeque<u64> = VecDeque::new();
        let mut events = 0;
        loop {
            let Some(mut first) = heap.peek_mut() else { break };
            let Reverse((bits, about)) = *first;
            let now = f64::from_bits(bits);
            if now >= self.horizon {
                break;
            }
            events += 1;
            if about & ARRIVAL != 0 {
                let station = (about & !ARRIVAL) as usize;
                let source = &mut sources[station];
                let key = source.key;
                source.advance();
                *first = Reverse((source.next.to_bits(), about));
                drop(first);
                if busy[station] < self.servers[station] {
                    busy[station] += 1;
                    let customer = Customer { key, station: station as u32, visit: 0 };
                    let number = unused.pop().unwrap_or_else(|| {
                        customers.push(customer);
                        customers.len() as u32 - 1
                    });
                    customers[number as usize] = customer;
                    let end = now + self.stays[station].draw(key, 0);
                    heap.push(Reverse((end.to_bits(), number)));
                } else if self.queues {
                    waiting.push_back(key);
                }
                continue;
            }
            let customer = &mut customers[about as usize];
            let station = customer.station as usize;
            let ways = &self.ways[station];
            let next = if ways.is_empty() {
                None
            } else {
                let at: f64 = draws(customer.key, customer.visit, Draw::Next).random();
                ways.iter().find(|(_, up_to)| at < *up_to).map(|(to, _)| *to)
            };
            if let Some(to) = next {
                busy[station] -= 1;
                busy[to] += 1;
                customer.station = to as u32;
                customer.visit += 1;
                let end = now + self.stays[to].draw(customer.key, customer.visit);
                *first = Reverse((end.to_bits(), about));
            } else if let Some(key) = waiting.pop_front() {
                *customer = Customer { key, station: station as u32, visit: 0 };
                let end = now + self.stays[station].draw(key, 0);
                *first = Reverse((end.to_bits(), about));
            } else {
                busy[station] -= 1;
                unused.push(about);
                std::collections::binary_heap::PeekMut::pop(first);
            }
        }
        (events, heap.len() - sources.len() + waiting.len())
    }
}

/// Draws alone, two events each: a gap, a key, a stay and, where there are transfers, a way on.
fn draws_alone(model: &Model, bare: &Bare, events: u64) -> f64 {
    let mut source = Source::new(model, 0);
    let transfers = !bare.ways[0].is_empty();
    let mut sum = 0.0;
    for _ in 0..events / 2 {
        let key = source.key;
        source.advance();
        sum += bare.stays[0].draw(key, 0);
        if transfers {
            sum += draws(key, 0, Draw::Next).random::<f64>();
        }
    }
    sum + source.next
}

/// The heap alone, at the size that it has in the loop: the first is taken and comes again later,
/// one event each. The times were drawn before.
fn heap_alone(size: usize, later: &[f64], events: u64) -> u64 {
    let mut heap: BinaryHeap<Planned> =
        (0..size).map(|at| Reverse((later[at % later.len()].to_bits(), at as u32))).collect();
    for at in 0..events as usize {
        if let Some(mut first) = heap.peek_mut() {
            let Reverse((bits, about)) = *first;
            let time = f64::from_bits(bits) + later[at % later.len()];
            *first = Reverse((time.to_bits(), about));
        }
    }
    heap.peek().map_or(0, |Reverse((bits, _))| *bits)
}

fn million(speed: f64) -> String {
    format!("{:.1}", speed / 1e6)
}

/// The simulator, with the bare loop and its parts beside it where it can do the model.
fn limit(model: &Model, simulator: &Simulator, events: u64) {
    let mut core = || simulator.run(SEED, 0).events;
    let size = format!("  {events} events");
    if matches!(model.name.as_str(), "net20_bas" | "net20_divert") {
        let [core] = speeds([&mut core]);
        println!("{size}; {} million/s on one core; peak memory {}", million(core), peak());
        return;
    }
    let bare = Bare::new(model);
    let (own, there) = bare.run(model);
    assert_eq!(own, events, "the bare loop sees the same events");
    let planned = there + model.streams.len();
    let mut keys = SEED.keys(0, "heap");
    let later: Vec<f64> = (0..4096).map(|_| bare.stays[0].draw(keys.next(), 0)).collect();
    let [core, by_loop, by_draws, by_heap] = speeds([
        &mut core,
        &mut || black_box(bare.run(model)).0,
        &mut || {
            black_box(draws_alone(model, &bare, events));
            events
        },
        &mut || {
            black_box(heap_alone(planned, &later, events));
            events
        },
    ]);
    println!("{size}; {} million/s on one core; peak memory {}", million(core), peak());
    println!(
        "  bare loop {} million/s: the simulator reaches {:.0} % of it; draws alone {}, heap of {planned} alone {}",
        million(by_loop),
        100.0 * core / by_loop,
        million(by_draws),
        million(by_heap)
    );
}

/// Eight replications on one thread and on two, by the clock.
fn threads(simulator: &Simulator) {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let mut events = 0;
        let start = Instant::now();
        let run = |number| simulator.run(SEED, number).events;
        let merge = |own| {
            events += own;
            false
        };
        pool.install(|| replicate(8, &Control::default(), run, merge));
        events as f64 / start.elapsed().as_secs_f64()
    };
    let (one, two): (Vec<f64>, Vec<f64>) = (0..9).map(|_| (on(1), on(2))).unzip();
    let (one, two) = (median(one), median(two));
    println!(
        "  8 replications by the clock: {} million/s on 1 thread, {} on 2 ({:.2} times)",
        million(one),
        million(two),
        two / one
    );
}

fn models(bench: &mut Criterion) {
    let Some(folder) = folder() else { return };
    println!("{}; seed {}; memory at the start: {}", machine(), SEED.0, peak());
    let mut group = bench.benchmark_group("queueing");
    for name in MODELS {
        let model = read(&folder, name);
        println!(
            "{name}: {} stations, {} streams, until {} {}",
            model.stations.len(),
            model.streams.len(),
            model.horizon,
            model.time_unit.symbol()
        );
        check_theory(&model, &runs(&model));
        let simulator = Simulator::new(&model).expect("a model without faults");
        let events = simulator.run(SEED, 0).events;
        limit(&model, &simulator, events);
        threads(&simulator);
        group.throughput(Throughput::Elements(events));
        group.sample_size(20);
        group.bench_function(name, |bench| {
            bench.iter(|| black_box(simulator.run(SEED, 0)));
        });
    }
    group.finish();
}

/// A desk with one server to which 1,000 customers an hour come, who wait for 1,000 hours on average before they give
/// up: nearly all who come stand in one queue, or have left it from the middle.
fn impatient(hours: f64) -> Model {
    let desk = queueing::Station::new("desk", 1).service(Distribution::Exponential { mean: 1.0 });
    let patience = Distribution::Exponential { mean: 1000.0 };
    let kind = Kind::new("desk").class("patient");
    let stream = ArrivalStream::poisson("all", 1000.0, "desk").kinds([kind]);
    let class = queueing::Class::new("patient").patience(patience);
    let model = Model::new("impatient", TimeUnit::Hours).horizon(hours).class(class);
    model.station(desk).stream(stream)
}

/// Stations in a line that block each other: every end of service looks who is held up.
fn chain(stations: u32) -> Model {
    let mut model = Model::new("chain", TimeUnit::Hours).horizon(2e6 / f64::from(stations));
    for number in 0..stations {
        let key = format!("s{number}");
        let mut station = queueing::Station::new(key.as_str(), 1)
            .service(Distribution::Exponential { mean: 1.0 })
            .waiting_room(WaitingRoom::None);
        if number + 1 < stations {
            let next = format!("s{}", number + 1);
            let branch = Branch::new(1.0, next.as_str()).when_full(WhenFull::Block);
            station = station.route(Route::new([branch]));
        }
        let stream = ArrivalStream::poisson(format!("from{number}").as_str(), 0.5, key.as_str());
        model = model.station(station).stream(stream);
    }
    model
}

/// Whether the time of an event grows with the queue, or with the number of stations.
fn growth() {
    let sizes = [
        ("patience, 300 h", impatient(300.0)),
        ("patience, 3,000 h", impatient(3000.0)),
        ("20 stations that block", chain(20)),
        ("2,000 stations that block", chain(2000)),
    ];
    for (what, model) in sizes {
        let simulator = Simulator::new(&model).expect("a model without faults");
        assert_eq!(simulator.run(SEED, 0).faults(), Vec::<String>::new(), "{what}");
        let start = Instant::now();
        let run = black_box(simulator.run(SEED, 0));
        // Who gives up is an event, too.
        let reneged: u64 = run.stations.iter().map(|station| station.reneged).sum();
        let events = run.events + reneged;
        let speed = events as f64 / start.elapsed().as_secs_f64();
        println!("{what}: {events} events, {} million/s", million(speed));
    }
}

/// One figure of a replication; `None` for the station is the whole model.
type Figures = Vec<(&'static str, Option<usize>, f64)>;

/// The figures that `peer_queueing.py` lists, of one replication.
fn figures(name: &str, run: &Run, servers: f64) -> Figures {
    let mut found = Figures::new();
    let stations: Vec<Vec<&StationRun>> = run.stations.iter().map(|one| vec![one]).collect();
    let whole: Vec<&StationRun> = run.stations.iter().collect();
    let mut rows = vec![(None, whole)];
    if stations.len() > 1 {
        rows.extend(stations.into_iter().enumerate().map(|(at, row)| (Some(at), row)));
    }
    for (station, row) in rows {
        let sum = |of: fn(&StationRun) -> f64| row.iter().map(|one| of(one)).sum::<f64>();
        let mut add = |figure, value| found.push((figure, station, value));
        if name == "mmc" {
            let started = sum(|one| one.started as f64);
            add("p_wait", sum(|one| one.waited as f64) / started);
            add("Wq", sum(|one| one.waiting_time) / started);
            add("Lq", sum(|one| one.queue_area) / run.window);
            add("utilisation", sum(|one| one.busy_area) / run.window / servers);
            continue;
        }
        add("census", sum(|one| one.busy_area) / run.window);
        if name == "net20_inf" {
            continue;
        }
        let asked = sum(|one| one.asked as f64);
        add("share_lost", sum(|one| one.lost as f64) / asked);
        if name == "mgcc" {
            continue;
        }
        let (blocked, area) = (sum(|one| one.blocked as f64), sum(|one| one.blocked_area));
        add("blocked", blocked / run.window);
        add("blocked_beds", area / run.window);
        if station.is_none() {
            add("blocked_time", if blocked > 0.0 { area / blocked } else { 0.0 });
        }
        if name == "net20_divert" {
            add("share_diverted", sum(|one| one.diverted as f64) / asked);
            if station.is_some() {
                add("diverted_in", sum(|one| one.received as f64) / run.window);
            }
        }
    }
    found
}

/// Writes the figures of all models.
fn write_figures(path: &str) {
    let Some(folder) = folder() else { return };
    let mut rows: Vec<Value> = Vec::new();
    for name in MODELS {
        let model = read(&folder, name);
        let servers = match model.stations[0].servers {
            Servers::Finite(servers) => f64::from(servers),
            Servers::Infinite => f64::INFINITY,
        };
        let all: Vec<Figures> =
            runs(&model).iter().map(|run| figures(name, run, servers)).collect();
        for (at, (figure, station, _)) in all[0].iter().enumerate() {
            let values: Vec<f64> = all.iter().map(|own| own[at].2).collect();
            let found = Interval::of(&values).expect("every figure is a number");
            rows.push(json!({
                "model": name, "figure": figure,
                "station": station.map(|at| model.stations[at].key.clone()),
                "mean": found.mean, "half_width": found.half_width,
            }));
        }
    }
    let text = serde_json::to_string_pretty(&rows).expect("plain numbers");
    std::fs::write(path, text + "\n").expect("the file can be written");
    println!("{} figures of {REPLICATIONS} replications in {path}", rows.len());
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|one| one == "--figures") {
        write_figures(arguments.get(at + 1).expect("--figures FILE"));
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    growth();
    models(&mut criterion);
    criterion.final_summary();
}
