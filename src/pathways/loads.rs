//! Who does how much: hospitals by stage, cooperations, and the ways that patients go.

use std::collections::{BTreeMap, BTreeSet};

use super::outcome::Outcome;
use super::plan::NONE;
use super::sites::id;
use super::when::MILLION;
use crate::model::{HospitalId, Way};

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
    pub fn loads(&self) -> Loads {
        let region = self.prepared().region();
        let pathway = self.prepared().pathway();
        let weights = self.weights();
        let is_inside: Vec<bool> =
            region.parts().iter().map(|part| !region.place(part.place).outside).collect();
        // Patients by class, label, means and wait: a route is walked once for all who take it.
        let mut taken: BTreeMap<(u8, u32, u8, bool), (f64, f64)> = BTreeMap::new();
        let (mut inside, mut without) = (0.0, 0.0);
        for slice in &self.slices {
            let share = f64::from(slice.share) / f64::from(MILLION);
            for (part, chosen) in slice.parts.iter().enumerate() {
                let patients = weights[part] * share;
                let own = if is_inside[part] { patients } else { 0.0 };
                inside += own;
                let Some(chosen) = chosen else {
                    without += own;
                    continue;
                };
                let means = chosen.choice.arrival.means;
                let key = (chosen.class, chosen.choice.label, means, chosen.wait > 0);
                let sums = taken.entry(key).or_default();
                sums.0 += patients;
                sums.1 += own;
            }
        }
        let mut hospitals: BTreeMap<(usize, u32, u8), (f64, f64)> = BTreeMap::new();
        let mut links: BTreeMap<(u32, Option<usize>, u32, u32), (f64, f64)> = BTreeMap::new();
        let mut by_cooperation: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        let mut ways = WayShares { without_way: without, ..WayShares::default() };
        for ((class, first, means, waited), sums) in taken {
            let plan = self.plans[usize::from(class)].as_ref().expect("it was chosen from it");
            let add = |to: &mut (f64, f64)| {
                to.0 += sums.0;
                to.1 += sums.1;
            };
            let mut seen = Seen::default();
            let mut used: BTreeSet<u32> = BTreeSet::new();
            let (mut at, mut stage) = (first, 0);
            loop {
                let label = plan.label(at);
                let service = label.service;
                add(hospitals.entry((stage, label.hospital, service.way)).or_default());
                if service.cooperation != NONE {
                    used.insert(service.cooperation);
                    let key = (service.cooperation, Some(stage), service.partner, label.hospital);
                    add(links.entry(key).or_default());
                }
                match pathway.stages[stage].ways[usize::from(service.way)] {
                    Way::OnSite => {}
                    Way::Telemedicine { .. } => seen.telemedicine = true,
                    Way::VisitingTeam { .. } => seen.visiting_team = true,
                    Way::CentralService { .. } => seen.central_service = true,
                }
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
                        add(links.entry(key).or_default());
                    }
                }
                (at, stage) = (label.next, stage + 1);
            }
            for cooperation in used {
                add(by_cooperation.entry(cooperation as usize).or_default());
            }
            let flew = pathway.first_leg[usize::from(means)] == crate::model::Means::Helicopter;
            let helped = seen.telemedicine || seen.visiting_team || seen.central_service;
            let is_whole = stage + 1 == pathway.stages.len();
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
                    *sum += sums.1;
                }
            }
        }
        if inside > 0.0 {
            ways = ways.over(inside);
        }
        let mut hospitals: Vec<HospitalLoad> = hospitals
            .into_iter()
            .map(|((stage, hospital, way), (patients, inside))| HospitalLoad {
                stage,
                hospital: id(hospital),
                way: usize::from(way),
                patients,
                inside,
            })
            .collect();
        hospitals.sort_by(|a, b| a.stage.cmp(&b.stage).then(b.patients.total_cmp(&a.patients)));
        let mut cooperations: Vec<CooperationLoad> = links
            .into_iter()
            .map(|((cooperation, stage, from, to), (patients, inside))| CooperationLoad {
                cooperation: cooperation as usize,
                stage,
                from: id(from),
                to: id(to),
                patients,
                inside,
            })
            .collect();
        cooperations.sort_by(|a, b| b.patients.total_cmp(&a.patients));
        Loads {
            are_cases: self.cases().is_some(),
            by_cooperation,
            inside,
            hospitals,
            cooperations,
            ways,
        }
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
