//! What the closure of a set costs beyond the limit: backup minutes, no way at all, full neighbours.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::coverage::{self, CoverageError, HospitalSet, Nearest};
use crate::model::{HospitalId, Standard};
use crate::region::Region;
use crate::routing::{
    Choice, ChoiceError, FlowChange, FlowSettings, Flows, HospitalLoad, LoadChange,
};

/// What happens after some hospitals closed.
#[derive(Debug, Clone, PartialEq)]
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
#[derive(Debug, Clone, PartialEq)]
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
        self.receivers.iter().filter(|one| one.load.is_overfull())
    }

    /// Those of them whose beds were enough before.
    pub fn newly_overfull(&self) -> impl Iterator<Item = &Receiver> {
        self.receivers.iter().filter(|one| one.load.is_newly_overfull())
    }
}

/// A hospital that takes cases of closed ones.
#[derive(Debug, Clone, Copy, PartialEq)]
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
pub struct Aftermaths<'r> {
    region: &'r Region,
    set: HospitalSet,
    people: Vec<u32>,
    /// Parts with people, by the hospital that is nearest to them: a set touches only those.
    nearest_to: Vec<Vec<u32>>,
    before: Option<Before>,
}

/// The flows with every hospital open.
struct Before {
    choice: Choice,
    leftover: f64,
    loads: Vec<HospitalLoad>,
}

impl<'r> Aftermaths<'r> {
    /// For a standard; with a choice of patients, the cases of each set are followed, too, which
    /// takes as long as the flows of the region for every set.
    ///
    /// # Errors
    ///
    /// When the standard cannot be evaluated.
    pub fn new(region: &'r Region, standard: &Standard) -> Result<Self, CoverageError> {
        coverage::check(region, standard)?;
        let set = HospitalSet::meeting(region.network(), &standard.requirement);
        let people = region.people(&standard.population);
        let nearest = Nearest::find(region.times(), people.len(), &set);
        let mut nearest_to = vec![Vec::new(); region.network().hospitals().len()];
        for (part, _) in people.iter().enumerate().filter(|(_, people)| **people > 0) {
            if let Some((first, _)) = nearest.first(part) {
                nearest_to[first.index()].push(part as u32);
            }
        }
        Ok(Self { region, set, people, nearest_to, before: None })
    }

    /// The same that also follows the cases of closed hospitals to their neighbours.
    ///
    /// # Errors
    ///
    /// When a parameter of the choice is out of range.
    pub fn with_overload(mut self, choice: Choice) -> Result<Self, ChoiceError> {
        let flows = Flows::of_region(self.region, choice)?;
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
        self.of_until(hospitals, &AtomicBool::new(false)).expect("nobody stopped it")
    }

    /// The same, given up within milliseconds once `stop` is set: `None` then.
    ///
    /// # Panics
    ///
    /// When one of them is of a network of other hospitals.
    pub fn of_until(&self, hospitals: &[HospitalId], stop: &AtomicBool) -> Option<Aftermath> {
        let network = self.region.network();
        let is_own = |id: &HospitalId| network.hospital(*id).is_some();
        assert!(hospitals.iter().all(is_own), "the closure of a hospital of another network");
        let mut hospitals = hospitals.to_vec();
        hospitals.sort_unstable();
        hospitals.dedup();
        let (mut all, mut with_way, mut extra) = (0_u64, 0_u64, 0_u64);
        for &part in hospitals.iter().flat_map(|id| &self.nearest_to[id.index()]) {
            let people = u64::from(self.people[part as usize]);
            let mut hits = self.region.times().from_origin(part as usize);
            let mut meeting = hits.by_ref().filter(|(id, _)| self.set.contains(*id));
            let Some((_, first)) = meeting.next() else { continue };
            all += people;
            if let Some((_, next)) = meeting.find(|(id, _)| hospitals.binary_search(id).is_err()) {
                with_way += people;
                extra += people * u64::from((next - first).0);
            }
        }
        let overload = match &self.before {
            Some(before) => Some(self.overload(before, &hospitals, stop)?),
            None => None,
        };
        Some(Aftermath {
            people: all,
            backup_seconds: (with_way > 0).then(|| extra as f64 / with_way as f64),
            without_way: all - with_way,
            overload,
            hospitals,
        })
    }

    /// What follows for each of these sets, in parallel; `done` is called after each. When `stop` is
    /// set, those that are not finished are left out within milliseconds: the result has the others, in the
    /// order of the sets.
    pub fn of_each(
        &self,
        sets: &[&[HospitalId]],
        stop: &AtomicBool,
        done: &(dyn Fn() + Sync),
    ) -> Vec<Aftermath> {
        let one = |set: &&[HospitalId]| {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let after = self.of_until(set, stop)?;
            done();
            Some(after)
        };
        sets.par_iter().filter_map(one).collect()
    }

    /// The loads without these hospitals, and the cases more that are left over. Only places that reach one of
    /// them send anybody elsewhere; where every place depends on all others, all flows are computed again.
    fn loads_without(&self, before: &Before, closed: &[HospitalId]) -> (Vec<HospitalLoad>, f64) {
        let checked = "the choice was checked with the flows before";
        let count = before.loads.len();
        let change = FlowChange::new(self.region, closed, before.choice).expect(checked);
        let Some(change) = change else {
            let flows = Flows::new(self.region, &FlowSettings::new(before.choice).without(closed))
                .expect(checked);
            return (flows.hospital_loads(count), flows.leftover() - before.leftover);
        };
        let [old, new] = [&change.before, &change.after].map(|flows| flows.hospital_loads(count));
        let mut after = before.loads.clone();
        for (load, (old, new)) in after.iter_mut().zip(old.iter().zip(&new)) {
            load.cases += new.cases - old.cases;
            load.cases_inside += new.cases_inside - old.cases_inside;
            load.bed_days += new.bed_days - old.bed_days;
            load.days_in_beds += new.days_in_beds - old.days_in_beds;
        }
        closed.iter().for_each(|id| after[id.index()] = HospitalLoad::default());
        (after, change.after.leftover() - change.before.leftover())
    }

    /// Where the cases go; `None` where it was stopped before.
    fn overload(
        &self,
        before: &Before,
        closed: &[HospitalId],
        stop: &AtomicBool,
    ) -> Option<Overload> {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        let (after, leftover) = self.loads_without(before, closed);
        let pairs = before.loads.iter().zip(&after).zip(self.region.network().iter());
        let changes = pairs.map(|((old, new), (hospital, _))| Receiver {
            hospital,
            load: LoadChange { before: Some(*old), after: Some(*new) },
        });
        let mut receivers: Vec<Receiver> = changes.filter(|one| one.load.is_receiver()).collect();
        receivers.sort_by(|a, b| {
            let most = b.load.more_cases().total_cmp(&a.load.more_cases());
            most.then(a.hospital.cmp(&b.hospital))
        });
        Some(Overload {
            cases: closed.iter().map(|id| before.loads[id.index()].cases).sum(),
            leftover: if leftover > ROUNDING { leftover } else { 0.0 },
            receivers,
        })
    }
}
