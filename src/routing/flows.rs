//! Flows of expected cases from places to hospitals.

use serde::Serialize;

use super::choice::{Choice, ChoiceError};
use super::gravity::Gravity;
use super::overflow::serve;
use super::split::Split;
use super::streams::{CaseStream, CaseStreams, DAYS, PlaceFlow, Sent, SentByAll, add_up};
use crate::demand::Cases;
use crate::model::HospitalId;
use crate::region::{PlaceId, Region};
use crate::units::Seconds;

/// Cases of one department in a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Load {
    /// The hospital.
    pub hospital: HospitalId,
    /// Specialty of the department that treats them; empty for a tracer condition that asks for
    /// no specialty.
    pub department: String,
    /// Cases a year, of people at the places of the network.
    pub cases: f64,
    /// Those of them that live inside of the region.
    pub cases_inside: f64,
    /// Cases a year beside these, of people from beyond the places
    /// ([`Hospital::from_beyond`](crate::model::Hospital::from_beyond)).
    pub cases_from_beyond: f64,
    /// Bed days a year of all of them.
    pub bed_days: f64,
    /// Beds of the department; `None` when unknown.
    pub beds: Option<u32>,
}

impl Load {
    /// Cases a year from the places and from beyond.
    pub fn all_cases(&self) -> f64 {
        self.cases + self.cases_from_beyond
    }

    /// Bed days over the bed days that the beds offer; above 1 when there are too few beds.
    ///
    /// `None` when the beds are unknown or there are none.
    pub fn occupancy(&self) -> Option<f64> {
        // A share of no bed days would be endless.
        let beds = self.beds.filter(|beds| *beds > 0)?;
        Some(self.bed_days / (f64::from(beds) * DAYS))
    }
}

/// The sums of a hospital over its departments, or of a single one, a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HospitalLoad {
    /// Cases of people at the places of the network.
    pub cases: f64,
    /// Those of them that live inside of the region.
    pub cases_inside: f64,
    /// Cases beside these, of people from beyond the places.
    pub cases_from_beyond: f64,
    /// Bed days of all of them.
    pub bed_days: f64,
    /// Beds of the departments whose beds are known.
    pub beds: u64,
    /// Bed days of those departments.
    pub days_in_beds: f64,
}

impl HospitalLoad {
    /// Cases from the places and from beyond.
    pub fn all_cases(&self) -> f64 {
        self.cases + self.cases_from_beyond
    }

    /// The share of all cases that come from beyond the region: from its places outside, and from beyond all
    /// places; `None` without cases.
    pub fn share_from_outside(&self) -> Option<f64> {
        let cases = self.all_cases();
        if cases <= 0.0 {
            return None;
        }
        // Both are sums of many places in another order: a little less than nothing is nothing.
        Some((1.0 - self.cases_inside / cases).clamp(0.0, 1.0))
    }

    /// Bed days over the bed days that the known beds offer; `None` when no beds are known.
    pub fn occupancy(&self) -> Option<f64> {
        if self.beds == 0 {
            return None;
        }
        Some(self.days_in_beds / (self.beds as f64 * DAYS))
    }
}

impl From<&Load> for HospitalLoad {
    /// The load of one department.
    fn from(load: &Load) -> Self {
        Self {
            cases: load.cases,
            cases_inside: load.cases_inside,
            cases_from_beyond: load.cases_from_beyond,
            bed_days: load.bed_days,
            beds: load.beds.map_or(0, u64::from),
            // Days beside unknown beds would make known ones look too full.
            days_in_beds: if load.beds.is_some() { load.bed_days } else { 0.0 },
        }
    }
}

/// The load of a hospital or department before and after a change; `None` where it does not exist.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LoadChange {
    /// Before.
    pub before: Option<HospitalLoad>,
    /// After.
    pub after: Option<HospitalLoad>,
}

/// Cases a year of a hospital or department before and after a change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct CasesChange {
    /// Before; 0 where it does not exist.
    pub before: f64,
    /// After; 0 where it does not exist.
    pub after: f64,
}

/// How full a hospital or department is before and after a change, 1 being full; see
/// [`HospitalLoad::occupancy`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct OccupancyChange {
    /// Before; `None` where it does not exist or its beds are unknown.
    pub before: Option<f64>,
    /// After; `None` where it does not exist or its beds are unknown.
    pub after: Option<f64>,
}

impl LoadChange {
    /// Cases a year before and after; 0 where it does not exist.
    pub fn cases(&self) -> CasesChange {
        CasesChange { before: cases_of(self.before), after: cases_of(self.after) }
    }

    /// Cases a year more; below 0 for fewer.
    pub fn more_cases(&self) -> f64 {
        let CasesChange { before, after } = self.cases();
        after - before
    }

    /// Whether it takes more cases than before, by more than a millionth of a case: less is what
    /// rounding leaves.
    pub fn is_receiver(&self) -> bool {
        self.more_cases() > 1e-6
    }

    /// Occupancy before and after, where beds are known; see [`HospitalLoad::occupancy`].
    pub fn occupancy(&self) -> OccupancyChange {
        OccupancyChange { before: occupancy_of(self.before), after: occupancy_of(self.after) }
    }

    /// Whether it has more bed days than beds after: above 1, not at 1.
    pub fn is_overfull(&self) -> bool {
        self.occupancy().after.is_some_and(|share| share > 1.0)
    }

    /// Whether it is overfull after and was not before; one that opens overfull counts.
    pub fn is_newly_overfull(&self) -> bool {
        self.is_overfull() && self.occupancy().before.is_none_or(|share| share <= 1.0)
    }

    /// Whether it was overfull before and is fuller after, by at least 0.1 percentage points.
    pub fn is_overfull_and_fuller(&self) -> bool {
        let OccupancyChange { before: Some(before), after: Some(after) } = self.occupancy() else {
            return false;
        };
        before > 1.0 && after >= before + 0.001
    }
}

/// Cases of what may not exist.
fn cases_of(load: Option<HospitalLoad>) -> f64 {
    match load {
        Some(load) => load.cases,
        None => 0.0,
    }
}

/// Occupancy of what may not exist, or whose beds may be unknown.
fn occupancy_of(load: Option<HospitalLoad>) -> Option<f64> {
    load?.occupancy()
}

/// Cases of one specialty at one hospital in a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Treatment {
    /// The hospital.
    pub hospital: HospitalId,
    /// Key of the specialty or condition.
    pub specialty: String,
    /// Specialty of the department that treats it; see [`Load::department`].
    pub department: String,
    /// Cases a year, of people at the places of the network.
    pub cases: f64,
    /// Cases a year beside these, of people from beyond the places.
    pub cases_from_beyond: f64,
    /// Bed days a year of all of them.
    pub bed_days: f64,
}

/// Cases of one specialty in a year.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SpecialtyFlow {
    /// Key of the specialty or condition.
    pub key: String,
    /// Cases of all places.
    pub cases: f64,
    /// Cases that no hospital takes.
    pub leftover: f64,
    /// Mean time of the journeys in seconds; `None` without any.
    pub mean_seconds: Option<f64>,
}

/// Cases of a place that no hospital takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Leftover {
    /// The place.
    pub place: PlaceId,
    /// Key of the specialty or condition.
    pub key: String,
    /// Cases a year.
    pub cases: f64,
}

/// Which flows are computed: how patients choose, of what, without which hospitals, and whether it is kept who
/// goes where.
///
/// ```
/// use verbund::Region;
/// use verbund::routing::{Choice, FlowSettings, Flows};
///
/// let region = Region::leipzig()?;
/// let births = region.demand().condition("birth").ok_or("no births")?;
/// let torgau = region.network().find("kkh-torgau").ok_or("no hospital")?;
/// let closed = [torgau];
/// let settings = FlowSettings::new(Choice::Nearest).only(births).without(&closed).with_pairs();
/// let flows = Flows::new(&region, &settings)?;
/// assert_eq!(flows.specialties.len(), 1);
/// assert!(flows.pairs.iter().all(|pair| pair.hospital != torgau));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct FlowSettings<'s> {
    /// How patients choose.
    pub choice: Choice,
    /// The cases of this specialty or tracer condition alone ([`Demand::cases`](crate::demand::Demand::cases));
    /// `None` for every specialty.
    pub only: Option<&'s Cases>,
    /// Hospitals that count as if they did not exist.
    pub closed: &'s [HospitalId],
    /// Whether [`Flows::pairs`] are kept: memory for every place and hospital in reach of it.
    pub has_pairs: bool,
}

impl<'s> FlowSettings<'s> {
    /// Every specialty, all hospitals, without pairs.
    pub fn new(choice: Choice) -> Self {
        Self { choice, only: None, closed: &[], has_pairs: false }
    }

    /// One specialty or tracer condition alone.
    #[must_use]
    pub fn only(self, cases: &'s Cases) -> Self {
        Self { only: Some(cases), ..self }
    }

    /// As if these hospitals did not exist.
    #[must_use]
    pub fn without(self, closed: &'s [HospitalId]) -> Self {
        Self { closed, ..self }
    }

    /// With [`Flows::pairs`].
    #[must_use]
    pub fn with_pairs(self) -> Self {
        Self { has_pairs: true, ..self }
    }
}

/// Where the expected cases of a year go: numbers of cases and bed days a year, means in seconds.
///
/// A specialty is treated by the department of that specialty or, where a hospital has none, by
/// that of the broader specialty which it is part of. Intensive care of small hospitals draws less
/// ([`SMALL_ICU_DRAW`](super::SMALL_ICU_DRAW)), unless patients go to the nearest. Places outside of the region
/// send their cases, too, because they fill the same beds. A hospital with a share of patients from beyond the
/// places ([`Hospital::from_beyond`](crate::model::Hospital::from_beyond)) has them beside the cases of the
/// places, in proportion to these: they count in bed days and occupancy, in no place and no leftover. They go
/// with the hospital: where it closes, they are nobody's of the region.
///
/// # When to use
///
/// For means of a year: how many cases a department gets, how full it is, who gains when another one closes.
/// Not for waits, refusals or single days: a department at 95 % of its beds refuses patients long before the year
/// is over, which [`simulation`](crate::simulation) shows. Not for the path of one patient either: that is
/// [`options`](super::options). Cases that overflow from full departments are known only with
/// [`Choice::Capacity`]; the other choices fill a department above 100 %.
///
/// # What it costs
///
/// One or two passes over the hospitals in reach of every part of a place, for all specialties at once, in
/// parallel: milliseconds for Leipzig, seconds for Germany ([`guide::performance`](crate::guide)).
/// [`Flows::pairs`] are many numbers where there are many places; they are kept only when asked for.
///
/// # Example
///
/// ```
/// use verbund::Region;
/// use verbund::routing::{Choice, Flows, Huff};
///
/// let region = Region::leipzig()?;
/// let flows = Flows::of_region(&region, Choice::Huff(Huff::default()))?;
/// let torgau = region.network().find("kkh-torgau").ok_or("no hospital")?;
/// let loads = flows.hospital_loads(region.network().hospitals().len());
/// let load = loads[torgau.index()];
/// assert_eq!(load.cases.round(), 9_412.0); // a year; the hospital published 10,000 in 2015
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flows {
    /// How patients chose.
    pub choice: Choice,
    /// By specialty, in the order of the catalog's rates.
    pub specialties: Vec<SpecialtyFlow>,
    /// By hospital and department, in the order of ids and specialties.
    pub loads: Vec<Load>,
    /// By hospital and specialty, in the order of ids and of the catalog's rates, where there are
    /// any cases. What one department does for several specialties is told apart here; its beds
    /// serve them all, see [`Flows::loads`].
    pub treatments: Vec<Treatment>,
    /// By place and hospital, in the order of their ids; empty unless asked for with
    /// [`FlowSettings::with_pairs`], because a country has tens of millions of pairs.
    pub pairs: Vec<PlaceFlow>,
    /// What is left over, by specialty and place.
    pub leftovers: Vec<Leftover>,
    /// Departments whose beds are unknown, as "hospital: specialty".
    pub beds_unknown: Vec<String>,
}

impl Flows {
    /// The flows of every specialty, of all hospitals, without pairs.
    ///
    /// # Errors
    ///
    /// When a parameter of the choice is out of range.
    ///
    /// ```
    /// use verbund::Region;
    /// use verbund::routing::{Choice, Flows};
    ///
    /// let region = Region::leipzig()?;
    /// let flows = Flows::of_region(&region, Choice::Nearest)?;
    /// let sent: f64 = flows.loads.iter().map(|load| load.cases).sum();
    /// let cases: f64 = flows.specialties.iter().map(|flow| flow.cases).sum();
    /// assert!((sent + flows.leftover() - cases).abs() < 1e-6 * cases); // nobody is lost
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_region(region: &Region, choice: Choice) -> Result<Self, ChoiceError> {
        Self::new(region, &FlowSettings::new(choice))
    }

    /// The flows of some settings.
    ///
    /// # Errors
    ///
    /// When a parameter of the choice is out of range.
    pub fn new(region: &Region, settings: &FlowSettings<'_>) -> Result<Self, ChoiceError> {
        let FlowSettings { choice, only, closed, has_pairs: keep_pairs } = *settings;
        choice.check()?;
        let streams = CaseStreams::of_region(region, only, closed);
        let places: Vec<PlaceId> = region.place_ids().collect();
        let sent = match choice {
            Choice::Capacity(capacity) => serve(region, &streams, capacity, keep_pairs),
            Choice::Nearest | Choice::Huff(_) | Choice::Logit(_) => {
                let gravity = Gravity::new(region, choice);
                let gravity = gravity.as_ref();
                Split { region, places: &places, gravity, keep_pairs }.send(&streams)
            }
        };
        Ok(collect(region, choice, &streams, sent))
    }

    /// Cases that no hospital takes, of all computed specialties.
    pub fn leftover(&self) -> f64 {
        let mut leftover = 0.0;
        for specialty in &self.specialties {
            leftover += specialty.leftover;
        }
        leftover
    }

    /// The sums of each hospital over its departments, by [`HospitalId::index`].
    ///
    /// # Panics
    ///
    /// When there are more hospitals than this number.
    pub fn hospital_loads(&self, hospitals: usize) -> Vec<HospitalLoad> {
        let mut loads = vec![HospitalLoad::default(); hospitals];
        for load in &self.loads {
            let sum = &mut loads[load.hospital.index()];
            // Loads stand in the order of departments: whoever adds them up gets the same sum.
            let load = HospitalLoad::from(load);
            sum.cases += load.cases;
            sum.cases_inside += load.cases_inside;
            sum.cases_from_beyond += load.cases_from_beyond;
            sum.bed_days += load.bed_days;
            sum.beds += load.beds;
            sum.days_in_beds += load.days_in_beds;
        }
        loads
    }

    /// Cases of all departments of each hospital, without those from beyond the places, by [`HospitalId::index`].
    ///
    /// # Panics
    ///
    /// When there are more hospitals than this number.
    pub fn cases_by_hospital(&self, hospitals: usize) -> Vec<f64> {
        let mut cases = vec![0.0; hospitals];
        for load in &self.loads {
            cases[load.hospital.index()] += load.cases;
        }
        cases
    }
}

/// The flows of the places that some hospitals are in reach of, with and without these: what their closure
/// changes, at the cost of their surroundings.
pub(crate) struct FlowChange {
    /// Of every specialty, with all hospitals open.
    pub(crate) before: Flows,
    /// As if the hospitals did not exist.
    pub(crate) after: Flows,
}

impl FlowChange {
    /// What changes without these hospitals. `None` where places far from them change, too: all wait for the
    /// same beds, or the median of known beds, which stands for unknown ones, is another one.
    ///
    /// # Errors
    ///
    /// When a parameter of the choice is out of range.
    pub(crate) fn new(
        region: &Region,
        closed: &[HospitalId],
        choice: Choice,
    ) -> Result<Option<Self>, ChoiceError> {
        choice.check()?;
        // Whoever finds no bed near goes on to the next one, which is then full for somebody else far away.
        if matches!(choice, Choice::Capacity(_)) {
            return Ok(None);
        }
        let gravity = Gravity::new(region, choice);
        let streams = CaseStreams::of_region(region, None, &[]);
        // The median of the known beds stands for unknown ones, and a closure moves it.
        if gravity.is_some() && !streams.are_beds_known() {
            return Ok(None);
        }

        let places = reaching(region, closed);
        let split = Split { region, places: &places, gravity: gravity.as_ref(), keep_pairs: false };
        let before = collect(region, choice, &streams, split.send(&streams));
        let streams_after = CaseStreams::of_region(region, None, closed);
        let after = collect(region, choice, &streams_after, split.send(&streams_after));
        Ok(Some(Self { before, after }))
    }
}

/// The places that reach any of these hospitals.
fn reaching(region: &Region, hospitals: &[HospitalId]) -> Vec<PlaceId> {
    let mut is_meant = vec![false; region.network().hospitals().len()];
    for id in hospitals {
        is_meant[id.index()] = true;
    }
    let reaches = |part: usize| {
        let (in_reach, _) = region.times().row(part);
        in_reach.iter().any(|hospital| is_meant[*hospital as usize])
    };
    let mut places = Vec::new();
    for place in region.place_ids() {
        // One part is enough: its patients go elsewhere, and the place has changed.
        if region.parts_of(place).any(reaches) {
            places.push(place);
        }
    }
    places
}

/// Sums what all streams send, in their order.
fn collect(region: &Region, choice: Choice, streams: &CaseStreams<'_>, sent: SentByAll) -> Flows {
    // A department to which nobody goes has a load, too: that it is empty is an answer.
    let mut loads = Vec::with_capacity(streams.slots.len());
    for slot in &streams.slots {
        loads.push(Load {
            hospital: slot.hospital,
            department: slot.department.clone(),
            cases: 0.0,
            cases_inside: 0.0,
            cases_from_beyond: 0.0,
            bed_days: 0.0,
            beds: slot.beds,
        });
    }
    let (mut specialties, mut leftovers) = (Vec::new(), Vec::new());
    let mut treatments: Vec<Treatment> = Vec::new();
    for (stream, sent) in streams.streams.iter().zip(sent.by_stream) {
        let key = &stream.cases.key;
        let moved = add_stream(stream, &sent, streams, &mut loads, &mut treatments);
        let mut leftover = 0.0;
        for left in sent.leftovers {
            // What rounding leaves behind of a served place is no case.
            if left.cases > 1e-9 {
                leftover += left.cases;
                leftovers.push(Leftover { place: left.place, key: key.clone(), cases: left.cases });
            }
        }
        specialties.push(SpecialtyFlow {
            key: key.clone(),
            cases: stream.cases.total(),
            leftover,
            mean_seconds: if moved > 0.0 { Some(sent.seconds / moved) } else { None },
        });
    }

    // Streams were sent by blocks, so that a place and hospital may stand there once for each block.
    let mut pairs = sent.pairs;
    add_up(&mut pairs);
    treatments.sort_by_key(|treatment| treatment.hospital); // stable: the order of the rates stays
    loads.sort_by(|a, b| (a.hospital, &a.department).cmp(&(b.hospital, &b.department)));
    let mut beds_unknown = Vec::new();
    for load in &loads {
        if load.beds.is_none() {
            let key = &region.network()[load.hospital].key;
            beds_unknown.push(format!("{key}: {}", load.department));
        }
    }
    Flows { choice, specialties, loads, treatments, pairs, leftovers, beds_unknown }
}

/// Adds what one stream sends to the loads of its departments, in the order of slots; returns its cases.
fn add_stream(
    stream: &CaseStream<'_>,
    sent: &Sent,
    streams: &CaseStreams<'_>,
    loads: &mut [Load],
    treatments: &mut Vec<Treatment>,
) -> f64 {
    let mut moved = 0.0;
    for (number, (load, slot)) in loads.iter_mut().zip(&streams.slots).enumerate() {
        let cases = sent.cases[number];
        // In proportion: a hospital that draws more patients of the region is assumed to draw more from beyond.
        let cases_from_beyond = cases * slot.beyond_per_case;
        let bed_days = (cases + cases_from_beyond) * stream.cases.stay_days;
        moved += cases;
        load.cases += cases;
        load.cases_inside += sent.inside[number];
        load.cases_from_beyond += cases_from_beyond;
        load.bed_days += bed_days;
        if cases > 0.0 {
            treatments.push(Treatment {
                hospital: load.hospital,
                specialty: stream.cases.key.clone(),
                department: load.department.clone(),
                cases,
                cases_from_beyond,
                bed_days,
            });
        }
    }
    moved
}

impl SpecialtyFlow {
    /// Mean time of the journeys, rounded to whole seconds.
    pub fn mean_time(&self) -> Option<Seconds> {
        let seconds = self.mean_seconds?;
        // Rounded only to be shown: sums of flows stay exact.
        Some(Seconds(seconds.round() as u32))
    }
}
