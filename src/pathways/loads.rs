//! Who does how much: hospitals by stage, cooperations, and the ways that patients go.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::label::NONE;
use super::outcome::Outcome;
use super::plan::Plan;
use super::when::MILLION;
use crate::model::{HospitalId, Means, Network, Pathway, Way};

/// How often a hospital does a stage by one way.
#[derive(Debug, Clone, PartialEq)]
pub struct HospitalLoad {
    /// Position of the stage.
    pub stage: usize,
    /// Where the patient is.
    pub hospital: HospitalId,
    /// Position of the way in the stage.
    pub way: usize,
    /// Patients a year, places outside of the region included.
    pub patients: f64,
    /// Those of them who live inside.
    pub inside: f64,
}

/// How often a cooperation is used.
#[derive(Debug, Clone, PartialEq)]
pub struct CooperationLoad {
    /// Position in [`super::Prepared::cooperations`].
    pub cooperation: usize,
    /// The stage that it helps with; `None` for a transfer.
    pub stage: Option<usize>,
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
#[derive(Debug, Clone, Copy, Default, PartialEq)]
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

/// Who does how much.
#[derive(Debug, Clone, PartialEq)]
pub struct Loads {
    /// Whether `patients` are expected cases a year; else they are residents, because the pathway
    /// does not say whose cases it takes.
    pub are_cases: bool,
    /// All patients of the region, inside.
    pub inside: f64,
    /// By stage, then the greatest load, ties by hospital and way.
    pub hospitals: Vec<HospitalLoad>,
    /// The greatest load first, ties by position.
    pub cooperations: Vec<CooperationLoad>,
    /// Patients a year by cooperation, each counted once however often it is used for them: all,
    /// and those who live inside.
    pub by_cooperation: BTreeMap<usize, (f64, f64)>,
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
        let all = 0..self.prepared().region().parts().len();
        self.loads_of(all, &self.weights())
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
        let region = self.prepared().region();
        let is_inside = |part: usize| !region.place(region.parts()[part].place).outside;
        // A route is walked once for all who take it.
        let mut taken: BTreeMap<Taken, Patients> = BTreeMap::new();
        let mut tally = Tally::default();
        let mut inside = 0.0;
        for slice in &self.slices {
            let share = f64::from(slice.share) / f64::from(MILLION);
            for part in parts.clone() {
                let chosen = slice.parts[part];
                let all = weights[part] * share;
                let own = if is_inside(part) { all } else { 0.0 };
                inside += own;
                let Some(chosen) = chosen else {
                    tally.ways.without_way += own;
                    continue;
                };
                let means = chosen.choice.arrival.means;
                let key = (chosen.class, chosen.choice.label, means, chosen.wait > 0);
                taken.entry(key).or_default().add(Patients { all, inside: own });
            }
        }
        for (route, patients) in taken {
            let plan = self.plans[usize::from(route.0)].as_ref().expect("it was chosen from it");
            tally.add(self.prepared().pathway(), plan, route, patients);
        }
        tally.into_loads(self.prepared.region.network(), self.cases().is_some(), inside)
    }
}

/// A route that is taken: class, first label, means, and whether somebody waits before it.
type Taken = (u8, u32, u8, bool);

/// A link that is used: cooperation, stage that it helps with, from, to.
type Used = (u32, Option<usize>, u32, u32);

/// Patients a year.
#[derive(Debug, Clone, Copy, Default)]
struct Patients {
    all: f64,
    inside: f64,
}

impl Patients {
    fn add(&mut self, more: Self) {
        self.all += more.all;
        self.inside += more.inside;
    }
}

/// Sums over routes.
#[derive(Default)]
struct Tally {
    /// By stage, hospital and way.
    hospitals: BTreeMap<(usize, u32, u8), Patients>,
    links: BTreeMap<Used, Patients>,
    cooperations: BTreeMap<usize, (f64, f64)>,
    /// Patients from inside, not yet as shares.
    ways: WayShares,
}

impl Tally {
    /// Walks a route for all who take it.
    fn add(&mut self, pathway: &Pathway, plan: &Plan, route: Taken, patients: Patients) {
        let (_, first, means, waited) = route;
        let mut seen = Seen::default();
        let mut used: BTreeSet<u32> = BTreeSet::new();
        let (mut at, mut stage) = (first, 0);
        loop {
            let label = plan.label(at);
            let service = label.service;
            let key = (stage, label.hospital, service.way);
            self.hospitals.entry(key).or_default().add(patients);
            if service.cooperation != NONE {
                used.insert(service.cooperation);
                let key = (service.cooperation, Some(stage), service.partner, label.hospital);
                self.links.entry(key).or_default().add(patients);
            }
            seen.note(&pathway.stages[stage].ways[usize::from(service.way)]);
            if label.next == NONE {
                break;
            }
            if let Some(handing) = label.transfer {
                seen.transfer = true;
                if handing.agreement == NONE {
                    seen.without_agreement = true;
                } else {
                    used.insert(handing.agreement);
                    let to = plan.label(label.next).hospital;
                    let key = (handing.agreement, None, label.hospital, to);
                    self.links.entry(key).or_default().add(patients);
                }
            }
            (at, stage) = (label.next, stage + 1);
        }
        for cooperation in used {
            let sums = self.cooperations.entry(cooperation as usize).or_default();
            sums.0 += patients.all;
            sums.1 += patients.inside;
        }
        let flew = pathway.first_leg[usize::from(means)] == Means::Helicopter;
        let helped = seen.telemedicine || seen.visiting_team || seen.central_service;
        let is_whole = stage + 1 == pathway.stages.len();
        let ways = &mut self.ways;
        for (counts, sum) in [
            (is_whole && !seen.transfer && !helped, &mut ways.direct),
            (seen.transfer, &mut ways.transfer),
            (seen.without_agreement, &mut ways.transfer_without_agreement),
            (seen.telemedicine, &mut ways.telemedicine),
            (seen.visiting_team, &mut ways.visiting_team),
            (seen.central_service, &mut ways.central_service),
            (flew, &mut ways.helicopter),
            (waited, &mut ways.waited),
            (!is_whole, &mut ways.without_way),
        ] {
            if counts {
                *sum += patients.inside;
            }
        }
    }

    fn into_loads(self, network: &Network, are_cases: bool, inside: f64) -> Loads {
        let id = |hospital: u32| network.id(hospital);
        let hospitals = self.hospitals.into_iter();
        let mut hospitals: Vec<HospitalLoad> = hospitals
            .map(|((stage, hospital, way), patients)| HospitalLoad {
                stage,
                hospital: id(hospital),
                way: usize::from(way),
                patients: patients.all,
                inside: patients.inside,
            })
            .collect();
        hospitals.sort_by(|a, b| a.stage.cmp(&b.stage).then(b.patients.total_cmp(&a.patients)));
        let links = self.links.into_iter();
        let mut cooperations: Vec<CooperationLoad> = links
            .map(|((cooperation, stage, from, to), patients)| CooperationLoad {
                cooperation: cooperation as usize,
                stage,
                from: id(from),
                to: id(to),
                patients: patients.all,
                inside: patients.inside,
            })
            .collect();
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
}

impl Seen {
    fn note(&mut self, way: &Way) {
        match way {
            Way::OnSite => {}
            Way::Telemedicine { .. } => self.telemedicine = true,
            Way::VisitingTeam { .. } => self.visiting_team = true,
            Way::CentralService { .. } => self.central_service = true,
        }
    }
}

impl WayShares {
    fn over(self, all: f64) -> Self {
        Self {
            direct: self.direct / all,
            transfer: self.transfer / all,
            transfer_without_agreement: self.transfer_without_agreement / all,
            telemedicine: self.telemedicine / all,
            visiting_team: self.visiting_team / all,
            central_service: self.central_service / all,
            helicopter: self.helicopter / all,
            waited: self.waited / all,
            without_way: self.without_way / all,
        }
    }
}
