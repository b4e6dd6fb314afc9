//! Which cooperations to add next.

use rayon::prelude::*;
use serde::Serialize;

use super::candidates::{Candidate, Market, Pair};
use super::{Effect, Sampled, Study};
use crate::model::{
    Cooperation, CooperationKind, HospitalId, Network, Parties, Pathway, Requirement, Stage,
    UnknownSite,
};
use crate::pathways::{PathwayError, Prepared, Protocol, Query};
use crate::region::Region;
use crate::words;

/// A kind of cooperation that can be suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
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
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Telemedicine, Self::VisitingTeam, Self::CentralService, Self::Transfer];

    /// Its name in words that are typed: `visiting-team`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Telemedicine => "telemedicine",
            Self::VisitingTeam => "visiting-team",
            Self::CentralService => "central-service",
            Self::Transfer => "transfer",
        }
    }

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
    pub(super) fn is_remote(self) -> bool {
        matches!(self, Self::Telemedicine | Self::CentralService)
    }
}

/// Which cooperations are looked for: those of a kind that cover a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sought<'f> {
    /// The kind.
    pub kind: CandidateKind,
    /// Key of the field, such as `neurology`.
    pub field: &'f str,
}

/// A cooperation that does not exist, with what it would bring.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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

/// Looks for the best `count` cooperations of a kind and field that do not exist, over these
/// pathways.
///
/// Candidates are all pairs of hospitals between which no such cooperation runs, where the one can
/// give and the other can take what some stage asks for. A hospital that lacks what must be on site, such
/// as an emergency stage for strokes, or of which the data do not say whether it has it, is none.
///
/// One after the other is chosen: each time the one that saves most given those before, ties by the
/// receiving, then the giving hospital's key. Where no route can use two candidates, what a set saves is
/// submodular (each patient takes the best of them), and the set saves at least 1 - 1/e of what the best
/// set would (Nemhauser, Wolsey, Fisher 1978). The bound given is the better one that the gains found on
/// the way imply: no set of k can save more than what is chosen so far plus the k greatest gains beyond it.
///
/// # Errors
///
/// When the objective names a stage that a pathway does not have.
pub fn suggest<'r>(
    region: &'r Region,
    pathways: &[&'r Pathway],
    sought: Sought<'_>,
    count: usize,
    query: &Query,
) -> Result<Suggestions, PathwayError> {
    let market = Market { region, pathways, sought, outage: &query.outage };
    let (candidates, pairs) = market.candidates();
    Study::new(region, pathways, &[], query.clone())?; // names a wrong objective before any work
    let mut suggestions = Suggestions {
        ranked: Vec::new(),
        harmful: Vec::new(),
        candidates: pairs,
        unknown: market.unknown_sites(),
        chosen: Vec::new(),
        seconds: 0.0,
        bound: None,
        reason: reason(&market, query.protocol),
    };

    // One after the other: all sets of `count` out of hundreds of pairs cannot be tried.
    let search = Search::new(market, query);
    let mut bound = f64::INFINITY;
    for round in 0..=count {
        let mut tried = search.try_each(&candidates, &suggestions.chosen)?;
        // Those that save something stand first.
        let saving = tried.partition_point(|tried| tried.total().net_seconds() > 0.0);
        let mut harmful = tried.split_off(saving);
        if round == 0 {
            // Under a protocol some candidates make people later, which a planner must see; most change nothing.
            harmful.retain(|tried| !tried.total().is_nothing());
            suggestions.harmful = harmful;
            suggestions.ranked.clone_from(&tried);
        }
        // No set saves more than what is chosen and the greatest gains beyond it.
        let mut next = 0.0;
        for best in &tried[..count.min(tried.len())] {
            next += best.total().net_seconds();
        }
        bound = bound.min(suggestions.seconds + next);
        if round == count || tried.is_empty() {
            break;
        }
        // The order of the others is lost, and not needed: beside this one they are worth something else.
        let best = tried.swap_remove(0);
        suggestions.seconds += best.total().net_seconds();
        suggestions.chosen.push(best);
    }
    let is_submodular = search.market.uses(pathways) <= 1 && query.protocol == Protocol::Free;
    suggestions.bound = (is_submodular && bound.is_finite()).then_some(bound);
    Ok(suggestions)
}

/// A search over the pathways that candidates can change; the others stay as they are.
struct Search<'a, 'r> {
    market: Market<'a, 'r>,
    query: &'a Query,
    affected: Vec<&'r Pathway>,
    /// Positions of the affected ones among all pathways.
    positions: Vec<usize>,
}

impl<'a, 'r> Search<'a, 'r> {
    fn new(market: Market<'a, 'r>, query: &'a Query) -> Self {
        let mut search = Self { market, query, affected: Vec::new(), positions: Vec::new() };
        for (position, &pathway) in search.market.pathways.iter().enumerate() {
            if search.market.uses(&[pathway]) > 0 {
                search.affected.push(pathway);
                search.positions.push(position);
            }
        }
        search
    }

    /// What each candidate brings given those that are chosen: the greatest saving first, ties by the receiving,
    /// then the giving hospital's key.
    fn try_each(
        &self,
        candidates: &[Candidate],
        chosen: &[Suggestion],
    ) -> Result<Vec<Suggestion>, PathwayError> {
        let (network, sought) = (self.market.region.network(), self.market.sought);
        let mut added = Vec::with_capacity(chosen.len());
        for before in chosen {
            added.push(cooperation(network, sought, Pair { from: before.from, to: before.to }));
        }
        let now = self.study(&added)?.now();
        let is_chosen = |candidate: &Candidate| {
            chosen.iter().any(|before| (before.from, before.to) == (candidate.from, candidate.to))
        };

        let left = candidates.par_iter().filter(|candidate| !is_chosen(candidate));
        let tried: Result<Vec<Suggestion>, PathwayError> =
            left.map(|candidate| self.try_one(candidate, &added, &now)).collect();
        let mut tried = tried?;
        tried.sort_by(|a, b| {
            let saved = |tried: &Suggestion| tried.total().net_seconds();
            saved(b).total_cmp(&saved(a)).then((a.to, a.from).cmp(&(b.to, b.from)))
        });
        Ok(tried)
    }

    fn try_one(
        &self,
        candidate: &Candidate,
        added: &[Cooperation],
        before: &[Sampled],
    ) -> Result<Suggestion, PathwayError> {
        let (from, to) = (candidate.from, candidate.to);
        let mut added = added.to_vec();
        let network = self.market.region.network();
        added.push(cooperation(network, self.market.sought, Pair { from, to }));

        let mut effect = vec![Effect::default(); self.market.pathways.len()];
        let changed = self.study(&added)?.since(before);
        for (position, changed) in self.positions.iter().zip(changed) {
            effect[*position] = changed;
        }
        Ok(Suggestion { from, to, instead: candidate.instead.clone(), effect })
    }

    fn study<'s>(&'s self, added: &'s [Cooperation]) -> Result<Study<'s>, PathwayError> {
        Study::set_up(self.market.region, &self.affected, added, self.query.clone())
    }
}

/// The cooperation of a candidate, always at work.
pub(super) fn cooperation(network: &Network, sought: Sought<'_>, pair: Pair) -> Cooperation {
    let (from, to) = (network[pair.from].key.clone(), network[pair.to].key.clone());
    let key = format!("candidate-{from}-{to}");
    let parties = Parties::Directed { from, to: vec![to] };
    Cooperation::new(key, sought.kind.kind(), parties).fields(&[sought.field])
}

fn reason(market: &Market<'_, '_>, protocol: Protocol) -> String {
    if protocol != Protocol::Free {
        return said!("no bound: under a protocol a cooperation can also make patients later");
    }
    match market.uses(market.pathways) {
        0 => said!("no stage of these pathways uses such a cooperation"),
        1 => {
            said!("the bound holds because no route can use two of the candidates (submodular)")
        }
        uses => said!(
            "no bound: one route can use up to {uses} of the candidates, which may help each other",
            uses
        ),
    }
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
            // A hospital that does not exist is told where the cooperation is read.
            Err(_) => return Vec::new(),
        }
    }
    let Parties::Directed { from, to } = &cooperation.parties else {
        return vec![words::kept(|| said!("it has no direction"))];
    };

    let mut obstacles: Vec<String> = Vec::new();
    for &pathway in pathways {
        for stage in &pathway.stages {
            let lacks = |requirement: &Requirement, key: &str| {
                let missing = lack(network, requirement, key)?;
                Some(words::kept(|| {
                    let asked = words::name_of(&pathway.name, &pathway.name_de);
                    format!("{asked}, {}: {}", words::of(&stage.name), words::of(&missing))
                }))
            };
            for remote in remotes(stage, cooperation) {
                obstacles.extend(lacks(&Requirement::All(remote.to_vec()), from));
                let Some(on_site) = stage.on_site(remote) else { continue };
                for site in to {
                    obstacles.extend(lacks(&on_site, site));
                }
            }
        }
    }
    if obstacles.is_empty() {
        obstacles.push(words::kept(|| {
            said!("no stage and no transfer of these pathways uses such a kind and field")
        }));
    }
    obstacles
}

/// What of a stage is done from afar, in each way in which such a cooperation could help.
fn remotes<'s>(stage: &'s Stage, cooperation: &Cooperation) -> Vec<&'s [Requirement]> {
    let mut remotes = Vec::new();
    for way in &stage.ways {
        let covers = way.fields().iter().all(|field| cooperation.covers(field));
        if way.name() == cooperation.kind.name() && covers {
            remotes.push(way.remote());
        }
    }
    remotes
}

/// What a hospital lacks, in words; `None` where it lacks nothing, or does not exist.
fn lack(network: &Network, requirement: &Requirement, key: &str) -> Option<String> {
    let hospital = network.find(key)?;
    let missing = requirement.missing(&network[hospital], network.catalog());
    if missing.is_empty() {
        None
    } else {
        let name = &network[hospital].name;
        Some(words::kept(|| {
            said!("{name} has {lacks}", name, lacks = words::each_of(&missing).join(", "))
        }))
    }
}
