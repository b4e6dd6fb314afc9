//! Travel models from closures.

use std::error::Error;

use super::pairs::{self, Pairs};
use super::{HospitalJourneys, Limits, Stop, TravelError, TravelModel, TravelTimes};
use crate::units::{Metres, Seconds};

/// Why a closure could not tell a journey: any error, or a text by `.into()`.
pub type JourneyError = Box<dyn Error + Send + Sync>;

/// A travel model from a closure that tells one journey at a time; made by [`from_fn`].
#[derive(Debug, Clone)]
pub struct FromFn<F> {
    name: String,
    time: F,
    metres_per_second: Option<f64>,
    hospital_journeys: HospitalJourneys,
}

/// A travel model from a closure that tells one journey at a time: `None` for no way, an error where it cannot
/// tell.
///
/// The closure is called once for each pair, from all threads: for Leipzig / Nordwestsachsen 3,342 points and
/// 131 hospitals are 437,802 calls. [`FromFn::no_faster_than`] leaves out pairs that are too far apart. Where a
/// search or a service tells a whole row at once, [`from_rows`] calls it once for each point.
///
/// ```
/// use std::sync::Arc;
///
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::travel::from_fn;
/// use verbund::units::Seconds;
///
/// // Two minutes a kilometre, straight ahead, from hospitals as from places.
/// let bicycle = from_fn("bicycle, 30 km/h", |from, to| {
///     Ok(Some(Seconds((from.distance_to(to) * 0.12).round() as u32)))
/// });
/// let bicycle = bicycle.between_hospitals().no_faster_than(30.0);
///
/// let model = Folder::leipzig().read()?;
/// let region = Region::with_travel(&model, model.network.date(), Arc::new(bicycle), Region::CUTOFF)?;
/// let torgau = region.find_place("Torgau")?;
/// let (nearest, time) = region.from_centre(torgau).next().unwrap();
/// assert_eq!((region.network()[nearest].key.as_str(), time), ("kkh-torgau", Seconds(168)));
/// assert_eq!(region.travel(), "bicycle, 30 km/h");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// An error ends the work and names the pair:
///
/// ```
/// use std::sync::Arc;
///
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::travel::from_fn;
///
/// let broken = from_fn("a service", |_, to| match to.key {
///     "south" => Err("the service does not answer".into()),
///     _ => Ok(None),
/// });
/// let model = Folder::small().read()?;
/// let error = Region::with_travel(&model, model.network.date(), Arc::new(broken), Region::CUTOFF);
/// assert_eq!(
///     error.unwrap_err().to_string(),
///     "no time for the journey from \"e\" to \"south\": the service does not answer"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn from_fn<F>(name: impl Into<String>, time: F) -> FromFn<F>
where
    F: Fn(&Stop<'_>, &Stop<'_>) -> Result<Option<Seconds>, JourneyError> + Send + Sync,
{
    let hospital_journeys = HospitalJourneys::Unknown;
    FromFn { name: name.into(), time, metres_per_second: None, hospital_journeys }
}

impl<F> FromFn<F> {
    /// The closure tells journeys between hospitals, too. Without, the crow-fly model of the network does.
    #[must_use]
    pub fn between_hospitals(self) -> Self {
        Self { hospital_journeys: HospitalJourneys::Known, ..self }
    }

    /// No journey is faster than this over the great circle, in km/h, so that the closure is asked only for
    /// hospitals that may be within the cut-off: at 150 km/h and two hours those within 300 km. A faster
    /// journey may then be left out. A number that is not above 0 bounds nothing.
    #[must_use]
    pub fn no_faster_than(self, km_per_hour: f64) -> Self {
        // Not a fault: a bound saves time and says nothing about journeys.
        let is_speed = km_per_hour > 0.0 && km_per_hour.is_finite();
        Self { metres_per_second: is_speed.then_some(km_per_hour / 3.6), ..self }
    }
}

impl<F> TravelModel for FromFn<F>
where
    F: Fn(&Stop<'_>, &Stop<'_>) -> Result<Option<Seconds>, JourneyError> + Send + Sync,
{
    fn name(&self) -> String {
        self.name.clone()
    }

    fn lists(
        &self,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        limits: Limits,
    ) -> Result<TravelTimes, TravelError> {
        pairs::lists(self, from, to, limits)
    }

    fn hospital_journeys(&self) -> HospitalJourneys {
        self.hospital_journeys
    }
}

impl<F> Pairs for FromFn<F>
where
    F: Fn(&Stop<'_>, &Stop<'_>) -> Result<Option<Seconds>, JourneyError> + Send + Sync,
{
    fn time(&self, from: &Stop<'_>, to: &Stop<'_>) -> Result<Option<Seconds>, TravelError> {
        (self.time)(from, to).map_err(|error| TravelError::Journey {
            from: from.key.to_owned(),
            to: to.key.to_owned(),
            reason: error.to_string(),
        })
    }

    fn reach(&self, limit: Seconds) -> Option<Metres> {
        // Times are whole seconds: one that is rounded down took half a second more.
        let metres = (f64::from(limit.0) + 0.5) * self.metres_per_second?;
        Some(Metres((metres.ceil() as u32).saturating_add(1)))
    }
}

/// A travel model from a closure that tells a row at a time; made by [`from_rows`].
#[derive(Debug, Clone)]
pub struct FromRows<F> {
    name: String,
    row: F,
    hospital_journeys: HospitalJourneys,
}

/// A travel model from a closure that tells the journeys from one start to all ends at a time, in their order:
/// `None` for no way, an error where it cannot tell.
///
/// The closure is called once for each point, from all threads: for Leipzig / Nordwestsachsen 3,342 calls with
/// 131 ends each. A scenario that opens a hospital calls it again for each point with one end, so that a closure
/// that searches should stop at the ends.
///
/// ```
/// use std::sync::Arc;
///
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::travel::from_rows;
/// use verbund::units::Seconds;
///
/// // A matrix of somebody's, in minutes: a row by place, a column by hospital.
/// let minutes = |from: &str, to: &str| match (from, to) {
///     ("a", "north") => Some(12),
///     ("b", "north") => Some(45),
///     _ => None,
/// };
/// let matrix = from_rows("matrix of 2026", move |from, to| {
///     Ok(to.iter().map(|end| minutes(from.key, end.key).map(Seconds::from_minutes)).collect())
/// });
///
/// let model = Folder::small().read()?;
/// let region = Region::with_travel(&model, model.network.date(), Arc::new(matrix), Region::CUTOFF)?;
/// assert_eq!(region.places_without_journey(), 3); // of five inside
/// assert!(region.travel().starts_with("matrix of 2026; between hospitals: crow-fly model"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn from_rows<F>(name: impl Into<String>, row: F) -> FromRows<F>
where
    F: Fn(&Stop<'_>, &[Stop<'_>]) -> Result<Vec<Option<Seconds>>, JourneyError> + Send + Sync,
{
    FromRows { name: name.into(), row, hospital_journeys: HospitalJourneys::Unknown }
}

impl<F> FromRows<F> {
    /// The closure tells journeys between hospitals, too. Without, the crow-fly model of the network does.
    #[must_use]
    pub fn between_hospitals(self) -> Self {
        Self { hospital_journeys: HospitalJourneys::Known, ..self }
    }
}

impl<F> TravelModel for FromRows<F>
where
    F: Fn(&Stop<'_>, &[Stop<'_>]) -> Result<Vec<Option<Seconds>>, JourneyError> + Send + Sync,
{
    fn name(&self) -> String {
        self.name.clone()
    }

    fn lists(
        &self,
        from: &[Stop<'_>],
        to: &[Stop<'_>],
        limits: Limits,
    ) -> Result<TravelTimes, TravelError> {
        TravelTimes::by_rows(from, to, limits, |start| {
            (self.row)(start, to).map_err(|error| TravelError::Start {
                from: start.key.to_owned(),
                reason: error.to_string(),
            })
        })
    }

    fn hospital_journeys(&self) -> HospitalJourneys {
        self.hospital_journeys
    }
}
