//! Minutes and people by pathway: an expert, a team, a centre or a transfer, each way.

use serde::Serialize;

use super::{AgreementError, AgreementSettings, NoEffect};
use crate::impact::{CandidateKind, Effect, Served, Sought, Study, obstacles};
use crate::model::{Cooperation, CooperationKind, HospitalId, Parties, Pathway, StageProvision};
use crate::pathways::{Objective, Outage, PathwayError};
use crate::region::Region;
use crate::units::Seconds;

/// A kind of cooperation that could carry a field out, between certain hospitals.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WayAnswer {
    /// The kind, with the terms of the file where it has any.
    pub kind: CooperationKind,
    /// The term that counts, and where it comes from.
    pub terms: Terms,
    /// Between whom.
    pub reach: Reach,
    /// What changes, by pathway and stage until which times count; only where somebody's time changes. Empty where
    /// nothing does, for the reason of [`Self::why_none`].
    pub effects: Vec<PathwayEffect>,
    /// Why nothing changes; `None` where something does.
    pub why_none: Option<NoEffect>,
}

/// The term of a kind that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Terms {
    /// The file gives it.
    Given(Seconds),
    /// The defaults of the pathways that could be served, rising, each once: assumed.
    Assumed(Vec<Seconds>),
}

/// Between whom a kind of cooperation runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// From one partner to another.
    Between {
        /// Who gives; of a transfer, who hands on.
        from: HospitalId,
        /// Who is helped; of a transfer, who takes patients over.
        to: HospitalId,
    },
    /// Between the partners and the sites inside the region that could take part: of them each has the nearest
    /// partner that could help it, or to which it could hand on.
    Region {
        /// The sites, by id.
        sites: Vec<HospitalId>,
    },
}

/// What changes in one pathway, until the end of a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathwayEffect {
    /// Key of the pathway.
    pub pathway: String,
    /// Key of the stage until whose end times count: the last one, or the one that makes a hospital a door.
    pub until: String,
    /// By protocol; `None` until the door's stage under a free choice, which goes to no door.
    pub effects: Vec<Option<Effect>>,
}

/// What all fields have in common.
pub(super) struct Table<'t, 'r> {
    pub(super) region: &'r Region,
    pub(super) agreed: &'t Cooperation,
    pub(super) partners: &'t [HospitalId],
    pub(super) settings: &'t AgreementSettings<'r>,
}

/// A kind in a field, with its term.
struct Offer<'t, 'r> {
    kind: CandidateKind,
    with_terms: CooperationKind,
    terms: Terms,
    field: &'t str,
    served: Served<'t, 'r>,
}

impl<'t, 'r> Table<'t, 'r> {
    /// Every kind that some pathway could use in the field, between each two partners and for the region.
    pub(super) fn ways(&self, field: &'t str) -> Result<Vec<WayAnswer>, AgreementError> {
        let mut ways = Vec::new();
        for kind in CandidateKind::ALL {
            let sought = Sought { kind, field };
            let served = Served::new(self.region, &self.settings.pathways, sought);
            if served.pathways().is_empty() {
                continue;
            }
            let (with_terms, terms) = self.terms(kind, field, served.pathways());
            let offer = Offer { kind, with_terms, terms, field, served };
            for &from in self.partners {
                for &to in self.partners {
                    if from != to {
                        ways.push(self.between(&offer, from, to)?);
                    }
                }
            }
            // Two that do everything themselves change nothing between them, and may still help others.
            ways.push(self.in_region(&offer)?);
        }
        Ok(ways)
    }

    /// The kind with the terms of the file, and the term that counts.
    fn terms(
        &self,
        kind: CandidateKind,
        field: &str,
        pathways: &[&Pathway],
    ) -> (CooperationKind, Terms) {
        let name = kind.kind().name();
        let written = self.agreed.term(field, name);
        let with_terms = written.copied().unwrap_or(kind.kind());
        let given = match with_terms {
            CooperationKind::Transfer { door_in_door_out, .. } => door_in_door_out,
            CooperationKind::Telemedicine { consult } => consult,
            CooperationKind::VisitingTeam { call_out } => call_out,
            CooperationKind::CentralService { turnaround } => turnaround,
            _ => None,
        };
        let terms = match given {
            Some(term) => Terms::Given(term),
            None => Terms::Assumed(defaults(kind, field, pathways)),
        };
        (with_terms, terms)
    }

    fn between(
        &self,
        offer: &Offer<'_, 'r>,
        from: HospitalId,
        to: HospitalId,
    ) -> Result<WayAnswer, AgreementError> {
        let reach = Reach::Between { from, to };
        let added = [self.cooperation(offer, from, to)];
        if offer.served.exists(from, to) {
            return Ok(offer.without_effect(reach, NoEffect::Exists));
        }
        if !offer.served.is_possible(from, to) {
            let why = obstacles(self.region, offer.served.pathways(), &added[0]);
            return Ok(offer.without_effect(reach, NoEffect::NotEligible(why)));
        }

        // One that could serve may still serve nobody: that is an answer with a reason, not a row of zeros.
        let effects = self.effects(offer, &added)?;
        if !effects.is_empty() {
            return Ok(offer.with_effects(reach, effects));
        }
        // Whoever needs no help: the sender of a transfer, and everybody else's receiver.
        let helped = if offer.kind == CandidateKind::Transfer { from } else { to };
        let why = if self.does_all(helped, offer.served.pathways()) {
            NoEffect::DoesItItself(helped)
        } else {
            NoEffect::NobodyGains
        };
        Ok(offer.without_effect(reach, why))
    }

    /// The partners and every site inside that could take part and does not already.
    fn in_region(&self, offer: &Offer<'_, 'r>) -> Result<WayAnswer, AgreementError> {
        let (mut sites, mut added) = (Vec::new(), Vec::new());
        for (site, hospital) in self.region.network().iter() {
            if hospital.outside || self.partners.contains(&site) {
                continue;
            }
            let Some((from, to)) = self.nearest_partner(offer, site) else { continue };
            sites.push(site);
            added.push(self.cooperation(offer, from, to));
        }
        let reach = Reach::Region { sites };
        if added.is_empty() {
            return Ok(offer.without_effect(reach, NoEffect::NoSite));
        }
        let effects = self.effects(offer, &added)?;
        if effects.is_empty() {
            return Ok(offer.without_effect(reach, NoEffect::NobodyGains));
        }
        Ok(offer.with_effects(reach, effects))
    }

    /// Giver and receiver with the nearest partner that could agree on it with a site; `None` where none could, or
    /// one does already.
    fn nearest_partner(
        &self,
        offer: &Offer<'_, 'r>,
        site: HospitalId,
    ) -> Option<(HospitalId, HospitalId)> {
        let mut nearest: Option<(u32, (HospitalId, HospitalId))> = None;
        for &partner in self.partners {
            // A site hands its patients on to the partner; all else it gets from there.
            let is_transfer = offer.kind == CandidateKind::Transfer;
            let (from, to) = if is_transfer { (site, partner) } else { (partner, site) };
            if offer.served.exists(from, to) {
                return None;
            }
            if !offer.served.is_possible(from, to) {
                continue;
            }
            // One beyond the cut-off comes last; of equally near ones the first of the agreement counts.
            let journey = self.region.between(from, to).map_or(u32::MAX, |time| time.0);
            match nearest {
                Some((before, _)) if before <= journey => {}
                _ => nearest = Some((journey, (from, to))),
            }
        }
        let (_, pair) = nearest?;
        Some(pair)
    }

    fn cooperation(&self, offer: &Offer<'_, '_>, from: HospitalId, to: HospitalId) -> Cooperation {
        let network = self.region.network();
        let (from, to) = (network[from].key.clone(), network[to].key.clone());
        let key = format!("agreed-{}-{from}-{to}-{}", offer.kind.key(), offer.field);
        let parties = Parties::Directed { from, to: vec![to] };
        let cooperation = Cooperation::new(key, offer.with_terms, parties).fields(&[offer.field]);
        Cooperation { hours: self.agreed.hours, ..cooperation }
    }

    /// What cooperations change together that there are not, by pathway; where nothing changes under any protocol,
    /// nothing stands.
    fn effects(
        &self,
        offer: &Offer<'_, 'r>,
        added: &[Cooperation],
    ) -> Result<Vec<PathwayEffect>, PathwayError> {
        let network = self.region.network();
        // Before: the same study with all of them out, so that hours and people are grouped alike.
        let mut without = Outage::default();
        for position in 0..added.len() {
            without.cooperations.insert(network.added_cooperation(position));
        }
        let with = Outage::default();
        let pathways = offer.served.pathways();
        let lead = Study::new(self.region, pathways, added, self.settings.query.clone())?;

        let (mut to_end, mut to_door) = (Vec::new(), Vec::new());
        for &protocol in &self.settings.protocols {
            let study = lead.under(protocol);
            to_end.push(study.compare(&without, &with));
            to_door.push(study.compare_to_door(&without, &with));
        }
        let mut effects = Vec::new();
        for (position, pathway) in pathways.iter().enumerate() {
            let mut whole = Vec::with_capacity(to_end.len());
            for by_pathway in &to_end {
                whole.push(Some(by_pathway[position]));
            }
            if is_something(&whole) {
                let until = self.until(pathway);
                effects.push(PathwayEffect { pathway: pathway.key.clone(), until, effects: whole });
            }

            // Thrombolysis may be sooner where thrombectomy, the last stage, is not.
            let mut stage = None;
            let mut until_door = Vec::with_capacity(to_door.len());
            for by_pathway in &to_door {
                let to_door = by_pathway[position];
                stage = stage.or(to_door.map(|to_door| to_door.stage));
                until_door.push(to_door.map(|to_door| to_door.effect));
            }
            if let Some(stage) = stage
                && is_something(&until_door)
            {
                let until = pathway[stage].key.clone();
                let pathway = pathway.key.clone();
                effects.push(PathwayEffect { pathway, until, effects: until_door });
            }
        }
        Ok(effects)
    }

    /// The stage until whose end the objective counts.
    fn until(&self, pathway: &Pathway) -> String {
        match &self.settings.query.objective {
            Objective::Stage(key) => key.clone(),
            _ => pathway.stages.last().map_or_else(String::new, |stage| stage.key.clone()),
        }
    }

    /// Whether a hospital does every stage of these pathways itself.
    fn does_all(&self, hospital: HospitalId, pathways: &[&Pathway]) -> bool {
        let network = self.region.network();
        let mut stages = pathways.iter().flat_map(|pathway| &pathway.stages);
        stages.all(|stage| stage.requirement.is_met_by(&network[hospital], network.catalog()))
    }
}

impl Offer<'_, '_> {
    fn with_effects(&self, reach: Reach, effects: Vec<PathwayEffect>) -> WayAnswer {
        let (kind, terms) = (self.with_terms, self.terms.clone());
        WayAnswer { kind, terms, reach, effects, why_none: None }
    }

    fn without_effect(&self, reach: Reach, why: NoEffect) -> WayAnswer {
        let (kind, terms) = (self.with_terms, self.terms.clone());
        WayAnswer { kind, terms, reach, effects: Vec::new(), why_none: Some(why) }
    }
}

/// Whether anybody's time changes under some protocol.
fn is_something(effects: &[Option<Effect>]) -> bool {
    effects.iter().flatten().any(|effect| !effect.is_nothing())
}

/// The terms that pathways take where an agreement has none, rising, each once.
fn defaults(kind: CandidateKind, field: &str, pathways: &[&Pathway]) -> Vec<Seconds> {
    let mut terms = Vec::new();
    for pathway in pathways {
        if kind == CandidateKind::Transfer {
            terms.push(pathway.transfer.door_in_door_out);
            continue;
        }
        for way in pathway.stages.iter().flat_map(|stage| &stage.ways) {
            if way.name() != kind.kind().name() || way.fields() != [field] {
                continue;
            }
            match way {
                StageProvision::OnSite => {}
                StageProvision::Telemedicine { consult, .. } => terms.push(*consult),
                StageProvision::VisitingTeam { call_out, .. } => terms.push(*call_out),
                StageProvision::CentralService { turnaround, .. } => terms.push(*turnaround),
            }
        }
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}
