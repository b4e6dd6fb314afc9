//! A region under scenarios, measured anew only where something changed.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::flights::has_same_helipads;
use super::measure::hospital_stop;
use super::{Alteration, Layout, Region, RegionError};
use crate::calendar::DateTime;
use crate::demand::Demand;
use crate::model::{
    Hospital, MissingRoad, Network, Places, Position, Road, RoadOfMap, check_layout,
};
use crate::problem::Problems;
use crate::scenario::{CheckedScenario, Scenario, ScenarioDraft, State, changed, put_in_force};
use crate::travel::Stop;

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
    /// [`under`](crate::scenario::under) does to a model.
    ///
    /// The result is the same, list by list, as a region measured from the changed model. Only what
    /// changed is measured: journeys to hospitals that opened, and from places that are laid out anew
    /// because more or fewer people live there; for those the travel model is asked, whichever it is. Its
    /// hospitals are numbered anew: compare them by key.
    ///
    /// ```
    /// use verbund::scenario::Scenario;
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
    /// Every fault of the scenarios, by themselves and one after the other; or a journey that the travel
    /// model cannot tell.
    pub fn apply(&self, scenarios: &[&Scenario], at: DateTime) -> Result<Self, RegionError> {
        let changed = changed(self.shared_of_week(), &self.places, scenarios, at)?;
        self.with_changes(changed)
    }

    /// As [`Self::apply`], without a second judgement of what [`Self::check_scenarios`] judged already: where
    /// these scenarios, in this order, were checked together against the network of this region.
    ///
    /// They are judged here where that is another network, as in a region of another day, under other
    /// scenarios, or in one hour of the week (what is applied is applied to all hours, what was checked was
    /// checked in that one); or when some of those that were checked with them are missing.
    ///
    /// # Errors
    ///
    /// Those of [`Self::apply`].
    pub fn apply_checked(
        &self,
        scenarios: &[&CheckedScenario],
        at: DateTime,
    ) -> Result<Self, RegionError> {
        let network = self.shared_of_week();
        let mut together: Vec<&Scenario> = Vec::with_capacity(scenarios.len());
        for &checked in scenarios {
            together.push(checked);
        }
        // Without a proof that is for this very network they may rest on what is not here.
        if CheckedScenario::are_judged(scenarios, network, &self.places) {
            self.with_changes(put_in_force(network, &together, at))
        } else {
            self.apply(&together, at)
        }
    }

    /// Judges scenarios that are to be applied together, in their order, against the network and the places of
    /// this region: a later one may use what an earlier one adds. One that is to be applied alone is checked alone
    /// ([`Self::check_scenario`]).
    ///
    /// Takes drafts that were read ([`ScenarioDraft`]) and scenarios that were built in code; see
    /// [`CheckedScenario`] for an example.
    ///
    /// # Errors
    ///
    /// Every fault of all of them at once, as [`Scenario::read`] names them.
    pub fn check_scenarios(
        &self,
        together: impl IntoIterator<Item = impl Into<ScenarioDraft>>,
    ) -> Result<Vec<CheckedScenario>, Problems> {
        let mut drafts: Vec<ScenarioDraft> = Vec::new();
        for draft in together {
            drafts.push(draft.into());
        }
        let missing_roads = |road: &RoadOfMap| self.missing_roads(road);
        CheckedScenario::check(drafts, &self.network, &self.places, Some(&missing_roads))
    }

    /// [`Self::check_scenarios`] of one that is to be applied alone.
    ///
    /// # Errors
    ///
    /// Every fault of it at once, as [`Scenario::read`] names them.
    ///
    /// # Panics
    ///
    /// Never: a draft without a fault is a scenario.
    pub fn check_scenario(
        &self,
        scenario: impl Into<ScenarioDraft>,
    ) -> Result<CheckedScenario, Problems> {
        let mut checked = self.check_scenarios([scenario])?;
        Ok(checked.pop().expect("a draft without a problem is a scenario"))
    }

    /// Whether these scenarios were judged together against the network and the places of this region.
    pub(crate) fn has_judged(&self, together: &[&CheckedScenario]) -> bool {
        CheckedScenario::are_judged(together, &self.network, &self.places)
    }

    /// The network of all hours.
    fn shared_of_week(&self) -> &Arc<Network> {
        match &self.hour {
            Some((_, week)) => week,
            None => &self.network,
        }
    }

    /// This region with what scenarios changed of the network of all hours.
    fn with_changes(&self, changed: State<'_>) -> Result<Self, RegionError> {
        if let Some(hour) = self.hour() {
            // What opens or gets other hours may be closed in this one.
            return Ok(self.of_week().with_changes(changed)?.in_hour(hour));
        }
        // A scenario that moves nobody leaves places as they are, to the last point.
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

        let are_journeys_same = people.is_none() && has_same_sites(&self.network, &changed.network);
        if !are_journeys_same || !has_same_helipads(&self.network, &changed.network) {
            region.flights = OnceLock::new();
        }
        if are_journeys_same {
            region.take(changed.network);
        } else {
            region.measure_new(changed.network, people)?;
        }
        let region = region.with_roads_of_map(&changed.adjustments.roads_of_map)?;
        region.with_roads(&changed.adjustments.roads)
    }

    /// This region once scenarios have settled: as on the first day on which all their lasting changes are in
    /// force, and not before its own day; `None` without any scenario.
    ///
    /// # Errors
    ///
    /// Those of [`Self::apply_checked`].
    ///
    /// # Example
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::files::Folder;
    /// use verbund::scenario::ScenarioDraft;
    ///
    /// let region = Region::leipzig()?;
    /// let key = "merger-delitzsch-eilenburg";
    /// let folder = Folder::leipzig();
    /// let merger = ScenarioDraft::in_folder(&folder, key, region.network());
    /// let merger = region.check_scenarios([merger])?;
    /// let settled = region.settled_under(&merger)?.ok_or("there is one")?;
    /// assert!(settled.name.ends_with(" (as on 2027-01-01)"));
    /// assert!(region.settled_under(&[])?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn settled_under(
        &self,
        scenarios: &[CheckedScenario],
    ) -> Result<Option<Settled>, RegionError> {
        if scenarios.is_empty() {
            return Ok(None);
        }
        // Before the day of the network there is nothing to apply them to.
        let mut day = self.network().date();
        let mut names = Vec::with_capacity(scenarios.len());
        for scenario in scenarios {
            day = day.max(scenario.settled_on().unwrap_or(day));
            names.push(scenario.name.as_str());
        }
        let name = format!("{} (as on {day})", names.join("; "));
        let together: Vec<&CheckedScenario> = scenarios.iter().collect();
        Ok(Some(Settled { region: self.apply_checked(&together, day.into())?, name }))
    }

    /// This region with the people of another one of the same places. Only places that are laid out in
    /// another number of points are measured.
    pub(crate) fn with_people_of(&self, other: &Self) -> Result<Self, RegionError> {
        let mut region = self.clone();
        let (catalog, scales) = (self.network.catalog(), &self.adjustments.demand);
        region.demand = Arc::new(Demand::scaled(&other.places, catalog, scales));
        region.flights = OnceLock::new();
        let network = Network::clone(&self.network);
        region.measure_new(network, Some(Places::clone(&other.places)))?;
        Ok(region)
    }

    /// Takes another network, and other people of the same places, over: asks the travel model for the
    /// journeys that are new, with the roads as they are.
    fn measure_new(&mut self, network: Network, people: Option<Places>) -> Result<(), RegionError> {
        let mut origins: Vec<Option<u32>> = (0..self.times.origins() as u32).map(Some).collect();
        if let Some(places) = people {
            let layout = Layout::new(&places, &self.part_rule);
            origins = layout.kept_origins(&self.layout);
            (self.layout, self.places) = (Arc::new(layout), Arc::new(places));
        }
        // What was there keeps its journeys, with all roads that were applied to them.
        let hospitals = kept_hospitals(&self.network, &network);

        let cutoff = self.times.cutoff();
        let stop = |number: &u32| hospital_stop(&network.hospitals()[*number as usize]);
        let stops = |numbers: &[u32]| numbers.iter().map(stop).collect::<Vec<Stop<'_>>>();
        let times = self.times.renewed(&origins, &hospitals, |from, to| {
            let mut starts = Vec::with_capacity(from.len());
            for origin in from {
                starts.push(self.layout.stop(&self.places, *origin as usize));
            }
            self.measure.journeys_of_places(&self.places, &starts, &stops(to), cutoff)
        })?;
        let between = self.between.renewed(&hospitals, &hospitals, |from, to| {
            self.measure.between(&stops(from), &stops(to), cutoff)
        })?;
        (self.times, self.between) = (Arc::new(times), Arc::new(between));
        self.take(network);
        Ok(())
    }

    /// Takes a network whose hospitals the ranked lists name by their numbers.
    fn take(&mut self, network: Network) {
        for times in [&mut self.times, &mut self.between] {
            // The same hospitals have the same tag: the lists then stay shared.
            if times.tag() != network.tag {
                Arc::make_mut(times).set_network(&network);
            }
        }
        self.network = Arc::new(network);
    }

    /// Whether journeys by road between places and hospitals that both have are known to be those of
    /// another region, because no road changed from one to the other.
    pub(crate) fn shares_journeys(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.journeys, &other.journeys)
    }

    /// For each part its number in another region of the same places, where the place is laid out the
    /// same way there.
    pub(crate) fn kept_parts(&self, other: &Self) -> Vec<Option<u32>> {
        self.layout.kept_parts(&other.layout)
    }

    /// The same region with roads that are slow or closed, one after the other: by its travel model, where
    /// that knows roads ([`TravelModel::under`](crate::travel::TravelModel::under)), else as delays of the
    /// journeys that it has.
    ///
    /// # Errors
    ///
    /// A journey that a travel model which knows roads cannot tell, or too many of them; none with other
    /// travel models.
    pub fn with_roads(&self, roads: &[Road]) -> Result<Self, RegionError> {
        let mut region = self.clone();
        if roads.is_empty() {
            return Ok(region);
        }
        region.adjustments.roads.extend_from_slice(roads);
        region.flights = OnceLock::new();
        region.journeys = Arc::new(()); // shared with nobody any more

        // The model knows nothing of journeys that were changed by hand: they would be as before.
        let is_altered = self.alteration != Alteration::Nothing;
        let knows_roads = if is_altered { None } else { self.measure.under(roads) };
        if let Some(measure) = knows_roads {
            region.measure = measure;
            region.measure_all()?;
        } else {
            region.measure = self.measure.with_delays(roads);
            region.delay(roads);
        }
        Ok(region)
    }

    /// The same region while roads of the map that its journeys are measured over are slow or closed, one after the
    /// other. Every journey is measured anew; journeys that [`Self::with_slower_roads`] made slower stay so.
    ///
    /// # Errors
    ///
    /// A road that the map lacks; any road where journeys are measured without a map, or were changed by hand; and those
    /// of [`Self::with_roads`].
    pub fn with_roads_of_map(&self, roads: &[RoadOfMap]) -> Result<Self, RegionError> {
        let mut region = self.clone();
        if roads.is_empty() {
            return Ok(region);
        }
        let factor = match self.alteration {
            Alteration::Nothing => None,
            Alteration::Slower(factor) => Some(factor),
            Alteration::ByHand => return Err(RegionError::Road(MissingRoad::OtherJourneys)),
        };
        region.measure = self.measure.under_roads_of_map(roads)?;
        region.adjustments.roads_of_map.extend_from_slice(roads);
        region.flights = OnceLock::new();
        region.journeys = Arc::new(()); // shared with nobody any more
        region.alteration = Alteration::Nothing;
        region.measure_all()?;
        Ok(match factor {
            Some(factor) => region.with_slower_roads(factor),
            None => region,
        })
    }

    /// What of a road the map lacks, over which journeys are measured: then a scenario that names it is refused.
    pub(crate) fn missing_roads(&self, road: &RoadOfMap) -> Vec<MissingRoad> {
        match self.alteration {
            Alteration::ByHand => vec![MissingRoad::OtherJourneys],
            Alteration::Nothing | Alteration::Slower(_) => self.measure.missing_roads(road),
        }
    }
}

/// Whether two networks have the same hospitals at the same positions.
fn has_same_sites(before: &Network, after: &Network) -> bool {
    let is_same_site = |before: &Hospital, after: &Hospital| {
        before.key == after.key && before.position == after.position
    };
    let (before, after) = (before.hospitals(), after.hospitals());
    before.len() == after.len()
        && before.iter().zip(after).all(|(before, after)| is_same_site(before, after))
}

/// For each hospital of a network the number that it had in another one, by key and position: a hospital that
/// was closed and opened elsewhere is new.
fn kept_hospitals(before: &Network, after: &Network) -> Vec<Option<u32>> {
    let mut numbers: BTreeMap<&str, (u32, Position)> = BTreeMap::new();
    for (number, hospital) in (0..).zip(before.hospitals()) {
        numbers.insert(&hospital.key, (number, hospital.position));
    }
    let mut kept = Vec::with_capacity(after.hospitals().len());
    for hospital in after.hospitals() {
        kept.push(match numbers.get(hospital.key.as_str()) {
            Some((number, position)) if *position == hospital.position => Some(*number),
            _ => None,
        });
    }
    kept
}
