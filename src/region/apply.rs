//! A region under scenarios, measured anew only where something changed.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use geo::{BoundingRect, Coord, Intersects, Line, LineString, Polygon};

use super::{HELIPAD, Layout, PlaceId, Region, RegionError, origins};
use crate::demand::Demand;
use crate::model::{
    DateTime, HospitalId, Network, Places, Position, Road, Scenario, changed, check_layout,
};
use crate::travel::{Stop, TravelTimes};

/// A region once scenarios have settled, see [`Region::settled_under`].
#[derive(Debug)]
pub struct Settled {
    /// The region.
    pub region: Region,
    /// Names of the scenarios, with the day: `Birth ward closes (as on 2026-07-01)`.
    pub name: String,
}

impl Region {
    /// This region under scenarios: what is in force at a moment is applied to it, as
    /// [`Model::under`](crate::model::Model::under) does to a model.
    ///
    /// The result is the same, list by list, as a region measured from the changed model. Only what
    /// changed is measured: journeys to hospitals that opened, and from places that are laid out anew
    /// because more or fewer people live there. Its hospitals are numbered anew: compare them by key.
    ///
    /// ```
    /// use verbund::model::Scenario;
    /// use verbund::{Region, coverage};
    ///
    /// let region = Region::leipzig()?;
    /// let text = r#"(format: 1, id: "no-torgau", name: "Torgau closes", source: "invented", changes: [
    ///     (on: "2026-07-01", reason: "an example", change: CloseHospital("kkh-torgau")),
    /// ])"#;
    /// let scenario = Scenario::read(text, "no-torgau.ron", region.network(), region.places())?;
    /// let after = region.apply(&[&scenario], "2026-07-01".parse()?)?;
    /// let standard = region.network().catalog().standard("basic_care").ok_or("no standard")?;
    /// let beyond = |region: &Region| {
    ///     let total = coverage::evaluate(region, standard).unwrap().total;
    ///     total.people - total.within_limit
    /// };
    /// assert_eq!((beyond(&region), beyond(&after)), (0, 3_424));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Every fault of the scenarios, by themselves and one after the other; or that something must be
    /// measured and the region does not keep its travel model ([`Region::with_travel`]).
    pub fn apply(&self, scenarios: &[&Scenario], at: DateTime) -> Result<Self, RegionError> {
        if let Some(hour) = self.hour() {
            // What opens or gets other hours may be closed in this one.
            return Ok(self.of_week().apply(scenarios, at)?.in_hour(hour));
        }
        let changed = changed((&self.network, &self.places), scenarios, at)?;
        let people = changed.places(&self.places).filter(|places| *places != *self.places);
        if let Some(places) = &people {
            check_layout(places, &self.part_rule)?;
        }
        let mut region = self.clone();
        region.adjustments.demand.extend(changed.adjustments.demand);
        if people.is_some() || region.adjustments.demand != self.adjustments.demand {
            let places = people.as_ref().unwrap_or(&self.places);
            let (catalog, scales) = (changed.network.catalog(), &region.adjustments.demand);
            region.demand = Arc::new(Demand::scaled(places, catalog, scales));
        }
        let is_moved = self.network.hospitals().len() != changed.network.hospitals().len()
            || stops(&self.network).zip(stops(&changed.network)).any(|(one, other)| one != other);
        let has_helipads = |network: &Network| -> Vec<bool> {
            network.hospitals().iter().map(|one| one.facility(HELIPAD).is_some()).collect()
        };
        let is_same_flight = !is_moved
            && people.is_none()
            && has_helipads(&self.network) == has_helipads(&changed.network);
        if !is_same_flight {
            region.flights = OnceLock::new();
        }
        if is_moved || people.is_some() {
            region.measure_again(changed.network, people)?;
        } else {
            region.take(changed.network);
        }
        Ok(region.with_roads(&changed.adjustments.roads))
    }

    /// This region once scenarios have settled: as on the first day on which all their lasting changes are in
    /// force, and not before its own day; `None` without any scenario.
    ///
    /// # Errors
    ///
    /// Those of [`Self::apply`].
    ///
    /// # Example
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::model::Folder;
    ///
    /// let region = Region::leipzig()?;
    /// let key = "merger-delitzsch-eilenburg";
    /// let merger = Folder::leipzig().scenario(key, region.network(), region.places())?;
    /// let settled = region.settled_under(&[merger])?.ok_or("there is one")?;
    /// assert!(settled.name.ends_with(" (as on 2027-01-01)"));
    /// assert!(region.settled_under(&[])?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn settled_under(&self, scenarios: &[Scenario]) -> Result<Option<Settled>, RegionError> {
        if scenarios.is_empty() {
            return Ok(None);
        }
        let mut day = self.network().date();
        let mut names = Vec::with_capacity(scenarios.len());
        for scenario in scenarios {
            day = day.max(scenario.settled_on().unwrap_or(day));
            names.push(scenario.name.as_str());
        }
        let name = format!("{} (as on {day})", names.join("; "));
        let together: Vec<&Scenario> = scenarios.iter().collect();
        Ok(Some(Settled { region: self.apply(&together, day.into())?, name }))
    }

    /// This region with the people of another one of the same places. Only places that are laid out in
    /// another number of points are measured.
    pub(crate) fn with_people_of(&self, other: &Self) -> Result<Self, RegionError> {
        let mut region = self.clone();
        let (catalog, scales) = (self.network.catalog(), &self.adjustments.demand);
        region.demand = Arc::new(Demand::scaled(&other.places, catalog, scales));
        region.flights = OnceLock::new();
        region.measure_again(self.network.clone(), Some(Places::clone(&other.places)))?;
        Ok(region)
    }

    /// Takes another network, and other people of the same places, over; the roads stay as they are.
    fn measure_again(
        &mut self,
        network: Network,
        people: Option<Places>,
    ) -> Result<(), RegionError> {
        let layout = people.as_ref().map(|places| Layout::new(places, &self.part_rule));
        let kept_origins = match &layout {
            Some(layout) => self.kept_origins(layout),
            None => (0..self.times.origins() as u32).map(Some).collect(),
        };
        if let Some(layout) = layout {
            self.layout = Arc::new(layout);
        }
        if let Some(places) = people {
            self.places = Arc::new(places);
        }
        // By key and position: a hospital that was closed and opened elsewhere is another one.
        let new: BTreeMap<&str, (usize, Position)> = stops(&network)
            .enumerate()
            .map(|(at, (key, position))| (key, (at, position)))
            .collect();
        let mut was: Vec<Option<u32>> = vec![None; network.hospitals().len()];
        let mut ids: Vec<Option<u32>> = Vec::with_capacity(self.network.hospitals().len());
        for (old, (key, position)) in (0..).zip(stops(&self.network)) {
            let now = new.get(key).filter(|(_, own)| *own == position).map(|(at, _)| *at);
            if let Some(now) = now {
                was[now] = Some(old);
            }
            ids.push(now.map(|at| at as u32));
        }
        let opened: Vec<u32> =
            (0..was.len() as u32).filter(|&at| was[at as usize].is_none()).collect();
        let has_fresh = kept_origins.contains(&None) && !was.is_empty();
        let needs_model = !opened.is_empty() || has_fresh;
        let cutoff = self.times.cutoff();
        let Some(models) = self.models.clone().filter(|_| needs_model) else {
            if needs_model {
                return Err(RegionError::Unmeasured { travel: self.travel.clone() });
            }
            // Whatever is left is a part of what was measured.
            let nothing = |origins| TravelTimes::empty(origins, cutoff);
            let fresh = kept_origins.iter().filter(|was| was.is_none()).count();
            let (added, fresh) = (nothing(kept_origins.len() - fresh), nothing(fresh));
            self.times = Arc::new(self.times.merged(&kept_origins, &ids, (&added, &fresh)));
            let (added, fresh) = (nothing(was.len()), nothing(0));
            self.between = Arc::new(self.between.merged(&was, &ids, (&added, &fresh)));
            drop(new);
            self.take(network);
            return Ok(());
        };
        let all: Vec<Stop<'_>> =
            stops(&network).map(|(key, position)| Stop::new(key, position)).collect();
        let only_opened: Vec<Stop<'_>> =
            opened.iter().map(|&at| all[at as usize].clone()).collect();
        let starts = origins(&self.places, &self.layout);
        let places = self.layout.places();
        // The journeys of origins that were, or were not, with the roads of this region.
        let measured = |is_kept: bool, to: &[Stop<'_>]| {
            let of = starts.iter().zip(&places).zip(&kept_origins);
            let of = of.filter(|(_, was)| was.is_some() == is_kept);
            let (from, places): (Vec<Stop<'_>>, Vec<PlaceId>) =
                of.map(|((stop, place), _)| (stop.clone(), *place)).unzip();
            (TravelTimes::build(models.places.as_ref(), &from, to, cutoff), places)
        };
        let by_road = |times: TravelTimes, places: &[PlaceId]| {
            let starts = Starts::Places(&self.places, places);
            on_roads(&times, &self.adjustments.roads, starts, &network).unwrap_or(times)
        };
        let (added, from) = measured(true, &only_opened);
        let added = by_road(added.renumbered(&opened, &network), &from);
        let (fresh, from) = measured(false, &all);
        let fresh = by_road(fresh, &from);
        let times = self.times.merged(&kept_origins, &ids, (&added, &fresh));

        let staying = all.iter().zip(&was).filter(|(_, was)| was.is_some());
        let staying: Vec<Stop<'_>> = staying.map(|(one, _)| one.clone()).collect();
        let between = |from: &[Stop<'_>], to: &[Stop<'_>], ids: &[u32], of: &[HospitalId]| {
            let times = TravelTimes::build(models.between.as_ref(), from, to, cutoff);
            let times = times.renumbered(ids, &network);
            let starts = Starts::Hospitals(&network, of);
            on_roads(&times, &self.adjustments.roads, starts, &network).unwrap_or(times)
        };
        let every: Vec<u32> = (0..was.len() as u32).collect();
        let (new, old): (Vec<HospitalId>, Vec<HospitalId>) =
            network.iter().map(|(id, _)| id).partition(|id| was[id.index()].is_none());
        let added = between(&staying, &only_opened, &opened, &old);
        let fresh = between(&only_opened, &all, &every, &new);
        let between = self.between.merged(&was, &ids, (&added, &fresh));
        drop((all, only_opened, staying, starts));
        drop(new);
        (self.times, self.between) = (Arc::new(times), Arc::new(between));
        self.take(network);
        Ok(())
    }

    /// Takes a network whose hospitals the ranked lists name by their numbers.
    fn take(&mut self, network: Network) {
        for times in [&mut self.times, &mut self.between] {
            if times.tag() != network.tag {
                Arc::make_mut(times).set_network(&network);
            }
        }
        self.network = network;
    }

    /// For each origin of a new layout the number that it had, where the place is laid out as before.
    fn kept_origins(&self, layout: &Layout) -> Vec<Option<u32>> {
        let mut kept = kept_parts(&layout.spans, &self.layout.spans, layout.parts.len());
        kept.resize(layout.origins(), None);
        for (place, centre) in layout.centres.iter().enumerate() {
            if is_same_layout(layout.spans[place], self.layout.spans[place]) {
                kept[*centre as usize] = Some(self.layout.centres[place]);
            }
        }
        kept
    }

    /// Whether journeys by road between places and hospitals that both have are known to be those of
    /// another region, because no road changed from one to the other.
    pub(crate) fn shares_journeys(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.journeys, &other.journeys)
    }

    /// For each part its number in another region of the same places, where the place is laid out the
    /// same way there.
    pub(crate) fn kept_parts(&self, other: &Self) -> Vec<Option<u32>> {
        kept_parts(&self.layout.spans, &other.layout.spans, self.layout.parts.len())
    }

    /// The same region with roads that are slow or closed, one after the other.
    #[must_use]
    pub fn with_roads(&self, roads: &[Road]) -> Self {
        let (places, network) = (self.layout.places(), &self.network);
        let starts = Starts::Places(&self.places, &places);
        let Some(times) = on_roads(&self.times, roads, starts, network) else {
            return self.clone();
        };
        let hospitals: Vec<HospitalId> = network.iter().map(|(id, _)| id).collect();
        let starts = Starts::Hospitals(network, &hospitals);
        let between = on_roads(&self.between, roads, starts, network);
        let between = between.map_or_else(|| Arc::clone(&self.between), Arc::new);
        let mut adjustments = self.adjustments.clone();
        adjustments.roads.extend_from_slice(roads);
        let (times, journeys) = (Arc::new(times), Arc::new(()));
        Self { times, between, adjustments, flights: OnceLock::new(), journeys, ..self.clone() }
    }
}

/// Whether a place with these parts is laid out in the same way: the layout follows from their number.
fn is_same_layout((first, end): (u32, u32), (old_first, old_end): (u32, u32)) -> bool {
    end - first == old_end - old_first
}

/// For each part the number that it had, where its place is laid out as before.
fn kept_parts(spans: &[(u32, u32)], old: &[(u32, u32)], parts: usize) -> Vec<Option<u32>> {
    let mut kept = vec![None; parts];
    for (&(first, end), &was) in spans.iter().zip(old) {
        if is_same_layout((first, end), was) {
            (first..end).zip(was.0..).for_each(|(part, was)| kept[part as usize] = Some(was));
        }
    }
    kept
}

/// Keys and positions of hospitals.
fn stops(network: &Network) -> impl Iterator<Item = (&str, Position)> {
    network.hospitals().iter().map(|one| (one.key.as_str(), one.position))
}

/// Where journeys start: places, or hospitals.
#[derive(Clone, Copy)]
enum Starts<'a> {
    /// The place of each origin.
    Places(&'a Places, &'a [PlaceId]),
    /// The hospital of each origin.
    Hospitals(&'a Network, &'a [HospitalId]),
}

impl Starts<'_> {
    /// Whether a road concerns journeys from each place or hospital at all.
    fn concerned(&self, road: &Road) -> Vec<bool> {
        match self {
            Self::Places(places, _) => {
                places.places.iter().map(|place| concerns(&road.from, &place.key)).collect()
            }
            Self::Hospitals(network, _) => vec![road.from.is_empty(); network.hospitals().len()],
        }
    }

    /// The number of an origin's place or hospital, and where it is.
    fn of(&self, origin: usize) -> (usize, Position) {
        match self {
            Self::Places(places, of) => {
                let place = of[origin].index();
                (place, places.places[place].position)
            }
            Self::Hospitals(network, of) => (of[origin].index(), network[of[origin]].position),
        }
    }

    /// Whether a journey ends where it starts.
    fn is_at(&self, origin: usize, hospital: HospitalId) -> bool {
        matches!(self, Self::Hospitals(_, of) if of[origin] == hospital)
    }
}

/// Whether a list of keys is empty or has one.
fn concerns(keys: &[String], key: &str) -> bool {
    keys.is_empty() || keys.iter().any(|own| own == key)
}

/// Journeys with the delays of roads, one after the other; `None` without roads.
fn on_roads(
    times: &TravelTimes,
    roads: &[Road],
    starts: Starts<'_>,
    network: &Network,
) -> Option<TravelTimes> {
    let mut changed = None;
    for road in roads {
        let from = starts.concerned(road);
        let to: Vec<bool> =
            network.hospitals().iter().map(|one| concerns(&road.to, &one.key)).collect();
        let corridor = Corridor::new(&road.corridor);
        let times = changed.as_ref().unwrap_or(times).changed(|origin, hospital, time| {
            let (start, position) = starts.of(origin);
            let is_concerned = from[start]
                && to[hospital.index()]
                && !starts.is_at(origin, hospital)
                && corridor
                    .as_ref()
                    .is_none_or(|corridor| corridor.meets(position, network[hospital].position));
            if is_concerned { road.delay.map(|delay| time + delay) } else { Some(time) }
        });
        changed = Some(times);
    }
    changed
}

/// An area on a map of degrees. From corner to corner it takes the shorter way around the Earth, so that
/// one over the 180th meridian lies on both sides of it: its longitudes then go beyond 180.
struct Corridor(Polygon<f64>);

impl Corridor {
    /// The area within these corners; `None` without any.
    fn new(corners: &[Position]) -> Option<Self> {
        let first = corners.first()?;
        let mut ring: Vec<Coord<f64>> = Vec::with_capacity(corners.len());
        let mut lon = first.lon();
        for corner in corners {
            lon += shorter_way(lon, corner.lon());
            ring.push(Coord { x: lon, y: corner.lat() });
        }
        Some(Self(Polygon::new(LineString::new(ring), Vec::new())))
    }

    /// Whether the straight line between two positions, the shorter way around the Earth, crosses it,
    /// touches it or ends in it.
    fn meets(&self, from: Position, to: Position) -> bool {
        let Some(bounds) = self.0.bounding_rect() else { return false };
        let east = shorter_way(from.lon(), to.lon());
        // The same line once around the Earth to either side is the same line.
        for turn in [-360.0, 0.0, 360.0] {
            let start = Coord { x: from.lon() + turn, y: from.lat() };
            let line = Line::new(start, Coord { x: start.x + east, y: to.lat() });
            if bounds.intersects(&line) && self.0.intersects(&line) {
                return true;
            }
        }
        false
    }
}

/// Degrees from one longitude to another the shorter way around the Earth, east being positive: from -180
/// up to 180.
fn shorter_way(from: f64, to: f64) -> f64 {
    let east = to - from;
    // What is shorter anyway stays exact.
    if (-180.0..180.0).contains(&east) { east } else { (east + 180.0).rem_euclid(360.0) - 180.0 }
}
