//! What a queueing network is made of.

use std::sync::Arc;

use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::Distribution;
use crate::calendar::Hours;
use crate::random::{Draw, draws};

/// The unit of every time and rate of a model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeUnit {
    /// Seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Minutes.
    #[serde(rename = "min")]
    Minutes,
    /// Hours.
    #[default]
    #[serde(rename = "h")]
    Hours,
    /// Days of 24 hours.
    #[serde(rename = "d")]
    Days,
    /// Weeks of 7 days.
    #[serde(rename = "w")]
    Weeks,
}

impl TimeUnit {
    /// Hours of one unit.
    pub fn hours(self) -> f64 {
        match self {
            Self::Seconds => 1.0 / 3600.0,
            Self::Minutes => 1.0 / 60.0,
            Self::Hours => 1.0,
            Self::Days => 24.0,
            Self::Weeks => 168.0,
        }
    }

    /// As files write it.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Minutes => "min",
            Self::Hours => "h",
            Self::Days => "d",
            Self::Weeks => "w",
        }
    }
}

/// What happens when a set of stations blocks itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deadlock {
    /// The customers of a cycle swap their servers, without set-up. Of several customers of a station, the one of the
    /// cycle is whoever wants into the station that comes first in the model; of several of these, who has been blocked longest.
    #[default]
    Swap,
    /// The run ends; its result names the cycle.
    Stop,
}

/// A queueing network with the time that it runs for.
///
/// Made in code ([`Model::new`], [`Station::new`], [`ArrivalStream::poisson`]), or read from the text of a file
/// ([`Model::parse`], [`Model::read`]). Nothing is checked before [`Model::check`], which
/// [`Simulator::new`](super::Simulator::new) calls: then every fault is told at once, with the entity, the value and
/// the closest known key.
///
/// Time 0 is the Monday 0:00 and the first day of the year, unless `starts_at_hour` and
/// `starts_on_day` say otherwise; only what varies with the time looks at them.
///
/// ```
/// use verbund::queueing::{
///     ArrivalStream, Branch, Distribution, Model, Route, Simulator, Station, TimeUnit, WaitingRoom,
/// };
/// use verbund::random::Seed;
///
/// // Three rooms of triage, then for six of ten patients a ward of ten beds without a waiting room: a patient who
/// // finds no bed keeps the room until one is free.
/// let triage = Station::new("triage", 3)
///     .service(Distribution::Lognormal { mean: 0.05, cv: 1.0 })
///     .route(Route::new([Branch::new(0.6, "ward")]));
/// let ward = Station::new("ward", 10)
///     .service(Distribution::Exponential { mean: 4.0 })
///     .waiting_room(WaitingRoom::None);
/// let model = Model::new("hospital", TimeUnit::Days)
///     .warm_up(30.0)
///     .horizon(3680.0)
///     .station(triage)
///     .station(ward)
///     .stream(ArrivalStream::poisson("patients", 3.5, "triage"));
///
/// let run = Simulator::new(&model)?.run(Seed(1), 0);
/// assert!(run.stations[0].blocked > 0);
/// // 3.5 a day, 0.6 of them, 4 days each: Little's law says 8.4 beds.
/// assert!((run.stations[1].mean_busy(run.window) - 8.4).abs() < 0.5);
/// # Ok::<(), verbund::problem::Problems>(())
/// ```
///
/// # What it costs
///
/// A run takes time by its events (arrivals and ends of service): the models of
/// [`guide::performance`](crate::guide::performance) do 17 to 31 million a second of one core. Its memory grows with the
/// customers who are there at one time, not with the horizon; with more than 2^24 of them, about 2 GiB, it ends and says
/// so ([`Run::overcrowded`](super::Run::overcrowded)). A clone copies all stations and streams; a
/// [`Simulator`](super::Simulator) keeps one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// The unit of every time and rate.
    pub time_unit: TimeUnit,
    /// When statistics start, 0 or more.
    pub warm_up: f64,
    /// When the run ends, after the warm-up.
    pub horizon: f64,
    /// Hour of the week of time 0, from 0 (Monday 0:00) to 167.
    #[serde(skip_serializing_if = "is_default")]
    pub starts_at_hour: u32,
    /// Day of the year of time 0, from 0 to 364.
    #[serde(skip_serializing_if = "is_default")]
    pub starts_on_day: u32,
    /// What happens in a deadlock.
    #[serde(skip_serializing_if = "is_default")]
    pub deadlock: Deadlock,
    /// Stations.
    pub stations: Vec<Station>,
    /// Classes of customers; every class that is named elsewhere must be here.
    #[serde(skip_serializing_if = "is_default")]
    pub classes: Vec<Class>,
    /// Streams of arrivals.
    pub streams: Vec<ArrivalStream>,
    /// Customers who are there at the start.
    #[serde(skip_serializing_if = "is_default")]
    pub present: Vec<Present>,
    /// How long customers of a class are served at one station, where that differs from what their class says.
    #[serde(skip_serializing_if = "is_default")]
    pub services: Vec<StationService>,
    /// Teams that are needed to get in.
    #[serde(skip_serializing_if = "is_default")]
    pub teams: Vec<Team>,
    /// What happens at a moment.
    #[serde(skip_serializing_if = "is_default")]
    pub changes: Vec<Change>,
}

/// How many servers there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Servers {
    /// So many, at least one.
    Finite(u32),
    /// Always one more.
    Infinite,
}

/// Who gets a server that gets free, of those who are blocked elsewhere for the station and those who wait there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceOrder {
    /// Those who are blocked, as they hold a server that others may need; then those who wait.
    #[default]
    BlockedFirst,
    /// First come, first served: of the one who has been blocked longest and the next one of the waiting room (by
    /// priority), the one who has asked for the station for longer.
    FirstCome,
}

/// How many customers can wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaitingRoom {
    /// None.
    None,
    /// So many.
    Finite(u32),
    /// Any number.
    #[default]
    Infinite,
}

/// Servers in some hours of the week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// In which hours.
    pub hours: Hours,
    /// How many, 0 or more.
    pub servers: u32,
}

/// Servers that are missing, drawn anew in every period.
///
/// The missing share of a period is `mean x (1 + cv x Z)`, Z standard normal, kept from 0 to 0.9. The
/// stations of a `pool` level it: each takes the mean of all their shares, weighted by servers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// Mean missing share, 0 or more, below 0.9.
    pub mean: f64,
    /// Coefficient of variation, 0 or more.
    pub cv: f64,
    /// Length of a period, above 0.
    pub every: f64,
    /// Name of the pool.
    #[serde(default, skip_serializing_if = "is_default")]
    pub pool: Option<String>,
    /// Whether parts of a server that rounding takes or gives are made up for in the next periods, so that the mean
    /// holds for few servers, too: of 6 with a mean of 0.05 one is missing in three of ten periods. Without it, none ever is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub carries: bool,
}

/// Where a customer goes who finds a station full.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternate {
    /// Key of the station; a file must have it.
    pub to: String,
    /// Most customers at a time who are there by this way; `None` for any number.
    #[serde(default, skip_serializing_if = "is_default")]
    pub at_most: Option<u32>,
    /// Ways of the same group into the same station are counted together: all who are there by any of them are held
    /// against the limit of each. Empty for a way that is counted alone.
    #[serde(default, skip_serializing_if = "is_default")]
    pub group: String,
    /// Share by which every service there is longer than at the customer's own station, 0 or more.
    #[serde(default, skip_serializing_if = "is_default")]
    pub extra: f64,
    /// Only for customers who come without an appointment.
    #[serde(default, skip_serializing_if = "is_default")]
    pub without_appointment: bool,
    /// Only for customers whom the station would let in if it had a free server: while it is closed, diverts, or misses
    /// its team alone, nobody goes this way.
    #[serde(default, skip_serializing_if = "is_default")]
    pub only_full: bool,
    /// In which hours of the week.
    #[serde(default, skip_serializing_if = "is_default")]
    pub hours: Hours,
    /// From when on; `None` for the start.
    #[serde(default, skip_serializing_if = "is_default")]
    pub from: Option<f64>,
    /// Until when, exclusive; `None` for the end.
    #[serde(default, skip_serializing_if = "is_default")]
    pub until: Option<f64>,
    /// A name for the results; empty for none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub label: String,
}

/// Servers that serve one customer each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Station {
    /// Written key, unique.
    pub key: String,
    /// Name of the site that it shares with other stations; those who find it full are then counted that another one
    /// there had a free server for ([`super::StationRun::free_beside`]).
    #[serde(skip_serializing_if = "is_default")]
    pub site: Option<String>,
    /// Servers.
    pub servers: Servers,
    /// Hours of the week with other numbers of servers; the first that has an hour counts, up to a change of the
    /// servers ([`ChangeKind::Servers`]).
    #[serde(skip_serializing_if = "is_default")]
    pub shifts: Vec<Shift>,
    /// Servers that are missing.
    #[serde(skip_serializing_if = "is_default")]
    pub absence: Option<Absence>,
    /// When customers are let in.
    #[serde(skip_serializing_if = "is_default")]
    pub hours: Hours,
    /// How many can wait.
    pub waiting_room: WaitingRoom,
    /// Whether those who are blocked for it come before those who wait.
    #[serde(skip_serializing_if = "is_default")]
    pub order: ServiceOrder,
    /// How long a service takes, for classes that do not say so themselves.
    #[serde(skip_serializing_if = "is_default")]
    pub service: Option<Distribution>,
    /// How long a server is made ready after each service.
    #[serde(skip_serializing_if = "is_default")]
    pub set_up: Option<Distribution>,
    /// Where arriving customers go, in this order, when it is full.
    #[serde(skip_serializing_if = "is_default")]
    pub alternates: Vec<Alternate>,
    /// Where customers go after service.
    #[serde(skip_serializing_if = "is_default")]
    pub routes: Vec<Route>,
    /// Key of the team that is needed to get in from outside.
    #[serde(skip_serializing_if = "is_default")]
    pub team: Option<String>,
}

impl Default for Station {
    fn default() -> Self {
        Self {
            key: String::new(),
            site: None,
            servers: Servers::Infinite,
            shifts: Vec::new(),
            absence: None,
            hours: Hours::ALWAYS,
            waiting_room: WaitingRoom::Infinite,
            order: ServiceOrder::BlockedFirst,
            service: None,
            set_up: None,
            alternates: Vec::new(),
            routes: Vec::new(),
            team: None,
        }
    }
}

/// Where customers of a class go after service: one of the branches that hold at the moment, by
/// their shares; the others take `rest` or, without one, leave.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Route {
    /// Key of the class; `None` for all classes without a route of their own.
    #[serde(skip_serializing_if = "is_default")]
    pub class: Option<String>,
    /// The branches; the shares of those that hold at one time sum to at most 1.
    pub branches: Vec<Branch>,
    /// What the others do; its share and its time do not count. `None`: they leave.
    #[serde(skip_serializing_if = "is_default")]
    pub rest: Option<Branch>,
}

/// One way on after service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Share of the customers, 0 to 1; all of them where a file does not say it.
    #[serde(default = "all_customers")]
    pub share: f64,
    /// Where to; a file must have it, as a branch to nobody's choice would quietly be one that stays at home.
    pub to: Target,
    /// Stations that are tried in this order when that one has no free server.
    #[serde(default, skip_serializing_if = "is_default")]
    pub then: Vec<String>,
    /// Whether the alternates of that first station are asked, too, before `when_full` counts.
    #[serde(default, skip_serializing_if = "is_default")]
    pub alternates: bool,
    /// Their class from then on; `None` for the same.
    #[serde(default, skip_serializing_if = "is_default")]
    pub class: Option<String>,
    /// What happens when all are full.
    #[serde(default, skip_serializing_if = "is_default")]
    pub when_full: WhenFull,
    /// In which hours of the week.
    #[serde(default, skip_serializing_if = "is_default")]
    pub hours: Hours,
    /// From when on; `None` for the start.
    #[serde(default, skip_serializing_if = "is_default")]
    pub from: Option<f64>,
    /// Until when, exclusive; `None` for the end.
    #[serde(default, skip_serializing_if = "is_default")]
    pub until: Option<f64>,
    /// A name for the results; empty for none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub label: String,
}

/// For files that do not say which share takes a branch.
fn all_customers() -> f64 {
    1.0
}

impl Default for Branch {
    fn default() -> Self {
        Self {
            share: all_customers(),
            to: Target::Home,
            then: Vec::new(),
            alternates: false,
            class: None,
            when_full: WhenFull::Wait,
            hours: Hours::ALWAYS,
            from: None,
            until: None,
            label: String::new(),
        }
    }
}

/// Where a branch leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// To a station.
    Station(String),
    /// To the customer's home: what the preference says, else the station where it was let in first.
    /// A customer who is there already goes on at the same server and does not count as having taken the branch.
    Home,
    /// Nowhere else: another service follows at the same server.
    Here,
}

/// What happens to a customer who finds no free server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhenFull {
    /// Waits, while the waiting room has a place. Otherwise a customer from outside is lost, and
    /// one from a station is blocked there.
    #[default]
    Wait,
    /// Waits at the first choice rather than go to one of the preference's `then`; when its waiting
    /// room is full, the next ones are asked for a free server or a place to wait (from outside only).
    WaitFirst,
    /// Never waits: lost, or leaves.
    Leave,
    /// Is blocked at the station where it is (branches only).
    Block,
    /// Gets in all the same.
    Force,
    /// Goes on where it is, with the branch's class (branches only).
    Stay,
}

/// Customers who are treated alike.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Class {
    /// Written key, unique.
    pub key: String,
    /// Waiting customers are served by rising priority.
    #[serde(skip_serializing_if = "is_default")]
    pub priority: u8,
    /// By how much the priority of one who waits falls in a unit of time, 0 or more: so that those of a late priority
    /// overtake after a while (accumulating priority). 0 for a priority that stays. Of equal priorities, the one goes
    /// first whose class had the lower one at the start, then the one who came first.
    #[serde(skip_serializing_if = "is_default")]
    pub ageing: f64,
    /// How long it waits at most; then it leaves (reneging).
    #[serde(skip_serializing_if = "is_default")]
    pub patience: Option<Distribution>,
    /// Who of those from outside that gave up waiting comes again, and when; `None` for nobody.
    #[serde(skip_serializing_if = "is_default")]
    pub comes_again: Option<ComesAgain>,
    /// How long a service takes, wherever it is.
    #[serde(skip_serializing_if = "is_default")]
    pub service: Option<Distribution>,
    /// Relative ends of services by hour of the week (168 from Monday 0:00 on, or 24 of every day), 0 or more, not all of them 0.
    /// Empty: a service ends whenever its length is over.
    ///
    /// A service then ends on the day on which its length is over, at a moment that is drawn by the hours of that day;
    /// on a day with fewer ends than the day with most it does so by their proportion only, and else, with equal chances,
    /// on one of the days before or behind. It never ends before it started: what would lies a day later.
    #[serde(skip_serializing_if = "is_default")]
    pub ends: Vec<f64>,
}

/// Customers who gave up waiting and ask once more, at the station where they waited: they are let in at once, wait once
/// more with their patience anew, or, where there is no place to wait either, are lost. They need the same service as
/// before, and each time it is drawn anew whether they come again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComesAgain {
    /// Share of those who gave up, 0 to 1.
    pub share: f64,
    /// How long after that they ask again.
    pub after: Distribution,
}

/// Customers who arrive from outside.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename = "Stream", deny_unknown_fields, default)]
pub struct ArrivalStream {
    /// Written key, unique; the random numbers of the stream hang on it.
    pub key: String,
    /// When they arrive.
    pub arrivals: Arrivals,
    /// What they are; the shares sum to 1.
    pub kinds: Vec<Kind>,
    /// Share of the arrivals that come at all, step by step from 0 to 1; all come before and after. Who
    /// comes is a part of those who would.
    #[serde(skip_serializing_if = "is_default")]
    pub keeps: Option<Curve>,
    /// Whether to count at which stations its customers get in ([`super::StreamRun::taken`]).
    #[serde(skip_serializing_if = "is_default")]
    pub track: bool,
}

/// When customers arrive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Arrivals {
    /// At random: a Poisson process.
    Poisson {
        /// Mean arrivals per unit of time, above 0.
        rate: f64,
        /// Relative rates of the 168 hours of the week, or of the 24 of a day; empty for even.
        #[serde(default, skip_serializing_if = "is_default")]
        week: Vec<f64>,
        /// Relative rates of equal parts of the year of 365 days (12, 52, 365 ...), by whole days;
        /// the mean over the days of a year is `rate`. Empty for even.
        #[serde(default, skip_serializing_if = "is_default")]
        year: Vec<f64>,
        /// Only in this time.
        #[serde(default, skip_serializing_if = "is_default")]
        curve: Option<Curve>,
    },
    /// At these times, in rising order.
    Replay(Vec<f64>),
    /// So, but several at a time: each arrival is a batch of customers, who come one behind the other at one moment.
    /// Each of them is of a kind of its own.
    Batches {
        /// When batches come; no batches themselves.
        of: Box<Arrivals>,
        /// Shares of the batches that have 1, 2, 3 ... customers, 0 to 1; they sum to 1. At most 1,000.
        sizes: Vec<f64>,
    },
}

impl Arrivals {
    /// Customers who are expected up to a time.
    pub fn expected(&self, until: f64) -> f64 {
        match self {
            Self::Poisson { rate, .. } => rate * until,
            Self::Replay(times) => times.len() as f64,
            Self::Batches { of, sizes } => {
                let mut mean = 0.0;
                for (size, share) in (1_u32..).zip(sizes) {
                    mean += f64::from(size) * share;
                }
                of.expected(until) * mean
            }
        }
    }
}

impl Default for Arrivals {
    fn default() -> Self {
        Self::Replay(Vec::new())
    }
}

/// Factors on a rate, step by step; as part of [`Arrivals`] nobody arrives before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// Start of the first step.
    pub from: f64,
    /// Length of a step, above 0.
    pub step: f64,
    /// Factor of each step, 0 or more.
    pub factors: Vec<f64>,
}

impl Model {
    /// The labels of all alternates, in the order of [`super::Run::alternates`].
    pub fn alternate_labels(&self) -> impl Iterator<Item = &str> {
        let alternates = self.stations.iter().flat_map(|station| &station.alternates);
        alternates.map(|alternate| alternate.label.as_str())
    }

    /// Each branch with the position of its station, in the order of [`super::Run::branches`].
    pub fn all_branches(&self) -> impl Iterator<Item = (usize, &Branch)> {
        self.stations.iter().enumerate().flat_map(|(number, station)| {
            let routes = station.routes_in_order();
            let branches = routes.flat_map(|route| route.branches.iter().chain(&route.rest));
            branches.map(move |branch| (number, branch))
        })
    }
}

impl Station {
    /// Its routes, those of all classes first, so that those of one class come after them and count.
    pub(super) fn routes_in_order(&self) -> impl Iterator<Item = &Route> {
        let of_all = self.routes.iter().filter(|route| route.class.is_none());
        let of_one = self.routes.iter().filter(|route| route.class.is_some());
        of_all.chain(of_one)
    }
}

impl Curve {
    /// The factor at a time; `None` before and after.
    pub(crate) fn at(&self, time: f64) -> Option<f64> {
        let step = (time - self.from) / self.step;
        (step >= 0.0).then(|| self.factors.get(step as usize).copied()).flatten()
    }

    /// Whether a customer comes, where the factors are shares.
    pub(super) fn lets_come(&self, time: f64, key: u64) -> bool {
        self.at(time).is_none_or(|share| draws(key, 0, Draw::Comes).random::<f64>() < share)
    }
}

/// A part of a stream's customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Kind {
    /// Share of the stream's customers, 0 to 1.
    pub share: f64,
    /// Key of their class; `None` for customers without a class.
    #[serde(skip_serializing_if = "is_default")]
    pub class: Option<String>,
    /// Where they go: the first that holds at the moment counts; without one they are lost.
    pub preferences: Vec<Preference>,
    /// What happens when all stations are full.
    #[serde(skip_serializing_if = "is_default")]
    pub when_full: WhenFull,
    /// Whether they come by appointment: a station that diverts lets them in.
    #[serde(skip_serializing_if = "is_default")]
    pub by_appointment: bool,
}

impl Default for Kind {
    fn default() -> Self {
        Self {
            share: 1.0,
            class: None,
            preferences: Vec::new(),
            when_full: WhenFull::Wait,
            by_appointment: false,
        }
    }
}

/// Where customers go.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Preference {
    /// Stations with their weights, above 0: one of them is the first choice. A large model has very many
    /// of these, so that they share the keys.
    pub first: Vec<(Arc<str>, f64)>,
    /// Stations that are tried in this order when the first choice and its alternates are full.
    #[serde(skip_serializing_if = "is_default")]
    pub then: Vec<Arc<str>>,
    /// Whether, of `then`, the station with the largest share of free servers is tried first (of equal ones the first), in place of
    /// their order. Those who wait, or are forced in, keep the order.
    #[serde(skip_serializing_if = "is_default")]
    pub least_full: bool,
    /// The customer's home, for [`Target::Home`].
    #[serde(skip_serializing_if = "is_default")]
    pub home: Option<Arc<str>>,
    /// In which hours of the week.
    #[serde(skip_serializing_if = "is_default")]
    pub hours: Hours,
    /// From when on; `None` for the start.
    #[serde(skip_serializing_if = "is_default")]
    pub from: Option<f64>,
    /// Until when, exclusive; `None` for the end.
    #[serde(skip_serializing_if = "is_default")]
    pub until: Option<f64>,
}

/// Customers who are there at the start, as if they had come before.
///
/// The number of those in service is Poisson, and what is left of each service is what a service that goes
/// on has left at a random moment (its stationary excess): so are those of a station with enough servers in
/// the long run (M/G/infinity; Eick, Massey & Whitt 1993, Operations Research 41(4), 731-742). Where there
/// are fewer free servers than customers, the last ones are not there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Present {
    /// Key of the station.
    pub station: String,
    /// Key of their class; `None` in a model without classes.
    #[serde(skip_serializing_if = "is_default")]
    pub class: Option<String>,
    /// Mean number of those in service, 0 or more. Of a model, at most ten million are there.
    pub mean: f64,
    /// How many wait, as far as the waiting room has places for them: from the start on.
    #[serde(skip_serializing_if = "is_default")]
    pub waiting: u32,
    /// How many more are in service for certain, whether or not a server is free for them; what is left of each
    /// service is what it has at a random moment.
    #[serde(skip_serializing_if = "is_default")]
    pub certain: u32,
    /// Those of whom it is known how long they have been served, 0 or more each: in service for certain as well, with
    /// what is left under the condition that it lasts longer than that.
    #[serde(skip_serializing_if = "is_default")]
    pub so_far: Vec<f64>,
    /// What their random numbers hang on; `None` for the keys of station and class with a slash between.
    #[serde(skip_serializing_if = "is_default")]
    pub key: Option<String>,
}

/// How long customers of a class are served at one station, whatever their class and the station say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StationService {
    /// Key of the station.
    pub station: String,
    /// Key of the class.
    pub class: String,
    /// How long.
    pub service: Distribution,
}

/// A team that lets customers in: each entry from outside keeps one of its members busy. A customer who
/// finds a free server but nobody of the team goes elsewhere; a waiting one is let in when somebody is free, or when
/// the hours end in which the team is needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Written key, unique.
    pub key: String,
    /// Members, at least one.
    pub members: u32,
    /// How long an entry keeps a member busy, above 0.
    pub busy: f64,
    /// Hours in which it is needed; in the others, customers get in without it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub hours: Hours,
}

/// Something that happens at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// When, from 0 to the horizon.
    pub at: f64,
    /// Key of the station.
    pub station: String,
    /// What happens to it.
    pub change: ChangeKind,
}

/// What happens to a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeKind {
    /// It lets nobody in.
    Close,
    /// It lets in customers who come by appointment or from another station.
    Divert,
    /// It lets everybody in.
    Open,
    /// It has another number of servers from then on, until the next such change: its shifts count no more. Customers
    /// in service stay to the end of the service. Absence still takes its share of them.
    Servers(u32),
    /// It has its usual servers again, after such a change: by its shifts, where it has them.
    UsualServers,
}

/// For `skip_serializing_if`: leave out what has its default value.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
