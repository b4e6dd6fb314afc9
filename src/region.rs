//! A region: the network of a day, the places around it, their demand and the travel times.

mod apply;
mod fingerprint;
mod flights;
mod held;
mod keyed;
mod layout;
mod measure;
mod people;
mod reach;
mod setup;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

pub use apply::Settled;
pub(crate) use flights::HELIPAD;
pub(crate) use held::Held;
pub use keyed::Keyed;
pub use layout::{Part, PlaceId};
pub use reach::OutOfReach;

use crate::calendar::{Date, HourOfWeek};
use crate::demand::Demand;
use crate::files::Folder;
use crate::model::{
    Adjustments, BandEnd, Ends, HospitalId, Margin, MissingRoad, Model, Network, PartRule, Place,
    Places,
};
use crate::names::{self, NameError};
use crate::problem::Problems;
use crate::travel::{CrowFlyError, TravelError, TravelModel, TravelTimes};
use crate::units::Seconds;
use flights::Flights;
use layout::Layout;
use measure::Measure;
use setup::Setup;

/// Why there is no region.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RegionError {
    /// The files have faults.
    #[error(transparent)]
    Problems(#[from] Problems),
    /// The parameters of the crow-fly model are wrong.
    #[error(transparent)]
    Travel(#[from] CrowFlyError),
    /// The travel model could not tell a journey, which is named; or more journeys lie within the cut-off
    /// than a region holds: hundreds of millions.
    #[error(transparent)]
    Journeys(#[from] TravelError),
    /// A scenario closes or slows a road of a map, and journeys are measured without a map or over one that lacks it.
    #[error(transparent)]
    Road(#[from] MissingRoad),
}

/// What was done to journeys after they were measured.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Alteration {
    Nothing,
    /// All of them were multiplied.
    Slower(f64),
    /// Nobody knows: measuring anew would undo it.
    ByHand,
}

/// The network of a day, the places around it, their demand, and the time of every journey in
/// reach: what all analyses work on.
///
/// A region measures its journeys once and does not change: a scenario ([`Self::apply`]), an hour of the week
/// ([`Self::in_hour`]) or a road ([`Self::with_roads`]) makes another one, which shares what stays. It keeps its
/// travel model for what a scenario adds. Threads share one as `&Region` or `Arc<Region>`.
///
/// Leipzig / Nordwestsachsen (131 hospitals, 3,057 points of 320 places) is measured in 6 ms and holds 2.4 MB of
/// lists, Germany in a second and holds up to some hundred MB; what a scenario opens or closes there takes another
/// half a second, and a copy nothing. Who asks only whether a place reaches any hospital at all takes
/// [`OutOfReach`], and who asks about the network alone the [`Model`]: neither measures every journey.
///
/// ```
/// use std::sync::Arc;
/// use std::thread;
///
/// use verbund::Region;
///
/// let region = Arc::new(Region::leipzig()?);
/// assert_eq!((region.people_inside(), region.times().pairs()), (1_058_179, 400_483));
///
/// let shared = Arc::clone(&region);
/// let nearest = thread::spawn(move || {
///     let torgau = shared.find_place("Torgau").unwrap();
///     let (hospital, time) = shared.from_centre(torgau).next().unwrap();
///     (shared.network()[hospital].key.clone(), time.0)
/// });
/// assert_eq!(nearest.join().unwrap(), ("kkh-torgau".to_owned(), 307));
/// # Ok::<(), verbund::region::RegionError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Region {
    network: Arc<Network>,
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
    /// What journeys are measured by.
    measure: Measure,
    /// How far journeys may be off; `None` where nobody says.
    margin: Option<Margin>,
    /// What was done to journeys that the travel model does not know.
    alteration: Alteration,
    /// Regions that share it have the same journeys by road between places and hospitals that both have.
    journeys: Arc<()>,
}

impl PartialEq for Region {
    /// Whether network, places, their layout, every ranked list, demand and what they rest on are the
    /// same.
    fn eq(&self, other: &Self) -> bool {
        // Not by what journeys are measured: two models that tell the same times make the same region.
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
        Self::measured(model, Setup::of(model, day)?, Self::CUTOFF)
    }

    /// The region of a model on a day with another model of travel, which it keeps; journeys longer than the
    /// cut-off count as no way.
    ///
    /// Between hospitals, where the travel model knows nothing ([`TravelModel::hospital_journeys`]), the
    /// crow-fly model with the parameters of the network is taken; [`Self::travel`] says so.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use verbund::Region;
    /// use verbund::files::Folder;
    /// use verbund::travel::CrowFly;
    /// use verbund::units::Seconds;
    ///
    /// let model = Folder::leipzig().read()?;
    /// let helicopter = Arc::new(CrowFly::straight(240.0)?);
    /// let hour = Seconds::from_minutes(60);
    /// let region = Region::with_travel(&model, model.network.date(), helicopter, hour)?;
    /// let torgau = region.find_place("Torgau")?;
    /// assert_eq!(region.from_centre(torgau).next().unwrap().1, Seconds(21)); // 1.4 km at 4 km a minute
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Every fault of a model that was built in code ([`Model::check`]), which files never give; a journey
    /// that the travel model cannot tell; or too many journeys within the cut-off.
    pub fn with_travel(
        model: &Model,
        day: Date,
        travel: Arc<dyn TravelModel>,
        cutoff: Seconds,
    ) -> Result<Self, RegionError> {
        Self::measured(model, Setup::with_travel(model, day, travel)?, cutoff)
    }

    /// The region of a model that was set up.
    /// The region of a model on another day, measured as this one was when it was built, with the same cut-off.
    pub(crate) fn measured_alike(&self, model: &Model, day: Date) -> Result<Self, RegionError> {
        Self::with_travel(model, day, self.measure.first(), self.times.cutoff())
    }

    fn measured(model: &Model, setup: Setup, cutoff: Seconds) -> Result<Self, RegionError> {
        let Setup { network, layout, measure, margin } = setup;
        let demand = Demand::scaled(&model.places, network.catalog(), &model.adjustments.demand);
        // The lists know the cut-off before there are any journeys.
        let nothing = Arc::new(TravelTimes::empty(0, cutoff.min(TravelTimes::MAX_CUTOFF)));
        let mut region = Self {
            network: Arc::new(network),
            hour: None,
            places: Arc::new(model.places.clone()),
            layout: Arc::new(layout),
            times: Arc::clone(&nothing),
            between: nothing,
            flights: OnceLock::new(),
            travel: String::new(),
            demand: Arc::new(demand),
            part_rule: model.parts,
            adjustments: Adjustments {
                demand: model.adjustments.demand.clone(),
                ..Adjustments::default()
            },
            measure,
            margin,
            alteration: Alteration::Nothing,
            journeys: Arc::new(()),
        };
        // Roads of scenarios come on top, as they do when a scenario is applied to a region.
        region.measure_all()?;
        let region = region.with_roads_of_map(&model.adjustments.roads_of_map)?;
        region.with_roads(&model.adjustments.roads)
    }

    /// The same region with other journeys by road from its places: `change` gives the time of each
    /// journey that has one, or `None` for no way. Journeys beyond the cut-off stay without a way, and
    /// journeys between hospitals stay as they are. What a scenario adds later is as the travel model says.
    #[must_use]
    pub fn with_journeys(
        &self,
        change: impl Fn(PlaceId, HospitalId, Seconds) -> Option<Seconds> + Sync,
    ) -> Self {
        let times = self
            .times
            .changed(|origin, hospital, time| change(self.layout.place_of(origin), hospital, time));
        let mut region = self.with_other_journeys();
        region.times = Arc::new(times);
        region
    }

    /// The same region with journeys by road, from places and between hospitals, that take `factor`
    /// times as long, above 0. Those beyond the cut-off before stay without a way. What a scenario adds later
    /// is as the travel model says.
    #[must_use]
    pub fn with_slower_roads(&self, factor: f64) -> Self {
        let slower = |time: Seconds| Seconds((f64::from(time.0) * factor).round() as u32);
        let mut region = self.with_other_journeys();
        region.alteration = match self.alteration {
            Alteration::Nothing => Alteration::Slower(factor),
            Alteration::Slower(before) => Alteration::Slower(before * factor),
            Alteration::ByHand => Alteration::ByHand,
        };
        region.times = Arc::new(self.times.changed(|_, _, time| Some(slower(time))));
        region.between = Arc::new(self.between.changed(|_, _, time| Some(slower(time))));
        region
    }

    /// How far journeys may be off from those on the road, as the travel model or the network's file states it;
    /// `None` where neither does.
    pub fn margin(&self) -> Option<&Margin> {
        self.margin.as_ref()
    }

    /// The same region with another margin of its journeys; `None` for none that is stated. Its times stay.
    #[must_use]
    pub fn with_margin(&self, margin: impl Into<Option<Margin>>) -> Self {
        Self { margin: margin.into(), ..self.clone() }
    }

    /// The same region with all journeys by road, from places and between hospitals, at an end of the band; `None`
    /// where no margin is stated. Its own margin is none: the error is in its times.
    ///
    /// Journeys beyond the cut-off as stated stay without a way, at the quick end, too. Who only counts people
    /// within a limit asks [`Margin::latest`] instead, which takes no copy of the lists.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::model::{BandEnd, Margin};
    /// use verbund::units::Seconds;
    ///
    /// let margin = Margin::new(0.2, Seconds::from_minutes(1));
    /// let region = Region::leipzig()?.with_margin(margin);
    /// let torgau = region.find_place("Torgau").unwrap();
    /// assert_eq!(region.from_centre(torgau).next().unwrap().1, Seconds(307));
    /// let slow = region.at(BandEnd::Slow).unwrap();
    /// assert_eq!(slow.from_centre(torgau).next().unwrap().1, Seconds(428)); // 307 x 1.2 + 60
    /// # Ok::<(), verbund::region::RegionError>(())
    /// ```
    pub fn at(&self, end: BandEnd) -> Option<Self> {
        let margin = self.margin.as_ref()?;
        let mut region = Self { margin: None, ..self.with_other_journeys() };
        region.times = Arc::new(self.times.stretched(|time| margin.time(end, time)));
        // A hospital is at its own door at once, however slow the roads are.
        let between = |from: usize, to: HospitalId, time: Seconds| {
            if from == to.index() { Some(time) } else { Some(margin.time(end, time)) }
        };
        region.between = Arc::new(self.between.changed(between));
        Some(region)
    }

    /// What is asked of the region at both ends of the band ([`Self::at`]), of one after the other: only one copy of the
    /// lists of journeys is there at a time. `None` where no margin is stated.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::model::Margin;
    /// use verbund::units::Seconds;
    ///
    /// let region = Region::leipzig()?.with_margin(Margin::new(0.2, Seconds(60)));
    /// let torgau = region.find_place("Torgau").unwrap();
    /// let nearest = |region: &Region| region.from_centre(torgau).next().unwrap().1;
    /// let ends = region.at_ends(nearest).unwrap();
    /// assert_eq!((ends.quick, ends.slow), (Seconds(246), Seconds(428))); // 307 x 0.8, 307 x 1.2 + 60
    /// # Ok::<(), verbund::region::RegionError>(())
    /// ```
    pub fn at_ends<T>(&self, mut ask: impl FnMut(&Self) -> T) -> Option<Ends<T>> {
        self.margin.as_ref()?;
        let at_end = |end| self.at(end).map(|region| ask(&region));
        Ends::of(at_end).both()
    }

    /// A copy whose journeys are about to be changed.
    fn with_other_journeys(&self) -> Self {
        // Flights have the time by road beside them, so that they are measured anew.
        Self {
            alteration: Alteration::ByHand,
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
    /// use verbund::calendar::HourOfWeek;
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
        // From the whole week: an hour of an hour would have only what is open in both.
        let week = match &self.hour {
            Some((_, week)) => Arc::clone(week),
            None => Arc::clone(&self.network),
        };
        let network = Arc::new(week.in_hour(hour));
        // A helipad may be closed in this hour.
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

    /// This region in all hours of the week.
    pub(crate) fn of_week(&self) -> Self {
        let network = match &self.hour {
            Some((_, week)) => Arc::clone(week),
            None => Arc::clone(&self.network),
        };
        // Helipads that were closed in the hour may be open in another one.
        Self { network, hour: None, flights: OnceLock::new(), ..self.clone() }
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
        // A position alone would fit here, too, and the answer would be that of another place.
        assert!(self.layout.has(id), "the id is of a region of other places");
        id.index()
    }

    /// The ids of all places.
    pub fn place_ids(&self) -> impl ExactSizeIterator<Item = PlaceId> + use<> {
        self.layout.place_ids()
    }

    /// The points that places are laid out as, place by place.
    pub fn parts(&self) -> &[Part] {
        self.layout.parts()
    }

    /// The positions in [`Self::parts`] of a place's parts.
    ///
    /// # Panics
    ///
    /// When the id is of a region of other places.
    pub fn parts_of(&self, place: PlaceId) -> std::ops::Range<usize> {
        self.layout.parts_of(self.number(place))
    }

    /// The ranked lists. The first origins are the parts, in their order.
    pub fn times(&self) -> &TravelTimes {
        &self.times
    }

    /// The network of the day, to be kept alone: a copy of the region would copy its flights, too.
    pub(crate) fn shared_network(&self) -> Arc<Network> {
        Arc::clone(&self.network)
    }

    /// The places, to be kept alone.
    pub(crate) fn shared_places(&self) -> Arc<Places> {
        Arc::clone(&self.places)
    }

    /// The ranked lists, to be kept alone.
    pub(crate) fn shared_times(&self) -> Arc<TravelTimes> {
        Arc::clone(&self.times)
    }

    /// The journey between two hospitals; `None` where there is no way within the cut-off.
    ///
    /// # Panics
    ///
    /// When an id is of a network of other hospitals.
    pub fn between(&self, from: HospitalId, to: HospitalId) -> Option<Seconds> {
        let are_here = self.network.hospital(from).and(self.network.hospital(to)).is_some();
        assert!(are_here, "the id is of a network of other hospitals");
        self.between_numbers(from.0, to.0)
    }

    /// The journey between two hospitals by their numbers.
    pub(crate) fn between_numbers(&self, from: u32, to: u32) -> Option<Seconds> {
        let (hospitals, seconds) = self.between.row(from as usize);
        // A list is short, and the nearest hospitals, which are asked for most, come first.
        let index = hospitals.iter().position(|&hospital| hospital == to)?;
        Some(Seconds(u32::from(seconds[index])))
    }

    /// The raw list of journeys from a hospital to all in reach, itself included.
    pub(crate) fn journeys_of(&self, hospital: usize) -> (&[u32], &[u16]) {
        self.between.row(hospital)
    }

    /// The origin of the ranked lists that is a place's centre.
    pub(crate) fn centre(&self, place: PlaceId) -> usize {
        self.layout.centre(self.number(place))
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
        Ok(self.layout.place_id(index))
    }

    /// The hospital that a typed name means, by the rule of [`Self::find_place`]; a city means the only site with
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
