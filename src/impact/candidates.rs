//! Between which hospitals a cooperation of a kind and field could run.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{CandidateKind, Sought};
use crate::calendar::HourOfWeek;
use crate::model::{
    Cooperation, HospitalId, Parties, Pathway, Requirement, Stage, StageProvision, UnknownSite,
    has_field,
};
use crate::pathways::Outage;
use crate::region::Region;

/// One candidate, or several that differ in the partner only.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) from: HospitalId,
    pub(super) to: HospitalId,
    pub(super) instead: Vec<HospitalId>,
}

/// Two hospitals: who gives and who takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) from: HospitalId,
    pub(super) to: HospitalId,
}

/// A way of a stage that a cooperation can serve.
struct Served<'p> {
    /// Of the stage in its pathway.
    position: usize,
    stage: &'p Stage,
    way: &'p StageProvision,
}

impl Served<'_> {
    /// What the helping hospital must have.
    fn remote(&self) -> Requirement {
        Requirement::All(self.way.remote().to_vec())
    }
}

/// The hospitals of a region, and what pathways ask of them.
#[derive(Clone, Copy)]
pub(super) struct Market<'a, 'r> {
    pub(super) region: &'r Region,
    pub(super) pathways: &'a [&'r Pathway],
    pub(super) sought: Sought<'a>,
    pub(super) outage: &'a Outage,
}

impl<'r> Market<'_, 'r> {
    /// The candidates, and how many pairs of hospitals they stand for.
    pub(super) fn candidates(&self) -> (Vec<Candidate>, usize) {
        let pairs = self.pairs();
        let count = pairs.len();
        if self.sought.kind.is_remote() {
            return (self.with_experts_merged(pairs), count);
        }
        let mut candidates = Vec::with_capacity(count);
        for Pair { from, to } in pairs {
            candidates.push(Candidate { from, to, instead: Vec::new() });
        }
        (candidates, count)
    }

    /// All pairs between which no such cooperation runs and one could.
    fn pairs(&self) -> Vec<Pair> {
        let network = self.region.network();
        let is_gone = |id: HospitalId| self.outage.hospitals.contains(&id);
        let mut pairs = Vec::new();
        for from in network.ids() {
            for to in network.ids() {
                let pair = Pair { from, to };
                // In this order: each test costs more than the one before it.
                if from != to
                    && !is_gone(from)
                    && !is_gone(to)
                    && self.can_serve(pair)
                    && !self.exists(pair)
                {
                    pairs.push(pair);
                }
            }
        }
        pairs
    }

    /// Whether such a cooperation runs already.
    pub(super) fn exists(&self, pair: Pair) -> bool {
        let network = self.region.network();
        let (from, to) = (&network[pair.from].key, &network[pair.to].key);
        for (id, cooperation) in network.cooperation_ids().zip(network.cooperations()) {
            // One that is out, or open in some hours only, can be had anew.
            if self.outage.cooperations.contains(&id) || !cooperation.hours.is_always() {
                continue;
            }
            let Parties::Directed { from: giver, to: sites } = &cooperation.parties else {
                continue;
            };
            if self.is_sought(cooperation) && giver == from && sites.contains(to) {
                return true;
            }
        }
        false
    }

    fn is_sought(&self, cooperation: &Cooperation) -> bool {
        cooperation.kind.name() == self.sought.kind.kind().name()
            && cooperation.covers(self.sought.field)
    }

    /// Candidates of experts who help from afar. Who gives makes no difference to times, only in which hours
    /// somebody does: of those with the same hours one stands for all.
    fn with_experts_merged(&self, pairs: Vec<Pair>) -> Vec<Candidate> {
        let mut groups: BTreeMap<(HospitalId, Vec<bool>), Vec<HospitalId>> = BTreeMap::new();
        for Pair { from, to } in pairs {
            groups.entry((to, self.open_hours(from))).or_default().push(from);
        }

        let mut candidates = Vec::with_capacity(groups.len());
        for ((to, _), mut experts) in groups {
            experts.sort_by_key(|&from| {
                // Times do not depend on it: who does it already, then who is near, is likelier to agree.
                let journey = match self.region.between(from, to) {
                    Some(time) => time.0,
                    None => u32::MAX,
                };
                (Reverse(self.links_of(from)), journey, from)
            });
            let from = experts.remove(0);
            candidates.push(Candidate { from, to, instead: experts });
        }
        candidates
    }

    /// How many such cooperations a hospital gives already.
    fn links_of(&self, from: HospitalId) -> usize {
        let network = self.region.network();
        let mut links = 0;
        for cooperation in network.cooperations() {
            let giver = cooperation.parties.keys().first().copied();
            if self.is_sought(cooperation) && giver == Some(network[from].key.as_str()) {
                links += 1;
            }
        }
        links
    }

    /// Ways of the kind that a cooperation in this field alone can serve.
    fn served(&self, pathways: &[&'r Pathway]) -> Vec<Served<'r>> {
        let name = self.sought.kind.kind().name();
        let mut served = Vec::new();
        for pathway in pathways {
            for (position, stage) in pathway.stages.iter().enumerate() {
                for way in &stage.ways {
                    // A way that asks for further fields is not served by one cooperation in this one.
                    if way.name() == name && way.fields() == [self.sought.field] {
                        served.push(Served { position, stage, way });
                    }
                }
            }
        }
        served
    }

    /// Whether patients of a pathway are handed on in this field.
    fn hands_on(&self, pathway: &Pathway) -> bool {
        pathway.transfer.fields.iter().any(|field| field == self.sought.field)
    }

    /// How many candidates one route can use at most, over these pathways.
    pub(super) fn uses(&self, pathways: &[&'r Pathway]) -> usize {
        let mut most = 0;
        for &pathway in pathways {
            let uses = if self.sought.kind != CandidateKind::Transfer {
                // Of several ways of a stage a route takes one.
                let mut stages: Vec<usize> = Vec::new();
                for served in self.served(&[pathway]) {
                    stages.push(served.position);
                }
                stages.dedup();
                stages.len()
            } else if self.hands_on(pathway) {
                pathway.stages.len().saturating_sub(1)
            } else {
                0
            };
            most = most.max(uses);
        }
        most
    }

    fn meets(&self, requirement: &Requirement, id: HospitalId) -> bool {
        let network = self.region.network();
        requirement.is_met_by(&network[id], network.catalog())
    }

    /// Whether a cooperation between two hospitals could serve some stage in some hour.
    pub(super) fn can_serve(&self, pair: Pair) -> bool {
        if self.sought.kind == CandidateKind::Transfer {
            let mut pathways = self.pathways.iter();
            return pathways
                .any(|pathway| self.hands_on(pathway) && self.can_hand_on(pathway, pair));
        }
        let network = self.region.network();
        // What could not be agreed on is not suggested: nobody helps with a field that he does not have.
        if !has_field(&network[pair.from], self.sought.field, network.catalog()) {
            return false;
        }
        self.served(self.pathways).into_iter().any(|served| {
            self.meets(&served.remote(), pair.from)
                && self.meets_with_help(served.stage, served.way, pair.to)
        })
    }

    /// Whether a hospital has on site what a stage asks for beyond what is done from afar.
    fn meets_with_help(&self, stage: &Stage, way: &StageProvision, id: HospitalId) -> bool {
        let on_site = stage.on_site(way.remote());
        on_site.is_some_and(|on_site| self.meets(&on_site, id))
    }

    /// Whether the sender does some stage, on site or with help, and the receiver the one behind it.
    fn can_hand_on(&self, pathway: &Pathway, pair: Pair) -> bool {
        let can_do = |stage: &Stage, id: HospitalId| {
            stage.ways.iter().any(|way| match way {
                StageProvision::OnSite => self.meets(&stage.requirement, id),
                way => self.meets_with_help(stage, way, id),
            })
        };
        pathway
            .stages
            .windows(2)
            .any(|stages| can_do(&stages[0], pair.from) && can_do(&stages[1], pair.to))
    }

    /// Hospitals of which nobody knows whether a cooperation of this kind and field could serve a stage
    /// between them and others.
    pub(super) fn unknown_sites(&self) -> Vec<UnknownSite> {
        let mut requirements: Vec<Requirement> = Vec::new();
        if self.sought.kind == CandidateKind::Transfer {
            for pathway in self.pathways {
                if !self.hands_on(pathway) {
                    continue;
                }
                for stage in &pathway.stages {
                    requirements.push(stage.requirement.clone());
                }
            }
        }
        for served in self.served(self.pathways) {
            requirements.push(served.remote());
            requirements.extend(served.stage.on_site(served.way.remote()));
        }
        let mut unknown = Vec::new();
        for requirement in &requirements {
            unknown.extend(requirement.unknown_sites(self.region.network()));
        }
        UnknownSite::merged(unknown)
    }

    /// In which hours of the week an expert could help, way by way.
    fn open_hours(&self, expert: HospitalId) -> Vec<bool> {
        let network = self.region.network();
        let mut open = Vec::new();
        for served in self.served(self.pathways) {
            let remote = served.remote();
            for hour in HourOfWeek::all() {
                open.push(remote.is_met_in(hour, &network[expert], network.catalog()));
            }
        }
        open
    }
}
