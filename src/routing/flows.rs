//! Flows of expected cases from places to hospitals.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::choice::{Capacity, Choice, ChoiceError, Huff};
use crate::demand::Cases;
use crate::model::{HospitalId, Requirement};
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
    /// Cases a year.
    pub cases: f64,
    /// Those of them that live inside of the region.
    pub cases_inside: f64,
    /// Bed days a year.
    pub bed_days: f64,
    /// Beds of the department; `None` when unknown.
    pub beds: Option<u32>,
}

impl Load {
    /// Bed days over the bed days that the beds offer; above 1 when there are too few beds.
    ///
    /// `None` when the beds are unknown or there are none.
    pub fn occupancy(&self) -> Option<f64> {
        let beds = self.beds.filter(|beds| *beds > 0)?;
        Some(self.bed_days / (f64::from(beds) * DAYS))
    }
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

/// Cases a year from one place to one hospital, all computed specialties together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaceFlow {
    /// Where they live.
    pub place: PlaceId,
    /// Where they are treated.
    pub hospital: HospitalId,
    /// Cases a year.
    pub cases: f64,
}

/// Where the expected cases of a year go.
///
/// A specialty is treated by the department of that specialty or, where a hospital has none, by
/// that of the broader specialty which it is part of. Places outside of the region send their
/// cases, too, because they fill the same beds.
#[derive(Debug, Clone, PartialEq)]
pub struct Flows {
    /// How patients chose.
    pub choice: Choice,
    /// By specialty, in the order of the catalog's rates.
    pub specialties: Vec<SpecialtyFlow>,
    /// By hospital and department, in the order of ids and specialties.
    pub loads: Vec<Load>,
    /// By place and hospital, in the order of their ids.
    pub pairs: Vec<PlaceFlow>,
    /// What is left over, by specialty and place.
    pub leftovers: Vec<Leftover>,
    /// Departments whose beds are unknown, as "hospital: specialty".
    pub beds_unknown: Vec<String>,
}

/// Days of a year.
const DAYS: f64 = 365.0;

/// A department that treats a specialty.
struct Site {
    hospital: HospitalId,
    /// Position in the list of slots.
    slot: usize,
    /// Beds of the department that its share of this specialty's bed days amounts to.
    beds: Option<f64>,
}

/// One department with its beds, shared by all specialties that it treats.
struct Slot {
    hospital: HospitalId,
    department: String,
    beds: Option<u32>,
}

/// One specialty with the departments that treat it.
struct Stream<'r> {
    cases: &'r Cases,
    sites: Vec<Site>,
}

/// What one stream sends from one place.
#[derive(Default)]
struct FromPlace {
    by_slot: Vec<(usize, f64)>,
    leftover: f64,
    seconds: f64,
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
        Self::of_cases(region, &specialties, choice)
    }

    /// The flows of one specialty or tracer condition; `None` when the catalog has no such rate.
    ///
    /// # Errors
    ///
    /// When a parameter of the choice is out of range.
    pub fn of_key(region: &Region, key: &str, choice: Choice) -> Result<Option<Self>, ChoiceError> {
        let demand = region.demand();
        let Some(cases) = demand.specialty(key).or_else(|| demand.condition(key)) else {
            return Ok(None);
        };
        Self::of_cases(region, &[cases], choice).map(Some)
    }

    fn of_cases(region: &Region, all: &[&Cases], choice: Choice) -> Result<Self, ChoiceError> {
        choice.check()?;
        let mut slots = Vec::new();
        let streams: Vec<Stream<'_>> =
            all.iter().map(|cases| stream(region, cases, &mut slots)).collect();
        let sent = match choice {
            Choice::Capacity(capacity) => serve_in_order(region, &streams, &slots, capacity),
            Choice::Nearest => streams.iter().map(|one| send(region, one, &nearest_only)).collect(),
            Choice::Huff(huff) => {
                let decay = decay_by_second(region, &huff);
                streams
                    .iter()
                    .map(|one| {
                        let attraction = attraction(one, slots.len(), huff.beds_exponent);
                        send(region, one, &|reached, out| shares(reached, &attraction, &decay, out))
                    })
                    .collect()
            }
        };
        Ok(collect(region, choice, &streams, &slots, &sent))
    }

    /// Cases that no hospital takes, of all computed specialties.
    pub fn leftover(&self) -> f64 {
        self.specialties.iter().fold(0.0, |sum, one| sum + one.leftover)
    }

    /// Cases of all departments of each hospital, by [`HospitalId::index`].
    pub fn cases_by_hospital(&self, hospitals: usize) -> Vec<f64> {
        let mut cases = vec![0.0; hospitals];
        for load in &self.loads {
            cases[load.hospital.index()] += load.cases;
        }
        cases
    }
}

/// The departments that treat these cases; new ones are added to the slots.
fn stream<'r>(region: &Region, cases: &'r Cases, slots: &mut Vec<Slot>) -> Stream<'r> {
    let network = region.network();
    let condition = network.catalog().condition(&cases.key);
    let mut sites = Vec::new();
    for (id, hospital) in network.iter() {
        let department = match condition.map(|condition| &condition.requirement) {
            None => network.treating_department(id, &cases.key).map(str::to_owned),
            Some(requirement) if !requirement.is_met_by(hospital, network.catalog()) => None,
            Some(Requirement::Specialty(key)) => Some(key.clone()),
            Some(_) => Some(String::new()),
        };
        let Some(department) = department else { continue };
        let known = slots
            .iter()
            .position(|slot: &Slot| slot.hospital == id && slot.department == department);
        let slot = known.unwrap_or_else(|| {
            let beds =
                if department.is_empty() { hospital.beds } else { hospital.beds_of(&department) };
            slots.push(Slot { hospital: id, department, beds });
            slots.len() - 1
        });
        let share = share_of_department(region, id, &slots[slot].department, &cases.key);
        let beds = slots[slot].beds.map(|beds| f64::from(beds) * share);
        sites.push(Site { hospital: id, slot, beds });
    }
    Stream { cases, sites }
}

/// A hospital that a part of a place reaches: its slot and the seconds.
type Reached = (usize, u16);

/// Everybody goes to the first one.
fn nearest_only(reached: &[Reached], out: &mut Vec<f64>) {
    out.clear();
    out.resize(reached.len(), 0.0);
    if let Some(first) = out.first_mut() {
        *first = 1.0;
    }
}

/// (beds / most beds)^a of each slot that treats a stream: the proportions of beds^a, never too large
/// for a number. Unknown beds count as the median of the known ones above 0.
fn attraction(stream: &Stream<'_>, slots: usize, exponent: f64) -> Vec<f64> {
    let beds = stream.sites.iter().filter_map(|site| site.beds);
    let mut known: Vec<f64> = beds.filter(|beds| *beds > 0.0).collect();
    known.sort_by(f64::total_cmp);
    let median = known.get(known.len() / 2).copied().unwrap_or(1.0);
    let most = known.last().copied().unwrap_or(1.0).max(median);
    let mut attraction = vec![0.0; slots];
    for site in &stream.sites {
        let beds = site.beds.unwrap_or(median);
        attraction[site.slot] = if beds > 0.0 { (beds / most).powf(exponent) } else { 0.0 };
    }
    attraction
}

/// The share of a department's bed days that a specialty fills, by the rates of the whole
/// reference population: a broad department does not keep all of its beds for one of its
/// specialties.
fn share_of_department(region: &Region, hospital: HospitalId, department: &str, key: &str) -> f64 {
    let network = region.network();
    let days = |specialty: &str| {
        network.catalog().rate(specialty).map_or(0.0, |rate| rate.per_1000 * rate.stay_days)
    };
    if network.catalog().rate(key).is_none() {
        return 1.0; // a condition asks for the department as a whole
    }
    let rates = network.catalog().demand.rates.iter();
    let all: f64 = rates
        .filter(|rate| network.treating_department(hospital, &rate.specialty) == Some(department))
        .map(|rate| days(&rate.specialty))
        .sum();
    if all > 0.0 { days(key) / all } else { 1.0 }
}

/// The decay for every whole second up to the cut-off.
fn decay_by_second(region: &Region, huff: &Huff) -> Vec<f64> {
    (0..=region.times().cutoff().0).map(|second| huff.decay.at(f64::from(second) / 60.0)).collect()
}

/// Shares in proportion to attraction and decay. Where all of them vanish in the far distance, the
/// nearest one gets everybody.
fn shares(reached: &[Reached], attraction: &[f64], decay: &[f64], out: &mut Vec<f64>) {
    out.clear();
    out.extend(reached.iter().map(|&(slot, second)| attraction[slot] * decay[second as usize]));
    let sum: f64 = out.iter().sum();
    if sum > 0.0 {
        out.iter_mut().for_each(|share| *share /= sum);
    } else {
        nearest_only(reached, out);
    }
}

/// Slot of each hospital for a stream, by id.
fn slot_of_hospital(region: &Region, sites: &[Site]) -> Vec<Option<usize>> {
    let mut slots = vec![None; region.network().hospitals().len()];
    for site in sites {
        slots[site.hospital.index()] = Some(site.slot);
    }
    slots
}

/// Sends the cases of every place by a rule that splits them among the departments in reach.
fn send(
    region: &Region,
    stream: &Stream<'_>,
    split: &(dyn Fn(&[Reached], &mut Vec<f64>) + Sync),
) -> Vec<FromPlace> {
    let slot_of = slot_of_hospital(region, &stream.sites);
    let places: Vec<PlaceId> = region.place_ids().collect();
    places
        .into_par_iter()
        .with_min_len(16)
        .map(|place| {
            let cases = stream.cases.cases[place.index()];
            let parts = region.parts_of(place);
            let per_part = cases / parts.len() as f64;
            let mut from = FromPlace::default();
            let mut by_slot: BTreeMap<usize, f64> = BTreeMap::new();
            let (mut reached, mut share) = (Vec::new(), Vec::new());
            for part in parts {
                let (hospitals, seconds) = region.times().row(part);
                reached.clear();
                let pairs = hospitals.iter().zip(seconds);
                reached
                    .extend(pairs.filter_map(|(&id, &time)| Some((slot_of[id as usize]?, time))));
                if reached.is_empty() {
                    from.leftover += per_part;
                    continue;
                }
                split(&reached, &mut share);
                for (&(slot, time), share) in reached.iter().zip(&share) {
                    *by_slot.entry(slot).or_default() += per_part * share;
                    from.seconds += per_part * share * f64::from(time);
                }
            }
            from.by_slot = by_slot.into_iter().filter(|(_, cases)| *cases > 0.0).collect();
            from
        })
        .collect()
}

/// Serves all journeys of all streams in the order of time, part of a place, hospital, and stream.
fn serve_in_order(
    region: &Region,
    streams: &[Stream<'_>],
    slots: &[Slot],
    capacity: Capacity,
) -> Vec<Vec<FromPlace>> {
    let mut room: Vec<f64> = slots
        .iter()
        .map(|slot| {
            slot.beds
                .map_or(f64::INFINITY, |beds| f64::from(beds) * DAYS * capacity.occupancy_limit)
        })
        .collect();
    let slot_of: Vec<Vec<Option<usize>>> =
        streams.iter().map(|stream| slot_of_hospital(region, &stream.sites)).collect();
    let places = region.places().places.len();
    let mut sent: Vec<Vec<BTreeMap<usize, f64>>> =
        vec![vec![BTreeMap::new(); places]; streams.len()];
    let mut seconds = vec![vec![0.0; places]; streams.len()];
    // What each part still has to send, by stream.
    let mut waiting: Vec<Vec<f64>> = Vec::with_capacity(region.parts().len());
    for part in region.parts() {
        let parts = region.parts_of(part.place).len() as f64;
        waiting.push(
            streams.iter().map(|stream| stream.cases.cases[part.place.index()] / parts).collect(),
        );
    }
    // A part waits in the bucket of the second at which its next hospital is reached.
    let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); region.times().cutoff().0 as usize + 1];
    let mut next = vec![0_usize; waiting.len()];
    for part in 0..waiting.len() {
        if let Some(&first) = region.times().row(part).1.first() {
            buckets[first as usize].push(part as u32);
        }
    }
    for second in 0..buckets.len() {
        let mut bucket = std::mem::take(&mut buckets[second]);
        bucket.sort_unstable();
        for part in bucket {
            let part = part as usize;
            let (hospitals, times) = region.times().row(part);
            let place = region.parts()[part].place.index();
            while times.get(next[part]).is_some_and(|time| usize::from(*time) == second) {
                let hospital = hospitals[next[part]] as usize;
                next[part] += 1;
                for (index, stream) in streams.iter().enumerate() {
                    let Some(slot) = slot_of[index][hospital] else { continue };
                    let cases = waiting[part][index];
                    let stay = stream.cases.stay_days;
                    let fits = if stay > 0.0 { room[slot] / stay } else { cases };
                    let taken = cases.min(fits);
                    if taken > 0.0 {
                        room[slot] -= taken * stay;
                        waiting[part][index] -= taken;
                        *sent[index][place].entry(slot).or_default() += taken;
                        seconds[index][place] += taken * second as f64;
                    }
                }
            }
            let more = waiting[part].iter().any(|cases| *cases > 0.0);
            if let Some(&time) = times.get(next[part]).filter(|_| more) {
                buckets[usize::from(time)].push(part as u32);
            }
        }
    }
    let mut left = vec![vec![0.0; places]; streams.len()];
    for (part, waiting) in region.parts().iter().zip(&waiting) {
        for (index, cases) in waiting.iter().enumerate() {
            left[index][part.place.index()] += cases;
        }
    }
    let from_place = |((by_slot, leftover), seconds): ((BTreeMap<usize, f64>, f64), f64)| {
        FromPlace { by_slot: by_slot.into_iter().collect(), leftover, seconds }
    };
    sent.into_iter()
        .zip(left)
        .zip(seconds)
        .map(|((sent, left), seconds)| {
            sent.into_iter().zip(left).zip(seconds).map(from_place).collect()
        })
        .collect()
}

/// Sums what all places send, in the order of streams and places.
fn collect(
    region: &Region,
    choice: Choice,
    streams: &[Stream<'_>],
    slots: &[Slot],
    sent: &[Vec<FromPlace>],
) -> Flows {
    let mut loads: Vec<Load> = slots
        .iter()
        .map(|slot| Load {
            hospital: slot.hospital,
            department: slot.department.clone(),
            cases: 0.0,
            cases_inside: 0.0,
            bed_days: 0.0,
            beds: slot.beds,
        })
        .collect();
    let mut specialties = Vec::with_capacity(streams.len());
    let mut leftovers = Vec::new();
    let mut pairs: Vec<BTreeMap<HospitalId, f64>> =
        vec![BTreeMap::new(); region.places().places.len()];
    for (stream, from_places) in streams.iter().zip(sent) {
        let (mut moved, mut leftover, mut seconds) = (0.0, 0.0, 0.0);
        for (place, from) in region.place_ids().zip(from_places) {
            let inside = !region.place(place).outside;
            for &(slot, cases) in &from.by_slot {
                moved += cases;
                let load = &mut loads[slot];
                load.cases += cases;
                load.bed_days += cases * stream.cases.stay_days;
                if inside {
                    load.cases_inside += cases;
                }
                *pairs[place.index()].entry(load.hospital).or_default() += cases;
            }
            seconds += from.seconds;
            // What rounding leaves behind of a served place is no case.
            if from.leftover > 1e-9 {
                leftover += from.leftover;
                let (key, cases) = (stream.cases.key.clone(), from.leftover);
                leftovers.push(Leftover { place, key, cases });
            }
        }
        specialties.push(SpecialtyFlow {
            key: stream.cases.key.clone(),
            cases: stream.cases.total(),
            leftover,
            mean_seconds: (moved > 0.0).then(|| seconds / moved),
        });
    }
    loads.sort_by(|a, b| (a.hospital, &a.department).cmp(&(b.hospital, &b.department)));
    let unknown = loads.iter().filter(|load| load.beds.is_none());
    let beds_unknown = unknown
        .map(|load| format!("{}: {}", region.network()[load.hospital].key, load.department))
        .collect();
    let pairs = region
        .place_ids()
        .zip(pairs)
        .flat_map(|(place, to)| {
            to.into_iter().map(move |(hospital, cases)| PlaceFlow { place, hospital, cases })
        })
        .collect();
    Flows { choice, specialties, loads, pairs, leftovers, beds_unknown }
}

impl SpecialtyFlow {
    /// Mean time of the journeys, rounded to whole seconds.
    pub fn mean_time(&self) -> Option<Seconds> {
        self.mean_seconds.map(|seconds| Seconds(seconds.round() as u32))
    }
}
