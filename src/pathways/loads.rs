//! Who does how much: hospitals by stage, cooperations, and the ways that patients go.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Serialize;

use super::label::NONE;
use super::outcome::Outcome;
use super::plan::RoutePlan;
use super::sites::Prepared;
use super::when::MILLION;
use crate::model::{
    CooperationId, HospitalId, Means, Pathway, StageIndex, StageProvision, WayIndex,
};

/// How often a hospital does a stage by one way.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StageLoad {
    /// The stage.
    pub stage: StageIndex,
    /// Where the patient is.
    pub hospital: HospitalId,
    /// Which of the stage's ways.
    pub way: WayIndex,
    /// Patients a year, places outside of the region included.
    pub patients: f64,
    /// Those of them who live inside.
    pub inside: f64,
}

/// How often a cooperation is used.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CooperationLoad {
    /// The cooperation ([`super::Prepared::cooperation`]).
    pub cooperation: CooperationId,
    /// The stage that it helps with; `None` for a transfer.
    pub stage: Option<StageIndex>,
    /// Expert, centre or sender.
    pub from: HospitalId,
    /// Site or receiver.
    pub to: HospitalId,
    /// Patients a year, places outside of the region included.
    pub patients: f64,
    /// Those of them who live inside.
    pub inside: f64,
}

/// Which ways patients from inside the region go, as shares of all of them.
///
/// A patient who is handed on and is treated with telemedicine counts in both; `direct` are those
/// who are neither handed on nor need a partner. All are 0 where there are no patients.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WayShares {
    /// All stages at the first hospital, by itself.
    pub direct: f64,
    /// Handed on at least once.
    pub transfer: f64,
    /// Handed on at least once without an agreement.
    pub transfer_without_agreement: f64,
    /// Some stage with an expert from afar.
    pub telemedicine: f64,
    /// Some stage with a team that came.
    pub visiting_team: f64,
    /// Some stage with a centre's result.
    pub central_service: f64,
    /// Came by helicopter.
    pub helicopter: f64,
    /// Waited for an opening hour.
    pub waited: f64,
    /// The last stage is out of reach.
    pub without_way: f64,
}

/// Patients a year, or people where the pathway does not say whose cases it takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Patients {
    /// All, places outside of the region included.
    pub everybody: f64,
    /// Those of them who live inside.
    pub inside: f64,
}

impl Patients {
    fn add(&mut self, more: Self) {
        self.everybody += more.everybody;
        self.inside += more.inside;
    }
}

/// Who does how much.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Loads {
    /// Whether `patients` are expected cases a year; else they are residents, because the pathway
    /// does not say whose cases it takes.
    pub are_cases: bool,
    /// All patients of the region, inside.
    pub inside: f64,
    /// By stage, then the greatest load, ties by hospital and way.
    pub hospitals: Vec<StageLoad>,
    /// The greatest load first, ties by position.
    pub cooperations: Vec<CooperationLoad>,
    /// Patients by cooperation, each counted once however often it is used for them.
    pub by_cooperation: BTreeMap<CooperationId, Patients>,
    /// Which ways they go.
    pub ways: WayShares,
}

impl Outcome<'_, '_> {
    /// Who does how much.
    ///
    /// # Panics
    ///
    /// Never: every route was chosen from one of the outcome's plans.
    pub fn loads(&self) -> Loads {
        let parts = 0..self.prepared().region().parts().len();
        self.loads_of(parts, &self.weights())
    }

    /// Who does how much for each place, in the order of the region's places.
    ///
    /// # Panics
    ///
    /// Never, as [`Self::loads`].
    pub fn loads_by_place(&self) -> Vec<Loads> {
        let region = self.prepared().region();
        let weights = self.weights();
        region.place_ids().map(|place| self.loads_of(region.parts_of(place), &weights)).collect()
    }

    /// Who does how much for the patients of some parts.
    fn loads_of(&self, parts: Range<usize>, weights: &[f64]) -> Loads {
        // A route is walked once for all who take it: many parts share a few hundred routes.
        let mut taken: BTreeMap<Taken, Patients> = BTreeMap::new();
        let mut tally = Tally::default();
        let mut inside = 0.0;
        for slice in &self.slices {
            let share = f64::from(slice.share) / f64::from(MILLION);
            for part in parts.clone() {
                // Places outside count for the work of hospitals, but not for shares of the region's people.
                let everybody = weights[part] * share;
                let here = if self.is_outside(part) { 0.0 } else { everybody };
                inside += here;
                let Some(chosen) = slice.parts[part] else {
                    tally.ways.without_way += here;
                    continue;
                };
                let taking = Taken {
                    class: chosen.class,
                    label: chosen.route.label,
                    means: chosen.route.arrival.means,
                    waited: chosen.wait > 0,
                };
                taken.entry(taking).or_default().add(Patients { everybody, inside: here });
            }
        }
        for (route, patients) in taken {
            tally.add(self.prepared().pathway(), self.plans.of(route.class), route, patients);
        }
        tally.into_loads(&self.prepared, self.cases().is_some(), inside)
    }
}

/// A route that is taken, as far as loads depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Taken {
    class: u8,
    /// The label at its door.
    label: u32,
    means: u8,
    /// Whether somebody waits before it.
    waited: bool,
}

/// A stage that a hospital does by one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Done {
    stage: u32,
    hospital: u32,
    way: u8,
}

/// A link that is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Used {
    cooperation: u32,
    /// The stage that it helps with; `None` for a transfer.
    stage: Option<u32>,
    from: u32,
    to: u32,
}

/// Sums over routes.
#[derive(Default)]
struct Tally {
    hospitals: BTreeMap<Done, Patients>,
    links: BTreeMap<Used, Patients>,
    cooperations: BTreeMap<CooperationId, Patients>,
    /// Patients from inside, not yet as shares.
    ways: WayShares,
}

impl Tally {
    /// Walks a route for all who take it.
    fn add(&mut self, pathway: &Pathway, plan: &RoutePlan, route: Taken, patients: Patients) {
        let mut seen = Seen::default();
        let mut cooperations: BTreeSet<u32> = BTreeSet::new();
        let mut label = plan.label(route.label);
        let mut stage = 0;
        loop {
            let (hospital, service) = (label.hospital, label.service);
            let done = Done { stage, hospital, way: service.way };
            self.hospitals.entry(done).or_default().add(patients);
            if service.cooperation != NONE {
                cooperations.insert(service.cooperation);
                let used = Used {
                    cooperation: service.cooperation,
                    stage: Some(stage),
                    from: service.partner,
                    to: hospital,
                };
                self.links.entry(used).or_default().add(patients);
            }
            seen.note(&pathway.stages[stage as usize].ways[usize::from(service.way)]);
            if label.next == NONE {
                break;
            }
            let next = plan.label(label.next);
            if let Some(transfer) = label.transfer {
                seen.transfer = true;
                if transfer.agreement == NONE {
                    seen.without_agreement = true;
                } else {
                    let cooperation = transfer.agreement;
                    cooperations.insert(cooperation);
                    let used = Used { cooperation, stage: None, from: hospital, to: next.hospital };
                    self.links.entry(used).or_default().add(patients);
                }
            }
            (label, stage) = (next, stage + 1);
        }
        // Each cooperation once for a patient, however many stages it helps with.
        for number in cooperations {
            self.cooperations.entry(CooperationId(number)).or_default().add(patients);
        }
        seen.flew = pathway.first_leg[usize::from(route.means)] == Means::Helicopter;
        seen.waited = route.waited;
        seen.is_whole = stage as usize + 1 == pathway.stages.len();
        self.ways.count(&seen, patients.inside);
    }

    fn into_loads(self, prepared: &Prepared<'_>, are_cases: bool, inside: f64) -> Loads {
        let network = prepared.region.network();
        let stage_of = |number: u32| prepared.stages[number as usize];
        let mut hospitals: Vec<StageLoad> = Vec::with_capacity(self.hospitals.len());
        for (done, patients) in self.hospitals {
            hospitals.push(StageLoad {
                stage: stage_of(done.stage),
                hospital: network.id(done.hospital),
                way: WayIndex(done.way),
                patients: patients.everybody,
                inside: patients.inside,
            });
        }
        // The sums come by hospital and way, and the sort is stable: ties stay in that order.
        hospitals.sort_by(|a, b| a.stage.cmp(&b.stage).then(b.patients.total_cmp(&a.patients)));

        let mut cooperations: Vec<CooperationLoad> = Vec::with_capacity(self.links.len());
        for (used, patients) in self.links {
            cooperations.push(CooperationLoad {
                cooperation: CooperationId(used.cooperation),
                stage: used.stage.map(stage_of),
                from: network.id(used.from),
                to: network.id(used.to),
                patients: patients.everybody,
                inside: patients.inside,
            });
        }
        cooperations.sort_by(|a, b| b.patients.total_cmp(&a.patients));

        let ways = if inside > 0.0 { self.ways.over(inside) } else { self.ways };
        let by_cooperation = self.cooperations;
        Loads { are_cases, inside, hospitals, cooperations, by_cooperation, ways }
    }
}

/// What a route has in it.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "a tally of independent things")]
struct Seen {
    transfer: bool,
    without_agreement: bool,
    telemedicine: bool,
    visiting_team: bool,
    central_service: bool,
    flew: bool,
    waited: bool,
    /// Whether all stages are done.
    is_whole: bool,
}

impl Seen {
    fn note(&mut self, way: &StageProvision) {
        match way {
            StageProvision::OnSite => {}
            StageProvision::Telemedicine { .. } => self.telemedicine = true,
            StageProvision::VisitingTeam { .. } => self.visiting_team = true,
            StageProvision::CentralService { .. } => self.central_service = true,
        }
    }
}

impl WayShares {
    /// Counts patients of a route in every way that it has.
    fn count(&mut self, seen: &Seen, patients: f64) {
        let helped = seen.telemedicine || seen.visiting_team || seen.central_service;
        for (counts, sum) in [
            (seen.is_whole && !seen.transfer && !helped, &mut self.direct),
            (seen.transfer, &mut self.transfer),
            (seen.without_agreement, &mut self.transfer_without_agreement),
            (seen.telemedicine, &mut self.telemedicine),
            (seen.visiting_team, &mut self.visiting_team),
            (seen.central_service, &mut self.central_service),
            (seen.flew, &mut self.helicopter),
            (seen.waited, &mut self.waited),
            (!seen.is_whole, &mut self.without_way),
        ] {
            if counts {
                *sum += patients;
            }
        }
    }

    fn over(self, total: f64) -> Self {
        Self {
            direct: self.direct / total,
            transfer: self.transfer / total,
            transfer_without_agreement: self.transfer_without_agreement / total,
            telemedicine: self.telemedicine / total,
            visiting_team: self.visiting_team / total,
            central_service: self.central_service / total,
            helicopter: self.helicopter / total,
            waited: self.waited / total,
            without_way: self.without_way / total,
        }
    }
}
