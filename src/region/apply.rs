//! A region under scenarios, measured anew only where something changed.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use geo::{BoundingRect, Coord, Intersects, Line, LineString, Polygon};

use super::{Layout, Models, Region, RegionError, origins};
use crate::demand::Demand;
use crate::model::{DateTime, Network, Places, Position, Road, Scenario, changed};
use crate::travel::{Stop, TravelTimes};

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
    /// assert_eq!((beyond(&region), beyond(&after)), (0, 2_098));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Every fault of the scenarios, by themselves and one after the other; or that something must be
    /// measured and the region does not keep its travel model ([`Region::with_travel`]).
    pub fn apply(&self, scenarios: &[&Scenario], at: DateTime) -> Result<Self, RegionError> {
        let changed = changed((&self.network, &self.places), scenarios, at)?;
        let places = changed.places(&self.places);
        let mut adjustments = self.adjustments.clone();
        adjustments.demand.extend(changed.adjustments.demand);
        let demand = Demand::scaled(&places, changed.network.catalog(), &adjustments.demand);
        let mut region = Self { adjustments, demand, flights: OnceLock::new(), ..self.clone() };
        let is_moved = self.network.hospitals().len() != changed.network.hospitals().len()
            || stops(&self.network).zip(stops(&changed.network)).any(|(one, other)| one != other);
        if is_moved || places != self.places {
            region.measure_again(changed.network, places)?;
        } else {
            region.network = changed.network;
        }
        Ok(region.with_roads(&changed.adjustments.roads))
    }

    /// Takes another network and other people of the same places over; the roads stay as they are.
    fn measure_again(&mut self, network: Network, places: Places) -> Result<(), RegionError> {
        let layout = Layout::new(&places, &self.part_rule);
        let kept_origins = self.kept_origins(&layout);
        // By key and position: a hospital that was closed and opened elsewhere is another one.
        let new: BTreeMap<&str, (usize, Position)> = stops(&network)
            .enumerate()
            .map(|(at, (key, position))| (key, (at, position)))
            .collect();
        let ids: Vec<Option<u32>> = stops(&self.network)
            .map(|(key, position)| {
                let found = new.get(key).filter(|(_, own)| *own == position);
                found.map(|(at, _)| *at as u32)
            })
            .collect();
        let mut is_kept = vec![false; network.hospitals().len()];
        ids.iter().flatten().for_each(|&at| is_kept[at as usize] = true);
        let opened: Vec<u32> =
            (0..is_kept.len() as u32).filter(|&at| !is_kept[at as usize]).collect();

        let all: Vec<Stop<'_>> =
            stops(&network).map(|(key, position)| Stop::new(key, position)).collect();
        let only_opened: Vec<Stop<'_>> =
            opened.iter().map(|&at| all[at as usize].clone()).collect();
        let starts = origins(&places, &layout.parts, &layout.centres);
        let split = |is_kept: bool| -> Vec<Stop<'_>> {
            let of = starts.iter().zip(&kept_origins);
            of.filter(|(_, was)| was.is_some() == is_kept).map(|(stop, _)| stop.clone()).collect()
        };
        let (kept, fresh) = (split(true), split(false));
        let cutoff = self.times.cutoff();
        let needs_model = !opened.is_empty() || !(fresh.is_empty() || all.is_empty());
        let models = match &self.models {
            None if needs_model => {
                return Err(RegionError::Unmeasured { travel: self.travel.clone() });
            }
            models => models.clone(),
        };
        let measure = |of: fn(&Models) -> &dyn crate::travel::TravelModel,
                       from: &[Stop<'_>],
                       to: &[Stop<'_>]| {
            match &models {
                Some(models) => TravelTimes::build(of(models), from, to, cutoff),
                None => TravelTimes::empty(from.len(), cutoff),
            }
        };
        let added = measure(|models| models.places.as_ref(), &kept, &only_opened);
        let fresh = measure(|models| models.places.as_ref(), &fresh, &all);
        let (added, fresh) = (added.renumbered(&opened), fresh);
        // The roads of this region concern what is new as well.
        let places_of = |is_kept: bool| -> Vec<u32> {
            let of = place_of_origins(&layout);
            let of = of.into_iter().zip(&kept_origins);
            of.filter(|(_, was)| was.is_some() == is_kept).map(|(place, _)| place).collect()
        };
        let added =
            on_roads(&added, &self.adjustments.roads, &places_of(true), (&places, &network));
        let fresh =
            on_roads(&fresh, &self.adjustments.roads, &places_of(false), (&places, &network));
        self.times = self.times.merged(&kept_origins, &ids, (&added, &fresh));

        let mut was: Vec<Option<u32>> = vec![None; all.len()];
        for (old, new) in ids.iter().enumerate() {
            if let Some(new) = new {
                was[*new as usize] = Some(old as u32);
            }
        }
        let staying: Vec<Stop<'_>> = all
            .iter()
            .zip(&was)
            .filter(|(_, was)| was.is_some())
            .map(|(one, _)| one.clone())
            .collect();
        let added = measure(|models| models.between.as_ref(), &staying, &only_opened);
        let fresh = measure(|models| models.between.as_ref(), &only_opened, &all);
        self.between = self.between.merged(&was, &ids, (&added.renumbered(&opened), &fresh));

        drop((all, only_opened, staying, starts, kept));
        drop(new);
        (self.parts, self.spans, self.centres) = (layout.parts, layout.spans, layout.centres);
        (self.network, self.places) = (network, places);
        Ok(())
    }

    /// For each origin of a new layout the number that it had, where the place is laid out as before.
    fn kept_origins(&self, layout: &Layout) -> Vec<Option<u32>> {
        let centres = layout.centres.iter().enumerate();
        let apart = centres.clone().filter(|(_, at)| **at as usize >= layout.parts.len()).count();
        let mut kept = kept_parts(&layout.spans, &self.spans, layout.parts.len());
        kept.resize(layout.parts.len() + apart, None);
        for (place, centre) in centres {
            if is_same_layout(layout.spans[place], self.spans[place]) {
                kept[*centre as usize] = Some(self.centres[place]);
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
        kept_parts(&self.spans, &other.spans, self.parts.len())
    }

    /// The same region with roads that are slow or closed, one after the other.
    #[must_use]
    pub fn with_roads(&self, roads: &[Road]) -> Self {
        if roads.is_empty() {
            return self.clone();
        }
        let places: Vec<u32> = self.places_of_origins().iter().map(|place| place.0).collect();
        let mut adjustments = self.adjustments.clone();
        adjustments.roads.extend_from_slice(roads);
        let times = on_roads(&self.times, roads, &places, (&self.places, &self.network));
        let journeys = Arc::new(());
        Self { times, adjustments, flights: OnceLock::new(), journeys, ..self.clone() }
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

/// The place of each origin of a layout.
fn place_of_origins(layout: &Layout) -> Vec<u32> {
    let mut places: Vec<u32> = layout.parts.iter().map(|part| part.place.0).collect();
    let centres = layout.centres.iter().enumerate();
    places.extend(
        centres.filter(|(_, at)| **at as usize >= layout.parts.len()).map(|(at, _)| at as u32),
    );
    places
}

/// Journeys with the delays of roads, one after the other. `of` gives the place of each origin.
fn on_roads(
    times: &TravelTimes,
    roads: &[Road],
    of: &[u32],
    (places, network): (&Places, &Network),
) -> TravelTimes {
    let concerns =
        |keys: &[String], key: &str| keys.is_empty() || keys.iter().any(|own| own == key);
    let mut times = times.clone();
    for road in roads {
        let from: Vec<bool> =
            places.places.iter().map(|place| concerns(&road.from, &place.key)).collect();
        let to: Vec<bool> =
            network.hospitals().iter().map(|one| concerns(&road.to, &one.key)).collect();
        let corridor = Corridor::new(&road.corridor);
        times = times.changed(|origin, hospital, time| {
            let place = of[origin] as usize;
            let is_concerned = from[place]
                && to[hospital.index()]
                && corridor.as_ref().is_none_or(|corridor| {
                    corridor.meets(places.places[place].position, network[hospital].position)
                });
            if is_concerned { road.delay.map(|delay| time + delay) } else { Some(time) }
        });
    }
    times
}

/// An area on a map of degrees.
struct Corridor(Polygon<f64>);

impl Corridor {
    /// The area within these corners; `None` without any.
    fn new(corners: &[Position]) -> Option<Self> {
        let ring: Vec<Coord<f64>> = corners.iter().map(|one| coordinate(*one)).collect();
        (!ring.is_empty()).then(|| Self(Polygon::new(LineString::new(ring), Vec::new())))
    }

    /// Whether the straight line between two positions crosses it, touches it or ends in it.
    fn meets(&self, from: Position, to: Position) -> bool {
        let line = Line::new(coordinate(from), coordinate(to));
        let is_near = self.0.bounding_rect().is_none_or(|bounds| bounds.intersects(&line));
        is_near && self.0.intersects(&line)
    }
}

fn coordinate(position: Position) -> Coord<f64> {
    Coord { x: position.lon(), y: position.lat() }
}
