//! Which cooperations to add next.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Effect, Study};
use crate::model::{
    Cooperation, CooperationKind, HospitalId, HourOfWeek, Network, Parties, Pathway, Requirement,
    Stage, StageProvision, UnknownSite, has_field,
};
use crate::pathways::{Outage, PathwayError, Prepared, Protocol, Query};
use crate::region::Region;

/// A kind of cooperation that can be suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CandidateKind {
    /// An expert helps a site from afar.
    Telemedicine,
    /// An expert's team travels to a site.
    VisitingTeam,
    /// A centre works for a site.
    CentralService,
    /// A site hands patients on.
    Transfer,
}

impl CandidateKind {
    /// The kind without terms: the pathways' defaults hold, all of them assumptions.
    pub fn kind(self) -> CooperationKind {
        match self {
            Self::Telemedicine => CooperationKind::Telemedicine { consult: None },
            Self::VisitingTeam => CooperationKind::VisitingTeam { call_out: None },
            Self::CentralService => CooperationKind::CentralService { turnaround: None },
            Self::Transfer => {
                CooperationKind::Transfer { door_in_door_out: None, acceptance: None }
            }
        }
    }

    /// In words: `telemedicine`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Telemedicine => "telemedicine",
            Self::VisitingTeam => "visiting team",
            Self::CentralService => "central service",
            Self::Transfer => "transfer agreement",
        }
    }

    /// Whether it makes no difference to times which partner gives.
    fn is_remote(self) -> bool {
        matches!(self, Self::Telemedicine | Self::CentralService)
    }
}

/// A cooperation that does not exist, with what it would bring.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Expert, centre or sender. Where several are equally good, one that already has such
    /// cooperations, then the nearest, then the smallest key.
    pub from: HospitalId,
    /// Site or receiver.
    pub to: HospitalId,
    /// Others who could give the same.
    pub instead: Vec<HospitalId>,
    /// What it brings in each pathway of the study, given what exists.
    pub effect: Vec<Effect>,
}

impl Suggestion {
    /// All pathways together.
    pub fn total(&self) -> Effect {
        self.effect.iter().copied().sum()
    }
}

/// Which cooperations to add next.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestions {
    /// Each candidate that brings something on its own, the best first.
    pub ranked: Vec<Suggestion>,
    /// Each candidate that, on its own, makes somebody later under the protocol, and saves nothing over
    /// all: the one that costs most last. Empty under a free choice.
    pub harmful: Vec<Suggestion>,
    /// How many pairs of hospitals were candidates.
    pub candidates: usize,
    /// Hospitals of which the data do not say whether they could give or take such a cooperation, by id:
    /// they are no candidates for it.
    pub unknown: Vec<UnknownSite>,
    /// The chosen set, in the order of choice; the effects are those given the ones before.
    pub chosen: Vec<Suggestion>,
    /// Seconds a year that the chosen set saves.
    pub seconds: f64,
    /// No set of as many candidates saves more seconds a year than this; `None` where nothing can
    /// be said, because candidates may help each other.
    pub bound: Option<f64>,
    /// Why there is a bound, or why not, as a sentence.
    pub reason: String,
}

/// One candidate, or several that differ in the partner only.
#[derive(Debug, Clone)]
struct Candidate {
    from: HospitalId,
    to: HospitalId,
    instead: Vec<HospitalId>,
}

/// Looks for the best `count` cooperations of a kind and field that do not exist, over these
/// pathways.
///
/// Candidates are all pairs of hospitals between which no such cooperation runs, where the one can
/// give and the other can take what some stage asks for: a hospital that lacks what must be on site, such
/// as an emergency stage for strokes, or of which the data do not say whether it has it, is none. One after the other is chosen: each time
/// the one that saves most given those before, ties by the receiving, then the giving hospital's
/// key. Where no route can use two candidates, what a set saves is submodular (each patient takes
/// the best of them), and the set saves at least 1 - 1/e of what the best set would (Nemhauser,
/// Wolsey, Fisher 1978); the bound given is the better one that the gains found on the way imply:
/// no set of k can save more than what is chosen so far plus the k greatest gains beyond it.
///
/// # Errors
///
/// When the objective names a stage that a pathway does not have.
pub fn suggest<'r>(
    region: &'r Region,
    pathways: &[&'r Pathway],
    (kind, field): (CandidateKind, &str),
    count: usize,
    query: &Query,
) -> Result<Suggestions, PathwayError> {
    let (candidates, pairs) = candidates(region, pathways, (kind, field), &query.outage);
    // The other pathways cannot change.
    let at: Vec<usize> =
        (0..pathways.len()).filter(|at| uses(&pathways[*at..=*at], kind, field) > 0).collect();
    let affected: Vec<&Pathway> = at.iter().map(|&at| pathways[at]).collect();
    let spread = |effects: Vec<Effect>| {
        let mut all = vec![Effect::default(); pathways.len()];
        at.iter().zip(effects).for_each(|(&at, effect)| all[at] = effect);
        all
    };
    Study::new(region, pathways, &[], query.clone())?; // names a wrong objective before any work
    let mut suggestions = Suggestions {
        ranked: Vec::new(),
        harmful: Vec::new(),
        candidates: pairs,
        unknown: unknown_sites(region.network(), pathways, kind, field),
        chosen: Vec::new(),
        seconds: 0.0,
        bound: None,
        reason: reason(pathways, kind, field, query.protocol),
    };
    let is_submodular = uses(pathways, kind, field) <= 1 && query.protocol == Protocol::Free;
    let mut bound = f64::INFINITY;
    for round in 0..=count {
        let chosen: Vec<(HospitalId, HospitalId)> =
            suggestions.chosen.iter().map(|one| (one.from, one.to)).collect();
        let make =
            |pair: &(HospitalId, HospitalId)| cooperation(region.network(), kind, field, *pair);
        let added: Vec<Cooperation> = chosen.iter().map(make).collect();
        let so_far = Study::set_up(region, &affected, &added, query.clone())?;
        let before = so_far.now();
        let left = candidates.par_iter().filter(|one| !chosen.contains(&(one.from, one.to)));
        let tried: Result<Vec<Suggestion>, PathwayError> = left
            .map(|one| {
                let mut added = added.clone();
                added.push(make(&(one.from, one.to)));
                let study = Study::set_up(region, &affected, &added, query.clone())?;
                let effect = spread(study.since(&before));
                let (from, to) = (one.from, one.to);
                Ok(Suggestion { from, to, instead: one.instead.clone(), effect })
            })
            .collect();
        let mut tried = tried?;
        tried.sort_by(|a, b| {
            let saved = |one: &Suggestion| one.total().net_seconds();
            saved(b).total_cmp(&saved(a)).then((a.to, a.from).cmp(&(b.to, b.from)))
        });
        let saving = tried.iter().filter(|one| one.total().net_seconds() > 0.0).count();
        let mut harmful = tried.split_off(saving);
        if round == 0 {
            harmful.retain(|one| !one.total().is_nothing());
            suggestions.harmful = harmful;
        }
        let next: f64 = tried.iter().take(count).map(|one| one.total().net_seconds()).sum();
        bound = bound.min(suggestions.seconds + next);
        if round == 0 {
            suggestions.ranked.clone_from(&tried);
        }
        if round == count || tried.is_empty() {
            break;
        }
        let best = tried.swap_remove(0);
        suggestions.seconds += best.total().net_seconds();
        suggestions.chosen.push(best);
    }
    suggestions.bound = (is_submodular && bound.is_finite()).then_some(bound);
    Ok(suggestions)
}

/// The cooperation of a candidate, always at work.
fn cooperation(
    network: &Network,
    kind: CandidateKind,
    field: &str,
    (from, to): (HospitalId, HospitalId),
) -> Cooperation {
    let (from, to) = (network[from].key.clone(), network[to].key.clone());
    let key = format!("candidate-{from}-{to}");
    Cooperation::new(key, kind.kind(), Parties::Directed { from, to: vec![to] }).fields(&[field])
}

/// Ways of a kind that a cooperation in this field alone can serve.
fn ways<'p>(
    pathways: &[&'p Pathway],
    kind: CandidateKind,
    field: &str,
) -> Vec<(&'p Pathway, usize, &'p StageProvision)> {
    let name = kind.kind().name();
    let all = pathways.iter().flat_map(|&pathway| {
        pathway
            .stages
            .iter()
            .enumerate()
            .flat_map(move |(at, stage)| stage.ways.iter().map(move |way| (pathway, at, way)))
    });
    all.filter(|(_, _, way)| way.name() == name && way.fields() == [field]).collect()
}

/// How many candidates one route can use at most, over all pathways.
fn uses(pathways: &[&Pathway], kind: CandidateKind, field: &str) -> usize {
    let of = |pathway: &&Pathway| {
        if kind == CandidateKind::Transfer {
            let covers = pathway.transfer.fields.iter().any(|own| own == field);
            return if covers { pathway.stages.len().saturating_sub(1) } else { 0 };
        }
        let mut stages: Vec<usize> =
            ways(&[*pathway], kind, field).into_iter().map(|(_, stage, _)| stage).collect();
        stages.dedup();
        stages.len()
    };
    pathways.iter().map(of).max().unwrap_or(0)
}

fn reason(pathways: &[&Pathway], kind: CandidateKind, field: &str, protocol: Protocol) -> String {
    if protocol != Protocol::Free {
        return "no bound: under a protocol a cooperation can also make patients later".to_owned();
    }
    match uses(pathways, kind, field) {
        0 => "no stage of these pathways uses such a cooperation".to_owned(),
        1 => {
            "the bound holds because no route can use two of the candidates (submodular)".to_owned()
        }
        uses => format!(
            "no bound: one route can use up to {uses} of the candidates, which may help each other"
        ),
    }
}

/// The candidates, and how many pairs of hospitals they stand for.
fn candidates(
    region: &Region,
    pathways: &[&Pathway],
    (kind, field): (CandidateKind, &str),
    outage: &Outage,
) -> (Vec<Candidate>, usize) {
    let network = region.network();
    let name = kind.kind().name();
    let exists = |from: HospitalId, to: HospitalId| {
        network.cooperation_ids().zip(network.cooperations()).any(|(id, one)| {
            // One that is out, or open in some hours only, can be had anew.
            if outage.cooperations.contains(&id) || !one.hours.is_always() {
                return false;
            }
            let Parties::Directed { from: own, to: sites } = &one.parties else { return false };
            one.kind.name() == name
                && one.covers(field)
                && *own == network[from].key
                && sites.contains(&network[to].key)
        })
    };
    let mut pairs: Vec<(HospitalId, HospitalId)> = Vec::new();
    for (from, _) in network.iter() {
        for (to, _) in network.iter() {
            let closed = outage.hospitals.contains(&from) || outage.hospitals.contains(&to);
            if !closed
                && from != to
                && can_serve(network, pathways, (kind, field), (from, to))
                && !exists(from, to)
            {
                pairs.push((from, to));
            }
        }
    }
    let count = pairs.len();
    if !kind.is_remote() {
        let alone = |(from, to)| Candidate { from, to, instead: Vec::new() };
        return (pairs.into_iter().map(alone).collect(), count);
    }
    // Who gives makes no difference to times, only in which hours somebody does.
    let mut groups: BTreeMap<(HospitalId, Vec<bool>), Vec<HospitalId>> = BTreeMap::new();
    for (from, to) in pairs {
        let hours = open_hours(network, pathways, (kind, field), from);
        groups.entry((to, hours)).or_default().push(from);
    }
    let own_links = |from: HospitalId| {
        let cooperations = network.cooperations().iter();
        cooperations
            .filter(|one| one.kind.name() == name && one.covers(field))
            .filter(|one| one.parties.keys().first() == Some(&network[from].key.as_str()))
            .count()
    };
    let candidates = groups.into_iter().map(|((to, _), mut experts)| {
        experts.sort_by_key(|&from| {
            let journey = region.between(from, to).map_or(u32::MAX, |time| time.0);
            (std::cmp::Reverse(own_links(from)), journey, from)
        });
        let from = experts.remove(0);
        Candidate { from, to, instead: experts }
    });
    (candidates.collect(), count)
}

/// Whether a cooperation between two hospitals could serve some stage in some hour.
fn can_serve(
    network: &Network,
    pathways: &[&Pathway],
    (kind, field): (CandidateKind, &str),
    (from, to): (HospitalId, HospitalId),
) -> bool {
    let meets = |requirement: &Requirement, id: HospitalId| {
        requirement.is_met_by(&network[id], network.catalog())
    };
    if kind == CandidateKind::Transfer {
        let covers = |pathway: &&&Pathway| pathway.transfer.fields.iter().any(|own| own == field);
        // The sender does some stage on site or with help; the receiver does a later one itself.
        return pathways.iter().filter(covers).any(|pathway| {
            let some_way = |stage: &crate::model::Stage, id: HospitalId| {
                stage.ways.iter().any(|way| match way {
                    StageProvision::OnSite => meets(&stage.requirement, id),
                    way => stage.on_site(way.remote()).is_some_and(|own| meets(&own, id)),
                })
            };
            let stages = pathway.stages.iter();
            stages
                .zip(pathway.stages.iter().skip(1))
                .any(|(before, behind)| some_way(before, from) && some_way(behind, to))
        });
    }
    // What could not be agreed on is not suggested: nobody helps with a field that he does not have.
    if !has_field(&network[from], field, network.catalog()) {
        return false;
    }
    ways(pathways, kind, field).into_iter().any(|(pathway, stage, way)| {
        let stage = &pathway.stages[stage];
        let remote = Requirement::All(way.remote().to_vec());
        meets(&remote, from) && stage.on_site(way.remote()).is_some_and(|own| meets(&own, to))
    })
}

/// Hospitals of which nobody knows whether a cooperation of this kind and field could serve a stage
/// between them and others.
fn unknown_sites(
    network: &Network,
    pathways: &[&Pathway],
    kind: CandidateKind,
    field: &str,
) -> Vec<UnknownSite> {
    let mut requirements: Vec<Requirement> = Vec::new();
    if kind == CandidateKind::Transfer {
        let covers = |pathway: &&&Pathway| pathway.transfer.fields.iter().any(|own| own == field);
        for pathway in pathways.iter().filter(covers) {
            requirements.extend(pathway.stages.iter().map(|stage| stage.requirement.clone()));
        }
    }
    for (pathway, stage, way) in ways(pathways, kind, field) {
        requirements.push(Requirement::All(way.remote().to_vec()));
        requirements.extend(pathway.stages[stage].on_site(way.remote()));
    }
    UnknownSite::merged(requirements.iter().flat_map(|one| one.unknown_sites(network)))
}

/// In which hours of the week an expert could help, way by way.
fn open_hours(
    network: &Network,
    pathways: &[&Pathway],
    (kind, field): (CandidateKind, &str),
    expert: HospitalId,
) -> Vec<bool> {
    let ways = ways(pathways, kind, field).into_iter();
    ways.flat_map(|(_, _, way)| {
        let remote = Requirement::All(way.remote().to_vec());
        HourOfWeek::all()
            .map(move |hour| remote.is_met_in(hour, &network[expert], network.catalog()))
    })
    .collect()
}

/// Why a cooperation serves no stage and no transfer of these pathways, in words; empty where it can
/// serve one in some hour, and where a hospital of it does not exist.
///
/// Named is what either side lacks, or what the data do not say of it, for each stage that such a
/// cooperation could help with: `stroke, thrombolysis: kkh-delitzsch has no emergency level Basic or
/// higher`.
pub fn obstacles(region: &Region, pathways: &[&Pathway], cooperation: &Cooperation) -> Vec<String> {
    let network = region.network();
    let added = std::slice::from_ref(cooperation);
    let id = network.added_cooperation(0);
    for &pathway in pathways {
        match Prepared::even_if_unmet(region, pathway, added) {
            Ok(prepared) if prepared.relevant().contains(&id) => return Vec::new(),
            Ok(_) => {}
            Err(_) => return Vec::new(),
        }
    }
    let Parties::Directed { from, to } = &cooperation.parties else {
        return vec!["it has no direction".to_owned()];
    };
    let mut obstacles: Vec<String> = Vec::new();
    let mut lacks = |pathway: &Pathway, stage: &Stage, requirement: &Requirement, key: &str| {
        let Some(hospital) = network.find(key) else { return };
        let missing = requirement.missing(&network[hospital], network.catalog());
        if !missing.is_empty() {
            let missing = missing.join(", ");
            obstacles.push(format!("{}, {}: {key} has {missing}", pathway.key, stage.key));
        }
    };
    for &pathway in pathways {
        for stage in &pathway.stages {
            for way in &stage.ways {
                let covers = way.fields().iter().all(|field| cooperation.covers(field));
                if way.name() != cooperation.kind.name() || !covers {
                    continue;
                }
                lacks(pathway, stage, &Requirement::All(way.remote().to_vec()), from);
                if let Some(on_site) = stage.on_site(way.remote()) {
                    to.iter().for_each(|site| lacks(pathway, stage, &on_site, site));
                }
            }
        }
    }
    if obstacles.is_empty() {
        obstacles.push(
            "no stage and no transfer of these pathways uses such a kind and field".to_owned(),
        );
    }
    obstacles
}
