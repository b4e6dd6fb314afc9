//! A region: the network of a day, the places around it, their demand and the travel times.

mod apply;
mod keyed;
mod reach;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

pub use keyed::Keyed;
pub use reach::OutOfReach;

use serde::{Serialize, Serializer};

use crate::demand::Demand;
use crate::model::{
    Adjustments, Date, Folder, HospitalId, HourOfWeek, Model, Network, PartRule, Place, Places,
    PopulationGroup, Position, Problems, Tag, equal_share, serialize_id, tag_of,
};
use crate::names::{self, NameError};
use crate::travel::{Between, CrowFly, CrowFlyError, Stop, TravelModel, TravelTable, TravelTimes};
use crate::units::{Metres, Seconds};

/// The kind of facility at which a helicopter can land.
pub(crate) const HELIPAD: &str = "helipad";

/// The number of a place in its [`Region`], in the order of the places' keys.
///
/// As a [`HospitalId`] does, it knows the places that it was counted among: a region of others finds it
/// out and panics, where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(u32, Tag);

impl Serialize for PlaceId {
    /// The key; an error outside of [`Region::keyed`].
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        serialize_id(self.0, self.1, to)
    }
}

impl PlaceId {
    /// The position in [`Places::places`] of the region that made it.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A point of a place, with its share of the place's people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The place.
    pub place: PlaceId,
    /// Where the part is.
    pub position: Position,
}

/// Why there is no region.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RegionError {
    /// The files have faults.
    #[error("{0}")]
    Problems(#[from] Problems),
    /// The travel model's parameters are wrong.
    #[error(transparent)]
    Travel(#[from] CrowFlyError),
    /// More journeys lie within the cut-off than a region holds: hundreds of millions.
    #[error(
        "more than {most} journeys lie within the longest one that is kept: too many hospitals are in reach of too many places"
    )]
    TooManyJourneys {
        /// How many there may be.
        most: u64,
    },
    /// A scenario opens a hospital or lays out places anew in a region that was measured by a travel
    /// model of one's own, which it does not keep. Apply the scenario to the model
    /// ([`Model::under`]) and measure that.
    #[error(
        "new journeys cannot be measured: the region does not keep its own travel model ({travel}); apply the scenario to the model and measure that"
    )]
    Unmeasured {
        /// What the travel times rest on.
        travel: String,
    },
}

/// The network of a day, the places around it, their demand, and the time of every journey in
/// reach: what all analyses work on.
///
/// ```
/// use verbund::Region;
///
/// let region = Region::leipzig()?;
/// assert_eq!(region.people_inside(), 1_058_179);
/// # Ok::<(), verbund::region::RegionError>(())
/// ```
///
/// What a scenario leaves as it is, the changed region shares with this one: a copy is cheap.
#[derive(Debug, Clone)]
pub struct Region {
    network: Network,
    /// Of a region in one hour: that hour, and the network of the whole week.
    hour: Option<(HourOfWeek, Arc<Network>)>,
    places: Arc<Places>,
    layout: Arc<Layout>,
    times: Arc<TravelTimes>,
    /// Journeys from each hospital to the others.
    between: Arc<TravelTimes>,
    /// Flights to hospitals with a helipad, measured when somebody asks.
    flights: OnceLock<Flights>,
    travel: String,
    demand: Arc<Demand>,
    part_rule: PartRule,
    adjustments: Adjustments,
    /// The models that journeys were measured by, where the region keeps them.
    models: Option<Models>,
    /// Regions that share it have the same journeys by road between places and hospitals that both have.
    journeys: Arc<()>,
}

/// Journeys that a region may always hold; more only where it has many origins.
const MANY_JOURNEYS: u64 = 250_000_000;
/// Journeys that each origin may have, where there are many.
const JOURNEYS_OF_ORIGIN: u64 = 1_000;

/// A model of journeys between hospitals, and the crow-fly model where it knows nothing.
struct Either {
    own: Arc<dyn TravelModel>,
    crow_fly: Arc<dyn TravelModel>,
}

impl TravelModel for Either {
    fn name(&self) -> String {
        Between::new(self.own.as_ref(), self.crow_fly.as_ref()).name()
    }

    fn time(&self, from: &Stop<'_>, to: &Stop<'_>) -> Option<Seconds> {
        Between::new(self.own.as_ref(), self.crow_fly.as_ref()).time(from, to)
    }

    fn destinations<'t>(&'t self, from: &Stop<'_>) -> Vec<&'t str> {
        self.own.destinations(from)
    }

    fn reach(&self, limit: Seconds) -> Option<Metres> {
        Some(self.own.reach(limit)?.max(self.crow_fly.reach(limit)?))
    }
}

/// What journeys from places and between hospitals are measured by.
#[derive(Clone)]
struct Models {
    places: Arc<dyn TravelModel>,
    between: Arc<dyn TravelModel>,
}

impl fmt::Debug for Models {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries([self.places.name(), self.between.name()]).finish()
    }
}

impl PartialEq for Region {
    /// Whether network, places, their layout, every ranked list, demand and what they rest on are the
    /// same.
    fn eq(&self, other: &Self) -> bool {
        self.network == other.network
            && self.hour == other.hour
            && self.places == other.places
            && self.layout == other.layout
            && self.times == other.times
            && self.between == other.between
            && self.travel == other.travel
            && self.demand == other.demand
            && self.part_rule == other.part_rule
            && self.adjustments == other.adjustments
    }
}

/// Flights to hospitals with a helipad, each with the journey by road.
#[derive(Debug, Clone)]
struct Flights {
    times: TravelTimes,
    /// Seconds of the road for each entry of the lists; [`u16::MAX`] beyond the cut-off.
    by_road: Vec<u16>,
}

impl Region {
    /// The longest journey that a region keeps, unless another one is asked for: two hours.
    pub const CUTOFF: Seconds = Seconds::from_minutes(120);

    /// Leipzig / Nordwestsachsen at the date of its file, as it comes with the crate.
    ///
    /// # Errors
    ///
    /// None in practice: the files are part of the crate and tested.
    pub fn leipzig() -> Result<Self, RegionError> {
        Self::of_folder(&Folder::leipzig())
    }

    /// A folder on disk, at the date of its file.
    ///
    /// # Errors
    ///
    /// When its files have faults.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, RegionError> {
        Self::of_folder(&Folder::open(path))
    }

    fn of_folder(folder: &Folder) -> Result<Self, RegionError> {
        let model = folder.read()?;
        Self::new(&model, model.network.date())
    }

    /// The region of a model on a day, with the model's own travel times: its table when it has
    /// one, else the crow-fly model with its parameters.
    ///
    /// # Errors
    ///
    /// Every fault of a model that was built in code ([`Model::check`]), which files never give.
    pub fn new(model: &Model, day: Date) -> Result<Self, RegionError> {
        model.check()?;
        let crow_fly: Arc<dyn TravelModel> = Arc::new(CrowFly::new(model.travel.clone())?);
        let cutoff = Self::CUTOFF;
        let Some(rows) = &model.travel_times else {
            let region = Self::measure(model, day, (&*crow_fly, &*crow_fly), cutoff)?;
            let models = Models { places: Arc::clone(&crow_fly), between: crow_fly };
            return Ok(Self { models: Some(models), ..region });
        };
        let table: Arc<dyn TravelModel> = Arc::new(TravelTable::new(rows.clone()));
        let between = Between::new(table.as_ref(), crow_fly.as_ref());
        let mut region = Self::measure(model, day, (table.as_ref(), &between), cutoff)?;
        // The same of every day and scenario, whichever pairs of hospitals they need.
        let name = crow_fly.name();
        region.travel.push_str(&format!("; between hospitals that it does not name: {name}"));

        let between: Arc<dyn TravelModel> = Arc::new(Either { own: Arc::clone(&table), crow_fly });
        Ok(Self { models: Some(Models { places: table, between }), ..region })
    }

    /// The region of a model on a day with another model of travel; journeys longer than the
    /// cut-off count as no way.
    ///
    /// Between hospitals, where the travel model knows nothing ([`TravelModel::between_hospitals`]), the
    /// crow-fly model with the parameters of the network is taken; [`Self::travel`] says so.
    ///
    /// # Errors
    ///
    /// Every fault of a model that was built in code ([`Model::check`]), which files never give; or too
    /// many journeys within the cut-off.
    pub fn with_travel(
        model: &Model,
        day: Date,
        travel: &dyn TravelModel,
        cutoff: Seconds,
    ) -> Result<Self, RegionError> {
        model.check()?;
        let crow_fly = CrowFly::new(model.travel.clone())?;
        Self::with_own_model(model, day, (travel, &crow_fly), cutoff)
    }

    /// Measured by a model that may know nothing about journeys between hospitals; then by the other one.
    fn with_own_model(
        model: &Model,
        day: Date,
        (own, crow_fly): (&dyn TravelModel, &dyn TravelModel),
        cutoff: Seconds,
    ) -> Result<Self, RegionError> {
        let between = Between::new(own, crow_fly);
        let mut region = Self::measure(model, day, (own, &between), cutoff)?;
        let (known, unknown) = between.asked();
        let is_all = known == 0 && region.network.hospitals().len() > 1;
        if is_all {
            region.travel.push_str(&format!("; between hospitals: {}", crow_fly.name()));
        } else if unknown > 0 {
            let name = crow_fly.name();
            region.travel.push_str(&format!("; between hospitals that it does not name: {name}"));
        }
        Ok(region)
    }

    /// Measures journeys from places by the first model, between hospitals by the second.
    fn measure(
        model: &Model,
        day: Date,
        (travel, between): (&dyn TravelModel, &dyn TravelModel),
        cutoff: Seconds,
    ) -> Result<Self, RegionError> {
        let network = model.network.as_of(day);
        let places = model.places.clone();
        let layout = Layout::new(&places, &model.parts);
        let origins = origins(&places, &layout);
        let hospitals = network.hospitals().iter();
        let stops: Vec<Stop<'_>> =
            hospitals.map(|hospital| Stop::new(&hospital.key, hospital.position)).collect();
        let journeys = |travel: &dyn TravelModel, origins: &[Stop<'_>]| {
            let most = MANY_JOURNEYS.max(JOURNEYS_OF_ORIGIN * origins.len() as u64);
            let times = TravelTimes::build_within((travel, cutoff), origins, &stops, most);
            times.ok_or(RegionError::TooManyJourneys { most })
        };
        let times = journeys(travel, &origins)?;
        let between = journeys(between, &stops)?;
        let adjustments = model.adjustments.clone();
        let demand = Demand::scaled(&places, network.catalog(), &adjustments.demand);
        let travel = travel.name();
        drop(origins);
        drop(stops);
        let flights = OnceLock::new();
        let region = Self {
            network,
            hour: None,
            places: Arc::new(places),
            layout: Arc::new(layout),
            times: Arc::new(times),
            between: Arc::new(between),
            flights,
            travel,
            demand: Arc::new(demand),
            part_rule: model.parts,
            adjustments: Adjustments { roads: Vec::new(), ..adjustments.clone() },
            models: None,
            journeys: Arc::new(()),
        };
        Ok(region.with_roads(&adjustments.roads))
    }

    /// The same region with other journeys by road from its places: `change` gives the time of each
    /// journey that has one, or `None` for no way. Journeys beyond the cut-off stay without a way, and
    /// journeys between hospitals stay as they are.
    #[must_use]
    pub fn with_journeys(
        &self,
        change: impl Fn(PlaceId, HospitalId, Seconds) -> Option<Seconds> + Sync,
    ) -> Self {
        let places = self.layout.places();
        let times =
            self.times.changed(|origin, hospital, time| change(places[origin], hospital, time));
        let times = Arc::new(times);
        Self { times, flights: OnceLock::new(), journeys: Arc::new(()), ..self.clone() }
    }

    /// The same region with journeys by road, from places and between hospitals, that take `factor`
    /// times as long, above 0. Those beyond the cut-off before stay without a way.
    #[must_use]
    pub fn with_slower_roads(&self, factor: f64) -> Self {
        let slower = |time: Seconds| Seconds((f64::from(time.0) * factor).round() as u32);
        Self {
            times: Arc::new(self.times.changed(|_, _, time| Some(slower(time)))),
            between: Arc::new(self.between.changed(|_, _, time| Some(slower(time)))),
            flights: OnceLock::new(),
            journeys: Arc::new(()),
            ..self.clone()
        }
    }

    /// The network of the day.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// This region in one hour of the week: only what is open in it counts, as [`Network::in_hour`] says, for
    /// whoever is at a hospital in that hour, however far he came. People, journeys and ids stay.
    ///
    /// Figures of a whole year (cases, occupancy, a simulation) are those of a year that is always this hour:
    /// ask for them without.
    ///
    /// ```
    /// use verbund::model::HourOfWeek;
    /// use verbund::{Region, coverage};
    ///
    /// let region = Region::leipzig()?;
    /// let sunday_3 = HourOfWeek::new(6, 3).ok_or("no hour")?;
    /// let night = region.in_hour(sunday_3);
    /// assert_eq!(night.hour(), Some(sunday_3));
    /// // No department there has hours: the night is as the day.
    /// let ct = region.network().catalog().standard("ct").ok_or("no standard")?;
    /// let within = |region: &Region| coverage::evaluate(region, ct).unwrap().total.within_limit;
    /// assert_eq!(within(&night), within(&region));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn in_hour(&self, hour: HourOfWeek) -> Self {
        let week = match &self.hour {
            Some((_, week)) => Arc::clone(week),
            None => Arc::new(self.network.clone()),
        };
        let network = week.in_hour(hour);
        Self { network, hour: Some((hour, week)), flights: OnceLock::new(), ..self.clone() }
    }

    /// The hour of the week in which the region is looked at; `None` when all hours are.
    pub fn hour(&self) -> Option<HourOfWeek> {
        self.hour.as_ref().map(|(hour, _)| *hour)
    }

    /// The network with all that is open in whatever hour; the ids are those of [`Self::network`].
    pub fn network_of_week(&self) -> &Network {
        self.hour.as_ref().map_or(&self.network, |(_, week)| week)
    }

    /// The same region in all hours of the week.
    pub(crate) fn of_week(&self) -> Self {
        Self {
            network: self.network_of_week().clone(),
            hour: None,
            flights: OnceLock::new(),
            ..self.clone()
        }
    }

    /// The places.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// One place.
    ///
    /// # Panics
    ///
    /// When the id is of a region of other places.
    pub fn place(&self, id: PlaceId) -> &Place {
        &self.places.places[self.number(id)]
    }

    /// The position of a place of this region among its places.
    fn number(&self, id: PlaceId) -> usize {
        assert!(id.1 == self.layout.tag, "the id is of a region of other places");
        id.index()
    }

    /// The ids of all places.
    pub fn place_ids(&self) -> impl ExactSizeIterator<Item = PlaceId> + use<> {
        let tag = self.layout.tag;
        (0..self.places.places.len() as u32).map(move |number| PlaceId(number, tag))
    }

    /// The points that places are laid out as, place by place.
    pub fn parts(&self) -> &[Part] {
        &self.layout.parts
    }

    /// The positions in [`Self::parts`] of a place's parts.
    ///
    /// # Panics
    ///
    /// When the id is of a region of other places.
    pub fn parts_of(&self, place: PlaceId) -> std::ops::Range<usize> {
        let (from, to) = self.layout.spans[self.number(place)];
        from as usize..to as usize
    }

    /// The ranked lists. The first origins are the parts, in their order.
    pub fn times(&self) -> &TravelTimes {
        &self.times
    }

    /// The journey between two hospitals; `None` where there is no way within the cut-off.
    ///
    /// # Panics
    ///
    /// When an id is of a network of other hospitals.
    pub fn between(&self, from: HospitalId, to: HospitalId) -> Option<Seconds> {
        let is_own = self.network.hospital(from).and(self.network.hospital(to)).is_some();
        assert!(is_own, "the id is of a network of other hospitals");
        self.between_numbers(from.0, to.0)
    }

    /// The same by the numbers of the hospitals.
    pub(crate) fn between_numbers(&self, from: u32, to: u32) -> Option<Seconds> {
        let (hospitals, seconds) = self.between.row(from as usize);
        let at = hospitals.iter().position(|&hospital| hospital == to)?;
        Some(Seconds(u32::from(seconds[at])))
    }

    /// The raw list of journeys from a hospital to all in reach, itself included.
    pub(crate) fn journeys_of(&self, hospital: usize) -> (&[u32], &[u16]) {
        self.between.row(hospital)
    }

    /// The flights from an origin of the ranked lists to the hospitals with a helipad (whatever
    /// its hours), the shortest first: great circle at the speed of the catalog's helicopter,
    /// without start and landing; and the seconds by road to the same hospital, [`u16::MAX`] beyond
    /// the cut-off. The lists of all origins are made when the first one is asked for.
    pub(crate) fn flight_row(&self, origin: usize) -> (&[u32], &[u16], &[u16]) {
        let flights = self.flights.get_or_init(|| self.measure_flights());
        let (hospitals, seconds) = flights.times.row(origin);
        (hospitals, seconds, &flights.by_road[flights.times.span(origin)])
    }

    /// The origin of the ranked lists that is a place's centre.
    pub(crate) fn centre(&self, place: PlaceId) -> usize {
        self.layout.centres[self.number(place)] as usize
    }

    fn measure_flights(&self) -> Flights {
        let helipads = self.network.iter().filter(|(_, one)| one.facility(HELIPAD).is_some());
        let (ids, stops): (Vec<u32>, Vec<Stop<'_>>) =
            helipads.map(|(id, one)| (id.0, Stop::new(&one.key, one.position))).unzip();
        let mut origins: Vec<Stop<'_>> =
            self.layout.parts.iter().map(|part| Stop::new("", part.position)).collect();
        let centres = self.places.places.iter().zip(&self.layout.spans);
        let several = centres.filter(|(_, (first, end))| end - first != 1);
        origins.extend(several.map(|(place, _)| Stop::new("", place.position)));
        let speed = self.network.catalog().first_leg.helicopter.km_per_hour;
        let flight = CrowFly::straight(speed).expect("checked: a speed from 1 to 1,000 km/h");
        let times = TravelTimes::build_alone(&flight, &origins, &stops, self.times.cutoff());
        let times = times.renumbered(&ids, &self.network);
        let mut by_road = vec![u16::MAX; times.pairs()];
        let mut of_hospital = vec![u16::MAX; self.network.hospitals().len()];
        for origin in 0..times.origins() {
            let (hospitals, seconds) = self.times.row(origin);
            hospitals.iter().zip(seconds).for_each(|(&at, &time)| of_hospital[at as usize] = time);
            let span = times.span(origin);
            for (road, &at) in by_road[span].iter_mut().zip(times.row(origin).0) {
                *road = of_hospital[at as usize];
            }
            hospitals.iter().for_each(|&at| of_hospital[at as usize] = u16::MAX);
        }
        Flights { times, by_road }
    }

    /// What the travel times rest on, as every output names it.
    pub fn travel(&self) -> &str {
        &self.travel
    }

    /// What scenarios changed of journeys and cases.
    pub fn adjustments(&self) -> &Adjustments {
        &self.adjustments
    }

    /// Expected cases.
    pub fn demand(&self) -> &Demand {
        &self.demand
    }

    /// A number that is the same for the same network of a day, places and journeys from them, on
    /// every machine: whoever saves unfinished work tells by it that it belongs to this region.
    /// FNV-1a: it guards against mistakes, not against intent.
    pub fn fingerprint(&self) -> u64 {
        use std::fmt::Write;

        struct Fold(u64);
        impl Fold {
            fn add(&mut self, bytes: &[u8]) {
                for byte in bytes {
                    self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
                }
            }
        }
        impl Write for Fold {
            fn write_str(&mut self, text: &str) -> std::fmt::Result {
                self.add(text.as_bytes());
                Ok(())
            }
        }
        let mut fold = Fold(0xcbf2_9ce4_8422_2325);
        write!(fold, "{:?}{:?}{}", self.network, self.places, self.travel)
            .expect("folding bytes cannot fail");
        for origin in 0..self.times.origins() {
            let (hospitals, seconds) = self.times.row(origin);
            fold.add(&(hospitals.len() as u64).to_le_bytes());
            hospitals.iter().for_each(|one| fold.add(&one.to_le_bytes()));
            seconds.iter().for_each(|one| fold.add(&one.to_le_bytes()));
        }
        fold.0
    }

    /// Residents of the places that are not outside.
    pub fn people_inside(&self) -> u64 {
        let inside = self.places.places.iter().filter(|place| !place.outside);
        inside.map(|place| place.population.people()).sum()
    }

    /// Hospitals from which no other one is reached within the cut-off, where there are several: nobody is
    /// handed on from there.
    pub fn hospitals_without_journey(&self) -> usize {
        let count = self.network.hospitals().len();
        if count < 2 {
            return 0;
        }
        let reaches_other = |hospital: &usize| {
            self.between.row(*hospital).0.iter().any(|to| *to as usize != *hospital)
        };
        (0..count).filter(|hospital| !reaches_other(hospital)).count()
    }

    /// Hospitals that no part of any place reaches within the cut-off, by id: nobody is brought there.
    pub fn hospitals_without_patients(&self) -> Vec<HospitalId> {
        let mut is_reached = vec![false; self.network.hospitals().len()];
        for origin in 0..self.layout.parts.len() {
            for hospital in self.times.row(origin).0 {
                is_reached[*hospital as usize] = true;
            }
        }
        self.network.ids().filter(|id| !is_reached[id.index()]).collect()
    }

    /// Places inside of which no part reaches any hospital within the cut-off.
    pub fn places_without_journey(&self) -> usize {
        let inside = self.place_ids().filter(|id| !self.place(*id).outside);
        let reaches = |id| self.parts_of(id).any(|part| !self.times.row(part).0.is_empty());
        inside.filter(|id| !reaches(*id)).count()
    }

    /// The people of a group at each part; 0 at parts of places outside of the region.
    ///
    /// The parts of a place share its people as equally as whole numbers allow.
    pub fn people(&self, group: &PopulationGroup) -> Vec<u32> {
        self.people_where(group, |place| !place.outside)
    }

    /// The people of a group at each part, those of places outside of the region included.
    pub fn people_everywhere(&self, group: &PopulationGroup) -> Vec<u32> {
        self.people_where(group, |_| true)
    }

    fn people_where(&self, group: &PopulationGroup, counts: impl Fn(&Place) -> bool) -> Vec<u32> {
        let mut people = Vec::with_capacity(self.layout.parts.len());
        for place in self.place_ids() {
            let parts = self.parts_of(place).len();
            let total = self.people_of(place, group, &counts);
            people.extend((0..parts).map(|part| equal_share(total, part, parts)));
        }
        people
    }

    fn people_of(
        &self,
        place: PlaceId,
        group: &PopulationGroup,
        counts: impl Fn(&Place) -> bool,
    ) -> u32 {
        let place = self.place(place);
        if counts(place) { place.population.people_in(group, &self.places.bands) } else { 0 }
    }

    /// The people of a group at each part of one place, with the part's number; 0 where it is outside.
    pub(crate) fn people_at(
        &self,
        place: PlaceId,
        group: &PopulationGroup,
    ) -> impl Iterator<Item = (usize, u32)> + use<> {
        let total = self.people_of(place, group, |place| !place.outside);
        let parts = self.parts_of(place);
        let count = parts.len();
        parts.enumerate().map(move |(at, part)| (part, equal_share(total, at, count)))
    }

    /// The hospitals in reach of a place's centre, the nearest first.
    ///
    /// # Panics
    ///
    /// When the id is of a region of other places.
    pub fn from_centre(
        &self,
        place: PlaceId,
    ) -> impl ExactSizeIterator<Item = (HospitalId, Seconds)> {
        self.times.from_origin(self.centre(place))
    }

    /// The place that a typed name means, by the rule of [`names::pick`]: its key, its name with or
    /// without umlauts, or the only one that starts with or contains it.
    ///
    /// # Errors
    ///
    /// When no place or several fit.
    pub fn find_place(&self, typed: &str) -> Result<PlaceId, NameError> {
        let index = names::pick_from("place", typed, &self.places.places)?;
        Ok(PlaceId(index as u32, self.layout.tag))
    }

    /// The hospital that a typed name means, by the same rule; a city means the only site with
    /// inpatients there.
    ///
    /// # Errors
    ///
    /// When no hospital or several fit.
    pub fn find_hospital(&self, typed: &str) -> Result<HospitalId, NameError> {
        let index = names::pick_from("hospital", typed, self.network.hospitals())?;
        Ok(self.network.id(index as u32))
    }
}

/// The points that places are laid out as.
#[derive(Debug, Clone, PartialEq)]
struct Layout {
    parts: Vec<Part>,
    /// First and behind the last part of each place.
    spans: Vec<(u32, u32)>,
    /// The number of each place's centre among the origins.
    centres: Vec<u32>,
    /// What the ids of the places carry.
    tag: Tag,
}

impl Layout {
    fn new(places: &Places, rule: &PartRule) -> Self {
        let (mut parts, mut spans) = (Vec::new(), Vec::with_capacity(places.places.len()));
        let tag = tag_of(places.places.iter().map(|place| place.key.as_str()));
        for (index, place) in places.places.iter().enumerate() {
            let first = parts.len() as u32;
            let positions = rule.lay_out(place).into_iter();
            let place = PlaceId(index as u32, tag);
            parts.extend(positions.map(|position| Part { place, position }));
            spans.push((first, parts.len() as u32));
        }
        let mut next = parts.len() as u32;
        let mut centres = Vec::with_capacity(spans.len());
        for &(first, end) in &spans {
            if end - first == 1 {
                centres.push(first);
            } else {
                centres.push(next);
                next += 1;
            }
        }
        Self { parts, spans, centres, tag }
    }

    /// How many origins the ranked lists have: the parts and the centres that are none.
    fn origins(&self) -> usize {
        self.places().len()
    }

    /// The place of each origin of the ranked lists.
    fn places(&self) -> Vec<PlaceId> {
        let mut places: Vec<PlaceId> = self.parts.iter().map(|part| part.place).collect();
        let centres = (0_u32..).zip(&self.centres);
        let apart = centres.filter(|(_, at)| **at as usize >= self.parts.len());
        places.extend(apart.map(|(place, _)| PlaceId(place, self.tag)));
        places
    }
}

/// Where journeys start: the parts, then the centres of places of several parts.
fn origins<'p>(places: &'p Places, layout: &Layout) -> Vec<Stop<'p>> {
    let Layout { parts, centres, .. } = layout;
    let key = |part: &Part| places.places[part.place.index()].key.as_str();
    let mut origins: Vec<Stop<'_>> =
        parts.iter().map(|part| Stop::new(key(part), part.position)).collect();
    for (place, &centre) in places.places.iter().zip(centres) {
        if centre as usize >= parts.len() {
            origins.push(Stop::new(&place.key, place.position));
        }
    }
    origins
}
