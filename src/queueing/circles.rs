//! Customers who would go in circles while no time passes: such a run would never end.

use std::collections::{BTreeSet, HashMap};

use super::Distribution;
use super::clock::WEEK;
use super::model::{Branch, Model, Route, Target, WhenFull};

/// Where a customer is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// Position of the station.
    station: usize,
    /// Position of the class; 0 without classes.
    class: usize,
}

/// Below this part, shares are taken for rounding.
const TOLERANCE: f64 = 1e-9;

/// Where customers can go from each place.
struct Moves<'m> {
    model: &'m Model,
    stations: HashMap<&'m str, usize>,
    classes: HashMap<&'m str, usize>,
    /// Wherever a customer may have its home.
    homes: BTreeSet<usize>,
}

/// The stations, by position, from which a customer could go on forever at one moment: no service takes
/// time there, and whatever branch is drawn can lead to such a station again.
///
/// A mean service below the precision of the horizon counts as none. The model has no other fault.
pub(super) fn timeless(model: &Model) -> BTreeSet<usize> {
    let mut special = HashMap::new();
    for service in &model.services {
        special.insert((service.station.as_str(), service.class.as_str()), &service.service);
    }
    let mut timeless: BTreeSet<Place> = BTreeSet::new();
    for station in 0..model.stations.len() {
        for class in 0..model.classes.len().max(1) {
            let place = Place { station, class };
            if takes_no_time(model, place, &special) {
                timeless.insert(place);
            }
        }
    }
    // Mostly every service takes time, and nothing has to be followed.
    if timeless.is_empty() {
        return BTreeSet::new();
    }

    let moves = Moves::new(model);
    let reached = moves.reached();
    // A class that nobody has at a station may have any route there.
    timeless.retain(|place| reached.contains(place));
    let mut stations = BTreeSet::new();
    for moment in moments(model) {
        // Each moment by itself: a circle needs branches that hold together.
        for place in moves.circles(timeless.clone(), moment) {
            stations.insert(place.station);
        }
    }
    stations
}

/// Services by station and class, of those that differ from what the class says.
type Special<'m> = HashMap<(&'m str, &'m str), &'m Distribution>;

fn takes_no_time(model: &Model, place: Place, special: &Special<'_>) -> bool {
    let (station, class) = (&model.stations[place.station], model.classes.get(place.class));
    let at_station =
        class.and_then(|class| special.get(&(station.key.as_str(), class.key.as_str())));
    let of_class = class.and_then(|class| class.service.as_ref());
    let service = at_station.copied().or(of_class).or(station.service.as_ref());
    service.is_none_or(|service| service.mean() <= model.horizon * f64::EPSILON)
}

/// A moment of a run.
#[derive(Debug, Clone, Copy)]
struct Moment {
    time: f64,
    /// Hour of the week.
    hour: usize,
}

/// Moments before the horizon, rising: one for each set of branches that hold together.
fn moments(model: &Model) -> Vec<Moment> {
    let branches = || model.all_branches().map(|(_, branch)| branch);
    // A way out can also end: what has one at first may have none later.
    let mut borders = vec![0.0];
    for branch in branches() {
        borders.extend(branch.from);
        borders.extend(branch.until);
    }
    // At the horizon nothing happens any more.
    borders.retain(|time| (0.0..model.horizon).contains(time));
    borders.sort_by(f64::total_cmp);
    borders.dedup();

    let is_hourly = branches().any(|branch| !branch.hours.is_always());
    let mut moments = Vec::with_capacity(borders.len());
    for (number, &time) in borders.iter().enumerate() {
        let hours = (time * model.time_unit.hours()) as usize;
        moments.push(Moment { time, hour: hour_of_week(model, hours) });
        if is_hourly {
            let until = borders.get(number + 1).copied().unwrap_or(model.horizon);
            add_hours(model, time, until, &mut moments);
        }
    }
    moments
}

/// Adds the full hours between two moments; at most a week of them, after which all come again.
fn add_hours(model: &Model, from: f64, until: f64, moments: &mut Vec<Moment>) {
    let per_unit = model.time_unit.hours();
    let first = ((from * per_unit) as usize).saturating_add(1);
    for hour in first..first.saturating_add(WEEK) {
        let time = hour as f64 / per_unit;
        if time >= until {
            break;
        }
        // Counted, not read off the time: a quotient may round into the hour before.
        moments.push(Moment { time, hour: hour_of_week(model, hour) });
    }
}

/// The hour of the week so many hours after the start, however many they are.
fn hour_of_week(model: &Model, hours: usize) -> usize {
    (model.starts_at_hour as usize + hours % WEEK) % WEEK
}

/// Positions by key.
fn positions<'m>(keys: impl Iterator<Item = &'m String>) -> HashMap<&'m str, usize> {
    let mut positions = HashMap::new();
    for (position, key) in keys.enumerate() {
        positions.insert(key.as_str(), position);
    }
    positions
}

impl<'m> Moves<'m> {
    fn new(model: &'m Model) -> Self {
        let stations = positions(model.stations.iter().map(|station| &station.key));
        let classes = positions(model.classes.iter().map(|class| &class.key));
        let mut homes = BTreeSet::new();
        for kind in model.streams.iter().flat_map(|stream| &stream.kinds) {
            for preference in &kind.preferences {
                for (key, _) in &preference.first {
                    homes.insert(stations[&**key]);
                }
                if let Some(home) = &preference.home {
                    homes.insert(stations[&**home]);
                }
            }
        }
        for present in &model.present {
            homes.insert(stations[present.station.as_str()]);
        }
        Self { model, stations, classes, homes }
    }

    /// The greatest set among the places that no customer can leave at a moment: a fixed point. Places from which a
    /// customer gets out are taken out, until there are none.
    fn circles(&self, mut places: BTreeSet<Place>, moment: Moment) -> BTreeSet<Place> {
        loop {
            let mut held = BTreeSet::new();
            for place in &places {
                if self.is_held(*place, &places, moment) {
                    held.insert(*place);
                }
            }
            if held.len() == places.len() {
                return held;
            }
            places = held;
        }
    }

    /// Whether every branch that can be drawn at a place may lead to one of these places.
    fn is_held(&self, place: Place, places: &BTreeSet<Place>, moment: Moment) -> bool {
        let Some(route) = self.route(place) else { return false };
        let mut share = 0.0;
        for branch in &route.branches {
            if holds(branch, moment) {
                share += branch.share;
                if !self.can_lead_to(place, branch, places) {
                    return false;
                }
            }
        }
        if share >= 1.0 - TOLERANCE {
            return true;
        }
        // The others take the rest or, without one, leave.
        let Some(rest) = &route.rest else { return false };
        self.can_lead_to(place, rest, places)
    }

    fn can_lead_to(&self, place: Place, branch: &Branch, places: &BTreeSet<Place>) -> bool {
        self.targets(place, branch).iter().any(|target| places.contains(target))
    }

    /// The route of a class from a station: its own, else that of all classes.
    fn route(&self, place: Place) -> Option<&'m Route> {
        let routes = &self.model.stations[place.station].routes;
        let key = self.model.classes.get(place.class).map(|class| class.key.as_str());
        let of_class =
            routes.iter().find(|route| route.class.is_some() && route.class.as_deref() == key);
        of_class.or_else(|| routes.iter().find(|route| route.class.is_none()))
    }

    /// Wherever a branch may lead.
    fn targets(&self, place: Place, branch: &Branch) -> BTreeSet<Place> {
        let mut stations: BTreeSet<usize> = match &branch.to {
            Target::Station(key) => [self.stations[key.as_str()]].into(),
            Target::Home => self.homes.clone(),
            Target::Here => [place.station].into(),
        };
        for key in &branch.then {
            stations.insert(self.stations[key.as_str()]);
        }
        if branch.when_full == WhenFull::Stay {
            stations.insert(place.station);
        }
        let class = branch.class.as_deref().map_or(place.class, |key| self.classes[key]);
        let mut targets = BTreeSet::new();
        for station in stations {
            targets.insert(Place { station, class });
        }
        targets
    }

    /// Where customers begin.
    fn starts(&self) -> Vec<Place> {
        let class = |key: Option<&str>| key.map_or(0, |key| self.classes[key]);
        let mut starts = Vec::new();
        for present in &self.model.present {
            let station = self.stations[present.station.as_str()];
            starts.push(Place { station, class: class(present.class.as_deref()) });
        }
        for kind in self.model.streams.iter().flat_map(|stream| &stream.kinds) {
            let class = class(kind.class.as_deref());
            for preference in &kind.preferences {
                for (key, _) in &preference.first {
                    starts.push(Place { station: self.stations[&**key], class });
                }
                for key in &preference.then {
                    starts.push(Place { station: self.stations[&**key], class });
                }
            }
        }
        starts
    }

    /// Wherever a customer can come.
    fn reached(&self) -> BTreeSet<Place> {
        let mut to_visit = self.starts();
        let mut reached = BTreeSet::new();
        while let Some(place) = to_visit.pop() {
            if !reached.insert(place) {
                continue;
            }
            for alternate in &self.model.stations[place.station].alternates {
                let station = self.stations[alternate.to.as_str()];
                to_visit.push(Place { station, class: place.class });
            }
            let Some(route) = self.route(place) else { continue };
            for branch in route.branches.iter().chain(&route.rest) {
                to_visit.extend(self.targets(place, branch));
            }
        }
        reached
    }
}

/// Whether a branch can be drawn at a moment.
fn holds(branch: &Branch, moment: Moment) -> bool {
    branch.share > 0.0
        && branch.hours.is_open(moment.hour / 24, moment.hour % 24)
        && branch.from.is_none_or(|from| from <= moment.time)
        && branch.until.is_none_or(|until| moment.time < until)
}
