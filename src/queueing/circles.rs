//! Customers who would go in circles while no time passes: such a run would never end.

use std::collections::{BTreeSet, HashMap};

use super::model::{Branch, Model, Route, Target, WhenFull};

/// Where a customer is served: position of the station and of the class (0 without classes).
type Place = (usize, usize);

/// Below this part, shares are taken for rounding.
const TOLERANCE: f64 = 1e-9;

struct Ways<'m> {
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
    let takes_none = |place: &Place| {
        let class = model.classes.get(place.1).and_then(|class| class.service.as_ref());
        let service = class.or(model.stations[place.0].service.as_ref());
        service.is_none_or(|service| service.mean() <= model.horizon * f64::EPSILON)
    };
    let classes = model.classes.len().max(1);
    let all = (0..model.stations.len()).flat_map(|at| (0..classes).map(move |class| (at, class)));
    let timeless: BTreeSet<Place> = all.filter(takes_none).collect();
    if timeless.is_empty() {
        return BTreeSet::new();
    }
    let ways = Ways::new(model);
    let reached = ways.reached();
    let timeless: BTreeSet<Place> = timeless.intersection(&reached).copied().collect();
    // What holds changes only where a branch starts.
    let routes = model.stations.iter().flat_map(|station| &station.routes);
    let starts = routes.flat_map(|route| &route.branches).filter_map(|branch| branch.from);
    let mut moments: Vec<f64> = starts.chain([0.0]).collect();
    moments.sort_by(f64::total_cmp);
    moments.dedup();
    let circles = moments.iter().flat_map(|moment| ways.circles(timeless.clone(), *moment));
    circles.map(|place| place.0).collect()
}

impl<'m> Ways<'m> {
    fn new(model: &'m Model) -> Self {
        let numbers = |keys: Vec<&'m str>| keys.into_iter().zip(0..).collect();
        let mut ways = Self {
            model,
            stations: numbers(model.stations.iter().map(|one| one.key.as_str()).collect()),
            classes: numbers(model.classes.iter().map(|one| one.key.as_str()).collect()),
            homes: BTreeSet::new(),
        };
        let kinds = model.streams.iter().flat_map(|stream| &stream.kinds);
        for preference in kinds.flat_map(|kind| &kind.preferences) {
            let keys = preference.first.iter().map(|(key, _)| key).chain(&preference.home);
            ways.homes.extend(keys.map(|key| ways.stations[&**key]));
        }
        let present = model.present.iter();
        ways.homes.extend(present.map(|one| ways.stations[one.station.as_str()]));
        ways
    }

    /// The greatest set among the places that no customer can leave at a moment: a fixed point. Places from which a
    /// customer gets out are taken out, until there are none.
    fn circles(&self, mut places: BTreeSet<Place>, moment: f64) -> BTreeSet<Place> {
        loop {
            let stays = |place: &&Place| self.is_held(**place, &places, moment);
            let left: BTreeSet<Place> = places.iter().filter(stays).copied().collect();
            if left.len() == places.len() {
                return left;
            }
            places = left;
        }
    }

    fn is_held(&self, place: Place, places: &BTreeSet<Place>, moment: f64) -> bool {
        let Some(route) = self.route(place) else { return false };
        let holds = |branch: &&Branch| {
            branch.share > 0.0
                && branch.from.is_none_or(|from| from <= moment)
                && branch.until.is_none_or(|until| moment < until)
        };
        let share: f64 = route.branches.iter().filter(holds).map(|branch| branch.share).sum();
        let rest = if share < 1.0 - TOLERANCE {
            match &route.rest {
                Some(rest) => Some(rest),
                None => return false,
            }
        } else {
            None
        };
        let mut branches = route.branches.iter().filter(holds).chain(rest);
        branches.all(|branch| self.targets(place, branch).iter().any(|to| places.contains(to)))
    }

    fn route(&self, place: Place) -> Option<&'m Route> {
        let routes = &self.model.stations[place.0].routes;
        let key = self.model.classes.get(place.1).map(|class| class.key.as_str());
        let own =
            routes.iter().find(|route| route.class.is_some() && route.class.as_deref() == key);
        own.or_else(|| routes.iter().find(|route| route.class.is_none()))
    }

    /// Wherever a branch may lead.
    fn targets(&self, place: Place, branch: &Branch) -> BTreeSet<Place> {
        let class = branch.class.as_deref().map_or(place.1, |key| self.classes[key]);
        let mut targets: BTreeSet<usize> = match &branch.to {
            Target::Station(key) => [self.stations[key.as_str()]].into(),
            Target::Home => self.homes.clone(),
            Target::Here => [place.0].into(),
        };
        targets.extend(branch.then.iter().map(|key| self.stations[key.as_str()]));
        if branch.when_full == WhenFull::Stay {
            targets.insert(place.0);
        }
        targets.into_iter().map(|station| (station, class)).collect()
    }

    /// Wherever a customer can come.
    fn reached(&self) -> BTreeSet<Place> {
        let class = |key: Option<&str>| key.map_or(0, |key| self.classes[key]);
        let present = self.model.present.iter();
        let mut to_visit: Vec<Place> = present
            .map(|one| (self.stations[one.station.as_str()], class(one.class.as_deref())))
            .collect();
        for kind in self.model.streams.iter().flat_map(|stream| &stream.kinds) {
            let class = class(kind.class.as_deref());
            for preference in &kind.preferences {
                let first = preference.first.iter().map(|(key, _)| key);
                let keys = first.chain(&preference.then);
                to_visit.extend(keys.map(|key| (self.stations[&**key], class)));
            }
        }
        let mut reached = BTreeSet::new();
        while let Some(place) = to_visit.pop() {
            if !reached.insert(place) {
                continue;
            }
            let station = &self.model.stations[place.0];
            let alternates = station.alternates.iter();
            to_visit.extend(alternates.map(|one| (self.stations[one.to.as_str()], place.1)));
            let branches = self.route(place).into_iter();
            for branch in branches.flat_map(|route| route.branches.iter().chain(&route.rest)) {
                to_visit.extend(self.targets(place, branch));
            }
        }
        reached
    }
}
