//! What the closure of a set costs beyond the limit: backup minutes, no way at all, full neighbours.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use serde::Serialize;

use crate::coverage::{self, CoverageError, HospitalSet, Nearest};
use crate::model::{HospitalId, Standard};
use crate::region::Region;
use crate::routing::{
    Choice, ChoiceError, FlowChange, FlowSettings, Flows, HospitalLoad, LoadChange,
};
use crate::run::Control;

/// What happens after some hospitals closed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Aftermath {
    /// The closed hospitals, by id.
    pub hospitals: Vec<HospitalId>,
    /// People of the standard's group who lose the nearest hospital that meets it.
    pub people: u64,
    /// Mean extra seconds of those of them who reach another one; `None` where nobody does.
    pub backup_seconds: Option<f64>,
    /// Those of them who reach no other one within the region's cut-off.
    pub without_way: u64,
    /// Where the cases go; `None` when nobody asked.
    pub overload: Option<Overload>,
}

/// Where the cases of closed hospitals go. They close with all of their departments, so these are
/// cases of every specialty, not those of the standard alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Overload {
    /// Cases a year at the hospitals before they close.
    pub cases: f64,
    /// Cases a year that find no hospital after it and found one before.
    pub leftover: f64,
    /// Hospitals with more cases than before, the most more first, ties by id.
    pub receivers: Vec<Receiver>,
}

impl Overload {
    /// Receivers whose bed days exceed their beds afterwards, in their order.
    pub fn overfull(&self) -> impl Iterator<Item = &Receiver> {
        self.receivers.iter().filter(|receiver| receiver.load.is_overfull())
    }

    /// Those of them whose beds were enough before.
    pub fn newly_overfull(&self) -> impl Iterator<Item = &Receiver> {
        self.receivers.iter().filter(|receiver| receiver.load.is_newly_overfull())
    }
}

/// A hospital that takes cases of closed ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Receiver {
    /// The hospital.
    pub hospital: HospitalId,
    /// Its loads before and after.
    pub load: LoadChange,
}

/// Fewer more cases a year than this are what rounding leaves, no change.
const ROUNDING: f64 = 1e-6;

/// Works out what follows for one set of hospitals after the other: any hospitals, however many,
/// whatever the order of the search.
///
/// It keeps its region, which shares places and journeys with the one that it was made from, and may be kept and
/// asked by several threads.
#[derive(Debug, Clone)]
pub struct Aftermaths {
    region: Region,
    set: HospitalSet,
    people: Vec<u32>,
    /// Parts with people, by the hospital that is nearest to them: a set touches only those.
    nearest_to: Vec<Vec<u32>>,
    before: Option<Before>,
}

/// Whom a closure takes the nearest hospital from.
struct Hit {
    people: u64,
    /// Those of them who reach another one.
    with_way: u64,
    /// Seconds that these travel longer, all together.
    extra: u64,
}

/// The flows with every hospital open.
#[derive(Debug, Clone)]
struct Before {
    choice: Choice,
    leftover: f64,
    loads: Vec<HospitalLoad>,
}

impl Aftermaths {
    /// For a standard; with a choice of patients, the cases of each set are followed, too, which
    /// takes as long as the flows of the region for every set.
    ///
    /// # Errors
    ///
    /// When the standard cannot be evaluated.
    pub fn new(region: &Region, standard: &Standard) -> Result<Self, CoverageError> {
        coverage::check(region, standard)?;
        let set = HospitalSet::meeting(region.network(), &standard.requirement);
        let people = region.people(&standard.population);
        let nearest = Nearest::find(region.times(), people.len(), &set);
        let mut nearest_to = vec![Vec::new(); region.network().hospitals().len()];
        for (part, people) in people.iter().enumerate() {
            if *people == 0 {
                continue;
            }
            if let Some((first, _)) = nearest.first(part) {
                nearest_to[first.index()].push(part as u32);
            }
        }
        Ok(Self { region: region.clone(), set, people, nearest_to, before: None })
    }

    /// Also follows the cases of closed hospitals to their neighbours.
    ///
    /// # Errors
    ///
    /// When a parameter of the choice is out of range.
    pub fn with_overload(mut self, choice: Choice) -> Result<Self, ChoiceError> {
        let flows = Flows::of_region(&self.region, choice)?;
        let loads = flows.hospital_loads(self.region.network().hospitals().len());
        self.before = Some(Before { choice, leftover: flows.leftover(), loads });
        Ok(self)
    }

    /// What follows when these hospitals close.
    ///
    /// # Panics
    ///
    /// When one of them is of a network of other hospitals.
    pub fn of(&self, hospitals: &[HospitalId]) -> Aftermath {
        self.of_until(hospitals, &Control::default()).expect("nobody stopped it")
    }

    /// What follows when these hospitals close, given up within milliseconds once it is stopped: `None` then.
    ///
    /// # Panics
    ///
    /// When one of them is of a network of other hospitals.
    pub fn of_until(&self, hospitals: &[HospitalId], control: &Control<'_>) -> Option<Aftermath> {
        let network = self.region.network();
        let is_own = |id: &HospitalId| network.hospital(*id).is_some();
        assert!(hospitals.iter().all(is_own), "the closure of a hospital of another network");
        // One that is named twice closes once.
        let mut hospitals = hospitals.to_vec();
        hospitals.sort_unstable();
        hospitals.dedup();
        let hit = self.hit(&hospitals);
        let overload = match &self.before {
            Some(before) => Some(self.overload(before, &hospitals, control)?),
            None => None,
        };
        Some(Aftermath {
            people: hit.people,
            backup_seconds: coverage::share(hit.extra, hit.with_way),
            without_way: hit.people - hit.with_way,
            overload,
            hospitals,
        })
    }

    /// Whom the closure of these hospitals, by id, takes the nearest one from.
    fn hit(&self, hospitals: &[HospitalId]) -> Hit {
        let mut hit = Hit { people: 0, with_way: 0, extra: 0 };
        for id in hospitals {
            for &part in &self.nearest_to[id.index()] {
                // From the lists, which have every hospital in reach: any number of them may close.
                let people = u64::from(self.people[part as usize]);
                let reachable = self.region.times().from_origin(part as usize);
                let mut meeting = reachable.filter(|(id, _)| self.set.contains(*id));
                let Some((_, first)) = meeting.next() else { continue };
                hit.people += people;
                let next = meeting.find(|(id, _)| hospitals.binary_search(id).is_err());
                if let Some((_, next)) = next {
                    hit.with_way += people;
                    hit.extra += people * u64::from((next - first).0);
                }
            }
        }
        hit
    }

    /// What follows for each of these sets, in parallel. Progress is how many are finished. When it is stopped,
    /// those that are not finished are left out within milliseconds: the result has the others, in the order of
    /// the sets.
    pub fn of_each(&self, sets: &[&[HospitalId]], control: &Control<'_>) -> Vec<Aftermath> {
        let done = AtomicU64::new(0);
        let follow = |set: &&[HospitalId]| {
            if control.is_stopped() {
                return None;
            }
            let after = self.of_until(set, control)?;
            // The number is for a reader only, whichever thread tells it.
            control.tell(done.fetch_add(1, Ordering::Relaxed) + 1);
            Some(after)
        };
        sets.par_iter().filter_map(follow).collect()
    }

    /// The loads without these hospitals, and the cases more that are left over. Only places that reach one of
    /// them send anybody elsewhere; where every place depends on all others, all flows are computed again.
    fn loads_without(&self, before: &Before, closed: &[HospitalId]) -> (Vec<HospitalLoad>, f64) {
        let checked = "the choice was checked with the flows before";
        let count = before.loads.len();
        let change = FlowChange::new(&self.region, closed, before.choice).expect(checked);
        let Some(change) = change else {
            let flows = Flows::new(&self.region, &FlowSettings::new(before.choice).without(closed))
                .expect(checked);
            return (flows.hospital_loads(count), flows.leftover() - before.leftover);
        };
        let (old, new) = (change.before.hospital_loads(count), change.after.hospital_loads(count));
        let mut after = before.loads.clone();
        for (hospital, load) in after.iter_mut().enumerate() {
            let (old, new) = (&old[hospital], &new[hospital]);
            load.cases += new.cases - old.cases;
            load.cases_inside += new.cases_inside - old.cases_inside;
            load.bed_days += new.bed_days - old.bed_days;
            load.days_in_beds += new.days_in_beds - old.days_in_beds;
        }
        // Exactly nothing, where the differences leave what rounding does.
        for id in closed {
            after[id.index()] = HospitalLoad::default();
        }
        (after, change.after.leftover() - change.before.leftover())
    }

    /// Where the cases go; `None` where it was stopped before.
    fn overload(
        &self,
        before: &Before,
        closed: &[HospitalId],
        control: &Control<'_>,
    ) -> Option<Overload> {
        if control.is_stopped() {
            return None;
        }
        let (after, leftover) = self.loads_without(before, closed);
        let mut receivers = Vec::new();
        for (hospital, _) in self.region.network().iter() {
            let (old, new) = (before.loads[hospital.index()], after[hospital.index()]);
            let load = LoadChange { before: Some(old), after: Some(new) };
            if load.is_receiver() {
                receivers.push(Receiver { hospital, load });
            }
        }
        // A closed hospital has fewer cases, so it is no receiver itself.
        receivers.sort_by(|a: &Receiver, b: &Receiver| {
            let most = b.load.more_cases().total_cmp(&a.load.more_cases());
            most.then(a.hospital.cmp(&b.hospital))
        });
        let mut cases = 0.0;
        for id in closed {
            cases += before.loads[id.index()].cases;
        }
        Some(Overload {
            cases,
            leftover: if leftover > ROUNDING { leftover } else { 0.0 },
            receivers,
        })
    }
}
