//! Models made in code: a constructor for each part, and setters that read like a sentence.
//!
//! All fields are public, too; what is not set has the default that a file has.

use std::sync::Arc;

use super::Distribution;
use super::model::{
    Absence, Alternate, ArrivalStream, Arrivals, Branch, Change, Class, Curve, Kind, Model,
    Preference, Present, Route, Servers, ServiceOrder, Shift, Station, Target, Team, TimeUnit,
    WaitingRoom, WhenFull,
};
use crate::calendar::Hours;

impl Model {
    /// A model without stations and arrivals, whose times and rates are in this unit.
    ///
    /// ```
    /// use verbund::queueing::{ArrivalStream, Distribution, Model, Station, TimeUnit};
    ///
    /// let model = Model::new("desk", TimeUnit::Hours)
    ///     .warm_up(100.0)
    ///     .horizon(1100.0)
    ///     .station(Station::new("desk", 2).service(Distribution::Exponential { mean: 0.5 }))
    ///     .stream(ArrivalStream::poisson("customers", 3.0, "desk"));
    /// assert!(model.check().is_empty());
    /// ```
    pub fn new(name: impl Into<String>, time_unit: TimeUnit) -> Self {
        Self { name: name.into(), time_unit, ..Self::default() }
    }

    /// Starts the statistics so many units of time after the start, 0 or more.
    #[must_use]
    pub fn warm_up(mut self, warm_up: f64) -> Self {
        self.warm_up = warm_up;
        self
    }

    /// Ends the run so many units of time after the start, later than the warm-up.
    #[must_use]
    pub fn horizon(mut self, horizon: f64) -> Self {
        self.horizon = horizon;
        self
    }

    /// Adds a station.
    #[must_use]
    pub fn station(mut self, station: Station) -> Self {
        self.stations.push(station);
        self
    }

    /// Adds a class of customers.
    #[must_use]
    pub fn class(mut self, class: Class) -> Self {
        self.classes.push(class);
        self
    }

    /// Adds a stream of arrivals.
    #[must_use]
    pub fn stream(mut self, stream: ArrivalStream) -> Self {
        self.streams.push(stream);
        self
    }

    /// Adds customers who are there at the start.
    #[must_use]
    pub fn present(mut self, present: Present) -> Self {
        self.present.push(present);
        self
    }

    /// Adds a team.
    #[must_use]
    pub fn team(mut self, team: Team) -> Self {
        self.teams.push(team);
        self
    }

    /// Adds a change at a moment.
    #[must_use]
    pub fn change(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }
}

impl From<u32> for Servers {
    /// So many.
    fn from(servers: u32) -> Self {
        Self::Finite(servers)
    }
}

impl Station {
    /// A station that is always open, with any number of places to wait, from which customers leave the network.
    /// Without [`Self::service`], every class must say how long its service takes.
    pub fn new(key: impl Into<String>, servers: impl Into<Servers>) -> Self {
        Self { key: key.into(), servers: servers.into(), ..Self::default() }
    }

    /// Sets how long a service takes, for classes that do not say so themselves.
    #[must_use]
    pub fn service(mut self, service: Distribution) -> Self {
        self.service = Some(service);
        self
    }

    /// Sets how many can wait.
    #[must_use]
    pub fn waiting_room(mut self, places: WaitingRoom) -> Self {
        self.waiting_room = places;
        self
    }

    /// Sets whether those who are blocked for it come before those who wait.
    #[must_use]
    pub fn order(mut self, order: ServiceOrder) -> Self {
        self.order = order;
        self
    }

    /// Sets how long a server is made ready after each service.
    #[must_use]
    pub fn set_up(mut self, set_up: Distribution) -> Self {
        self.set_up = Some(set_up);
        self
    }

    /// Lets customers in in these hours of the week only.
    #[must_use]
    pub fn hours(mut self, hours: Hours) -> Self {
        self.hours = hours;
        self
    }

    /// Sets the number of servers in some hours of the week; the first shift that has an hour counts.
    #[must_use]
    pub fn shift(mut self, hours: Hours, servers: u32) -> Self {
        self.shifts.push(Shift { hours, servers });
        self
    }

    /// Sets how many servers are missing.
    #[must_use]
    pub fn absence(mut self, absence: Absence) -> Self {
        self.absence = Some(absence);
        self
    }

    /// Adds a station to which customers go when this one is full; the first that has a free server takes them.
    #[must_use]
    pub fn alternate(mut self, alternate: Alternate) -> Self {
        self.alternates.push(alternate);
        self
    }

    /// Adds a route of customers after service.
    #[must_use]
    pub fn route(mut self, route: Route) -> Self {
        self.routes.push(route);
        self
    }

    /// Asks for a team, by its key, that is needed to get in from outside.
    #[must_use]
    pub fn team(mut self, team: impl Into<String>) -> Self {
        self.team = Some(team.into());
        self
    }
}

impl Alternate {
    /// A station that always takes any number of customers, as far as it has free servers.
    pub fn new(to: impl Into<String>) -> Self {
        Self { to: to.into(), ..Self::default() }
    }
}

impl Route {
    /// Where all classes without a route of their own go.
    pub fn new(branches: impl Into<Vec<Branch>>) -> Self {
        Self { branches: branches.into(), ..Self::default() }
    }

    /// Restricts the route to one class.
    #[must_use]
    pub fn class(mut self, class: impl Into<String>) -> Self {
        self.class = Some(class.into());
        self
    }
}

impl Branch {
    /// A share of the customers, 0 to 1, goes to a station and waits there when it is full.
    pub fn new(share: f64, station: impl Into<String>) -> Self {
        Self { share, to: Target::Station(station.into()), ..Self::default() }
    }

    /// Sets what happens when the station is full.
    #[must_use]
    pub fn when_full(mut self, when_full: WhenFull) -> Self {
        self.when_full = when_full;
        self
    }
}

impl Class {
    /// A class that is served first of all, with the service of the station, and that never gives up waiting.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }

    /// Sets the priority: waiting customers are served by rising numbers.
    #[must_use]
    pub fn priority(mut self, priority: u8) -> Self {
        self.priority = priority;
        self
    }

    /// Sets by how much the priority of one who waits falls in a unit of the model's time, 0 or more.
    #[must_use]
    pub fn ageing(mut self, ageing: f64) -> Self {
        self.ageing = ageing;
        self
    }

    /// Sets how long customers wait at most; then they leave.
    #[must_use]
    pub fn patience(mut self, patience: Distribution) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Sets which share, 0 to 1, of those who gave up waiting asks again, and how long after that.
    #[must_use]
    pub fn comes_again(mut self, share: f64, after: Distribution) -> Self {
        self.comes_again = Some(super::ComesAgain { share, after });
        self
    }

    /// Sets how long a service takes, wherever it is.
    #[must_use]
    pub fn service(mut self, service: Distribution) -> Self {
        self.service = Some(service);
        self
    }
}

impl ArrivalStream {
    /// Customers without a class who come at random (a Poisson process) to a station: so many on average in a unit
    /// of the model's time, above 0. They wait when it is full.
    pub fn poisson(key: impl Into<String>, rate: f64, station: impl Into<Arc<str>>) -> Self {
        let arrivals = Arrivals::Poisson { rate, week: Vec::new(), year: Vec::new(), curve: None };
        Self { key: key.into(), arrivals, ..Self::default() }.kind(Kind::new(station))
    }

    /// Customers without a class who come to a station at these times, in rising order. They wait when it is full.
    pub fn replay(
        key: impl Into<String>,
        times: impl Into<Vec<f64>>,
        station: impl Into<Arc<str>>,
    ) -> Self {
        let arrivals = Arrivals::Replay(times.into());
        Self { key: key.into(), arrivals, ..Self::default() }.kind(Kind::new(station))
    }

    /// Lets them come in batches: the shares of those of 1, 2, 3 ... customers, which sum to 1.
    #[must_use]
    pub fn batches(mut self, sizes: impl Into<Vec<f64>>) -> Self {
        let alone = Box::new(self.arrivals);
        self.arrivals = Arrivals::Batches { of: alone, sizes: sizes.into() };
        self
    }

    /// Sets the kinds of customers, in place of those so far; their shares sum to 1.
    #[must_use]
    pub fn kinds(mut self, kinds: impl Into<Vec<Kind>>) -> Self {
        self.kinds = kinds.into();
        self
    }

    /// Adds a kind of customers.
    #[must_use]
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kinds.push(kind);
        self
    }

    /// Lets only the share of the customers come that the curve says.
    #[must_use]
    pub fn keeps(mut self, keeps: Curve) -> Self {
        self.keeps = Some(keeps);
        self
    }
}

impl Kind {
    /// All customers, without a class, whose first choice is a station. They wait when it is full.
    pub fn new(station: impl Into<Arc<str>>) -> Self {
        let first = vec![(station.into(), 1.0)];
        let preference = Preference { first, ..Preference::default() };
        Self { preferences: vec![preference], ..Self::default() }
    }

    /// Sets their share of the stream's customers, 0 to 1.
    #[must_use]
    pub fn share(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// Sets their class.
    #[must_use]
    pub fn class(mut self, class: impl Into<String>) -> Self {
        self.class = Some(class.into());
        self
    }

    /// Sets what happens when the stations are full.
    #[must_use]
    pub fn when_full(mut self, when_full: WhenFull) -> Self {
        self.when_full = when_full;
        self
    }
}
