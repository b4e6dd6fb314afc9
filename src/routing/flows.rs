//! Flows of expected cases from places to hospitals.

use super::choice::{Choice, ChoiceError};
use super::gravity::Gravity;
use super::overflow::serve;
use super::split::Split;
use super::streams::{DAYS, PlaceFlow, Sent, Stream, Streams, add_up};
use crate::demand::Cases;
use crate::model::HospitalId;
use crate::region::{PlaceId, Region};
use crate::units::Seconds;

/// Cases of one department in a year.
#[derive(Debug, Clone, PartialEq)]
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
        let beds = self.beds.filter(|beds| *beds > 0)?;
        Some(self.bed_days / (f64::from(beds) * DAYS))
    }
}

/// The sums of a hospital over its departments, or of a single one, a year.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
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
        let all = self.all_cases();
        (all > 0.0).then(|| (1.0 - self.cases_inside / all).clamp(0.0, 1.0))
    }

    /// Bed days over the bed days that the known beds offer; `None` when no beds are known.
    pub fn occupancy(&self) -> Option<f64> {
        (self.beds > 0).then(|| self.days_in_beds / (self.beds as f64 * DAYS))
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
            days_in_beds: load.beds.map_or(0.0, |_| load.bed_days),
        }
    }
}

/// The load of a hospital or department before and after a change; `None` where it does not exist.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LoadChange {
    /// Before.
    pub before: Option<HospitalLoad>,
    /// After.
    pub after: Option<HospitalLoad>,
}

impl LoadChange {
    /// Cases a year before and after; 0 where it does not exist.
    pub fn cases(&self) -> (f64, f64) {
        let cases = |load: Option<HospitalLoad>| load.map_or(0.0, |load| load.cases);
        (cases(self.before), cases(self.after))
    }

    /// Cases a year more; below 0 for fewer.
    pub fn more_cases(&self) -> f64 {
        let (before, after) = self.cases();
        after - before
    }

    /// Whether it takes more cases than before, by more than a millionth of a case: less is what
    /// rounding leaves.
    pub fn is_receiver(&self) -> bool {
        self.more_cases() > 1e-6
    }

    /// Occupancy before and after, where beds are known; see [`HospitalLoad::occupancy`].
    pub fn occupancy(&self) -> (Option<f64>, Option<f64>) {
        let of = |load: Option<HospitalLoad>| load.and_then(|load| load.occupancy());
        (of(self.before), of(self.after))
    }

    /// Whether it has more bed days than beds after: above 1, not at 1.
    pub fn is_overfull(&self) -> bool {
        self.occupancy().1.is_some_and(|share| share > 1.0)
    }

    /// Whether it is overfull after and was not before; one that opens overfull counts.
    pub fn is_newly_overfull(&self) -> bool {
        self.is_overfull() && self.occupancy().0.is_none_or(|share| share <= 1.0)
    }

    /// Whether it was overfull before and is fuller after, by at least 0.1 percentage points.
    pub fn is_overfull_and_fuller(&self) -> bool {
        match self.occupancy() {
            (Some(before), Some(after)) => before > 1.0 && after >= before + 0.001,
            _ => false,
        }
    }
}

/// Cases of one specialty at one hospital in a year.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
pub struct Leftover {
    /// The place.
    pub place: PlaceId,
    /// Key of the specialty or condition.
    pub key: String,
    /// Cases a year.
    pub cases: f64,
}

/// Where the expected cases of a year go.
///
/// A specialty is treated by the department of that specialty or, where a hospital has none, by
/// that of the broader specialty which it is part of. Intensive care of small hospitals draws less
/// ([`SMALL_ICU_DRAW`](super::SMALL_ICU_DRAW)), but for who goes to the nearest. Places outside of the region send their
/// cases, too, because they fill the same beds. A hospital with a share of patients from beyond the places
/// ([`Hospital::from_beyond`](crate::model::Hospital::from_beyond)) has them beside the cases of the places, in
/// proportion to these: they count in bed days and occupancy, in no place and no leftover. They go with the
/// hospital: where it closes, they are nobody's of the region.
#[derive(Debug, Clone, PartialEq)]
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
    /// [`Flows::with_pairs`], because a country has tens of millions of pairs.
    pub pairs: Vec<PlaceFlow>,
    /// What is left over, by specialty and place.
    pub leftovers: Vec<Leftover>,
    /// Departments whose beds are unknown, as "hospital: specialty".
    pub beds_unknown: Vec<String>,
}

impl Flows {
    /// The flows of every specialty.
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
    /// let left: f64 = flows.specialties.iter().map(|one| one.leftover).sum();
    /// let cases: f64 = flows.specialties.iter().map(|one| one.cases).sum();
    /// assert!((sent + left - cases).abs() < 1e-6 * cases); // nobody is lost
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_region(region: &Region, choice: Choice) -> Result<Self, ChoiceError> {
        let specialties: Vec<&Cases> = region.demand().specialties.iter().collect();
        Self::of_cases(region, &specialties, choice, &[], false)
    }

    /// The flows of every specialty as if these hospitals did not exist.
    ///
    /// # Errors
    ///
    /// When a parameter of the choice is out of range.
    pub fn without(
        region: &Region,
        closed: &[HospitalId],
        choice: Choice,
    ) -> Result<Self, ChoiceError> {
        let specialties: Vec<&Cases> = region.demand().specialties.iter().collect();
        Self::of_cases(region, &specialties, choice, closed, false)
    }

    /// The flows of one specialty or tracer condition; `None` when the catalog has no such rate.
    ///
    /// # Errors
    ///
    /// When a parameter of the choice is out of range.
    pub fn of_key(region: &Region, key: &str, choice: Choice) -> Result<Option<Self>, ChoiceError> {
        let Some(cases) = region.demand().cases(key) else { return Ok(None) };
        Self::of_cases(region, &[cases], choice, &[], false).map(Some)
    }

    /// The same with [`Flows::pairs`]; of one specialty or condition, or of every specialty.
    ///
    /// # Errors
    ///
    /// When a parameter of the choice is out of range.
    pub fn with_pairs(
        region: &Region,
        key: Option<&str>,
        choice: Choice,
    ) -> Result<Option<Self>, ChoiceError> {
        let demand = region.demand();
        let cases: Vec<&Cases> = match key {
            None => demand.specialties.iter().collect(),
            Some(key) => match demand.cases(key) {
                Some(cases) => vec![cases],
                None => return Ok(None),
            },
        };
        Self::of_cases(region, &cases, choice, &[], true).map(Some)
    }

    fn of_cases(
        region: &Region,
        all: &[&Cases],
        choice: Choice,
        closed: &[HospitalId],
        keep_pairs: bool,
    ) -> Result<Self, ChoiceError> {
        choice.check()?;
        let streams = Streams::new(region, all, closed);
        let places: Vec<PlaceId> = region.place_ids().collect();
        let (sent, pairs) = match choice {
            Choice::Capacity(capacity) => serve(region, &streams, capacity, keep_pairs),
            Choice::Nearest | Choice::Huff(_) | Choice::Logit(_) => {
                let gravity = Gravity::new(region, choice);
                let gravity = gravity.as_ref();
                Split { region, places: &places, gravity, keep_pairs }.send(&streams)
            }
        };
        Ok(collect(region, choice, &streams, sent, pairs))
    }

    /// Cases that no hospital takes, of all computed specialties.
    pub fn leftover(&self) -> f64 {
        self.specialties.iter().fold(0.0, |sum, one| sum + one.leftover)
    }

    /// The sums of each hospital over its departments, by [`HospitalId::index`].
    ///
    /// # Panics
    ///
    /// When there are more hospitals than this number.
    pub fn hospital_loads(&self, hospitals: usize) -> Vec<HospitalLoad> {
        let mut loads = vec![HospitalLoad::default(); hospitals];
        for load in &self.loads {
            let (own, load) = (&mut loads[load.hospital.index()], HospitalLoad::from(load));
            own.cases += load.cases;
            own.cases_inside += load.cases_inside;
            own.cases_from_beyond += load.cases_from_beyond;
            own.bed_days += load.bed_days;
            own.beds += load.beds;
            own.days_in_beds += load.days_in_beds;
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
        if matches!(choice, Choice::Capacity(_)) {
            return Ok(None);
        }
        let gravity = Gravity::new(region, choice);
        let specialties: Vec<&Cases> = region.demand().specialties.iter().collect();
        let streams = Streams::new(region, &specialties, &[]);
        let are_beds_known =
            |stream: &Stream<'_>| stream.sites.iter().all(|site| site.beds.is_some());
        if gravity.is_some() && !streams.streams.iter().all(are_beds_known) {
            return Ok(None);
        }

        let places = reaching(region, closed);
        let split = Split { region, places: &places, gravity: gravity.as_ref(), keep_pairs: false };
        let of = |streams: &Streams<'_>| {
            let (sent, pairs) = split.send(streams);
            collect(region, choice, streams, sent, pairs)
        };
        let before = of(&streams);
        let after = of(&Streams::new(region, &specialties, closed));
        Ok(Some(Self { before, after }))
    }
}

/// The places that reach any of these hospitals.
fn reaching(region: &Region, hospitals: &[HospitalId]) -> Vec<PlaceId> {
    let mut is_meant = vec![false; region.network().hospitals().len()];
    hospitals.iter().for_each(|id| is_meant[id.index()] = true);
    let reaches = |part: usize| {
        let (in_reach, _) = region.times().row(part);
        in_reach.iter().any(|hospital| is_meant[*hospital as usize])
    };
    let all = region.place_ids();
    all.filter(|place| region.parts_of(*place).any(reaches)).collect()
}

/// Sums what all streams send, in their order.
fn collect(
    region: &Region,
    choice: Choice,
    streams: &Streams<'_>,
    all: Vec<Sent>,
    mut pairs: Vec<PlaceFlow>,
) -> Flows {
    let mut loads: Vec<Load> = streams
        .slots
        .iter()
        .map(|slot| Load {
            hospital: slot.hospital,
            department: slot.department.clone(),
            cases: 0.0,
            cases_inside: 0.0,
            cases_from_beyond: 0.0,
            bed_days: 0.0,
            beds: slot.beds,
        })
        .collect();
    let (mut specialties, mut leftovers) = (Vec::new(), Vec::new());
    let mut treatments: Vec<Treatment> = Vec::new();
    for (stream, sent) in streams.streams.iter().zip(all) {
        let mut moved = 0.0;
        for (number, (load, slot)) in loads.iter_mut().zip(&streams.slots).enumerate() {
            let cases = sent.cases[number];
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
        let key = &stream.cases.key;
        // What rounding leaves behind of a served place is no case.
        let left = sent.leftovers.into_iter().filter(|(_, cases)| *cases > 1e-9);
        let left: Vec<Leftover> =
            left.map(|(place, cases)| Leftover { place, key: key.clone(), cases }).collect();
        specialties.push(SpecialtyFlow {
            key: key.clone(),
            cases: stream.cases.total(),
            leftover: left.iter().fold(0.0, |sum, one| sum + one.cases),
            mean_seconds: (moved > 0.0).then(|| sent.seconds / moved),
        });
        leftovers.extend(left);
    }
    add_up(&mut pairs);
    treatments.sort_by_key(|one| one.hospital); // stable: the order of the rates stays
    loads.sort_by(|a, b| (a.hospital, &a.department).cmp(&(b.hospital, &b.department)));
    let unknown = loads.iter().filter(|load| load.beds.is_none());
    let beds_unknown = unknown
        .map(|load| format!("{}: {}", region.network()[load.hospital].key, load.department))
        .collect();
    Flows { choice, specialties, loads, treatments, pairs, leftovers, beds_unknown }
}

impl SpecialtyFlow {
    /// Mean time of the journeys, rounded to whole seconds.
    pub fn mean_time(&self) -> Option<Seconds> {
        self.mean_seconds.map(|seconds| Seconds(seconds.round() as u32))
    }
}
